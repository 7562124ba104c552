/* SPDX-License-Identifier: Apache-2.0 */
/* Statements are added: each in a transaction of its own. */
#include "api/store_add.h"
#include "api/store_listing.h"

void
market_additions_free(market_additions_t *additions)
{
	const market_allocator_t *allocator;
	size_t i;

	if (additions == NULL)
		return;
	allocator = &additions->context->allocator;
	for (i = 0; i < additions->n; i++)
		/* analyse(scan): where there is no v, n is 0. */
		market_statement_free(additions->v[i].statement);
	market__arena_clear(&additions->arena);
	market__free(allocator, additions);
}

const market_added_t *
market_additions_at(const market_additions_t *additions, size_t index)
{
	if (additions == NULL || index >= additions->n)
		return NULL;
	return &additions->v[index].added;
}

static market_status_t
keep_text(market_additions_t *additions, market__addition_t *addition,
    const char *text)
{
	market_slice_t copy = market__arena_copy(
	    &additions->arena, market_slice_of(text));

	if (copy.ptr == NULL)
		return market__arena_refusal(&additions->arena);
	addition->added.message = (const char *)copy.ptr;
	return MARKET_OK;
}

/* One that does not parse is refused; that is no failure of the call. */
static market_status_t
parse(market_additions_t *additions, size_t i, market_slice_t envelope)
{
	market__addition_t *addition = &additions->v[i];
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	market__text_t text;

	status = market_statement_parse(additions->context, envelope,
	    MARKET_KINDS_ALL, &addition->statement, &error);
	addition->added.statement = addition->statement;
	if (status == MARKET_OK)
		return MARKET_OK;
	if (status == MARKET_E_MEMORY || status == MARKET_E_INTERNAL ||
	    status == MARKET_E_ARGUMENT || status == MARKET_E_UNSUPPORTED)
		return status;
	addition->done = true;
	addition->added.result = MARKET_RESULT_REFUSED;
	addition->added.status = status;
	addition->added.code = MARKET_CODE_STATEMENT_MALFORMED;
	market__text_init(&text, &additions->context->allocator, 4096);
	market__text_printf(&text, "%s%s%s", error.path,
	    error.path[0] != '\0' ? ": " : "", error.message);
	status = text.status;
	if (status == MARKET_OK)
		status = keep_text(additions, addition, text.data);
	market__text_clear(&text);
	return status;
}

market_status_t
market__additions_new(market_context_t *context,
    const market_slice_t *envelopes, size_t n, market_additions_t **ret,
    market_error_t *reterr)
{
	market_additions_t *additions;
	market_status_t status = MARKET_OK;
	size_t i;

	if (n >= SIZE_MAX / sizeof(*additions->v))
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "there cannot be so many statements in memory");
	additions = market__alloc(&context->allocator, sizeof(*additions));
	if (additions == NULL)
		return market__error(reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for what is added");
	additions->context = context;
	market__arena_init(
	    &additions->arena, &context->allocator, SIZE_MAX / 2);
	additions->v = market__arena_array(
	    &additions->arena, n + 1, sizeof(*additions->v));
	if (additions->v == NULL)
		status = MARKET_E_MEMORY;
	else
		additions->n = n;
	for (i = 0; i < n && status == MARKET_OK; i++) {
		if (envelopes[i].ptr == NULL && envelopes[i].len > 0)
			status = MARKET_E_ARGUMENT;
		else
			status = parse(additions, i, envelopes[i]);
	}
	if (status != MARKET_OK) {
		market_additions_free(additions);
		return market__error(reterr, status, NULL, -1,
		    "the statements could not be taken in: %s",
		    market_status_text(status));
	}
	*ret = additions;
	return MARKET_OK;
}

market_status_t
market__additions_take(market_additions_t *additions, size_t i,
    const market__acceptance_t *acceptance)
{
	market__addition_t *addition = &additions->v[i];

	addition->done = !acceptance->later;
	addition->rekey = acceptance->rekey;
	addition->added.result = acceptance->result;
	addition->added.code = acceptance->code;
	addition->added.entry = acceptance->entry;
	addition->added.message = NULL;
	if (acceptance->message == NULL)
		return MARKET_OK;
	return keep_text(additions, addition, acceptance->message);
}

/* ---- adding ---- */

static void
start_anew(market__call_t *call)
{
	market__call_release(call, 0);
	market__arena_clear(&call->arena);
	market__arena_init(
	    &call->arena, &call->context->allocator, MARKET__CALL_BUDGET);
}

static market_status_t
add_one(market__call_t *call, int64_t at, unsigned flags,
    market_additions_t *additions, size_t i)
{
	market__addition_t *addition = &additions->v[i];
	market__acceptance_t acceptance = { 0 };
	market_refreshed_t refreshed = { 0 };
	market_status_t status;

	status = market__call_transact(call, true, at);
	if (status == MARKET_OK)
		status = market__accept(call, addition->statement, &acceptance);
	if (status == MARKET_OK)
		status = market__additions_take(additions, i, &acceptance);
	if (status == MARKET_OK && acceptance.entry != 0)
		status = market__call_commit(call);
	else if (status == MARKET_OK)
		status = market__call_tick(call);
	else if (call->open)
		market__call_rollback(call);
	start_anew(call);
	if (status == MARKET_OK && acceptance.entry != 0 &&
	    (flags & MARKET_STORE_LATER) == 0) {
		status = market__settle_all(call, at, &refreshed);
		addition->added.cells_changed = refreshed.cells_changed;
	}
	return status;
}

/* Other keys count now: whom they were wanting is tried again. */
static bool
rekey(market_additions_t *additions, const market__addition_t *by)
{
	bool any = false;
	size_t i;

	if (by->statement == NULL || by->added.entry == 0 ||
	    (by->statement->message->kind != MARKET_KIND_TRUST_ROOT &&
		by->statement->message->kind != MARKET_KIND_KEY_SET))
		return false;
	for (i = 0; i < additions->n; i++) {
		if (!additions->v[i].rekey)
			continue;
		additions->v[i].rekey = additions->v[i].done = false;
		any = true;
	}
	return any;
}

/* What lacks its parent, or its keys, is tried again after the others. */
static market_status_t
add_all(market__call_t *call, int64_t at, unsigned flags,
    market_additions_t *additions)
{
	market_status_t status = MARKET_OK;
	bool progress, ticked = false;
	size_t i;

	do {
		progress = false;
		/* analyse(gcc): market__additions_new() has set it, or failed.
		 */
		for (i = 0; i < additions->n && status == MARKET_OK; i++) {
			if (additions->v[i].done)
				continue;
			status = add_one(call, at, flags, additions, i);
			ticked = true;
			/* analyse(gcc): as above. */
			if (rekey(additions, &additions->v[i]) ||
			    additions->v[i].done)
				progress = true;
		}
	} while (status == MARKET_OK && progress);
	/* The time has come, whatever came with it. */
	if (status == MARKET_OK && !ticked)
		status = market__call_transact(call, true, at);
	if (status == MARKET_OK && !ticked)
		status = market__call_tick(call);
	return status;
}

market_status_t
market_store_add(market_store_t *store, const market_slice_t *envelopes,
    size_t n, int64_t at, unsigned flags, market_additions_t **ret_additions,
    market_error_t *reterr)
{
	market_additions_t *additions = NULL;
	market_status_t status;
	market__call_t call;

	status = market__call_begin(store, reterr, &call);
	if (status == MARKET_OK &&
	    ((envelopes == NULL && n > 0) || ret_additions == NULL ||
		(flags & ~MARKET_STORE_LATER) != 0))
		status = market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "envelopes and ret_additions must be given, and no flag "
		    "but MARKET_STORE_LATER");
	if (status == MARKET_OK)
		status = market__additions_new(
		    call.context, envelopes, n, &additions, reterr);
	if (status == MARKET_OK)
		status = add_all(&call, at, flags, additions);
	if (status == MARKET_OK)
		*ret_additions = additions;
	else
		market_additions_free(additions);
	return market__call_end(&call, status);
}
