/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fuzz driver is one function that takes bytes, and promises that hold for
 * all bytes. Built with an engine (configure --with-fuzzer) it fuzzes;
 * otherwise replay.c makes a test of it, which runs the files of its corpus
 * and mutants of them.
 *
 * The last two bytes of an input tell which allocation fails: "00" none, then
 * two digits to the base of 64 that begin with '0'. So a document in the
 * corpus ends in "00", and is readable otherwise.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <market/market.h>

#include "base/base.h"

/* The name that the engines call. Must return 0; a fault ends the process. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* How many mutants of each file of its corpus a test of this driver runs. */
extern const unsigned fuzz_mutants;

/* Where a driver writes down what it accepted; NULL: nobody asked. */
extern FILE *fuzz_accepted;

/* Says what an input did that none may do, and ends the process. */
#define FUZZ_ASSERT(condition)                                       \
	do {                                                         \
		if (!(condition))                                    \
			fuzz_broken(__FILE__, __LINE__, #condition); \
	} while (0)
_Noreturn void fuzz_broken(const char *file, int line, const char *what);

/* ---- the bytes ---- */

typedef struct fuzz_input {
	market_slice_t rest; /* what is not yet read */
	size_t fail_at;      /* 1: the next allocation; 0: none fails */
	bool for_ever;       /* ... and all behind it */
} fuzz_input_t;

fuzz_input_t fuzz_input(const uint8_t *data, size_t size);
/* The next byte; 0 past the end. */
uint8_t fuzz_byte(fuzz_input_t *input);
/* Up to the next newline, which is stepped over. */
market_slice_t fuzz_line(fuzz_input_t *input);

/* ---- memory ---- */

/* A context that lives as long as the process; its memory can be made fail. */
market_context_t *fuzz_context(void);
const market_allocator_t *fuzz_allocator(void);

/* What is to be done once before fuzz_end() gives the context back. */
void fuzz_at_end(void (*clear)(void));
void fuzz_end(void);

/* Pieces that are not given back. */
size_t fuzz_live(void);
/* From now on the input's allocation fails. */
void fuzz_fail(const fuzz_input_t *input);
/* Memory is there again. Was any refused? */
bool fuzz_recover(void);

/* What the driver itself allocates meanwhile does not count. */
typedef struct fuzz_lull {
	size_t left;
} fuzz_lull_t;
fuzz_lull_t fuzz_lull(void);
void fuzz_lull_end(fuzz_lull_t lull);

/* The two halves of fuzz_allocator(), for whoever builds one of its own. */
void *fuzz_take(void *user, size_t size);
void fuzz_give_back(void *user, void *ptr);

/* A call, tried again with memory where it had none. */
#define FUZZ_AGAIN(status, call)                                  \
	do {                                                      \
		(status) = (call);                                \
		if ((status) == MARKET_E_MEMORY) {                \
			FUZZ_ASSERT(fuzz_recover());              \
			(status) = (call);                        \
			FUZZ_ASSERT((status) != MARKET_E_MEMORY); \
		}                                                 \
	} while (0)

/* ---- what must hold everywhere ---- */

/*
 * A failure is told, in printable text, with the status that was returned;
 * MARKET_E_INTERNAL is none that bytes may cause.
 */
void fuzz_check_error(market_status_t status, const market_error_t *error);

/*
 * What a call returned with memory failing, when it would return `want`: no
 * other answer than that, or none for want of memory.
 */
void fuzz_check_starved(market_status_t got, market_status_t want);

/* Valid UTF-8, and nothing that a terminal obeys but newlines and tabs. */
void fuzz_check_text(market_slice_t text);
/* A document, or several, one a line, that any reader of JSON takes. */
void fuzz_check_json(market_slice_t json);

#endif
