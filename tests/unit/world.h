/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A world of signed statements in which one offer is permitted, and edits that
 * break it in one place. Keys are made from their names, so that the same
 * world has the same bytes in every run.
 *
 * The good world: mi.com owns the brand xiaomi, t-mobile.com the network
 * t-mobile.com/us, usmobile.com is the marketplace and an MVNO beneath it
 * (usmobile.com/us), fcc.gov certifies the scheme fcc in the US.
 * shop.example sells xiaomi 2014215 on t-mobile.com/us; it is 2016-02-01.
 *
 * Statements by name: root, policy, seller, product, network, mvno, grant
 * (mi.com to shop.example), carrier and fcc (certifications), offer. Not
 * there, but known to `+`: any other name, of the kind that is given.
 *
 * An edit is one text:
 *   "NAME {patch}"          JSON merge patch (RFC 7396) on the statement; a
 *                           member "x+" adds to the end of the list "x", and
 *                           "x[2]" patches its third element
 *   "+NAME KIND ISSUER {doc}"  one more statement, with a header of its own
 *   "+NAME =OTHER {patch}"  a copy of another, patched
 *   "-NAME"                 taken away
 *   "NAME @KEY KEY..."      signed by these keys instead ("shop.example",
 *                           "shop.example#2", "forger")
 *   "NAME !"                its signature is made invalid
 * In a patch or document without any ", ' stands for it. Inside one,
 * "$digest:NAME", "$key:KEY" (its id) and "$spki:KEY" are put in as base64;
 * "$keys:KEY KEY" is a production key set with threshold 1,
 * "$2-keys:KEY KEY KEY" one with threshold 2, "$test-keys:KEY" one of test
 * keys.
 */
#ifndef TESTS_UNIT_WORLD_H
#define TESTS_UNIT_WORLD_H

#include <market/market.h>

#include "harness.h"

typedef struct world world_t;

#define WORLD_NOW "2016-02-01T12:00:00Z"

/* The good world. Every failure of these functions ends the test. */
world_t *world_new(void);
world_t *world_new_with(market_context_t *context);
void world_free(world_t *world);
void world_edit(world_t *world, const char *edit);

market_context_t *world_context(world_t *world);

/* The signed envelope of a statement, borrowed until the next edit. */
market_slice_t world_envelope(world_t *world, const char *name);

/* The statement before it is signed, for market_draft_free(). */
market_draft_t *world_draft(world_t *world, const char *name);

/* The signer of a key by its name, borrowed from the world. */
market_signer_t *world_signer(world_t *world, const char *key);

/* The name of key number `index`; NULL past the end. */
const char *world_key_name(world_t *world, size_t index);

/* Name of statement number `index`: "" for what is no evidence (root, policy,
 * offers); NULL past the end. */
const char *world_evidence_name(world_t *world, size_t index);

/* Evidence of all but root, policy and offers; order by `seed` (0: as is). */
market_evidence_t *world_evidence(world_t *world, unsigned seed);

/* Judges the statement `offer` at an instant (RFC 3339). */
market_decision_t *world_check(
    world_t *world, const char *offer, const char *at);

int64_t world_time(const char *rfc3339);

/* Is there such a finding, in the offer or in a cell? */
bool world_has(const market_decision_t *decision, market_code_t code);
/* The finding, or NULL. */
const market_finding_t *world_find(
    const market_decision_t *decision, market_code_t code);
/* Is a statement ignored with that code? */
bool world_ignores(world_t *world, const char *name, market_code_t code);

/* One row of a table: edits, an instant, and what must come out. */
#define WORLD_EDITS_MAX 16
#define WORLD_CODES_MAX 5
typedef struct world_row {
	const char *label;
	market_verdict_t want;
	const char *at; /* NULL: WORLD_NOW */
	const char *edits[WORLD_EDITS_MAX];
	/* Codes that must be told; negative: must not be told. */
	int codes[WORLD_CODES_MAX];
	/* NULL, or "NAME": this statement is ignored with `ignored_code`. */
	const char *ignored;
	market_code_t ignored_code;
} world_row_t;

/* Judges the row and fails with its label and the whole report. */
void world_run_row(const world_row_t *row);

#endif
