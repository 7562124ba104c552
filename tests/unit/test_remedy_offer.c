/* SPDX-License-Identifier: Apache-2.0 */
/* What mends a certification, a device, an offer or its seller: from 4000 on.
 */
#include "remedy.h"

#define STATE(state) "carrier {'state': 'CERTIFICATION_STATE_" state "'}"
#define CERTIFIED    NEXT("carrier", "}, 'state': 'CERTIFICATION_STATE_CERTIFIED'")
#define DEMAND                                           \
	"policy {'statusRules': [{'role': 'ROLE_BRAND'," \
	" 'maxAgeSeconds': '86400'}]}"
#define STATUS(name, issued, sequence, more)                         \
	"+" name " status mi.com {'header': {'id': 's', 'issuedAt':" \
	" '" issued "', 'revision': '" sequence "'},"                \
	" 'sequence': '" sequence "', " more "}"

static const remedy_t devices[] = {
	{ CODE(CERTIFICATION_MISSING), .verdict = DENY,
	    .edits = { "fcc @forger" },
	    .words = { "no fcc certification of xiaomi 2014215 by fcc.gov",
		"certifies the model, and its statement is handed in" },
	    .remedy = { "fcc @fcc.gov" } },
	{ CODE(CERTIFICATION_HARDWARE), .verdict = DENY,
	    .edits = { "carrier {'hardwareVersions': ['P2']}" },
	    .words = { "the carrier certification by t-mobile.com covers P2, "
		       "and the offer has P1",
		"adds the hardware version in its next revision" },
	    .remedy = { NEXT(
		"carrier", "}, 'hardwareVersions': ['P2', 'P1']") } },
	{ CODE(CERTIFICATION_SOFTWARE), .verdict = DENY,
	    .edits = { "carrier {'softwareVersions': ['7.1.3']}" },
	    .words = { "the carrier certification by t-mobile.com covers "
		       "7.1.3, and the offer has 7.1.2",
		"or the distributor ships a version that is covered" },
	    .remedy = { "offer {'header': {'revision': '2'},"
			" 'softwareVersion': '7.1.3'}" } },
	{ CODE(CERTIFICATION_NETWORK), .verdict = DENY,
	    .edits = { "fcc {'networks': ['att.com/us']}" },
	    .words = { "the fcc certification by fcc.gov covers att.com/us, "
		       "and the offer has t-mobile.com/us",
		"adds the network in its next revision" },
	    .remedy = { NEXT("fcc", "}, 'networks+': ['t-mobile.com/us']") } },
	{ CODE(CERTIFICATION_TERRITORY), .verdict = DENY,
	    .edits = { "fcc {'territories': ['US-CA']}" },
	    .words = { "the fcc certification by fcc.gov covers US-CA, and "
		       "the offer has US",
		"adds the territory in its next revision" },
	    .remedy = { NEXT("fcc", "}, 'territories': ['US']") } },
	{ CODE(CERTIFICATION_IN_TEST), .verdict = DENY,
	    .edits = { STATE("IN_TEST") },
	    .words = { "the carrier certification by t-mobile.com is IN_TEST",
		"its next revision with the state CERTIFIED" },
	    .remedy = { CERTIFIED } },
	{ CODE(CERTIFICATION_PROVISIONAL), .verdict = DENY,
	    .edits = { STATE("PROVISIONAL") },
	    .words = { "the carrier certification by t-mobile.com is "
		       "PROVISIONAL",
		"publishes the state CERTIFIED" },
	    .remedy = { CERTIFIED } },
	{ CODE(CERTIFICATION_SUSPENDED), .verdict = DENY,
	    .edits = { STATE("SUSPENDED") },
	    .words = { "the carrier certification by t-mobile.com is "
		       "SUSPENDED",
		"next revision with the state CERTIFIED" },
	    .remedy = { CERTIFIED } },
	{ CODE(CERTIFICATION_ENDED), .verdict = DENY,
	    .edits = { STATE("REVOKED") },
	    .words = { "the carrier certification by t-mobile.com is REVOKED",
		"certifies another hardware or software version under a new "
		"id",
		"the distributor offers that version" },
	    .remedy = { "+new =carrier {'header': {'id': 'new'}, 'state':"
			" 'CERTIFICATION_STATE_CERTIFIED', 'softwareVersions':"
			" ['7.1.3']}",
		"offer {'header': {'revision': '2'},"
		" 'softwareVersion': '7.1.3'}" } },
	{ CODE(CERTIFICATION_TRANSITION), .verdict = DENY,
	    .edits = { STATE("VOID"), CERTIFIED },
	    .words = { "the certification t-mobile.com/carrier says "
		       "CERTIFIED, and an earlier revision said VOID, which is "
		       "final",
		"certifies another version under a new id" },
	    .remedy = { "+new =carrier {'header': {'id': 'new'}, 'state':"
			" 'CERTIFICATION_STATE_CERTIFIED', 'softwareVersions':"
			" ['7.1.3']}",
		"offer {'header': {'revision': '2'},"
		" 'softwareVersion': '7.1.3'}" } },
	{ CODE(CERTIFICATION_PREREQUISITE), .verdict = DENY,
	    .edits = { "carrier {'prerequisites': ['ptcrb']}" },
	    .words = { "the certification t-mobile.com/carrier needs the "
		       "scheme ptcrb, which ptcrb.com has not certified",
		"certifies the same hardware and software versions" },
	    .remedy = { "+gcf =carrier {'header': {'issuer': 'ptcrb.com',"
			" 'id': 'gcf'}, 'scheme': 'ptcrb', 'prerequisites': "
			"[]}",
		"gcf @ptcrb.com" } },
	{ CODE(CERTIFICATION_PARENT), .verdict = DENY,
	    .edits = { "+base =carrier {'header': {'id': 'base'},"
		       " 'softwareVersions': ['7.0']}",
		"carrier {'route': 'ROUTE_VARIANT', 'parentDigest':"
		" '$digest:base'}",
		"base @forger" },
	    .words = { "the certification t-mobile.com/carrier rests on ",
		"which is no certification of the scheme carrier that is in "
		"force here",
		"Hand in the parent that is pinned by digest" },
	    .remedy = { "base @t-mobile.com" } },
	{ CODE(NETWORK_UNKNOWN), .verdict = UNSURE,
	    .edits = { "network @forger" },
	    .words = { "no network statement of t-mobile.com/us is in force",
		"network statement by t-mobile.com of t-mobile.com/us",
		"publishes its network statement" },
	    .remedy = { "network @t-mobile.com" } },
	{ CODE(NETWORK_TERRITORY), .verdict = DENY,
	    .edits = { "offer {'territories': ['US', 'CA']}" },
	    .words = { "t-mobile.com/us serves US, and not CA",
		"takes this territory or this network out of the offer" },
	    .remedy = { "offer {'header': {'revision': '2'}, 'territories':"
			" ['US']}" } },
	{ CODE(BANDS_UNKNOWN), .verdict = UNSURE,
	    .edits = { "product {'radio': null}" },
	    .words = { "the product's bands of every RAT are not known",
		"bands of xiaomi 2014215 in the product statement by mi.com",
		"publishes a product statement with the bands" },
	    .remedy = { NEXT("product",
		"}, 'radio': {'gsmMhz': [1900],"
		" 'umtsBands': [2], 'lteBands': [], 'nrBands': []}") } },
	{ CODE(SERVICE_BELOW_MINIMUM), .verdict = DENY,
	    .at = "2022-07-01T00:00:00Z",
	    .words = { "the best common service is 2G, and the policy's "
		       "minimum is 3G",
		"Where a network is to grow, wait for its "
		"next statement" },
	    .remedy = { NEXT("network",
		"}, 'deployments+': [{'rat':"
		" 'RAT_UMTS', 'band': 2}]") },
	    .then = "2022-07-01T00:00:00Z" },
	{ CODE(FEATURE_MISSING), .verdict = DENY,
	    .edits = { "mvno {'requiredFeatures': ['FEATURE_VOLTE']}",
		"offer {'networks+': ['usmobile.com/us']}" },
	    .words = { "usmobile.com/us requires VOLTE",
		"leave the network out of the offer" },
	    .remedy = { "offer {'header': {'revision': '2'}, 'networks':"
			" ['t-mobile.com/us']}" } },
	{ CODE(PRODUCT_UNKNOWN), .verdict = UNSURE,
	    .edits = { "product @forger" },
	    .words = { "no product statement of xiaomi 2014215 is in force",
		"product statement by mi.com of xiaomi 2014215",
		"publishes a product statement for the model" },
	    .remedy = { "product @mi.com" } },
};

#define OFFER(field) "offer {'header': {'revision': '2'}, " field "}"

static const remedy_t offers[] = {
	{ CODE(DISCLOSURE_MISSING), .verdict = DENY,
	    .edits = { "offer {'disclosures': []}" },
	    .words = { "the offer does not disclose SERVICE_3G_ONLY",
		"adds the disclosure named to the offer's disclosures" },
	    .remedy = { OFFER("'disclosures':"
			      " ['DISCLOSURE_SERVICE_3G_ONLY']") } },
	{ CODE(OFFER_SIGNATURE_INVALID), .verdict = DENY,
	    .edits = { "offer @forger" },
	    .words = { "a key that is known here to be of shop.example",
		"with a key that the marketplace has verified for it" },
	    .remedy = { "offer @shop.example" } },
	{ CODE(OFFER_ATTRIBUTE_MISSING), .verdict = DENY,
	    .edits = { "offer {'title': ''}" },
	    .words = { "title is missing", "fills in the field named",
		"a new revision of the offer" },
	    .remedy = { OFFER("'title': 'Xiaomi Mi 4'") } },
	{ CODE(OFFER_ATTRIBUTE_INVALID), .verdict = DENY,
	    .edits = { "offer {'link': 'shop.example/mi4'}" },
	    .words = { "link is not valid: an address that begins with "
		       "https://",
		"corrects the field named" },
	    .remedy = { OFFER("'link': 'https://shop.example/mi4'") } },
	{ CODE(OFFER_GTIN_CHECK_DIGIT), .verdict = DENY,
	    .edits = { "offer {'gtin': '06954176800016'}" },
	    .words = { "(gtin)", "copies the GTIN from the package again" },
	    .remedy = { OFFER("'gtin': '06954176800015'") } },
	{ CODE(OFFER_GTIN_MODEL), .verdict = DENY,
	    .edits = { "offer {'gtin': '00614141007349'}" },
	    .words = { "the offer says 00614141007349, and the product "
		       "statement lists 06954176800015",
		"corrects the one that is wrong" },
	    .remedy = { OFFER("'gtin': '06954176800015'") } },
	{ CODE(OFFER_PRICE_INVALID), .verdict = DENY,
	    .edits = { "offer {'price': {'amountMicros': '219000001'}}" },
	    .words = { "whose smallest unit is 10000 micros",
		"a whole number of its smallest unit" },
	    .remedy = { OFFER("'price': {'amountMicros': '219000000'}") } },
	{ CODE(OFFER_CURRENCY_UNKNOWN), .verdict = DENY,
	    .edits = { "offer {'price': {'currencyCode': 'usd'}}" },
	    .words = { "(price.currency_code)",
		"three capitals of ISO 4217, such as USD" },
	    .remedy = { OFFER("'price': {'currencyCode': 'USD'}") } },
	{ CODE(OFFER_MARKETPLACE), .verdict = DENY,
	    .edits = { "offer {'marketplace': 'other.example'}",
		"grant {'scope': {'marketplaces': ['*']}}" },
	    .words = { "the offer is made for other.example, and this is "
		       "usmobile.com",
		"an offer that names this marketplace" },
	    .remedy = { OFFER("'marketplace': 'usmobile.com'") } },
	{ CODE(OFFER_VERSION_UNKNOWN), .verdict = DENY,
	    .edits = { "offer {'hardwareVersion': 'P3'}" },
	    .words = { "the offer says P3, and the product statement lists "
		       "P1, P2",
		"writes the version exactly as" },
	    .remedy = { OFFER("'hardwareVersion': 'P2'") } },
	{ CODE(OFFER_NOT_YET_VALID), .verdict = DENY,
	    .edits = { "offer {'header': {'notBefore': '" LATER "'}}" },
	    .words = { "begins at " LATER, "Wait until the instant shown" },
	    .then = LATER },
	{ CODE(OFFER_EXPIRED), .verdict = DENY,
	    .edits = { "offer {'header': {'notAfter':"
		       " '2016-01-20T00:00:00Z'}}" },
	    .words = { "ended at 2016-01-20T00:00:00Z",
		"a new revision of the offer with a later not_after" },
	    .remedy = { "offer {'header': {'revision': '2', 'notAfter':"
			" '2017-01-20T00:00:00Z'}}" } },
	{ CODE(OFFER_NO_CELL), .verdict = DENY,
	    .edits = { "offer {'networks': []}" },
	    .words = { "networks is empty, so the offer asks to be listed "
		       "nowhere",
		"at least one territory, one channel and one "
		"network" },
	    .remedy = { OFFER("'networks': ['t-mobile.com/us']") } },
	{ CODE(SELLER_UNKNOWN), .verdict = DENY, .edits = { "seller @forger" },
	    .words = { "no seller statement by usmobile.com names "
		       "shop.example",
		"issues a seller statement with its keys" },
	    .remedy = { "seller @usmobile.com" } },
	{ CODE(SELLER_SUSPENDED), .verdict = DENY,
	    .edits = { "seller {'suspended': true, 'suspensionReason':"
		       " 'counterfeits'}" },
	    .words = { "shop.example is suspended by the statement "
		       "usmobile.com/seller: counterfeits",
		"lifts the suspension by its next seller statement" },
	    .remedy = { NEXT("seller",
		"}, 'suspended': false,"
		" 'suspensionReason': null") } },
	{ CODE(HELD_BY_MARKETPLACE), .verdict = DENY,
	    .edits = { "+stop hold usmobile.com {'target': {'brand':"
		       " 'xiaomi'}, 'reason': 'WITHDRAWAL_REASON_POLICY', "
		       "'note':"
		       " 'Ask us.'}" },
	    .words = { "held by the hold usmobile.com/stop until ",
		"(POLICY): Ask us.", "it withdraws the hold" },
	    .remedy = { TAKE("usmobile.com",
		"'targetDigest':"
		" '$digest:stop'") } },
	{ CODE(REMOVED_BY_MARKETPLACE), .verdict = DENY,
	    .edits = { "+stop hold usmobile.com {'target': {'seller':"
		       " 'shop.example', 'offerId': 'offer'}, 'final': true}" },
	    .words = { "removed for good by the hold usmobile.com/stop",
		"a new offer that the removal does not name" },
	    .remedy = { "offer {'header': {'id': 'another'}}" } },
	{ CODE(STATUS_MISSING), .verdict = UNSURE, .edits = { DEMAND },
	    .words = { "the policy demands a status of mi.com: there is none",
		"The issuer publishes its status list" },
	    .remedy = { STATUS("s", "2016-02-01T10:00:00Z", "1",
		"'page': 1,"
		" 'pageCount': 1") } },
	{ CODE(STATUS_STALE), .verdict = UNSURE,
	    .edits = { DEMAND,
		STATUS("s", "2016-01-20T10:00:00Z", "1",
		    "'page': 1, 'pageCount': 1") },
	    .words = { "a status of mi.com: its newest list held until "
		       "2016-01-21T10:00:00Z",
		"the issuer publishes it" },
	    .remedy = { STATUS("t", "2016-02-01T10:00:00Z", "2",
		"'page': 1,"
		" 'pageCount': 1") } },
	{ CODE(STATUS_INCOMPLETE), .verdict = UNSURE,
	    .edits = { DEMAND,
		STATUS("s", "2016-02-01T10:00:00Z", "1",
		    "'page': 1, 'pageCount': 2") },
	    .words = { "a status of mi.com: of each list that is here a page "
		       "is missing",
		"hand in all pages with the same sequence" },
	    .remedy = { STATUS("t", "2016-02-01T10:00:00Z", "1",
		"'page': 2,"
		" 'pageCount': 2") } },
	{ CODE(STATUS_ROLLBACK), .verdict = UNSURE,
	    .edits = { DEMAND,
		STATUS("s", "2016-02-01T10:00:00Z", "1",
		    "'page': 1, 'pageCount': 1, 'withdrawn': ['$digest:mvno']"),
		STATUS("t", "2016-02-01T11:00:00Z", "2",
		    "'page': 1, 'pageCount': 1") },
	    .words = { "a status of mi.com: ",
		" was withdrawn by an older list, and the newest has it no "
		"more",
		"the issuer restores the entry" },
	    .remedy = { STATUS("u", "2016-02-01T11:30:00Z", "3",
		"'page': 1,"
		" 'pageCount': 1, 'withdrawn': ['$digest:mvno']") } },
};

START_TEST(remedy_turns_the_verdict_when_a_device_fails)
{
	remedy_run(&devices[_i]);
}
END_TEST

START_TEST(remedy_turns_the_verdict_when_an_offer_or_its_seller_fails)
{
	remedy_run(&offers[_i]);
}
END_TEST

START_TEST(remedy_is_tried_for_each_code)
{
	static const remedies_t all[] = {
		{ devices, ROWS(devices) },
		{ offers, ROWS(offers) },
	};

	remedy_has_all(all, sizeof(all) / sizeof(all[0]), (market_code_t)4000,
	    (market_code_t)10000);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("remedy");
	TCase *tcase = tcase_create("remedy");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, remedy_turns_the_verdict_when_a_device_fails,
	    0, ROWS(devices));
	tcase_add_loop_test(tcase,
	    remedy_turns_the_verdict_when_an_offer_or_its_seller_fails, 0,
	    ROWS(offers));
	tcase_add_test(tcase, remedy_is_tried_for_each_code);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
