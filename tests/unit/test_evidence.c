/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bag of evidence: its arguments, what it ignores and in which order,
 * duplicates, adding after asking, roots and policies that it refuses, and
 * each of its allocations failing once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

#define NAMES_MAX 24

static market_evidence_t *
bare_evidence(world_t *world)
{
	market_evidence_t *evidence = NULL;

	ck_assert_int_eq(market_evidence_new(world_context(world),
			     world_envelope(world, "root"),
			     world_envelope(world, "policy"), &evidence, NULL),
	    MARKET_OK);
	return evidence;
}

static void
add(market_evidence_t *evidence, world_t *world, const char *statement,
    const char *name)
{
	ck_assert_int_eq(market_evidence_add(evidence,
			     world_envelope(world, statement), name, NULL),
	    MARKET_OK);
}

static market_status_t
check(market_evidence_t *evidence, world_t *world)
{
	market_decision_t *decision = NULL;
	market_status_t status;

	status = market_check(evidence, world_envelope(world, "offer"),
	    world_time(WORLD_NOW), &decision, NULL);
	ck_assert_ptr_nonnull(decision);
	market_decision_free(decision);
	return status;
}

static const char *const base[] = { "seller", "product", "network", "mvno",
	"grant", "carrier", "fcc", NULL };

static market_evidence_t *
good_evidence(world_t *world)
{
	market_evidence_t *evidence = bare_evidence(world);
	size_t i;

	for (i = 0; base[i] != NULL; i++)
		add(evidence, world, base[i], base[i]);
	return evidence;
}

static size_t
ignored_count(market_evidence_t *evidence)
{
	market_ignored_t ignored;
	size_t n = 0;

	while (market_evidence_ignored(evidence, n, &ignored) == MARKET_OK)
		n++;
	return n;
}

/* ---- arguments ---- */

START_TEST(evidence_refuses_wrong_arguments)
{
	const market_slice_t wild = { NULL, 1 };
	market_error_t error = MARKET_ERROR_INIT;
	market_evidence_t *none = NULL, *evidence;
	world_t *world = world_new();
	market_slice_t root = world_envelope(world, "root");
	market_slice_t policy = world_envelope(world, "policy");
	market_decision_t *decision = NULL;
	market_ignored_t ignored;

	ck_assert_int_eq(market_evidence_new(NULL, root, policy, &none, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(error.status, MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_evidence_new(world_context(world), root, policy, NULL, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_evidence_new(
			     world_context(world), wild, policy, &none, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_evidence_new(world_context(world), root, wild, &none, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_ptr_null(none);
	evidence = good_evidence(world);
	ck_assert_int_eq(
	    market_evidence_add(NULL, root, NULL, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_evidence_add(evidence, wild, NULL, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_evidence_ignored(NULL, 0, &ignored), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_evidence_ignored(evidence, 0, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_evidence_ignored(evidence, SIZE_MAX, &ignored),
	    MARKET_E_NOT_FOUND);
	ck_assert_int_eq(
	    market_check(NULL, policy, 0, &decision, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_check(evidence, world_envelope(world, "offer"),
			     0, NULL, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_check(evidence, wild, 0, &decision, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_ptr_null(decision);
	ck_assert_int_eq(check(evidence, world), MARKET_OK);
	market_evidence_free(evidence);
	market_evidence_free(NULL);
	world_free(world);
}
END_TEST

typedef struct instant {
	const char *label;
	int64_t at;
	market_status_t want;
} instant_t;

static const instant_t instants[] = {
	{ "before 1970", -1, MARKET_E_ARGUMENT },
	{ "INT64_MIN", INT64_MIN, MARKET_E_ARGUMENT },
	{ "the first second", 0, MARKET_E_DENIED },
	{ "a second of the good world", INT64_C(1454328000), MARKET_OK },
	{ "after 2038", INT64_C(2147483648), MARKET_E_DENIED },
	{ "the last second of 9999", INT64_C(253402300799), MARKET_E_DENIED },
	{ "T9 one later", INT64_C(253402300800), MARKET_E_ARGUMENT },
	{ "T2 INT64_MAX", INT64_MAX, MARKET_E_ARGUMENT },
};

START_TEST(check_takes_instants_of_1970_to_9999)
{
	const instant_t *row = &instants[_i];
	market_decision_t *decision = NULL;
	world_t *world = world_new();
	market_evidence_t *evidence;
	market_status_t status;

	world_edit(world, "policy {\"clockSkewSeconds\": \"86400\"}");
	evidence = good_evidence(world);
	status = market_check(
	    evidence, world_envelope(world, "offer"), row->at, &decision, NULL);
	ck_assert_msg(status == row->want, "%s: %s", row->label,
	    market_status_name(status));
	ck_assert_int_eq(decision == NULL, row->want == MARKET_E_ARGUMENT);
	market_decision_free(decision);
	market_evidence_free(evidence);
	world_free(world);
}
END_TEST

/* An offer that does not parse, or is none, has no decision. */
START_TEST(check_gives_no_decision_where_there_is_no_offer)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	world_t *world = world_new();
	market_evidence_t *evidence = good_evidence(world);
	market_slice_t offer = world_envelope(world, "offer"), cut = offer;

	ck_assert_int_eq(market_check(evidence, world_envelope(world, "grant"),
			     0, &decision, &error),
	    MARKET_E_KIND);
	ck_assert_int_eq(error.status, MARKET_E_KIND);
	for (cut.len = 0; cut.len < offer.len; cut.len++)
		ck_assert_int_lt(
		    market_check(evidence, cut, 0, &decision, NULL), 0);
	ck_assert_ptr_null(decision);
	market_evidence_free(evidence);
	world_free(world);
}
END_TEST

/* ---- the ignored, duplicates, adding later ---- */

START_TEST(ignored_come_by_name_digest_and_code)
{
	static const char *const order[] = { "", "", "a", "b", "b", "c" };
	market_evidence_t *evidence;
	market_ignored_t one, before = { 0 };
	world_t *world = world_new();
	size_t i;
	int by_name;

	world_edit(world, "+x =grant {\"header\": {\"id\": \"x\"}}");
	world_edit(world, "x @forger");
	world_edit(world, "+y =grant {\"header\": {\"id\": \"y\"}}");
	world_edit(world, "y @forger");
	evidence = good_evidence(world);
	ck_assert_int_eq(
	    market_evidence_add(evidence, market_slice_of("junk"), "c", NULL),
	    MARKET_OK);
	add(evidence, world, "y", "b");
	add(evidence, world, "x", "b");
	add(evidence, world, "x", NULL);
	add(evidence, world, "y", "");
	add(evidence, world, "root", "a");
	for (i = 0; i < 6; i++) {
		ck_assert_int_eq(
		    market_evidence_ignored(evidence, i, &one), MARKET_OK);
		ck_assert_str_eq(one.name == NULL ? "" : one.name, order[i]);
		ck_assert_ptr_nonnull(one.message);
		ck_assert_ptr_nonnull(market_code_info(one.code));
		if (i > 0) {
			by_name = strcmp(order[i - 1], order[i]);
			ck_assert(by_name < 0 ||
			    memcmp(before.digest.ptr, one.digest.ptr,
				MARKET_DIGEST_LEN) <= 0);
		}
		before = one;
	}
	ck_assert_uint_eq(one.digest.len, 0);
	ck_assert_int_eq(
	    market_evidence_ignored(evidence, 6, &one), MARKET_E_NOT_FOUND);
	ck_assert_int_eq(check(evidence, world), MARKET_OK);
	market_evidence_free(evidence);
	world_free(world);
}
END_TEST

static void
keep_line(void *user, market_log_level_t level, const char *line)
{
	ck_assert_int_eq(level, MARKET_LOG_WARNING);
	snprintf(user, 128, "%s", line);
}

START_TEST(evidence_logs_what_it_ignores_once)
{
	char line[128] = "";
	market_context_options_t options = { sizeof(options),
		{ NULL, NULL, NULL }, keep_line, line, 0 };
	market_evidence_t *evidence = NULL;
	market_context_t *context = NULL;
	world_t *world = world_new();

	world_edit(world, "fcc @forger");
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	ck_assert_int_eq(
	    market_evidence_new(context, world_envelope(world, "root"),
		world_envelope(world, "policy"), &evidence, NULL),
	    MARKET_OK);
	add(evidence, world, "product", "good.dsse");
	ck_assert_uint_eq(ignored_count(evidence), 0);
	ck_assert_str_eq(line, "");
	add(evidence, world, "fcc", "bad.dsse");
	ck_assert_uint_eq(ignored_count(evidence), 1);
	ck_assert_ptr_nonnull(
	    strstr(line, "bad.dsse: ignored: STATEMENT_SIGNATURE_INVALID: "));
	line[0] = '\0';
	ck_assert_int_eq(check(evidence, world), MARKET_E_DENIED);
	ck_assert_str_eq(line, "");
	market_evidence_free(evidence);
	market_context_free(context);
	world_free(world);
}
END_TEST

START_TEST(evidence_counts_the_same_statement_once)
{
	world_t *world = world_new();
	market_evidence_t *evidence;
	size_t i, k;

	/* 20 times the same grant would be over the limit of 16. */
	evidence = good_evidence(world);
	for (i = 0; i < 20; i++)
		for (k = 0; base[k] != NULL; k++)
			add(evidence, world, base[k], base[k]);
	ck_assert_int_eq(check(evidence, world), MARKET_OK);
	ck_assert_uint_eq(ignored_count(evidence), 0);
	market_evidence_free(evidence);
	world_free(world);
}
END_TEST

/* The digest is of what was signed, so one good envelope of it suffices. */
START_TEST(evidence_takes_the_well_signed_of_two_envelopes)
{
	static const char *const signers[] = { "forger", "forger mi.com",
		"mi.com forger" };
	market_ignored_t ignored;
	market_evidence_t *evidence;
	world_t *world = world_new();
	char edit[64];

	world_edit(world, "+again =grant {}");
	snprintf(edit, sizeof(edit), "again @%s", signers[_i]);
	world_edit(world, edit);
	evidence = good_evidence(world);
	add(evidence, world, "again", "again");
	ck_assert_int_eq(check(evidence, world), MARKET_OK);
	ck_assert_uint_eq(ignored_count(evidence), _i == 0 ? 1 : 0);
	if (_i == 0) {
		ck_assert_int_eq(
		    market_evidence_ignored(evidence, 0, &ignored), MARKET_OK);
		ck_assert_str_eq(ignored.name, "again");
		ck_assert_int_eq(
		    ignored.code, MARKET_CODE_STATEMENT_SIGNATURE_INVALID);
	}
	market_evidence_free(evidence);
	world_free(world);
}
END_TEST

START_TEST(evidence_added_after_asking_counts)
{
	world_t *world = world_new();
	market_evidence_t *evidence = bare_evidence(world);
	market_slice_t grant;
	uint8_t copy[8192];
	size_t i;

	world_edit(world,
	    "+w withdrawal mi.com {\"targetDigest\": \"$digest:grant\", "
	    "\"reason\": \"WITHDRAWAL_REASON_CEASED\"}");
	ck_assert_int_lt(check(evidence, world), 0);
	for (i = 0; base[i] != NULL; i++) {
		if (strcmp(base[i], "grant") != 0)
			add(evidence, world, base[i], NULL);
		ck_assert_int_ne(check(evidence, world), MARKET_OK);
	}
	/* A5: the caller's buffer is the caller's again at once. */
	grant = world_envelope(world, "grant");
	ck_assert_uint_le(grant.len, sizeof(copy));
	memcpy(copy, grant.ptr, grant.len);
	grant.ptr = copy;
	ck_assert_int_eq(
	    market_evidence_add(evidence, grant, NULL, NULL), MARKET_OK);
	memset(copy, 0, sizeof(copy));
	ck_assert_int_eq(check(evidence, world), MARKET_OK);
	ck_assert_int_eq(check(evidence, world), MARKET_OK);
	add(evidence, world, "w", NULL);
	ck_assert_int_eq(check(evidence, world), MARKET_E_DENIED);
	add(evidence, world, "grant", NULL);
	ck_assert_int_eq(check(evidence, world), MARKET_E_DENIED);
	ck_assert_uint_eq(ignored_count(evidence), 0);
	market_evidence_free(evidence);
	world_free(world);
}
END_TEST

/* A decision stands by itself when the evidence is gone. */
START_TEST(decision_outlives_its_evidence)
{
	market_buffer_t before = MARKET_BUFFER_INIT, after = MARKET_BUFFER_INIT;
	market_decision_t *decision = NULL;
	world_t *world = world_new();
	market_evidence_t *evidence;

	if (_i > 0) {
		world_edit(world, "carrier {\"softwareVersions\": [\"8\"]}");
		world_edit(world, "grant {\"scope\": {\"models\": [\"x\"]}}");
	}
	evidence = good_evidence(world);
	add(evidence, world, "root", "twice");
	ck_assert_int_eq(market_check(evidence, world_envelope(world, "offer"),
			     world_time(WORLD_NOW), &decision, NULL),
	    _i > 0 ? MARKET_E_DENIED : MARKET_OK);
	ck_assert_int_eq(market_decision_json(decision, &before), MARKET_OK);
	market_evidence_free(evidence);
	/* What was the evidence's is somebody else's now. */
	evidence = good_evidence(world);
	ck_assert_int_eq(market_decision_json(decision, &after), MARKET_OK);
	ck_assert_uint_eq(before.len, after.len);
	ck_assert_int_eq(memcmp(before.data, after.data, before.len), 0);
	market_buffer_clear(&before);
	market_buffer_clear(&after);
	market_evidence_free(evidence);
	market_decision_free(decision);
	world_free(world);
}
END_TEST

/* ---- roots and policies that are refused ---- */

#define PARTY(id, keys, roles) \
	"{\"id\": \"" id "\", \"keys\": " keys ", \"roles\": [" roles "]}"
#define BRAND "{\"role\": \"ROLE_BRAND\", \"brands\": [\"xiaomi\"]}"
#define SELLS "{\"role\": \"ROLE_MARKETPLACE\"}"
#define SPKI(id)                                         \
	"{\"spki\": \"$spki:" id "\", \"environment\": " \
	"\"ENVIRONMENT_PRODUCTION\"}"
#define PARTIES(a, b) "root {\"parties\": [" a ", " b "]}"
#define MARKETPLACE   PARTY("usmobile.com", "\"$keys:usmobile.com\"", SELLS)

typedef struct refusal {
	const char *label;
	market_status_t want;
	const char *path; /* with which the error's path begins */
	const char *edits[4];
} refusal_t;

static const refusal_t refusals[] = {
	{ "the good world", MARKET_OK, "", { NULL } },
	{ "two parties", MARKET_OK, "",
	    { PARTIES(
		PARTY("mi.com", "\"$keys:mi.com\"", BRAND), MARKETPLACE) } },
	{ "K9 one key in two parties", MARKET_E_SCHEMA, "root.parties[1].keys",
	    { PARTIES(PARTY("mi.com", "\"$keys:usmobile.com\"", BRAND),
		MARKETPLACE) } },
	{ "the root's key is the marketplace's", MARKET_OK, "",
	    { "root {\"rootKeys\": \"$keys:usmobile.com\"}",
		"root @usmobile.com" } },
	{ "one party twice", MARKET_E_SCHEMA, "root.parties[1].id",
	    { PARTIES(PARTY("usmobile.com", "\"$keys:mi.com\"", BRAND),
		MARKETPLACE) } },
	{ "K12 threshold over the keys", MARKET_E_SCHEMA,
	    "root.root_keys.threshold",
	    { "root {\"rootKeys\": {\"threshold\": 2, \"keys\": [" SPKI(
		"root") "]}}" } },
	{ "S1 threshold of nothing", MARKET_E_SCHEMA,
	    "root.root_keys.threshold",
	    { "root {\"rootKeys\": {\"keys\": [" SPKI("root") "]}}" } },
	{ "K12 one key twice", MARKET_E_SCHEMA, "root.root_keys.keys[1].spki",
	    { "root {\"rootKeys\": {\"threshold\": 2, \"keys\": [" SPKI(
		"root") ", " SPKI("root") "]}}" } },
	{ "K11 no root keys", MARKET_E_SCHEMA, "root.root_keys",
	    { "root {\"rootKeys\": null}" } },
	{ "a key that is none", MARKET_E_KEY, "root.root_keys.keys[0]",
	    { "root {\"rootKeys\": {\"threshold\": 1, \"keys\": [{\"spki\": "
	      "\"$key:root\", \"environment\": "
	      "\"ENVIRONMENT_PRODUCTION\"}]}}" } },
	{ "a party's threshold over its keys", MARKET_E_SCHEMA,
	    "root.parties[0].keys.threshold",
	    { PARTIES(PARTY("mi.com",
			  "{\"threshold\": 3, \"keys\": [" SPKI("mi.com") "]}",
			  BRAND),
		MARKETPLACE) } },
	{ "root not signed by its own keys", MARKET_E_ROOT, "root.root_keys",
	    { "root @forger" } },
	{ "root signed by a party", MARKET_E_ROOT, "root.root_keys",
	    { "root @usmobile.com" } },
	{ "root of two keys, signed by one", MARKET_E_ROOT, "root.root_keys",
	    { "root {\"rootKeys\": {\"threshold\": 2, \"keys\": [" SPKI(
		"root") ", " SPKI("root#2") "]}}" } },
	{ "root of two keys, signed by one twice", MARKET_E_ROOT,
	    "root.root_keys",
	    { "root {\"rootKeys\": {\"threshold\": 2, \"keys\": [" SPKI(
		  "root") ", " SPKI("root#2") "]}}",
		"root @root root" } },
	{ "root of two keys, signed by both", MARKET_OK, "",
	    { "root {\"rootKeys\": {\"threshold\": 2, \"keys\": [" SPKI(
		  "root") ", " SPKI("root#2") "]}}",
		"root @root#2 root" } },
	{ "root with a spoilt signature", MARKET_E_ROOT, "root.root_keys",
	    { "root !" } },
	{ "policy by a party that is no marketplace", MARKET_E_POLICY,
	    "policy.header.issuer",
	    { "policy {\"header\": {\"issuer\": \"mi.com\"}}",
		"policy @mi.com" } },
	{ "policy by nobody", MARKET_E_POLICY, "policy.header.issuer",
	    { "policy {\"header\": {\"issuer\": \"nobody.example\"}}" } },
	{ "policy signed by another", MARKET_E_POLICY, "policy",
	    { "policy @mi.com" } },
	{ "policy signed by one of two", MARKET_E_POLICY, "policy",
	    { PARTIES(PARTY("mi.com", "\"$keys:mi.com\"", BRAND),
		PARTY("usmobile.com",
		    "{\"threshold\": 2, \"keys\": [" SPKI(
			"usmobile.com") ", " SPKI("usmobile.com#2") "]}",
		    SELLS)) } },
	{ "policy signed by both", MARKET_OK, "",
	    { PARTIES(PARTY("mi.com", "\"$keys:mi.com\"", BRAND),
		  PARTY("usmobile.com",
		      "{\"threshold\": 2, \"keys\": [" SPKI(
			  "usmobile.com") ", " SPKI("usmobile.com#2") "]}",
		      SELLS)),
		"policy @usmobile.com usmobile.com#2" } },
	{ "policy without an environment", MARKET_E_SCHEMA,
	    "policy.environment", { "policy {\"environment\": null}" } },
};

START_TEST(evidence_refuses_what_holds_not_together)
{
	const refusal_t *row = &refusals[_i];
	market_error_t error = MARKET_ERROR_INIT;
	market_evidence_t *evidence = NULL;
	world_t *world = world_new();
	market_status_t status;
	size_t i;

	for (i = 0; i < 4 && row->edits[i] != NULL; i++)
		world_edit(world, row->edits[i]);
	status = market_evidence_new(world_context(world),
	    world_envelope(world, "root"), world_envelope(world, "policy"),
	    &evidence, &error);
	ck_assert_msg(status == row->want, "%s: %s, %s: %s", row->label,
	    market_status_name(status), error.path, error.message);
	ck_assert_int_eq(evidence == NULL, row->want != MARKET_OK);
	ck_assert_msg(strncmp(error.path, row->path, strlen(row->path)) == 0,
	    "%s: want the path %s, got %s: %s", row->label, row->path,
	    error.path, error.message);
	ck_assert_int_eq(error.message[0] == '\0', row->want == MARKET_OK);
	market_evidence_free(evidence);
	world_free(world);
}
END_TEST

START_TEST(evidence_takes_root_and_policy_by_kind_alone)
{
	market_evidence_t *evidence = NULL;
	world_t *world = world_new();
	market_slice_t root = world_envelope(world, "root");
	market_slice_t policy = world_envelope(world, "policy");

	ck_assert_int_eq(market_evidence_new(world_context(world), policy,
			     policy, &evidence, NULL),
	    MARKET_E_KIND);
	ck_assert_int_eq(market_evidence_new(
			     world_context(world), root, root, &evidence, NULL),
	    MARKET_E_KIND);
	root.len--;
	ck_assert_int_eq(market_evidence_new(world_context(world), root, policy,
			     &evidence, NULL),
	    MARKET_E_ENCODING);
	ck_assert_ptr_null(evidence);
	world_free(world);
}
END_TEST

/* ---- memory ---- */

typedef struct torture {
	const char *label;
	market_status_t want;
	const char *edits[6];
	const char *names[NAMES_MAX]; /* of the evidence, besides base[] */
} torture_t;

#define ANY_SCOPE                                                      \
	"\"scope\": {\"models\": [\"*\"], \"territories\": [\"*\"], "  \
	"\"channels\": [\"CHANNEL_ANY\"], \"marketplaces\": [\"*\"], " \
	"\"conditions\": [\"CONDITION_ANY\"]}"

static const torture_t tortures[] = {
	{ "permitted, with sub-grants and junk", MARKET_OK,
	    { "+dist authorization mi.com {\"brand\": \"xiaomi\", "
	      "\"grantee\": \"dist.example\", \"granteeKeys\": "
	      "\"$keys:dist.example\", \"maxDelegations\": 1, " ANY_SCOPE "}",
		"+sub authorization dist.example {\"brand\": \"xiaomi\", "
		"\"grantee\": \"shop.example\", \"parentDigest\": "
		"\"$digest:dist\", " ANY_SCOPE "}",
		"+lost =sub {\"parentDigest\": \"$key:x\"}",
		"+junk =sub {\"header\": {\"issuer\": \"junk.example\"}}" },
	    { "sub", "dist", "lost", "junk", NULL } },
	{ "denied by a withdrawal and a hold", MARKET_E_DENIED,
	    { "+w withdrawal mi.com {\"targetDigest\": \"$digest:grant\", "
	      "\"reason\": \"WITHDRAWAL_REASON_CEASED\", \"note\": \"x\"}",
		"+h hold usmobile.com {\"target\": {\"brand\": \"xiaomi\"}, "
		"\"reason\": \"WITHDRAWAL_REASON_POLICY\"}",
		"offer {\"networks\": [\"usmobile.com/us\"]}" },
	    { "w", "h", NULL } },
};

/* Everything that the scenario needs, signed with memory that holds. */
typedef struct scene {
	market_slice_t root, policy, offer;
	market_slice_t evidence[NAMES_MAX];
	const char *names[NAMES_MAX];
	size_t n;
	market_status_t want;
} scene_t;

static void
set_scene(world_t *world, const torture_t *torture, scene_t *scene)
{
	size_t i;

	memset(scene, 0, sizeof(*scene));
	for (i = 0; i < 6 && torture->edits[i] != NULL; i++)
		world_edit(world, torture->edits[i]);
	scene->root = world_envelope(world, "root");
	scene->policy = world_envelope(world, "policy");
	scene->offer = world_envelope(world, "offer");
	scene->want = torture->want;
	for (i = 0; base[i] != NULL; i++)
		scene->names[scene->n++] = base[i];
	for (i = 0; torture->names[i] != NULL; i++)
		scene->names[scene->n++] = torture->names[i];
	for (i = 0; i < scene->n; i++)
		scene->evidence[i] = world_envelope(world, scene->names[i]);
}

/*
 * Plays the scene. Each call is made until it does its work, so that what a
 * failed one left behind is found; `*failures` of them said MARKET_E_MEMORY.
 */
static void
play(market_context_t *context, const scene_t *scene, market_buffer_t *json,
    market_buffer_t *text, size_t *failures)
{
	market_evidence_t *evidence = NULL;
	market_decision_t *decision = NULL;
	market_ignored_t ignored;
	market_status_t status;
	size_t i;

#define PLAY(call, untouched)                                         \
	while ((status = (call)) == MARKET_E_MEMORY) {                \
		ck_assert_msg(untouched, "%s left something", #call); \
		++*failures;                                          \
	}
	PLAY(market_evidence_new(
		 context, scene->root, scene->policy, &evidence, NULL),
	    evidence == NULL);
	ck_assert_int_eq(status, MARKET_OK);
	for (i = 0; i < scene->n; i++) {
		PLAY(market_evidence_add(
			 evidence, scene->evidence[i], scene->names[i], NULL),
		    true);
		ck_assert_int_eq(status, MARKET_OK);
	}
	for (i = 0; status == MARKET_OK; i++)
		PLAY(market_evidence_ignored(evidence, i, &ignored), true);
	ck_assert_int_eq(status, MARKET_E_NOT_FOUND);
	PLAY(market_check(evidence, scene->offer, world_time(WORLD_NOW),
		 &decision, NULL),
	    decision == NULL);
	ck_assert_int_eq(status, scene->want);
	PLAY(market_decision_json(decision, json), json->data == NULL);
	ck_assert_int_eq(status, MARKET_OK);
	PLAY(market_decision_text(decision, 80, text), text->data == NULL);
	ck_assert_int_eq(status, MARKET_OK);
#undef PLAY
	market_decision_free(decision);
	market_evidence_free(evidence);
}

static bool
same(const market_buffer_t *a, const market_buffer_t *b)
{
	return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

START_TEST(evidence_survives_each_allocation_that_fails)
{
	const torture_t *torture = &tortures[_i];
	market_context_options_t options = { 0 };
	market_context_t *context = NULL;
	market_buffer_t json = MARKET_BUFFER_INIT, text = MARKET_BUFFER_INIT,
			json2, text2;
	harness_memory_t memory;
	world_t *world = world_new();
	scene_t scene;
	size_t total, live, n, failures = 0;

	set_scene(world, torture, &scene);
	harness_memory_init(&memory);
	options.size = sizeof(options);
	options.allocator = memory.allocator;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	live = memory.live;
	total = memory.calls;
	play(context, &scene, &json, &text, &failures);
	total = memory.calls - total;
	market_context_trim(context);
	ck_assert_uint_eq(failures, 0);
	ck_assert_uint_gt(total, 100);
	for (n = 0; n < total; n++) {
		json2 = text2 = (market_buffer_t)MARKET_BUFFER_INIT;
		failures = 0;
		memory.fail_at = memory.calls + n;
		play(context, &scene, &json2, &text2, &failures);
		/* Nothing is kept for the next. */
		market_context_trim(context);
		ck_assert_msg(failures == 1,
		    "%s: allocation %zu of %zu fails, and %zu calls say so",
		    torture->label, n, total, failures);
		ck_assert_msg(same(&json, &json2) && same(&text, &text2),
		    "%s: allocation %zu of %zu: other reports", torture->label,
		    n, total);
		market_buffer_clear(&json2);
		market_buffer_clear(&text2);
		/* Only the two first reports are still there. */
		ck_assert_msg(memory.live == live + 2,
		    "%s: allocation %zu of %zu: %zu are left", torture->label,
		    n, total, memory.live - live - 2);
	}
	market_buffer_clear(&json);
	market_buffer_clear(&text);
	ck_assert_uint_eq(memory.live, live);
	market_context_free(context);
	ck_assert_uint_eq(memory.live, 0);
	world_free(world);
}
END_TEST

/* X2: where memory is gone for good, nothing is decided. */
START_TEST(evidence_decides_nothing_without_memory)
{
	market_context_options_t options = { 0 };
	market_decision_t *decision = NULL;
	market_evidence_t *evidence = NULL;
	market_context_t *context = NULL;
	harness_memory_t memory;
	world_t *world = world_new();
	scene_t scene;
	size_t total, start, i, step;

	set_scene(world, &tortures[_i], &scene);
	harness_memory_init(&memory);
	options.size = sizeof(options);
	options.allocator = memory.allocator;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	ck_assert_int_eq(market_evidence_new(context, scene.root, scene.policy,
			     &evidence, NULL),
	    MARKET_OK);
	for (i = 0; i < scene.n; i++)
		ck_assert_int_eq(market_evidence_add(
				     evidence, scene.evidence[i], NULL, NULL),
		    MARKET_OK);
	start = memory.calls;
	ck_assert_int_eq(market_check(evidence, scene.offer,
			     world_time(WORLD_NOW), &decision, NULL),
	    scene.want);
	total = memory.calls - start;
	market_decision_free(decision);
	decision = NULL;
	memory.for_ever = true;
	step = total / 50 + 1;
	for (i = 0; i < total; i += step) {
		/* The seal is made anew, so each round asks as many. */
		memory.fail_at = SIZE_MAX;
		ck_assert_int_eq(market_evidence_add(
				     evidence, scene.evidence[0], NULL, NULL),
		    MARKET_OK);
		memory.fail_at = memory.calls + i;
		ck_assert_int_eq(market_check(evidence, scene.offer,
				     world_time(WORLD_NOW), &decision, NULL),
		    MARKET_E_MEMORY);
		ck_assert_ptr_null(decision);
	}
	memory.fail_at = SIZE_MAX;
	market_evidence_free(evidence);
	market_context_free(context);
	ck_assert_uint_eq(memory.live, 0);
	world_free(world);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof((table)[0])))

int
main(void)
{
	Suite *suite = suite_create("evidence");
	TCase *tcase = tcase_create("evidence");

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, evidence_refuses_wrong_arguments);
	tcase_add_loop_test(
	    tcase, check_takes_instants_of_1970_to_9999, 0, ROWS(instants));
	tcase_add_test(tcase, check_gives_no_decision_where_there_is_no_offer);
	tcase_add_test(tcase, ignored_come_by_name_digest_and_code);
	tcase_add_test(tcase, evidence_logs_what_it_ignores_once);
	tcase_add_test(tcase, evidence_counts_the_same_statement_once);
	tcase_add_loop_test(
	    tcase, evidence_takes_the_well_signed_of_two_envelopes, 0, 3);
	tcase_add_test(tcase, evidence_added_after_asking_counts);
	tcase_add_loop_test(tcase, decision_outlives_its_evidence, 0, 2);
	tcase_add_loop_test(
	    tcase, evidence_refuses_what_holds_not_together, 0, ROWS(refusals));
	tcase_add_test(tcase, evidence_takes_root_and_policy_by_kind_alone);
	tcase_add_loop_test(tcase, evidence_survives_each_allocation_that_fails,
	    0, ROWS(tortures));
	tcase_add_loop_test(
	    tcase, evidence_decides_nothing_without_memory, 0, ROWS(tortures));
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
