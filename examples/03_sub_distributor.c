/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A chain of two grants: the brand allows a distributor to delegate once, the
 * distributor grants to a shop, and the shop's offer is permitted. Then the
 * distributor grants more than it has.
 *
 *	03_sub_distributor		in the world of February 2016
 *	03_sub_distributor FOLDER	dated today, and written to FOLDER, for
 *					01_check: root, policy, offer and 0*
 */
#include <stdio.h>
#include <time.h>

#include "file.h"
#include "screen.h"
#include "shop.h"
#include "story_facts.h"

#define YEAR (365 * 86400)

static const grant_t distributor = {
	.id = "grant-pacific-trade",
	.issuer = BRAND_OWNER,
	.grantee = DISTRIBUTOR,
	.delegations = 1, /* it may grant once more, and no further */
};

/* The sub-grant; `also` is a territory that the distributor has not. */
static grant_t
sub_grant(market_slice_t parent, const char *also)
{
	grant_t grant = { .id = "grant-corner-shop",
		.issuer = DISTRIBUTOR,
		.grantee = SHOP };

	grant.parent = parent;
	grant.also = also;
	return grant;
}

static market_status_t
store(
    world_t *world, const char *folder, const char *name, market_buffer_t *data)
{
	char path[1024];

	if (folder != NULL) {
		snprintf(path, sizeof(path), "%s/%s", folder, name);
		file_store(path, market_buffer_slice(data), 0);
	}
	return shop_hand(world, data, name);
}

/* Brand -> distributor -> shop, and the shop as the marketplace knows it. */
static market_status_t
hand_chain(
    world_t *world, const char *also, const term_t *term, const char *folder)
{
	market_buffer_t above = MARKET_BUFFER_INIT, below = MARKET_BUFFER_INIT,
			seller = MARKET_BUFFER_INIT;
	market_status_t status;
	grant_t grant;

	status = shop_seller(world, SHOP, NULL, term, &seller);
	if (status == MARKET_OK)
		status = store(world, folder, "01-seller.json", &seller);
	if (status == MARKET_OK)
		status = shop_grant(world, &distributor, term, &above);
	if (status == MARKET_OK) {
		grant = sub_grant(market_buffer_slice(&above), also);
		status = shop_grant(world, &grant, term, &below);
	}
	if (status == MARKET_OK)
		status = store(world, folder, "02-distributor.json", &above);
	if (status == MARKET_OK)
		status = store(world, folder, "03-shop.json", &below);
	market_buffer_clear(&above);
	market_buffer_clear(&below);
	market_buffer_clear(&seller);
	return status;
}

/* 0 if the answer is the one that was promised. */
static market_status_t
ask(world_t *world, const term_t *term, int64_t at, const char *folder,
    market_code_t want, int *wrong)
{
	static const offer_t offer = { .seller = SHOP };
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_decision_t *decision = NULL;
	market_status_t status;
	char path[1024];

	status = shop_offer(world, &offer, term, &envelope);
	if (status == MARKET_OK && folder != NULL) {
		snprintf(path, sizeof(path), "%s/offer.json", folder);
		file_store(path, market_buffer_slice(&envelope), 0);
	}
	if (status == MARKET_OK)
		status = shop_ask(
		    world, market_buffer_slice(&envelope), at, &decision);
	if (status == MARKET_OK) {
		status = screen_report(decision);
		if (want == MARKET_CODE_NONE)
			*wrong |= market_decision_verdict(decision) !=
			    MARKET_VERDICT_PERMIT;
		else
			*wrong |= market_decision_verdict(decision) !=
				MARKET_VERDICT_DENY ||
			    !shop_told(world, decision, want);
	}
	market_decision_free(decision);
	market_buffer_clear(&envelope);
	return status;
}

/* What shop_begin() hands in, for whoever reads the folder later. */
static market_status_t
store_world(world_t *world, const term_t *term, const char *folder)
{
	static const struct {
		const char *name;
		const document_t *document;
	} files[] = {
		{ "root.json", NULL },
		{ "policy.json", &policy_supposed },
		{ "04-host.json", &network_t_mobile },
		{ "05-network.json", &network_usmobile },
		{ "06-product.json", &product_mi4 },
		{ "07-carrier.json", &carrier_mi4 },
		{ "08-fcc.json", &fcc_mi4 },
	};
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_status_t status = MARKET_OK;
	char path[1024];
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		status = files[i].document == NULL
		    ? world_root(world, term, &envelope)
		    : world_envelope(world, files[i].document, term, &envelope);
		if (status != MARKET_OK)
			break;
		snprintf(path, sizeof(path), "%s/%s", folder, files[i].name);
		file_store(path, market_buffer_slice(&envelope), 0);
		market_buffer_clear(&envelope);
	}
	return status;
}

static market_status_t
tell(world_t *world, const char *folder, int *wrong)
{
	int64_t now = folder == NULL ? DAY_2016_02_01 : (int64_t)time(NULL);
	term_t today = { 1, now, now + YEAR };
	const term_t *term = folder == NULL ? NULL : &today;
	market_status_t status;

	screen_heading("A shop sells under its distributor's grant");
	status = shop_begin(world, term);
	if (status == MARKET_OK && folder != NULL)
		status = store_world(world, term, folder);
	if (status == MARKET_OK)
		status = hand_chain(world, NULL, term, folder);
	if (status == MARKET_OK)
		status = ask(world, term, now, folder, MARKET_CODE_NONE, wrong);
	if (status != MARKET_OK)
		return status;
	screen_heading("The distributor grants Canada too, which it has not");
	screen_text(0,
	    "The shop asks for the US alone, which both grants have. But a "
	    "sub-grant that reaches beyond its parent is an error as a whole: "
	    "who signs more than he has is not believed in the rest.");
	putchar('\n');
	status = shop_begin(world, term);
	if (status == MARKET_OK)
		status = hand_chain(world, "CA", term, NULL);
	if (status == MARKET_OK)
		status = ask(world, term, now, NULL,
		    MARKET_CODE_AUTHORIZATION_WIDENED_TERRITORY, wrong);
	return status;
}

int
main(int argc, char **argv)
{
	market_status_t status;
	world_t world;
	int wrong = 0;

	screen_open();
	status = world_open(&world, STORY_FOLDER);
	if (status == MARKET_OK)
		status = tell(&world, argc > 1 ? argv[1] : NULL, &wrong);
	if (status != MARKET_OK)
		world_complain(&world, status);
	world_close(&world);
	return status != MARKET_OK || wrong;
}
