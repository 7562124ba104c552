/* SPDX-License-Identifier: Apache-2.0 */
#include <config.h>

#include <unistd.h>

#include "cli/cli.h"
#include "cli_files.h"

/* Of one run, which begins with it and ends with it. */
static struct run {
	cli_said_t *said;
	const fuzz_input_t *input;
} current;

void
cli_files_begin(cli_said_t *said, const fuzz_input_t *input, bool starved)
{
	const market_allocator_t *own = fuzz_allocator();

	market__text_init(&said->out, own, SIZE_MAX / 2);
	market__text_init(&said->err, own, SIZE_MAX / 2);
	market__text_init(&said->wrote, own, SIZE_MAX / 2);
	current.said = said;
	current.input = input;
	if (starved)
		fuzz_fail(input);
}

bool
cli_files_end(void)
{
	current.said = NULL;
	return fuzz_recover();
}

void
cli_said_clear(cli_said_t *said)
{
	market__text_clear(&said->out);
	market__text_clear(&said->err);
	market__text_clear(&said->wrote);
}

/* ---- what the command asks the library and the system ---- */

const market_allocator_t fuzz_default_allocator = { fuzz_take, fuzz_give_back,
	NULL };

market_status_t
fuzz_context_new(
    const market_context_options_t *options, market_context_t **ret_context)
{
	(void)options;
	*ret_context = fuzz_context();
	return MARKET_OK;
}

void
fuzz_context_free(market_context_t *context)
{
	(void)context;
}

int
fuzz_clock_gettime(clockid_t id, struct timespec *now)
{
	(void)id;
	now->tv_sec = SCENE_NOW;
	now->tv_nsec = 0;
	return 0;
}

int
fuzz_isatty(int fd)
{
	(void)fd;
	return 0;
}

static void
fill(market_store_t *store)
{
	static const char good[] = "spnmgcf";
	market_slice_t envelopes[sizeof(good)];
	market_additions_t *additions = NULL;
	market_submissions_t *submissions = NULL;
	market_slice_t offer = scene_envelope('o');
	size_t i;

	for (i = 0; good[i] != '\0'; i++)
		envelopes[i] = scene_envelope(good[i]);
	FUZZ_ASSERT(market_store_add(store, envelopes, i, SCENE_NOW, 0,
			&additions, NULL) == MARKET_OK);
	FUZZ_ASSERT(market_store_submit(store, &offer, 1, SCENE_NOW,
			&submissions, NULL) == MARKET_OK);
	market_additions_free(additions);
	market_submissions_free(submissions);
}

/*
 * What it costs to make a store is paid once for as many verbs as leave it as
 * it was. It has a context of its own, whose memory is not counted.
 */
static struct prepared {
	market_context_t *context;
	market_store_t *store;
	market_store_mark_t mark;
	int64_t clock;
} prepared;

static void
forget(void)
{
	market_store_free(prepared.store);
	prepared.store = NULL;
	market_context_free(prepared.context);
	prepared.context = NULL;
}

static void
look_at(market_store_mark_t *mark, int64_t *clock)
{
	memset(mark, 0, sizeof(*mark));
	FUZZ_ASSERT(
	    market_store_get_mark(prepared.store, mark, NULL) == MARKET_OK);
	FUZZ_ASSERT(
	    market_store_clock(prepared.store, clock, NULL) == MARKET_OK);
}

static void
prepare(void)
{
	fuzz_at_end(forget);
	if (prepared.context == NULL)
		FUZZ_ASSERT(
		    market_context_new(NULL, &prepared.context) == MARKET_OK);
	FUZZ_ASSERT(market_store_create(prepared.context,
			"memory:", scene_envelope('R'), scene_envelope('P'),
			SCENE_NOW, NULL, &prepared.store, NULL) == MARKET_OK);
	fill(prepared.store);
	look_at(&prepared.mark, &prepared.clock);
}

market_status_t
fuzz_store_open(market_context_t *context, const char *location,
    const market_store_options_t *options, market_store_t **ret_store,
    market_error_t *reterr)
{
	(void)context;
	(void)options;
	if (strcmp(location, "none") == 0)
		return market__error(reterr, MARKET_E_NOT_FOUND, NULL, -1,
		    "there is no such store");
	if (prepared.store == NULL)
		prepare();
	*ret_store = prepared.store;
	return MARKET_OK;
}

void
fuzz_store_free(market_store_t *store)
{
	market_store_mark_t mark;
	int64_t clock;

	if (store == NULL || store != prepared.store) {
		market_store_free(store);
		return;
	}
	look_at(&mark, &clock);
	if (clock == prepared.clock &&
	    memcmp(&mark, &prepared.mark, sizeof(mark)) == 0)
		return;
	market_store_free(store);
	prepared.store = NULL;
}

market_status_t
fuzz_store_create(market_context_t *context, const char *location,
    market_slice_t root, market_slice_t policy, int64_t at,
    const market_store_options_t *options, market_store_t **ret_store,
    market_error_t *reterr)
{
	(void)location;
	return market_store_create(
	    context, "memory:", root, policy, at, options, ret_store, reterr);
}

/* ---- in place of cli/files.c ---- */

const char *const cli_missing = "none";
const char *const cli_broken = "broken";

/* The document is two of them: a line, and the lines behind it. */
static market_slice_t
part_of_document(bool head)
{
	fuzz_input_t copy = *current.input;
	market_slice_t line = fuzz_line(&copy);

	return head ? line : copy.rest;
}

market_slice_t
cli_content(const char *file)
{
	static const char *const keys[] = { "mi.com", "usmobile.com",
		"shop.example", "root" };
	static const char *const parts[SCENE_PARTS] = { "feed", "alone", "rows",
		"proof", "proven" };
	const size_t len = strlen(file);
	size_t i;

	for (i = 0; i < MARKET__COUNT(parts); i++)
		if (strcmp(file, parts[i]) == 0)
			return scene_feed((scene_part_t)i);
	if (strcmp(file, "head") == 0 || strcmp(file, "tail") == 0)
		return part_of_document(file[0] == 'h');
	if (len == 1 && scene_row(file[0]) != NULL)
		return scene_envelope(file[0]);
	for (i = 0; i < MARKET__COUNT(keys); i++)
		if (strncmp(file, keys[i], strlen(keys[i])) == 0 &&
		    strcmp(file + strlen(keys[i]), ".pem") == 0)
			return scene_pem(keys[i]);
	return current.input->rest;
}

int
market__cli_read(market__cli_t *cli, const char *file, market_buffer_t *ret)
{
	market_slice_t bytes;

	if (strcmp(file, "-") == 0 && cli->stdin_used)
		return market__cli_usage(
		    cli, "- is given twice: there is one stdin");
	if (strcmp(file, "-") == 0)
		cli->stdin_used = true;
	if (strcmp(file, cli_missing) == 0)
		return market__cli_say(CLI_IO, file, "cannot be opened");
	bytes = cli_content(file);
	ret->data = market__alloc(cli->allocator, bytes.len + 1);
	if (ret->data == NULL)
		return market__cli_error(file, MARKET_E_MEMORY, NULL);
	if (bytes.len > 0)
		memcpy(ret->data, bytes.ptr, bytes.len);
	ret->len = bytes.len;
	ret->allocator = cli->allocator;
	return CLI_DONE;
}

/* What is said must not be lost for the memory it takes here. */
void
cli_keep(market__text_t *text, market_slice_t data)
{
	const fuzz_lull_t lull = fuzz_lull();

	market__text_slice(text, data);
	fuzz_lull_end(lull);
}

void
cli_keep_file(market_slice_t data)
{
	cli_keep(&current.said->wrote, data);
}

bool
market__cli_write_all(int fd, market_slice_t data)
{
	FUZZ_ASSERT(fd == STDOUT_FILENO || fd == STDERR_FILENO);
	cli_keep(fd == STDOUT_FILENO ? &current.said->out : &current.said->err,
	    data);
	return true;
}

int
market__cli_print(market_slice_t data)
{
	(void)market__cli_write_all(STDOUT_FILENO, data);
	return CLI_DONE;
}

int
market__cli_print_text(market__text_t *text)
{
	int rv;

	if (text->status != MARKET_OK)
		rv = market__cli_error(NULL, text->status, NULL);
	else
		rv = market__cli_print(market__slice(text->data, text->len));
	market__text_clear(text);
	return rv;
}

int
market__cli_print_some(market__text_t *text)
{
	if (text->status == MARKET_OK && text->len < 1024)
		return CLI_DONE;
	return market__cli_print_text(text);
}

int
market__cli_write_file(
    const char *file, market_slice_t data, market__cli_create_t how)
{
	(void)how;
	if (strcmp(file, cli_missing) == 0)
		return market__cli_say(CLI_IO, file, "cannot be made");
	cli_keep_file(data);
	return CLI_DONE;
}
