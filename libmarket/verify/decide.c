/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One offer: its own faults, whose keys signed it, and a clearance for each
 * cell that it asks for.
 */
#include <stdlib.h>

#include "verify/decision.h"
#include "verify/internal.h"

/* Bytes that one decision may take, all its cells together. */
#define DECISION_BUDGET ((size_t)64 << 20)

typedef struct judging {
	market__eval_t offer; /* what belongs to the offer alone */
	market__question_t question;
	const market_statement_t *statement;
	const market_statement_t *feed; /* that bears the signatures, or NULL */
	market_decision_t *decision;
	const market__clearer_t *clearer;
	const market__verified_t *names; /* the keys that (should) sign it */
	market__sources_t *of_cells;     /* of each cell */
	market__tried_t tried;
	market_slice_t *keys;
	size_t n_keys, keys_capacity;
} judging_t;

static const market__offer_t *
offer_of(const judging_t *j)
{
	return &j->statement->message->of.offer;
}

/* Everything that the cells share; the cell itself is filled in later. */
static void
ask(judging_t *j)
{
	const market__offer_t *offer = offer_of(j);
	market__question_t *q = &j->question;

	q->seller = market__header(j->statement)->issuer;
	q->fulfiller = offer->fulfiller.len > 0 ? offer->fulfiller : q->seller;
	q->brand = offer->brand;
	q->model = offer->model;
	q->gtin = offer->gtin;
	q->hardware_version = offer->hardware_version;
	q->software_version = offer->software_version;
	q->condition = offer->condition;
	q->marketplace = offer->marketplace;
}

static void
add_key(judging_t *j, market_slice_t id)
{
	market_slice_t *grown;
	size_t i;

	for (i = 0; i < j->n_keys; i++)
		if (market__slice_equal(j->keys[i], id))
			return;
	grown = market__grow(
	    &j->offer, j->keys, j->n_keys, &j->keys_capacity, sizeof(*j->keys));
	if (grown == NULL)
		return;
	j->keys = grown;
	id = market__arena_copy(j->offer.arena, id);
	if (id.ptr == NULL) {
		j->offer.status = market__arena_refusal(j->offer.arena);
		return;
	}
	j->keys[j->n_keys++] = id;
}

/*
 * Whose keys signed, of those that this statement conveys? True if they meet
 * its threshold.
 */
static bool
collect(judging_t *j, const market__verified_t *verified)
{
	const market__keyset_t *keys = verified->conveyed;
	market__keymask_t signers = 0;
	size_t i;

	if (keys == NULL || verified->superseded ||
	    j->offer.status != MARKET_OK)
		return false;
	/* A feed has many offers: what is known of it is kept. */
	j->offer.status = j->feed != NULL
	    ? market__keyset_signers(keys, j->feed, &signers)
	    : market__keyset_verify(keys, j->statement, &j->tried, &signers);
	for (i = 0; i < keys->n_keys; i++)
		if (signers >> i & 1)
			add_key(j, market_key_id(keys->keys[i].key));
	return market__keymask_count(signers) >= keys->threshold;
}

static int
compare_keys(const void *left, const void *right)
{
	const market_slice_t *a = left, *b = right;

	return market__slice_compare(*a, *b);
}

/* The same for several: did those of one of them? */
static bool
collect_all(judging_t *j, const market__verified_t *const *statements, size_t n)
{
	const market__verified_t *verified;
	bool signed_by = false;
	size_t i;

	for (i = 0; i < n; i++) {
		verified = statements[i];
		if (collect(j, verified)) {
			if (!signed_by)
				j->names = verified;
			signed_by = true;
		} else if (j->names == NULL && verified->conveyed != NULL &&
		    !verified->superseded) {
			j->names = verified;
		}
	}
	return signed_by;
}

static void
check_signatures(judging_t *j)
{
	market__eval_t *e = &j->offer;
	market__slot_t sellers = market__read_sellers(e);
	market__slot_t grants = market__read2(
	    e, "authorization", j->question.brand, j->question.seller);
	const market__verified_t *judged[MARKET__CHAINS_MAX], *seller;
	bool by_seller, by_grantee;

	by_seller = collect_all(j, sellers.verified, sellers.n_verified);
	seller = j->names;
	by_grantee = collect_all(
	    j, judged, market__judged_grants(e, &grants, judged));
	if (sellers.n_verified > 0)
		j->names = seller;
	if (j->n_keys > 0)
		qsort(j->keys, j->n_keys, sizeof(*j->keys), compare_keys);
	j->question.keys = j->keys;
	j->question.n_keys = j->n_keys;
	/* Where a seller statement is there, it decides who the seller is. */
	if (sellers.n_verified > 0 ? by_seller : by_grantee)
		return;
	market__add_finding(e, &e->findings,
	    MARKET_CODE_OFFER_SIGNATURE_INVALID, NULL,
	    j->n_keys > 0
		? "signed by %s, but by fewer of its keys than the threshold"
		: "no signature is by a key that is known here to be of %s",
	    market__show(e, j->question.seller));
}

static void
expiring_soon(judging_t *j, const market_statement_t *statement)
{
	market__eval_t *e = &j->offer;
	int64_t end = market__header(statement)->not_after;
	market__about_t about = { 0 };

	if (market__rank(&e->findings) != 0 ||
	    (uint64_t)(end - e->at) > e->policy->expiring_soon_seconds)
		return;
	about.got = market__show_time(e, end);
	if (statement == j->statement) {
		about.path = "header.not_after";
		market__add_finding(e, &e->findings, MARKET_CODE_EXPIRING_SOON,
		    &about, "the offer itself ends at %s", about.got);
	} else {
		about.evidence = statement;
		market__add_finding(e, &e->findings, MARKET_CODE_EXPIRING_SOON,
		    &about, "%s that lists the offer ends at %s",
		    market__name_of(e, statement), about.got);
	}
}

/* Its offers end with it, and go with it. */
static void
check_feed(judging_t *j)
{
	market__eval_t *e = &j->offer;
	market__examination_t x = MARKET__EXAMINATION_INIT;
	market__about_t about = { 0 };

	about.evidence = j->feed;
	market__examine_time(e, market__header(j->feed), &about, &x);
	market__move_findings(e, &e->findings, &x.findings);
	market__limit(e, NULL, x.until);
	market__check_offer_withdrawn(e, j->feed);
}

static void
judge_offer(judging_t *j)
{
	market__eval_t *e = &j->offer;
	market_slice_t id = market__header(j->statement)->id;

	market__stand(e);
	if (e->status != MARKET_OK)
		return;
	/* Root and policy are each cell's to tell. */
	e->findings.n = 0;
	e->n_missing = 0;
	e->used_until = INT64_MAX;
	market__rule_offer(e, j->statement);
	check_signatures(j);
	market__check_offer_withdrawn(e, j->statement);
	if (j->feed != NULL)
		check_feed(j);
	market__check_holds(e, &id);
	expiring_soon(j, j->statement);
	if (j->feed != NULL)
		expiring_soon(j, j->feed);
	market__sort_findings(&e->findings);
}

static void
fill_cell(
    judging_t *j, const market__clearance_t *clearance, market_cell_t *cell)
{
	const market__eval_t *e = &j->offer;
	int64_t offer_horizon;
	market_disclosure_t *copy;

	cell->territory = j->question.territory;
	cell->channel = j->question.channel;
	cell->network = j->question.network;
	cell->verdict = market__verdict_worse(
	    clearance->verdict, market__findings_verdict(&e->findings));
	cell->service = clearance->service;
	if (cell->verdict == MARKET_VERDICT_PERMIT) {
		cell->horizon = clearance->horizon;
		offer_horizon = e->used_until;
	} else {
		cell->horizon = clearance->boundary;
		offer_horizon = e->boundary;
	}
	if (offer_horizon < cell->horizon)
		cell->horizon = offer_horizon;
	cell->finding_count = clearance->findings.n;
	cell->findings = clearance->findings.v;
	cell->used_count = clearance->n_used;
	cell->used = clearance->used;
	cell->missing_count = clearance->n_missing;
	cell->missing = clearance->missing;
	copy = market__arena_array(
	    e->arena, clearance->n_disclosures + 1, sizeof(*copy));
	if (copy == NULL) {
		j->offer.status = market__arena_refusal(e->arena);
		return;
	}
	memcpy(copy, clearance->disclosures,
	    clearance->n_disclosures * sizeof(*copy));
	cell->disclosures = copy;
	cell->disclosure_count = clearance->n_disclosures;
}

static void
judge_cell(judging_t *j, market_cell_t *cell)
{
	market_decision_t *decision = j->decision;
	market__shared_t *owner = NULL;
	market__clearance_t clearance;
	market__eval_t *e = &j->offer;

	if (e->status != MARKET_OK)
		return;
	if (j->clearer != NULL)
		e->status = j->clearer->clear(j->clearer->user, &j->question,
		    e->at, e->arena, &clearance, &owner);
	else
		e->status = market__evaluate(
		    e->lookup, &j->question, e->at, e->arena, &clearance);
	if (e->status != MARKET_OK)
		return;
	if (owner != NULL)
		decision->owners[decision->n_owners++] = owner;
	market__check_disclosures(e, offer_of(j), &clearance);
	fill_cell(j, &clearance, cell);
	j->of_cells[cell - j->decision->cells] = clearance.sources;
}

static bool
too_many_cells(const judging_t *j)
{
	size_t i;

	for (i = 0; i < j->offer.findings.n; i++)
		if (j->offer.findings.v[i].code == MARKET_CODE_LIMIT_EXCEEDED)
			return true;
	return false;
}

static void
judge_cells(judging_t *j)
{
	const market__offer_t *offer = offer_of(j);
	market_decision_t *decision = j->decision;
	size_t t, c, n, max;

	if (too_many_cells(j))
		return;
	max = offer->territories.n * offer->channels.n * offer->networks.n;
	decision->cells = market__arena_array(
	    &decision->arena, max + 1, sizeof(*decision->cells));
	decision->owners = market__arena_array(
	    &decision->arena, max + 1, sizeof(decision->owners[0]));
	j->of_cells = market__arena_array(
	    &decision->arena, max + 1, sizeof(*j->of_cells));
	if (decision->cells == NULL || decision->owners == NULL ||
	    j->of_cells == NULL) {
		j->offer.status = market__arena_refusal(&decision->arena);
		return;
	}
	for (t = 0; t < offer->territories.n; t++)
		for (c = 0; c < offer->channels.n; c++)
			for (n = 0; n < offer->networks.n; n++) {
				j->question.territory = offer->territories.v[t];
				j->question.channel =
				    (market_channel_t)offer->channels.v[c];
				j->question.network = offer->networks.v[n];
				judge_cell(
				    j, &decision->cells[decision->n_cells++]);
			}
}

/* What the offer itself was denied by, and the ground that it stands on. */
static void
tell_own_sources(judging_t *j, market__clearance_t *own)
{
	market__eval_t *e = &j->offer;
	market__findings_t findings = e->findings;

	memset(&e->findings, 0, sizeof(e->findings));
	market__rule_trust(e);
	e->findings = findings;
	market__tell_sources(e, own);
}

/* The offer, and what its cells speak of; each statement once. */
static void
tell_sources(judging_t *j)
{
	market_decision_t *decision = j->decision;
	market__sources_t *all = &decision->sources;
	const market__sources_t *of;
	market__clearance_t own = { 0 };
	size_t i, n;

	/* A hold on the offer belongs to no cell. */
	if (j->offer.findings.n > 0 || decision->n_cells == 0)
		tell_own_sources(j, &own);
	if (j->offer.status != MARKET_OK)
		return;
	n = own.sources.n + 2;
	for (i = 0; i < decision->n_cells; i++)
		n += j->of_cells[i].n;
	all->v = market__arena_array(&decision->arena, n, sizeof(*all->v));
	if (all->v == NULL) {
		j->offer.status = market__arena_refusal(&decision->arena);
		return;
	}
	market__offer_source(
	    &j->offer, j->statement, j->names, &all->v[all->n++]);
	if (j->feed != NULL) {
		market__offer_source(
		    &j->offer, j->feed, j->names, &all->v[all->n]);
		all->v[0].parent = all->v[all->n++].digest;
	}
	for (i = 0; i <= decision->n_cells; i++) {
		of = i == 0 ? &own.sources : &j->of_cells[i - 1];
		if (of->n > 0)
			memcpy(&all->v[all->n], of->v, of->n * sizeof(*of->v));
		all->n += of->n;
	}
	market__sort_sources(all);
}

static void
conclude(judging_t *j)
{
	market_decision_t *decision = j->decision;
	size_t i;

	decision->findings = j->offer.findings;
	decision->verdict = market__findings_verdict(&decision->findings);
	for (i = 0; i < decision->n_cells; i++)
		decision->verdict = market__verdict_worse(
		    decision->verdict, decision->cells[i].verdict);
	/* Nothing was asked, so nothing is permitted. */
	if (decision->n_cells == 0 &&
	    decision->verdict == MARKET_VERDICT_PERMIT)
		decision->verdict = MARKET_VERDICT_DENY;
}

market_status_t
market__decide(market_context_t *context, const market__lookup_t *lookup,
    const market__clearer_t *clearer, const market__offered_t *offered,
    int64_t at, market_decision_t **ret_decision)
{
	market_decision_t *decision;
	market__arena_t arena;
	judging_t j = { 0 };

	if (offered->tried != NULL)
		j.tried = *offered->tried;
	market__arena_init_pooled(&arena, context->pool, DECISION_BUDGET);
	decision = market__arena_alloc(&arena, sizeof(*decision));
	if (decision == NULL)
		return MARKET_E_MEMORY;
	decision->arena = arena;
	decision->context = context;
	decision->offer = market_statement_ref(offered->offer);
	decision->at = at;
	j.clearer = clearer;
	j.statement = offered->offer;
	j.feed = offered->feed;
	j.decision = decision;
	j.offer.lookup = lookup;
	j.offer.question = &j.question;
	j.offer.at = at;
	j.offer.arena = &decision->arena;
	j.offer.used_until = INT64_MAX;
	j.offer.boundary = INT64_MAX;
	ask(&j);
	judge_offer(&j);
	if (j.offer.status == MARKET_OK)
		judge_cells(&j);
	if (j.offer.status == MARKET_OK)
		tell_sources(&j);
	if (j.offer.status != MARKET_OK) {
		market_decision_free(decision);
		return j.offer.status;
	}
	conclude(&j);
	*ret_decision = decision;
	return MARKET_OK;
}
