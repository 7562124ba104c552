/* SPDX-License-Identifier: Apache-2.0 */
/* hold and remove: statements of the marketplace about one listing. */
#include <stdio.h>

#include "cli/store.h"

/* What a header's id may have (DESIGN.md, section 3: limits). */
#define ID_MAX 128

/* One run of `hold` or `remove`. */
typedef struct holding {
	market__cli_run_t run;
	market__cli_signers_t signers;
	bool final;
	market_withdrawal_reason_t reason;
	const char *note; /* NULL: none */
	int64_t until;    /* 0: without end */
	const market_listing_t *listing;
	market_buffer_t marketplace;
	market__text_t id;
	market_buffer_t envelope;
} holding_t;

static const char *
reason_at(size_t index)
{
	return market_withdrawal_reason_name(
	    (market_withdrawal_reason_t)(index + 1));
}

static int
look_at_options(market__cli_t *cli, holding_t *holding)
{
	const char *until = market__cli_value(cli, "--until", 0);
	size_t reason = 0;
	int rv;

	rv = market__cli_operands(cli, 2, 2, "a STORE and one LISTING");
	if (rv != CLI_DONE)
		return rv;
	if (!market__cli_flag(cli, "--reason"))
		return market__cli_usage(
		    cli, "say why: --reason policy, for one");
	rv = market__cli_choice(
	    cli, "--reason", "WITHDRAWAL_REASON_", reason_at, &reason);
	holding->reason = (market_withdrawal_reason_t)(reason + 1);
	holding->note = market__cli_value(cli, "--note", 0);
	if (rv == CLI_DONE && until != NULL)
		rv = market__cli_time(cli, "--until", until, &holding->until);
	return rv;
}

/* ---- the statement ---- */

static market_status_t
fill(const market__cli_t *cli, const holding_t *holding, const char *id,
    uint64_t revision, int64_t issued_at, market_draft_t *draft,
    market_error_t *error)
{
	const struct {
		const char *path;
		market_slice_t text;
	} texts[] = {
		{ "header.issuer", market_buffer_slice(&holding->marketplace) },
		{ "header.id", market_slice_of(id) },
		{ "target.seller", holding->listing->seller },
		{ "target.offer_id", holding->listing->offer_id },
		{ "reason",
		    market_slice_of(
			market_withdrawal_reason_name(holding->reason)) },
		{ "note", market_slice_of(holding->note) },
	};
	market_status_t status = MARKET_OK;
	market__text_t text;
	size_t i;

	for (i = 0; status == MARKET_OK && i < MARKET__COUNT(texts); i++) {
		market__text_init(&text, cli->allocator, (size_t)1 << 16);
		market__text_slice(&text, texts[i].text);
		if (text.status != MARKET_OK)
			status = text.status;
		else if (text.len > 0)
			status = market_draft_set_text(
			    draft, texts[i].path, text.data, error);
		market__text_clear(&text);
	}
	if (status == MARKET_OK)
		status = market_draft_set_int(
		    draft, "header.revision", (int64_t)revision, error);
	if (status == MARKET_OK)
		status = market_draft_set_int(
		    draft, "header.issued_at", issued_at, error);
	if (status == MARKET_OK)
		status = market_draft_set_int(
		    draft, "header.not_after", holding->until, error);
	if (status == MARKET_OK)
		status = market_draft_set_int(
		    draft, "final", holding->final, error);
	return status;
}

static market_status_t
make(const market__cli_t *cli, const holding_t *holding, const char *id,
    uint64_t revision, int64_t issued_at, market_buffer_t *ret_envelope,
    market_error_t *error)
{
	market_draft_t *draft = NULL;
	market_status_t status;

	status = market_draft_new(cli->context, MARKET_KIND_HOLD, &draft);
	if (status == MARKET_OK)
		status = fill(
		    cli, holding, id, revision, issued_at, draft, error);
	if (status == MARKET_OK)
		status = market_draft_check(draft, error);
	if (status == MARKET_OK)
		status = market_draft_sign(draft, holding->signers.v,
		    holding->signers.n, MARKET_FORMAT_PROTOBUF, ret_envelope,
		    error);
	market_draft_free(draft);
	return status;
}

/*
 * A name that is too long for an id is named by a digest: that of a statement
 * which says of the listing nothing but its name, so that it stays the same.
 */
static market_status_t
digest_id(const market__cli_t *cli, holding_t *holding, market_error_t *error)
{
	holding_t bare = *holding;
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_statement_t *statement = NULL;
	market_status_t status;

	bare.final = false;
	bare.until = 0;
	bare.note = NULL;
	bare.reason = MARKET_WITHDRAWAL_REASON_POLICY;
	status = make(cli, &bare, "listing", 1, 1, &envelope, error);
	if (status == MARKET_OK)
		status = market_statement_parse(cli->context,
		    market_buffer_slice(&envelope),
		    MARKET_KINDS(MARKET_KIND_HOLD), &statement, error);
	if (status == MARKET_OK) {
		market__text_puts(&holding->id, "listing/");
		market__text_hex(
		    &holding->id, market_statement_digest(statement));
		status = holding->id.status;
	}
	market_statement_free(statement);
	market_buffer_clear(&envelope);
	return status;
}

static market_status_t
name_it(const market__cli_t *cli, holding_t *holding, market_error_t *error)
{
	const market_listing_t *listing = holding->listing;
	size_t len = sizeof("listing/") - 1 + listing->id.len;

	market__text_init(&holding->id, cli->allocator, 1024);
	if (len > ID_MAX)
		return digest_id(cli, holding, error);
	market__text_puts(&holding->id, "listing/");
	market__text_slice(&holding->id, listing->id);
	return holding->id.status;
}

static market_status_t
sign(const market__cli_t *cli, holding_t *holding, market_error_t *error)
{
	uint64_t revision = 0;
	market_status_t status;

	status = market_store_marketplace(
	    holding->run.store, &holding->marketplace, error);
	if (status == MARKET_OK)
		status = name_it(cli, holding, error);
	if (status == MARKET_OK)
		status = market_store_revision(holding->run.store,
		    MARKET_KIND_HOLD,
		    market_buffer_slice(&holding->marketplace),
		    market__slice(holding->id.data, holding->id.len), &revision,
		    error);
	if (status == MARKET_OK)
		status = make(cli, holding, holding->id.data, revision + 1,
		    holding->run.at, &holding->envelope, error);
	return status;
}

/* ---- into the store ---- */

static int
add(const market__cli_t *cli, const holding_t *holding)
{
	market_slice_t envelope = market_buffer_slice(&holding->envelope);
	market_additions_t *additions = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	const market_added_t *added;
	market_status_t status;
	market__text_t out;
	int rv, printed;

	status = market_store_add(holding->run.store, &envelope, 1,
	    holding->run.at, 0, &additions, &error);
	if (status != MARKET_OK)
		return market__cli_store_error(&holding->run, status, &error);
	added = market_additions_at(additions, 0);
	rv = market__cli_result_exit(added->result);
	market__text_init(&out, cli->allocator, SIZE_MAX / 2);
	market__cli_tell_added(cli, &out, NULL, envelope, added);
	printed = market__cli_print_text(&out);
	market_additions_free(additions);
	return printed == CLI_DONE ? rv : printed;
}

static int
hold(market__cli_t *cli, holding_t *holding)
{
	market_listings_t *listings = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	const char *listing = cli->operands[1];
	market_status_t status;
	int rv;

	status = market_store_why(holding->run.store, market_slice_of(listing),
	    holding->run.at, 0, &listings, NULL, &error);
	if (status != MARKET_OK)
		return market__cli_listing_error(
		    &holding->run, listing, status, &error);
	holding->listing = market_listings_at(listings, 0);
	status = sign(cli, holding, &error);
	if (status != MARKET_OK)
		rv = market__cli_error(NULL, status, &error);
	else
		rv = add(cli, holding);
	market_buffer_clear(&holding->marketplace);
	market_buffer_clear(&holding->envelope);
	market__text_clear(&holding->id);
	market_listings_free(listings);
	return rv;
}

static int
run(market__cli_t *cli, bool final)
{
	holding_t holding = { .final = final };
	int rv;

	rv = look_at_options(cli, &holding);
	if (rv == CLI_DONE)
		rv = market__cli_load_signers(cli, &holding.signers);
	if (rv == CLI_DONE)
		rv = market__cli_open(
		    cli, 2, 2, "a STORE and one LISTING", &holding.run);
	if (rv == CLI_DONE && holding.until != 0 &&
	    holding.until <= holding.run.at)
		rv = market__cli_usage(cli,
		    "--until %s is over already: the hold would not begin",
		    market__cli_value(cli, "--until", 0));
	if (rv == CLI_DONE)
		rv = hold(cli, &holding);
	market__cli_close(&holding.run);
	market__cli_free_signers(cli, &holding.signers);
	return rv;
}

int
market__cli_hold(market__cli_t *cli)
{
	return run(cli, false);
}

int
market__cli_remove(market__cli_t *cli)
{
	return run(cli, true);
}
