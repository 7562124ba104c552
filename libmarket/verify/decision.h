/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MARKET_VERIFY_DECISION_H
#define MARKET_VERIFY_DECISION_H

#include "verify/verify.h"

struct market_decision {
	market_context_t *context;
	market__arena_t arena;
	market_statement_t *offer;
	int64_t at;
	market_verdict_t verdict;
	market__findings_t findings;
	market_cell_t *cells;
	size_t n_cells;
	market__shared_t **owners; /* of what the cells point at */
	size_t n_owners;
	market_ignored_t *ignored;
	size_t n_ignored;
	market__sources_t sources;
};

#endif
