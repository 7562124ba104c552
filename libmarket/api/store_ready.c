/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures of offers that are about to be judged, verified by several
 * threads: each with the key that it names, of those that the seller has here.
 * Judging takes what is known from here, and tries the rest itself; so what
 * comes out is the same.
 */
#include "api/store_evidence.h"
#include "api/store_submit.h"
#include "base/crew.h"
#include "crypto/crypto.h"

/* One signature with one key. */
typedef struct part {
	market__submission_t *submission;
	market_key_t *key;
	size_t signature;
	market_status_t status;
} part_t;

typedef struct readying {
	market__call_t *call;
	market__arena_t arena; /* of the parts */
	part_t *parts;
	size_t n, capacity;
} readying_t;

static market_status_t
no_memory(market_error_t *reterr)
{
	return market__error(reterr, MARKET_E_MEMORY, NULL, -1,
	    "no memory for the signatures of offers");
}

static market_status_t
add_part(readying_t *r, market__submission_t *submission, market_key_t *key,
    size_t signature)
{
	size_t more = 2 * r->capacity + 1024, i;
	part_t *grown;

	/* Of this offer; its parts are the last ones. */
	for (i = r->n; i > 0 && r->parts[i - 1].submission == submission; i--)
		if (r->parts[i - 1].signature == signature &&
		    market__slice_equal(
			market_key_id(r->parts[i - 1].key), market_key_id(key)))
			return MARKET_OK;
	if (r->n - i == MARKET__TRIED_MAX)
		return MARKET_OK;
	if (r->n == r->capacity) {
		grown = market__arena_array(&r->arena, more, sizeof(*grown));
		if (grown == NULL)
			return no_memory(r->call->reterr);
		if (r->n > 0)
			memcpy(grown, r->parts, r->n * sizeof(*grown));
		r->parts = grown;
		r->capacity = more;
	}
	r->parts[r->n].submission = submission;
	r->parts[r->n].key = market_key_ref(key);
	r->parts[r->n++].signature = signature;
	return MARKET_OK;
}

static market_status_t
add_slot(readying_t *r, market__submission_t *submission, const char *prefix,
    const market_slice_t *components, size_t n)
{
	const market__envelope_t *envelope = &submission->offer->envelope;
	const market__keyset_t *keys;
	market__shelved_t *shelf = NULL;
	market_status_t status;
	market_slice_t slot;
	size_t i, k, key;

	status = market__slot_spell(r->call, prefix, components, n, &slot);
	/* Strangers may ask for what nobody ever filed. */
	if (status != MARKET_OK || market__filed_never(r->call, slot))
		return status;
	status = market__slot_get(r->call, slot, &shelf);
	if (status != MARKET_OK)
		return status;
	for (i = 0; i < shelf->slot.n_verified && status == MARKET_OK; i++) {
		keys = shelf->slot.verified[i]->conveyed;
		if (keys == NULL || shelf->slot.verified[i]->superseded)
			continue;
		for (k = 0; k < envelope->n_signatures && status == MARKET_OK;
		     k++) {
			key = market__keyset_hinted(
			    keys, envelope->signatures[k].keyid);
			if (key < keys->n_keys)
				status = add_part(
				    r, submission, keys->keys[key].key, k);
		}
	}
	return status;
}

static market_status_t
gather(readying_t *r, market_submissions_t *submissions)
{
	size_t n_pins = r->call->n_pins, i;
	market_status_t status = MARKET_OK;
	market__submission_t *submission;
	market_slice_t names[2];

	for (i = 0; i < submissions->n && status == MARKET_OK; i++) {
		submission = &submissions->v[i];
		if (submission->offer == NULL)
			continue;
		names[0] = submission->offer->message->of.offer.brand;
		names[1] = market__header(submission->offer)->issuer;
		status = add_slot(r, submission, "seller", &names[1], 1);
		if (status == MARKET_OK)
			status = add_slot(
			    r, submission, "authorization", names, 2);
		market__call_release(r->call, n_pins);
	}
	return status;
}

static void
verify(void *user, size_t index)
{
	part_t *part = &((readying_t *)user)->parts[index];
	const market_statement_t *offer = part->submission->offer;
	char head[MARKET__PAE_HEAD_MAX];
	market_slice_t pieces[2];

	market__statement_pae_pieces(offer, head, pieces);
	part->status = market__key_verify_pieces(part->key, pieces, 2,
	    offer->envelope.signatures[part->signature].sig);
}

/* Anything but yes and no is left to whoever judges. */
static void
note(market__tried_t *tried, const part_t *part)
{
	if (part->status != MARKET_OK && part->status != MARKET_E_SIGNATURE)
		return;
	memcpy(tried->v[tried->n].key, market_key_id(part->key).ptr,
	    MARKET_DIGEST_LEN);
	tried->v[tried->n].signature = part->signature;
	tried->v[tried->n++].good = part->status == MARKET_OK;
}

/* The keys are referred to: what the store holds may change meanwhile. */
static market_status_t
look(market_store_t *store, market_submissions_t *submissions, int64_t at,
    readying_t *r, market_error_t *reterr)
{
	market_status_t status;
	market__call_t call;

	status = market__call_begin(store, reterr, &call);
	if (status == MARKET_OK)
		status = market__call_transact(&call, false, at);
	r->call = &call;
	if (status == MARKET_OK)
		status = gather(r, submissions);
	status = market__call_end(&call, status);
	r->call = NULL;
	return status;
}

market_status_t
market__submissions_ready(market_store_t *store,
    market_submissions_t *submissions, market__crew_t *crew, int64_t at,
    market_error_t *reterr)
{
	market__submission_t *submission;
	readying_t r = { 0 };
	market_status_t status;
	size_t i;

	market__arena_init(
	    &r.arena, &store->context->allocator, MARKET__CALL_BUDGET);
	status = look(store, submissions, at, &r, reterr);
	if (status == MARKET_OK)
		market__crew_run(crew, r.n, verify, &r);
	for (i = 0; i < r.n; i++) {
		submission = r.parts[i].submission;
		if (status == MARKET_OK && submission->tried == NULL) {
			submission->tried = market__arena_alloc(
			    &submissions->arena, sizeof(*submission->tried));
			if (submission->tried == NULL)
				status = no_memory(reterr);
		}
		if (status == MARKET_OK)
			note(submission->tried, &r.parts[i]);
		market_key_free(r.parts[i].key);
	}
	market__arena_clear(&r.arena);
	return status;
}
