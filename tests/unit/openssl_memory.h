/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenSSL's own memory, counted, and failing where a test says so. It is put in
 * place before OpenSSL is used at all.
 */
#ifndef TESTS_UNIT_OPENSSL_MEMORY_H
#define TESTS_UNIT_OPENSSL_MEMORY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

extern atomic_size_t openssl_memory_calls; /* by any thread */
extern size_t openssl_memory_fail_at;      /* the call; SIZE_MAX: none */
extern bool openssl_memory_for_ever;       /* and all behind it */

/* False: OpenSSL was used before. */
bool openssl_memory_count(void);

#endif
