/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish [ROUNDS [QUESTIONS]]: offers taken into a store by batches of 1,000,
 * beside what nobody can do without: their signatures verified by OpenSSL
 * alone, and their envelopes inserted into a plain table under their names, as
 * durably. Both take turns, batch by batch, in files of their own that grow
 * alike.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <sqlite3.h>

#include "kit.h"

#define QUESTIONS 1000
#define SELLERS   2
#define WARM      4

typedef struct batch {
	market_buffer_t envelopes[KIT_BATCH], pae[KIT_BATCH];
	market_statement_t *parsed[KIT_BATCH];
} batch_t;

typedef struct plain {
	sqlite3 *db;
	sqlite3_stmt *insert;
	EVP_PKEY *keys[SELLERS];
} plain_t;

static void
must_sql(plain_t *plain, int rv, int want)
{
	if (rv != want)
		kit_die("SQLite: %s", sqlite3_errmsg(plain->db));
}

static void
run_sql(plain_t *plain, const char *sql)
{
	must_sql(
	    plain, sqlite3_exec(plain->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

/* As durable as the store, which syncs each commit. */
static void
open_plain(plain_t *plain, kit_t *kit, const char *path)
{
	static const char *const names[SELLERS] = { "a.example", "b.example" };
	const unsigned char *spki;
	market_slice_t key;
	size_t i;

	must_sql(plain, sqlite3_open(path, &plain->db), SQLITE_OK);
	run_sql(plain, "PRAGMA journal_mode = WAL");
	run_sql(plain, "PRAGMA synchronous = FULL");
	run_sql(plain,
	    "CREATE TABLE offers (name TEXT PRIMARY KEY, envelope BLOB)");
	must_sql(plain,
	    sqlite3_prepare_v2(plain->db, "INSERT INTO offers VALUES (?, ?)",
		-1, &plain->insert, NULL),
	    SQLITE_OK);
	for (i = 0; i < SELLERS; i++) {
		key = market_key_spki(
		    market_signer_key(kit_signer(kit, names[i])));
		spki = key.ptr;
		plain->keys[i] = d2i_PUBKEY(NULL, &spki, (long)key.len);
		if (plain->keys[i] == NULL)
			kit_die("OpenSSL does not read a key");
	}
}

static void
close_plain(plain_t *plain)
{
	size_t i;

	sqlite3_finalize(plain->insert);
	sqlite3_close(plain->db);
	for (i = 0; i < SELLERS; i++)
		EVP_PKEY_free(plain->keys[i]);
}

/* ---- a batch ---- */

static void
make_batch(kit_t *kit, unsigned long first, batch_t *batch)
{
	market_error_t error = MARKET_ERROR_INIT;
	size_t i;

	memset(batch, 0, sizeof(*batch));
	for (i = 0; i < KIT_BATCH; i++) {
		batch->envelopes[i] = kit_offer(kit, first + i, 1);
		kit_must(market_statement_parse(kit_context(kit),
			     market_buffer_slice(&batch->envelopes[i]),
			     MARKET_KINDS_ALL, &batch->parsed[i], &error),
		    &error, "an offer");
		kit_must(market_statement_pae(batch->parsed[i], &batch->pae[i]),
		    &error, "what an offer signs");
	}
}

static void
clear_batch(batch_t *batch)
{
	size_t i;

	for (i = 0; i < KIT_BATCH; i++) {
		market_buffer_clear(&batch->envelopes[i]);
		market_buffer_clear(&batch->pae[i]);
		market_statement_free(batch->parsed[i]);
	}
}

static double
verify(const plain_t *plain, const batch_t *batch, unsigned long first)
{
	double begin = kit_seconds();
	market_slice_t keyid, signature;
	EVP_MD_CTX *context;
	size_t i;

	for (i = 0; i < KIT_BATCH; i++) {
		context = EVP_MD_CTX_new();
		if (market_statement_signature(
			batch->parsed[i], 0, &keyid, &signature) != MARKET_OK ||
		    EVP_DigestVerifyInit(context, NULL, NULL, NULL,
			plain->keys[(first + i) % SELLERS]) != 1 ||
		    EVP_DigestVerify(context, signature.ptr, signature.len,
			batch->pae[i].data, batch->pae[i].len) != 1)
			kit_die("OpenSSL does not verify");
		EVP_MD_CTX_free(context);
	}
	return kit_seconds() - begin;
}

static double
insert(plain_t *plain, const batch_t *batch, unsigned long first)
{
	double begin = kit_seconds();
	size_t i;

	run_sql(plain, "BEGIN IMMEDIATE");
	for (i = 0; i < KIT_BATCH; i++) {
		must_sql(plain,
		    sqlite3_bind_text(plain->insert, 1, kit_listing(first + i),
			-1, SQLITE_TRANSIENT),
		    SQLITE_OK);
		must_sql(plain,
		    sqlite3_bind_blob(plain->insert, 2,
			batch->envelopes[i].data, (int)batch->envelopes[i].len,
			SQLITE_STATIC),
		    SQLITE_OK);
		must_sql(plain, sqlite3_step(plain->insert), SQLITE_DONE);
		must_sql(plain, sqlite3_reset(plain->insert), SQLITE_OK);
	}
	run_sql(plain, "COMMIT");
	return kit_seconds() - begin;
}

static double
submit(market_store_t *store, const batch_t *batch)
{
	market_submissions_t *submissions = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	market_slice_t slices[KIT_BATCH];
	const market_submitted_t *submitted;
	double begin, took;
	size_t i;

	for (i = 0; i < KIT_BATCH; i++)
		slices[i] = market_buffer_slice(&batch->envelopes[i]);
	begin = kit_seconds();
	kit_must(market_store_submit(
		     store, slices, KIT_BATCH, KIT_NOW, &submissions, &error),
	    &error, "submitting");
	took = kit_seconds() - begin;
	for (i = 0; i < KIT_BATCH; i++) {
		submitted = market_submissions_at(submissions, i);
		if (submitted->result != MARKET_RESULT_ACCEPTED)
			kit_die("%s is not accepted", submitted->listing);
	}
	market_submissions_free(submissions);
	return took;
}

/* ---- the program ---- */

static void
tell(const char *label, const kit_series_t *took)
{
	printf("%-44s %7.1f us an offer (%.1f to %.1f)\n", label,
	    kit_median(took) * 1e6 / KIT_BATCH,
	    kit_part(took, 0.1) * 1e6 / KIT_BATCH,
	    kit_part(took, 0.9) * 1e6 / KIT_BATCH);
}

static void
remove_store(const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char name[64];
	size_t i;

	for (i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		(void)remove(name);
	}
}

int
main(int argc, char **argv)
{
	static const char ours[] = "bench-publish.market";
	static const char theirs[] = "bench-publish.sqlite";
	unsigned long rounds = argc > 1 ? kit_number(argv[1]) : 41, i, first;
	unsigned long questions = argc > 2 ? kit_number(argv[2]) : QUESTIONS;
	static kit_series_t took, verifying, inserting, ratio;
	kit_t *kit = kit_new(questions);
	double own, verified, inserted;
	static batch_t batch;
	market_store_t *store;
	plain_t plain = { 0 };

	remove_store(ours);
	remove_store(theirs);
	store = kit_create(kit, ours, NULL);
	open_plain(&plain, kit, theirs);
	/* The first batches ask the questions first; they are not measured. */
	for (i = 0; i < rounds + WARM; i++) {
		first = i * KIT_BATCH;
		make_batch(kit, first, &batch);
		own = submit(store, &batch);
		verified = verify(&plain, &batch, first);
		inserted = insert(&plain, &batch, first);
		clear_batch(&batch);
		if (i < WARM)
			continue;
		kit_note(&took, own);
		kit_note(&verifying, verified);
		kit_note(&inserting, inserted);
		kit_note(&ratio, (verified + inserted) / own);
	}
	tell("published", &took);
	tell("OpenSSL verifies their signatures", &verifying);
	tell("SQLite inserts their envelopes", &inserting);
	kit_row("published, over signatures and plain inserts", &ratio,
	    "at least", 0.8);
	market_store_free(store);
	close_plain(&plain);
	kit_free(kit);
	remove_store(ours);
	remove_store(theirs);
	return EXIT_SUCCESS;
}
