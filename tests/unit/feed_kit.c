/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/merkle.h"
#include "feed_kit.h"
#include "model/draft.h"

#define SIGNERS_MAX 16

/* ---- rows ---- */

void
feed_kit_init(feed_kit_t *kit, world_t *world)
{
	memset(kit, 0, sizeof(*kit));
	kit->world = world;
	kit->issuer = "shop.example";
	kit->id = "feed";
	kit->since = "2016-01-01T00:00:00Z";
	kit->not_after = "2026-01-01T00:00:00Z";
	kit->revision = 1;
	kit->format = MARKET_FORMAT_PROTOBUF;
	kit->digits = 4;
}

void
feed_kit_clear(feed_kit_t *kit)
{
	market_feed_free(kit->feed);
	market_buffer_clear(&kit->list);
	free(kit->bytes);
	free(kit->starts);
}

static void
append(feed_kit_t *kit, const void *bytes, size_t len)
{
	if (kit->len + len > kit->capacity) {
		kit->capacity = 2 * (kit->len + len) + 4096;
		kit->bytes = realloc(kit->bytes, kit->capacity);
		ck_assert_ptr_nonnull(kit->bytes);
	}
	if (len > 0)
		memcpy(kit->bytes + kit->len, bytes, len);
	kit->len += len;
}

static void
note_start(feed_kit_t *kit)
{
	if (kit->n_rows + 2 > kit->n_starts) {
		kit->n_starts = 2 * kit->n_starts + 64;
		kit->starts = realloc(
		    kit->starts, kit->n_starts * sizeof(*kit->starts));
		ck_assert_ptr_nonnull(kit->starts);
	}
	kit->starts[kit->n_rows] = kit->len;
}

void
feed_kit_row(feed_kit_t *kit, market_slice_t payload)
{
	uint8_t head[4];

	note_start(kit);
	append(kit, head, market_feed_delimiter(payload.len, head));
	append(kit, payload.ptr, payload.len);
	kit->starts[++kit->n_rows] = kit->len;
}

void
feed_kit_text(feed_kit_t *kit, const char *payload)
{
	feed_kit_row(kit, market_slice_of(payload));
}

market_slice_t
feed_kit_payload_of(const feed_kit_t *kit, size_t i)
{
	size_t begin = kit->starts[i], end = kit->starts[i + 1];

	/* The length is over with the first byte below 0x80. */
	while (kit->bytes[begin] >= 0x80)
		begin++;
	return market__slice(kit->bytes + begin + 1, end - begin - 1);
}

market_buffer_t
feed_kit_payload(world_t *world, const char *name, const char *id)
{
	market_buffer_t payload = MARKET_BUFFER_INIT;
	market_draft_t *draft = world_draft(world, name);
	market_error_t error = MARKET_ERROR_INIT;

	if (id != NULL)
		ck_assert_int_eq(
		    market_draft_set_text(draft, "header.id", id, &error),
		    MARKET_OK);
	ck_assert_msg(market__draft_pack(draft, &payload, &error) == MARKET_OK,
	    "%s: %s: %s", name, error.path, error.message);
	market_draft_free(draft);
	return payload;
}

void
feed_kit_offer(feed_kit_t *kit, const char *name, const char *id)
{
	market_buffer_t payload = feed_kit_payload(kit->world, name, id);

	feed_kit_row(kit, market_buffer_slice(&payload));
	market_buffer_clear(&payload);
}

void
feed_kit_offers(feed_kit_t *kit, const char *name, size_t first, size_t n)
{
	static const char marks[] = "########";
	const char *mark = marks + sizeof(marks) - 1 - kit->digits;
	market_buffer_t payload = feed_kit_payload(kit->world, name, mark);
	size_t digits = (size_t)kit->digits, i;
	uint8_t *at = payload.data;
	char id[32];

	while (memcmp(at, mark, digits) != 0)
		at++;
	for (i = first; i < first + n; i++) {
		ck_assert_int_eq(
		    snprintf(id, sizeof(id), "%0*zu", kit->digits, i),
		    kit->digits);
		memcpy(at, id, digits);
		feed_kit_row(kit, market_buffer_slice(&payload));
	}
	market_buffer_clear(&payload);
}

/* ---- the list ---- */

static void
set_root(market_draft_t *draft, const char *path, market__hasher_t *hasher,
    const market__node_t *leaves, size_t n)
{
	market__node_t root;

	ck_assert_int_eq(
	    market__merkle_root(hasher, leaves, n, &root), MARKET_OK);
	ck_assert_int_eq(market_draft_set_bytes(draft, path,
			     market__slice(root.hash, sizeof(root.hash)), NULL),
	    MARKET_OK);
}

static void
set_roots(const feed_kit_t *kit, market_draft_t *draft)
{
	market__node_t *leaves = calloc(kit->n_rows + 1, sizeof(*leaves));
	market__hasher_t *hasher = NULL;
	market_slice_t payload;
	size_t i, n;

	ck_assert_ptr_nonnull(leaves);
	ck_assert_int_eq(
	    market__hasher_new(world_context(kit->world), &hasher), MARKET_OK);
	for (i = 0; i < kit->n_rows; i++) {
		payload = feed_kit_payload_of(kit, i);
		ck_assert_int_eq(
		    market__merkle_leaf(hasher, &payload, 1, &leaves[i]),
		    MARKET_OK);
	}
	set_root(draft, "root", hasher, leaves, kit->n_rows);
	for (i = 0; i < kit->n_rows; i += n) {
		n = kit->n_rows - i < MARKET_FEED_CHUNK ? kit->n_rows - i
							: MARKET_FEED_CHUNK;
		set_root(draft, "chunk_roots[]", hasher, leaves + i, n);
	}
	market__hasher_free(hasher);
	free(leaves);
}

static market_draft_t *
draft_of(const feed_kit_t *kit)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_draft_t *draft = NULL;
	char json[512];

	snprintf(json, sizeof(json),
	    "{\"header\":{\"issuer\":\"%s\",\"id\":\"%s\",\"revision\":\"%u\","
	    "\"issuedAt\":\"%s\",\"notBefore\":\"%s\",\"notAfter\":\"%s\"},"
	    "\"mode\":\"FEED_MODE_%s\"}",
	    kit->issuer, kit->id, kit->revision, kit->since, kit->since,
	    kit->not_after, kit->delta ? "DELTA" : "FULL");
	ck_assert_msg(
	    market_draft_from_json(world_context(kit->world), MARKET_KIND_FEED,
		market_slice_of(json), &draft, &error) == MARKET_OK,
	    "%s: %s", error.path, error.message);
	ck_assert_int_eq(
	    market_draft_set_int(draft, "count", (int64_t)kit->n_rows, NULL),
	    MARKET_OK);
	set_roots(kit, draft);
	return draft;
}

market_status_t
feed_kit_open(feed_kit_t *kit, market_slice_t envelope, market_error_t *error)
{
	market_buffer_t bytes = MARKET_BUFFER_INIT;
	feed_reader_t reader;
	market__text_t text;
	market_status_t status;
	uint8_t head[4];

	market_feed_free(kit->feed);
	kit->feed = NULL;
	market__text_init(&text, &market__default_allocator, SIZE_MAX / 2);
	market__text_add(
	    &text, head, market_feed_delimiter(envelope.len, head));
	market__text_slice(&text, envelope);
	ck_assert_int_eq(market__text_take(&text, &bytes), MARKET_OK);
	reader = feed_reader(market_buffer_slice(&bytes));
	status = market_feed_open(world_context(kit->world), feed_kit_read,
	    &reader, &kit->feed, error);
	market_buffer_clear(&bytes);
	return status;
}

void
feed_kit_sign(feed_kit_t *kit, const char *keys)
{
	market_signer_t *signers[SIGNERS_MAX];
	market_error_t error = MARKET_ERROR_INIT;
	market_draft_t *draft = draft_of(kit);
	char copy[512], *name, *rest = NULL;
	size_t n = 0;

	snprintf(copy, sizeof(copy), "%s", keys);
	for (name = strtok_r(copy, " ", &rest); name != NULL;
	     name = strtok_r(NULL, " ", &rest)) {
		ck_assert_uint_lt(n, SIGNERS_MAX);
		signers[n++] = world_signer(kit->world, name);
	}
	market_buffer_clear(&kit->list);
	ck_assert_msg(market_draft_sign(draft, signers, n, kit->format,
			  &kit->list, &error) == MARKET_OK,
	    "%s", error.message);
	market_draft_free(draft);
	ck_assert_msg(feed_kit_open(kit, market_buffer_slice(&kit->list),
			  &error) == MARKET_OK,
	    "%s: %s", error.path, error.message);
}

/* ---- reading ---- */

feed_reader_t
feed_reader(market_slice_t bytes)
{
	feed_reader_t reader = {
		.bytes = bytes, .fail_at = SIZE_MAX, .failure = MARKET_E_IO
	};

	return reader;
}

feed_reader_t
feed_reader_of(const feed_kit_t *kit)
{
	return feed_reader(market__slice(kit->bytes, kit->len));
}

market_status_t
feed_kit_read(void *user, void *buffer, size_t size, size_t *ret_n)
{
	feed_reader_t *reader = user;
	size_t n = reader->bytes.len - reader->at;

	ck_assert_uint_gt(size, 0);
	reader->calls++;
	if (reader->at >= reader->fail_at)
		return reader->failure;
	if (reader->piece > 0 && size > reader->piece)
		size = reader->piece;
	if (size > reader->fail_at - reader->at)
		size = reader->fail_at - reader->at;
	if (n == 0 && reader->endless) {
		memset(buffer, 0, size);
		*ret_n = size;
		return MARKET_OK;
	}
	n = n < size ? n : size;
	if (n > 0)
		memcpy(buffer, reader->bytes.ptr + reader->at, n);
	reader->at += n;
	*ret_n = n;
	return MARKET_OK;
}
