/* SPDX-License-Identifier: Apache-2.0 */
/* Packed listings. */
#include "store/asking.h"
#include "store/pack.h"

/* What says that a row asks what the first does, or that its own follow. */
#define ASKS_ALIKE 0
#define ASKS_OWN   1

#define HEAD_MAX \
	(2 * MARKET__PACK_ID_MAX + MARKET_DIGEST_LEN + 13 * MARKET__VARINT_MAX)

/* ---- a listing's questions ---- */

size_t
market__questions_pack(const uint64_t *questions, size_t n, uint8_t *out)
{
	uint8_t *at = out;
	size_t i;

	for (i = 0; i < n; i++)
		at += market__varint_put(at, questions[i]);
	return (size_t)(at - out);
}

bool
market__questions_unpack(
    market_slice_t packed, uint64_t *questions, size_t max, size_t *ret_n)
{
	size_t n = 0;

	for (; packed.len > 0; n++)
		if (n == max || n == MARKET__LISTING_CELLS_MAX ||
		    !market__varint_take(&packed, &questions[n]))
			return false;
	*ret_n = n;
	return true;
}

/* ---- writing ---- */

/* A listing that has just begun has the same entry three times. */
static size_t
put_numbers(uint8_t *out, const market__listing_row_t *row,
    const market__listing_row_t *base)
{
	uint8_t *at = out;

	at += market__varint_differ(at, row->revision, base->revision);
	at += market__varint_differ(at, row->intent, base->intent);
	at += market__varint_differ(at, row->flags, base->flags);
	at += market__varint_differ(
	    at, row->began, base->began + row->no - base->no);
	at += market__varint_differ(at, row->offer_entry, row->began);
	at += market__varint_differ(at, row->last, row->offer_entry);
	at += market__varint_differ(
	    at, (uint64_t)row->not_before, (uint64_t)base->not_before);
	at += market__varint_differ(
	    at, (uint64_t)row->not_after, (uint64_t)base->not_after);
	at += market__varint_put(at, row->disclosures ^ base->disclosures);
	return (size_t)(at - out);
}

static size_t
put_id(uint8_t *out, market_slice_t id, market_slice_t base)
{
	uint8_t *at = out;
	size_t same = 0;

	while (
	    same < id.len && same < base.len && id.ptr[same] == base.ptr[same])
		same++;
	at += market__varint_put(at, same);
	at += market__varint_put(at, id.len - same);
	if (id.len > same)
		memcpy(at, id.ptr + same, id.len - same);
	return (size_t)(at - out) + id.len - same;
}

static bool
follows(const market__listing_row_t *last, const market__listing_row_t *row)
{
	return last == NULL ||
	    (row->seller == last->seller && row->no > last->no &&
		market__slice_compare(last->offer_id, row->offer_id) < 0);
}

bool
market__pack_listing(
    market__listing_packer_t *packer, const market__listing_row_t *row)
{
	static const market__listing_row_t none = { 0 };
	uint8_t asked[MARKET__LISTING_CELLS_MAX * MARKET__QUESTION_LEN_MAX];
	const market__listing_row_t *base = packer->base;
	uint8_t head[HEAD_MAX];
	uint8_t *at = head;
	size_t len = 0;

	if (!follows(packer->last, row) ||
	    row->offer_id.len > MARKET__PACK_ID_MAX ||
	    row->n_questions > MARKET__LISTING_CELLS_MAX)
		return false;
	base = base == NULL ? &none : base;
	at += market__varint_put(at, row->no - base->no);
	at += put_id(at, row->offer_id, base->offer_id);
	memcpy(at, row->digest, MARKET_DIGEST_LEN);
	at += MARKET_DIGEST_LEN;
	at += put_numbers(at, row, base);
	*at++ = market__asks_alike(row, base) ? ASKS_ALIKE : ASKS_OWN;
	if (at[-1] == ASKS_OWN)
		len = market__questions_pack(
		    row->questions, row->n_questions, asked);
	if (!market__pack_room(&packer->writer, (size_t)(at - head) + len))
		return false;
	market__pack_append(&packer->writer,
	    market__slice(head, (size_t)(at - head)),
	    market__slice(asked, len));
	if (packer->base == NULL)
		packer->base = row;
	packer->last = row;
	return true;
}

/* ---- reading ---- */

static bool
take_id(
    market_slice_t *bytes, market_slice_t base, uint8_t *id, size_t *ret_len)
{
	uint64_t same = 0, own = 0;

	if (!market__varint_take(bytes, &same) || same > base.len ||
	    !market__varint_take(bytes, &own) || own > bytes->len ||
	    same + own > MARKET__PACK_ID_MAX)
		return false;
	if (base.ptr != NULL)
		memcpy(id, base.ptr, same);
	memcpy(id + same, bytes->ptr, own);
	*bytes = market__slice(bytes->ptr + own, bytes->len - own);
	*ret_len = same + own;
	return true;
}

static bool
take_small(market_slice_t *bytes, uint32_t from, uint32_t *ret)
{
	uint64_t number = 0;

	if (!market__varint_add(bytes, from, &number) || number > UINT32_MAX)
		return false;
	*ret = (uint32_t)number;
	return true;
}

static bool
take_instant(market_slice_t *bytes, int64_t from, int64_t *ret)
{
	uint64_t number = 0;

	if (!market__varint_add(bytes, (uint64_t)from, &number))
		return false;
	*ret = (int64_t)number;
	return true;
}

static bool
take_numbers(market_slice_t *bytes, const market__listing_row_t *base,
    market__listing_row_t *row)
{
	uint64_t bits = 0;

	if (!market__varint_add(bytes, base->revision, &row->revision) ||
	    !take_small(bytes, base->intent, &row->intent) ||
	    !take_small(bytes, base->flags, &row->flags) ||
	    !market__varint_add(
		bytes, base->began + row->no - base->no, &row->began) ||
	    !market__varint_add(bytes, row->began, &row->offer_entry) ||
	    !market__varint_add(bytes, row->offer_entry, &row->last) ||
	    !take_instant(bytes, base->not_before, &row->not_before) ||
	    !take_instant(bytes, base->not_after, &row->not_after) ||
	    !market__varint_take(bytes, &bits))
		return false;
	row->disclosures = bits ^ base->disclosures;
	return true;
}

/* Of the first `base` is a row of zeros. */
static bool
read_row(
    market_slice_t bytes, const market__packed_t *base, market__packed_t *ret)
{
	market__listing_row_t *row = &ret->row;
	uint64_t no = 0;
	size_t len = 0;
	bool alike;

	memset(row, 0, sizeof(*row));
	if (!market__varint_take(&bytes, &no) ||
	    !take_id(&bytes, base->row.offer_id, ret->id, &len) ||
	    bytes.len < MARKET_DIGEST_LEN)
		return false;
	row->no = base->row.no + no;
	row->seller = base->row.seller;
	row->offer_id = market__slice(ret->id, len);
	memcpy(row->digest, bytes.ptr, MARKET_DIGEST_LEN);
	bytes = market__slice(
	    bytes.ptr + MARKET_DIGEST_LEN, bytes.len - MARKET_DIGEST_LEN);
	if (!take_numbers(&bytes, &base->row, row) || bytes.len == 0 ||
	    bytes.ptr[0] > ASKS_OWN)
		return false;
	alike = bytes.ptr[0] == ASKS_ALIKE;
	ret->asked = alike ? base->asked
			   : market__slice(bytes.ptr + 1, bytes.len - 1);
	return !alike || bytes.len == 1;
}

bool
market__listing_pack_open(market_slice_t bytes, uint64_t first, uint64_t seller,
    market__listing_pack_t *ret)
{
	market__packed_t none;

	memset(&none.row, 0, sizeof(none.row));
	none.asked = market__slice(NULL, 0);
	none.row.seller = seller;
	ret->first = first;
	ret->seller = seller;
	return market__pack_open(bytes, &ret->pack) &&
	    (ret->pack.n == 0 ||
		(read_row(market__pack_row(&ret->pack, 0), &none, &ret->base) &&
		    ret->base.row.no >= first));
}

bool
market__listing_pack_get(
    const market__listing_pack_t *pack, size_t i, market__packed_t *ret)
{
	market_slice_t bytes = market__pack_row(&pack->pack, i);
	market__packed_t none;

	if (i > 0)
		return read_row(bytes, &pack->base, ret);
	memset(&none.row, 0, sizeof(none.row));
	none.asked = market__slice(NULL, 0);
	none.row.seller = pack->seller;
	return read_row(bytes, &none, ret);
}

/* ---- seeking ---- */

static bool
read_key(const market__listing_pack_t *pack, size_t i, uint64_t *ret_no,
    uint8_t *id, size_t *ret_len)
{
	market_slice_t bytes = market__pack_row(&pack->pack, i);
	market_slice_t base = i == 0 ? market__slice(NULL, 0)
				     : pack->base.row.offer_id;
	uint64_t no = 0;

	if (!market__varint_take(&bytes, &no) ||
	    !take_id(&bytes, base, id, ret_len))
		return false;
	*ret_no = i == 0 ? no : pack->base.row.no + no;
	return true;
}

/* By id where there is one. */
static bool
seek(const market__listing_pack_t *pack, uint64_t no, const market_slice_t *id,
    size_t *ret_i)
{
	size_t low = 0, high = pack->pack.n, middle, len = 0;
	uint8_t found[MARKET__PACK_ID_MAX];
	uint64_t number = 0;
	bool below;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (!read_key(pack, middle, &number, found, &len))
			return false;
		below = id == NULL
		    ? number < no
		    : market__slice_compare(market__slice(found, len), *id) < 0;
		if (below)
			low = middle + 1;
		else
			high = middle;
	}
	*ret_i = low;
	return true;
}

bool
market__listing_pack_seek(
    const market__listing_pack_t *pack, uint64_t no, size_t *ret_i)
{
	return seek(pack, no, NULL, ret_i);
}

bool
market__listing_pack_seek_id(
    const market__listing_pack_t *pack, market_slice_t id, size_t *ret_i)
{
	return seek(pack, 0, &id, ret_i);
}
