/* SPDX-License-Identifier: Apache-2.0 */
/* Key sets, trust roots and policies: what everything else stands on. */
#include <stdlib.h>

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
		market__path(
		    reterr, where, sizeof(where), "%s.threshold", path);
		return market__refuse(reterr, where,
		    "must be at least 1 and at most the number of keys");
	}
	for (i = 0; i < set->n_keys; i++) {
		key = &set->keys[i];
		market__path(
		    reterr, where, sizeof(where), "%s.keys[%zu].spki", path, i);
		if (key->spki.len == 0)
			return market__refuse(reterr, where,
			    "is missing: the DER SubjectPublicKeyInfo");
		for (k = 0; k < i; k++)
			if (market__slice_equal(key->spki, set->keys[k].spki))
				return market__refuse(
				    reterr, where, "stands in this set twice");
		market__path(reterr, where, sizeof(where),
		    "%s.keys[%zu].environment", path, i);
		if (key->environment == MARKET_ENVIRONMENT_UNSPECIFIED)
			return market__refuse(reterr, where,
			    "is missing: ENVIRONMENT_PRODUCTION or "
			    "ENVIRONMENT_TEST");
		market__path(reterr, where, sizeof(where),
		    "%s.keys[%zu].not_before", path, i);
		market__path(reterr, until, sizeof(until),
		    "%s.keys[%zu].not_after", path, i);
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
		market__path(reterr, where, sizeof(where), "%s.roles[%zu].role",
		    path, i);
		if (role->role == MARKET_ROLE_UNSPECIFIED)
			return market__refuse(reterr, where,
			    "is missing: ROLE_BRAND, or what it is");
		market__path(reterr, where, sizeof(where),
		    "%s.roles[%zu].brands", path, i);
		status = market__valid_list(
		    role->brands, true, market__valid_label, where, reterr);
		if (status != MARKET_OK)
			return status;
		market__path(reterr, where, sizeof(where),
		    "%s.roles[%zu].networks", path, i);
		status = market__valid_list(
		    role->networks, true, market__valid_name, where, reterr);
		if (status != MARKET_OK)
			return status;
		market__path(reterr, where, sizeof(where),
		    "%s.roles[%zu].schemes", path, i);
		status = market__valid_list(
		    role->schemes, true, market__valid_label, where, reterr);
		if (status != MARKET_OK)
			return status;
		market__path(reterr, where, sizeof(where),
		    "%s.roles[%zu].territories", path, i);
		status = market__valid_list(role->territories, true,
		    market__valid_territory, where, reterr);
		if (status != MARKET_OK)
			return status;
	}
	return MARKET_OK;
}

/* One key of the root, and whose it is. */
typedef struct owned {
	market_slice_t spki;
	size_t party, key;
} owned_t;

static int
compare_owned(const void *left, const void *right)
{
	const owned_t *a = left, *b = right;
	int order = market__slice_compare(a->spki, b->spki);

	if (order == 0)
		order = (a->party > b->party) - (a->party < b->party);
	return order;
}

static bool
is_before(const owned_t *a, const owned_t *b)
{
	return b == NULL || a->party < b->party ||
	    (a->party == b->party && a->key < b->key);
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

static size_t
own(const market__trust_root_t *root, owned_t *keys)
{
	const market__key_set_t *set;
	size_t p, i, n = 0;

	for (p = 0; p < root->n_parties; p++) {
		set = root->parties[p].keys;
		for (i = 0; i < set->n_keys; i++) {
			keys[n].spki = set->keys[i].spki;
			keys[n].party = p;
			keys[n++].key = i;
		}
	}
	return n;
}

static bool
stands_in(const market__key_set_t *set, market_slice_t spki)
{
	size_t i;

	for (i = 0; i < set->n_keys; i++)
		if (market__slice_equal(set->keys[i].spki, spki))
			return true;
	return false;
}

/* The marketplace makes the root, so these two may be the same. */
static bool
is_the_roots(const market__trust_root_t *root, const owned_t *key)
{
	return !is_marketplace(&root->parties[key->party]) &&
	    stands_in(root->root_keys, key->spki);
}

/*
 * One key in two parties would let one of them speak as the other. They are
 * sorted: thousands are compared before any signature is.
 */
static market_status_t
keys_apart(const market__trust_root_t *root, market__arena_t *arena,
    market_error_t *reterr)
{
	const char *whose = "another party";
	const owned_t *shared = NULL;
	size_t p, i, n = 1;
	char where[128];
	owned_t *keys;

	for (p = 0; p < root->n_parties; p++)
		n += root->parties[p].keys->n_keys;
	keys = market__arena_array(arena, n, sizeof(*keys));
	if (keys == NULL)
		return market__error(reterr, market__arena_refusal(arena), NULL,
		    -1, "no memory to compare %zu keys", n - 1);
	n = own(root, keys);
	if (n > 0)
		qsort(keys, n, sizeof(*keys), compare_owned);
	for (i = 1; i < n; i++)
		if (market__slice_equal(keys[i].spki, keys[i - 1].spki) &&
		    is_before(&keys[i], shared))
			shared = &keys[i];
	for (i = 0; i < n; i++) {
		if (!is_before(&keys[i], shared) ||
		    !is_the_roots(root, &keys[i]))
			continue;
		shared = &keys[i];
		whose = "the trust root itself";
	}
	if (shared == NULL)
		return MARKET_OK;
	market__path(reterr, where, sizeof(where),
	    "parties[%zu].keys.keys[%zu].spki", shared->party, shared->key);
	return market__error(reterr, MARKET_E_SCHEMA, where, -1,
	    "is a key of %s too; each party needs its own", whose);
}

market_status_t
market__valid_trust_root(const market__trust_root_t *root,
    market__arena_t *arena, market_error_t *reterr)
{
	char path[64], where[96];
	market_status_t status;
	size_t i, k;

	status = market__valid_key_set(root->root_keys, "root_keys", reterr);
	for (i = 0; status == MARKET_OK && i < root->n_parties; i++) {
		market__path(reterr, path, sizeof(path), "parties[%zu]", i);
		market__path(reterr, where, sizeof(where), "%s.id", path);
		status = market__valid_party(
		    root->parties[i].id, where, reterr);
		if (status != MARKET_OK)
			return status;
		for (k = 0; k < i; k++)
			if (market__slice_equal(
				root->parties[i].id, root->parties[k].id))
				return market__refuse(
				    reterr, where, "stands in the root twice");
		market__path(reterr, where, sizeof(where), "%s.keys", path);
		status = market__valid_key_set(
		    root->parties[i].keys, where, reterr);
		if (status == MARKET_OK)
			status = roles(&root->parties[i], path, reterr);
	}
	return status == MARKET_OK ? keys_apart(root, arena, reterr) : status;
}

static market_status_t
requirement(
    const market__requirement_t *rule, const char *path, market_error_t *reterr)
{
	char where[96];
	market_status_t status;

	market__path(reterr, where, sizeof(where), "%s.territories", path);
	status = market__valid_list(
	    rule->territories, true, market__valid_territory, where, reterr);
	if (status != MARKET_OK)
		return status;
	market__path(reterr, where, sizeof(where), "%s.networks", path);
	status = market__valid_list(
	    rule->networks, true, market__valid_name, where, reterr);
	if (status != MARKET_OK)
		return status;
	market__path(reterr, where, sizeof(where), "%s.categories", path);
	status = market__valid_list(
	    rule->categories, true, market__valid_label, where, reterr);
	if (status != MARKET_OK)
		return status;
	market__path(reterr, where, sizeof(where), "%s.schemes", path);
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
		market__path(
		    reterr, where, sizeof(where), "requirements[%zu]", i);
		status = requirement(&of->requirements[i], where, reterr);
		if (status != MARKET_OK)
			return status;
	}
	return MARKET_OK;
}
