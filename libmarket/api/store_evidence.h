/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the store: the evidence. A statement is taken in, verified again
 * whenever it is loaded, and found by the slots that it lies in.
 */
#ifndef MARKET_API_STORE_EVIDENCE_H
#define MARKET_API_STORE_EVIDENCE_H

#include "api/root.h"
#include "api/store_call.h"

/* ---- store_fact.c: accepted statements, verified again ---- */

/* By whose keys a statement was accepted, and whether that still counts. */
typedef struct market__ground {
	market__authority_t authority;
	struct market__fact *under; /* that gave the keys, or NULL */
	struct market__fact *keyed; /* a party's key set that gave them, or
				       NULL: the root did */
	const market__keyset_t *keys;
	market__keymask_t signers;
	bool by_marketplace;
	bool stands; /* is evidence under the current root */
} market__ground_t;

#define MARKET__GROUNDS_MAX 4096

/* Immutable. */
typedef struct market__fact {
	market__cached_t cached;
	market__statement_row_t row; /* text lives in the statement, or here */
	market_statement_t *statement;
	market__keyset_t *conveyed;
	market_root_t *root; /* of a trust root alone */
	market__ground_t *grounds;
	size_t n_grounds;
	uint64_t *marks; /* of a status page, whose entries are not kept here */
	size_t n_marks;
	market__cached_t **needs; /* roots and facts that it points into */
	size_t n_needs, needs_capacity;
	market__cache_t *cache;
	market__arena_t arena;
} market__fact_t;

/* The fact of a row; kept until the call ends. */
market_status_t market__fact_get(market__call_t *call,
    const market__statement_row_t *row, market__fact_t **ret_fact);

/* Is statement number `no` in the cache? */
bool market__fact_is_loaded(market__call_t *call, uint64_t no);

/* The whole statement of a fact, parsed once more. */
market_status_t market__fact_reread(market__call_t *call,
    const market__fact_t *fact, market_statement_t **ret_statement);

/* ---- store_status.c: pages whose entries are left in the store ---- */

/* Keeps marks of the entries of a status, and lets go of the rest. */
market_status_t market__fact_abridge(
    market__call_t *call, market__fact_t *fact);

/* As market__lookup_t has them. */
market_status_t market__page_lists(const void *user,
    const market__verified_t *page, market_slice_t digest, bool *ret_lists);
market_status_t market__pages_vanished(const void *user,
    const market__pages_t *pages, uint8_t ret_digest[MARKET_DIGEST_LEN],
    bool *ret_vanished);

/* The row of statement number `no`, in the call's arena; NOT_FOUND, which is
 * left to be told. */
market_status_t market__fact_row(
    market__call_t *call, uint64_t no, const market__statement_row_t **ret_row);

/* ---- store_keys.c: the keys of parties ---- */

typedef struct market__fact_keys {
	const market__keyset_t *keys; /* NULL: no party of that root */
	market__fact_t *by;           /* the last of its key sets, or NULL */
	size_t n;                     /* how many they are */
} market__fact_keys_t;

/*
 * The keys that a party has under that root by the key sets with row numbers
 * below `before`; kept until the call ends.
 */
market_status_t market__fact_keys(market__call_t *call, market__fact_t *root,
    market_slice_t party, uint64_t before, market__fact_keys_t *ret_keys);

/*
 * Is the key set statement the next step after these keys? `own` are those
 * that it names, `ret_signers` those of the keys before it.
 */
market_status_t market__fact_keys_follow(market__call_t *call,
    const market__fact_t *root, const market__fact_keys_t *before,
    const market_statement_t *statement, const market__keyset_t *own,
    market__keymask_t *ret_signers, bool *ret_follows);

/* "keys/mi.com" */
market_status_t market__slot_keys(
    market__call_t *call, market_slice_t party, market_slice_t *ret_key);

/* "statement 12: WHAT; run market fsck" */
market_status_t market__fact_damaged(
    market__call_t *call, uint64_t no, const char *what);

/* store_ground.c: verifies a fact on each of its grounds. */
market_status_t market__fact_ground(market__call_t *call, market__fact_t *fact);

/* The keys that a statement names for its subject, and their field; NULL. */
const market__key_set_t *market__conveys(const market__message_t *message);
const char *market__conveys_at(const market__message_t *message);
/* That subject, by which the keys are found; empty. */
market_slice_t market__conveys_to(const market__message_t *message);

/* All rows of a query that the view knows, in pages. */
market_status_t market__fact_rows(market__call_t *call,
    market__statement_query_t *query, const market__statement_row_t ***ret_rows,
    size_t *ret_n);

/* The root that rules in this view. */
market_status_t market__fact_root(
    market__call_t *call, market__fact_t **ret_fact);

/*
 * The verified statement on one of its grounds, with all that it stands under,
 * in `arena`; its name is not settled.
 */
market_status_t market__fact_verified(market__call_t *call,
    const market__fact_t *fact, size_t ground, market__arena_t *arena,
    market__verified_t **ret_verified);

/* What a statement's grounds are, as a row keeps them. */
market_status_t market__grounds_encode(const market__ground_t *grounds,
    size_t n, market__arena_t *arena, market_slice_t *ret_bytes);

/* ---- store_slot.c: slots ---- */

/* What a slot holds, settled; its key in the cache is "S" and its name. */
typedef struct market__shelved {
	market__cached_t cached;
	market__slot_t slot;
	uint64_t no;      /* of its row; 0: not known */
	uint64_t counter; /* its version */
	uint8_t chain[MARKET_DIGEST_LEN];
	market_slice_t *rests_on; /* slots whose change makes it another */
	size_t n_rests_on;
	market__cached_t **facts; /* that it points into */
	size_t n_facts;
	market__cache_t *cache;
	market__arena_t arena;
} market__shelved_t;

/* The look-up of a call: `user` is one of these. */
typedef struct market__slot_user {
	market__call_t *call;
} market__slot_user_t;

/* store_filed.c: as market__lookup_t has it; of a market__slot_user_t. */
bool market__filed_any(const void *user, market_slice_t beginning);

market_status_t market__slot_read(
    const void *user, market_slice_t key, market__slot_t *ret_slot);

/* The slot itself; kept until the call ends. */
market_status_t market__slot_get(
    market__call_t *call, market_slice_t key, market__shelved_t **ret_shelf);

/* Remembers the number of the slot's row. */
void market__slot_numbered(market__call_t *call, market__shelved_t *shelf,
    const market__slot_row_t *row);

/* store_suppose.c: what call->supposed makes of a slot. */
market_status_t market__slot_suppose(
    market__call_t *call, market_slice_t key, market__slot_t *slot);

/* ---- store_version.c: versions of slots ---- */

/* Keys, in the call's arena: "authorization/xiaomi/importer.example", */
market_status_t market__slot_spell(market__call_t *call, const char *prefix,
    const market_slice_t *components, size_t n, market_slice_t *ret_key);
/* where the statement is filed, */
market_status_t market__slot_filed(market__call_t *call,
    const market_statement_t *statement, market_slice_t *ret_key);
/* and "name/grant/mi.com/g-1". */
market_status_t market__slot_name(market__call_t *call, market_kind_t kind,
    market_slice_t issuer, market_slice_t id, market_slice_t *ret_key);

/*
 * Moves the version of each slot that the statement's row changes: its own,
 * that of its name, and those in which revisions of its name stand.
 */
market_status_t market__slot_move(
    market__call_t *call, const market__statement_row_t *row);

/* The version that a slot's rows make, to be compared with the one kept. */
market_status_t market__slot_version(market__call_t *call, market_slice_t key,
    uint64_t *ret_counter, uint8_t *ret_chain);

/* The version of a slot; its row is made if `write` and it is not there. */
market_status_t market__slot_row(market__call_t *call, market_slice_t key,
    bool make, market__slot_row_t *ret_row);

/* The policy of the highest revision that still is one; NULL: none. */
market_status_t market__slot_policy(
    market__call_t *call, const market_statement_t **ret_policy);

/* ---- store_accept.c: one statement ---- */

typedef struct market__acceptance {
	market_result_t result;
	market_code_t code;
	const char *message; /* in the call's arena, or NULL */
	uint64_t entry;
	bool later; /* refused for want of what may come with the others */
	bool rekey; /* ... of other keys, or another role, of its issuer */
} market__acceptance_t;

/* Verifies and files a parsed statement, in the write transaction. */
market_status_t market__accept(market__call_t *call,
    market_statement_t *statement, market__acceptance_t *ret);

/* The same of a feed's list, whose rows are taken in with it. */
market_status_t market__accept_feed(
    market__call_t *call, market_statement_t *feed, market__acceptance_t *ret);

/* The trust root that a store begins with; its own keys have signed it. */
market_status_t market__accept_first(
    market__call_t *call, market_statement_t *root);

#endif
