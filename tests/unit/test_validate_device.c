/* SPDX-License-Identifier: Apache-2.0 */
/* What a reader refuses: products, networks, certifications. */
#include "validate_kit.h"

#include "base/base.h"

static const validate_row_t product_rows[] = {
	{ "no brand", "product", "{'brand': null}", "brand", NULL, 0 },
	{ "no model", "product", "{'model': null}", "model", NULL, 0 },
	{ "a model with a line end", "product", "{'model': '2014215\\n'}",
	    "model", "{'model': '2014215'}", 0 },
	{ "E36 a GTIN with another check digit", "product",
	    "{'gtins': ['06954176800015', '06954176800016']}", "gtins[1]",
	    "{'gtins': ['06954176800015']}", 0 },
	{ "E36 a GTIN of 11 digits", "product", "{'gtins': ['12345678901']}",
	    "gtins[0]", "{'gtins': ['6954176800015']}", 0 },
	{ "any GTIN", "product", "{'gtins': ['*']}", "gtins[0]",
	    "{'gtins': []}", 0 },
	{ "E36 a TAC of seven digits", "product", "{'tacs': ['8656440']}",
	    "tacs[0]", "{'tacs': ['86564402']}", 0 },
	{ "a TAC with a letter", "product",
	    "{'tacs': ['86564402', '8656440x']}", "tacs[1]",
	    "{'tacs': ['86564402', '86564403']}", 0 },
	{ "an empty hardware version", "product", "{'hardwareVersions': ['']}",
	    "hardware_versions[0]", "{'hardwareVersions': []}", 0 },
	{ "a software version with a blank at its end", "product",
	    "{'softwareVersions': ['7.1.2 ']}", "software_versions[0]",
	    "{'softwareVersions': ['7.1.2 beta']}", 0 },
	{ "a star is a version's name as any other", "product", NULL, NULL,
	    "{'hardwareVersions': ['*', 'P1']}", 0 },
	{ "a category with a control character", "product",
	    "{'category': 'pho\\u001bne'}", "category", "{'category': null}",
	    0 },
	{ "nothing known of its radio", "product", NULL, NULL,
	    "{'radio': null}", 0 },
	{ "no band of GSM", "product", "{'radio': {'gsmMhz': [850, 901]}}",
	    "radio.gsm_mhz[1]", "{'radio': {'gsmMhz': [850, 900]}}", 0 },
	{ "no band of UMTS", "product", "{'radio': {'umtsBands': [7000]}}",
	    "radio.umts_bands[0]", "{'radio': {'umtsBands': [4]}}", 0 },
	{ "no band of LTE", "product", "{'radio': {'lteBands': [4, 0]}}",
	    "radio.lte_bands[1]", "{'radio': {'lteBands': [4, 66]}}", 0 },
	{ "no band of NR", "product", "{'radio': {'nrBands': [4294967295]}}",
	    "radio.nr_bands[0]", "{'radio': {'nrBands': [78]}}", 0 },
	{ "a band twice", "product", "{'radio': {'lteBands': [4, 12, 4]}}",
	    "radio.lte_bands[2]", "{'radio': {'lteBands': [4, 12]}}", 0 },
	{ "one number in two RATs", "product", NULL, NULL,
	    "{'radio': {'umtsBands': [4, 5], 'lteBands': [4, 5]}}", 0 },
};

#define DEPLOYED(fields) "{'deployments': [{" fields "}]}"

static const validate_row_t network_rows[] = {
	{ "no name", "network", "{'network': null}", "network", NULL, 0 },
	{ "a name with a blank", "network", "{'network': 't-mobile us'}",
	    "network", "{'network': 't-mobile.com/us'}", 0 },
	{ "a PLMN without its hyphen's digits", "network",
	    "{'plmns': ['310-260', '310-2']}", "plmns[1]",
	    "{'plmns': ['310-260', '310-26']}", 0 },
	{ "any PLMN", "network", "{'plmns': ['*']}", "plmns[0]",
	    "{'plmns': []}", 0 },
	{ "a territory that is none", "network",
	    "{'territories': ['US', 'USA']}", "territories[1]",
	    "{'territories': ['US', 'PR']}", 0 },
	{ "a network is everywhere", "network", "{'territories': ['*']}",
	    "territories[0]", "{'territories': ['US']}", 0 },
	{ "an empty scheme", "network", "{'requiredSchemes': ['']}",
	    "required_schemes[0]", "{'requiredSchemes': []}", 0 },
	{ "a host with a blank", "mvno", "{'hostNetwork': 't mobile'}",
	    "host_network", "{'hostNetwork': null}", 0 },
	{ "its own host", "mvno", "{'hostNetwork': 'usmobile.com/us'}",
	    "host_network", "{'hostNetwork': 'usmobile.com/u'}", 0 },
	{ "E20 a deployment of no RAT", "network",
	    DEPLOYED("'band': 4, 'from': '1'"), "deployments[0].rat",
	    DEPLOYED("'rat': 'RAT_LTE', 'band': 4, 'from': '1'"), 0 },
	{ "a deployment of no band", "network",
	    DEPLOYED("'rat': 'RAT_LTE', 'from': '1'"), "deployments[0].band",
	    DEPLOYED("'rat': 'RAT_LTE', 'band': 1, 'from': '1'"), 0 },
	{ "a band of another RAT", "network",
	    DEPLOYED("'rat': 'RAT_GSM', 'band': 4, 'from': '1'"),
	    "deployments[0].band",
	    DEPLOYED("'rat': 'RAT_UMTS', 'band': 4, 'from': '1'"), 0 },
	{ "switched off before it began", "network",
	    DEPLOYED("'rat': 'RAT_LTE', 'band': 4, 'from': '10', "
		     "'until': '9'"),
	    "deployments[0].until",
	    DEPLOYED("'rat': 'RAT_LTE', 'band': 4, 'from': '10', "
		     "'until': '11'"),
	    0 },
	{ "switched off when it began", "network",
	    DEPLOYED("'rat': 'RAT_LTE', 'band': 4, 'from': '10', "
		     "'until': '10'"),
	    "deployments[0].until",
	    DEPLOYED("'rat': 'RAT_LTE', 'band': 4, 'from': '10'"), 0 },
	{ "a deployment before 1970", "network",
	    DEPLOYED("'rat': 'RAT_LTE', 'band': 4, 'from': '-1'"),
	    "deployments[0].from", DEPLOYED("'rat': 'RAT_LTE', 'band': 4"), 0 },
	{ "a deployment past 9999", "network",
	    DEPLOYED("'rat': 'RAT_LTE', 'band': 4, 'from': '1', "
		     "'until': '253402300800'"),
	    "deployments[0].until",
	    DEPLOYED("'rat': 'RAT_LTE', 'band': 4, 'from': '1', "
		     "'until': '253402300799'"),
	    0 },
	{ "the second of two is told", "network",
	    "{'deployments': [{'rat': 'RAT_LTE', 'band': 4},"
	    " {'rat': 'RAT_NR', 'band': 4}]}",
	    "deployments[1].band",
	    "{'deployments': [{'rat': 'RAT_LTE', 'band': 4},"
	    " {'rat': 'RAT_NR', 'band': 41}]}",
	    0 },
};

static const validate_row_t certification_rows[] = {
	{ "no scheme", "fcc", "{'scheme': null}", "scheme", NULL, 0 },
	{ "no brand", "fcc", "{'brand': null}", "brand", NULL, 0 },
	{ "no model", "fcc", "{'model': null}", "model", NULL, 0 },
	{ "an empty hardware version", "fcc", "{'hardwareVersions': ['']}",
	    "hardware_versions[0]", "{'hardwareVersions': ['P1', 'P2']}", 0 },
	{ "any hardware beside one", "fcc", "{'hardwareVersions': ['P1', '*']}",
	    "hardware_versions[1]", "{'hardwareVersions': ['*']}", 0 },
	{ "any software beside one", "fcc",
	    "{'softwareVersions': ['*', '7.1.2']}", "software_versions[0]",
	    "{'softwareVersions': ['7.1.2', '7.1.3']}", 0 },
	{ "any network beside one", "fcc",
	    "{'networks': ['t-mobile.com/us', '*']}", "networks[1]",
	    "{'networks': ['t-mobile.com/us']}", 0 },
	{ "a network with a blank", "fcc", "{'networks': ['t mobile']}",
	    "networks[0]", "{'networks': ['t_mobile']}", 0 },
	{ "a territory that is none", "fcc", "{'territories': ['EU']}",
	    "territories[0]", "{'territories': ['IE']}", 0 },
	{ "any territory beside one", "fcc", "{'territories': ['US', '*']}",
	    "territories[1]", "{'territories': ['*']}", 0 },
	{ "an empty prerequisite", "fcc", "{'prerequisites': ['ptcrb', '']}",
	    "prerequisites[1]", "{'prerequisites': ['ptcrb']}", 0 },
	{ "E20 no state", "fcc", "{'state': null}", "state",
	    "{'state': 'CERTIFICATION_STATE_REVOKED'}", 0 },
	{ "a parent of 33 bytes", "fcc",
	    "{'parentDigest': "
	    "'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'}",
	    "parent_digest",
	    "{'parentDigest': "
	    "'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='}",
	    0 },
	{ "E20 bands of no RAT", "fcc",
	    "{'bands': [{'rat': 'RAT_GSM', 'bands': [850]},"
	    " {'bands': [850]}]}",
	    "bands[1].rat",
	    "{'bands': [{'rat': 'RAT_GSM', 'bands': [850]},"
	    " {'rat': 'RAT_LTE', 'bands': [2]}]}",
	    0 },
	{ "a band that is none", "fcc",
	    "{'bands': [{'rat': 'RAT_LTE', 'bands': [2, 850]}]}",
	    "bands[0].bands[1]",
	    "{'bands': [{'rat': 'RAT_LTE', 'bands': [2, 4]}]}", 0 },
	{ "a band twice", "fcc",
	    "{'bands': [{'rat': 'RAT_LTE', 'bands': [2, 2]}]}",
	    "bands[0].bands[1]",
	    "{'bands': [{'rat': 'RAT_LTE', 'bands': [2]}]}", 0 },
	{ "no bands is no error: nothing is covered", "fcc", NULL, NULL,
	    "{'bands': []}", 0 },
};

START_TEST(validate_product_row)
{
	validate_run(&product_rows[_i]);
}
END_TEST

START_TEST(validate_network_row)
{
	validate_run(&network_rows[_i]);
}
END_TEST

START_TEST(validate_certification_row)
{
	validate_run(&certification_rows[_i]);
}
END_TEST

/* The network statement with that many deployments. */
static market_status_t
with_deployments(size_t n, market_error_t *error)
{
	world_t *world = validate_world();
	market__text_t edit;
	market_status_t status;
	size_t i;

	market__text_init(&edit, &market__default_allocator, 1 << 20);
	market__text_puts(&edit, "network {'deployments': [");
	for (i = 0; i < n; i++)
		market__text_printf(&edit,
		    "%s{'rat': 'RAT_LTE', 'band': 4, 'from': '%zu'}",
		    i == 0 ? "" : ", ", i + 1);
	market__text_puts(&edit, "]}");
	ck_assert_int_eq(edit.status, MARKET_OK);
	world_edit(world, edit.data);
	market__text_clear(&edit);
	status = validate_statement(world, "network", error);
	world_free(world);
	return status;
}

START_TEST(validate_refuses_deployments_when_they_are_more_than_128)
{
	market_error_t error = MARKET_ERROR_INIT;

	ck_assert_int_eq(with_deployments(0, &error), MARKET_OK);
	ck_assert_int_eq(with_deployments(128, &error), MARKET_OK);
	ck_assert_int_eq(with_deployments(129, &error), MARKET_E_LIMIT);
	ck_assert_str_eq(error.path, "deployments");
}
END_TEST

START_TEST(validate_refusals_are_as_committed)
{
	golden_t list;

	golden_begin(&list);
	validate_refusals(&list, product_rows, MARKET__COUNT(product_rows));
	validate_refusals(&list, network_rows, MARKET__COUNT(network_rows));
	validate_refusals(
	    &list, certification_rows, MARKET__COUNT(certification_rows));
	golden_check(&list, "validate_device.txt");
}
END_TEST

#define LOOP(tcase, test, rows) \
	tcase_add_loop_test(    \
	    tcase, test, 0, (int)(sizeof(rows) / sizeof((rows)[0])))

int
main(void)
{
	Suite *suite = suite_create("validate_device");
	TCase *tcase = tcase_create("values");

	LOOP(tcase, validate_product_row, product_rows);
	LOOP(tcase, validate_network_row, network_rows);
	LOOP(tcase, validate_certification_row, certification_rows);
	tcase_add_test(tcase, validate_refusals_are_as_committed);
	tcase_add_test(
	    tcase, validate_refuses_deployments_when_they_are_more_than_128);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
