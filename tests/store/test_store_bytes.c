/* SPDX-License-Identifier: Apache-2.0 */
/* What rows keep as bytes: one way to write each, and no other is read. */
#include "api/store_call.h"
#include "harness.h"

static market__arena_t arena;

static void
setup(void)
{
	market__arena_init(&arena, &market__default_allocator, 1 << 20);
}

static void
teardown(void)
{
	market__arena_clear(&arena);
}

static market__question_t
sample(market_slice_t *keys)
{
	market__question_t q = { 0 };

	keys[0] = MARKET__LITERAL("0123456789abcdef0123456789abcdef");
	keys[1] = MARKET__LITERAL("123456789abcdef0123456789abcdef0");
	q.seller = MARKET__LITERAL("shop.example");
	q.fulfiller = MARKET__LITERAL("hk.example");
	q.brand = MARKET__LITERAL("xiaomi");
	q.model = MARKET__LITERAL("2014215");
	q.marketplace = MARKET__LITERAL("usmobile.com");
	q.territory = MARKET__LITERAL("US");
	q.network = MARKET__LITERAL("t-mobile.com/us");
	q.channel = MARKET_CHANNEL_MARKETPLACE;
	q.condition = MARKET_CONDITION_NEW;
	q.keys = keys;
	q.n_keys = 2;
	return q;
}

START_TEST(question_comes_back_as_it_was)
{
	market_slice_t keys[2], bytes, again;
	market__question_t q = sample(keys), back;

	ck_assert_int_eq(
	    market__question_encode(&q, &arena, &bytes), MARKET_OK);
	ck_assert(market__question_decode(bytes, &arena, &back));
	ck_assert(market__slice_equal(back.network, q.network));
	ck_assert_uint_eq(back.gtin.len, 0);
	ck_assert_int_eq((int)back.channel, (int)q.channel);
	ck_assert_uint_eq(back.n_keys, 2);
	ck_assert(market__slice_equal(back.keys[1], keys[1]));
	ck_assert_int_eq(
	    market__question_encode(&back, &arena, &again), MARKET_OK);
	ck_assert(market__slice_equal(bytes, again));
}
END_TEST

START_TEST(question_differs_where_a_border_moves)
{
	market_slice_t keys[2], bytes, other;
	market__question_t q = sample(keys);

	ck_assert_int_eq(
	    market__question_encode(&q, &arena, &bytes), MARKET_OK);
	q.brand = MARKET__LITERAL("xiaomi2");
	q.model = MARKET__LITERAL("014215");
	ck_assert_int_eq(
	    market__question_encode(&q, &arena, &other), MARKET_OK);
	ck_assert_uint_eq(bytes.len, other.len);
	ck_assert(!market__slice_equal(bytes, other));
}
END_TEST

START_TEST(question_is_refused_when_cut_or_longer)
{
	market_slice_t keys[2], bytes;
	market__question_t q = sample(keys), back;
	uint8_t copy[512];
	size_t n;

	ck_assert_int_eq(
	    market__question_encode(&q, &arena, &bytes), MARKET_OK);
	for (n = 0; n < bytes.len; n++)
		ck_assert(!market__question_decode(
		    market__slice(bytes.ptr, n), &arena, &back));
	memcpy(copy, bytes.ptr, bytes.len);
	copy[bytes.len] = 0;
	ck_assert(!market__question_decode(
	    market__slice(copy, bytes.len + 1), &arena, &back));
	/* A number written longer than it need be. */
	copy[0] = (uint8_t)(copy[0] | 0x80);
	memmove(copy + 2, copy + 1, bytes.len);
	copy[1] = 0;
	ck_assert(!market__question_decode(
	    market__slice(copy, bytes.len + 1), &arena, &back));
}
END_TEST

START_TEST(answer_comes_back_as_it_was)
{
	market__answer_t answer = { 0 }, back;
	market_slice_t bytes;
	size_t n;

	answer.verdict = MARKET_VERDICT_DENY;
	answer.service = MARKET_SERVICE_3G;
	answer.disclosures = UINT64_C(1) << 63 | 2;
	answer.removed = true;
	for (n = 0; n < MARKET__CODES_MAX; n++)
		answer.codes[n] = (uint32_t)(9000 + n);
	answer.n_codes = MARKET__CODES_MAX;
	ck_assert_int_eq(
	    market__answer_encode(&answer, &arena, &bytes), MARKET_OK);
	ck_assert(market__answer_decode(bytes, &back));
	ck_assert(market__answers_equal(&answer, &back));
	ck_assert_uint_eq(back.n_codes, MARKET__CODES_MAX);
	ck_assert_uint_eq(back.codes[31], 9031);
	for (n = 0; n < bytes.len; n++)
		ck_assert(
		    !market__answer_decode(market__slice(bytes.ptr, n), &back));
}
END_TEST

START_TEST(detail_comes_back_for_every_kind)
{
	static const market_change_kind_t kinds[] = { MARKET_CHANGE_STATEMENT,
		MARKET_CHANGE_CLEARANCE, MARKET_CHANGE_OFFER,
		MARKET_CHANGE_INTENT, MARKET_CHANGE_CHUNK };
	market__detail_t detail = { 0 }, back;
	market_slice_t bytes;
	size_t i, n;

	memset(detail.digest, 7, sizeof(detail.digest));
	detail.revision = UINT64_MAX;
	detail.result = MARKET_RESULT_FORK;
	detail.had = true;
	detail.before.verdict = MARKET_VERDICT_PERMIT;
	detail.after.verdict = MARKET_VERDICT_DENY;
	detail.intent_before = MARKET_INTENT_PUBLISH;
	detail.intent_after = MARKET_INTENT_END;
	for (i = 0; i < MARKET__COUNT(kinds); i++) {
		ck_assert_int_eq(market__detail_encode((uint32_t)kinds[i],
				     &detail, &arena, &bytes),
		    MARKET_OK);
		ck_assert(
		    market__detail_decode((uint32_t)kinds[i], bytes, &back));
		if (kinds[i] == MARKET_CHANGE_OFFER)
			ck_assert(back.revision == UINT64_MAX &&
			    back.result == MARKET_RESULT_FORK);
		if (kinds[i] == MARKET_CHANGE_CLEARANCE)
			ck_assert(back.had &&
			    back.before.verdict == MARKET_VERDICT_PERMIT &&
			    back.after.verdict == MARKET_VERDICT_DENY);
		for (n = 0; n < bytes.len; n++)
			ck_assert(!market__detail_decode((uint32_t)kinds[i],
			    market__slice(bytes.ptr, n), &back));
	}
	ck_assert(!market__detail_decode(99, bytes, &back));
}
END_TEST

/* What a feed has come to; the id is one that an offer can have. */
START_TEST(what_was_taken_in_comes_back_as_it_was)
{
	static uint8_t id[MARKET__STRING_MAX + 1];
	market__taken_t taken = { .permitted = 1,
		.warned = 2,
		.denied = 300,
		.indeterminate = 4,
		.refused = UINT64_MAX,
		.broken = 5,
		.listed = 6,
		.unchanged = 7,
		.stale = 8,
		.forks = 9,
		.rejected = 10,
		.ended = 11,
		.gap = true,
		.last_id = { id, MARKET__STRING_MAX } };
	market_slice_t bytes, again;
	market__taken_t back;
	size_t n;

	ck_assert_int_eq(
	    market__taken_encode(&taken, &arena, &bytes), MARKET_OK);
	ck_assert(market__taken_decode(bytes, &back));
	ck_assert_uint_eq(back.refused, UINT64_MAX);
	ck_assert_uint_eq(back.ended, 11);
	ck_assert(back.gap);
	ck_assert_int_eq(
	    market__taken_encode(&back, &arena, &again), MARKET_OK);
	ck_assert(market__slice_equal(bytes, again));
	for (n = 0; n < bytes.len; n++)
		ck_assert(
		    !market__taken_decode(market__slice(bytes.ptr, n), &back));
	taken.last_id.len++;
	ck_assert_int_eq(
	    market__taken_encode(&taken, &arena, &bytes), MARKET_OK);
	ck_assert(!market__taken_decode(bytes, &back));
}
END_TEST

START_TEST(numbers_compare_as_bytes_do)
{
	uint8_t a[8], b[8];

	market__put64(a, 255);
	market__put64(b, 256);
	ck_assert_int_lt(memcmp(a, b, 8), 0);
	market__put64(a, UINT64_MAX);
	ck_assert(market__get64(a) == UINT64_MAX);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("store_bytes");
	TCase *c = tcase_create("store_bytes");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, question_comes_back_as_it_was);
	tcase_add_test(c, question_differs_where_a_border_moves);
	tcase_add_test(c, question_is_refused_when_cut_or_longer);
	tcase_add_test(c, answer_comes_back_as_it_was);
	tcase_add_test(c, what_was_taken_in_comes_back_as_it_was);
	tcase_add_test(c, detail_comes_back_for_every_kind);
	tcase_add_test(c, numbers_compare_as_bytes_do);
	suite_add_tcase(suite, c);
	return harness_main(suite);
}
