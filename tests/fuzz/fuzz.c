/* SPDX-License-Identifier: Apache-2.0 */
#include <config.h>

#include <stdlib.h>

#include "fuzz.h"

#if HAVE_JANSSON
#include <jansson.h>
#endif

FILE *fuzz_accepted;

_Noreturn void
fuzz_broken(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
	abort();
}

/* ---- the bytes ---- */

static size_t
digit(uint8_t c)
{
	return (size_t)(c - '0') & 63;
}

fuzz_input_t
fuzz_input(const uint8_t *data, size_t size)
{
	fuzz_input_t input = { { data, size }, 0, false };
	size_t high;

	if (size < 2)
		return input;
	high = digit(data[size - 2]);
	input.rest.len = size - 2;
	input.for_ever = high >= 32;
	input.fail_at = (high & 31) * 64 + digit(data[size - 1]);
	return input;
}

uint8_t
fuzz_byte(fuzz_input_t *input)
{
	if (input->rest.len == 0)
		return 0;
	input->rest.len--;
	return *input->rest.ptr++;
}

market_slice_t
fuzz_line(fuzz_input_t *input)
{
	market_slice_t line = input->rest;
	size_t i = 0;

	while (i < line.len && line.ptr[i] != '\n')
		i++;
	line.len = i;
	if (i < input->rest.len)
		i++;
	if (i > 0) {
		input->rest.ptr += i;
		input->rest.len -= i;
	}
	return line;
}

/* ---- memory ---- */

/* Of the process; each input leaves it as it found it. */
static struct memory {
	size_t live;
	size_t left; /* allocations until one fails; 0: none does */
	bool for_ever;
	bool refused;
} memory;

void *
fuzz_take(void *user, size_t size)
{
	struct memory *m = &memory;
	void *ptr;

	(void)user;
	FUZZ_ASSERT(size > 0);
	if (m->left > 0 && --m->left == 0) {
		m->refused = true;
		m->left = m->for_ever ? 1 : 0;
		return NULL;
	}
	ptr = malloc(size);
	FUZZ_ASSERT(ptr != NULL);
	m->live++;
	return ptr;
}

void
fuzz_give_back(void *user, void *ptr)
{
	(void)user;
	FUZZ_ASSERT(ptr != NULL && memory.live > 0);
	memory.live--;
	free(ptr);
}

static const market_allocator_t allocator = { fuzz_take, fuzz_give_back, NULL };

const market_allocator_t *
fuzz_allocator(void)
{
	return &allocator;
}

static market_context_t *context;
static void (*at_end[4])(void);

void
fuzz_at_end(void (*clear)(void))
{
	size_t i = 0;

	while (at_end[i] != NULL && at_end[i] != clear)
		i++;
	FUZZ_ASSERT(i + 1 < MARKET__COUNT(at_end));
	at_end[i] = clear;
}

void
fuzz_end(void)
{
	size_t i;

	for (i = 0; at_end[i] != NULL; i++)
		at_end[i]();
	market_context_free(context);
	context = NULL;
	FUZZ_ASSERT(memory.live == 0);
}

market_context_t *
fuzz_context(void)
{
	const market_context_options_t options = { sizeof(options), allocator,
		NULL, NULL, 0 };

	if (context == NULL)
		FUZZ_ASSERT(
		    market_context_new(&options, &context) == MARKET_OK);
	return context;
}

size_t
fuzz_live(void)
{
	/* What is kept for the next input is no leak. */
	market_context_trim(context);
	return memory.live;
}

void
fuzz_fail(const fuzz_input_t *input)
{
	memory.left = input->fail_at;
	memory.for_ever = input->for_ever;
	memory.refused = false;
}

bool
fuzz_recover(void)
{
	memory.left = 0;
	return memory.refused;
}

fuzz_lull_t
fuzz_lull(void)
{
	const fuzz_lull_t lull = { memory.left };

	memory.left = 0;
	return lull;
}

void
fuzz_lull_end(fuzz_lull_t lull)
{
	memory.left = lull.left;
}

/* ---- what must hold everywhere ---- */

static void
check_printable(const char *text)
{
	for (; *text != '\0'; text++)
		FUZZ_ASSERT(*text >= 0x20 && *text < 0x7f);
}

void
fuzz_check_error(market_status_t status, const market_error_t *error)
{
	FUZZ_ASSERT(status != MARKET_OK && error->status == status);
	FUZZ_ASSERT(status != MARKET_E_INTERNAL);
	FUZZ_ASSERT(error->message[0] != '\0');
	check_printable(error->message);
	check_printable(error->path);
}

void
fuzz_check_starved(market_status_t got, market_status_t want)
{
	FUZZ_ASSERT(got == want || got == MARKET_E_MEMORY);
	FUZZ_ASSERT(fuzz_recover() || got == want);
}

void
fuzz_check_text(market_slice_t text)
{
	size_t i;

	FUZZ_ASSERT(market__utf8_check(text) == text.len);
	/* Behind 0xc2 come the control characters U+0080 to U+009F. */
	for (i = 0; i < text.len; i++)
		FUZZ_ASSERT(text.ptr[i] == '\n' || text.ptr[i] == '\t' ||
		    (text.ptr[i] >= 0x20 && text.ptr[i] != 0x7f &&
			(text.ptr[i] != 0xc2 || text.ptr[i + 1] >= 0xa0)));
}

void
fuzz_check_json(market_slice_t json)
{
	fuzz_check_text(json);
#if HAVE_JANSSON
	const char *text = (const char *)json.ptr;
	size_t at = 0;
	json_error_t error;
	json_t *value;

	while (at < json.len) {
		value = json_loadb(text + at, json.len - at,
		    JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK |
			JSON_DECODE_ANY,
		    &error);
		FUZZ_ASSERT(value != NULL && error.position > 0);
		json_decref(value);
		at += (size_t)error.position;
		while (at < json.len && text[at] == '\n')
			at++;
	}
#endif
}
