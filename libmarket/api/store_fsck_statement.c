/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accepted statements: numbers, the chain over them, every signature again;
 * and the slots that they moved.
 */
#include "api/store_evidence.h"
#include "api/store_fsck.h"

typedef struct accepted {
	uint64_t reached; /* the last statement that was there */
	uint64_t root;    /* the last trust root until then */
	uint8_t chain[MARKET_DIGEST_LEN];
	bool gap;
} accepted_t;

static void
check_mark(market__fsck_t *f, const accepted_t *a)
{
	size_t i;

	for (i = 0; i < f->n_marks; i++)
		if (f->marks[i].mark.epoch == a->reached && !a->gap &&
		    memcmp(f->marks[i].mark.epoch_chain, a->chain,
			MARKET_DIGEST_LEN) != 0)
			market__fsck_tell(f,
			    "statement %llu: what was accepted up to it is not "
			    "what %s has: the store was restored from an older "
			    "copy, or rewritten",
			    MARKET__ULL(a->reached), f->marks[i].whose);
}

/* The other direction is looked at from the history. */
static void
check_entry(market__fsck_t *f, const market__statement_row_t *row)
{
	market__entry_row_t entry;
	market__detail_t detail;

	if (!market__fsck_good(f,
		market__entry_get(&f->call, row->entry, &entry, &detail),
		"statement %llu", MARKET__ULL(row->no)))
		return;
	if (entry.kind != MARKET_CHANGE_STATEMENT || entry.object != row->no)
		market__fsck_tell(f,
		    "statement %llu: entry %llu, by which it was accepted, is "
		    "about something else",
		    MARKET__ULL(row->no), MARKET__ULL(row->entry));
}

/* Has the slot moved by this statement, or since? */
static void
check_moved(market__fsck_t *f, uint64_t no, market_slice_t slot)
{
	market__slot_row_t row;

	if (!market__fsck_good(f, market__slot_row(&f->call, slot, false, &row),
		"statement %llu: slot %.*s", MARKET__ULL(no),
		MARKET__ARG(slot)))
		return;
	if (row.epoch < no)
		market__fsck_tell(f,
		    "slot %.*s: statement %llu has changed it, and that is not "
		    "told of it",
		    MARKET__ARG(slot), MARKET__ULL(no));
}

/* Its own, that of its name, and those in which earlier ones of it stand. */
static void
check_slots(market__fsck_t *f, const market__statement_row_t *row)
{
	market__statement_query_t query = { 0 };
	const market__statement_row_t **rows = NULL;
	market_slice_t key = { NULL, 0 };
	market_status_t status;
	size_t n = 0, i;

	query.by = MARKET__STATEMENT_BY_NAME;
	query.kind = row->kind;
	query.issuer = row->issuer;
	query.id = row->id;
	status = market__slot_name(
	    &f->call, (market_kind_t)row->kind, row->issuer, row->id, &key);
	if (status == MARKET_OK)
		status = market__fact_rows(&f->call, &query, &rows, &n);
	if (!market__fsck_good(
		f, status, "statement %llu", MARKET__ULL(row->no)))
		return;
	check_moved(f, row->no, row->slot);
	check_moved(f, row->no, key);
	for (i = 0; i < n; i++)
		if (rows[i]->no < row->no &&
		    !market__slice_equal(rows[i]->slot, row->slot))
			check_moved(f, row->no, rows[i]->slot);
}

static void
check_envelope(market__fsck_t *f, const market__statement_row_t *row)
{
	market__fact_t *fact = NULL;

	if (!market__fsck_good(f, market__fact_get(&f->call, row, &fact),
		"statement %llu", MARKET__ULL(row->no)))
		return;
	if (!market__slice_equal(
		row->subject, market__conveys_to(fact->statement->message)))
		market__fsck_tell(f,
		    "statement %llu: its row names another party that it gives "
		    "keys to",
		    MARKET__ULL(row->no));
}

static void
check_basis(
    market__fsck_t *f, const market__statement_row_t *row, accepted_t *a)
{
	if (row->kind == (uint32_t)MARKET_KIND_TRUST_ROOT)
		a->root = row->no;
	if (row->basis != a->root)
		market__fsck_tell(f,
		    "statement %llu: it was accepted under the trust root "
		    "%llu, "
		    "and %llu ruled then",
		    MARKET__ULL(row->no), MARKET__ULL(row->basis),
		    MARKET__ULL(a->root));
}

static void
check_statement(
    market__fsck_t *f, const market__statement_row_t *row, void *user)
{
	accepted_t *a = user;

	if (row->no != a->reached + 1) {
		market__fsck_gap(
		    f, "statement", "statements", a->reached + 1, row->no - 1);
		a->gap = true;
	}
	f->status = market__epoch_chain(&f->call, a->chain, row, a->chain);
	a->reached = row->no;
	if (f->status != MARKET_OK)
		return;
	check_mark(f, a);
	check_basis(f, row, a);
	check_entry(f, row);
	check_slots(f, row);
	check_envelope(f, row);
}

static void
conclude(market__fsck_t *f, const accepted_t *a)
{
	const market__store_head_t *head = &f->call.head;
	size_t i;

	if (a->reached > head->epoch)
		market__fsck_tell(f,
		    "statement %llu: the head ends at statement %llu",
		    MARKET__ULL(a->reached), MARKET__ULL(head->epoch));
	market__fsck_gap(
	    f, "statement", "statements", a->reached + 1, head->epoch);
	if (a->reached == head->epoch && !a->gap &&
	    memcmp(a->chain, head->epoch_chain, MARKET_DIGEST_LEN) != 0)
		market__fsck_tell(f,
		    "statement %llu: the chain over those up to it is not that "
		    "of the head: a row was edited",
		    MARKET__ULL(a->reached));
	for (i = 0; i < f->n_marks; i++)
		if (f->marks[i].mark.epoch > a->reached)
			market__fsck_tell(f,
			    "statement %llu: %s has it, and the store ends at "
			    "%llu: it was restored from an older copy",
			    MARKET__ULL(f->marks[i].mark.epoch),
			    f->marks[i].whose, MARKET__ULL(a->reached));
}

void
market__fsck_statements(market__fsck_t *f)
{
	accepted_t a = { 0 };

	if (market__fsck_each_statement(f, check_statement, &a))
		conclude(f, &a);
}

/* ---- slots ---- */

/* Does the statement change the slot? */
static market_status_t
moves(market__fsck_t *f, const market__statement_row_t *row,
    market_slice_t slot, bool *ret_moves)
{
	market__statement_query_t query = { 0 };
	const market__statement_row_t **rows;
	market_slice_t key = { NULL, 0 };
	market_status_t status;
	size_t n, i;

	status = market__slot_name(
	    &f->call, (market_kind_t)row->kind, row->issuer, row->id, &key);
	*ret_moves = market__slice_equal(row->slot, slot) ||
	    (status == MARKET_OK && market__slice_equal(key, slot));
	if (status != MARKET_OK || *ret_moves)
		return status;
	query.by = MARKET__STATEMENT_BY_NAME;
	query.kind = row->kind;
	query.issuer = row->issuer;
	query.id = row->id;
	status = market__fact_rows(&f->call, &query, &rows, &n);
	for (i = 0; status == MARKET_OK && i < n; i++)
		if (rows[i]->no < row->no &&
		    market__slice_equal(rows[i]->slot, slot))
			*ret_moves = true;
	return status;
}

/* That no later one changes it follows from what statements say of slots. */
static void
check_last(market__fsck_t *f, const market__slot_row_t *slot)
{
	const market__statement_row_t *row = NULL;
	market_status_t status;
	bool good = false;

	status = market__fact_row(&f->call, slot->epoch, &row);
	if (status == MARKET_OK)
		status = moves(f, row, slot->name, &good);
	if (market__fsck_good(f, status, "slot %.*s: statement %llu",
		MARKET__ARG(slot->name), MARKET__ULL(slot->epoch)) &&
	    !good)
		market__fsck_tell(f,
		    "slot %.*s: statement %llu is told to have changed it "
		    "last, "
		    "and has nothing to do with it",
		    MARKET__ARG(slot->name), MARKET__ULL(slot->epoch));
}

static void
check_slot(market__fsck_t *f, const market__slot_row_t *slot)
{
	uint8_t chain[MARKET_DIGEST_LEN];
	uint64_t counter = 0;

	if (slot->no > f->call.head.slots)
		market__fsck_tell(f,
		    "slot %.*s: its number is %llu, and the head has %llu",
		    MARKET__ARG(slot->name), MARKET__ULL(slot->no),
		    MARKET__ULL(f->call.head.slots));
	check_last(f, slot);
	if (!market__fsck_good(f,
		market__slot_version(&f->call, slot->name, &counter, chain),
		"slot %.*s", MARKET__ARG(slot->name)))
		return;
	if (counter != slot->counter ||
	    memcmp(chain, slot->chain, MARKET_DIGEST_LEN) != 0)
		market__fsck_tell(f,
		    "slot %.*s: its version is %llu, and its statements make "
		    "another, %llu",
		    MARKET__ARG(slot->name), MARKET__ULL(slot->counter),
		    MARKET__ULL(counter));
}

void
market__fsck_slots(market__fsck_t *f)
{
	market__call_t *call = &f->call;
	const market__slot_row_t *rows;
	uint64_t after = 0;
	size_t n, i;

	do {
		market__fsck_turn(f);
		n = 0;
		if (!market__fsck_goes_on(f) ||
		    !market__fsck_good(f,
			call->ops->slots_since(call->backend, 0, after,
			    MARKET__FSCK_PAGE, &f->page, &rows, &n, &f->error),
			"slots after %llu", MARKET__ULL(after)))
			return;
		for (i = 0; i < n && market__fsck_goes_on(f); i++) {
			after = rows[i].no;
			check_slot(f, &rows[i]);
			market__fsck_rest(f);
		}
	} while (n == MARKET__FSCK_PAGE);
}
