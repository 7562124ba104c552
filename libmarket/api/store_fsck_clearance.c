/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clearances: the question, its history, and the answer, which is computed
 * anew as of the instant that it was computed at.
 */
#include "api/store_evidence.h"
#include "api/store_fsck.h"
#include "api/store_listing.h"

/* ---- its history ---- */

typedef struct walk {
	const market__clearance_row_t *row;
	market__answer_t answer; /* that the next older entry must end with */
	bool any;
	uint64_t ended;
} walk_t;

/* One entry of it, from the newest back; false: no more can be made of it. */
static bool
check_entry(market__fsck_t *f, walk_t *w, const market__entry_row_t *entry,
    const market__detail_t *detail)
{
	unsigned long long no = MARKET__ULL(w->row->no);

	if (entry->kind != MARKET_CHANGE_CLEARANCE ||
	    entry->object != w->row->no) {
		market__fsck_tell(f,
		    "clearance %llu: entry %llu of its history is about "
		    "something else",
		    no, MARKET__ULL(entry->seq));
		return false;
	}
	if (!market__answers_equal(&detail->after, &w->answer))
		market__fsck_tell(f,
		    w->any ? "clearance %llu: the answer of entry %llu is not "
			     "the one that the next entry changed"
			   : "clearance %llu: its row has not the answer of "
			     "entry %llu, its last",
		    no, MARKET__ULL(entry->seq));
	if (detail->had != (entry->prev != 0))
		market__fsck_tell(f,
		    "clearance %llu: entry %llu does not tell whether it is "
		    "its first",
		    no, MARKET__ULL(entry->seq));
	if (w->ended == 0 && detail->had &&
	    detail->before.verdict == MARKET_VERDICT_PERMIT &&
	    detail->after.verdict != MARKET_VERDICT_PERMIT)
		w->ended = entry->seq;
	w->answer = detail->before;
	w->any = true;
	return true;
}

static void
check_history(market__fsck_t *f, const market__clearance_row_t *row,
    const market__answer_t *answer)
{
	uint64_t seq = row->entry, before = UINT64_MAX;
	market__entry_row_t entry;
	market__detail_t detail;
	walk_t w = { 0 };

	w.row = row;
	w.answer = *answer;
	do {
		if (seq >= before) {
			market__fsck_tell(f,
			    "clearance %llu: entry %llu of its history is told "
			    "to be before entry %llu",
			    MARKET__ULL(row->no), MARKET__ULL(seq),
			    MARKET__ULL(before));
			return;
		}
		market__fsck_rest(f);
		if (!market__fsck_goes_on(f) ||
		    !market__fsck_good(f,
			market__entry_get(&f->call, seq, &entry, &detail),
			"clearance %llu", MARKET__ULL(row->no)) ||
		    !check_entry(f, &w, &entry, &detail))
			return;
		before = seq;
		seq = entry.prev;
	} while (seq != 0);
	if (w.ended != row->ended)
		market__fsck_tell(f,
		    "clearance %llu: it ceased to permit by entry %llu, and "
		    "its row says %llu",
		    MARKET__ULL(row->no), MARKET__ULL(w.ended),
		    MARKET__ULL(row->ended));
}

/* ---- its answer ---- */

/* Has a slot that the answer reads moved since the row was computed? */
static market_status_t
moved_since(market__fsck_t *f, const market__clearance_row_t *row,
    const market__clearance_t *answer, uint64_t *ret_epoch)
{
	market_status_t status = MARKET_OK;
	market__slot_row_t slot;
	size_t i;

	*ret_epoch = 0;
	for (i = 0; i < answer->n_reads && status == MARKET_OK; i++) {
		status = market__slot_row(
		    &f->call, answer->reads[i], false, &slot);
		if (slot.epoch > row->epoch && slot.epoch > *ret_epoch)
			*ret_epoch = slot.epoch;
	}
	return status;
}

static bool
has_number(const uint64_t *numbers, size_t n, uint64_t number)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (numbers[i] == number)
			return true;
	return false;
}

/* By the slots that are kept of it a clearance is found when one moves. */
static void
check_reads(market__fsck_t *f, const market__clearance_row_t *row,
    const market__clearance_t *answer)
{
	market__call_t *call = &f->call;
	const uint64_t *kept = NULL;
	market__slot_row_t slot;
	market_status_t status;
	size_t n = 0, i;

	status = call->ops->clearance_reads(
	    call->backend, row->no, &call->arena, &kept, &n, &f->error);
	for (i = 0; i < answer->n_reads && status == MARKET_OK; i++) {
		status = market__slot_row(call, answer->reads[i], false, &slot);
		if (status == MARKET_OK && !has_number(kept, n, slot.no))
			market__fsck_tell(f,
			    "clearance %llu: it has read slot %.*s, and is not "
			    "kept among its readers",
			    MARKET__ULL(row->no),
			    MARKET__ARG(answer->reads[i]));
	}
	if (market__fsck_good(
		f, status, "clearance %llu", MARKET__ULL(row->no)) &&
	    n > answer->n_reads)
		market__fsck_tell(f,
		    "clearance %llu: it is kept among the readers of %zu slots "
		    "that it has not read",
		    MARKET__ULL(row->no), n - answer->n_reads);
}

static void
check_computed(market__fsck_t *f, const market__clearance_row_t *row,
    const market__cleared_t *cleared)
{
	market_slice_t result = { NULL, 0 };
	market__answer_t answer;

	market__answer_of(&cleared->answer, &answer);
	f->status = market__answer_encode(&answer, &f->call.arena, &result);
	if (f->status != MARKET_OK)
		return;
	if (memcmp(row->versions, cleared->versions, sizeof(row->versions)) !=
	    0)
		market__fsck_tell(f,
		    "clearance %llu: its versions are not those of the slots "
		    "that it has read",
		    MARKET__ULL(row->no));
	if (!market__slice_equal(row->result, result))
		market__fsck_tell(f,
		    "clearance %llu: it does not say what the evidence does",
		    MARKET__ULL(row->no));
	if (row->horizon != cleared->answer.horizon)
		market__fsck_tell(f,
		    "clearance %llu: its answer holds until another instant "
		    "than the evidence says",
		    MARKET__ULL(row->no));
	check_reads(f, row, &cleared->answer);
}

/*
 * Where nothing moved that the answer reads, reading the same gave the row's
 * answer. Where something did, the row waits to be computed anew, and it must
 * be among those that the head still has before it.
 */
static void
check_answer(market__fsck_t *f, const market__clearance_row_t *row,
    const market__question_t *question)
{
	const market__cleared_t *cleared = NULL;
	uint64_t moved = 0;
	market_status_t status;

	if (row->evaluator != MARKET__EVALUATOR)
		return;
	f->call.now = row->computed_at;
	status = market__clear(&f->call, question, &cleared);
	if (status == MARKET_OK)
		status = moved_since(f, row, &cleared->answer, &moved);
	f->call.now = f->call.head.clock;
	if (!market__fsck_good(
		f, status, "clearance %llu", MARKET__ULL(row->no)))
		return;
	if (moved == 0)
		check_computed(f, row, cleared);
	else if (moved <= f->call.head.settled)
		market__fsck_tell(f,
		    "clearance %llu: it was not computed anew for statement "
		    "%llu, and the head says that it was",
		    MARKET__ULL(row->no), MARKET__ULL(moved));
}

/* ---- its question ---- */

static bool
check_question(market__fsck_t *f, const market__clearance_row_t *row,
    market__question_t *question)
{
	uint8_t hash[MARKET_DIGEST_LEN];

	market_status_t status;

	status = market__clear_question(&f->call, row, question);
	if (status == MARKET_OK)
		status = market__clear_hash(&f->call, question, hash);
	if (!market__fsck_good(
		f, status, "clearance %llu", MARKET__ULL(row->no)))
		return false;
	if (memcmp(hash, row->hash, sizeof(hash)) == 0)
		return true;
	market__fsck_tell(f,
	    "clearance %llu: its question is not the one that was asked",
	    MARKET__ULL(row->no));
	return false;
}

/* Cells of the listings that ask it. */
static void
check_cells(market__fsck_t *f, const market__clearance_row_t *row)
{
	market__call_t *call = &f->call;
	market__listing_query_t query = { 0 };
	const market__listing_row_t *rows;
	uint64_t cells = 0, counted = 0;
	size_t n, i, k;

	query.by = MARKET__LISTING_BY_QUESTION;
	query.question = row->no;
	query.max = MARKET__FSCK_PAGE;
	do {
		n = 0;
		market__fsck_rest(f);
		if (!market__fsck_good(f,
			call->ops->listings(call->backend, &query, &call->arena,
			    &rows, &n, &f->error),
			"clearance %llu", MARKET__ULL(row->no)))
			return;
		for (i = 0; i < n; i++) {
			query.after = rows[i].no;
			for (k = 0; k < rows[i].n_questions &&
			     rows[i].questions[k] != row->no;
			     k++)
				;
			cells += k < rows[i].n_questions;
		}
	} while (n == MARKET__FSCK_PAGE);
	if (market__fsck_good(f,
		call->ops->clearance_cells(
		    call->backend, row->no, &counted, &f->error),
		"clearance %llu", MARKET__ULL(row->no)) &&
	    cells != counted)
		market__fsck_tell(f,
		    "clearance %llu: %llu cells of listings ask it, and its "
		    "row says %llu",
		    MARKET__ULL(row->no), MARKET__ULL(cells),
		    MARKET__ULL(counted));
}

/* `user` is the number of the one before. */
static void
check_clearance(
    market__fsck_t *f, const market__clearance_row_t *row, void *user)
{
	const market__store_head_t *head = &f->call.head;
	market__question_t question;
	market__answer_t answer;
	uint64_t *last = user;

	market__fsck_gap(f, "clearance", "clearances", *last + 1, row->no - 1);
	*last = row->no;
	if (row->computed_at > head->clock || row->epoch > head->epoch ||
	    row->evaluator > MARKET__EVALUATOR)
		market__fsck_tell(f,
		    "clearance %llu: it was computed after what the head tells",
		    MARKET__ULL(row->no));
	if (!market__answer_decode(row->result, &answer) ||
	    row->verdict != (uint32_t)answer.verdict) {
		market__fsck_tell(f,
		    "clearance %llu: its verdict is not that of its answer",
		    MARKET__ULL(row->no));
		return;
	}
	check_history(f, row, &answer);
	market__fsck_rest(f);
	if (market__fsck_goes_on(f) && check_question(f, row, &question))
		check_answer(f, row, &question);
	market__fsck_rest(f);
	if (market__fsck_goes_on(f))
		check_cells(f, row);
}

void
market__fsck_clearances(market__fsck_t *f)
{
	uint64_t last = 0, wanted = f->call.head.questions;

	if (!market__fsck_each_clearance(f, check_clearance, &last))
		return;
	if (last > wanted)
		market__fsck_tell(f,
		    "clearance %llu: the head ends at question %llu",
		    MARKET__ULL(last), MARKET__ULL(wanted));
	market__fsck_gap(f, "clearance", "clearances", last + 1, wanted);
}
