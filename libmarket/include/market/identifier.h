/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Identifiers of the field: GTIN, IMEI and TAC, PLMN, FCC ID, territories,
 * currencies, bands. All are compared exactly, in one normal form; none is
 * ever a number (a TAC begins with 0, and MNC 26 is not MNC 260).
 *
 * Each check returns MARKET_OK, MARKET_E_SCHEMA with what is wrong and the
 * cure in *reterr, or MARKET_E_ARGUMENT (NULL with a length). Threads: safe.
 */
#ifndef MARKET_IDENTIFIER_H
#define MARKET_IDENTIFIER_H

#include <market/vocabulary.h>

#ifdef __cplusplus
extern "C" {
#endif

/* GTIN-8, -12, -13, -14 with check digit (GS1 General Specifications, 7.9). */
MARKET_API MARKET_NODISCARD market_status_t market_gtin_check(
    market_slice_t gtin, market_error_t *reterr);

/* IMEI: 15 digits, Luhn digit (3GPP TS 23.003, 6.2.1 and annex B). */
MARKET_API MARKET_NODISCARD market_status_t market_imei_check(
    market_slice_t imei, market_error_t *reterr);

/* IMEISV: 16 digits, SVN not 99 (3GPP TS 23.003, 6.2.2). */
MARKET_API MARKET_NODISCARD market_status_t market_imeisv_check(
    market_slice_t imeisv, market_error_t *reterr);

/* TAC: the first 8 digits of an IMEI, not all zero. */
MARKET_API MARKET_NODISCARD market_status_t market_tac_check(
    market_slice_t tac, market_error_t *reterr);

/* PLMN as MCC-MNC: "310-260", "234-30" (3GPP TS 23.003, 2.2; ITU-T E.212). */
MARKET_API MARKET_NODISCARD market_status_t market_plmn_check(
    market_slice_t plmn, market_error_t *reterr);

/* FCC ID: grantee code and product code (47 CFR 2.926). */
MARKET_API MARKET_NODISCARD market_status_t market_fcc_id_check(
    market_slice_t fcc_id, market_error_t *reterr);

/* ISO 3166-1 alpha-2 ("US") or ISO 3166-2 ("US-CA"), upper case. */
MARKET_API MARKET_NODISCARD market_status_t market_territory_check(
    market_slice_t territory, market_error_t *reterr);

/*
 * ISO 4217 code in use; *ret_minor_units is 2 for USD, 0 for JPY, 3 for KWD.
 * ret_minor_units may be NULL.
 */
MARKET_API MARKET_NODISCARD market_status_t market_currency_check(
    market_slice_t currency, unsigned *ret_minor_units, market_error_t *reterr);

/*
 * A party: a DNS name in lower case, letters, digits and hyphens, at least two
 * labels (RFC 1123, 2.1), at most 253 bytes. No IDN but in its xn-- form.
 */
MARKET_API MARKET_NODISCARD market_status_t market_party_check(
    market_slice_t party, market_error_t *reterr);

/*
 * A band as people write it ("B4", "b66", "Band IV", "n71", "N71", "850") of
 * one RAT as its number: GSM in MHz, else the 3GPP band number. A band that
 * the RAT does not have is refused (3GPP TS 45.005, 25.101, 36.101, 38.101).
 */
MARKET_API MARKET_NODISCARD market_status_t market_band_parse(market_rat_t rat,
    market_slice_t text, uint32_t *ret_band, market_error_t *reterr);

#ifdef __cplusplus
}
#endif

#endif
