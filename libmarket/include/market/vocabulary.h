/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The enums of the schema (proto/market/v1) and the kinds of statement. The
 * numbers are those of the wire; a value's name in JSON is the name here
 * without MARKET_.
 */
#ifndef MARKET_VOCABULARY_H
#define MARKET_VOCABULARY_H

#include <market/status.h>
#include <market/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(NAME, "name in payloadType and on the command line") */
#define MARKET_KIND_MAP(X)                \
	X(TRUST_ROOT, "trust-root")       \
	X(KEY_SET, "key-set")             \
	X(POLICY, "policy")               \
	X(SELLER, "seller")               \
	X(PRODUCT, "product")             \
	X(NETWORK, "network")             \
	X(AUTHORIZATION, "authorization") \
	X(DISAVOWAL, "disavowal")         \
	X(CERTIFICATION, "certification") \
	X(WITHDRAWAL, "withdrawal")       \
	X(HOLD, "hold")                   \
	X(STATUS, "status")               \
	X(OFFER, "offer")                 \
	X(FEED, "feed")

typedef enum market_kind {
	MARKET_KIND_NONE = 0,
#define MARKET_X(name, text) MARKET_KIND_##name,
	MARKET_KIND_MAP(MARKET_X)
#undef MARKET_X
} market_kind_t;

/* A set of kinds, one bit each; what a caller is ready to be handed. */
typedef uint32_t market_kinds_t;
#define MARKET_KINDS(kind) ((market_kinds_t)1 << (unsigned)(kind))
#define MARKET_KINDS_ALL   ((market_kinds_t)0x7ffe)

/* "trust-root"; NULL for what is no kind. */
MARKET_API const char *market_kind_name(market_kind_t kind);

/* The kind of that name, exactly; MARKET_KIND_NONE if there is none. */
MARKET_API market_kind_t market_kind_find(const char *name);

typedef enum market_environment {
	MARKET_ENVIRONMENT_UNSPECIFIED = 0,
	MARKET_ENVIRONMENT_PRODUCTION = 1,
	MARKET_ENVIRONMENT_TEST = 2
} market_environment_t;

typedef enum market_role_kind {
	MARKET_ROLE_UNSPECIFIED = 0,
	MARKET_ROLE_BRAND = 1,
	MARKET_ROLE_CARRIER = 2,
	MARKET_ROLE_CERTIFIER = 3,
	MARKET_ROLE_MARKETPLACE = 4
} market_role_kind_t;

/* What a buyer gets, ordered: a greater number is a better service. */
typedef enum market_service {
	MARKET_SERVICE_UNSPECIFIED = 0,
	MARKET_SERVICE_NONE = 1, /* Wi-Fi only */
	MARKET_SERVICE_2G = 2,
	MARKET_SERVICE_3G = 3,
	MARKET_SERVICE_4G = 4,
	MARKET_SERVICE_5G = 5
} market_service_t;

typedef enum market_rat {
	MARKET_RAT_UNSPECIFIED = 0,
	MARKET_RAT_GSM = 1,
	MARKET_RAT_UMTS = 2,
	MARKET_RAT_LTE = 3,
	MARKET_RAT_NR = 4
} market_rat_t;

typedef enum market_feature {
	MARKET_FEATURE_UNSPECIFIED = 0,
	MARKET_FEATURE_VOLTE = 1,
	MARKET_FEATURE_VONR = 2,
	MARKET_FEATURE_E911 = 3,
	MARKET_FEATURE_WIFI_CALLING = 4
} market_feature_t;

typedef enum market_channel {
	MARKET_CHANNEL_UNSPECIFIED = 0,
	MARKET_CHANNEL_ANY = 1,
	MARKET_CHANNEL_ONLINE_STORE = 2,
	MARKET_CHANNEL_MARKETPLACE = 3,
	MARKET_CHANNEL_RETAIL_STORE = 4,
	MARKET_CHANNEL_WHOLESALE = 5
} market_channel_t;

typedef enum market_condition {
	MARKET_CONDITION_UNSPECIFIED = 0,
	MARKET_CONDITION_ANY = 1,
	MARKET_CONDITION_NEW = 2,
	MARKET_CONDITION_OPEN_BOX = 3,
	MARKET_CONDITION_REFURBISHED = 4,
	MARKET_CONDITION_USED = 5
} market_condition_t;

typedef enum market_certification_state {
	MARKET_CERTIFICATION_STATE_UNSPECIFIED = 0,
	MARKET_CERTIFICATION_STATE_IN_TEST = 1,
	MARKET_CERTIFICATION_STATE_PROVISIONAL = 2,
	MARKET_CERTIFICATION_STATE_CERTIFIED = 3,
	MARKET_CERTIFICATION_STATE_SUSPENDED = 4,
	MARKET_CERTIFICATION_STATE_REFUSED = 5,
	MARKET_CERTIFICATION_STATE_REVOKED = 6,
	MARKET_CERTIFICATION_STATE_WITHDRAWN = 7,
	MARKET_CERTIFICATION_STATE_VOID = 8
} market_certification_state_t;

typedef enum market_route {
	MARKET_ROUTE_UNSPECIFIED = 0,
	MARKET_ROUTE_INITIAL = 1,
	MARKET_ROUTE_VARIANT = 2,
	MARKET_ROUTE_MAINTENANCE = 3
} market_route_t;

typedef enum market_withdrawal_reason {
	MARKET_WITHDRAWAL_REASON_UNSPECIFIED = 0,
	MARKET_WITHDRAWAL_REASON_CEASED = 1,
	MARKET_WITHDRAWAL_REASON_SUPERSEDED = 2,
	MARKET_WITHDRAWAL_REASON_KEY_COMPROMISE = 3,
	MARKET_WITHDRAWAL_REASON_ERROR = 4,
	MARKET_WITHDRAWAL_REASON_SAFETY = 5,
	MARKET_WITHDRAWAL_REASON_POLICY = 6
} market_withdrawal_reason_t;

typedef enum market_availability {
	MARKET_AVAILABILITY_UNSPECIFIED = 0,
	MARKET_AVAILABILITY_IN_STOCK = 1,
	MARKET_AVAILABILITY_OUT_OF_STOCK = 2,
	MARKET_AVAILABILITY_PREORDER = 3,
	MARKET_AVAILABILITY_BACKORDER = 4
} market_availability_t;

typedef enum market_disclosure {
	MARKET_DISCLOSURE_UNSPECIFIED = 0,
	MARKET_DISCLOSURE_WIFI_ONLY = 1,
	MARKET_DISCLOSURE_SERVICE_2G_ONLY = 2,
	MARKET_DISCLOSURE_SERVICE_3G_ONLY = 3,
	MARKET_DISCLOSURE_SERVICE_4G_ONLY = 4,
	MARKET_DISCLOSURE_NO_VOICE = 5,
	MARKET_DISCLOSURE_IMPORTED_VARIANT = 6
} market_disclosure_t;

typedef enum market_feed_mode {
	MARKET_FEED_MODE_UNSPECIFIED = 0,
	MARKET_FEED_MODE_FULL = 1,
	MARKET_FEED_MODE_DELTA = 2
} market_feed_mode_t;

typedef enum market_verdict {
	MARKET_VERDICT_UNSPECIFIED = 0,
	MARKET_VERDICT_PERMIT = 1,
	MARKET_VERDICT_DENY = 2,
	MARKET_VERDICT_INDETERMINATE = 3
} market_verdict_t;

/*
 * Names as reports show them, without prefix ("PERMIT", "3G", "LTE",
 * "ONLINE_STORE"); "UNSPECIFIED" for zero, NULL for what is no value.
 */
MARKET_API const char *market_verdict_name(market_verdict_t verdict);
MARKET_API const char *market_service_name(market_service_t service);
MARKET_API const char *market_rat_name(market_rat_t rat);
MARKET_API const char *market_channel_name(market_channel_t channel);
MARKET_API const char *market_condition_name(market_condition_t condition);
MARKET_API const char *market_feature_name(market_feature_t feature);
MARKET_API const char *market_disclosure_name(market_disclosure_t disclosure);
MARKET_API const char *market_environment_name(market_environment_t value);
MARKET_API const char *market_certification_state_name(
    market_certification_state_t state);
MARKET_API const char *market_withdrawal_reason_name(
    market_withdrawal_reason_t reason);

#ifdef __cplusplus
}
#endif

#endif
