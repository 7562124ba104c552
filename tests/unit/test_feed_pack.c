/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making feeds: the list is RFC 6962's over the rows, as merkle_kit.h reads it;
 * what is refused leaves the packer as it was, and what it makes is permitted.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "api/feed.h"
#include "feed_kit.h"
#include "merkle_kit.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define HEADER                                                      \
	"\"header\":{\"issuer\":\"shop.example\",\"id\":\"feed\","  \
	"\"revision\":\"1\",\"issuedAt\":\"2016-01-01T00:00:00Z\"," \
	"\"notBefore\":\"2016-01-01T00:00:00Z\","                   \
	"\"notAfter\":\"2026-01-01T00:00:00Z\"}"
#define DRAFT "{" HEADER ",\"mode\":\"FEED_MODE_FULL\"}"
#define ROOT  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

/* Where rows go: it takes all, until call number `fail_at`. */
typedef struct sink {
	market__text_t text;
	size_t calls, fail_at;
	market_status_t failure;
} sink_t;

static market_status_t
put(void *user, market_slice_t bytes)
{
	sink_t *sink = user;

	if (sink->calls++ == sink->fail_at)
		return sink->failure;
	market__text_slice(&sink->text, bytes);
	return MARKET_OK;
}

typedef struct packing {
	feed_scene_t scene; /* whose rows are those that are wanted */
	sink_t sink;
	market_packer_t *packer;
	market_error_t error;
} packing_t;

static void
begin(packing_t *p, const char *draft)
{
	memset(p, 0, sizeof(*p));
	feed_scene_open(&p->scene, NULL);
	market__text_init(
	    &p->sink.text, &market__default_allocator, SIZE_MAX / 2);
	p->sink.fail_at = SIZE_MAX;
	ck_assert_msg(market_packer_new(world_context(p->scene.world),
			  market_slice_of(draft), put, &p->sink, &p->packer,
			  &p->error) == MARKET_OK,
	    "%s: %s", p->error.path, p->error.message);
}

static void
end(packing_t *p)
{
	market_packer_free(p->packer);
	market__text_clear(&p->sink.text);
	feed_scene_close(&p->scene);
}

/* Adds row i of the scene. */
static market_status_t
add(packing_t *p, size_t i)
{
	return market_packer_add(
	    p->packer, feed_kit_payload_of(&p->scene.kit, i), &p->error);
}

static market_status_t
finish(packing_t *p, market_buffer_t *envelope)
{
	market_signer_t *signer = world_signer(p->scene.world, "shop.example");

	return market_packer_finish(
	    p->packer, &signer, 1, MARKET_FORMAT_PROTOBUF, envelope, &p->error);
}

/* What was made is the scene's rows, and they are permitted. */
static void
expect_made(packing_t *p)
{
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	feed_scene_t *scene = &p->scene;

	ck_assert_uint_eq(market_packer_count(p->packer), scene->kit.n_rows);
	ck_assert_msg(finish(p, &envelope) == MARKET_OK, "%s: %s",
	    p->error.path, p->error.message);
	ck_assert_uint_eq(p->sink.text.len, scene->kit.len);
	if (scene->kit.len > 0)
		ck_assert_mem_eq(
		    p->sink.text.data, scene->kit.bytes, scene->kit.len);
	ck_assert_int_eq(feed_kit_open(&scene->kit,
			     market_buffer_slice(&envelope), &p->error),
	    MARKET_OK);
	ck_assert_int_eq(feed_scene_check(scene, 1), MARKET_OK);
	feed_scene_expect(scene, scene->kit.n_rows, scene->kit.n_rows, 0, 0);
	ck_assert_str_eq(scene->heard.lines, "");
	market_buffer_clear(&envelope);
}

/* ---- the list ---- */

/* By OpenSSL alone, like the rest of that kit. */
static market__node_t
leaf_of(market_slice_t payload)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	market__node_t node;

	ck_assert_int_eq(EVP_DigestInit_ex(context, EVP_sha256(), NULL), 1);
	ck_assert_int_eq(EVP_DigestUpdate(context, "\0", 1), 1);
	ck_assert_int_eq(
	    EVP_DigestUpdate(context, payload.ptr, payload.len), 1);
	ck_assert_int_eq(EVP_DigestFinal_ex(context, node.hash, NULL), 1);
	EVP_MD_CTX_free(context);
	return node;
}

static void
expect_root(
    market_slice_t root, const merkle_kit_t *kit, size_t first, size_t past)
{
	market__node_t want = merkle_kit_root(kit, first, past);

	ck_assert_uint_eq(root.len, MARKET_DIGEST_LEN);
	ck_assert_mem_eq(root.ptr, want.hash, MARKET_DIGEST_LEN);
}

static const size_t sizes[] = { 1, 2, 3, 255, 256, 257, 511, 512, 513, 1000 };

START_TEST(packer_makes_the_tree_of_rfc_6962)
{
	merkle_kit_t *kit = malloc(sizeof(*kit));
	const market__feed_t *feed;
	size_t n = sizes[_i], i;
	packing_t p;

	ck_assert_ptr_nonnull(kit);
	merkle_kit_open(kit);
	begin(&p, DRAFT);
	feed_kit_offers(&p.scene.kit, "offer", 0, n);
	for (i = 0; i < n; i++) {
		ck_assert_uint_eq(market_packer_count(p.packer), i);
		ck_assert_int_eq(add(&p, i), MARKET_OK);
		kit->leaves[i] = leaf_of(feed_kit_payload_of(&p.scene.kit, i));
	}
	expect_made(&p);
	feed = market__feed_of(p.scene.kit.feed);
	ck_assert_uint_eq(feed->count, n);
	expect_root(feed->root, kit, 0, n);
	ck_assert_uint_eq(feed->chunk_roots.n, (n + 255) / 256);
	for (i = 0; i < feed->chunk_roots.n; i++)
		expect_root(feed->chunk_roots.v[i], kit, i * 256,
		    i * 256 + 256 < n ? i * 256 + 256 : n);
	end(&p);
	merkle_kit_close(kit);
	free(kit);
}
END_TEST

START_TEST(packer_makes_an_empty_feed)
{
	/* SHA-256 of nothing. */
	static const uint8_t empty[] = { 0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc,
		0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
		0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95,
		0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55 };
	packing_t p;

	begin(&p, DRAFT);
	expect_made(&p);
	ck_assert_mem_eq(
	    market__feed_of(p.scene.kit.feed)->root.ptr, empty, sizeof(empty));
	ck_assert_uint_eq(p.sink.calls, 0);
	end(&p);
}
END_TEST

/* What the draft says of the rows is that of another revision. */
static const char *const drafts[] = {
	"{" HEADER ",\"mode\":\"FEED_MODE_FULL\",\"count\":\"9\"}",
	"{" HEADER ",\"mode\":\"FEED_MODE_FULL\",\"root\":\"" ROOT "\"}",
	"{" HEADER ",\"mode\":\"FEED_MODE_FULL\",\"chunkRoots\":[\"" ROOT
	"\"]}",
	"{" HEADER ",\"mode\":\"FEED_MODE_FULL\",\"count\":\"1000\","
	"\"root\":\"" ROOT "\",\"chunkRoots\":[\"" ROOT "\",\"" ROOT
	"\",\"" ROOT "\",\"" ROOT "\"]}",
	"{" HEADER ",\"mode\":\"FEED_MODE_FULL\",\"chunkRoots\":[\"AA==\","
	"\"AA==\",\"AA==\"]}",
};

START_TEST(packer_writes_count_and_roots_anew)
{
	static const size_t rows[] = { 0, 1, 300 };
	size_t i, k;
	packing_t p;

	for (k = 0; k < COUNT(rows); k++) {
		begin(&p, drafts[_i]);
		feed_kit_offers(&p.scene.kit, "offer", 0, rows[k]);
		for (i = 0; i < rows[k]; i++)
			ck_assert_int_eq(add(&p, i), MARKET_OK);
		expect_made(&p);
		end(&p);
	}
}
END_TEST

START_TEST(packer_takes_json_and_payloads_alike)
{
	static const char *const ids[] = { "a", "b", "c" };
	market_statement_t *offer = NULL;
	market_buffer_t json = MARKET_BUFFER_INIT;
	char edit[128];
	packing_t p;
	size_t i;

	begin(&p, DRAFT);
	for (i = 0; i < COUNT(ids); i++) {
		snprintf(edit, sizeof(edit),
		    "+%s =offer {'header':{'id':'%s'}}", ids[i], ids[i]);
		world_edit(p.scene.world, edit);
		feed_kit_offer(&p.scene.kit, ids[i], NULL);
		ck_assert_int_eq(
		    market_statement_parse(world_context(p.scene.world),
			world_envelope(p.scene.world, ids[i]), MARKET_KINDS_ALL,
			&offer, NULL),
		    MARKET_OK);
		ck_assert_int_eq(
		    market_statement_json(offer, 2, &json), MARKET_OK);
		market_statement_free(offer);
		ck_assert_int_eq(i == 1
			? add(&p, i)
			: market_packer_add_json(
			      p.packer, market_buffer_slice(&json), &p.error),
		    MARKET_OK);
		market_buffer_clear(&json);
	}
	expect_made(&p);
	end(&p);
}
END_TEST

/* ---- what is refused ---- */

static void
refuse(packing_t *p, market_slice_t payload, market_status_t want)
{
	uint64_t count = market_packer_count(p->packer);

	memset(&p->error, 0, sizeof(p->error));
	ck_assert_int_eq(
	    market_packer_add(p->packer, payload, &p->error), want);
	ck_assert_int_eq(p->error.status, want);
	ck_assert_uint_gt(strlen(p->error.message), 0);
	ck_assert_uint_eq(market_packer_count(p->packer), count);
}

static void
refuse_offer(
    packing_t *p, const char *name, const char *id, market_status_t want)
{
	market_buffer_t payload = feed_kit_payload(p->scene.world, name, id);

	refuse(p, market_buffer_slice(&payload), want);
	market_buffer_clear(&payload);
}

START_TEST(packer_is_as_it_was_after_it_refused)
{
	uint8_t *large = calloc(MARKET_FEED_ROW_MAX + 1, 1);
	size_t i;
	packing_t p;

	ck_assert_ptr_nonnull(large);
	begin(&p, DRAFT);
	world_edit(p.scene.world,
	    "+other =offer {'header': {'issuer': 'other.example'}}");
	feed_kit_offers(&p.scene.kit, "offer", 0, 300);
	for (i = 0; i < 300; i++) {
		ck_assert_int_eq(add(&p, i), MARKET_OK);
		if (i % 51 != 0)
			continue;
		/* The same, a lesser one, none; another's; what is none. */
		ck_assert_int_eq(add(&p, i), MARKET_E_SCHEMA);
		refuse_offer(&p, "offer", "!", MARKET_E_SCHEMA);
		refuse_offer(&p, "offer", "", MARKET_E_SCHEMA);
		refuse_offer(&p, "other", "9999", MARKET_E_SCHEMA);
		refuse(&p, market_slice_of("junk"), MARKET_E_ENCODING);
		refuse(&p, market_slice_of(""), MARKET_E_SCHEMA);
		refuse(&p, market__slice(NULL, 1), MARKET_E_ARGUMENT);
		refuse(&p, market__slice(large, MARKET_FEED_ROW_MAX + 1),
		    MARKET_E_LIMIT);
		refuse(&p, market__slice(large, MARKET_FEED_ROW_MAX),
		    MARKET_E_ENCODING);
		ck_assert_int_eq(market_packer_add_json(
				     p.packer, market_slice_of("{"), &p.error),
		    MARKET_E_ENCODING);
		ck_assert_int_eq(market_packer_add_json(
				     p.packer, market_slice_of("{}"), &p.error),
		    MARKET_E_SCHEMA);
		ck_assert_int_eq(market_packer_add_json(p.packer,
				     market_slice_of("{\"x\":1}"), &p.error),
		    MARKET_E_SCHEMA);
	}
	expect_made(&p);
	free(large);
	end(&p);
}
END_TEST

/* A chunk that is above 1,048,576 bytes no reader would take. */
START_TEST(packer_refuses_what_makes_a_chunk_too_large)
{
	char edit[70000], part[1100];
	market_status_t status = MARKET_OK;
	packing_t p;
	size_t i;

	begin(&p, DRAFT);
	snprintf(edit, sizeof(edit), "+big =offer {'imageLinks': [");
	for (i = 0; i < 60; i++) {
		snprintf(part, sizeof(part), "%s'https://x/%0990d'",
		    i == 0 ? "" : ", ", (int)i);
		strcat(edit, part);
	}
	strcat(edit, "]}");
	world_edit(p.scene.world, edit);
	feed_kit_offers(&p.scene.kit, "big", 0, 17);
	for (i = 0; i < 17; i++)
		ck_assert_int_eq(add(&p, i), MARKET_OK);
	refuse_offer(&p, "big", "9000", MARKET_E_LIMIT);
	/* There still is room for small ones, up to the last byte or so. */
	for (i = 17; i < 256; i++) {
		feed_kit_offers(&p.scene.kit, "offer", i, 1);
		status = add(&p, i);
		if (status != MARKET_OK)
			break;
	}
	if (status == MARKET_E_LIMIT) {
		ck_assert_uint_gt(p.scene.kit.len, MARKET_FEED_CHUNK_MAX);
		p.scene.kit.len = p.scene.kit.starts[--p.scene.kit.n_rows];
	} else {
		/* The next chunk is empty. */
		feed_kit_offers(&p.scene.kit, "big", 9000, 1);
		ck_assert_int_eq(add(&p, 256), MARKET_OK);
	}
	expect_made(&p);
	end(&p);
}
END_TEST

START_TEST(packer_that_could_not_write_is_over)
{
	static const market_status_t failures[] = { MARKET_E_IO,
		MARKET_E_CALLBACK, MARKET_E_FULL, MARKET_E_SCHEMA };
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	size_t fail_at;
	packing_t p;

	for (fail_at = 0; fail_at < 6; fail_at++) {
		begin(&p, DRAFT);
		feed_kit_offers(&p.scene.kit, "offer", 0, 4);
		p.sink.fail_at = fail_at;
		p.sink.failure = failures[fail_at % COUNT(failures)];
		while (market_packer_count(p.packer) < fail_at / 2)
			ck_assert_int_eq(
			    add(&p, market_packer_count(p.packer)), MARKET_OK);
		ck_assert_int_eq(add(&p, fail_at / 2), p.sink.failure);
		ck_assert_int_eq(p.error.status, p.sink.failure);
		ck_assert_uint_eq(market_packer_count(p.packer), fail_at / 2);
		ck_assert_int_eq(add(&p, fail_at / 2), MARKET_E_STATE);
		ck_assert_int_eq(add(&p, 3), MARKET_E_STATE);
		ck_assert_int_eq(market_packer_add_json(
				     p.packer, market_slice_of("{}"), &p.error),
		    MARKET_E_STATE);
		ck_assert_int_eq(finish(&p, &envelope), MARKET_E_STATE);
		ck_assert_ptr_null(envelope.data);
		ck_assert_uint_eq(p.sink.calls, fail_at + 1);
		end(&p);
	}
}
END_TEST

START_TEST(packer_is_finished_more_than_once)
{
	market_buffer_t first = MARKET_BUFFER_INIT, second = MARKET_BUFFER_INIT;
	market_signer_t *signer;
	size_t i;
	packing_t p;

	begin(&p, DRAFT);
	signer = world_signer(p.scene.world, "shop.example");
	feed_kit_offers(&p.scene.kit, "offer", 0, 300);
	for (i = 0; i < 300; i++)
		ck_assert_int_eq(add(&p, i), MARKET_OK);
	/* Without a signer nothing is signed, and nothing is lost. */
	ck_assert_int_eq(market_packer_finish(p.packer, NULL, 0,
			     MARKET_FORMAT_PROTOBUF, &first, &p.error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_packer_finish(p.packer, &signer, 1,
			     MARKET_FORMAT_PROTOBUF, NULL, &p.error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(finish(&p, &first), MARKET_OK);
	/* Ed25519 signs the same bytes the same way. */
	ck_assert_int_eq(finish(&p, &second), MARKET_OK);
	ck_assert_uint_eq(first.len, second.len);
	ck_assert_mem_eq(first.data, second.data, first.len);
	refuse_offer(&p, "offer", "9999", MARKET_E_STATE);
	ck_assert_int_eq(
	    market_packer_add_json(p.packer, market_slice_of("{}"), &p.error),
	    MARKET_E_STATE);
	ck_assert_int_eq(market_packer_finish(p.packer, &signer, 1,
			     MARKET_FORMAT_JSON, &second, &p.error),
	    MARKET_OK);
	ck_assert_int_eq(second.data[0], '{');
	expect_made(&p);
	market_buffer_clear(&first);
	market_buffer_clear(&second);
	end(&p);
}
END_TEST

START_TEST(packer_refuses_a_draft_that_is_none)
{
	static const struct {
		const char *draft;
		market_status_t made, finished;
	} rows[] = {
		{ "junk", MARKET_E_ENCODING, MARKET_OK },
		{ "", MARKET_E_ENCODING, MARKET_OK },
		{ "[]", MARKET_E_SCHEMA, MARKET_OK },
		{ "{\"roots\":1}", MARKET_E_SCHEMA, MARKET_OK },
		{ "{}", MARKET_E_SCHEMA, MARKET_OK },
		/* What else is not valid is found when it is signed. */
		{ "{" HEADER "}", MARKET_OK, MARKET_E_SCHEMA },
		{ "{\"header\":{\"id\":\"f\"},\"mode\":\"FEED_MODE_FULL\"}",
		    MARKET_OK, MARKET_E_SCHEMA },
	};
	world_t *world = world_new();
	market_context_t *context = world_context(world);
	market_signer_t *signer = world_signer(world, "shop.example");
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_packer_t *packer = NULL;
	sink_t sink = { .fail_at = 0 };
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		packer = NULL;
		ck_assert_msg(
		    market_packer_new(context, market_slice_of(rows[i].draft),
			put, &sink, &packer, &error) == rows[i].made,
		    "%s: %s", rows[i].draft, error.message);
		ck_assert_int_eq(packer == NULL, rows[i].made != MARKET_OK);
		if (packer == NULL)
			continue;
		ck_assert_int_eq(market_packer_finish(packer, &signer, 1,
				     MARKET_FORMAT_PROTOBUF, &envelope, &error),
		    rows[i].finished);
		ck_assert_ptr_null(envelope.data);
		market_packer_free(packer);
	}
	ck_assert_uint_eq(sink.calls, 0);
	world_free(world);
}
END_TEST

START_TEST(packer_refuses_what_it_cannot_use)
{
	world_t *world = world_new();
	market_context_t *context = world_context(world);
	market_slice_t draft = market_slice_of(DRAFT);
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_packer_t *packer = NULL;
	sink_t sink = { .fail_at = 0 };

	ck_assert_int_eq(
	    market_packer_new(NULL, draft, put, &sink, &packer, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_packer_new(context, draft, NULL, &sink, &packer, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_packer_new(context, draft, put, &sink, NULL, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_packer_new(context, market__slice(NULL, 1), put,
			     &sink, &packer, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_ptr_null(packer);
	ck_assert_int_eq(
	    market_packer_add(NULL, draft, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_packer_add_json(NULL, draft, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_packer_finish(NULL, NULL, 0, MARKET_FORMAT_JSON,
			     &envelope, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_uint_eq(market_packer_count(NULL), 0);
	market_packer_free(NULL);
	world_free(world);
}
END_TEST

START_TEST(delimiter_has_one_to_four_bytes)
{
	static const struct {
		size_t length;
		const char *want;
		size_t n;
	} rows[] = {
		{ 0, "\x00", 1 },
		{ 127, "\x7f", 1 },
		{ 128, "\x80\x01", 2 },
		{ 16383, "\xff\x7f", 2 },
		{ 16384, "\x80\x80\x01", 3 },
		{ 65536, "\x80\x80\x04", 3 },
		{ 2097151, "\xff\xff\x7f", 3 },
		{ 2097152, "\x80\x80\x80\x01", 4 },
		{ 268435455, "\xff\xff\xff\x7f", 4 },
		{ 268435456, "", 0 },
		{ SIZE_MAX, "", 0 },
	};
	uint8_t bytes[4];
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		ck_assert_uint_eq(
		    market_feed_delimiter(rows[i].length, bytes), rows[i].n);
		ck_assert_int_eq(memcmp(bytes, rows[i].want, rows[i].n), 0);
	}
}
END_TEST

static Suite *
pack_suite(void)
{
	Suite *suite = suite_create("feed_pack");
	TCase *pack = tcase_create("pack");

	tcase_set_timeout(pack, 300);
	tcase_add_loop_test(
	    pack, packer_makes_the_tree_of_rfc_6962, 0, (int)COUNT(sizes));
	tcase_add_test(pack, packer_makes_an_empty_feed);
	tcase_add_loop_test(
	    pack, packer_writes_count_and_roots_anew, 0, (int)COUNT(drafts));
	tcase_add_test(pack, packer_takes_json_and_payloads_alike);
	tcase_add_test(pack, packer_is_as_it_was_after_it_refused);
	tcase_add_test(pack, packer_refuses_what_makes_a_chunk_too_large);
	tcase_add_test(pack, packer_that_could_not_write_is_over);
	tcase_add_test(pack, packer_is_finished_more_than_once);
	tcase_add_test(pack, packer_refuses_a_draft_that_is_none);
	tcase_add_test(pack, packer_refuses_what_it_cannot_use);
	tcase_add_test(pack, delimiter_has_one_to_four_bytes);
	suite_add_tcase(suite, pack);
	return suite;
}

int
main(void)
{
	return harness_main(pack_suite());
}
