/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The library's word on small worlds, for run.py, which has it computed apart.
 *
 *	worlds FILE world    what there is, as JSON: root, policy, base, pool,
 *			     offers and questions; a statement is {name, kind,
 *			     digest, keyids, json}
 *	worlds FILE judge    for each line of numbers of the pool, one letter
 *			     (P, D, I) for each cell of each question
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

#define NAMES_MAX 64
#define NAME_LEN  64

typedef struct names {
	size_t n;
	char name[NAMES_MAX][NAME_LEN];
} names_t;

typedef struct small {
	world_t *world;
	names_t base, offers, pool;
	/* The offers that are asked about, and at which instants. */
	names_t asked, instants;
} small_t;

static void
must(bool good, const char *what, const char *why)
{
	if (good)
		return;
	fprintf(stderr, "worlds: %s: %s\n", what, why);
	exit(EXIT_FAILURE);
}

/* ---- reading small.txt ---- */

static void
remember(names_t *names, const char *name, size_t len)
{
	must(names->n < NAMES_MAX && len < NAME_LEN, name, "too much");
	snprintf(names->name[names->n++], NAME_LEN, "%.*s", (int)len, name);
}

static names_t *
section(small_t *small, const char *name)
{
	if (strncmp(name, "[base]", 6) == 0)
		return &small->base;
	if (strncmp(name, "[offers]", 8) == 0)
		return &small->offers;
	if (strncmp(name, "[pool]", 6) == 0)
		return &small->pool;
	if (strncmp(name, "[questions]", 11) == 0)
		return &small->asked;
	must(strncmp(name, "[ground]", 8) == 0, name, "no section");
	return NULL;
}

/* Edits of the ground make nothing that may be left out. */
static void
take(small_t *small, names_t *names, const char *entry)
{
	size_t len = strcspn(entry, " ");

	if (names == &small->asked) {
		remember(&small->asked, entry, len);
		entry += len + 1;
		remember(&small->instants, entry, strlen(entry));
		return;
	}
	world_edit(small->world, entry);
	if (names != NULL && entry[0] == '+')
		remember(names, entry + 1, len - 1);
}

/* The end of the entry: the next line that does not begin with a tab. */
static char *
entry_end(char *entry)
{
	char *end = strchr(entry, '\n');

	while (end != NULL && end[1] == '\t')
		end = strchr(end + 1, '\n');
	must(end != NULL, entry, "has no end");
	return end;
}

static void
read_all(small_t *small, char *text)
{
	names_t *names = NULL;
	char *end;

	for (; *text != '\0'; text = end + 1) {
		end = entry_end(text);
		*end = '\0';
		if (*text == '[')
			names = section(small, text);
		else if (*text != '#' && *text != '\0')
			take(small, names, text);
	}
}

static void
make(small_t *small, const char *path)
{
	size_t len;
	char *text = harness_read(path, &len);

	memset(small, 0, sizeof(*small));
	small->world = world_new();
	read_all(small, text);
	free(text);
}

/* ---- what there is ---- */

static void
print_hex(market_slice_t bytes)
{
	size_t i;

	for (i = 0; i < bytes.len; i++)
		printf("%02x", bytes.ptr[i]);
}

static void
print_statement(world_t *world, const char *name)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_buffer_t json = MARKET_BUFFER_INIT;
	market_statement_t *statement = NULL;
	market_slice_t keyid, signature;
	size_t i;

	must(market_statement_parse(world_context(world),
		 world_envelope(world, name), MARKET_KINDS_ALL, &statement,
		 &error) == MARKET_OK,
	    name, error.message);
	must(market_statement_json(statement, 0, &json) == MARKET_OK, name,
	    "no JSON");
	printf("{\"name\": \"%s\", \"kind\": \"%s\", \"digest\": \"", name,
	    market_kind_name(market_statement_kind(statement)));
	print_hex(market_statement_digest(statement));
	printf("\", \"keyids\": [");
	for (i = 0; market_statement_signature(
			statement, i, &keyid, &signature) == MARKET_OK;
	     i++)
		printf("%s\"%.*s\"", i == 0 ? "" : ", ", (int)keyid.len,
		    (const char *)keyid.ptr);
	printf("], \"json\": %s}", (const char *)json.data);
	market_buffer_clear(&json);
	market_statement_free(statement);
}

static void
print_list(world_t *world, const char *label, const names_t *names)
{
	size_t i;

	printf(", \"%s\": [", label);
	for (i = 0; i < names->n; i++) {
		printf("%s", i == 0 ? "" : ",\n");
		print_statement(world, names->name[i]);
	}
	printf("]");
}

static void
print_world(const small_t *small)
{
	size_t i;

	printf("{\"root\": ");
	print_statement(small->world, "root");
	printf(", \"policy\": ");
	print_statement(small->world, "policy");
	print_list(small->world, "base", &small->base);
	print_list(small->world, "pool", &small->pool);
	print_list(small->world, "offers", &small->offers);
	printf(", \"questions\": [");
	for (i = 0; i < small->asked.n; i++)
		printf("%s{\"offer\": \"%s\", \"at\": \"%s\"}",
		    i == 0 ? "" : ", ", small->asked.name[i],
		    small->instants.name[i]);
	printf("]}\n");
}

/* ---- judging ---- */

static char
letter(market_verdict_t verdict)
{
	switch (verdict) {
	case MARKET_VERDICT_PERMIT: return 'P';
	case MARKET_VERDICT_DENY: return 'D';
	case MARKET_VERDICT_INDETERMINATE: return 'I';
	case MARKET_VERDICT_UNSPECIFIED: break;
	}
	return '?';
}

static void
add(world_t *world, market_evidence_t *evidence, const char *name)
{
	market_error_t error = MARKET_ERROR_INIT;

	must(market_evidence_add(evidence, world_envelope(world, name), name,
		 &error) == MARKET_OK,
	    name, error.message);
}

/* The base, and the statements of the pool whose numbers the line has. */
static market_evidence_t *
evidence_of(const small_t *small, const char *line)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_evidence_t *evidence = NULL;
	unsigned long number;
	char *end;
	size_t i;

	must(market_evidence_new(world_context(small->world),
		 world_envelope(small->world, "root"),
		 world_envelope(small->world, "policy"), &evidence,
		 &error) == MARKET_OK,
	    error.path, error.message);
	for (i = 0; i < small->base.n; i++)
		add(small->world, evidence, small->base.name[i]);
	for (;; line = end) {
		number = strtoul(line, &end, 10);
		if (end == line)
			break;
		must(number < small->pool.n, line, "no number of the pool");
		add(small->world, evidence, small->pool.name[number]);
	}
	must(line[strspn(line, " \n")] == '\0', line, "no number");
	return evidence;
}

static void
ask(const small_t *small, market_evidence_t *evidence, size_t question)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	const market_cell_t *cell;
	market_status_t status;
	size_t i;

	status = market_check(evidence,
	    world_envelope(small->world, small->asked.name[question]),
	    world_time(small->instants.name[question]), &decision, &error);
	must(decision != NULL, market_status_name(status), error.message);
	for (i = 0; (cell = market_decision_cell(decision, i)) != NULL; i++)
		putchar(letter(cell->verdict));
	market_decision_free(decision);
}

static void
judge(const small_t *small)
{
	market_evidence_t *evidence;
	char line[1024];
	size_t i;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		evidence = evidence_of(small, line);
		for (i = 0; i < small->asked.n; i++)
			ask(small, evidence, i);
		putchar('\n');
		market_evidence_free(evidence);
	}
}

/* ---- the program: world.h wants to be called from a test ---- */

static char **arguments;

START_TEST(worlds_tells)
{
	static small_t small;

	make(&small, arguments[1]);
	if (strcmp(arguments[2], "world") == 0)
		print_world(&small);
	else
		judge(&small);
	world_free(small.world);
}
END_TEST

/* Did it come to its end? Says on stderr why not. */
static bool
ran(SRunner *runner)
{
	TestResult **failures;

	srunner_set_fork_status(runner, CK_NOFORK);
	/* Standard output is for the answers. */
	srunner_set_tap(runner, "/dev/null");
	srunner_run_all(runner, CK_SILENT);
	if (srunner_ntests_failed(runner) == 0)
		return true;
	failures = srunner_failures(runner);
	fprintf(stderr, "worlds: %s\n", tr_msg(failures[0]));
	free(failures);
	return false;
}

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("worlds");
	TCase *tcase = tcase_create("worlds");
	SRunner *runner;
	bool good;

	must(argc == 3, "usage", "worlds FILE world|judge");
	arguments = argv;
	tcase_add_test(tcase, worlds_tells);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	good = ran(runner);
	srunner_free(runner);
	must(fflush(stdout) == 0, "stdout", strerror(errno));
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
