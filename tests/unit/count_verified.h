/* SPDX-License-Identifier: Apache-2.0 */
/* How many signatures OpenSSL was asked to verify, by a linker's wrap. */
#ifndef TESTS_UNIT_COUNT_VERIFIED_H
#define TESTS_UNIT_COUNT_VERIFIED_H

#include <stdatomic.h>

extern atomic_size_t count_verified; /* by any thread */

#endif
