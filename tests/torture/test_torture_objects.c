/* SPDX-License-Identifier: Apache-2.0 */
/*
 * X1, X2, X3: statements, drafts, roots, evidence and decisions without
 * memory: there is an answer, or none, and never another one.
 */
#include "object.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static market_slice_t
envelope(const torture_t *torture, const char *name)
{
	return world_envelope(torture->world, name);
}

static void
tell_slice(FILE *out, market_slice_t bytes)
{
	fprintf(out, "%.*s\n", (int)bytes.len, (const char *)bytes.ptr);
}

static market_status_t
told_buffer(torture_t *torture, FILE *out, market_status_t status,
    market_buffer_t *buffer)
{
	if (status != MARKET_OK) {
		torture_expect_buffer(torture, buffer);
		return status;
	}
	tell_slice(out, market_buffer_slice(buffer));
	market_buffer_clear(buffer);
	return status;
}

/* ---- statements ---- */

static market_status_t
parse(
    torture_t *torture, FILE *out, market_slice_t bytes, market_error_t *error)
{
	market_statement_t *statement = UNTOUCHED;
	market_status_t status;

	status = ARMED(market_statement_parse(
	    torture->context, bytes, MARKET_KINDS_ALL, &statement, error));
	if (status != MARKET_OK) {
		EXPECT_UNTOUCHED(torture, statement);
		return status;
	}
	tell_slice(out, market_statement_issuer(statement));
	tell_slice(out, market_statement_payload(statement));
	market_statement_free(statement);
	return status;
}

static market_status_t
run_parse(torture_t *torture, FILE *out, market_error_t *error)
{
	return parse(torture, out, torture->offer, error);
}

static market_status_t
run_parse_policy(torture_t *torture, FILE *out, market_error_t *error)
{
	return parse(torture, out, envelope(torture, "policy"), error);
}

static market_status_t
run_parse_json(torture_t *torture, FILE *out, market_error_t *error)
{
	market_signer_t *signer = world_signer(torture->world, "shop.example");
	market_buffer_t json = MARKET_BUFFER_INIT;
	market_status_t status;

	ck_assert_int_eq(market_draft_sign(torture->draft, &signer, 1,
			     MARKET_FORMAT_JSON, &json, NULL),
	    MARKET_OK);
	status = parse(torture, out, market_buffer_slice(&json), error);
	market_buffer_clear(&json);
	return status;
}

/* Refused; and for what it is refused is told whatever memory fails. */
static market_status_t
run_parse_junk(torture_t *torture, FILE *out, market_error_t *error)
{
	market_slice_t half = torture->offer;

	half.len /= 2;
	return parse(torture, out, half, error);
}

static market_status_t
run_pae(torture_t *torture, FILE *out, market_error_t *error)
{
	market_buffer_t pae = MARKET_BUFFER_INIT;
	market_status_t status;

	(void)error;
	status = ARMED(market_statement_pae(torture->statement, &pae));
	return told_buffer(torture, out, status, &pae);
}

static market_status_t
run_json(torture_t *torture, FILE *out, market_error_t *error)
{
	market_buffer_t json = MARKET_BUFFER_INIT;
	market_status_t status;

	(void)error;
	status = ARMED(market_statement_json(torture->statement, 2, &json));
	return told_buffer(torture, out, status, &json);
}

/* Reading is done without memory, or says that it could not. */
static market_status_t
run_get(torture_t *torture, FILE *out, market_error_t *error)
{
	market_slice_t text = { UNTOUCHED, 0 }, keyid = text, signature = text;
	market_status_t status;
	int64_t value = 0;
	size_t count = 0;

	(void)error;
	status = ARMED(market_statement_get_text(
	    torture->statement, "price.currency_code", &text));
	if (status == MARKET_OK)
		status = ARMED(market_statement_get_int(
		    torture->statement, "header.not_after", &value));
	if (status == MARKET_OK)
		status = ARMED(market_statement_get_count(
		    torture->statement, "networks", &count));
	if (status == MARKET_OK)
		status = ARMED(market_statement_signature(
		    torture->statement, 0, &keyid, &signature));
	if (status == MARKET_OK)
		fprintf(out, "%.*s %lld %zu %zu\n", (int)text.len,
		    (const char *)text.ptr, (long long)value, count,
		    signature.len);
	return status;
}

/* ---- drafts ---- */

static market_status_t
run_draft(torture_t *torture, FILE *out, market_error_t *error)
{
	market_buffer_t signed_draft = MARKET_BUFFER_INIT;
	market_signer_t *signer = world_signer(torture->world, "shop.example");
	market_draft_t *draft = UNTOUCHED;
	market_status_t status;

	status = ARMED(
	    market_draft_new(torture->context, MARKET_KIND_WITHDRAWAL, &draft));
	if (status != MARKET_OK) {
		EXPECT_UNTOUCHED(torture, draft);
		error->status = status;
		return status;
	}
	counter_arm();
	status = market_draft_set_text(
	    draft, "header.issuer", "shop.example", error);
	if (status == MARKET_OK)
		status = market_draft_set_text(draft, "header.id", "w", error);
	if (status == MARKET_OK)
		status = market_draft_set_int(
		    draft, "header.revision", 1, error);
	if (status == MARKET_OK)
		status = market_draft_set_bytes(draft, "target_digest",
		    market_statement_digest(torture->statement), error);
	if (status == MARKET_OK)
		status = market_draft_sign(draft, &signer, 1,
		    MARKET_FORMAT_JSON, &signed_draft, error);
	counter_disarm(status);
	market_draft_free(draft);
	return told_buffer(torture, out, status, &signed_draft);
}

static market_draft_t *
draft_of(const torture_t *torture)
{
	market_buffer_t json = MARKET_BUFFER_INIT;
	market_draft_t *draft = NULL;

	ck_assert_int_eq(
	    market_statement_json(torture->statement, 0, &json), MARKET_OK);
	ck_assert_int_eq(
	    market_draft_from_json(torture->context, MARKET_KIND_OFFER,
		market_buffer_slice(&json), &draft, NULL),
	    MARKET_OK);
	market_buffer_clear(&json);
	return draft;
}

/* What could not be set was not set: the draft signs what it did before. */
static market_status_t
run_draft_set(torture_t *torture, FILE *out, market_error_t *error)
{
	static const char *const titles[] = { "One title", "Another" };
	market_buffer_t envelope_of = MARKET_BUFFER_INIT;
	market_signer_t *signer = world_signer(torture->world, "shop.example");
	market_draft_t *draft = draft_of(torture);
	market_status_t status = MARKET_OK;
	size_t i;

	for (i = 0; i < COUNT(titles) && status == MARKET_OK; i++)
		status = ARMED(
		    market_draft_set_text(draft, "title", titles[i], error));
	ck_assert_int_eq(market_draft_sign(draft, &signer, 1,
			     MARKET_FORMAT_PROTOBUF, &envelope_of, NULL),
	    MARKET_OK);
	if (status == MARKET_OK)
		fprintf(out, "%zu\n", envelope_of.len);
	market_buffer_clear(&envelope_of);
	market_draft_free(draft);
	return status;
}

static market_status_t
run_draft_check(torture_t *torture, FILE *out, market_error_t *error)
{
	(void)out;
	return ARMED(market_draft_check(torture->draft, error));
}

static market_status_t
run_draft_sign(torture_t *torture, FILE *out, market_error_t *error)
{
	market_signer_t *signers[2] = {
		world_signer(torture->world, "shop.example"),
		world_signer(torture->world, "shop.example#2"),
	};
	market_buffer_t bytes = MARKET_BUFFER_INIT;
	market_status_t status;

	status = ARMED(market_draft_sign(
	    torture->draft, signers, 2, MARKET_FORMAT_PROTOBUF, &bytes, error));
	return told_buffer(torture, out, status, &bytes);
}

static market_status_t
run_from_json(torture_t *torture, FILE *out, market_error_t *error)
{
	market_buffer_t json = MARKET_BUFFER_INIT;
	market_draft_t *draft = UNTOUCHED;
	market_status_t status;

	ck_assert_int_eq(
	    market_statement_json(torture->statement, 0, &json), MARKET_OK);
	status = ARMED(market_draft_from_json(torture->context,
	    MARKET_KIND_OFFER, market_buffer_slice(&json), &draft, error));
	market_buffer_clear(&json);
	if (status != MARKET_OK) {
		EXPECT_UNTOUCHED(torture, draft);
		return status;
	}
	fputs(market_status_name(market_draft_check(draft, NULL)), out);
	market_draft_free(draft);
	return status;
}

static market_status_t
run_template(torture_t *torture, FILE *out, market_error_t *error)
{
	market_buffer_t json = MARKET_BUFFER_INIT;
	market_status_t status;

	(void)error;
	status = ARMED(
	    market_template_json(torture->context, MARKET_KIND_POLICY, &json));
	return told_buffer(torture, out, status, &json);
}

/* ---- roots ---- */

static market_status_t
run_root(torture_t *torture, FILE *out, market_error_t *error)
{
	market_root_t *root = UNTOUCHED;
	market_status_t status;

	status = ARMED(market_root_parse(
	    torture->context, envelope(torture, "root"), &root, error));
	if (status != MARKET_OK) {
		EXPECT_UNTOUCHED(torture, root);
		return status;
	}
	tell_slice(out, market_statement_payload(market_root_statement(root)));
	market_root_free(root);
	return status;
}

static market_status_t
run_root_step(torture_t *torture, FILE *out, market_error_t *error)
{
	market_root_t *next = UNTOUCHED;
	market_status_t status;

	status = ARMED(market_root_step(
	    torture->root, envelope(torture, "root2"), &next, error));
	if (status != MARKET_OK) {
		EXPECT_UNTOUCHED(torture, next);
		return status;
	}
	tell_slice(out, market_statement_payload(market_root_statement(next)));
	market_root_free(next);
	return status;
}

static market_status_t
verify_by_root(torture_t *torture, const char *name, market_error_t *error)
{
	market_statement_t *statement = NULL;
	market_status_t status;

	ck_assert_int_eq(
	    market_statement_parse(torture->context, envelope(torture, name),
		MARKET_KINDS_ALL, &statement, NULL),
	    MARKET_OK);
	status = ARMED(market_root_verify(torture->root, statement, error));
	market_statement_free(statement);
	return status;
}

static market_status_t
run_root_verify(torture_t *torture, FILE *out, market_error_t *error)
{
	(void)out;
	return verify_by_root(torture, "policy", error);
}

static market_status_t
run_root_forged(torture_t *torture, FILE *out, market_error_t *error)
{
	(void)out;
	return verify_by_root(torture, "forged", error);
}

static market_status_t
run_root_signer(torture_t *torture, FILE *out, market_error_t *error)
{
	market_slice_t party = { UNTOUCHED, 0 };
	market_statement_t *statement = NULL;
	market_status_t status;

	(void)error;
	ck_assert_int_eq(
	    market_statement_parse(torture->context, envelope(torture, "grant"),
		MARKET_KINDS_ALL, &statement, NULL),
	    MARKET_OK);
	status = ARMED(market_root_signer(torture->root, statement, 0, &party));
	market_statement_free(statement);
	if (status == MARKET_OK)
		tell_slice(out, party);
	else
		EXPECT_UNTOUCHED(torture, party.ptr);
	return status;
}

/* ---- evidence and decisions ---- */

static market_status_t
told_decision(torture_t *torture, FILE *out, market_status_t status,
    market_decision_t *decision)
{
	market_buffer_t json = MARKET_BUFFER_INIT;

	if (status != MARKET_OK && status != MARKET_E_DENIED &&
	    status != MARKET_E_INDETERMINATE) {
		EXPECT_UNTOUCHED(torture, decision);
		return status;
	}
	ck_assert_int_eq(market_decision_json(decision, &json), MARKET_OK);
	tell_slice(out, market_buffer_slice(&json));
	market_buffer_clear(&json);
	market_decision_free(decision);
	return status;
}

/* Gathers all and judges; with a withdrawal, or without. */
static market_status_t
gather(torture_t *torture, FILE *out, const char *last, market_error_t *error)
{
	static const char *const names[] = { "seller", "product", "network",
		"mvno", "grant", "carrier", "fcc", "forged" };
	market_decision_t *decision = UNTOUCHED;
	market_evidence_t *evidence = UNTOUCHED;
	market_ignored_t ignored;
	market_status_t status;
	size_t i;

	status = ARMED(
	    market_evidence_new(torture->context, envelope(torture, "root"),
		envelope(torture, "policy"), &evidence, error));
	if (status != MARKET_OK) {
		EXPECT_UNTOUCHED(torture, evidence);
		return status;
	}
	counter_arm();
	for (i = 0; i < COUNT(names) && status == MARKET_OK; i++)
		status = market_evidence_add(
		    evidence, envelope(torture, names[i]), names[i], error);
	if (status == MARKET_OK && last != NULL)
		status = market_evidence_add(
		    evidence, envelope(torture, last), last, error);
	if (status == MARKET_OK)
		status = market_evidence_ignored(evidence, 0, &ignored);
	if (status == MARKET_E_MEMORY)
		error->status = status;
	if (status == MARKET_OK)
		status = market_check(
		    evidence, torture->offer, torture->now, &decision, error);
	counter_disarm(status);
	status = told_decision(torture, out, status, decision);
	market_evidence_free(evidence);
	return status;
}

static market_status_t
run_gather(torture_t *torture, FILE *out, market_error_t *error)
{
	return gather(torture, out, NULL, error);
}

static market_status_t
run_gather_withdrawn(torture_t *torture, FILE *out, market_error_t *error)
{
	return gather(torture, out, "w", error);
}

static market_status_t
run_check(torture_t *torture, FILE *out, market_error_t *error)
{
	market_decision_t *decision = UNTOUCHED;
	market_status_t status;

	status = ARMED(market_check(
	    torture->evidence, torture->offer, torture->now, &decision, error));
	return told_decision(torture, out, status, decision);
}

static market_status_t
run_screen(torture_t *torture, FILE *out, market_error_t *error)
{
	market_status_t status;

	status = ARMED(market_screen(
	    torture->evidence, torture->offer, torture->now, error));
	if (status == MARKET_OK)
		fprintf(out, "worth a check\n");
	return status;
}

static int
tell_checked(void *user, size_t index, market_status_t status,
    const market_decision_t *decision, const market_error_t *error)
{
	market_status_t *worst = user;

	(void)index;
	(void)error;
	if (status == MARKET_E_MEMORY)
		*worst = status;
	ck_assert_int_eq(decision == NULL, status == MARKET_E_MEMORY);
	return 0;
}

/* By one thread: with more, which of them meets the lack is luck. */
static market_status_t
run_check_many(torture_t *torture, FILE *out, market_error_t *error)
{
	market_slice_t offers[3] = { torture->offer, torture->denied,
		torture->offer };
	market_status_t status, worst = MARKET_OK;
	market_batch_options_t options = {
		.size = sizeof(options), .checked = tell_checked, .user = &worst
	};
	size_t told = 0;

	counter_arm();
	status = market_check_many(
	    torture->evidence, offers, 3, torture->now, &options, &told, error);
	if (status == MARKET_OK && worst != MARKET_OK)
		status = error->status = worst;
	counter_disarm(status);
	if (status == MARKET_OK)
		fprintf(out, "%zu told\n", told);
	return status;
}

static market_status_t
run_check_denied(torture_t *torture, FILE *out, market_error_t *error)
{
	market_decision_t *decision = UNTOUCHED;
	market_status_t status;

	status = ARMED(market_check(torture->evidence, torture->denied,
	    torture->now, &decision, error));
	return told_decision(torture, out, status, decision);
}

static market_status_t
run_decision_json(torture_t *torture, FILE *out, market_error_t *error)
{
	market_buffer_t json = MARKET_BUFFER_INIT;
	market_status_t status;

	(void)error;
	status = ARMED(market_decision_json(torture->decision, &json));
	return told_buffer(torture, out, status, &json);
}

static market_status_t
run_decision_text(torture_t *torture, FILE *out, market_error_t *error)
{
	market_buffer_t text = MARKET_BUFFER_INIT;
	market_status_t status;

	(void)error;
	status = ARMED(market_decision_text(torture->decision, 80, &text));
	return told_buffer(torture, out, status, &text);
}

static const torture_row_t rows[] = {
	{ "statement_parse", run_parse, 0 },
	{ "statement_parse of a policy", run_parse_policy, 0 },
	{ "statement_parse of JSON", run_parse_json, 0 },
	{ "statement_parse of half an envelope", run_parse_junk, 0 },
	{ "statement_pae", run_pae, TORTURE_PLAIN },
	{ "statement_json", run_json, TORTURE_PLAIN },
	{ "statement_get_...", run_get, TORTURE_PLAIN },
	{ "draft_new, _set_..., _sign", run_draft, TORTURE_INTERNAL },
	{ "draft_set_text", run_draft_set, 0 },
	{ "draft_check", run_draft_check, 0 },
	{ "draft_sign by two", run_draft_sign, TORTURE_INTERNAL },
	{ "draft_from_json", run_from_json, 0 },
	{ "template_json", run_template, TORTURE_PLAIN },
	{ "root_parse", run_root, 0 },
	{ "root_step", run_root_step, 0 },
	{ "root_verify", run_root_verify, 0 },
	{ "root_verify of a forgery", run_root_forged, 0 },
	{ "root_signer", run_root_signer, TORTURE_PLAIN },
	{ "evidence, check", run_gather, TORTURE_INTERNAL },
	{ "evidence with a withdrawal, check", run_gather_withdrawn,
	    TORTURE_INTERNAL },
	{ "check", run_check, TORTURE_INTERNAL },
	{ "check of what is denied", run_check_denied, TORTURE_INTERNAL },
	{ "screen", run_screen, 0 },
	{ "check of many", run_check_many, TORTURE_INTERNAL },
	{ "decision_json", run_decision_json, TORTURE_PLAIN },
	{ "decision_text", run_decision_text, TORTURE_PLAIN },
};

static void
make(torture_t *torture)
{
	world_edit(torture->world,
	    "+w withdrawal mi.com {'targetDigest': '$digest:grant'}");
	world_edit(torture->world,
	    "+denied =offer {'header': {'id': 'denied'}, 'territories':"
	    " ['CA', 'US'], 'disclosures': []}");
	world_edit(torture->world, "+forged =fcc {'header': {'id': 'forged'}}");
	world_edit(torture->world, "forged @forger");
	world_edit(torture->world,
	    "+k key-set mi.com {'keys': '$keys:mi.com mi.com#2'}");
	world_edit(
	    torture->world, "+root2 =root {'header': {'revision': '2'}}");
	world_edit(torture->world, "root2 @root");
	torture->offer = envelope(torture, "offer");
	torture->denied = envelope(torture, "denied");
	ck_assert_int_eq(
	    market_statement_parse(torture->context, torture->offer,
		MARKET_KINDS(MARKET_KIND_OFFER), &torture->statement, NULL),
	    MARKET_OK);
	ck_assert_int_eq(market_root_parse(torture->context,
			     envelope(torture, "root"), &torture->root, NULL),
	    MARKET_OK);
	torture->evidence = world_evidence(torture->world, 0);
	torture->decision = world_check(torture->world, "denied", WORLD_NOW);
	torture->draft = draft_of(torture);
	(void)envelope(torture, "policy");
	(void)envelope(torture, "root2");
}

START_TEST(objects_tell_memory_when_there_is_none)
{
	torture_t torture;

	torture_init(&torture);
	make(&torture);
	object_sweep(&torture, &rows[_i], (size_t)_i);
	market_decision_free(torture.decision);
	market_evidence_free(torture.evidence);
	market_root_free(torture.root);
	market_statement_free(torture.statement);
	market_draft_free(torture.draft);
	torture_clear(&torture);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("torture_objects");
	TCase *tcase = tcase_create("objects");

	tcase_set_timeout(tcase, 2400);
	tcase_add_loop_test(
	    tcase, objects_tell_memory_when_there_is_none, 0, (int)COUNT(rows));
	suite_add_tcase(suite, tcase);
	return torture_main(suite);
}
