/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sources of a decision: for each statement that it rests on or speaks of,
 * whose keys signed it, how many had to, and what vouches for those keys.
 */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "world.h"

#define PERMIT        MARKET_VERDICT_PERMIT
#define DENY          MARKET_VERDICT_DENY
#define INDETERMINATE MARKET_VERDICT_INDETERMINATE

/* Two of three keys of the brand, and of the seller. */
#define BRAND_KEYS  "root {'parties[0]': {'keys': '$2-keys:a b c'}}"
#define SELLER_KEYS "seller {'keys': '$2-keys:a b c'}"
#define TAKE(key)                                                  \
	"+w withdrawal usmobile.com {'targetKey': '$key:" key "'," \
	" 'reason': 'WITHDRAWAL_REASON_KEY_COMPROMISE'}"
#define WHOLE                                                  \
	"'scope': {'models': ['*'], 'territories': ['*'],"     \
	" 'channels': ['CHANNEL_ANY'], 'marketplaces': ['*']," \
	" 'conditions': ['CONDITION_ANY']}"
#define DIST                                               \
	"+dist authorization mi.com {'brand': 'xiaomi',"   \
	" 'grantee': 'dist.example', 'maxDelegations': 1," \
	" 'granteeKeys': '$2-keys:d e f', " WHOLE "}"
#define SUB                                                   \
	"+sub authorization dist.example {'brand': 'xiaomi'," \
	" 'grantee': 'shop.example',"                         \
	" 'parentDigest': '$digest:dist', " WHOLE "}"

static const market_source_t *
find(const market_decision_t *decision, market_slice_t digest)
{
	const market_source_t *source;
	size_t i;

	for (i = 0; (source = market_decision_source(decision, i)) != NULL; i++)
		if (market__slice_equal(source->digest, digest))
			return source;
	return NULL;
}

/* The digest of a statement of the world, as a decision gives it. */
static void
digest_of(world_t *world, const char *name, uint8_t *out)
{
	market_statement_t *statement = NULL;

	ck_assert_int_eq(market_statement_parse(world_context(world),
			     world_envelope(world, name), MARKET_KINDS_ALL,
			     &statement, NULL),
	    MARKET_OK);
	memcpy(out, market_statement_digest(statement).ptr, MARKET_DIGEST_LEN);
	market_statement_free(statement);
}

static const market_source_t *
named(world_t *world, const market_decision_t *decision, const char *name)
{
	uint8_t digest[MARKET_DIGEST_LEN];

	digest_of(world, name, digest);
	return find(decision, market__slice(digest, sizeof(digest)));
}

static world_t *
edited(const char *const *edits, size_t max)
{
	world_t *world = world_new();
	size_t i;

	for (i = 0; i < max && edits[i] != NULL; i++)
		world_edit(world, edits[i]);
	return world;
}

/* ---- who signed ---- */

typedef struct row {
	const char *label;
	const char *edits[6];
	market_verdict_t verdict;
	const char *name; /* of the statement meant */
	unsigned threshold, keys;
	/* Names of the keys that signed; "-a": signed and does not count. */
	const char *signers[4];
	const char *by; /* what names the keys */
	/* Told in the text, or NULL. */
	const char *text;
} row_t;

static const row_t rows[] = {
	{ "one of one", { NULL }, PERMIT, "grant", 1, 1, { "mi.com" }, "root",
	    "1 of 1 key signed, 1 needed: " },
	{ "two of three", { BRAND_KEYS, "grant @c a", "product @b c" }, PERMIT,
	    "grant", 2, 3, { "a", "c" }, "root",
	    "2 of 3 keys signed, 2 needed: " },
	{ "each statement has signers of its own",
	    { BRAND_KEYS, "grant @c a", "product @b c" }, PERMIT, "product", 2,
	    3, { "b", "c" }, "root", NULL },
	{ "a spare signer is named too",
	    { BRAND_KEYS, "grant @c a b", "product @b c" }, PERMIT, "grant", 2,
	    3, { "a", "b", "c" }, "root", "3 of 3 keys signed, 2 needed: " },
	{ "one key twice is one signer",
	    { BRAND_KEYS, "grant @a c a", "product @b c" }, PERMIT, "grant", 2,
	    3, { "a", "c" }, "root", "2 of 3 keys signed, 2 needed: " },
	{ "a stranger's signature beside them is none",
	    { BRAND_KEYS, "grant @a forger c", "product @b c" }, PERMIT,
	    "grant", 2, 3, { "a", "c" }, "root", NULL },
	{ "one of two signers was withdrawn",
	    { BRAND_KEYS, "grant @c a", "product @b c", TAKE("a") }, DENY,
	    "grant", 2, 3, { "-a", "c" }, "root", " (does not count)" },
	{ "one of three signers was withdrawn, and two are left",
	    { BRAND_KEYS, "grant @c a b", "product @b c", TAKE("a") }, PERMIT,
	    "grant", 2, 3, { "-a", "b", "c" }, "root", " (does not count)" },
	{ "a withdrawn key that did not sign",
	    { BRAND_KEYS, "grant @c b", "product @b c", TAKE("a") }, PERMIT,
	    "grant", 2, 3, { "b", "c" }, "root", NULL },
	{ "a test key beside one of production",
	    { "root {'parties[0]': {'keys': {'threshold': 1, 'keys': ["
	      "{'spki': '$spki:a', 'environment': 'ENVIRONMENT_PRODUCTION'},"
	      "{'spki': '$spki:b', 'environment': 'ENVIRONMENT_TEST'}]}}}",
		"grant @a b", "product @a" },
	    PERMIT, "grant", 1, 2, { "a", "-b" }, "root", " (does not count)" },
	{ "a key outside its window beside one inside",
	    { "root {'parties[0]': {'keys': {'threshold': 1, 'keys': ["
	      "{'spki': '$spki:a', 'environment': 'ENVIRONMENT_PRODUCTION'},"
	      "{'spki': '$spki:b', 'environment': 'ENVIRONMENT_PRODUCTION',"
	      " 'notAfter': '2016-02-01T12:00:00Z'}]}}}",
		"grant @a b", "product @a" },
	    PERMIT, "grant", 1, 2, { "a", "-b" }, "root", NULL },
	{ "the offer, by its seller's keys", { SELLER_KEYS, "offer @a c" },
	    PERMIT, "offer", 2, 3, { "a", "c" }, "seller",
	    "2 of 3 keys signed, 2 needed: " },
	{ "the offer, by too few of them", { SELLER_KEYS, "offer @a a" }, DENY,
	    "offer", 2, 3, { "a" }, "seller",
	    "1 of 3 keys signed, 2 needed: " },
	{ "the offer, by a key that was withdrawn",
	    { SELLER_KEYS, "offer @a b c", TAKE("b") }, PERMIT, "offer", 2, 3,
	    { "a", "-b", "c" }, "seller", " (does not count)" },
	{ "the offer, where the grant says whose keys",
	    { "-seller", "policy {'requireSellerVerification': false}",
		"grant {'granteeKeys': '$2-keys:a b c'}", "offer @b c" },
	    PERMIT, "offer", 2, 3, { "b", "c" }, "grant", NULL },
	{ "the root, by its own",
	    { "root {'rootKeys': '$2-keys:a b c'}", "root @c a" }, PERMIT,
	    "root", 2, 3, { "a", "c" }, NULL,
	    "2 of 3 keys signed, 2 needed: " },
	{ "a sub-grant, by the keys in its parent",
	    { "-grant", DIST, SUB, "sub @d f" }, PERMIT, "sub", 2, 3,
	    { "d", "f" }, "dist", "2 of 3 keys signed, 2 needed: " },
	{ "a disavowal stands though its key fell",
	    { "+no disavowal mi.com {'brand': 'xiaomi', 'parties': ['*'],"
	      " " WHOLE "}",
		TAKE("mi.com") },
	    DENY, "no", 1, 1, { "mi.com" }, "root", NULL },
	{ "a hold on the offer alone",
	    { "+stop hold usmobile.com {'target': {'seller': 'shop.example',"
	      " 'offerId': 'offer'}}" },
	    DENY, "stop", 1, 1, { "usmobile.com" }, "root", NULL },
};

static bool
is_key(world_t *world, const char *name, market_slice_t id)
{
	return market__slice_equal(
	    market_key_id(market_signer_key(world_signer(world, name))), id);
}

static const market_source_key_t *
signer_of(world_t *world, const market_source_t *source, const char *name)
{
	size_t i;

	for (i = 0; i < source->signer_count; i++)
		if (is_key(world, name, source->signers[i].id))
			return &source->signers[i];
	return NULL;
}

static void
assert_signers(world_t *world, const row_t *row, const market_source_t *source)
{
	const market_source_key_t *signer;
	const char *name;
	size_t i;

	for (i = 0; i < 4 && (name = row->signers[i]) != NULL; i++) {
		signer = signer_of(world, source, name + (name[0] == '-'));
		ck_assert_msg(signer != NULL, "%s: %s", row->label, name);
		ck_assert_msg((signer->counts != 0) == (name[0] != '-'),
		    "%s: %s", row->label, name);
	}
	ck_assert_msg(source->signer_count == i, "%s: %zu signers", row->label,
	    source->signer_count);
	for (i = 1; i < source->signer_count; i++)
		ck_assert_int_lt(
		    market__slice_compare(
			source->signers[i - 1].id, source->signers[i].id),
		    0);
}

/* Every chain of keys leads to the trust root, within the decision. */
static void
assert_closed(const market_decision_t *decision, const char *label)
{
	const market_source_t *source, *by;
	size_t i, steps;

	for (i = 0; (source = market_decision_source(decision, i)) != NULL;
	     i++) {
		if (source->threshold == 0)
			continue;
		ck_assert_msg(source->signer_count <= source->key_count,
		    "%s: %zu of %u", label, source->signer_count,
		    source->key_count);
		for (by = source, steps = 0;
		     by->kind != MARKET_KIND_TRUST_ROOT && steps < 32;
		     steps++) {
			by = find(decision, by->keys_by);
			ck_assert_msg(by != NULL, "%s: source %zu", label, i);
		}
		ck_assert_uint_eq(by->keys_by.len, 0);
	}
}

static void
assert_text(const row_t *row, const market_decision_t *decision)
{
	market_buffer_t text = MARKET_BUFFER_INIT;

	ck_assert_int_eq(market_decision_text(decision, 200, &text), MARKET_OK);
	ck_assert_msg(
	    row->text == NULL || strstr((char *)text.data, row->text) != NULL,
	    "%s\n%s", row->label, (char *)text.data);
	market_buffer_clear(&text);
}

START_TEST(source_names_who_signed)
{
	const row_t *row = &rows[_i];
	world_t *world = edited(row->edits, 6);
	market_decision_t *decision = world_check(world, "offer", WORLD_NOW);
	const market_source_t *source = named(world, decision, row->name);
	uint8_t digest[MARKET_DIGEST_LEN];

	ck_assert_msg(market_decision_verdict(decision) == row->verdict,
	    "%s: %s", row->label,
	    market_verdict_name(market_decision_verdict(decision)));
	ck_assert_msg(source != NULL, "%s", row->label);
	ck_assert_msg(source->threshold == row->threshold, "%s: %u", row->label,
	    source->threshold);
	ck_assert_msg(source->key_count == row->keys, "%s: %u", row->label,
	    source->key_count);
	assert_signers(world, row, source);
	if (row->by == NULL) {
		ck_assert_uint_eq(source->keys_by.len, 0);
	} else {
		digest_of(world, row->by, digest);
		ck_assert_msg(market__slice_equal(source->keys_by,
				  market__slice(digest, sizeof(digest))),
		    "%s", row->label);
	}
	assert_closed(decision, row->label);
	assert_text(row, decision);
	market_decision_free(decision);
	world_free(world);
}
END_TEST

/* Its negative twin: what too few signed is no source, but ignored. */
START_TEST(source_is_none_when_one_key_signs_twice)
{
	static const char *const edits[] = { BRAND_KEYS, "grant @a a",
		"product @b c", NULL };
	world_t *world = edited(edits, 4);
	market_decision_t *decision = world_check(world, "offer", WORLD_NOW);

	ck_assert_int_eq(market_decision_verdict(decision), DENY);
	ck_assert_ptr_null(named(world, decision, "grant"));
	ck_assert(world_ignores(
	    world, "grant", MARKET_CODE_STATEMENT_SIGNATURE_INVALID));
	market_decision_free(decision);
	world_free(world);
}
END_TEST

/* ---- what it stands beneath ---- */

typedef struct beneath {
	const char *label;
	const char *edits[6];
	const char *name;
	const char *parent; /* or NULL */
	unsigned link;
	bool known; /* can its signers be told? */
} beneath_t;

static const beneath_t beneath[] = {
	{ "the brand's own grant", { NULL }, "grant", NULL, 1, true },
	{ "the first of two", { "-grant", DIST, SUB, "sub @d f" }, "dist", NULL,
	    1, true },
	{ "the second of two", { "-grant", DIST, SUB, "sub @d f" }, "sub",
	    "dist", 2, true },
	{ "a parent that was withdrawn is still a source",
	    { "-grant", DIST, SUB, "sub @d f",
		"+w withdrawal mi.com {'targetDigest': '$digest:dist'}" },
	    "dist", NULL, 1, true },
	{ "one whose parent is not here",
	    { "-grant", DIST, SUB, "sub @d f", "dist !" }, "sub", "", 0,
	    false },
	{ "a chain that was not taken",
	    { DIST, SUB, "sub @d f",
		"+w withdrawal mi.com {'targetDigest': '$digest:dist'}" },
	    "dist", NULL, 1, true },
	{ "an MVNO stands beneath its host",
	    { "offer {'networks': ['usmobile.com/us']}" }, "mvno", "network", 0,
	    true },
	{ "a host stands by itself",
	    { "offer {'networks': ['usmobile.com/us']}" }, "network", NULL, 0,
	    true },
	{ "a variant stands beneath what it builds on",
	    { "+base =carrier {'header': {'id': 'base'},"
	      " 'softwareVersions': ['7.0']}",
		"carrier {'route': 'ROUTE_VARIANT',"
		" 'parentDigest': '$digest:base'}" },
	    "carrier", "base", 0, true },
};

START_TEST(source_names_its_parent)
{
	const beneath_t *row = &beneath[_i];
	world_t *world = edited(row->edits, 6);
	market_decision_t *decision = world_check(world, "offer", WORLD_NOW);
	const market_source_t *source = named(world, decision, row->name);
	uint8_t digest[MARKET_DIGEST_LEN];

	ck_assert_msg(source != NULL, "%s", row->label);
	ck_assert_msg(
	    source->link == row->link, "%s: link %u", row->label, source->link);
	ck_assert_msg((source->threshold > 0) == row->known, "%s", row->label);
	if (row->parent == NULL) {
		ck_assert_msg(source->parent.len == 0, "%s", row->label);
	} else if (row->parent[0] == '\0') {
		ck_assert_uint_eq(source->parent.len, MARKET_DIGEST_LEN);
		ck_assert_ptr_null(find(decision, source->parent));
		ck_assert_uint_eq(source->signer_count, 0);
	} else {
		digest_of(world, row->parent, digest);
		ck_assert_msg(market__slice_equal(source->parent,
				  market__slice(digest, sizeof(digest))),
		    "%s", row->label);
	}
	assert_closed(decision, row->label);
	market_decision_free(decision);
	world_free(world);
}
END_TEST

/* ---- the list as a whole ---- */

static int
order(const market_source_t *a, const market_source_t *b)
{
	int by;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->link != b->link)
		return a->link < b->link ? -1 : 1;
	if ((by = market__slice_compare(a->issuer, b->issuer)) != 0 ||
	    (by = market__slice_compare(a->id, b->id)) != 0)
		return by;
	return market__slice_compare(a->digest, b->digest);
}

/* Several cells rest on the same: each statement is told once, in order. */
START_TEST(source_is_told_once_when_many_cells_rest_on_it)
{
	static const char *const edits[] = { DIST, SUB, "sub @d f",
		"offer {'territories': ['US', 'US-CA', 'CA'],"
		" 'networks': ['t-mobile.com/us', 'usmobile.com/us']}",
		NULL };
	world_t *world = edited(edits, 5);
	market_decision_t *decision = world_check(world, "offer", WORLD_NOW);
	const market_source_t *source, *last = NULL;
	const market_cell_t *cell;
	size_t i, k;

	for (i = 0; (source = market_decision_source(decision, i)) != NULL;
	     i++) {
		ck_assert(last == NULL || order(last, source) < 0);
		last = source;
	}
	ck_assert_ptr_nonnull(last);
	ck_assert_int_eq(last->kind, MARKET_KIND_OFFER);
	for (i = 0; (cell = market_decision_cell(decision, i)) != NULL; i++) {
		for (k = 0; k < cell->used_count; k++)
			ck_assert_ptr_nonnull(find(decision, cell->used[k]));
		for (k = 0; k < cell->finding_count; k++)
			ck_assert(cell->findings[k].evidence.len == 0 ||
			    find(decision, cell->findings[k].evidence) != NULL);
	}
	ck_assert_uint_eq(i, 6);
	assert_closed(decision, "many cells");
	market_decision_free(decision);
	world_free(world);
}
END_TEST

START_TEST(source_is_null_past_the_end)
{
	world_t *world = world_new();
	market_decision_t *decision = world_check(world, "offer", WORLD_NOW);

	ck_assert_ptr_nonnull(market_decision_source(decision, 8));
	ck_assert_ptr_null(market_decision_source(decision, 9));
	ck_assert_ptr_null(market_decision_source(decision, SIZE_MAX));
	ck_assert_ptr_null(market_decision_source(NULL, 0));
	market_decision_free(decision);
	world_free(world);
}
END_TEST

/* An offer that asks for nothing has signers all the same. */
START_TEST(source_is_the_offer_when_there_is_no_cell)
{
	static const char *const edits[] = { "offer {'territories': []}",
		NULL };
	world_t *world = edited(edits, 2);
	market_decision_t *decision = world_check(world, "offer", WORLD_NOW);
	const market_source_t *source = named(world, decision, "offer");

	ck_assert_ptr_nonnull(source);
	ck_assert_uint_eq(source->signer_count, 1);
	ck_assert_str_eq(source->subject, "xiaomi 2014215");
	market_decision_free(decision);
	world_free(world);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("source");
	TCase *tcase = tcase_create("source");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, source_names_who_signed, 0,
	    (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(tcase, source_is_none_when_one_key_signs_twice);
	tcase_add_loop_test(tcase, source_names_its_parent, 0,
	    (int)(sizeof(beneath) / sizeof(beneath[0])));
	tcase_add_test(tcase, source_is_told_once_when_many_cells_rest_on_it);
	tcase_add_test(tcase, source_is_null_past_the_end);
	tcase_add_test(tcase, source_is_the_offer_when_there_is_no_cell);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
