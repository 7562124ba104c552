/* SPDX-License-Identifier: Apache-2.0 */
#include "feed_rows.h"

#include <stdio.h>

#include "crypto/crypto.h"
#include "model/draft.h"
#include "model/feed.h"

#define ID_MAX 160

/* Enough for a row, and for a chunk, that is too large. */
#define LARGE_MAX 70
#define BYTES_MAX ((size_t)1400 << 10)

/* The row that is being written. */
typedef struct writing {
	feed_rows_t *rows;
	market_draft_t *draft; /* NULL: none, or it was bytes */
	char id[ID_MAX];
	size_t n_large, n_empty;
	/* What is done to the file at last. */
	size_t place, cut;
	uint8_t mask;
	market_slice_t behind;
} writing_t;

size_t
feed_number(fuzz_input_t *line)
{
	size_t high = (size_t)(fuzz_byte(line) - '0') & 63;

	return high * 64 + ((size_t)(fuzz_byte(line) - '0') & 63);
}

market_slice_t
feed_row(const feed_rows_t *rows, size_t index)
{
	size_t begin = index == 0 ? 0 : rows->ends[index - 1];
	size_t len = rows->ends[index] - begin;

	/* All of them may be empty. */
	return len == 0 ? market__slice(NULL, 0)
			: market__slice(rows->payloads.data + begin, len);
}

market_slice_t
feed_rows_file(const feed_rows_t *rows)
{
	return market__slice(rows->file.data, rows->file.len);
}

/* ---- Merkle ---- */

static void
hash(uint8_t kind, market_slice_t left, market_slice_t right, uint8_t *out)
{
	market_slice_t pieces[3] = { market__slice(&kind, 1), left, right };

	FUZZ_ASSERT(
	    market__sha256(fuzz_context(), pieces, 3, out) == MARKET_OK);
}

/* RFC 6962, 2.1, as it stands there: n > 0. */
static market__node_t
root_of(const market__node_t *leaves, size_t n)
{
	market__node_t left, right;
	size_t k = 1;

	if (n == 1)
		return leaves[0];
	while (2 * k < n)
		k *= 2;
	left = root_of(leaves, k);
	right = root_of(leaves + k, n - k);
	hash(1, market__slice(left.hash, sizeof(left.hash)),
	    market__slice(right.hash, sizeof(right.hash)), left.hash);
	return left;
}

static void
add_path(
    const market__node_t *leaves, size_t n, size_t index, market__text_t *out)
{
	market__node_t other;
	size_t k = 1;

	if (n == 1)
		return;
	while (2 * k < n)
		k *= 2;
	if (index < k) {
		add_path(leaves, k, index, out);
		other = root_of(leaves + k, n - k);
	} else {
		add_path(leaves + k, n - k, index - k, out);
		other = root_of(leaves, k);
	}
	market__text_add(out, other.hash, sizeof(other.hash));
}

void
feed_rows_proof(
    const feed_rows_t *rows, size_t index, market__text_t *ret_proof)
{
	unsigned shift = 64;

	while (shift > 0) {
		shift -= 8;
		market__text_putc(
		    ret_proof, (char)((uint64_t)index >> shift & 0xff));
	}
	add_path(rows->leaves, rows->n, index, ret_proof);
}

/* ---- rows ---- */

static void
add(feed_rows_t *rows, market_slice_t payload, bool copy)
{
	uint8_t head[MARKET__LENGTH_MAX];
	const market_slice_t none = { NULL, 0 };

	if (rows->n == FEED_ROWS_MAX || rows->payloads.len > BYTES_MAX)
		return;
	hash(0, payload, none, rows->leaves[rows->n].hash);
	market__text_add(
	    &rows->file, head, market__length_write(payload.len, head));
	market__text_slice(&rows->file, payload);
	market__text_slice(&rows->payloads, payload);
	rows->copies[rows->n] = copy;
	rows->ends[rows->n++] = rows->payloads.len;
}

/* Field 26 of an offer, its last one. */
static void
add_ids(market__text_t *text, const writing_t *w)
{
	static const uint8_t large[] = { 0xd2, 0x01, 0xeb, 0x07, 0x12, 0xe8,
		0x07 };
	static const uint8_t empty[] = { 0xd2, 0x01, 0x00 };
	char value[1000];
	size_t i;

	memset(value, 'x', sizeof(value));
	for (i = 0; i < w->n_large; i++) {
		market__text_add(text, large, sizeof(large));
		market__text_add(text, value, sizeof(value));
	}
	for (i = 0; i < w->n_empty; i++)
		market__text_add(text, empty, sizeof(empty));
}

/* What cannot be packed is no row. */
static void
add_draft(writing_t *w, bool copy)
{
	market_buffer_t payload = MARKET_BUFFER_INIT;
	market__text_t text;

	if (w->draft == NULL ||
	    market__draft_pack(w->draft, &payload, NULL) != MARKET_OK)
		return;
	market__text_init(&text, fuzz_allocator(), SIZE_MAX / 2);
	market__text_slice(&text, market_buffer_slice(&payload));
	add_ids(&text, w);
	add(w->rows, market__slice(text.data, text.len), copy);
	market__text_clear(&text);
	market_buffer_clear(&payload);
}

static void
copy_row(writing_t *w, size_t times)
{
	char id[ID_MAX + 8];
	size_t i;

	for (i = 1; i <= times && i < FEED_ROWS_MAX; i++) {
		snprintf(id, sizeof(id), "%s-%03zu", w->id, i);
		if (market_draft_set_text(w->draft, "header.id", id, NULL) ==
		    MARKET_OK)
			add_draft(w, true);
	}
	market_draft_free(w->draft);
	w->draft = NULL;
}

static void
end_row(writing_t *w)
{
	add_draft(w, false);
	market_draft_free(w->draft);
	w->draft = NULL;
}

static void
begin_row(writing_t *w, market_slice_t line)
{
	const scene_row_t *row = scene_row((char)line.ptr[0]);

	end_row(w);
	if (row == NULL || row->kind != MARKET_KIND_OFFER)
		return;
	w->draft = scene_draft(row);
	w->n_large = w->n_empty = 0;
	snprintf(w->id, sizeof(w->id), "%s", row->id);
	if (line.len > 2)
		snprintf(w->id, sizeof(w->id), "%.*s", (int)(line.len - 2),
		    (const char *)line.ptr + 2);
	(void)!market_draft_set_text(w->draft, "header.id", w->id, NULL);
}

static void
edit_row(writing_t *w, market_slice_t line)
{
	char text[1200];
	uint64_t number = 0;
	char *value;

	if (w->draft == NULL || line.len >= sizeof(text))
		return;
	memcpy(text, line.ptr + 1, line.len - 1);
	text[line.len - 1] = '\0';
	value = strchr(text, '=');
	if (value == NULL)
		return;
	*value++ = '\0';
	if (market_draft_set_text(w->draft, text, value, NULL) == MARKET_OK)
		return;
	for (; *value >= '0' && *value <= '9'; value++)
		number = number * 10 + (uint64_t)(*value - '0');
	(void)!market_draft_set_int(w->draft, text, (int64_t)number, NULL);
}

static void
add_bytes(writing_t *w, fuzz_input_t *input)
{
	market_slice_t payload;

	end_row(w);
	(void)fuzz_byte(input);
	payload.len = feed_number(input);
	payload.ptr = input->rest.ptr;
	if (payload.len > input->rest.len)
		payload.len = input->rest.len;
	input->rest.ptr += payload.len;
	input->rest.len -= payload.len;
	add(w->rows, payload, false);
}

static void
read_line(writing_t *w, market_slice_t line)
{
	fuzz_input_t rest = { line, 0, false };
	size_t number;

	switch (fuzz_byte(&rest)) {
	case ' ': edit_row(w, line); break;
	case '#': w->n_large = feed_number(&rest) % LARGE_MAX; break;
	case '%': w->n_empty = feed_number(&rest); break;
	case '*':
		number = 0;
		while (rest.rest.len > 0 && number < FEED_ROWS_MAX)
			number = number * 10 + fuzz_byte(&rest) % 16 % 10;
		add_draft(w, false);
		copy_row(w, number);
		break;
	case '!':
		w->place = feed_number(&rest);
		w->mask = fuzz_byte(&rest);
		break;
	case '-': w->cut = feed_number(&rest); break;
	case '+': w->behind = rest.rest; break;
	default: begin_row(w, line); break;
	}
}

/* ---- the list ---- */

static void
sign(feed_rows_t *rows)
{
	market_signer_t *signer = scene_signer("shop.example");
	static const char head[] = SCENE_BEGIN;
	market_draft_t *draft = NULL;
	market__node_t root;
	market__text_t text;
	size_t i, n;

	market__text_init(&text, fuzz_allocator(), SIZE_MAX / 2);
	market__text_puts(&text, head);
	market__text_printf(
	    &text, ", \"count\": \"%zu\", \"chunkRoots\": [", rows->n);
	for (i = 0; i < rows->n; i += MARKET__CHUNK) {
		n = rows->n - i < MARKET__CHUNK ? rows->n - i : MARKET__CHUNK;
		root = root_of(&rows->leaves[i], n);
		market__text_puts(&text, i == 0 ? "\"" : ", \"");
		market__text_base64(
		    &text, market__slice(root.hash, sizeof(root.hash)));
		market__text_putc(&text, '"');
	}
	if (rows->n > 0)
		root = root_of(rows->leaves, rows->n);
	else
		FUZZ_ASSERT(market__sha256(fuzz_context(), NULL, 0,
				root.hash) == MARKET_OK);
	market__text_puts(&text, "], \"root\": \"");
	market__text_base64(&text, market__slice(root.hash, sizeof(root.hash)));
	market__text_puts(&text, "\"}");
	FUZZ_ASSERT(market_draft_from_json(fuzz_context(), MARKET_KIND_FEED,
			market__slice(text.data, text.len), &draft,
			NULL) == MARKET_OK &&
	    market_draft_sign(draft, &signer, 1, MARKET_FORMAT_PROTOBUF,
		&rows->list, NULL) == MARKET_OK);
	market_draft_free(draft);
	market__text_clear(&text);
}

static void
spoil(const writing_t *w)
{
	market__text_t *file = &w->rows->file;
	market_slice_t none = { NULL, 0 };
	market__node_t before, after;

	hash(0, feed_rows_file(w->rows), none, before.hash);
	if (file->len > 0)
		file->data[w->place % file->len] ^= (char)w->mask;
	if (file->len > 0)
		file->len -= w->cut % file->len;
	market__text_slice(file, w->behind);
	/* What is put there may be what was there. */
	hash(0, feed_rows_file(w->rows), none, after.hash);
	w->rows->spoilt = memcmp(&before, &after, sizeof(after)) != 0;
}

void
feed_rows_read(feed_rows_t *rows, fuzz_input_t *input)
{
	writing_t w = { .rows = rows };
	market_slice_t line;

	memset(rows, 0, sizeof(*rows));
	market__text_init(&rows->payloads, fuzz_allocator(), SIZE_MAX / 2);
	market__text_init(&rows->file, fuzz_allocator(), SIZE_MAX / 2);
	while (input->rest.len > 0) {
		if (input->rest.ptr[0] == '=') {
			add_bytes(&w, input);
			continue;
		}
		line = fuzz_line(input);
		if (line.len > 0)
			read_line(&w, line);
	}
	end_row(&w);
	sign(rows);
	spoil(&w);
}

void
feed_rows_clear(feed_rows_t *rows)
{
	market__text_clear(&rows->payloads);
	market__text_clear(&rows->file);
	market_buffer_clear(&rows->list);
}
