/* SPDX-License-Identifier: Apache-2.0 */
/* feed submit: all rows of a feed into a store. */
#include "cli/feed.h"

static void
add_report(market__text_t *out, const void *of, bool json)
{
	const market_intake_report_t *r = of;

	market__cli_add_report_of(out, &r->rows, json);
	if (!json) {
		market__text_printf(out,
		    "%llu listed, %llu unchanged, %llu stale, %llu forks, %llu "
		    "rejected; %llu listings ended\n",
		    (unsigned long long)r->listed,
		    (unsigned long long)r->unchanged,
		    (unsigned long long)r->stale, (unsigned long long)r->forks,
		    (unsigned long long)r->rejected,
		    (unsigned long long)r->ended);
		if (!r->done)
			market__text_puts(out,
			    "not all of it is in: the same again goes on\n");
		return;
	}
	market__cli_json_text(out, "result", market_result_name(r->result));
	market__cli_json_number(out, "accepted", r->listed);
	market__cli_json_number(out, "unchanged", r->unchanged);
	market__cli_json_number(out, "stale", r->stale);
	market__cli_json_number(out, "forks", r->forks);
	market__cli_json_number(out, "rejected", r->rejected);
	market__cli_json_number(out, "ended", r->ended);
	market__cli_json_bool(out, "done", r->done);
}

static int
tell_failure(const market__cli_telling_t *v, const market__cli_run_t *run,
    market_status_t status, const market_error_t *error)
{
	if (status == MARKET_E_IO && error->message[0] != '\0')
		return market__cli_stream_error(
		    market__cli_feed_rows(&v->feed), status, error);
	/* Refused, and not denied for what its offers are. */
	if (status == MARKET_E_DENIED) {
		(void)market__cli_error(v->cli->operands[2], status, error);
		return CLI_DATA;
	}
	(void)market__cli_store_error(run, status, error);
	/* Somebody else takes it in. */
	return status == MARKET_E_STATE ? CLI_AGAIN : market__cli_exit(status);
}

static int
submit(market__cli_telling_t *v, const market__cli_run_t *run,
    market_intake_options_t *options)
{
	market__cli_stream_t *rows = market__cli_feed_rows(&v->feed);
	market_error_t error = MARKET_ERROR_INIT;
	market_intake_report_t report = { .rows = { 0 } };
	market_status_t status;
	int rv = CLI_DONE;

	market__cli_progress_begin(&v->progress, "feed submit", "bad",
	    market_feed_count(v->feed.feed));
	status = market_store_submit_feed(run->store, v->feed.feed,
	    market__cli_stream_read, rows, run->at, options, &report, &error);
	market__cli_progress_end(&v->progress);
	if (v->failure != CLI_DONE)
		return v->failure;
	/* Also where it ends early: what is taken in by then stays. */
	if (report.result == MARKET_RESULT_ACCEPTED ||
	    report.result == MARKET_RESULT_DUPLICATE)
		rv = market__cli_tell_summary(v, add_report, &report);
	if (status != MARKET_OK)
		return tell_failure(v, run, status, &error);
	return rv == CLI_DONE ? market__cli_feed_exit(&report.rows) : rv;
}

/* `feed submit STORE FEED [ROWS]`: the store is the second operand here. */
static int
open_store(market__cli_t *cli, market__cli_run_t *run)
{
	int rv;

	cli->operands++;
	cli->n_operands--;
	rv = market__cli_open(cli, 2, 3,
	    "a STORE, the FEED, and its ROWS where they stand apart", run);
	cli->operands--;
	cli->n_operands++;
	return rv;
}

int
market__cli_feed_submit(market__cli_t *cli)
{
	market__cli_telling_t v = { .cli = cli };
	market_intake_options_t options = { .size = sizeof(options),
		.row = market__cli_hear_row,
		.progress = market__cli_hear_progress,
		.user = &v };
	market__cli_run_t run = { 0 };
	uint64_t threads = 1;
	int rv;

	rv = market__cli_prepare_telling(&v, &threads);
	options.threads = (unsigned)threads;
	if (rv == CLI_DONE)
		rv = market__cli_number(
		    cli, "--max-ended", 0, &options.max_ended);
	if (rv == CLI_DONE && cli->n_operands > 1)
		rv = open_store(cli, &run);
	else if (rv == CLI_DONE)
		rv = market__cli_usage(cli, "name the STORE and the FEED");
	v.at = run.at;
	if (rv == CLI_DONE)
		rv = market__cli_feed_open(cli, cli->operands[2],
		    cli->n_operands > 3 ? cli->operands[3] : NULL, &v.feed);
	if (rv == CLI_DONE)
		rv = submit(&v, &run, &options);
	market__cli_clear_telling(&v);
	market__cli_feed_close(&v.feed);
	market__cli_close(&run);
	return rv;
}
