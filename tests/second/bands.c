/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the library says of every device of devices.tsv on every network of
 * networks.tsv, for bands.py, which has computed it apart. The rows become
 * statements; no scheme is required, so that bands alone decide. A line has
 * these fields between tabs:
 *
 *	model, network, date, verdict, service, disclosures that are due, codes
 *	of findings, what SERVICE_LIMITED says
 *
 *	bands DEVICES NETWORKS BANDS DATE...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bands.h"

void
bands_must(bool good, const char *what, const char *why)
{
	if (good)
		return;
	fprintf(stderr, "bands: %s: %s\n", what, why);
	exit(EXIT_FAILURE);
}

/* ---- tables ---- */

static void
cut(table_t *table, char *line)
{
	size_t n = 0;

	bands_must(table->n < ROWS_MAX, line, "too many rows");
	for (;;) {
		bands_must(n < FIELDS_MAX, line, "too many fields");
		table->rows[table->n][n++] = line;
		line += strcspn(line, "\t");
		if (*line == '\0')
			break;
		*line++ = '\0';
	}
	while (n < FIELDS_MAX)
		table->rows[table->n][n++] = line;
	table->n++;
}

/* Reads a file of rows between tabs; the first line has the names. */
static void
read_table(table_t *table, const char *path)
{
	FILE *file = fopen(path, "rb");
	char *line, *end;
	size_t len;

	bands_must(file != NULL, path, "cannot be opened");
	table->text = malloc(TEXT_MAX);
	bands_must(table->text != NULL, path, "no memory");
	len = fread(table->text, 1, TEXT_MAX - 1, file);
	bands_must(len < TEXT_MAX - 1, path, "too large");
	table->text[len] = '\0';
	fclose(file);
	line = strchr(table->text, '\n');
	while (line != NULL && line[1] != '\0') {
		line++;
		end = strchr(line, '\n');
		if (end != NULL)
			*end = '\0';
		cut(table, line);
		line = end;
	}
}

static void
find_networks(bands_t *bands)
{
	size_t i, k;

	for (i = 0; i < bands->networks.n; i++) {
		for (k = 0; k < bands->n_networks; k++)
			if (strcmp(bands->networks.rows[bands->first[k]][N_KEY],
				bands->networks.rows[i][N_KEY]) == 0)
				break;
		if (k < bands->n_networks)
			continue;
		bands_must(k < NETWORKS_MAX, "networks", "too many");
		bands->first[bands->n_networks++] = i;
	}
}

/* ---- questions ---- */

/* An offer of the device on all networks of a country. */
static market_buffer_t
offer(bands_t *bands, size_t device, const char *country)
{
	char *const *row = bands->devices.rows[device];
	const char *comma = "";
	size_t k;

	bands_begin(bands);
	bands_put(bands,
	    "{" HEADER ", 'brand': '%s', 'model': '%s', 'title': 'A phone', "
	    "'condition': 'CONDITION_NEW', 'price': {'currencyCode': 'USD', "
	    "'amountMicros': 100000000}, 'availability': "
	    "'AVAILABILITY_IN_STOCK', 'marketplace': '" PARTY
	    "', 'territories': ['%s'], 'channels': ['CHANNEL_ONLINE_STORE'], "
	    "'disclosures': ['DISCLOSURE_WIFI_ONLY', "
	    "'DISCLOSURE_SERVICE_2G_ONLY', 'DISCLOSURE_SERVICE_3G_ONLY', "
	    "'DISCLOSURE_SERVICE_4G_ONLY', 'DISCLOSURE_NO_VOICE'], "
	    "'networks': [",
	    SELLER, "offer", row[D_BRAND], row[D_MODEL], country);
	for (k = 0; k < bands->n_networks; k++)
		if (strcmp(bands->networks.rows[bands->first[k]][N_COUNTRY],
			country) == 0) {
			bands_put(bands, "%s'" PARTY "/%zu'", comma, k);
			comma = ", ";
		}
	bands_put(bands, "]}");
	return bands_sign(bands, MARKET_KIND_OFFER);
}

static void
print_cell(const bands_t *bands, const char *model, const char *date,
    const market_cell_t *cell)
{
	const char *limited = "";
	size_t number = (size_t)strtoul(
	    (const char *)cell->network.ptr + strlen(PARTY "/"), NULL, 10);
	size_t i;

	bands_must(
	    number < bands->n_networks, model, "a cell of another network");
	printf("%s\t%s\t%s\t%s\t%s\t", model,
	    bands->networks.rows[bands->first[number]][N_KEY], date,
	    market_verdict_name(cell->verdict),
	    cell->service == MARKET_SERVICE_UNSPECIFIED
		? "?"
		: market_service_name(cell->service));
	for (i = 0; i < cell->disclosure_count; i++)
		printf("%s%s", i == 0 ? "" : ",",
		    market_disclosure_name(cell->disclosures[i]));
	putchar('\t');
	for (i = 0; i < cell->finding_count; i++) {
		printf("%s%s", i == 0 ? "" : ",",
		    market_code_info(cell->findings[i].code)->name);
		if (cell->findings[i].code == MARKET_CODE_SERVICE_LIMITED)
			limited = cell->findings[i].message;
	}
	printf("\t%s\n", limited);
}

static void
ask(bands_t *bands, const market_buffer_t *envelope, const char *model,
    const char *date)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	const market_finding_t *finding;
	const market_cell_t *cell;
	market_status_t status;
	int64_t at;
	size_t i;

	bands_must(
	    market__time_parse(market_slice_of(date), &at), date, "no time");
	status = market_check(bands->evidence, market_buffer_slice(envelope),
	    at, &decision, &error);
	bands_must(status == MARKET_OK || status == MARKET_E_DENIED ||
		status == MARKET_E_INDETERMINATE,
	    model, error.message);
	finding = market_decision_finding(decision, 0);
	if (finding != NULL)
		bands_must(false, model, finding->message);
	for (i = 0; (cell = market_decision_cell(decision, i)) != NULL; i++)
		print_cell(bands, model, date, cell);
	market_decision_free(decision);
}

/* The device on all networks, country by country. */
static void
ask_device(bands_t *bands, size_t device, char **dates, int n_dates)
{
	const char *model = bands->devices.rows[device][D_MODEL];
	market_buffer_t envelope;
	const char *country;
	size_t i, k;
	int d;

	for (i = 0; i < bands->n_networks; i++) {
		country = bands->networks.rows[bands->first[i]][N_COUNTRY];
		for (k = 0; k < i; k++)
			if (strcmp(bands->networks
				       .rows[bands->first[k]][N_COUNTRY],
				country) == 0)
				break;
		if (k < i)
			continue;
		envelope = offer(bands, device, country);
		for (d = 0; d < n_dates; d++)
			ask(bands, &envelope, model, dates[d]);
		market_buffer_clear(&envelope);
	}
}

/* ---- the whole ---- */

static void
make_signer(bands_t *bands)
{
	market_buffer_t pem = MARKET_BUFFER_INIT;
	market__text_t base64;

	bands_must(market_context_new(NULL, &bands->context) == MARKET_OK,
	    "context", "cannot be made");
	bands_must(market_key_generate(bands->context, MARKET_ALGORITHM_ED25519,
		       &pem, NULL) == MARKET_OK &&
		market_signer_from_pem(bands->context,
		    market_buffer_slice(&pem), NULL, &bands->signer,
		    NULL) == MARKET_OK,
	    "key", "cannot be made");
	market_buffer_clear(&pem);
	market__text_init(
	    &base64, &market__default_allocator, sizeof(bands->spki));
	market__text_base64(
	    &base64, market_key_spki(market_signer_key(bands->signer)));
	bands_must(base64.status == MARKET_OK, "key", "too long");
	snprintf(bands->spki, sizeof(bands->spki), "%s", base64.data);
	market__text_clear(&base64);
}

static void
clear(bands_t *bands)
{
	market__text_clear(&bands->text);
	market_evidence_free(bands->evidence);
	market_signer_free(bands->signer);
	market_context_free(bands->context);
	free(bands->known.text);
	free(bands->networks.text);
	free(bands->devices.text);
}

int
main(int argc, char **argv)
{
	static bands_t bands;
	size_t i;

	if (argc < 5) {
		fputs("usage: bands DEVICES NETWORKS BANDS DATE...\n", stderr);
		return 64;
	}
	read_table(&bands.devices, argv[1]);
	read_table(&bands.networks, argv[2]);
	read_table(&bands.known, argv[3]);
	find_networks(&bands);
	make_signer(&bands);
	bands_make_evidence(&bands);
	for (i = 0; i < bands.devices.n; i++)
		ask_device(&bands, i, argv + 4, argc - 4);
	clear(&bands);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
