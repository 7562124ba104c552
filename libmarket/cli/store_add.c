/* SPDX-License-Identifier: Apache-2.0 */
/* add: statements into the store. */
#include "cli/store.h"

/* Handed over together, so that their order does not matter. */
#define GROUP_MAX   1000
#define GROUP_BYTES ((size_t)64 * 1024 * 1024)

int
market__cli_result_exit(market_result_t result)
{
	return result == MARKET_RESULT_ACCEPTED ||
		result == MARKET_RESULT_DUPLICATE
	    ? CLI_DONE
	    : CLI_DATA;
}

/* ---- one statement ---- */

/* What there is to say against it. */
typedef struct why {
	const market_code_info_t *info; /* NULL: nothing */
	const char *message;
	const char *path;
	market_slice_t digest;
	market_error_t error; /* where it does not parse */
} why_t;

/* The store tells that it does not parse; parsing tells the place. */
static void
find_why(const market__cli_t *cli, market_slice_t envelope,
    const market_added_t *added, why_t *why)
{
	const market_error_t none = MARKET_ERROR_INIT;
	market_statement_t *statement = NULL;
	market_code_t code = added->code;

	memset(why, 0, sizeof(*why));
	why->error = none;
	why->message = added->message;
	if (added->statement != NULL) {
		why->digest = market_statement_digest(added->statement);
	} else {
		if (market_statement_parse(cli->context, envelope,
			MARKET_KINDS_ALL, &statement,
			&why->error) != MARKET_OK) {
			why->path = why->error.path[0] == '\0'
			    ? NULL
			    : why->error.path;
			why->message = why->error.message;
		}
		market_statement_free(statement);
		if (code == MARKET_CODE_NONE)
			code = MARKET_CODE_STATEMENT_MALFORMED;
	}
	why->info = market_code_info(code);
	if (why->message == NULL && why->info != NULL)
		why->message = why->info->meaning;
}

static void
add_finding(market__text_t *out, const why_t *why)
{
	const market_code_info_t *info = why->info;

	market__text_putc(out, '{');
	market__cli_json_text(out, "code", info->name);
	market__cli_json_number(out, "number", (uint64_t)info->code);
	market__cli_json_text(out, "effect", market_effect_name(info->effect));
	market__cli_json_text(out, "path", why->path);
	market__cli_json_text(out, "link", NULL);
	market__cli_json_text(out, "actor", market_actor_name(info->actor));
	market__cli_json_text(out, "remedy", info->remedy);
	market__cli_json_text(out, "message", why->message);
	market__cli_json_hex(out, "evidence", why->digest);
	market__cli_json_text(out, "got", NULL);
	market__cli_json_text(out, "want", NULL);
	market__text_putc(out, '}');
}

static void
add_names(market__text_t *out, const market_statement_t *statement)
{
	static const char *const names[] = { "kind", "issuer", "id", "revision",
		"digest" };
	size_t i;

	if (statement == NULL) {
		for (i = 0; i < MARKET__COUNT(names); i++)
			market__cli_json_text(out, names[i], NULL);
		return;
	}
	market__cli_json_text(
	    out, "kind", market_kind_name(market_statement_kind(statement)));
	market__cli_json_slice(
	    out, "issuer", market_statement_issuer(statement));
	market__cli_json_slice(out, "id", market_statement_id(statement));
	market__cli_json_number(
	    out, "revision", market_statement_revision(statement));
	market__cli_json_hex(out, "digest", market_statement_digest(statement));
}

static void
add_json(market__text_t *out, const char *file, const market_added_t *added,
    const why_t *why)
{
	market__text_puts(out, "{\"file\":");
	if (file == NULL)
		market__text_puts(out, "null");
	else
		market__cli_json_name(out, file);
	add_names(out, added->statement);
	market__cli_json_text(out, "result", market_result_name(added->result));
	market__text_puts(out, ",\"findings\":[");
	if (why->info != NULL)
		add_finding(out, why);
	market__text_putc(out, ']');
	market__cli_json_number(out, "cells_changed", added->cells_changed);
	market__text_puts(out, "}\n");
}

/* "ACCEPTED  FILE: KIND ISSUER/ID, revision 2, 3 cells changed: CODE: why" */
static void
add_line(const market__cli_t *cli, market__text_t *out, const char *file,
    const market_added_t *added, const why_t *why)
{
	const market_statement_t *statement = added->statement;

	market__cli_word(cli, out, market_result_name(added->result), 10);
	if (file != NULL) {
		market__cli_name(out, file);
		market__text_putc(out, ':');
	}
	if (statement != NULL) {
		market__text_printf(out, "%s%s ", file == NULL ? "" : " ",
		    market_kind_name(market_statement_kind(statement)));
		market__cli_plain(out, market_statement_issuer(statement));
		market__text_putc(out, '/');
		market__cli_plain(out, market_statement_id(statement));
		market__text_printf(out, ", revision %llu",
		    (unsigned long long)market_statement_revision(statement));
		if (added->cells_changed > 0)
			market__text_printf(out, ", %llu cell%s changed",
			    (unsigned long long)added->cells_changed,
			    added->cells_changed == 1 ? "" : "s");
	}
	if (why->info != NULL) {
		market__text_printf(out,
		    "%s %s: ", statement == NULL ? "" : ":", why->info->name);
		if (why->path != NULL)
			market__text_printf(out, "%s: ", why->path);
		market__cli_name(out, why->message);
	}
	market__text_putc(out, '\n');
}

void
market__cli_tell_added(const market__cli_t *cli, market__text_t *out,
    const char *file, market_slice_t envelope, const market_added_t *added)
{
	why_t why;

	find_why(cli, envelope, added, &why);
	if (cli->json)
		add_json(out, file, added, &why);
	else
		add_line(cli, out, file, added, &why);
}

/* ---- many ---- */

/* A file that was not read: why, stands on stderr. */
static void
tell_unread(const market__cli_t *cli, market__text_t *out, const char *file)
{
	const market_added_t nothing = { .result = MARKET_RESULT_REFUSED };
	const why_t why = { 0 };

	if (cli->json)
		add_json(out, file, &nothing, &why);
}

/* In the order of the operands. *failure is the gravest exit status. */
static int
tell_batch(const market__cli_t *cli, const market__cli_batch_t *batch,
    const market_additions_t *additions, market__cli_progress_t *progress,
    int *failure)
{
	const market__cli_file_t *file;
	const market_added_t *added;
	int rv = CLI_DONE, result;
	size_t i, k = 0;
	market__text_t out;

	market__text_init(&out, cli->allocator, SIZE_MAX / 2);
	for (i = 0; i < batch->n && rv == CLI_DONE; i++) {
		file = &batch->files[i];
		result = file->failure;
		if (result != CLI_DONE) {
			tell_unread(cli, &out, file->name);
		} else {
			added = market_additions_at(additions, k++);
			market__cli_tell_added(cli, &out, file->name,
			    market_buffer_slice(&file->bytes), added);
			result = market__cli_result_exit(added->result);
		}
		progress->done++;
		if (result != CLI_DONE)
			progress->refused++;
		if (result > *failure)
			*failure = result;
		rv = market__cli_print_some(&out);
	}
	if (rv == CLI_DONE)
		rv = market__cli_print_text(&out);
	market__text_clear(&out);
	return rv;
}

static int
add_batch(const market__cli_t *cli, const market__cli_run_t *run,
    const market__cli_batch_t *batch, market__cli_progress_t *progress,
    int *failure)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_additions_t *additions = NULL;
	market_status_t status = MARKET_OK;
	int rv;

	if (batch->n_slices > 0)
		status = market_store_add(run->store, batch->slices,
		    batch->n_slices, run->at, 0, &additions, &error);
	market__cli_progress_hide(progress);
	if (status != MARKET_OK)
		rv = market__cli_store_error(run, status, &error);
	else
		rv = tell_batch(cli, batch, additions, progress, failure);
	market_additions_free(additions);
	return rv;
}

int
market__cli_add(market__cli_t *cli)
{
	market__cli_batch_t batch = { 0 };
	market__cli_progress_t progress;
	market__cli_run_t run;
	int rv, failure = CLI_DONE;
	size_t at = 1;

	rv = market__cli_open(
	    cli, 2, SIZE_MAX, "a STORE and at least one FILE", &run);
	if (rv == CLI_DONE)
		rv = market__cli_batch_init(
		    cli, &batch, GROUP_MAX, GROUP_BYTES);
	if (rv == CLI_DONE) {
		market__cli_progress_begin(
		    &progress, "add", "refused", cli->n_operands - 1);
		while (rv == CLI_DONE &&
		    market__cli_batch_next(cli, &batch, cli->operands,
			cli->n_operands, &at, &progress))
			rv = add_batch(cli, &run, &batch, &progress, &failure);
		market__cli_progress_end(&progress);
		market__cli_batch_clear(&batch);
	}
	market__cli_close(&run);
	return rv > failure ? rv : failure;
}
