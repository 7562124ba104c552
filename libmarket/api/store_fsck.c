/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "api/store_fsck.h"

#define LINES_BUDGET ((size_t)64 << 20)

struct market_faults {
	market_context_t *context;
	market__arena_t arena; /* of the lines */
	const char **lines;
	size_t n, capacity;
};

/* ---- telling ---- */

static market_status_t
add_line(market_faults_t *faults, const char *line)
{
	size_t capacity = faults->capacity * 2 + 16;
	market_slice_t copy;
	const char **lines;

	if (faults->n == faults->capacity) {
		lines = market__arena_array(
		    &faults->arena, capacity, sizeof(*lines));
		if (lines == NULL)
			return market__arena_refusal(&faults->arena);
		if (faults->n > 0)
			memcpy((void *)lines, (const void *)faults->lines,
			    faults->n * sizeof(*lines));
		faults->lines = lines;
		faults->capacity = capacity;
	}
	copy = market__arena_copy(&faults->arena, market_slice_of(line));
	if (copy.ptr == NULL)
		return market__arena_refusal(&faults->arena);
	faults->lines[faults->n++] = (const char *)copy.ptr;
	return MARKET_OK;
}

static void
tell_line(market__fsck_t *f, const char *text)
{
	market_error_t line = MARKET_ERROR_INIT;

	if (!market__fsck_goes_on(f))
		return;
	/* Names in it came from outside: an error's text is printable. */
	(void)market__error(&line, MARKET_E_CORRUPT, NULL, -1, "%s",
	    f->faults->n == MARKET__FSCK_FAULTS_MAX ? "and more" : text);
	f->status = add_line(f->faults, line.message);
}

void
market__fsck_tell(market__fsck_t *f, const char *format, ...)
{
	char text[MARKET_ERROR_MESSAGE_MAX];
	va_list args;

	va_start(args, format);
	if (vsnprintf(text, sizeof(text), format, args) < 0)
		text[0] = '\0';
	va_end(args);
	tell_line(f, text);
}

bool
market__fsck_goes_on(const market__fsck_t *f)
{
	return f->status == MARKET_OK &&
	    f->faults->n <= MARKET__FSCK_FAULTS_MAX;
}

/* Who reads this runs it already. */
static void
cut_advice(char *message)
{
	static const char *const advice[] = { "; run market fsck",
		": run market fsck" };
	char *at;
	size_t i;

	for (i = 0; i < MARKET__COUNT(advice); i++) {
		at = strstr(message, advice[i]);
		if (at != NULL && at[strlen(advice[i])] == '\0')
			*at = '\0';
	}
}

/* After a failure of its own a backend only rolls back: so begin anew. */
static void
mend(market__fsck_t *f)
{
	market__call_t *call = &f->call;
	market__store_head_t head;
	market_status_t status;

	if (call->ops->head_get(call->backend, &head, NULL) == MARKET_OK)
		return;
	market__call_rollback(call);
	status = call->ops->begin(call->backend, false, &f->error);
	if (status == MARKET_OK)
		call->open = true;
	if (f->status == MARKET_OK)
		f->status = status;
}

bool
market__fsck_good(
    market__fsck_t *f, market_status_t status, const char *format, ...)
{
	char place[MARKET_ERROR_PATH_MAX];
	va_list args;

	if (status == MARKET_OK || f->status != MARKET_OK)
		return f->status == MARKET_OK;
	if (status != MARKET_E_CORRUPT && status != MARKET_E_NOT_FOUND) {
		f->status = status;
		return false;
	}
	va_start(args, format);
	if (vsnprintf(place, sizeof(place), format, args) < 0)
		place[0] = '\0';
	va_end(args);
	cut_advice(f->error.message);
	if (f->error.status == MARKET_OK)
		market__fsck_tell(f, "%s: %s", place,
		    status == MARKET_E_NOT_FOUND ? "it is missing"
						 : "it is damaged");
	else if (strncmp(f->error.message, place, strlen(place)) == 0)
		market__fsck_tell(f, "%s", f->error.message);
	else
		market__fsck_tell(f, "%s: %s", place, f->error.message);
	memset(&f->error, 0, sizeof(f->error));
	mend(f);
	return false;
}

void
market__fsck_gap(market__fsck_t *f, const char *one, const char *several,
    uint64_t from, uint64_t to)
{
	if (from == to)
		market__fsck_tell(
		    f, "%s %llu: it is missing", one, MARKET__ULL(from));
	else if (from < to)
		market__fsck_tell(f, "%s %llu to %llu: they are missing",
		    several, MARKET__ULL(from), MARKET__ULL(to));
}

/* ---- memory ---- */

static void
empty(market__fsck_t *f, market__arena_t *arena)
{
	market__arena_clear(arena);
	market__arena_init(
	    arena, &f->call.context->allocator, MARKET__CALL_BUDGET);
}

void
market__fsck_rest(market__fsck_t *f)
{
	market__call_release(&f->call, 0);
	empty(f, &f->call.arena);
}

void
market__fsck_turn(market__fsck_t *f)
{
	market__fsck_rest(f);
	empty(f, &f->page);
}

/* ---- the whole ---- */

static void
tell_integrity(void *user, const char *fault)
{
	market__fsck_tell(user, "%s", fault);
}

static void
check_head(market__fsck_t *f)
{
	const market__store_head_t *head = &f->call.head;

	if (head->epoch < 2)
		market__fsck_tell(
		    f, "head: a store has a trust root and a policy at least");
	if (head->epoch > head->entries)
		market__fsck_tell(f,
		    "head: it has %llu statements and %llu entries, and each "
		    "statement has one",
		    MARKET__ULL(head->epoch), MARKET__ULL(head->entries));
	if (head->settled > head->epoch)
		market__fsck_tell(f,
		    "head: clearances are computed anew up to statement %llu, "
		    "and there are %llu",
		    MARKET__ULL(head->settled), MARKET__ULL(head->epoch));
}

static void
add_mark(market__fsck_t *f, const char *whose, const market_store_mark_t *mark)
{
	f->marks[f->n_marks].whose = whose;
	f->marks[f->n_marks++].mark = *mark;
}

/* What this process knows of the store is a mark, too. */
static void
set_marks(market__fsck_t *f, const market_store_mark_t *given)
{
	const market__store_head_t *seen = &f->call.store->seen;
	market_store_mark_t mark;

	if (given != NULL)
		add_mark(f, "the mark", given);
	mark.epoch = seen->epoch;
	memcpy(mark.epoch_chain, seen->epoch_chain, MARKET_DIGEST_LEN);
	mark.entries = seen->entries;
	memcpy(mark.entry_chain, seen->entry_chain, MARKET_DIGEST_LEN);
	add_mark(f, "what was seen since it was opened", &mark);
}

/* A transaction of its own: catching up would stop at the first fault. */
static void
begin(market__fsck_t *f)
{
	market__call_t *call = &f->call;

	f->status = call->ops->begin(call->backend, false, &f->error);
	if (f->status != MARKET_OK)
		return;
	call->open = true;
	if (!market__fsck_good(f,
		call->ops->head_get(call->backend, &call->head, &f->error),
		"head"))
		return;
	call->now = call->head.clock;
	f->status = market__call_alone(call, MARKET__VIEW_LIVE);
}

static void
check_all(market__fsck_t *f)
{
	market__call_t *call = &f->call;

	begin(f);
	if (market__fsck_goes_on(f))
		(void)market__fsck_good(f,
		    call->ops->integrity(
			call->backend, tell_integrity, f, &f->error),
		    "backend");
	/* Without a head there is nothing to compare with. */
	if (call->cache == call->store->cache)
		return;
	check_head(f);
	market__fsck_entries(f);
	market__fsck_statements(f);
	market__fsck_slots(f);
	market__fsck_clearances(f);
	market__fsck_listings(f);
	market__fsck_parties(f);
}

static market_faults_t *
new_faults(market_context_t *context)
{
	market_faults_t *faults = market__alloc(
	    &context->allocator, sizeof(*faults));

	if (faults == NULL)
		return NULL;
	faults->context = context;
	market__arena_init(&faults->arena, &context->allocator, LINES_BUDGET);
	return faults;
}

market_status_t
market_store_fsck(market_store_t *store, const market_store_mark_t *mark,
    market_faults_t **ret_faults, market_error_t *reterr)
{
	market__fsck_t f = { 0 };
	market_status_t status;

	status = market__call_begin(store, reterr, &f.call);
	if (status == MARKET_OK && ret_faults == NULL)
		status = market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "ret_faults must be given");
	if (status != MARKET_OK)
		return market__call_end(&f.call, status);
	f.faults = new_faults(store->context);
	if (f.faults == NULL)
		return market__call_end(&f.call,
		    market__error(reterr, MARKET_E_MEMORY, NULL, -1,
			"no memory for what is found"));
	f.call.reterr = &f.error;
	market__arena_init(
	    &f.page, &store->context->allocator, MARKET__CALL_BUDGET);
	set_marks(&f, mark);
	check_all(&f);
	market__arena_clear(&f.page);
	status = f.status;
	if (status == MARKET_OK)
		*ret_faults = f.faults;
	else
		market_faults_free(f.faults);
	if (status != MARKET_OK)
		(void)market__error(reterr, status, NULL, -1, "%s",
		    f.error.status != MARKET_OK ? f.error.message
						: market_status_text(status));
	f.call.reterr = reterr;
	return market__call_end(&f.call, status);
}

const char *
market_faults_at(const market_faults_t *faults, size_t index)
{
	if (faults == NULL || index >= faults->n)
		return NULL;
	return faults->lines[index];
}

void
market_faults_free(market_faults_t *faults)
{
	if (faults == NULL)
		return;
	market__arena_clear(&faults->arena);
	market__free(&faults->context->allocator, faults);
}
