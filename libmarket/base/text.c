/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/base.h"

void
market__text_init(
    market__text_t *text, const market_allocator_t *allocator, size_t max)
{
	memset(text, 0, sizeof(*text));
	text->allocator = allocator;
	text->max = max;
}

void
market__text_init_in(market__text_t *text, const market_allocator_t *allocator,
    size_t max, char *buffer, size_t size)
{
	market__text_init(text, allocator, max);
	text->data = text->lent = buffer;
	text->capacity = size;
}

static void
give_back(market__text_t *text)
{
	if (text->data != text->lent)
		market__free(text->allocator, text->data);
	text->lent = NULL;
}

void
market__text_clear(market__text_t *text)
{
	give_back(text);
	text->data = NULL;
	text->len = 0;
	text->capacity = 0;
}

/* Room for `more` bytes and the NUL behind them. */
static bool
reserve(market__text_t *text, size_t more)
{
	size_t need, capacity;
	char *data;

	if (text->status != MARKET_OK)
		return false;
	if (more > text->max - text->len ||
	    !market__add(text->len + more, 1, &need)) {
		text->status = MARKET_E_LIMIT;
		return false;
	}
	if (need <= text->capacity)
		return true;
	if (!market__add(text->capacity, text->capacity / 2, &capacity) ||
	    capacity < need)
		capacity = need;
	if (capacity < 128)
		capacity = 128;
	data = market__alloc(text->allocator, capacity);
	if (data == NULL) {
		text->status = MARKET_E_MEMORY;
		return false;
	}
	if (text->len > 0)
		memcpy(data, text->data, text->len);
	give_back(text);
	text->data = data;
	text->capacity = capacity;
	return true;
}

void
market__text_add(market__text_t *text, const void *ptr, size_t len)
{
	if (!reserve(text, len))
		return;
	if (len > 0)
		memcpy(text->data + text->len, ptr, len);
	text->len += len;
	text->data[text->len] = '\0';
}

void
market__text_puts(market__text_t *text, const char *string)
{
	market__text_add(text, string, strlen(string));
}

void
market__text_putc(market__text_t *text, char c)
{
	market__text_add(text, &c, 1);
}

void
market__text_slice(market__text_t *text, market_slice_t s)
{
	market__text_add(text, s.ptr, s.len);
}

void
market__text_printf(market__text_t *text, const char *format, ...)
{
	va_list args;
	int len;

	if (text->status != MARKET_OK)
		return;
	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0) {
		text->status = MARKET_E_INTERNAL;
		return;
	}
	if (!reserve(text, (size_t)len))
		return;
	va_start(args, format);
	vsnprintf(text->data + text->len, (size_t)len + 1, format, args);
	va_end(args);
	text->len += (size_t)len;
}

void
market__text_escaped(market__text_t *text, market_slice_t s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.ptr[i] < 0x20 || s.ptr[i] > 0x7e || s.ptr[i] == '\\')
			market__text_printf(text, "\\x%02x", s.ptr[i]);
		else
			market__text_putc(text, (char)s.ptr[i]);
	}
}

void
market__text_hex(market__text_t *text, market_slice_t bytes)
{
	static const char digits[] = "0123456789abcdef";
	char pair[2];
	size_t i;

	for (i = 0; i < bytes.len; i++) {
		pair[0] = digits[bytes.ptr[i] >> 4];
		pair[1] = digits[bytes.ptr[i] & 15];
		market__text_add(text, pair, sizeof(pair));
	}
}

void
market__text_base64(market__text_t *text, market_slice_t bytes)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t i, rest;
	uint32_t group;
	char out[4];

	for (i = 0; i < bytes.len; i += 3) {
		rest = bytes.len - i;
		group = (uint32_t)bytes.ptr[i] << 16;
		if (rest > 1)
			group |= (uint32_t)bytes.ptr[i + 1] << 8;
		if (rest > 2)
			group |= bytes.ptr[i + 2];
		out[0] = alphabet[group >> 18];
		out[1] = alphabet[group >> 12 & 63];
		out[2] = rest > 1 ? alphabet[group >> 6 & 63] : '=';
		out[3] = rest > 2 ? alphabet[group & 63] : '=';
		market__text_add(text, out, sizeof(out));
	}
}

void
market__text_json(market__text_t *text, market_slice_t utf8)
{
	size_t i;
	uint8_t c;

	market__text_putc(text, '"');
	for (i = 0; i < utf8.len; i++) {
		c = utf8.ptr[i];
		if (c == '"' || c == '\\')
			market__text_printf(text, "\\%c", c);
		else if (c == '\n')
			market__text_puts(text, "\\n");
		else if (c < 0x20 || c == 0x7f)
			market__text_printf(text, "\\u%04x", c);
		else if (c == 0xc2 && i + 1 < utf8.len &&
		    utf8.ptr[i + 1] < 0xa0)
			/* U+0080 to U+009F, which some terminals obey. */
			market__text_printf(text, "\\u%04x", utf8.ptr[++i]);
		else
			market__text_putc(text, (char)c);
	}
	market__text_putc(text, '"');
}

void
market__text_time(market__text_t *text, int64_t unix_seconds)
{
	char out[MARKET__TIME_LEN];

	market__time_format(unix_seconds, out);
	market__text_puts(text, out);
}

market_status_t
market__text_take(market__text_t *text, market_buffer_t *ret)
{
	market_status_t status;

	/* What is handed over is the allocator's. */
	if (text->lent != NULL)
		text->capacity = 0;
	market__text_add(text, "", 0);
	status = text->status;
	if (status != MARKET_OK) {
		market__text_clear(text);
		return status;
	}
	market_buffer_clear(ret);
	ret->data = (uint8_t *)text->data;
	ret->len = text->len;
	ret->allocator = text->allocator;
	text->data = NULL;
	text->len = 0;
	text->capacity = 0;
	return MARKET_OK;
}
