/* SPDX-License-Identifier: Apache-2.0 */
#include "model/slot.h"

static void
add_component(market__text_t *text, market_slice_t component)
{
	static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "abcdefghijklmnopqrstuvwxyz"
					 "0123456789-._~*";
	size_t i;

	for (i = 0; i < component.len; i++) {
		if (component.ptr[i] != 0 &&
		    strchr(unreserved, component.ptr[i]) != NULL)
			market__text_putc(text, (char)component.ptr[i]);
		else
			market__text_printf(text, "%%%02X", component.ptr[i]);
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

void
market__slot_of(market__text_t *text, const market_statement_t *statement)
{
	const market__message_t *message = statement->message;
	market_slice_t c[2];

#define SLOT1(prefix, a) (c[0] = (a), market__slot_key(text, prefix, c, 1))
#define SLOT2(prefix, a, b) \
	(c[0] = (a), c[1] = (b), market__slot_key(text, prefix, c, 2))
	switch (message->kind) {
	case MARKET_KIND_TRUST_ROOT:
		market__slot_key(text, "root", NULL, 0);
		break;
	case MARKET_KIND_POLICY:
		market__slot_key(text, "policy", NULL, 0);
		break;
	case MARKET_KIND_KEY_SET: SLOT1("keys", message->header.issuer); break;
	case MARKET_KIND_SELLER:
		SLOT1("seller", message->of.seller.seller);
		break;
	case MARKET_KIND_PRODUCT:
		SLOT2("product", message->of.product.brand,
		    message->of.product.model);
		break;
	case MARKET_KIND_NETWORK:
		SLOT1("network", message->of.network.network);
		break;
	case MARKET_KIND_AUTHORIZATION:
		SLOT2("authorization", message->of.authorization.brand,
		    message->of.authorization.grantee);
		break;
	case MARKET_KIND_DISAVOWAL:
		SLOT1("disavowal", message->of.disavowal.brand);
		break;
	case MARKET_KIND_CERTIFICATION:
		SLOT2("certification", message->of.certification.brand,
		    message->of.certification.model);
		break;
	case MARKET_KIND_HOLD:
		/* A hold that names no seller may concern any. */
		SLOT1("hold",
		    message->of.hold.seller.len > 0 ? message->of.hold.seller
						    : MARKET__LITERAL("*"));
		break;
	case MARKET_KIND_STATUS: SLOT1("status", message->header.issuer); break;
	case MARKET_KIND_WITHDRAWAL:
		slot_of_withdrawal(text, &message->of.withdrawal);
		break;
	case MARKET_KIND_OFFER:
	case MARKET_KIND_FEED:
	case MARKET_KIND_NONE: break;
	}
#undef SLOT1
#undef SLOT2
}
