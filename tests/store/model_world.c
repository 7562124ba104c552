/* SPDX-License-Identifier: Apache-2.0 */
/* The base, with which most offers are permitted, and what revises it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model_maker.h"
#include "world.h"

/* ---- trust ---- */

static void
make_trust(maker_t *maker)
{
	pool_t *pool = maker->pool;
	fact_t *fact, *policy;

	fact = maker_add(
	    maker, "root", MARKET_KIND_TRUST_ROOT, P_USM, "root", 1);
	fact->key = K_ROOT;
	fact->root = BIT(K_MI);
	fact->not_after = maker_one_of(maker, MODEL_FAR, MODEL_FAR, DAY(150));
	maker_sign(maker, fact);
	pool->root = fact;
	policy = maker_add(
	    maker, "policy", MARKET_KIND_POLICY, P_USM, "policy", 1);
	policy->minimum = maker_once_in(maker, 4) ? MARKET_SERVICE_NONE
	    : maker_once_in(maker, 2)             ? MARKET_SERVICE_2G
						  : MARKET_SERVICE_3G;
	policy->disclose = maker_once_in(maker, 3) ? MARKET_SERVICE_3G
						   : MARKET_SERVICE_4G;
	policy->provisional = maker_once_in(maker, 2);
	policy->max_chain = maker_once_in(maker, 6) ? 1
	    : maker_once_in(maker, 4)               ? 2
						    : 4;
	policy->require_seller = !maker_once_in(maker, 8);
	policy->schemes = BIT(S_FCC) |
	    (maker_once_in(maker, 2) ? BIT(S_CARRIER) : 0);
	policy->skew = pool->skew;
	maker_sign(maker, policy);
	pool->policy = policy;
}

static void
make_trust_changes(maker_t *maker)
{
	fact_t *fact;

	fact = maker_again(maker, maker->pool->root, "root-2", 2);
	fact->not_after = MODEL_FAR;
	fact->root = maker_once_in(maker, 4) ? BIT(K_MI2)
	    : maker_once_in(maker, 2)        ? BIT(K_MI) | BIT(K_MI2)
					     : BIT(K_MI);
	maker_sign(maker, fact);
	fact = maker_again(maker, fact, "root-3", 3);
	fact->root = BIT(K_MI) | BIT(K_MI2);
	maker_sign(maker, fact);
	fact = maker_again(maker, fact, "root-forged", 2);
	fact->key = K_FORGER;
	fact->not_after = DAY(900);
	maker_sign(maker, fact);
	fact = maker_again(maker, maker->pool->policy, "policy-2", 2);
	fact->minimum = MARKET_SERVICE_2G;
	fact->disclose = MARKET_SERVICE_4G;
	fact->max_chain = 4;
	fact->provisional = maker_once_in(maker, 2);
	if (maker->pool->skew == 0 && maker_once_in(maker, 6))
		fact->not_before = DAY(4);
	maker_sign(maker, fact);
	fact = maker_again(maker, fact, "policy-3", 3);
	fact->minimum = MARKET_SERVICE_3G;
	fact->max_chain = 3;
	fact->not_before = PAST;
	maker_sign(maker, fact);
	if (maker_once_in(maker, 3)) {
		fact = maker_again(maker, fact, "policy-2-fork", 2);
		fact->max_chain = 5;
		maker_sign(maker, fact);
	}
}

/* ---- devices and networks ---- */

static void
make_products(maker_t *maker)
{
	static const char *const names[] = { "product-A", "product-B",
		"product-C" };
	fact_t *fact;
	int i;

	for (i = 0; i < N_PRODUCTS; i++) {
		fact = maker_add(maker, names[i], MARKET_KIND_PRODUCT,
		    model_brand_owner(model_brand_of(i)), names[i], 1);
		fact->brand = model_brand_of(i);
		fact->model = i;
		fact->bands = BIT(MARKET_RAT_GSM) | BIT(MARKET_RAT_UMTS);
		if (i == M_B)
			fact->bands |= BIT(MARKET_RAT_LTE);
		maker_sign(maker, fact);
	}
}

static void
make_networks(maker_t *maker)
{
	fact_t *fact;

	fact = maker_add(
	    maker, "network-tmo", MARKET_KIND_NETWORK, P_TMO, "network", 1);
	fact->network = N_TMO;
	fact->schemes = BIT(S_CARRIER);
	fact->umts_until = maker_one_of(maker, 0, DAY(90), DAY(30));
	maker_sign(maker, fact);
	fact = maker_add(
	    maker, "network-usm", MARKET_KIND_NETWORK, P_USM, "network", 1);
	fact->network = N_USM;
	fact->host = N_TMO;
	maker_sign(maker, fact);
	fact = maker_add(
	    maker, "network-dt", MARKET_KIND_NETWORK, P_DT, "network", 1);
	fact->network = N_DT;
	fact->schemes = BIT(S_CARRIER);
	maker_sign(maker, fact);
}

static void
make_device_changes(maker_t *maker)
{
	fact_t *fact;

	fact = maker_again(
	    maker, maker_find(maker, "product-A"), "product-A-2", 2);
	if (maker_once_in(maker, 2))
		fact->bands |= BIT(MARKET_RAT_LTE);
	else
		fact->bands = BIT(MARKET_RAT_GSM);
	maker_sign(maker, fact);
	fact = maker_again(
	    maker, maker_find(maker, "product-B"), "product-B-fork", 1);
	fact->bands = BIT(MARKET_RAT_GSM);
	maker_sign(maker, fact);
	fact = maker_again(
	    maker, maker_find(maker, "network-tmo"), "network-tmo-2", 2);
	fact->umts_until = DAY(60);
	maker_sign(maker, fact);
	fact = maker_again(maker, fact, "network-tmo-3", 3);
	fact->umts_until = 0;
	maker_sign(maker, fact);
	if (maker_once_in(maker, 3)) {
		fact = maker_again(maker, maker_find(maker, "network-usm"),
		    "network-usm-fork", 1);
		maker_sign(maker, fact);
	}
}

/* ---- sellers ---- */

static void
make_sellers(maker_t *maker)
{
	fact_t *fact;

	fact = maker_add(
	    maker, "seller-shop", MARKET_KIND_SELLER, P_USM, "shop", 1);
	fact->party = P_SHOP;
	fact->keys = BIT(K_SHOP);
	maker_sign(maker, fact);
	fact = maker_add(
	    maker, "seller-store", MARKET_KIND_SELLER, P_USM, "store", 1);
	fact->party = P_STORE;
	fact->keys = BIT(K_STORE);
	fact->not_after = maker_one_of(maker, MODEL_FAR, MODEL_FAR, DAY(100));
	maker_sign(maker, fact);
}

static void
make_seller_changes(maker_t *maker)
{
	const fact_t *shop = maker_find(maker, "seller-shop");
	fact_t *fact;

	fact = maker_again(maker, shop, "seller-shop-2", 2);
	fact->suspended = maker_once_in(maker, 2);
	if (!fact->suspended)
		fact->keys = BIT(K_SHOP2);
	maker_sign(maker, fact);
	fact = maker_again(maker, shop, "seller-shop-3", 3);
	fact->keys = BIT(K_SHOP) | BIT(K_SHOP2);
	maker_sign(maker, fact);
	if (maker_once_in(maker, 3)) {
		fact = maker_again(maker, shop, "seller-shop-fork", 1);
		fact->suspended = maker_once_in(maker, 2);
		fact->keys |= BIT(K_SHOP2);
		maker_sign(maker, fact);
	}
	fact = maker_again(
	    maker, maker_find(maker, "seller-store"), "seller-store-2", 2);
	fact->not_after = MODEL_FAR;
	maker_sign(maker, fact);
}

/* ---- grants ---- */

static fact_t *
grant(maker_t *maker, const char *name, int issuer, int brand, int grantee)
{
	fact_t *fact = maker_add(
	    maker, name, MARKET_KIND_AUTHORIZATION, issuer, name, 1);

	fact->brand = brand;
	fact->party = grantee;
	fact->models = fact->territories = fact->channels = ANY;
	return fact;
}

static void
make_grants(maker_t *maker)
{
	const fact_t *parent;
	fact_t *fact;

	fact = grant(maker, "grant-a", P_MI, B_XIAOMI, P_SHOP);
	if (maker_once_in(maker, 2))
		fact->territories = BIT(T_US) | BIT(T_DE);
	if (maker_once_in(maker, 4))
		fact->excluded = BIT(T_CA);
	if (maker_once_in(maker, 3))
		fact->channels = BIT(C_ONLINE);
	if (maker_once_in(maker, 2))
		fact->keys = BIT(K_SHOP);
	fact->not_before = maker_one_of(maker, PAST, PAST, DAY(2));
	fact->not_after = maker_one_of(maker, MODEL_FAR, DAY(45), MODEL_FAR);
	maker_sign(maker, fact);
	fact = grant(maker, "grant-c", P_MEIZU, B_MEIZU, P_SHOP);
	fact->not_after = maker_one_of(maker, MODEL_FAR, DAY(70), MODEL_FAR);
	maker_sign(maker, fact);
	fact = grant(maker, "grant-d", P_MI, B_XIAOMI, P_DIST);
	fact->keys = BIT(K_DIST);
	fact->delegations = maker_once_in(maker, 8) ? 0
	    : maker_once_in(maker, 2)               ? 1
						    : 2;
	fact->not_after = maker_one_of(maker, MODEL_FAR, MODEL_FAR, DAY(50));
	if (maker_once_in(maker, 4))
		fact->territories = BIT(T_US);
	maker_sign(maker, fact);
	parent = fact;
	fact = grant(maker, "sub", P_DIST, B_XIAOMI, P_STORE);
	fact->parent = parent;
	fact->territories = parent->territories;
	fact->not_after = parent->not_after;
	fact->delegations = parent->delegations == 2 ? 1 : 0;
	if (maker_once_in(maker, 3))
		fact->models = BIT(M_A);
	fact->keys = BIT(K_STORE);
	if (maker_once_in(maker, 6))
		fact->not_after = parent->not_after + 1;
	maker_sign(maker, fact);
}

static void
make_grant_changes(maker_t *maker)
{
	const fact_t *a = maker_find(maker, "grant-a");
	fact_t *fact;

	fact = maker_again(maker, a, "grant-a-2", 2);
	switch (pool_random_number(&maker->random, 4)) {
	case 0: fact->territories = BIT(T_DE); break;
	case 1:
		fact->party = P_STORE;
		fact->keys = 0;
		break;
	case 2: fact->not_before = DAY(8); break;
	default: fact->models = BIT(M_B); break;
	}
	maker_sign(maker, fact);
	if (maker_once_in(maker, 2)) {
		fact = maker_again(maker, fact, "grant-a-2-fork", 2);
		fact->delegations = 1;
		maker_sign(maker, fact);
	}
	fact = maker_again(maker, a, "grant-a-3", 3);
	fact->not_before = PAST;
	fact->not_after = DAY(120);
	fact->key = maker_once_in(maker, 3) ? K_MI2 : K_MI;
	maker_sign(maker, fact);
	if (maker_once_in(maker, 2)) {
		fact = maker_again(maker, a, "grant-a-fork", 1);
		fact->delegations = 1;
		maker_sign(maker, fact);
	}
	fact = grant(maker, "grant-b", P_MI, B_XIAOMI, P_SHOP);
	fact->not_before = maker_one_of(maker, PAST, DAY(5), DAY(12));
	fact->not_after = DAY(80);
	if (maker_once_in(maker, 3))
		fact->channels = BIT(C_RETAIL);
	maker_sign(maker, fact);
	fact = grant(maker, "grant-forged", P_MI, B_XIAOMI, P_SHOP);
	fact->spoilt = true;
	maker_sign(maker, fact);
	fact = grant(maker, "grant-strange", P_STRANGER, B_XIAOMI, P_SHOP);
	fact->no_role = true;
	maker_sign(maker, fact);
	fact = grant(maker, "grant-wrong", P_MEIZU, B_XIAOMI, P_SHOP);
	fact->no_role = true;
	maker_sign(maker, fact);
}

static void
make_sub_grants(maker_t *maker)
{
	const fact_t *sub = maker_find(maker, "sub");
	fact_t *fact, *parent;

	fact = maker_again(maker, sub, "sub-2", 2);
	fact->channels = BIT(C_ONLINE);
	if (maker_once_in(maker, 3))
		fact->delegations = 5;
	maker_sign(maker, fact);
	if (maker_once_in(maker, 2)) {
		fact = maker_again(maker, sub, "sub-fork", 1);
		fact->channels = BIT(C_ONLINE) | BIT(C_RETAIL);
		maker_sign(maker, fact);
	}
	fact = grant(maker, "sub-forged", P_DIST, B_XIAOMI, P_STORE);
	fact->parent = sub->parent;
	fact->key = K_FORGER;
	maker_sign(maker, fact);
	parent = maker_again(maker, sub->parent, "grant-d-2", 2);
	parent->models = BIT(M_A);
	parent->delegations = 2;
	parent->not_after = DAY(200);
	maker_sign(maker, parent);
	fact = maker_again(maker, sub, "sub-b", 1);
	snprintf(fact->id, sizeof(fact->id), "sub-b");
	fact->parent = parent;
	fact->models = BIT(M_A);
	fact->not_after = DAY(200);
	fact->delegations = 1;
	maker_sign(maker, fact);
	if (sub->delegations > 0) {
		parent = maker_again(maker, sub, "sub-sub", 1);
		snprintf(parent->id, sizeof(parent->id), "sub-sub");
		parent->issuer = P_STORE;
		parent->key = K_STORE;
		parent->party = P_SHOP;
		parent->keys = 0;
		parent->delegations = 0;
		parent->parent = sub;
		maker_sign(maker, parent);
	}
}

/* ---- certifications ---- */

static fact_t *
certification(maker_t *maker, const char *name, int issuer, int product)
{
	fact_t *fact = maker_add(
	    maker, name, MARKET_KIND_CERTIFICATION, issuer, name, 1);

	fact->scheme = issuer == P_FCC ? S_FCC : S_CARRIER;
	fact->brand = model_brand_of(product);
	fact->model = product;
	fact->software = ANY;
	fact->networks = issuer == P_TMO ? BIT(N_TMO)
	    : issuer == P_DT             ? BIT(N_DT)
					 : ANY;
	fact->territories = issuer == P_DT ? BIT(T_DE) : BIT(T_US);
	fact->state = MARKET_CERTIFICATION_STATE_CERTIFIED;
	return fact;
}

static void
make_certifications(maker_t *maker)
{
	static const struct {
		const char *name;
		int issuer, product;
	} rows[] = { { "tmo-A", P_TMO, M_A }, { "tmo-B", P_TMO, M_B },
		{ "tmo-C", P_TMO, M_C }, { "fcc-A", P_FCC, M_A },
		{ "fcc-B", P_FCC, M_B }, { "fcc-C", P_FCC, M_C },
		{ "dt-A", P_DT, M_A }, { "dt-B", P_DT, M_B } };
	fact_t *fact;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fact = certification(
		    maker, rows[i].name, rows[i].issuer, rows[i].product);
		if (i == 0 && maker_once_in(maker, 3))
			fact->state = MARKET_CERTIFICATION_STATE_IN_TEST;
		if (i == 1 && maker_once_in(maker, 3))
			fact->state = MARKET_CERTIFICATION_STATE_PROVISIONAL;
		if (i == 3)
			fact->not_after = maker_one_of(
			    maker, MODEL_FAR, DAY(40), MODEL_FAR);
		maker_sign(maker, fact);
	}
}

static void
revise(maker_t *maker, const fact_t *fact, const char *name, unsigned revision,
    market_certification_state_t state)
{
	fact_t *copy = maker_again(maker, fact, name, revision);

	copy->state = state;
	copy->not_after = MODEL_FAR;
	maker_sign(maker, copy);
}

static void
make_certification_changes(maker_t *maker)
{
	const fact_t *fact = maker_find(maker, "tmo-A");
	fact_t *other;

	revise(maker, fact, "tmo-A-2", 2,
	    fact->state == MARKET_CERTIFICATION_STATE_IN_TEST
		? MARKET_CERTIFICATION_STATE_CERTIFIED
		: MARKET_CERTIFICATION_STATE_SUSPENDED);
	revise(maker, fact, "tmo-A-3", 3, MARKET_CERTIFICATION_STATE_CERTIFIED);
	if (maker_once_in(maker, 2))
		revise(maker, fact, "tmo-A-4", 4,
		    MARKET_CERTIFICATION_STATE_REVOKED);
	revise(maker, fact, "tmo-A-5", 5, MARKET_CERTIFICATION_STATE_CERTIFIED);
	fact = maker_find(maker, "fcc-B");
	revise(maker, fact, "fcc-B-2", 2, MARKET_CERTIFICATION_STATE_SUSPENDED);
	revise(maker, fact, "fcc-B-3", 3, MARKET_CERTIFICATION_STATE_CERTIFIED);
	other = maker_again(maker, maker_find(maker, "fcc-A"), "fcc-A-fork", 1);
	other->not_after = DAY(41);
	maker_sign(maker, other);
	other = certification(maker, "fcc-A-b", P_FCC, M_A);
	other->software = BIT(0);
	other->not_before = maker_one_of(maker, PAST, DAY(3), PAST);
	maker_sign(maker, other);
	other = certification(maker, "tmo-A-b", P_TMO, M_A);
	other->software = BIT(1);
	if (maker_once_in(maker, 3))
		other->state = MARKET_CERTIFICATION_STATE_IN_TEST;
	maker_sign(maker, other);
	other = certification(maker, "fcc-carrier", P_FCC, M_A);
	other->scheme = S_CARRIER;
	other->networks = BIT(N_TMO);
	other->no_role = true;
	maker_sign(maker, other);
}

void
maker_base(maker_t *maker)
{
	make_trust(maker);
	make_products(maker);
	make_networks(maker);
	make_sellers(maker);
	make_grants(maker);
	make_certifications(maker);
}

void
maker_changes(maker_t *maker)
{
	make_trust_changes(maker);
	make_device_changes(maker);
	make_seller_changes(maker);
	make_grant_changes(maker);
	make_sub_grants(maker);
	make_certification_changes(maker);
}
