/* SPDX-License-Identifier: Apache-2.0 */
/* graph: the chain from the trust root to an offer, what holds of it and not.*/
#include "cli/graph.h"

/* What is asked: a question by its number, or cells of a listing. */
typedef struct asked {
	market__cli_form_t form;
	uint64_t number; /* 0: a listing is named */
	market__cli_cells_t cells;
	market_buffer_t listing;
} asked_t;

static int
look_at_options(market__cli_t *cli, asked_t *asked)
{
	market__cli_cells_t *cells = &asked->cells;
	int rv = market__cli_form(cli, &asked->form);

	cells->territory = market_slice_of(
	    market__cli_value(cli, "--territory", 0));
	cells->network = market_slice_of(
	    market__cli_value(cli, "--network", 0));
	if (rv == CLI_DONE && market__cli_flag(cli, "--channel"))
		rv = market__cli_channel(cli, &cells->channel);
	return rv;
}

/* "12", as `impact` and `changes` tell it; a listing's id has a slash. */
static int
look_at_question(const market__cli_t *cli, asked_t *asked)
{
	const char *text = cli->operands[1];
	size_t i, len = strlen(text);
	uint64_t number = 0;

	for (i = 0; text[i] >= '0' && text[i] <= '9' && i < 19; i++)
		number = number * 10 + (uint64_t)(text[i] - '0');
	if (i == 0 || i < len)
		return CLI_DONE;
	if (number == 0)
		return market__cli_usage(
		    cli, "questions are numbered from 1 on");
	if (asked->cells.territory.len > 0 || asked->cells.network.len > 0 ||
	    asked->cells.channel != MARKET_CHANNEL_UNSPECIFIED)
		return market__cli_usage(cli,
		    "question %s is one cell already: leave out --territory, "
		    "--channel and --network",
		    text);
	asked->number = number;
	return CLI_DONE;
}

/* ---- whom to ask about ---- */

/* Of a question: the first listing that asks it. */
static int
find_listing(
    const market__cli_t *cli, const market__cli_run_t *run, asked_t *asked)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_slice_t none = { NULL, 0 };
	market_status_t status;

	if (asked->number == 0)
		return CLI_DONE;
	status = market_store_listings_of(
	    run->store, asked->number, none, 1, &asked->listing, &error);
	if (status != MARKET_OK)
		return market__cli_store_error(run, status, &error);
	if (asked->listing.len == 0)
		return market__cli_say(CLI_DATA, run->location,
		    "no listing asks question %s any more", cli->operands[1]);
	return CLI_DONE;
}

/* The cell that asks the question. */
static bool
find_cell(asked_t *asked, const market_listing_t *listing)
{
	const market_listing_cell_t *cell;
	size_t i;

	for (i = 0; i < listing->cell_count; i++) {
		cell = &listing->cells[i];
		if (cell->question != asked->number)
			continue;
		asked->cells.territory = cell->territory;
		asked->cells.channel = cell->channel;
		asked->cells.network = cell->network;
		return true;
	}
	return false;
}

static bool
has_cells(const asked_t *asked, const market_decision_t *decision)
{
	const market_cell_t *cell;
	size_t i;

	/* An offer that asks for nothing has a chain all the same. */
	if (asked->cells.territory.len == 0 && asked->cells.network.len == 0 &&
	    asked->cells.channel == MARKET_CHANNEL_UNSPECIFIED)
		return true;
	for (i = 0; (cell = market_decision_cell(decision, i)) != NULL; i++)
		if (market__cli_cell_meant(&asked->cells, cell))
			return true;
	return false;
}

/* ---- telling ---- */

static int
print(const market__cli_t *cli, market__cli_form_t form,
    const market__cli_cells_t *cells, const market_listing_t *listing,
    const market_decision_t *decision)
{
	market__cli_graph_t graph;
	market_status_t status;
	market__text_t out;
	int rv;

	status = market__cli_graph_make(
	    cli->allocator, listing, decision, cells, &graph);
	market__text_init(&out, cli->allocator, SIZE_MAX / 2);
	if (status != MARKET_OK) {
		market__cli_graph_clear(&graph);
		return market__cli_error(NULL, status, NULL);
	}
	switch (form) {
	case MARKET__CLI_TEXT: market__cli_graph_text(cli, &out, &graph); break;
	case MARKET__CLI_DOT: market__cli_graph_dot(&out, &graph); break;
	case MARKET__CLI_JSON: market__cli_graph_json(&out, &graph); break;
	}
	rv = market__cli_print_text(&out);
	market__cli_graph_clear(&graph);
	return rv;
}

int
market__cli_print_dot(const market__cli_t *cli, const market_listing_t *listing,
    const market_decision_t *decision)
{
	static const market__cli_cells_t all;

	return print(cli, MARKET__CLI_DOT, &all, listing, decision);
}

static int
tell(const market__cli_t *cli, const market__cli_run_t *run, asked_t *asked)
{
	const char *id = asked->number == 0 ? cli->operands[1]
					    : (const char *)asked->listing.data;
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	market_listings_t *listings = NULL;
	const market_listing_t *listing;
	market_status_t status;
	int rv;

	status = market_store_why(run->store, market_slice_of(id), run->at,
	    run->flags, &listings, &decision, &error);
	listing = status == MARKET_OK ? market_listings_at(listings, 0) : NULL;
	if (listing == NULL)
		rv = market__cli_listing_error(run, id, status, &error);
	else if ((asked->number != 0 && !find_cell(asked, listing)) ||
	    !has_cells(asked, decision))
		rv = market__cli_say(
		    CLI_DATA, id, "the listing does not ask for that cell");
	else
		rv = print(cli, asked->form, &asked->cells, listing, decision);
	market_decision_free(decision);
	market_listings_free(listings);
	return rv;
}

int
market__cli_graph(market__cli_t *cli)
{
	asked_t asked = { .listing = MARKET_BUFFER_INIT };
	market__cli_run_t run = { 0 };
	int rv;

	rv = look_at_options(cli, &asked);
	if (rv == CLI_DONE)
		rv = market__cli_operands(
		    cli, 2, 2, "a STORE and one QUESTION");
	if (rv == CLI_DONE)
		rv = look_at_question(cli, &asked);
	if (rv == CLI_DONE)
		rv = market__cli_open(
		    cli, 2, 2, "a STORE and one QUESTION", &run);
	if (rv != CLI_DONE)
		return rv;
	rv = find_listing(cli, &run, &asked);
	if (rv == CLI_DONE)
		rv = tell(cli, &run, &asked);
	market_buffer_clear(&asked.listing);
	market__cli_close(&run);
	return rv;
}
