/* SPDX-License-Identifier: Apache-2.0 */
/* list: what stands in the store, and what of it is live. */
#include "cli/store.h"

#define PAGE 1000

/* Widths of the table, 80 columns in all. */
#define ID_WIDE     29
#define STATUS_WIDE 17
#define LIVE_WIDE   8
#define PRICE_WIDE  15

/* ---- one listing ---- */

void
market__cli_add_price(market__text_t *out, const market_listing_t *listing)
{
	uint64_t micros = (uint64_t)listing->amount_micros, rest;
	unsigned digits = 2, shown = 6;

	if (listing->amount_micros < 0)
		micros = 0 - micros;
	rest = micros % 1000000;
	if (market_currency_check(listing->currency_code, &digits, NULL) !=
	    MARKET_OK)
		digits = 6;
	/* As many as the currency has, or as the amount needs. */
	while (shown > digits && rest % 10 == 0) {
		rest /= 10;
		shown--;
	}
	market__text_printf(out, "%s%llu",
	    listing->amount_micros < 0 ? "-" : "",
	    (unsigned long long)(micros / 1000000));
	if (shown > 0)
		market__text_printf(
		    out, ".%0*llu", (int)shown, (unsigned long long)rest);
	market__text_putc(out, ' ');
	market__cli_plain(out, listing->currency_code);
}

static void
add_cell(market__text_t *out, const market_listing_cell_t *cell)
{
	size_t i;

	market__text_putc(out, '{');
	market__cli_json_slice(out, "territory", cell->territory);
	market__cli_json_text(
	    out, "channel", market_channel_name(cell->channel));
	market__cli_json_slice(out, "network", cell->network);
	market__cli_json_bool(out, "live", cell->live);
	market__cli_json_verdict(out, "verdict", cell->verdict);
	market__cli_json_service(out, "service", cell->service);
	market__cli_json_key(out, "disclosures_due");
	market__text_putc(out, '[');
	for (i = 0; i < cell->disclosure_count; i++) {
		if (i > 0)
			market__text_putc(out, ',');
		market__text_json(out,
		    market_slice_of(
			market_disclosure_name(cell->disclosures[i])));
	}
	market__text_putc(out, ']');
	market__cli_json_time(out, "horizon", cell->horizon);
	market__text_putc(out, '}');
}

void
market__cli_listing_json(market__text_t *out, const market_listing_t *listing)
{
	size_t i;

	market__text_putc(out, '{');
	market__cli_json_slice(out, "id", listing->id);
	market__cli_json_text(
	    out, "status", market_listing_status_name(listing->status));
	market__cli_json_slice(out, "seller", listing->seller);
	market__cli_json_slice(out, "brand", listing->brand);
	market__cli_json_slice(out, "model", listing->model);
	market__cli_json_slice(out, "offer_id", listing->offer_id);
	market__cli_json_number(out, "revision", listing->revision);
	market__cli_json_slice(out, "title", listing->title);
	market__cli_json_key(out, "price");
	market__text_putc(out, '{');
	market__cli_json_slice(out, "currency_code", listing->currency_code);
	market__cli_json_key(out, "amount_micros");
	market__text_printf(out, "%lld}", (long long)listing->amount_micros);
	market__cli_json_key(out, "cells");
	market__text_putc(out, '[');
	for (i = 0; i < listing->cell_count; i++) {
		if (i > 0)
			market__text_putc(out, ',');
		add_cell(out, &listing->cells[i]);
	}
	market__text_puts(out, "]}");
}

/* ---- the table ---- */

/* At least one blank behind it; what is too long has a line of its own. */
static void
pad(market__text_t *out, size_t from, size_t width)
{
	size_t column = out->len - from;

	if (column + 1 > width) {
		market__text_putc(out, '\n');
		column = 0;
	}
	for (; column < width; column++)
		market__text_putc(out, ' ');
}

static void
add_head(market__text_t *out)
{
	market__text_printf(out, "%-*s%-*s%-*s%-*s%s\n", ID_WIDE, "LISTING",
	    STATUS_WIDE, "STATUS", LIVE_WIDE, "LIVE", PRICE_WIDE, "PRICE",
	    "UNTIL");
}

/* The day on which the first live cell can go; in the others nothing does. */
static void
add_until(market__text_t *out, const market_listing_t *listing)
{
	int64_t until = INT64_MAX;
	char text[MARKET__TIME_LEN];
	size_t i;

	for (i = 0; i < listing->cell_count; i++)
		if (listing->cells[i].live && listing->cells[i].horizon < until)
			until = listing->cells[i].horizon;
	if (until == INT64_MAX)
		return;
	market__time_format(until, text);
	market__text_add(out, text, sizeof("2016-02-01") - 1);
}

static void
add_row(const market__cli_t *cli, market__text_t *out,
    const market_listing_t *listing)
{
	size_t i, live = 0, from = out->len;

	market__cli_plain(out, listing->id);
	pad(out, from, ID_WIDE);
	market__cli_word(
	    cli, out, market_listing_status_name(listing->status), STATUS_WIDE);
	for (i = 0; i < listing->cell_count; i++)
		live += listing->cells[i].live != 0;
	from = out->len;
	market__text_printf(out, "%zu/%zu", live, listing->cell_count);
	pad(out, from, LIVE_WIDE);
	from = out->len;
	market__cli_add_price(out, listing);
	if (live > 0) {
		pad(out, from, PRICE_WIDE);
		add_until(out, listing);
	}
	market__text_putc(out, '\n');
}

/* ---- pages ---- */

/* One run of `list`. */
typedef struct asking {
	market__cli_run_t run;
	market_list_query_t query;
	market__text_t after; /* what query.after borrows from */
	uint64_t left;        /* how many may still be told */
	uint64_t told;
} asking_t;

static const char *
status_at(size_t index)
{
	if (index >= MARKET_LISTING_REMOVED)
		return NULL;
	return market_listing_status_name((market_listing_status_t)(index + 1));
}

static int
look_at_options(market__cli_t *cli, asking_t *asking)
{
	market_list_query_t *query = &asking->query;
	size_t status = 0;
	int rv = CLI_DONE;

	query->size = sizeof(*query);
	query->seller = market_slice_of(market__cli_value(cli, "--seller", 0));
	query->brand = market_slice_of(market__cli_value(cli, "--brand", 0));
	query->after = market_slice_of(market__cli_value(cli, "--after", 0));
	if (market__cli_flag(cli, "--status")) {
		rv = market__cli_choice(
		    cli, "--status", "LISTING_STATUS_", status_at, &status);
		query->status = (market_listing_status_t)(status + 1);
	}
	asking->left = UINT64_MAX;
	if (rv == CLI_DONE)
		rv = market__cli_number(cli, "--limit", 1, &asking->left);
	return rv;
}

/* The page's last listing is where the next one begins. */
static int
keep_after(
    const market__cli_t *cli, asking_t *asking, const market_listing_t *last)
{
	market__text_clear(&asking->after);
	market__text_init(&asking->after, cli->allocator, SIZE_MAX / 2);
	market__text_slice(&asking->after, last->id);
	if (asking->after.status != MARKET_OK)
		return market__cli_error(NULL, asking->after.status, NULL);
	asking->query.after = market__slice(
	    asking->after.data, asking->after.len);
	return CLI_DONE;
}

static int
tell_page(const market__cli_t *cli, asking_t *asking, market__text_t *out,
    const market_listings_t *page)
{
	const market_listing_t *listing, *last = NULL;
	int rv = CLI_DONE;
	size_t i;

	for (i = 0;
	     rv == CLI_DONE && (listing = market_listings_at(page, i)) != NULL;
	     i++) {
		if (cli->json) {
			if (asking->told > 0)
				market__text_putc(out, ',');
			market__cli_listing_json(out, listing);
		} else {
			if (asking->told == 0)
				add_head(out);
			add_row(cli, out, listing);
		}
		asking->told++;
		asking->left--;
		last = listing;
		rv = market__cli_print_some(out);
	}
	if (rv == CLI_DONE && last != NULL)
		rv = keep_after(cli, asking, last);
	return rv;
}

static int
tell_all(const market__cli_t *cli, asking_t *asking, market__text_t *out)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_listings_t *page;
	market_status_t status;
	bool more = true;
	int rv = CLI_DONE;

	while (rv == CLI_DONE && more && asking->left > 0) {
		asking->query.limit = asking->left < PAGE ? (size_t)asking->left
							  : PAGE;
		page = NULL;
		status = market_store_list(
		    asking->run.store, &asking->query, &page, &error);
		if (status != MARKET_OK)
			return market__cli_store_error(
			    &asking->run, status, &error);
		more = market_listings_more(page) != 0;
		rv = tell_page(cli, asking, out, page);
		market_listings_free(page);
	}
	return rv;
}

int
market__cli_list(market__cli_t *cli)
{
	asking_t asking = { 0 };
	market__text_t out;
	int rv;

	rv = look_at_options(cli, &asking);
	if (rv == CLI_DONE)
		rv = market__cli_open(cli, 1, 1, "one STORE", &asking.run);
	if (rv != CLI_DONE)
		return rv;
	asking.query.at = asking.run.at;
	asking.query.flags = asking.run.flags;
	market__text_init(&asking.after, cli->allocator, SIZE_MAX / 2);
	market__text_init(&out, cli->allocator, SIZE_MAX / 2);
	if (cli->json)
		market__text_putc(&out, '[');
	rv = tell_all(cli, &asking, &out);
	if (cli->json)
		market__text_puts(&out, "]\n");
	if (rv == CLI_DONE)
		rv = market__cli_print_text(&out);
	market__text_clear(&out);
	market__text_clear(&asking.after);
	market__cli_close(&asking.run);
	return rv;
}
