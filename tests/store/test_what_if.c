/* SPDX-License-Identifier: Apache-2.0 */
/* What is told to happen if statements came, happens when they come. */
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

#define BY(name, issuer, what) "+" name " withdrawal " issuer " {" what "}"
#define DIGEST(of)             "'targetDigest': '$digest:" of "'"
#define NAME(kind, issuer, id)                                   \
	"'target': {'kind': '" kind "', 'issuer': '" issuer "'," \
	" 'id': '" id "'}"
#define ENDED "2016-01-15T00:00:00Z"

#define SUPPOSED_MAX 4
typedef struct row {
	const char *label;
	const char *setup;   /* an edit of the world before all, or NULL */
	const char *without; /* a statement that is not there, or NULL */
	const char *edits[4];
	const char *with[SUPPOSED_MAX];
} row_t;

static const row_t rows[] = {
	{ "nothing", NULL, NULL, { NULL }, { NULL } },
	{ "R7 a grant is withdrawn", NULL, NULL,
	    { BY("w", "mi.com", DIGEST("grant")) }, { "w" } },
	{ "two withdrawals, of two sellers' grants", NULL, NULL,
	    { BY("w", "mi.com", DIGEST("grant")),
		BY("v", "mi.com", DIGEST("grant-c")) },
	    { "w", "v" } },
	{ "a withdrawal before its target", NULL, "grant",
	    { BY("w", "mi.com", DIGEST("grant")) }, { "w", "grant" } },
	{ "the brand disavows", NULL, NULL,
	    { "+d disavowal mi.com {'brand': 'xiaomi', 'parties': ['*'],"
	      " 'scope': {'models': ['*'], 'territories': ['US'],"
	      " 'channels': ['CHANNEL_ANY'], 'marketplaces': ['*'],"
	      " 'conditions': ['CONDITION_ANY']}}" },
	    { "d" } },
	{ "a seller is held", NULL, NULL,
	    { "+h hold usmobile.com {'target': {'seller':"
	      " 'shop.example'}}" },
	    { "h" } },
	{ "a certification comes", NULL, "carrier", { NULL }, { "carrier" } },
	{ "two that are both needed come", NULL, "grant",
	    { "grant {'grantee': 'big.example', 'maxDelegations': 2,"
	      " 'granteeKeys': '$keys:big.example'}",
		"+sub =grant {'header': {'issuer': 'big.example', 'id': 'sub'},"
		" 'grantee': 'shop.example', 'maxDelegations': 0,"
		" 'parentDigest': '$digest:grant',"
		" 'granteeKeys': '$keys:shop.example'}",
		"sub @big.example" },
	    { "sub", "grant" } },
	{ "a certification is suspended", NULL, NULL,
	    { "+s =fcc {'header': {'revision': '2'},"
	      " 'state': 'CERTIFICATION_STATE_SUSPENDED'}" },
	    { "s" } },
	{ "a policy asks for more schemes", NULL, NULL,
	    { "+p =policy {'header': {'revision': '2'}, 'requirements':"
	      " [{'territories': ['US'], 'networks': ['*'],"
	      " 'categories': ['*'], 'schemes': ['ptcrb']}]}" },
	    { "p" } },
	{ "a policy asks for less", "policy {'minimumService': 'SERVICE_4G'}",
	    NULL,
	    { "+p =policy {'header': {'revision': '2'},"
	      " 'minimumService': 'SERVICE_2G'}" },
	    { "p" } },
	{ "a root leaves the brand out", NULL, NULL,
	    { "+r =root {'header': {'revision': '2'}, 'parties[0]':"
	      " {'id': 'mi.cn', 'keys': '$keys:mi.cn'}}" },
	    { "r" } },
	{ "a network is switched off now", NULL, NULL,
	    { "+n =network {'header': {'revision': '2'}, 'deployments[1]':"
	      " {'until': '2016-01-01T00:00:00Z'}, 'deployments[2]':"
	      " {'until': '2016-01-01T00:00:00Z'}}" },
	    { "n" } },
	{ "it gets slower, and is disclosed",
	    "policy {'minimumService': 'SERVICE_2G'}", NULL,
	    { "+n =network {'header': {'revision': '2'}, 'deployments[1]':"
	      " {'until': '2016-01-01T00:00:00Z'}, 'deployments[2]':"
	      " {'until': '2016-01-01T00:00:00Z'}}" },
	    { "n" } },
	{ "what changes nothing", NULL, NULL,
	    { "+g =grant {'header': {'id': 'spare'}}" }, { "g" } },
	{ "what is a duplicate", NULL, NULL, { NULL }, { "grant" } },
	{ "what a forger signed", NULL, NULL,
	    { BY("w", "mi.com", DIGEST("grant")), "w @forger" }, { "w" } },
	{ "what has no standing", NULL, NULL,
	    { BY("w", "t-mobile.com", DIGEST("grant")) }, { "w" } },
	{ "a sub-grant whose parent stays away", NULL, NULL,
	    { "+sub =grant {'header': {'issuer': 'big.example', 'id': 'sub'},"
	      " 'parentDigest': '$digest:grant'}",
		"sub @big.example" },
	    { "sub" } },
};
#define ROWS ((int)MARKET__COUNT(rows))

static size_t
envelopes_of(scene_t *scene, const char *const *names, market_slice_t *ret)
{
	size_t n;

	for (n = 0; n < SUPPOSED_MAX && names[n] != NULL; n++)
		ret[n] = world_envelope(scene->world, names[n]);
	return n;
}

static market_effects_t *
what_if(scene_t *scene, const char *const *names,
    market_additions_t **ret_additions)
{
	market_slice_t envelopes[SUPPOSED_MAX];
	market_error_t error = MARKET_ERROR_INIT;
	market_effects_t *effects = NULL;
	size_t n = envelopes_of(scene, names, envelopes);

	ck_assert_msg(
	    market_store_what_if(scene->store, envelopes, n, scene->now,
		&effects, ret_additions, &error) == MARKET_OK,
	    "%s", error.message);
	return effects;
}

static market_additions_t *
add_for_real(scene_t *scene, const char *const *names)
{
	market_slice_t envelopes[SUPPOSED_MAX];
	market_error_t error = MARKET_ERROR_INIT;
	market_additions_t *additions = NULL;
	size_t n = envelopes_of(scene, names, envelopes);

	ck_assert_msg(market_store_add(scene->store, envelopes, n, scene->now,
			  MARKET_STORE_LATER, &additions, &error) == MARKET_OK,
	    "%s", error.message);
	scene_refresh(scene, scene->now);
	return additions;
}

static void
expect_same(const market_additions_t *supposed, const market_additions_t *real,
    const char *label)
{
	const market_added_t *a, *b;
	size_t i;

	for (i = 0; (a = market_additions_at(supposed, i)) != NULL; i++) {
		b = market_additions_at(real, i);
		ck_assert_msg(a->result == b->result && a->code == b->code &&
			a->status == b->status,
		    "%s: %s was told, and it is %s", label,
		    market_result_name(a->result),
		    market_result_name(b->result));
		ck_assert_msg((a->message == NULL) == (b->message == NULL) &&
			(a->message == NULL ||
			    strcmp(a->message, b->message) == 0),
		    "%s: %s", label, a->message);
		ck_assert_uint_eq(a->entry, 0);
	}
	ck_assert_ptr_null(market_additions_at(real, i));
}

START_TEST(what_if_is_what_then_happens)
{
	const row_t *row = &rows[_i / SCENE_BACKENDS];
	market_additions_t *supposed = NULL, *real;
	market_store_mark_t mark, kept;
	market_effects_t *effects;
	char *before, *after;
	scene_setup_t setup;
	scene_t scene;
	int64_t clock;
	size_t i;

	memset(&setup, 0, sizeof(setup));
	setup.edits[0] = row->setup;
	setup.without[0] = row->without;
	SCENE_OPEN(&scene, _i % SCENE_BACKENDS, &setup);
	for (i = 0; i < 4 && row->edits[i] != NULL; i++)
		world_edit(scene.world, row->edits[i]);
	before = scene_list(&scene, scene.now);
	ck_assert_int_eq(
	    market_store_get_mark(scene.store, &mark, NULL), MARKET_OK);
	effects = what_if(&scene, row->with, &supposed);
	/* Nothing is kept. */
	ck_assert_int_eq(
	    market_store_get_mark(scene.store, &kept, NULL), MARKET_OK);
	ck_assert_int_eq(memcmp(&mark, &kept, sizeof(mark)), 0);
	ck_assert_int_eq(
	    market_store_clock(scene.store, &clock, NULL), MARKET_OK);
	ck_assert_int_eq(clock, scene.now);
	after = scene_list(&scene, scene.now);
	ck_assert_str_eq(before, after);
	free(after);
	/* And now it comes. */
	real = add_for_real(&scene, row->with);
	after = scene_list(&scene, scene.now);
	expect_same(supposed, real, row->label);
	scene_expect(&scene, effects, mark.entries, false, false, row->label);
	ck_assert_msg(market_effects_dark(effects) == scene_dark(before, after),
	    "%s: %llu, from\n%sto\n%s", row->label,
	    (unsigned long long)market_effects_dark(effects), before, after);
	market_additions_free(supposed);
	market_additions_free(real);
	market_effects_free(effects);
	scene_close(&scene);
	free(before);
	free(after);
}
END_TEST

/* ---- offers that are meant by themselves ---- */

static const struct {
	const char *label, *edit;
	market_code_t code;
	const char *listing; /* NULL: none */
} offers[] = {
	{ "one offer is held",
	    "+x hold usmobile.com {'target': {'seller': 'shop.example',"
	    " 'offerId': 'offer'}}",
	    MARKET_CODE_HELD_BY_MARKETPLACE, "shop.example/offer" },
	{ "one offer is removed, whoever sells it",
	    "+x hold usmobile.com {'target': {'offerId': 'offer-e'},"
	    " 'final': true}",
	    MARKET_CODE_REMOVED_BY_MARKETPLACE, "other.example/offer-e" },
	{ "an offer of that seller that is not here is held",
	    "+x hold usmobile.com {'target': {'seller': 'shop.example',"
	    " 'offerId': 'offer-e'}}",
	    MARKET_CODE_NONE, NULL },
	{ "an offer is withdrawn by its digest",
	    BY("x", "usmobile.com", DIGEST("offer-b")),
	    MARKET_CODE_STATEMENT_WITHDRAWN, "shop.example/offer-b" },
	{ "an offer is withdrawn by its name",
	    BY("x", "usmobile.com",
		"'target': {'kind': 'offer', 'issuer': 'other.example',"
		" 'id': 'offer-c'}"),
	    MARKET_CODE_STATEMENT_WITHDRAWN, "other.example/offer-c" },
	{ "an offer is listed in its seller's status",
	    "+x status shop.example {'header': {'id': 'status'},"
	    " 'sequence': '1', 'page': 1, 'pageCount': 1,"
	    " 'withdrawn': ['$digest:offer']}",
	    MARKET_CODE_STATEMENT_WITHDRAWN, "shop.example/offer" },
	{ "a paused offer is withdrawn",
	    BY("x", "usmobile.com", DIGEST("offer-d")), MARKET_CODE_NONE,
	    NULL },
};
#define OFFERS ((int)MARKET__COUNT(offers))

START_TEST(what_if_tells_the_listing_when_its_offer_is_meant)
{
	static const char *const with[SUPPOSED_MAX] = { "x" };
	int row = _i / SCENE_BACKENDS;
	const char *label = offers[row].label;
	const char *listing = offers[row].listing;
	const market_effect_of_t *effect;
	market_effects_t *effects;
	char *before, *after;
	scene_t scene;

	SCENE_OPEN(&scene, _i % SCENE_BACKENDS, NULL);
	world_edit(scene.world, offers[row].edit);
	before = scene_list(&scene, scene.now);
	effects = what_if(&scene, with, NULL);
	effect = market_effects_at(effects, 0);
	ck_assert_msg((effect != NULL) == (listing != NULL), "%s", label);
	if (effect != NULL) {
		ck_assert_msg(
		    market__slice_is(effect->listing, listing), "%s", label);
		ck_assert_int_eq(effect->before, MARKET_VERDICT_PERMIT);
		ck_assert_int_eq(effect->after, MARKET_VERDICT_DENY);
		ck_assert_msg(
		    scene_tells(effect, offers[row].code), "%s", label);
		ck_assert_ptr_null(market_effects_at(effects, 1));
	}
	scene_add_one(&scene, "x");
	after = scene_list(&scene, scene.now);
	ck_assert_msg(market_effects_dark(effects) == scene_dark(before, after),
	    "%s\n%s", label, after);
	market_effects_free(effects);
	scene_close(&scene);
	free(before);
	free(after);
}
END_TEST

/* Lifting the hold on one offer brings its listing back. */
START_TEST(what_if_tells_the_listing_when_its_hold_is_lifted)
{
	static const char *const with[SUPPOSED_MAX] = { "w" };
	static const char *const edits[] = {
		BY("w", "usmobile.com", DIGEST("h")),
		BY("w", "usmobile.com", NAME("hold", "usmobile.com", "h")),
		"+w =h {'header': {'revision': '2', 'notAfter': '" ENDED "'}}",
	};
	const market_effect_of_t *effect;
	market_effects_t *effects;
	scene_t scene;

	SCENE_OPEN(&scene, _i % SCENE_BACKENDS, NULL);
	world_edit(scene.world,
	    "+h hold usmobile.com {'target': {'seller': 'shop.example',"
	    " 'offerId': 'offer'}}");
	scene_add_one(&scene, "h");
	world_edit(scene.world, edits[_i / SCENE_BACKENDS]);
	effects = what_if(&scene, with, NULL);
	effect = scene_effect(effects, "shop.example/offer", 0);
	ck_assert_msg(effect != NULL, "edit %d", _i / SCENE_BACKENDS);
	ck_assert_int_eq(effect->before, MARKET_VERDICT_DENY);
	ck_assert_int_eq(effect->after, MARKET_VERDICT_PERMIT);
	ck_assert_uint_eq(effect->code_count, 0);
	ck_assert_ptr_null(effect->message);
	ck_assert_uint_eq(market_effects_dark(effects), 0);
	market_effects_free(effects);
	scene_close(&scene);
}
END_TEST

/* ---- what is refused ---- */

START_TEST(what_if_tells_what_would_not_be_taken)
{
	market_slice_t with[2];
	market_additions_t *additions = NULL;
	market_effects_t *effects = NULL;
	const market_added_t *added;
	scene_t scene;

	SCENE_OPEN(&scene, _i, NULL);
	world_edit(scene.world, BY("w", "mi.com", DIGEST("grant")));
	with[0] = market_slice_of("no envelope");
	with[1] = world_envelope(scene.world, "w");
	ck_assert_int_eq(market_store_what_if(scene.store, with, 2, scene.now,
			     &effects, &additions, NULL),
	    MARKET_OK);
	added = market_additions_at(additions, 0);
	ck_assert_int_eq(added->result, MARKET_RESULT_REFUSED);
	ck_assert_int_eq(added->code, MARKET_CODE_STATEMENT_MALFORMED);
	ck_assert_int_ne(added->status, MARKET_OK);
	added = market_additions_at(additions, 1);
	ck_assert_int_eq(added->result, MARKET_RESULT_ACCEPTED);
	ck_assert_uint_eq(market_effects_dark(effects), 2);
	market_additions_free(additions);
	market_effects_free(effects);
	scene_close(&scene);
}
END_TEST

START_TEST(what_if_is_refused_when_it_is_no_question)
{
	market_effects_t *effects = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	market_slice_t with;
	scene_t scene;

	SCENE_OPEN(&scene, _i, NULL);
	with = world_envelope(scene.world, "grant");
	ck_assert_int_eq(market_store_what_if(scene.store, NULL, 1, scene.now,
			     &effects, NULL, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_store_what_if(scene.store, &with, 1, scene.now,
			     NULL, NULL, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_store_what_if(
			     scene.store, &with, 1, -1, &effects, NULL, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_store_what_if(scene.store, &with, 1,
			     scene.now - 301, &effects, NULL, &error),
	    MARKET_E_INDETERMINATE);
	ck_assert_ptr_null(effects);
	ck_assert_int_eq(market_store_what_if(scene.store, &with, 1,
			     scene.now - 300, &effects, NULL, &error),
	    MARKET_OK);
	market_effects_free(effects);
	scene_close(&scene);
}
END_TEST

static market_status_t
ask_what_if(
    scene_t *scene, market_effects_t **ret_effects, market_error_t *error)
{
	market_slice_t with = world_envelope(scene->world, "w");

	return market_store_what_if(
	    scene->store, &with, 1, scene->now, ret_effects, NULL, error);
}

START_TEST(what_if_is_whole_or_none_when_memory_fails)
{
	scene_whole_or_none(ask_what_if, BY("w", "mi.com", DIGEST("grant")), 2);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("what_if");
	TCase *tc = tcase_create("what_if");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(
	    tc, what_if_is_what_then_happens, 0, ROWS * SCENE_BACKENDS);
	tcase_add_loop_test(tc,
	    what_if_tells_the_listing_when_its_offer_is_meant, 0,
	    OFFERS * SCENE_BACKENDS);
	tcase_add_loop_test(tc,
	    what_if_tells_the_listing_when_its_hold_is_lifted, 0,
	    3 * SCENE_BACKENDS);
	tcase_add_loop_test(
	    tc, what_if_tells_what_would_not_be_taken, 0, SCENE_BACKENDS);
	tcase_add_loop_test(
	    tc, what_if_is_refused_when_it_is_no_question, 0, SCENE_BACKENDS);
	tcase_add_test(tc, what_if_is_whole_or_none_when_memory_fails);
	suite_add_tcase(suite, tc);
	return harness_main(suite);
}
