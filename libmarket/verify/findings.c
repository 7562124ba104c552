/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "verify/internal.h"

/* A text in a report is never longer: it may come from a stranger. */
#define SHOWN_MAX 1000
/* A message has two of them, and the names of two statements. */
#define MESSAGE_MAX ((size_t)4 * SHOWN_MAX)

void *
market__grow(
    market__eval_t *e, void *array, size_t n, size_t *capacity, size_t element)
{
	size_t more;
	void *grown;

	if (e->status != MARKET_OK)
		return NULL;
	if (n < *capacity)
		return array;
	more = *capacity == 0 ? 8 : *capacity * 2;
	grown = market__arena_array(e->arena, more, element);
	if (grown == NULL) {
		e->status = market__arena_refusal(e->arena);
		return NULL;
	}
	if (n > 0)
		memcpy(grown, array, n * element);
	*capacity = more;
	return grown;
}

static const char *
keep(market__eval_t *e, market_slice_t text)
{
	market_slice_t copy;

	if (e->status != MARKET_OK)
		return NULL;
	copy = market__arena_copy(e->arena, text);
	if (copy.ptr == NULL) {
		e->status = market__arena_refusal(e->arena);
		return NULL;
	}
	return (const char *)copy.ptr;
}

static const char *format(market__eval_t *e, size_t max, const char *pattern,
    va_list args) MARKET__PRINTF(3, 0);

static const char *
format(market__eval_t *e, size_t max, const char *pattern, va_list args)
{
	char text[MESSAGE_MAX];
	int len;

	len = vsnprintf(text, max, pattern, args);
	if (len < 0) {
		e->status = MARKET_E_INTERNAL;
		return NULL;
	}
	return keep(e, market_slice_of(text));
}

const char *
market__format(market__eval_t *e, const char *pattern, ...)
{
	const char *text;
	va_list args;

	va_start(args, pattern);
	text = format(e, SHOWN_MAX, pattern, args);
	va_end(args);
	return text;
}

const char *
market__show(market__eval_t *e, market_slice_t text)
{
	char shown[SHOWN_MAX];
	size_t i, n = 0;

	for (i = 0; i < text.len && n + 5 < sizeof(shown); i++) {
		if (text.ptr[i] < 0x20 || text.ptr[i] > 0x7e ||
		    text.ptr[i] == '\\')
			n += (size_t)snprintf(shown + n, sizeof(shown) - n,
			    "\\x%02x", text.ptr[i]);
		else
			shown[n++] = (char)text.ptr[i];
	}
	return keep(e, market__slice(shown, n));
}

const char *
market__show_time(market__eval_t *e, int64_t instant)
{
	char text[MARKET__TIME_LEN];

	market__time_format(instant, text);
	return keep(e, market_slice_of(text));
}

const char *
market__show_list(market__eval_t *e, market__slices_t list)
{
	const char *text = NULL, *one;
	size_t i;

	if (list.n == 0)
		return "nothing";
	for (i = 0; i < list.n && i < 12; i++) {
		one = market__show(e, list.v[i]);
		if (one == NULL)
			return NULL;
		text = text == NULL ? one
				    : market__format(e, "%s, %s", text, one);
		if (text == NULL)
			return NULL;
	}
	if (i < list.n)
		text = market__format(e, "%s and %zu more", text, list.n - i);
	return text;
}

void
market__add_finding(market__eval_t *e, market__findings_t *findings,
    market_code_t code, const market__about_t *about, const char *pattern, ...)
{
	market_finding_t *grown, *finding;
	va_list args;

	grown = market__grow(e, findings->v, findings->n, &findings->capacity,
	    sizeof(*findings->v));
	if (grown == NULL)
		return;
	findings->v = grown;
	finding = &findings->v[findings->n];
	memset(finding, 0, sizeof(*finding));
	finding->code = code;
	finding->effect = market_code_info(code)->effect;
	if (about != NULL) {
		finding->path = about->path;
		finding->link = about->link;
		finding->got = about->got;
		finding->want = about->want;
		/* A copy: the decision outlives the evidence. */
		if (about->evidence != NULL) {
			finding->evidence = market__arena_copy(
			    e->arena, market__digest(about->evidence));
			if (finding->evidence.ptr == NULL) {
				e->status = market__arena_refusal(e->arena);
				return;
			}
		}
	}
	va_start(args, pattern);
	finding->message = format(e, MESSAGE_MAX, pattern, args);
	va_end(args);
	if (finding->message != NULL)
		findings->n++;
}

void
market__move_findings(
    market__eval_t *e, market__findings_t *to, const market__findings_t *from)
{
	market_finding_t *grown;
	size_t i;

	for (i = 0; i < from->n; i++) {
		grown = market__grow(
		    e, to->v, to->n, &to->capacity, sizeof(*to->v));
		if (grown == NULL)
			return;
		to->v = grown;
		to->v[to->n++] = from->v[i];
	}
}

static int
compare_text(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int
compare_findings(const void *left, const void *right)
{
	const market_finding_t *a = left, *b = right;
	int order;

	if (a->effect != b->effect)
		return a->effect > b->effect ? -1 : 1;
	if (a->code != b->code)
		return a->code < b->code ? -1 : 1;
	if (a->link != b->link)
		return a->link < b->link ? -1 : 1;
	if ((order = compare_text(a->path, b->path)) != 0 ||
	    (order = market__slice_compare(a->evidence, b->evidence)) != 0 ||
	    (order = compare_text(a->message, b->message)) != 0 ||
	    (order = compare_text(a->got, b->got)) != 0)
		return order;
	return compare_text(a->want, b->want);
}

void
market__sort_findings(market__findings_t *findings)
{
	size_t i, n = 0;

	if (findings->n == 0)
		return;
	qsort(findings->v, findings->n, sizeof(*findings->v), compare_findings);
	for (i = 1; i < findings->n; i++)
		if (compare_findings(&findings->v[n], &findings->v[i]) != 0)
			findings->v[++n] = findings->v[i];
	findings->n = n + 1;
}

int
market__rank(const market__findings_t *findings)
{
	size_t i;
	int rank = 0;

	for (i = 0; i < findings->n; i++) {
		if (findings->v[i].effect == MARKET_EFFECT_DENY)
			return 2;
		if (findings->v[i].effect == MARKET_EFFECT_INDETERMINATE)
			rank = 1;
	}
	return rank;
}

market_verdict_t
market__findings_verdict(const market__findings_t *findings)
{
	switch (market__rank(findings)) {
	case 0: return MARKET_VERDICT_PERMIT;
	case 1: return MARKET_VERDICT_INDETERMINATE;
	default: return MARKET_VERDICT_DENY;
	}
}

market_verdict_t
market__verdict_worse(market_verdict_t a, market_verdict_t b)
{
	if (a == MARKET_VERDICT_DENY || b == MARKET_VERDICT_DENY)
		return MARKET_VERDICT_DENY;
	if (a == MARKET_VERDICT_PERMIT && b == MARKET_VERDICT_PERMIT)
		return MARKET_VERDICT_PERMIT;
	return MARKET_VERDICT_INDETERMINATE;
}
