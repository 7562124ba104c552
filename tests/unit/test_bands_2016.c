/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Real phones on a real network: product and network statements made from the
 * rows of shared/data, asked for at two dates. No scheme is required, so that
 * bands alone decide.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "expect.h"

#define FIELDS_MAX 24

/* Columns of devices.tsv and networks.tsv. */
enum { D_BRAND = 0, D_MODEL = 2, D_GSM = 6, D_UMTS = 7, D_LTE = 11, D_NR = 12 };
enum { N_PLMN = 0, N_RAT = 6, N_BANDS = 7, N_FROM = 9, N_UNTIL = 10 };

/* An edit in the making; it never outgrows the buffer unnoticed. */
typedef struct edit {
	char text[16384];
	size_t len;
} edit_t;

static void put(edit_t *edit, const char *format, ...) MARKET__PRINTF(2, 3);

static void
put(edit_t *edit, const char *format, ...)
{
	size_t room = sizeof(edit->text) - edit->len;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(edit->text + edit->len, room, format, args);
	va_end(args);
	ck_assert(len >= 0 && (size_t)len < room);
	edit->len += (size_t)len;
}

/* The first instant of a year, a month or a day. */
static const char *
instant(const char *date, char out[32])
{
	static const char rest[] = "0000-01-01T00:00:00Z";

	ck_assert_uint_le(strlen(date), 10);
	snprintf(out, 32, "%s%s", date, rest + strlen(date));
	return out;
}

/* ---- statements from rows ---- */

static void
put_bands(edit_t *edit, const char *name, const char *bands)
{
	if (strcmp(bands, "unknown") != 0)
		put(edit, "'%s': [%s], ", name, bands);
}

static void
put_unknown(edit_t *edit, char *const *device)
{
	static const struct {
		int column;
		const char *rat;
	} rats[] = { { D_GSM, "GSM" }, { D_UMTS, "UMTS" }, { D_LTE, "LTE" },
		{ D_NR, "NR" } };
	const char *comma = "";
	size_t i;

	put(edit, "'unknownRats': [");
	for (i = 0; i < sizeof(rats) / sizeof(rats[0]); i++)
		if (strcmp(device[rats[i].column], "unknown") == 0) {
			put(edit, "%s'RAT_%s'", comma, rats[i].rat);
			comma = ", ";
		}
	put(edit, "]");
}

/* The row of that model code, cut into `fields`. */
static void
find_device(char *text, const char *model, char **fields)
{
	char *line;

	while ((line = harness_line(&text)) != NULL)
		if (harness_fields(line, fields, FIELDS_MAX) > D_NR &&
		    strcmp(fields[D_MODEL], model) == 0)
			return;
	ck_abort_msg("no device %s", model);
}

static void
put_product(world_t *world, char *const *device)
{
	edit_t edit = { "", 0 };

	put(&edit,
	    "+phone product maker.example {'brand': '%s', 'model': '%s',"
	    " 'category': 'phone', 'radio': {",
	    device[D_BRAND], device[D_MODEL]);
	put_bands(&edit, "gsmMhz", device[D_GSM]);
	put_bands(&edit, "umtsBands", device[D_UMTS]);
	put_bands(&edit, "lteBands", device[D_LTE]);
	put_bands(&edit, "nrBands", device[D_NR]);
	put_unknown(&edit, device);
	put(&edit, "}}");
	world_edit(world, edit.text);
}

/* One row is one RAT with several bands, for one span of time. */
static void
put_deployments(edit_t *edit, char **fields, const char **comma)
{
	char from[32], until[32];
	const char *band = fields[N_BANDS];
	int len;

	for (; *band != '\0'; band += band[len] == ',' ? len + 1 : len) {
		len = (int)strcspn(band, ",");
		put(edit, "%s{'rat': 'RAT_%s', 'band': %.*s", *comma,
		    fields[N_RAT], len, band);
		if (fields[N_FROM][0] != '\0')
			put(edit, ", 'from': '%s'",
			    instant(fields[N_FROM], from));
		if (fields[N_UNTIL][0] != '\0')
			put(edit, ", 'until': '%s'",
			    instant(fields[N_UNTIL], until));
		put(edit, "}");
		*comma = ", ";
	}
}

static bool
is_radio(const char *rat)
{
	return strcmp(rat, "GSM") == 0 || strcmp(rat, "UMTS") == 0 ||
	    strcmp(rat, "LTE") == 0 || strcmp(rat, "NR") == 0;
}

/* Every row of T-Mobile US (310-260), but the band `without`, if any. */
static void
put_network(world_t *world, char *text, const char *without)
{
	edit_t edit = { "", 0 };
	char *fields[FIELDS_MAX], *line;
	const char *comma = "";
	size_t rows = 0;

	put(&edit, "network {'requiredSchemes': null, 'deployments': [");
	while ((line = harness_line(&text)) != NULL)
		if (harness_fields(line, fields, FIELDS_MAX) > N_UNTIL &&
		    strcmp(fields[N_PLMN], "310-260") == 0 &&
		    is_radio(fields[N_RAT]) &&
		    (without == NULL ||
			strcmp(fields[N_BANDS], without) != 0)) {
			put_deployments(&edit, fields, &comma);
			rows++;
		}
	put(&edit, "]}");
	ck_assert_uint_gt(rows, 10);
	world_edit(world, edit.text);
}

/* Whatever the model, its maker has granted; the policy takes any service. */
static void
put_paper(world_t *world, char *const *device)
{
	edit_t edit = { "", 0 };

	world_edit(world,
	    "root {'parties+': [{'id': 'maker.example', 'keys':"
	    " '$keys:maker.example', 'roles': [{'role': 'ROLE_BRAND',"
	    " 'brands': ['*']}]}]}");
	world_edit(world,
	    "policy {'requirements': null, 'minimumService': 'SERVICE_NONE',"
	    " 'discloseBelow': 'SERVICE_NONE'}");
	put(&edit,
	    "+paper =grant {'header': {'issuer': 'maker.example'},"
	    " 'brand': '%s', 'scope': {'models': ['%s']}}",
	    device[D_BRAND], device[D_MODEL]);
	world_edit(world, edit.text);
	world_edit(world, "paper @maker.example");
	edit.len = 0;
	put(&edit,
	    "offer {'brand': '%s', 'model': '%s', 'gtin': null,"
	    " 'hardwareVersion': null, 'softwareVersion': null}",
	    device[D_BRAND], device[D_MODEL]);
	world_edit(world, edit.text);
}

/* ---- the phones ---- */

typedef struct phone {
	const char *label;
	const char *model;
	const char *at;
	const char *service;
	const char *message; /* part of what SERVICE_LIMITED says */
	const char *without; /* a band that the network is asked without */
} phone_t;

#define THEN "2016-02-01T00:00:00Z"
#define NOW  "2022-07-02T00:00:00Z"

static const phone_t phones[] = {
	{ "Mi 3", "2013062", THEN, "3G", "3G on B2 until 2022-07-01", NULL },
	{ "Mi 3", "2013062", NOW, "2G", "2G on 1900 MHz", NULL },
	{ "Mi 4", "2014215", THEN, "3G", "3G on B2 until 2022-07-01", NULL },
	{ "Mi 4", "2014215", NOW, "2G", "2G on 1900 MHz", NULL },
	/* 4G since 2020 on the network's B41; B38 is a part of that. */
	{ "Redmi 2 China", "2014811", THEN, "3G", "3G on B2 until 2020-04-01",
	    NULL },
	{ "Redmi 2 China", "2014811", NOW, "4G",
	    "4G on B38 (partly), B41 until", NULL },
	{ "Redmi 2 China on B41 alone", "2014811", NOW, "2G", "2G on 1900 MHz",
	    "41" },
	{ "m2 note", "M571H", THEN, "3G", "3G on B2 until 2020-04-01", NULL },
	{ "m2 note", "M571H", NOW, "4G", "4G on B38 (partly), B41 until",
	    NULL },
	{ "m2 note on B41 alone", "M571H", NOW, "2G", "2G on 1900 MHz", "41" },
	{ "Redmi 2 India", "2014818", THEN, "NONE", "Wi-Fi only", NULL },
	{ "Redmi 2 India", "2014818", NOW, "NONE", "Wi-Fi only", NULL },
	{ "Redmi Note 4G", "2014715", THEN, "4G", "4G on B2, B4", NULL },
	{ "Redmi Note 4G", "2014715", NOW, "4G", "4G on B2, B4", NULL },
	{ "Moto G3", "XT1541", THEN, "2G", "2G on 1900 MHz", NULL },
	{ "Moto G3", "XT1541", NOW, "2G", "2G on 1900 MHz", NULL },
	{ "Nexus 5X", "LG-H790", THEN, "4G", "4G on B2, B4, B12, B17 (partly)",
	    NULL },
	{ "Nexus 5X", "LG-H790", NOW, "4G", "4G on B2, B4, B5, B12, B17",
	    NULL },
	/* The same name, another code, and nothing is known of it. */
	{ "Redmi 2 Global", "2014817", THEN, "?", NULL, NULL },
};

START_TEST(bands_give_the_service_of_their_day)
{
	const phone_t *phone = &phones[_i];
	const char *devices_path, *networks_path;
	char *devices, *networks, *device[FIELDS_MAX];
	expect_t row = { .label = phone->label,
		.want = strcmp(phone->service, "?") == 0 ? INDETERMINATE
							 : PERMIT,
		.at = phone->at,
		.codes = { strcmp(phone->service, "?") == 0
			? "BANDS_UNKNOWN"
			: "SERVICE_LIMITED" },
		.message = phone->message,
		.service = phone->service };
	world_t *world;

	HARNESS_SHARED(devices_path, "data/devices.tsv");
	HARNESS_SHARED(networks_path, "data/networks.tsv");
	devices = harness_read(devices_path, NULL);
	networks = harness_read(networks_path, NULL);
	find_device(devices, phone->model, device);
	world = world_new();
	put_paper(world, device);
	put_product(world, device);
	put_network(world, networks, phone->without);
	expect_world(world, &row);
	world_free(world);
	free(networks);
	free(devices);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("bands_2016");
	TCase *tcase = tcase_create("phones");

	tcase_add_loop_test(tcase, bands_give_the_service_of_their_day, 0,
	    (int)(sizeof(phones) / sizeof(phones[0])));
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
