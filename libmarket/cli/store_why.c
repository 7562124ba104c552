/* SPDX-License-Identifier: Apache-2.0 */
/* why: one listing, and all that speaks for and against it. */
#include "cli/store.h"

static market_status_t
add_json(market__text_t *out, const market_listing_t *listing,
    const market_decision_t *decision)
{
	market_buffer_t json = MARKET_BUFFER_INIT;
	market_status_t status;

	status = market_decision_json(decision, &json);
	if (status != MARKET_OK)
		return status;
	market__text_puts(out, "{\"listing\":");
	market__cli_listing_json(out, listing);
	market__text_puts(out, ",\"decision\":");
	/* It ends with a newline of its own. */
	market__text_add(out, json.data, json.len - 1);
	market__text_puts(out, "}\n");
	market_buffer_clear(&json);
	return MARKET_OK;
}

/* "SELLER/OFFER-ID is PUBLISHED", what it is, then the decision's report. */
static market_status_t
add_text(const market__cli_t *cli, market__text_t *out,
    const market_listing_t *listing, const market_decision_t *decision)
{
	market_buffer_t report = MARKET_BUFFER_INIT;
	market_status_t status;

	status = market_decision_text(decision, 80, &report);
	if (status != MARKET_OK)
		return status;
	market__cli_plain(out, listing->id);
	market__text_puts(out, " is ");
	market__cli_word(
	    cli, out, market_listing_status_name(listing->status), 0);
	market__text_puts(out, "\n  ");
	market__cli_plain(out, listing->title);
	market__text_puts(out, "\n  ");
	market__cli_add_price(out, listing);
	market__text_printf(out, ", revision %llu, the seller says %s\n\n",
	    (unsigned long long)listing->revision,
	    market_intent_name(listing->intent));
	market__cli_add_report(cli, out, market_buffer_slice(&report));
	market_buffer_clear(&report);
	return MARKET_OK;
}

static int
print(const market__cli_t *cli, market__cli_form_t form,
    const market_listing_t *listing, const market_decision_t *decision)
{
	market_status_t status;
	market__text_t out;

	if (form == MARKET__CLI_DOT)
		return market__cli_print_dot(cli, listing, decision);
	market__text_init(&out, cli->allocator, SIZE_MAX / 2);
	if (form == MARKET__CLI_JSON)
		status = add_json(&out, listing, decision);
	else
		status = add_text(cli, &out, listing, decision);
	if (status != MARKET_OK) {
		market__text_clear(&out);
		return market__cli_error(NULL, status, NULL);
	}
	return market__cli_print_text(&out);
}

int
market__cli_why(market__cli_t *cli)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	market_listings_t *listing = NULL;
	market__cli_run_t run;
	market_status_t status;
	market__cli_form_t form = MARKET__CLI_TEXT;
	int rv;

	rv = market__cli_form(cli, &form);
	if (rv == CLI_DONE)
		rv = market__cli_open(
		    cli, 2, 2, "a STORE and one LISTING", &run);
	if (rv != CLI_DONE)
		return rv;
	status = market_store_why(run.store, market_slice_of(cli->operands[1]),
	    run.at, run.flags, &listing, &decision, &error);
	if (status != MARKET_OK)
		rv = market__cli_listing_error(
		    &run, cli->operands[1], status, &error);
	else
		rv = print(cli, form, market_listings_at(listing, 0), decision);
	market_decision_free(decision);
	market_listings_free(listing);
	market__cli_close(&run);
	return rv;
}
