/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The offer's own attributes: each one missing and invalid, with its path,
 * beside one that is good. Cells, windows and horizons: test_offer_cells.c.
 * E19, E20: enum values that are unknown or say nothing in a list are refused
 * before there is an offer (test_strict.c).
 */
#include "expect.h"

#define GOOD(label_, ...)                                 \
	{                                                 \
		.label = "good: " label_, .want = PERMIT, \
		.edits = { __VA_ARGS__ }, .codes = {      \
			"-OFFER_ATTRIBUTE_MISSING",       \
			"-OFFER_ATTRIBUTE_INVALID"        \
		}                                         \
	}
#define FAULT(label_, code_, path_, got_, ...)                           \
	{                                                                \
		.label = label_, .want = DENY, .edits = { __VA_ARGS__ }, \
		.codes = { code_ }, .path = path_, .got = got_           \
	}
#define MISSING(path_, edit) \
	FAULT("6002 " path_, "OFFER_ATTRIBUTE_MISSING", path_, NULL, edit)
#define INVALID(label_, path_, edit) \
	FAULT("6003 " label_, "OFFER_ATTRIBUTE_INVALID", path_, NULL, edit)
#define HEADER(member) "offer {'header': {" member "}}"
#define OFFER(member)  "offer {" member "}"

static const expect_t attributes[] = {
	GOOD("all that is needed", OFFER("'gtin': '06954176800015'")),
	GOOD("no more than is needed",
	    OFFER("'availability': null, 'quantity': null, 'fulfiller': null")),
	MISSING("header.issuer", HEADER("'issuer': null")),
	MISSING("header.id", HEADER("'id': null")),
	MISSING("header.revision", HEADER("'revision': null")),
	MISSING("header.issued_at", HEADER("'issuedAt': null")),
	MISSING("header.not_after", HEADER("'notAfter': null")),
	MISSING("brand", OFFER("'brand': null")),
	MISSING("model", OFFER("'model': null")),
	MISSING("title", OFFER("'title': null")),
	MISSING("condition", OFFER("'condition': null")),
	MISSING("price", OFFER("'price': null")),
	MISSING("marketplace", OFFER("'marketplace': null")),
	INVALID("E24 a party id has no capitals", "header.issuer",
	    HEADER("'issuer': 'Shop.example'")),
	INVALID("an id has no blank", "header.id", HEADER("'id': 'sku 1'")),
	INVALID("T2 it ends before it begins", "header.not_after",
	    HEADER("'notBefore': '2016-03-01T00:00:00Z', 'notAfter':"
		   " '2016-02-29T00:00:00Z'")),
	INVALID("T2 it ends as it begins", "header.not_after",
	    HEADER("'notBefore': '2016-03-01T00:00:00Z', 'notAfter':"
		   " '2016-03-01T00:00:00Z'")),
	INVALID("T2 it ends before 1970", "header.not_after",
	    HEADER("'notAfter': '-1'")),
	INVALID("T2 T9 it ends after 9999", "header.not_after",
	    HEADER("'notAfter': '9223372036854775807'")),
	INVALID("T2 it begins before 1970", "header.not_before",
	    HEADER("'notBefore': '-9223372036854775808'")),
	INVALID("T2 issued before 1970", "header.issued_at",
	    HEADER("'issuedAt': '-9223372036854775808'")),
	GOOD("T9 it ends in the last second of 9999",
	    HEADER("'notAfter': '9999-12-31T23:59:59Z'")),
	INVALID("D5 \"*\" as a brand", "brand", OFFER("'brand': '*'")),
	INVALID("D5 \"*\" as a model", "model", OFFER("'model': '*'")),
	INVALID("D5 \"*\" as hardware", "hardware_version",
	    OFFER("'hardwareVersion': '*'")),
	INVALID("D5 \"*\" as software", "software_version",
	    OFFER("'softwareVersion': '*'")),
	INVALID("E23 a Cyrillic letter in the brand", "brand",
	    OFFER("'brand': 'x\xd1\x96"
		  "aomi'")),
	INVALID("E23 a wide digit in the model", "model",
	    OFFER("'model': '\xef\xbc\x92"
		  "014215'")),
	INVALID("E23 right-to-left in the brand", "brand",
	    OFFER("'brand': '\xe2\x80\xaeimoaix'")),
	INVALID("E23 zero width in the model", "model",
	    OFFER("'model': '2014215\xe2\x80\x8b'")),
	INVALID("E23 a letter and its accent apart", "brand",
	    OFFER("'brand': 'xiaomi\xcc\x81'")),
	INVALID("E23 a blank behind the model", "model",
	    OFFER("'model': '2014215 '")),
	GOOD("E23 a title is for people, and never compared",
	    OFFER("'title': '\xe5\xb0\x8f\xe7\xb1\xb3 4'")),
	INVALID("a condition is one", "condition",
	    OFFER("'condition': 'CONDITION_ANY'")),
	INVALID("E24 a fulfiller has no capitals", "fulfiller",
	    OFFER("'fulfiller': 'Warehouse.example'")),
	INVALID("a fulfiller has no blanks", "fulfiller",
	    OFFER("'fulfiller': 'A Warehouse'")),
	INVALID(
	    "a link is an address", "link", OFFER("'link': 'javascript:1'")),
	INVALID("a link has no blank", "link",
	    OFFER("'link': 'https://shop.example/a b'")),
	INVALID("a link of nothing but its scheme", "link",
	    OFFER("'link': 'https://'")),
	INVALID("the second image is no address", "image_links[1]",
	    OFFER("'imageLinks': ['https://shop.example/1.jpg', '2.jpg']")),
	GOOD("links",
	    OFFER("'link': 'https://shop.example/mi4',"
		  " 'imageLinks': ['http://shop.example/1.jpg']")),
	INVALID("it is sent off before it is ready", "max_handling_days",
	    OFFER("'minHandlingDays': 3, 'maxHandlingDays': 2")),
	GOOD("handling times",
	    OFFER("'minHandlingDays': 2, 'maxHandlingDays': 2")),
	INVALID("E37 it ships from nowhere", "ships_from",
	    OFFER("'shipsFrom': 'ZZ'")),
	GOOD("it ships from Hong Kong", OFFER("'shipsFrom': 'HK'")),
	INVALID("an FCC id of another form", "regulatory_ids[1].value",
	    OFFER("'regulatoryIds': [{'scheme': 'ic', 'value': '1'},"
		  " {'scheme': 'fcc', 'value': '-1'}]")),
	GOOD("an FCC id",
	    OFFER("'regulatoryIds': [{'scheme': 'fcc',"
		  " 'value': '2AFZZ-RN4'}]")),
};

#define MICROS(currency, amount)                     \
	OFFER("'price': {'currencyCode': '" currency \
	      "', 'amountMicros': '" amount "'}")
#define BAD_PRICE(label_, currency, amount)              \
	FAULT("6006 E35 " label_, "OFFER_PRICE_INVALID", \
	    "price.amount_micros", amount, MICROS(currency, amount))
#define BAD_CURRENCY(label_, currency)                                         \
	FAULT("6007 " label_, "OFFER_CURRENCY_UNKNOWN", "price.currency_code", \
	    currency, MICROS(currency, "1000000"))

static const expect_t prices[] = {
	FAULT("6006 E35 nothing", "OFFER_PRICE_INVALID", "price.amount_micros",
	    "0",
	    OFFER("'price': {'currencyCode': 'USD', 'amountMicros': null}")),
	BAD_PRICE("less than nothing", "USD", "-1"),
	BAD_PRICE("the least number", "USD", "-9223372036854775808"),
	BAD_PRICE("the greatest number is finer than a cent", "USD",
	    "9223372036854775807"),
	BAD_PRICE("half a cent", "USD", "219995000"),
	GOOD("a cent", MICROS("USD", "10000")),
	BAD_PRICE("half a yen", "JPY", "219500000"),
	GOOD("a yen", MICROS("JPY", "1000000")),
	BAD_PRICE("half a fils", "KWD", "219000500"),
	GOOD("a fils", MICROS("KWD", "219001000")),
	BAD_CURRENCY("no currency of ISO 4217", "ZZZ"),
	BAD_CURRENCY("E24 small letters", "usd"),
	FAULT("6007 E23 a Cyrillic letter", "OFFER_CURRENCY_UNKNOWN",
	    "price.currency_code", NULL, MICROS("US\xd0\x94", "1000000")),
	BAD_CURRENCY("a sign", "$"),
	FAULT("6007 none", "OFFER_CURRENCY_UNKNOWN", "price.currency_code",
	    NULL, OFFER("'price': {'currencyCode': null}")),
	{ .label = "6006 6007 both are told",
	    .want = DENY,
	    .edits = { MICROS("ZZZ", "-5") },
	    .codes = { "OFFER_PRICE_INVALID", "OFFER_CURRENCY_UNKNOWN" } },
};

#define GTIN(digits) OFFER("'gtin': '" digits "'")
#define LISTS(list)  "product {'gtins': [" list "]}"

static const expect_t gtins[] = {
	GOOD("listed", GTIN("06954176800015")),
	GOOD("E36 its 13 digits are the same item", GTIN("6954176800015")),
	GOOD("E36 and the list may have 13, the offer 14",
	    LISTS("'6954176800015'")),
	GOOD("E36 12 digits listed as 14", LISTS("'00012345678905'"),
	    GTIN("012345678905")),
	GOOD("another of the list", LISTS("'96385074', '06954176800015'")),
	FAULT("6004 E36 a check digit", "OFFER_GTIN_CHECK_DIGIT", "gtin",
	    "06954176800016", GTIN("06954176800016")),
	FAULT("6004 E36 two digits in another order", "OFFER_GTIN_CHECK_DIGIT",
	    "gtin", "06954176800051", GTIN("06954176800051")),
	{ .label = "6005 right, and not listed",
	    .want = DENY,
	    .edits = { GTIN("4006381333931") },
	    .codes = { "OFFER_GTIN_MODEL", "-OFFER_GTIN_CHECK_DIGIT" },
	    .path = "gtin",
	    .got = "4006381333931",
	    .wanted = "06954176800015" },
	{ .label = "6004 6005 both are told",
	    .want = DENY,
	    .edits = { GTIN("4006381333932") },
	    .codes = { "OFFER_GTIN_CHECK_DIGIT", "OFFER_GTIN_MODEL" } },
	FAULT("6005 none, and some are listed", "OFFER_GTIN_MODEL", "gtin",
	    "nothing", OFFER("'gtin': null")),
	GOOD("none, and none is listed", LISTS(""), OFFER("'gtin': null")),
	GOOD("one, and none is listed", LISTS(""), GTIN("4006381333931")),
	FAULT("6005 E36 8 digits are not the same with zeros between",
	    "OFFER_GTIN_MODEL", "gtin", "96385074", GTIN("96385074")),
	INVALID("E36 leading zeros dropped", "gtin", GTIN("12345678905")),
	INVALID("E36 10 digits", "gtin", GTIN("6954176800")),
	INVALID("a letter", "gtin", GTIN("0695417680001X")),
	INVALID("a blank", "gtin", GTIN("0695417680001 ")),
	INVALID("D5 \"*\"", "gtin", GTIN("*")),
};

#define VERSION(kind, version) "offer {'" kind "Version': '" version "'}"

static const expect_t against_product[] = {
	FAULT("6009 hardware that is not listed", "OFFER_VERSION_UNKNOWN",
	    "hardware_version", "P3", VERSION("hardware", "P3")),
	FAULT("6009 E24 in small letters", "OFFER_VERSION_UNKNOWN",
	    "hardware_version", "p1", VERSION("hardware", "p1")),
	FAULT("6009 software that is not listed", "OFFER_VERSION_UNKNOWN",
	    "software_version", "7.1", VERSION("software", "7.1")),
	FAULT("6009 none, and some are listed", "OFFER_VERSION_UNKNOWN",
	    "hardware_version", "nothing", "offer {'hardwareVersion': null}"),
	GOOD("a version that is listed", VERSION("hardware", "P2")),
	GOOD("any, where none is listed", VERSION("hardware", "P3"),
	    "product {'hardwareVersions': null}"),
	{ .label = "6013 no product statement",
	    .want = INDETERMINATE,
	    .edits = { "-product" },
	    .codes = { "PRODUCT_UNKNOWN", "-OFFER_VERSION_UNKNOWN" },
	    .missing = "product statement by mi.com of xiaomi 2014215" },
	{ .label = "6013 one by another brand",
	    .want = INDETERMINATE,
	    .edits = { "product {'header': {'issuer': 'meizu.com'}}",
		"product @meizu.com" },
	    .codes = { "PRODUCT_UNKNOWN" },
	    .ignored = "product STATEMENT_ISSUER_ROLE" },
	{ .label = "6013 one that has ended",
	    .want = DENY,
	    .edits = { "product {'header': {'notAfter':"
		       " '2016-01-20T00:00:00Z'}}" },
	    .codes = { "PRODUCT_UNKNOWN", "STATEMENT_EXPIRED" } },
	GOOD("a certifier's, where the brand has none",
	    "product {'header': {'issuer': 'ptcrb.com'}}",
	    "product @ptcrb.com"),
	FAULT("6009 the brand's goes before a certifier's",
	    "OFFER_VERSION_UNKNOWN", "hardware_version", "P3",
	    VERSION("hardware", "P3"),
	    /* It ends later, so it would be chosen if the two were mixed. */
	    "+lab =product {'header': {'issuer': 'ptcrb.com',"
	    " 'notAfter': '2027-01-01T00:00:00Z'},"
	    " 'hardwareVersions': ['P3']}",
	    "lab @ptcrb.com"),
};

static const expect_t elsewhere[] = {
	{ .label = "6008 made for another marketplace",
	    .want = DENY,
	    .edits = { OFFER("'marketplace': 'other.example'") },
	    .codes = { "OFFER_MARKETPLACE" },
	    .path = "marketplace",
	    .got = "other.example",
	    .wanted = "usmobile.com" },
	{ .label = "6008 a party of the root, and no marketplace",
	    .want = DENY,
	    .edits = { OFFER("'marketplace': 'mi.com'") },
	    .codes = { "OFFER_MARKETPLACE" } },
	{ .label = "6001 signed with a stranger's key",
	    .want = DENY,
	    .edits = { "offer @forger" },
	    .codes = { "OFFER_SIGNATURE_INVALID" } },
	{ .label = "6001 signed with another party's key",
	    .want = DENY,
	    .edits = { "offer @mi.com" },
	    .codes = { "OFFER_SIGNATURE_INVALID" } },
	{ .label = "6001 signed, and changed in one bit",
	    .want = DENY,
	    .edits = { "offer !" },
	    .codes = { "OFFER_SIGNATURE_INVALID" } },
	GOOD("S5 a stranger's signature beside the seller's",
	    "offer @forger shop.example"),
	{ .label = "all faults at once, and each is told",
	    .want = DENY,
	    .edits = { OFFER("'title': null, 'gtin': '06954176800016',"
			     " 'price': {'currencyCode': 'ZZZ',"
			     " 'amountMicros': '-1'}, 'marketplace':"
			     " 'other.example', 'shipsFrom': 'EU',"
			     " 'hardwareVersion': 'P9',"
			     " 'disclosures': null"),
		"-carrier", "offer @forger" },
	    .codes = { "OFFER_ATTRIBUTE_MISSING", "OFFER_ATTRIBUTE_INVALID",
		"OFFER_GTIN_CHECK_DIGIT", "OFFER_CURRENCY_UNKNOWN",
		"OFFER_PRICE_INVALID", "OFFER_MARKETPLACE",
		"OFFER_VERSION_UNKNOWN", "OFFER_SIGNATURE_INVALID",
		"CERTIFICATION_MISSING", "DISCLOSURE_MISSING" } },
	{ .label = "all faults of the header, and each is told: the id",
	    .want = DENY,
	    .edits = { HEADER("'id': null, 'revision': null,"
			      " 'notAfter': null") },
	    .codes = { "OFFER_ATTRIBUTE_MISSING" },
	    .path = "header.id" },
	{ .label = "all faults of the header, and each is told: the end",
	    .want = DENY,
	    .edits = { HEADER("'id': null, 'revision': null,"
			      " 'notAfter': null") },
	    .codes = { "OFFER_ATTRIBUTE_MISSING" },
	    .path = "header.not_after" },
};

EXPECT_ROWS(offer, attributes)
EXPECT_ROWS(offer, prices)
EXPECT_ROWS(offer, gtins)
EXPECT_ROWS(offer, against_product)
EXPECT_ROWS(offer, elsewhere)

START_TEST(offer_refusals_are_as_committed)
{
	golden_t list;

	golden_begin(&list);
	expect_refusals(&list, attributes, MARKET__COUNT(attributes));
	expect_refusals(&list, prices, MARKET__COUNT(prices));
	expect_refusals(&list, gtins, MARKET__COUNT(gtins));
	golden_check(&list, "offer.txt");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("offer");
	TCase *tcase = tcase_create("golden");

	EXPECT_TABLE(suite, offer, attributes);
	EXPECT_TABLE(suite, offer, prices);
	EXPECT_TABLE(suite, offer, gtins);
	EXPECT_TABLE(suite, offer, against_product);
	EXPECT_TABLE(suite, offer, elsewhere);
	tcase_add_test(tcase, offer_refusals_are_as_committed);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
