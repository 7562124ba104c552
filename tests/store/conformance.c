/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance_kit.h"

Suite *
conformance_suite(const conformance_backend_t *backend)
{
	static const struct {
		const char *name;
		void (*add)(TCase *tcase);
	} parts[] = {
		{ "rows", conformance_rows },
		{ "asked", conformance_asked_rows },
		{ "changes", conformance_changes },
		{ "refusals", conformance_refusals },
		{ "lists", conformance_lists },
		{ "transactions", conformance_transactions },
		{ "failures", conformance_failures },
	};
	Suite *suite = suite_create(backend->name);
	TCase *tcase;
	size_t i;

	conformance_subject = backend;
	for (i = 0; i < MARKET__COUNT(parts); i++) {
		tcase = tcase_create(parts[i].name);
		tcase_set_timeout(tcase, 60);
		parts[i].add(tcase);
		suite_add_tcase(suite, tcase);
	}
	if (backend->reopen != NULL) {
		tcase = tcase_create("lasting");
		conformance_lasting(tcase);
		suite_add_tcase(suite, tcase);
	}
	return suite;
}
