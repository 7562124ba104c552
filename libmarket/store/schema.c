/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "store/schema.h"

typedef struct step {
	const char *text;
	/* Rows lie in the order of their key. Not so for what is wide: there
	 * the key is an index of its own, and a row fills its page. */
	bool keyed;
} step_t;

static const step_t first[] = {
	{ "CREATE TABLE marketplace (market BIGINT NOT NULL, "
	  "store BYTEA NOT NULL, PRIMARY KEY (market))",
	    true },
	{ "CREATE TABLE head (market BIGINT NOT NULL, "
	  "epoch BIGINT NOT NULL, epoch_chain BYTEA NOT NULL, "
	  "entries BIGINT NOT NULL, entry_chain BYTEA NOT NULL, "
	  "settled BIGINT NOT NULL, slots BIGINT NOT NULL, "
	  "questions BIGINT NOT NULL, listings BIGINT NOT NULL, "
	  "parties BIGINT NOT NULL, clock BIGINT NOT NULL, "
	  "PRIMARY KEY (market))",
	    true },
	{ "CREATE TABLE tail (market BIGINT NOT NULL, store BYTEA NOT NULL, "
	  "writes BIGINT NOT NULL, last_statement BIGINT NOT NULL, "
	  "last_payload BIGINT NOT NULL, last_slot BIGINT NOT NULL, "
	  "last_clearance BIGINT NOT NULL, last_party BIGINT NOT NULL, "
	  "last_listing BIGINT NOT NULL, last_entry BIGINT NOT NULL, "
	  "PRIMARY KEY (market))",
	    true },
	{ "CREATE TABLE statement (market BIGINT NOT NULL, "
	  "no BIGINT NOT NULL, slot BYTEA NOT NULL, digest BYTEA NOT NULL, "
	  "kind BIGINT NOT NULL, issuer BYTEA NOT NULL, id BYTEA NOT NULL, "
	  "revision BYTEA NOT NULL, subject BYTEA NOT NULL, "
	  "seen_at BIGINT NOT NULL, entry BIGINT NOT NULL, "
	  "basis BIGINT NOT NULL, grounds BYTEA NOT NULL, "
	  "PRIMARY KEY (market, no))",
	    true },
	{ "CREATE INDEX statement_slot ON statement (market, slot, no)",
	    false },
	{ "CREATE INDEX statement_digest ON statement (market, digest, no)",
	    false },
	{ "CREATE INDEX statement_name ON statement "
	  "(market, kind, issuer, id, no)",
	    false },
	{ "CREATE INDEX statement_subject ON statement "
	  "(market, kind, subject, no)",
	    false },
	{ "CREATE TABLE slot (market BIGINT NOT NULL, no BIGINT NOT NULL, "
	  "name BYTEA NOT NULL, counter BIGINT NOT NULL, "
	  "chain BYTEA NOT NULL, epoch BIGINT NOT NULL, "
	  "PRIMARY KEY (market, no))",
	    true },
	{ "CREATE UNIQUE INDEX slot_name ON slot (market, name)", false },
	{ "CREATE INDEX slot_epoch ON slot (market, epoch, no)", false },
	{ "CREATE TABLE clearance (market BIGINT NOT NULL, "
	  "no BIGINT NOT NULL, hash BYTEA NOT NULL, question BYTEA NOT NULL, "
	  "verdict BIGINT NOT NULL, computed_at BIGINT NOT NULL, "
	  "horizon BIGINT NOT NULL, epoch BIGINT NOT NULL, "
	  "evaluator BIGINT NOT NULL, versions BYTEA NOT NULL, "
	  "ended BIGINT NOT NULL, entry BIGINT NOT NULL, "
	  "cells BIGINT NOT NULL, result BYTEA NOT NULL, "
	  "PRIMARY KEY (market, no))",
	    true },
	{ "CREATE UNIQUE INDEX clearance_hash ON clearance (market, hash)",
	    false },
	{ "CREATE INDEX clearance_horizon ON clearance (market, horizon, no)",
	    false },
	{ "CREATE TABLE clearance_read (market BIGINT NOT NULL, "
	  "clearance BIGINT NOT NULL, slot BIGINT NOT NULL, "
	  "PRIMARY KEY (market, clearance, slot))",
	    true },
	{ "CREATE INDEX clearance_read_slot ON clearance_read "
	  "(market, slot, clearance)",
	    false },
	{ "CREATE TABLE party (market BIGINT NOT NULL, no BIGINT NOT NULL, "
	  "name BYTEA NOT NULL, listings BIGINT NOT NULL, "
	  "questions BIGINT NOT NULL, statements BIGINT NOT NULL, "
	  "early BIGINT NOT NULL, PRIMARY KEY (market, no))",
	    true },
	{ "CREATE UNIQUE INDEX party_name ON party (market, name)", false },
	{ "CREATE TABLE listing (market BIGINT NOT NULL, no BIGINT NOT NULL, "
	  "seller BIGINT NOT NULL, offer_id BYTEA NOT NULL, "
	  "digest BYTEA NOT NULL, revision BYTEA NOT NULL, "
	  "intent BIGINT NOT NULL, flags BIGINT NOT NULL, "
	  "began BIGINT NOT NULL, offer_entry BIGINT NOT NULL, "
	  "last_entry BIGINT NOT NULL, not_before BIGINT NOT NULL, "
	  "not_after BIGINT NOT NULL, disclosures BIGINT NOT NULL, "
	  "questions BYTEA NOT NULL, PRIMARY KEY (market, no))",
	    true },
	{ "CREATE UNIQUE INDEX listing_offer ON listing "
	  "(market, seller, offer_id)",
	    false },
	{ "CREATE TABLE listing_question (market BIGINT NOT NULL, "
	  "question BIGINT NOT NULL, listing BIGINT NOT NULL, "
	  "PRIMARY KEY (market, question, listing))",
	    true },
	{ "CREATE TABLE entry (market BIGINT NOT NULL, seq BIGINT NOT NULL, "
	  "at BIGINT NOT NULL, kind BIGINT NOT NULL, "
	  "object BIGINT NOT NULL, prev BIGINT NOT NULL, "
	  "cause BIGINT NOT NULL, detail BYTEA NOT NULL, "
	  "PRIMARY KEY (market, seq))",
	    true },
	{ "CREATE TABLE payload (market BIGINT NOT NULL, "
	  "entry BIGINT NOT NULL, bytes BYTEA NOT NULL, "
	  "PRIMARY KEY (market, entry))",
	    false },
};

static const step_t feeds[] = {
	{ "CREATE TABLE feed (market BIGINT NOT NULL, no BIGINT NOT NULL, "
	  "last_entry BIGINT NOT NULL, state BYTEA NOT NULL, "
	  "PRIMARY KEY (market, no))",
	    true },
};

/* Rows that came together lie together (pack.h); an entry and a listing are
 * either in one, or a row of their own. Of listings some packs make a segment,
 * which counts for each question how many of its listings ask it. */
static const step_t packs[] = {
	{ "CREATE TABLE entry_pack (market BIGINT NOT NULL, "
	  "last BIGINT NOT NULL, first BIGINT NOT NULL, "
	  "bytes BYTEA NOT NULL, PRIMARY KEY (market, last))",
	    false },
	{ "CREATE TABLE listing_pack (market BIGINT NOT NULL, "
	  "last BIGINT NOT NULL, first BIGINT NOT NULL, "
	  "seller BIGINT NOT NULL, first_id BYTEA NOT NULL, "
	  "last_id BYTEA NOT NULL, questions BYTEA NOT NULL, "
	  "bytes BYTEA NOT NULL, PRIMARY KEY (market, last))",
	    false },
	{ "CREATE UNIQUE INDEX listing_pack_id ON listing_pack "
	  "(market, seller, last_id)",
	    false },
	{ "CREATE TABLE segment (market BIGINT NOT NULL, "
	  "last BIGINT NOT NULL, first BIGINT NOT NULL, "
	  "questions BYTEA NOT NULL, PRIMARY KEY (market, last))",
	    true },
	{ "ALTER TABLE tail ADD COLUMN last_entry_pack BIGINT NOT NULL "
	  "DEFAULT 0",
	    false },
	{ "ALTER TABLE tail ADD COLUMN last_listing_pack BIGINT NOT NULL "
	  "DEFAULT 0",
	    false },
	{ "ALTER TABLE tail ADD COLUMN last_segment BIGINT NOT NULL "
	  "DEFAULT 0",
	    false },
};

static const struct {
	const step_t *steps;
	size_t n;
} migrations[MARKET__SCHEMA_VERSION] = {
	{ first, MARKET__COUNT(first) },
	{ feeds, MARKET__COUNT(feeds) },
	{ packs, MARKET__COUNT(packs) },
};

static market_status_t
run(market__sql_t *sql, const step_t *step, market_error_t *reterr)
{
	char text[1024];
	int len;

	len = snprintf(text, sizeof(text), "%s%s", step->text,
	    step->keyed ? sql->driver->keyed : "");
	if (len < 0 || (size_t)len >= sizeof(text))
		return market__error(reterr, MARKET_E_INTERNAL, sql->location,
		    -1, "a migration is too long");
	return sql->driver->execute(sql, text, reterr);
}

market_status_t
market__schema_migrate(
    market__sql_t *sql, uint32_t from, market_error_t *reterr)
{
	market_status_t rv = MARKET_OK;
	size_t i;

	for (; rv == MARKET_OK && from < MARKET__COUNT(migrations); from++)
		for (i = 0; rv == MARKET_OK && i < migrations[from].n; i++)
			rv = run(sql, &migrations[from].steps[i], reterr);
	return rv;
}
