/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

static const world_row_t rows[] = {
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

int
main(void)
{
	Suite *suite = suite_create("check");
	TCase *tcase = tcase_create("rows");

	tcase_add_loop_test(
	    tcase, check_row, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
