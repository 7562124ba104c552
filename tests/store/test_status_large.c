/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A status of a million digests: it is taken in page by page, and what it
 * lists is withdrawn, in memory that its pages do not fit.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "play.h"

#define PAGES   48
#define ENTRIES 20834 /* of a page; a million in all */
/* Eight bytes for each entry, once more while lists are compared, and a page
 * on its way in. */
#define ROOM ((size_t)32 << 20)

/* ---- how much memory is held ---- */

typedef struct counted {
	market_allocator_t allocator;
	size_t held, peak;
} counted_t;

static void *
count_alloc(void *user, size_t size)
{
	counted_t *counted = user;
	size_t *block = malloc(size + 2 * sizeof(*block));

	if (block == NULL)
		return NULL;
	block[0] = size;
	counted->held += size;
	if (counted->held > counted->peak)
		counted->peak = counted->held;
	return block + 2;
}

static void
count_free(void *user, void *ptr)
{
	counted_t *counted = user;
	size_t *block = ptr;

	if (ptr == NULL)
		return;
	counted->held -= block[-2];
	free(block - 2);
}

/* ---- pages ---- */

typedef struct large {
	play_t play;
	counted_t counted;
	market_context_t *context;
	market_store_t *store; /* a handle of its own, whose memory counts */
} large_t;

static void
write_base64(const uint8_t *bytes, char *out)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned v;
	int i, k;

	/* 32 bytes: ten groups of three, and two bytes. */
	for (i = 0; i < 33; i += 3) {
		v = (unsigned)bytes[i] << 16 | (unsigned)bytes[i + 1] << 8 |
		    (i + 2 < 32 ? bytes[i + 2] : 0);
		for (k = 18; k >= 0; k -= 6)
			*out++ = letters[v >> k & 63];
	}
	out[-1] = '=';
	*out = '\0';
}

/* Entry `index` of all: looks like a digest, and is nothing's. */
static void
make_entry(uint32_t index, uint8_t *bytes)
{
	uint64_t state = 0x9e3779b97f4a7c15U * (index + 1);
	int i;

	for (i = 0; i < 33; i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		bytes[i] = (uint8_t)(state >> 24);
	}
}

/* Page `page` of that list, from 1 on; its first entry may be another one. */
static void
make_page(large_t *large, unsigned sequence, unsigned page, const char *first)
{
	size_t size = (size_t)ENTRIES * 50 + 1024, len;
	char *edit = malloc(size), text[48];
	uint8_t bytes[33];
	uint32_t i;

	ck_assert_ptr_nonnull(edit);
	len = (size_t)snprintf(edit, size,
	    "+s%ux%u status mi.com {'header': {'id': 'status', 'revision': "
	    "'%u', 'issuedAt': '" WORLD_NOW "'}, 'sequence': '%u', 'page': "
	    "%u, 'pageCount': %u, 'withdrawn': [",
	    sequence, page, sequence, sequence, page, (unsigned)PAGES);
	for (i = 0; i < ENTRIES; i++) {
		make_entry((page - 1) * ENTRIES + i, bytes);
		write_base64(bytes, text);
		len += (size_t)snprintf(edit + len, size - len, "%s'%s'",
		    i > 0 ? "," : "", i == 0 && first != NULL ? first : text);
	}
	snprintf(edit + len, size - len, "]}");
	play_edit(&large->play, edit);
	free(edit);
}

static void
add_page(large_t *large, unsigned sequence, unsigned page)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_additions_t *additions = NULL;
	market_slice_t envelope;
	char name[16];

	snprintf(name, sizeof(name), "s%ux%u", sequence, page);
	envelope = world_envelope(large->play.world, name);
	ck_assert_msg(market_store_add(large->store, &envelope, 1,
			  large->play.now, 0, &additions, &error) == MARKET_OK,
	    "%s: %s", name, error.message);
	ck_assert_int_eq(
	    market_additions_at(additions, 0)->result, MARKET_RESULT_ACCEPTED);
	market_additions_free(additions);
}

/* Page by page, each made, taken in and forgotten. */
static void
add_list(large_t *large, unsigned sequence, unsigned odd, const char *entry)
{
	char edit[32];
	unsigned page;

	for (page = 1; page <= PAGES; page++) {
		make_page(large, sequence, page, page == odd ? entry : NULL);
		add_page(large, sequence, page);
		snprintf(edit, sizeof(edit), "-s%ux%u", sequence, page);
		play_edit(&large->play, edit);
	}
}

/* ---- the store ---- */

static void
large_begin(large_t *large)
{
	market_context_options_t options = { .size = sizeof(options) };

	memset(large, 0, sizeof(*large));
	play_init(&large->play, PLAY_FILE);
	play_edit(&large->play,
	    "policy {'statusRules': [{'role': 'ROLE_BRAND', 'maxAgeSeconds': "
	    "'86400'}]}");
	play_begin(&large->play);
	play_add_all(&large->play,
	    "seller product network mvno grant carrier fcc", "ACCEPTED");
	play_submit(&large->play, "offer", "ACCEPTED INDETERMINATE");
	large->counted.allocator.alloc = count_alloc;
	large->counted.allocator.free = count_free;
	large->counted.allocator.user = &large->counted;
	options.allocator = large->counted.allocator;
	ck_assert_int_eq(
	    market_context_new(&options, &large->context), MARKET_OK);
	large->store = play_handle(&large->play, large->context, NULL);
}

static void
large_end(large_t *large)
{
	market_store_free(large->store);
	market_context_free(large->context);
	ck_assert_uint_eq(large->counted.held, 0);
	ck_assert_msg(large->counted.peak < ROOM,
	    "%zu KiB were held at once, and %zu are expected",
	    large->counted.peak >> 10, (size_t)ROOM >> 10);
	play_clear(&large->play);
}

static bool
may_be_sold(large_t *large)
{
	return play_sale(&large->play, large->store, "offer") == MARKET_OK;
}

/* A short list after the long one: nearly all of it has vanished. */
START_TEST(status_of_a_million_permits_until_entries_vanish)
{
	large_t large;

	if (!play_can(PLAY_FILE))
		HARNESS_SKIP("there is no SQLite");
	large_begin(&large);
	ck_assert(!may_be_sold(&large));
	add_list(&large, 1, 0, NULL);
	ck_assert(may_be_sold(&large));
	play_is(&large.play, "offer", "PUBLISHED PERMIT");
	play_at(&large.play, "2016-02-01T13:00:00Z");
	play_edit(&large.play,
	    "+s2x1 status mi.com {'header': {'id': 'status', 'revision': '2', "
	    "'issuedAt': '" WORLD_NOW "'}, 'sequence': '2', 'page': 1, "
	    "'pageCount': 1, 'withdrawn': ['$digest:fcc']}");
	add_page(&large, 2, 1);
	ck_assert(!may_be_sold(&large));
	play_is(&large.play, "offer", "SUSPENDED INDETERMINATE");
	play_tells(&large.play, "offer", "STATUS_ROLLBACK");
	large_end(&large);
}
END_TEST

START_TEST(status_of_a_million_withdraws_what_one_page_lists)
{
	large_t large;

	if (!play_can(PLAY_FILE))
		HARNESS_SKIP("there is no SQLite");
	large_begin(&large);
	add_list(&large, 1, 17, "$digest:grant");
	ck_assert(!may_be_sold(&large));
	play_is(&large.play, "offer", "HELD DENY");
	play_tells(&large.play, "offer", "STATEMENT_WITHDRAWN");
	large_end(&large);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("status_large");
	TCase *tcase = tcase_create("million");

	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, status_of_a_million_permits_until_entries_vanish);
	tcase_add_test(
	    tcase, status_of_a_million_withdraws_what_one_page_lists);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
