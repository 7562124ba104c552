/* SPDX-License-Identifier: Apache-2.0 */
#include "model/identifier.h"

market_status_t
market__identifier_given(market_slice_t value, const char *what,
    const char *form, market_error_t *reterr)
{
	if (value.ptr == NULL && value.len > 0)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "%s was given as NULL with a length; pass its bytes", what);
	if (value.len == 0)
		return market__error(reterr, MARKET_E_SCHEMA, NULL, -1,
		    "%s is empty; %s", what, form);
	return MARKET_OK;
}

const char *
market__identifier_shown(market_slice_t value, char out[MARKET__SHOWN_MAX])
{
	static const char hex[] = "0123456789abcdef";
	size_t len = value.len > 40 ? 40 : value.len, at = 0, i;

	for (i = 0; i < len; i++) {
		uint8_t c = value.ptr[i];

		if (c >= 0x20 && c < 0x7f && c != '\\') {
			out[at++] = (char)c;
			continue;
		}
		out[at++] = '\\';
		out[at++] = 'x';
		out[at++] = hex[c >> 4];
		out[at++] = hex[c & 15];
	}
	if (len < value.len) {
		memcpy(out + at, "...", 3);
		at += 3;
	}
	out[at] = '\0';
	return out;
}

/* First byte that is no digit, or len. */
static size_t
digits(market_slice_t value)
{
	size_t i;

	for (i = 0; i < value.len; i++) {
		if (value.ptr[i] < '0' || value.ptr[i] > '9')
			break;
	}
	return i;
}

bool
market__digits_only(market_slice_t value)
{
	return digits(value) == value.len;
}

static bool
all_zero(market_slice_t value)
{
	size_t i;

	for (i = 0; i < value.len; i++) {
		if (value.ptr[i] != '0')
			return false;
	}
	return true;
}

/* Given, and nothing but digits. */
static market_status_t
given_digits(market_slice_t value, const char *what, const char *form,
    market_error_t *reterr)
{
	market_status_t status = market__identifier_given(
	    value, what, form, reterr);
	size_t at;

	if (status != MARKET_OK)
		return status;
	at = digits(value);
	if (at < value.len)
		return market__error(reterr, MARKET_E_SCHEMA, NULL, (int64_t)at,
		    "%s has only digits, and \"%s\" has more; %s", what,
		    MARKET__SHOWN(value), form);
	return MARKET_OK;
}

/* ---- GTIN ---- */

#define GTIN_FORM "write its 8, 12, 13 or 14 digits, leading zeros too"

/* Weights 3 and 1 from the right (GS1 General Specifications, 7.9.1). */
static unsigned
gtin_check_digit(market_slice_t gtin)
{
	unsigned sum = 0;
	size_t i;

	for (i = 0; i + 1 < gtin.len; i++) {
		unsigned digit = (unsigned)(gtin.ptr[i] - '0');

		sum += (gtin.len - i) % 2 == 0 ? 3 * digit : digit;
	}
	return (10 - sum % 10) % 10;
}

market_status_t
market_gtin_check(market_slice_t gtin, market_error_t *reterr)
{
	market_status_t status = given_digits(
	    gtin, "a GTIN", GTIN_FORM, reterr);
	unsigned want;

	if (status != MARKET_OK)
		return status;
	if (gtin.len != 8 && (gtin.len < 12 || gtin.len > 14))
		return market__error(reterr, MARKET_E_SCHEMA, NULL, -1,
		    "the GTIN \"%s\" has %zu digits; " GTIN_FORM,
		    MARKET__SHOWN(gtin), gtin.len);
	if (all_zero(gtin))
		return market__error(reterr, MARKET_E_SCHEMA, NULL, -1,
		    "a GTIN of zeros is nobody's; write the one on the "
		    "package, or leave it out");
	want = gtin_check_digit(gtin);
	if (gtin.ptr[gtin.len - 1] != '0' + want)
		return market__error(reterr, MARKET_E_SCHEMA, NULL,
		    (int64_t)gtin.len - 1,
		    "the GTIN \"%s\" ends with a wrong check digit (%u would "
		    "be right); compare it with the package",
		    MARKET__SHOWN(gtin), want);
	return MARKET_OK;
}

/* The GTIN without its leading zeros: one form for all four lengths. */
static market_slice_t
gtin_bare(market_slice_t gtin)
{
	while (gtin.len > 0 && gtin.ptr[0] == '0') {
		gtin.ptr++;
		gtin.len--;
	}
	return gtin;
}

bool
market__gtin_equal(market_slice_t a, market_slice_t b)
{
	return market__slice_equal(gtin_bare(a), gtin_bare(b));
}

/* ---- IMEI, IMEISV, TAC ---- */

#define IMEI_FORM                                                              \
	"write all 15 digits; the last, the check digit, is computed and not " \
	"sent over the air"
#define IMEISV_FORM "write all 16 digits: TAC 8, serial number 6, version 2"
#define TAC_FORM    "write the first 8 digits of the IMEI, leading zeros too"

/* Luhn (3GPP TS 23.003, annex B.2). */
static unsigned
luhn_digit(market_slice_t imei)
{
	unsigned sum = 0;
	size_t i;

	for (i = 0; i + 1 < imei.len; i++) {
		unsigned digit = (unsigned)(imei.ptr[i] - '0');

		if ((imei.len - i) % 2 == 0)
			digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
		sum += digit;
	}
	return (10 - sum % 10) % 10;
}

static market_status_t
device_number(market_slice_t value, size_t len, const char *what,
    const char *form, market_error_t *reterr)
{
	market_status_t status = given_digits(value, what, form, reterr);

	if (status != MARKET_OK)
		return status;
	if (value.len != len)
		return market__error(reterr, MARKET_E_SCHEMA, NULL, -1,
		    "%s has %zu digits, and \"%s\" has %zu; %s", what, len,
		    MARKET__SHOWN(value), value.len, form);
	/* No body reports the type 00000000, though it passes Luhn. */
	if (all_zero(market__slice(value.ptr, 8)))
		return market__error(reterr, MARKET_E_SCHEMA, NULL, 0,
		    "the TAC 00000000 is not allocated; read the number from "
		    "the device (*#06#)");
	return MARKET_OK;
}

market_status_t
market_imei_check(market_slice_t imei, market_error_t *reterr)
{
	market_status_t status = device_number(
	    imei, 15, "an IMEI", IMEI_FORM, reterr);
	unsigned want;

	if (status != MARKET_OK)
		return status;
	want = luhn_digit(imei);
	if (imei.ptr[14] != '0' + want)
		return market__error(reterr, MARKET_E_SCHEMA, NULL, 14,
		    "the IMEI \"%s\" ends with a wrong check digit (%u would "
		    "be right); read it from the device again (*#06#)",
		    MARKET__SHOWN(imei), want);
	return MARKET_OK;
}

market_status_t
market_imeisv_check(market_slice_t imeisv, market_error_t *reterr)
{
	market_status_t status = device_number(
	    imeisv, 16, "an IMEISV", IMEISV_FORM, reterr);

	if (status != MARKET_OK)
		return status;
	if (imeisv.ptr[14] == '9' && imeisv.ptr[15] == '9')
		return market__error(reterr, MARKET_E_SCHEMA, NULL, 14,
		    "the software version 99 is reserved (3GPP TS 23.003, "
		    "6.2.2); read the number from the device again");
	return MARKET_OK;
}

market_status_t
market_tac_check(market_slice_t tac, market_error_t *reterr)
{
	return device_number(tac, 8, "a TAC", TAC_FORM, reterr);
}

/* ---- PLMN ---- */

#define PLMN_FORM                                                         \
	"write MCC-MNC, three digits, a hyphen and two or three digits: " \
	"\"310-260\""

market_status_t
market_plmn_check(market_slice_t plmn, market_error_t *reterr)
{
	market_status_t status = market__identifier_given(
	    plmn, "a PLMN", PLMN_FORM, reterr);

	if (status != MARKET_OK)
		return status;
	if ((plmn.len != 6 && plmn.len != 7) || plmn.ptr[3] != '-' ||
	    !market__digits_only(market__slice(plmn.ptr, 3)) ||
	    !market__digits_only(market__slice(plmn.ptr + 4, plmn.len - 4)))
		return market__error(reterr, MARKET_E_SCHEMA, NULL, -1,
		    "\"%s\" is no PLMN; " PLMN_FORM, MARKET__SHOWN(plmn));
	if (all_zero(market__slice(plmn.ptr, 3)))
		return market__error(reterr, MARKET_E_SCHEMA, NULL, 0,
		    "the mobile country code 000 is not assigned (ITU-T "
		    "E.212); write the network's own");
	return MARKET_OK;
}

/* ---- FCC ID ---- */

#define FCC_FORM                                                               \
	"write the grantee code (a letter and two characters, or a digit and " \
	"four; neither 0 nor 1), then up to 14 capitals, digits and single "   \
	"hyphens"

static bool
capital_or_digit(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Length of the grantee code, or 0 (47 CFR 2.926 (c)(1)). */
static size_t
grantee_code(market_slice_t id)
{
	size_t len = id.ptr[0] >= '2' && id.ptr[0] <= '9' ? 5 : 3;
	size_t i;

	if (id.len < len)
		return 0;
	for (i = 0; i < len; i++) {
		/* 0 and 1 are left out: they look like O and I. */
		if (!capital_or_digit(id.ptr[i]) || id.ptr[i] == '0' ||
		    id.ptr[i] == '1')
			return 0;
	}
	return len;
}

/* The equipment product code: 47 CFR 2.926 (c)(2). */
static bool
product_code(market_slice_t code)
{
	bool some = false;
	size_t i;

	if (code.len < 1 || code.len > 14)
		return false;
	for (i = 0; i < code.len; i++) {
		if (code.ptr[i] != '-' && !capital_or_digit(code.ptr[i]))
			return false;
		if (code.ptr[i] == '-' && i > 0 && code.ptr[i - 1] == '-')
			return false;
		some = some || code.ptr[i] != '-';
	}
	return some;
}

market_status_t
market_fcc_id_check(market_slice_t fcc_id, market_error_t *reterr)
{
	market_status_t status = market__identifier_given(
	    fcc_id, "an FCC ID", FCC_FORM, reterr);
	size_t grantee;

	if (status != MARKET_OK)
		return status;
	grantee = grantee_code(fcc_id);
	if (grantee == 0)
		return market__error(reterr, MARKET_E_SCHEMA, NULL, 0,
		    "\"%s\" does not begin with a grantee code; " FCC_FORM,
		    MARKET__SHOWN(fcc_id));
	if (!product_code(
		market__slice(fcc_id.ptr + grantee, fcc_id.len - grantee)))
		return market__error(reterr, MARKET_E_SCHEMA, NULL,
		    (int64_t)grantee,
		    "\"%s\" has no valid product code behind the grantee "
		    "code; " FCC_FORM,
		    MARKET__SHOWN(fcc_id));
	return MARKET_OK;
}
