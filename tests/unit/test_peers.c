/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What went wrong in peers, each under its name, where no table of a rule
 * family has it: the Matter SDK, matter.js, Matter DCL, GS1, securesystemslib,
 * python-tuf, go-tuf, dialog-db, attestix, in-toto and kyverno stand in the
 * tables of what they touch (grep for the name). Merkle proofs, tiles, replay
 * of a store, the till and feeds come with the store, the log and the feeds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "world.h"

static const world_row_t rows[] = {
	{ .label = "UCAN, OpenID Federation: an empty axis is not everything",
	    .want = MARKET_VERDICT_DENY,
	    .edits = { "grant {'scope': {'channels': []}}" },
	    .codes = { MARKET_CODE_AUTHORIZATION_SCOPE_CHANNEL } },
	{ .label = "UCAN, OpenID Federation: any must be said",
	    .want = MARKET_VERDICT_PERMIT,
	    .edits = { "grant {'scope': {'channels': ['CHANNEL_ANY']}}" },
	    .codes = { -MARKET_CODE_AUTHORIZATION_SCOPE_CHANNEL } },
	{ .label = "cosign, rekor: signed well and not readable",
	    .want = MARKET_VERDICT_INDETERMINATE,
	    .edits = { "product {'radio': {'lteBands': [2526]}}" },
	    .codes = { MARKET_CODE_PRODUCT_UNKNOWN },
	    .ignored = "product",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },
	{ .label = "cosign, rekor: signed well and readable",
	    .want = MARKET_VERDICT_PERMIT,
	    .edits = { "product {'radio': {'lteBands': [25, 26]}}" },
	    .codes = { -MARKET_CODE_PRODUCT_UNKNOWN } },
};

START_TEST(peers_row)
{
	world_run_row(&rows[_i]);
}
END_TEST

static market_status_t
parse(market_context_t *context, market_slice_t bytes, market_error_t *error)
{
	market_statement_t *statement = NULL;
	market_status_t status = market_statement_parse(
	    context, bytes, MARKET_KINDS_ALL, &statement, error);

	market_statement_free(statement);
	return status;
}

/* DSSE's reference code counts a type's code points where bytes are meant. */
START_TEST(peers_dsse_reference_counts_code_points)
{
	static const char good[] =
	    "application/vnd.libmarket.offer.v1+protobuf";
	static const char *const types[] = { good,
		"application/vnd.libmarket.\xc3\xb6"
		"ffer.v1+protobuf" };
	market_error_t error = MARKET_ERROR_INIT;
	market__text_t text;
	world_t *world = world_new();
	market_statement_t *offer = NULL;
	size_t i;

	ck_assert_int_eq(
	    market_statement_parse(world_context(world),
		world_envelope(world, "offer"), MARKET_KINDS_ALL, &offer, NULL),
	    MARKET_OK);
	for (i = 0; i < 2; i++) {
		market__text_init(&text, &market__default_allocator, 1 << 16);
		market__text_puts(&text, "{\"payload\":\"");
		market__text_base64(&text, market_statement_payload(offer));
		market__text_printf(&text,
		    "\",\"payloadType\":\"%s\",\"signatures\":"
		    "[{\"keyid\":\"\",\"sig\":\"AAAA\"}]}",
		    types[i]);
		ck_assert_int_eq(
		    parse(world_context(world),
			market__slice(text.data, text.len), &error),
		    i == 0 ? MARKET_OK : MARKET_E_SCHEMA);
		market__text_clear(&text);
	}
	ck_assert_str_eq(error.path, "payloadType");
	market_statement_free(offer);
	world_free(world);
}
END_TEST

/* The envelope with its one signature, the last field, `n` times. */
static market_status_t
parse_signed(world_t *world, size_t n, market_error_t *error)
{
	market_slice_t one = world_envelope(world, "grant");
	/* Tag and length, sig (2 + 64), keyid (2 + 64). */
	const size_t len = 3 + 66 + 66;
	uint8_t *bytes = malloc(one.len + n * len);
	market_status_t status;
	size_t i;

	ck_assert_ptr_nonnull(bytes);
	ck_assert_int_eq(one.ptr[one.len - len], 0x1a);
	memcpy(bytes, one.ptr, one.len);
	for (i = 1; i < n; i++)
		memcpy(bytes + one.len + (i - 1) * len, one.ptr + one.len - len,
		    len);
	status = parse(world_context(world),
	    market__slice(bytes, one.len + (n - 1) * len), error);
	free(bytes);
	return status;
}

START_TEST(peers_sigstore_go_and_notation_read_endless_signatures)
{
	market_error_t error = MARKET_ERROR_INIT;
	world_t *world = world_new();

	ck_assert_int_eq(parse_signed(world, 16, NULL), MARKET_OK);
	ck_assert_int_eq(parse_signed(world, 17, &error), MARKET_E_LIMIT);
	ck_assert_str_eq(error.path, "signatures[16]");
	world_free(world);
}
END_TEST

static market_verdict_t
verdict_with_grants(unsigned n)
{
	world_t *world = world_new();
	market_decision_t *decision;
	market_verdict_t verdict;
	char edit[64];
	unsigned i;

	for (i = 1; i < n; i++) {
		snprintf(edit, sizeof(edit),
		    "+g%u =grant {'header': {'id': 'g%u'}}", i, i);
		world_edit(world, edit);
	}
	decision = world_check(world, "offer", NULL);
	verdict = market_decision_verdict(decision);
	ck_assert(world_has(decision, MARKET_CODE_LIMIT_EXCEEDED) == (n > 16));
	market_decision_free(decision);
	world_free(world);
	return verdict;
}

START_TEST(peers_fulcio_and_minder_judge_endless_grants)
{
	ck_assert_int_eq(verdict_with_grants(16), MARKET_VERDICT_PERMIT);
	ck_assert_int_eq(verdict_with_grants(17), MARKET_VERDICT_INDETERMINATE);
}
END_TEST

/* A path that fails must not come out as success. */
START_TEST(peers_gitsign_succeeds_when_it_crashes)
{
	world_t *world = world_new();
	market_context_options_t options = { .size = sizeof(options) };
	market_context_t *context = NULL;
	market_evidence_t *evidence = NULL;
	market_decision_t *decision = NULL;
	harness_memory_t memory;
	market_status_t status;
	size_t at;

	world_edit(world, "-grant");
	harness_memory_init(&memory);
	options.allocator = memory.allocator;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	ck_assert_int_eq(
	    market_evidence_new(context, world_envelope(world, "root"),
		world_envelope(world, "policy"), &evidence, NULL),
	    MARKET_OK);
	status = MARKET_E_MEMORY;
	for (at = 0; status == MARKET_E_MEMORY; at++) {
		memory.calls = 0;
		memory.fail_at = at;
		status = market_check(evidence, world_envelope(world, "offer"),
		    world_time(WORLD_NOW), &decision, NULL);
		ck_assert_int_ne(status, MARKET_OK);
		ck_assert_int_eq(decision != NULL, status == MARKET_E_DENIED);
	}
	ck_assert_int_eq(status, MARKET_E_DENIED);
	ck_assert_uint_gt(at, 5);
	memory.fail_at = SIZE_MAX;
	market_decision_free(decision);
	market_evidence_free(evidence);
	market_context_free(context);
	world_free(world);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

/* Whatever permits must end; and so does what is permitted by it. */
START_TEST(peers_spree_approves_without_end)
{
	static const char *const names[] = { "seller", "product", "network",
		"grant", "carrier", "fcc" };
	world_t *world;
	market_decision_t *decision;
	char edit[64];
	size_t i;

	for (i = 0; i < MARKET__COUNT(names); i++) {
		world = world_new();
		snprintf(edit, sizeof(edit),
		    "%s {'header': {'notAfter': null}}", names[i]);
		world_edit(world, edit);
		ck_assert_msg(world_ignores(world, names[i],
				  MARKET_CODE_STATEMENT_MALFORMED),
		    "%s without an end is taken", names[i]);
		world_free(world);
	}
	world = world_new();
	decision = world_check(world, "offer", NULL);
	ck_assert_int_eq(
	    market_decision_verdict(decision), MARKET_VERDICT_PERMIT);
	ck_assert(market_decision_cell(decision, 0)->horizon < INT64_MAX);
	market_decision_free(decision);
	world_free(world);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("peers");
	TCase *tcase = tcase_create("peers");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, peers_row, 0, (int)MARKET__COUNT(rows));
	tcase_add_test(tcase, peers_dsse_reference_counts_code_points);
	tcase_add_test(
	    tcase, peers_sigstore_go_and_notation_read_endless_signatures);
	tcase_add_test(tcase, peers_fulcio_and_minder_judge_endless_grants);
	tcase_add_test(tcase, peers_gitsign_succeeds_when_it_crashes);
	tcase_add_test(tcase, peers_spree_approves_without_end);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
