/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/base.h"

#undef market__error /* the function itself */

const char *
market_status_name(market_status_t status)
{
	switch (status) {
#define MARKET_X(name, number, text) \
	case MARKET_##name: return "MARKET_" #name;
		MARKET_STATUS_MAP(MARKET_X)
#undef MARKET_X
	}
	return "MARKET_E_INTERNAL";
}

const char *
market_status_text(market_status_t status)
{
	switch (status) {
#define MARKET_X(name, number, text) \
	case MARKET_##name: return text;
		MARKET_STATUS_MAP(MARKET_X)
#undef MARKET_X
	}
	return "no status of this library";
}

/* Attacker's bytes reach people and logs: only printable ASCII stays. */
static void
copy_printable(char *out, size_t size, const char *text)
{
	static const char digits[] = "0123456789abcdef";
	char escape[4] = { '\\', 'x', 0, 0 };
	size_t used = 0;
	uint8_t c;

	for (; *text != '\0'; text++) {
		c = (uint8_t)*text;
		if (c >= 0x20 && c <= 0x7e) {
			if (used + 1 == size)
				break;
			out[used++] = *text;
			continue;
		}
		if (used + sizeof(escape) >= size)
			break;
		escape[2] = digits[c >> 4];
		escape[3] = digits[c & 15];
		memcpy(out + used, escape, sizeof(escape));
		used += sizeof(escape);
	}
	out[used] = '\0';
}

market_status_t
market__error(market_error_t *reterr, market_status_t status, const char *path,
    int64_t offset, const char *format, ...)
{
	/* Copies: path and arguments may be those of *reterr itself. */
	char text[MARKET_ERROR_MESSAGE_MAX], place[MARKET_ERROR_PATH_MAX];
	va_list args;

	if (reterr == NULL)
		return status;
	copy_printable(place, sizeof(place), path == NULL ? "" : path);
	va_start(args, format);
	if (vsnprintf(text, sizeof(text), format, args) < 0)
		text[0] = '\0';
	va_end(args);
	reterr->status = status;
	reterr->offset = offset;
	memcpy(reterr->path, place, sizeof(place));
	copy_printable(reterr->message, sizeof(reterr->message), text);
	return status;
}

void
market__error_prefix(market_error_t *reterr, const char *prefix)
{
	char path[2 * MARKET_ERROR_PATH_MAX];
	bool dot;

	if (reterr == NULL)
		return;
	dot = reterr->path[0] != '\0' && reterr->path[0] != '[';
	if (snprintf(path, sizeof(path), "%s%s%s", prefix, dot ? "." : "",
		reterr->path) >= 0)
		copy_printable(reterr->path, sizeof(reterr->path), path);
}

void
market__log(const market_context_t *context, market_log_level_t level,
    const char *format, ...)
{
	char text[512], line[512];
	va_list args;

	if (context->log == NULL)
		return;
	va_start(args, format);
	if (vsnprintf(text, sizeof(text), format, args) < 0)
		text[0] = '\0';
	va_end(args);
	copy_printable(line, sizeof(line), text);
	context->log(context->log_user, level, line);
}
