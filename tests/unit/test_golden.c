/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was decided once stays decided: named worlds against the committed
 * tests/golden/decisions.txt. A changed line is a failure, and one that opens
 * what was closed is told in capitals. MARKET_GOLDEN_WRITE=1 writes the files
 * anew and prints what changed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "golden.h"
#include "world.h"

#define DECISIONS "tests/golden/decisions.txt"
#define SCOPE                                                          \
	"\"scope\": {\"models\": [\"*\"], \"territories\": [\"*\"], "  \
	"\"channels\": [\"CHANNEL_ANY\"], \"marketplaces\": [\"*\"], " \
	"\"conditions\": [\"CONDITION_ANY\"]}"
#define DISAVOW(parties)                                         \
	"disavowal mi.com {\"brand\": \"xiaomi\", \"parties\": " \
	"[\"" parties "\"], " SCOPE "}"
#define DIST                                                  \
	"+dist authorization mi.com {\"brand\": \"xiaomi\", " \
	"\"grantee\": \"dist.example\", \"granteeKeys\": "    \
	"\"$keys:dist.example\", \"maxDelegations\": 1, " SCOPE "}"
#define SUB                                                        \
	"+sub authorization dist.example {\"brand\": \"xiaomi\", " \
	"\"grantee\": \"shop.example\", \"parentDigest\": "        \
	"\"$digest:dist\", " SCOPE "}"
#define STATE(name, state) \
	name " {\"state\": \"CERTIFICATION_STATE_" state "\"}"
#define WITHDRAW(issuer, what)                             \
	"+w withdrawal " issuer " {" what ", \"reason\": " \
	"\"WITHDRAWAL_REASON_CEASED\"}"
#define MVNO "offer {\"networks\": [\"usmobile.com/us\"]}"

typedef struct named {
	const char *name;
	const char *at;
	const char *edits[5];
} named_t;

static const named_t worlds[] = {
	{ "good", NULL, { NULL } },
	{ "good-last-second-of-3g", "2022-06-30T23:59:59Z", { NULL } },
	{ "good-first-second-of-2g", "2022-07-01T00:00:00Z", { NULL } },
	{ "good-before-all", "2015-12-31T23:54:59Z", { NULL } },
	{ "good-within-the-skew", "2015-12-31T23:55:00Z", { NULL } },
	{ "good-after-all", "2026-01-01T00:00:00Z", { NULL } },
	{ "mvno", NULL, { MVNO } },
	{ "mvno-unknown-host", NULL, { MVNO, "-network" } },
	{ "mvno-other-carrier-certifies", NULL,
	    { MVNO,
		"carrier {\"header\": {\"issuer\": \"usmobile.com\"}, "
		"\"networks\": [\"usmobile.com/us\"]}",
		"carrier @usmobile.com" } },
	{ "no-grant", NULL, { "-grant" } },
	{ "no-seller", NULL, { "-seller" } },
	{ "no-seller-but-keys-in-the-grant", NULL,
	    { "-seller", "grant {\"granteeKeys\": \"$keys:shop.example\"}",
		"policy {\"requireSellerVerification\": false}" } },
	{ "no-seller-and-no-keys", NULL,
	    { "-seller", "policy {\"requireSellerVerification\": false}" } },
	{ "no-product", NULL, { "-product" } },
	{ "no-network", NULL, { "-network" } },
	{ "no-carrier", NULL, { "-carrier" } },
	{ "no-fcc", NULL, { "-fcc" } },
	{ "forged-offer", NULL, { "offer @forger" } },
	{ "forged-grant", NULL, { "grant @forger" } },
	{ "forged-carrier", NULL, { "carrier @forger" } },
	{ "spoilt-offer", NULL, { "offer !" } },
	{ "test-key-of-the-seller", NULL,
	    { "seller {\"keys\": \"$test-keys:shop.example\"}" } },
	{ "key-of-another-in-the-grant", NULL,
	    { "grant {\"granteeKeys\": \"$keys:other\"}" } },
	{ "suspended", NULL, { "seller {\"suspended\": true}" } },
	{ "chain-of-two", NULL, { "-grant", DIST, SUB } },
	{ "chain-may-not-delegate", NULL,
	    { "-grant", DIST, SUB, "dist {\"maxDelegations\": 0}" } },
	{ "chain-too-long", NULL,
	    { "-grant", DIST, SUB, "policy {\"maxChain\": 1}" } },
	{ "chain-widens-territory", NULL,
	    { "-grant", DIST, SUB,
		"dist {\"scope\": {\"territories\": [\"US-CA\"]}}" } },
	{ "chain-widens-time", NULL,
	    { "-grant", DIST, SUB,
		"dist {\"header\": {\"notAfter\": "
		"\"2025-12-31T23:59:59Z\"}}" } },
	{ "chain-parent-replaced", NULL,
	    { "-grant", DIST, SUB,
		"+dist2 =dist {\"header\": {\"revision\": \"2\"}}" } },
	{ "chain-parent-withdrawn", NULL,
	    { "-grant", DIST, SUB,
		WITHDRAW("mi.com", "\"targetDigest\": \"$digest:dist\"") } },
	{ "chain-orphan", NULL,
	    { "-grant", DIST, SUB, "sub {\"parentDigest\": \"$key:x\"}" } },
	{ "chain-beneath-itself", NULL,
	    { "-grant", DIST, SUB, "sub {\"grantee\": \"dist.example\"}" } },
	{ "grant-of-another-model", NULL,
	    { "grant {\"scope\": {\"models\": [\"2014216\"]}}" } },
	{ "grant-of-another-territory", NULL,
	    { "grant {\"scope\": {\"territories\": [\"CA\"]}}" } },
	{ "grant-of-another-channel", NULL,
	    { "grant {\"scope\": {\"channels\": "
	      "[\"CHANNEL_MARKETPLACE\"]}}" } },
	{ "grant-of-another-marketplace", NULL,
	    { "grant {\"scope\": {\"marketplaces\": [\"other.example\"]}}" } },
	{ "grant-of-nothing", NULL, { "grant {\"scope\": null}" } },
	{ "grant-fork", NULL, { "+fork =grant {\"maxDelegations\": 1}" } },
	{ "disavowed-all", NULL, { "+d " DISAVOW("*") } },
	{ "disavowed-shop", NULL, { "+d " DISAVOW("shop.example") } },
	{ "disavowed-other", NULL, { "+d " DISAVOW("other.example") } },
	{ "disavowed-link", NULL,
	    { "-grant", DIST, SUB, "+d " DISAVOW("dist.example") } },
	{ "disavowed-and-taken-back", NULL,
	    { "+d " DISAVOW("*"),
		WITHDRAW("mi.com", "\"targetDigest\": \"$digest:d\"") } },
	{ "withdrawn-grant", NULL,
	    { WITHDRAW("mi.com", "\"targetDigest\": \"$digest:grant\"") } },
	{ "withdrawn-grant-by-a-stranger", NULL,
	    { WITHDRAW("meizu.com", "\"targetDigest\": \"$digest:grant\"") } },
	{ "withdrawn-key-of-the-carrier", NULL,
	    { WITHDRAW(
		"t-mobile.com", "\"targetKey\": \"$key:t-mobile.com\"") } },
	{
	    "withdrawn-offer",
	    NULL,
	    { WITHDRAW("shop.example", "\"targetDigest\": \"$digest:offer\"") },
	},
	{ "withdrawn-later", NULL,
	    { "+w withdrawal mi.com {\"targetDigest\": \"$digest:grant\", "
	      "\"reason\": \"WITHDRAWAL_REASON_CEASED\", \"effectiveAt\": "
	      "\"2016-02-01T12:00:01Z\"}" } },
	{ "held", NULL,
	    { "+h hold usmobile.com {\"target\": {\"brand\": \"xiaomi\"}, "
	      "\"reason\": \"WITHDRAWAL_REASON_POLICY\"}" } },
	{ "removed", NULL,
	    { "+h hold usmobile.com {\"target\": {\"seller\": "
	      "\"shop.example\", \"offerId\": \"offer\"}, \"final\": true, "
	      "\"reason\": \"WITHDRAWAL_REASON_SAFETY\"}" } },
	{
	    "certified-provisionally",
	    NULL,
	    { STATE("carrier", "PROVISIONAL") },
	},
	{ "certified-provisionally-accepted", NULL,
	    { STATE("carrier", "PROVISIONAL"),
		"policy {\"acceptProvisional\": true}" } },
	{ "certified-in-test", NULL, { STATE("fcc", "IN_TEST") } },
	{ "certified-suspended", NULL, { STATE("fcc", "SUSPENDED") } },
	{ "certified-revoked", NULL, { STATE("fcc", "REVOKED") } },
	{ "certified-again-after-the-end", NULL,
	    { STATE("fcc", "REVOKED"),
		"+again =fcc {\"header\": {\"revision\": \"2\"}, \"state\": "
		"\"CERTIFICATION_STATE_CERTIFIED\"}" } },
	{ "certified-other-software", NULL,
	    { "offer {\"softwareVersion\": \"7.1.3\"}" } },
	{ "bands-unknown", NULL,
	    { "product {\"radio\": {\"unknownRats\": [\"RAT_LTE\"]}}" } },
	{ "bands-of-no-use", NULL,
	    { "product {\"radio\": {\"umtsBands\": [1, 8], \"gsmMhz\": "
	      "[900]}}" } },
	{ "wifi-only-will-do", NULL,
	    { "product {\"radio\": {\"umtsBands\": [1], \"gsmMhz\": [900]}}",
		"policy {\"minimumService\": \"SERVICE_NONE\"}",
		"offer {\"disclosures\": [\"DISCLOSURE_WIFI_ONLY\"]}" } },
	{ "nothing-disclosed", NULL, { "offer {\"disclosures\": []}" } },
	{ "gtin-of-another", NULL, { "offer {\"gtin\": \"4006381333931\"}" } },
	{ "price-of-nothing", NULL,
	    { "offer {\"price\": {\"amountMicros\": \"0\"}}" } },
	{ "other-marketplace", NULL,
	    { "offer {\"marketplace\": \"mi.com\"}" } },
	{ "policy-ended", NULL,
	    { "policy {\"header\": {\"notAfter\": "
	      "\"2016-02-01T12:00:00Z\"}}" } },
	{ "root-ended", NULL,
	    { "root {\"header\": {\"notAfter\": "
	      "\"2016-02-01T12:00:00Z\"}}" } },
	{ "status-demanded", NULL,
	    { "policy {\"statusRules\": [{\"role\": \"ROLE_BRAND\", "
	      "\"maxAgeSeconds\": \"86400\"}]}" } },
	{ "test-environment", NULL,
	    { "policy {\"environment\": \"ENVIRONMENT_TEST\"}" } },
	{ "several-cells", NULL,
	    { "offer {\"territories\": [\"US\", \"CA\"], \"networks\": "
	      "[\"t-mobile.com/us\", \"att.com/us\"]}" } },
};

#define N_WORLDS (sizeof(worlds) / sizeof(worlds[0]))

static market_decision_t *
judge(world_t *world, const named_t *named)
{
	size_t i;

	for (i = 0; i < 5 && named->edits[i] != NULL; i++)
		world_edit(world, named->edits[i]);
	return world_check(world, "offer", named->at);
}

static void
add_codes(market__text_t *out, const market_finding_t *findings, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		market__text_printf(
		    out, " %s", market_code_info(findings[i].code)->name);
}

/* With --statements FILE: every envelope of the worlds, a line of hex each. */
static FILE *statements;

static void
put_statement(world_t *world, const char *name)
{
	market_slice_t envelope = world_envelope(world, name);
	size_t i;

	for (i = 0; i < envelope.len; i++)
		fprintf(statements, "%02x", envelope.ptr[i]);
	putc('\n', statements);
}

static void
put_statements(world_t *world)
{
	const char *name;
	size_t i;

	if (statements == NULL)
		return;
	put_statement(world, "root");
	put_statement(world, "policy");
	put_statement(world, "offer");
	for (i = 0; (name = world_evidence_name(world, i)) != NULL; i++)
		if (name[0] != '\0')
			put_statement(world, name);
}

/* "NAME VERDICT CODES | TERRITORY NETWORK VERDICT SERVICE HORIZON CODES" */
static void
add_line(market__text_t *out, const named_t *named)
{
	world_t *world = world_new();
	market_decision_t *decision = judge(world, named);
	const market_finding_t *finding;
	const market_cell_t *cell;
	size_t i;

	market__text_printf(out, "%s %s", named->name,
	    market_verdict_name(market_decision_verdict(decision)));
	for (i = 0; (finding = market_decision_finding(decision, i)) != NULL;
	     i++)
		add_codes(out, finding, 1);
	for (i = 0; (cell = market_decision_cell(decision, i)) != NULL; i++) {
		market__text_printf(out, " | %.*s %.*s %s %s ",
		    (int)cell->territory.len, (const char *)cell->territory.ptr,
		    (int)cell->network.len, (const char *)cell->network.ptr,
		    market_verdict_name(cell->verdict),
		    market_service_name(cell->service));
		if (cell->horizon == INT64_MAX)
			market__text_puts(out, "-");
		else
			market__text_time(out, cell->horizon);
		add_codes(out, cell->findings, cell->finding_count);
	}
	market__text_putc(out, '\n');
	put_statements(world);
	market_decision_free(decision);
	world_free(world);
}

static bool
permits(const char *line)
{
	return strncmp(line + strcspn(line, " "), " PERMIT", 7) == 0;
}

/* Is one permitted that was not? Names it in capitals. */
static bool
opens(const char *committed, const char *now)
{
	const char *line, *other;
	bool opened = false;

	for (line = now; *line != '\0'; line += strcspn(line, "\n") + 1) {
		other = golden_line(committed, line, ' ');
		if (!permits(line) || (other != NULL && permits(other)))
			continue;
		opened = true;
		fprintf(stderr, "BECAME PERMITTED: %.*s\n",
		    (int)strcspn(line, " "), line);
	}
	return opened;
}

static const char *statements_path;

START_TEST(decisions_are_as_committed)
{
	market__text_t now;
	bool opened;
	char *committed;
	size_t i, n;

	if (statements_path != NULL) {
		statements = fopen(statements_path, "w");
		ck_assert_ptr_nonnull(statements);
	}

	market__text_init(&now, &market__default_allocator, 1 << 20);
	for (i = 0; i < N_WORLDS; i++)
		add_line(&now, &worlds[i]);
	if (statements != NULL)
		ck_assert_int_eq(fclose(statements), 0);
	market__text_putc(&now, '\0');
	ck_assert_int_eq(now.status, MARKET_OK);
	committed = harness_read(harness_source(DECISIONS), NULL);
	opened = opens(committed, now.data);
	n = golden_differences(committed, now.data, ' ', '-');
	n += golden_differences(now.data, committed, ' ', '+');
	if (golden_writing()) {
		golden_write(DECISIONS, now.data, strlen(now.data));
		n = 0;
	}
	ck_assert_msg(!opened || golden_writing(),
	    "A DECISION THAT WAS NO PERMIT BECAME ONE (see stderr)");
	ck_assert_msg(n == 0,
	    "%zu lines of " DECISIONS " differ (see stderr); if that is "
	    "meant, run this with MARKET_GOLDEN_WRITE=1",
	    n);
	ck_assert(golden_writing() || strcmp(committed, now.data) == 0);
	free(committed);
	market__text_clear(&now);
}
END_TEST

/* One world for the reports: much in it, and hostile text. */
static const named_t reported = { "reported", NULL,
	{ "offer {\"territories\": [\"US\", \"CA\"], \"networks\": "
	  "[\"t-mobile.com/us\", \"usmobile.com/us\"], \"disclosures\": []}",
	    "+far authorization mi.com {\"brand\": \"xiaomi\", \"grantee\": "
	    "\"shop.example\", \"scope\": {\"models\": [\"M\\\"}\\\\1\"], "
	    "\"territories\": [\"CA\"]}}",
	    "+w withdrawal mi.com {\"targetDigest\": \"$digest:far\", "
	    "\"reason\": \"WITHDRAWAL_REASON_ERROR\", \"note\": "
	    "\"line\\nbreak, \\u001b[31mred, \\u202e and \\\"quote\\\"\"}",
	    "+junk =grant {\"header\": {\"issuer\": \"junk.example\"}}" } };

static void
check_report(const char *name, const market_buffer_t *report)
{
	size_t len = 0;
	char *committed;

	if (golden_writing())
		golden_write(name, report->data, report->len);
	committed = harness_read(harness_source(name), &len);
	ck_assert_msg(
	    len == report->len && memcmp(committed, report->data, len) == 0,
	    "%s differs; if that is meant, run this with "
	    "MARKET_GOLDEN_WRITE=1\n%.4000s",
	    name, (const char *)report->data);
	free(committed);
}

static market_decision_t *
reported_decision(world_t *world)
{
	market_evidence_t *evidence;
	market_decision_t *decision = NULL;
	size_t i;

	for (i = 0; reported.edits[i] != NULL; i++)
		world_edit(world, reported.edits[i]);
	evidence = world_evidence(world, 0);
	ck_assert_int_eq(
	    market_evidence_add(evidence, market_slice_of("\x0a\x05"),
		"dir/\x1b[2J\"\n.json", NULL),
	    MARKET_OK);
	ck_assert_int_eq(market_check(evidence, world_envelope(world, "offer"),
			     world_time(WORLD_NOW), &decision, NULL),
	    MARKET_E_DENIED);
	market_evidence_free(evidence);
	return decision;
}

START_TEST(reports_are_as_committed)
{
	world_t *world = world_new();
	market_decision_t *decision = reported_decision(world);
	market_buffer_t json = MARKET_BUFFER_INIT, text = MARKET_BUFFER_INIT;

	ck_assert_int_eq(market_decision_json(decision, &json), MARKET_OK);
	ck_assert_int_eq(market_decision_text(decision, 80, &text), MARKET_OK);
	check_report("tests/golden/report.json", &json);
	check_report("tests/golden/report.txt", &text);
	market_buffer_clear(&json);
	market_buffer_clear(&text);
	market_decision_free(decision);
	world_free(world);
}
END_TEST

/* Nothing that a stranger wrote reaches a terminal as it was. */
START_TEST(reports_are_printable_ascii)
{
	world_t *world = world_new();
	market_decision_t *decision = reported_decision(world);
	market_buffer_t json = MARKET_BUFFER_INIT, text = MARKET_BUFFER_INIT;
	size_t i;

	ck_assert_int_eq(market_decision_json(decision, &json), MARKET_OK);
	ck_assert_int_eq(market_decision_text(decision, 0, &text), MARKET_OK);
	ck_assert_uint_gt(json.len, 0);
	ck_assert_int_eq(json.data[json.len - 1], '\n');
	for (i = 0; i + 1 < json.len; i++)
		ck_assert_msg(json.data[i] >= 0x20 && json.data[i] < 0x7f,
		    "byte %zu of the JSON is %02x", i, json.data[i]);
	for (i = 0; i < text.len; i++)
		ck_assert_msg(text.data[i] == '\n' ||
			(text.data[i] >= 0x20 && text.data[i] < 0x7f),
		    "byte %zu of the text is %02x", i, text.data[i]);
	market_buffer_clear(&json);
	market_buffer_clear(&text);
	market_decision_free(decision);
	world_free(world);
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("golden");
	TCase *tcase = tcase_create("golden");

	if (argc == 3 && strcmp(argv[1], "--statements") == 0)
		statements_path = argv[2];
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, decisions_are_as_committed);
	tcase_add_test(tcase, reports_are_as_committed);
	tcase_add_test(tcase, reports_are_printable_ascii);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
