/* SPDX-License-Identifier: Apache-2.0 */
/* pause, resume, end and sale: one listing. */
#include "cli/store.h"

/* ---- what the seller wants ---- */

static int
set_intent(market__cli_t *cli, market_intent_t intent)
{
	market_error_t error = MARKET_ERROR_INIT;
	market__cli_run_t run;
	market_status_t status;
	const char *listing;
	market__text_t out;
	int rv;

	rv = market__cli_open(cli, 2, 2, "a STORE and one LISTING", &run);
	if (rv != CLI_DONE)
		return rv;
	listing = cli->operands[1];
	status = market_store_set_intent(
	    run.store, market_slice_of(listing), intent, run.at, &error);
	market__text_init(&out, cli->allocator, (size_t)1 << 16);
	if (status != MARKET_OK) {
		rv = market__cli_listing_error(&run, listing, status, &error);
	} else if (cli->json) {
		market__text_putc(&out, '{');
		market__cli_json_text(&out, "listing", listing);
		market__cli_json_text(
		    &out, "intent", market_intent_name(intent));
		market__text_puts(&out, "}\n");
		rv = market__cli_print_text(&out);
	} else {
		market__cli_name(&out, listing);
		market__text_printf(&out, ": %s\n", market_intent_name(intent));
		rv = market__cli_print_text(&out);
	}
	market__cli_close(&run);
	return rv;
}

int
market__cli_pause(market__cli_t *cli)
{
	return set_intent(cli, MARKET_INTENT_PAUSE);
}

int
market__cli_resume(market__cli_t *cli)
{
	return set_intent(cli, MARKET_INTENT_PUBLISH);
}

int
market__cli_end(market__cli_t *cli)
{
	return set_intent(cli, MARKET_INTENT_END);
}

/* ---- sale ---- */

/* The question of `sale`, and its answer. */
typedef struct sale {
	const char *listing;
	const char *territory;
	const char *network;
	market_channel_t channel;
	market_verdict_t verdict;
	int64_t horizon;
	const char *why;
} sale_t;

/* One is meant, so ANY is no answer. */
static const char *
channel_at(size_t index)
{
	return market_channel_name(
	    (market_channel_t)(MARKET_CHANNEL_ONLINE_STORE + (int)index));
}

int
market__cli_channel(const market__cli_t *cli, market_channel_t *ret_channel)
{
	size_t channel = 0;
	int rv;

	rv = market__cli_choice(
	    cli, "--channel", "CHANNEL_", channel_at, &channel);
	*ret_channel = (market_channel_t)(MARKET_CHANNEL_ONLINE_STORE +
	    (int)channel);
	return rv;
}

static int
look_at_options(market__cli_t *cli, sale_t *sale)
{
	sale->territory = market__cli_value(cli, "--territory", 0);
	sale->network = market__cli_value(cli, "--network", 0);
	if (sale->territory == NULL)
		return market__cli_usage(
		    cli, "name the territory: --territory US");
	if (!market__cli_flag(cli, "--channel"))
		return market__cli_usage(
		    cli, "name the channel: --channel online-store");
	if (sale->network == NULL)
		return market__cli_usage(cli, "name the network: --network ID");
	return market__cli_channel(cli, &sale->channel);
}

static void
add_json(market__text_t *out, const sale_t *sale, int64_t at)
{
	market__text_putc(out, '{');
	market__cli_json_text(out, "listing", sale->listing);
	market__cli_json_text(out, "territory", sale->territory);
	market__cli_json_text(
	    out, "channel", market_channel_name(sale->channel));
	market__cli_json_text(out, "network", sale->network);
	market__cli_json_time(out, "at", at);
	market__cli_json_verdict(out, "verdict", sale->verdict);
	market__cli_json_time(out, "horizon", sale->horizon);
	market__text_puts(out, "}\n");
}

static void
add_text(const market__cli_t *cli, market__text_t *out, const sale_t *sale)
{
	market__cli_name(out, sale->listing);
	market__text_puts(out, " in ");
	market__cli_name(out, sale->territory);
	market__text_printf(out, ", %s, ", market_channel_name(sale->channel));
	market__cli_name(out, sale->network);
	market__text_puts(out, ": ");
	market__cli_word(cli, out, market_verdict_name(sale->verdict), 0);
	if (sale->horizon != INT64_MAX) {
		market__text_puts(out,
		    sale->verdict == MARKET_VERDICT_PERMIT
			? " until "
			: "; can change by itself at ");
		market__text_time(out, sale->horizon);
	}
	market__text_putc(out, '\n');
	if (sale->verdict != MARKET_VERDICT_PERMIT && sale->why[0] != '\0')
		market__cli_wrap(out, 4, sale->why);
}

int
market__cli_sale(market__cli_t *cli)
{
	sale_t sale = { .horizon = INT64_MAX };
	market_error_t error = MARKET_ERROR_INIT;
	market__cli_run_t run;
	market_status_t status;
	market__text_t out;
	int rv, printed;

	rv = look_at_options(cli, &sale);
	if (rv == CLI_DONE)
		rv = market__cli_open(
		    cli, 2, 2, "a STORE and one LISTING", &run);
	if (rv != CLI_DONE)
		return rv;
	sale.listing = cli->operands[1];
	status = market_store_sale(run.store, market_slice_of(sale.listing),
	    market_slice_of(sale.territory), sale.channel,
	    market_slice_of(sale.network), run.at, run.flags, &sale.horizon,
	    &error);
	sale.why = error.message;
	sale.verdict = status == MARKET_OK     ? MARKET_VERDICT_PERMIT
	    : status == MARKET_E_DENIED        ? MARKET_VERDICT_DENY
	    : status == MARKET_E_INDETERMINATE ? MARKET_VERDICT_INDETERMINATE
					       : MARKET_VERDICT_UNSPECIFIED;
	if (sale.verdict == MARKET_VERDICT_UNSPECIFIED) {
		rv = market__cli_listing_error(
		    &run, sale.listing, status, &error);
	} else {
		rv = market__cli_exit(status);
		market__text_init(&out, cli->allocator, (size_t)1 << 16);
		if (cli->json)
			add_json(&out, &sale, run.at);
		else
			add_text(cli, &out, &sale);
		printed = market__cli_print_text(&out);
		if (printed != CLI_DONE)
			rv = printed;
	}
	market__cli_close(&run);
	return rv;
}
