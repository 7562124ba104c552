/* SPDX-License-Identifier: Apache-2.0 */
/* changes: the history, one entry in a line, and what is added to it. */
#include <config.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "cli/store.h"

#define PAGE 1000

/* How long to wait before asking again whether there is more. */
#define PAUSE_MS 200

/* One run of `changes`. */
typedef struct following {
	market__cli_run_t run;
	uint64_t since;
	uint64_t left; /* how many may still be told */
	bool follow;
	sigset_t stop; /* signals that end it */
	bool ended;    /* one came, or nobody reads any more */
} following_t;

/* ---- one entry ---- */

static const char *
kind_name(market_change_kind_t kind)
{
	switch (kind) {
	case MARKET_CHANGE_STATEMENT: return "statement";
	case MARKET_CHANGE_CLEARANCE: return "clearance";
	case MARKET_CHANGE_OFFER: return "offer";
	case MARKET_CHANGE_INTENT: return "intent";
	case MARKET_CHANGE_CHUNK: return "chunk";
	}
	return "unknown";
}

static void
json_statement(market__text_t *out, const market_change_t *change)
{
	market__cli_json_hex(out, "digest", change->digest);
	market__cli_json_text(
	    out, "statement_kind", market_kind_name(change->statement_kind));
	market__cli_json_slice(out, "issuer", change->issuer);
	market__cli_json_slice(out, "id", change->id);
	market__cli_json_number(out, "revision", change->revision);
	market__cli_json_text(
	    out, "result", market_result_name(change->result));
}

static int
json_clearance(const market__cli_t *cli, const following_t *following,
    market__text_t *out, const market_change_t *change)
{
	int rv = CLI_DONE;

	market__cli_json_number(out, "question", change->question);
	market__cli_json_slice(out, "seller", change->seller);
	market__cli_json_slice(out, "brand", change->brand);
	market__cli_json_slice(out, "model", change->model);
	market__cli_json_slice(out, "territory", change->territory);
	market__cli_json_text(
	    out, "channel", market_channel_name(change->channel));
	market__cli_json_slice(out, "network", change->network);
	market__cli_json_verdict(out, "before", change->before);
	market__cli_json_verdict(out, "after", change->after);
	market__cli_json_service(out, "service_before", change->service_before);
	market__cli_json_service(out, "service_after", change->service_after);
	market__cli_json_number(out, "cells", change->cells);
	if (change->cause == 0)
		market__cli_json_text(out, "cause", NULL);
	else
		market__cli_json_number(out, "cause", change->cause);
	if (market__cli_flag(cli, "--listings")) {
		market__text_puts(out, ",\"listings\":[");
		rv = market__cli_add_listings(
		    cli, &following->run, out, change->question);
		market__text_putc(out, ']');
	}
	return rv;
}

/* Of what a feed brought, the entry of its chunk; of that, the feed's. */
static void
json_cause(market__text_t *out, const market_change_t *change)
{
	if (change->cause != 0)
		market__cli_json_number(out, "cause", change->cause);
}

static int
add_json(const market__cli_t *cli, const following_t *following,
    market__text_t *out, const market_change_t *change)
{
	int rv = CLI_DONE;

	market__text_putc(out, '{');
	market__cli_json_number(out, "entry", change->entry);
	market__cli_json_time(out, "at", change->at);
	market__cli_json_text(out, "kind", kind_name(change->kind));
	switch (change->kind) {
	case MARKET_CHANGE_STATEMENT: json_statement(out, change); break;
	case MARKET_CHANGE_CLEARANCE:
		rv = json_clearance(cli, following, out, change);
		break;
	case MARKET_CHANGE_OFFER:
		market__cli_json_slice(out, "listing", change->listing);
		market__cli_json_hex(out, "digest", change->digest);
		market__cli_json_number(out, "revision", change->revision);
		json_cause(out, change);
		break;
	case MARKET_CHANGE_CHUNK:
		market__cli_json_hex(out, "root", change->digest);
		market__cli_json_number(out, "chunk", change->chunk);
		json_cause(out, change);
		break;
	case MARKET_CHANGE_INTENT:
		market__cli_json_slice(out, "listing", change->listing);
		market__cli_json_text(out, "intent_before",
		    change->intent_before == 0
			? NULL
			: market_intent_name(change->intent_before));
		market__cli_json_text(out, "intent_after",
		    market_intent_name(change->intent_after));
		json_cause(out, change);
		break;
	}
	market__text_puts(out, "}\n");
	return rv;
}

static void
text_clearance(const market__cli_t *cli, market__text_t *out,
    const market_change_t *change)
{
	market__cli_add_model(
	    out, change->seller, change->brand, change->model);
	market__text_puts(out, ", ");
	market__cli_add_cell(
	    out, change->territory, change->channel, change->network);
	market__text_puts(out, ": ");
	if (change->before == MARKET_VERDICT_UNSPECIFIED)
		market__text_puts(out, "new");
	else
		market__cli_add_answer(
		    cli, out, change->before, change->service_before);
	market__text_puts(out, " -> ");
	market__cli_add_answer(cli, out, change->after, change->service_after);
	market__text_printf(out, ", %llu cell%s",
	    (unsigned long long)change->cells, change->cells == 1 ? "" : "s");
	if (change->cause != 0)
		market__text_printf(
		    out, ", by %llu", (unsigned long long)change->cause);
	else if (change->before != MARKET_VERDICT_UNSPECIFIED)
		market__text_puts(out, ", by time");
}

static void
text_statement(const market__cli_t *cli, market__text_t *out,
    const market_change_t *change)
{
	market__text_printf(
	    out, "%s ", market_kind_name(change->statement_kind));
	market__cli_plain(out, change->issuer);
	market__text_putc(out, '/');
	market__cli_plain(out, change->id);
	market__text_printf(
	    out, ", revision %llu: ", (unsigned long long)change->revision);
	market__cli_word(cli, out, market_result_name(change->result), 0);
}

static int
add_text(const market__cli_t *cli, const following_t *following,
    market__text_t *out, const market_change_t *change)
{
	market__text_printf(out, "%llu  ", (unsigned long long)change->entry);
	market__text_time(out, change->at);
	market__text_printf(out, "  %-9s  ", kind_name(change->kind));
	switch (change->kind) {
	case MARKET_CHANGE_STATEMENT: text_statement(cli, out, change); break;
	case MARKET_CHANGE_CLEARANCE: text_clearance(cli, out, change); break;
	case MARKET_CHANGE_OFFER:
		market__cli_plain(out, change->listing);
		market__text_printf(out, ", revision %llu",
		    (unsigned long long)change->revision);
		break;
	case MARKET_CHANGE_CHUNK:
		market__text_printf(out, "chunk %llu of the feed of %llu",
		    (unsigned long long)change->chunk,
		    (unsigned long long)change->cause);
		break;
	case MARKET_CHANGE_INTENT:
		market__cli_plain(out, change->listing);
		market__text_printf(out, ": %s%s%s",
		    change->intent_before == 0
			? ""
			: market_intent_name(change->intent_before),
		    change->intent_before == 0 ? "" : " -> ",
		    market_intent_name(change->intent_after));
		break;
	}
	market__text_putc(out, '\n');
	if (change->kind == MARKET_CHANGE_CLEARANCE &&
	    market__cli_flag(cli, "--listings"))
		return market__cli_add_listings(
		    cli, &following->run, out, change->question);
	return CLI_DONE;
}

/* ---- following ---- */

/*
 * The signals stay blocked and are taken while it waits, so that none of them
 * cuts a line in two, and no handler needs a variable that all share.
 */
static bool
hold_signals(following_t *following)
{
	return sigemptyset(&following->stop) == 0 &&
	    sigaddset(&following->stop, SIGINT) == 0 &&
	    sigaddset(&following->stop, SIGTERM) == 0 &&
	    sigprocmask(SIG_BLOCK, &following->stop, NULL) == 0;
}

/* Waits for a signal, or `ms`; a write to nobody ends it too. */
static void
wait_a_while(following_t *following, long ms)
{
	const struct timespec pause = { 0, ms * 1000000 };
	struct pollfd out = { STDOUT_FILENO, 0, 0 };

	if (sigtimedwait(&following->stop, NULL, &pause) > 0)
		following->ended = true;
	if (poll(&out, 1, 0) > 0 && (out.revents & (POLLERR | POLLNVAL)) != 0)
		following->ended = true;
}

/* A reader that is slow must not keep a signal waiting. */
static void
wait_for_room(following_t *following)
{
	struct pollfd out = { STDOUT_FILENO, POLLOUT, 0 };

	while (!following->ended && poll(&out, 1, 0) == 0)
		wait_a_while(following, PAUSE_MS / 4);
}

/* Each page at once; followed, each line as it comes. */
static int
print(following_t *following, market__text_t *out)
{
	bool written;

	if (!following->follow)
		return market__cli_print_some(out);
	if (out->status != MARKET_OK)
		return market__cli_print_text(out);
	wait_for_room(following);
	if (following->ended)
		return CLI_DONE;
	written = market__cli_write_all(
	    STDOUT_FILENO, market__slice(out->data, out->len));
	if (!written && errno != EPIPE)
		return market__cli_say(CLI_IO, "(stdout)",
		    "cannot be written: %s", strerror(errno));
	following->ended = !written;
	market__text_clear(out);
	return CLI_DONE;
}

/* ---- pages ---- */

static int
tell_page(const market__cli_t *cli, following_t *following,
    const market_changes_t *page, size_t *ret_n)
{
	const market_change_t *change;
	market__text_t out;
	int rv = CLI_DONE;
	size_t i;

	market__text_init(&out, cli->allocator, SIZE_MAX / 2);
	for (i = 0; rv == CLI_DONE && !following->ended &&
	     (change = market_changes_at(page, i)) != NULL;
	     i++) {
		rv = cli->json ? add_json(cli, following, &out, change)
			       : add_text(cli, following, &out, change);
		if (rv == CLI_DONE)
			rv = print(following, &out);
		following->since = change->entry;
		following->left--;
	}
	if (rv == CLI_DONE && !following->follow)
		rv = market__cli_print_text(&out);
	market__text_clear(&out);
	*ret_n = i;
	return rv;
}

/* Until there is no more; and then, where it follows, until there is. */
static int
tell_all(const market__cli_t *cli, following_t *following)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_changes_t *page;
	market_status_t status;
	size_t n, max;
	int rv = CLI_DONE;

	while (rv == CLI_DONE && following->left > 0 && !following->ended) {
		max = following->left < PAGE ? (size_t)following->left : PAGE;
		page = NULL;
		n = 0;
		status = market_store_changes(
		    following->run.store, following->since, max, &page, &error);
		/* Somebody writes: there will be more to tell. */
		if (status != MARKET_OK &&
		    (status != MARKET_E_BUSY || !following->follow))
			return market__cli_store_error(
			    &following->run, status, &error);
		if (status == MARKET_OK)
			rv = tell_page(cli, following, page, &n);
		market_changes_free(page);
		if (following->follow)
			wait_a_while(following, n == max ? 0 : PAUSE_MS);
		else if (n < max)
			break;
	}
	return rv;
}

int
market__cli_changes(market__cli_t *cli)
{
	following_t following = { .left = UINT64_MAX };
	int rv;

	following.follow = market__cli_flag(cli, "--follow");
	rv = market__cli_number(cli, "--since", 0, &following.since);
	if (rv == CLI_DONE)
		rv = market__cli_number(cli, "--limit", 1, &following.left);
	if (rv == CLI_DONE)
		rv = market__cli_open(cli, 1, 1, "one STORE", &following.run);
	if (rv == CLI_DONE && following.follow && !hold_signals(&following))
		rv = market__cli_say(
		    CLI_INTERNAL, NULL, "signals cannot be waited for");
	if (rv == CLI_DONE)
		rv = tell_all(cli, &following);
	market__cli_close(&following.run);
	return rv;
}
