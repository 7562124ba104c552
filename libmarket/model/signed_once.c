/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which keys signed a statement is asked again whenever evidence is sealed
 * anew, a page is loaded again, or somebody hands the same statement in. The
 * answer is kept under the digests of the statement and of the keys that it
 * was asked of, the parent's: what one parent's keys signed says nothing of
 * another's. It holds for just these signatures, good or bad: another envelope
 * around the same payload is asked for itself, and takes the place.
 */
#include "base/memo.h"
#include "crypto/crypto.h"
#include "model/keyset.h"

#define KEY_LEN ((size_t)2 * MARKET_DIGEST_LEN)

typedef struct signed_once {
	market__kept_t kept;
	uint8_t key[KEY_LEN];
	uint8_t signatures[MARKET_DIGEST_LEN];
	market__keymask_t signers;
} signed_once_t;

static void
free_once(const market_allocator_t *allocator, market__shared_t *shared)
{
	market__free(allocator, shared);
}

/* Over all signatures and the hints beside them. */
static market_status_t
digest_signatures(
    const market_statement_t *statement, uint8_t ret_digest[MARKET_DIGEST_LEN])
{
	const market__envelope_t *envelope = &statement->envelope;
	size_t lengths[2 * MARKET__SIGNATURES_MAX], i, n = 0;
	market_slice_t pieces[4 * MARKET__SIGNATURES_MAX], part[2];
	int k;

	for (i = 0; i < envelope->n_signatures; i++) {
		part[0] = envelope->signatures[i].keyid;
		part[1] = envelope->signatures[i].sig;
		for (k = 0; k < 2; k++, n++) {
			lengths[n] = part[k].len;
			pieces[2 * n] = market__slice(
			    &lengths[n], sizeof(lengths[n]));
			pieces[2 * n + 1] = part[k];
		}
	}
	return market__sha256(statement->context, pieces, 2 * n, ret_digest);
}

static market_status_t
keep(const market__keyset_t *keyset, const uint8_t key[KEY_LEN],
    const uint8_t signatures[MARKET_DIGEST_LEN], market__keymask_t signers)
{
	const market_allocator_t *allocator = &keyset->context->allocator;
	signed_once_t *once = market__alloc(allocator, sizeof(*once));

	if (once == NULL)
		return MARKET_E_MEMORY;
	atomic_init(&once->kept.shared.references, 1);
	once->kept.shared.free = free_once;
	once->kept.size = sizeof(*once);
	memcpy(once->key, key, KEY_LEN);
	once->kept.key = market__slice(once->key, KEY_LEN);
	memcpy(once->signatures, signatures, MARKET_DIGEST_LEN);
	once->signers = signers;
	market__memo_put(keyset->context->signed_once, &once->kept);
	market__shared_release(allocator, &once->kept.shared);
	return MARKET_OK;
}

market_status_t
market__keyset_signers(const market__keyset_t *keyset,
    const market_statement_t *statement, market__keymask_t *ret_signers)
{
	uint8_t key[KEY_LEN], signatures[MARKET_DIGEST_LEN];
	market_context_t *context = keyset->context;
	market_status_t status;
	market__keymask_t signers = 0;
	signed_once_t *once;
	bool found;

	/* An offer is judged once: it would only push the evidence out. */
	if (context->signed_once == NULL ||
	    statement->message->kind == MARKET_KIND_OFFER)
		return market__keyset_verify(
		    keyset, statement, NULL, ret_signers);
	memcpy(key, statement->digest, MARKET_DIGEST_LEN);
	memcpy(key + MARKET_DIGEST_LEN, keyset->id, MARKET_DIGEST_LEN);
	status = digest_signatures(statement, signatures);
	if (status != MARKET_OK)
		return status;
	once = (signed_once_t *)(void *)market__memo_find(
	    context->signed_once, market__slice(key, KEY_LEN));
	found = once != NULL &&
	    memcmp(once->signatures, signatures, MARKET_DIGEST_LEN) == 0;
	if (found)
		*ret_signers = once->signers;
	if (once != NULL)
		market__shared_release(&context->allocator, &once->kept.shared);
	if (found)
		return MARKET_OK;
	status = market__keyset_verify(keyset, statement, NULL, &signers);
	if (status == MARKET_OK)
		status = keep(keyset, key, signatures, signers);
	if (status == MARKET_OK)
		*ret_signers = signers;
	return status;
}
