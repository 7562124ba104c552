/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "world_inner.h"

/* Cuts the next word off *rest; NULL at the end. */
char *
world_next_word(char **rest)
{
	char *word = *rest;

	if (*word == '\0')
		return NULL;
	*rest += strcspn(word, " ");
	while (**rest == ' ')
		*(*rest)++ = '\0';
	return word;
}

statement_t *
world_statement(world_t *world, const char *name)
{
	size_t i;

	for (i = 0; i < world->n_statements; i++)
		if (strcmp(world->statements[i].name, name) == 0)
			return &world->statements[i];
	return NULL;
}

static statement_t *
add(world_t *world, const char *name, market_kind_t kind, json_t *document)
{
	statement_t *statement;

	ck_assert_uint_lt(world->n_statements, STATEMENTS_MAX);
	ck_assert_msg(
	    world_statement(world, name) == NULL, "%s is there", name);
	statement = &world->statements[world->n_statements++];
	memset(statement, 0, sizeof(*statement));
	snprintf(statement->name, sizeof(statement->name), "%s", name);
	statement->kind = kind;
	statement->document = document;
	return statement;
}

void
world_signed_by(statement_t *statement, const char *names)
{
	char copy[512], *rest = copy, *name;

	snprintf(copy, sizeof(copy), "%s", names);
	statement->n_signers = 0;
	while ((name = world_next_word(&rest)) != NULL) {
		ck_assert_uint_lt(statement->n_signers, SIGNERS_MAX);
		snprintf(statement->signers[statement->n_signers++],
		    NAME_MAX_LEN, "%s", name);
	}
}

/* A statement of `issuer` with the usual header, under its own name. */
void
world_put(world_t *world, const char *name, market_kind_t kind,
    const char *issuer, const char *text)
{
	json_t *document = world_parse(text), *header;

	header = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "issuer", issuer,
	    "id", name, "revision", "1", "issuedAt", "2016-01-01T00:00:00Z",
	    "notBefore", "2016-01-01T00:00:00Z", "notAfter",
	    "2026-01-01T00:00:00Z");
	if (json_object_get(document, "header") != NULL)
		world_merge(header, json_object_get(document, "header"));
	json_object_set_new(document, "header", header);
	world_signed_by(add(world, name, kind, document), issuer);
}

void
world_forget_envelopes(world_t *world)
{
	size_t i;

	for (i = 0; i < world->n_statements; i++)
		market_buffer_clear(&world->statements[i].envelope);
}

/* ---- edits ---- */

static void
take_away(world_t *world, const char *name)
{
	statement_t *statement = world_statement(world, name);
	size_t i;

	ck_assert_msg(statement != NULL, "no statement %s", name);
	json_decref(statement->document);
	i = (size_t)(statement - world->statements);
	memmove(statement, statement + 1,
	    (world->n_statements - i - 1) * sizeof(*statement));
	world->n_statements--;
}

static void
edit_one(world_t *world, const char *name, const char *what)
{
	statement_t *statement = world_statement(world, name);
	json_t *patch;

	ck_assert_msg(statement != NULL, "no statement %s", name);
	if (what[0] == '@') {
		world_signed_by(statement, what + 1);
	} else if (what[0] == '!') {
		statement->spoilt = true;
	} else {
		patch = world_parse(what);
		world_merge(statement->document, patch);
		json_decref(patch);
	}
}

/* "NAME =OTHER {patch}" or "NAME KIND ISSUER {doc}" */
static void
edit_add(world_t *world, const char *text)
{
	char name[NAME_MAX_LEN], kind[NAME_MAX_LEN], issuer[NAME_MAX_LEN];
	statement_t *other, *copy;
	int used = 0;

	ck_assert_int_eq(sscanf(text, "%95s %95s %n", name, kind, &used), 2);
	if (kind[0] == '=') {
		other = world_statement(world, kind + 1);
		ck_assert_msg(other != NULL, "no statement %s", kind + 1);
		copy = add(
		    world, name, other->kind, json_deep_copy(other->document));
		memcpy(copy->signers, other->signers, sizeof(copy->signers));
		copy->n_signers = other->n_signers;
		if (text[used] != '\0')
			edit_one(world, name, text + used);
		return;
	}
	ck_assert_int_eq(
	    sscanf(text, "%95s %95s %95s %n", name, kind, issuer, &used), 3);
	ck_assert_msg(
	    market_kind_find(kind) != MARKET_KIND_NONE, "%s: no kind", kind);
	world_put(world, name, market_kind_find(kind), issuer, text + used);
}

void
world_edit(world_t *world, const char *edit)
{
	char name[NAME_MAX_LEN];
	int used = 0;

	world_forget_envelopes(world);
	if (edit[0] == '-') {
		take_away(world, edit + 1);
	} else if (edit[0] == '+') {
		edit_add(world, edit + 1);
	} else {
		ck_assert_int_eq(sscanf(edit, "%95s %n", name, &used), 1);
		edit_one(world, name, edit + used);
	}
}
