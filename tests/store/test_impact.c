/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Impact told beforehand is what then happens; and which listings ask a
 * question. FAULTS.md R7: the count of what is pulled, by each target.
 */
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

#define BY(name, what) "+" name " withdrawal usmobile.com {" what "}"
#define DIGEST(of)     "'targetDigest': '$digest:" of "'"
/* As of long ago: all that it ever signed. */
#define KEY(of)                        \
	"'targetKey': '$key:" of "', " \
	"'effectiveAt': '2010-01-01T00:00:00Z'"

typedef enum what { BY_DIGEST, BY_KEY, BY_ISSUER } what_t;

typedef struct row {
	const char *label;
	what_t what;
	const char *target;
	uint64_t want_dark;
	const char *edits[5]; /* what really withdraws it: w, w2, w3 ... */
	const char *setup;    /* an edit of the world before all, or NULL */
} row_t;

static const row_t rows[] = {
	{ "R7 a grant", BY_DIGEST, "grant", 2, { BY("w", DIGEST("grant")) },
	    NULL },
	{ "R7 another seller's grant", BY_DIGEST, "grant-c", 2,
	    { BY("w", DIGEST("grant-c")) }, NULL },
	{ "R7 a certification", BY_DIGEST, "carrier", 4,
	    { BY("w", DIGEST("carrier")) }, NULL },
	{ "R7 the product", BY_DIGEST, "product", 4,
	    { BY("w", DIGEST("product")) }, NULL },
	{ "R7 the MVNO's network: one listing keeps a cell", BY_DIGEST, "mvno",
	    1, { BY("w", DIGEST("mvno")) }, NULL },
	{ "R7 a seller", BY_DIGEST, "seller", 2, { BY("w", DIGEST("seller")) },
	    NULL },
	{ "the policy", BY_DIGEST, "policy", 4, { BY("w", DIGEST("policy")) },
	    NULL },
	{ "a grant beside another that suffices", BY_DIGEST, "grant", 0,
	    { BY("w", DIGEST("grant")) },
	    "seller {'legalName': 'Shop & Sons'}" },
	{ "R7 the brand's key", BY_KEY, "mi.com", 4, { BY("w", KEY("mi.com")) },
	    NULL },
	{ "R7 a seller's key", BY_KEY, "shop.example", 2,
	    { BY("w", KEY("shop.example")) }, NULL },
	{ "R7 a carrier", BY_ISSUER, "t-mobile.com", 4,
	    { BY("w", DIGEST("network")), BY("w2", DIGEST("carrier")) }, NULL },
	{ "R7 a certifier", BY_ISSUER, "fcc.gov", 4, { BY("w", DIGEST("fcc")) },
	    NULL },
	{ "R7 the brand", BY_ISSUER, "mi.com", 4,
	    { BY("w", DIGEST("product")), BY("w2", DIGEST("grant")),
		BY("w3", DIGEST("grant-c")) },
	    NULL },
	{ "R7 the marketplace", BY_ISSUER, "usmobile.com", 4,
	    { BY("w", DIGEST("policy")), BY("w2", DIGEST("seller")),
		BY("w3", DIGEST("seller-c")), BY("w4", DIGEST("mvno")) },
	    NULL },
};
#define ROWS ((int)MARKET__COUNT(rows))

static market_slice_t
target_digest(scene_t *scene, const char *name, market_statement_t **ret)
{
	ck_assert_int_eq(market_statement_parse(world_context(scene->world),
			     world_envelope(scene->world, name),
			     MARKET_KINDS_ALL, ret, NULL),
	    MARKET_OK);
	return market_statement_digest(*ret);
}

static market_status_t
ask(scene_t *scene, what_t what, const char *name, market_effects_t **effects,
    market_error_t *error)
{
	market_statement_t *statement = NULL;
	market_target_t target;
	market_status_t status;

	memset(&target, 0, sizeof(target));
	if (what == BY_DIGEST)
		target.digest = target_digest(scene, name, &statement);
	else if (what == BY_KEY)
		target.key = market_key_id(
		    market_signer_key(world_signer(scene->world, name)));
	else
		target.issuer = market_slice_of(name);
	status = market_store_impact(
	    scene->store, &target, scene->now, effects, error);
	market_statement_free(statement);
	return status;
}

static market_effects_t *
impact(scene_t *scene, what_t what, const char *name, const char *label)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_effects_t *effects = NULL;
	market_status_t status = ask(scene, what, name, &effects, &error);

	ck_assert_msg(status == MARKET_OK, "%s: %s: %s", label,
	    market_status_name(status), error.message);
	return effects;
}

START_TEST(impact_is_what_then_happens_when_it_is_withdrawn)
{
	static const char *const names[] = { "w", "w2", "w3", "w4", "w5" };
	const row_t *row = &rows[_i / SCENE_BACKENDS];
	scene_setup_t setup;
	market_effects_t *effects;
	char *before, *after;
	scene_t scene;
	uint64_t entries;
	size_t n;

	memset(&setup, 0, sizeof(setup));
	if (row->setup != NULL) {
		setup.edits[0] = row->setup;
		setup.edits[1] = "+grant-2 =grant {'header': {'id': 'g-2'}}";
	}
	SCENE_OPEN(&scene, _i % SCENE_BACKENDS, &setup);
	if (row->setup != NULL)
		scene_add_one(&scene, "grant-2");
	/* All of it was accepted before. */
	scene.now += 3600;
	before = scene_list(&scene, scene.now);
	entries = scene_entries(&scene);
	effects = impact(&scene, row->what, row->target, row->label);
	ck_assert_uint_eq(scene_entries(&scene), entries);
	after = scene_list(&scene, scene.now);
	ck_assert_str_eq(before, after);
	free(after);
	for (n = 0; n < MARKET__COUNT(names) && row->edits[n] != NULL; n++)
		world_edit(scene.world, row->edits[n]);
	scene_add(&scene, names, n);
	after = scene_list(&scene, scene.now);
	scene_expect(&scene, effects, entries, true, false, row->label);
	ck_assert_msg(market_effects_dark(effects) == scene_dark(before, after),
	    "%s: %llu, and then\n%s", row->label,
	    (unsigned long long)market_effects_dark(effects), after);
	ck_assert_msg(market_effects_dark(effects) == row->want_dark,
	    "%s: %llu go dark", row->label,
	    (unsigned long long)market_effects_dark(effects));
	market_effects_free(effects);
	scene_close(&scene);
	free(before);
	free(after);
}
END_TEST

START_TEST(impact_says_why_when_a_question_ends)
{
	const market_effect_of_t *effect;
	market_effects_t *effects;
	scene_t scene;

	SCENE_OPEN(&scene, _i, NULL);
	effects = impact(&scene, BY_DIGEST, "grant", "a grant");
	effect = scene_effect(
	    effects, NULL, scene_question(&scene, "shop.example/offer", 0));
	/* They stand without their store. */
	scene_close(&scene);
	ck_assert_ptr_nonnull(effect);
	ck_assert_int_eq(effect->at, world_time(WORLD_NOW));
	ck_assert(market__slice_is(effect->seller, "shop.example"));
	ck_assert(market__slice_is(effect->brand, "xiaomi"));
	ck_assert(market__slice_is(effect->model, "2014215"));
	ck_assert(market__slice_is(effect->territory, "US"));
	ck_assert(market__slice_is(effect->network, "t-mobile.com/us"));
	ck_assert_int_eq(effect->channel, MARKET_CHANNEL_ONLINE_STORE);
	ck_assert_int_eq(effect->before, MARKET_VERDICT_PERMIT);
	ck_assert_int_eq(effect->after, MARKET_VERDICT_DENY);
	ck_assert_int_eq(effect->service_before, MARKET_SERVICE_3G);
	ck_assert_uint_eq(effect->cells, 3);
	ck_assert(scene_tells(effect, MARKET_CODE_STATEMENT_WITHDRAWN));
	ck_assert_ptr_nonnull(strstr(effect->message, "withdrawn"));
	ck_assert_ptr_null(market_effects_at(effects, 2));
	market_effects_free(effects);
}
END_TEST

START_TEST(impact_tells_the_listing_when_an_offer_is_meant)
{
	const market_effect_of_t *effect;
	market_effects_t *effects;
	scene_t scene;

	SCENE_OPEN(&scene, _i, NULL);
	effects = impact(&scene, BY_DIGEST, "offer-b", "an offer");
	effect = market_effects_at(effects, 0);
	ck_assert_ptr_nonnull(effect);
	ck_assert(market__slice_is(effect->listing, "shop.example/offer-b"));
	ck_assert(market__slice_is(effect->seller, "shop.example"));
	ck_assert(market__slice_is(effect->model, "2014215"));
	ck_assert_uint_eq(effect->question, 0);
	ck_assert_uint_eq(effect->cells, 2);
	ck_assert_int_eq(effect->after, MARKET_VERDICT_DENY);
	ck_assert(scene_tells(effect, MARKET_CODE_STATEMENT_WITHDRAWN));
	ck_assert_ptr_null(market_effects_at(effects, 1));
	ck_assert_uint_eq(market_effects_dark(effects), 1);
	market_effects_free(effects);
	/* A paused one is dark already. */
	effects = impact(&scene, BY_DIGEST, "offer-d", "a paused offer");
	ck_assert_ptr_null(market_effects_at(effects, 0));
	ck_assert_uint_eq(market_effects_dark(effects), 0);
	market_effects_free(effects);
	scene_close(&scene);
}
END_TEST

START_TEST(impact_is_not_found_when_nothing_rests_on_it)
{
	static const struct {
		const char *label;
		what_t what;
		const char *target;
	} unknown[] = {
		{ "Matter DCL: R11 a digest that nothing has", BY_DIGEST,
		    "stranger" },
		{ "a key that nobody has", BY_KEY, "nobody" },
		{ "a party that signed nothing", BY_ISSUER, "att.com" },
		{ "a party that is none", BY_ISSUER, "att.con" },
	};
	market_effects_t *effects = NULL;
	market_error_t error;
	scene_t scene;
	size_t i;

	SCENE_OPEN(&scene, _i, NULL);
	world_edit(scene.world, "+stranger =grant {'header': {'id': 'g-9'}}");
	for (i = 0; i < MARKET__COUNT(unknown); i++) {
		memset(&error, 0, sizeof(error));
		ck_assert_msg(ask(&scene, unknown[i].what, unknown[i].target,
				  &effects, &error) == MARKET_E_NOT_FOUND,
		    "%s", unknown[i].label);
		ck_assert_ptr_null(effects);
		ck_assert_msg(error.message[0] != '\0', "%s", unknown[i].label);
	}
	/* Its positive twin: here, and nothing rests on it. */
	scene_add_one(&scene, "stranger");
	effects = impact(&scene, BY_DIGEST, "stranger", "a spare grant");
	ck_assert_ptr_null(market_effects_at(effects, 0));
	market_effects_free(effects);
	scene_close(&scene);
}
END_TEST

START_TEST(impact_is_refused_when_the_target_is_not_one)
{
	static const uint8_t bytes[MARKET_DIGEST_LEN];
	market_slice_t whole = market__slice(bytes, sizeof(bytes));
	market_slice_t part = market__slice(bytes, sizeof(bytes) - 1);
	market_effects_t *effects = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	market_target_t target;
	scene_t scene;
	int i;

	SCENE_OPEN(&scene, _i, NULL);
	for (i = 0; i < 5; i++) {
		memset(&target, 0, sizeof(target));
		if (i == 1 || i == 2)
			target.digest = i == 1 ? whole : part;
		if (i == 1 || i == 3)
			target.key = i == 1 ? whole : part;
		if (i == 4)
			target.issuer = market__slice(NULL, 3);
		ck_assert_msg(
		    market_store_impact(scene.store, &target, scene.now,
			&effects, &error) == MARKET_E_ARGUMENT,
		    "target %d", i);
	}
	target.issuer = market_slice_of("mi.com");
	ck_assert_int_eq(
	    market_store_impact(scene.store, &target, -1, &effects, &error),
	    MARKET_E_ARGUMENT);
	/* Beyond tolerance nothing is published, so nothing can go dark. */
	ck_assert_int_eq(market_store_impact(scene.store, &target,
			     scene.now - 301, &effects, &error),
	    MARKET_E_INDETERMINATE);
	ck_assert_int_eq(market_store_impact(scene.store, &target,
			     scene.now - 300, &effects, &error),
	    MARKET_OK);
	market_effects_free(effects);
	market_effects_free(NULL);
	ck_assert_ptr_null(market_effects_at(NULL, 0));
	scene_close(&scene);
}
END_TEST

/* What is there is found though nobody computed anew what rests on it. */
START_TEST(impact_sees_what_changed_when_nothing_was_refreshed)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_additions_t *additions = NULL;
	scene_setup_t setup = { { NULL }, { "carrier" } };
	market_effects_t *effects;
	market_slice_t envelope;
	scene_t scene;

	SCENE_OPEN(&scene, _i, &setup);
	envelope = world_envelope(scene.world, "carrier");
	ck_assert_int_eq(market_store_add(scene.store, &envelope, 1, scene.now,
			     MARKET_STORE_LATER, &additions, &error),
	    MARKET_OK);
	market_additions_free(additions);
	effects = impact(&scene, BY_DIGEST, "carrier", "not refreshed");
	ck_assert_uint_eq(market_effects_dark(effects), 4);
	market_effects_free(effects);
	scene_close(&scene);
}
END_TEST

/* ---- memory ---- */

static market_status_t
ask_brand(scene_t *scene, market_effects_t **ret_effects, market_error_t *error)
{
	return ask(scene, BY_ISSUER, "mi.com", ret_effects, error);
}

START_TEST(impact_is_whole_or_none_when_memory_fails)
{
	scene_whole_or_none(ask_brand, NULL, 4);
}
END_TEST

/* ---- the listings of a question ---- */

static void
expect_ids(scene_t *scene, uint64_t question, const char *after, size_t max,
    const char *want, size_t want_len)
{
	market_buffer_t ids = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;

	ck_assert_msg(
	    market_store_listings_of(scene->store, question,
		market_slice_of(after), max, &ids, &error) == MARKET_OK,
	    "%s", error.message);
	ck_assert_msg(ids.len == want_len &&
		(want_len == 0 || memcmp(ids.data, want, want_len) == 0),
	    "behind '%s': %.*s", after, (int)ids.len, (const char *)ids.data);
	market_buffer_clear(&ids);
}

START_TEST(listings_of_a_question_come_in_pages)
{
	static const char all[] =
	    "shop.example/offer\0shop.example/offer-b\0shop.example/offer-d";
	market_buffer_t ids = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	uint64_t question;
	scene_t scene;

	SCENE_OPEN(&scene, _i, NULL);
	question = scene_question(&scene, "shop.example/offer", 0);
	expect_ids(&scene, question, "", 0, all, sizeof(all) - 1);
	expect_ids(&scene, question, "", 3, all, sizeof(all) - 1);
	expect_ids(&scene, question, "", 1, all, 18);
	expect_ids(&scene, question, "shop.example/offer", 1, all + 19, 20);
	expect_ids(&scene, question, "shop.example/offer-b", 5, all + 40,
	    sizeof(all) - 1 - 40);
	expect_ids(&scene, question, "shop.example/offer-d", 5, NULL, 0);
	ck_assert_int_eq(market_store_listings_of(scene.store, 99,
			     market_slice_of(""), 0, &ids, &error),
	    MARKET_E_NOT_FOUND);
	ck_assert_int_eq(
	    market_store_listings_of(scene.store, question,
		market_slice_of("shop.example/none"), 0, &ids, &error),
	    MARKET_E_NOT_FOUND);
	ck_assert_int_eq(market_store_listings_of(scene.store, question,
			     market_slice_of(""), 0, NULL, &error),
	    MARKET_E_ARGUMENT);
	scene_close(&scene);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("impact");
	TCase *tc = tcase_create("impact");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc,
	    impact_is_what_then_happens_when_it_is_withdrawn, 0,
	    ROWS * SCENE_BACKENDS);
	tcase_add_loop_test(
	    tc, impact_says_why_when_a_question_ends, 0, SCENE_BACKENDS);
	tcase_add_loop_test(tc, impact_tells_the_listing_when_an_offer_is_meant,
	    0, SCENE_BACKENDS);
	tcase_add_loop_test(tc, impact_is_not_found_when_nothing_rests_on_it, 0,
	    SCENE_BACKENDS);
	tcase_add_loop_test(tc, impact_is_refused_when_the_target_is_not_one, 0,
	    SCENE_BACKENDS);
	tcase_add_loop_test(tc,
	    impact_sees_what_changed_when_nothing_was_refreshed, 0,
	    SCENE_BACKENDS);
	tcase_add_test(tc, impact_is_whole_or_none_when_memory_fails);
	tcase_add_loop_test(
	    tc, listings_of_a_question_come_in_pages, 0, SCENE_BACKENDS);
	suite_add_tcase(suite, tc);
	return harness_main(suite);
}
