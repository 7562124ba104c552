/* SPDX-License-Identifier: Apache-2.0 */
/* Where a statement is filed. */
#include "validate_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "model/slot.h"

static char *
slot_key(const char *prefix, const market_slice_t *components, size_t n)
{
	market_buffer_t taken = MARKET_BUFFER_INIT;
	market__text_t text;

	market__text_init(&text, &market__default_allocator, 1 << 16);
	market__slot_key(&text, prefix, components, n);
	ck_assert_int_eq(market__text_take(&text, &taken), MARKET_OK);
	/* From the default allocator, so for free(). */
	return (char *)taken.data;
}

START_TEST(slot_encodes_each_byte_but_the_unreserved)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~*";
	uint8_t byte;
	market_slice_t component = { &byte, 1 };
	char want[8], *got;
	unsigned c;

	for (c = 0; c < 256; c++) {
		byte = (uint8_t)c;
		got = slot_key("p", &component, 1);
		if (c != 0 && strchr(plain, (int)c) != NULL)
			snprintf(want, sizeof(want), "p/%c", (int)c);
		else
			snprintf(want, sizeof(want), "p/%%%02X", c);
		ck_assert_str_eq(got, want);
		free(got);
	}
}
END_TEST

START_TEST(slot_joins_components_with_slashes)
{
	static const struct {
		const char *label, *components[3], *want;
		size_t n;
	} rows[] = {
		{ "none", { NULL }, "p", 0 },
		{ "one", { "a" }, "p/a", 1 },
		{ "an empty one", { "" }, "p/", 1 },
		{ "two", { "a", "b" }, "p/a/b", 2 },
		{ "an empty one first", { "", "b" }, "p//b", 2 },
		{ "an empty one last", { "b", "" }, "p/b/", 2 },
		{ "a slash inside", { "t-mobile.com/us" },
		    "p/t-mobile.com%2Fus", 1 },
		{ "an escape inside", { "a%2Fb" }, "p/a%252Fb", 1 },
		{ "a blank", { "Mi 4", "x" }, "p/Mi%204/x", 2 },
		{ "dots are no directories", { "..", "." }, "p/../.", 2 },
		{ "any", { "*" }, "p/*", 1 },
		{ "UTF-8", { "\xc3\xa9" }, "p/%C3%A9", 1 },
		{ "three", { "a", "b", "c" }, "p/a/b/c", 3 },
	};
	market_slice_t components[3];
	size_t i, k;
	char *got;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (k = 0; k < rows[i].n; k++)
			components[k] = market_slice_of(rows[i].components[k]);
		got = slot_key("p", components, rows[i].n);
		ck_assert_msg(strcmp(got, rows[i].want) == 0, "%s: %s, want %s",
		    rows[i].label, got, rows[i].want);
		free(got);
	}
}
END_TEST

/* Two lists of components have one slot only if they are the same list. */
START_TEST(slot_is_another_when_any_component_is)
{
	static const char *const nasty[] = { "", "/", "//", "%", "%2F", "%2f",
		"%25", "a", "A", "a/", "/a", "a/b", "a%2Fb", "a%2fb", "*",
		"%2A", "..", "../", "~", "%7E", "a b", "a%20b", "a+b", "\n",
		"\\", "a\\b", "\xc3\xa9", "%C3%A9", "?", "#", "a?b", "a#b", "&",
		"=", "digest", "name/a" };
	enum { N = sizeof(nasty) / sizeof(nasty[0]) };
	char *slots[N * N + N];
	market_slice_t pair[2];
	size_t i, k, n = 0;

	for (i = 0; i < N; i++) {
		pair[0] = market_slice_of(nasty[i]);
		slots[n++] = slot_key("p", pair, 1);
		for (k = 0; k < N; k++) {
			pair[1] = market_slice_of(nasty[k]);
			slots[n++] = slot_key("p", pair, 2);
		}
	}
	/* Check writes down each assertion; these are nearly a million. */
	for (i = 0; i < n; i++)
		for (k = 0; k < i; k++)
			if (strcmp(slots[i], slots[k]) == 0)
				ck_abort_msg(
				    "%zu and %zu are both %s", i, k, slots[i]);
	for (i = 0; i < n; i++)
		free(slots[i]);
}
END_TEST

/* The slots of the kinds, as the design lists them. */
static const struct {
	const char *name, *edit, *want;
} slot_rows[] = {
	{ "root", NULL, "root" },
	{ "policy", NULL, "policy" },
	{ "keyset", NULL, "keys/mi.com" },
	{ "seller", NULL, "seller/shop.example" },
	{ "product", NULL, "product/xiaomi/2014215" },
	{ "product", "product {'brand': 'Xia/omi', 'model': 'Mi 4%'}",
	    "product/Xia%2Fomi/Mi%204%25" },
	{ "network", NULL, "network/t-mobile.com%2Fus" },
	{ "mvno", NULL, "network/usmobile.com%2Fus" },
	{ "grant", NULL, "authorization/xiaomi/shop.example" },
	{ "subgrant", "subgrant {'grantee': 'b.example'}",
	    "authorization/xiaomi/b.example" },
	{ "disavowal", NULL, "disavowal/xiaomi" },
	{ "fcc", NULL, "certification/xiaomi/2014215" },
	{ "carrier", NULL, "certification/xiaomi/2014215" },
	{ "hold", NULL, "hold/shop.example" },
	{ "hold", "hold {'target': {'seller': null, 'brand': 'xiaomi'}}",
	    "hold/*" },
	{ "hold", "hold {'target': null}", "hold/*" },
	{ "hold", "hold {'target': {'seller': '*'}}", "hold/*" },
	{ "status", NULL, "status/mi.com" },
	{ "withdraw-name", NULL, "name/authorization/mi.com/grant" },
	{ "withdraw-name", "withdraw-name {'target': {'id': 'a/b'}}",
	    "name/authorization/mi.com/a%2Fb" },
	{ "offer", NULL, "" },
	{ "feed", NULL, "feed/shop.example/feed" },
};

static char *
slot_of(world_t *world, const char *name)
{
	market_statement_t *statement = NULL;
	market_buffer_t taken = MARKET_BUFFER_INIT;
	market__text_t text;

	ck_assert_int_eq(market_statement_parse(world_context(world),
			     world_envelope(world, name), MARKET_KINDS_ALL,
			     &statement, NULL),
	    MARKET_OK);
	market__text_init(&text, &market__default_allocator, 1 << 16);
	market__slot_of(&text, statement);
	ck_assert_int_eq(market__text_take(&text, &taken), MARKET_OK);
	market_statement_free(statement);
	return (char *)taken.data;
}

START_TEST(slot_is_where_the_design_has_it)
{
	world_t *world = validate_world();
	char *got;

	if (slot_rows[_i].edit != NULL)
		world_edit(world, slot_rows[_i].edit);
	got = slot_of(world, slot_rows[_i].name);
	ck_assert_str_eq(got, slot_rows[_i].want);
	free(got);
	world_free(world);
}
END_TEST

/* A withdrawal by digest or key is filed under what it takes away. */
START_TEST(slot_of_a_withdrawal_is_in_hex)
{
	world_t *world = validate_world();
	market_statement_t *grant = NULL;
	char hex[2 * MARKET_DIGEST_LEN + 1], want[128], *got;

	ck_assert_int_eq(
	    market_statement_parse(world_context(world),
		world_envelope(world, "grant"), MARKET_KINDS_ALL, &grant, NULL),
	    MARKET_OK);
	market__hex(market_statement_digest(grant).ptr, MARKET_DIGEST_LEN, hex);
	snprintf(want, sizeof(want), "digest/%s", hex);
	got = slot_of(world, "withdraw-digest");
	ck_assert_str_eq(got, want);
	free(got);
	market__hex(
	    market_key_id(market_signer_key(world_signer(world, "mi.com"))).ptr,
	    MARKET_DIGEST_LEN, hex);
	snprintf(want, sizeof(want), "key/%s", hex);
	got = slot_of(world, "withdraw-key");
	ck_assert_str_eq(got, want);
	free(got);
	market_statement_free(grant);
	world_free(world);
}
END_TEST

/* Brand "a/b" model "c" must not be brand "a" model "b/c". */
START_TEST(slot_keeps_products_apart_when_their_names_have_slashes)
{
	static const char *const names[][2] = { { "a/b", "c" }, { "a", "b/c" },
		{ "a%2Fb", "c" }, { "a", "b%2Fc" }, { "a/b/c", "c" },
		{ "a", "b" } };
	enum { N = sizeof(names) / sizeof(names[0]) };
	world_t *world = validate_world();
	char edit[128], *slots[N];
	size_t i, k;

	for (i = 0; i < N; i++) {
		snprintf(edit, sizeof(edit),
		    "product {'brand': '%s', 'model': '%s'}", names[i][0],
		    names[i][1]);
		world_edit(world, edit);
		slots[i] = slot_of(world, "product");
		for (k = 0; k < i; k++)
			ck_assert_str_ne(slots[i], slots[k]);
	}
	for (i = 0; i < N; i++)
		free(slots[i]);
	world_free(world);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("slot");
	TCase *tcase = tcase_create("keys");

	tcase_add_test(tcase, slot_encodes_each_byte_but_the_unreserved);
	tcase_add_test(tcase, slot_joins_components_with_slashes);
	tcase_add_test(tcase, slot_is_another_when_any_component_is);
	tcase_add_loop_test(tcase, slot_is_where_the_design_has_it, 0,
	    (int)(sizeof(slot_rows) / sizeof(slot_rows[0])));
	tcase_add_test(tcase, slot_of_a_withdrawal_is_in_hex);
	tcase_add_test(
	    tcase, slot_keeps_products_apart_when_their_names_have_slashes);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
