/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/base.h"

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

/* Attacker's bytes reach messages: only printable ASCII stays. */
static void
make_printable(char *text)
{
	for (; *text != '\0'; text++)
		if (*text < 0x20 || *text > 0x7e)
			*text = '?';
}

market_status_t
market__error(market_error_t *reterr, market_status_t status, const char *path,
    int64_t offset, const char *format, ...)
{
	va_list args;

	if (reterr == NULL)
		return status;
	reterr->status = status;
	reterr->offset = offset;
	snprintf(
	    reterr->path, sizeof(reterr->path), "%s", path == NULL ? "" : path);
	va_start(args, format);
	vsnprintf(reterr->message, sizeof(reterr->message), format, args);
	va_end(args);
	make_printable(reterr->path);
	make_printable(reterr->message);
	return status;
}

void
market__error_prefix(market_error_t *reterr, const char *prefix)
{
	char path[MARKET_ERROR_PATH_MAX];
	int len;

	if (reterr == NULL)
		return;
	len = snprintf(path, sizeof(path), "%s%s%s", prefix,
	    reterr->path[0] != '\0' && reterr->path[0] != '[' ? "." : "",
	    reterr->path);
	if (len >= 0)
		memcpy(reterr->path, path, sizeof(path));
	make_printable(reterr->path);
}

void
market__log(const market_context_t *context, market_log_level_t level,
    const char *format, ...)
{
	char line[512];
	va_list args;

	if (context->log == NULL)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	make_printable(line);
	context->log(context->log_user, level, line);
}
