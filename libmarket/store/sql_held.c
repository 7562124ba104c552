/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sql_held.h"

market_status_t
market__sql_hold(market__sql_t *sql, market_error_t *reterr)
{
	market_status_t rv = market__sql_enter(sql, true, reterr);

	if (rv != MARKET_OK || sql->held != NULL)
		return rv;
	sql->held = market__alloc(sql->allocator, sizeof(*sql->held));
	if (sql->held != NULL)
		return MARKET_OK;
	sql->phase = MARKET__SQL_FAILED;
	return market__error(
	    reterr, MARKET_E_MEMORY, sql->location, -1, "out of memory");
}

/* ---- cells ---- */

static market_status_t
write_count(market__sql_t *sql, const market__sql_counted_t *counted,
    market_error_t *reterr)
{
	market__sql_call_t call;

	market__sql_call(&call, sql, MARKET__SQL_CELLS_ADD, reterr);
	market__sql_put_number(&call, counted->question);
	market__sql_put_integer(&call, counted->cells);
	return market__sql_run_one(&call);
}

market_status_t
market__sql_count_all(market__sql_t *sql, market_error_t *reterr)
{
	market__sql_held_t *held = sql->held;
	market_status_t rv = MARKET_OK;
	size_t i;

	if (held == NULL || held->n_counted == 0)
		return MARKET_OK;
	for (i = 0; i < MARKET__SQL_COUNTED && rv == MARKET_OK; i++)
		if (held->counted[i].used && held->counted[i].cells != 0)
			rv = write_count(sql, &held->counted[i], reterr);
	memset(held->counted, 0, sizeof(held->counted));
	held->n_counted = 0;
	return rv;
}

market_status_t
market__sql_count(market__sql_t *sql, uint64_t question, int64_t cells,
    market_error_t *reterr)
{
	market__sql_counted_t *counted;
	market_status_t rv = market__sql_hold(sql, reterr);
	size_t at = (size_t)question % MARKET__SQL_COUNTED;

	if (rv == MARKET_OK && sql->held->n_counted == MARKET__SQL_COUNTED / 2)
		rv = market__sql_count_all(sql, reterr);
	if (rv != MARKET_OK)
		return rv;
	/* Half of them are free. */
	counted = sql->held->counted;
	while (counted[at].used && counted[at].question != question)
		at = (at + 1) % MARKET__SQL_COUNTED;
	sql->held->n_counted += !counted[at].used;
	counted[at].used = true;
	counted[at].question = question;
	counted[at].cells += cells;
	return MARKET_OK;
}

/* ---- all ---- */

market_status_t
market__sql_flush(market__sql_t *sql, market_error_t *reterr)
{
	market_status_t rv;

	if (sql->held == NULL)
		return MARKET_OK;
	rv = market__sql_entries_flush(sql, reterr);
	return rv == MARKET_OK ? market__sql_count_all(sql, reterr) : rv;
}

void
market__sql_forget(market__sql_t *sql)
{
	market__sql_held_t *held = sql->held;

	if (held == NULL)
		return;
	held->entries.writer.n = held->entries.writer.len = 0;
	if (held->n_counted > 0)
		memset(held->counted, 0, sizeof(held->counted));
	held->n_counted = 0;
}
