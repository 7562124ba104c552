/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"

#include <stdlib.h>
#include <string.h>

#include <market/vocabulary.h>

/* Each getter as one that takes a number. */
#define GETTER(noun)                                                   \
	static const char *noun(int value)                             \
	{                                                              \
		return market_##noun##_name((market_##noun##_t)value); \
	}
/* clang-format off */
GETTER(verdict)
GETTER(service)
GETTER(rat)
GETTER(channel)
GETTER(condition)
GETTER(feature)
GETTER(disclosure)
GETTER(environment)
GETTER(certification_state)
GETTER(withdrawal_reason)

static const struct list {
	const char *label;      /* the enum of the schema */
	const char *prefix;
	const char *(*name)(int value);
	const char *want[10];
} lists[] = {
	{ "Verdict", "VERDICT_", verdict,
	    { "UNSPECIFIED", "PERMIT", "DENY", "INDETERMINATE" } },
	{ "Service", "SERVICE_", service,
	    { "UNSPECIFIED", "NONE", "2G", "3G", "4G", "5G" } },
	{ "Rat", "RAT_", rat,
	    { "UNSPECIFIED", "GSM", "UMTS", "LTE", "NR" } },
	{ "Channel", "CHANNEL_", channel,
	    { "UNSPECIFIED", "ANY", "ONLINE_STORE", "MARKETPLACE",
		"RETAIL_STORE", "WHOLESALE" } },
	{ "Condition", "CONDITION_", condition,
	    { "UNSPECIFIED", "ANY", "NEW", "OPEN_BOX", "REFURBISHED",
		"USED" } },
	{ "Feature", "FEATURE_", feature,
	    { "UNSPECIFIED", "VOLTE", "VONR", "E911", "WIFI_CALLING" } },
	{ "Disclosure", "DISCLOSURE_", disclosure,
	    { "UNSPECIFIED", "WIFI_ONLY", "SERVICE_2G_ONLY",
		"SERVICE_3G_ONLY", "SERVICE_4G_ONLY", "NO_VOICE",
		"IMPORTED_VARIANT" } },
	{ "Environment", "ENVIRONMENT_", environment,
	    { "UNSPECIFIED", "PRODUCTION", "TEST" } },
	{ "CertificationState", "CERTIFICATION_STATE_", certification_state,
	    { "UNSPECIFIED", "IN_TEST", "PROVISIONAL", "CERTIFIED",
		"SUSPENDED", "REFUSED", "REVOKED", "WITHDRAWN", "VOID" } },
	{ "WithdrawalReason", "WITHDRAWAL_REASON_", withdrawal_reason,
	    { "UNSPECIFIED", "CEASED", "SUPERSEDED", "KEY_COMPROMISE",
		"ERROR", "SAFETY", "POLICY" } },
};
/* clang-format on */
#define N_LISTS ((int)(sizeof(lists) / sizeof(lists[0])))

START_TEST(vocabulary_names_each_value)
{
	int value;

	for (value = 0; lists[_i].want[value] != NULL; value++) {
		const char *name = lists[_i].name(value);

		ck_assert_msg(name != NULL, "%s %d", lists[_i].label, value);
		ck_assert_str_eq(name, lists[_i].want[value]);
	}
	ck_assert_msg(
	    lists[_i].name(value) == NULL, "%s: one beyond", lists[_i].label);
	ck_assert_msg(
	    lists[_i].name(-1) == NULL, "%s: minus one", lists[_i].label);
	ck_assert_msg(lists[_i].name(65537) == NULL, "%s: 65536 and one",
	    lists[_i].label);
}
END_TEST

/* The value's number in `enum NAME { ... }` of the schema, or -1. */
static long
number_in_schema(const char *schema, const char *list, const char *value)
{
	char text[128];
	const char *at;

	ck_assert(strlen(list) + strlen(value) < 100);
	strcat(strcat(strcpy(text, "enum "), list), " {");
	at = strstr(schema, text);
	ck_assert_msg(at != NULL, "the schema has %s", list);
	strcat(strcat(strcpy(text, " "), value), " = ");
	at = strstr(at, text);
	return at == NULL ? -1 : strtol(at + strlen(text), NULL, 10);
}

START_TEST(vocabulary_numbers_are_the_schemas)
{
	const char *path;
	char *schema;
	int value;

	HARNESS_SHARED(path, "schema/market.proto");
	schema = harness_read(path, NULL);
	for (value = 0; lists[_i].want[value] != NULL; value++) {
		char full[64];

		strcat(strcpy(full, lists[_i].prefix), lists[_i].want[value]);
		ck_assert_msg(
		    number_in_schema(schema, lists[_i].label, full) == value,
		    "%s", full);
	}
	free(schema);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("vocabulary");
	TCase *tcase = tcase_create("vocabulary");

	tcase_add_loop_test(tcase, vocabulary_names_each_value, 0, N_LISTS);
	tcase_add_loop_test(
	    tcase, vocabulary_numbers_are_the_schemas, 0, N_LISTS);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
