/* SPDX-License-Identifier: Apache-2.0 */
#include "pack_kit.h"

#include <stdlib.h>

const uint64_t pack_numbers[PACK_NUMBERS] = { 0, 1, 2, 63, 64, 65, 127, 128,
	129, 255, 16383, 16384, 16385, UINT32_MAX, (uint64_t)UINT32_MAX + 1,
	(uint64_t)INT64_MAX - 1, INT64_MAX, (uint64_t)INT64_MAX + 1,
	(uint64_t)INT64_MAX + 2, UINT64_MAX - 1, UINT64_MAX };

static uint64_t
draw(uint64_t *state, uint64_t below)
{
	*state = *state * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (*state >> 33) % below;
}

market_slice_t
pack_alone(market_slice_t bytes)
{
	uint8_t *copy = malloc(bytes.len + (bytes.len == 0));

	ck_assert_ptr_nonnull(copy);
	if (bytes.len > 0)
		memcpy(copy, bytes.ptr, bytes.len);
	return market__slice(copy, bytes.len);
}

void
pack_give_back(market_slice_t bytes)
{
	free((void *)(uintptr_t)bytes.ptr);
}

unsigned
pack_sum(market_slice_t bytes)
{
	unsigned total = 0;
	size_t i;

	for (i = 0; i < bytes.len; i++)
		total += bytes.ptr[i];
	return total;
}

static void
read_changed(
    market_slice_t bytes, size_t at, uint8_t flip, pack_reader_fn *read)
{
	market_slice_t copy = pack_alone(bytes);

	((uint8_t *)(uintptr_t)copy.ptr)[at] ^= flip;
	(void)read(copy);
	pack_give_back(copy);
}

static void
read_cut(market_slice_t bytes, size_t from, size_t len, pack_reader_fn *read)
{
	market_slice_t copy = pack_alone(market__slice(bytes.ptr + from, len));

	(void)read(copy);
	pack_give_back(copy);
}

void
pack_read_damaged(market_slice_t bytes, pack_reader_fn *read)
{
	size_t bits = bytes.len * 8, step, i;

	step = bits / harness_rounds(bits);
	for (i = 0; i < bits; i += step)
		read_changed(bytes, i / 8, (uint8_t)(1 << i % 8), read);
	for (i = 0; i < bytes.len; i += step)
		read_changed(bytes, i, (uint8_t)~bytes.ptr[i], read);
	for (i = 0; i < bytes.len; i += step) {
		read_cut(bytes, 0, i, read);
		read_cut(bytes, bytes.len - i, i, read);
	}
}

void
pack_read_random(pack_reader_fn *read)
{
	size_t rounds = harness_rounds(20000), i, rest, len, n;
	/* gcc 12 takes a length of 2 or more for one that may be 0. */
	uint8_t room[2 + 400], *bytes = room + 2;
	uint64_t state = 1;

	for (; rounds > 0; rounds--) {
		rest = (size_t)draw(&state, 398);
		len = rest + 2;
		for (i = 0; i < len; i++)
			bytes[i] = (uint8_t)draw(
			    &state, rounds % 2 == 0 ? 256 : 3);
		n = (size_t)draw(&state, 4);
		bytes[rest] = 0;
		bytes[rest + 1] = (uint8_t)n;
		for (i = 0; i < n && len > 2 * n + 2; i++) {
			bytes[len - 2 * (n - i) - 2] =
			    (uint8_t)((len - 2 * n - 2) * (i + 1) / n >> 8);
			bytes[len - 2 * (n - i) - 1] =
			    (uint8_t)((len - 2 * n - 2) * (i + 1) / n);
		}
		read_cut(market__slice(bytes, len), 0, len, read);
	}
}
