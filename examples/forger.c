/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "forger.h"
#include "story_facts.h"

static const grant_t for_the_shop = {
	.id = "grant-shop",
	.issuer = BRAND_OWNER,
	.grantee = SHOP,
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
hand_seller(world_t *world, const char *seller, const keys_t *keys)
{
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_status_t status;

	status = shop_seller(world, seller, keys, NULL, &envelope);
	if (status == MARKET_OK)
		status = shop_hand(world, &envelope, seller);
	market_buffer_clear(&envelope);
	return status;
}

/* The honest world: a shop that is verified and authorised. */
static market_status_t
honest(world_t *world, forgery_t *forgery)
{
	market_status_t status = hand_seller(world, SHOP, NULL);

	(void)forgery;
	return status == MARKET_OK ? hand_grant(world, &for_the_shop) : status;
}

/* The forger as a verified seller: what it lacks is the grant. */
static market_status_t
verified(world_t *world, forgery_t *forgery)
{
	market_status_t status = honest(world, forgery);

	return status == MARKET_OK ? hand_seller(world, FORGER, NULL) : status;
}

/* ---- envelopes that are put together from others ---- */

/* Signed by the forger, with the key id of the shop written beside it. */
static market_status_t
borrow_keyid(world_t *world, forgery_t *forgery)
{
	static const char member[] = "\"keyid\":\"";
	const offer_t false_one = { .seller = SHOP, .signer = FORGER };
	const offer_t true_one = { .seller = SHOP };
	market_buffer_t model = MARKET_BUFFER_INIT;
	market_status_t status = honest(world, forgery);
	const char *from;
	char *to;

	if (status == MARKET_OK)
		status = shop_offer(world, &true_one, NULL, &model);
	if (status == MARKET_OK)
		status = shop_offer(world, &false_one, NULL, &forgery->offer);
	if (status == MARKET_OK) {
		from = strstr((const char *)model.data, member);
		to = strstr((char *)forgery->offer.data, member);
		if (from == NULL || to == NULL)
			status = MARKET_E_ENCODING;
		else /* 64 hex digits each */
			memcpy(to, from, sizeof(member) - 1 + 64);
	}
	market_buffer_clear(&model);
	return status;
}

/* The shop's own signature, on the price that the forger likes better. */
static market_status_t
tamper(world_t *world, forgery_t *forgery)
{
	static const char member[] = "\"signatures\":";
	const offer_t cheap = {
		.seller = SHOP, .signer = FORGER, .price = 119
	};
	const offer_t true_one = { .seller = SHOP };
	market_buffer_t model = MARKET_BUFFER_INIT;
	market_status_t status = honest(world, forgery);
	const char *from;
	char *to;

	if (status == MARKET_OK)
		status = shop_offer(world, &true_one, NULL, &model);
	if (status == MARKET_OK)
		status = shop_offer(world, &cheap, NULL, &forgery->offer);
	if (status == MARKET_OK) {
		from = strstr((const char *)model.data, member);
		to = strstr((char *)forgery->offer.data, member);
		if (from == NULL || to == NULL || strlen(from) != strlen(to))
			status = MARKET_E_ENCODING;
		else
			memcpy(to, from, strlen(from));
	}
	market_buffer_clear(&model);
	return status;
}

/* Something that the brand did sign, handed in as what it did not. */
static market_status_t
swap_type(world_t *world, forgery_t *forgery)
{
	static const char is[] = "libmarket.disavowal.";
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_status_t status = verified(world, forgery);
	const char *text, *at;
	char swapped[4096];
	int len;

	if (status == MARKET_OK)
		status = world_envelope(
		    world, &disavowal_xiaomi, NULL, &envelope);
	if (status != MARKET_OK)
		return status;
	text = (const char *)envelope.data;
	at = strstr(text, is);
	len = at == NULL ? -1
			 : snprintf(swapped, sizeof(swapped),
			       "%.*slibmarket.authorization.%s",
			       (int)(at - text), text, at + sizeof(is) - 1);
	if (len < 0 || (size_t)len >= sizeof(swapped))
		status = MARKET_E_LIMIT;
	else
		status = market_evidence_add(world->evidence,
		    market_slice_of(swapped), "swapped", &world->error);
	market_buffer_clear(&envelope);
	return status;
}

/* ---- keys ---- */

/* The shop's key is a test system's, and nobody looked. */
static market_status_t
test_key(world_t *world, forgery_t *forgery)
{
	static const keys_t keys = { .environment = "TEST" };
	grant_t grant = for_the_shop;
	market_status_t status = hand_seller(world, SHOP, &keys);

	(void)forgery;
	grant.keys = keys;
	return status == MARKET_OK ? hand_grant(world, &grant) : status;
}

/* The key ended on 15 January; the offer says that it is older. */
static market_status_t
back_date(world_t *world, forgery_t *forgery)
{
	static const keys_t keys = { .not_after = DAY_2016_01_15 };
	grant_t grant = for_the_shop;
	market_status_t status = hand_seller(world, SHOP, &keys);

	(void)forgery;
	grant.keys = keys;
	return status == MARKET_OK ? hand_grant(world, &grant) : status;
}

/* Two must sign, and one does so twice. */
static market_status_t
sign_twice(world_t *world, forgery_t *forgery)
{
	static const keys_t keys = { .second = PARTNER };
	market_status_t status = hand_seller(world, SHOP, &keys);

	(void)forgery;
	return status == MARKET_OK ? hand_grant(world, &for_the_shop) : status;
}

/* The marketplace has withdrawn the key that was stolen from the shop. */
static market_status_t
stolen_key(world_t *world, forgery_t *forgery)
{
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_draft_t *draft = NULL;
	market_signer_t *shop;
	market_status_t status = honest(world, forgery);

	if (status == MARKET_OK)
		status = world_draft(
		    world, &withdrawal_disavowal, NULL, &draft);
	if (status == MARKET_OK)
		status = market_draft_set_text(
		    draft, "header.issuer", "usmobile.com", &world->error);
	if (status == MARKET_OK)
		status = world_signer(world, SHOP, &shop);
	/* Setting one member of a oneof clears the others, here the name. */
	if (status == MARKET_OK)
		status = market_draft_set_bytes(draft, "target_key",
		    market_key_id(market_signer_key(shop)), &world->error);
	if (status == MARKET_OK)
		status = world_sign(world, draft, "usmobile.com", &envelope);
	if (status == MARKET_OK)
		status = shop_hand(world, &envelope, "withdrawal");
	market_buffer_clear(&envelope);
	market_draft_free(draft);
	return status;
}

/* ---- grants ---- */

/* In the brand's name, by the forger's key. */
static market_status_t
brand_grant(world_t *world, forgery_t *forgery)
{
	static const grant_t grant = { .id = "forged",
		.issuer = BRAND_OWNER,
		.grantee = FORGER,
		.signer = FORGER };
	market_status_t status = verified(world, forgery);

	return status == MARKET_OK ? hand_grant(world, &grant) : status;
}

/* In its own name: nobody asked it to speak for the brand. */
static market_status_t
own_grant(world_t *world, forgery_t *forgery)
{
	static const grant_t grant = { .id = "own",
		.issuer = "forger-holding.example",
		.grantee = FORGER };
	market_status_t status = verified(world, forgery);

	return status == MARKET_OK ? hand_grant(world, &grant) : status;
}

/* A grant beneath a genuine one: with `also` in scope, delegations, signer. */
static market_status_t
chain(world_t *world, int64_t delegations, const char *also, const char *signer)
{
	grant_t above = { .id = "grant-trade",
		.issuer = BRAND_OWNER,
		.grantee = DISTRIBUTOR };
	grant_t below = {
		.id = "grant-below", .issuer = DISTRIBUTOR, .grantee = FORGER
	};
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_status_t status = hand_seller(world, FORGER, NULL);

	above.delegations = delegations;
	if (status == MARKET_OK)
		status = shop_grant(world, &above, NULL, &envelope);
	below.parent = market_buffer_slice(&envelope);
	below.also = also;
	below.signer = signer;
	if (status == MARKET_OK)
		status = hand_grant(world, &below);
	if (status == MARKET_OK)
		status = shop_hand(world, &envelope, above.id);
	market_buffer_clear(&envelope);
	return status;
}

static market_status_t
widen(world_t *world, forgery_t *forgery)
{
	(void)forgery;
	return chain(world, 1, "CA", NULL);
}

static market_status_t
delegate(world_t *world, forgery_t *forgery)
{
	(void)forgery;
	return chain(world, 0, NULL, NULL);
}

static market_status_t
forge_link(world_t *world, forgery_t *forgery)
{
	(void)forgery;
	return chain(world, 1, NULL, FORGER);
}

/* It had a grant once; the next revision leaves it Hong Kong. */
static market_status_t
replay(world_t *world, forgery_t *forgery)
{
	grant_t grant = {
		.id = "grant-forger", .issuer = BRAND_OWNER, .grantee = FORGER
	};
	market_status_t status = hand_seller(world, FORGER, NULL);

	(void)forgery;
	if (status == MARKET_OK)
		status = hand_grant(world, &grant);
	grant.revision = 2;
	grant.territory = "HK";
	return status == MARKET_OK ? hand_grant(world, &grant) : status;
}

/* ---- in the name of others ---- */

/* A document of the story, with another issuer who signs it as well. */
static market_status_t
hand_as(world_t *world, const document_t *document, const char *issuer,
    const char *signer)
{
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_draft_t *draft = NULL;
	market_status_t status;

	status = world_draft(world, document, NULL, &draft);
	if (status == MARKET_OK)
		status = market_draft_set_text(
		    draft, "header.issuer", issuer, &world->error);
	if (status == MARKET_OK)
		status = world_sign(world, draft, signer, &envelope);
	if (status == MARKET_OK)
		status = shop_hand(world, &envelope, document->file);
	market_buffer_clear(&envelope);
	market_draft_free(draft);
	return status;
}

/* Everything but the carrier's certification. */
static market_status_t
uncertified(world_t *world, forgery_t *forgery)
{
	static const document_t *const rest[] = { &network_t_mobile,
		&network_usmobile, &product_mi4, &fcc_mi4 };
	market_status_t status = world_begin(world, &policy_supposed, NULL);
	size_t i;

	for (i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
		if (status == MARKET_OK)
			status = world_hand(world, rest[i], NULL);
	return status == MARKET_OK ? honest(world, forgery) : status;
}

static market_status_t
other_carrier(world_t *world, forgery_t *forgery)
{
	market_status_t status = uncertified(world, forgery);

	return status == MARKET_OK
	    ? hand_as(world, &carrier_mi4, "att.com", "att.com")
	    : status;
}

static market_status_t
forged_carrier(world_t *world, forgery_t *forgery)
{
	market_status_t status = uncertified(world, forgery);

	return status == MARKET_OK
	    ? hand_as(world, &carrier_mi4, "t-mobile.com", FORGER)
	    : status;
}

/* The brand disavows; the forger takes that back in the brand's name. */
static market_status_t
undo(world_t *world, forgery_t *forgery)
{
	market_status_t status = honest(world, forgery);

	if (status == MARKET_OK)
		status = world_hand(world, &disavowal_xiaomi, NULL);
	return status == MARKET_OK
	    ? hand_as(world, &withdrawal_disavowal, BRAND_OWNER, FORGER)
	    : status;
}

#define BY_SHOP                \
	{                      \
		.seller = SHOP \
	}
#define BY_FORGER                \
	{                        \
		.seller = FORGER \
	}
#define CODE(x) MARKET_CODE_##x

/* One line is one try. */
/* clang-format off */
static const try_t tries[] = {
	{ "(the honest shop)", honest, BY_SHOP, MARKET_CODE_NONE },
	{ "sign the shop's offer with another key", honest,
	    { .seller = SHOP, .signer = FORGER }, CODE(OFFER_SIGNATURE_INVALID) },
	{ "... with the shop's key id beside it", borrow_keyid, BY_SHOP,
	    CODE(OFFER_SIGNATURE_INVALID) },
	{ "change the price beneath a signature", tamper, BY_SHOP,
	    CODE(OFFER_SIGNATURE_INVALID) },
	{ "(the shop, where two must sign and do)", sign_twice,
	    { .seller = SHOP, .co_signer = PARTNER }, MARKET_CODE_NONE },
	{ "sign twice with one key of two", sign_twice,
	    { .seller = SHOP, .co_signer = SHOP }, CODE(OFFER_SIGNATURE_INVALID) },
	{ "vouch in production with a test key", test_key, BY_SHOP,
	    CODE(KEY_ENVIRONMENT) },
	{ "use a stolen key that was withdrawn", stolen_key, BY_SHOP,
	    CODE(KEY_WITHDRAWN) },
	{ "date back to when a key still held", back_date,
	    { .seller = SHOP, .issued_at = DAY_2016_01_15 - 86400 },
	    CODE(KEY_OUTSIDE_WINDOW) },
	{ "make a grant in the brand's name", brand_grant, BY_FORGER,
	    CODE(STATEMENT_SIGNATURE_INVALID) },
	{ "make a grant in a holding's name", own_grant, BY_FORGER,
	    CODE(STATEMENT_ISSUER_UNKNOWN) },
	{ "use the grant of the shop", verified, BY_FORGER,
	    CODE(AUTHORIZATION_MISSING) },
	{ "relabel what the brand did sign", swap_type, BY_FORGER,
	    CODE(STATEMENT_MALFORMED) },
	{ "replay a grant that was replaced", replay, BY_FORGER,
	    CODE(STATEMENT_STALE_REVISION) },
	{ "widen a sub-grant beyond its parent", widen, BY_FORGER,
	    CODE(AUTHORIZATION_WIDENED_TERRITORY) },
	{ "sub-grant where none is allowed", delegate, BY_FORGER,
	    CODE(AUTHORIZATION_DELEGATION_FORBIDDEN) },
	{ "forge the link in the middle", forge_link, BY_FORGER,
	    CODE(STATEMENT_SIGNATURE_INVALID) },
	{ "have another carrier certify it", other_carrier, BY_SHOP,
	    CODE(CERTIFICATION_MISSING) },
	{ "certify it in the carrier's name", forged_carrier, BY_SHOP,
	    CODE(STATEMENT_SIGNATURE_INVALID) },
	{ "withdraw the brand's disavowal for it", undo, BY_SHOP,
	    CODE(BRAND_DISAVOWED) },
};
/* clang-format on */

const try_t *
forger_try(size_t index)
{
	return index < sizeof(tries) / sizeof(tries[0]) ? &tries[index] : NULL;
}
