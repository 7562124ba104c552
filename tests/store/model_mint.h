/* SPDX-License-Identifier: Apache-2.0 */
/* What model_mint.c and model_write.c share. */
#ifndef TESTS_STORE_MODEL_MINT_H
#define TESTS_STORE_MODEL_MINT_H

#include "model.h"
#include "world.h"

#define MINT_BUCKETS 4096

typedef struct minted {
	struct minted *next;
	char *text;
	market_buffer_t envelope;
	uint8_t digest[MARKET_DIGEST_LEN];
} minted_t;

struct mint {
	world_t *world;
	minted_t *buckets[MINT_BUCKETS];
	size_t n_minted;
	/* The statement that is being written. */
	market_draft_t *draft; /* NULL: only its text is made */
	char text[16384];
	size_t len;
};

market_signer_t *mint_signer(mint_t *mint, int key);

/* The fields of a fact, as text and, where there is one, into the draft. */
void mint_write(mint_t *mint, const fact_t *fact);

#endif
