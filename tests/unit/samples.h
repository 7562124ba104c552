/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages for the tests of wire/: every field of any message of the schema
 * set to something, and a writer of bytes for what no library writes.
 */
#ifndef TESTS_UNIT_SAMPLES_H
#define TESTS_UNIT_SAMPLES_H

#include <protobuf-c/protobuf-c.h>

#include "base/base.h"

/*
 * A message of that type with every field set, two elements in each repeated
 * one; of a oneof, the member that `variant` (from 0) says. Give it back with
 * protobuf_c_message_free_unpacked(message, NULL).
 */
ProtobufCMessage *sample_message(
    const ProtobufCMessageDescriptor *type, unsigned variant);

/* The same, packed; for free(). */
uint8_t *sample_packed(
    const ProtobufCMessageDescriptor *type, unsigned variant, size_t *ret_len);

/*
 * Bytes from text: hex digits, blanks ignored; H stands for a header whose
 * issuer is "a" (5 bytes), and xx*N for a byte N times. For free().
 */
uint8_t *sample_bytes(const char *text, size_t *ret_len);

/* A buffer to write wire bytes into; `room` is checked. */
typedef struct sample_writer {
	uint8_t *data;
	size_t len;
	size_t room;
} sample_writer_t;

void sample_writer_init(sample_writer_t *writer, size_t room);
void sample_add(sample_writer_t *writer, const char *text);
void sample_varint(sample_writer_t *writer, uint64_t value);
/* A length-delimited field: tag, length, and `len` times `fill`. */
void sample_field(
    sample_writer_t *writer, uint32_t number, uint8_t fill, size_t len);
/* The same with those bytes inside. */
void sample_nest(
    sample_writer_t *writer, uint32_t number, const uint8_t *bytes, size_t len);
market_slice_t sample_slice(const sample_writer_t *writer);

#endif
