/* SPDX-License-Identifier: Apache-2.0 */
/* feed: the files of a feed, and the proof of one of its offers. */
#include "cli/store.h"

/* ---- its files ---- */

int
market__cli_feed_open(market__cli_t *cli, const char *file, const char *rows,
    market__cli_feed_t *ret)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	int rv;

	rv = market__cli_stream_source(cli, file, &ret->list);
	if (rv != CLI_DONE)
		return rv;
	status = market_feed_open(cli->context, market__cli_stream_read,
	    ret->list, &ret->feed, &error);
	if (status != MARKET_OK)
		return market__cli_stream_error(ret->list, status, &error);
	return rows == NULL ? CLI_DONE
			    : market__cli_stream_source(cli, rows, &ret->apart);
}

market__cli_stream_t *
market__cli_feed_rows(const market__cli_feed_t *feed)
{
	return feed->apart != NULL ? feed->apart : feed->list;
}

void
market__cli_feed_close(market__cli_feed_t *feed)
{
	market_feed_free(feed->feed);
	market__cli_stream_close(feed->apart);
	market__cli_stream_close(feed->list);
	memset(feed, 0, sizeof(*feed));
}

/* ---- prove ---- */

static int
tell_proof(const market__cli_t *cli, const char *id, const char *file,
    market_slice_t proof, bool on_stdout)
{
	uint64_t row = 0;
	market__text_t out;
	size_t i;

	for (i = 0; i < 8; i++)
		row = row << 8 | proof.ptr[i];
	market__text_init(&out, cli->allocator, (size_t)1 << 16);
	if (cli->json) {
		market__text_puts(&out, "{\"file\":");
		market__cli_json_name(&out, file);
		market__cli_json_slice(&out, "offer_id", market_slice_of(id));
		market__cli_json_number(&out, "row", row);
		market__cli_json_number(&out, "bytes", proof.len);
		market__text_putc(&out, '}');
	} else {
		market__cli_plain(&out, market_slice_of(id));
		market__text_printf(&out, " is row %llu: %zu bytes in ",
		    (unsigned long long)row, proof.len);
		if (market__cli_is_stdout(file))
			market__text_puts(&out, "(stdout)");
		else
			market__cli_name(&out, file);
	}
	return market__cli_tell_written(&out, on_stdout);
}

/* Stdout for "-", which then has nothing else. */
static int
write_out(const char *file, market_slice_t bytes)
{
	return market__cli_is_stdout(file)
	    ? market__cli_print(bytes)
	    : market__cli_write_file(file, bytes, CLI_REPLACE);
}

static int
prove(market__cli_t *cli, const market__cli_feed_t *feed, const char *id)
{
	market_buffer_t proof = MARKET_BUFFER_INIT, offer = MARKET_BUFFER_INIT;
	const char *out = market__cli_value(cli, "--output", 0);
	const char *payload = market__cli_value(cli, "--payload", 0);
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	int rv = CLI_DONE;

	status = market_feed_prove(feed->feed, market__cli_stream_read,
	    market__cli_feed_rows(feed), market_slice_of(id), &proof, &offer,
	    &error);
	if (status != MARKET_OK)
		return market__cli_stream_error(
		    market__cli_feed_rows(feed), status, &error);
	if (payload != NULL)
		rv = write_out(payload, market_buffer_slice(&offer));
	if (rv == CLI_DONE)
		rv = write_out(out, market_buffer_slice(&proof));
	if (rv == CLI_DONE)
		rv = tell_proof(cli, id, out, market_buffer_slice(&proof),
		    !market__cli_is_stdout(out) &&
			!market__cli_is_stdout(payload));
	market_buffer_clear(&proof);
	market_buffer_clear(&offer);
	return rv;
}

int
market__cli_feed_prove(market__cli_t *cli)
{
	const char *out = market__cli_value(cli, "--output", 0);
	const char *id = market__cli_value(cli, "--offer", 0);
	market__cli_feed_t feed = { NULL, NULL, NULL };
	int rv;

	rv = market__cli_operands(
	    cli, 2, 3, "the FEED, and its ROWS where they stand apart");
	if (rv != CLI_DONE)
		return rv;
	if (id == NULL || *id == '\0')
		return market__cli_usage(cli, "name the offer: --offer ID");
	if (out == NULL)
		return market__cli_usage(
		    cli, "say where the proof goes: -o PROOF");
	rv = market__cli_two_files(cli, "--output", "--payload");
	if (rv != CLI_DONE)
		return rv;
	rv = market__cli_feed_open(cli, cli->operands[1],
	    cli->n_operands > 2 ? cli->operands[2] : NULL, &feed);
	if (rv == CLI_DONE)
		rv = prove(cli, &feed, id);
	market__cli_feed_close(&feed);
	return rv;
}

/* ---- the verb ---- */

int
market__cli_feed(market__cli_t *cli)
{
	static const struct {
		const char *name;
		int (*run)(market__cli_t *cli);
	} parts[] = { { "pack", market__cli_feed_pack },
		{ "verify", market__cli_feed_verify },
		{ "submit", market__cli_feed_submit },
		{ "prove", market__cli_feed_prove } };
	size_t i;

	for (i = 0; cli->n_operands > 0 && i < MARKET__COUNT(parts); i++)
		if (strcmp(cli->operands[0], parts[i].name) == 0)
			return parts[i].run(cli);
	return market__cli_usage(
	    cli, "say what to do with it: pack, verify, submit or prove");
}
