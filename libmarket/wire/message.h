/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The messages of the schema as plain structs, so that no layer above this
 * one sees protobuf-c. Field for field as in proto/market/v1; text and bytes
 * are slices into the arena that the message was unpacked into. What is
 * absent is empty, zero or NULL.
 */
#ifndef MARKET_WIRE_MESSAGE_H
#define MARKET_WIRE_MESSAGE_H

#include <market/vocabulary.h>

#include "base/base.h"

typedef struct market__slices {
	const market_slice_t *v;
	size_t n;
} market__slices_t;

/* Repeated uint32 and enums alike. */
typedef struct market__numbers {
	const uint32_t *v;
	size_t n;
} market__numbers_t;

typedef struct market__header {
	market_slice_t issuer;
	market_slice_t id;
	uint64_t revision;
	int64_t issued_at;
	int64_t not_before;
	int64_t not_after;
} market__header_t;

typedef struct market__public_key {
	market_slice_t spki;
	market_environment_t environment;
	int64_t not_before;
	int64_t not_after;
	market_slice_t comment;
} market__public_key_t;

typedef struct market__key_set {
	uint32_t threshold;
	const market__public_key_t *keys;
	size_t n_keys;
} market__key_set_t;

typedef struct market__role {
	market_role_kind_t role;
	market__slices_t brands;
	market__slices_t networks;
	market__slices_t schemes;
	market__slices_t territories;
} market__role_t;

typedef struct market__party {
	market_slice_t id;
	market_slice_t display_name;
	const market__key_set_t *keys; /* NULL: absent */
	const market__role_t *roles;
	size_t n_roles;
} market__party_t;

typedef struct market__trust_root {
	const market__key_set_t *root_keys;
	const market__party_t *parties;
	size_t n_parties;
} market__trust_root_t;

typedef struct market__party_keys { /* kind key-set */
	const market__key_set_t *keys;
} market__party_keys_t;

typedef struct market__requirement {
	market__slices_t territories;
	market__slices_t networks;
	market__slices_t categories;
	market__slices_t schemes;
} market__requirement_t;

typedef struct market__status_rule {
	market_role_kind_t role;
	uint64_t max_age_seconds;
} market__status_rule_t;

typedef struct market__policy {
	market_environment_t environment;
	const market__requirement_t *requirements;
	size_t n_requirements;
	market_service_t minimum_service;
	market_service_t disclose_below;
	bool accept_provisional;
	uint32_t max_chain;
	uint64_t clock_skew_seconds;
	const market__status_rule_t *status_rules;
	size_t n_status_rules;
	bool require_seller_verification;
	uint64_t expiring_soon_seconds;
} market__policy_t;

typedef struct market__address {
	market__slices_t lines;
	market_slice_t postal_code;
	market_slice_t city;
	market_slice_t region;
	market_slice_t country;
} market__address_t;

typedef struct market__seller {
	market_slice_t seller;
	const market__key_set_t *keys;
	market_slice_t legal_name;
	const market__address_t *address;
	market_slice_t register_number;
	market_slice_t contact_email;
	market_slice_t contact_phone;
	bool suspended;
	market_slice_t suspension_reason;
} market__seller_t;

typedef struct market__radio {
	market__numbers_t gsm_mhz;
	market__numbers_t umts_bands;
	market__numbers_t lte_bands;
	market__numbers_t nr_bands;
	market__numbers_t unknown_rats; /* market_rat_t */
	market__numbers_t features;     /* market_feature_t */
} market__radio_t;

typedef struct market__product {
	market_slice_t brand;
	market_slice_t model;
	market_slice_t name;
	market_slice_t category;
	market__slices_t gtins;
	market__slices_t tacs;
	market__slices_t hardware_versions;
	market__slices_t software_versions;
	const market__radio_t *radio; /* NULL: nothing known */
} market__product_t;

typedef struct market__deployment {
	market_rat_t rat;
	uint32_t band;
	int64_t from;
	int64_t until;
} market__deployment_t;

typedef struct market__network {
	market_slice_t network;
	market_slice_t name;
	market__slices_t plmns;
	market_slice_t host_network;
	market__slices_t territories;
	const market__deployment_t *deployments;
	size_t n_deployments;
	market__slices_t required_schemes;
	market__numbers_t required_features;
} market__network_t;

typedef struct market__scope {
	market__slices_t models;
	market__slices_t territories;
	market__slices_t excluded_territories;
	market__numbers_t channels; /* market_channel_t */
	market__slices_t marketplaces;
	market__numbers_t conditions; /* market_condition_t */
} market__scope_t;

typedef struct market__authorization {
	market_slice_t brand;
	market_slice_t grantee;
	const market__key_set_t *grantee_keys;
	const market__scope_t *scope; /* NULL: absent, which grants nothing */
	uint32_t max_delegations;
	market_slice_t parent_digest;
} market__authorization_t;

typedef struct market__disavowal {
	market_slice_t brand;
	market__slices_t parties;
	const market__scope_t *scope;
	market_slice_t statement;
} market__disavowal_t;

typedef struct market__band_set {
	market_rat_t rat;
	market__numbers_t bands;
} market__band_set_t;

typedef struct market__certification {
	market_slice_t scheme;
	market_slice_t brand;
	market_slice_t model;
	market__slices_t hardware_versions;
	market__slices_t software_versions;
	market__slices_t networks;
	market__slices_t territories;
	const market__band_set_t *bands;
	size_t n_bands;
	market_certification_state_t state;
	market_route_t route;
	market_slice_t parent_digest;
	market__slices_t prerequisites;
	market_slice_t reference;
} market__certification_t;

/* Which of the oneof `what` is set; the number is the field's. */
typedef enum market__withdrawal_what {
	MARKET__WITHDRAWAL_NOTHING = 0,
	MARKET__WITHDRAWAL_DIGEST = 2,
	MARKET__WITHDRAWAL_NAME = 3,
	MARKET__WITHDRAWAL_KEY = 4
} market__withdrawal_what_t;

typedef struct market__withdrawal {
	market__withdrawal_what_t what;
	market_slice_t target_digest;
	market_slice_t target_kind; /* of `target`, a StatementName */
	market_slice_t target_issuer;
	market_slice_t target_id;
	market_slice_t target_key;
	market_withdrawal_reason_t reason;
	market_slice_t note;
	int64_t effective_at;
} market__withdrawal_t;

typedef struct market__status_list { /* kind status */
	uint64_t sequence;
	market__slices_t withdrawn;
	uint32_t page;
	uint32_t page_count;
} market__status_list_t;

typedef struct market__hold {
	market_slice_t seller; /* of HoldTarget; empty: not set */
	market_slice_t brand;
	market_slice_t model;
	market_slice_t offer_id;
	market_withdrawal_reason_t reason;
	market_slice_t note;
	bool final;
} market__hold_t;

typedef struct market__regulatory_id {
	market_slice_t scheme;
	market_slice_t value;
} market__regulatory_id_t;

typedef struct market__offer {
	market_slice_t brand;
	market_slice_t model;
	market_slice_t gtin;
	market_slice_t hardware_version;
	market_slice_t software_version;
	market_slice_t title;
	market_slice_t description;
	market_slice_t link;
	market__slices_t image_links;
	market_condition_t condition;
	bool has_price;
	market_slice_t currency_code;
	int64_t amount_micros;
	market_availability_t availability;
	uint64_t quantity;
	market_slice_t marketplace;
	market__slices_t territories;
	market__numbers_t channels; /* market_channel_t */
	market__slices_t networks;
	market__numbers_t disclosures; /* market_disclosure_t */
	market_slice_t fulfiller;
	market_slice_t ships_from;
	uint32_t min_handling_days;
	uint32_t max_handling_days;
	uint32_t warranty_months;
	uint32_t return_days;
	const market__regulatory_id_t *regulatory_ids;
	size_t n_regulatory_ids;
} market__offer_t;

typedef struct market__feed {
	market_feed_mode_t mode;
	uint64_t count;
	market_slice_t root;
	market__slices_t chunk_roots;
} market__feed_t;

/* One statement's message; the union's member is named by `kind`. */
typedef struct market__message {
	market_kind_t kind;
	bool has_header; /* all-empty `header` where the field is absent */
	market__header_t header;
	union {
		market__trust_root_t trust_root;
		market__party_keys_t key_set;
		market__policy_t policy;
		market__seller_t seller;
		market__product_t product;
		market__network_t network;
		market__authorization_t authorization;
		market__disavowal_t disavowal;
		market__certification_t certification;
		market__withdrawal_t withdrawal;
		market__status_list_t status;
		market__hold_t hold;
		market__offer_t offer;
		market__feed_t feed;
	} of;
} market__message_t;

#endif
