/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "base/base.h"
#include "crypto/crypto.h"

static bool
options_valid(const market_context_options_t *options)
{
	return options->size == sizeof(*options) &&
	    (options->allocator.alloc == NULL) ==
	    (options->allocator.free == NULL);
}

market_status_t
market_context_new(
    const market_context_options_t *options, market_context_t **ret_context)
{
	const market_allocator_t *allocator = &market__default_allocator;
	market_context_t *context;
	market_status_t rv;

	if (ret_context == NULL)
		return MARKET_E_ARGUMENT;
	if (options != NULL) {
		if (!options_valid(options))
			return MARKET_E_ARGUMENT;
		if (options->allocator.alloc != NULL)
			allocator = &options->allocator;
	}
	context = market__alloc(allocator, sizeof(*context));
	if (context == NULL)
		return MARKET_E_MEMORY;
	context->allocator = *allocator;
	if (options != NULL) {
		context->log = options->log;
		context->log_user = options->log_user;
	}
	rv = market__crypto_new(&context->allocator, &context->crypto);
	if (rv != MARKET_OK) {
		market_context_free(context);
		return rv;
	}
	*ret_context = context;
	return MARKET_OK;
}

void
market_context_free(market_context_t *context)
{
	market_allocator_t allocator;

	if (context == NULL)
		return;
	allocator = context->allocator;
	market__crypto_free(context->crypto);
	market__free(&allocator, context);
}

const char *
market_version(void)
{
	return PACKAGE_VERSION;
}
