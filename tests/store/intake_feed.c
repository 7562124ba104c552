/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/merkle.h"
#include "intake_feed.h"
#include "model/draft.h"

#define SIGNERS_MAX 8

/* ---- rows ---- */

void
intake_feed_init(intake_feed_t *f, world_t *world)
{
	memset(f, 0, sizeof(*f));
	f->world = world;
	f->issuer = "shop.example";
	f->id = "catalogue";
	f->not_after = "2026-01-01T00:00:00Z";
	f->revision = 1;
}

void
intake_feed_clear(intake_feed_t *f)
{
	market_feed_free(f->feed);
	free(f->bytes);
	free(f->starts);
}

static void
append(intake_feed_t *f, const void *bytes, size_t len)
{
	if (f->len + len > f->capacity) {
		f->capacity = 2 * (f->len + len) + 4096;
		f->bytes = realloc(f->bytes, f->capacity);
		ck_assert_ptr_nonnull(f->bytes);
	}
	if (len > 0)
		memcpy(f->bytes + f->len, bytes, len);
	f->len += len;
}

void
intake_feed_row(intake_feed_t *f, market_slice_t payload)
{
	uint8_t head[4];

	if (f->n_rows + 2 > f->n_starts) {
		f->n_starts = 2 * f->n_starts + 64;
		f->starts = realloc(
		    f->starts, f->n_starts * sizeof(*f->starts));
		ck_assert_ptr_nonnull(f->starts);
	}
	f->starts[f->n_rows] = f->len;
	append(f, head, market_feed_delimiter(payload.len, head));
	append(f, payload.ptr, payload.len);
	f->starts[++f->n_rows] = f->len;
}

static market_buffer_t
payload_of(world_t *world, const char *name, const char *id)
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
intake_feed_offer(intake_feed_t *f, const char *name, const char *id)
{
	market_buffer_t payload = payload_of(f->world, name, id);

	intake_feed_row(f, market_buffer_slice(&payload));
	market_buffer_clear(&payload);
}

void
intake_feed_offers(intake_feed_t *f, const char *name, size_t first, size_t n)
{
	market_buffer_t payload = payload_of(f->world, name, "#####");
	uint8_t *at = payload.data;
	char id[8];
	size_t i;

	while (memcmp(at, "#####", 5) != 0)
		at++;
	for (i = first; i < first + n; i++) {
		snprintf(id, sizeof(id), "%05u", (unsigned)i % 100000);
		memcpy(at, id, 5);
		intake_feed_row(f, market_buffer_slice(&payload));
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

market_slice_t
intake_feed_payload(const intake_feed_t *f, size_t i)
{
	size_t begin = f->starts[i], end = f->starts[i + 1];

	/* The length is over with the first byte below 0x80. */
	while (f->bytes[begin] >= 0x80)
		begin++;
	return market__slice(f->bytes + begin + 1, end - begin - 1);
}

static void
set_roots(const intake_feed_t *f, market_draft_t *draft)
{
	market__node_t *leaves = calloc(f->n_rows + 1, sizeof(*leaves));
	market__hasher_t *hasher = NULL;
	market_slice_t payload;
	size_t i, n;

	ck_assert_ptr_nonnull(leaves);
	ck_assert_int_eq(
	    market__hasher_new(world_context(f->world), &hasher), MARKET_OK);
	for (i = 0; i < f->n_rows; i++) {
		payload = intake_feed_payload(f, i);
		ck_assert_int_eq(
		    market__merkle_leaf(hasher, &payload, 1, &leaves[i]),
		    MARKET_OK);
	}
	set_root(draft, "root", hasher, leaves, f->n_rows);
	for (i = 0; i < f->n_rows; i += n) {
		n = f->n_rows - i < MARKET_FEED_CHUNK ? f->n_rows - i
						      : MARKET_FEED_CHUNK;
		set_root(draft, "chunk_roots[]", hasher, leaves + i, n);
	}
	market__hasher_free(hasher);
	free(leaves);
}

static market_draft_t *
draft_of(const intake_feed_t *f)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_draft_t *draft = NULL;
	char json[512];

	snprintf(json, sizeof(json),
	    "{\"header\":{\"issuer\":\"%s\",\"id\":\"%s\",\"revision\":\"%u\","
	    "\"issuedAt\":\"2016-01-01T00:00:00Z\","
	    "\"notBefore\":\"2016-01-01T00:00:00Z\",\"notAfter\":\"%s\"},"
	    "\"mode\":\"FEED_MODE_%s\"}",
	    f->issuer, f->id, f->revision, f->not_after,
	    f->delta ? "DELTA" : "FULL");
	ck_assert_msg(
	    market_draft_from_json(world_context(f->world), MARKET_KIND_FEED,
		market_slice_of(json), &draft, &error) == MARKET_OK,
	    "%s: %s", error.path, error.message);
	ck_assert_int_eq(
	    market_draft_set_int(draft, "count", (int64_t)f->n_rows, NULL),
	    MARKET_OK);
	set_roots(f, draft);
	return draft;
}

static void
open_list(intake_feed_t *f, market_slice_t envelope)
{
	uint8_t *bytes = malloc(envelope.len + 4);
	market_error_t error = MARKET_ERROR_INIT;
	intake_reader_t reader;
	size_t head;

	ck_assert_ptr_nonnull(bytes);
	head = market_feed_delimiter(envelope.len, bytes);
	memcpy(bytes + head, envelope.ptr, envelope.len);
	reader = intake_reader(market__slice(bytes, head + envelope.len));
	market_feed_free(f->feed);
	f->feed = NULL;
	ck_assert_msg(market_feed_open(world_context(f->world), intake_read,
			  &reader, &f->feed, &error) == MARKET_OK,
	    "%s: %s", error.path, error.message);
	free(bytes);
}

void
intake_feed_sign(intake_feed_t *f, const char *keys)
{
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_signer_t *signers[SIGNERS_MAX];
	market_error_t error = MARKET_ERROR_INIT;
	market_draft_t *draft = draft_of(f);
	char copy[256], *name, *rest = NULL;
	size_t n = 0;

	snprintf(copy, sizeof(copy), "%s", keys);
	for (name = strtok_r(copy, " ", &rest); name != NULL;
	     name = strtok_r(NULL, " ", &rest)) {
		ck_assert_uint_lt(n, SIGNERS_MAX);
		signers[n++] = world_signer(f->world, name);
	}
	ck_assert_msg(
	    market_draft_sign(draft, signers, n, MARKET_FORMAT_PROTOBUF,
		&envelope, &error) == MARKET_OK,
	    "%s", error.message);
	market_draft_free(draft);
	open_list(f, market_buffer_slice(&envelope));
	market_buffer_clear(&envelope);
}

/* ---- reading ---- */

intake_reader_t
intake_reader(market_slice_t bytes)
{
	intake_reader_t reader = {
		.bytes = bytes, .fail_at = SIZE_MAX, .failure = MARKET_E_IO
	};

	return reader;
}

market_status_t
intake_read(void *user, void *buffer, size_t size, size_t *ret_n)
{
	intake_reader_t *reader = user;
	size_t n = reader->bytes.len - reader->at;

	if (reader->at >= reader->fail_at)
		return reader->failure;
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
