/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Key sets: a threshold of distinct keys. Decoding a key costs more than a
 * verification, so a key set is loaded once, from a statement that is
 * believed, and never from one that is not.
 */
#ifndef MARKET_MODEL_KEYSET_H
#define MARKET_MODEL_KEYSET_H

#include "model/statement.h"

typedef struct market__keyset_key {
	market_key_t *key;
	market_environment_t environment;
	int64_t not_before; /* 0: no bound */
	int64_t not_after;  /* 0: no bound */
} market__keyset_key_t;

typedef struct market__keyset {
	market_context_t *context;
	unsigned threshold;
	size_t n_keys;
	uint8_t id[MARKET_DIGEST_LEN]; /* over the ids of its keys, in order */
	market__keyset_key_t keys[MARKET__KEYS_MAX];
} market__keyset_t;

/* key_once.c: as market_key_from_spki(), decoded once in a context. */
market_status_t market__key_once(market_context_t *context, market_slice_t spki,
    market_key_t **ret_key, market_error_t *reterr);
/* What OpenSSL takes for one, or so. */
#define MARKET__KEY_BYTES 4096

/* A set of keys of one key set: bit i is key number i. */
typedef uint32_t market__keymask_t;

/*
 * Loads every key. MARKET_E_KEY (also one key twice), MARKET_E_ALGORITHM,
 * MARKET_E_SCHEMA, MARKET_E_MEMORY. `path` goes before the error's path.
 */
market_status_t market__keyset_load(market_context_t *context,
    const market__key_set_t *message, const char *path,
    market__keyset_t **ret_keyset, market_error_t *reterr);
void market__keyset_free(market__keyset_t *keyset);

/*
 * Which keys of the set signed the statement? Each key counts once, whatever
 * the number of its signatures and the key ids beside them.
 * Of anything but an offer the context keeps the answer (signed_once.c).
 * MARKET_OK, MARKET_E_MEMORY, MARKET_E_INTERNAL.
 */
market_status_t market__keyset_signers(const market__keyset_t *keyset,
    const market_statement_t *statement, market__keymask_t *ret_signers);

/* Keys that were tried on the signatures of one statement. */
#define MARKET__TRIED_MAX 16
typedef struct market__tried {
	size_t n;
	struct {
		uint8_t key[MARKET_DIGEST_LEN]; /* its id */
		size_t signature;               /* its number */
		bool good;
	} v[MARKET__TRIED_MAX];
} market__tried_t;

/*
 * The same, each signature verified. Whoever asks of several key sets that
 * have keys in common hands in `tried` (begins empty; NULL), so that none is
 * verified twice.
 */
market_status_t market__keyset_verify(const market__keyset_t *keyset,
    const market_statement_t *statement, market__tried_t *tried,
    market__keymask_t *ret_signers);

/*
 * May what these signers of `before` signed put `next` in its place? Where the
 * threshold signed, of keys of one environment: of production, if `before` has
 * such keys, or else a test key would give itself a production key.
 */
bool market__keyset_yields(const market__keyset_t *before,
    const market__keyset_t *next, market__keymask_t signers);

/*
 * Does a statement that names `next`, a trust root or a key set, follow
 * `before`? Where the thresholds of both signed it (TUF 1.0, 5.3.4) and
 * market__keyset_yields(). `ret_signers` are those of `before`. Statuses as
 * above.
 */
market_status_t market__keyset_follows(const market__keyset_t *before,
    const market__keyset_t *next, const market_statement_t *statement,
    market__keymask_t *ret_signers, bool *ret_follows);

/* The number of the key that the hint names, or n_keys. */
size_t market__keyset_hinted(
    const market__keyset_t *keyset, market_slice_t keyid);

/* Does key number `index` have that id? */
bool market__keyset_has_id(
    const market__keyset_t *keyset, size_t index, market_slice_t id);
/* Does any key? NULL has none. */
bool market__keyset_has(const market__keyset_t *keyset, market_slice_t id);

/* The same keys in the same order, with the same windows and threshold? */
bool market__keyset_same(const market__keyset_t *a, const market__keyset_t *b);

unsigned market__keymask_count(market__keymask_t mask);

#endif
