/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A brand says that nobody, or these parties, are authorised in a scope. It
 * hits any party of a chain, beats every grant, and never lapses by itself.
 */
#include "grants.h"

#define PERMIT    MARKET_VERDICT_PERMIT
#define DENY      MARKET_VERDICT_DENY
#define UNSURE    MARKET_VERDICT_INDETERMINATE
#define DISAVOWED MARKET_CODE_BRAND_DISAVOWED
#define SOUND     -MARKET_CODE_BRAND_DISAVOWED

#define ANYWHERE                                               \
	" 'scope': {'models': ['*'], 'territories': ['*'],"    \
	" 'channels': ['CHANNEL_ANY'], 'marketplaces': ['*']," \
	" 'conditions': ['CONDITION_ANY']}"
#define DISAVOW(name, parties)                           \
	"+" name " disavowal mi.com {'brand': 'xiaomi'," \
	" 'parties': [" parties "]," ANYWHERE "}"
#define TWO_LINKS                   \
	FIRST("dist.example", "1"), \
	    LINK("child", "dist.example", "shop.example", "grant", "0")

static const world_row_t parties[] = {
	{ .label = "nobody is authorised",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'*'") },
	    .codes = { DISAVOWED } },
	{ .label = "the seller is not",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'shop.example'") },
	    .codes = { DISAVOWED } },
	{ .label = "another is not",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'other.example'") },
	    .codes = { SOUND } },
	{ .label = "GS1: a name that ends alike",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'www.shop.example', 'op.example'") },
	    .codes = { SOUND } },
	{ .label = "the seller among others",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'other.example', 'shop.example'") },
	    .codes = { DISAVOWED } },
	{ .label = "it beats any number of grants",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'shop.example'"),
		GRANT("more", "shop.example", "") },
	    .codes = { DISAVOWED } },
	{ .label = "it is told also where no grant is",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'*'"), "-grant" },
	    .codes = { DISAVOWED, MARKET_CODE_AUTHORIZATION_MISSING } },
	{ .label = "the distributor in the middle is not",
	    .want = DENY,
	    .edits = { TWO_LINKS, DISAVOW("d", "'dist.example'") },
	    .codes = { DISAVOWED } },
	{ .label = "the distributor of another chain is not",
	    .want = PERMIT,
	    .edits = { TWO_LINKS, DISAVOW("d", "'dist.example'"),
		GRANT("more", "shop.example", "") },
	    .codes = { MARKET_CODE_AUTHORIZATION_ALTERNATIVE_FAILED, SOUND } },
	{ .label = "a distributor beneath no chain of this seller is not",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'dist.example'") },
	    .codes = { SOUND } },
	{ .label = "the fulfiller is not",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'depot.example'"),
		"offer {'fulfiller': 'depot.example'}" },
	    .codes = { DISAVOWED } },
	{ .label = "the fulfiller is another",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'depot.example'") },
	    .codes = { SOUND } },
	{ .label = "another brand's word",
	    .want = PERMIT,
	    .edits = { "+d disavowal meizu.com {'brand': 'meizu',"
		       " 'parties': ['*']," ANYWHERE "}" },
	    .codes = { SOUND } },
	{ .label = "by one who does not own the brand",
	    .want = PERMIT,
	    .edits = { "+d disavowal meizu.com {'brand': 'xiaomi',"
		       " 'parties': ['*']," ANYWHERE "}" },
	    .codes = { SOUND },
	    .ignored = "d",
	    .ignored_code = MARKET_CODE_STATEMENT_ISSUER_ROLE },
	{ .label = "by the marketplace, which owns no brand",
	    .want = PERMIT,
	    .edits = { "+d disavowal usmobile.com {'brand': 'xiaomi',"
		       " 'parties': ['*']," ANYWHERE "}" },
	    .ignored = "d",
	    .ignored_code = MARKET_CODE_STATEMENT_ISSUER_ROLE },
	{ .label = "a forged one disavows nobody",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'*'"), "d @forger" },
	    .ignored = "d",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
	{ .label = "D4 no party is no statement",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "") },
	    .ignored = "d",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },
};

static const world_row_t scopes[] = {
	{ .label = "this model",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'*'"),
		"d {'scope': {'models': ['2014215']}}" },
	    .codes = { DISAVOWED } },
	{ .label = "another model",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'*'"),
		"d {'scope': {'models': ['2014811']}}" },
	    .codes = { SOUND } },
	{ .label = "D5 no globs",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'*'"),
		"d {'scope': {'models': ['2014*']}}" },
	    .codes = { SOUND } },
	{ .label = "this territory",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'*'"),
		"d {'scope': {'territories': ['US']}}" },
	    .codes = { DISAVOWED } },
	{ .label = "another territory",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'*'"),
		"d {'scope': {'territories': ['CA']}}" },
	    .codes = { SOUND } },
	{ .label = "what forbids applies where it overlaps",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'*'"),
		"d {'scope': {'territories': ['US-CA']}}" },
	    .codes = { DISAVOWED } },
	{ .label = "... and not beside it",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'*'"),
		"d {'scope': {'territories': ['US-CA']}}",
		"offer {'territories': ['US-NV']}" },
	    .codes = { SOUND } },
	{ .label = "a part of the cell is excluded again",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'*'"),
		"d {'scope': {'excludedTerritories': ['US-CA']}}" },
	    .codes = { DISAVOWED } },
	{ .label = "all of the cell is excluded again",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'*'"),
		"d {'scope': {'excludedTerritories': ['US']}}" },
	    .codes = { SOUND } },
	{ .label = "this channel",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'*'"),
		"d {'scope': {'channels': ['CHANNEL_ONLINE_STORE']}}" },
	    .codes = { DISAVOWED } },
	{ .label = "another channel",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'*'"),
		"d {'scope': {'channels': ['CHANNEL_RETAIL_STORE']}}" },
	    .codes = { SOUND } },
	{ .label = "this marketplace",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'*'"),
		"d {'scope': {'marketplaces': ['usmobile.com']}}" },
	    .codes = { DISAVOWED } },
	{ .label = "another marketplace",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'*'"),
		"d {'scope': {'marketplaces': ['other.example']}}" },
	    .codes = { SOUND } },
	{ .label = "this condition",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'*'"),
		"d {'scope': {'conditions': ['CONDITION_NEW']}}" },
	    .codes = { DISAVOWED } },
	{ .label = "another condition",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'*'"),
		"d {'scope': {'conditions': ['CONDITION_USED']}}" },
	    .codes = { SOUND } },
	{ .label = "D4 an empty axis is no statement",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'*'"), "d {'scope': {'models': []}}" },
	    .ignored = "d",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },
	{ .label = "D4 no scope is no statement",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'*'"), "d {'scope': null}" },
	    .ignored = "d",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },
};

#define REVISION2 " 'header': {'revision': '2'"
#define LATER     "'2016-03-01T00:00:00Z'"

static const world_row_t lasting[] = {
	{ .label = "its end does not end it",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'*'"),
		"d {'header': {'notAfter': '2016-01-15T00:00:00Z'}}" },
	    .codes = { DISAVOWED } },
	{ .label = "one without an end",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'*'"),
		"d {'header': {'notAfter': null}}" },
	    .codes = { DISAVOWED } },
	{ .label = "T1 one that begins later",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'*'"),
		"d {'header': {'notBefore': " LATER "}}" },
	    .codes = { SOUND } },
	{ .label = "T1 at its beginning",
	    .want = DENY,
	    .at = "2016-03-01T00:00:00Z",
	    .edits = { DISAVOW("d", "'*'"),
		"d {'header': {'notBefore': " LATER "}}" },
	    .codes = { DISAVOWED } },
	{ .label = "T1 a second before its beginning",
	    .want = PERMIT,
	    .at = "2016-02-29T23:59:59Z",
	    .edits = { DISAVOW("d", "'*'"),
		"d {'header': {'notBefore': " LATER "}}" },
	    .codes = { SOUND } },
	{ .label = "T10 when it says it was issued does not matter",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'*'"),
		"d {'header': {'issuedAt': " LATER "}}" },
	    .codes = { DISAVOWED } },
	{ .label = "withdrawn by the brand",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'*'"),
		"+w withdrawal mi.com {'targetDigest': '$digest:d'}" },
	    .codes = { SOUND } },
	{ .label = "withdrawn by name",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'*'"),
		"+w withdrawal mi.com {'target': {'kind': 'disavowal',"
		" 'issuer': 'mi.com', 'id': 'd'}}" },
	    .codes = { SOUND } },
	{ .label = "withdrawn from later on",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'*'"),
		"+w withdrawal mi.com {'targetDigest': '$digest:d',"
		" 'effectiveAt': " LATER "}" },
	    .codes = { DISAVOWED } },
	{ .label = "withdrawn by another brand",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'*'"),
		"+w withdrawal meizu.com {'targetDigest': '$digest:d'}" },
	    .codes = { DISAVOWED },
	    .ignored = "w",
	    .ignored_code = MARKET_CODE_STATEMENT_NO_STANDING },
	{ .label = "withdrawn by the seller that it hits",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'*'"),
		"+w withdrawal shop.example {'targetDigest': '$digest:d'}" },
	    .codes = { DISAVOWED },
	    .ignored = "w",
	    .ignored_code = MARKET_CODE_STATEMENT_NO_STANDING },
	{ .label = "revised to nothing here",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'*'"),
		"+e =d {" REVISION2 "}, 'scope': {'models': ['2014811']}}" },
	    .codes = { SOUND } },
	{ .label = "revised to more",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'other.example'"),
		"+e =d {" REVISION2 "}, 'parties': ['*']}" },
	    .codes = { DISAVOWED } },
	{ .label = "revised from later on: the first holds until then",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'*'"),
		"+e =d {" REVISION2 ", 'notBefore': " LATER "},"
		" 'parties': ['other.example']}" },
	    .codes = { DISAVOWED } },
	{ .label = "... and not after it",
	    .want = PERMIT,
	    .at = "2016-03-01T00:00:00Z",
	    .edits = { DISAVOW("d", "'*'"),
		"+e =d {" REVISION2 ", 'notBefore': " LATER "},"
		" 'parties': ['other.example']}" },
	    .codes = { SOUND } },
	{ .label = "the revision was withdrawn, and no lower one returns",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'*'"), "+e =d {" REVISION2 "}}",
		"+w withdrawal mi.com {'targetDigest': '$digest:e'}" },
	    .codes = { SOUND } },
	{ .label = "of forks all count",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'other.example'"),
		"+e =d {'parties': ['shop.example']}" },
	    .codes = { DISAVOWED } },
	{ .label = "... and one of them withdrawn leaves the other",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'*'"),
		"+e =d {'parties': ['shop.example']}",
		"+w withdrawal mi.com {'targetDigest': '$digest:d'}" },
	    .codes = { DISAVOWED } },
};

#define TEST_KEY                                                  \
	"root {'parties[0]': {'keys': {'threshold': 1, 'keys': [" \
	"{'spki': '$spki:mi.com',"                                \
	" 'environment': 'ENVIRONMENT_PRODUCTION'},"              \
	"{'spki': '$spki:mi.com#2',"                              \
	" 'environment': 'ENVIRONMENT_TEST'}]}}}"

/* Who holds a key that counts no more, or not here, lifts nothing with it. */
static const world_row_t lifting[] = {
	{ .label = "after its key fell it still disavows",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'*'"),
		"root {'parties[0]': {'keys': '$keys:mi.com mi.com#2'}}",
		"d @mi.com#2",
		"+k withdrawal mi.com {'targetKey': '$key:mi.com#2'}" },
	    .codes = { DISAVOWED } },
	{ .label = "revised by a key that counts",
	    .want = PERMIT,
	    .edits = { DISAVOW("d", "'*'"),
		"root {'parties[0]': {'keys': '$keys:mi.com mi.com#2'}}",
		"+e =d {" REVISION2 "}, 'parties': ['other.example']}",
		"e @mi.com#2" },
	    .codes = { SOUND } },
	{ .label = "revised by a withdrawn key",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'*'"),
		"root {'parties[0]': {'keys': '$keys:mi.com mi.com#2'}}",
		"+e =d {" REVISION2 "}, 'parties': ['other.example']}",
		"e @mi.com#2",
		"+k withdrawal mi.com {'targetKey': '$key:mi.com#2'}" },
	    .codes = { DISAVOWED } },
	{ .label = "withdrawn by a withdrawn key",
	    .want = DENY,
	    .edits = { DISAVOW("d", "'*'"),
		"root {'parties[0]': {'keys': '$keys:mi.com mi.com#2'}}",
		"+w withdrawal mi.com {'targetDigest': '$digest:d'}",
		"w @mi.com#2",
		"+k withdrawal mi.com {'targetKey': '$key:mi.com#2'}" },
	    .codes = { DISAVOWED } },
	{ .label = "Matter: a test key disavows nobody in production",
	    .want = PERMIT,
	    .edits = { TEST_KEY, DISAVOW("d", "'*'"), "d @mi.com#2" },
	    .codes = { SOUND } },
	{ .label = "Matter: a test key revises nothing in production",
	    .want = DENY,
	    .edits = { TEST_KEY, DISAVOW("d", "'*'"),
		"+e =d {" REVISION2 "}, 'parties': ['other.example']}",
		"e @mi.com#2" },
	    .codes = { DISAVOWED } },
	{ .label = "Matter: a test key withdraws nothing in production",
	    .want = DENY,
	    .edits = { TEST_KEY, DISAVOW("d", "'*'"),
		"+w withdrawal mi.com {'targetDigest': '$digest:d'}",
		"w @mi.com#2" },
	    .codes = { DISAVOWED } },
};

START_TEST(disavowal_hits_any_party_of_the_chain)
{
	world_run_row(&parties[_i]);
}
END_TEST

START_TEST(disavowal_applies_where_it_overlaps)
{
	world_run_row(&scopes[_i]);
}
END_TEST

START_TEST(disavowal_stands_until_withdrawn_or_revised)
{
	world_run_row(&lasting[_i]);
}
END_TEST

START_TEST(disavowal_is_lifted_by_keys_that_count)
{
	world_run_row(&lifting[_i]);
}
END_TEST

#define ADD(test, table)     \
	tcase_add_loop_test( \
	    tcase, test, 0, (int)(sizeof(table) / sizeof((table)[0])))

int
main(void)
{
	Suite *suite = suite_create("disavowal");
	TCase *tcase = tcase_create("disavowal");

	ADD(disavowal_hits_any_party_of_the_chain, parties);
	ADD(disavowal_applies_where_it_overlaps, scopes);
	ADD(disavowal_stands_until_withdrawn_or_revised, lasting);
	ADD(disavowal_is_lifted_by_keys_that_count, lifting);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
