/* SPDX-License-Identifier: Apache-2.0 */
#include "model/band.h"
#include "model/identifier.h"

static bool
is_letter(uint8_t c, char upper)
{
	return c == (uint8_t)upper || c == (uint8_t)(upper + ('a' - 'A'));
}

/* Drops `prefix` (in capitals) from the front, in any case. */
static bool
skip(market_slice_t *text, const char *prefix)
{
	size_t len = strlen(prefix), i;

	if (text->len < len)
		return false;
	for (i = 0; i < len; i++) {
		if (prefix[i] == ' ' ? text->ptr[i] != ' '
				     : !is_letter(text->ptr[i], prefix[i]))
			return false;
	}
	text->ptr += len;
	text->len -= len;
	return true;
}

/* One to four digits, not beginning with 0; 0 for anything else. */
static uint32_t
number(market_slice_t text)
{
	uint32_t value = 0;
	size_t i;

	if (text.len < 1 || text.len > 4 || !market__digits_only(text) ||
	    text.ptr[0] == '0')
		return 0;
	for (i = 0; i < text.len; i++)
		value = 10 * value + (uint32_t)(text.ptr[i] - '0');
	return value;
}

/* TS 25.101 numbers its bands in roman; none of them is beyond XXXIX. */
static uint32_t
roman(market_slice_t text)
{
	static const char *const units[] = { "IX", "VIII", "VII", "VI", "IV",
		"V", "III", "II", "I" };
	static const uint32_t values[] = { 9, 8, 7, 6, 4, 5, 3, 2, 1 };
	uint32_t value = 0;
	size_t i;

	while (value < 30 && skip(&text, "X"))
		value += 10;
	for (i = 0; i < MARKET__COUNT(units); i++) {
		if (skip(&text, units[i])) {
			value += values[i];
			break;
		}
	}
	return text.len == 0 ? value : 0;
}

/* The number that the text names in that RAT's way of writing, or 0. */
static uint32_t
named(market_rat_t rat, market_slice_t text)
{
	uint32_t value;

	switch (rat) {
	case MARKET_RAT_GSM:
		if (skip(&text, "GSM"))
			(void)skip(&text, " ");
		return number(text);
	case MARKET_RAT_NR: (void)skip(&text, "N"); return number(text);
	case MARKET_RAT_UMTS:
	case MARKET_RAT_LTE:
		if (!skip(&text, "BAND "))
			(void)skip(&text, "B");
		value = number(text);
		return value == 0 && rat == MARKET_RAT_UMTS ? roman(text)
							    : value;
	case MARKET_RAT_UNSPECIFIED: break;
	}
	return 0;
}

static const char *
form(market_rat_t rat)
{
	switch (rat) {
	case MARKET_RAT_GSM: return "GSM in MHz: \"850\"";
	case MARKET_RAT_UMTS: return "a band of UMTS: \"B4\" or \"Band IV\"";
	case MARKET_RAT_LTE: return "a band of LTE: \"B4\"";
	case MARKET_RAT_NR: return "a band of NR: \"n71\"";
	case MARKET_RAT_UNSPECIFIED: break;
	}
	return NULL;
}

market_status_t
market_band_parse(market_rat_t rat, market_slice_t text, uint32_t *ret_band,
    market_error_t *reterr)
{
	market_status_t status;
	uint32_t band;

	if (form(rat) == NULL || ret_band == NULL)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "a band is read for one of GSM, UMTS, LTE and NR, into "
		    "a number; pass both");
	status = market__identifier_given(
	    text, "a band", "write it as \"B4\", \"n71\" or \"850\"", reterr);
	if (status != MARKET_OK)
		return status;
	band = named(rat, text);
	if (band == 0)
		return market__error(reterr, MARKET_E_SCHEMA, NULL, -1,
		    "\"%s\" is not %s", MARKET__SHOWN(text), form(rat));
	if (!market__band_known(rat, band))
		return market__error(reterr, MARKET_E_SCHEMA, NULL, -1,
		    "\"%s\": %s has no band %u; look for two bands run "
		    "together, or another radio technology",
		    MARKET__SHOWN(text), market_rat_name(rat), (unsigned)band);
	*ret_band = band;
	return MARKET_OK;
}
