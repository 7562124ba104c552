/* SPDX-License-Identifier: Apache-2.0 */
/* Key sets, trust roots and policies: what everything else stands on. */
#include <stdio.h>

#include "model/valid.h"

market_status_t
market__valid_key_set(
    const market__key_set_t *set, const char *path, market_error_t *reterr)
{
	const market__public_key_t *key;
	char where[128], until[128];
	market_status_t status;
	size_t i, k;

	if (set == NULL || set->n_keys == 0)
		return market__refuse(
		    reterr, path, "is missing: list at least one key");
	if (set->threshold == 0 || set->threshold > set->n_keys) {
		snprintf(where, sizeof(where), "%s.threshold", path);
		return market__refuse(reterr, where,
		    "must be at least 1 and at most the number of keys");
	}
	for (i = 0; i < set->n_keys; i++) {
		key = &set->keys[i];
		snprintf(where, sizeof(where), "%s.keys[%zu].spki", path, i);
		if (key->spki.len == 0)
			return market__refuse(reterr, where,
			    "is missing: the DER SubjectPublicKeyInfo");
		for (k = 0; k < i; k++)
			if (market__slice_equal(key->spki, set->keys[k].spki))
				return market__refuse(
				    reterr, where, "stands in this set twice");
		snprintf(
		    where, sizeof(where), "%s.keys[%zu].environment", path, i);
		if (key->environment == MARKET_ENVIRONMENT_UNSPECIFIED)
			return market__refuse(reterr, where,
			    "is missing: ENVIRONMENT_PRODUCTION or "
			    "ENVIRONMENT_TEST");
		snprintf(
		    where, sizeof(where), "%s.keys[%zu].not_before", path, i);
		snprintf(
		    until, sizeof(until), "%s.keys[%zu].not_after", path, i);
		status = market__valid_window(
		    key->not_before, key->not_after, where, until, reterr);
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
			return market__refuse(reterr, where,
			    "is missing: ROLE_BRAND, or what it is");
		snprintf(where, sizeof(where), "%s.roles[%zu].brands", path, i);
		status = market__valid_list(
		    role->brands, true, market__valid_label, where, reterr);
		if (status != MARKET_OK)
			return status;
		snprintf(
		    where, sizeof(where), "%s.roles[%zu].networks", path, i);
		status = market__valid_list(
		    role->networks, true, market__valid_name, where, reterr);
		if (status != MARKET_OK)
			return status;
		snprintf(
		    where, sizeof(where), "%s.roles[%zu].schemes", path, i);
		status = market__valid_list(
		    role->schemes, true, market__valid_label, where, reterr);
		if (status != MARKET_OK)
			return status;
		snprintf(
		    where, sizeof(where), "%s.roles[%zu].territories", path, i);
		status = market__valid_list(role->territories, true,
		    market__valid_territory, where, reterr);
		if (status != MARKET_OK)
			return status;
	}
	return MARKET_OK;
}

/* The first key of `mine` that stands in `other` too, or n_keys. */
static size_t
shared_key(const market__key_set_t *mine, const market__key_set_t *other)
{
	size_t i, k;

	for (i = 0; i < mine->n_keys; i++)
		for (k = 0; k < other->n_keys; k++)
			if (market__slice_equal(
				mine->keys[i].spki, other->keys[k].spki))
				return i;
	return mine->n_keys;
}

static bool
is_marketplace(const market__party_t *party)
{
	size_t i;

	for (i = 0; i < party->n_roles; i++)
		if (party->roles[i].role == MARKET_ROLE_MARKETPLACE)
			return true;
	return false;
}

/* One key in two parties would let one of them speak as the other. */
static market_status_t
keys_apart(const market__trust_root_t *root, size_t p, market_error_t *reterr)
{
	const market__party_t *party = &root->parties[p];
	const char *whose = "another party";
	char where[128];
	size_t i = party->keys->n_keys, q;

	for (q = 0; q < p && i == party->keys->n_keys; q++)
		i = shared_key(party->keys, root->parties[q].keys);
	/* The marketplace makes the root, so these two may be the same. */
	if (i == party->keys->n_keys && !is_marketplace(party)) {
		i = shared_key(party->keys, root->root_keys);
		whose = "the trust root itself";
	}
	if (i == party->keys->n_keys)
		return MARKET_OK;
	snprintf(
	    where, sizeof(where), "parties[%zu].keys.keys[%zu].spki", p, i);
	return market__error(reterr, MARKET_E_SCHEMA, where, -1,
	    "is a key of %s too; each party needs its own", whose);
}

market_status_t
market__valid_trust_root(
    const market__trust_root_t *root, market_error_t *reterr)
{
	char path[64], where[96];
	market_status_t status;
	size_t i, k;

	status = market__valid_key_set(root->root_keys, "root_keys", reterr);
	for (i = 0; status == MARKET_OK && i < root->n_parties; i++) {
		snprintf(path, sizeof(path), "parties[%zu]", i);
		snprintf(where, sizeof(where), "%s.id", path);
		status = market__valid_party(
		    root->parties[i].id, where, reterr);
		if (status != MARKET_OK)
			return status;
		for (k = 0; k < i; k++)
			if (market__slice_equal(
				root->parties[i].id, root->parties[k].id))
				return market__refuse(
				    reterr, where, "stands in the root twice");
		snprintf(where, sizeof(where), "%s.keys", path);
		status = market__valid_key_set(
		    root->parties[i].keys, where, reterr);
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
	status = market__valid_list(
	    rule->territories, true, market__valid_territory, where, reterr);
	if (status != MARKET_OK)
		return status;
	snprintf(where, sizeof(where), "%s.networks", path);
	status = market__valid_list(
	    rule->networks, true, market__valid_name, where, reterr);
	if (status != MARKET_OK)
		return status;
	snprintf(where, sizeof(where), "%s.categories", path);
	status = market__valid_list(
	    rule->categories, true, market__valid_label, where, reterr);
	if (status != MARKET_OK)
		return status;
	snprintf(where, sizeof(where), "%s.schemes", path);
	return market__valid_list(
	    rule->schemes, false, market__valid_label, where, reterr);
}

market_status_t
market__valid_policy(const market__policy_t *of, market_error_t *reterr)
{
	char where[64];
	market_status_t status;
	size_t i;

	if (of->environment == MARKET_ENVIRONMENT_UNSPECIFIED)
		return market__refuse(reterr, "environment",
		    "is missing: ENVIRONMENT_PRODUCTION or ENVIRONMENT_TEST");
	if (of->minimum_service == MARKET_SERVICE_UNSPECIFIED)
		return market__refuse(reterr, "minimum_service",
		    "is missing: SERVICE_NONE where Wi-Fi alone will do");
	if (of->disclose_below == MARKET_SERVICE_UNSPECIFIED)
		return market__refuse(reterr, "disclose_below",
		    "is missing: SERVICE_NONE where nothing is to be "
		    "disclosed");
	if (of->clock_skew_seconds > 86400)
		return market__refuse(reterr, "clock_skew_seconds",
		    "is more than a day; no clock is that wrong");
	for (i = 0; i < of->n_requirements; i++) {
		snprintf(where, sizeof(where), "requirements[%zu]", i);
		status = requirement(&of->requirements[i], where, reterr);
		if (status != MARKET_OK)
			return status;
	}
	return MARKET_OK;
}
