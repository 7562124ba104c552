/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of statement: names, payload types, messages, limits. */
#include "wire/descriptors.h"

#include "dsse/v1/envelope.pb-c.h"
#include "market/v1/authorization.pb-c.h"
#include "market/v1/certification.pb-c.h"
#include "market/v1/feed.pb-c.h"
#include "market/v1/hold.pb-c.h"
#include "market/v1/key.pb-c.h"
#include "market/v1/network.pb-c.h"
#include "market/v1/offer.pb-c.h"
#include "market/v1/policy.pb-c.h"
#include "market/v1/product.pb-c.h"
#include "market/v1/seller.pb-c.h"
#include "market/v1/trust_root.pb-c.h"
#include "market/v1/withdrawal.pb-c.h"

const char *
market_kind_name(market_kind_t kind)
{
	switch (kind) {
	case MARKET_KIND_NONE: break;
#define MARKET_X(name, text) \
	case MARKET_KIND_##name: return text;
		MARKET_KIND_MAP(MARKET_X)
#undef MARKET_X
	}
	return NULL;
}

market_kind_t
market_kind_find(const char *name)
{
	if (name == NULL)
		return MARKET_KIND_NONE;
#define MARKET_X(kind, text)         \
	if (strcmp(name, text) == 0) \
		return MARKET_KIND_##kind;
	MARKET_KIND_MAP(MARKET_X)
#undef MARKET_X
	return MARKET_KIND_NONE;
}

const char *
market__payload_type(market_kind_t kind)
{
	switch (kind) {
	case MARKET_KIND_NONE: break;
#define MARKET_X(name, text)     \
	case MARKET_KIND_##name: \
		return "application/vnd.libmarket." text ".v1+protobuf";
		MARKET_KIND_MAP(MARKET_X)
#undef MARKET_X
	}
	return NULL;
}

const ProtobufCMessageDescriptor *
market__kind_descriptor(market_kind_t kind)
{
	switch (kind) {
	case MARKET_KIND_NONE: break;
	case MARKET_KIND_TRUST_ROOT: return &market__v1__trust_root__descriptor;
	case MARKET_KIND_KEY_SET: return &market__v1__party_keys__descriptor;
	case MARKET_KIND_POLICY: return &market__v1__policy__descriptor;
	case MARKET_KIND_SELLER: return &market__v1__seller__descriptor;
	case MARKET_KIND_PRODUCT: return &market__v1__product__descriptor;
	case MARKET_KIND_NETWORK: return &market__v1__network__descriptor;
	case MARKET_KIND_AUTHORIZATION:
		return &market__v1__authorization__descriptor;
	case MARKET_KIND_DISAVOWAL: return &market__v1__disavowal__descriptor;
	case MARKET_KIND_CERTIFICATION:
		return &market__v1__certification__descriptor;
	case MARKET_KIND_WITHDRAWAL: return &market__v1__withdrawal__descriptor;
	case MARKET_KIND_HOLD: return &market__v1__hold__descriptor;
	case MARKET_KIND_STATUS: return &market__v1__status__descriptor;
	case MARKET_KIND_OFFER: return &market__v1__offer__descriptor;
	case MARKET_KIND_FEED: return &market__v1__feed__descriptor;
	}
	return NULL;
}

size_t
market__envelope_limit(market_kinds_t kinds)
{
	const market_kinds_t large = MARKET_KINDS(MARKET_KIND_TRUST_ROOT) |
	    MARKET_KINDS(MARKET_KIND_FEED) | MARKET_KINDS(MARKET_KIND_STATUS);

	return (kinds & large) != 0 ? MARKET__ENVELOPE_LARGE_MAX
				    : MARKET__ENVELOPE_MAX;
}

size_t
market__elements_limit(market_kind_t kind)
{
	return kind == MARKET_KIND_FEED || kind == MARKET_KIND_STATUS
	    ? MARKET__ELEMENTS_LARGE_MAX
	    : MARKET__ELEMENTS_MAX;
}

size_t
market__field_size_limit(const ProtobufCMessageDescriptor *type,
    const ProtobufCFieldDescriptor *field)
{
	if (type == &market__v1__offer__descriptor &&
	    strcmp(field->name, "description") == 0)
		return MARKET__DESCRIPTION_MAX;
	/* The envelope's own limit holds. */
	if (type == &dsse__v1__envelope__descriptor &&
	    strcmp(field->name, "payload") == 0)
		return MARKET__ENVELOPE_LARGE_MAX;
	if (type == &dsse__v1__signature__descriptor &&
	    strcmp(field->name, "sig") == 0)
		return MARKET__SIG_MAX;
	return MARKET__STRING_MAX;
}

size_t
market__field_count_limit(const ProtobufCMessageDescriptor *type,
    const ProtobufCFieldDescriptor *field)
{
	if (type == &market__v1__key_set__descriptor &&
	    strcmp(field->name, "keys") == 0)
		return MARKET__KEYS_MAX;
	if (type == &dsse__v1__envelope__descriptor &&
	    strcmp(field->name, "signatures") == 0)
		return MARKET__SIGNATURES_MAX;
	return SIZE_MAX;
}
