/* SPDX-License-Identifier: Apache-2.0 */
#include "model/slot.h"

/* RFC 3986, 2.3, and the star that names all of something; a bit for each. */
static bool
is_plain(uint8_t c)
{
	static const uint32_t plain[8] = {
		0, 0x03ff6400, /* * - . 0 to 9 */
		0x87fffffe,    /* A to Z, _ */
		0x47fffffe,    /* a to z, ~ */
	};

	return (plain[c >> 5] >> (c & 31) & 1) != 0;
}

static void
add_component(market__text_t *text, market_slice_t component)
{
	size_t i = 0, begin;

	while (i < component.len) {
		for (begin = i; i < component.len && is_plain(component.ptr[i]);
		     i++)
			;
		market__text_slice(
		    text, market__slice(component.ptr + begin, i - begin));
		if (i < component.len)
			market__text_printf(text, "%%%02X", component.ptr[i++]);
	}
}

void
market__slot_key(market__text_t *text, const char *prefix,
    const market_slice_t *components, size_t n_components)
{
	size_t i;

	market__text_puts(text, prefix);
	for (i = 0; i < n_components; i++) {
		market__text_putc(text, '/');
		add_component(text, components[i]);
	}
}

static void
slot_of_withdrawal(market__text_t *text, const market__withdrawal_t *withdrawal)
{
	char hex[2 * MARKET_DIGEST_LEN + 1];
	market_slice_t name[3];

	switch (withdrawal->what) {
	case MARKET__WITHDRAWAL_DIGEST:
		market__hex(
		    withdrawal->target_digest.ptr, MARKET_DIGEST_LEN, hex);
		name[0] = market_slice_of(hex);
		market__slot_key(text, "digest", name, 1);
		break;
	case MARKET__WITHDRAWAL_KEY:
		market__hex(withdrawal->target_key.ptr, MARKET_DIGEST_LEN, hex);
		name[0] = market_slice_of(hex);
		market__slot_key(text, "key", name, 1);
		break;
	case MARKET__WITHDRAWAL_NAME:
		name[0] = withdrawal->target_kind;
		name[1] = withdrawal->target_issuer;
		name[2] = withdrawal->target_id;
		market__slot_key(text, "name", name, 3);
		break;
	case MARKET__WITHDRAWAL_NOTHING: break;
	}
}

static void
slot_of_one(market__text_t *text, const char *prefix, market_slice_t component)
{
	market__slot_key(text, prefix, &component, 1);
}

static void
slot_of_two(market__text_t *text, const char *prefix, market_slice_t first,
    market_slice_t second)
{
	const market_slice_t components[] = { first, second };

	market__slot_key(text, prefix, components, 2);
}

/* A hold that names no seller may concern any. */
static market_slice_t
held(const market__hold_t *hold)
{
	return hold->seller.len > 0 ? hold->seller : MARKET__LITERAL("*");
}

void
market__slot_of(market__text_t *text, const market_statement_t *statement)
{
	const market__message_t *message = statement->message;

	switch (message->kind) {
	case MARKET_KIND_TRUST_ROOT: market__text_puts(text, "root"); break;
	case MARKET_KIND_POLICY: market__text_puts(text, "policy"); break;
	case MARKET_KIND_KEY_SET:
		slot_of_one(text, "keys", message->header.issuer);
		break;
	case MARKET_KIND_SELLER:
		slot_of_one(text, "seller", message->of.seller.seller);
		break;
	case MARKET_KIND_PRODUCT:
		slot_of_two(text, "product", message->of.product.brand,
		    message->of.product.model);
		break;
	case MARKET_KIND_NETWORK:
		slot_of_one(text, "network", message->of.network.network);
		break;
	case MARKET_KIND_AUTHORIZATION:
		slot_of_two(text, "authorization",
		    message->of.authorization.brand,
		    message->of.authorization.grantee);
		break;
	case MARKET_KIND_DISAVOWAL:
		slot_of_one(text, "disavowal", message->of.disavowal.brand);
		break;
	case MARKET_KIND_CERTIFICATION:
		slot_of_two(text, "certification",
		    message->of.certification.brand,
		    message->of.certification.model);
		break;
	case MARKET_KIND_HOLD:
		slot_of_one(text, "hold", held(&message->of.hold));
		break;
	case MARKET_KIND_STATUS:
		slot_of_one(text, "status", message->header.issuer);
		break;
	case MARKET_KIND_WITHDRAWAL:
		slot_of_withdrawal(text, &message->of.withdrawal);
		break;
	case MARKET_KIND_FEED:
		slot_of_two(
		    text, "feed", message->header.issuer, message->header.id);
		break;
	case MARKET_KIND_OFFER:
	case MARKET_KIND_NONE: break;
	}
}
