/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decisions: may this offer be listed? One answer per cell (territory x
 * channel x network), with everything that speaks for and against it.
 */
#ifndef MARKET_DECISION_H
#define MARKET_DECISION_H

#include <market/evidence.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Immutable; may be shared between threads. */
typedef struct market_decision market_decision_t;

/*
 * Judges one offer (an envelope) against the evidence as of `at`, in Unix
 * seconds, UTC. The answer depends on the arguments alone: no clock is read.
 *
 * *ret_decision is given with MARKET_OK, MARKET_E_DENIED and
 * MARKET_E_INDETERMINATE, and is untouched otherwise; a caller who looks at
 * nothing but the status publishes nothing that is not permitted in all of
 * its cells. An offer that does not parse has no decision.
 *
 * MARKET_OK: permitted in every cell that the offer asks for.
 * MARKET_E_DENIED, MARKET_E_INDETERMINATE: the verdict of the worst cell.
 * MARKET_E_ARGUMENT (`at` outside years 1970 to 9999), MARKET_E_ENCODING,
 * MARKET_E_SCHEMA, MARKET_E_LIMIT, MARKET_E_KIND, MARKET_E_MEMORY,
 * MARKET_E_UNSUPPORTED, MARKET_E_INTERNAL: no decision could be made.
 *
 * Threads: several may check against the same evidence at once.
 */
MARKET_API MARKET_NODISCARD market_status_t market_check(
    market_evidence_t *evidence, market_slice_t offer, int64_t at,
    market_decision_t **ret_decision, market_error_t *reterr);

/*
 * Is the offer sure to be refused? For a door at which strangers knock: some
 * look-ups and no signature, so that junk costs a small part of what it would
 * cost to check it. Looked at are its encoding and size, its end, its
 * marketplace, whether a current grant names the seller and covers the model in
 * any cell, and whether the key ids beside the signatures are of keys that the
 * seller has here. A signature that names a key is taken at its word, which
 * market_check() does not do: whoever writes key ids must write the right ones.
 *
 * Nothing is permitted by it: what passes is to be checked.
 *
 * MARKET_OK: worth a market_check(). MARKET_E_DENIED: it would be denied, or
 * indeterminate; `reterr` says what and where. The rest as market_check(): no
 * decision could be made.
 *
 * Threads: as market_check().
 */
MARKET_API MARKET_NODISCARD market_status_t market_screen(
    market_evidence_t *evidence, market_slice_t offer, int64_t at,
    market_error_t *reterr);

/* NULL is fine. */
MARKET_API void market_decision_free(market_decision_t *decision);

/* The worst cell's verdict; deny where the offer has no cell. */
MARKET_API market_verdict_t market_decision_verdict(
    const market_decision_t *decision);

/* The offer that was judged, borrowed. */
MARKET_API const market_statement_t *market_decision_offer(
    const market_decision_t *decision);

/* The instant that was asked for. */
MARKET_API int64_t market_decision_at(const market_decision_t *decision);

/* Finding number `index` of the offer itself; NULL past the end. */
MARKET_API const market_finding_t *market_decision_finding(
    const market_decision_t *decision, size_t index);

/*
 * One cell, borrowed from the decision. `service` is UNSPECIFIED where it
 * cannot be told. The answer holds in [at, horizon) while the evidence stands.
 */
typedef struct market_cell {
	market_slice_t territory;
	market_channel_t channel;
	market_slice_t network;
	market_verdict_t verdict;
	market_service_t service;
	int64_t horizon;
	size_t disclosure_count; /* disclosures that are due */
	const market_disclosure_t *disclosures;
	size_t finding_count;
	const market_finding_t *findings;
	size_t
	    used_count; /* digests of the evidence that the answer rests on */
	const market_slice_t *used;
	size_t missing_count; /* what the best candidate still lacks */
	const char *const *missing;
} market_cell_t;

/* Cell number `index`, in order of the offer's lists; NULL past the end. */
MARKET_API const market_cell_t *market_decision_cell(
    const market_decision_t *decision, size_t index);

/* A key that signed a statement. */
typedef struct market_source_key {
	market_slice_t id; /* MARKET_DIGEST_LEN bytes */
	int counts;        /* 0: withdrawn, outside its window when the
			      statement was accepted, or of the other
			      environment */
} market_source_key_t;

/*
 * A statement that a decision speaks of: the offer, what a cell rests on, what
 * a finding is about, and what vouches for the keys of these. Borrowed from
 * the decision. A digest that is not given is empty.
 */
typedef struct market_source {
	market_slice_t digest;
	market_kind_t kind;
	market_slice_t issuer;
	market_slice_t id;
	uint64_t revision;
	int64_t not_before;  /* 0: no beginning */
	int64_t not_after;   /* 0: no end */
	const char *subject; /* whom or what it is about, printable; or NULL */
	unsigned link;       /* of an authorization: 1 for the brand's own, 2
				for the one beneath it; else 0 */
	unsigned threshold;  /* how many keys have to sign; 0: whose keys
				cannot be told, since its parent is not here */
	unsigned key_count;  /* ... of how many */
	size_t signer_count; /* distinct keys that did, in order of their ids */
	const market_source_key_t *signers;
	market_slice_t keys_by; /* the statement that names those keys */
	market_slice_t parent;  /* the grant or certification that it stands
				   beneath; of a network, its host's */
} market_source_t;

/*
 * Source number `index`, in order of kind, link, issuer, id, revision and
 * digest; NULL past the end.
 */
MARKET_API const market_source_t *market_decision_source(
    const market_decision_t *decision, size_t index);

/*
 * The whole decision as JSON in one line, or as a text tree for a person in
 * `width` columns (0: 80). The same inputs give the same bytes everywhere.
 * MARKET_E_ARGUMENT, MARKET_E_MEMORY.
 */
MARKET_API MARKET_NODISCARD market_status_t market_decision_json(
    const market_decision_t *decision, market_buffer_t *ret_json);
MARKET_API MARKET_NODISCARD market_status_t market_decision_text(
    const market_decision_t *decision, unsigned width,
    market_buffer_t *ret_text);

#ifdef __cplusplus
}
#endif

#endif
