/* SPDX-License-Identifier: Apache-2.0 */
#include "validate_kit.h"

#include <stdio.h>
#include <string.h>

world_t *
validate_world(void)
{
	static const char *const edits[] = {
		"+keyset key-set mi.com {\"keys\": \"$keys:mi.com#2\"}",
		"+subgrant =grant {\"header\": {\"id\": \"sub\"},"
		" \"granteeKeys\": \"$keys:shop.example\","
		" \"parentDigest\": \"$digest:grant\"}",
		"+disavowal disavowal mi.com {\"brand\": \"xiaomi\","
		" \"parties\": [\"*\"], \"scope\": {\"models\": [\"*\"],"
		" \"territories\": [\"US\"], \"channels\": [\"CHANNEL_ANY\"],"
		" \"marketplaces\": [\"*\"], \"conditions\": "
		"[\"CONDITION_ANY\"]}}",
		"+withdraw-digest withdrawal mi.com"
		" {\"targetDigest\": \"$digest:grant\"}",
		"+withdraw-name withdrawal mi.com {\"target\": {\"kind\":"
		" \"authorization\", \"issuer\": \"mi.com\","
		" \"id\": \"grant\"}}",
		"+withdraw-key withdrawal mi.com {\"targetKey\": "
		"\"$key:mi.com\"}",
		"+hold hold usmobile.com {\"target\":"
		" {\"seller\": \"shop.example\"}}",
		"+status status mi.com {\"sequence\": \"1\","
		" \"withdrawn\": [\"$digest:grant\"], \"pageCount\": 1}",
		/* Of no offers: SHA-256 of nothing. */
		"+feed feed shop.example {\"mode\": \"FEED_MODE_FULL\", "
		"\"root\":"
		" \"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\"}",
	};
	world_t *world = world_new();
	size_t i;

	for (i = 0; i < sizeof(edits) / sizeof(edits[0]); i++)
		world_edit(world, edits[i]);
	return world;
}

market_status_t
validate_statement(world_t *world, const char *name, market_error_t *error)
{
	market_draft_t *draft = world_draft(world, name);
	market_signer_t *signer = world_signer(world, "mi.com");
	market_error_t again = MARKET_ERROR_INIT;
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_statement_t *statement = NULL;
	market_status_t checked, parsed;

	checked = market_draft_check(draft, error);
	/* What breaks a limit of the wire cannot even be signed. */
	parsed = market_draft_sign(
	    draft, &signer, 1, MARKET_FORMAT_PROTOBUF, &envelope, &again);
	if (parsed == MARKET_OK)
		parsed = market_statement_parse(world_context(world),
		    market_buffer_slice(&envelope), MARKET_KINDS_ALL,
		    &statement, &again);
	ck_assert_msg(parsed == checked, "%s: %s as a draft, %s when read",
	    name, market_status_name(checked), market_status_name(parsed));
	ck_assert_str_eq(again.path, error->path);
	ck_assert_str_eq(again.message, error->message);
	ck_assert((statement != NULL) == (parsed == MARKET_OK));
	market_statement_free(statement);
	market_buffer_clear(&envelope);
	market_draft_free(draft);
	return checked;
}

static market_status_t
patched(const validate_row_t *row, const char *patch, market_error_t *error)
{
	world_t *world = validate_world();
	char edit[8192];
	market_status_t status;

	if (patch != NULL) {
		ck_assert_int_lt(
		    snprintf(edit, sizeof(edit), "%s %s", row->name, patch),
		    (int)sizeof(edit));
		world_edit(world, edit);
	}
	status = validate_statement(world, row->name, error);
	world_free(world);
	return status;
}

void
validate_run(const validate_row_t *row)
{
	market_status_t want = row->status == 0 ? MARKET_E_SCHEMA : row->status;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t got;

	if (row->bad != NULL) {
		got = patched(row, row->bad, &error);
		ck_assert_msg(got == want, "%s: %s, want %s (%s: %s)",
		    row->label, market_status_name(got),
		    market_status_name(want), error.path, error.message);
		ck_assert_int_eq(error.status, want);
		ck_assert_msg(strcmp(error.path, row->path) == 0,
		    "%s: path \"%s\", want \"%s\" (%s)", row->label, error.path,
		    row->path, error.message);
		ck_assert_msg(error.message[0] != '\0', "%s", row->label);
	}
	memset(&error, 0, sizeof(error));
	got = patched(row, row->good, &error);
	ck_assert_msg(got == MARKET_OK, "%s, as it is good: %s (%s: %s)",
	    row->label, market_status_name(got), error.path, error.message);
}

void
validate_refusals(golden_t *list, const validate_row_t *rows, size_t n)
{
	market_error_t error;
	char label[128];
	size_t i;

	for (i = 0; i < n; i++) {
		if (rows[i].bad == NULL)
			continue;
		memset(&error, 0, sizeof(error));
		snprintf(label, sizeof(label), "%s: %s", rows[i].name,
		    rows[i].label);
		golden_add(list, label, patched(&rows[i], rows[i].bad, &error),
		    &error);
	}
}
