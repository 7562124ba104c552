/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every layer stands on: memory, slices, growing buffers, error detail.
 *
 * Need -> helper -> never: allocate -> market__alloc() -> malloc; multiply a
 * size -> market__mul() -> `*`; copy text out -> market__error() -> strcpy,
 * sprintf; build text -> market__text_*() -> asprintf.
 */
#ifndef MARKET_BASE_BASE_H
#define MARKET_BASE_BASE_H

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <market/context.h>
#include <market/status.h>
#include <market/types.h>

#if defined(__GNUC__)
#define MARKET__PRINTF(a, b) __attribute__((format(printf, a, b)))
#else
#define MARKET__PRINTF(a, b)
#endif

#define MARKET__COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- memory ---- */

/* Zeroed memory from the allocator; NULL when it has none. size > 0. */
void *market__alloc(const market_allocator_t *allocator, size_t size);
/* The same, with whatever is in it. */
void *market__alloc_raw(const market_allocator_t *allocator, size_t size);
/* Zeroed memory for `count` elements; NULL also when the size overflows. */
void *market__alloc_array(
    const market_allocator_t *allocator, size_t count, size_t size);
/* NULL is fine. */
void market__free(const market_allocator_t *allocator, void *ptr);
/* Wipes, in a way the compiler keeps. */
void market__wipe(void *ptr, size_t len);

/* false when the product or sum does not fit. */
bool market__mul(size_t a, size_t b, size_t *ret);
bool market__add(size_t a, size_t b, size_t *ret);

/* malloc and free; what a context without an allocator uses. */
extern const market_allocator_t market__default_allocator;

/* ---- arena: many small pieces, given back at once, with a byte budget ---- */

/*
 * Blocks for arenas that come and go, kept from one for the next: for several
 * threads, and bounded.
 */
typedef struct market__pool market__pool_t;

/* NULL: no memory. */
market__pool_t *market__pool_new(const market_allocator_t *allocator);
/* Nothing of it may be in use. NULL is fine. */
void market__pool_free(market__pool_t *pool);
/* Gives back what is kept. */
void market__pool_trim(market__pool_t *pool);

typedef struct market__arena {
	const market_allocator_t *allocator;
	market__pool_t *pool; /* of its blocks, or NULL */
	struct market__arena_block *blocks;
	size_t grain;       /* bytes of the next block, at least */
	size_t held;        /* bytes of all blocks */
	size_t budget;      /* bytes that may still be taken */
	bool over_budget;   /* a piece was refused for the budget ... */
	bool out_of_memory; /* ... or because the allocator had none */
} market__arena_t;

void market__arena_init(
    market__arena_t *arena, const market_allocator_t *allocator, size_t budget);
/* For what is small and lives long: blocks begin with 512 bytes, and grow. */
void market__arena_init_small(
    market__arena_t *arena, const market_allocator_t *allocator, size_t budget);
/* For what is soon over. */
void market__arena_init_pooled(
    market__arena_t *arena, market__pool_t *pool, size_t budget);
void market__arena_clear(market__arena_t *arena);
/* A place to come back to: all that was taken since then is given back. */
typedef struct market__arena_mark {
	struct market__arena_block *block;
	size_t used;
	size_t budget;
} market__arena_mark_t;
market__arena_mark_t market__arena_mark(const market__arena_t *arena);
void market__arena_rewind(market__arena_t *arena, market__arena_mark_t mark);
/* The next block has room for all that is in the other one. */
void market__arena_expect(market__arena_t *arena, const market__arena_t *other);
/* Zeroed and aligned for any type; NULL when refused (see the two flags). */
void *market__arena_alloc(market__arena_t *arena, size_t size);
/* The same, with whatever is in it. */
void *market__arena_raw(market__arena_t *arena, size_t size);
void *market__arena_array(market__arena_t *arena, size_t count, size_t size);
/* A copy, with a NUL behind it; .ptr is NULL when refused. */
market_slice_t market__arena_copy(market__arena_t *arena, market_slice_t s);
/* MARKET_E_LIMIT or MARKET_E_MEMORY, after a refusal. */
market_status_t market__arena_refusal(const market__arena_t *arena);

/* ---- shared: immutable objects that several refer to ---- */

/* The first member of such an object. */
typedef struct market__shared {
	atomic_size_t references; /* 1 when made */
	void (*free)(
	    const market_allocator_t *allocator, struct market__shared *shared);
} market__shared_t;

void market__shared_ref(market__shared_t *shared);
/* Gives a reference back. NULL is fine. */
void market__shared_release(
    const market_allocator_t *allocator, market__shared_t *shared);

/* ---- slices ---- */

/* For tables alone: whoever likes makes keys collide. */
uint64_t market__hash(market_slice_t key);

static inline market_slice_t
market__slice(const void *ptr, size_t len)
{
	market_slice_t s;

	s.ptr = ptr;
	s.len = len;
	return s;
}

#define MARKET__LITERAL(text) market__slice("" text, sizeof(text) - 1)

static inline bool
market__slice_equal(market_slice_t a, market_slice_t b)
{
	return a.len == b.len &&
	    (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Bytes where there are some. */
static inline bool
market__slice_valid(market_slice_t s)
{
	return s.ptr != NULL || s.len == 0;
}

static inline bool
market__slice_is(market_slice_t a, const char *text)
{
	return market__slice_equal(a, market__slice(text, strlen(text)));
}

/* Bytewise, shorter first among equals: <0, 0, >0. */
int market__slice_compare(market_slice_t a, market_slice_t b);

/* ---- text: a buffer that grows up to a maximum ---- */

typedef struct market__text {
	const market_allocator_t *allocator;
	char *data; /* NUL-terminated once anything was added */
	size_t len;
	size_t capacity;
	size_t max;
	char *lent;             /* by the caller, or NULL */
	market_status_t status; /* first failure; later additions do nothing */
} market__text_t;

void market__text_init(
    market__text_t *text, const market_allocator_t *allocator, size_t max);
/* Begins in a buffer of the caller's, for as long as that is enough. */
void market__text_init_in(market__text_t *text,
    const market_allocator_t *allocator, size_t max, char *buffer, size_t size);
void market__text_clear(market__text_t *text);
void market__text_add(market__text_t *text, const void *ptr, size_t len);
void market__text_puts(market__text_t *text, const char *string);
void market__text_putc(market__text_t *text, char c);
void market__text_slice(market__text_t *text, market_slice_t s);
void market__text_printf(market__text_t *text, const char *format, ...)
    MARKET__PRINTF(2, 3);
/* Every byte that is not printable ASCII, and the backslash, as \xNN. */
void market__text_escaped(market__text_t *text, market_slice_t s);
void market__text_hex(market__text_t *text, market_slice_t bytes);
void market__text_base64(market__text_t *text, market_slice_t bytes);
/* A JSON string with its quotes; the input is UTF-8 or has bytes escaped. */
void market__text_json(market__text_t *text, market_slice_t utf8);
/* "2016-02-01T00:00:00Z" */
void market__text_time(market__text_t *text, int64_t unix_seconds);
/* Hands the bytes over to *ret, or clears and returns the failure. */
market_status_t market__text_take(market__text_t *text, market_buffer_t *ret);

/* ---- error detail ---- */

/*
 * Writes the error if reterr is not NULL and returns `status`, so that a
 * failure is one line. Bytes that are not printable ASCII become \xNN. No
 * path: NULL; no offset: -1.
 */
market_status_t market__error(market_error_t *reterr, market_status_t status,
    const char *path, int64_t offset, const char *format, ...)
    MARKET__PRINTF(5, 6);
#ifdef __clang_analyzer__
/* It sees no other file, so it is told which status comes back. */
#define market__error(reterr, status, ...) \
	(market__error(reterr, status, __VA_ARGS__), (status))
#endif
/* Puts `prefix` in front of the path of an error that was written before. */
void market__error_prefix(market_error_t *reterr, const char *prefix);

/* For "%.*s": MARKET__ARG(slice). Never for text that is shown unescaped. */
#define MARKET__ARG(s) \
	(int)((s).len > 200 ? 200 : (s).len), (const char *)(s).ptr

/* ---- codecs ---- */

/* Lower-case hex of len bytes and a NUL: out has 2 * len + 1 bytes. */
void market__hex(const uint8_t *bytes, size_t len, char *out);
/* false unless exactly 2 * len lower-case hex digits. */
bool market__unhex(market_slice_t hex, uint8_t *out, size_t len);
/*
 * Decodes base64 with padding; in the standard alphabet, or where `url_too` in
 * the URL one, and never in a mixture of both. Returns false when malformed
 * (also non-zero trailing bits); out has room for 3 * (text.len / 4) bytes.
 */
bool market__unbase64(
    market_slice_t text, bool url_too, uint8_t *out, size_t *ret_len);
/* First byte of invalid UTF-8 or NUL (RFC 3629), or len if there is none. */
size_t market__utf8_check(market_slice_t text);

/* ---- time ---- */

#define MARKET__TIME_MAX INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

/* "2016-02-01T00:00:00Z", 21 bytes with its NUL; clamps to the years 1-9999. */
#define MARKET__TIME_LEN 21
void market__time_format(int64_t unix_seconds, char *out);
/* RFC 3339, whole seconds, Z only; years 1 to 9999; no leap second. */
bool market__time_parse(market_slice_t text, int64_t *ret);

/* ---- the context ---- */

struct market_context {
	market_allocator_t allocator;
	market_log_fn *log;
	void *log_user;
	struct market__crypto *crypto; /* crypto/crypto.h */
	market__pool_t *pool;
	struct market__memo *signed_once; /* base/memo.h; NULL: none is kept */
	struct market__memo *keys;        /* that were decoded */
};

void market__log(const market_context_t *context, market_log_level_t level,
    const char *format, ...) MARKET__PRINTF(3, 4);

#endif
