/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "intake_bulk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Kinds of phone that are offered, as many as the kit's seller has. */
#define KINDS 50
#define ID    "sku-0000000"

const char *
bulk_id(const bulk_t *bulk, unsigned long i)
{
	static char id[32];

	snprintf(id, sizeof(id), "sku-%07lu",
	    (bulk->first + i * bulk->step) % 10000000);
	return id;
}

const char *
bulk_listing(const bulk_t *bulk, unsigned long i)
{
	static char id[64];

	snprintf(id, sizeof(id), "a.example/%s", bulk_id(bulk, i));
	return id;
}

/* ---- packing ---- */

static market_status_t
put(void *user, market_slice_t piece)
{
	return fwrite(piece.ptr, 1, piece.len, user) == piece.len ? MARKET_OK
								  : MARKET_E_IO;
}

/* The payload of offer number 2 * `kind`, without its envelope. */
static market_slice_t
payload(kit_t *kit, unsigned long kind)
{
	market_buffer_t envelope = kit_offer(kit, kind * 2, 1);
	market_error_t error = MARKET_ERROR_INIT;
	market_statement_t *offer = NULL;
	market_slice_t bytes;
	uint8_t *copy;

	kit_must(market_statement_parse(kit_context(kit),
		     market_buffer_slice(&envelope),
		     MARKET_KINDS(MARKET_KIND_OFFER), &offer, &error),
	    &error, "an offer");
	bytes = market_statement_payload(offer);
	copy = malloc(bytes.len);
	if (copy == NULL)
		kit_die("no memory for an offer");
	memcpy(copy, bytes.ptr, bytes.len);
	bytes.ptr = copy;
	market_statement_free(offer);
	market_buffer_clear(&envelope);
	return bytes;
}

/* The id stands in the header, which comes first. */
static void
rename_offer(market_slice_t bytes, const char *id)
{
	uint8_t *at = (uint8_t *)(uintptr_t)bytes.ptr;

	while (memcmp(at, "sku-", 4) != 0)
		at++;
	memcpy(at, id, sizeof(ID) - 1);
}

static void
pack_rows(kit_t *kit, const bulk_t *bulk, market_packer_t *packer)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_slice_t kinds[KINDS];
	unsigned long i;

	for (i = 0; i < KINDS; i++)
		kinds[i] = payload(kit, i);
	for (i = 0; i < bulk->n; i++) {
		rename_offer(kinds[i % KINDS], bulk_id(bulk, i));
		kit_must(market_packer_add(packer, kinds[i % KINDS], &error),
		    &error, "a row");
	}
	for (i = 0; i < KINDS; i++)
		free((void *)(uintptr_t)kinds[i].ptr);
}

static FILE *
open_file(const char *path, const char *mode)
{
	FILE *file = fopen(path, mode);

	if (file == NULL)
		kit_die("%s cannot be opened", path);
	return file;
}

static void
copy_rest(FILE *from, FILE *to)
{
	char buffer[65536];
	size_t n;

	rewind(from);
	while ((n = fread(buffer, 1, sizeof(buffer), from)) > 0)
		if (fwrite(buffer, 1, n, to) != n)
			kit_die("a feed cannot be written");
}

void
bulk_pack(kit_t *kit, const bulk_t *bulk, const char *path)
{
	market_signer_t *signer = kit_signer(kit, "a.example");
	market_error_t error = MARKET_ERROR_INIT;
	market_buffer_t list = MARKET_BUFFER_INIT;
	market_packer_t *packer = NULL;
	FILE *file = open_file(path, "wb"), *rows = tmpfile();
	uint8_t head[4];
	char draft[256];

	if (rows == NULL)
		kit_die("no temporary file");
	snprintf(draft, sizeof(draft),
	    "{\"header\":{\"issuer\":\"a.example\",\"id\":\"catalogue\","
	    "\"revision\":%lu,\"issuedAt\":\"2016-01-01T00:00:00Z\","
	    "\"notAfter\":\"2026-01-01T00:00:00Z\"},"
	    "\"mode\":\"FEED_MODE_FULL\"}",
	    bulk->revision);
	kit_must(market_packer_new(kit_context(kit), market_slice_of(draft),
		     put, rows, &packer, &error),
	    &error, "a packer");
	pack_rows(kit, bulk, packer);
	kit_must(market_packer_finish(
		     packer, &signer, 1, MARKET_FORMAT_PROTOBUF, &list, &error),
	    &error, "a list");
	fwrite(head, 1, market_feed_delimiter(list.len, head), file);
	fwrite(list.data, 1, list.len, file);
	copy_rest(rows, file);
	market_buffer_clear(&list);
	market_packer_free(packer);
	fclose(rows);
	if (fclose(file) != 0)
		kit_die("%s cannot be written", path);
}

/* ---- taking in ---- */

static market_status_t
get(void *user, void *buffer, size_t size, size_t *ret_n)
{
	*ret_n = fread(buffer, 1, size, user);
	return ferror((FILE *)user) ? MARKET_E_IO : MARKET_OK;
}

market_status_t
bulk_take(kit_t *kit, market_store_t *store, const char *path,
    const market_intake_options_t *options, market_intake_report_t *report,
    market_error_t *error)
{
	market_intake_options_t given = { 0 };
	FILE *file = open_file(path, "rb");
	market_feed_t *feed = NULL;
	market_status_t status;

	if (options != NULL)
		given = *options;
	given.size = sizeof(given);
	kit_must(market_feed_open(kit_context(kit), get, file, &feed, error),
	    error, path);
	status = market_store_submit_feed(
	    store, feed, get, file, KIT_NOW, &given, report, error);
	market_feed_free(feed);
	fclose(file);
	return status;
}
