/* SPDX-License-Identifier: Apache-2.0 */
/* root: the trust root on its own, and its way from revision to revision. */
#include "cli/cli.h"

/* TUF 1.0, 5.3.2: a bound on the steps that one walk takes. */
#define STEPS_MAX 256

/* One trust root on the command line. */
typedef struct revision {
	const char *file;
	market_buffer_t bytes;
	market_statement_t *statement;
	uint64_t number;
} revision_t;

typedef struct walk {
	market__cli_t *cli;
	revision_t *v;
	size_t n;
	market_root_t *root; /* as far as it was followed */
} walk_t;

static int
read_revision(market__cli_t *cli, revision_t *revision)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	int rv;

	rv = market__cli_read(cli, revision->file, &revision->bytes);
	if (rv != CLI_DONE)
		return rv;
	status = market_statement_parse(cli->context,
	    market_buffer_slice(&revision->bytes),
	    MARKET_KINDS(MARKET_KIND_TRUST_ROOT), &revision->statement, &error);
	if (status != MARKET_OK)
		return market__cli_error(revision->file, status, &error);
	revision->number = market_statement_revision(revision->statement);
	return CLI_DONE;
}

/* Files in any order: by revision, and as they were named. */
static void
sort(revision_t *v, size_t n)
{
	revision_t moved;
	size_t i, k;

	for (i = 1; i < n; i++) {
		moved = v[i];
		for (k = i; k > 0 && v[k - 1].number > moved.number; k--)
			v[k] = v[k - 1];
		v[k] = moved;
	}
}

/* The operands from `first` on, of which at most `max`. */
static int
read_all(walk_t *walk, size_t first, size_t max)
{
	market__cli_t *cli = walk->cli;
	size_t n = cli->n_operands - first;
	int rv = CLI_DONE;

	if (n > max)
		return market__cli_usage(
		    cli, "at most %d steps at once", STEPS_MAX);
	walk->v = market__alloc_array(cli->allocator, n, sizeof(*walk->v));
	if (walk->v == NULL)
		return market__cli_error(NULL, MARKET_E_MEMORY, NULL);
	for (; walk->n < n && rv == CLI_DONE; walk->n++) {
		walk->v[walk->n].file = cli->operands[first + walk->n];
		rv = read_revision(cli, &walk->v[walk->n]);
	}
	if (rv == CLI_DONE)
		sort(walk->v, walk->n);
	return rv;
}

static void
clear(walk_t *walk)
{
	size_t i;

	for (i = 0; i < walk->n; i++) {
		market_statement_free(walk->v[i].statement);
		market_buffer_clear(&walk->v[i].bytes);
	}
	market__free(walk->cli->allocator, walk->v);
	market_root_free(walk->root);
}

/* ---- telling ---- */

/* RESULT is "PINNED", "FOLLOWS", "REFUSED" or "EXPIRED". */
static int
tell(const walk_t *walk, const revision_t *revision, const char *result,
    const market_error_t *error)
{
	const market__cli_t *cli = walk->cli;
	/* analyse(scan): there is one revision at least, and each is read. */
	market_slice_t digest = market_statement_digest(revision->statement);
	bool good = error->status == MARKET_OK;
	market__text_t out;

	market__text_init(&out, cli->allocator, MARKET__CLI_FILE_MAX);
	if (cli->json) {
		market__text_puts(&out, "{\"file\":");
		market__cli_json_name(&out, revision->file);
		market__text_printf(&out, ",\"revision\":%llu,\"digest\":\"",
		    (unsigned long long)revision->number);
		market__text_hex(&out, digest);
		market__text_printf(
		    &out, "\",\"result\":\"%s\",\"message\":", result);
		if (good)
			market__text_puts(&out, "null");
		else
			market__text_json(
			    &out, market_slice_of(error->message));
		market__text_puts(&out, "}\n");
		return market__cli_print_text(&out);
	}
	market__cli_word(cli, &out, result, 9);
	market__cli_name(&out, revision->file);
	market__text_printf(
	    &out, ": revision %llu, ", (unsigned long long)revision->number);
	market__text_hex(&out, digest);
	if (!good) {
		market__text_puts(&out, ": ");
		market__cli_name(&out, error->message);
	}
	market__text_putc(&out, '\n');
	return market__cli_print_text(&out);
}

/* ---- verify ---- */

/* The first one is believed for its digest, or for being handed in. */
static market_status_t
pin(walk_t *walk, const revision_t *first, const uint8_t *digest,
    market_error_t *reterr)
{
	/* analyse(scan): there is one revision at least, and each is read. */
	market_slice_t own = market_statement_digest(first->statement);

	if (digest != NULL && memcmp(own.ptr, digest, MARKET_DIGEST_LEN) != 0)
		return market__error(reterr, MARKET_E_ROOT, NULL, -1,
		    "its digest is not the pinned one: it is another root, or "
		    "not the first");
	return market_root_parse(walk->cli->context,
	    market_buffer_slice(&first->bytes), &walk->root, reterr);
}

static market_status_t
step(walk_t *walk, const revision_t *next, market_error_t *reterr)
{
	market_root_t *root = NULL;
	market_status_t status;

	status = market_root_step(
	    walk->root, market_buffer_slice(&next->bytes), &root, reterr);
	if (status == MARKET_OK) {
		market_root_free(walk->root);
		walk->root = root;
	}
	return status;
}

/* Bad bytes are bad input; a root that does not follow is denied. */
static int
exit_of(market_status_t status)
{
	return status == MARKET_OK    ? CLI_DONE
	    : status == MARKET_E_ROOT ? CLI_DENIED
				      : market__cli_exit(status);
}

/* The last one must be in its time; TUF 1.0, 5.3.10. */
static market_status_t
check_time(const walk_t *walk, int64_t at, market_error_t *reterr)
{
	const market_statement_t *last = market_root_statement(walk->root);
	int64_t begin = 0, end = 0;

	if (market_statement_get_int(last, "header.not_before", &begin) !=
		MARKET_OK ||
	    market_statement_get_int(last, "header.not_after", &end) !=
		MARKET_OK)
		return market__error(reterr, MARKET_E_INTERNAL, NULL, -1,
		    "the trust root's window cannot be read");
	if (at < begin || (end != 0 && at >= end))
		return market__error(reterr, MARKET_E_ROOT, NULL, -1,
		    at < begin ? "it has not begun yet: nothing is published "
				 "under it until then"
			       : "it has ended: the marketplace signs the next "
				 "revision");
	return MARKET_OK;
}

static int
verify(walk_t *walk, const uint8_t *digest, int64_t at)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	size_t i;
	int rv;

	for (i = 0; i < walk->n; i++) {
		status = i == 0 ? pin(walk, &walk->v[0], digest, &error)
				: step(walk, &walk->v[i], &error);
		rv = tell(walk, &walk->v[i],
		    status != MARKET_OK ? "REFUSED"
			: i == 0        ? "PINNED"
					: "FOLLOWS",
		    &error);
		if (rv != CLI_DONE || status != MARKET_OK)
			return rv != CLI_DONE ? rv : exit_of(status);
	}
	status = check_time(walk, at, &error);
	if (status == MARKET_OK)
		return CLI_DONE;
	rv = tell(walk, &walk->v[walk->n - 1], "EXPIRED", &error);
	return rv != CLI_DONE ? rv : CLI_INDETERMINATE;
}

static int
run_verify(market__cli_t *cli)
{
	const char *text = market__cli_value(cli, "--pin", 0);
	walk_t walk = { .cli = cli };
	uint8_t digest[MARKET_DIGEST_LEN];
	int64_t at = 0;
	int rv;

	rv = market__cli_operands(
	    cli, 2, SIZE_MAX, "the FILE of each revision");
	if (rv == CLI_DONE && text != NULL)
		rv = market__cli_digest(cli, "--pin", text, digest);
	if (rv == CLI_DONE)
		rv = market__cli_at(cli, &at);
	/* The first one is no step. */
	if (rv == CLI_DONE)
		rv = read_all(&walk, 1, STEPS_MAX + 1);
	if (rv == CLI_DONE)
		rv = verify(&walk, text == NULL ? NULL : digest, at);
	clear(&walk);
	return rv;
}

/* ---- show and step ---- */

/* As `show`, by its own keys: it must hold together. */
static int
run_show(market__cli_t *cli)
{
	market_error_t error = MARKET_ERROR_INIT;
	walk_t walk = { .cli = cli };
	int rv;

	rv = market__cli_operands(cli, 2, 2, "one FILE");
	if (rv == CLI_DONE)
		rv = read_all(&walk, 1, 1);
	if (rv == CLI_DONE && pin(&walk, &walk.v[0], NULL, &error) != MARKET_OK)
		rv = market__cli_error(walk.v[0].file, error.status, &error);
	if (rv == CLI_DONE)
		rv = market__cli_show_statement(
		    cli, walk.v[0].file, walk.root, walk.v[0].statement);
	clear(&walk);
	return rv;
}

/* As `add`, of trust roots alone: each step is durable before the next. */
static int
run_step(market__cli_t *cli)
{
	walk_t walk = { .cli = cli };
	size_t i;
	int rv;

	rv = market__cli_operands(
	    cli, 3, SIZE_MAX, "a STORE and the FILE of each step");
	if (rv == CLI_DONE)
		rv = read_all(&walk, 2, STEPS_MAX);
	for (i = 0; rv == CLI_DONE && i < walk.n; i++)
		cli->operands[2 + i] = walk.v[i].file;
	clear(&walk);
	if (rv != CLI_DONE)
		return rv;
	cli->operands++;
	cli->n_operands--;
	rv = market__cli_add(cli);
	cli->operands--;
	cli->n_operands++;
	return rv;
}

int
market__cli_root(market__cli_t *cli)
{
	static const struct {
		const char *name;
		int (*run)(market__cli_t *cli);
	} parts[] = { { "show", run_show }, { "verify", run_verify },
		{ "step", run_step } };
	size_t i;

	for (i = 0; cli->n_operands > 0 && i < MARKET__COUNT(parts); i++)
		if (strcmp(cli->operands[0], parts[i].name) == 0)
			return parts[i].run(cli);
	return market__cli_usage(
	    cli, "say what to do with it: show, verify or step");
}
