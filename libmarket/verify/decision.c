/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "verify/decision.h"

void
market_decision_free(market_decision_t *decision)
{
	market__arena_t arena;
	size_t i;

	if (decision == NULL)
		return;
	for (i = 0; i < decision->n_owners; i++)
		market__shared_release(
		    &decision->context->allocator, decision->owners[i]);
	market_statement_free(decision->offer);
	arena = decision->arena;
	market__arena_clear(&arena);
}

market_verdict_t
market_decision_verdict(const market_decision_t *decision)
{
	return decision == NULL ? MARKET_VERDICT_DENY : decision->verdict;
}

const market_statement_t *
market_decision_offer(const market_decision_t *decision)
{
	return decision == NULL ? NULL : decision->offer;
}

int64_t
market_decision_at(const market_decision_t *decision)
{
	return decision == NULL ? 0 : decision->at;
}

const market_finding_t *
market_decision_finding(const market_decision_t *decision, size_t index)
{
	if (decision == NULL || index >= decision->findings.n)
		return NULL;
	return &decision->findings.v[index];
}

const market_cell_t *
market_decision_cell(const market_decision_t *decision, size_t index)
{
	if (decision == NULL || index >= decision->n_cells)
		return NULL;
	return &decision->cells[index];
}

const market_source_t *
market_decision_source(const market_decision_t *decision, size_t index)
{
	if (decision == NULL || index >= decision->sources.n)
		return NULL;
	return &decision->sources.v[index];
}

market_status_t
market__decision_set_ignored(market_decision_t *decision,
    const market_ignored_t *ignored, size_t n_ignored)
{
	market__arena_t *arena = &decision->arena;
	market_ignored_t *copy;
	market_slice_t text;
	size_t i;

	copy = market__arena_array(arena, n_ignored, sizeof(*copy));
	if (copy == NULL)
		return market__arena_refusal(arena);
	for (i = 0; i < n_ignored; i++) {
		copy[i].code = ignored[i].code;
		copy[i].digest = market__arena_copy(arena, ignored[i].digest);
		text = market__arena_copy(
		    arena, market_slice_of(ignored[i].message));
		copy[i].message = (const char *)text.ptr;
		if (copy[i].digest.ptr == NULL || copy[i].message == NULL)
			return market__arena_refusal(arena);
		if (ignored[i].name == NULL)
			continue;
		text = market__arena_copy(
		    arena, market_slice_of(ignored[i].name));
		copy[i].name = (const char *)text.ptr;
		if (copy[i].name == NULL)
			return market__arena_refusal(arena);
	}
	decision->ignored = copy;
	decision->n_ignored = n_ignored;
	return MARKET_OK;
}

market_status_t
market__decision_add_finding(
    market_decision_t *decision, market_code_t code, const char *format, ...)
{
	const market_code_info_t *info = market_code_info(code);
	market__findings_t *findings = &decision->findings;
	char text[MARKET_ERROR_MESSAGE_MAX];
	market_finding_t *grown;
	market_slice_t copy;
	va_list args;
	size_t i;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	copy = market__arena_copy(&decision->arena, market_slice_of(text));
	grown = market__arena_array(
	    &decision->arena, findings->n + 1, sizeof(*grown));
	if (copy.ptr == NULL || grown == NULL)
		return market__arena_refusal(&decision->arena);
	if (findings->n > 0)
		memcpy(grown, findings->v, findings->n * sizeof(*grown));
	grown[findings->n].code = code;
	grown[findings->n].effect = info->effect;
	grown[findings->n].message = (const char *)copy.ptr;
	findings->v = grown;
	findings->n++;
	findings->capacity = findings->n;
	decision->verdict = market__verdict_worse(
	    decision->verdict, market__findings_verdict(findings));
	for (i = 0; i < decision->n_cells; i++)
		decision->cells[i].verdict = market__verdict_worse(
		    decision->cells[i].verdict,
		    market__findings_verdict(findings));
	return MARKET_OK;
}
