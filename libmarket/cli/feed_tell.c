/* SPDX-License-Identifier: Apache-2.0 */
/* What is told of a feed's rows: to a file of results, or on stdout. */
#include "cli/feed.h"

static const char *
result_of(const market_feed_row_t *row)
{
	if (row->error != NULL)
		return "REFUSED";
	/* With nothing to tell but what the store made of it. */
	if (row->decision == NULL)
		return market_verdict_name(MARKET_VERDICT_PERMIT);
	return market_verdict_name(market_decision_verdict(row->decision));
}

static int
add_row_json(market__text_t *out, const market_feed_row_t *row)
{
	market_buffer_t json = MARKET_BUFFER_INIT;
	market_status_t status;

	market__text_printf(
	    out, "{\"row\":%llu", (unsigned long long)row->index);
	market__cli_json_number(out, "rows", row->count);
	market__cli_json_some(out, "offer_id", row->offer_id);
	market__cli_json_text(out, "result", result_of(row));
	if (row->result != 0) {
		market__cli_json_text(
		    out, "taken", market_result_name(row->result));
		market__cli_json_text(out, "message", row->message);
	}
	market__cli_json_key(out, "error");
	if (row->error == NULL) {
		market__text_puts(out, "null");
	} else {
		market__text_putc(out, '{');
		market__cli_json_text(
		    out, "status", market_status_name(row->status));
		market__cli_json_text(out, "path",
		    row->error->path[0] == '\0' ? NULL : row->error->path);
		if (row->error->offset < 0)
			market__cli_json_text(out, "offset", NULL);
		else
			market__cli_json_number(
			    out, "offset", (uint64_t)row->error->offset);
		market__cli_json_text(out, "message", row->error->message);
		market__text_putc(out, '}');
	}
	market__cli_json_key(out, "decision");
	if (row->decision == NULL) {
		market__text_puts(out, "null}\n");
		return CLI_DONE;
	}
	status = market_decision_json(row->decision, &json);
	if (status != MARKET_OK)
		return market__cli_error(NULL, status, NULL);
	market__text_slice(out, market_buffer_slice(&json));
	/* A report ends its line. */
	if (out->status == MARKET_OK && out->len > 0 &&
	    out->data[out->len - 1] == '\n')
		out->data[--out->len] = '\0';
	market__text_puts(out, "}\n");
	market_buffer_clear(&json);
	return CLI_DONE;
}

/* The first one of those that weigh most. */
static const market_finding_t *
weightier(const market_finding_t *a, const market_finding_t *b)
{
	return a == NULL || b->effect > a->effect ? b : a;
}

/* What stands against it, be it in the last of its cells. */
static const market_finding_t *
worst_finding(const market_decision_t *decision)
{
	const market_finding_t *worst = NULL, *finding;
	const market_cell_t *cell;
	size_t i, k;

	for (i = 0; (finding = market_decision_finding(decision, i)) != NULL;
	     i++)
		worst = weightier(worst, finding);
	for (i = 0; (cell = market_decision_cell(decision, i)) != NULL; i++)
		for (k = 0; k < cell->finding_count; k++)
			worst = weightier(worst, &cell->findings[k]);
	return worst;
}

static void
add_row_text(const market__cli_telling_t *v, market__text_t *out,
    const market_feed_row_t *row)
{
	const market_finding_t *finding = NULL;

	market__cli_word(v->cli, out, result_of(row), 14);
	if (row->count > 1)
		market__text_printf(out, "rows %llu to %llu",
		    (unsigned long long)row->index,
		    (unsigned long long)(row->index + row->count - 1));
	else
		market__text_printf(
		    out, "row %llu", (unsigned long long)row->index);
	if (row->offer_id.len > 0) {
		market__text_puts(out, ", ");
		market__cli_plain(out, row->offer_id);
	}
	market__text_puts(out, ": ");
	if (row->error != NULL) {
		market__text_puts(out, row->error->path);
		market__text_puts(out, row->error->path[0] == '\0' ? "" : ": ");
		market__text_puts(out, row->error->message);
	} else if (row->decision != NULL &&
	    (finding = worst_finding(row->decision)) != NULL) {
		market__text_printf(out, "%s: %s",
		    market_code_info(finding->code)->name, finding->message);
	}
	if (row->message != NULL)
		market__text_printf(
		    out, " (%s", market_result_name(row->result));
	/* Where the finding is why, it has been told. */
	if (row->message != NULL &&
	    (finding == NULL || strcmp(row->message, finding->message) != 0))
		market__text_printf(out, ": %s", row->message);
	if (row->message != NULL)
		market__text_putc(out, ')');
	market__text_putc(out, '\n');
}

/* To the file of results, or to stdout. */
int
market__cli_pass_on(market__cli_telling_t *v)
{
	market_status_t status;

	if (v->results == NULL) {
		market__cli_progress_hide(&v->progress);
		return market__cli_print_some(&v->out);
	}
	status = v->out.status;
	if (status == MARKET_OK)
		status = market__cli_stream_write(
		    v->results, market__slice(v->out.data, v->out.len));
	market__text_clear(&v->out);
	return status == MARKET_OK
	    ? CLI_DONE
	    : market__cli_stream_error(v->results, status, NULL);
}

int
market__cli_hear_row(void *user, const market_feed_row_t *row)
{
	market__cli_telling_t *v = user;

	v->progress.refused += row->status == MARKET_OK ? 0 : row->count;
	if (v->cli->json || v->results != NULL)
		v->failure = add_row_json(&v->out, row);
	else
		add_row_text(v, &v->out, row);
	if (v->failure == CLI_DONE)
		v->failure = market__cli_pass_on(v);
	return v->failure != CLI_DONE;
}

int
market__cli_hear_progress(void *user, uint64_t done)
{
	market__cli_telling_t *v = user;

	v->progress.done = done;
	market__cli_progress_step(&v->progress);
	return 0;
}

/* ---- its options ---- */

int
market__cli_prepare_telling(market__cli_telling_t *v, uint64_t *ret_threads)
{
	const char *results = market__cli_value(v->cli, "--results", 0);
	int rv;

	market__text_init(&v->out, v->cli->allocator, SIZE_MAX / 2);
	rv = market__cli_number(v->cli, "--threads", 1, ret_threads);
	if (rv == CLI_DONE && *ret_threads > MARKET_BATCH_THREADS_MAX)
		rv = market__cli_usage(v->cli, "--threads is at most %d",
		    MARKET_BATCH_THREADS_MAX);
	if (rv == CLI_DONE && results != NULL)
		rv = market__cli_stream_sink(v->cli, results, &v->results);
	return rv;
}

void
market__cli_clear_telling(market__cli_telling_t *v)
{
	market__text_clear(&v->out);
	market__cli_stream_close(v->results);
}

/* ---- the summary ---- */

static void
add_summary(const market__cli_telling_t *v, market__text_t *out,
    market__cli_summary_fn *add, const void *of)
{
	const market_statement_t *list = market_feed_statement(v->feed.feed);

	market__text_puts(out, "{\"summary\":{\"issuer\":");
	market__text_json(out, market_statement_issuer(list));
	market__cli_json_slice(out, "id", market_statement_id(list));
	market__cli_json_number(
	    out, "revision", market_statement_revision(list));
	market__cli_json_hex(out, "digest", market_statement_digest(list));
	market__cli_json_time(out, "at", v->at);
	market__cli_json_number(out, "listed", market_feed_count(v->feed.feed));
	add(out, of, true);
	market__text_puts(out, "}}\n");
}

/* "usmobile.com/catalogue, revision 1: ", and what came out. */
static void
add_text(const market__cli_telling_t *v, market__text_t *out,
    market__cli_summary_fn *add, const void *of)
{
	const market_statement_t *list = market_feed_statement(v->feed.feed);

	market__cli_plain(out, market_statement_issuer(list));
	market__text_putc(out, '/');
	market__cli_plain(out, market_statement_id(list));
	market__text_printf(out, ", revision %llu: ",
	    (unsigned long long)market_statement_revision(list));
	add(out, of, false);
}

void
market__cli_add_report_of(
    market__text_t *out, const market_feed_report_t *r, bool json)
{
	if (!json) {
		market__text_printf(out,
		    "%llu rows: %llu permitted, %llu with a warning, %llu "
		    "denied, %llu cannot be told, %llu refused; %llu of %llu "
		    "chunks broken\n",
		    (unsigned long long)r->rows,
		    (unsigned long long)r->permitted,
		    (unsigned long long)r->warned,
		    (unsigned long long)r->denied,
		    (unsigned long long)r->indeterminate,
		    (unsigned long long)r->refused,
		    (unsigned long long)r->chunks_broken,
		    (unsigned long long)r->chunks);
		return;
	}
	market__cli_json_number(out, "rows", r->rows);
	market__cli_json_number(out, "permitted", r->permitted);
	market__cli_json_number(out, "warned", r->warned);
	market__cli_json_number(out, "denied", r->denied);
	market__cli_json_number(out, "indeterminate", r->indeterminate);
	market__cli_json_number(out, "refused", r->refused);
	market__cli_json_number(out, "chunks", r->chunks);
	market__cli_json_number(out, "chunks_broken", r->chunks_broken);
	market__cli_json_number(out, "bytes_behind", r->bytes_behind);
}

/* In the file of results as its last line, and on stdout. */
int
market__cli_tell_summary(
    market__cli_telling_t *v, market__cli_summary_fn *add, const void *of)
{
	int rv = CLI_DONE;

	if (v->results != NULL) {
		add_summary(v, &v->out, add, of);
		rv = market__cli_pass_on(v);
		if (rv == CLI_DONE)
			rv = market__cli_keep(v->results);
	}
	if (v->cli->json)
		add_summary(v, &v->out, add, of);
	else
		add_text(v, &v->out, add, of);
	return rv == CLI_DONE ? market__cli_print_text(&v->out) : rv;
}

int
market__cli_feed_exit(const market_feed_report_t *report)
{
	uint64_t good = report->permitted + report->warned;

	if (report->refused > 0 || report->bytes_behind > 0)
		return CLI_DATA;
	if (good == report->rows)
		return CLI_DONE;
	if (report->denied == report->rows)
		return CLI_DENIED;
	return report->indeterminate == report->rows ? CLI_INDETERMINATE
						     : CLI_DIFFER;
}
