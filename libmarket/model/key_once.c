/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same key stands in the root, in grants and in seller statements, and
 * decoding it costs as much as half a verification: a context decodes it once.
 * Only key sets of statements that are believed come here, so that nobody
 * fills the place with keys of his own.
 */
#include "base/memo.h"
#include "model/keyset.h"

typedef struct key_once {
	market__kept_t kept;
	market_key_t *key;
} key_once_t;

static void
free_once(const market_allocator_t *allocator, market__shared_t *shared)
{
	key_once_t *once = (key_once_t *)(void *)shared;

	market_key_free(once->key);
	market__free(allocator, once);
}

static market_status_t
keep(market_context_t *context, market_key_t *key)
{
	key_once_t *once = market__alloc(&context->allocator, sizeof(*once));

	if (once == NULL)
		return MARKET_E_MEMORY;
	atomic_init(&once->kept.shared.references, 1);
	once->kept.shared.free = free_once;
	once->kept.size = MARKET__KEY_BYTES;
	once->kept.key = market_key_spki(key);
	once->key = market_key_ref(key);
	market__memo_put(context->keys, &once->kept);
	market__shared_release(&context->allocator, &once->kept.shared);
	return MARKET_OK;
}

market_status_t
market__key_once(market_context_t *context, market_slice_t spki,
    market_key_t **ret_key, market_error_t *reterr)
{
	market_key_t *key = NULL;
	market_status_t status;
	key_once_t *once;

	once = (key_once_t *)(void *)market__memo_find(context->keys, spki);
	if (once != NULL) {
		*ret_key = market_key_ref(once->key);
		market__shared_release(&context->allocator, &once->kept.shared);
		return MARKET_OK;
	}
	status = market_key_from_spki(context, spki, &key, reterr);
	if (status != MARKET_OK)
		return status;
	status = keep(context, key);
	if (status != MARKET_OK) {
		market_key_free(key);
		return market__error(
		    reterr, status, NULL, -1, "no memory for a key");
	}
	*ret_key = key;
	return MARKET_OK;
}
