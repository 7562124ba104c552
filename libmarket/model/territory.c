/* SPDX-License-Identifier: Apache-2.0 */
#include "model/territory.h"

#include "model/identifier.h"

/*
 * ISO 3166-1, officially assigned alpha-2 codes: by first letter, the second
 * letters. Not in it, and so refused: exceptional reservations (EU, UK, AC
 * ...), and the user-assigned range, XK among it: whoever means Kosovo by XK
 * has only a private agreement on it, which a signature cannot carry.
 */
static const char *const assigned[26] = {
	"DEFGILMOQRSTUWXZ",        /* A */
	"ABDEFGHIJLMNOQRSTVWYZ",   /* B */
	"ACDFGHIKLMNORUVWXYZ",     /* C */
	"EJKMOZ",                  /* D */
	"CEGHRST",                 /* E */
	"IJKMOR",                  /* F */
	"ABDEFGHILMNPQRSTUWY",     /* G */
	"KMNRTU",                  /* H */
	"DELMNOQRST",              /* I */
	"EMOP",                    /* J */
	"EGHIMNPRWYZ",             /* K */
	"ABCIKRSTUVY",             /* L */
	"ACDEFGHKLMNOPQRSTUVWXYZ", /* M */
	"ACEFGILOPRUZ",            /* N */
	"M",                       /* O */
	"AEFGHKLMNRSTWY",          /* P */
	"A",                       /* Q */
	"EOSUW",                   /* R */
	"ABCDEGHIJKLMNORSTVXYZ",   /* S */
	"CDFGHJKLMNORTVWZ",        /* T */
	"AGMSYZ",                  /* U */
	"ACEGINU",                 /* V */
	"FS",                      /* W */
	"",                        /* X */
	"ET",                      /* Y */
	"AMW",                     /* Z */
};

static bool
country_valid(const uint8_t *code)
{
	const char *second;

	if (code[0] < 'A' || code[0] > 'Z')
		return false;
	for (second = assigned[code[0] - 'A']; *second != '\0'; second++) {
		if ((uint8_t)*second == code[1])
			return true;
	}
	return false;
}

bool
market__territory_valid(market_slice_t territory)
{
	size_t i;

	if (territory.len < 2 || !country_valid(territory.ptr))
		return false;
	if (territory.len == 2)
		return true;
	/* ISO 3166-2, 5.2: a hyphen, then up to three letters or digits. */
	if (territory.len < 4 || territory.len > 6 || territory.ptr[2] != '-')
		return false;
	for (i = 3; i < territory.len; i++) {
		uint8_t c = territory.ptr[i];

		if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9'))
			return false;
	}
	return true;
}

bool
market__territory_contains(market_slice_t outer, market_slice_t inner)
{
	if (market__slice_equal(outer, inner) || market__slice_is(outer, "*"))
		return true;
	return outer.len == 2 && inner.len > 3 && inner.ptr[2] == '-' &&
	    memcmp(outer.ptr, inner.ptr, 2) == 0;
}

bool
market__territory_overlaps(market_slice_t a, market_slice_t b)
{
	return market__territory_contains(a, b) ||
	    market__territory_contains(b, a);
}

bool
market__territories_contain(market__slices_t list, market_slice_t territory)
{
	size_t i;

	for (i = 0; i < list.n; i++) {
		if (market__territory_contains(list.v[i], territory))
			return true;
	}
	return false;
}

bool
market__territories_overlap(market__slices_t list, market_slice_t territory)
{
	size_t i;

	for (i = 0; i < list.n; i++) {
		if (market__territory_overlaps(list.v[i], territory))
			return true;
	}
	return false;
}

market_status_t
market_territory_check(market_slice_t territory, market_error_t *reterr)
{
	static const char form[] = "write an ISO 3166-1 code (\"US\") or one "
				   "of ISO 3166-2 (\"US-CA\"), in capitals";
	market_status_t status = market__identifier_given(
	    territory, "a territory", form, reterr);

	if (status != MARKET_OK)
		return status;
	if (!market__territory_valid(territory))
		return market__error(reterr, MARKET_E_SCHEMA, NULL, -1,
		    "\"%s\" is no territory; %s", MARKET__SHOWN(territory),
		    form);
	return MARKET_OK;
}
