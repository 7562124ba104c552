/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/path.h"

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_';
}

/* "2]" or "]", behind the bracket; no sign, no leading zero. */
static bool
read_index(const char **at, market__path_step_t *ret)
{
	const char *p = *at;

	ret->form = *p == ']' ? MARKET__PATH_APPEND : MARKET__PATH_ELEMENT;
	if (p[0] == '0' && p[1] != ']')
		return false;
	for (; *p >= '0' && *p <= '9'; p++) {
		ret->index = ret->index * 10 + (size_t)(*p - '0');
		if (ret->index > MARKET__PATH_INDEX_MAX)
			return false;
	}
	if (*p != ']')
		return false;
	*at = p + 1;
	return true;
}

bool
market__path_step(const char **at, market__path_step_t *ret)
{
	const char *p = *at;

	while (is_name(*p))
		p++;
	if (p == *at)
		return false;
	ret->name = market__slice(*at, (size_t)(p - *at));
	ret->form = MARKET__PATH_WHOLE;
	ret->index = 0;
	if (*p == '[') {
		p++;
		if (!read_index(&p, ret))
			return false;
	}
	if (*p == '.') {
		p++;
		if (*p == '\0')
			return false;
	} else if (*p != '\0') {
		return false;
	}
	*at = p;
	return true;
}
