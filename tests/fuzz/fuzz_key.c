/* SPDX-License-Identifier: Apache-2.0 */
/* Keys in PEM and in DER, public and private. */
#include "fuzz.h"

static void
use(market_key_t *key)
{
	static const uint8_t nothing[64];
	market_slice_t signature = { nothing, sizeof(nothing) };
	market_key_t *again = NULL;

	FUZZ_ASSERT(market_key_id(key).len == MARKET_DIGEST_LEN);
	FUZZ_ASSERT(market_key_verify(key, market_slice_of("x"), signature) !=
	    MARKET_OK);
	/* The canonical form is canonical. */
	FUZZ_ASSERT(market_key_from_spki(fuzz_context(), market_key_spki(key),
			&again, NULL) == MARKET_OK);
	market_key_free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	market_context_t *context = fuzz_context();
	market_key_t *key = NULL;
	market_signer_t *signer = NULL;
	market_slice_t bytes;

	bytes.ptr = data;
	bytes.len = size;
	if (market_key_from_pem(context, bytes, &key, NULL) == MARKET_OK)
		use(key);
	market_key_free(key);
	key = NULL;
	if (market_key_from_spki(context, bytes, &key, NULL) == MARKET_OK)
		use(key);
	market_key_free(key);
	if (market_signer_from_pem(context, bytes, NULL, &signer, NULL) ==
	    MARKET_OK)
		market_signer_free(signer);
	return 0;
}

int
fuzz_seed(size_t index, market_buffer_t *ret_seed)
{
	market_algorithm_t algorithm = index % 2 == 0 ? MARKET_ALGORITHM_ED25519
						      : MARKET_ALGORITHM_P256;
	market_buffer_t pem = MARKET_BUFFER_INIT;
	market_key_t *key = NULL;

	if (index >= 4)
		return 0;
	FUZZ_ASSERT(market_key_generate(
			fuzz_context(), algorithm, &pem, NULL) == MARKET_OK);
	if (index < 2) {
		*ret_seed = pem;
		return 1;
	}
	FUZZ_ASSERT(market_key_from_pem(fuzz_context(),
			market_buffer_slice(&pem), &key, NULL) == MARKET_OK);
	FUZZ_ASSERT(market_key_pem(key, ret_seed) == MARKET_OK);
	market_key_free(key);
	market_buffer_clear(&pem);
	return 1;
}
