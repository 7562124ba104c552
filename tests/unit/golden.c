/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
golden_writing(void)
{
	const char *value = getenv("MARKET_GOLDEN_WRITE");

	return value != NULL && strcmp(value, "1") == 0;
}

void
golden_write(const char *name, const void *data, size_t len)
{
	FILE *file = fopen(harness_source(name), "wb");

	ck_assert_msg(file != NULL, "%s cannot be written", name);
	ck_assert_uint_eq(fwrite(data, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
}

const char *
golden_line(const char *text, const char *line, char end)
{
	const char *found = strchr(line, end);
	const size_t len = found == NULL ? strlen(line)
					 : (size_t)(found - line) + 1;

	while (*text != '\0' && strncmp(text, line, len) != 0) {
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return *text == '\0' ? NULL : text;
}

size_t
golden_differences(const char *a, const char *b, char end, char sign)
{
	const char *line, *other;
	size_t n = 0;
	int len;

	for (line = a; *line != '\0'; line += len + (line[len] == '\n')) {
		len = (int)strcspn(line, "\n");
		other = golden_line(b, line, end);
		if (other != NULL && strncmp(line, other, (size_t)len) == 0 &&
		    strcspn(other, "\n") == (size_t)len)
			continue;
		n++;
		fprintf(stderr, "%c %.*s\n", sign, len, line);
	}
	return n;
}

void
golden_begin(golden_t *list)
{
	market__text_init(list, &market__default_allocator, 1 << 20);
}

/* How much of a message is ours: up to the place, where jansson speaks. */
static size_t
ours(const char *message)
{
	static const char *const heads[] = { "not valid JSON, line ", "line " };
	const char *colon;
	size_t i;

	for (i = 0; i < MARKET__COUNT(heads); i++)
		if (strncmp(message, heads[i], strlen(heads[i])) == 0 &&
		    (colon = strchr(message, ':')) != NULL)
			return (size_t)(colon - message) + 1;
	return strlen(message);
}

void
golden_add(golden_t *list, const char *label, market_status_t status,
    const market_error_t *error)
{
	/* Labels are in UTF-8, and in one line. */
	ck_assert_msg(strpbrk(label, "\t\n") == NULL, "%s", label);
	market__text_printf(list, "%s\t%s", label, market_status_name(status));
	if (error != NULL && status != MARKET_OK) {
		ck_assert_msg(error->status == status, "%s", label);
		market__text_printf(list, "\t%s\t", error->path);
		if (error->offset < 0)
			market__text_putc(list, '-');
		else
			market__text_printf(
			    list, "%lld", (long long)error->offset);
		market__text_printf(
		    list, "\t%.*s", (int)ours(error->message), error->message);
	}
	market__text_putc(list, '\n');
}

void
golden_check(golden_t *list, const char *name)
{
	char path[128], *committed;
	size_t n;

	snprintf(path, sizeof(path), "tests/golden/refusals/%s", name);
	market__text_putc(list, '\0');
	ck_assert_int_eq(list->status, MARKET_OK);
	if (golden_writing())
		golden_write(path, list->data, strlen(list->data));
	committed = harness_read(harness_source(path), NULL);
	n = golden_differences(committed, list->data, '\t', '-');
	n += golden_differences(list->data, committed, '\t', '+');
	ck_assert_msg(n == 0,
	    "%zu lines of %s differ (see stderr); if that is meant, run this "
	    "with MARKET_GOLDEN_WRITE=1",
	    n, path);
	ck_assert_str_eq(committed, list->data);
	free(committed);
	market__text_clear(list);
}
