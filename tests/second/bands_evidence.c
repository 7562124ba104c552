/* SPDX-License-Identifier: Apache-2.0 */
/* The rows as statements: products, networks, and a grant for each brand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bands.h"

/* The number that stands for a network in its name. */
static size_t
network_named(const bands_t *bands, const char *key)
{
	size_t k;

	for (k = 0; k < bands->n_networks; k++)
		if (strcmp(bands->networks.rows[bands->first[k]][N_KEY], key) ==
		    0)
			return k;
	bands_must(false, key, "no such network");
	return 0;
}

/* ---- documents ---- */

/* Adds to the document; ' stands for ". */
void
bands_put(bands_t *bands, const char *format, ...)
{
	char piece[1024], *at;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(piece, sizeof(piece), format, args);
	va_end(args);
	bands_must(len >= 0 && (size_t)len < sizeof(piece), format, "too long");
	for (at = piece; *at != '\0'; at++)
		if (*at == '\'')
			*at = '"';
	market__text_puts(&bands->text, piece);
}

void
bands_begin(bands_t *bands)
{
	market__text_clear(&bands->text);
	market__text_init(
	    &bands->text, &market__default_allocator, (size_t)1 << 20);
}

/* Signs the document that was put together. */
market_buffer_t
bands_sign(bands_t *bands, market_kind_t kind)
{
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_draft_t *draft = NULL;

	bands_must(bands->text.status == MARKET_OK, "document", "too long");
	bands_must(market_draft_from_json(bands->context, kind,
		       market__slice(bands->text.data, bands->text.len), &draft,
		       &error) == MARKET_OK,
	    error.path, error.message);
	bands_must(market_draft_check(draft, &error) == MARKET_OK ||
		kind == MARKET_KIND_OFFER,
	    error.path, error.message);
	bands_must(market_draft_sign(draft, &bands->signer, 1,
		       MARKET_FORMAT_PROTOBUF, &envelope, &error) == MARKET_OK,
	    error.path, error.message);
	market_draft_free(draft);
	return envelope;
}

static void
add(bands_t *bands, market_kind_t kind)
{
	market_buffer_t envelope = bands_sign(bands, kind);
	market_error_t error = MARKET_ERROR_INIT;

	bands_must(
	    market_evidence_add(bands->evidence, market_buffer_slice(&envelope),
		bands->text.data, &error) == MARKET_OK,
	    "evidence", error.message);
	market_buffer_clear(&envelope);
}

static void
put_keys(bands_t *bands, const char *name)
{
	bands_put(bands,
	    "'%s': {'threshold': 1, 'keys': [{'spki': '%s', 'environment': "
	    "'ENVIRONMENT_PRODUCTION'}]}",
	    name, bands->spki);
}

/* ---- statements ---- */

#define PARTIES "'parties': [{'id': '" PARTY "', "
#define ROLES                                                       \
	", 'roles': [{'role': 'ROLE_MARKETPLACE'}, {'role': "       \
	"'ROLE_BRAND', 'brands': ['*']}, {'role': 'ROLE_CARRIER', " \
	"'networks': ['*']}]}]}"
#define POLICY                                                        \
	"'environment': 'ENVIRONMENT_PRODUCTION', 'minimumService': " \
	"'SERVICE_NONE', 'discloseBelow': 'SERVICE_5G'}"

static void
start_evidence(bands_t *bands)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_buffer_t root, policy;

	bands_begin(bands);
	bands_put(bands, "{" HEADER ", ", PARTY, "root");
	put_keys(bands, "rootKeys");
	bands_put(bands, ", " PARTIES);
	put_keys(bands, "keys");
	bands_put(bands, ROLES);
	root = bands_sign(bands, MARKET_KIND_TRUST_ROOT);
	bands_begin(bands);
	bands_put(bands, "{" HEADER ", " POLICY, PARTY, "policy");
	policy = bands_sign(bands, MARKET_KIND_POLICY);
	bands_must(market_evidence_new(bands->context,
		       market_buffer_slice(&root), market_buffer_slice(&policy),
		       &bands->evidence, &error) == MARKET_OK,
	    error.path, error.message);
	market_buffer_clear(&policy);
	market_buffer_clear(&root);
}

static bool
is_unknown(const char *bands)
{
	return strcmp(bands, "unknown") == 0;
}

/* Some rows list LTE 6 and the like, which are none. */
static bool
is_band(const bands_t *bands, const char *rat, const char *band, size_t len)
{
	const char *name;
	size_t i;

	for (i = 0; i < bands->known.n; i++) {
		name = bands->known.rows[i][B_BAND];
		name += *name == 'n';
		if (strcmp(bands->known.rows[i][B_RAT], rat) == 0 &&
		    strlen(name) == len && memcmp(name, band, len) == 0)
			return true;
	}
	return false;
}

/* A list of bands, where there is one. */
static void
put_list(bands_t *bands, const char *name, const char *rat, const char *list)
{
	const char *comma = "";
	size_t len;

	if (is_unknown(list))
		return;
	bands_put(bands, "'%s': [", name);
	for (; *list != '\0'; list += list[len] == ',' ? len + 1 : len) {
		len = strcspn(list, ",");
		if (!is_band(bands, rat, list, len))
			continue;
		bands_put(bands, "%s%.*s", comma, (int)len, list);
		comma = ", ";
	}
	bands_put(bands, "], ");
}

static void
put_features(bands_t *bands, const char *volte)
{
	/* One that lists features and not this one has it not. */
	if (strcmp(volte, "y") == 0)
		bands_put(bands, "'features': ['FEATURE_VOLTE'], ");
	else if (strcmp(volte, "n") == 0)
		bands_put(bands, "'features': ['FEATURE_E911'], ");
}

static void
add_product(bands_t *bands, size_t number)
{
	static const struct {
		int column;
		const char *name;
		const char *rat;
	} rats[] = { { D_GSM, "gsmMhz", "GSM" },
		{ D_UMTS, "umtsBands", "UMTS" }, { D_LTE, "lteBands", "LTE" },
		{ D_NR, "nrBands", "NR" } };
	char *const *row = bands->devices.rows[number];
	char id[32];
	const char *comma = "";
	size_t i;

	snprintf(id, sizeof(id), "product-%zu", number);
	bands_begin(bands);
	bands_put(bands,
	    "{" HEADER ", 'brand': '%s', 'model': '%s', 'radio': {", PARTY, id,
	    row[D_BRAND], row[D_MODEL]);
	for (i = 0; i < MARKET__COUNT(rats); i++)
		put_list(bands, rats[i].name, rats[i].rat, row[rats[i].column]);
	put_features(bands, row[D_VOLTE]);
	bands_put(bands, "'unknownRats': [");
	for (i = 0; i < MARKET__COUNT(rats); i++)
		if (is_unknown(row[rats[i].column])) {
			bands_put(bands, "%s'RAT_%s'", comma, rats[i].rat);
			comma = ", ";
		}
	bands_put(bands, "]}}");
	add(bands, MARKET_KIND_PRODUCT);
}

/* One grant for each brand, beside the first of its devices. */
static void
add_grant(bands_t *bands, size_t number)
{
	const char *brand = bands->devices.rows[number][D_BRAND];
	char id[32];
	size_t i;

	for (i = 0; i < number; i++)
		if (strcmp(bands->devices.rows[i][D_BRAND], brand) == 0)
			return;
	snprintf(id, sizeof(id), "grant-%zu", number);
	bands_begin(bands);
	bands_put(bands,
	    "{" HEADER ", 'brand': '%s', 'grantee': '" SELLER "', ", PARTY, id,
	    brand);
	put_keys(bands, "granteeKeys");
	bands_put(bands,
	    ", 'scope': {'models': ['*'], 'territories': ['*'], 'channels': "
	    "['CHANNEL_ANY'], 'marketplaces': ['*'], 'conditions': "
	    "['CONDITION_ANY']}}");
	add(bands, MARKET_KIND_AUTHORIZATION);
}

/* The first instant of a year, a month or a day. */
static void
put_instant(bands_t *bands, const char *name, const char *date)
{
	static const char rest[] = "0000-01-01T00:00:00Z";

	bands_must(strlen(date) <= 10, date, "not a date");
	if (date[0] != '\0')
		bands_put(
		    bands, ", '%s': '%s%s'", name, date, rest + strlen(date));
}

/* A row is a RAT with several bands, for one span of time. */
static void
put_deployments(bands_t *bands, char *const *row, const char **comma)
{
	static const char *const rats[] = { "GSM", "UMTS", "LTE", "NR" };
	const char *band = row[N_BANDS];
	size_t i;
	int len;

	for (i = 0; i < MARKET__COUNT(rats); i++)
		if (strcmp(row[N_RAT], rats[i]) == 0)
			break;
	if (i == MARKET__COUNT(rats))
		return;
	for (; *band != '\0'; band += band[len] == ',' ? len + 1 : len) {
		len = (int)strcspn(band, ",");
		bands_put(bands, "%s{'rat': 'RAT_%s', 'band': %.*s", *comma,
		    rats[i], len, band);
		put_instant(bands, "from", row[N_FROM]);
		put_instant(bands, "until", row[N_UNTIL]);
		bands_put(bands, "}");
		*comma = ", ";
	}
}

static void
add_network(bands_t *bands, size_t number)
{
	const table_t *table = &bands->networks;
	char *const *row = table->rows[bands->first[number]];
	const char *comma = "";
	char id[32];
	size_t i;

	snprintf(id, sizeof(id), "network-%zu", number);
	bands_begin(bands);
	bands_put(bands,
	    "{" HEADER ", 'network': '" PARTY "/%zu', 'territories': ['%s'], ",
	    PARTY, id, number, row[N_COUNTRY]);
	if (row[N_HOST][0] != '\0')
		bands_put(bands, "'hostNetwork': '" PARTY "/%zu', ",
		    network_named(bands, row[N_HOST]));
	bands_put(bands, "'deployments': [");
	for (i = 0; i < table->n; i++)
		if (strcmp(table->rows[i][N_KEY], row[N_KEY]) == 0)
			put_deployments(bands, table->rows[i], &comma);
	bands_put(bands, "]}");
	add(bands, MARKET_KIND_NETWORK);
}

static void
check_ignored(bands_t *bands)
{
	market_ignored_t ignored;

	if (market_evidence_ignored(bands->evidence, 0, &ignored) == MARKET_OK)
		bands_must(false, ignored.name, ignored.message);
}

void
bands_make_evidence(bands_t *bands)
{
	size_t i;

	start_evidence(bands);
	for (i = 0; i < bands->devices.n; i++) {
		add_product(bands, i);
		add_grant(bands, i);
	}
	for (i = 0; i < bands->n_networks; i++)
		add_network(bands, i);
	check_ignored(bands);
}
