/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#define WORD_MAX  63
#define PAGE_WIDE 80

static char
plain(char c)
{
	if (c >= 'a' && c <= 'z')
		return (char)(c - 'a' + 'A');
	return c == '-' ? '_' : c;
}

bool
market__cli_same_word(const char *a, const char *b)
{
	for (; *a != '\0' && plain(*a) == plain(*b); a++)
		b++;
	return *a == '\0' && *b == '\0';
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance, two neighbours swapped counting one. */
size_t
market__cli_distance(const char *a, const char *b)
{
	size_t rows[3][WORD_MAX + 1], *last = rows[0], *row = rows[1];
	size_t *before = rows[2], *spare;
	size_t n = strlen(a), m = strlen(b), i, j;

	if (n > WORD_MAX || m > WORD_MAX)
		return SIZE_MAX;
	for (j = 0; j <= m; j++) {
		last[j] = j;
		before[j] = j;
	}
	for (i = 1; i <= n; i++) {
		row[0] = i;
		for (j = 1; j <= m; j++) {
			row[j] = least(last[j], row[j - 1]) + 1;
			row[j] = least(row[j],
			    last[j - 1] + (plain(a[i - 1]) != plain(b[j - 1])));
			if (i > 1 && j > 1 &&
			    plain(a[i - 1]) == plain(b[j - 2]) &&
			    plain(a[i - 2]) == plain(b[j - 1]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
		spare = before;
		before = last;
		last = row;
		row = spare;
	}
	return last[m];
}

const char *
market__cli_nearest(const char *word, const char *(*name_at)(size_t index))
{
	size_t i, distance, best = SIZE_MAX;
	const char *name, *nearest = NULL;

	for (i = 0; (name = name_at(i)) != NULL; i++) {
		distance = market__cli_distance(word, name);
		if (distance < best &&
		    distance <= MARKET__CLI_NEAR(strlen(name))) {
			best = distance;
			nearest = name;
		}
	}
	return nearest;
}

void
market__cli_wrap(market__text_t *out, size_t indent, const char *text)
{
	size_t column = 0, len, i;

	while (*text != '\0') {
		len = strcspn(text, " ");
		if (column > 0 && column + 1 + len > PAGE_WIDE) {
			market__text_putc(out, '\n');
			column = 0;
		}
		if (column == 0) {
			for (i = 0; i < indent; i++)
				market__text_putc(out, ' ');
			column = indent;
		} else {
			market__text_putc(out, ' ');
			column++;
		}
		market__text_add(out, text, len);
		column += len;
		text += len;
		while (*text == ' ')
			text++;
	}
	market__text_putc(out, '\n');
}

/* ---- JSON ---- */

/* Where a string that begins at `at` ends: behind its closing quote. */
static size_t
string_end(market_slice_t json, size_t at)
{
	for (at++; at < json.len && json.ptr[at] != '"'; at++)
		if (json.ptr[at] == '\\')
			at++;
	return at < json.len ? at + 1 : json.len;
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Is the list that opens at `at` without objects or lists inside? */
static bool
is_plain_list(market_slice_t json, size_t at)
{
	if (json.ptr[at] != '[')
		return false;
	for (at++; at < json.len && json.ptr[at] != ']'; at++) {
		if (json.ptr[at] == '[' || json.ptr[at] == '{')
			return false;
		if (json.ptr[at] == '"')
			at = string_end(json, at) - 1;
	}
	return true;
}

static void
new_line(market__text_t *out, size_t depth)
{
	market__text_putc(out, '\n');
	while (depth-- > 0)
		market__text_puts(out, "  ");
}

/* Where one line ends and the next begins, outside of plain lists. */
static bool
breaks(uint8_t last, uint8_t c)
{
	bool opened = last == '{' || last == '[';
	bool closes = c == '}' || c == ']';

	/* An empty object stays "{}". */
	return last == ',' || opened != closes;
}

/* One token of the document: a string, or one letter of what is none. */
static size_t
token_end(market_slice_t json, size_t at)
{
	return json.ptr[at] == '"' ? string_end(json, at) : at + 1;
}

/* A list of plain values stays on its line. */
static void
lay_out_indented(market__text_t *out, market_slice_t json)
{
	size_t i, end, depth = 0;
	bool in_line = false;
	uint8_t c, last = 0;

	for (i = 0; i < json.len; i = end) {
		c = json.ptr[i];
		end = token_end(json, i);
		if (is_blank(c))
			continue;
		if (!in_line && (c == '}' || c == ']') && depth > 0)
			depth--;
		if (!in_line && breaks(last, c))
			new_line(out, depth);
		else if (in_line && last == ',')
			market__text_putc(out, ' ');
		market__text_add(out, json.ptr + i, end - i);
		if (c == ':')
			market__text_putc(out, ' ');
		if (in_line)
			in_line = c != ']';
		else if (is_plain_list(json, i))
			in_line = true;
		else if (c == '{' || c == '[')
			depth++;
		last = c;
	}
}

void
market__cli_lay_out(market__text_t *out, market_slice_t json, bool indented)
{
	size_t i, end;

	if (indented) {
		lay_out_indented(out, json);
	} else {
		for (i = 0; i < json.len; i = end) {
			end = token_end(json, i);
			if (!is_blank(json.ptr[i]))
				market__text_add(out, json.ptr + i, end - i);
		}
	}
	market__text_putc(out, '\n');
}

void
market__cli_plain(market__text_t *out, market_slice_t text)
{
	bool plain_text = market__utf8_check(text) == text.len;
	size_t i;

	/* Behind 0xc2 come the control characters U+0080 to U+009F. */
	for (i = 0; i < text.len; i++)
		if (text.ptr[i] < 0x20 || text.ptr[i] == 0x7f ||
		    (text.ptr[i] == 0xc2 && i + 1 < text.len &&
			text.ptr[i + 1] < 0xa0))
			plain_text = false;
	if (plain_text)
		market__text_slice(out, text);
	else
		market__text_escaped(out, text);
}

void
market__cli_name(market__text_t *out, const char *name)
{
	market__cli_plain(out, market_slice_of(name));
}

void
market__cli_json_name(market__text_t *out, const char *name)
{
	market__text_t shown;

	market__text_init(&shown, out->allocator, (size_t)1 << 16);
	market__cli_name(&shown, name);
	if (shown.status != MARKET_OK && out->status == MARKET_OK)
		out->status = shown.status;
	market__text_json(out, market__slice(shown.data, shown.len));
	market__text_clear(&shown);
}
