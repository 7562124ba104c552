/* SPDX-License-Identifier: Apache-2.0 */
/* A statement in use: kinds expected, references, arguments, memory. */
#include "world.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "wire/wire.h"

static const char *const names[] = { "root", "policy", "seller", "product",
	"network", "grant", "fcc", "offer" };
#define NAMES (sizeof(names) / sizeof(names[0]))

/* A context whose memory fails on demand. */
static market_context_t *
context_with(harness_memory_t *memory)
{
	market_context_options_t options;
	market_context_t *context = NULL;

	memset(&options, 0, sizeof(options));
	options.size = sizeof(options);
	harness_memory_init(memory);
	options.allocator = memory->allocator;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	return context;
}

/* A mask of kinds lets in these and no other. */
START_TEST(statement_is_refused_when_its_kind_was_not_expected)
{
	world_t *world = world_new();
	market_statement_t *statement = NULL;
	market_kinds_t kinds[NAMES];
	market_error_t error;
	market_status_t got;
	size_t i, k;

	for (i = 0; i < NAMES; i++) {
		ck_assert_int_eq(market_statement_parse(world_context(world),
				     world_envelope(world, names[i]),
				     MARKET_KINDS_ALL, &statement, NULL),
		    MARKET_OK);
		kinds[i] = MARKET_KINDS(market_statement_kind(statement));
		market_statement_free(statement);
	}
	for (i = 0; i < NAMES; i++)
		for (k = 0; k <= NAMES; k++) {
			statement = NULL;
			got = market_statement_parse(world_context(world),
			    world_envelope(world, names[i]),
			    k == NAMES ? 0 : kinds[k], &statement, &error);
			ck_assert_msg(
			    got == (i == k ? MARKET_OK : MARKET_E_KIND),
			    "%s: %s", names[i], market_status_name(got));
			ck_assert((statement != NULL) == (i == k));
			market_statement_free(statement);
			got = market_statement_parse(world_context(world),
			    world_envelope(world, names[i]),
			    MARKET_KINDS_ALL & ~(k == NAMES ? 0 : kinds[k]),
			    &statement, &error);
			ck_assert_int_eq(
			    got, i == k ? MARKET_E_KIND : MARKET_OK);
			if (got == MARKET_OK)
				market_statement_free(statement);
		}
	world_free(world);
}
END_TEST

/* What was checked is what is used (FAULTS A5). */
START_TEST(statement_stays_when_A5_the_callers_bytes_change)
{
	world_t *world = world_new();
	market_slice_t envelope = world_envelope(world, "grant");
	market_statement_t *statement = NULL;
	market_buffer_t before = MARKET_BUFFER_INIT;
	market_buffer_t after = MARKET_BUFFER_INIT;
	uint8_t *bytes = malloc(envelope.len);
	market_slice_t text, keyid, signature;

	ck_assert_ptr_nonnull(bytes);
	memcpy(bytes, envelope.ptr, envelope.len);
	ck_assert_int_eq(market_statement_parse(world_context(world),
			     market__slice(bytes, envelope.len),
			     MARKET_KINDS_ALL, &statement, NULL),
	    MARKET_OK);
	ck_assert_int_eq(market_statement_pae(statement, &before), MARKET_OK);
	memset(bytes, 0xa5, envelope.len);
	free(bytes);
	ck_assert_int_eq(market_statement_pae(statement, &after), MARKET_OK);
	ck_assert(market__slice_equal(
	    market_buffer_slice(&before), market_buffer_slice(&after)));
	ck_assert(
	    market__slice_is(market_statement_issuer(statement), "mi.com"));
	ck_assert_int_eq(
	    market_statement_get_text(statement, "grantee", &text), MARKET_OK);
	ck_assert(market__slice_is(text, "shop.example"));
	ck_assert_int_eq(
	    market_statement_signature(statement, 0, &keyid, &signature),
	    MARKET_OK);
	ck_assert_int_eq(
	    market_key_verify(market_signer_key(world_signer(world, "mi.com")),
		market_buffer_slice(&after), signature),
	    MARKET_OK);
	market_buffer_clear(&before);
	market_buffer_clear(&after);
	market_statement_free(statement);
	world_free(world);
}
END_TEST

START_TEST(statement_lives_until_its_last_reference_is_given_back)
{
	harness_memory_t memory;
	market_context_t *context;
	world_t *world = world_new();
	market_statement_t *statement = NULL;
	size_t live;

	context = context_with(&memory);
	live = memory.live;
	ck_assert_int_eq(
	    market_statement_parse(context, world_envelope(world, "grant"),
		MARKET_KINDS_ALL, &statement, NULL),
	    MARKET_OK);
	ck_assert_ptr_eq(market_statement_ref(statement), statement);
	ck_assert_ptr_eq(market_statement_ref(statement), statement);
	market_statement_free(statement);
	market_statement_free(statement);
	ck_assert(
	    market__slice_is(market_statement_issuer(statement), "mi.com"));
	ck_assert_uint_gt(memory.live, live);
	market_statement_free(statement);
	market_context_trim(context);
	ck_assert_uint_eq(memory.live, live);
	ck_assert_ptr_null(market_statement_ref(NULL));
	market_statement_free(NULL);
	market_context_free(context);
	ck_assert_uint_eq(memory.live, 0);
	world_free(world);
}
END_TEST

START_TEST(statement_refuses_A1_null_arguments)
{
	world_t *world = world_new();
	market_context_t *context = world_context(world);
	market_slice_t bytes = world_envelope(world, "grant"), slice;
	market_statement_t *statement = NULL;
	market_buffer_t buffer = MARKET_BUFFER_INIT;
	market_error_t error;
	int64_t number;
	size_t count;

	ck_assert_int_eq(market_statement_parse(
			     NULL, bytes, MARKET_KINDS_ALL, &statement, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_statement_parse(
			     context, bytes, MARKET_KINDS_ALL, NULL, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_statement_parse(context, market__slice(NULL, 1),
			     MARKET_KINDS_ALL, &statement, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_statement_parse(context, market__slice(NULL, 0),
			     MARKET_KINDS_ALL, &statement, &error),
	    MARKET_E_ENCODING);
	ck_assert_ptr_null(statement);
	ck_assert_int_eq(market_statement_kind(NULL), MARKET_KIND_NONE);
	ck_assert_uint_eq(market_statement_issuer(NULL).len, 0);
	ck_assert_uint_eq(market_statement_id(NULL).len, 0);
	ck_assert_uint_eq(market_statement_revision(NULL), 0);
	ck_assert_uint_eq(market_statement_digest(NULL).len, 0);
	ck_assert_uint_eq(market_statement_payload(NULL).len, 0);
	ck_assert_uint_eq(market_statement_signature_count(NULL), 0);
	ck_assert_int_eq(
	    market_statement_pae(NULL, &buffer), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_statement_json(NULL, 0, &buffer), MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_statement_signature(NULL, 0, &slice, &slice),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_statement_get_text(NULL, "brand", &slice),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_statement_parse(context, bytes,
			     MARKET_KINDS_ALL, &statement, NULL),
	    MARKET_OK);
	ck_assert_int_eq(
	    market_statement_pae(statement, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_statement_json(statement, 0, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_statement_signature(statement, 0, NULL, &slice),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_statement_signature(statement, 0, &slice, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_statement_get_text(statement, NULL, &slice),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_statement_get_text(statement, "brand", NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_statement_get_int(statement, NULL, &number),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_statement_get_int(statement, "brand", NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_statement_get_count(statement, NULL, &count),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_statement_get_count(statement, "brand", NULL),
	    MARKET_E_ARGUMENT);
	market_statement_free(statement);
	world_free(world);
}
END_TEST

/* More than any envelope of any kind may have; the bytes are not copied. */
START_TEST(statement_is_refused_when_E34_it_is_larger_than_any)
{
	world_t *world = world_new();
	size_t len = 2 * MARKET__ENVELOPE_LARGE_MAX;
	uint8_t *bytes = calloc(len + 1, 1);
	market_statement_t *statement = NULL;
	market_error_t error = MARKET_ERROR_INIT;

	ck_assert_ptr_nonnull(bytes);
	ck_assert_int_eq(market_statement_parse(world_context(world),
			     market__slice(bytes, len + 1), MARKET_KINDS_ALL,
			     &statement, &error),
	    MARKET_E_LIMIT);
	/* At that size it is looked at, and is no envelope. */
	ck_assert_int_ne(market_statement_parse(world_context(world),
			     market__slice(bytes, len), MARKET_KINDS_ALL,
			     &statement, &error),
	    MARKET_OK);
	ck_assert_ptr_null(statement);
	free(bytes);
	world_free(world);
}
END_TEST

START_TEST(statement_json_is_the_mapping_of_its_fields)
{
	world_t *world = world_new();
	market_statement_t *statement = NULL;
	market_buffer_t json = MARKET_BUFFER_INIT;
	market_draft_t *draft = NULL;
	market_signer_t *signer = world_signer(world, "mi.com");
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_statement_t *again = NULL;
	unsigned indent;
	size_t i;

	for (i = 0; i < NAMES; i++)
		for (indent = 0; indent <= 8; indent += 4) {
			ck_assert_int_eq(
			    market_statement_parse(world_context(world),
				world_envelope(world, names[i]),
				MARKET_KINDS_ALL, &statement, NULL),
			    MARKET_OK);
			ck_assert_int_eq(
			    market_statement_json(statement, indent, &json),
			    MARKET_OK);
			ck_assert((strchr((char *)json.data, '\n') == NULL) ==
			    (indent == 0));
			/* Read again and signed it is the same statement. */
			ck_assert_int_eq(
			    market_draft_from_json(world_context(world),
				market_statement_kind(statement),
				market_buffer_slice(&json), &draft, NULL),
			    MARKET_OK);
			ck_assert_int_eq(
			    market_draft_sign(draft, &signer, 1,
				MARKET_FORMAT_PROTOBUF, &envelope, NULL),
			    MARKET_OK);
			ck_assert_int_eq(
			    market_statement_parse(world_context(world),
				market_buffer_slice(&envelope),
				MARKET_KINDS_ALL, &again, NULL),
			    MARKET_OK);
			ck_assert(market__slice_equal(
			    market_statement_digest(statement),
			    market_statement_digest(again)));
			market_statement_free(again);
			market_statement_free(statement);
			market_draft_free(draft);
		}
	market_buffer_clear(&json);
	market_buffer_clear(&envelope);
	world_free(world);
}
END_TEST

/* Parses, and reads all that allocates; what it got is given back. */
static market_status_t
use(market_context_t *context, market_slice_t envelope, size_t *ret_got)
{
	market_statement_t *statement = NULL;
	market_buffer_t pae = MARKET_BUFFER_INIT, json = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_slice_t text = market_slice_of("untouched");
	market_status_t status;

	status = market_statement_parse(
	    context, envelope, MARKET_KINDS_ALL, &statement, &error);
	ck_assert((statement != NULL) == (status == MARKET_OK));
	ck_assert_int_eq(error.status, status);
	if (status != MARKET_OK)
		return status;
	++*ret_got;
	status = market_statement_pae(statement, &pae);
	ck_assert((pae.data != NULL) == (status == MARKET_OK));
	if (status == MARKET_OK) {
		status = market_statement_json(statement, 2, &json);
		ck_assert((json.data != NULL) == (status == MARKET_OK));
	}
	if (status == MARKET_OK) {
		status = market_statement_get_text(
		    statement, "header.issuer", &text);
		ck_assert(market__slice_is(text, "untouched") ==
		    (status != MARKET_OK));
	}
	market_buffer_clear(&pae);
	market_buffer_clear(&json);
	market_statement_free(statement);
	return status;
}

/* Each allocation fails once, and then each and all behind it. */
START_TEST(statement_gives_all_back_when_memory_fails)
{
	harness_memory_t memory;
	market_context_t *context;
	world_t *world = world_new();
	market_signer_t *signer = world_signer(world, "mi.com");
	market_buffer_t json = MARKET_BUFFER_INIT;
	market_draft_t *draft = world_draft(world, "product");
	market_slice_t forms[2];
	market_status_t status;
	size_t at, got, live, form;

	ck_assert_int_eq(market_draft_sign(draft, &signer, 1,
			     MARKET_FORMAT_JSON, &json, NULL),
	    MARKET_OK);
	market_draft_free(draft);
	forms[0] = world_envelope(world, "root");
	forms[1] = market_buffer_slice(&json);
	context = context_with(&memory);
	live = memory.live;
	for (form = 0; form < 4; form++) {
		memory.for_ever = form >= 2;
		got = 0;
		for (at = 0;; at++) {
			memory.calls = 0;
			memory.fail_at = at;
			status = use(context, forms[form % 2], &got);
			market_context_trim(context);
			ck_assert_uint_eq(memory.live, live);
			if (memory.calls <= at)
				break;
			ck_assert_int_eq(status, MARKET_E_MEMORY);
		}
		ck_assert_int_eq(status, MARKET_OK);
		/* Both before and behind the parsing something failed. */
		ck_assert_uint_gt(got, 1);
		ck_assert_uint_gt(at, got);
	}
	memory.fail_at = SIZE_MAX;
	market_context_free(context);
	ck_assert_uint_eq(memory.live, 0);
	market_buffer_clear(&json);
	world_free(world);
}
END_TEST

static void *
take_and_give(void *user)
{
	market_statement_t *statement = user;
	size_t i, rounds = harness_rounds(2000);

	for (i = 0; i < rounds; i++) {
		market_statement_ref(statement);
		if (market_statement_kind(statement) == MARKET_KIND_NONE)
			return statement;
		market_statement_free(statement);
	}
	return NULL;
}

START_TEST(statement_is_shared_when_several_threads_use_it)
{
	world_t *world = world_new();
	market_statement_t *statement = NULL;
	pthread_t threads[4];
	void *fault;
	size_t i;

	ck_assert_int_eq(market_statement_parse(world_context(world),
			     world_envelope(world, "grant"), MARKET_KINDS_ALL,
			     &statement, NULL),
	    MARKET_OK);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(
		    pthread_create(&threads[i], NULL, take_and_give, statement),
		    0);
	for (i = 0; i < 4; i++) {
		ck_assert_int_eq(pthread_join(threads[i], &fault), 0);
		ck_assert_ptr_null(fault);
	}
	ck_assert_int_eq(
	    market_statement_kind(statement), MARKET_KIND_AUTHORIZATION);
	market_statement_free(statement);
	world_free(world);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("statement_use");
	TCase *tcase = tcase_create("use");

	tcase_add_test(
	    tcase, statement_is_refused_when_its_kind_was_not_expected);
	tcase_add_test(tcase, statement_stays_when_A5_the_callers_bytes_change);
	tcase_add_test(
	    tcase, statement_lives_until_its_last_reference_is_given_back);
	tcase_add_test(tcase, statement_refuses_A1_null_arguments);
	tcase_add_test(
	    tcase, statement_is_refused_when_E34_it_is_larger_than_any);
	tcase_add_test(tcase, statement_json_is_the_mapping_of_its_fields);
	tcase_add_test(tcase, statement_gives_all_back_when_memory_fails);
	tcase_add_test(tcase, statement_is_shared_when_several_threads_use_it);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
