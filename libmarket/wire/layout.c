/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/layout.h"

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

#define SIZE(type, member) sizeof(((type *)0)->member)

/* The compiler says what a member is: a row cannot name the wrong type. */
#define TYPE(type, member)                                  \
	_Generic(((type *)0)->member, market_slice_t        \
		 : MARKET__MEMBER_TEXT, market__slices_t    \
		 : MARKET__MEMBER_SLICES, market__numbers_t \
		 : MARKET__MEMBER_NUMBERS, uint64_t         \
		 : MARKET__MEMBER_U64, int64_t              \
		 : MARKET__MEMBER_I64, bool                 \
		 : MARKET__MEMBER_BOOL, default             \
		 : MARKET__MEMBER_U32)

/* clang-format off */
#define FIELD(type, member) \
	{ #member, TYPE(type, member), SIZE(type, member), \
	  offsetof(type, member), 0, NULL }
#define RENAMED(type, name, member) \
	{ name, TYPE(type, member), SIZE(type, member), \
	  offsetof(type, member), 0, NULL }
#define ONEOF(type, member, which) \
	{ #member, TYPE(type, member), SIZE(type, member), \
	  offsetof(type, member), offsetof(type, which), NULL }
#define HEADER \
	{ "header", MARKET__MEMBER_HEADER, sizeof(market__header_t), 0, 0, \
	  &market__header_layout }
#define MESSAGE(type, member, layout) \
	{ #member, MARKET__MEMBER_MESSAGE, SIZE(type, member), \
	  offsetof(type, member), 0, &layout }
#define MESSAGES(type, member, layout) \
	{ #member, MARKET__MEMBER_MESSAGES, SIZE(type, member), \
	  offsetof(type, member), offsetof(type, n_##member), &layout }
#define INLINE(name, layout) \
	{ name, MARKET__MEMBER_INLINE, 0, 0, 0, &layout }
#define INLINE_PRESENT(type, name, has, layout) \
	{ name, MARKET__MEMBER_PRESENT, SIZE(type, has), 0, \
	  offsetof(type, has), &layout }
#define INLINE_ONEOF(type, name, which, layout) \
	{ name, MARKET__MEMBER_INLINE, 0, 0, offsetof(type, which), &layout }
#define LAYOUT(message, type, rows) \
	{ &market__v1__##message##__descriptor, sizeof(type), rows, \
	  MARKET__COUNT(rows) }
/* clang-format on */

static const market__member_t header_members[] = {
	FIELD(market__header_t, issuer),
	FIELD(market__header_t, id),
	FIELD(market__header_t, revision),
	FIELD(market__header_t, issued_at),
	FIELD(market__header_t, not_before),
	FIELD(market__header_t, not_after),
};
const market__layout_t market__header_layout = LAYOUT(
    header, market__header_t, header_members);

static const market__member_t public_key_members[] = {
	FIELD(market__public_key_t, spki),
	FIELD(market__public_key_t, environment),
	FIELD(market__public_key_t, not_before),
	FIELD(market__public_key_t, not_after),
	FIELD(market__public_key_t, comment),
};
static const market__layout_t public_key_layout = LAYOUT(
    public_key, market__public_key_t, public_key_members);

static const market__member_t key_set_members[] = {
	FIELD(market__key_set_t, threshold),
	MESSAGES(market__key_set_t, keys, public_key_layout),
};
static const market__layout_t key_set_layout = LAYOUT(
    key_set, market__key_set_t, key_set_members);

static const market__member_t role_members[] = {
	FIELD(market__role_t, role),
	FIELD(market__role_t, brands),
	FIELD(market__role_t, networks),
	FIELD(market__role_t, schemes),
	FIELD(market__role_t, territories),
};
static const market__layout_t role_layout = LAYOUT(
    role, market__role_t, role_members);

static const market__member_t party_members[] = {
	FIELD(market__party_t, id),
	FIELD(market__party_t, display_name),
	MESSAGE(market__party_t, keys, key_set_layout),
	MESSAGES(market__party_t, roles, role_layout),
};
static const market__layout_t party_layout = LAYOUT(
    party, market__party_t, party_members);

static const market__member_t trust_root_members[] = {
	HEADER,
	MESSAGE(market__trust_root_t, root_keys, key_set_layout),
	MESSAGES(market__trust_root_t, parties, party_layout),
};
static const market__layout_t trust_root_layout = LAYOUT(
    trust_root, market__trust_root_t, trust_root_members);

static const market__member_t party_keys_members[] = {
	HEADER,
	MESSAGE(market__party_keys_t, keys, key_set_layout),
};
static const market__layout_t party_keys_layout = LAYOUT(
    party_keys, market__party_keys_t, party_keys_members);

static const market__member_t requirement_members[] = {
	FIELD(market__requirement_t, territories),
	FIELD(market__requirement_t, networks),
	FIELD(market__requirement_t, categories),
	FIELD(market__requirement_t, schemes),
};
static const market__layout_t requirement_layout = LAYOUT(
    requirement, market__requirement_t, requirement_members);

static const market__member_t status_rule_members[] = {
	FIELD(market__status_rule_t, role),
	FIELD(market__status_rule_t, max_age_seconds),
};
static const market__layout_t status_rule_layout = LAYOUT(
    status_rule, market__status_rule_t, status_rule_members);

static const market__member_t policy_members[] = {
	HEADER,
	FIELD(market__policy_t, environment),
	MESSAGES(market__policy_t, requirements, requirement_layout),
	FIELD(market__policy_t, minimum_service),
	FIELD(market__policy_t, disclose_below),
	FIELD(market__policy_t, accept_provisional),
	FIELD(market__policy_t, max_chain),
	FIELD(market__policy_t, clock_skew_seconds),
	MESSAGES(market__policy_t, status_rules, status_rule_layout),
	FIELD(market__policy_t, require_seller_verification),
	FIELD(market__policy_t, expiring_soon_seconds),
};
static const market__layout_t policy_layout = LAYOUT(
    policy, market__policy_t, policy_members);

static const market__member_t address_members[] = {
	FIELD(market__address_t, lines),
	FIELD(market__address_t, postal_code),
	FIELD(market__address_t, city),
	FIELD(market__address_t, region),
	FIELD(market__address_t, country),
};
static const market__layout_t address_layout = LAYOUT(
    address, market__address_t, address_members);

static const market__member_t seller_members[] = {
	HEADER,
	FIELD(market__seller_t, seller),
	MESSAGE(market__seller_t, keys, key_set_layout),
	FIELD(market__seller_t, legal_name),
	MESSAGE(market__seller_t, address, address_layout),
	FIELD(market__seller_t, register_number),
	FIELD(market__seller_t, contact_email),
	FIELD(market__seller_t, contact_phone),
	FIELD(market__seller_t, suspended),
	FIELD(market__seller_t, suspension_reason),
};
static const market__layout_t seller_layout = LAYOUT(
    seller, market__seller_t, seller_members);

static const market__member_t radio_members[] = {
	FIELD(market__radio_t, gsm_mhz),
	FIELD(market__radio_t, umts_bands),
	FIELD(market__radio_t, lte_bands),
	FIELD(market__radio_t, nr_bands),
	FIELD(market__radio_t, unknown_rats),
	FIELD(market__radio_t, features),
};
static const market__layout_t radio_layout = LAYOUT(
    radio, market__radio_t, radio_members);

static const market__member_t product_members[] = {
	HEADER,
	FIELD(market__product_t, brand),
	FIELD(market__product_t, model),
	FIELD(market__product_t, name),
	FIELD(market__product_t, category),
	FIELD(market__product_t, gtins),
	FIELD(market__product_t, tacs),
	FIELD(market__product_t, hardware_versions),
	FIELD(market__product_t, software_versions),
	MESSAGE(market__product_t, radio, radio_layout),
};
static const market__layout_t product_layout = LAYOUT(
    product, market__product_t, product_members);

static const market__member_t deployment_members[] = {
	FIELD(market__deployment_t, rat),
	FIELD(market__deployment_t, band),
	FIELD(market__deployment_t, from),
	FIELD(market__deployment_t, until),
};
static const market__layout_t deployment_layout = LAYOUT(
    deployment, market__deployment_t, deployment_members);

static const market__member_t network_members[] = {
	HEADER,
	FIELD(market__network_t, network),
	FIELD(market__network_t, name),
	FIELD(market__network_t, plmns),
	FIELD(market__network_t, host_network),
	FIELD(market__network_t, territories),
	MESSAGES(market__network_t, deployments, deployment_layout),
	FIELD(market__network_t, required_schemes),
	FIELD(market__network_t, required_features),
};
static const market__layout_t network_layout = LAYOUT(
    network, market__network_t, network_members);

static const market__member_t scope_members[] = {
	FIELD(market__scope_t, models),
	FIELD(market__scope_t, territories),
	FIELD(market__scope_t, excluded_territories),
	FIELD(market__scope_t, channels),
	FIELD(market__scope_t, marketplaces),
	FIELD(market__scope_t, conditions),
};
static const market__layout_t scope_layout = LAYOUT(
    scope, market__scope_t, scope_members);

static const market__member_t authorization_members[] = {
	HEADER,
	FIELD(market__authorization_t, brand),
	FIELD(market__authorization_t, grantee),
	MESSAGE(market__authorization_t, grantee_keys, key_set_layout),
	MESSAGE(market__authorization_t, scope, scope_layout),
	FIELD(market__authorization_t, max_delegations),
	FIELD(market__authorization_t, parent_digest),
};
static const market__layout_t authorization_layout = LAYOUT(
    authorization, market__authorization_t, authorization_members);

static const market__member_t disavowal_members[] = {
	HEADER,
	FIELD(market__disavowal_t, brand),
	FIELD(market__disavowal_t, parties),
	MESSAGE(market__disavowal_t, scope, scope_layout),
	FIELD(market__disavowal_t, statement),
};
static const market__layout_t disavowal_layout = LAYOUT(
    disavowal, market__disavowal_t, disavowal_members);

static const market__member_t band_set_members[] = {
	FIELD(market__band_set_t, rat),
	FIELD(market__band_set_t, bands),
};
static const market__layout_t band_set_layout = LAYOUT(
    band_set, market__band_set_t, band_set_members);

static const market__member_t certification_members[] = {
	HEADER,
	FIELD(market__certification_t, scheme),
	FIELD(market__certification_t, brand),
	FIELD(market__certification_t, model),
	FIELD(market__certification_t, hardware_versions),
	FIELD(market__certification_t, software_versions),
	FIELD(market__certification_t, networks),
	FIELD(market__certification_t, territories),
	MESSAGES(market__certification_t, bands, band_set_layout),
	FIELD(market__certification_t, state),
	FIELD(market__certification_t, route),
	FIELD(market__certification_t, parent_digest),
	FIELD(market__certification_t, prerequisites),
	FIELD(market__certification_t, reference),
};
static const market__layout_t certification_layout = LAYOUT(
    certification, market__certification_t, certification_members);

static const market__member_t statement_name_members[] = {
	RENAMED(market__withdrawal_t, "kind", target_kind),
	RENAMED(market__withdrawal_t, "issuer", target_issuer),
	RENAMED(market__withdrawal_t, "id", target_id),
};
static const market__layout_t statement_name_layout = LAYOUT(
    statement_name, market__withdrawal_t, statement_name_members);

static const market__member_t withdrawal_members[] = {
	HEADER,
	ONEOF(market__withdrawal_t, target_digest, what),
	INLINE_ONEOF(
	    market__withdrawal_t, "target", what, statement_name_layout),
	ONEOF(market__withdrawal_t, target_key, what),
	FIELD(market__withdrawal_t, reason),
	FIELD(market__withdrawal_t, note),
	FIELD(market__withdrawal_t, effective_at),
};
static const market__layout_t withdrawal_layout = LAYOUT(
    withdrawal, market__withdrawal_t, withdrawal_members);

static const market__member_t status_members[] = {
	HEADER,
	FIELD(market__status_list_t, sequence),
	FIELD(market__status_list_t, withdrawn),
	FIELD(market__status_list_t, page),
	FIELD(market__status_list_t, page_count),
};
static const market__layout_t status_layout = LAYOUT(
    status, market__status_list_t, status_members);

static const market__member_t hold_target_members[] = {
	FIELD(market__hold_t, seller),
	FIELD(market__hold_t, brand),
	FIELD(market__hold_t, model),
	FIELD(market__hold_t, offer_id),
};
static const market__layout_t hold_target_layout = LAYOUT(
    hold_target, market__hold_t, hold_target_members);

static const market__member_t hold_members[] = {
	HEADER,
	INLINE("target", hold_target_layout),
	FIELD(market__hold_t, reason),
	FIELD(market__hold_t, note),
	FIELD(market__hold_t, final),
};
static const market__layout_t hold_layout = LAYOUT(
    hold, market__hold_t, hold_members);

static const market__member_t money_members[] = {
	FIELD(market__offer_t, currency_code),
	FIELD(market__offer_t, amount_micros),
};
static const market__layout_t money_layout = LAYOUT(
    money, market__offer_t, money_members);

static const market__member_t regulatory_id_members[] = {
	FIELD(market__regulatory_id_t, scheme),
	FIELD(market__regulatory_id_t, value),
};
static const market__layout_t regulatory_id_layout = LAYOUT(
    regulatory_id, market__regulatory_id_t, regulatory_id_members);

static const market__member_t offer_members[] = {
	HEADER,
	FIELD(market__offer_t, brand),
	FIELD(market__offer_t, model),
	FIELD(market__offer_t, gtin),
	FIELD(market__offer_t, hardware_version),
	FIELD(market__offer_t, software_version),
	FIELD(market__offer_t, title),
	FIELD(market__offer_t, description),
	FIELD(market__offer_t, link),
	FIELD(market__offer_t, image_links),
	FIELD(market__offer_t, condition),
	INLINE_PRESENT(market__offer_t, "price", has_price, money_layout),
	FIELD(market__offer_t, availability),
	FIELD(market__offer_t, quantity),
	FIELD(market__offer_t, marketplace),
	FIELD(market__offer_t, territories),
	FIELD(market__offer_t, channels),
	FIELD(market__offer_t, networks),
	FIELD(market__offer_t, disclosures),
	FIELD(market__offer_t, fulfiller),
	FIELD(market__offer_t, ships_from),
	FIELD(market__offer_t, min_handling_days),
	FIELD(market__offer_t, max_handling_days),
	FIELD(market__offer_t, warranty_months),
	FIELD(market__offer_t, return_days),
	MESSAGES(market__offer_t, regulatory_ids, regulatory_id_layout),
};
static const market__layout_t offer_layout = LAYOUT(
    offer, market__offer_t, offer_members);

static const market__member_t feed_members[] = {
	HEADER,
	FIELD(market__feed_t, mode),
	FIELD(market__feed_t, count),
	FIELD(market__feed_t, root),
	FIELD(market__feed_t, chunk_roots),
};
static const market__layout_t feed_layout = LAYOUT(
    feed, market__feed_t, feed_members);

const market__layout_t *
market__layout_of(market_kind_t kind)
{
	switch (kind) {
	case MARKET_KIND_NONE: break;
	case MARKET_KIND_TRUST_ROOT: return &trust_root_layout;
	case MARKET_KIND_KEY_SET: return &party_keys_layout;
	case MARKET_KIND_POLICY: return &policy_layout;
	case MARKET_KIND_SELLER: return &seller_layout;
	case MARKET_KIND_PRODUCT: return &product_layout;
	case MARKET_KIND_NETWORK: return &network_layout;
	case MARKET_KIND_AUTHORIZATION: return &authorization_layout;
	case MARKET_KIND_DISAVOWAL: return &disavowal_layout;
	case MARKET_KIND_CERTIFICATION: return &certification_layout;
	case MARKET_KIND_WITHDRAWAL: return &withdrawal_layout;
	case MARKET_KIND_HOLD: return &hold_layout;
	case MARKET_KIND_STATUS: return &status_layout;
	case MARKET_KIND_OFFER: return &offer_layout;
	case MARKET_KIND_FEED: return &feed_layout;
	}
	return NULL;
}
