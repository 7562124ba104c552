/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The registry of findings. Names and numbers are never reused or given
 * another meaning.
 *
 * X(name, number, effect, actor, clears, meaning, remedy)
 */
#ifndef MARKET_FINDING_CODES_H
#define MARKET_FINDING_CODES_H

/* clang-format off */
#define MARKET_FINDING_MAP(X) \
	X(STATEMENT_MALFORMED, 1001, WARN, ISSUER, 1, \
	    "handed-in evidence that does not parse; it contributes nothing", \
	    "") \
	X(STATEMENT_SIGNATURE_INVALID, 1002, WARN, ISSUER, 1, \
	    "handed-in evidence without the threshold of its issuer's keys", \
	    "") \
	X(STATEMENT_ISSUER_UNKNOWN, 1003, WARN, ISSUER, 1, \
	    "its issuer is no party of the trust root", \
	    "") \
	X(STATEMENT_ISSUER_ROLE, 1004, WARN, ISSUER, 1, \
	    "its issuer lacks the role for what it says (brand, network, scheme, territory)", \
	    "") \
	X(STATEMENT_NO_STANDING, 1005, WARN, ISSUER, 1, \
	    "a withdrawal, key set or hold by somebody without standing", \
	    "") \
	X(STATEMENT_FORK, 1006, INDETERMINATE, ISSUER, 1, \
	    "two statements with one name and revision; matters where nothing else suffices", \
	    "") \
	X(STATEMENT_STALE_REVISION, 1007, WARN, ISSUER, 1, \
	    "a lower revision than one already seen", \
	    "") \
	X(STATEMENT_WITHDRAWN, 1008, DENY, ISSUER, 1, \
	    "needed evidence was withdrawn (which, by whom, why)", \
	    "") \
	X(STATEMENT_NOT_YET_VALID, 1009, DENY, TIME, 1, \
	    "needed evidence begins later", \
	    "") \
	X(STATEMENT_EXPIRED, 1010, DENY, ISSUER, 1, \
	    "needed evidence has ended", \
	    "") \
	X(STATEMENT_ISSUED_IN_FUTURE, 1011, DENY, ISSUER, 1, \
	    "issued later than now plus the clock skew", \
	    "") \
	X(STATEMENT_KIND_UNEXPECTED, 1012, WARN, ISSUER, 0, \
	    "a kind that does not belong here", \
	    "") \
	X(WITHDRAWAL_TARGET_UNKNOWN, 1013, WARN, ISSUER, 1, \
	    "a withdrawal of a statement or key that is not here", \
	    "") \
	X(KEY_WITHDRAWN, 2001, DENY, ISSUER, 1, \
	    "signed by a withdrawn key", \
	    "") \
	X(KEY_OUTSIDE_WINDOW, 2002, DENY, ISSUER, 1, \
	    "signed outside the key's window", \
	    "") \
	X(KEY_ENVIRONMENT, 2003, DENY, ISSUER, 1, \
	    "a test key in production, or the reverse", \
	    "") \
	X(THRESHOLD_UNMET, 2004, DENY, ISSUER, 1, \
	    "fewer distinct keys than the threshold signed needed evidence", \
	    "") \
	X(ROOT_EXPIRED, 2101, INDETERMINATE, MARKETPLACE, 1, \
	    "the trust root has ended", \
	    "") \
	X(POLICY_MISSING, 2102, INDETERMINATE, MARKETPLACE, 1, \
	    "no policy in force", \
	    "") \
	X(AUTHORIZATION_MISSING, 3001, DENY, BRAND, 1, \
	    "no grant leads from the brand to this seller", \
	    "") \
	X(AUTHORIZATION_CHAIN_BROKEN, 3002, DENY, BRAND, 1, \
	    "a link's issuer is not its parent's grantee, or the parent is not there", \
	    "") \
	X(AUTHORIZATION_PARENT_MISMATCH, 3003, DENY, DISTRIBUTOR, 1, \
	    "the pinned parent digest is another", \
	    "") \
	X(AUTHORIZATION_DELEGATION_FORBIDDEN, 3004, DENY, BRAND, 1, \
	    "a link delegates although its parent does not allow it (any more)", \
	    "") \
	X(AUTHORIZATION_CHAIN_TOO_LONG, 3005, DENY, DISTRIBUTOR, 1, \
	    "longer than policy allows", \
	    "") \
	X(AUTHORIZATION_SCOPE_MODEL, 3006, DENY, BRAND, 1, \
	    "the grant does not cover the model", \
	    "") \
	X(AUTHORIZATION_SCOPE_TERRITORY, 3007, DENY, BRAND, 1, \
	    "... the territory, or excludes it", \
	    "") \
	X(AUTHORIZATION_SCOPE_CHANNEL, 3008, DENY, BRAND, 1, \
	    "... the channel", \
	    "") \
	X(AUTHORIZATION_SCOPE_MARKETPLACE, 3009, DENY, BRAND, 1, \
	    "... the marketplace", \
	    "") \
	X(AUTHORIZATION_SCOPE_CONDITION, 3010, DENY, BRAND, 1, \
	    "... the condition", \
	    "") \
	X(AUTHORIZATION_WIDENED_MODEL, 3011, DENY, DISTRIBUTOR, 1, \
	    "a child grants more than its parent: models", \
	    "") \
	X(AUTHORIZATION_WIDENED_TERRITORY, 3012, DENY, DISTRIBUTOR, 1, \
	    "... territories", \
	    "") \
	X(AUTHORIZATION_WIDENED_CHANNEL, 3013, DENY, DISTRIBUTOR, 1, \
	    "... channels", \
	    "") \
	X(AUTHORIZATION_WIDENED_MARKETPLACE, 3014, DENY, DISTRIBUTOR, 1, \
	    "... marketplaces", \
	    "") \
	X(AUTHORIZATION_WIDENED_CONDITION, 3015, DENY, DISTRIBUTOR, 1, \
	    "... conditions", \
	    "") \
	X(AUTHORIZATION_WIDENED_TIME, 3016, DENY, DISTRIBUTOR, 1, \
	    "... time", \
	    "") \
	X(AUTHORIZATION_WIDENED_DELEGATION, 3017, DENY, DISTRIBUTOR, 1, \
	    "... further delegation", \
	    "") \
	X(AUTHORIZATION_CYCLE, 3018, DENY, DISTRIBUTOR, 1, \
	    "a chain that meets itself", \
	    "") \
	X(AUTHORIZATION_KEY_MISMATCH, 3019, DENY, DISTRIBUTOR, 1, \
	    "the offer's key is not among those the grant names", \
	    "") \
	X(AUTHORIZATION_ALTERNATIVE_FAILED, 3020, NOTE, NOBODY, 1, \
	    "why another chain was not taken", \
	    "") \
	X(BRAND_DISAVOWED, 3101, DENY, BRAND, 1, \
	    "the brand says that nobody, or this party of the chain, is authorised here", \
	    "") \
	X(BRAND_UNKNOWN, 3102, DENY, MARKETPLACE, 1, \
	    "no party of the trust root owns the brand", \
	    "") \
	X(CERTIFICATION_MISSING, 4001, DENY, CERTIFIER, 1, \
	    "a required scheme has no certification of this model", \
	    "") \
	X(CERTIFICATION_HARDWARE, 4002, DENY, CERTIFIER, 1, \
	    "it covers other hardware versions", \
	    "") \
	X(CERTIFICATION_SOFTWARE, 4003, DENY, CERTIFIER, 1, \
	    "it covers other software versions", \
	    "") \
	X(CERTIFICATION_NETWORK, 4004, DENY, CERTIFIER, 1, \
	    "it covers other networks", \
	    "") \
	X(CERTIFICATION_TERRITORY, 4005, DENY, CERTIFIER, 1, \
	    "it covers other territories", \
	    "") \
	X(CERTIFICATION_IN_TEST, 4006, DENY, CERTIFIER, 1, \
	    "under test", \
	    "") \
	X(CERTIFICATION_PROVISIONAL, 4007, DENY, CERTIFIER, 1, \
	    "provisional, and policy does not accept that", \
	    "") \
	X(CERTIFICATION_SUSPENDED, 4008, DENY, CERTIFIER, 1, \
	    "suspended", \
	    "") \
	X(CERTIFICATION_ENDED, 4009, DENY, CERTIFIER, 1, \
	    "refused, revoked, withdrawn or void", \
	    "") \
	X(CERTIFICATION_TRANSITION, 4010, DENY, CERTIFIER, 1, \
	    "its state does not follow from the revision before", \
	    "") \
	X(CERTIFICATION_PREREQUISITE, 4011, DENY, CERTIFIER, 1, \
	    "a prerequisite scheme is missing for the same versions", \
	    "") \
	X(CERTIFICATION_PARENT, 4012, DENY, CERTIFIER, 1, \
	    "the parent of a variant or maintenance route is missing or ended", \
	    "") \
	X(CERTIFICATION_PROVISIONAL_ACCEPTED, 4013, WARN, CERTIFIER, 1, \
	    "provisional, accepted by policy", \
	    "") \
	X(CERTIFICATION_CONFLICT, 4014, WARN, CERTIFIER, 1, \
	    "several apply; the most restrictive was taken", \
	    "") \
	X(NETWORK_UNKNOWN, 4015, INDETERMINATE, CARRIER, 1, \
	    "no network statement in force", \
	    "") \
	X(NETWORK_TERRITORY, 4016, DENY, DISTRIBUTOR, 0, \
	    "the network does not serve the territory", \
	    "") \
	X(NETWORK_LOOSENS_HOST, 4017, WARN, CARRIER, 1, \
	    "an MVNO asks less than its host; the host's rule was taken", \
	    "") \
	X(BANDS_UNKNOWN, 5001, INDETERMINATE, BRAND, 1, \
	    "the device's bands are not known", \
	    "") \
	X(SERVICE_BELOW_MINIMUM, 5002, DENY, NOBODY, 1, \
	    "best common service is under policy's minimum", \
	    "") \
	X(DISCLOSURE_MISSING, 5003, DENY, DISTRIBUTOR, 0, \
	    "a due disclosure was not made", \
	    "") \
	X(FEATURE_MISSING, 5004, DENY, NOBODY, 0, \
	    "a feature that the network requires is not there", \
	    "") \
	X(BAND_NOT_CERTIFIED, 5005, NOTE, CERTIFIER, 1, \
	    "a common band that a required certification does not cover; it does not count", \
	    "") \
	X(SERVICE_LIMITED, 5006, NOTE, NOBODY, 1, \
	    "what the buyer gets, on which bands, until when", \
	    "") \
	X(VOICE_UNKNOWN, 5007, NOTE, BRAND, 1, \
	    "whether calls work cannot be told: no 2G or 3G, and the features are not listed", \
	    "") \
	X(OFFER_SIGNATURE_INVALID, 6001, DENY, DISTRIBUTOR, 0, \
	    "not signed by the seller's keys", \
	    "") \
	X(OFFER_ATTRIBUTE_MISSING, 6002, DENY, DISTRIBUTOR, 0, \
	    "a needed field is not there (path)", \
	    "") \
	X(OFFER_ATTRIBUTE_INVALID, 6003, DENY, DISTRIBUTOR, 0, \
	    "a field is not valid (path, why)", \
	    "") \
	X(OFFER_GTIN_CHECK_DIGIT, 6004, DENY, DISTRIBUTOR, 0, \
	    "the GTIN's check digit is wrong", \
	    "") \
	X(OFFER_GTIN_MODEL, 6005, DENY, DISTRIBUTOR, 0, \
	    "the brand's product lists GTINs, and not this one", \
	    "") \
	X(OFFER_PRICE_INVALID, 6006, DENY, DISTRIBUTOR, 0, \
	    "not positive, or finer than the currency", \
	    "") \
	X(OFFER_CURRENCY_UNKNOWN, 6007, DENY, DISTRIBUTOR, 0, \
	    "no ISO 4217 code", \
	    "") \
	X(OFFER_MARKETPLACE, 6008, DENY, DISTRIBUTOR, 0, \
	    "made for another marketplace", \
	    "") \
	X(OFFER_VERSION_UNKNOWN, 6009, DENY, DISTRIBUTOR, 0, \
	    "a hardware or software version that the product does not list", \
	    "") \
	X(OFFER_NOT_YET_VALID, 6010, DENY, TIME, 1, \
	    "begins later", \
	    "") \
	X(OFFER_EXPIRED, 6011, DENY, DISTRIBUTOR, 0, \
	    "has ended", \
	    "") \
	X(OFFER_NO_CELL, 6012, DENY, DISTRIBUTOR, 0, \
	    "asks for no territory, channel or network", \
	    "") \
	X(PRODUCT_UNKNOWN, 6013, INDETERMINATE, BRAND, 1, \
	    "no product statement in force", \
	    "") \
	X(SELLER_UNKNOWN, 7001, DENY, MARKETPLACE, 1, \
	    "the marketplace has not verified this seller", \
	    "") \
	X(SELLER_SUSPENDED, 7002, DENY, MARKETPLACE, 1, \
	    "suspended, with the reason", \
	    "") \
	X(HELD_BY_MARKETPLACE, 7003, DENY, MARKETPLACE, 1, \
	    "a hold, with reason and end", \
	    "") \
	X(REMOVED_BY_MARKETPLACE, 7004, DENY, NOBODY, 0, \
	    "removed for good", \
	    "") \
	X(STATUS_MISSING, 8001, INDETERMINATE, ISSUER, 1, \
	    "policy demands a status of this issuer; there is none", \
	    "") \
	X(STATUS_STALE, 8002, INDETERMINATE, ISSUER, 1, \
	    "... it is too old", \
	    "") \
	X(STATUS_ROLLBACK, 8003, INDETERMINATE, ISSUER, 1, \
	    "... older than one already seen, or an entry vanished", \
	    "") \
	X(STATUS_INCOMPLETE, 8004, INDETERMINATE, ISSUER, 1, \
	    "... a page is missing", \
	    "") \
	X(CLOCK_UNTRUSTED, 8005, INDETERMINATE, MARKETPLACE, 1, \
	    "the clock went back beyond tolerance", \
	    "") \
	X(LIMIT_EXCEEDED, 9001, INDETERMINATE, MARKETPLACE, 1, \
	    "more grants, statements or cells than the limit; told which", \
	    "") \
	X(EXPIRING_SOON, 9002, WARN, ISSUER, 1, \
	    "ends within policy's span", \
	    "")
/* clang-format on */

#endif
