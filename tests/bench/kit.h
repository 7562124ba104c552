/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the measuring programs share: a marketplace with two sellers, each with
 * a grant and a model of its own, and offers by number.
 *
 * Offer number i is the seller's (i % 2). It asks two questions, one for each
 * of two channels, and one of `questions` / 4 software versions; so each
 * seller's half of the offers asks half of the questions. Whatever is taken
 * from seller 0 leaves seller 1 alone.
 */
#ifndef TESTS_BENCH_KIT_H
#define TESTS_BENCH_KIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <market/market.h>

#define KIT_NOW     INT64_C(1454328000) /* 2016-02-01T12:00:00Z */
#define KIT_NETWORK "t-mobile.com/us"
#define KIT_BATCH   1000

typedef struct kit kit_t;

/* Whatever fails ends the program, with a line on stderr. */
kit_t *kit_new(unsigned long questions);
/* In a context that stays the caller's. */
kit_t *kit_new_with(market_context_t *context, unsigned long questions);
void kit_free(kit_t *kit);
market_context_t *kit_context(kit_t *kit);

/* Says what is wrong and ends the program. */
void kit_die(const char *format, ...)
    __attribute__((format(printf, 1, 2), noreturn));
/* Ends the program unless it is MARKET_OK. */
void kit_must(
    market_status_t status, const market_error_t *error, const char *doing);

/* A whole number from 1 on. */
unsigned long kit_number(const char *text);

/*
 * A key made from the name, which the kit keeps; Ed25519 unless it was asked
 * for another algorithm before.
 */
void kit_algorithm(kit_t *kit, market_algorithm_t algorithm);
market_signer_t *kit_signer(kit_t *kit, const char *name);

/*
 * One statement in the JSON mapping of protobuf, valid from 2016 to 2026,
 * signed by the key of that name. `body` is what follows the header.
 */
typedef struct kit_header {
	market_kind_t kind;
	const char *issuer;
	const char *id;
	unsigned long revision;
} kit_header_t;
market_buffer_t kit_statement(kit_t *kit, const kit_header_t *header,
    const char *signer, const char *body);
/* The same in two steps; the draft is the caller's. */
market_draft_t *kit_draft(
    kit_t *kit, const kit_header_t *header, const char *body);
market_buffer_t kit_sign(
    kit_t *kit, const market_draft_t *draft, const char *signer);
/* {"threshold": 1, "keys": [...]} of the key of that name; freed by free(). */
char *kit_keys(kit_t *kit, const char *name);

/* Signed anew; the caller's. Evidence is numbered to KIT_EVIDENCE. */
#define KIT_EVIDENCE 11
market_buffer_t kit_root(kit_t *kit);
market_buffer_t kit_policy(kit_t *kit);
market_buffer_t kit_evidence(kit_t *kit, size_t number);
market_buffer_t kit_offer(
    kit_t *kit, unsigned long number, unsigned long revision);
market_buffer_t kit_grant(kit_t *kit, unsigned seller, unsigned long revision);
/* Withdraws that revision of the grant. */
market_buffer_t kit_withdrawal(
    kit_t *kit, unsigned seller, unsigned long revision);
/* The carrier's certification of the seller's model. */
market_buffer_t kit_certification(
    kit_t *kit, unsigned seller, unsigned long revision, bool certified);

/* "a.example/sku-0000000"; good until the next call. */
const char *kit_listing(unsigned long number);

/* A new store with all evidence but no offer. */
market_store_t *kit_create(
    kit_t *kit, const char *path, const market_store_options_t *options);
/* One that is there. */
market_store_t *kit_open(
    kit_t *kit, const char *path, const market_store_options_t *options);

/* Takes one statement in, which must be accepted; nothing is computed anew. */
void kit_add(market_store_t *store, market_slice_t envelope);
/*
 * Submits `n` offers from number `first` on, at most KIT_BATCH, which must be
 * accepted. The bytes of their envelopes; *ret_seconds (may be NULL) is what
 * it took, without the signing.
 */
double kit_submit(kit_t *kit, market_store_t *store, unsigned long first,
    size_t n, unsigned long revision, double *ret_seconds);
/* Computes all anew; how many answers changed. */
unsigned long kit_refresh(market_store_t *store);
/* MARKET_OK, or MARKET_E_DENIED; anything else ends the program. */
market_status_t kit_sale(market_store_t *store, unsigned long number);

/* ---- numbers ---- */

double kit_seconds(void);
/* Of this thread alone. */
double kit_processor_seconds(void);
/* The same numbers on every machine; *state is not 0. */
uint32_t kit_random(uint32_t *state);

typedef struct kit_series {
	double v[1024];
	size_t n;
} kit_series_t;

void kit_note(kit_series_t *series, double value);
/* The value below which that part (0 to 1) of them lie. */
double kit_part(const kit_series_t *series, double part);
#define kit_median(series) kit_part((series), 0.5)

/*
 * One line of the table: a ratio, its middle 80 %, and what is asked of it
 * ("at least" or "at most").
 */
void kit_row(
    const char *label, const kit_series_t *ratio, const char *asked, double of);

/* Resident memory now and at its highest, in KiB; 0 where it is not told. */
unsigned long kit_memory(const char *name);

/* The machine, in one line on stdout. */
void kit_machine(void);

#endif
