/* SPDX-License-Identifier: Apache-2.0 */
/* Making and opening a store, and what every verb on one needs. */
#include "cli/store.h"

/* ---- opening ---- */

int
market__cli_location(const market__cli_t *cli, const char *location)
{
	if (strcmp(location, "memory:") == 0)
		return market__cli_usage(cli,
		    "a store in memory would end with this command: name a "
		    "file");
	if (strcmp(location, "-") == 0 || location[0] == '\0')
		return market__cli_usage(
		    cli, "a store is no stream: name a file");
	if (strncmp(location, "postgresql:", 11) == 0 ||
	    strncmp(location, "postgres:", 9) == 0)
		return market__cli_say(CLI_INTERNAL, location,
		    "this build has no PostgreSQL: name a file");
	return CLI_DONE;
}

/* The library may have named the file itself. */
const char *
market__cli_place(const char *location, const market_error_t *error)
{
	size_t len = strlen(error->path);

	return len > 0 && strncmp(location, error->path, len) == 0 ? NULL
								   : location;
}

int
market__cli_store_error(const market__cli_run_t *run, market_status_t status,
    const market_error_t *error)
{
	return market__cli_error(
	    market__cli_place(run->location, error), status, error);
}

int
market__cli_listing_error(const market__cli_run_t *run, const char *listing,
    market_status_t status, const market_error_t *error)
{
	if (status != MARKET_E_NOT_FOUND ||
	    strstr(error->message, listing) != NULL)
		return market__cli_store_error(run, status, error);
	return market__cli_error(listing, status, error);
}

int
market__cli_not_opened(const market__cli_run_t *run, market_status_t status,
    const market_error_t *error)
{
	if (status == MARKET_E_NOT_FOUND)
		return market__cli_say(CLI_IO, run->location,
		    "there is no store: make one with `market init STORE "
		    "--root FILE --policy FILE`");
	return market__cli_store_error(run, status, error);
}

int
market__cli_open(market__cli_t *cli, size_t least, size_t most,
    const char *what, market__cli_run_t *run)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	int rv;

	memset(run, 0, sizeof(*run));
	rv = market__cli_operands(cli, least, most, what);
	if (rv == CLI_DONE)
		rv = market__cli_at(cli, &run->at);
	if (rv != CLI_DONE)
		return rv;
	if (market__cli_flag(cli, "--at"))
		run->flags = MARKET_STORE_PAST;
	run->location = cli->operands[0];
	rv = market__cli_location(cli, run->location);
	if (rv != CLI_DONE)
		return rv;
	status = market_store_open(
	    cli->context, run->location, NULL, &run->store, &error);
	if (status != MARKET_OK)
		return market__cli_not_opened(run, status, &error);
	return CLI_DONE;
}

void
market__cli_close(market__cli_run_t *run)
{
	market_store_free(run->store);
	run->store = NULL;
}

/* ---- marks ---- */

void
market__cli_add_mark(market__text_t *out, const market_store_mark_t *mark)
{
	market__text_printf(out, "%llu:", (unsigned long long)mark->epoch);
	market__text_hex(
	    out, market__slice(mark->epoch_chain, MARKET_DIGEST_LEN));
	market__text_printf(out, ":%llu:", (unsigned long long)mark->entries);
	market__text_hex(
	    out, market__slice(mark->entry_chain, MARKET_DIGEST_LEN));
}

/* "NUMBER:HEX", up to *text_at, which is moved behind it. */
static bool
parse_half(const char **text_at, uint64_t *ret_number, uint8_t *ret_chain)
{
	const char *text = *text_at;
	uint64_t number = 0;
	size_t i, len;

	for (i = 0; text[i] >= '0' && text[i] <= '9' && i < 19; i++)
		number = number * 10 + (uint64_t)(text[i] - '0');
	if (i == 0 || text[i] != ':')
		return false;
	text += i + 1;
	len = strcspn(text, ":");
	if (!market__unhex(
		market__slice(text, len), ret_chain, MARKET_DIGEST_LEN))
		return false;
	*ret_number = number;
	*text_at = text + len;
	return true;
}

bool
market__cli_parse_mark(const char *text, market_store_mark_t *ret_mark)
{
	if (!parse_half(&text, &ret_mark->epoch, ret_mark->epoch_chain) ||
	    *text++ != ':')
		return false;
	return parse_half(&text, &ret_mark->entries, ret_mark->entry_chain) &&
	    *text == '\0';
}

/* ---- what a line of text says ---- */

void
market__cli_add_model(market__text_t *out, market_slice_t seller,
    market_slice_t brand, market_slice_t model)
{
	market__cli_plain(out, seller);
	market__text_putc(out, ' ');
	market__cli_plain(out, brand);
	market__text_putc(out, ' ');
	market__cli_plain(out, model);
}

void
market__cli_add_cell(market__text_t *out, market_slice_t territory,
    market_channel_t channel, market_slice_t network)
{
	market__cli_plain(out, territory);
	market__text_printf(out, ", %s, ", market_channel_name(channel));
	market__cli_plain(out, network);
}

void
market__cli_add_answer(const market__cli_t *cli, market__text_t *out,
    market_verdict_t verdict, market_service_t service)
{
	market__cli_word(cli, out, market_verdict_name(verdict), 0);
	if (service != MARKET_SERVICE_UNSPECIFIED)
		market__text_printf(out, " (%s)", market_service_name(service));
}

/* ---- listings of a question ---- */

#define PAGE 1000

static void
add_id(const market__cli_t *cli, market__text_t *out, market_slice_t id,
    bool first)
{
	if (!cli->json) {
		market__text_puts(out, "      ");
		market__cli_plain(out, id);
		market__text_putc(out, '\n');
		return;
	}
	if (!first)
		market__text_putc(out, ',');
	market__text_json(out, id);
}

/* Those of one page; *last, the last of them, is borrowed from it. */
static size_t
add_page(const market__cli_t *cli, market__text_t *out, market_slice_t ids,
    bool first, market_slice_t *last)
{
	size_t at, end, n = 0;

	for (at = 0; at < ids.len; at = end + 1) {
		for (end = at; end < ids.len && ids.ptr[end] != '\0';)
			end++;
		*last = market__slice(ids.ptr + at, end - at);
		add_id(cli, out, *last, first && n == 0);
		n++;
	}
	return n;
}

int
market__cli_add_listings(const market__cli_t *cli, const market__cli_run_t *run,
    market__text_t *out, uint64_t question)
{
	market_buffer_t page = MARKET_BUFFER_INIT, next = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_slice_t last = market__slice(NULL, 0);
	market_status_t status;
	size_t n = PAGE;
	bool first = true;
	int rv = CLI_DONE;

	while (rv == CLI_DONE && n == PAGE) {
		status = market_store_listings_of(
		    run->store, question, last, PAGE, &next, &error);
		if (status != MARKET_OK) {
			rv = market__cli_store_error(run, status, &error);
			break;
		}
		market_buffer_clear(&page);
		page = next;
		next = (market_buffer_t)MARKET_BUFFER_INIT;
		n = add_page(
		    cli, out, market_buffer_slice(&page), first, &last);
		first = false;
		rv = market__cli_print_some(out);
	}
	market_buffer_clear(&page);
	return rv;
}

/* ---- printing ---- */

static const char *
form_at(size_t index)
{
	static const char *const names[] = { "text", "dot", "json" };

	return index < MARKET__COUNT(names) ? names[index] : NULL;
}

int
market__cli_form(market__cli_t *cli, market__cli_form_t *ret_form)
{
	size_t form = MARKET__CLI_TEXT;
	int rv = CLI_DONE;

	if (market__cli_flag(cli, "--format"))
		rv = market__cli_choice(cli, "--format", "", form_at, &form);
	else if (cli->json)
		form = MARKET__CLI_JSON;
	if (rv == CLI_DONE && cli->json && form != MARKET__CLI_JSON)
		return market__cli_usage(
		    cli, "--json is --format json: leave out one of the two");
	*ret_form = (market__cli_form_t)form;
	return rv;
}
