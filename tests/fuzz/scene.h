/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements with fixed keys for the drivers that need a whole world: each is
 * a row with a letter, a document in JSON, and its issuer's key, which is made
 * from the issuer's name. They are signed once in a process.
 *
 * In a document "$keys:NAME+NAME" is a key set with the keys of those,
 * "$key:NAME" its id, and "$digest:L" the digest of the row with the letter L
 * above.
 */
#ifndef TESTS_FUZZ_SCENE_H
#define TESTS_FUZZ_SCENE_H

#include "fuzz.h"

#define SCENE_NOW INT64_C(1454328000) /* 2016-02-01T12:00:00Z */

typedef struct scene_row {
	char letter;
	market_kind_t kind;
	const char *id;
	const char *issuer;
	const char *body; /* the members behind the header */
	const char *revision;
	const char *key; /* of whom; NULL: the issuer's */
} scene_row_t;

extern const scene_row_t scene_rows[];
extern const size_t scene_row_count;

/* Signs them all, so that no input has to. */
void scene_init(void);
/* Row by its letter, or NULL. */
const scene_row_t *scene_row(char letter);
/* A new draft of a row, for market_draft_free(). */
market_draft_t *scene_draft(const scene_row_t *row);
/* The row, signed; borrowed for as long as the process lives. */
market_slice_t scene_envelope(char letter);
/* Signs a draft as the row is signed; to be cleared. */
market_status_t scene_sign(
    const scene_row_t *row, const market_draft_t *draft, market_buffer_t *ret);
/* The private key of a name; borrowed for as long as the process lives. */
market_slice_t scene_pem(const char *name);
market_signer_t *scene_signer(const char *name);

#endif
