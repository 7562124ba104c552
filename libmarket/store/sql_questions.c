/* SPDX-License-Identifier: Apache-2.0 */
/* A listing's questions as bytes: base 128, low digits first, as protobuf. */
#include "store/sql.h"

size_t
market__questions_pack(const uint64_t *questions, size_t n, uint8_t *out)
{
	uint8_t *p = out;
	uint64_t number;
	size_t i;

	for (i = 0; i < n; i++) {
		for (number = questions[i]; number >= 0x80; number >>= 7)
			*p++ = (uint8_t)(number | 0x80);
		*p++ = (uint8_t)number;
	}
	return (size_t)(p - out);
}

/* One number; the bytes that it has, or 0 where it is none of ours. */
static size_t
unpack_one(market_slice_t packed, uint64_t *ret)
{
	uint64_t number = 0;
	size_t i;

	for (i = 0; i < packed.len && i < MARKET__QUESTION_LEN_MAX; i++) {
		number |= (uint64_t)(packed.ptr[i] & 0x7f) << (7 * i);
		if ((packed.ptr[i] & 0x80) != 0)
			continue;
		/* The shortest form only, and nothing shifted out. */
		if ((i > 0 && packed.ptr[i] == 0) ||
		    (i == MARKET__QUESTION_LEN_MAX - 1 && packed.ptr[i] > 1))
			return 0;
		*ret = number;
		return i + 1;
	}
	return 0;
}

bool
market__questions_unpack(
    market_slice_t packed, uint64_t *questions, size_t max, size_t *ret_n)
{
	size_t n = 0, len;

	while (packed.len > 0) {
		if (n == max || n == MARKET__LISTING_CELLS_MAX)
			return false;
		len = unpack_one(packed, &questions[n]);
		if (len == 0)
			return false;
		n++;
		packed.ptr += len;
		packed.len -= len;
	}
	*ret_n = n;
	return true;
}
