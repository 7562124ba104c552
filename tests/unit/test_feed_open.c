/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The signed list of a feed: in which forms it is read and what is refused of
 * it; and that no bit of a feed may be another.
 */
#include <stdlib.h>
#include <string.h>

#include "crypto/merkle.h"
#include "feed_kit.h"
#include "wire/wire.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static market_status_t
open_bytes(world_t *world, market_slice_t bytes, size_t *ret_read,
    market_feed_t **ret_feed)
{
	market_error_t error = MARKET_ERROR_INIT;
	feed_reader_t reader = feed_reader(bytes);
	market_status_t status;

	*ret_feed = NULL;
	reader.piece = 1 + bytes.len % 97;
	status = market_feed_open(
	    world_context(world), feed_kit_read, &reader, ret_feed, &error);
	ck_assert_int_eq(*ret_feed == NULL, status != MARKET_OK);
	ck_assert_int_eq(error.status, status);
	ck_assert_int_eq(strlen(error.message) == 0, status == MARKET_OK);
	if (ret_read != NULL)
		*ret_read = reader.at;
	return status;
}

static market_status_t
try_bytes(world_t *world, market_slice_t bytes)
{
	market_feed_t *feed;
	market_status_t status = open_bytes(world, bytes, NULL, &feed);

	market_feed_free(feed);
	return status;
}

/* `before`, and then the bytes. */
static market_buffer_t
behind(const void *before, size_t before_len, market_slice_t bytes)
{
	market_buffer_t both = MARKET_BUFFER_INIT;
	market__text_t text;

	market__text_init(&text, &market__default_allocator, SIZE_MAX / 2);
	market__text_add(&text, before, before_len);
	market__text_slice(&text, bytes);
	ck_assert_int_eq(market__text_take(&text, &both), MARKET_OK);
	return both;
}

static market_buffer_t
delimited(market_slice_t envelope)
{
	uint8_t head[4];
	size_t n = market_feed_delimiter(envelope.len, head);

	return behind(head, n, envelope);
}

/* ---- forms ---- */

START_TEST(list_is_read_alone_or_before_its_rows)
{
	static const market_format_t formats[] = { MARKET_FORMAT_PROTOBUF,
		MARKET_FORMAT_JSON };
	static const char *const blanks[] = { "", " ", "\n", "\t\r\n " };
	market_buffer_t bytes, file;
	market_feed_t *feed;
	feed_kit_t kit;
	world_t *world = world_new();
	size_t i, n;

	feed_kit_init(&kit, world);
	feed_kit_offers(&kit, "offer", 0, 3);
	kit.format = formats[_i];
	feed_kit_sign(&kit, "shop.example");
	/* All that is there is the envelope; JSON may have blanks before it. */
	for (i = 0; i < (_i == 0 ? 1 : COUNT(blanks)); i++) {
		bytes = behind(blanks[i], strlen(blanks[i]),
		    market_buffer_slice(&kit.list));
		ck_assert_int_eq(
		    open_bytes(world, market_buffer_slice(&bytes), &n, &feed),
		    MARKET_OK);
		ck_assert_uint_eq(n, bytes.len);
		ck_assert_uint_eq(market_feed_count(feed), 3);
		market_feed_free(feed);
		market_buffer_clear(&bytes);
	}
	/* Of what stands behind it not a byte is read. */
	bytes = delimited(market_buffer_slice(&kit.list));
	file = behind(bytes.data, bytes.len, market__slice(kit.bytes, kit.len));
	ck_assert_int_eq(
	    open_bytes(world, market_buffer_slice(&file), &n, &feed),
	    MARKET_OK);
	ck_assert_uint_eq(n, bytes.len);
	ck_assert_int_eq(market_statement_kind(market_feed_statement(feed)),
	    MARKET_KIND_FEED);
	market_feed_free(feed);
	market_buffer_clear(&file);
	market_buffer_clear(&bytes);
	feed_kit_clear(&kit);
	world_free(world);
}
END_TEST

START_TEST(list_is_refused_that_is_cut_anywhere)
{
	static const market_format_t formats[] = { MARKET_FORMAT_PROTOBUF,
		MARKET_FORMAT_JSON };
	market_buffer_t bytes;
	world_t *world = world_new();
	feed_kit_t kit;
	size_t n;

	feed_kit_init(&kit, world);
	feed_kit_offers(&kit, "offer", 0, 2);
	kit.format = formats[_i];
	feed_kit_sign(&kit, "shop.example");
	bytes = delimited(market_buffer_slice(&kit.list));
	for (n = 0; n < bytes.len; n++)
		ck_assert_int_eq(try_bytes(world, market__slice(bytes.data, n)),
		    MARKET_E_ENCODING);
	/* JSON ends with a newline, without which it is whole. */
	for (n = 0; n + 1 < kit.list.len; n++)
		ck_assert_int_ne(
		    try_bytes(world, market__slice(kit.list.data, n)),
		    MARKET_OK);
	market_buffer_clear(&bytes);
	feed_kit_clear(&kit);
	world_free(world);
}
END_TEST

static void
refuse(world_t *world, const char *head, size_t n_head, market_slice_t bytes,
    market_status_t want)
{
	market_buffer_t both = behind(head, n_head, bytes);

	ck_assert_int_eq(try_bytes(world, market_buffer_slice(&both)), want);
	market_buffer_clear(&both);
}

START_TEST(list_is_refused_that_is_none_or_too_large)
{
	world_t *world = world_new();
	market_slice_t offer = world_envelope(world, "offer");
	size_t i, n = 2 * MARKET__ENVELOPE_LARGE_MAX + 1;
	uint8_t *blanks = malloc(n);
	market_buffer_t bytes;

	ck_assert_ptr_nonnull(blanks);
	memset(blanks, ' ', n);
	refuse(world, "", 0, offer, MARKET_E_KIND);
	bytes = delimited(offer);
	refuse(world, "", 0, market_buffer_slice(&bytes), MARKET_E_KIND);
	market_buffer_clear(&bytes);
	/* 1,048,576 and one above; zero in two bytes; five bytes. */
	refuse(world, "\x80\x80\x40", 3, offer, MARKET_E_ENCODING);
	refuse(world, "\x81\x80\x40", 3, offer, MARKET_E_LIMIT);
	refuse(world, "\x80\x00", 2, offer, MARKET_E_ENCODING);
	refuse(world, "\x80\x80\x80\x80\x01", 5, offer, MARKET_E_LIMIT);
	refuse(world, (const char *)blanks, 99, market__slice(NULL, 0),
	    MARKET_E_ENCODING);
	refuse(world, (const char *)blanks, n, offer, MARKET_E_LIMIT);
	for (i = 0; i < 256; i++)
		ck_assert_int_ne(
		    try_bytes(
			world, market__slice(&(uint8_t){ (uint8_t)i }, 1)),
		    MARKET_OK);
	free(blanks);
	world_free(world);
}
END_TEST

START_TEST(open_refuses_what_it_cannot_use)
{
	market_error_t error = MARKET_ERROR_INIT;
	world_t *world = world_new();
	market_context_t *context = world_context(world);
	feed_reader_t reader = feed_reader(market_slice_of(""));
	market_feed_t *feed = NULL;

	ck_assert_int_eq(
	    market_feed_open(NULL, feed_kit_read, &reader, &feed, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_feed_open(context, NULL, &reader, &feed, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_feed_open(context, feed_kit_read, &reader, NULL, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_uint_eq(reader.calls, 0);
	ck_assert_ptr_null(feed);
	ck_assert_ptr_null(market_feed_statement(NULL));
	ck_assert_uint_eq(market_feed_count(NULL), 0);
	market_feed_free(NULL);
	world_free(world);
}
END_TEST

/* ---- what the list says ---- */

static const struct {
	const char *label;
	int64_t count;
	const char *roots; /* one digit for each: which node it is */
	int root;          /* of the first so many nodes, or -1: of others */
	size_t root_len;
	bool mode;
	market_status_t want;
} lists[] = {
	{ "one row", 1, "0", 1, 32, true, MARKET_OK },
	{ "a chunk", 256, "0", 1, 32, true, MARKET_OK },
	{ "a chunk and a row", 257, "01", 2, 32, true, MARKET_OK },
	{ "three chunks", 768, "012", 3, 32, true, MARKET_OK },
	{ "nothing", 0, "", 0, 32, true, MARKET_OK },
	{ "nothing, and the root of something", 0, "", 1, 32, true,
	    MARKET_E_LOG },
	{ "another root", 1, "0", -1, 32, true, MARKET_E_LOG },
	{ "two chunks swapped", 512, "10", 2, 32, true, MARKET_E_LOG },
	{ "the last root is another", 768, "013", 3, 32, true, MARKET_E_LOG },
	{ "a root is there twice", 512, "00", 1, 32, true, MARKET_E_LOG },
	{ "a root too few", 257, "0", 1, 32, true, MARKET_E_SCHEMA },
	{ "a root too many", 256, "01", 2, 32, true, MARKET_E_SCHEMA },
	{ "roots of nothing", 0, "0", 1, 32, true, MARKET_E_SCHEMA },
	{ "more than there may be", INT64_MAX, "0", 1, 32, true,
	    MARKET_E_SCHEMA },
	{ "less than nothing", -1, "0", 1, 32, true, MARKET_E_SCHEMA },
	{ "no mode", 1, "0", 1, 32, false, MARKET_E_SCHEMA },
	{ "no root", 1, "0", 1, 0, true, MARKET_E_SCHEMA },
	{ "a root of 31 bytes", 1, "0", 1, 31, true, MARKET_E_SCHEMA },
};

static market_draft_t *
draft_list(world_t *world)
{
	static const char json[] =
	    "{\"header\":{\"issuer\":\"shop.example\",\"id\":\"feed\","
	    "\"revision\":\"1\",\"issuedAt\":\"2016-01-01T00:00:00Z\","
	    "\"notAfter\":\"2026-01-01T00:00:00Z\"}}";
	market_draft_t *draft = NULL;

	ck_assert_int_eq(
	    market_draft_from_json(world_context(world), MARKET_KIND_FEED,
		market_slice_of(json), &draft, NULL),
	    MARKET_OK);
	return draft;
}

/* MARKET_E_SCHEMA: what cannot even be written. */
static market_status_t
fill_list(market_draft_t *draft, const market__node_t nodes[4],
    const market__node_t *root, size_t i)
{
	market_status_t status;
	const char *at;

	status = market_draft_set_int(draft, "count", lists[i].count, NULL);
	if (status == MARKET_OK && lists[i].mode)
		status = market_draft_set_text(draft, "mode", "FULL", NULL);
	if (status == MARKET_OK)
		status = market_draft_set_bytes(draft, "root",
		    market__slice(root->hash, lists[i].root_len), NULL);
	for (at = lists[i].roots; *at != '\0' && status == MARKET_OK; at++)
		status = market_draft_set_bytes(draft, "chunk_roots[]",
		    market__slice(nodes[*at - '0'].hash, 32), NULL);
	return status;
}

START_TEST(list_is_opened_only_where_its_roots_agree)
{
	world_t *world = world_new();
	market_signer_t *signer = world_signer(world, "shop.example");
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_draft_t *draft = draft_list(world);
	market__hasher_t *hasher = NULL;
	market__node_t nodes[4], root;
	market_status_t status;
	size_t i, first;

	for (i = 0; i < COUNT(nodes); i++)
		memset(nodes[i].hash, (int)i + 1, sizeof(nodes[i].hash));
	ck_assert_int_eq(
	    market__hasher_new(world_context(world), &hasher), MARKET_OK);
	first = lists[_i].root < 0 ? 4 : (size_t)lists[_i].root;
	ck_assert_int_eq(
	    market__merkle_root(hasher, nodes, first, &root), MARKET_OK);
	market__hasher_free(hasher);
	status = fill_list(draft, nodes, &root, (size_t)_i);
	if (status == MARKET_OK) {
		ck_assert_int_eq(market_draft_sign(draft, &signer, 1,
				     MARKET_FORMAT_PROTOBUF, &envelope, NULL),
		    MARKET_OK);
		status = try_bytes(world, market_buffer_slice(&envelope));
	}
	ck_assert_msg(status == lists[_i].want, "%s: %s", lists[_i].label,
	    market_status_name(status));
	market_buffer_clear(&envelope);
	market_draft_free(draft);
	world_free(world);
}
END_TEST

/* ---- every bit ---- */

/* The envelope without the hint whose key it is, which vouches for nothing. */
static market_buffer_t
without_keyid(const market_feed_t *feed)
{
	const market_statement_t *list = market_feed_statement(feed);
	market_buffer_t written = MARKET_BUFFER_INIT;
	market__signature_t signature = { .sig = { NULL, 0 } };
	market__envelope_t envelope;
	market_slice_t keyid;

	ck_assert_int_eq(
	    market_statement_signature(list, 0, &keyid, &signature.sig),
	    MARKET_OK);
	memset(&envelope, 0, sizeof(envelope));
	envelope.kind = MARKET_KIND_FEED;
	envelope.payload_type = market_slice_of(
	    market__payload_type(MARKET_KIND_FEED));
	envelope.payload = market_statement_payload(list);
	envelope.signatures = &signature;
	envelope.n_signatures = 1;
	ck_assert_int_eq(market__envelope_write(&envelope, false,
			     &market__default_allocator, &written),
	    MARKET_OK);
	return written;
}

/* List and rows in one, as they would be sent. */
static market_buffer_t
write_file(const feed_kit_t *kit)
{
	market_buffer_t list = without_keyid(kit->feed), head, file;

	head = delimited(market_buffer_slice(&list));
	file = behind(head.data, head.len, market__slice(kit->bytes, kit->len));
	market_buffer_clear(&list);
	market_buffer_clear(&head);
	return file;
}

static int
count_told(void *user, const market_feed_row_t *row)
{
	size_t *told = user;

	(void)row;
	(*told)++;
	return 0;
}

/* Is it a feed, all of whose rows are permitted, and nothing else? */
static bool
is_believed(world_t *world, market_evidence_t *evidence, market_slice_t file,
    uint64_t *ret_rows)
{
	feed_reader_t reader = feed_reader(file);
	market_feed_report_t report;
	market_feed_t *feed = NULL;
	market_status_t status;
	size_t told = 0;
	market_feed_options_t options = {
		.size = sizeof(options), .row = count_told, .user = &told
	};

	*ret_rows = 0;
	if (market_feed_open(world_context(world), feed_kit_read, &reader,
		&feed, NULL) != MARKET_OK)
		return false;
	status = market_check_feed(evidence, feed, feed_kit_read, &reader,
	    world_time(WORLD_NOW), &options, &report, NULL);
	ck_assert_int_eq(status, MARKET_OK);
	*ret_rows = report.rows;
	market_feed_free(feed);
	return told == 0 && report.permitted == report.rows &&
	    report.bytes_behind == 0 && report.chunks_broken == 0;
}

START_TEST(feed_is_believed_with_none_of_its_bits_turned)
{
	world_t *world = world_new();
	market_evidence_t *evidence = world_evidence(world, 0);
	size_t i, step = 50 / harness_rounds(50);
	market_buffer_t file;
	feed_kit_t kit;
	uint64_t rows;

	feed_kit_init(&kit, world);
	feed_kit_offers(&kit, "offer", 0, 3);
	feed_kit_sign(&kit, "shop.example");
	file = write_file(&kit);
	ck_assert(
	    is_believed(world, evidence, market_buffer_slice(&file), &rows));
	ck_assert_uint_eq(rows, 3);
	for (i = 0; i < 8 * file.len; i += step) {
		file.data[i / 8] ^= (uint8_t)(1u << i % 8);
		ck_assert_msg(!is_believed(world, evidence,
				  market_buffer_slice(&file), &rows),
		    "bit %zu of byte %zu of %zu", i % 8, i / 8, file.len);
		file.data[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	for (i = 0; i < file.len; i++)
		ck_assert_msg(!is_believed(world, evidence,
				  market__slice(file.data, i), &rows),
		    "cut to %zu of %zu", i, file.len);
	ck_assert(
	    is_believed(world, evidence, market_buffer_slice(&file), &rows));
	market_buffer_clear(&file);
	feed_kit_clear(&kit);
	market_evidence_free(evidence);
	world_free(world);
}
END_TEST

static Suite *
open_suite(void)
{
	Suite *suite = suite_create("feed_open");
	TCase *open = tcase_create("open");

	tcase_set_timeout(open, 300);
	tcase_add_loop_test(open, list_is_read_alone_or_before_its_rows, 0, 2);
	tcase_add_loop_test(open, list_is_refused_that_is_cut_anywhere, 0, 2);
	tcase_add_test(open, list_is_refused_that_is_none_or_too_large);
	tcase_add_test(open, open_refuses_what_it_cannot_use);
	tcase_add_loop_test(open, list_is_opened_only_where_its_roots_agree, 0,
	    (int)COUNT(lists));
	tcase_add_test(open, feed_is_believed_with_none_of_its_bits_turned);
	suite_add_tcase(suite, open);
	return suite;
}

int
main(void)
{
	return harness_main(open_suite());
}
