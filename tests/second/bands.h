/* SPDX-License-Identifier: Apache-2.0 */
/* What bands.c, which asks, and bands_evidence.c, which signs, share. */
#ifndef TESTS_SECOND_BANDS_H
#define TESTS_SECOND_BANDS_H

#include <market/market.h>

#include "base/base.h"

#define FIELDS_MAX   24
#define ROWS_MAX     512
#define NETWORKS_MAX 96
#define TEXT_MAX     ((size_t)256 * 1024)

#define HEADER                                                               \
	"'header': {'issuer': '%s', 'id': '%s', 'revision': 1, 'issuedAt': " \
	"'2015-01-01T00:00:00Z', 'notBefore': '2015-01-01T00:00:00Z', "      \
	"'notAfter': '2035-01-01T00:00:00Z'}"

#define PARTY  "shop.example"
#define SELLER "importer.example"

/* Columns of devices.tsv, networks.tsv and bands.tsv. */
enum {
	D_BRAND = 0,
	D_MODEL = 2,
	D_GSM = 6,
	D_UMTS = 7,
	D_LTE = 11,
	D_NR = 12,
	D_VOLTE = 13
};
enum { B_RAT = 0, B_BAND = 1 };
enum {
	N_KEY = 0,
	N_COUNTRY = 1,
	N_HOST = 5,
	N_RAT = 6,
	N_BANDS = 7,
	N_FROM = 9,
	N_UNTIL = 10
};

typedef struct table {
	char *text;
	char *rows[ROWS_MAX][FIELDS_MAX];
	size_t n;
} table_t;

typedef struct bands {
	market_context_t *context;
	market_signer_t *signer; /* of everybody */
	char spki[128];          /* its public half, in base64 */
	market_evidence_t *evidence;
	table_t devices;
	table_t networks;
	table_t known;              /* the bands that there are */
	size_t first[NETWORKS_MAX]; /* the first row of each network */
	size_t n_networks;
	market__text_t text;
} bands_t;

/* Ends the program where something is not good. */
void bands_must(bool good, const char *what, const char *why);

/* Begins a document; adds to it, with ' for "; signs it. */
void bands_begin(bands_t *bands);
void bands_put(bands_t *bands, const char *format, ...) MARKET__PRINTF(2, 3);
market_buffer_t bands_sign(bands_t *bands, market_kind_t kind);

/* Everything that permits an offer, from the tables. */
void bands_make_evidence(bands_t *bands);

#endif
