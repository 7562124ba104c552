/* SPDX-License-Identifier: Apache-2.0 */
/* feed verify: all rows of a feed, by files alone. */
#include "cli/feed.h"

static void
add_report(market__text_t *out, const void *of, bool json)
{
	market__cli_add_report_of(out, of, json);
}

static int
judge(market__cli_telling_t *v, market_evidence_t *evidence, unsigned threads)
{
	market_feed_options_t options = { .size = sizeof(options),
		.threads = threads,
		.row = market__cli_hear_row,
		.progress = market__cli_hear_progress,
		.user = v };
	market__cli_stream_t *rows = market__cli_feed_rows(&v->feed);
	market_error_t error = MARKET_ERROR_INIT;
	market_feed_report_t report = { 0 };
	market_status_t status;
	int rv;

	market__cli_progress_begin(&v->progress, "feed verify", "bad",
	    market_feed_count(v->feed.feed));
	status = market_check_feed(evidence, v->feed.feed,
	    market__cli_stream_read, rows, v->at, &options, &report, &error);
	market__cli_progress_end(&v->progress);
	if (v->failure != CLI_DONE)
		return v->failure;
	if (status == MARKET_E_IO)
		return market__cli_stream_error(rows, status, &error);
	/* With trust root and policy, which are asked first here. */
	if (status != MARKET_OK)
		return market__cli_trust_error(
		    v->cli, v->cli->operands[1], status, &error);
	rv = market__cli_tell_summary(v, add_report, &report);
	return rv == CLI_DONE ? market__cli_feed_exit(&report) : rv;
}

int
market__cli_feed_verify(market__cli_t *cli)
{
	market__cli_telling_t v = { .cli = cli };
	market_evidence_t *evidence = NULL;
	uint64_t threads = 1;
	int rv;

	rv = market__cli_operands(
	    cli, 2, 3, "the FEED, and its ROWS where they stand apart");
	if (rv == CLI_DONE)
		rv = market__cli_at(cli, &v.at);
	if (rv == CLI_DONE)
		rv = market__cli_load_evidence(cli, &evidence);
	if (rv == CLI_DONE)
		rv = market__cli_feed_open(cli, cli->operands[1],
		    cli->n_operands > 2 ? cli->operands[2] : NULL, &v.feed);
	if (rv == CLI_DONE)
		rv = market__cli_prepare_telling(&v, &threads);
	if (rv == CLI_DONE)
		rv = judge(&v, evidence, (unsigned)threads);
	market__cli_clear_telling(&v);
	market__cli_feed_close(&v.feed);
	market_evidence_free(evidence);
	return rv;
}
