/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "shop.h"
#include "story_facts.h"

/* Texts that are set one after the other; a NULL value leaves its field out. */
typedef struct field {
	const char *path;
	const char *value;
} field_t;

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const term_t year_2016 = { 1, INT64_C(1451606400), DAY_2017_02_01 };

static market_status_t
set_texts(
    world_t *world, market_draft_t *draft, const field_t *fields, size_t n)
{
	market_status_t status = MARKET_OK;
	size_t i;

	for (i = 0; i < n && status == MARKET_OK; i++)
		if (fields[i].value != NULL)
			status = market_draft_set_text(draft, fields[i].path,
			    fields[i].value, &world->error);
	return status;
}

static market_status_t
new_draft(world_t *world, market_kind_t kind, const char *issuer,
    const char *id, const term_t *term, market_draft_t **ret_draft)
{
	const field_t header[] = {
		{ "header.issuer", issuer },
		{ "header.id", id },
	};
	market_status_t status;

	world->doing = id;
	if (term == NULL)
		term = &year_2016;
	status = market_draft_new(world->context, kind, ret_draft);
	if (status == MARKET_OK)
		status = set_texts(world, *ret_draft, header, COUNT(header));
	if (status == MARKET_OK)
		status = world_term(world, *ret_draft, term);
	return status;
}

static market_status_t
set_keys(world_t *world, market_draft_t *draft, const char *path,
    const char *party, const keys_t *keys)
{
	market_status_t status;
	market_signer_t *second;
	char field[64];

	status = world_name_key(world, draft, path, party,
	    keys->environment == NULL ? "PRODUCTION" : keys->environment);
	if (status == MARKET_OK && keys->not_after != 0) {
		snprintf(field, sizeof(field), "%s.keys[0].not_after", path);
		status = market_draft_set_int(
		    draft, field, keys->not_after, &world->error);
	}
	if (status != MARKET_OK || keys->second == NULL)
		return status;
	status = world_signer(world, keys->second, &second);
	snprintf(field, sizeof(field), "%s.keys[1].spki", path);
	if (status == MARKET_OK)
		status = market_draft_set_bytes(draft, field,
		    market_key_spki(market_signer_key(second)), &world->error);
	snprintf(field, sizeof(field), "%s.keys[1].environment", path);
	if (status == MARKET_OK)
		status = market_draft_set_text(
		    draft, field, "PRODUCTION", &world->error);
	snprintf(field, sizeof(field), "%s.threshold", path);
	if (status == MARKET_OK)
		status = market_draft_set_int(draft, field, 2, &world->error);
	return status;
}

market_status_t
shop_begin(world_t *world, const term_t *term)
{
	static const document_t *const all[] = { &network_t_mobile,
		&network_usmobile, &product_mi4, &carrier_mi4, &fcc_mi4 };
	market_status_t status;
	size_t i;

	status = world_begin(world, &policy_supposed, term);
	for (i = 0; i < COUNT(all) && status == MARKET_OK; i++)
		status = world_hand(world, all[i], term);
	return status;
}

market_status_t
shop_seller(world_t *world, const char *seller, const keys_t *keys,
    const term_t *term, market_buffer_t *ret_envelope)
{
	static const keys_t ordinary;
	const field_t fields[] = {
		{ "seller", seller },
		{ "legal_name", "An example" },
		{ "address.country", "HK" },
	};
	market_draft_t *draft = NULL;
	market_status_t status;

	status = new_draft(
	    world, MARKET_KIND_SELLER, "usmobile.com", seller, term, &draft);
	if (status == MARKET_OK)
		status = set_texts(world, draft, fields, COUNT(fields));
	if (status == MARKET_OK)
		status = set_keys(world, draft, "keys", seller,
		    keys == NULL ? &ordinary : keys);
	if (status == MARKET_OK)
		status = world_sign(world, draft, "usmobile.com", ret_envelope);
	market_draft_free(draft);
	return status;
}

/* A sub-grant pins the one grant it rests on, by the digest of what is
 * signed: it holds under no other, and not when that one is replaced. */
static market_status_t
set_parent(world_t *world, market_draft_t *draft, market_slice_t parent)
{
	market_statement_t *above = NULL;
	market_status_t status;

	if (parent.len == 0)
		return MARKET_OK;
	status = market_statement_parse(world->context, parent,
	    MARKET_KINDS(MARKET_KIND_AUTHORIZATION), &above, &world->error);
	if (status == MARKET_OK)
		status = market_draft_set_bytes(draft, "parent_digest",
		    market_statement_digest(above), &world->error);
	market_statement_free(above);
	return status;
}

market_status_t
shop_grant(world_t *world, const grant_t *grant, const term_t *term,
    market_buffer_t *ret_envelope)
{
	const field_t fields[] = {
		{ "brand", "xiaomi" },
		{ "grantee", grant->grantee },
		{ "scope.models[]", grant->model ? grant->model : "2014215" },
		{ "scope.territories[]",
		    grant->territory ? grant->territory : "US" },
		{ "scope.territories[]", grant->also },
		{ "scope.channels[]", "MARKETPLACE" },
		{ "scope.marketplaces[]", "usmobile.com" },
		{ "scope.conditions[]", "NEW" },
	};
	market_draft_t *draft = NULL;
	market_status_t status;

	status = new_draft(world, MARKET_KIND_AUTHORIZATION, grant->issuer,
	    grant->id, term, &draft);
	if (status == MARKET_OK && grant->revision != 0)
		status = market_draft_set_int(
		    draft, "header.revision", grant->revision, &world->error);
	if (status == MARKET_OK)
		status = set_texts(world, draft, fields, COUNT(fields));
	if (status == MARKET_OK)
		status = market_draft_set_int(draft, "max_delegations",
		    grant->delegations, &world->error);
	if (status == MARKET_OK)
		status = set_keys(
		    world, draft, "grantee_keys", grant->grantee, &grant->keys);
	if (status == MARKET_OK)
		status = set_parent(world, draft, grant->parent);
	if (status == MARKET_OK)
		status = world_sign(world, draft,
		    grant->signer ? grant->signer : grant->issuer,
		    ret_envelope);
	market_draft_free(draft);
	return status;
}

static market_status_t
sign_by_two(world_t *world, const market_draft_t *draft, const char *one,
    const char *other, market_buffer_t *ret_envelope)
{
	market_signer_t *signers[2];
	market_status_t status;

	status = world_signer(world, one, &signers[0]);
	if (status == MARKET_OK)
		status = world_signer(world, other, &signers[1]);
	if (status == MARKET_OK)
		status = market_draft_sign(draft, signers, 2,
		    MARKET_FORMAT_JSON, ret_envelope, &world->error);
	return status;
}

market_status_t
shop_offer(world_t *world, const offer_t *offer, const term_t *term,
    market_buffer_t *ret_envelope)
{
	static const field_t fields[] = {
		{ "brand", "xiaomi" },
		{ "model", "2014215" },
		{ "title", "Xiaomi Mi 4" },
		{ "condition", "NEW" },
		{ "price.currency_code", "USD" },
		{ "availability", "IN_STOCK" },
		{ "marketplace", "usmobile.com" },
		{ "territories[]", "US" },
		{ "channels[]", "MARKETPLACE" },
		{ "networks[]", "usmobile.com/us" },
		{ "disclosures[]", "SERVICE_3G_ONLY" },
	};
	const char *signer = offer->signer ? offer->signer : offer->seller;
	int64_t price = offer->price == 0 ? 219 : offer->price;
	market_draft_t *draft = NULL;
	market_status_t status;

	status = new_draft(
	    world, MARKET_KIND_OFFER, offer->seller, "mi4", term, &draft);
	if (status == MARKET_OK && offer->issued_at != 0)
		status = market_draft_set_int(
		    draft, "header.issued_at", offer->issued_at, &world->error);
	if (status == MARKET_OK)
		status = set_texts(world, draft, fields, COUNT(fields));
	if (status == MARKET_OK)
		status = market_draft_set_int(draft, "price.amount_micros",
		    price * 1000000, &world->error);
	if (status == MARKET_OK)
		status = offer->co_signer == NULL
		    ? world_sign(world, draft, signer, ret_envelope)
		    : sign_by_two(
			  world, draft, signer, offer->co_signer, ret_envelope);
	market_draft_free(draft);
	return status;
}

market_status_t
shop_hand(world_t *world, market_buffer_t *envelope, const char *name)
{
	market_status_t status;

	world->doing = name;
	status = market_evidence_add(world->evidence,
	    market_buffer_slice(envelope), name, &world->error);
	market_buffer_clear(envelope);
	return status;
}

market_status_t
shop_ask(world_t *world, market_slice_t offer, int64_t at,
    market_decision_t **ret_decision)
{
	market_decision_t *decision = NULL;
	market_status_t status;

	world->doing = "checking the offer";
	status = market_check(
	    world->evidence, offer, at, &decision, &world->error);
	/* "No" is an answer as well; without a decision there is none. */
	if (decision == NULL)
		return status;
	*ret_decision = decision;
	return MARKET_OK;
}

int
shop_told(world_t *world, const market_decision_t *decision, market_code_t code)
{
	const market_finding_t *finding;
	const market_cell_t *cell;
	market_ignored_t ignored;
	size_t i, k;

	for (i = 0; (finding = market_decision_finding(decision, i)) != NULL;
	     i++)
		if (finding->code == code)
			return 1;
	for (i = 0; (cell = market_decision_cell(decision, i)) != NULL; i++)
		for (k = 0; k < cell->finding_count; k++)
			if (cell->findings[k].code == code)
				return 1;
	for (i = 0;
	     market_evidence_ignored(world->evidence, i, &ignored) == MARKET_OK;
	     i++)
		if (ignored.code == code)
			return 1;
	return 0;
}
