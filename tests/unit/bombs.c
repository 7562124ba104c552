/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "bombs.h"

const bomb_t bombs[] = {
	{ "E6 a header, merged again and again", MARKET_KIND_OFFER, "\x0a\x00",
	    2, BOMB_SMALL, MARKET_E_ENCODING },
	{ "E6 a price, merged again and again", MARKET_KIND_OFFER, "\x62\x00",
	    2, BOMB_SMALL, MARKET_E_ENCODING },
	{ "E6 keys of a grant, merged", MARKET_KIND_AUTHORIZATION, "\x22\x00",
	    2, BOMB_SMALL, MARKET_E_ENCODING },
	{ "E33 1 MB of empty parties", MARKET_KIND_TRUST_ROOT, "\x1a\x00", 2,
	    BOMB_LARGE, MARKET_E_LIMIT },
	{ "E33 1 MB of empty digests", MARKET_KIND_STATUS, "\x1a\x00", 2,
	    BOMB_LARGE, MARKET_E_LIMIT },
	{ "E33 1 MB of chunk roots", MARKET_KIND_FEED, "\x2a\x00", 2,
	    BOMB_LARGE, MARKET_E_LIMIT },
	{ "E33 64 KB of empty keys", MARKET_KIND_KEY_SET, "\x12\x00", 2,
	    BOMB_SMALL, MARKET_E_ENCODING },
	{ "E33 64 KB of extensions", MARKET_KIND_OFFER, "\xc2\x3e\x00", 3,
	    BOMB_SMALL, MARKET_E_LIMIT },
	{ "E33 64 KB of territories", MARKET_KIND_OFFER, "\x82\x01\x02\x55\x53",
	    5, BOMB_SMALL, MARKET_E_LIMIT },
};

const size_t n_bombs = sizeof(bombs) / sizeof(bombs[0]);

/* A message in a message, each the only field of the one around it. */
market_slice_t
bomb_nested(size_t len, uint8_t *out)
{
	size_t at = len;

	memset(out, 0, len);
	while (at > 4) {
		size_t inner = len - at;
		size_t digits = inner < 0x80 ? 1 : inner < 0x4000 ? 2 : 3, i;

		at -= digits + 1;
		out[at] = 0x0a;
		for (i = 0; i < digits; i++)
			out[at + 1 + i] = (uint8_t)((inner >> (7 * i) & 0x7f) |
			    (i + 1 < digits ? 0x80 : 0));
	}
	return market__slice(out + at, len - at);
}

market_slice_t
bomb_fill(const bomb_t *bomb, uint8_t *out)
{
	static const uint8_t header[] = { 0x0a, 0x03, 0x0a, 0x01, 'a' };
	size_t len = sizeof(header);

	memcpy(out, header, len);
	for (; len + bomb->unit_len <= bomb->max; len += bomb->unit_len)
		memcpy(out + len, bomb->unit, bomb->unit_len);
	return market__slice(out, len);
}

market_status_t
bomb_wrap(market_kind_t kind, market_slice_t payload, bool json,
    market_buffer_t *written)
{
	market__signature_t signature = { .sig = market_slice_of("x") };
	market__envelope_t envelope;

	memset(&envelope, 0, sizeof(envelope));
	envelope.kind = kind;
	envelope.payload_type = market_slice_of(market__payload_type(kind));
	envelope.payload = payload;
	envelope.signatures = &signature;
	envelope.n_signatures = 1;
	/* JSON takes 4 bytes for 3. */
	if (json)
		envelope.payload.len = payload.len / 4 * 3 - 200;
	return market__envelope_write(
	    &envelope, json, &market__default_allocator, written);
}
