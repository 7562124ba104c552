/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

void
market__hex(const uint8_t *bytes, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < len; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}

static int
hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool
market__unhex(market_slice_t hex, uint8_t *out, size_t len)
{
	size_t i;
	int high, low;

	if (hex.len / 2 != len || hex.len % 2 != 0)
		return false;
	for (i = 0; i < len; i++) {
		high = hex_digit(hex.ptr[2 * i]);
		low = hex_digit(hex.ptr[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* Of RFC 4648, section 4, or (`url`) section 5. */
static int
base64_digit(uint8_t c, bool url)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == (url ? '-' : '+'))
		return 62;
	if (c == (url ? '_' : '/'))
		return 63;
	return -1;
}

bool
market__unbase64(
    market_slice_t text, bool url_too, uint8_t *out, size_t *ret_len)
{
	size_t i, n = text.len, len = 0;
	uint32_t bits = 0;
	unsigned n_bits = 0;
	bool url = false;
	int digit;

	if (n % 4 != 0)
		return false;
	/* One alphabet in one text: nobody writes both. */
	for (i = 0; url_too && i < n && !url; i++)
		url = text.ptr[i] == '-' || text.ptr[i] == '_';
	if (n > 0 && text.ptr[n - 1] == '=')
		n--;
	if (n > 0 && n < text.len && text.ptr[n - 1] == '=')
		n--;
	for (i = 0; i < n; i++) {
		digit = base64_digit(text.ptr[i], url);
		if (digit < 0)
			return false;
		bits = bits << 6 | (uint32_t)digit;
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			out[len++] = (uint8_t)(bits >> n_bits);
			bits &= (1U << n_bits) - 1;
		}
	}
	/* Bits that carry nothing must be zero, else two texts mean one. */
	if (bits != 0)
		return false;
	*ret_len = len;
	return true;
}

/* Length of the sequence that begins at p (RFC 3629, section 4), or 0. */
static size_t
utf8_sequence(const uint8_t *p, size_t left)
{
	size_t len, i;
	uint8_t low = 0x80, high = 0xbf;

	if (p[0] < 0x80)
		return p[0] == 0 ? 0 : 1;
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		len = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef)
		len = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		len = 4;
	else
		return 0;
	if (len > left)
		return 0;
	if (p[0] == 0xe0)
		low = 0xa0;
	else if (p[0] == 0xed)
		high = 0x9f;
	else if (p[0] == 0xf0)
		low = 0x90;
	else if (p[0] == 0xf4)
		high = 0x8f;
	if (p[1] < low || p[1] > high)
		return 0;
	for (i = 2; i < len; i++)
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
	return len;
}

size_t
market__utf8_check(market_slice_t text)
{
	size_t i = 0, len;

	while (i < text.len) {
		/* Most of all text. */
		if (text.ptr[i] > 0 && text.ptr[i] < 0x80) {
			i++;
			continue;
		}
		len = utf8_sequence(text.ptr + i, text.len - i);
		if (len == 0)
			return i;
		i += len;
	}
	return text.len;
}

/* As FNV-1a, but by words: keys are some hundred bytes long. */
uint64_t
market__hash(market_slice_t key)
{
	uint64_t hash = UINT64_C(14695981039346656037) ^ key.len, word;
	size_t at, n;

	for (at = 0; at < key.len; at += sizeof(word)) {
		n = key.len - at < sizeof(word) ? key.len - at : sizeof(word);
		word = 0;
		memcpy(&word, key.ptr + at, n);
		hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	return hash;
}
