/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A distributor signs an offer: 02_sign_offer KEY.pem OFFER.json
 *
 * KEY.pem is made if it is not there. The envelope goes to OFFER.json; the
 * public key, which the marketplace and the brand have to know, to stdout.
 */
#include <market/market.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "file.h"

#define DAY 86400

/* What is for sale. A back end would fill this in from its catalogue. */
static const struct {
	const char *path;
	const char *value;
} texts[] = {
	{ "header.issuer", "corner-shop.example" },
	{ "header.id", "mi4-white" },
	{ "brand", "xiaomi" },
	{ "model", "2014215" },
	{ "title", "Xiaomi Mi 4, 16 GB, white" },
	{ "condition", "NEW" },
	{ "price.currency_code", "USD" },
	{ "availability", "IN_STOCK" },
	{ "marketplace", "usmobile.com" },
	/* Each pair of these is a cell, and is judged for itself. */
	{ "territories[]", "US" },
	{ "channels[]", "MARKETPLACE" },
	{ "networks[]", "usmobile.com/us" },
	/* What buyers are told; the gate says when one is due. */
	{ "disclosures[]", "SERVICE_3G_ONLY" },
	{ "disclosures[]", "IMPORTED_VARIANT" },
};

static market_status_t
fill_in(market_draft_t *draft, int64_t now, market_error_t *error)
{
	const struct {
		const char *path;
		int64_t value;
	} numbers[] = {
		{ "header.revision", 1 }, /* one more for each change */
		{ "header.issued_at", now }, { "header.not_before", now },
		{ "header.not_after", now + 30 * DAY },
		{ "price.amount_micros", INT64_C(219000000) }, /* 219 USD */
	};
	market_status_t status = MARKET_OK;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (status == MARKET_OK)
			status = market_draft_set_text(
			    draft, texts[i].path, texts[i].value, error);
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (status == MARKET_OK)
			status = market_draft_set_int(
			    draft, numbers[i].path, numbers[i].value, error);
	return status;
}

/* The private key, a new one if the file is not there. */
static market_status_t
open_signer(market_context_t *context, const char *name,
    market_signer_t **ret_signer, market_error_t *error)
{
	market_buffer_t pem = MARKET_BUFFER_INIT;
	market_status_t status = MARKET_OK;

	if (access(name, F_OK) != 0) {
		status = market_key_generate(
		    context, MARKET_ALGORITHM_ED25519, &pem, error);
		if (status == MARKET_OK)
			file_store(name, market_buffer_slice(&pem), 1);
		market_buffer_clear(&pem);
	}
	if (status == MARKET_OK)
		status = market_signer_from_pem(
		    context, file_load(name), NULL, ret_signer, error);
	return status;
}

static market_status_t
show_key(const market_signer_t *signer)
{
	market_buffer_t pem = MARKET_BUFFER_INIT;
	market_status_t status;

	status = market_key_pem(market_signer_key(signer), &pem);
	if (status == MARKET_OK)
		fputs((const char *)pem.data, stdout);
	market_buffer_clear(&pem);
	return status;
}

static market_status_t
sign_offer(market_context_t *context, const char *key, const char *out,
    market_error_t *error)
{
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_signer_t *signer = NULL;
	market_draft_t *draft = NULL;
	market_status_t status;

	status = open_signer(context, key, &signer, error);
	if (status == MARKET_OK)
		status = market_draft_new(context, MARKET_KIND_OFFER, &draft);
	if (status == MARKET_OK)
		status = fill_in(draft, (int64_t)time(NULL), error);
	/* Signing asks nothing: look before, while it is cheap to mend. */
	if (status == MARKET_OK)
		status = market_draft_check(draft, error);
	if (status == MARKET_OK)
		status = market_draft_sign(
		    draft, &signer, 1, MARKET_FORMAT_JSON, &envelope, error);
	if (status == MARKET_OK)
		file_store(out, market_buffer_slice(&envelope), 0);
	if (status == MARKET_OK)
		status = show_key(signer);
	market_buffer_clear(&envelope);
	market_draft_free(draft);
	market_signer_free(signer);
	return status;
}

int
main(int argc, char **argv)
{
	market_context_t *context = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	if (argc != 3) {
		fprintf(stderr, "usage: 02_sign_offer KEY.pem OFFER.json\n");
		return 64;
	}
	status = market_context_new(NULL, &context);
	if (status == MARKET_OK)
		status = sign_offer(context, argv[1], argv[2], &error);
	if (status != MARKET_OK)
		fprintf(stderr, "%s: %s: %s\n", market_status_text(status),
		    error.path, error.message);
	market_context_free(context);
	file_forget();
	return status == MARKET_OK ? 0 : 65;
}
