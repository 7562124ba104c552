/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the unit tests share, a thin layer over Check: a main that speaks TAP,
 * a visible skip, the data and vectors kept outside the source tree, and an
 * allocator that counts and fails on demand.
 */
#ifndef TESTS_UNIT_HARNESS_H
#define TESTS_UNIT_HARNESS_H

#include <check.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <market/context.h>

/* Runs the suite, prints TAP on stdout, frees it; the exit status of main. */
int harness_main(Suite *suite);

/*
 * Leaves the running test and has TAP say "# SKIP reason". With
 * MARKET_REQUIRE_SHARED=1 a skip is a failure.
 */
#define HARNESS_SKIP(reason)                     \
	do {                                     \
		harness_skip_(__func__, reason); \
		return;                          \
	} while (0)
void harness_skip_(const char *function, const char *reason);

/*
 * Path of a file below $MARKET_SHARED (default: the directory `shared` beside
 * the source tree), or NULL where it is missing. Good until four more calls.
 */
const char *harness_shared(const char *name);

/* Sets `path`, or skips the test. */
#define HARNESS_SHARED(path, name)                                      \
	do {                                                            \
		(path) = harness_shared(name);                          \
		if ((path) == NULL)                                     \
			HARNESS_SKIP(name " is missing: set "           \
					  "MARKET_SHARED to the shared" \
					  " directory");                \
	} while (0)

/* Path of a file of the source tree, "tests/...". Good until four more calls.
 */
const char *harness_source(const char *name);

/* The whole file with a NUL behind it, for free(); a failure ends the test. */
char *harness_read(const char *path, size_t *ret_len);

/*
 * Cuts the next line off *text (NUL at its end) and returns it; NULL at the
 * end of the text.
 */
char *harness_line(char **text);

/*
 * Cuts a line at its tabs. Returns how many fields it has; at most `max` are
 * stored.
 */
size_t harness_fields(char *line, char **fields, size_t max);

/* Do sanitizers watch over it, whose frames are greater? */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HARNESS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define HARNESS_SANITIZED 1
#endif
#endif
#ifndef HARNESS_SANITIZED
#define HARNESS_SANITIZED 0
#endif

/* On so small a stack the library must do. */
#define HARNESS_SMALL_STACK ((size_t)(HARNESS_SANITIZED ? 1024 : 64) * 1024)

/* How many rounds of `rounds` to go; fewer under valgrind (MARKET_SLOW=1). */
size_t harness_rounds(size_t rounds);

/*
 * Failure of memory: allocation number `fail_at` (from 0) and, where
 * `for_ever`, each after it gives NULL. SIZE_MAX never fails.
 */
typedef struct harness_memory {
	market_allocator_t allocator;
	size_t fail_at;
	bool for_ever;
	atomic_size_t calls; /* allocations asked for, by any thread */
	atomic_size_t live;  /* allocations not given back */
} harness_memory_t;

void harness_memory_init(harness_memory_t *memory);

#endif
