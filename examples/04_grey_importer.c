/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A grey importer: its goods are genuine and the marketplace has verified who
 * it is. What it lacks is the brand's word, and nobody else's will do.
 */
#include <stdio.h>
#include <string.h>

#include "screen.h"
#include "shop.h"
#include "story_facts.h"

typedef struct attempt {
	const char *heading;
	const char *text;
	market_status_t (*prepare)(world_t *world);
	offer_t offer;
	market_code_t want; /* NONE: permitted */
} attempt_t;

static const grant_t for_the_shop = {
	.id = "grant-corner-shop",
	.issuer = BRAND_OWNER,
	.grantee = SHOP,
};

static const grant_t for_hong_kong = {
	.id = "grant-grey-hk",
	.issuer = BRAND_OWNER,
	.grantee = GREY,
	.territory = "HK",
};

static const grant_t for_the_us = {
	.id = "grant-grey-us",
	.issuer = BRAND_OWNER,
	.grantee = GREY,
};

static market_status_t
hand_grant(world_t *world, const grant_t *grant)
{
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_status_t status;

	status = shop_grant(world, grant, NULL, &envelope);
	if (status == MARKET_OK)
		status = shop_hand(world, &envelope, grant->id);
	market_buffer_clear(&envelope);
	return status;
}

static market_status_t
hand_seller(world_t *world, const char *seller)
{
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_status_t status;

	status = shop_seller(world, seller, NULL, NULL, &envelope);
	if (status == MARKET_OK)
		status = shop_hand(world, &envelope, seller);
	market_buffer_clear(&envelope);
	return status;
}

static market_status_t
nothing(world_t *world)
{
	(void)world;
	return MARKET_OK;
}

static market_status_t
borrow(world_t *world)
{
	return hand_grant(world, &for_the_shop);
}

static market_status_t
pose_as_shop(world_t *world)
{
	market_status_t status = hand_seller(world, SHOP);

	return status == MARKET_OK ? hand_grant(world, &for_the_shop) : status;
}

/* The shop's grant is genuine; what is pinned beneath it is not the shop's. */
static market_status_t
grant_oneself(world_t *world)
{
	market_buffer_t above = MARKET_BUFFER_INIT;
	grant_t own = { .id = "sub-grant", .issuer = SHOP, .grantee = GREY };
	market_status_t status;

	own.signer = GREY;
	status = shop_grant(world, &for_the_shop, NULL, &above);
	if (status == MARKET_OK) {
		own.parent = market_buffer_slice(&above);
		status = hand_grant(world, &own);
	}
	if (status == MARKET_OK)
		status = shop_hand(world, &above, for_the_shop.id);
	market_buffer_clear(&above);
	return status;
}

static market_status_t
other_country(world_t *world)
{
	return hand_grant(world, &for_hong_kong);
}

static market_status_t
disavowed(world_t *world)
{
	market_status_t status = hand_grant(world, &for_the_us);

	return status == MARKET_OK ? world_hand(world, &disavowal_xiaomi, NULL)
				   : status;
}

static market_status_t
authorised(world_t *world)
{
	return hand_grant(world, &for_the_us);
}

static const attempt_t attempts[] = {
	{ "It just offers",
	    "Genuine goods, a verified seller, a certified phone: and no "
	    "grant.",
	    nothing, { .seller = GREY }, MARKET_CODE_AUTHORIZATION_MISSING },
	{ "It hands in the grant of another shop",
	    "A grant names its grantee. That it is genuine does not make it "
	    "anybody else's.",
	    borrow, { .seller = GREY }, MARKET_CODE_AUTHORIZATION_MISSING },
	{ "It offers in that shop's name",
	    "The grant would fit. The shop's key, which the marketplace and "
	    "the grant both name, is not there to sign.",
	    pose_as_shop, { .seller = SHOP, .signer = GREY },
	    MARKET_CODE_OFFER_SIGNATURE_INVALID },
	{ "It writes a sub-grant to itself beneath that shop's grant",
	    "A sub-grant is verified with the keys that its parent names, and "
	    "with no others.",
	    grant_oneself, { .seller = GREY },
	    MARKET_CODE_AUTHORIZATION_MISSING },
	{ "It has a grant of its own, for Hong Kong",
	    "The brand did authorise it: there. No territory implies another.",
	    other_country, { .seller = GREY },
	    MARKET_CODE_AUTHORIZATION_SCOPE_TERRITORY },
	{ "It has a grant for the US, which the brand disavows",
	    "What takes away beats what grants, until the brand itself "
	    "withdraws or revises it.",
	    disavowed, { .seller = GREY }, MARKET_CODE_BRAND_DISAVOWED },
	{ "The brand grants, and nothing stands against it",
	    "The same goods from the same seller: now they may be listed.",
	    authorised, { .seller = GREY }, MARKET_CODE_NONE },
};

static int
as_promised(
    world_t *world, const market_decision_t *decision, const attempt_t *attempt)
{
	market_verdict_t verdict = market_decision_verdict(decision);

	if (attempt->want == MARKET_CODE_NONE)
		return verdict == MARKET_VERDICT_PERMIT;
	return verdict == MARKET_VERDICT_DENY &&
	    shop_told(world, decision, attempt->want);
}

static market_status_t
attempt(world_t *world, const attempt_t *one, int *wrong)
{
	market_buffer_t offer = MARKET_BUFFER_INIT;
	market_decision_t *decision = NULL;
	market_status_t status;

	screen_heading(one->heading);
	screen_text(0, one->text);
	putchar('\n');
	status = shop_begin(world, NULL);
	if (status == MARKET_OK)
		status = hand_seller(world, GREY);
	if (status == MARKET_OK)
		status = one->prepare(world);
	if (status == MARKET_OK)
		status = shop_offer(world, &one->offer, NULL, &offer);
	if (status == MARKET_OK)
		status = shop_ask(world, market_buffer_slice(&offer),
		    DAY_2016_02_01, &decision);
	if (status == MARKET_OK)
		status = screen_report(decision);
	if (status == MARKET_OK && !as_promised(world, decision, one)) {
		fprintf(stderr, "unexpected: %s\n", one->heading);
		*wrong = 1;
	}
	market_decision_free(decision);
	market_buffer_clear(&offer);
	return status;
}

int
main(void)
{
	market_status_t status;
	world_t world;
	int wrong = 0;
	size_t i;

	screen_open();
	status = world_open(&world, STORY_FOLDER);
	for (i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
		if (status == MARKET_OK)
			status = attempt(&world, &attempts[i], &wrong);
	if (status != MARKET_OK)
		world_complain(&world, status);
	world_close(&world);
	return status != MARKET_OK || wrong;
}
