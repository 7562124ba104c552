/* SPDX-License-Identifier: Apache-2.0 */
/* A parsed statement: what it says, and that it never changes. */
#include "world.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "crypto/crypto.h"

static market_statement_t *
parsed(world_t *world, const char *name)
{
	market_statement_t *statement = NULL;
	market_error_t error = MARKET_ERROR_INIT;

	ck_assert_msg(market_statement_parse(world_context(world),
			  world_envelope(world, name), MARKET_KINDS_ALL,
			  &statement, &error) == MARKET_OK,
	    "%s: %s: %s", name, error.path, error.message);
	return statement;
}

/* The statement `name` signed by these signers, in that form. */
static market_buffer_t
signed_as(world_t *world, const char *name, market_signer_t *const *signers,
    size_t count, market_format_t format)
{
	market_draft_t *draft = world_draft(world, name);
	market_buffer_t envelope = MARKET_BUFFER_INIT;

	ck_assert_int_eq(
	    market_draft_sign(draft, signers, count, format, &envelope, NULL),
	    MARKET_OK);
	market_draft_free(draft);
	return envelope;
}

static market_signer_t *
p256_signer(world_t *world)
{
	market_buffer_t pem = MARKET_BUFFER_INIT;
	market_signer_t *signer = NULL;

	ck_assert_int_eq(market_key_generate(world_context(world),
			     MARKET_ALGORITHM_P256, &pem, NULL),
	    MARKET_OK);
	ck_assert_int_eq(market_signer_from_pem(world_context(world),
			     market_buffer_slice(&pem), NULL, &signer, NULL),
	    MARKET_OK);
	market_buffer_clear(&pem);
	return signer;
}

START_TEST(statement_says_what_it_is)
{
	static const struct {
		const char *name, *issuer;
		market_kind_t kind;
	} rows[] = {
		{ "root", "usmobile.com", MARKET_KIND_TRUST_ROOT },
		{ "policy", "usmobile.com", MARKET_KIND_POLICY },
		{ "seller", "usmobile.com", MARKET_KIND_SELLER },
		{ "product", "mi.com", MARKET_KIND_PRODUCT },
		{ "network", "t-mobile.com", MARKET_KIND_NETWORK },
		{ "grant", "mi.com", MARKET_KIND_AUTHORIZATION },
		{ "fcc", "fcc.gov", MARKET_KIND_CERTIFICATION },
		{ "offer", "shop.example", MARKET_KIND_OFFER },
	};
	world_t *world = world_new();
	market_statement_t *statement;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		statement = parsed(world, rows[i].name);
		ck_assert_int_eq(
		    market_statement_kind(statement), rows[i].kind);
		ck_assert(market__slice_is(
		    market_statement_issuer(statement), rows[i].issuer));
		ck_assert(market__slice_is(
		    market_statement_id(statement), rows[i].name));
		ck_assert_uint_eq(market_statement_revision(statement), 1);
		ck_assert_uint_eq(
		    market_statement_digest(statement).len, MARKET_DIGEST_LEN);
		ck_assert_uint_gt(market_statement_payload(statement).len, 0);
		ck_assert_uint_eq(
		    market_statement_signature_count(statement), 1);
		market_statement_free(statement);
	}
	world_free(world);
}
END_TEST

START_TEST(statement_gives_no_integer_when_it_is_beyond_int64)
{
	world_t *world = world_new();
	market_statement_t *statement;
	int64_t number = -77;

	world_edit(
	    world, "offer {'header': {'revision': '9223372036854775808'}}");
	statement = parsed(world, "offer");
	ck_assert_int_eq(
	    market_statement_get_int(statement, "header.revision", &number),
	    MARKET_E_LIMIT);
	ck_assert_int_eq(number, -77);
	ck_assert_uint_eq(market_statement_revision(statement),
	    UINT64_C(9223372036854775808));
	market_statement_free(statement);
	world_edit(
	    world, "offer {'header': {'revision': '9223372036854775807'}}");
	statement = parsed(world, "offer");
	ck_assert_int_eq(
	    market_statement_get_int(statement, "header.revision", &number),
	    MARKET_OK);
	ck_assert_int_eq(number, INT64_MAX);
	market_statement_free(statement);
	world_free(world);
}
END_TEST

typedef enum getter { TEXT, INT, COUNT } getter_t;

static const struct {
	const char *label, *name, *path;
	getter_t getter;
	market_status_t status;
	const char *text;
	int64_t number; /* integer or count */
} get_rows[] = {
	{ "a text", "offer", "brand", TEXT, MARKET_OK, "xiaomi", 0 },
	{ "a text inside", "offer", "price.currency_code", TEXT, MARKET_OK,
	    "USD", 0 },
	{ "of the header", "offer", "header.issuer", TEXT, MARKET_OK,
	    "shop.example", 0 },
	{ "an element", "offer", "territories[0]", TEXT, MARKET_OK, "US", 0 },
	{ "an element of an element", "root", "parties[1].roles[0].brands[0]",
	    TEXT, MARKET_OK, "meizu", 0 },
	{ "a text that is not set", "offer", "description", TEXT, MARKET_OK, "",
	    0 },
	{ "a text in a message that is not set", "seller", "address.city", TEXT,
	    MARKET_OK, "", 0 },
	{ "bytes that are not set", "grant", "parent_digest", TEXT, MARKET_OK,
	    "", 0 },
	{ "no such field", "offer", "colour", TEXT, MARKET_E_NOT_FOUND, NULL,
	    0 },
	{ "a field of another kind", "offer", "grantee", TEXT,
	    MARKET_E_NOT_FOUND, NULL, 0 },
	{ "no such field inside", "offer", "price.colour", TEXT,
	    MARKET_E_NOT_FOUND, NULL, 0 },
	{ "the name as JSON has it", "offer", "price.currencyCode", TEXT,
	    MARKET_E_NOT_FOUND, NULL, 0 },
	{ "an index past the end", "offer", "territories[1]", TEXT,
	    MARKET_E_NOT_FOUND, NULL, 0 },
	{ "a far index past the end", "offer", "territories[9999999]", TEXT,
	    MARKET_E_NOT_FOUND, NULL, 0 },
	{ "an index past the end of messages", "root", "parties[99].id", TEXT,
	    MARKET_E_NOT_FOUND, NULL, 0 },
	{ "a text asked for as an integer", "offer", "brand", INT,
	    MARKET_E_SCHEMA, NULL, 0 },
	{ "an integer asked for as a text", "offer", "quantity", TEXT,
	    MARKET_E_SCHEMA, NULL, 0 },
	{ "a message asked for as a text", "offer", "price", TEXT,
	    MARKET_E_SCHEMA, NULL, 0 },
	{ "a message asked for as an integer", "offer", "price", INT,
	    MARKET_E_SCHEMA, NULL, 0 },
	{ "an integer", "offer", "quantity", INT, MARKET_OK, NULL, 10 },
	{ "money", "offer", "price.amount_micros", INT, MARKET_OK, NULL,
	    219000000 },
	{ "a time", "offer", "header.not_before", INT, MARKET_OK, NULL,
	    1451606400 },
	{ "an enum", "offer", "condition", INT, MARKET_OK, NULL,
	    MARKET_CONDITION_NEW },
	{ "an enum in a list", "offer", "channels[0]", INT, MARKET_OK, NULL,
	    MARKET_CHANNEL_ONLINE_STORE },
	{ "a bool", "policy", "require_seller_verification", INT, MARKET_OK,
	    NULL, 1 },
	{ "a bool that is not set", "policy", "accept_provisional", INT,
	    MARKET_OK, NULL, 0 },
	{ "an integer that is not set", "offer", "return_days", INT, MARKET_OK,
	    NULL, 0 },
	{ "a number of a packed list", "product", "radio.gsm_mhz[3]", INT,
	    MARKET_OK, NULL, 1900 },
	{ "past the end of a packed list", "product", "radio.gsm_mhz[4]", INT,
	    MARKET_E_NOT_FOUND, NULL, 0 },
	{ "no such integer", "offer", "weight", INT, MARKET_E_NOT_FOUND, NULL,
	    0 },
	{ "how many texts", "product", "software_versions", COUNT, MARKET_OK,
	    NULL, 2 },
	{ "how many numbers", "product", "radio.gsm_mhz", COUNT, MARKET_OK,
	    NULL, 4 },
	{ "how many messages", "root", "parties", COUNT, MARKET_OK, NULL, 7 },
	{ "how many of an empty list", "offer", "image_links", COUNT, MARKET_OK,
	    NULL, 0 },
	{ "how many of a field that is no list", "offer", "brand", COUNT,
	    MARKET_E_SCHEMA, NULL, 0 },
	{ "how many of an element", "product", "software_versions[0]", COUNT,
	    MARKET_E_SCHEMA, NULL, 0 },
	{ "a list asked for as a text", "product", "software_versions", TEXT,
	    MARKET_E_SCHEMA, NULL, 0 },
	{ "how many of no field", "offer", "colours", COUNT, MARKET_E_NOT_FOUND,
	    NULL, 0 },
};

START_TEST(statement_get_row)
{
	world_t *world = world_new();
	market_statement_t *statement = parsed(world, get_rows[_i].name);
	market_slice_t text = market_slice_of("untouched");
	const char *path = get_rows[_i].path;
	int64_t number = -77;
	size_t count = 77;
	market_status_t got = MARKET_E_INTERNAL;

	switch (get_rows[_i].getter) {
	case TEXT:
		got = market_statement_get_text(statement, path, &text);
		ck_assert_msg(market__slice_is(text,
				  got == MARKET_OK && get_rows[_i].text != NULL
				      ? get_rows[_i].text
				      : "untouched"),
		    "%s: %.*s", get_rows[_i].label, (int)text.len, text.ptr);
		break;
	case INT:
		got = market_statement_get_int(statement, path, &number);
		ck_assert_int_eq(
		    number, got == MARKET_OK ? get_rows[_i].number : -77);
		break;
	case COUNT:
		got = market_statement_get_count(statement, path, &count);
		ck_assert_uint_eq(
		    count, got == MARKET_OK ? (size_t)get_rows[_i].number : 77);
		break;
	}
	ck_assert_msg(got == get_rows[_i].status, "%s: %s, want %s",
	    get_rows[_i].label, market_status_name(got),
	    market_status_name(get_rows[_i].status));
	market_statement_free(statement);
	world_free(world);
}
END_TEST

static void
assert_same_digest(world_t *world, market_slice_t a, market_slice_t b)
{
	market_statement_t *one = NULL, *other = NULL;

	ck_assert_int_eq(market_statement_parse(world_context(world), a,
			     MARKET_KINDS_ALL, &one, NULL),
	    MARKET_OK);
	ck_assert_int_eq(market_statement_parse(world_context(world), b,
			     MARKET_KINDS_ALL, &other, NULL),
	    MARKET_OK);
	ck_assert(market__slice_equal(
	    market_statement_digest(one), market_statement_digest(other)));
	ck_assert(market__slice_equal(
	    market_statement_payload(one), market_statement_payload(other)));
	market_statement_free(one);
	market_statement_free(other);
}

/* ECDSA's signatures are random, and malleable: bytes are no identity. */
START_TEST(statement_digest_is_the_same_when_signatures_differ)
{
	world_t *world = world_new();
	market_signer_t *signers[2];
	market_buffer_t a, b;

	signers[0] = p256_signer(world);
	signers[1] = world_signer(world, "mi.com");
	a = signed_as(world, "grant", signers, 1, MARKET_FORMAT_PROTOBUF);
	b = signed_as(world, "grant", signers, 1, MARKET_FORMAT_PROTOBUF);
	ck_assert(!market__slice_equal(
	    market_buffer_slice(&a), market_buffer_slice(&b)));
	assert_same_digest(
	    world, market_buffer_slice(&a), market_buffer_slice(&b));
	market_buffer_clear(&b);
	b = signed_as(world, "grant", signers, 2, MARKET_FORMAT_PROTOBUF);
	assert_same_digest(
	    world, market_buffer_slice(&a), market_buffer_slice(&b));
	market_buffer_clear(&a);
	market_buffer_clear(&b);
	market_signer_free(signers[0]);
	world_free(world);
}
END_TEST

START_TEST(statement_digest_is_the_same_in_both_forms)
{
	static const char *const names[] = { "root", "grant", "offer" };
	world_t *world = world_new();
	market_signer_t *signer = world_signer(world, "mi.com");
	market_buffer_t json, binary;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		json = signed_as(
		    world, names[i], &signer, 1, MARKET_FORMAT_JSON);
		binary = signed_as(
		    world, names[i], &signer, 1, MARKET_FORMAT_PROTOBUF);
		assert_same_digest(world, market_buffer_slice(&json),
		    market_buffer_slice(&binary));
		market_buffer_clear(&json);
		market_buffer_clear(&binary);
	}
	world_free(world);
}
END_TEST

START_TEST(statement_digest_is_another_when_anything_signed_is)
{
	static const char *const edits[] = {
		"grant {'header': {'revision': '2'}}",
		"grant {'header': {'id': 'grant2'}}",
		"grant {'maxDelegations': 1}",
		"grant {'scope': {'territories': ['US-CA']}}",
	};
	world_t *world = world_new();
	market_statement_t *before = parsed(world, "grant"), *after;
	size_t i;

	for (i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
		world_edit(world, edits[i]);
		after = parsed(world, "grant");
		ck_assert(!market__slice_equal(market_statement_digest(before),
		    market_statement_digest(after)));
		market_statement_free(before);
		before = after;
	}
	market_statement_free(before);
	world_free(world);
}
END_TEST

/* DSSE v1.0.2: "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body. */
START_TEST(statement_pae_is_as_dsse_defines_it)
{
	world_t *world = world_new();
	market_statement_t *statement = parsed(world, "grant");
	market_slice_t payload = market_statement_payload(statement), whole;
	market_buffer_t pae = MARKET_BUFFER_INIT;
	uint8_t digest[MARKET_DIGEST_LEN];
	char head[128];
	size_t head_len;

	ck_assert_int_eq(market_statement_pae(statement, &pae), MARKET_OK);
	/* strlen("application/vnd.libmarket.authorization.v1+protobuf") */
	snprintf(head, sizeof(head),
	    "DSSEv1 51 application/vnd.libmarket.authorization.v1+protobuf "
	    "%zu ",
	    payload.len);
	head_len = strlen(head);
	ck_assert_uint_eq(pae.len, head_len + payload.len);
	ck_assert_int_eq(memcmp(pae.data, head, head_len), 0);
	ck_assert_int_eq(
	    memcmp(pae.data + head_len, payload.ptr, payload.len), 0);
	whole = market_buffer_slice(&pae);
	ck_assert_int_eq(
	    market__sha256(world_context(world), &whole, 1, digest), MARKET_OK);
	ck_assert(market__slice_equal(market_statement_digest(statement),
	    market__slice(digest, sizeof(digest))));
	market_buffer_clear(&pae);
	market_statement_free(statement);
	world_free(world);
}
END_TEST

START_TEST(statement_gives_its_signatures_in_order)
{
	world_t *world = world_new();
	market_signer_t *signers[3];
	market_buffer_t envelope, pae = MARKET_BUFFER_INIT;
	market_statement_t *statement = NULL;
	char id[2 * MARKET_DIGEST_LEN + 1];
	market_slice_t keyid, signature;
	size_t i;

	signers[0] = world_signer(world, "c");
	signers[1] = world_signer(world, "a");
	signers[2] = world_signer(world, "b");
	envelope = signed_as(world, "grant", signers, 3, MARKET_FORMAT_JSON);
	ck_assert_int_eq(market_statement_parse(world_context(world),
			     market_buffer_slice(&envelope), MARKET_KINDS_ALL,
			     &statement, NULL),
	    MARKET_OK);
	ck_assert_int_eq(market_statement_pae(statement, &pae), MARKET_OK);
	ck_assert_uint_eq(market_statement_signature_count(statement), 3);
	for (i = 0; i < 3; i++) {
		market_key_t *key = market_signer_key(signers[i]);

		ck_assert_int_eq(market_statement_signature(
				     statement, i, &keyid, &signature),
		    MARKET_OK);
		market__hex(market_key_id(key).ptr, MARKET_DIGEST_LEN, id);
		ck_assert(market__slice_is(keyid, id));
		ck_assert_int_eq(market_key_verify(
				     key, market_buffer_slice(&pae), signature),
		    MARKET_OK);
	}
	keyid = market_slice_of("untouched");
	ck_assert_int_eq(
	    market_statement_signature(statement, 3, &keyid, &signature),
	    MARKET_E_NOT_FOUND);
	ck_assert_int_eq(
	    market_statement_signature(statement, SIZE_MAX, &keyid, &signature),
	    MARKET_E_NOT_FOUND);
	ck_assert(market__slice_is(keyid, "untouched"));
	market_buffer_clear(&pae);
	market_buffer_clear(&envelope);
	market_statement_free(statement);
	world_free(world);
}
END_TEST

#define LOOP(tcase, test, rows) \
	tcase_add_loop_test(    \
	    tcase, test, 0, (int)(sizeof(rows) / sizeof((rows)[0])))

int
main(void)
{
	Suite *suite = suite_create("statement");
	TCase *tcase = tcase_create("reading");

	tcase_add_test(tcase, statement_says_what_it_is);
	LOOP(tcase, statement_get_row, get_rows);
	tcase_add_test(
	    tcase, statement_gives_no_integer_when_it_is_beyond_int64);
	tcase_add_test(
	    tcase, statement_digest_is_the_same_when_signatures_differ);
	tcase_add_test(tcase, statement_digest_is_the_same_in_both_forms);
	tcase_add_test(
	    tcase, statement_digest_is_another_when_anything_signed_is);
	tcase_add_test(tcase, statement_pae_is_as_dsse_defines_it);
	tcase_add_test(tcase, statement_gives_its_signatures_in_order);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
