/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the world share: world.h is for its users. */
#ifndef TESTS_UNIT_WORLD_INNER_H
#define TESTS_UNIT_WORLD_INNER_H

#include <jansson.h>

#include "world.h"

#define STATEMENTS_MAX 512
#define KEYS_MAX       256
#define SIGNERS_MAX    16
#define NAME_MAX_LEN   96

typedef struct key {
	char name[NAME_MAX_LEN];
	market_signer_t *signer;
} key_t_;

typedef struct statement {
	char name[NAME_MAX_LEN];
	market_kind_t kind;
	json_t *document;
	char signers[SIGNERS_MAX][NAME_MAX_LEN];
	size_t n_signers;
	bool spoilt;
	market_buffer_t envelope; /* empty until it is signed */
	uint8_t digest[MARKET_DIGEST_LEN];
} statement_t;

struct world {
	market_context_t *context;
	bool own_context;
	statement_t statements[STATEMENTS_MAX];
	size_t n_statements;
	key_t_ keys[KEYS_MAX];
	size_t n_keys;
};

/* ---- world_document.c ---- */

/* A text without any " may have ' for it: tables read better so. */
json_t *world_parse(const char *text);

/* JSON merge patch (RFC 7396), and "NAME+" and "NAME[i]" for a list. */
void world_merge(json_t *target, json_t *patch);

/* ---- world.c ---- */

/* NULL: there is none. */
statement_t *world_statement(world_t *world, const char *name);

/* A statement of `issuer` with the usual header, under its own name. */
void world_put(world_t *world, const char *name, market_kind_t kind,
    const char *issuer, const char *text);

/* "KEY KEY" */
void world_signed_by(statement_t *statement, const char *names);
void world_forget_envelopes(world_t *world);

/* Cuts the next word off *rest; NULL at the end. */
char *world_next_word(char **rest);

/* ---- world_sign.c ---- */

/* Its envelope and digest, unless they are there. */
void world_sign(world_t *world, statement_t *statement);

#endif
