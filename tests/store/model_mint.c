/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements from facts. What was signed is kept by its text, since most
 * sequences say the same.
 */
#include <stdlib.h>
#include <string.h>

#include "model_mint.h"

#define MINTED_MAX 40000

static const char *const key_names[N_KEYS] = { "root", "usmobile.com", "mi.com",
	"mi.com#2", "meizu.com", "t-mobile.com", "telekom.de", "fcc.gov",
	"dist.example", "shop.example", "shop.example#2", "store.example",
	"forger" };

mint_t *
mint_new(void)
{
	mint_t *mint = calloc(1, sizeof(*mint));

	ck_assert_ptr_nonnull(mint);
	mint->world = world_new();
	return mint;
}

static void
forget(mint_t *mint)
{
	minted_t *minted, *next;
	size_t i;

	for (i = 0; i < MINT_BUCKETS; i++) {
		for (minted = mint->buckets[i]; minted != NULL; minted = next) {
			next = minted->next;
			market_buffer_clear(&minted->envelope);
			free(minted->text);
			free(minted);
		}
		mint->buckets[i] = NULL;
	}
	mint->n_minted = 0;
}

void
mint_free(mint_t *mint)
{
	forget(mint);
	world_free(mint->world);
	free(mint);
}

void
mint_trim(mint_t *mint)
{
	if (mint->n_minted > MINTED_MAX)
		forget(mint);
}

market_context_t *
mint_context(mint_t *mint)
{
	return world_context(mint->world);
}

market_signer_t *
mint_signer(mint_t *mint, int key)
{
	return world_signer(mint->world, key_names[key]);
}

market_slice_t
mint_key_id(mint_t *mint, int key)
{
	return market_key_id(market_signer_key(mint_signer(mint, key)));
}

/* ---- signing ---- */

static minted_t **
bucket(mint_t *mint)
{
	uint32_t hash = 2166136261u; /* FNV-1a */
	size_t i;

	for (i = 0; i < mint->len; i++)
		hash = (hash ^ (uint8_t)mint->text[i]) * 16777619u;
	return &mint->buckets[hash % MINT_BUCKETS];
}

static void
sign(mint_t *mint, const fact_t *fact, minted_t *minted)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_statement_t *parsed = NULL;
	market_signer_t *signer = mint_signer(mint, fact->key);

	ck_assert_int_eq(
	    market_draft_new(mint_context(mint), fact->kind, &mint->draft),
	    MARKET_OK);
	mint_write(mint, fact);
	ck_assert_msg(
	    market_draft_sign(mint->draft, &signer, 1, MARKET_FORMAT_PROTOBUF,
		&minted->envelope, &error) == MARKET_OK,
	    "%s: %s", fact->name, error.message);
	market_draft_free(mint->draft);
	mint->draft = NULL;
	ck_assert_msg(market_statement_parse(mint_context(mint),
			  market_buffer_slice(&minted->envelope),
			  MARKET_KINDS_ALL, &parsed, &error) == MARKET_OK,
	    "%s: %s: %s", fact->name, error.path, error.message);
	memcpy(minted->digest, market_statement_digest(parsed).ptr,
	    MARKET_DIGEST_LEN);
	market_statement_free(parsed);
	/* Behind the signature is only the key id. */
	if (fact->spoilt)
		minted->envelope.data[minted->envelope.len - 70] ^= 1;
}

void
mint_sign(mint_t *mint, fact_t *fact)
{
	minted_t **at, *minted;

	mint_write(mint, fact);
	at = bucket(mint);
	for (minted = *at; minted != NULL; minted = minted->next)
		if (strcmp(minted->text, mint->text) == 0)
			break;
	if (minted == NULL) {
		minted = calloc(1, sizeof(*minted));
		ck_assert_ptr_nonnull(minted);
		sign(mint, fact, minted);
		minted->text = calloc(1, mint->len + 1);
		ck_assert_ptr_nonnull(minted->text);
		memcpy(minted->text, mint->text, mint->len);
		minted->next = *at;
		*at = minted;
		mint->n_minted++;
	}
	fact->envelope = market_buffer_slice(&minted->envelope);
	memcpy(fact->digest, minted->digest, MARKET_DIGEST_LEN);
}
