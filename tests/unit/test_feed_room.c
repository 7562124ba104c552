/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many offers a signed list has room for: the largest one fits into its
 * envelope with all signatures, and one of a chunk more does not.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#include "model/draft.h"
#include "model/feed.h"

static const struct {
	size_t id_len;
	int64_t revision, not_after;
} headers[] = {
	{ 1, 1, 2 },
	{ 9, 300, INT64_C(1900000000) },
	{ 127, 1, 2 },
	{ 128, INT64_MAX, INT64_C(253402300799) },
	{ 1024, INT64_MAX, INT64_C(253402300799) },
};

static void
set_int(market_draft_t *draft, const char *path, int64_t value)
{
	ck_assert_int_eq(
	    market_draft_set_int(draft, path, value, NULL), MARKET_OK);
}

static market_draft_t *
new_list(market_context_t *context, size_t row)
{
	char id[1025] = { 0 };
	market_draft_t *draft;

	memset(id, 'x', headers[row].id_len);
	ck_assert_int_eq(
	    market_draft_new(context, MARKET_KIND_FEED, &draft), MARKET_OK);
	ck_assert_int_eq(
	    market_draft_set_text(draft, "header.issuer", "mi.com", NULL),
	    MARKET_OK);
	ck_assert_int_eq(
	    market_draft_set_text(draft, "header.id", id, NULL), MARKET_OK);
	set_int(draft, "header.revision", headers[row].revision);
	set_int(draft, "header.issued_at", 1);
	set_int(draft, "header.not_after", headers[row].not_after);
	set_int(draft, "mode", 1);
	return draft;
}

static void
set_roots(market_draft_t *draft, uint64_t chunks)
{
	uint8_t root[MARKET_DIGEST_LEN] = { 1 };
	uint64_t i;

	set_int(draft, "count", (int64_t)(chunks * MARKET__CHUNK));
	ck_assert_int_eq(market_draft_set_bytes(draft, "root",
			     market__slice(root, sizeof(root)), NULL),
	    MARKET_OK);
	market__draft_unset(draft, "chunk_roots");
	for (i = 0; i < chunks; i++)
		ck_assert_int_eq(market_draft_set_bytes(draft, "chunk_roots[]",
				     market__slice(root, sizeof(root)), NULL),
		    MARKET_OK);
}

/* Its envelope, with as many signatures as may be, and the longest. */
static market_status_t
write_list(const market_draft_t *draft, market_buffer_t *envelope)
{
	static const uint8_t bytes[MARKET__SIGNATURE_MAX] = { 1 };
	char keyid[2 * MARKET_DIGEST_LEN];
	market__signature_t signatures[MARKET__SIGNATURES_MAX];
	market_buffer_t payload = MARKET_BUFFER_INIT;
	market__envelope_t list = { .kind = MARKET_KIND_FEED,
		.signatures = signatures };
	market_status_t status;

	memset(keyid, 'a', sizeof(keyid));
	ck_assert_int_eq(market__draft_pack(draft, &payload, NULL), MARKET_OK);
	list.payload = market_buffer_slice(&payload);
	list.payload_type = market_slice_of(
	    market__payload_type(MARKET_KIND_FEED));
	while (list.n_signatures < MARKET__SIGNATURES_MAX) {
		signatures[list.n_signatures].keyid = market__slice(
		    (const uint8_t *)keyid, sizeof(keyid));
		signatures[list.n_signatures++].sig = market__slice(
		    bytes, sizeof(bytes));
	}
	status = market__envelope_write(
	    &list, false, &market__default_allocator, envelope);
	market_buffer_clear(&payload);
	return status;
}

START_TEST(room_is_what_an_envelope_takes)
{
	market_buffer_t payload = MARKET_BUFFER_INIT,
			envelope = MARKET_BUFFER_INIT;
	market_context_t *context;
	market_draft_t *draft;
	uint64_t room;

	ck_assert_int_eq(market_context_new(NULL, &context), MARKET_OK);
	draft = new_list(context, (size_t)_i);
	ck_assert_int_eq(market__draft_pack(draft, &payload, NULL), MARKET_OK);
	room = market__feed_room(payload.len);
	ck_assert_uint_eq(room % MARKET__CHUNK, 0);
	ck_assert_uint_gt(room, 7800000);
	set_roots(draft, room / MARKET__CHUNK);
	ck_assert_int_eq(write_list(draft, &envelope), MARKET_OK);
	ck_assert_uint_le(envelope.len, MARKET__ENVELOPE_LARGE_MAX);
	/* Of a last chunk the rows may be few, but its root is whole. */
	ck_assert_uint_gt(
	    envelope.len + 2 + MARKET_DIGEST_LEN, MARKET__ENVELOPE_LARGE_MAX);
	set_roots(draft, room / MARKET__CHUNK + 1);
	ck_assert_int_eq(write_list(draft, &envelope), MARKET_E_LIMIT);
	market_draft_free(draft);
	market_buffer_clear(&payload);
	market_buffer_clear(&envelope);
	market_context_free(context);
}
END_TEST

START_TEST(room_ends_where_the_header_is_too_large)
{
	ck_assert_uint_eq(market__feed_room(MARKET__ENVELOPE_LARGE_MAX), 0);
	ck_assert_uint_eq(market__feed_room(SIZE_MAX / 2), 0);
}
END_TEST

/* What was a list is one again, from its first element on. */
START_TEST(unset_takes_out_what_a_draft_has)
{
	market_buffer_t before = MARKET_BUFFER_INIT, after = MARKET_BUFFER_INIT;
	market_context_t *context;
	market_draft_t *draft;

	ck_assert_int_eq(market_context_new(NULL, &context), MARKET_OK);
	draft = new_list(context, 0);
	ck_assert_int_eq(market__draft_pack(draft, &before, NULL), MARKET_OK);
	set_roots(draft, 9);
	market__draft_unset(draft, "count");
	market__draft_unset(draft, "root");
	market__draft_unset(draft, "chunk_roots");
	market__draft_unset(draft, "chunk_roots");
	market__draft_unset(draft, "nothing");
	ck_assert_int_eq(market__draft_pack(draft, &after, NULL), MARKET_OK);
	ck_assert_uint_eq(before.len, after.len);
	ck_assert_mem_eq(before.data, after.data, before.len);
	market_buffer_clear(&after);
	set_roots(draft, 5);
	ck_assert_int_eq(market__draft_pack(draft, &after, NULL), MARKET_OK);
	ck_assert_uint_eq(after.len, before.len + 3 + 34 + 5 * 34);
	market_draft_free(draft);
	market_buffer_clear(&before);
	market_buffer_clear(&after);
	market_context_free(context);
}
END_TEST

static Suite *
room_suite(void)
{
	Suite *suite = suite_create("feed_room");
	TCase *room = tcase_create("room");

	tcase_set_timeout(room, 120);
	tcase_add_loop_test(room, room_is_what_an_envelope_takes, 0,
	    (int)MARKET__COUNT(headers));
	tcase_add_test(room, room_ends_where_the_header_is_too_large);
	tcase_add_test(room, unset_takes_out_what_a_draft_has);
	suite_add_tcase(suite, room);
	return suite;
}

int
main(void)
{
	return harness_main(room_suite());
}
