/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A listing's row is believed once this process has seen that it says what the
 * signed offer says, and that the keys of its question signed that.
 */
#include <stdlib.h>

#include "api/store_evidence.h"
#include "api/store_listing.h"
#include "model/slot.h"

static market_status_t
edited(market__call_t *call, const market__listing_row_t *row, const char *what)
{
	return market__error(call->reterr, MARKET_E_CORRUPT, NULL, -1,
	    "listing %llu: %s; run market fsck", (unsigned long long)row->no,
	    what);
}

/* ---- who signed ---- */

/* Is there a key of the question among them that was not seen yet? */
static bool
may_show(const market__keyset_t *keys, const market__question_t *question,
    uint32_t seen)
{
	size_t q;

	for (q = 0; q < question->n_keys; q++)
		if ((seen >> q & 1) == 0 &&
		    market__keyset_has(keys, question->keys[q]))
			return true;
	return false;
}

/*
 * Marks the keys of the question that are seen to have signed. Others are not
 * tried: who may delegate can name as many as it likes.
 */
static market_status_t
see_signers(market__call_t *call, market_slice_t slot,
    const market_statement_t *is_signed, const market__question_t *question,
    uint32_t *seen)
{
	const market__keyset_t *keys;
	market__shelved_t *shelf = NULL;
	market__keymask_t mask;
	market_status_t status;
	size_t i, k, q;

	status = market__slot_get(call, slot, &shelf);
	for (i = 0; status == MARKET_OK && i < shelf->slot.n_verified; i++) {
		keys = shelf->slot.verified[i]->conveyed;
		if (keys == NULL || !may_show(keys, question, *seen))
			continue;
		status = market__keyset_signers(keys, is_signed, &mask);
		for (k = 0; status == MARKET_OK && k < keys->n_keys; k++)
			for (q = 0; q < question->n_keys; q++)
				if ((mask >> k & 1) != 0 &&
				    market__keyset_has_id(
					keys, k, question->keys[q]))
					*seen |= UINT32_C(1) << q;
	}
	return status;
}

/* Did exactly the question's keys sign the offer, or the feed that lists it, as
 * far as anybody can tell? */
static market_status_t
check_signers(market__call_t *call, const market_statement_t *is_signed,
    const market__question_t *question, bool *ret_good)
{
	market_slice_t c[2], slot;
	market_status_t status;
	uint32_t seen = 0;

	*ret_good = false;
	/* A signature that nobody could place may count some day. */
	if (is_signed->envelope.n_signatures != question->n_keys ||
	    question->n_keys >= 32)
		return MARKET_OK;
	status = market__slot_spell(
	    call, "seller", &question->seller, 1, &slot);
	if (status == MARKET_OK)
		status = see_signers(call, slot, is_signed, question, &seen);
	c[0] = question->brand;
	c[1] = question->seller;
	if (status == MARKET_OK)
		status = market__slot_spell(call, "authorization", c, 2, &slot);
	if (status == MARKET_OK)
		status = see_signers(call, slot, is_signed, question, &seen);
	if (status == MARKET_OK)
		*ret_good = question->n_keys > 0 && question->n_keys < 32 &&
		    seen == (UINT32_C(1) << question->n_keys) - 1;
	return status;
}

/* ---- what the row says ---- */

static bool
asks_the_same(
    const market_statement_t *offer, size_t index, const market__question_t *q)
{
	const market__offer_t *of = &offer->message->of.offer;
	market_slice_t seller = market__header(offer)->issuer;
	size_t n = index % of->networks.n, rest = index / of->networks.n;

	return market__slice_equal(q->seller, seller) &&
	    market__slice_equal(
		q->fulfiller, of->fulfiller.len > 0 ? of->fulfiller : seller) &&
	    market__slice_equal(q->brand, of->brand) &&
	    market__slice_equal(q->model, of->model) &&
	    market__slice_equal(q->gtin, of->gtin) &&
	    market__slice_equal(q->hardware_version, of->hardware_version) &&
	    market__slice_equal(q->software_version, of->software_version) &&
	    market__slice_equal(q->marketplace, of->marketplace) &&
	    q->condition == of->condition &&
	    market__slice_equal(q->network, of->networks.v[n]) &&
	    (uint32_t)q->channel == of->channels.v[rest % of->channels.n] &&
	    market__slice_equal(
		q->territory, of->territories.v[rest / of->channels.n]);
}

static market_status_t
check_questions(market__call_t *call, const market__listing_row_t *row,
    const market_statement_t *offer, const market_statement_t *feed,
    bool *ret_good)
{
	const market__offer_t *of = &offer->message->of.offer;
	market__clearance_row_t clearance;
	uint8_t hash[MARKET_DIGEST_LEN];
	market__question_t question, first = { 0 };
	market_status_t status = MARKET_OK;
	size_t i;

	if (row->n_questions !=
		of->territories.n * of->channels.n * of->networks.n ||
	    row->n_questions == 0)
		return edited(call, row, "it has other cells than its offer");
	for (i = 0; i < row->n_questions && status == MARKET_OK; i++) {
		status = call->ops->clearance_get(call->backend,
		    row->questions[i], &call->arena, &clearance, NULL);
		if (status == MARKET_E_NOT_FOUND)
			return edited(call, row, "a question is missing");
		if (status == MARKET_OK)
			status = market__call_digest(
			    call, &clearance.question, 1, hash);
		if (status == MARKET_OK)
			status = market__clear_question(
			    call, &clearance, &question);
		if (status != MARKET_OK)
			return status;
		if (memcmp(hash, clearance.hash, sizeof(hash)) != 0 ||
		    !asks_the_same(offer, i, &question))
			return edited(
			    call, row, "it asks what its offer does not");
		if (i == 0) {
			first = question;
			status = check_signers(call,
			    feed != NULL ? feed : offer, &question, ret_good);
		} else if (!market__question_same_keys(&first, &question)) {
			return edited(call, row,
			    "its cells are asked with different keys");
		}
	}
	return status;
}

market_status_t
market__listing_history(market__call_t *call, const market__listing_row_t *row)
{
	market__listing_row_t then = *row;
	market_status_t status = market__listing_then(call, &then);

	if (status != MARKET_OK)
		return status;
	if (then.intent != row->intent || then.flags != row->flags ||
	    then.offer_entry != row->offer_entry ||
	    then.revision != row->revision ||
	    memcmp(then.digest, row->digest, MARKET_DIGEST_LEN) != 0)
		return edited(call, row, "it is not what its history says");
	return MARKET_OK;
}

static market_status_t
check_row(market__call_t *call, const market__listing_row_t *row,
    market_slice_t seller, bool *ret_good)
{
	const market__header_t *header;
	const market_statement_t *feed = NULL;
	market_statement_t *offer = NULL;
	market__listing_row_t terms = *row;
	market_status_t status;

	status = market__listing_history(call, row);
	if (status == MARKET_OK)
		status = market__listing_feed(call, row, &feed);
	if (status == MARKET_OK)
		status = market__listing_offer(call, row, &offer);
	if (status != MARKET_OK)
		return status;
	header = market__header(offer);
	market__listing_terms(offer, feed, &terms);
	if (!market__slice_equal(header->issuer, seller) ||
	    !market__slice_equal(header->id, row->offer_id) ||
	    header->revision != row->revision ||
	    terms.not_before != row->not_before ||
	    terms.not_after != row->not_after ||
	    terms.disclosures != row->disclosures)
		status = edited(call, row, "it is not what its offer says");
	else
		status = check_questions(call, row, offer, feed, ret_good);
	market_statement_free(offer);
	return status;
}

/* ---- remembering ---- */

static void
free_belief(const market_allocator_t *allocator, market__cached_t *cached)
{
	market__free(allocator, cached);
}

/* Everything of the row that a reader relies on. */
static market_status_t
row_key(market__call_t *call, const market__listing_row_t *row,
    market_slice_t seller, const uint8_t *hashes, uint8_t *key)
{
	uint8_t numbers[11 * 8];
	market_slice_t pieces[5];

	market__put64(numbers, row->no);
	market__put64(numbers + 8, row->revision);
	market__put64(numbers + 16, row->offer_entry);
	market__put64(numbers + 24, (uint64_t)row->not_before);
	market__put64(numbers + 32, (uint64_t)row->not_after);
	market__put64(numbers + 40, row->disclosures);
	market__put64(numbers + 48, seller.len);
	market__put64(numbers + 56, row->offer_id.len);
	market__put64(numbers + 64, row->intent);
	market__put64(numbers + 72, row->flags);
	market__put64(numbers + 80, row->last);
	pieces[0] = market__slice(numbers, sizeof(numbers));
	pieces[1] = seller;
	pieces[2] = row->offer_id;
	pieces[3] = market__slice(row->digest, MARKET_DIGEST_LEN);
	pieces[4] = market__slice(hashes, row->n_questions * MARKET_DIGEST_LEN);
	key[0] = 'O';
	return market__call_digest(call, pieces, 5, key + 1);
}

market_status_t
market__listing_believe(market__call_t *call, const market__listing_row_t *row,
    market_slice_t seller, const uint8_t *hashes, bool *ret_believed)
{
	uint8_t bytes[1 + MARKET_DIGEST_LEN];
	market_slice_t key = market__slice(bytes, sizeof(bytes));
	market__cached_t *belief;
	market_status_t status;

	status = row_key(call, row, seller, hashes, bytes);
	if (status != MARKET_OK)
		return status;
	belief = market__cache_find(call->cache, key);
	if (belief != NULL) {
		market__cache_unpin(call->cache, belief);
		*ret_believed = true;
		return MARKET_OK;
	}
	status = check_row(call, row, seller, ret_believed);
	if (status != MARKET_OK || !*ret_believed)
		return status;
	belief = market__alloc(&call->context->allocator, sizeof(*belief));
	if (belief == NULL)
		return MARKET_OK; /* it is seen again next time */
	belief->free = free_belief;
	belief->size = sizeof(*belief);
	market__cache_put(call->cache, key, belief);
	market__cache_unpin(call->cache, belief);
	return MARKET_OK;
}
