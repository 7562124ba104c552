/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The faults of envelopes and signatures (S6 to S24, E3, E34), at the gate: an
 * envelope of the good world is taken apart and put together wrongly, and the
 * offer is permitted only as it was, and a statement counts only so.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden.h"
#include "wire/wire.h"
#include "world.h"

/* An envelope taken apart; what points into it is the world's or the test's. */
typedef struct apart {
	market__arena_t arena;
	market__envelope_t envelope;
} apart_t;

static world_t *world;
static market_evidence_t *evidence;

static void
set_up(void)
{
	world = world_new();
	evidence = world_evidence(world, 0);
}

static void
tear_down(void)
{
	market_evidence_free(evidence);
	world_free(world);
}

static void
take_apart(apart_t *a, const char *name)
{
	const market_slice_t bytes = world_envelope(world, name);

	market__arena_init(&a->arena, &market__default_allocator,
	    MARKET__PARSE_BUDGET(bytes.len));
	ck_assert_int_eq(market__envelope_parse(bytes, MARKET_KINDS_ALL,
			     &a->arena, &a->envelope, NULL),
	    MARKET_OK);
}

static market_buffer_t
put_together(apart_t *a, bool json)
{
	market_buffer_t bytes = MARKET_BUFFER_INIT;

	ck_assert_int_eq(market__envelope_write(&a->envelope, json,
			     &market__default_allocator, &bytes),
	    MARKET_OK);
	market__arena_clear(&a->arena);
	return bytes;
}

/* Signs what the envelope holds now. */
static market_buffer_t
sign(const market__envelope_t *envelope, const char *key)
{
	market_buffer_t signature = MARKET_BUFFER_INIT;
	char head[MARKET__PAE_HEAD_MAX];
	market__text_t text;
	size_t len = market__pae_head(
	    envelope->payload_type, envelope->payload.len, head);

	market__text_init(&text, &market__default_allocator, 1 << 20);
	market__text_add(&text, head, len);
	market__text_slice(&text, envelope->payload);
	ck_assert_int_eq(text.status, MARKET_OK);
	ck_assert_int_eq(
	    market_signer_sign(world_signer(world, key),
		market__slice(text.data, text.len), &signature, NULL),
	    MARKET_OK);
	market__text_clear(&text);
	return signature;
}

static market_status_t
judge(market_slice_t offer, market_error_t *error, bool *ret_forged)
{
	market_decision_t *decision = NULL;
	market_status_t status;

	status = market_check(
	    evidence, offer, world_time(WORLD_NOW), &decision, error);
	ck_assert_int_eq(
	    decision != NULL, status == MARKET_OK || status == MARKET_E_DENIED);
	*ret_forged = decision != NULL &&
	    world_has(decision, MARKET_CODE_OFFER_SIGNATURE_INVALID);
	market_decision_free(decision);
	return status;
}

/* The offer is denied, for its signature. */
static void
expect_forged(const market_buffer_t *offer, const char *label)
{
	market_error_t error = MARKET_ERROR_INIT;
	bool forged = false;
	market_status_t status = judge(
	    market_buffer_slice(offer), &error, &forged);

	ck_assert_msg(status == MARKET_E_DENIED && forged, "%s: %s [%s] %s",
	    label, market_status_name(status), error.path, error.message);
}

static void
expect_permitted(const market_buffer_t *offer, const char *label)
{
	market_error_t error = MARKET_ERROR_INIT;
	bool forged = false;
	market_status_t status = judge(
	    market_buffer_slice(offer), &error, &forged);

	ck_assert_msg(status == MARKET_OK && !forged, "%s: %s [%s] %s", label,
	    market_status_name(status), error.path, error.message);
}

/* Whose bytes decide nothing: a key id is a hint. */
static bool
is_hint(market_slice_t bytes, market_slice_t keyid, size_t at)
{
	size_t i;

	for (i = 0; i + keyid.len <= bytes.len; i++)
		if (memcmp(bytes.ptr + i, keyid.ptr, keyid.len) == 0)
			return at >= i && at < i + keyid.len;
	return false;
}

/* S6: a bit of each byte of payload, type, signature and what frames them. */
START_TEST(offer_is_not_permitted_with_a_bit_flipped)
{
	const size_t step = harness_rounds(20) < 20 ? 29 : 1;
	const bool json = _i != 0;
	market_error_t error;
	size_t i, denied = 0, hints = 0;
	market_buffer_t offer;
	market_status_t status;
	char keyid[80];
	bool forged;
	apart_t a;

	take_apart(&a, "offer");
	snprintf(keyid, sizeof(keyid), "%.*s",
	    MARKET__ARG(a.envelope.signatures[0].keyid));
	offer = put_together(&a, json);
	expect_permitted(&offer, "as it was");
	for (i = 0; i < offer.len; i += step) {
		offer.data[i] ^= 1;
		error = (market_error_t)MARKET_ERROR_INIT;
		status = judge(market_buffer_slice(&offer), &error, &forged);
		offer.data[i] ^= 1;
		if (is_hint(market_buffer_slice(&offer), market_slice_of(keyid),
			i)) {
			ck_assert_int_eq(status, MARKET_OK);
			hints++;
			continue;
		}
		/* Also in the line end behind JSON, and in base64's padding. */
		ck_assert_msg(status != MARKET_OK, "byte %zu", i);
		denied += status == MARKET_E_DENIED && forged;
	}
	ck_assert(step > 1 || hints == 64);
	ck_assert_uint_gt(denied, 64 / step);
	market_buffer_clear(&offer);
}
END_TEST

/* E3: no prefix is an envelope. */
START_TEST(offer_is_refused_when_it_is_cut_off)
{
	const size_t step = harness_rounds(20) < 20 ? 29 : 1;
	const bool json = _i != 0;
	market_buffer_t offer;
	market_error_t error;
	market_status_t status;
	uint8_t *copy;
	bool forged;
	apart_t a;
	size_t i;

	take_apart(&a, "offer");
	offer = put_together(&a, json);
	for (i = 0; i + (json ? 1 : 0) < offer.len; i += step) {
		error = (market_error_t)MARKET_ERROR_INIT;
		copy = malloc(i + 1);
		memcpy(copy, offer.data, i);
		status = judge(market__slice(copy, i), &error, &forged);
		ck_assert_msg(
		    status == MARKET_E_ENCODING || status == MARKET_E_SCHEMA,
		    "%zu: %s", i, market_status_name(status));
		ck_assert_str_ne(error.message, "");
		free(copy);
	}
	market_buffer_clear(&offer);
}
END_TEST

/* ---- S7: one kind as another ---- */

static const struct {
	const char *name;
	market_kind_t kind;
} statements[] = { { "root", MARKET_KIND_TRUST_ROOT },
	{ "policy", MARKET_KIND_POLICY }, { "seller", MARKET_KIND_SELLER },
	{ "product", MARKET_KIND_PRODUCT }, { "network", MARKET_KIND_NETWORK },
	{ "grant", MARKET_KIND_AUTHORIZATION },
	{ "fcc", MARKET_KIND_CERTIFICATION }, { "w", MARKET_KIND_WITHDRAWAL },
	{ "s", MARKET_KIND_STATUS }, { "h", MARKET_KIND_HOLD },
	{ "offer", MARKET_KIND_OFFER } };

static void
add_other_kinds(void)
{
	market_evidence_free(evidence);
	/* None of them is about the offer, which stays permitted. */
	world_edit(
	    world, "+w withdrawal mi.com {'targetDigest': '$digest:fcc'}");
	world_edit(world, "+s status mi.com {'sequence': '1', 'pageCount': 1}");
	world_edit(
	    world, "+h hold usmobile.com {'target': {'seller': 'x.example'}}");
	evidence = world_evidence(world, 0);
}

/* A true statement under the name of another kind is neither. */
START_TEST(s7_statement_is_not_taken_for_another_kind)
{
	market_statement_t *statement;
	market_slice_t digest;
	market_buffer_t bytes;
	apart_t a;
	size_t i;
	int kind;

	add_other_kinds();
	for (i = 0; i < MARKET__COUNT(statements); i++) {
		take_apart(&a, statements[i].name);
		bytes = put_together(&a, false);
		ck_assert_int_eq(
		    market_statement_parse(world_context(world),
			market_buffer_slice(&bytes),
			MARKET_KINDS(statements[i].kind), &statement, NULL),
		    MARKET_OK);
		digest = market_statement_digest(statement);
		market_buffer_clear(&bytes);
		for (kind = MARKET_KIND_TRUST_ROOT; kind <= MARKET_KIND_FEED;
		     kind++) {
			market_statement_t *other = NULL;

			if (kind == (int)statements[i].kind)
				continue;
			take_apart(&a, statements[i].name);
			a.envelope.kind = (market_kind_t)kind;
			a.envelope.payload_type = market_slice_of(
			    market__payload_type((market_kind_t)kind));
			bytes = put_together(&a, false);
			/* Where it parses it is another statement: S8. */
			if (market_statement_parse(world_context(world),
				market_buffer_slice(&bytes), MARKET_KINDS(kind),
				&other, NULL) == MARKET_OK)
				ck_assert(!market__slice_equal(
				    digest, market_statement_digest(other)));
			market_statement_free(other);
			market_buffer_clear(&bytes);
		}
		market_statement_free(statement);
	}
}
END_TEST

/* Handed in as an offer it is refused by name; renamed, it is no offer. */
START_TEST(s7_statement_is_not_taken_for_an_offer)
{
	market_error_t error;
	market_buffer_t bytes;
	market_status_t status;
	golden_t list;
	bool forged;
	apart_t a;
	size_t i;

	add_other_kinds();
	golden_begin(&list);
	for (i = 0; i < MARKET__COUNT(statements); i++) {
		error = (market_error_t)MARKET_ERROR_INIT;
		status = judge(
		    world_envelope(world, statements[i].name), &error, &forged);
		golden_add(&list, statements[i].name, status, &error);
		if (statements[i].kind == MARKET_KIND_OFFER) {
			ck_assert_int_eq(status, MARKET_OK);
			continue;
		}
		ck_assert_int_eq(status, MARKET_E_KIND);
		take_apart(&a, statements[i].name);
		a.envelope.kind = MARKET_KIND_OFFER;
		a.envelope.payload_type = market_slice_of(
		    market__payload_type(MARKET_KIND_OFFER));
		bytes = put_together(&a, false);
		error = (market_error_t)MARKET_ERROR_INIT;
		status = judge(market_buffer_slice(&bytes), &error, &forged);
		ck_assert_msg((status == MARKET_E_DENIED && forged) ||
			status == MARKET_E_SCHEMA ||
			status == MARKET_E_ENCODING,
		    "%s: %s", statements[i].name, market_status_name(status));
		market_buffer_clear(&bytes);
	}
	golden_check(&list, "as_offer.txt");
}
END_TEST

/* An offer, and a grant renamed as a withdrawal, say nothing as evidence. */
START_TEST(s7_renamed_statement_is_no_evidence)
{
	static const struct {
		const char *name;
		market_kind_t as;
	} renamed[] = { { "offer", MARKET_KIND_OFFER },
		{ "grant", MARKET_KIND_DISAVOWAL },
		{ "grant", MARKET_KIND_WITHDRAWAL },
		{ "seller", MARKET_KIND_HOLD },
		{ "fcc", MARKET_KIND_AUTHORIZATION } };
	market_ignored_t ignored;
	market_buffer_t bytes;
	apart_t a;
	size_t i;

	for (i = 0; i < MARKET__COUNT(renamed); i++) {
		take_apart(&a, renamed[i].name);
		a.envelope.kind = renamed[i].as;
		a.envelope.payload_type = market_slice_of(
		    market__payload_type(renamed[i].as));
		bytes = put_together(&a, true);
		ck_assert_int_eq(
		    market_evidence_add(evidence, market_buffer_slice(&bytes),
			renamed[i].name, NULL),
		    MARKET_OK);
		market_buffer_clear(&bytes);
	}
	for (i = 0; i < MARKET__COUNT(renamed); i++)
		ck_assert_msg(
		    market_evidence_ignored(evidence, i, &ignored) == MARKET_OK,
		    "only %zu are ignored", i);
	ck_assert_int_eq(
	    market_evidence_ignored(evidence, i, &ignored), MARKET_E_NOT_FOUND);
	take_apart(&a, "offer");
	bytes = put_together(&a, true);
	expect_permitted(&bytes, "with all of them handed in");
	market_buffer_clear(&bytes);
}
END_TEST

/* ---- S8: two pairs of type and payload never share a pre-image ---- */

/* DSSE v1.0.2, protocol.md: "DSSEv1" SP LEN(type) SP type SP LEN(body) SP. */
START_TEST(s8_pae_is_as_it_is_defined)
{
	static const struct {
		const char *type;
		size_t len;
		const char *want;
	} rows[] = {
		{ "http://example.com/HelloWorld", 11,
		    "DSSEv1 29 http://example.com/HelloWorld 11 " },
		{ "", 0, "DSSEv1 0  0 " },
		{ "a", 5, "DSSEv1 1 a 5 " },
		/* With the payload "c" as the one before with "b 1 c". */
		{ "a 5 b", 1, "DSSEv1 5 a 5 b 1 " },
	};
	char head[MARKET__PAE_HEAD_MAX];
	size_t i, len;

	for (i = 0; i < MARKET__COUNT(rows); i++) {
		len = market__pae_head(
		    market_slice_of(rows[i].type), rows[i].len, head);
		ck_assert_msg(len == strlen(rows[i].want) &&
			memcmp(head, rows[i].want, len) == 0,
		    "S8 %.*s", (int)len, head);
	}
}
END_TEST

START_TEST(s8_pae_tells_type_from_payload)
{
	static const char text[] = "DSSEv1 29 a 1 application 4 http 11 x";
	char one[256], two[256];
	size_t i, k, len, other;

	for (i = 0; i < sizeof(text); i++)
		for (k = 0; k < sizeof(text); k++) {
			len = market__pae_head(
			    market__slice(text, i), sizeof(text) - 1 - i, one);
			memcpy(one + len, text + i, sizeof(text) - 1 - i);
			len += sizeof(text) - 1 - i;
			other = market__pae_head(
			    market__slice(text, k), sizeof(text) - 1 - k, two);
			memcpy(two + other, text + k, sizeof(text) - 1 - k);
			other += sizeof(text) - 1 - k;
			ck_assert_int_eq(
			    len == other && memcmp(one, two, len) == 0, i == k);
		}
}
END_TEST

/* ---- S20, S23, S24: signatures of something else ---- */

/* The payload with an extension behind it, which every reader may ignore. */
static market_slice_t
extended(market_slice_t payload, uint8_t *out)
{
	memcpy(out, payload.ptr, payload.len);
	memcpy(out + payload.len, "\xc0\x3e\x01", 3);
	return market__slice(out, payload.len + 3);
}

START_TEST(s20_signature_is_over_the_bytes_that_came)
{
	market_buffer_t signature, bytes;
	uint8_t payload[4096];
	apart_t a;

	/* Signed with the extension, as received: good. */
	take_apart(&a, "offer");
	ck_assert_uint_lt(a.envelope.payload.len + 3, sizeof(payload));
	a.envelope.payload = extended(a.envelope.payload, payload);
	signature = sign(&a.envelope, "shop.example");
	a.envelope.signatures[0].sig = market_buffer_slice(&signature);
	bytes = put_together(&a, false);
	expect_permitted(&bytes, "signed as it came");
	market_buffer_clear(&bytes);
	/* The same signature, and the extension lost by a re-encoding. */
	take_apart(&a, "offer");
	a.envelope.signatures[0].sig = market_buffer_slice(&signature);
	bytes = put_together(&a, false);
	expect_forged(&bytes, "the received bytes are fewer than the signed");
	market_buffer_clear(&bytes);
	market_buffer_clear(&signature);
	/* Signed without it, and put in by the way. */
	take_apart(&a, "offer");
	a.envelope.payload = extended(a.envelope.payload, payload);
	bytes = put_together(&a, false);
	expect_forged(&bytes, "the received bytes are more than the signed");
	market_buffer_clear(&bytes);
}
END_TEST

START_TEST(s23_signature_of_another_payload_is_none)
{
	market_buffer_t other, bytes;
	apart_t a;

	world_edit(world, "+two =offer {'title': 'Mi 4, as new'}");
	take_apart(&a, "two");
	other = sign(&a.envelope, "shop.example");
	market__arena_clear(&a.arena);
	take_apart(&a, "offer");
	a.envelope.signatures[1] = a.envelope.signatures[0];
	a.envelope.signatures[0].sig = market_buffer_slice(&other);
	a.envelope.n_signatures = 1;
	bytes = put_together(&a, false);
	expect_forged(&bytes, "S23 spliced in alone");
	market_buffer_clear(&bytes);
	take_apart(&a, "offer");
	a.envelope.signatures[1].keyid = a.envelope.signatures[0].keyid;
	a.envelope.signatures[1].sig = market_buffer_slice(&other);
	a.envelope.n_signatures = 2;
	bytes = put_together(&a, false);
	expect_permitted(&bytes, "S23 beside the true one it counts nothing");
	market_buffer_clear(&bytes);
	market_buffer_clear(&other);
}
END_TEST

START_TEST(s24_envelope_in_an_envelope_is_no_offer)
{
	const market_slice_t inner = world_envelope(world, "offer");
	market_error_t error = MARKET_ERROR_INIT;
	market_buffer_t signature, bytes;
	market_status_t status;
	bool forged = false;
	apart_t a;

	/* Signed by the seller itself, so that only the form is wrong. */
	take_apart(&a, "offer");
	a.envelope.payload = inner;
	signature = sign(&a.envelope, "shop.example");
	a.envelope.signatures[0].sig = market_buffer_slice(&signature);
	bytes = put_together(&a, false);
	status = judge(market_buffer_slice(&bytes), &error, &forged);
	ck_assert_msg(status == MARKET_E_ENCODING || status == MARKET_E_SCHEMA,
	    "S24 %s: %s", market_status_name(status), error.message);
	market_buffer_clear(&bytes);
	market_buffer_clear(&signature);
	take_apart(&a, "offer");
	bytes = put_together(&a, false);
	expect_permitted(&bytes, "the inner one by itself");
	market_buffer_clear(&bytes);
}
END_TEST

/* S10, S19, S22: nothing in an envelope chooses a key, hash or algorithm. */
START_TEST(envelope_has_no_say_in_how_it_is_verified)
{
	static const char *const members[] = { "\"alg\":\"none\"",
		"\"alg\":\"HS256\"", "\"alg\":\"\"", "\"hash\":\"sha1\"",
		"\"jwk\":{}", "\"x5c\":[]", "\"cert\":\"\"" };
	market_buffer_t offer;
	market_error_t error;
	char text[8192];
	bool forged;
	apart_t a;
	size_t i;

	take_apart(&a, "offer");
	offer = put_together(&a, true);
	expect_permitted(&offer, "without any");
	for (i = 0; i < MARKET__COUNT(members); i++) {
		error = (market_error_t)MARKET_ERROR_INIT;
		snprintf(text, sizeof(text), "{%s,%s", members[i],
		    (const char *)offer.data + 1);
		ck_assert_int_eq(judge(market_slice_of(text), &error, &forged),
		    MARKET_E_SCHEMA);
		ck_assert_ptr_nonnull(strstr(error.message, "remove it"));
	}
	market_buffer_clear(&offer);
}
END_TEST

/* ---- E34, at the doors of the library ---- */

START_TEST(no_door_reads_more_than_its_limit)
{
	static const size_t lengths[] = {
		(size_t)2 * 1024 * 1024 + 1,
		INT32_MAX,
		UINT32_MAX,
#if SIZE_MAX > UINT32_MAX
		(size_t)UINT32_MAX + 2,
#endif
		SIZE_MAX
	};
	market_context_t *context = world_context(world);
	market_statement_t *statement = NULL;
	market_root_t *root = NULL;
	market_draft_t *draft = NULL;
	market_key_t *key = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	market_ignored_t ignored;
	market_slice_t bytes;
	bool forged;
	size_t i;

	for (i = 0; i < MARKET__COUNT(lengths); i++) {
		bytes = market__slice("", lengths[i]);
		ck_assert_int_eq(market_statement_parse(context, bytes,
				     MARKET_KINDS_ALL, &statement, NULL),
		    MARKET_E_LIMIT);
		ck_assert_int_eq(market_root_parse(context, bytes, &root, NULL),
		    MARKET_E_LIMIT);
		ck_assert_int_eq(judge(bytes, &error, &forged), MARKET_E_LIMIT);
		ck_assert_int_eq(market_draft_from_json(context,
				     MARKET_KIND_OFFER, bytes, &draft, NULL),
		    MARKET_E_LIMIT);
		ck_assert_int_eq(
		    market_key_from_pem(context, bytes, &key, NULL),
		    MARKET_E_KEY);
		ck_assert_int_eq(
		    market_evidence_add(evidence, bytes, "large", NULL),
		    MARKET_OK);
		ck_assert_int_eq(
		    market_evidence_ignored(evidence, i, &ignored), MARKET_OK);
		ck_assert_str_eq(ignored.name, "large");
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("faults_signature");
	TCase *tcase = tcase_create("faults_signature");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(
	    tcase, offer_is_not_permitted_with_a_bit_flipped, 0, 2);
	tcase_add_loop_test(tcase, offer_is_refused_when_it_is_cut_off, 0, 2);
	tcase_add_test(tcase, s7_statement_is_not_taken_for_another_kind);
	tcase_add_test(tcase, s7_statement_is_not_taken_for_an_offer);
	tcase_add_test(tcase, s7_renamed_statement_is_no_evidence);
	tcase_add_test(tcase, s8_pae_is_as_it_is_defined);
	tcase_add_test(tcase, s8_pae_tells_type_from_payload);
	tcase_add_test(tcase, s20_signature_is_over_the_bytes_that_came);
	tcase_add_test(tcase, s23_signature_of_another_payload_is_none);
	tcase_add_test(tcase, s24_envelope_in_an_envelope_is_no_offer);
	tcase_add_test(tcase, envelope_has_no_say_in_how_it_is_verified);
	tcase_add_test(tcase, no_door_reads_more_than_its_limit);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
