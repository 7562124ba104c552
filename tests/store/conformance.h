/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every backend of a store must do (libmarket/store/store_backend.h), as
 * one body of tests. A program for a backend says how it is opened.
 */
#ifndef TESTS_STORE_CONFORMANCE_H
#define TESTS_STORE_CONFORMANCE_H

#include <check.h>

#include "store/store_backend.h"

typedef struct conformance_backend {
	const char *name;
	/* A new and empty one; its handle takes memory from the allocator. */
	market_status_t (*open)(const market_allocator_t *allocator,
	    market__backend_t **ret_backend);
	/*
	 * What open() made last, after it was closed. NULL: nothing lasts, so
	 * that nothing of this is tested.
	 */
	market_status_t (*reopen)(const market_allocator_t *allocator,
	    market__backend_t **ret_backend);
	/* Removes what open() made last, after it was closed; or NULL. */
	void (*discard)(void);
} conformance_backend_t;

/* `backend` is kept. */
Suite *conformance_suite(const conformance_backend_t *backend);

#endif
