/* SPDX-License-Identifier: Apache-2.0 */
#include "count_verified.h"
#include "crypto/crypto.h"

atomic_size_t count_verified;

market_status_t __real_market__openssl_verify(const void *verifier,
    market_algorithm_t algorithm, const market_slice_t *pieces, size_t n_pieces,
    market_slice_t signature);
market_status_t __wrap_market__openssl_verify(const void *verifier,
    market_algorithm_t algorithm, const market_slice_t *pieces, size_t n_pieces,
    market_slice_t signature);

market_status_t
__wrap_market__openssl_verify(const void *verifier,
    market_algorithm_t algorithm, const market_slice_t *pieces, size_t n_pieces,
    market_slice_t signature)
{
	count_verified++;
	return __real_market__openssl_verify(
	    verifier, algorithm, pieces, n_pieces, signature);
}
