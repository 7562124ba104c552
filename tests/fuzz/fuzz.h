/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fuzz driver has two functions: what to do with bytes, and seeds to begin
 * with. Built with the engine (configure --with-fuzzer) it fuzzes; otherwise
 * replay.c makes a test of it, which runs the seeds and mutants of them.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include <market/market.h>

/* The name that libFuzzer calls. Must return 0; a fault ends the process. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Seed number `index`, to be cleared; false past the last. */
int fuzz_seed(size_t index, market_buffer_t *ret_seed);

/* Ends the process: an input did what no input may do. */
#define FUZZ_ASSERT(condition)            \
	do {                              \
		if (!(condition))         \
			__builtin_trap(); \
	} while (0)

/* A context that lives as long as the process. */
market_context_t *fuzz_context(void);

/* The template of a kind, signed by a new key; false where there is none. */
int fuzz_envelope(size_t index, market_format_t format, market_buffer_t *ret);

#endif
