/* SPDX-License-Identifier: Apache-2.0 */
/* Looking ahead: listings, by their questions and by their own offers. */
#include "api/ahead.h"
#include "api/store_listing.h"
#include "verify/decision.h"

/* ---- one listing ---- */

/* The name of its seller, until another seller's is asked for. */
static market_status_t
seller_of(market__ahead_t *ahead, const market__listing_row_t *row,
    market_slice_t *ret_seller)
{
	market__call_t *call = ahead->call;
	market__party_row_t party;
	market_status_t status;

	if (ahead->seller_no != row->seller) {
		ahead->seller_no = 0;
		market__arena_clear(&ahead->name);
		market__arena_init(&ahead->name, &call->context->allocator,
		    MARKET__CALL_BUDGET);
		status = call->ops->party_get(call->backend, row->seller,
		    &ahead->name, &party, call->reterr);
		if (status == MARKET_E_NOT_FOUND)
			return market__error(call->reterr, MARKET_E_CORRUPT,
			    NULL, -1,
			    "listing %llu is of a seller that is not there: "
			    "run market fsck",
			    (unsigned long long)row->no);
		if (status != MARKET_OK)
			return status;
		ahead->seller = party.name;
		ahead->seller_no = row->seller;
	}
	*ret_seller = ahead->seller;
	return MARKET_OK;
}

/* The listing as one side sees it; it has no cells before it began. */
static market_status_t
look(market__ahead_t *ahead, market__side_t side,
    const market__listing_row_t *row, const market__look_t *how,
    market__listing_t *ret)
{
	market_slice_t seller;
	market_status_t status;

	memset(ret, 0, sizeof(*ret));
	status = seller_of(ahead, row, &seller);
	if (status != MARKET_OK)
		return status;
	market__ahead_look(ahead, side);
	status = market__listing_look(
	    ahead->call, row, seller, how, &ahead->item, ret);
	if (status == MARKET_E_NOT_FOUND) {
		ret->n_cells = 0;
		status = MARKET_OK;
	}
	return status;
}

static size_t
count_live(const market__listing_t *listing, int64_t until)
{
	size_t i, n = 0;

	for (i = 0; i < listing->n_cells; i++)
		if (listing->cells[i].live &&
		    listing->cells[i].horizon >= until)
			n++;
	return n;
}

market_status_t
market__ahead_live(market__ahead_t *ahead, market__side_t side,
    const market__listing_row_t *row, int64_t until, size_t *ret_cells)
{
	/* Nothing is published by it, and there may be a million. */
	market__look_t how = { .unproven = true };
	market__listing_t listing;
	market_status_t status;

	*ret_cells = 0;
	/* Live means that the seller wants it published. */
	if (row->intent != MARKET_INTENT_PUBLISH)
		return MARKET_OK;
	status = look(ahead, side, row, &how, &listing);
	if (status == MARKET_OK)
		*ret_cells = count_live(&listing, until);
	market__listing_clear(&listing);
	return status;
}

/* ---- effects on one listing ---- */

/* What is offered: the first question knows. */
static market_status_t
tell_model(market__ahead_t *ahead, const market__listing_row_t *row,
    market_effect_of_t *effect)
{
	market__call_t *call = ahead->call;
	market__clearance_row_t clearance;
	market__question_t question;
	market_status_t status;

	if (row->n_questions == 0)
		return MARKET_OK;
	status = call->ops->clearance_get(call->backend, row->questions[0],
	    &ahead->item, &clearance, call->reterr);
	if (status == MARKET_E_NOT_FOUND)
		return market__error(call->reterr, MARKET_E_CORRUPT, NULL, -1,
		    "listing %llu asks a question that is not there: run "
		    "market fsck",
		    (unsigned long long)row->no);
	if (status == MARKET_OK)
		status = market__ahead_question(ahead, &clearance, &question);
	if (status == MARKET_OK)
		status = market__effect_copy(
		    ahead, question.brand, &effect->brand);
	if (status == MARKET_OK)
		status = market__effect_copy(
		    ahead, question.model, &effect->model);
	return status;
}

static market_status_t
tell_listing(market__ahead_t *ahead, const market__listing_row_t *row,
    int64_t at, size_t cells, market_effect_of_t **ret_effect)
{
	market_slice_t seller, id, parts[2];
	market_effect_of_t *effect = NULL;
	market_status_t status;
	uint8_t *bytes;

	status = seller_of(ahead, row, &seller);
	if (status == MARKET_OK)
		status = market__effect_add(ahead, &effect);
	if (status != MARKET_OK)
		return status;
	effect->at = at;
	effect->cells = cells;
	parts[0] = seller;
	parts[1] = row->offer_id;
	id.len = parts[0].len + 1 + parts[1].len;
	bytes = market__arena_alloc(&ahead->effects->arena, id.len + 1);
	if (bytes == NULL)
		return market__call_refused(
		    ahead->call, &ahead->effects->arena);
	memcpy(bytes, parts[0].ptr, parts[0].len);
	bytes[parts[0].len] = '/';
	memcpy(bytes + parts[0].len + 1, parts[1].ptr, parts[1].len);
	id.ptr = bytes;
	effect->listing = id;
	effect->seller = market__slice(bytes, parts[0].len);
	*ret_effect = effect;
	return tell_model(ahead, row, effect);
}

market_status_t
market__ahead_ends(market__ahead_t *ahead, const market__listing_row_t *row,
    int64_t at, size_t cells)
{
	char instant[MARKET__TIME_LEN], message[64];
	market__findings_t findings = { 0 };
	market_finding_t finding = { 0 };
	market_effect_of_t *effect = NULL;
	market_status_t status;

	status = tell_listing(ahead, row, at, cells, &effect);
	if (status != MARKET_OK)
		return status;
	/* analyse(scan): tell_listing() has set it, or failed. */
	effect->before = MARKET_VERDICT_PERMIT;
	effect->after = MARKET_VERDICT_DENY;
	market__time_format(at, instant);
	memcpy(message, "the offer itself ends at ", 25);
	memcpy(message + 25, instant, sizeof(instant));
	finding.code = MARKET_CODE_OFFER_EXPIRED;
	finding.effect = MARKET_EFFECT_DENY;
	finding.message = message;
	findings.v = &finding;
	findings.n = findings.capacity = 1;
	status = market__effect_against(ahead, &findings, effect);
	if (status == MARKET_OK)
		status = market__row_set_add(ahead, &ahead->told, row->no);
	if (status == MARKET_OK)
		ahead->effects->dark++;
	return status;
}

/* What is said of the offer itself; nothing before it began. */
static market_verdict_t
offer_verdict(const market__listing_t *listing)
{
	return listing->decision == NULL
	    ? MARKET_VERDICT_UNSPECIFIED
	    : market__findings_verdict(&listing->decision->findings);
}

static market_status_t
tell_judged(market__ahead_t *ahead, const market__listing_row_t *row,
    const market__listing_t *before, const market__listing_t *after)
{
	market_verdict_t was = offer_verdict(before), is = offer_verdict(after);
	size_t lived = count_live(before, 0), lives = count_live(after, 0);
	market_effect_of_t *effect = NULL;
	market_status_t status;

	if (was == is || lived == lives)
		return MARKET_OK;
	status = tell_listing(ahead, row, ahead->sights[MARKET__AFTER].now,
	    lived > lives ? lived : lives, &effect);
	if (status != MARKET_OK)
		return status;
	/* analyse(scan): tell_listing() has set it, or failed. */
	effect->before = was;
	effect->after = is;
	status = market__effect_against(
	    ahead, &after->decision->findings, effect);
	if (status == MARKET_OK)
		status = market__row_set_add(ahead, &ahead->told, row->no);
	if (status == MARKET_OK && lives == 0)
		ahead->effects->dark++;
	return status;
}

market_status_t
market__ahead_listing(market__ahead_t *ahead, const market__listing_row_t *row)
{
	market__look_t how = { .decide = true };
	market__listing_t before, after;
	market_status_t status;

	memset(&after, 0, sizeof(after));
	status = look(ahead, MARKET__BEFORE, row, &how, &before);
	if (status == MARKET_OK)
		status = look(ahead, MARKET__AFTER, row, &how, &after);
	if (status == MARKET_OK)
		status = tell_judged(ahead, row, &before, &after);
	market__listing_clear(&before);
	market__listing_clear(&after);
	return status;
}

/* ---- many listings ---- */

market_status_t
market__ahead_listings(market__ahead_t *ahead, market__listing_query_t *query,
    market__ahead_listing_fn *fn, void *user)
{
	market__call_t *call = ahead->call;
	const market__listing_row_t *rows;
	market_status_t status;
	size_t n, i;

	query->after = 0;
	query->max = 256;
	do {
		market__arena_clear(&ahead->page);
		market__arena_init(&ahead->page, &call->context->allocator,
		    MARKET__CALL_BUDGET);
		status = call->ops->listings(call->backend, query, &ahead->page,
		    &rows, &n, call->reterr);
		if (status != MARKET_OK)
			return status;
		for (i = 0; i < n && status == MARKET_OK; i++) {
			query->after = rows[i].no;
			status = fn(ahead, &rows[i], user);
			market__ahead_rest(ahead);
		}
	} while (status == MARKET_OK && n == query->max);
	return status;
}

/* A listing asks up to 256 questions: it counts with the first that changed. */
static market_status_t
count_one(market__ahead_t *ahead, const market__listing_row_t *row, void *user)
{
	const uint64_t *question = user;
	size_t cells, i;
	market_status_t status;

	if (market__row_set_has(&ahead->told, row->no))
		return MARKET_OK;
	for (i = 0; i < row->n_questions; i++)
		if (row->questions[i] < *question &&
		    market__row_set_has(&ahead->changed, row->questions[i]))
			return MARKET_OK;
	status = market__ahead_live(ahead, MARKET__BEFORE, row, 0, &cells);
	if (status != MARKET_OK || cells == 0)
		return status;
	status = market__ahead_live(ahead, MARKET__AFTER, row, 0, &cells);
	if (status == MARKET_OK && cells == 0)
		ahead->effects->dark++;
	return status;
}

market_status_t
market__ahead_dark(market__ahead_t *ahead)
{
	market__listing_query_t query = { 0 };
	market_status_t status = MARKET_OK;
	size_t i;

	market__row_set_sort(&ahead->changed);
	market__row_set_sort(&ahead->told);
	query.by = MARKET__LISTING_BY_QUESTION;
	for (i = 0; status == MARKET_OK && i < ahead->changed.n; i++) {
		query.question = ahead->changed.v[i];
		status = market__ahead_listings(
		    ahead, &query, count_one, &ahead->changed.v[i]);
	}
	return status;
}
