/* SPDX-License-Identifier: Apache-2.0 */
#include "model/band.h"

#define DL 1 /* downlink only */
#define AN 2 /* needs an anchor */

typedef struct band {
	uint16_t number;
	uint8_t flags;
	uint16_t supersets[2];
} band_t;

typedef struct table {
	const band_t *v;
	size_t n;
} table_t;

/* TS 45.005, clause 2, by its name in MHz; T-GSM and R-GSM 900 are in 900. */
static const band_t gsm[] = {
	{ 380, 0, { 0 } },
	{ 410, 0, { 0 } },
	{ 450, 0, { 0 } },
	{ 480, 0, { 0 } },
	{ 710, 0, { 0 } },
	{ 750, 0, { 0 } },
	{ 810, 0, { 0 } },
	{ 850, 0, { 0 } },
	{ 900, 0, { 0 } },
	{ 1800, 0, { 0 } },
	{ 1900, 0, { 0 } },
};

/* TS 25.101, table 5.0 (roman there: 4 is Band IV). */
static const band_t umts[] = {
	{ 1, 0, { 0 } },
	{ 2, 0, { 25 } },
	{ 3, 0, { 0 } },
	{ 4, 0, { 10 } },
	{ 5, 0, { 26 } },
	{ 6, 0, { 19, 26 } },
	{ 7, 0, { 0 } },
	{ 8, 0, { 0 } },
	{ 9, 0, { 3 } },
	{ 10, 0, { 0 } },
	{ 11, 0, { 0 } },
	{ 12, 0, { 0 } },
	{ 13, 0, { 0 } },
	{ 14, 0, { 0 } },
	{ 19, 0, { 26 } },
	{ 20, 0, { 0 } },
	{ 21, 0, { 0 } },
	{ 22, 0, { 0 } },
	{ 25, 0, { 0 } },
	{ 26, 0, { 0 } },
	{ 32, DL, { 0 } },
};

/* TS 36.101, table 5.5-1; 47 is V2X, 46 and 49 are licensed assisted. */
static const band_t lte[] = {
	{ 1, 0, { 65 } },
	{ 2, 0, { 25 } },
	{ 3, 0, { 0 } },
	{ 4, 0, { 66, 10 } },
	{ 5, 0, { 26 } },
	{ 7, 0, { 0 } },
	{ 8, 0, { 0 } },
	{ 9, 0, { 3 } },
	{ 10, 0, { 66 } },
	{ 11, 0, { 0 } },
	{ 12, 0, { 85 } },
	{ 13, 0, { 0 } },
	{ 14, 0, { 0 } },
	{ 17, 0, { 12, 85 } },
	{ 18, 0, { 26 } },
	{ 19, 0, { 26 } },
	{ 20, 0, { 0 } },
	{ 21, 0, { 0 } },
	{ 22, 0, { 0 } },
	{ 23, 0, { 0 } },
	{ 24, 0, { 0 } },
	{ 25, 0, { 0 } },
	{ 26, 0, { 0 } },
	{ 27, 0, { 0 } },
	{ 28, 0, { 0 } },
	{ 29, DL, { 0 } },
	{ 30, 0, { 0 } },
	{ 31, 0, { 0 } },
	{ 32, DL, { 75 } },
	{ 33, 0, { 39 } },
	{ 34, 0, { 0 } },
	{ 35, 0, { 0 } },
	{ 36, 0, { 0 } },
	{ 37, 0, { 0 } },
	{ 38, 0, { 41 } },
	{ 39, 0, { 0 } },
	{ 40, 0, { 0 } },
	{ 41, 0, { 0 } },
	{ 42, 0, { 0 } },
	{ 43, 0, { 0 } },
	{ 44, 0, { 0 } },
	{ 45, 0, { 0 } },
	{ 46, AN, { 0 } },
	{ 47, AN, { 0 } },
	{ 48, 0, { 0 } },
	{ 49, AN, { 0 } },
	{ 50, 0, { 0 } },
	{ 51, 0, { 0 } },
	{ 52, 0, { 0 } },
	{ 53, 0, { 0 } },
	{ 65, 0, { 0 } },
	{ 66, 0, { 0 } },
	{ 67, DL, { 0 } },
	{ 68, 0, { 0 } },
	{ 69, DL, { 0 } },
	{ 70, 0, { 0 } },
	{ 71, 0, { 0 } },
	{ 72, 0, { 0 } },
	{ 73, 0, { 0 } },
	{ 74, 0, { 0 } },
	{ 75, DL, { 0 } },
	{ 76, DL, { 0 } },
	{ 85, 0, { 0 } },
	{ 87, 0, { 0 } },
	{ 88, 0, { 0 } },
	{ 103, 0, { 0 } },
	{ 106, 0, { 0 } },
};

/*
 * TS 38.101-1, table 5.2-1 (FR1); 38.101-2 (FR2, from 257); 38.101-5
 * (satellite, 254 to 256). 80 to 84, 86, 89, 95 and 97 to 99 are
 * supplementary uplink, 47 is V2X.
 */
static const band_t nr[] = {
	{ 1, 0, { 65 } },
	{ 2, 0, { 25 } },
	{ 3, 0, { 0 } },
	{ 5, 0, { 26 } },
	{ 7, 0, { 0 } },
	{ 8, 0, { 0 } },
	{ 12, 0, { 85 } },
	{ 13, 0, { 0 } },
	{ 14, 0, { 0 } },
	{ 18, 0, { 26 } },
	{ 20, 0, { 0 } },
	{ 24, 0, { 0 } },
	{ 25, 0, { 0 } },
	{ 26, 0, { 0 } },
	{ 28, 0, { 0 } },
	{ 29, DL, { 0 } },
	{ 30, 0, { 0 } },
	{ 31, 0, { 0 } },
	{ 34, 0, { 0 } },
	{ 38, 0, { 41 } },
	{ 39, 0, { 0 } },
	{ 40, 0, { 0 } },
	{ 41, 0, { 0 } },
	{ 46, 0, { 0 } },
	{ 47, AN, { 0 } },
	{ 48, 0, { 0 } },
	{ 50, 0, { 0 } },
	{ 51, 0, { 0 } },
	{ 53, 0, { 0 } },
	{ 54, 0, { 0 } },
	{ 65, 0, { 0 } },
	{ 66, 0, { 0 } },
	{ 67, DL, { 0 } },
	{ 70, 0, { 0 } },
	{ 71, 0, { 0 } },
	{ 72, 0, { 0 } },
	{ 74, 0, { 0 } },
	{ 75, DL, { 0 } },
	{ 76, DL, { 0 } },
	{ 77, 0, { 0 } },
	{ 78, 0, { 77 } },
	{ 79, 0, { 0 } },
	{ 80, AN, { 0 } },
	{ 81, AN, { 0 } },
	{ 82, AN, { 0 } },
	{ 83, AN, { 0 } },
	{ 84, AN, { 0 } },
	{ 85, 0, { 0 } },
	{ 86, AN, { 0 } },
	{ 89, AN, { 0 } },
	{ 90, 0, { 0 } },
	{ 91, 0, { 0 } },
	{ 92, 0, { 0 } },
	{ 93, 0, { 0 } },
	{ 94, 0, { 0 } },
	{ 95, AN, { 0 } },
	{ 96, 0, { 0 } },
	{ 97, AN, { 0 } },
	{ 98, AN, { 0 } },
	{ 99, AN, { 0 } },
	{ 100, 0, { 0 } },
	{ 101, 0, { 0 } },
	{ 102, 0, { 96 } },
	{ 104, 0, { 96 } },
	{ 105, 0, { 0 } },
	{ 106, 0, { 0 } },
	{ 109, 0, { 0 } },
	{ 254, 0, { 0 } },
	{ 255, 0, { 0 } },
	{ 256, 0, { 0 } },
	{ 257, 0, { 0 } },
	{ 258, 0, { 0 } },
	{ 259, 0, { 0 } },
	{ 260, 0, { 0 } },
	{ 261, 0, { 257 } },
	{ 262, 0, { 0 } },
	{ 263, 0, { 0 } },
};

static table_t
table_of(market_rat_t rat)
{
	table_t none = { NULL, 0 };

	switch (rat) {
	case MARKET_RAT_GSM: return (table_t){ gsm, MARKET__COUNT(gsm) };
	case MARKET_RAT_UMTS: return (table_t){ umts, MARKET__COUNT(umts) };
	case MARKET_RAT_LTE: return (table_t){ lte, MARKET__COUNT(lte) };
	case MARKET_RAT_NR: return (table_t){ nr, MARKET__COUNT(nr) };
	case MARKET_RAT_UNSPECIFIED: break;
	}
	return none;
}

/* NULL if the RAT has no such band. */
static const band_t *
find(market_rat_t rat, uint32_t number)
{
	table_t table = table_of(rat);
	size_t low = 0, high = table.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table.v[middle].number == number)
			/* analyse(cppcheck): the rows are static. */
			return &table.v[middle];
		if (table.v[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

bool
market__band_known(market_rat_t rat, uint32_t band)
{
	return find(rat, band) != NULL;
}

bool
market__band_subset(market_rat_t rat, uint32_t band, uint32_t superset)
{
	const band_t *entry = find(rat, band);

	return entry != NULL && superset != 0 &&
	    (entry->supersets[0] == superset ||
		entry->supersets[1] == superset);
}

market__band_match_t
market__band_match(
    market_rat_t rat, uint32_t device_band, uint32_t network_band)
{
	if (device_band == network_band)
		return market__band_known(rat, device_band) ? MARKET__BAND_FULL
							    : MARKET__BAND_NONE;
	if (market__band_subset(rat, device_band, network_band) ||
	    market__band_subset(rat, network_band, device_band))
		return MARKET__BAND_PARTIAL;
	return MARKET__BAND_NONE;
}

static bool
has_flag(market_rat_t rat, uint32_t band, unsigned flag)
{
	const band_t *entry = find(rat, band);

	return entry != NULL && (entry->flags & flag) != 0;
}

bool
market__band_downlink_only(market_rat_t rat, uint32_t band)
{
	return has_flag(rat, band, DL);
}

bool
market__band_needs_anchor(market_rat_t rat, uint32_t band)
{
	return has_flag(rat, band, AN);
}

bool
market__band_stands_alone(market_rat_t rat, uint32_t band)
{
	const band_t *entry = find(rat, band);

	return entry != NULL && entry->flags == 0;
}

void
market__band_write(market__text_t *text, market_rat_t rat, uint32_t band)
{
	switch (rat) {
	case MARKET_RAT_GSM:
		market__text_printf(text, "%u MHz", (unsigned)band);
		return;
	case MARKET_RAT_NR:
		market__text_printf(text, "n%u", (unsigned)band);
		return;
	case MARKET_RAT_UMTS:
	case MARKET_RAT_LTE:
	case MARKET_RAT_UNSPECIFIED: break;
	}
	market__text_printf(text, "B%u", (unsigned)band);
}
