/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include <market/identifier.h>

#include "model/band.h"
#include "model/territory.h"
#include "model/validate.h"
#include "wire/wire.h"

#define LABEL_MAX       256
#define DEPLOYMENTS_MAX 512

static market_status_t
refuse(market_error_t *reterr, const char *path, const char *cure)
{
	return market__error(reterr, MARKET_E_SCHEMA, path, -1, "%s", cure);
}

bool
market__name_valid(market_slice_t name)
{
	size_t i;

	if (name.len == 0 || name.len > LABEL_MAX)
		return false;
	for (i = 0; i < name.len; i++)
		if (name.ptr[i] <= 0x20 || name.ptr[i] > 0x7e)
			return false;
	return true;
}

bool
market__label_valid(market_slice_t label)
{
	size_t i;

	if (label.len == 0 || label.len > LABEL_MAX || label.ptr[0] == ' ' ||
	    label.ptr[label.len - 1] == ' ')
		return false;
	for (i = 0; i < label.len; i++)
		if (label.ptr[i] < 0x20 || label.ptr[i] > 0x7e)
			return false;
	return true;
}

static market_status_t
label(market_slice_t text, const char *path, market_error_t *reterr)
{
	if (market__label_valid(text))
		return MARKET_OK;
	return refuse(reterr, path,
	    "must be 1 to 256 printable ASCII characters, without a blank at "
	    "either end");
}

static market_status_t
name(market_slice_t text, const char *path, market_error_t *reterr)
{
	if (market__name_valid(text))
		return MARKET_OK;
	return refuse(reterr, path,
	    "must be 1 to 256 printable ASCII characters without blanks");
}

static market_status_t
party(market_slice_t text, const char *path, market_error_t *reterr)
{
	market_status_t status = market_party_check(text, reterr);

	if (status != MARKET_OK)
		market__error_prefix(reterr, path);
	return status;
}

/*
 * A list whose elements are checked by `check`. "*" means any and then stands
 * alone: beside others it would make them meaningless.
 */
static market_status_t
list(market__slices_t texts, bool any,
    market_status_t (*check)(market_slice_t, const char *, market_error_t *),
    const char *path, market_error_t *reterr)
{
	char where[128];
	market_status_t status;
	size_t i;

	if (any && texts.n == 1 && market__slice_is(texts.v[0], "*"))
		return MARKET_OK;
	for (i = 0; i < texts.n; i++) {
		snprintf(where, sizeof(where), "%s[%zu]", path, i);
		if (any && market__slice_is(texts.v[i], "*"))
			return refuse(reterr, where,
			    "\"*\" means any and must be the only element");
		status = check(texts.v[i], where, reterr);
		if (status != MARKET_OK)
			return status;
	}
	return MARKET_OK;
}

static market_status_t
territory(market_slice_t text, const char *path, market_error_t *reterr)
{
	market_status_t status = market_territory_check(text, reterr);

	if (status != MARKET_OK)
		market__error_prefix(reterr, path);
	return status;
}

static market_status_t
digest(market_slice_t bytes, const char *path, market_error_t *reterr)
{
	if (bytes.len == MARKET_DIGEST_LEN)
		return MARKET_OK;
	return refuse(reterr, path, "must be the 32 bytes of a SHA-256");
}

static market_status_t
gtin(market_slice_t text, const char *path, market_error_t *reterr)
{
	market_status_t status = market_gtin_check(text, reterr);

	if (status != MARKET_OK)
		market__error_prefix(reterr, path);
	return status;
}

static market_status_t
tac(market_slice_t text, const char *path, market_error_t *reterr)
{
	market_status_t status = market_tac_check(text, reterr);

	if (status != MARKET_OK)
		market__error_prefix(reterr, path);
	return status;
}

static market_status_t
plmn(market_slice_t text, const char *path, market_error_t *reterr)
{
	market_status_t status = market_plmn_check(text, reterr);

	if (status != MARKET_OK)
		market__error_prefix(reterr, path);
	return status;
}

static market_status_t
party_in_list(market_slice_t text, const char *path, market_error_t *reterr)
{
	return party(text, path, reterr);
}

static market_status_t
window(int64_t from, int64_t until, const char *path, market_error_t *reterr)
{
	if (from < 0 || until < 0 || from > MARKET__TIME_MAX ||
	    until > MARKET__TIME_MAX)
		return refuse(reterr, path,
		    "must be a time between the years 1970 and 9999");
	if (until != 0 && until <= from)
		return refuse(reterr, path, "must be later than the beginning");
	return MARKET_OK;
}

market_status_t
market__validate_header(
    const market__header_t *header, bool open_ended, market_error_t *reterr)
{
	market_status_t status;

	status = party(header->issuer, "header.issuer", reterr);
	if (status != MARKET_OK)
		return status;
	if (!market__name_valid(header->id) || header->id.len > 128)
		return refuse(reterr, "header.id",
		    "must be 1 to 128 printable ASCII characters without "
		    "blanks");
	if (header->revision == 0)
		return refuse(reterr, "header.revision", "must be at least 1");
	if (header->issued_at <= 0 || header->issued_at > MARKET__TIME_MAX)
		return refuse(reterr, "header.issued_at",
		    "must be a time between the years 1970 and 9999");
	if (header->not_after == 0 && !open_ended)
		return refuse(reterr, "header.not_after",
		    "is missing: say when the statement ends");
	return window(
	    header->not_before, header->not_after, "header.not_after", reterr);
}

static market_status_t
key_set(const market__key_set_t *set, const char *path, market_error_t *reterr)
{
	const market__public_key_t *key;
	char where[128];
	market_status_t status;
	size_t i, k;

	if (set == NULL || set->n_keys == 0)
		return refuse(
		    reterr, path, "is missing: list at least one key");
	if (set->threshold == 0 || set->threshold > set->n_keys) {
		snprintf(where, sizeof(where), "%s.threshold", path);
		return refuse(reterr, where,
		    "must be at least 1 and at most the number of keys");
	}
	for (i = 0; i < set->n_keys; i++) {
		key = &set->keys[i];
		snprintf(where, sizeof(where), "%s.keys[%zu].spki", path, i);
		if (key->spki.len == 0)
			return refuse(reterr, where,
			    "is missing: the DER SubjectPublicKeyInfo");
		for (k = 0; k < i; k++)
			if (market__slice_equal(key->spki, set->keys[k].spki))
				return refuse(
				    reterr, where, "stands in this set twice");
		snprintf(
		    where, sizeof(where), "%s.keys[%zu].environment", path, i);
		if (key->environment == MARKET_ENVIRONMENT_UNSPECIFIED)
			return refuse(reterr, where,
			    "is missing: ENVIRONMENT_PRODUCTION or "
			    "ENVIRONMENT_TEST");
		snprintf(
		    where, sizeof(where), "%s.keys[%zu].not_after", path, i);
		status = window(key->not_before, key->not_after, where, reterr);
		if (status != MARKET_OK)
			return status;
	}
	return MARKET_OK;
}

static market_status_t
roles(const market__party_t *of, const char *path, market_error_t *reterr)
{
	const market__role_t *role;
	char where[128];
	market_status_t status;
	size_t i;

	for (i = 0; i < of->n_roles; i++) {
		role = &of->roles[i];
		snprintf(where, sizeof(where), "%s.roles[%zu].role", path, i);
		if (role->role == MARKET_ROLE_UNSPECIFIED)
			return refuse(reterr, where, "is missing");
		snprintf(where, sizeof(where), "%s.roles[%zu].brands", path, i);
		status = list(role->brands, true, label, where, reterr);
		if (status != MARKET_OK)
			return status;
		snprintf(
		    where, sizeof(where), "%s.roles[%zu].networks", path, i);
		status = list(role->networks, true, name, where, reterr);
		if (status != MARKET_OK)
			return status;
		snprintf(
		    where, sizeof(where), "%s.roles[%zu].schemes", path, i);
		status = list(role->schemes, true, label, where, reterr);
		if (status != MARKET_OK)
			return status;
		snprintf(
		    where, sizeof(where), "%s.roles[%zu].territories", path, i);
		status = list(
		    role->territories, true, territory, where, reterr);
		if (status != MARKET_OK)
			return status;
	}
	return MARKET_OK;
}

/* One key in two parties would let one of them speak as the other. */
static market_status_t
keys_apart(const market__trust_root_t *root, size_t p, market_error_t *reterr)
{
	const market__key_set_t *mine = root->parties[p].keys, *other;
	char where[128];
	size_t i, k, q;

	for (q = 0; q < p; q++) {
		other = root->parties[q].keys;
		for (i = 0; i < mine->n_keys; i++)
			for (k = 0; k < other->n_keys; k++)
				if (market__slice_equal(mine->keys[i].spki,
					other->keys[k].spki)) {
					snprintf(where, sizeof(where),
					    "parties[%zu].keys.keys[%zu].spki",
					    p, i);
					return refuse(reterr, where,
					    "is a key of another party too; "
					    "each party needs its own");
				}
	}
	return MARKET_OK;
}

static market_status_t
trust_root(const market__trust_root_t *root, market_error_t *reterr)
{
	char path[64], where[96];
	market_status_t status;
	size_t i, k;

	status = key_set(root->root_keys, "root_keys", reterr);
	for (i = 0; status == MARKET_OK && i < root->n_parties; i++) {
		snprintf(path, sizeof(path), "parties[%zu]", i);
		snprintf(where, sizeof(where), "%s.id", path);
		status = party(root->parties[i].id, where, reterr);
		if (status != MARKET_OK)
			return status;
		for (k = 0; k < i; k++)
			if (market__slice_equal(
				root->parties[i].id, root->parties[k].id))
				return refuse(
				    reterr, where, "stands in the root twice");
		snprintf(where, sizeof(where), "%s.keys", path);
		status = key_set(root->parties[i].keys, where, reterr);
		if (status == MARKET_OK)
			status = roles(&root->parties[i], path, reterr);
		if (status == MARKET_OK)
			status = keys_apart(root, i, reterr);
	}
	return status;
}

static market_status_t
requirement(
    const market__requirement_t *rule, const char *path, market_error_t *reterr)
{
	char where[96];
	market_status_t status;

	snprintf(where, sizeof(where), "%s.territories", path);
	status = list(rule->territories, true, territory, where, reterr);
	if (status != MARKET_OK)
		return status;
	snprintf(where, sizeof(where), "%s.networks", path);
	status = list(rule->networks, true, name, where, reterr);
	if (status != MARKET_OK)
		return status;
	snprintf(where, sizeof(where), "%s.categories", path);
	status = list(rule->categories, true, label, where, reterr);
	if (status != MARKET_OK)
		return status;
	snprintf(where, sizeof(where), "%s.schemes", path);
	return list(rule->schemes, false, label, where, reterr);
}

static market_status_t
policy(const market__policy_t *of, market_error_t *reterr)
{
	char where[64];
	market_status_t status;
	size_t i;

	if (of->environment == MARKET_ENVIRONMENT_UNSPECIFIED)
		return refuse(reterr, "environment",
		    "is missing: ENVIRONMENT_PRODUCTION or ENVIRONMENT_TEST");
	if (of->minimum_service == MARKET_SERVICE_UNSPECIFIED)
		return refuse(reterr, "minimum_service",
		    "is missing: SERVICE_NONE where Wi-Fi alone will do");
	if (of->disclose_below == MARKET_SERVICE_UNSPECIFIED)
		return refuse(reterr, "disclose_below",
		    "is missing: SERVICE_NONE where nothing is to be "
		    "disclosed");
	if (of->clock_skew_seconds > 86400)
		return refuse(reterr, "clock_skew_seconds",
		    "is more than a day; no clock is that wrong");
	for (i = 0; i < of->n_requirements; i++) {
		snprintf(where, sizeof(where), "requirements[%zu]", i);
		status = requirement(&of->requirements[i], where, reterr);
		if (status != MARKET_OK)
			return status;
	}
	return MARKET_OK;
}

static market_status_t
bands(market_rat_t rat, market__numbers_t numbers, const char *path,
    market_error_t *reterr)
{
	char where[96];
	size_t i, k;

	for (i = 0; i < numbers.n; i++) {
		for (k = 0; k < i; k++) {
			if (numbers.v[k] != numbers.v[i])
				continue;
			snprintf(where, sizeof(where), "%s[%zu]", path, i);
			return market__error(reterr, MARKET_E_SCHEMA, where, -1,
			    "band %u is listed twice", numbers.v[i]);
		}
		/* Each is known and listed once, so few are ever compared. */
		if (market__band_known(rat, numbers.v[i]))
			continue;
		snprintf(where, sizeof(where), "%s[%zu]", path, i);
		return market__error(reterr, MARKET_E_SCHEMA, where, -1,
		    "%u is no band of %s; GSM is told in MHz, the others by "
		    "their 3GPP number",
		    numbers.v[i], market_rat_name(rat));
	}
	return MARKET_OK;
}

static market_status_t
product(const market__product_t *of, market_error_t *reterr)
{
	market_status_t status;

	if ((status = label(of->brand, "brand", reterr)) != MARKET_OK ||
	    (status = label(of->model, "model", reterr)) != MARKET_OK ||
	    (status = list(of->gtins, false, gtin, "gtins", reterr)) !=
		MARKET_OK ||
	    (status = list(of->tacs, false, tac, "tacs", reterr)) !=
		MARKET_OK ||
	    (status = list(of->hardware_versions, false, label,
		 "hardware_versions", reterr)) != MARKET_OK ||
	    (status = list(of->software_versions, false, label,
		 "software_versions", reterr)) != MARKET_OK)
		return status;
	if (of->category.len > 0 &&
	    (status = label(of->category, "category", reterr)) != MARKET_OK)
		return status;
	if (of->radio == NULL)
		return MARKET_OK;
	if ((status = bands(MARKET_RAT_GSM, of->radio->gsm_mhz, "radio.gsm_mhz",
		 reterr)) != MARKET_OK ||
	    (status = bands(MARKET_RAT_UMTS, of->radio->umts_bands,
		 "radio.umts_bands", reterr)) != MARKET_OK ||
	    (status = bands(MARKET_RAT_LTE, of->radio->lte_bands,
		 "radio.lte_bands", reterr)) != MARKET_OK)
		return status;
	return bands(
	    MARKET_RAT_NR, of->radio->nr_bands, "radio.nr_bands", reterr);
}

static market_status_t
network(const market__network_t *of, market_error_t *reterr)
{
	const market__deployment_t *deployment;
	char path[64], where[96];
	market_status_t status;
	market__numbers_t one;
	size_t i;

	if ((status = name(of->network, "network", reterr)) != MARKET_OK ||
	    (status = list(of->plmns, false, plmn, "plmns", reterr)) !=
		MARKET_OK ||
	    (status = list(of->territories, false, territory, "territories",
		 reterr)) != MARKET_OK ||
	    (status = list(of->required_schemes, false, label,
		 "required_schemes", reterr)) != MARKET_OK)
		return status;
	if (of->host_network.len > 0 &&
	    (status = name(of->host_network, "host_network", reterr)) !=
		MARKET_OK)
		return status;
	if (market__slice_equal(of->network, of->host_network))
		return refuse(
		    reterr, "host_network", "a network cannot be its own host");
	/* Each is compared with each band at each instant of change. */
	if (of->n_deployments > DEPLOYMENTS_MAX)
		return market__error(reterr, MARKET_E_LIMIT, "deployments", -1,
		    "%zu deployments are more than %d; leave out those "
		    "that have ended",
		    of->n_deployments, DEPLOYMENTS_MAX);
	for (i = 0; i < of->n_deployments; i++) {
		deployment = &of->deployments[i];
		snprintf(path, sizeof(path), "deployments[%zu]", i);
		snprintf(where, sizeof(where), "%s.rat", path);
		if (deployment->rat == MARKET_RAT_UNSPECIFIED)
			return refuse(reterr, where, "is missing");
		one.v = &deployment->band;
		one.n = 1;
		snprintf(where, sizeof(where), "%s.band", path);
		status = bands(deployment->rat, one, where, reterr);
		if (status != MARKET_OK)
			return status;
		snprintf(where, sizeof(where), "%s.until", path);
		status = window(
		    deployment->from, deployment->until, where, reterr);
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
			return refuse(reterr, path,
			    "the value ANY must be the only element");
	return MARKET_OK;
}

static market_status_t
scope(const market__scope_t *of, market_error_t *reterr)
{
	market_status_t status;

	if (of == NULL)
		return MARKET_OK;
	if ((status = list(of->models, true, label, "scope.models", reterr)) !=
		MARKET_OK ||
	    (status = list(of->territories, true, territory,
		 "scope.territories", reterr)) != MARKET_OK ||
	    (status = list(of->excluded_territories, true, territory,
		 "scope.excluded_territories", reterr)) != MARKET_OK ||
	    (status = any_alone(of->channels, MARKET_CHANNEL_ANY,
		 "scope.channels", reterr)) != MARKET_OK ||
	    (status = list(of->marketplaces, true, party_in_list,
		 "scope.marketplaces", reterr)) != MARKET_OK)
		return status;
	return any_alone(
	    of->conditions, MARKET_CONDITION_ANY, "scope.conditions", reterr);
}

static market_status_t
authorization(const market__authorization_t *of, market_error_t *reterr)
{
	market_status_t status;

	if ((status = label(of->brand, "brand", reterr)) != MARKET_OK ||
	    (status = party(of->grantee, "grantee", reterr)) != MARKET_OK)
		return status;
	if (of->grantee_keys != NULL &&
	    (status = key_set(of->grantee_keys, "grantee_keys", reterr)) !=
		MARKET_OK)
		return status;
	if (of->parent_digest.len > 0 &&
	    (status = digest(of->parent_digest, "parent_digest", reterr)) !=
		MARKET_OK)
		return status;
	return scope(of->scope, reterr);
}

static market_status_t
disavowal(const market__disavowal_t *of, market_error_t *reterr)
{
	market_status_t status;

	if ((status = label(of->brand, "brand", reterr)) != MARKET_OK ||
	    (status = list(of->parties, true, party_in_list, "parties",
		 reterr)) != MARKET_OK ||
	    (status = scope(of->scope, reterr)) != MARKET_OK)
		return status;
	/* Nothing is disavowed by forgetting either, so it is not taken. */
	if (of->parties.n == 0)
		return refuse(reterr, "parties",
		    "is empty: name parties, or \"*\" for everybody");
	if (of->scope == NULL || of->scope->models.n == 0 ||
	    of->scope->territories.n == 0 || of->scope->channels.n == 0 ||
	    of->scope->marketplaces.n == 0 || of->scope->conditions.n == 0)
		return refuse(reterr, "scope",
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

	if ((status = label(of->scheme, "scheme", reterr)) != MARKET_OK ||
	    (status = label(of->brand, "brand", reterr)) != MARKET_OK ||
	    (status = label(of->model, "model", reterr)) != MARKET_OK ||
	    (status = list(of->hardware_versions, true, label,
		 "hardware_versions", reterr)) != MARKET_OK ||
	    (status = list(of->software_versions, true, label,
		 "software_versions", reterr)) != MARKET_OK ||
	    (status = list(of->networks, true, name, "networks", reterr)) !=
		MARKET_OK ||
	    (status = list(of->territories, true, territory, "territories",
		 reterr)) != MARKET_OK ||
	    (status = list(of->prerequisites, false, label, "prerequisites",
		 reterr)) != MARKET_OK)
		return status;
	if (of->state == MARKET_CERTIFICATION_STATE_UNSPECIFIED)
		return refuse(reterr, "state", "is missing");
	if (of->parent_digest.len > 0 &&
	    (status = digest(of->parent_digest, "parent_digest", reterr)) !=
		MARKET_OK)
		return status;
	for (i = 0; i < of->n_bands; i++) {
		snprintf(where, sizeof(where), "bands[%zu].rat", i);
		if (of->bands[i].rat == MARKET_RAT_UNSPECIFIED)
			return refuse(reterr, where, "is missing");
		snprintf(where, sizeof(where), "bands[%zu].bands", i);
		status = bands(
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
		return refuse(reterr, "what",
		    "is missing: target_digest, target or target_key");
	case MARKET__WITHDRAWAL_DIGEST:
		status = digest(of->target_digest, "target_digest", reterr);
		break;
	case MARKET__WITHDRAWAL_KEY:
		status = digest(of->target_key, "target_key", reterr);
		break;
	case MARKET__WITHDRAWAL_NAME:
		snprintf(
		    kind, sizeof(kind), "%.*s", MARKET__ARG(of->target_kind));
		if (market_kind_find(kind) == MARKET_KIND_NONE)
			return refuse(
			    reterr, "target.kind", "is no kind of statement");
		status = party(of->target_issuer, "target.issuer", reterr);
		if (status == MARKET_OK)
			status = name(of->target_id, "target.id", reterr);
		break;
	}
	if (status != MARKET_OK)
		return status;
	return window(of->effective_at, 0, "effective_at", reterr);
}

static market_status_t
status_list(const market__message_t *message, market_error_t *reterr)
{
	const market__status_list_t *of = &message->of.status;

	if (of->sequence != message->header.revision)
		return refuse(reterr, "sequence", "must equal the revision");
	return list(of->withdrawn, false, digest, "withdrawn", reterr);
}

market_status_t
market__validate(const market__message_t *message, market_error_t *reterr)
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
		return trust_root(&message->of.trust_root, reterr);
	case MARKET_KIND_KEY_SET:
		return key_set(message->of.key_set.keys, "keys", reterr);
	case MARKET_KIND_POLICY: return policy(&message->of.policy, reterr);
	case MARKET_KIND_SELLER:
		status = party(message->of.seller.seller, "seller", reterr);
		if (status != MARKET_OK)
			return status;
		return key_set(message->of.seller.keys, "keys", reterr);
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
	case MARKET_KIND_HOLD:
	case MARKET_KIND_OFFER:
	case MARKET_KIND_FEED:
	case MARKET_KIND_NONE: break;
	}
	return MARKET_OK;
}
