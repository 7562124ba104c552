/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A world of statements, judged (world_edits.h says what the bytes mean).
 * What must hold for whatever comes out:
 * - the report does not depend on the order of the statements, nor on an
 *   allocation that failed and was tried again;
 * - until the horizon the answer is the same;
 * - the door turns nothing away that is permitted, unless a key id lies;
 * - without any grant, network or product, and where the policy asks for them
 *   without seller or certification, nothing is permitted;
 * - a hold, a disavowal or a withdrawal permits nothing more, and one that is
 *   of all that is offered leaves nothing permitted.
 */
#include "world_edits.h"

const unsigned fuzz_mutants = 20;

/* What is handed in of a world. */
typedef struct gathering {
	const world_t *world;
	bool backwards;
	market_kind_t without; /* NONE: everything */
} gathering_t;

static const uint8_t takers[] = "1234678";

static void
add(market_evidence_t *evidence, const statement_t *statement,
    market_slice_t envelope)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	FUZZ_AGAIN(status,
	    market_evidence_add(evidence, envelope, statement->name, &error));
	FUZZ_ASSERT(status == MARKET_OK);
}

/* NULL where root or policy are none. The first two statements are those. */
static market_evidence_t *
gather(const gathering_t *how, const sealed_t *sealed)
{
	const world_t *world = how->world;
	market_error_t error = MARKET_ERROR_INIT;
	market_evidence_t *evidence = NULL;
	const statement_t *statement;
	market_status_t status;
	size_t i, k;

	if (!sealed->there[0] || !sealed->there[1])
		return NULL;
	FUZZ_AGAIN(status,
	    market_evidence_new(fuzz_context(),
		market_buffer_slice(&sealed->envelopes[0]),
		market_buffer_slice(&sealed->envelopes[1]), &evidence, &error));
	if (status != MARKET_OK) {
		fuzz_check_error(status, &error);
		return NULL;
	}
	for (i = 2; i < world->n; i++) {
		k = how->backwards ? world->n + 1 - i : i;
		statement = &world->statements[k];
		if (sealed->there[k] &&
		    statement->row->kind != MARKET_KIND_OFFER &&
		    statement->row->kind != how->without)
			add(evidence, statement,
			    market_buffer_slice(&sealed->envelopes[k]));
	}
	return evidence;
}

static market_decision_t *
judge(market_evidence_t *evidence, const world_t *world, const sealed_t *sealed,
    int64_t at)
{
	const size_t offer = world_offer(world);
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	market_status_t status;

	if (evidence == NULL || !sealed->there[offer])
		return NULL;
	status = market_check(evidence,
	    market_buffer_slice(&sealed->envelopes[offer]), at, &decision,
	    &error);
	if (status == MARKET_E_MEMORY) {
		FUZZ_ASSERT(decision == NULL && fuzz_recover());
		status = market_check(evidence,
		    market_buffer_slice(&sealed->envelopes[offer]), at,
		    &decision, &error);
	}
	if (decision == NULL) {
		fuzz_check_error(status, &error);
		FUZZ_ASSERT(status != MARKET_E_DENIED &&
		    status != MARKET_E_INDETERMINATE);
		return NULL;
	}
	switch (market_decision_verdict(decision)) {
	case MARKET_VERDICT_PERMIT: FUZZ_ASSERT(status == MARKET_OK); break;
	case MARKET_VERDICT_DENY: FUZZ_ASSERT(status == MARKET_E_DENIED); break;
	default: FUZZ_ASSERT(status == MARKET_E_INDETERMINATE); break;
	}
	return decision;
}

static bool
permits_anywhere(const market_decision_t *decision)
{
	const market_cell_t *cell;
	size_t i;

	for (i = 0; (cell = market_decision_cell(decision, i)) != NULL; i++)
		if (cell->verdict == MARKET_VERDICT_PERMIT)
			return true;
	return false;
}

/* ---- what must hold ---- */

static void
check_same_report(const market_decision_t *a, const market_decision_t *b)
{
	market_buffer_t text = MARKET_BUFFER_INIT, other = MARKET_BUFFER_INIT;
	market_status_t status;

	FUZZ_ASSERT((a == NULL) == (b == NULL));
	if (a == NULL)
		return;
	FUZZ_AGAIN(status, market_decision_json(a, &text));
	FUZZ_ASSERT(status == MARKET_OK);
	fuzz_check_json(market_buffer_slice(&text));
	FUZZ_AGAIN(status, market_decision_json(b, &other));
	FUZZ_ASSERT(status == MARKET_OK);
	FUZZ_ASSERT(market__slice_equal(
	    market_buffer_slice(&text), market_buffer_slice(&other)));
	FUZZ_AGAIN(status, market_decision_text(b, 60, &other));
	FUZZ_ASSERT(status == MARKET_OK);
	fuzz_check_text(market_buffer_slice(&other));
	market_buffer_clear(&other);
	market_buffer_clear(&text);
}

static void
check_screen(market_evidence_t *evidence, const world_t *world,
    const sealed_t *sealed, const market_decision_t *decision)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	FUZZ_AGAIN(status,
	    market_screen(evidence,
		market_buffer_slice(&sealed->envelopes[world_offer(world)]),
		world->at, &error));
	FUZZ_ASSERT(status == MARKET_OK || status == MARKET_E_DENIED);
	if (status == MARKET_OK || strcmp(error.path, "signatures") == 0)
		return;
	FUZZ_ASSERT(!permits_anywhere(decision));
}

static void
check_horizon(market_evidence_t *evidence, const world_t *world,
    const sealed_t *sealed, const market_decision_t *decision)
{
	const market_cell_t *cell, *then;
	market_decision_t *later;
	int64_t least = MARKET__TIME_MAX;
	size_t i;

	for (i = 0; (cell = market_decision_cell(decision, i)) != NULL; i++) {
		FUZZ_ASSERT(cell->horizon > world->at);
		if (cell->horizon < least)
			least = cell->horizon;
	}
	later = judge(evidence, world, sealed, least - 1);
	FUZZ_ASSERT(later != NULL || i == 0 || least - 1 < world->at);
	for (i = 0; later != NULL &&
	     (cell = market_decision_cell(decision, i)) != NULL;
	     i++) {
		then = market_decision_cell(later, i);
		FUZZ_ASSERT(then != NULL && then->verdict == cell->verdict &&
		    then->service == cell->service &&
		    then->disclosure_count == cell->disclosure_count);
	}
	market_decision_free(later);
}

static void
check_without(const world_t *world, const sealed_t *sealed, market_kind_t kind)
{
	const gathering_t how = { world, false, kind };
	market_evidence_t *evidence = gather(&how, sealed);
	market_decision_t *decision = judge(evidence, world, sealed, world->at);

	FUZZ_ASSERT(decision == NULL || !permits_anywhere(decision));
	market_decision_free(decision);
	market_evidence_free(evidence);
}

/* One of the kinds that nothing is permitted without. */
static void
check_needed(const world_t *world, const sealed_t *sealed)
{
	static const market_kind_t kinds[] = { MARKET_KIND_AUTHORIZATION,
		MARKET_KIND_NETWORK, MARKET_KIND_PRODUCT, MARKET_KIND_SELLER,
		MARKET_KIND_CERTIFICATION };

	check_without(world, sealed,
	    world->rules_edited
		? MARKET_KIND_AUTHORIZATION
		: kinds[world->pick / 8 % MARKET__COUNT(kinds)]);
}

/* Is it sure that the taker leaves nothing of what was permitted? */
static bool
forbids(uint8_t taker, const world_t *world, const market_decision_t *decision)
{
	const market_statement_t *offer = market_decision_offer(decision);
	market_slice_t brand;

	/* Within the window of the scene's statements, and under its rules. */
	if (world->rules_edited || world->at < SCENE_NOW ||
	    world->at >= INT64_C(1767225600))
		return false;
	FUZZ_ASSERT(
	    market_statement_get_text(offer, "brand", &brand) == MARKET_OK);
	if (taker == '1' || taker == '3')
		return market__slice_is(brand, "xiaomi");
	return taker == '7' ||
	    (taker == '2' &&
		market__slice_is(market_statement_id(offer), "offer"));
}

static void
check_taker(market_evidence_t *evidence, world_t *world, const sealed_t *sealed,
    const market_decision_t *before)
{
	const uint8_t taker = takers[world->pick / 64 % (sizeof(takers) - 1)];
	const market_cell_t *a, *b;
	market_decision_t *after;
	size_t i;

	/* Beside another revision of its own it may replace that one. */
	if (world_find(world, taker) != NULL)
		return;
	FUZZ_ASSERT(market_evidence_add(evidence, scene_envelope((char)taker),
			"taker", NULL) == MARKET_OK);
	after = judge(evidence, world, sealed, world->at);
	FUZZ_ASSERT(after != NULL);
	for (i = 0; (a = market_decision_cell(before, i)) != NULL; i++) {
		b = market_decision_cell(after, i);
		FUZZ_ASSERT(b != NULL);
		FUZZ_ASSERT(a->verdict == MARKET_VERDICT_PERMIT ||
		    b->verdict != MARKET_VERDICT_PERMIT);
	}
	FUZZ_ASSERT(!forbids(taker, world, after) || !permits_anywhere(after));
	market_decision_free(after);
}

static void
judge_world(const fuzz_input_t *input, world_t *world)
{
	const gathering_t forwards = { world, false, MARKET_KIND_NONE };
	const gathering_t backwards = { world, true, MARKET_KIND_NONE };
	market_evidence_t *evidence, *other;
	market_decision_t *decision, *again;
	sealed_t sealed;

	world_seal_all(world, &sealed);
	evidence = gather(&forwards, &sealed);
	decision = judge(evidence, world, &sealed, world->at);
	fuzz_fail(input);
	other = gather(&backwards, &sealed);
	again = judge(other, world, &sealed, world->at);
	check_same_report(decision, again);
	(void)fuzz_recover();
	market_decision_free(again);
	market_evidence_free(other);
	if (decision != NULL) {
		check_screen(evidence, world, &sealed, decision);
		check_horizon(evidence, world, &sealed, decision);
		if (permits_anywhere(decision))
			check_needed(world, &sealed);
		check_taker(evidence, world, &sealed, decision);
	}
	market_decision_free(decision);
	market_evidence_free(evidence);
	world_unseal(&sealed);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_input_t input = fuzz_input(data, size);
	world_t world = { .at = SCENE_NOW };
	size_t live;

	scene_init();
	live = fuzz_live();
	world_read(&world, &input);
	judge_world(&input, &world);
	world_clear(&world);
	FUZZ_ASSERT(fuzz_live() == live);
	return 0;
}
