/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resident PATH LISTINGS QUESTIONS CALLS: the memory of a process that opens
 * a store, lists all of it in pages, and then checks and sells at random.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "kit.h"

#define PAGE 1000

static unsigned long
list_all(market_store_t *store)
{
	market_list_query_t query = { .size = sizeof(query), .limit = PAGE };
	market_listings_t *listings = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	const market_listing_t *last;
	unsigned long n = 0;
	char after[128];
	size_t i;
	int more;

	query.at = KIT_NOW;
	do {
		kit_must(market_store_list(store, &query, &listings, &error),
		    &error, "listing");
		last = NULL;
		for (i = 0; market_listings_at(listings, i) != NULL; i++) {
			last = market_listings_at(listings, i);
			if (last->status != MARKET_LISTING_PUBLISHED)
				kit_die("a listing is not published");
			n++;
		}
		more = market_listings_more(listings);
		if (last != NULL) {
			snprintf(after, sizeof(after), "%.*s",
			    (int)last->id.len, (const char *)last->id.ptr);
			query.after = market_slice_of(after);
		}
		market_listings_free(listings);
	} while (more);
	return n;
}

static void
check(kit_t *kit, market_store_t *store, unsigned long number)
{
	market_buffer_t offer = kit_offer(kit, number, 1);
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;

	kit_must(market_store_check(store, market_buffer_slice(&offer), NULL, 0,
		     KIT_NOW, 0, &decision, &error),
	    &error, "checking");
	market_decision_free(decision);
	market_buffer_clear(&offer);
}

int
main(int argc, char **argv)
{
	/* The default, written out: 16 MiB. */
	market_store_options_t options = { .size = sizeof(options),
		.cache_bytes = (size_t)16 << 20 };
	unsigned long n, calls, i, opened, high;
	double begin, listed, sold, checked;
	market_store_t *store;
	uint32_t state = 88675123u;
	kit_t *kit;

	if (argc != 5)
		kit_die("usage: %s PATH LISTINGS QUESTIONS CALLS", argv[0]);
	n = kit_number(argv[2]);
	calls = kit_number(argv[4]);
	kit = kit_new(kit_number(argv[3]));
	begin = kit_seconds();
	store = kit_open(kit, argv[1], &options);
	printf("%lu listings: opened in %.3f s\n", n, kit_seconds() - begin);
	opened = kit_memory("VmHWM");
	begin = kit_seconds();
	if (list_all(store) != n)
		kit_die("not all %lu listings are there", n);
	listed = kit_seconds();
	for (i = 0; i < calls; i++)
		if (kit_sale(store, kit_random(&state) % n) != MARKET_OK)
			kit_die("a sale is denied");
	sold = kit_seconds();
	for (i = 0; i < calls; i++)
		check(kit, store, kit_random(&state) % n);
	checked = kit_seconds();
	high = kit_memory("VmHWM");
	printf("  listed in pages of %d: %.0f a second\n", PAGE,
	    (double)n / (listed - begin));
	printf("  sold at random: %.0f a second\n",
	    (double)calls / (sold - listed));
	printf("  checked at random, signing each: %.0f a second\n",
	    (double)calls / (checked - sold));
	printf("  resident: %lu KiB when opened, %lu KiB at most; %.3f of 64 "
	       "MiB and the cache of %zu KiB\n",
	    opened, high,
	    (double)high / (65536.0 + (double)(options.cache_bytes >> 10)),
	    options.cache_bytes >> 10);
	market_store_free(store);
	kit_free(kit);
	return EXIT_SUCCESS;
}
