/* SPDX-License-Identifier: Apache-2.0 */
/* The trust root on its own: what it must be, and whose signatures it knows. */
#include <market/root.h>

#include "validate_kit.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"

#define PRODUCTION "'environment': 'ENVIRONMENT_PRODUCTION'"
#define KEY(name)  "{'spki': '$spki:" name "', " PRODUCTION "}"
#define TWO_OF_THREE                                                       \
	"root {'rootKeys': {'threshold': 2, 'keys': [" KEY("r1") ", " KEY( \
	    "r2") ", " KEY("r3") "]}}"
/* SubjectPublicKeyInfo of Ed25519 (RFC 8410, 4) with a weak point. */
#define WEAK(point) "{'spki': '" point "', " PRODUCTION "}"
#define WEAK_ZERO \
	WEAK("MCowBQYDK2VwAyEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
#define WEAK_ONE \
	WEAK("MCowBQYDK2VwAyEAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")

static market_status_t
parse(world_t *world, const char *name, market_root_t **ret_root,
    market_error_t *error)
{
	return market_root_parse(
	    world_context(world), world_envelope(world, name), ret_root, error);
}

static const struct {
	const char *label, *name, *edits[3];
	market_status_t want;
	const char *path;
} rows[] = {
	{ "the good root", "root", { NULL }, MARKET_OK, "" },
	{ "another kind", "grant", { NULL }, MARKET_E_KIND, NULL },
	{ "an offer", "offer", { NULL }, MARKET_E_KIND, NULL },
	{ "S4 signed by a party, not by a root key", "root",
	    { "root @usmobile.com" }, MARKET_E_ROOT, "root_keys" },
	{ "S4 signed by a stranger", "root", { "root @forger" }, MARKET_E_ROOT,
	    "root_keys" },
	{ "S6 its signature is spoilt", "root", { "root !" }, MARKET_E_ROOT,
	    "root_keys" },
	{ "signed by a stranger and by its key", "root",
	    { "root @forger root" }, MARKET_OK, "" },
	{ "two of three, signed by one", "root", { TWO_OF_THREE, "root @r2" },
	    MARKET_E_ROOT, "root_keys" },
	{ "S2 two of three, signed by one twice", "root",
	    { TWO_OF_THREE, "root @r2 r2" }, MARKET_E_ROOT, "root_keys" },
	{ "two of three, signed by one and a party", "root",
	    { TWO_OF_THREE, "root @r2 usmobile.com mi.com" }, MARKET_E_ROOT,
	    "root_keys" },
	{ "two of three, signed by two", "root",
	    { TWO_OF_THREE, "root @r3 r1" }, MARKET_OK, "" },
	{ "two of three, signed by all", "root",
	    { TWO_OF_THREE, "root @r1 r2 r3" }, MARKET_OK, "" },
	{ "K12 a threshold above its keys", "root",
	    { "root {'rootKeys': {'threshold': 2, 'keys': [" KEY(
		"root") "]}}" },
	    MARKET_E_SCHEMA, "root_keys.threshold" },
	{ "K12 a root key twice", "root",
	    { "root {'rootKeys': {'threshold': 2, 'keys': [" KEY(
		"root") ", " KEY("root") "]}}" },
	    MARKET_E_SCHEMA, "root_keys.keys[1].spki" },
	{ "K11 no root key", "root", { "root {'rootKeys': {'keys': []}}" },
	    MARKET_E_SCHEMA, "root_keys" },
	{ "K9 one key in two parties", "root",
	    { "root {'parties': [{'id': 'mi.com', 'keys': '$keys:a'},"
	      " {'id': 'fcc.gov', 'keys': '$keys:a'}]}" },
	    MARKET_E_SCHEMA, "parties[1].keys.keys[0].spki" },
	{ "K9 the same parties with keys of their own", "root",
	    { "root {'parties': [{'id': 'mi.com', 'keys': '$keys:a'},"
	      " {'id': 'fcc.gov', 'keys': '$keys:b'}]}" },
	    MARKET_OK, "" },
	{ "K1 a weak root key beside a good one", "root",
	    { "root {'rootKeys': {'threshold': 1, 'keys': [" KEY(
		"root") ", " WEAK_ZERO "]}}" },
	    MARKET_E_KEY, "root_keys.keys[1].spki" },
	{ "K1 a weak key of a party", "root",
	    { "root {'parties': [{'id': 'mi.com', 'keys': '$keys:a'},"
	      " {'id': 'fcc.gov', 'keys': {'threshold': 1, 'keys':"
	      " [" WEAK_ONE "]}}]}" },
	    MARKET_E_KEY, "parties[1].keys.keys[0].spki" },
	{ "K6 what is no key", "root",
	    { "root {'parties': [{'id': 'mi.com', 'keys': {'threshold': 1,"
	      " 'keys': [" WEAK("AAAA") "]}}]}" },
	    MARKET_E_KEY, "parties[0].keys.keys[0].spki" },
	{ "no party at all", "root", { "root {'parties': []}" }, MARKET_OK,
	    "" },
	{ "an issuer that is no party of it", "root",
	    { "root {'header': {'issuer': 'another.example'}}" }, MARKET_OK,
	    "" },
};

START_TEST(root_parse_row)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_root_t *root = NULL;
	world_t *world = world_new();
	market_status_t got;
	size_t i;

	for (i = 0; i < 3 && rows[_i].edits[i] != NULL; i++)
		world_edit(world, rows[_i].edits[i]);
	got = parse(world, rows[_i].name, &root, &error);
	ck_assert_msg(got == rows[_i].want, "%s: %s, want %s (%s: %s)",
	    rows[_i].label, market_status_name(got),
	    market_status_name(rows[_i].want), error.path, error.message);
	ck_assert_int_eq(error.status, got);
	if (rows[_i].path != NULL)
		ck_assert_msg(strcmp(error.path, rows[_i].path) == 0, "%s: %s",
		    rows[_i].label, error.path);
	ck_assert((root != NULL) == (got == MARKET_OK));
	market_root_free(root);
	world_free(world);
}
END_TEST

/* 3 of 5 and so on to 12 of 12, in integers. */
START_TEST(root_needs_k_of_n)
{
	static const unsigned sizes[][2] = { { 1, 1 }, { 1, 2 }, { 2, 2 },
		{ 3, 5 }, { 7, 12 }, { 8, 8 } };
	char edit[2048], sign[256];
	market_root_t *root;
	world_t *world;
	unsigned i, k, n, signing;
	int at;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (signing = 1; signing <= sizes[i][1] && signing <= 8;
		     signing++) {
			k = sizes[i][0];
			at = snprintf(edit, sizeof(edit),
			    "root {'rootKeys': {'threshold': %u, 'keys': [", k);
			for (n = 0; n < sizes[i][1]; n++)
				at += snprintf(edit + at,
				    sizeof(edit) - (size_t)at,
				    "%s{'spki': '$spki:r%u', " PRODUCTION "}",
				    n == 0 ? "" : ", ", n);
			snprintf(edit + at, sizeof(edit) - (size_t)at, "]}}");
			at = snprintf(sign, sizeof(sign), "root @r0");
			for (n = 1; n < signing; n++)
				at += snprintf(sign + at,
				    sizeof(sign) - (size_t)at, " r%u", n);
			world = world_new();
			world_edit(world, edit);
			world_edit(world, sign);
			root = NULL;
			ck_assert_int_eq(parse(world, "root", &root, NULL),
			    signing >= k ? MARKET_OK : MARKET_E_ROOT);
			ck_assert((root != NULL) == (signing >= k));
			market_root_free(root);
			world_free(world);
		}
}
END_TEST

static market_root_t *
good_root(world_t *world)
{
	market_root_t *root = NULL;

	ck_assert_int_eq(parse(world, "root", &root, NULL), MARKET_OK);
	return root;
}

static market_statement_t *
parsed(world_t *world, const char *name)
{
	market_statement_t *statement = NULL;

	ck_assert_int_eq(market_statement_parse(world_context(world),
			     world_envelope(world, name), MARKET_KINDS_ALL,
			     &statement, NULL),
	    MARKET_OK);
	return statement;
}

static const struct {
	const char *label, *name, *edit;
	market_status_t want;
} verify_rows[] = {
	{ "of a brand", "grant", NULL, MARKET_OK },
	{ "of a carrier", "network", NULL, MARKET_OK },
	{ "of the marketplace", "policy", NULL, MARKET_OK },
	{ "the root itself, by its root keys", "root", NULL, MARKET_OK },
	{ "another root, by keys of the issuer", "root", "root @usmobile.com",
	    MARKET_E_SIGNATURE },
	{ "a seller, who is no party of the root", "offer", NULL,
	    MARKET_E_NOT_FOUND },
	{ "S4 by another party", "grant", "grant @t-mobile.com",
	    MARKET_E_SIGNATURE },
	{ "S4 by a root key", "grant", "grant @root", MARKET_E_SIGNATURE },
	{ "S6 spoilt", "grant", "grant !", MARKET_E_SIGNATURE },
	{ "by others and by the issuer", "grant", "grant @forger root mi.com",
	    MARKET_OK },
	{ "another role's statement is signed all the same", "grant",
	    "grant {'brand': 'meizu'}", MARKET_OK },
	{ "long expired, and signed all the same", "grant",
	    "grant {'header': {'notBefore': '1', 'notAfter': '2'}}",
	    MARKET_OK },
};

START_TEST(root_verify_row)
{
	world_t *world = validate_world();
	market_error_t error = MARKET_ERROR_INIT;
	market_statement_t *statement;
	market_root_t *root = good_root(world);
	market_status_t got;

	if (verify_rows[_i].edit != NULL)
		world_edit(world, verify_rows[_i].edit);
	statement = parsed(world, verify_rows[_i].name);
	got = market_root_verify(root, statement, &error);
	ck_assert_msg(got == verify_rows[_i].want, "%s: %s (%s)",
	    verify_rows[_i].label, market_status_name(got), error.message);
	ck_assert_int_eq(error.status, got);
	if (got == MARKET_E_NOT_FOUND)
		ck_assert_str_eq(error.path, "header.issuer");
	market_statement_free(statement);
	market_root_free(root);
	world_free(world);
}
END_TEST

/* A party with a threshold of two: one of its keys is not enough. */
START_TEST(root_verify_needs_the_partys_threshold)
{
	static const struct {
		const char *sign;
		market_status_t want;
	} signs[] = { { "grant @a", MARKET_E_SIGNATURE },
		{ "grant @a a", MARKET_E_SIGNATURE },
		{ "grant @a root", MARKET_E_SIGNATURE },
		{ "grant @b a", MARKET_OK }, { "grant @a b c", MARKET_OK } };
	market_statement_t *statement;
	market_root_t *root;
	world_t *world;
	size_t i;

	for (i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		world = world_new();
		world_edit(world,
		    "root {'parties': [{'id': 'mi.com', 'keys': {'threshold':"
		    " 2, 'keys': [" KEY("a") ", " KEY("b") "]}}]}");
		root = good_root(world);
		world_edit(world, signs[i].sign);
		statement = parsed(world, "grant");
		ck_assert_int_eq(
		    market_root_verify(root, statement, NULL), signs[i].want);
		market_statement_free(statement);
		market_root_free(root);
		world_free(world);
	}
}
END_TEST

START_TEST(root_signer_names_the_party)
{
	static const struct {
		const char *label, *sign, *party;
	} signs[] = {
		{ "a brand", "grant @mi.com", "mi.com" },
		{ "another party than the issuer", "grant @att.com",
		    "att.com" },
		{ "the last party", "grant @ptcrb.com", "ptcrb.com" },
		{ "the marketplace", "grant @usmobile.com", "usmobile.com" },
		{ "a root key is the root's issuer's", "grant @root",
		    "usmobile.com" },
		{ "a seller", "grant @shop.example", NULL },
		{ "a stranger", "grant @forger", NULL },
	};
	world_t *world = world_new();
	market_root_t *root = good_root(world);
	market_statement_t *statement;
	market_slice_t party;
	market_status_t got;
	size_t i;

	for (i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		world_edit(world, signs[i].sign);
		statement = parsed(world, "grant");
		party = market_slice_of("untouched");
		got = market_root_signer(root, statement, 0, &party);
		ck_assert_msg(got ==
			(signs[i].party != NULL ? MARKET_OK
						: MARKET_E_SIGNATURE),
		    "%s: %s", signs[i].label, market_status_name(got));
		ck_assert_msg(
		    market__slice_is(party,
			signs[i].party != NULL ? signs[i].party : "untouched"),
		    "%s: %.*s", signs[i].label, (int)party.len, party.ptr);
		market_statement_free(statement);
	}
	market_root_free(root);
	world_free(world);
}
END_TEST

START_TEST(root_signer_tells_each_signature_apart)
{
	static const char *const want[] = { "t-mobile.com", NULL, "mi.com" };
	world_t *world = world_new();
	market_root_t *root = good_root(world);
	market_statement_t *statement;
	market_slice_t party;
	size_t i;

	world_edit(world, "grant @t-mobile.com forger mi.com");
	statement = parsed(world, "grant");
	for (i = 0; i < 3; i++) {
		party = market_slice_of("untouched");
		ck_assert_int_eq(market_root_signer(root, statement, i, &party),
		    want[i] != NULL ? MARKET_OK : MARKET_E_SIGNATURE);
		ck_assert(market__slice_is(
		    party, want[i] != NULL ? want[i] : "untouched"));
	}
	ck_assert_int_eq(
	    market_root_signer(root, statement, 3, &party), MARKET_E_NOT_FOUND);
	ck_assert_int_eq(market_root_signer(root, statement, SIZE_MAX, &party),
	    MARKET_E_NOT_FOUND);
	market_statement_free(statement);
	market_root_free(root);
	world_free(world);
}
END_TEST

#define LAB(name) \
	"{'spki': '$spki:" name "', 'environment': 'ENVIRONMENT_TEST'}"
#define SET(threshold, keys) \
	"{'rootKeys': {'threshold': " threshold ", 'keys': [" keys "]}"

/* Who may put a root in the place of another: the edit of the next one is a
 * copy of it, with revision 2. */
static const struct {
	const char *label, *keys, *sign, *next_keys, *next_sign;
	market_status_t want;
} steps[] = {
	{ "K10 by the keys of both", SET("1", KEY("a")), "root @a",
	    SET("1", KEY("b")), "next @a b", MARKET_OK },
	{ "K10 by the new ones alone", SET("1", KEY("a")), "root @a",
	    SET("1", KEY("b")), "next @b", MARKET_E_ROOT },
	{ "K10 by the old ones alone", SET("1", KEY("a")), "root @a",
	    SET("1", KEY("b")), "next @a", MARKET_E_ROOT },
	{ "K10 by a test key beside a good one",
	    SET("1", KEY("a") "," LAB("t")), "root @a", SET("1", KEY("b")),
	    "next @t b", MARKET_E_ROOT },
	{ "K10 by the good one beside it", SET("1", KEY("a") "," LAB("t")),
	    "root @a", SET("1", KEY("b")), "next @a b", MARKET_OK },
	{ "K10 by both of them, where two are needed",
	    SET("2", KEY("a") "," LAB("t") "," KEY("c")), "root @a c",
	    SET("1", KEY("b")), "next @a t b", MARKET_E_ROOT },
	{ "K10 by the two good ones",
	    SET("2", KEY("a") "," LAB("t") "," KEY("c")), "root @a c",
	    SET("1", KEY("b")), "next @a c b", MARKET_OK },
	{ "K10 for tests, and for tests again", SET("1", LAB("t")), "root @t",
	    SET("1", LAB("u")), "next @t u", MARKET_OK },
	{ "K10 for tests, and then for production", SET("1", LAB("t")),
	    "root @t", SET("1", KEY("b")), "next @t b", MARKET_E_ROOT },
	{ "K10 for production, and then for tests", SET("1", KEY("a")),
	    "root @a", SET("1", LAB("t")), "next @a t", MARKET_OK },
};

START_TEST(root_step_row)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_root_t *root, *next = NULL;
	world_t *world = world_new();
	market_status_t got;
	char edit[800];

	snprintf(edit, sizeof(edit), "root %s}", steps[_i].keys);
	world_edit(world, edit);
	world_edit(world, steps[_i].sign);
	root = good_root(world);
	/* Its keys are in the place of what the copy has. */
	snprintf(edit, sizeof(edit),
	    "+next =root %s, 'header': {'revision': '2'}}",
	    steps[_i].next_keys);
	world_edit(world, edit);
	world_edit(world, steps[_i].next_sign);
	got = market_root_step(
	    root, world_envelope(world, "next"), &next, &error);
	ck_assert_msg(got == steps[_i].want, "%s: %s (%s)", steps[_i].label,
	    market_status_name(got), error.message);
	ck_assert_int_eq(error.status, got);
	ck_assert((next != NULL) == (got == MARKET_OK));
	market_root_free(next);
	market_root_free(root);
	world_free(world);
}
END_TEST

START_TEST(root_refuses_A1_null_arguments)
{
	world_t *world = world_new();
	market_root_t *root = NULL;
	market_statement_t *statement = parsed(world, "grant");
	market_slice_t envelope = world_envelope(world, "root"), party;
	market_error_t error;

	ck_assert_int_eq(market_root_parse(NULL, envelope, &root, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_root_parse(world_context(world), envelope, NULL, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_root_parse(world_context(world),
			     market__slice(NULL, 1), &root, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_root_parse(world_context(world),
			     market__slice(NULL, 0), &root, &error),
	    MARKET_E_ENCODING);
	ck_assert_ptr_null(root);
	root = good_root(world);
	ck_assert_int_eq(
	    market_root_verify(NULL, statement, &error), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_root_verify(root, NULL, &error), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_root_signer(NULL, statement, 0, &party), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_root_signer(root, NULL, 0, &party), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_root_signer(root, statement, 0, NULL), MARKET_E_ARGUMENT);
	ck_assert_ptr_null(market_root_statement(NULL));
	ck_assert_int_eq(market_statement_kind(market_root_statement(root)),
	    MARKET_KIND_TRUST_ROOT);
	market_root_free(NULL);
	market_root_free(root);
	market_statement_free(statement);
	world_free(world);
}
END_TEST

/* Parses, verifies and names the signer, in a context of its own. */
static market_status_t
use(market_context_t *context, market_slice_t envelope, market_slice_t grant)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_statement_t *statement = NULL;
	market_root_t *root = NULL;
	market_slice_t party = market_slice_of("untouched");
	market_status_t status;

	status = market_root_parse(context, envelope, &root, &error);
	ck_assert((root != NULL) == (status == MARKET_OK));
	ck_assert_int_eq(error.status, status);
	if (status == MARKET_OK)
		status = market_statement_parse(
		    context, grant, MARKET_KINDS_ALL, &statement, &error);
	if (status == MARKET_OK)
		status = market_root_verify(root, statement, &error);
	if (status == MARKET_OK) {
		status = market_root_signer(root, statement, 0, &party);
		ck_assert(market__slice_is(
		    party, status == MARKET_OK ? "mi.com" : "untouched"));
	}
	market_statement_free(statement);
	market_root_free(root);
	return status;
}

/* A good signature is never called bad for want of memory. */
START_TEST(root_gives_all_back_when_memory_fails)
{
	harness_memory_t memory;
	market_context_options_t options;
	market_context_t *context = NULL;
	world_t *world = world_new();
	market_slice_t envelope = world_envelope(world, "root");
	market_slice_t grant = world_envelope(world, "grant");
	market_status_t status;
	size_t at, live;

	memset(&options, 0, sizeof(options));
	options.size = sizeof(options);
	harness_memory_init(&memory);
	options.allocator = memory.allocator;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	ck_assert_int_eq(use(context, envelope, grant), MARKET_OK);
	market_context_trim(context);
	live = memory.live;
	for (at = 0;; at++) {
		memory.calls = 0;
		memory.fail_at = at;
		status = use(context, envelope, grant);
		market_context_trim(context);
		ck_assert_uint_eq(memory.live, live);
		if (memory.calls <= at)
			break;
		ck_assert_msg(status == MARKET_E_MEMORY, "allocation %zu: %s",
		    at, market_status_name(status));
	}
	ck_assert_int_eq(status, MARKET_OK);
	ck_assert_uint_gt(at, 15);
	market_context_free(context);
	ck_assert_uint_eq(memory.live, 0);
	world_free(world);
}
END_TEST

#define LOOP(tcase, test, rows) \
	tcase_add_loop_test(    \
	    tcase, test, 0, (int)(sizeof(rows) / sizeof((rows)[0])))

int
main(void)
{
	Suite *suite = suite_create("root");
	TCase *tcase = tcase_create("root");

	LOOP(tcase, root_parse_row, rows);
	tcase_add_test(tcase, root_needs_k_of_n);
	LOOP(tcase, root_verify_row, verify_rows);
	tcase_add_test(tcase, root_verify_needs_the_partys_threshold);
	tcase_add_test(tcase, root_signer_names_the_party);
	tcase_add_test(tcase, root_signer_tells_each_signature_apart);
	LOOP(tcase, root_step_row, steps);
	tcase_add_test(tcase, root_refuses_A1_null_arguments);
	tcase_add_test(tcase, root_gives_all_back_when_memory_fails);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
