/* SPDX-License-Identifier: Apache-2.0 */
/* The checks of single values, which every kind's rules are made of. */
#include <stdarg.h>
#include <stdio.h>

#include <market/identifier.h>

#include "model/band.h"
#include "model/valid.h"
#include "model/validate.h"

#define LABEL_MAX 256

market_status_t
market__refuse(market_error_t *reterr, const char *path, const char *cure)
{
	return market__error(reterr, MARKET_E_SCHEMA, path, -1, "%s", cure);
}

void
market__path(const market_error_t *reterr, char *path, size_t size,
    const char *format, ...)
{
	va_list args;

	*path = '\0';
	if (reterr == NULL)
		return;
	va_start(args, format);
	vsnprintf(path, size, format, args);
	va_end(args);
}

bool
market__name_valid(market_slice_t name)
{
	size_t i;

	if (name.len == 0 || name.len > LABEL_MAX)
		return false;
	for (i = 0; i < name.len; i++)
		if (name.ptr[i] <= 0x20 || name.ptr[i] > 0x7e)
			return false;
	return true;
}

bool
market__label_valid(market_slice_t label)
{
	size_t i;

	if (label.len == 0 || label.len > LABEL_MAX || label.ptr[0] == ' ' ||
	    label.ptr[label.len - 1] == ' ')
		return false;
	for (i = 0; i < label.len; i++)
		if (label.ptr[i] < 0x20 || label.ptr[i] > 0x7e)
			return false;
	return true;
}

market_status_t
market__valid_label(
    market_slice_t text, const char *path, market_error_t *reterr)
{
	if (market__label_valid(text))
		return MARKET_OK;
	return market__refuse(reterr, path,
	    "must be 1 to 256 printable ASCII characters, without a blank at "
	    "either end");
}

market_status_t
market__valid_name(
    market_slice_t text, const char *path, market_error_t *reterr)
{
	if (market__name_valid(text))
		return MARKET_OK;
	return market__refuse(reterr, path,
	    "must be 1 to 256 printable ASCII characters without blanks");
}

market_status_t
market__valid_party(
    market_slice_t text, const char *path, market_error_t *reterr)
{
	market_status_t status = market_party_check(text, reterr);

	if (status != MARKET_OK)
		market__error_prefix(reterr, path);
	return status;
}

/*
 * A list whose elements are checked by `check`. "*" means any and then stands
 * alone: beside others it would make them meaningless.
 */
market_status_t
market__valid_list(market__slices_t texts, bool any, market__valid_fn *check,
    const char *path, market_error_t *reterr)
{
	char where[128];
	market_status_t status;
	size_t i;

	if (any && texts.n == 1 && market__slice_is(texts.v[0], "*"))
		return MARKET_OK;
	for (i = 0; i < texts.n; i++) {
		market__path(reterr, where, sizeof(where), "%s[%zu]", path, i);
		if (any && market__slice_is(texts.v[i], "*"))
			return market__refuse(reterr, where,
			    "\"*\" means any and must be the only element");
		status = check(texts.v[i], where, reterr);
		if (status != MARKET_OK)
			return status;
	}
	return MARKET_OK;
}

market_status_t
market__valid_territory(
    market_slice_t text, const char *path, market_error_t *reterr)
{
	market_status_t status = market_territory_check(text, reterr);

	if (status != MARKET_OK)
		market__error_prefix(reterr, path);
	return status;
}

market_status_t
market__valid_digest(
    market_slice_t bytes, const char *path, market_error_t *reterr)
{
	if (bytes.len == MARKET_DIGEST_LEN)
		return MARKET_OK;
	return market__refuse(
	    reterr, path, "must be the 32 bytes of a SHA-256");
}

market_status_t
market__valid_gtin(
    market_slice_t text, const char *path, market_error_t *reterr)
{
	market_status_t status = market_gtin_check(text, reterr);

	if (status != MARKET_OK)
		market__error_prefix(reterr, path);
	return status;
}

market_status_t
market__valid_tac(market_slice_t text, const char *path, market_error_t *reterr)
{
	market_status_t status = market_tac_check(text, reterr);

	if (status != MARKET_OK)
		market__error_prefix(reterr, path);
	return status;
}

market_status_t
market__valid_plmn(
    market_slice_t text, const char *path, market_error_t *reterr)
{
	market_status_t status = market_plmn_check(text, reterr);

	if (status != MARKET_OK)
		market__error_prefix(reterr, path);
	return status;
}

market_status_t
market__valid_time(int64_t time, const char *path, market_error_t *reterr)
{
	if (time < 0 || time > MARKET__TIME_MAX)
		return market__refuse(reterr, path,
		    "must be a time between the years 1970 and 9999");
	return MARKET_OK;
}

market_status_t
market__valid_window(int64_t from, int64_t until, const char *from_path,
    const char *until_path, market_error_t *reterr)
{
	market_status_t status = market__valid_time(from, from_path, reterr);

	if (status == MARKET_OK)
		status = market__valid_time(until, until_path, reterr);
	if (status == MARKET_OK && until != 0 && until <= from)
		status = market__refuse(
		    reterr, until_path, "must be later than the beginning");
	return status;
}

market_status_t
market__validate_header(
    const market__header_t *header, bool open_ended, market_error_t *reterr)
{
	market_status_t status;

	status = market__valid_party(header->issuer, "header.issuer", reterr);
	if (status != MARKET_OK)
		return status;
	if (!market__name_valid(header->id) || header->id.len > 128)
		return market__refuse(reterr, "header.id",
		    "must be 1 to 128 printable ASCII characters without "
		    "blanks");
	if (header->revision == 0)
		return market__refuse(
		    reterr, "header.revision", "must be at least 1");
	if (header->issued_at <= 0 || header->issued_at > MARKET__TIME_MAX)
		return market__refuse(reterr, "header.issued_at",
		    "must be a time between the years 1970 and 9999");
	if (header->not_after == 0 && !open_ended)
		return market__refuse(reterr, "header.not_after",
		    "is missing: say when the statement ends");
	return market__valid_window(header->not_before, header->not_after,
	    "header.not_before", "header.not_after", reterr);
}

market_status_t
market__valid_band(
    market_rat_t rat, uint32_t band, const char *path, market_error_t *reterr)
{
	if (market__band_known(rat, band))
		return MARKET_OK;
	return market__error(reterr, MARKET_E_SCHEMA, path, -1,
	    "%u is no band of %s; GSM is told in MHz, the others by their "
	    "3GPP number",
	    band, market_rat_name(rat));
}

market_status_t
market__valid_bands(market_rat_t rat, market__numbers_t numbers,
    const char *path, market_error_t *reterr)
{
	char where[96];
	market_status_t status;
	size_t i, k;

	for (i = 0; i < numbers.n; i++) {
		market__path(reterr, where, sizeof(where), "%s[%zu]", path, i);
		for (k = 0; k < i; k++)
			if (numbers.v[k] == numbers.v[i])
				return market__error(reterr, MARKET_E_SCHEMA,
				    where, -1,
				    "band %u is listed twice: list it once",
				    numbers.v[i]);
		/* Each is known and listed once, so few are ever compared. */
		status = market__valid_band(rat, numbers.v[i], where, reterr);
		if (status != MARKET_OK)
			return status;
	}
	return MARKET_OK;
}
