/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bag of evidence behind market_evidence_t. Statements are added one by
 * one; before the first question all are verified together ("sealed"), so
 * that the order in which they came does not matter: a sub-grant may come
 * before its parent, and a withdrawal before what it withdraws.
 */
#ifndef MARKET_API_EVIDENCE_H
#define MARKET_API_EVIDENCE_H

#include <pthread.h>

#include <market/evidence.h>

#include "verify/verify.h"

/* One statement as it was handed in. */
typedef struct market__handed {
	market_statement_t *statement; /* NULL: it did not parse */
	char *name;                    /* or NULL */
	char *fault;                   /* why it did not parse, or NULL */
	/* The rest is made by sealing. */
	market_code_t code;  /* why it is ignored, or NONE */
	const char *message; /* in the arena */
	bool orphan;         /* a grant whose parent is not here */
	const market__verified_t *verified; /* the first made of it, or NULL */
} market__handed_t;

/* What one slot holds. */
typedef struct market__shelf {
	market_slice_t slot;
	const market__verified_t **verified;
	size_t n_verified;
	const market_statement_t **orphans;
	size_t n_orphans;
} market__shelf_t;

/* The keys that a party of the root has by now. */
typedef struct market__held_keys {
	const market__keyset_t *keys;
	const market__verified_t *by; /* the last of its key sets, or NULL */
} market__held_keys_t;

struct market_evidence {
	market_context_t *context;
	struct market_root *root;
	market_statement_t *policy;
	market__verified_t policy_by_root;  /* with the root's keys */
	market__verified_t policy_verified; /* with those of now */

	market__handed_t *handed;
	size_t n_handed, handed_capacity;

	/* Made by the one thread that seals; constant while `sealed`. */
	pthread_mutex_t lock; /* of the two flags */
	pthread_cond_t done;
	bool sealing;
	bool sealed;
	market__arena_t arena;
	market__verified_t **verified;
	size_t n_verified, verified_capacity;
	market__held_keys_t *party_keys; /* in the order of the root */
	market__keyset_t **keysets;      /* loaded for this seal */
	size_t n_keysets, keysets_capacity;
	market__shelf_t *shelves; /* sorted by slot */
	size_t n_shelves;
	market_ignored_t *ignored;
	size_t n_ignored;
	struct market__memo *answers; /* base/memo.h */
};

/* Verifies and files everything; does nothing if it is done already. */
market_status_t market__evidence_seal(market_evidence_t *evidence);

/* What sealing made is given back; what was handed in stays. */
void market__evidence_unseal(market_evidence_t *evidence);

/* evidence_verify.c: with whose keys, and in what role. */
market_status_t market__evidence_verify(market_evidence_t *evidence);

/*
 * evidence_keys.c: follows the key sets of each party, from its keys in the
 * root on.
 */
market_status_t market__evidence_follow_keys(market_evidence_t *evidence);

/* The keys of a party; NULL if it is none of the root's. */
const market__held_keys_t *market__evidence_keys_of(
    const market_evidence_t *evidence, market_slice_t party);

/* Keeps what is verified, and loads the keys that it names. */
market_status_t market__evidence_admit(market_evidence_t *evidence,
    market__handed_t *handed, const market__verified_t *verified);

/* The statement with that digest that was handed in, or NULL. */
market__handed_t *market__evidence_find(
    const market_evidence_t *evidence, market_slice_t digest);

/* evidence_file.c: revisions, forks and slots. */
market_status_t market__evidence_file(market_evidence_t *evidence);

/* evidence_tell.c: lists what is ignored, once revisions are settled. */
market_status_t market__evidence_tell(market_evidence_t *evidence);

/* The look-up that an evaluation is given. */
market_status_t market__evidence_read(
    const void *user, market_slice_t key, market__slot_t *ret_slot);

bool market__evidence_any(const void *user, market_slice_t beginning);

/* Drops the answers that are kept. */
void market__evidence_forget(market_evidence_t *evidence);

/* Answers a question; a clearer for market__decide(). */
market_status_t market__evidence_answer(void *user,
    const market__question_t *question, int64_t at, market__arena_t *arena,
    market__clearance_t *ret, market__shared_t **ret_owner);

/*
 * Judges an offer by the evidence, which it seals; check.c. The statuses of
 * market_check(), without their words.
 */
market_status_t market__evidence_judge(market_evidence_t *evidence,
    const market__offered_t *offered, int64_t at,
    market_decision_t **ret_decision);
/* Puts such a status in words, and returns it. */
market_status_t market__evidence_word(
    market_status_t status, market_error_t *reterr);

/* Says why a statement is ignored; the first reason stays. */
market_status_t market__evidence_ignore(market_evidence_t *evidence,
    market__handed_t *handed, market_code_t code, const char *format, ...)
    MARKET__PRINTF(4, 5);

#endif
