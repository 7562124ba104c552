/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Types that every other header of libmarket uses: byte slices, owned
 * buffers, and the two markers on declarations.
 */
#ifndef MARKET_TYPES_H
#define MARKET_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A symbol that the shared library exports. */
#if defined(__GNUC__)
#define MARKET_API __attribute__((visibility("default")))
#else
#define MARKET_API
#endif

/* The result must be looked at: an ignored failure would look like success. */
#if defined(__GNUC__)
#define MARKET_NODISCARD __attribute__((warn_unused_result))
#else
#define MARKET_NODISCARD
#endif

/*
 * A borrowed run of bytes, passed by value. It is not NUL-terminated. A slice
 * that a getter returns lives as long as the object that it was asked of.
 * {NULL, 0} is the empty slice; NULL with a length is an argument error.
 */
typedef struct market_slice {
	const uint8_t *ptr;
	size_t len;
} market_slice_t;

/*
 * Bytes that the caller owns. Set it to MARKET_BUFFER_INIT, hand it to a
 * function that fills it, give it back with market_buffer_clear(). `data` is
 * followed by a NUL that `len` does not count, so that text can be printed.
 */
typedef struct market_buffer {
	uint8_t *data;
	size_t len;
	const struct market_allocator *allocator;
} market_buffer_t;

/* clang-format off */
#define MARKET_BUFFER_INIT { NULL, 0, NULL }
/* clang-format on */

/* Length in bytes of a digest, and of a key id before it is put in hex. */
#define MARKET_DIGEST_LEN 32

/* The bytes of a NUL-terminated string as a slice; NULL gives the empty one. */
MARKET_API market_slice_t market_slice_of(const char *text);

/* The bytes of an owned buffer as a slice, valid until it changes. */
MARKET_API market_slice_t market_buffer_slice(const market_buffer_t *buffer);

/* Gives the memory back and makes the buffer empty; NULL is fine. */
MARKET_API void market_buffer_clear(market_buffer_t *buffer);

#ifdef __cplusplus
}
#endif

#endif
