/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sale STORE LISTINGS QUESTIONS [ROUNDS]: a sale check at the till, beside a
 * point read of the same listing, by its name, through the same indexes of the
 * same file. Both take turns, listing by listing.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>

#include "kit.h"

#define RUN 32

typedef struct plain {
	sqlite3 *db;
	sqlite3_stmt *read;
} plain_t;

static void
open_plain(plain_t *plain, const char *path)
{
	if (sqlite3_open_v2(path, &plain->db, SQLITE_OPEN_READONLY, NULL) !=
		SQLITE_OK ||
	    sqlite3_prepare_v2(plain->db,
		"SELECT l.* FROM party AS p JOIN listing AS l "
		"ON l.market = p.market AND l.seller = p.no "
		"WHERE p.market = (SELECT market FROM marketplace) "
		"AND p.name = ? AND l.offer_id = ?",
		-1, &plain->read, NULL) != SQLITE_OK)
		kit_die("SQLite: %s", sqlite3_errmsg(plain->db));
}

static void
read_plain(plain_t *plain, unsigned long number)
{
	const char *name = kit_listing(number), *slash = strchr(name, '/');

	if (sqlite3_bind_blob(plain->read, 1, name, (int)(slash - name),
		SQLITE_STATIC) != SQLITE_OK ||
	    sqlite3_bind_blob(plain->read, 2, slash + 1, (int)strlen(slash + 1),
		SQLITE_STATIC) != SQLITE_OK ||
	    sqlite3_step(plain->read) != SQLITE_ROW ||
	    sqlite3_column_bytes(plain->read, 4) != MARKET_DIGEST_LEN)
		kit_die("SQLite does not find %s: %s", name,
		    sqlite3_errmsg(plain->db));
	sqlite3_reset(plain->read);
}

static double
timed_plain(plain_t *plain, const unsigned long *numbers)
{
	double begin = kit_seconds();
	int i;

	for (i = 0; i < RUN; i++)
		read_plain(plain, numbers[i]);
	return kit_seconds() - begin;
}

static double
timed_sale(market_store_t *store, const unsigned long *numbers)
{
	double begin = kit_seconds();
	int i;

	for (i = 0; i < RUN; i++)
		if (kit_sale(store, numbers[i]) != MARKET_OK)
			kit_die("a sale is denied");
	return kit_seconds() - begin;
}

int
main(int argc, char **argv)
{
	unsigned long rounds, listings, numbers[RUN], i, hot;
	static kit_series_t sold, read, ratio;
	uint32_t state = 2463534242u;
	double own, theirs;
	market_store_t *store;
	plain_t plain;
	kit_t *kit;
	int k;

	if (argc < 4)
		kit_die("usage: %s STORE LISTINGS QUESTIONS [ROUNDS]", argv[0]);
	listings = kit_number(argv[2]);
	rounds = argc > 4 ? kit_number(argv[4]) : 301;
	kit = kit_new(kit_number(argv[3]));
	store = kit_open(kit, argv[1], NULL);
	open_plain(&plain, argv[1]);
	/* What sells, sells again and again. */
	hot = listings < 1000 ? listings : 1000;
	for (i = 0; i < hot; i++)
		(void)kit_sale(store, i);
	for (i = 0; i < rounds; i++) {
		for (k = 0; k < RUN; k++)
			numbers[k] = kit_random(&state) % hot;
		theirs = timed_plain(&plain, numbers);
		own = timed_sale(store, numbers);
		kit_note(&read, theirs * 1e6 / RUN);
		kit_note(&sold, own * 1e6 / RUN);
		kit_note(&ratio, theirs / own);
	}
	printf("point read %.2f us (%.2f to %.2f), sale check %.2f us (%.2f to "
	       "%.2f)\n",
	    kit_median(&read), kit_part(&read, 0.1), kit_part(&read, 0.9),
	    kit_median(&sold), kit_part(&sold, 0.1), kit_part(&sold, 0.9));
	kit_row(
	    "sale check, over an indexed point read", &ratio, "at least", 0.5);
	sqlite3_finalize(plain.read);
	sqlite3_close(plain.db);
	market_store_free(store);
	kit_free(kit);
	return EXIT_SUCCESS;
}
