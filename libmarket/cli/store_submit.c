/* SPDX-License-Identifier: Apache-2.0 */
/* submit: offers into the store, which makes them listings. */
#include "cli/store.h"

/* Offers of one transaction; smaller where somebody watches it go on. */
#define BATCH_MAX     1000
#define BATCH_WATCHED 250
#define BATCH_BYTES   ((size_t)8 * 1024 * 1024)

/* One run of `submit`. */
typedef struct submitting {
	market__cli_run_t run;
	market__cli_batch_t batch;
	market__cli_progress_t progress;
	size_t n_judged;
	size_t n_told;
	int verdict; /* of those judged so far; CLI_DIFFER where they differ */
	int failure; /* the gravest, or CLI_DONE */
} submitting_t;

/* ---- what could not be judged ---- */

/* {"file", "result": "REFUSED", "error": {...}}; else it is on stderr. */
static void
add_error(market__text_t *out, const char *file, market_status_t status,
    const market_error_t *error)
{
	market__text_puts(out, "{\"file\":");
	market__cli_json_name(out, file);
	market__cli_json_text(
	    out, "result", market_result_name(MARKET_RESULT_REFUSED));
	market__text_puts(out, ",\"error\":{");
	market__cli_json_text(out, "status", market_status_name(status));
	market__cli_json_text(
	    out, "path", error->path[0] == '\0' ? NULL : error->path);
	if (error->offset < 0)
		market__cli_json_text(out, "offset", NULL);
	else
		market__cli_json_number(out, "offset", (uint64_t)error->offset);
	market__cli_json_text(out, "message",
	    error->message[0] == '\0' ? market_status_text(status)
				      : error->message);
	market__text_puts(out, "}}\n");
}

/* The store tells that it does not parse; parsing tells the place. */
static int
tell_refused(const market__cli_t *cli, market__text_t *out,
    const market__cli_file_t *file, const market_submitted_t *submitted)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_statement_t *statement = NULL;
	market_status_t status = submitted->status;

	if (market_statement_parse(cli->context,
		market_buffer_slice(&file->bytes),
		MARKET_KINDS(MARKET_KIND_OFFER), &statement,
		&error) == MARKET_OK &&
	    submitted->message != NULL)
		(void)market__error(
		    &error, status, NULL, -1, "%s", submitted->message);
	market_statement_free(statement);
	if (cli->json)
		add_error(out, file->name, status, &error);
	return market__cli_no_statement(
	    cli, file->name, market_buffer_slice(&file->bytes), status, &error);
}

/* ---- what was judged ---- */

static int
add_json(market__text_t *out, const market_submitted_t *submitted)
{
	market_buffer_t json = MARKET_BUFFER_INIT;
	market_status_t status;

	status = market_decision_json(submitted->decision, &json);
	if (status != MARKET_OK)
		return market__cli_error(NULL, status, NULL);
	market__text_putc(out, '{');
	market__cli_json_text(out, "listing", submitted->listing);
	market__cli_json_text(
	    out, "result", market_result_name(submitted->result));
	if (submitted->entry == 0)
		market__cli_json_text(out, "entry", NULL);
	else
		market__cli_json_number(out, "entry", submitted->entry);
	market__cli_json_text(out, "message", submitted->message);
	market__text_putc(out, ',');
	market__text_add(out, json.data + 1, json.len - 1);
	market_buffer_clear(&json);
	return CLI_DONE;
}

/* A line, and beneath it the report where there is something to mend. */
static int
add_text(const market__cli_t *cli, market__text_t *out, bool first,
    const market_submitted_t *submitted)
{
	market_verdict_t verdict = market_decision_verdict(submitted->decision);
	market_buffer_t report = MARKET_BUFFER_INIT;
	market_status_t status = MARKET_OK;

	market__cli_word(cli, out, market_result_name(submitted->result), 10);
	market__cli_name(out, submitted->listing);
	market__text_puts(out, ": ");
	market__cli_word(cli, out, market_verdict_name(verdict), 0);
	if (submitted->message != NULL &&
	    market__cli_result_exit(submitted->result) != CLI_DONE) {
		market__text_puts(out, ": ");
		market__cli_name(out, submitted->message);
	}
	market__text_putc(out, '\n');
	if (verdict == MARKET_VERDICT_PERMIT && !first)
		return CLI_DONE;
	status = market_decision_text(submitted->decision, 80, &report);
	if (status != MARKET_OK)
		return market__cli_error(NULL, status, NULL);
	market__cli_add_report(cli, out, market_buffer_slice(&report));
	market__text_putc(out, '\n');
	market_buffer_clear(&report);
	return CLI_DONE;
}

static void
count(submitting_t *submitting, const market_submitted_t *submitted)
{
	int verdict = market__cli_exit(submitted->status);

	/* Not taken in, and not for its verdict: stale, or a fork. */
	if (verdict == CLI_DONE)
		verdict = market__cli_result_exit(submitted->result);
	if (verdict > CLI_DIFFER) {
		if (verdict > submitting->failure)
			submitting->failure = verdict;
		return;
	}
	if (submitting->n_judged == 0)
		submitting->verdict = verdict;
	else if (submitting->verdict != verdict)
		submitting->verdict = CLI_DIFFER;
	submitting->n_judged++;
}

/* ---- batches ---- */

static int
tell_file(const market__cli_t *cli, submitting_t *submitting,
    market__text_t *out, const market__cli_file_t *file,
    const market_submitted_t *submitted)
{
	const market_error_t none = MARKET_ERROR_INIT;
	bool only = cli->n_operands == 2;
	int rv = CLI_DONE;

	submitting->progress.done++;
	if (submitted == NULL || market__cli_result_exit(submitted->result))
		submitting->progress.refused++;
	if (submitted == NULL) {
		rv = file->failure;
		if (cli->json)
			add_error(out, file->name,
			    rv == CLI_IO ? MARKET_E_IO : MARKET_E_LIMIT, &none);
	} else if (submitted->decision == NULL) {
		rv = tell_refused(cli, out, file, submitted);
	}
	if (submitted == NULL || submitted->decision == NULL) {
		if (rv > submitting->failure)
			submitting->failure = rv;
		return CLI_DONE;
	}
	count(submitting, submitted);
	if (cli->json)
		return add_json(out, submitted);
	return add_text(cli, out, only, submitted);
}

static int
tell_batch(const market__cli_t *cli, submitting_t *submitting,
    const market_submissions_t *submissions)
{
	const market_submitted_t *submitted;
	const market__cli_file_t *file;
	int rv = CLI_DONE;
	size_t i, k = 0;
	market__text_t out;

	market__text_init(&out, cli->allocator, SIZE_MAX / 2);
	for (i = 0; i < submitting->batch.n && rv == CLI_DONE; i++) {
		file = &submitting->batch.files[i];
		submitted = NULL;
		if (file->failure == CLI_DONE)
			submitted = market_submissions_at(submissions, k++);
		rv = tell_file(cli, submitting, &out, file, submitted);
		if (rv == CLI_DONE)
			rv = market__cli_print_some(&out);
	}
	if (rv == CLI_DONE)
		rv = market__cli_print_text(&out);
	market__text_clear(&out);
	return rv;
}

static int
submit_batch(const market__cli_t *cli, submitting_t *submitting)
{
	const market__cli_batch_t *batch = &submitting->batch;
	market_submissions_t *submissions = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status = MARKET_OK;
	int rv;

	if (batch->n_slices > 0)
		status = market_store_submit(submitting->run.store,
		    batch->slices, batch->n_slices, submitting->run.at,
		    &submissions, &error);
	market__cli_progress_hide(&submitting->progress);
	if (status != MARKET_OK)
		rv = market__cli_store_error(&submitting->run, status, &error);
	else
		rv = tell_batch(cli, submitting, submissions);
	market_submissions_free(submissions);
	return rv;
}

static int
submit_all(market__cli_t *cli, submitting_t *submitting)
{
	market__cli_progress_t *progress = &submitting->progress;
	size_t at = 1;
	int rv;

	market__cli_progress_begin(
	    progress, "submit", "refused", cli->n_operands - 1);
	rv = market__cli_batch_init(cli, &submitting->batch,
	    progress->terminal ? BATCH_WATCHED : BATCH_MAX, BATCH_BYTES);
	if (rv != CLI_DONE)
		return rv;
	while (rv == CLI_DONE &&
	    market__cli_batch_next(cli, &submitting->batch, cli->operands,
		cli->n_operands, &at, progress))
		rv = submit_batch(cli, submitting);
	market__cli_progress_end(progress);
	market__cli_batch_clear(&submitting->batch);
	if (rv < submitting->failure)
		rv = submitting->failure;
	return rv == CLI_DONE ? submitting->verdict : rv;
}

int
market__cli_submit(market__cli_t *cli)
{
	submitting_t submitting = { 0 };
	int rv;

	rv = market__cli_open(cli, 2, SIZE_MAX,
	    "a STORE and at least one OFFER", &submitting.run);
	if (rv == CLI_DONE)
		rv = submit_all(cli, &submitting);
	market__cli_close(&submitting.run);
	return rv;
}
