/* SPDX-License-Identifier: Apache-2.0 */
/* A store is made, opened, and asked how it is. */
#include <unistd.h>

#include "api/store_evidence.h"

#define CACHE_BYTES ((size_t)16 << 20)

/*
 * A quarter of the memory is the backend's own cache of pages. SQLite throws
 * all of them away whenever somebody else has written, which costs time just
 * when a withdrawal is to be seen; and the system keeps them anyhow.
 */
static size_t
page_bytes(const market_store_options_t *options)
{
	size_t bytes = options->cache_bytes == 0 ? CACHE_BYTES
						 : options->cache_bytes;

	return bytes / 4;
}

static uint64_t
or_else(uint64_t value, uint64_t otherwise)
{
	return value == 0 ? otherwise : value;
}

static void
take_options(market_store_t *store, const market_store_options_t *options)
{
	store->cache_bytes = page_bytes(options) * 3;
	store->tolerance = options->clock_tolerance == 0 ? 300
	    : options->clock_tolerance < 0               ? 0
					   : options->clock_tolerance;
	store->max_listings = or_else(options->max_listings, 10000000);
	store->max_questions = or_else(options->max_questions, 100000);
	store->max_statements = or_else(options->max_statements, 100000);
	store->max_early = or_else(options->max_early, 10000);
}

void
market_store_free(market_store_t *store)
{
	const market_allocator_t *allocator;

	if (store == NULL)
		return;
	allocator = &store->context->allocator;
	market__cache_free(store->cache);
	market__news_clear(store);
	/* In a child the files are its parent's: closing them there would take
	 * the locks for its own (sqlite.org/howtocorrupt.html, 2.6). */
	if (store->backend != NULL && getpid() == store->pid)
		store->backend->ops->close(store->backend);
	market__free(&store->context->allocator, store->filed);
	pthread_cond_destroy(&store->idle);
	pthread_cond_destroy(&store->served);
	pthread_mutex_destroy(&store->lock);
	market__free(allocator, store);
}

static bool
make_locks(market_store_t *store)
{
	if (pthread_mutex_init(&store->lock, NULL) != 0)
		return false;
	if (pthread_cond_init(&store->idle, NULL) == 0) {
		if (pthread_cond_init(&store->served, NULL) == 0)
			return true;
		pthread_cond_destroy(&store->idle);
	}
	pthread_mutex_destroy(&store->lock);
	return false;
}

static market_status_t
make(market_context_t *context, const char *location, bool create,
    const market_store_options_t *options, market_store_t **ret,
    market_error_t *reterr)
{
	const market_allocator_t *allocator = &context->allocator;
	market_store_t *store = market__alloc(allocator, sizeof(*store));
	market_status_t status;

	if (store == NULL)
		return market__error(
		    reterr, MARKET_E_MEMORY, NULL, -1, "no memory for a store");
	store->context = context;
	store->pid = getpid();
	take_options(store, options);
	if (!make_locks(store)) {
		market__free(allocator, store);
		return market__error(
		    reterr, MARKET_E_MEMORY, NULL, -1, "no memory for a lock");
	}
	store->cache = market__cache_new(allocator, store->cache_bytes);
	status = store->cache == NULL || market__filed_make(store) != MARKET_OK
	    ? market__error(
		  reterr, MARKET_E_MEMORY, NULL, -1, "no memory for a store")
	    : market__backend_open(allocator, location, create,
		  page_bytes(options),
		  options->busy_timeout_ms == 0 ? 5000
						: options->busy_timeout_ms,
		  &store->backend, reterr);
	if (status != MARKET_OK) {
		market_store_free(store);
		return status;
	}
	*ret = store;
	return MARKET_OK;
}

static market_status_t
check_options(const market_store_options_t **options, market_error_t *reterr)
{
	static const market_store_options_t defaults = { .size = sizeof(
							     defaults) };

	if (*options == NULL)
		*options = &defaults;
	if ((*options)->size != sizeof(defaults))
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "the options' size is not that of this library's: set it "
		    "to sizeof(market_store_options_t)");
	if (((*options)->flags & ~MARKET_STORE_DAMAGED) != 0 ||
	    ((*options)->flags != 0 && (*options)->mark != NULL))
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "a store is opened with the flag MARKET_STORE_DAMAGED "
		    "alone, and without a mark then");
	return MARKET_OK;
}

/* ---- making ---- */

typedef struct first {
	market_root_t *root;
	market_statement_t *policy;
} first_t;

static market_status_t
parse_first(market_context_t *context, market_slice_t root,
    market_slice_t policy, first_t *first, market_error_t *reterr)
{
	market_status_t status;

	status = market_root_parse(context, root, &first->root, reterr);
	if (status != MARKET_OK) {
		market__error_prefix(reterr, "root");
		return status;
	}
	status = market_statement_parse(context, policy,
	    MARKET_KINDS(MARKET_KIND_POLICY), &first->policy, reterr);
	if (status != MARKET_OK)
		market__error_prefix(reterr, "policy");
	return status;
}

static market_status_t
begin_with(market__call_t *call, const first_t *first, int64_t at)
{
	market__acceptance_t acceptance;
	market_status_t status;

	if (at < 0 || at > MARKET__TIME_MAX)
		return market__error(call->reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "the instant must lie in the years 1970 to 9999");
	status = call->ops->begin(call->backend, true, call->reterr);
	if (status != MARKET_OK)
		return status;
	call->open = call->write = true;
	call->now = at;
	status = market__accept_first(call, first->root->statement);
	if (status == MARKET_OK)
		status = market__accept(call, first->policy, &acceptance);
	if (status == MARKET_OK && acceptance.result != MARKET_RESULT_ACCEPTED)
		return market__error(call->reterr, MARKET_E_POLICY, "policy",
		    -1, "%s",
		    acceptance.message == NULL ? "it is not accepted"
					       : acceptance.message);
	if (status == MARKET_OK)
		status = market__call_commit(call);
	return status;
}

market_status_t
market_store_create(market_context_t *context, const char *location,
    market_slice_t root, market_slice_t policy, int64_t at,
    const market_store_options_t *options, market_store_t **ret_store,
    market_error_t *reterr)
{
	first_t first = { NULL, NULL };
	market_store_t *store = NULL;
	market_status_t status;
	market__call_t call;

	if (context == NULL || location == NULL || ret_store == NULL)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "context, location and ret_store must be given");
	status = check_options(&options, reterr);
	if (status == MARKET_OK)
		status = parse_first(context, root, policy, &first, reterr);
	if (status == MARKET_OK)
		status = make(context, location, true, options, &store, reterr);
	if (status == MARKET_OK) {
		status = market__call_begin(store, reterr, &call);
		if (status == MARKET_OK)
			status = begin_with(&call, &first, at);
		status = market__call_end(&call, status);
	}
	market_root_free(first.root);
	market_statement_free(first.policy);
	if (status != MARKET_OK) {
		if (store != NULL) {
			market_store_free(store);
			market__backend_discard(location);
		}
		return status;
	}
	*ret_store = store;
	return MARKET_OK;
}

/* ---- opening ---- */

static market_status_t
disagrees(market_error_t *reterr)
{
	return market__error(reterr, MARKET_E_CORRUPT, NULL, -1,
	    "the store does not agree with the mark that was kept: an older "
	    "copy was put back, or its history was rewritten; run market fsck "
	    "--mark");
}

/* The chain over the first `n` statements. */
static market_status_t
statement_chain(market__call_t *call, uint64_t n, uint8_t *chain)
{
	market__statement_query_t query = { .by = MARKET__STATEMENT_BY_NO };
	const market__statement_row_t *rows;
	market_status_t status = MARKET_OK;
	market__arena_t arena;
	size_t got = 1, i;

	memset(chain, 0, MARKET_DIGEST_LEN);
	while (query.after < n && got > 0 && status == MARKET_OK) {
		market__arena_init(
		    &arena, &call->context->allocator, MARKET__CALL_BUDGET);
		query.max = n - query.after < 256 ? (size_t)(n - query.after)
						  : 256;
		status = call->ops->statements(
		    call->backend, &query, &arena, &rows, &got, call->reterr);
		for (i = 0; status == MARKET_OK && i < got; i++) {
			query.after = rows[i].no;
			status = market__epoch_chain(
			    call, chain, &rows[i], chain);
		}
		market__arena_clear(&arena);
	}
	return status;
}

/* The chains as they were when the mark was taken. */
static market_status_t
check_mark(market__call_t *call, const market_store_mark_t *mark)
{
	uint8_t chain[MARKET_DIGEST_LEN], entries[MARKET_DIGEST_LEN] = { 0 };
	market_status_t status;

	if (call->head.epoch < mark->epoch ||
	    call->head.entries < mark->entries)
		return disagrees(call->reterr);
	status = statement_chain(call, mark->epoch, chain);
	if (status == MARKET_OK &&
	    memcmp(chain, mark->epoch_chain, sizeof(chain)) != 0)
		return disagrees(call->reterr);
	/* What was put back may have been gone on with since. */
	if (status == MARKET_OK)
		status = market__entry_follow(call, 0, mark->entries, entries);
	if (status == MARKET_OK &&
	    memcmp(entries, mark->entry_chain, sizeof(entries)) != 0)
		return disagrees(call->reterr);
	return status;
}

/* Is what it has what was accepted? */
static market_status_t
look(market_store_t *store, const market_store_mark_t *mark,
    market_error_t *reterr)
{
	market_status_t status;
	market__call_t call;

	status = market__call_begin(store, reterr, &call);
	if (status == MARKET_OK)
		status = market__call_transact(&call, false, 0);
	if (status == MARKET_OK && mark != NULL)
		status = check_mark(&call, mark);
	return market__call_end(&call, status);
}

market_status_t
market_store_open(market_context_t *context, const char *location,
    const market_store_options_t *options, market_store_t **ret_store,
    market_error_t *reterr)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_store_t *store = NULL;
	market_status_t status;

	if (context == NULL || location == NULL || ret_store == NULL)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "context, location and ret_store must be given");
	status = check_options(&options, reterr);
	if (status == MARKET_OK)
		status = make(
		    context, location, false, options, &store, reterr);
	if (status != MARKET_OK)
		return status;
	status = look(store, options->mark, &error);
	/* Nothing was seen of it, so every call looks, and finds it again. */
	if (status == MARKET_E_CORRUPT &&
	    (options->flags & MARKET_STORE_DAMAGED) != 0)
		status = MARKET_OK;
	if (status != MARKET_OK) {
		if (reterr != NULL)
			*reterr = error;
		market_store_free(store);
		return status;
	}
	*ret_store = store;
	return MARKET_OK;
}

/* ---- how it is ---- */

market_status_t
market_store_marketplace(
    market_store_t *store, market_buffer_t *ret_party, market_error_t *reterr)
{
	const market_statement_t *policy = NULL;
	market_status_t status;
	market__text_t text;
	market__call_t call;

	status = market__call_begin(store, reterr, &call);
	if (status == MARKET_OK && ret_party == NULL)
		status = market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "ret_party must be given");
	if (status == MARKET_OK)
		status = market__call_transact(&call, false, 0);
	if (status == MARKET_OK)
		status = market__slot_policy(&call, &policy);
	if (status == MARKET_OK && policy == NULL)
		status = market__error(reterr, MARKET_E_NOT_FOUND, NULL, -1,
		    "no policy stands under the trust root of today");
	if (status == MARKET_OK) {
		market__text_init(
		    &text, &store->context->allocator, SIZE_MAX / 2);
		market__text_slice(&text, market__header(policy)->issuer);
		status = market__text_take(&text, ret_party);
	}
	return market__call_end(&call, status);
}

static market_status_t
read_head(
    market_store_t *store, market__store_head_t *head, market_error_t *reterr)
{
	market_status_t status;
	market__call_t call;

	status = market__call_begin(store, reterr, &call);
	if (status == MARKET_OK)
		status = market__call_transact(&call, false, 0);
	if (status == MARKET_OK)
		*head = call.head;
	return market__call_end(&call, status);
}

market_status_t
market_store_clock(
    market_store_t *store, int64_t *ret_clock, market_error_t *reterr)
{
	market__store_head_t head = { 0 };
	market_status_t status;

	if (ret_clock == NULL)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "ret_clock must be given");
	status = read_head(store, &head, reterr);
	if (status == MARKET_OK)
		*ret_clock = head.clock;
	return status;
}

market_status_t
market_store_get_mark(market_store_t *store, market_store_mark_t *ret_mark,
    market_error_t *reterr)
{
	market__store_head_t head = { 0 };
	market_status_t status;

	if (ret_mark == NULL)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "ret_mark must be given");
	status = read_head(store, &head, reterr);
	if (status != MARKET_OK)
		return status;
	ret_mark->epoch = head.epoch;
	ret_mark->entries = head.entries;
	memcpy(ret_mark->epoch_chain, head.epoch_chain, MARKET_DIGEST_LEN);
	memcpy(ret_mark->entry_chain, head.entry_chain, MARKET_DIGEST_LEN);
	return MARKET_OK;
}

market_status_t
market_store_revision(market_store_t *store, market_kind_t kind,
    market_slice_t issuer, market_slice_t id, uint64_t *ret_revision,
    market_error_t *reterr)
{
	market__statement_query_t query = { 0 };
	const market__statement_row_t **rows;
	market_status_t status;
	uint64_t highest = 0;
	market__call_t call;
	size_t n, i;

	status = market__call_begin(store, reterr, &call);
	if (status == MARKET_OK &&
	    (ret_revision == NULL || !market__slice_valid(issuer) ||
		!market__slice_valid(id)))
		status = market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "issuer, id and ret_revision must be given");
	if (status == MARKET_OK)
		status = market__call_transact(&call, false, 0);
	query.by = MARKET__STATEMENT_BY_NAME;
	query.kind = (uint32_t)kind;
	query.issuer = issuer;
	query.id = id;
	if (status == MARKET_OK)
		status = market__fact_rows(&call, &query, &rows, &n);
	if (status == MARKET_OK) {
		for (i = 0; i < n; i++)
			if (rows[i]->revision > highest)
				highest = rows[i]->revision;
		*ret_revision = highest;
	}
	return market__call_end(&call, status);
}
