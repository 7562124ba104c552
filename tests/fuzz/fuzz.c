/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

market_context_t *
fuzz_context(void)
{
	static market_context_t *context;

	if (context == NULL)
		FUZZ_ASSERT(market_context_new(NULL, &context) == MARKET_OK);
	return context;
}

static void
sign_template(
    market_kind_t kind, market_format_t format, market_buffer_t *ret_envelope)
{
	market_context_t *context = fuzz_context();
	market_buffer_t json = MARKET_BUFFER_INIT, pem = MARKET_BUFFER_INIT;
	market_draft_t *draft = NULL;
	market_signer_t *signer = NULL;

	FUZZ_ASSERT(market_template_json(context, kind, &json) == MARKET_OK);
	FUZZ_ASSERT(market_draft_from_json(context, kind,
			market_buffer_slice(&json), &draft, NULL) == MARKET_OK);
	FUZZ_ASSERT(market_key_generate(context, MARKET_ALGORITHM_ED25519, &pem,
			NULL) == MARKET_OK);
	FUZZ_ASSERT(market_signer_from_pem(context, market_buffer_slice(&pem),
			NULL, &signer, NULL) == MARKET_OK);
	FUZZ_ASSERT(market_draft_sign(draft, &signer, 1, format, ret_envelope,
			NULL) == MARKET_OK);
	market_signer_free(signer);
	market_draft_free(draft);
	market_buffer_clear(&pem);
	market_buffer_clear(&json);
}

int
fuzz_envelope(size_t index, market_format_t format, market_buffer_t *ret)
{
	market_kind_t kind = (market_kind_t)(index + 1);

	if (index >= MARKET_KIND_FEED || market_kind_name(kind) == NULL)
		return 0;
	sign_template(kind, format, ret);
	return 1;
}
