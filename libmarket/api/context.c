/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "base/base.h"
#include "base/memo.h"
#include "crypto/crypto.h"
#include "model/keyset.h"

/* Bytes, unless the caller says otherwise. */
#define SIGNATURE_CACHE ((size_t)4 << 20)
/* What is known of one statement. */
#define SIGNATURE_BYTES 208
/* Keys, decoded: some 250. */
#define KEY_CACHE ((size_t)1 << 20)

static bool
options_valid(const market_context_options_t *options)
{
	return options->size == sizeof(*options) &&
	    (options->allocator.alloc == NULL) ==
	    (options->allocator.free == NULL);
}

static market_status_t
make_caches(market_context_t *context, size_t bytes)
{
	context->pool = market__pool_new(&context->allocator);
	context->keys = market__memo_new(
	    &context->allocator, KEY_CACHE, MARKET__KEY_BYTES);
	if (context->pool == NULL || context->keys == NULL)
		return MARKET_E_MEMORY;
	if (bytes == 1)
		return MARKET_OK;
	context->signed_once = market__memo_new(
	    &context->allocator, bytes, SIGNATURE_BYTES);
	return context->signed_once == NULL ? MARKET_E_MEMORY : MARKET_OK;
}

market_status_t
market_context_new(
    const market_context_options_t *options, market_context_t **ret_context)
{
	const market_allocator_t *allocator = &market__default_allocator;
	size_t cache = SIGNATURE_CACHE;
	market_context_t *context;
	market_status_t rv;

	if (ret_context == NULL)
		return MARKET_E_ARGUMENT;
	if (options != NULL) {
		if (!options_valid(options))
			return MARKET_E_ARGUMENT;
		if (options->allocator.alloc != NULL)
			allocator = &options->allocator;
		if (options->signature_cache_bytes > 0)
			cache = options->signature_cache_bytes;
	}
	context = market__alloc(allocator, sizeof(*context));
	if (context == NULL)
		return MARKET_E_MEMORY;
	context->allocator = *allocator;
	if (options != NULL) {
		context->log = options->log;
		context->log_user = options->log_user;
	}
	rv = make_caches(context, cache);
	if (rv == MARKET_OK)
		rv = market__crypto_new(&context->allocator, &context->crypto);
	if (rv != MARKET_OK) {
		market_context_free(context);
		return rv;
	}
	*ret_context = context;
	return MARKET_OK;
}

void
market_context_trim(market_context_t *context)
{
	if (context == NULL)
		return;
	if (context->signed_once != NULL)
		market__memo_clear(context->signed_once);
	market__memo_clear(context->keys);
	market__pool_trim(context->pool);
}

void
market_context_free(market_context_t *context)
{
	market_allocator_t allocator;

	if (context == NULL)
		return;
	allocator = context->allocator;
	market__memo_free(context->signed_once);
	market__memo_free(context->keys);
	market__crypto_free(context->crypto);
	market__pool_free(context->pool);
	market__free(&allocator, context);
}

const char *
market_version(void)
{
	return PACKAGE_VERSION;
}
