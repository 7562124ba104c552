/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small world to play in: parties with keys made for this run, a trust root
 * that names them, and statements read from JSON documents and signed by the
 * party that issues them. A real marketplace does none of this by itself: the
 * keys are each party's own, and what arrives is signed already.
 */
#ifndef EXAMPLES_WORLD_H
#define EXAMPLES_WORLD_H

#include <market/market.h>

#define WORLD_PARTIES_MAX 16

#define IMPORTER "omnielectronics.example"

/* Instants, in Unix seconds. */
#define DAY_2016_01_15 INT64_C(1452816000)
#define DAY_2016_02_01 INT64_C(1454284800)
#define DAY_2017_02_01 INT64_C(1485907200)
#define DAY_2022_01_01 INT64_C(1640995200)
#define DAY_2022_03_01 INT64_C(1646092800)
#define DAY_2022_07_01 INT64_C(1656633600)
#define DAY_2022_07_02 INT64_C(1656720000)
#define DAY_2023_02_01 INT64_C(1675209600)

typedef struct party {
	const char *name;
	market_signer_t *signer;
} party_t;

typedef struct world {
	market_context_t *context;
	const char *folder; /* where the documents are */
	party_t parties[WORLD_PARTIES_MAX];
	size_t n_parties;
	market_evidence_t *evidence;
	const char *doing; /* what failed, if something did */
	market_error_t error;
} world_t;

/* A document to be signed. */
typedef struct document {
	const char *file;
	market_kind_t kind;
	const char *issuer;
	const char *subject; /* whose keys it names, or NULL */
	int happened;        /* else the story only supposes it */
	const char *says;
} document_t;

/* Writes over a document's own revision and times, unless it is NULL. */
typedef struct term {
	int64_t revision;
	int64_t from;
	int64_t until;
} term_t;

/* Each gives a status; world->error and world->doing say more of a failure. */
market_status_t world_open(world_t *world, const char *folder);
void world_close(world_t *world);

/* The party's signer, with a new key when it is asked for first. */
market_status_t world_signer(
    world_t *world, const char *party, market_signer_t **ret_signer);

/* Names that party's key in a key set of the draft, such as "keys". */
market_status_t world_name_key(world_t *world, market_draft_t *draft,
    const char *path, const char *party, const char *environment);

/* Sets revision and times of the draft, unless `term` is NULL. */
market_status_t world_term(
    world_t *world, market_draft_t *draft, const term_t *term);

/* The document as a draft, with the keys that it is to name. */
market_status_t world_draft(world_t *world, const document_t *document,
    const term_t *term, market_draft_t **ret_draft);

/* Signed by one party. */
market_status_t world_sign(world_t *world, const market_draft_t *draft,
    const char *party, market_buffer_t *ret_envelope);
market_status_t world_envelope(world_t *world, const document_t *document,
    const term_t *term, market_buffer_t *ret_envelope);

/* The root of all that is trusted here, signed. */
market_status_t world_root(
    world_t *world, const term_t *term, market_buffer_t *ret_envelope);

/* Evidence afresh, under this policy: nothing that was handed in remains. */
market_status_t world_begin(
    world_t *world, const document_t *policy, const term_t *term);

/* Hands a document in as evidence. */
market_status_t world_hand(
    world_t *world, const document_t *document, const term_t *term);

/* Tells on stderr what went wrong. */
void world_complain(const world_t *world, market_status_t status);

#endif
