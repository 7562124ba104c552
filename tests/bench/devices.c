/* SPDX-License-Identifier: Apache-2.0 */
/*
 * devices FILE: an offer for each device of a list (marketing name, device,
 * model; RFC 4180), signed and judged. The seller may sell all models; of each
 * tenth the brand has said what it can, and the carrier has certified it. Every
 * offer asks a question of its own.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chain.h"

#define DEVICES_MAX 50000
#define FIELDS      3

typedef struct list {
	char *text;
	char *fields[DEVICES_MAX][FIELDS];
	size_t n;
} list_t;

typedef struct verdicts {
	size_t permitted, denied, unknown, refused;
} verdicts_t;

/* ---- the list ---- */

/* One field, in place; where the next one begins. */
static char *
take_field(char *at, char **ret_field, bool *ret_last)
{
	char *out = at;
	bool quoted = *at == '"';

	*ret_field = at;
	at += quoted;
	while (*at != '\0') {
		if (quoted && at[0] == '"' && at[1] == '"')
			at++;
		else if (quoted && *at == '"') {
			quoted = false;
			at++;
			continue;
		} else if (!quoted && (*at == ',' || *at == '\n'))
			break;
		if (*at != '\r')
			*out++ = *at;
		at++;
	}
	*ret_last = *at != ',';
	if (*at != '\0')
		at++;
	*out = '\0';
	return at;
}

static void
read_list(list_t *list, const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t len, size = (size_t)8 << 20, i;
	bool last = false;
	char *at;

	list->text = malloc(size);
	if (file == NULL || list->text == NULL)
		kit_die("%s cannot be read", path);
	len = fread(list->text, 1, size - 1, file);
	fclose(file);
	list->text[len] = '\0';
	at = strchr(list->text, '\n'); /* behind the names of the columns */
	for (at = at == NULL ? list->text + len : at + 1; *at != '\0';) {
		if (list->n == DEVICES_MAX)
			kit_die("%s has too many lines", path);
		for (i = 0, last = false; i < FIELDS && !last; i++)
			at = take_field(at, &list->fields[list->n][i], &last);
		if (i != FIELDS || !last)
			kit_die("%s: line %zu has not three fields", path,
			    list->n + 2);
		list->n++;
	}
}

/* ---- offers ---- */

static market_draft_t *
blank(chain_t *chain)
{
	static const kit_header_t header = { MARKET_KIND_OFFER, "shop.example",
		"device", 1 };

	return kit_draft(chain->kit, &header,
	    "\"brand\": \"xiaomi\", \"condition\": \"CONDITION_NEW\", "
	    "\"price\": {\"currencyCode\": \"USD\", \"amountMicros\": "
	    "\"219000000\"}, \"availability\": \"AVAILABILITY_IN_STOCK\", "
	    "\"quantity\": \"10\", \"marketplace\": \"usmobile.com\", "
	    "\"territories\": [\"US\"], \"channels\": "
	    "[\"CHANNEL_ONLINE_STORE\"], \"networks\": [\"" KIT_NETWORK
	    "\"], \"disclosures\": [\"DISCLOSURE_SERVICE_3G_ONLY\"]");
}

static void
set(market_draft_t *draft, const char *path, const char *text)
{
	market_error_t error = MARKET_ERROR_INIT;

	kit_must(
	    market_draft_set_text(draft, path, text, &error), &error, text);
}

static market_buffer_t
sign(chain_t *chain, market_draft_t *draft, const list_t *list, size_t i)
{
	const char *name = list->fields[i][0];
	char id[32];

	snprintf(id, sizeof(id), "device-%zu", i);
	set(draft, "header.id", id);
	set(draft, "title", *name != '\0' ? name : list->fields[i][2]);
	set(draft, "model", list->fields[i][2]);
	return kit_sign(chain->kit, draft, "shop.example");
}

/* ---- what is known of each tenth ---- */

static void
hand_in(chain_t *chain, market_evidence_t *evidence, market_draft_t *draft,
    const char *signer, const char *model)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_buffer_t envelope;

	set(draft, "header.id", model);
	set(draft, "model", model);
	envelope = kit_sign(chain->kit, draft, signer);
	kit_must(market_evidence_add(
		     evidence, market_buffer_slice(&envelope), NULL, &error),
	    &error, model);
	market_buffer_clear(&envelope);
}

/* A name of ours has no blanks. */
static bool
is_name(const char *text)
{
	for (; *text > 0x20 && *text < 0x7f; text++)
		;
	return *text == '\0';
}

static size_t
certify(chain_t *chain, market_evidence_t *evidence, const list_t *list)
{
	static const kit_header_t headers[2] = { { MARKET_KIND_PRODUCT,
						     "mi.com", "product", 1 },
		{ MARKET_KIND_CERTIFICATION, "t-mobile.com", "certification",
		    1 } };
	market_draft_t *product, *certification;
	size_t i, n = 0;

	product = kit_draft(chain->kit, &headers[0],
	    "\"brand\": \"xiaomi\", \"name\": \"a phone\", \"category\": "
	    "\"phone\", \"radio\": {\"gsmMhz\": [850, 1900], \"umtsBands\": "
	    "[1, 2, 5, 8]}");
	certification = kit_draft(chain->kit, &headers[1],
	    "\"scheme\": \"carrier\", \"brand\": \"xiaomi\", "
	    "\"hardwareVersions\": [\"*\"], \"softwareVersions\": [\"*\"], "
	    "\"networks\": [\"*\"], \"territories\": [\"US\"], \"state\": "
	    "\"CERTIFICATION_STATE_CERTIFIED\", \"route\": \"ROUTE_INITIAL\", "
	    "\"bands\": [{\"rat\": \"RAT_GSM\", \"bands\": [850, 1900]}, "
	    "{\"rat\": \"RAT_UMTS\", \"bands\": [2, 5]}]");
	for (i = 0; i < list->n; i += 10) {
		if (!is_name(list->fields[i][2]))
			continue;
		hand_in(chain, evidence, product, "mi.com", list->fields[i][2]);
		hand_in(chain, evidence, certification, "t-mobile.com",
		    list->fields[i][2]);
		n++;
	}
	market_draft_free(product);
	market_draft_free(certification);
	return n;
}

/* ---- judging ---- */

static int
count(void *user, size_t index, market_status_t status,
    const market_decision_t *decision, const market_error_t *error)
{
	verdicts_t *verdicts = user;

	(void)index;
	(void)error;
	if (decision == NULL)
		verdicts->refused++;
	else if (status == MARKET_OK)
		verdicts->permitted++;
	else if (status == MARKET_E_DENIED)
		verdicts->denied++;
	else
		verdicts->unknown++;
	return 0;
}

static void
judge(market_evidence_t *evidence, const market_slice_t *offers, size_t n,
    unsigned threads)
{
	market_error_t error = MARKET_ERROR_INIT;
	verdicts_t verdicts = { 0, 0, 0, 0 };
	market_batch_options_t options = { .size = sizeof(options),
		.threads = threads,
		.checked = count,
		.user = &verdicts };
	double begin = kit_seconds(), took;

	kit_must(market_check_many(
		     evidence, offers, n, KIT_NOW, &options, NULL, &error),
	    &error, "the devices");
	took = kit_seconds() - begin;
	printf(
	    "%u threads: %zu judged in %.2f s, %.0f a second: %zu permitted, "
	    "%zu denied, %zu indeterminate, %zu not read\n",
	    threads, n, took, (double)n / took, verdicts.permitted,
	    verdicts.denied, verdicts.unknown, verdicts.refused);
}

int
main(int argc, char **argv)
{
	static market_buffer_t envelopes[DEVICES_MAX];
	static market_slice_t offers[DEVICES_MAX];
	market_context_t *context = NULL;
	market_evidence_t *evidence;
	static list_t list;
	chain_t chain = { .models = "\"*\"" };
	market_draft_t *draft;
	double begin;
	size_t i;

	if (argc != 2)
		kit_die("usage: %s android_devices.csv", argv[0]);
	read_list(&list, argv[1]);
	kit_must(market_context_new(NULL, &context), NULL, "a context");
	chain_make(&chain, context, MARKET_ALGORITHM_ED25519);
	evidence = chain_gather(&chain, context);
	printf("%zu models are certified\n", certify(&chain, evidence, &list));
	draft = blank(&chain);
	begin = kit_seconds();
	for (i = 0; i < list.n; i++) {
		envelopes[i] = sign(&chain, draft, &list, i);
		offers[i] = market_buffer_slice(&envelopes[i]);
	}
	printf("%zu devices: signed in %.2f s, %.0f a second\n", list.n,
	    kit_seconds() - begin, (double)list.n / (kit_seconds() - begin));
	judge(evidence, offers, list.n, 1);
	judge(evidence, offers, list.n, 2);
	for (i = 0; i < list.n; i++)
		market_buffer_clear(&envelopes[i]);
	market_draft_free(draft);
	market_evidence_free(evidence);
	chain_clear(&chain);
	market_context_free(context);
	free(list.text);
	return EXIT_SUCCESS;
}
