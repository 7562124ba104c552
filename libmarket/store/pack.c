/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers, any rows, and entries. */
#include "store/pack.h"

/* ---- numbers ---- */

size_t
market__varint_put(uint8_t *out, uint64_t number)
{
	uint8_t *p = out;

	for (; number >= 0x80; number >>= 7)
		*p++ = (uint8_t)(number | 0x80);
	*p++ = (uint8_t)number;
	return (size_t)(p - out);
}

bool
market__varint_take(market_slice_t *bytes, uint64_t *ret)
{
	uint64_t number = 0;
	size_t i;

	for (i = 0; i < bytes->len && i < MARKET__VARINT_MAX; i++) {
		number |= (uint64_t)(bytes->ptr[i] & 0x7f) << (7 * i);
		if ((bytes->ptr[i] & 0x80) != 0)
			continue;
		/* The shortest form only, and nothing shifted out. */
		if ((i > 0 && bytes->ptr[i] == 0) ||
		    (i == MARKET__VARINT_MAX - 1 && bytes->ptr[i] > 1))
			return false;
		*ret = number;
		*bytes = market__slice(bytes->ptr + i + 1, bytes->len - i - 1);
		return true;
	}
	return false;
}

/* The sign becomes the lowest bit, as protobuf's sint64 has it. */
size_t
market__varint_differ(uint8_t *out, uint64_t number, uint64_t from)
{
	uint64_t by = number - from;

	return market__varint_put(
	    out, by << 1 ^ ((by >> 63) != 0 ? UINT64_MAX : 0));
}

bool
market__varint_add(market_slice_t *bytes, uint64_t from, uint64_t *ret)
{
	uint64_t by = 0;

	if (!market__varint_take(bytes, &by))
		return false;
	*ret = from + (by >> 1 ^ ((by & 1) != 0 ? UINT64_MAX : 0));
	return true;
}

/* ---- any rows ---- */

bool
market__pack_room(const market__pack_writer_t *writer, size_t len)
{
	return writer->n < MARKET__PACK_ROWS &&
	    writer->len + len + 2 * (writer->n + 2) <= MARKET__PACK_BYTES;
}

void
market__pack_append(
    market__pack_writer_t *writer, market_slice_t head, market_slice_t rest)
{
	memcpy(writer->bytes + writer->len, head.ptr, head.len);
	writer->len += head.len;
	if (rest.len > 0)
		memcpy(writer->bytes + writer->len, rest.ptr, rest.len);
	writer->len += rest.len;
	writer->ends[writer->n++] = (uint16_t)writer->len;
}

market_slice_t
market__pack_finish(market__pack_writer_t *writer)
{
	uint8_t *at = writer->bytes + writer->len;
	size_t i, value;

	for (i = 0; i <= writer->n; i++) {
		value = i < writer->n ? writer->ends[i] : writer->n;
		*at++ = (uint8_t)(value >> 8);
		*at++ = (uint8_t)value;
	}
	return market__slice(writer->bytes, (size_t)(at - writer->bytes));
}

static size_t
number_at(const uint8_t *at)
{
	return (size_t)at[0] << 8 | at[1];
}

bool
market__pack_open(market_slice_t bytes, market__pack_t *ret)
{
	size_t n, i, end = 0, next;

	if (bytes.len < 2)
		return false;
	n = number_at(bytes.ptr + bytes.len - 2);
	if (n > MARKET__PACK_ROWS || bytes.len < 2 * n + 2)
		return false;
	ret->rows = market__slice(bytes.ptr, bytes.len - 2 * n - 2);
	ret->ends = bytes.ptr + ret->rows.len;
	ret->n = n;
	for (i = 0; i < n; i++) {
		next = number_at(ret->ends + 2 * i);
		if (next <= end || next > ret->rows.len)
			return false;
		end = next;
	}
	return end == ret->rows.len;
}

market_slice_t
market__pack_row(const market__pack_t *pack, size_t i)
{
	size_t begin = i == 0 ? 0 : number_at(pack->ends + 2 * (i - 1));

	return market__slice(
	    pack->rows.ptr + begin, number_at(pack->ends + 2 * i) - begin);
}

/* ---- entries ---- */

bool
market__pack_entry(
    market__entry_packer_t *packer, const market__entry_row_t *row)
{
	static const market__entry_row_t none = { 0 };
	bool is_first = packer->writer.n == 0;
	const market__entry_row_t *base = is_first ? &none : &packer->base;
	uint8_t head[5 * MARKET__VARINT_MAX];
	uint8_t *at = head;

	if (!is_first && row->seq != base->seq + packer->writer.n)
		return false;
	at += market__varint_differ(at, (uint64_t)row->at, (uint64_t)base->at);
	at += market__varint_differ(at, row->kind, base->kind);
	at += market__varint_differ(at, row->object, base->object);
	at += market__varint_put(at, row->prev);
	at += market__varint_differ(at, row->cause, base->cause);
	if (!market__pack_room(
		&packer->writer, (size_t)(at - head) + row->detail.len))
		return false;
	market__pack_append(&packer->writer,
	    market__slice(head, (size_t)(at - head)), row->detail);
	if (is_first)
		packer->base = *row;
	return true;
}

static bool
read_entry(market_slice_t bytes, const market__entry_row_t *base,
    market__entry_row_t *row)
{
	uint64_t at = 0, kind = 0;

	if (!market__varint_add(&bytes, (uint64_t)base->at, &at) ||
	    !market__varint_add(&bytes, base->kind, &kind) ||
	    kind > UINT32_MAX ||
	    !market__varint_add(&bytes, base->object, &row->object) ||
	    !market__varint_take(&bytes, &row->prev) ||
	    !market__varint_add(&bytes, base->cause, &row->cause))
		return false;
	row->at = (int64_t)at;
	row->kind = (uint32_t)kind;
	row->detail = bytes;
	return true;
}

bool
market__entry_pack_open(
    market_slice_t bytes, uint64_t first, market__entry_pack_t *ret)
{
	static const market__entry_row_t none = { 0 };

	if (!market__pack_open(bytes, &ret->pack) || ret->pack.n == 0 ||
	    !read_entry(market__pack_row(&ret->pack, 0), &none, &ret->base))
		return false;
	ret->base.seq = first;
	return true;
}

bool
market__entry_pack_get(
    const market__entry_pack_t *pack, size_t i, market__entry_row_t *ret_row)
{
	*ret_row = pack->base;
	ret_row->seq = pack->base.seq + i;
	return i == 0 ||
	    read_entry(market__pack_row(&pack->pack, i), &pack->base, ret_row);
}
