/* SPDX-License-Identifier: Apache-2.0 */
/* Members of a JSON object, one after the other. */
#include "cli/store.h"

void
market__cli_json_key(market__text_t *out, const char *name)
{
	if (out->len > 0 && out->data[out->len - 1] != '{')
		market__text_putc(out, ',');
	market__text_json(out, market_slice_of(name));
	market__text_putc(out, ':');
}

void
market__cli_json_text(market__text_t *out, const char *name, const char *text)
{
	market__cli_json_key(out, name);
	if (text == NULL)
		market__text_puts(out, "null");
	else
		market__text_json(out, market_slice_of(text));
}

void
market__cli_json_slice(
    market__text_t *out, const char *name, market_slice_t text)
{
	market__cli_json_key(out, name);
	market__text_json(out, text);
}

void
market__cli_json_some(
    market__text_t *out, const char *name, market_slice_t text)
{
	if (text.len == 0)
		market__cli_json_text(out, name, NULL);
	else
		market__cli_json_slice(out, name, text);
}

void
market__cli_json_hex(
    market__text_t *out, const char *name, market_slice_t bytes)
{
	market__cli_json_key(out, name);
	if (bytes.len == 0) {
		market__text_puts(out, "null");
		return;
	}
	market__text_putc(out, '"');
	market__text_hex(out, bytes);
	market__text_putc(out, '"');
}

void
market__cli_json_time(market__text_t *out, const char *name, int64_t value)
{
	market__cli_json_key(out, name);
	if (value == INT64_MAX) {
		market__text_puts(out, "null");
		return;
	}
	market__text_putc(out, '"');
	market__text_time(out, value);
	market__text_putc(out, '"');
}

void
market__cli_json_number(market__text_t *out, const char *name, uint64_t value)
{
	market__cli_json_key(out, name);
	market__text_printf(out, "%llu", (unsigned long long)value);
}

void
market__cli_json_bool(market__text_t *out, const char *name, int value)
{
	market__cli_json_key(out, name);
	market__text_puts(out, value ? "true" : "false");
}

void
market__cli_json_verdict(
    market__text_t *out, const char *name, market_verdict_t verdict)
{
	market__cli_json_text(out, name,
	    verdict == MARKET_VERDICT_UNSPECIFIED
		? NULL
		: market_verdict_name(verdict));
}

void
market__cli_json_service(
    market__text_t *out, const char *name, market_service_t service)
{
	market__cli_json_text(out, name,
	    service == MARKET_SERVICE_UNSPECIFIED
		? NULL
		: market_service_name(service));
}
