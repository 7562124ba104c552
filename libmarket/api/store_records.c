/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows that many offers of one transaction share: each is read once, and
 * written once, before the commit.
 */
#include "api/store_listing.h"
#include "api/store_submit.h"

/* uthash asks for memory by these; `allocator` is what its callers have. */
#define uthash_malloc(size)    market__alloc(allocator, (size))
#define uthash_free(ptr, size) market__free(allocator, (ptr))
#define HASH_NONFATAL_OOM      1
#define HASH_FUNCTION(ptr, len, hash) \
	((hash) = (unsigned)market__hash(market__slice((ptr), (len))))
#include <uthash.h>

struct market__record {
	UT_hash_handle hh;
	uint8_t hash[MARKET_DIGEST_LEN];
	market__recorded_t recorded;
};

struct market__seller_record {
	UT_hash_handle hh;
	market__recorded_seller_t recorded;
};

static market_status_t
no_memory(const market__call_t *call)
{
	return market__error(call->reterr, MARKET_E_MEMORY, NULL, -1,
	    "no memory for what is asked");
}

static market_status_t
read_record(market__records_t *records, const market__asked_t *asked,
    struct market__record *record)
{
	market__call_t *call = records->call;
	market_status_t status;

	memcpy(record->hash, asked->hash, sizeof(record->hash));
	if (!market__question_decode(
		asked->bytes, &call->arena, &record->recorded.question))
		return market__call_refused(call, &call->arena);
	status = market__clear_find(call, asked->hash, &record->recorded.row);
	if (status == MARKET_E_NOT_FOUND) {
		memset(&record->recorded.row, 0, sizeof(record->recorded.row));
		return MARKET_OK;
	}
	return status;
}

market_status_t
market__records_find(market__records_t *records, const market__asked_t *asked,
    market__recorded_t **ret)
{
	market__call_t *call = records->call;
	const market_allocator_t *allocator = &call->context->allocator;
	struct market__record *record;
	market_status_t status;

	HASH_FIND(hh, records->table, asked->hash, MARKET_DIGEST_LEN, record);
	if (record != NULL) {
		*ret = &record->recorded;
		return MARKET_OK;
	}
	record = market__arena_alloc(&call->arena, sizeof(*record));
	if (record == NULL)
		return market__call_refused(call, &call->arena);
	status = read_record(records, asked, record);
	if (status != MARKET_OK)
		return status;
	HASH_ADD_KEYPTR(
	    hh, records->table, record->hash, MARKET_DIGEST_LEN, record);
	if (record->hh.tbl == NULL)
		return no_memory(call);
	*ret = &record->recorded;
	return MARKET_OK;
}

market_status_t
market__records_seller(market__records_t *records, market_slice_t name,
    market__recorded_seller_t **ret)
{
	market__call_t *call = records->call;
	const market_allocator_t *allocator = &call->context->allocator;
	struct market__seller_record *record;
	market_status_t status;

	HASH_FIND(hh, records->sellers, name.ptr, name.len, record);
	if (record != NULL) {
		*ret = &record->recorded;
		return MARKET_OK;
	}
	record = market__arena_alloc(&call->arena, sizeof(*record));
	if (record == NULL)
		return market__call_refused(call, &call->arena);
	status = market__party_named(call, name, &record->recorded.row);
	if (status != MARKET_OK)
		return status;
	HASH_ADD_KEYPTR(hh, records->sellers, record->recorded.row.name.ptr,
	    record->recorded.row.name.len, record);
	if (record->hh.tbl == NULL)
		return no_memory(call);
	*ret = &record->recorded;
	return MARKET_OK;
}

static market_status_t
write_sellers(market__records_t *records)
{
	market__call_t *call = records->call;
	struct market__seller_record *record;
	market_status_t status = MARKET_OK;

	for (record = records->sellers; record != NULL && status == MARKET_OK;
	     record = record->hh.next) {
		if (!record->recorded.touched)
			continue;
		record->recorded.touched = false;
		status = call->ops->party_put(
		    call->backend, &record->recorded.row, call->reterr);
	}
	return status;
}

market_status_t
market__records_listing(market__records_t *records, uint64_t seller,
    market_slice_t id, market__listing_row_t *ret_row)
{
	market__there_t *there = records->there;

	if (there == NULL ||
	    !(there->all || market__slice_compare(id, there->until) <= 0))
		return market__listing_of(records->call, seller, id, ret_row);
	while (there->at < there->n &&
	    market__slice_compare(there->rows[there->at].offer_id, id) < 0)
		there->at++;
	if (there->at < there->n &&
	    market__slice_equal(there->rows[there->at].offer_id, id)) {
		*ret_row = there->rows[there->at];
		return MARKET_OK;
	}
	memset(ret_row, 0, sizeof(*ret_row));
	ret_row->offer_id = id;
	return MARKET_OK;
}

market_status_t
market__records_put(
    market__records_t *records, const market__listing_row_t *row)
{
	market__call_t *call = records->call;

	if (records->rows == NULL)
		return call->ops->listing_put(call->backend, row, call->reterr);
	records->rows[records->n_rows++] = *row;
	return MARKET_OK;
}

market_status_t
market__records_write(market__records_t *records)
{
	market__call_t *call = records->call;
	market_status_t status = write_sellers(records);

	if (status == MARKET_OK && records->n_rows > 0)
		status = call->ops->listings_put(call->backend, records->rows,
		    records->n_rows, call->reterr);
	records->n_rows = 0;
	return status;
}

void
market__records_clear(market__records_t *records)
{
	const market_allocator_t *allocator =
	    &records->call->context->allocator;

	HASH_CLEAR(hh, records->table);
	HASH_CLEAR(hh, records->sellers);
}
