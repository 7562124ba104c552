/* SPDX-License-Identifier: Apache-2.0 */
/* What takes away: disavowals, holds, withdrawals; and the offers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model_maker.h"
#include "world.h"

/* ---- disavowals and holds ---- */

static fact_t *
disavowal(maker_t *maker, const char *name)
{
	fact_t *fact = maker_add(
	    maker, name, MARKET_KIND_DISAVOWAL, P_MI, name, 1);

	fact->brand = B_XIAOMI;
	fact->models = fact->territories = fact->channels = ANY;
	return fact;
}

static void
make_disavowals(maker_t *maker)
{
	fact_t *fact;

	fact = disavowal(maker, "disavow");
	fact->parties = maker_once_in(maker, 2) ? ANY
	    : maker_once_in(maker, 2)           ? BIT(P_SHOP)
						: BIT(P_DIST);
	fact->territories = maker_once_in(maker, 3) ? BIT(T_CA)
	    : maker_once_in(maker, 2)               ? BIT(T_DE)
						    : ANY;
	if (maker_once_in(maker, 3))
		fact->models = BIT(M_B);
	fact->not_before = maker_one_of(maker, PAST, DAY(7), PAST);
	fact->not_after = maker_one_of(maker, MODEL_FAR, DAY(9), DAY(9));
	maker_sign(maker, fact);
	fact = maker_again(maker, fact, "disavow-2", 2);
	fact->parties = maker_once_in(maker, 3) ? BIT(P_STORE)
						: BIT(P_STRANGER);
	fact->not_before = maker->pool->skew == 0
	    ? maker_one_of(maker, PAST, DAY(25), PAST)
	    : PAST;
	fact->not_after = MODEL_FAR;
	maker_sign(maker, fact);
	if (maker_once_in(maker, 3)) {
		fact = maker_again(maker, fact, "disavow-2-fork", 2);
		fact->parties = BIT(P_SHOP);
		maker_sign(maker, fact);
	}
}

static void
make_holds(maker_t *maker)
{
	fact_t *fact;

	fact = maker_add(maker, "hold", MARKET_KIND_HOLD, P_USM, "hold", 1);
	fact->party = P_SHOP;
	fact->not_before = maker_one_of(maker, PAST, DAY(6), PAST);
	fact->not_after = DAY(30);
	maker_sign(maker, fact);
	fact = maker_again(maker, fact, "hold-2", 2);
	fact->not_after = DAY(12);
	fact->not_before = maker->pool->skew == 0
	    ? maker_one_of(maker, PAST, DAY(10), PAST)
	    : PAST;
	if (maker_once_in(maker, 3))
		fact->party = P_STORE;
	maker_sign(maker, fact);
	fact = maker_add(
	    maker, "hold-offer", MARKET_KIND_HOLD, P_USM, "hold-o", 1);
	fact->party = P_SHOP;
	snprintf(fact->offer_id, sizeof(fact->offer_id), "o1");
	fact->not_after = DAY(20);
	maker_sign(maker, fact);
	fact = maker_add(
	    maker, "hold-model", MARKET_KIND_HOLD, P_USM, "hold-m", 1);
	fact->brand = B_XIAOMI;
	fact->model = M_B;
	fact->not_after = DAY(15);
	maker_sign(maker, fact);
	fact = maker_add(maker, "remove", MARKET_KIND_HOLD, P_USM, "remove", 1);
	fact->final = true;
	fact->not_after = DAY(18);
	if (maker_once_in(maker, 2)) {
		fact->brand = B_MEIZU;
	} else {
		fact->party = P_SHOP;
		snprintf(fact->offer_id, sizeof(fact->offer_id), "o2");
	}
	maker_sign(maker, fact);
	fact = maker_add(
	    maker, "hold-by-brand", MARKET_KIND_HOLD, P_MI, "hold", 1);
	fact->no_role = true;
	fact->party = P_SHOP;
	maker_sign(maker, fact);
}

/* ---- withdrawals ---- */

static fact_t *
withdraw(maker_t *maker, const char *name, int issuer, const char *target,
    bool by_name)
{
	fact_t *fact = maker_add(
	    maker, name, MARKET_KIND_WITHDRAWAL, issuer, name, 1);

	fact->target = target != NULL ? maker_find(maker, target) : NULL;
	fact->by_name = by_name;
	fact->effective_at = maker_one_of(maker, 0, DAY(15), DAY(-5));
	fact->not_after = maker_one_of(maker, MODEL_FAR, DAY(3), DAY(3));
	return fact;
}

static void
withdraw_key(maker_t *maker, const char *name, int issuer, int key)
{
	fact_t *fact = withdraw(maker, name, issuer, NULL, false);

	fact->target_key = key;
	maker_sign(maker, fact);
}

static void
make_withdrawals(maker_t *maker)
{
	bool by_name = maker_once_in(maker, 2);
	fact_t *fact;

	fact = withdraw(maker, "w-grant-a",
	    maker_once_in(maker, 3) ? P_USM : P_MI, "grant-a", false);
	if (fact->effective_at == 0)
		fact->not_before = maker_one_of(maker, PAST, DAY(8), PAST);
	fact->not_after = DAY(9);
	maker_sign(maker, fact);
	fact = maker_again(maker, fact, "w-grant-a-2", 2);
	fact->effective_at = DAY(100);
	maker_sign(maker, fact);
	maker_sign(maker, withdraw(maker, "w-name-b", P_MI, "grant-b", true));
	maker_sign(
	    maker, withdraw(maker, "w-grant-a-2nd", P_MI, "grant-a-2", false));
	maker_sign(maker, withdraw(maker, "w-dist", P_MI, "grant-d", by_name));
	maker_sign(maker,
	    withdraw(maker, "w-sub",
		maker_once_in(maker, 2)       ? P_MI
		    : maker_once_in(maker, 2) ? P_USM
					      : P_DIST,
		"sub", by_name));
	withdraw_key(maker, "w-key-shop", P_USM, K_SHOP);
	if (maker_once_in(maker, 3))
		withdraw_key(maker, "w-key-mi", P_USM, K_MI);
	withdraw_key(maker, "w-key-dist", P_MI, K_DIST);
	withdraw_key(maker, "w-key-strange", P_TMO, K_SHOP);
	maker_sign(maker, withdraw(maker, "w-fcc-A", P_FCC, "fcc-A", false));
	maker_sign(
	    maker, withdraw(maker, "w-fcc-B-2", P_FCC, "fcc-B-2", false));
	maker_sign(
	    maker, withdraw(maker, "w-no-standing", P_TMO, "grant-a", false));
	maker_sign(
	    maker, withdraw(maker, "w-disavow", P_MI, "disavow", by_name));
	maker_sign(maker, withdraw(maker, "w-hold", P_USM, "hold", by_name));
	maker_sign(maker, withdraw(maker, "w-nothing", P_MI, NULL, false));
}

/* ---- offers ---- */

static fact_t *
offer(maker_t *maker, const char *name, int seller, const char *id,
    unsigned revision, int product)
{
	pool_t *pool = maker->pool;
	fact_t *fact;

	ck_assert_int_lt(
	    pool->n_offers, (int)(sizeof(pool->offers) / sizeof(fact_t)));
	fact = maker_blank(&pool->offers[pool->n_offers++], name,
	    MARKET_KIND_OFFER, seller, id, revision);
	fact->brand = model_brand_of(product);
	fact->model = product;
	fact->software = maker_once_in(maker, 3) ? BIT(1) : BIT(0);
	fact->territories = BIT(T_US);
	fact->channels = BIT(C_ONLINE);
	fact->networks = BIT(N_TMO);
	fact->disclosures = BIT(MARKET_DISCLOSURE_SERVICE_3G_ONLY);
	if (maker_once_in(maker, 3))
		fact->disclosures |= BIT(MARKET_DISCLOSURE_SERVICE_2G_ONLY);
	if (maker_once_in(maker, 8))
		fact->disclosures = 0;
	fact->price = 219000000;
	return fact;
}

static fact_t *
revision(maker_t *maker, const fact_t *fact, const char *name, unsigned number)
{
	pool_t *pool = maker->pool;
	fact_t *copy;

	ck_assert_int_lt(
	    pool->n_offers, (int)(sizeof(pool->offers) / sizeof(fact_t)));
	copy = &pool->offers[pool->n_offers++];
	*copy = *fact;
	snprintf(copy->name, sizeof(copy->name), "%s", name);
	copy->revision = number;
	copy->price += number * 10000;
	return copy;
}

static void
make_offers(maker_t *maker)
{
	fact_t *fact, *first;

	first = offer(maker, "o1", P_SHOP, "o1", 1, M_A);
	first->not_after = maker_one_of(maker, MODEL_FAR, DAY(20), MODEL_FAR);
	maker_sign(maker, first);
	fact = revision(maker, first, "o1-2", 2);
	fact->not_before = maker_one_of(maker, PAST, DAY(3), PAST);
	if (maker_once_in(maker, 2))
		fact->networks = BIT(N_TMO) | BIT(N_USM);
	maker_sign(maker, fact);
	fact = revision(maker, fact, "o1-2-fork", 2);
	fact->price += 770000;
	maker_sign(maker, fact);
	fact = revision(maker, first, "o1-3", 3);
	fact->not_after = MODEL_FAR;
	maker_sign(maker, fact);
	fact = offer(maker, "o2", P_SHOP, "o2", 1, M_A);
	fact->networks = BIT(N_TMO) | BIT(N_USM);
	fact->channels |= BIT(C_RETAIL);
	maker_sign(maker, fact);
	fact = offer(maker, "o3", P_SHOP, "o3", 1, M_B);
	fact->territories = BIT(T_CA) |
	    (maker_once_in(maker, 2) ? BIT(T_US) : 0);
	maker_sign(maker, fact);
	fact = offer(maker, "o4", P_SHOP, "o4", 1, M_C);
	fact->networks = BIT(N_USM);
	maker_sign(maker, fact);
	fact = offer(maker, "o5", P_SHOP, "o5", 1, M_A);
	fact->key = K_SHOP2;
	maker_sign(maker, fact);
	fact = offer(maker, "o6", P_SHOP, "o6", 1, M_B);
	fact->territories = BIT(T_DE) |
	    (maker_once_in(maker, 3) ? BIT(T_US) : 0);
	fact->networks = BIT(N_DT);
	maker_sign(maker, fact);
	fact = offer(maker, "p1", P_STORE, "p1", 1, M_A);
	maker_sign(maker, fact);
	fact = offer(maker, "p2", P_STORE, "p2", 1, M_B);
	maker_sign(maker, fact);
	fact = offer(maker, "o7-spoilt", P_SHOP, "o7", 1, M_A);
	fact->spoilt = true;
	maker_sign(maker, fact);
	fact = offer(maker, "o1-forged", P_SHOP, "o1", 9, M_A);
	fact->key = K_FORGER;
	maker_sign(maker, fact);
}

/* A withdrawal of an offer stands among the other facts. */
static void
make_offer_withdrawals(maker_t *maker)
{
	int issuer = maker_once_in(maker, 2) ? P_SHOP
	    : maker_once_in(maker, 2)        ? P_MI
					     : P_USM;
	fact_t *fact = withdraw(maker, "w-offer", issuer, NULL, false);

	fact->target = &maker->pool->offers[0];
	fact->by_name = maker_once_in(maker, 3);
	maker_sign(maker, fact);
	fact = maker_again(maker, fact, "w-offer-strange", 1);
	snprintf(fact->id, sizeof(fact->id), "w-strange");
	fact->issuer = P_MEIZU;
	fact->key = K_MEIZU;
	maker_sign(maker, fact);
}

void
maker_taken(maker_t *maker)
{
	make_disavowals(maker);
	make_holds(maker);
	make_withdrawals(maker);
}

void
maker_offers(maker_t *maker)
{
	make_offers(maker);
	make_offer_withdrawals(maker);
}
