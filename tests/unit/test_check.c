/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

static const world_row_t rows[] = {
	{ "a certification that names no bands leaves them unknown",
	    MARKET_VERDICT_INDETERMINATE, NULL, { "fcc {'bands':null}" },
	    { MARKET_CODE_BANDS_UNKNOWN, -MARKET_CODE_SERVICE_BELOW_MINIMUM },
	    NULL, 0 },
	{ "the good world", MARKET_VERDICT_PERMIT, NULL, { NULL },
	    { MARKET_CODE_SERVICE_LIMITED }, NULL, 0 },
	{ "no grant", MARKET_VERDICT_DENY, NULL, { "-grant" },
	    { MARKET_CODE_AUTHORIZATION_MISSING,
		-MARKET_CODE_CERTIFICATION_MISSING },
	    NULL, 0 },
};

START_TEST(check_row)
{
	world_run_row(&rows[_i]);
}
END_TEST

/* A root that cannot be told apart from one of its parties is none. */
static void
root_with(const char *edit, market_status_t want, const char *path)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_evidence_t *evidence = NULL;
	world_t *world = world_new();

	world_edit(world, edit);
	ck_assert_int_eq(
	    market_evidence_new(world_context(world),
		world_envelope(world, "root"), world_envelope(world, "policy"),
		&evidence, &error),
	    want);
	ck_assert_str_eq(error.path, path);
	market_evidence_free(evidence);
	world_free(world);
}

START_TEST(check_refuses_a_root_key_when_a_brand_has_it)
{
	root_with("root {\"rootKeys\": \"$keys:root mi.com\"}", MARKET_E_SCHEMA,
	    "root.parties[0].keys.keys[0].spki");
}
END_TEST

START_TEST(check_takes_a_root_key_when_the_marketplace_has_it)
{
	root_with(
	    "root {\"rootKeys\": \"$keys:root usmobile.com\"}", MARKET_OK, "");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("check");
	TCase *tcase = tcase_create("rows");

	tcase_add_loop_test(
	    tcase, check_row, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(tcase, check_refuses_a_root_key_when_a_brand_has_it);
	tcase_add_test(
	    tcase, check_takes_a_root_key_when_the_marketplace_has_it);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
