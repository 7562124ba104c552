/* SPDX-License-Identifier: Apache-2.0 */
#include "scene_feed.h"

#include <market/feed.h>

#include "model/draft.h"

static market_buffer_t parts[SCENE_PARTS];

market_status_t
scene_read(void *user, void *buffer, size_t size, size_t *ret_n)
{
	scene_reading_t *reading = user;
	size_t n = reading->rest.len;

	FUZZ_ASSERT(size > 0);
	n = n < size ? n : size;
	if (reading->piece > 0 && n > reading->piece)
		n = reading->piece;
	if (n > 0) {
		memcpy(buffer, reading->rest.ptr, n);
		reading->rest.ptr += n;
		reading->rest.len -= n;
	}
	*ret_n = n;
	return MARKET_OK;
}

static market_status_t
write_row(void *user, market_slice_t bytes)
{
	market__text_slice(user, bytes);
	return MARKET_OK;
}

static void
add_row(market_packer_t *packer, char letter, const char *id, int64_t price)
{
	market_draft_t *draft = scene_draft(scene_row(letter));
	market_buffer_t payload = MARKET_BUFFER_INIT;

	FUZZ_ASSERT(
	    market_draft_set_text(draft, "header.id", id, NULL) == MARKET_OK &&
	    market_draft_set_int(draft, "price.amount_micros", price, NULL) ==
		MARKET_OK &&
	    market__draft_pack(draft, &payload, NULL) == MARKET_OK);
	FUZZ_ASSERT(market_packer_add(packer, market_buffer_slice(&payload),
			NULL) == MARKET_OK);
	market_buffer_clear(&payload);
	market_draft_free(draft);
}

/* The list in protobuf and by itself, and the text of the rows. */
static void
pack(market__text_t *rows, market_buffer_t *list)
{
	market_signer_t *signer = scene_signer("shop.example");
	market_packer_t *packer = NULL;

	FUZZ_ASSERT(
	    market_packer_new(fuzz_context(), market_slice_of(SCENE_LIST),
		write_row, rows, &packer, NULL) == MARKET_OK);
	add_row(packer, 'o', "a-bad", 1);
	add_row(packer, 'o', "offer", 219000000);
	add_row(packer, 'q', "two", 219000000);
	FUZZ_ASSERT(market_packer_finish(packer, &signer, 1,
			MARKET_FORMAT_PROTOBUF, list, NULL) == MARKET_OK);
	FUZZ_ASSERT(market_packer_finish(packer, &signer, 1, MARKET_FORMAT_JSON,
			&parts[SCENE_ALONE], NULL) == MARKET_OK);
	market_packer_free(packer);
}

static void
prove(void)
{
	scene_reading_t reading = { scene_feed(SCENE_FEED), 0 };
	market_feed_t *feed = NULL;

	FUZZ_ASSERT(market_feed_open(fuzz_context(), scene_read, &reading,
			&feed, NULL) == MARKET_OK);
	FUZZ_ASSERT(market_feed_prove(feed, scene_read, &reading,
			market_slice_of("offer"), &parts[SCENE_PROOF],
			&parts[SCENE_PROVEN], NULL) == MARKET_OK);
	market_feed_free(feed);
}

static void
clear(void)
{
	size_t i;

	for (i = 0; i < SCENE_PARTS; i++)
		market_buffer_clear(&parts[i]);
}

void
scene_feed_init(void)
{
	market_buffer_t list = MARKET_BUFFER_INIT;
	market__text_t rows, all;
	uint8_t head[4];

	fuzz_at_end(clear);
	if (parts[SCENE_FEED].data != NULL)
		return;
	market__text_init(&rows, &market__default_allocator, SIZE_MAX / 2);
	market__text_init(&all, &market__default_allocator, SIZE_MAX / 2);
	pack(&rows, &list);
	market__text_add(&all, head, market_feed_delimiter(list.len, head));
	market__text_slice(&all, market_buffer_slice(&list));
	market__text_slice(&all, market__slice(rows.data, rows.len));
	FUZZ_ASSERT(market__text_take(&all, &parts[SCENE_FEED]) == MARKET_OK &&
	    market__text_take(&rows, &parts[SCENE_ROWS]) == MARKET_OK);
	market_buffer_clear(&list);
	prove();
}

market_slice_t
scene_feed(scene_part_t part)
{
	return market_buffer_slice(&parts[part]);
}
