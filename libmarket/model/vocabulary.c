/* SPDX-License-Identifier: Apache-2.0 */
#include <market/vocabulary.h>

/*
 * Each switch is without default, so that the compiler finds a value that was
 * added to the enum and has no name.
 */

const char *
market_verdict_name(market_verdict_t verdict)
{
	switch (verdict) {
	case MARKET_VERDICT_UNSPECIFIED: return "UNSPECIFIED";
	case MARKET_VERDICT_PERMIT: return "PERMIT";
	case MARKET_VERDICT_DENY: return "DENY";
	case MARKET_VERDICT_INDETERMINATE: return "INDETERMINATE";
	}
	return NULL;
}

const char *
market_service_name(market_service_t service)
{
	switch (service) {
	case MARKET_SERVICE_UNSPECIFIED: return "UNSPECIFIED";
	case MARKET_SERVICE_NONE: return "NONE";
	case MARKET_SERVICE_2G: return "2G";
	case MARKET_SERVICE_3G: return "3G";
	case MARKET_SERVICE_4G: return "4G";
	case MARKET_SERVICE_5G: return "5G";
	}
	return NULL;
}

const char *
market_rat_name(market_rat_t rat)
{
	switch (rat) {
	case MARKET_RAT_UNSPECIFIED: return "UNSPECIFIED";
	case MARKET_RAT_GSM: return "GSM";
	case MARKET_RAT_UMTS: return "UMTS";
	case MARKET_RAT_LTE: return "LTE";
	case MARKET_RAT_NR: return "NR";
	}
	return NULL;
}

const char *
market_channel_name(market_channel_t channel)
{
	switch (channel) {
	case MARKET_CHANNEL_UNSPECIFIED: return "UNSPECIFIED";
	case MARKET_CHANNEL_ANY: return "ANY";
	case MARKET_CHANNEL_ONLINE_STORE: return "ONLINE_STORE";
	case MARKET_CHANNEL_MARKETPLACE: return "MARKETPLACE";
	case MARKET_CHANNEL_RETAIL_STORE: return "RETAIL_STORE";
	case MARKET_CHANNEL_WHOLESALE: return "WHOLESALE";
	}
	return NULL;
}

const char *
market_condition_name(market_condition_t condition)
{
	switch (condition) {
	case MARKET_CONDITION_UNSPECIFIED: return "UNSPECIFIED";
	case MARKET_CONDITION_ANY: return "ANY";
	case MARKET_CONDITION_NEW: return "NEW";
	case MARKET_CONDITION_OPEN_BOX: return "OPEN_BOX";
	case MARKET_CONDITION_REFURBISHED: return "REFURBISHED";
	case MARKET_CONDITION_USED: return "USED";
	}
	return NULL;
}

const char *
market_feature_name(market_feature_t feature)
{
	switch (feature) {
	case MARKET_FEATURE_UNSPECIFIED: return "UNSPECIFIED";
	case MARKET_FEATURE_VOLTE: return "VOLTE";
	case MARKET_FEATURE_VONR: return "VONR";
	case MARKET_FEATURE_E911: return "E911";
	case MARKET_FEATURE_WIFI_CALLING: return "WIFI_CALLING";
	}
	return NULL;
}

const char *
market_disclosure_name(market_disclosure_t disclosure)
{
	switch (disclosure) {
	case MARKET_DISCLOSURE_UNSPECIFIED: return "UNSPECIFIED";
	case MARKET_DISCLOSURE_WIFI_ONLY: return "WIFI_ONLY";
	case MARKET_DISCLOSURE_SERVICE_2G_ONLY: return "SERVICE_2G_ONLY";
	case MARKET_DISCLOSURE_SERVICE_3G_ONLY: return "SERVICE_3G_ONLY";
	case MARKET_DISCLOSURE_SERVICE_4G_ONLY: return "SERVICE_4G_ONLY";
	case MARKET_DISCLOSURE_NO_VOICE: return "NO_VOICE";
	case MARKET_DISCLOSURE_IMPORTED_VARIANT: return "IMPORTED_VARIANT";
	}
	return NULL;
}

const char *
market_environment_name(market_environment_t value)
{
	switch (value) {
	case MARKET_ENVIRONMENT_UNSPECIFIED: return "UNSPECIFIED";
	case MARKET_ENVIRONMENT_PRODUCTION: return "PRODUCTION";
	case MARKET_ENVIRONMENT_TEST: return "TEST";
	}
	return NULL;
}

const char *
market_certification_state_name(market_certification_state_t state)
{
	switch (state) {
	case MARKET_CERTIFICATION_STATE_UNSPECIFIED: return "UNSPECIFIED";
	case MARKET_CERTIFICATION_STATE_IN_TEST: return "IN_TEST";
	case MARKET_CERTIFICATION_STATE_PROVISIONAL: return "PROVISIONAL";
	case MARKET_CERTIFICATION_STATE_CERTIFIED: return "CERTIFIED";
	case MARKET_CERTIFICATION_STATE_SUSPENDED: return "SUSPENDED";
	case MARKET_CERTIFICATION_STATE_REFUSED: return "REFUSED";
	case MARKET_CERTIFICATION_STATE_REVOKED: return "REVOKED";
	case MARKET_CERTIFICATION_STATE_WITHDRAWN: return "WITHDRAWN";
	case MARKET_CERTIFICATION_STATE_VOID: return "VOID";
	}
	return NULL;
}

const char *
market_withdrawal_reason_name(market_withdrawal_reason_t reason)
{
	switch (reason) {
	case MARKET_WITHDRAWAL_REASON_UNSPECIFIED: return "UNSPECIFIED";
	case MARKET_WITHDRAWAL_REASON_CEASED: return "CEASED";
	case MARKET_WITHDRAWAL_REASON_SUPERSEDED: return "SUPERSEDED";
	case MARKET_WITHDRAWAL_REASON_KEY_COMPROMISE: return "KEY_COMPROMISE";
	case MARKET_WITHDRAWAL_REASON_ERROR: return "ERROR";
	case MARKET_WITHDRAWAL_REASON_SAFETY: return "SAFETY";
	case MARKET_WITHDRAWAL_REASON_POLICY: return "POLICY";
	}
	return NULL;
}
