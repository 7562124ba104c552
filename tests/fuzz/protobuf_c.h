/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_FUZZ_PROTOBUF_C_H
#define TESTS_FUZZ_PROTOBUF_C_H

#include <stdbool.h>

#include <market/vocabulary.h>

/*
 * protobuf-c reads the payload and writes the same bytes again. Has the
 * message extensions, which JSON does not show?
 */
bool protobuf_c_check(market_kind_t kind, market_slice_t payload);

#endif
