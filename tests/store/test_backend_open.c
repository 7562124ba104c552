/* SPDX-License-Identifier: Apache-2.0 */
/* Which backend a location names; in a build without SQLite as well. */
#include "config.h" /* HAVE_SQLITE */

#include "harness.h"
#include "store/store_backend.h"

START_TEST(backend_open_takes_the_location_for_a_backend)
{
	static const struct {
		const char *location;
		bool create;
		market_status_t want;
		const char *text;
	} rows[] = {
		{ NULL, true, MARKET_E_ARGUMENT, "no name" },
		{ "", true, MARKET_E_ARGUMENT, "no name" },
		{ "", false, MARKET_E_ARGUMENT, "no name" },
		{ "memory:", true, MARKET_OK, "" },
		{ "memory:", false, MARKET_E_NOT_FOUND, "make one" },
#ifdef HAVE_SQLITE
		{ "none/market.db", false, MARKET_E_NOT_FOUND, "no such" },
		{ "none/market.db", true, MARKET_E_IO, "errno 2" },
#else
		{ "market.db", false, MARKET_E_UNSUPPORTED, "without SQLite" },
		{ "market.db", true, MARKET_E_UNSUPPORTED, "without SQLite" },
#endif
	};
	market__backend_t *backend;
	market_error_t error = MARKET_ERROR_INIT;
	size_t i;

	for (i = 0; i < MARKET__COUNT(rows); i++) {
		backend = NULL;
		ck_assert_int_eq(
		    market__backend_open(&market__default_allocator,
			rows[i].location, rows[i].create, 0, 10, &backend,
			&error),
		    rows[i].want);
		ck_assert(rows[i].want == MARKET_OK ||
		    strstr(error.message, rows[i].text) != NULL);
		ck_assert((backend != NULL) == (rows[i].want == MARKET_OK));
		if (backend != NULL)
			backend->ops->close(backend);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("backend_open");
	TCase *tcase = tcase_create("open");

	tcase_add_test(tcase, backend_open_takes_the_location_for_a_backend);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
