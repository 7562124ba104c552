/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"

#define ID "sku-0000000"

/* ---- bytes ---- */

static market_status_t
put(void *user, market_slice_t piece)
{
	catalogue_bytes_t *bytes = user;

	while (bytes->len + piece.len > bytes->capacity) {
		bytes->capacity = bytes->capacity * 2 + 4096;
		bytes->at = realloc(bytes->at, bytes->capacity);
		if (bytes->at == NULL)
			kit_die("no memory for a feed");
	}
	memcpy(bytes->at + bytes->len, piece.ptr, piece.len);
	bytes->len += piece.len;
	return MARKET_OK;
}

market_status_t
catalogue_read(void *user, void *buffer, size_t size, size_t *ret_n)
{
	catalogue_bytes_t *bytes = user;
	size_t n = bytes->len - bytes->read;

	n = n < size ? n : size;
	memcpy(buffer, bytes->at + bytes->read, n);
	bytes->read += n;
	*ret_n = n;
	return MARKET_OK;
}

/* ---- offers ---- */

static void
make_kinds(catalogue_t *b)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_statement_t *offer = NULL;
	market_buffer_t envelope;
	size_t i;

	for (i = 0; i < CATALOGUE_KINDS; i++) {
		envelope = kit_offer(b->kit, i * 2, 1);
		kit_must(market_statement_parse(kit_context(b->kit),
			     market_buffer_slice(&envelope),
			     MARKET_KINDS(MARKET_KIND_OFFER), &offer, &error),
		    &error, "an offer");
		(void)put(&b->kinds[i], market_statement_payload(offer));
		market_statement_free(offer);
		market_buffer_clear(&envelope);
	}
}

/* The id is of one length. */
market_slice_t
catalogue_offer(catalogue_t *b, unsigned long i)
{
	const catalogue_bytes_t *kind = &b->kinds[i % CATALOGUE_KINDS];
	market_slice_t bytes = { kind->at, kind->len };
	uint8_t *at = kind->at;
	char id[sizeof(ID)];

	/* It stands in the header, which comes first. */
	while (memcmp(at, "sku-", 4) != 0)
		at++;
	snprintf(id, sizeof(id), "sku-%07lu", i);
	memcpy(at, id, sizeof(ID) - 1);
	return bytes;
}

static void
pack(catalogue_t *b)
{
	static const char draft[] =
	    "{\"header\":{\"issuer\":\"a.example\",\"id\":\"catalogue\","
	    "\"revision\":1,\"issuedAt\":\"2016-01-01T00:00:00Z\","
	    "\"notAfter\":\"2026-01-01T00:00:00Z\"},"
	    "\"mode\":\"FEED_MODE_FULL\"}";
	market_error_t error = MARKET_ERROR_INIT;
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_packer_t *packer = NULL;
	market_signer_t *signer = kit_signer(b->kit, "a.example");
	catalogue_bytes_t list = { 0 };
	unsigned long i;
	double begin = kit_seconds();

	kit_must(market_packer_new(kit_context(b->kit), market_slice_of(draft),
		     put, &b->rows, &packer, &error),
	    &error, "a packer");
	for (i = 0; i < b->n; i++)
		kit_must(
		    market_packer_add(packer, catalogue_offer(b, i), &error),
		    &error, "a row");
	kit_must(market_packer_finish(packer, &signer, 1,
		     MARKET_FORMAT_PROTOBUF, &envelope, &error),
	    &error, "a list");
	printf("packed and signed in %.2f s: a list of %zu bytes, and rows of "
	       "%.1f on average\n",
	    kit_seconds() - begin, envelope.len,
	    (double)b->rows.len / (double)b->n);
	list.at = malloc(envelope.len + 4);
	if (list.at == NULL)
		kit_die("no memory for a list");
	list.len = market_feed_delimiter(envelope.len, list.at);
	memcpy(list.at + list.len, envelope.data, envelope.len);
	list.len += envelope.len;
	kit_must(market_feed_open(kit_context(b->kit), catalogue_read, &list,
		     &b->feed, &error),
	    &error, "the list");
	free(list.at);
	market_buffer_clear(&envelope);
	market_packer_free(packer);
}

void
catalogue_make(catalogue_t *catalogue, kit_t *kit, unsigned long n)
{
	memset(catalogue, 0, sizeof(*catalogue));
	catalogue->kit = kit;
	catalogue->n = n;
	make_kinds(catalogue);
	pack(catalogue);
}

void
catalogue_clear(catalogue_t *catalogue)
{
	size_t i;

	market_feed_free(catalogue->feed);
	for (i = 0; i < CATALOGUE_KINDS; i++)
		free(catalogue->kinds[i].at);
	free(catalogue->rows.at);
}
