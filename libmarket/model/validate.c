/* SPDX-License-Identifier: Apache-2.0 */
/* Is every value of a statement one that an evaluation can use? */

#include <stdio.h>

#include "model/feed.h"
#include "model/valid.h"
#include "model/validate.h"
#include "wire/wire.h"

#define DEPLOYMENTS_MAX 128

static market_status_t
product(const market__product_t *of, market_error_t *reterr)
{
	market_status_t status;

	if ((status = market__valid_label(of->brand, "brand", reterr)) !=
		MARKET_OK ||
	    (status = market__valid_label(of->model, "model", reterr)) !=
		MARKET_OK ||
	    (status = market__valid_list(of->gtins, false, market__valid_gtin,
		 "gtins", reterr)) != MARKET_OK ||
	    (status = market__valid_list(of->tacs, false, market__valid_tac,
		 "tacs", reterr)) != MARKET_OK ||
	    (status = market__valid_list(of->hardware_versions, false,
		 market__valid_label, "hardware_versions", reterr)) !=
		MARKET_OK ||
	    (status = market__valid_list(of->software_versions, false,
		 market__valid_label, "software_versions", reterr)) !=
		MARKET_OK)
		return status;
	if (of->category.len > 0 &&
	    (status = market__valid_label(of->category, "category", reterr)) !=
		MARKET_OK)
		return status;
	if (of->radio == NULL)
		return MARKET_OK;
	if ((status = market__valid_bands(MARKET_RAT_GSM, of->radio->gsm_mhz,
		 "radio.gsm_mhz", reterr)) != MARKET_OK ||
	    (status = market__valid_bands(MARKET_RAT_UMTS,
		 of->radio->umts_bands, "radio.umts_bands", reterr)) !=
		MARKET_OK ||
	    (status = market__valid_bands(MARKET_RAT_LTE, of->radio->lte_bands,
		 "radio.lte_bands", reterr)) != MARKET_OK)
		return status;
	return market__valid_bands(
	    MARKET_RAT_NR, of->radio->nr_bands, "radio.nr_bands", reterr);
}

static market_status_t
deployment(
    const market__deployment_t *of, const char *path, market_error_t *reterr)
{
	char where[96], until[96];
	market_status_t status;

	market__path(reterr, where, sizeof(where), "%s.rat", path);
	if (of->rat == MARKET_RAT_UNSPECIFIED)
		return market__refuse(
		    reterr, where, "is missing: RAT_LTE, or what it is");
	market__path(reterr, where, sizeof(where), "%s.band", path);
	status = market__valid_band(of->rat, of->band, where, reterr);
	if (status != MARKET_OK)
		return status;
	market__path(reterr, where, sizeof(where), "%s.from", path);
	market__path(reterr, until, sizeof(until), "%s.until", path);
	return market__valid_window(of->from, of->until, where, until, reterr);
}

static market_status_t
network(const market__network_t *of, market_error_t *reterr)
{
	char path[64];
	market_status_t status;
	size_t i;

	if ((status = market__valid_name(of->network, "network", reterr)) !=
		MARKET_OK ||
	    (status = market__valid_list(of->plmns, false, market__valid_plmn,
		 "plmns", reterr)) != MARKET_OK ||
	    (status = market__valid_list(of->territories, false,
		 market__valid_territory, "territories", reterr)) !=
		MARKET_OK ||
	    (status = market__valid_list(of->required_schemes, false,
		 market__valid_label, "required_schemes", reterr)) != MARKET_OK)
		return status;
	if (of->host_network.len > 0 &&
	    (status = market__valid_name(
		 of->host_network, "host_network", reterr)) != MARKET_OK)
		return status;
	if (market__slice_equal(of->network, of->host_network))
		return market__refuse(
		    reterr, "host_network", "a network cannot be its own host");
	/* Each is compared with each band at each instant of change. */
	if (of->n_deployments > DEPLOYMENTS_MAX)
		return market__error(reterr, MARKET_E_LIMIT, "deployments", -1,
		    "%zu deployments are more than %d; leave out those "
		    "that have ended",
		    of->n_deployments, DEPLOYMENTS_MAX);
	for (i = 0; i < of->n_deployments; i++) {
		market__path(reterr, path, sizeof(path), "deployments[%zu]", i);
		status = deployment(&of->deployments[i], path, reterr);
		if (status != MARKET_OK)
			return status;
	}
	return MARKET_OK;
}

/* A channel or condition "any" stands alone, like "*". */
static market_status_t
any_alone(market__numbers_t values, uint32_t any, const char *path,
    market_error_t *reterr)
{
	size_t i;

	for (i = 0; i < values.n && values.n > 1; i++)
		if (values.v[i] == any)
			return market__refuse(reterr, path,
			    "the value ANY must be the only element");
	return MARKET_OK;
}

static market_status_t
scope(const market__scope_t *of, market_error_t *reterr)
{
	market_status_t status;

	if (of == NULL)
		return MARKET_OK;
	if ((status = market__valid_list(of->models, true, market__valid_label,
		 "scope.models", reterr)) != MARKET_OK ||
	    (status = market__valid_list(of->territories, true,
		 market__valid_territory, "scope.territories", reterr)) !=
		MARKET_OK ||
	    (status = market__valid_list(of->excluded_territories, true,
		 market__valid_territory, "scope.excluded_territories",
		 reterr)) != MARKET_OK ||
	    (status = any_alone(of->channels, MARKET_CHANNEL_ANY,
		 "scope.channels", reterr)) != MARKET_OK ||
	    (status = market__valid_list(of->marketplaces, true,
		 market__valid_party, "scope.marketplaces", reterr)) !=
		MARKET_OK)
		return status;
	return any_alone(
	    of->conditions, MARKET_CONDITION_ANY, "scope.conditions", reterr);
}

static market_status_t
authorization(const market__authorization_t *of, market_error_t *reterr)
{
	market_status_t status;

	if ((status = market__valid_label(of->brand, "brand", reterr)) !=
		MARKET_OK ||
	    (status = market__valid_party(of->grantee, "grantee", reterr)) !=
		MARKET_OK)
		return status;
	if (of->grantee_keys != NULL &&
	    (status = market__valid_key_set(
		 of->grantee_keys, "grantee_keys", reterr)) != MARKET_OK)
		return status;
	if (of->parent_digest.len > 0 &&
	    (status = market__valid_digest(
		 of->parent_digest, "parent_digest", reterr)) != MARKET_OK)
		return status;
	return scope(of->scope, reterr);
}

static market_status_t
disavowal(const market__disavowal_t *of, market_error_t *reterr)
{
	market_status_t status;

	if ((status = market__valid_label(of->brand, "brand", reterr)) !=
		MARKET_OK ||
	    (status = market__valid_list(of->parties, true, market__valid_party,
		 "parties", reterr)) != MARKET_OK ||
	    (status = scope(of->scope, reterr)) != MARKET_OK)
		return status;
	/* Nothing is disavowed by forgetting either, so it is not taken. */
	if (of->parties.n == 0)
		return market__refuse(reterr, "parties",
		    "is empty: name parties, or \"*\" for everybody");
	if (of->scope == NULL || of->scope->models.n == 0 ||
	    of->scope->territories.n == 0 || of->scope->channels.n == 0 ||
	    of->scope->marketplaces.n == 0 || of->scope->conditions.n == 0)
		return market__refuse(reterr, "scope",
		    "an axis is empty, so nothing would be disavowed; \"*\" "
		    "(for enums ANY) means any");
	return MARKET_OK;
}

static market_status_t
certification(const market__certification_t *of, market_error_t *reterr)
{
	char where[64];
	market_status_t status;
	size_t i;

	if ((status = market__valid_label(of->scheme, "scheme", reterr)) !=
		MARKET_OK ||
	    (status = market__valid_label(of->brand, "brand", reterr)) !=
		MARKET_OK ||
	    (status = market__valid_label(of->model, "model", reterr)) !=
		MARKET_OK ||
	    (status = market__valid_list(of->hardware_versions, true,
		 market__valid_label, "hardware_versions", reterr)) !=
		MARKET_OK ||
	    (status = market__valid_list(of->software_versions, true,
		 market__valid_label, "software_versions", reterr)) !=
		MARKET_OK ||
	    (status = market__valid_list(of->networks, true, market__valid_name,
		 "networks", reterr)) != MARKET_OK ||
	    (status = market__valid_list(of->territories, true,
		 market__valid_territory, "territories", reterr)) !=
		MARKET_OK ||
	    (status = market__valid_list(of->prerequisites, false,
		 market__valid_label, "prerequisites", reterr)) != MARKET_OK)
		return status;
	if (of->state == MARKET_CERTIFICATION_STATE_UNSPECIFIED)
		return market__refuse(reterr, "state",
		    "is missing: CERTIFICATION_STATE_CERTIFIED, or what it "
		    "is");
	if (of->parent_digest.len > 0 &&
	    (status = market__valid_digest(
		 of->parent_digest, "parent_digest", reterr)) != MARKET_OK)
		return status;
	for (i = 0; i < of->n_bands; i++) {
		market__path(reterr, where, sizeof(where), "bands[%zu].rat", i);
		if (of->bands[i].rat == MARKET_RAT_UNSPECIFIED)
			return market__refuse(reterr, where,
			    "is missing: RAT_LTE, or what it is");
		market__path(
		    reterr, where, sizeof(where), "bands[%zu].bands", i);
		status = market__valid_bands(
		    of->bands[i].rat, of->bands[i].bands, where, reterr);
		if (status != MARKET_OK)
			return status;
	}
	return MARKET_OK;
}

static market_status_t
withdrawal(const market__withdrawal_t *of, market_error_t *reterr)
{
	market_status_t status = MARKET_OK;
	char kind[32];

	switch (of->what) {
	case MARKET__WITHDRAWAL_NOTHING:
		return market__refuse(reterr, "what",
		    "is missing: target_digest, target or target_key");
	case MARKET__WITHDRAWAL_DIGEST:
		status = market__valid_digest(
		    of->target_digest, "target_digest", reterr);
		break;
	case MARKET__WITHDRAWAL_KEY:
		status = market__valid_digest(
		    of->target_key, "target_key", reterr);
		break;
	case MARKET__WITHDRAWAL_NAME:
		snprintf(
		    kind, sizeof(kind), "%.*s", MARKET__ARG(of->target_kind));
		if (market_kind_find(kind) == MARKET_KIND_NONE)
			return market__refuse(
			    reterr, "target.kind", "is no kind of statement");
		status = market__valid_party(
		    of->target_issuer, "target.issuer", reterr);
		if (status == MARKET_OK)
			status = market__valid_name(
			    of->target_id, "target.id", reterr);
		break;
	}
	if (status != MARKET_OK)
		return status;
	return market__valid_time(of->effective_at, "effective_at", reterr);
}

static market_status_t
status_list(const market__message_t *message, market_error_t *reterr)
{
	const market__status_list_t *of = &message->of.status;

	if (of->sequence != message->header.revision)
		return market__refuse(
		    reterr, "sequence", "must equal the revision");
	if (of->page > of->page_count)
		return market__refuse(
		    reterr, "page", "must not be above page_count");
	return market__valid_list(
	    of->withdrawn, false, market__valid_digest, "withdrawn", reterr);
}

static market_status_t
validate(const market__message_t *message, market__arena_t *arena,
    market_error_t *reterr)
{
	bool takes_away = message->kind == MARKET_KIND_WITHDRAWAL ||
	    message->kind == MARKET_KIND_DISAVOWAL ||
	    message->kind == MARKET_KIND_HOLD;
	market_status_t status;

	status = market__validate_header(&message->header, takes_away, reterr);
	if (status != MARKET_OK)
		return status;
	switch (message->kind) {
	case MARKET_KIND_TRUST_ROOT:
		return market__valid_trust_root(
		    &message->of.trust_root, arena, reterr);
	case MARKET_KIND_KEY_SET:
		return market__valid_key_set(
		    message->of.key_set.keys, "keys", reterr);
	case MARKET_KIND_POLICY:
		return market__valid_policy(&message->of.policy, reterr);
	case MARKET_KIND_SELLER:
		status = market__valid_party(
		    message->of.seller.seller, "seller", reterr);
		if (status != MARKET_OK)
			return status;
		return market__valid_key_set(
		    message->of.seller.keys, "keys", reterr);
	case MARKET_KIND_PRODUCT: return product(&message->of.product, reterr);
	case MARKET_KIND_NETWORK: return network(&message->of.network, reterr);
	case MARKET_KIND_AUTHORIZATION:
		return authorization(&message->of.authorization, reterr);
	case MARKET_KIND_DISAVOWAL:
		return disavowal(&message->of.disavowal, reterr);
	case MARKET_KIND_CERTIFICATION:
		return certification(&message->of.certification, reterr);
	case MARKET_KIND_WITHDRAWAL:
		return withdrawal(&message->of.withdrawal, reterr);
	case MARKET_KIND_STATUS: return status_list(message, reterr);
	case MARKET_KIND_FEED:
		return market__feed_valid(&message->of.feed, reterr);
	case MARKET_KIND_HOLD:
	case MARKET_KIND_OFFER:
	case MARKET_KIND_NONE: break;
	}
	return MARKET_OK;
}

/* Once, and again for the words where it is refused. */
market_status_t
market__validate(const market__message_t *message, market__arena_t *arena,
    market_error_t *reterr)
{
	market_status_t status = validate(message, arena, NULL);

	if (status == MARKET_OK || reterr == NULL)
		return status;
	if (status == MARKET_E_MEMORY)
		return market__error(reterr, status, NULL, -1,
		    "no memory to look at a statement");
	/* The words alone: what it sorts may not find the room again. */
	if (validate(message, arena, reterr) == status)
		return status;
	return market__error(reterr, status, NULL, -1,
	    "the statement is not valid, and there is no room to say where");
}
