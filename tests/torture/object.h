/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that change nothing but what they return. */
#ifndef TESTS_TORTURE_OBJECT_H
#define TESTS_TORTURE_OBJECT_H

#include "torture.h"

void object_sweep(torture_t *torture, const torture_row_t *row, size_t seed);

#endif
