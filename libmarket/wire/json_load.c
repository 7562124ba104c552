/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jansson without memory. Where the buffer of its scanner cannot grow, the
 * byte at hand is lost and nothing is said: "2016" is read as "206". It never
 * shrinks, so the document is read behind a string that is as long as its
 * longest token: if that one arrived whole, so did all others.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#ifdef HAVE_JANSSON

#include <jansson.h>

#include "wire/json.h"

/* ["xxx",TEXT] */
typedef struct source {
	market_slice_t text;
	size_t padding;
	size_t at;
} source_t;

/* Of strings with their escapes, and of all else that has no gap in it. */
static size_t
longest_token(market_slice_t text)
{
	bool in_string = false;
	size_t i, len = 0, longest = 0;

	for (i = 0; i < text.len; i++) {
		uint8_t c = text.ptr[i];

		len++;
		if (len > longest)
			longest = len;
		if (in_string && c == '\\' && i + 1 < text.len) {
			i++;
			len++;
		} else if (c == '"') {
			in_string = !in_string;
			if (in_string)
				len = 1;
		} else if (!in_string &&
		    (c == ' ' || c == ',' || c == ':' || c == '\n')) {
			len = 0;
		}
	}
	return longest;
}

static uint8_t
byte_at(const source_t *source, size_t at)
{
	static const char head[] = { '[', '"' }, tail[] = { '"', ',' };

	if (at < sizeof(head))
		return (uint8_t)head[at];
	at -= sizeof(head);
	if (at < source->padding)
		return 'x';
	at -= source->padding;
	if (at < sizeof(tail))
		return (uint8_t)tail[at];
	at -= sizeof(tail);
	return at < source->text.len ? source->text.ptr[at] : ']';
}

static size_t
pull(void *buffer, size_t len, void *data)
{
	source_t *source = data;
	size_t total = 5 + source->padding + source->text.len, i;
	uint8_t *out = buffer;

	for (i = 0; i < len && source->at < total; i++)
		out[i] = byte_at(source, source->at++);
	return i;
}

/* The document; NULL also where it is none, or more than one. */
static json_t *
load_whole(market_slice_t text, size_t flags)
{
	source_t source = { text, longest_token(text) + 16, 0 };
	json_t *both, *json = NULL, *item;
	json_error_t error;

	both = json_load_callback(pull, &source, flags, &error);
	item = json_array_get(both, 1);
	if (json_string_length(json_array_get(both, 0)) == source.padding &&
	    json_array_size(both) == 2 &&
	    (json_is_object(item) || json_is_array(item)))
		json = json_incref(item);
	json_decref(both);
	return json;
}

/* Does jansson get a piece as long as the whole document, twice? */
static bool
has_memory(market_slice_t text)
{
	const char *ptr = text.len == 0 ? "" : (const char *)text.ptr;
	json_t *one = json_stringn_nocheck(ptr, text.len);
	json_t *two = json_stringn_nocheck(ptr, text.len);
	bool has = one != NULL && two != NULL;

	json_decref(one);
	json_decref(two);
	return has;
}

market_status_t
market__json_load(market_slice_t text, size_t flags, struct json_t **ret_json,
    struct json_error_t *ret_error)
{
	json_t *json = load_whole(text, flags);

	if (json != NULL) {
		*ret_json = json;
		return MARKET_OK;
	}
	/* Why not, in places of the text itself. */
	json = json_loadb(text.len == 0 ? "" : (const char *)text.ptr, text.len,
	    flags, ret_error);
	if (json != NULL || ret_error->text[0] == '\0' ||
	    json_error_code(ret_error) == json_error_out_of_memory ||
	    !has_memory(text)) {
		json_decref(json);
		return MARKET_E_MEMORY;
	}
	return MARKET_E_ENCODING;
}

#endif
