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
	    "handed-in evidence does not parse, so it contributes nothing", \
	    "The issuer signs the statement again from corrected input; the " \
	    "error's field path and offset say where it breaks. If it broke " \
	    "on the way, fetch the file again.") \
	X(STATEMENT_SIGNATURE_INVALID, 1002, WARN, ISSUER, 1, \
	    "handed-in evidence is not signed by the threshold of its " \
	    "issuer's keys, so it contributes nothing", \
	    "The issuer signs it with as many of its current keys as its " \
	    "threshold asks. Compare the key ids in the envelope with those " \
	    "of its key set (market show --root).") \
	X(STATEMENT_ISSUER_UNKNOWN, 1003, WARN, ISSUER, 1, \
	    "the issuer of handed-in evidence is no party of the trust root," \
	    " so it contributes nothing", \
	    "The issuer asks the marketplace to be entered in the next trust" \
	    " root; beneath a grant, hand in the grant that names its keys " \
	    "as well.") \
	X(STATEMENT_ISSUER_ROLE, 1004, WARN, ISSUER, 1, \
	    "the issuer of handed-in evidence lacks the role for what it " \
	    "says (brand, network, scheme or territory), so it contributes " \
	    "nothing", \
	    "The party that has the role issues the statement, or the " \
	    "marketplace enters the role for this issuer in the next trust " \
	    "root.") \
	X(STATEMENT_NO_STANDING, 1005, WARN, ISSUER, 1, \
	    "a withdrawal, key set or hold comes from a party without " \
	    "standing over what it names, so it contributes nothing", \
	    "The issuer of the target, an ancestor of it or the marketplace " \
	    "issues it instead; a hold is the marketplace's alone.") \
	X(STATEMENT_FORK, 1006, INDETERMINATE, ISSUER, 1, \
	    "two statements have the same name and revision and different " \
	    "content, so neither counts where nothing else suffices", \
	    "The issuer publishes a higher revision that says what holds, " \
	    "and finds out who signed the second version; if it was not the " \
	    "issuer, it withdraws the key.") \
	X(STATEMENT_STALE_REVISION, 1007, WARN, ISSUER, 1, \
	    "handed-in evidence has a lower revision than one already seen, " \
	    "so it contributes nothing", \
	    "Use the highest revision. If the old content is what should " \
	    "hold, the issuer signs it again under a higher revision.") \
	X(STATEMENT_WITHDRAWN, 1008, DENY, ISSUER, 1, \
	    "needed evidence was withdrawn; the message says which, by whom " \
	    "and why", \
	    "The issuer publishes new evidence under a new id, or under a " \
	    "higher revision where only one revision was withdrawn. A " \
	    "withdrawal itself cannot be undone.") \
	X(STATEMENT_NOT_YET_VALID, 1009, DENY, TIME, 1, \
	    "needed evidence begins later", \
	    "Wait until the instant shown. If it should hold earlier, the " \
	    "issuer publishes a revision with an earlier not_before.") \
	X(STATEMENT_EXPIRED, 1010, DENY, ISSUER, 1, \
	    "needed evidence has ended", \
	    "The issuer publishes the next revision with a later not_after; " \
	    "hand it in.") \
	X(STATEMENT_ISSUED_IN_FUTURE, 1011, DENY, ISSUER, 1, \
	    "needed evidence says that it was issued later than now plus the" \
	    " policy's clock skew", \
	    "Wait until issued_at, or the issuer corrects its clock and " \
	    "signs again. If many statements show this, the marketplace " \
	    "checks its own clock.") \
	X(STATEMENT_KIND_UNEXPECTED, 1012, WARN, ISSUER, 0, \
	    "handed-in evidence is of a kind that does not belong here, so " \
	    "it contributes nothing", \
	    "Hand in the statement where its kind is expected (an offer as " \
	    "the offer, a policy as the policy), or have the issuer sign it " \
	    "as the right kind.") \
	X(WITHDRAWAL_TARGET_UNKNOWN, 1013, WARN, ISSUER, 1, \
	    "a withdrawal names a statement or key that is not here", \
	    "The issuer compares the digest, name or key id with what it " \
	    "meant to withdraw and corrects it by a new withdrawal. If the " \
	    "target simply has not arrived, nothing is to do: the withdrawal" \
	    " will hit it.") \
	X(KEY_WITHDRAWN, 2001, DENY, ISSUER, 1, \
	    "needed evidence is signed with a key that was withdrawn", \
	    "The issuer signs it again with a key that stands, under a " \
	    "higher revision.") \
	X(KEY_OUTSIDE_WINDOW, 2002, DENY, ISSUER, 1, \
	    "needed evidence was accepted outside the window of the key that" \
	    " signed it", \
	    "The issuer signs it again with a key whose window covers today," \
	    " under a higher revision, or extends the window in its next key" \
	    " set.") \
	X(KEY_ENVIRONMENT, 2003, DENY, ISSUER, 1, \
	    "a test key vouches in production, or a production key in a test", \
	    "The issuer signs again with a key of the policy's environment. " \
	    "If the evidence came from a test system, do not use it here.") \
	X(THRESHOLD_UNMET, 2004, DENY, ISSUER, 1, \
	    "fewer distinct keys than the issuer's threshold have signed " \
	    "needed evidence", \
	    "The issuer has the missing keys sign the same payload and hands" \
	    " in the envelope with all signatures; one key counts once.") \
	X(ROOT_EXPIRED, 2101, INDETERMINATE, MARKETPLACE, 1, \
	    "the trust root has ended, so nobody can be believed", \
	    "The marketplace publishes the next revision of the trust root, " \
	    "signed by the thresholds of the old and the new root keys.") \
	X(POLICY_MISSING, 2102, INDETERMINATE, MARKETPLACE, 1, \
	    "no policy of the marketplace is in force", \
	    "The marketplace hands in its current policy, or publishes the " \
	    "next revision if it has ended.") \
	X(AUTHORIZATION_MISSING, 3001, DENY, BRAND, 1, \
	    "no grant leads from the brand to this seller", \
	    "The brand, or a distributor that it allows to delegate, signs " \
	    "an authorization for the seller; if there is one already, hand " \
	    "in every grant of its chain.") \
	X(AUTHORIZATION_CHAIN_BROKEN, 3002, DENY, BRAND, 1, \
	    "a link's issuer is not its parent's grantee, or its parent is " \
	    "not there", \
	    "Hand in the parent that the link pins by digest. If that is not" \
	    " the grant of this link's issuer, the brand or the distributor " \
	    "above signs the link anew.") \
	X(AUTHORIZATION_PARENT_MISMATCH, 3003, DENY, DISTRIBUTOR, 1, \
	    "a link pins a parent digest that is not the current revision of" \
	    " the parent", \
	    "The distributor that issued the link signs it again with the " \
	    "digest of its own current grant (market show prints it).") \
	X(AUTHORIZATION_DELEGATION_FORBIDDEN, 3004, DENY, BRAND, 1, \
	    "a link delegates although its parent does not allow it, or no " \
	    "longer does", \
	    "The brand grants the seller directly, or raises max_delegations" \
	    " in the parent's next revision.") \
	X(AUTHORIZATION_CHAIN_TOO_LONG, 3005, DENY, DISTRIBUTOR, 1, \
	    "the chain from the brand to the seller is longer than policy " \
	    "allows", \
	    "The distributor gets its grant from a party nearer to the " \
	    "brand; only the marketplace can raise max_chain in its policy.") \
	X(AUTHORIZATION_SCOPE_MODEL, 3006, DENY, BRAND, 1, \
	    "the grant does not cover the model", \
	    "The issuer of the grant named adds the model to its " \
	    "scope.models, spelled exactly as in the offer, in the next " \
	    "revision, and if it is a distributor, asks the party above for " \
	    "it first; or the distributor offers a model that is covered.") \
	X(AUTHORIZATION_SCOPE_TERRITORY, 3007, DENY, BRAND, 1, \
	    "the grant does not cover the territory, or excludes it", \
	    "The issuer of the grant named adds the territory to its " \
	    "scope.territories, or takes it out of " \
	    "scope.excluded_territories, in the next revision, and if it is a " \
	    "distributor, asks the party above for it first; or the " \
	    "distributor does not offer there.") \
	X(AUTHORIZATION_SCOPE_CHANNEL, 3008, DENY, BRAND, 1, \
	    "the grant does not cover the channel", \
	    "The issuer of the grant named adds the channel to its " \
	    "scope.channels in the next revision, and if it is a distributor, " \
	    "asks the party above for it first; a grant for one channel, such " \
	    "as ONLINE_STORE, says nothing of another, such as MARKETPLACE.") \
	X(AUTHORIZATION_SCOPE_MARKETPLACE, 3009, DENY, BRAND, 1, \
	    "the grant does not cover the marketplace", \
	    "The issuer of the grant named adds the marketplace's party id to " \
	    "its scope.marketplaces in the next revision, and if it is a " \
	    "distributor, asks the party above for it first; or the " \
	    "distributor sells where the grant holds.") \
	X(AUTHORIZATION_SCOPE_CONDITION, 3010, DENY, BRAND, 1, \
	    "the grant does not cover the condition of the goods", \
	    "The issuer of the grant named adds the condition to its " \
	    "scope.conditions in the next revision, and if it is a " \
	    "distributor, asks the party above for it first; or the " \
	    "distributor offers goods in a condition that is covered.") \
	X(AUTHORIZATION_WIDENED_MODEL, 3011, DENY, DISTRIBUTOR, 1, \
	    "a sub-grant names models that its parent does not grant", \
	    "The distributor that issued the sub-grant signs a revision " \
	    "whose scope.models are among its parent's, or asks the party " \
	    "above for more first.") \
	X(AUTHORIZATION_WIDENED_TERRITORY, 3012, DENY, DISTRIBUTOR, 1, \
	    "a sub-grant names territories that its parent does not grant, " \
	    "or drops one of its exclusions", \
	    "The distributor that issued the sub-grant signs a revision " \
	    "whose territories lie inside its parent's and which repeats " \
	    "each exclusion that reaches into them.") \
	X(AUTHORIZATION_WIDENED_CHANNEL, 3013, DENY, DISTRIBUTOR, 1, \
	    "a sub-grant names channels that its parent does not grant", \
	    "The distributor that issued the sub-grant signs a revision " \
	    "whose scope.channels are among its parent's, or asks the party " \
	    "above for more first.") \
	X(AUTHORIZATION_WIDENED_MARKETPLACE, 3014, DENY, DISTRIBUTOR, 1, \
	    "a sub-grant names marketplaces that its parent does not grant", \
	    "The distributor that issued the sub-grant signs a revision " \
	    "whose scope.marketplaces are among its parent's, or asks the " \
	    "party above for more first.") \
	X(AUTHORIZATION_WIDENED_CONDITION, 3015, DENY, DISTRIBUTOR, 1, \
	    "a sub-grant names conditions that its parent does not grant", \
	    "The distributor that issued the sub-grant signs a revision " \
	    "whose scope.conditions are among its parent's, or asks the " \
	    "party above for more first.") \
	X(AUTHORIZATION_WIDENED_TIME, 3016, DENY, DISTRIBUTOR, 1, \
	    "a sub-grant begins before its parent or ends after it", \
	    "The distributor that issued the sub-grant signs a revision " \
	    "whose not_before and not_after lie inside its parent's.") \
	X(AUTHORIZATION_WIDENED_DELEGATION, 3017, DENY, DISTRIBUTOR, 1, \
	    "a sub-grant allows as many further delegations as its parent, " \
	    "or more", \
	    "The distributor that issued the sub-grant signs a revision with" \
	    " max_delegations at least one below its parent's.") \
	X(AUTHORIZATION_CYCLE, 3018, DENY, DISTRIBUTOR, 1, \
	    "a party occurs twice in the chain, or grants to itself", \
	    "The distributor hands in a chain in which each party grants to " \
	    "the next and none returns; a brand that sells by itself grants " \
	    "to the party that sells.") \
	X(AUTHORIZATION_KEY_MISMATCH, 3019, DENY, DISTRIBUTOR, 1, \
	    "the key that signed the offer is not among those that the grant" \
	    " names", \
	    "The distributor signs the offer with a key of the grant, or has" \
	    " the issuer of the grant enter the new key in its next " \
	    "revision.") \
	X(AUTHORIZATION_ALTERNATIVE_FAILED, 3020, NOTE, NOBODY, 1, \
	    "another chain to the same seller was not taken; the message " \
	    "says why", \
	    "Nothing is to do while one chain holds. If none does, mend the " \
	    "chain that lacks the least.") \
	X(BRAND_DISAVOWED, 3101, DENY, BRAND, 1, \
	    "the brand says that nobody, or this party of the chain, is " \
	    "authorised here", \
	    "Take the offer down. Only the brand can change this: by a " \
	    "revision of the disavowal, or its withdrawal; a grant does not " \
	    "outweigh it.") \
	X(BRAND_UNKNOWN, 3102, DENY, MARKETPLACE, 1, \
	    "no party of the trust root owns the brand", \
	    "The marketplace enters the brand's owner with its keys and the " \
	    "role BRAND in the next trust root; check first that the offer " \
	    "spells the brand as the root does.") \
	X(CERTIFICATION_MISSING, 4001, DENY, CERTIFIER, 1, \
	    "a required scheme has no certification of this model", \
	    "The certifier or carrier named certifies the model, and its " \
	    "statement is handed in; until then the offer cannot be " \
	    "published in this cell.") \
	X(CERTIFICATION_HARDWARE, 4002, DENY, CERTIFIER, 1, \
	    "the certification covers other hardware versions than the one " \
	    "offered", \
	    "The certifier adds the hardware version in its next revision, " \
	    "or certifies it as a variant; or the distributor offers a " \
	    "version that is covered.") \
	X(CERTIFICATION_SOFTWARE, 4003, DENY, CERTIFIER, 1, \
	    "the certification covers other software versions than the one " \
	    "offered", \
	    "The certifier adds the software version in its next revision, " \
	    "or certifies it as maintenance; or the distributor ships a " \
	    "version that is covered.") \
	X(CERTIFICATION_NETWORK, 4004, DENY, CERTIFIER, 1, \
	    "the certification covers other networks than the one asked for", \
	    "The certifier adds the network in its next revision; or the " \
	    "distributor leaves this network out of the offer.") \
	X(CERTIFICATION_TERRITORY, 4005, DENY, CERTIFIER, 1, \
	    "the certification covers other territories than the one asked " \
	    "for", \
	    "The certifier adds the territory in its next revision; or the " \
	    "distributor leaves this territory out of the offer.") \
	X(CERTIFICATION_IN_TEST, 4006, DENY, CERTIFIER, 1, \
	    "the certification's state is IN_TEST: the device is still being" \
	    " tested", \
	    "Wait for the certifier to finish; its next revision with the " \
	    "state CERTIFIED clears this by itself.") \
	X(CERTIFICATION_PROVISIONAL, 4007, DENY, CERTIFIER, 1, \
	    "the certification is provisional, and policy does not accept " \
	    "that", \
	    "The certifier completes the certification and publishes the " \
	    "state CERTIFIED; only the marketplace can accept provisional " \
	    "ones, in its policy.") \
	X(CERTIFICATION_SUSPENDED, 4008, DENY, CERTIFIER, 1, \
	    "the certification is suspended", \
	    "The brand settles with the certifier what the suspension is " \
	    "about; the certifier's next revision with the state CERTIFIED " \
	    "lifts it.") \
	X(CERTIFICATION_ENDED, 4009, DENY, CERTIFIER, 1, \
	    "the certification was refused, revoked, withdrawn or is void, " \
	    "which is final", \
	    "What has ended stands for ever for what it covers. The certifier " \
	    "certifies another hardware or software version under a new id, " \
	    "for which the brand applies, and the distributor offers that " \
	    "version.") \
	X(CERTIFICATION_TRANSITION, 4010, DENY, CERTIFIER, 1, \
	    "the certification's state does not follow from that of the " \
	    "revision before", \
	    "A final state stands for ever for what it covers. The certifier " \
	    "certifies another version under a new id, and the distributor " \
	    "offers that one.") \
	X(CERTIFICATION_PREREQUISITE, 4011, DENY, CERTIFIER, 1, \
	    "a scheme that the certification presupposes has none for the " \
	    "same versions", \
	    "The certifier of the scheme named certifies the same hardware " \
	    "and software versions, and its statement is handed in.") \
	X(CERTIFICATION_PARENT, 4012, DENY, CERTIFIER, 1, \
	    "the certification that this variant or maintenance route builds" \
	    " on is missing or has ended", \
	    "Hand in the parent that is pinned by digest. If it has ended, " \
	    "the certifier renews it, or certifies this version by an " \
	    "initial route.") \
	X(CERTIFICATION_PROVISIONAL_ACCEPTED, 4013, WARN, CERTIFIER, 1, \
	    "the certification is provisional, which policy accepts", \
	    "Nothing blocks the offer. The certifier completes the " \
	    "certification before it ends, or the marketplace before it " \
	    "stops accepting provisional ones.") \
	X(CERTIFICATION_CONFLICT, 4014, WARN, CERTIFIER, 1, \
	    "several certifications of one scheme apply and differ; the most" \
	    " restrictive was taken", \
	    "The certifier withdraws those that no longer hold, or makes " \
	    "them agree by new revisions.") \
	X(NETWORK_UNKNOWN, 4015, INDETERMINATE, CARRIER, 1, \
	    "no network statement is in force for the network, or for its " \
	    "host", \
	    "The carrier publishes its network statement, or its next " \
	    "revision if it has ended; hand it in. Check that the offer " \
	    "spells the network's name exactly.") \
	X(NETWORK_TERRITORY, 4016, DENY, DISTRIBUTOR, 0, \
	    "the network does not serve the territory", \
	    "The distributor takes this territory or this network out of the" \
	    " offer; if the network does serve it, the carrier adds it to " \
	    "its network statement.") \
	X(NETWORK_LOOSENS_HOST, 4017, WARN, CARRIER, 1, \
	    "an MVNO asks for less than the network that hosts it; the " \
	    "host's rule was taken", \
	    "Nothing blocks the offer for this. The carrier that runs the " \
	    "MVNO repeats its host's rules, or adds to them, in its next " \
	    "network statement.") \
	X(BANDS_UNKNOWN, 5001, INDETERMINATE, BRAND, 1, \
	    "the bands of the device, or those that a certification covers, are " \
	    "not known", \
	    "The brand publishes a product statement with the bands of each " \
	    "technology (an empty list where it has none) and without " \
	    "unknown_rats; where a certification is meant, its issuer signs a " \
	    "revision that lists the bands.") \
	X(SERVICE_BELOW_MINIMUM, 5002, DENY, NOBODY, 1, \
	    "the best service that device and network have in common is " \
	    "under the policy's minimum", \
	    "Nobody can sign this away: offer a variant with the network's " \
	    "bands, or on another network. Where a network is to grow, wait " \
	    "for its next statement.") \
	X(DISCLOSURE_MISSING, 5003, DENY, DISTRIBUTOR, 0, \
	    "a disclosure that is due to the buyer was not made", \
	    "The distributor adds the disclosure named to the offer's " \
	    "disclosures, shows it to buyers, and signs a new revision.") \
	X(FEATURE_MISSING, 5004, DENY, NOBODY, 0, \
	    "the device lacks a feature that the network requires", \
	    "The device cannot be sold for this network. Offer a variant " \
	    "that has the feature, or leave the network out of the offer.") \
	X(BAND_NOT_CERTIFIED, 5005, NOTE, CERTIFIER, 1, \
	    "a common band is not covered by a required certification, so it" \
	    " does not count as service", \
	    "Nothing is to do if the other bands suffice. Else the certifier" \
	    " adds the band to its next revision.") \
	X(SERVICE_LIMITED, 5006, NOTE, NOBODY, 1, \
	    "the buyer gets less than the network can give; the message says" \
	    " what, on which bands and until when", \
	    "Nothing is to do beyond the disclosures that are due. Look at " \
	    "the date: the answer changes when the network does.") \
	X(VOICE_UNKNOWN, 5007, NOTE, BRAND, 1, \
	    "whether calls work cannot be told: neither 2G nor 3G is in " \
	    "common, and the product lists no features", \
	    "The brand lists the device's features (VOLTE, VONR) in its " \
	    "product statement; until then do not promise calls to a buyer.") \
	X(OFFER_SIGNATURE_INVALID, 6001, DENY, DISTRIBUTOR, 0, \
	    "the offer is not signed by the seller's keys", \
	    "The distributor signs the offer with a key that the marketplace" \
	    " has verified for it, or, without seller verification, a key " \
	    "that its grant names.") \
	X(OFFER_ATTRIBUTE_MISSING, 6002, DENY, DISTRIBUTOR, 0, \
	    "a field that an offer needs is not there; the path says which", \
	    "The distributor fills in the field named and signs a new " \
	    "revision of the offer.") \
	X(OFFER_ATTRIBUTE_INVALID, 6003, DENY, DISTRIBUTOR, 0, \
	    "a field of the offer is not valid; path and message say which " \
	    "and why", \
	    "The distributor corrects the field named and signs a new " \
	    "revision of the offer.") \
	X(OFFER_GTIN_CHECK_DIGIT, 6004, DENY, DISTRIBUTOR, 0, \
	    "the check digit of the offer's GTIN is wrong", \
	    "The distributor copies the GTIN from the package again, with " \
	    "its leading zeros, and signs a new revision of the offer.") \
	X(OFFER_GTIN_MODEL, 6005, DENY, DISTRIBUTOR, 0, \
	    "the brand's product lists GTINs, and the offer's is not one of " \
	    "them", \
	    "The distributor compares the package with the model it named " \
	    "and corrects the one that is wrong; a GTIN that the brand " \
	    "forgot is the brand's to add to its product.") \
	X(OFFER_PRICE_INVALID, 6006, DENY, DISTRIBUTOR, 0, \
	    "the price is not positive, or finer than the currency's " \
	    "smallest unit", \
	    "The distributor writes price.amount_micros as millionths of the" \
	    " currency, a whole number of its smallest unit (USD 219 is " \
	    "219000000), and signs a new revision.") \
	X(OFFER_CURRENCY_UNKNOWN, 6007, DENY, DISTRIBUTOR, 0, \
	    "the price's currency is no ISO 4217 code in use", \
	    "The distributor writes price.currency_code as three capitals of" \
	    " ISO 4217, such as USD, and signs a new revision of the offer.") \
	X(OFFER_MARKETPLACE, 6008, DENY, DISTRIBUTOR, 0, \
	    "the offer was made for another marketplace", \
	    "The distributor signs an offer that names this marketplace; an " \
	    "offer cannot be carried over from another one.") \
	X(OFFER_VERSION_UNKNOWN, 6009, DENY, DISTRIBUTOR, 0, \
	    "the offer names a hardware or software version that the product" \
	    " does not list", \
	    "The distributor writes the version exactly as the brand's " \
	    "product lists it and signs a new revision; a version that is " \
	    "new is the brand's to add.") \
	X(OFFER_NOT_YET_VALID, 6010, DENY, TIME, 1, \
	    "the offer begins later", \
	    "Wait until the instant shown; the distributor can sign a " \
	    "revision with an earlier not_before.") \
	X(OFFER_EXPIRED, 6011, DENY, DISTRIBUTOR, 0, \
	    "the offer has ended", \
	    "The distributor signs a new revision of the offer with a later " \
	    "not_after.") \
	X(OFFER_NO_CELL, 6012, DENY, DISTRIBUTOR, 0, \
	    "the offer asks for no territory, no channel or no network, so " \
	    "there is nothing to publish", \
	    "The distributor names at least one territory, one channel and " \
	    "one network and signs a new revision; an empty list is nothing," \
	    " not everything.") \
	X(PRODUCT_UNKNOWN, 6013, INDETERMINATE, BRAND, 1, \
	    "no product statement is in force for this model", \
	    "The brand publishes a product statement for the model, or its " \
	    "next revision if it has ended; hand it in. Check that the offer" \
	    " spells brand and model exactly.") \
	X(SELLER_UNKNOWN, 7001, DENY, MARKETPLACE, 1, \
	    "the marketplace has not verified this seller", \
	    "The marketplace verifies the seller and issues a seller " \
	    "statement with its keys; the seller applies for it.") \
	X(SELLER_SUSPENDED, 7002, DENY, MARKETPLACE, 1, \
	    "the marketplace has suspended the seller; the message has its " \
	    "reason", \
	    "The seller settles the reason with the marketplace, which lifts" \
	    " the suspension by its next seller statement.") \
	X(HELD_BY_MARKETPLACE, 7003, DENY, MARKETPLACE, 1, \
	    "the marketplace holds this seller, brand, model or offer; the " \
	    "message has the reason and the end", \
	    "Ask the marketplace with the reason shown; it withdraws the " \
	    "hold, or the hold ends at the instant shown.") \
	X(REMOVED_BY_MARKETPLACE, 7004, DENY, NOBODY, 0, \
	    "the marketplace has removed this for good", \
	    "Nothing brings this back. If the goods may be sold after all, " \
	    "it takes a new offer that the removal does not name.") \
	X(STATUS_MISSING, 8001, INDETERMINATE, ISSUER, 1, \
	    "policy demands a status list of this issuer, and there is none", \
	    "The issuer publishes its status list, and the marketplace hands" \
	    " it in; if the issuer cannot, the marketplace changes its " \
	    "status_rules.") \
	X(STATUS_STALE, 8002, INDETERMINATE, ISSUER, 1, \
	    "the status list of this issuer is too old for the policy", \
	    "Fetch the issuer's current status list and hand it in; if there" \
	    " is no newer one, the issuer publishes it.") \
	X(STATUS_ROLLBACK, 8003, INDETERMINATE, ISSUER, 1, \
	    "the status list of this issuer is older than one already seen, " \
	    "or an entry of it has vanished", \
	    "Fetch the current list from the issuer by another way. If it is" \
	    " the same there, the issuer restores the entry and says what " \
	    "happened; do not sell meanwhile.") \
	X(STATUS_INCOMPLETE, 8004, INDETERMINATE, ISSUER, 1, \
	    "a page of this issuer's status list is missing", \
	    "Fetch and hand in all pages with the same sequence; if one " \
	    "cannot be had, the issuer publishes the list anew.") \
	X(CLOCK_UNTRUSTED, 8005, INDETERMINATE, MARKETPLACE, 1, \
	    "the marketplace's clock went back beyond the tolerance, so " \
	    "nothing new is permitted", \
	    "The marketplace sets its clock right and waits until it has " \
	    "passed the last instant seen; withdrawals are accepted " \
	    "meanwhile.") \
	X(LIMIT_EXCEEDED, 9001, INDETERMINATE, MARKETPLACE, 1, \
	    "there are more grants, statements or cells than the limit; the " \
	    "message says which", \
	    "The marketplace has the issuer named reduce them: withdraw " \
	    "superseded statements, merge grants, or split the offer.") \
	X(EXPIRING_SOON, 9002, WARN, ISSUER, 1, \
	    "evidence that the answer needs ends within the policy's span", \
	    "The issuer named publishes the next revision, with a later " \
	    "not_after, before the instant shown; then nothing is " \
	    "interrupted.")
/* clang-format on */

#endif
