/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/base.h"

static void *
default_alloc(void *user, size_t size)
{
	(void)user;
	return malloc(size);
}

static void
default_free(void *user, void *ptr)
{
	(void)user;
	free(ptr);
}

const market_allocator_t market__default_allocator = { default_alloc,
	default_free, NULL };

bool
market__mul(size_t a, size_t b, size_t *ret)
{
	return !__builtin_mul_overflow(a, b, ret);
}

bool
market__add(size_t a, size_t b, size_t *ret)
{
	return !__builtin_add_overflow(a, b, ret);
}

void *
market__alloc_raw(const market_allocator_t *allocator, size_t size)
{
	return allocator->alloc(allocator->user, size == 0 ? 1 : size);
}

void *
market__alloc(const market_allocator_t *allocator, size_t size)
{
	void *ptr = market__alloc_raw(allocator, size);

	if (ptr != NULL)
		memset(ptr, 0, size);
	return ptr;
}

void *
market__alloc_array(
    const market_allocator_t *allocator, size_t count, size_t size)
{
	size_t total;

	if (!market__mul(count, size, &total))
		return NULL;
	return market__alloc(allocator, total);
}

void
market__free(const market_allocator_t *allocator, void *ptr)
{
	if (ptr != NULL)
		allocator->free(allocator->user, ptr);
}

void
market__wipe(void *ptr, size_t len)
{
	volatile unsigned char *p = ptr;

	while (len-- > 0)
		*p++ = 0;
}

market_slice_t
market_slice_of(const char *text)
{
	if (text == NULL)
		return market__slice(NULL, 0);
	return market__slice(text, strlen(text));
}

market_slice_t
market_buffer_slice(const market_buffer_t *buffer)
{
	if (buffer == NULL)
		return market__slice(NULL, 0);
	return market__slice(buffer->data, buffer->len);
}

void
market_buffer_clear(market_buffer_t *buffer)
{
	if (buffer == NULL)
		return;
	if (buffer->data != NULL) {
		/* It may be a private key in PEM. */
		market__wipe(buffer->data, buffer->len);
		market__free(buffer->allocator, buffer->data);
	}
	buffer->data = NULL;
	buffer->len = 0;
}

int
market__slice_compare(market_slice_t a, market_slice_t b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n == 0 ? 0 : memcmp(a.ptr, b.ptr, n);

	if (order != 0)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

void
market__shared_ref(market__shared_t *shared)
{
	atomic_fetch_add_explicit(&shared->references, 1, memory_order_relaxed);
}

void
market__shared_release(
    const market_allocator_t *allocator, market__shared_t *shared)
{
	if (shared != NULL &&
	    atomic_fetch_sub_explicit(
		&shared->references, 1, memory_order_acq_rel) == 1)
		shared->free(allocator, shared);
}
