/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sealing, first half: every statement is verified with the keys that its
 * issuer has from the root, from a seller statement, or from a grant.
 */
#include <stdio.h>

#include "api/evidence.h"
#include "api/root.h"

static const market__trust_root_t *
root_of(const market_evidence_t *evidence)
{
	return &evidence->root->statement->message->of.trust_root;
}

market_status_t
market__evidence_ignore(market_evidence_t *evidence, market__handed_t *handed,
    market_code_t code, const char *format, ...)
{
	char text[MARKET_ERROR_MESSAGE_MAX * 2];
	market_slice_t copy;
	va_list args;

	if (handed->code != MARKET_CODE_NONE)
		return MARKET_OK;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	copy = market__arena_copy(&evidence->arena, market_slice_of(text));
	if (copy.ptr == NULL)
		return market__arena_refusal(&evidence->arena);
	handed->code = code;
	handed->message = (const char *)copy.ptr;
	return MARKET_OK;
}

/* A list in the arena that doubles; what it grew out of stays behind. */
static void *
grown(market_evidence_t *evidence, const void *list, size_t n, size_t *capacity,
    size_t element)
{
	size_t more = *capacity == 0 ? 32 : *capacity * 2;
	void *copy = market__arena_array(&evidence->arena, more, element);

	if (copy != NULL && n > 0)
		memcpy(copy, list, n * element);
	if (copy != NULL)
		*capacity = more;
	return copy;
}

static market_status_t
load_conveyed(market_evidence_t *evidence, const market__key_set_t *message,
    const char *path, const market__keyset_t **ret, market_error_t *error)
{
	market__keyset_t *keyset = NULL;
	market_status_t status;
	void *list;

	if (evidence->n_keysets == evidence->keysets_capacity) {
		list = grown(evidence, (void *)evidence->keysets,
		    evidence->n_keysets, &evidence->keysets_capacity,
		    sizeof(*evidence->keysets));
		if (list == NULL)
			return market__arena_refusal(&evidence->arena);
		evidence->keysets = list;
	}
	status = market__keyset_load(
	    evidence->context, message, path, &keyset, error);
	if (status != MARKET_OK)
		return status;
	evidence->keysets[evidence->n_keysets++] = keyset;
	*ret = keyset;
	return MARKET_OK;
}

/* The keys that a seller statement or a grant names for its subject. */
static market_status_t
convey(market_evidence_t *evidence, market__handed_t *handed,
    market__verified_t *verified, bool *ret_good)
{
	const market__message_t *message = handed->statement->message;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status = MARKET_OK;

	*ret_good = true;
	if (message->kind == MARKET_KIND_SELLER)
		status = load_conveyed(evidence, message->of.seller.keys,
		    "keys", &verified->conveyed, &error);
	else if (message->kind == MARKET_KIND_KEY_SET)
		status = load_conveyed(evidence, message->of.key_set.keys,
		    "keys", &verified->conveyed, &error);
	else if (message->kind == MARKET_KIND_AUTHORIZATION &&
	    message->of.authorization.grantee_keys != NULL)
		status = load_conveyed(evidence,
		    message->of.authorization.grantee_keys, "grantee_keys",
		    &verified->conveyed, &error);
	if (status == MARKET_OK || status == MARKET_E_MEMORY ||
	    status == MARKET_E_INTERNAL)
		return status;
	/* A key that cannot be one makes the statement say nothing. */
	*ret_good = false;
	return market__evidence_ignore(evidence, handed,
	    MARKET_CODE_STATEMENT_MALFORMED, "%s: %s", error.path,
	    error.message);
}

market_status_t
market__evidence_admit(market_evidence_t *evidence, market__handed_t *handed,
    const market__verified_t *verified)
{
	market__verified_t *kept;
	market_status_t status;
	bool good;
	void *list;

	if (evidence->n_verified == evidence->verified_capacity) {
		list = grown(evidence, (void *)evidence->verified,
		    evidence->n_verified, &evidence->verified_capacity,
		    sizeof(*evidence->verified));
		if (list == NULL)
			return market__arena_refusal(&evidence->arena);
		evidence->verified = list;
	}
	kept = market__arena_alloc(&evidence->arena, sizeof(*kept));
	if (kept == NULL)
		return market__arena_refusal(&evidence->arena);
	*kept = *verified;
	kept->statement = handed->statement;
	kept->seen_at = MARKET__SEEN_NOW;
	status = convey(evidence, handed, kept, &good);
	if (status != MARKET_OK || !good)
		return status;
	evidence->verified[evidence->n_verified++] = kept;
	if (handed->verified == NULL)
		handed->verified = kept;
	return MARKET_OK;
}

/* Verifies with one set of keys; admits it where the threshold is met. */
static market_status_t
try_keys(market_evidence_t *evidence, market__handed_t *handed,
    const market__held_keys_t *keys, market__authority_t authority,
    const market__verified_t *under, unsigned *ret_signed)
{
	market__verified_t verified = { 0 };
	market_status_t status;

	verified.authority = authority;
	verified.by_marketplace = authority == MARKET__AUTHORITY_PARTY &&
	    market__root_marketplace(
		root_of(evidence), market__header(handed->statement)->issuer);
	market__stand_under(&verified, under);
	verified.keyed = keys->by;
	verified.keys = keys->keys;
	status = market__keyset_signers(
	    keys->keys, handed->statement, &verified.signers);
	if (status != MARKET_OK)
		return status;
	*ret_signed = market__keymask_count(verified.signers);
	if (*ret_signed < keys->keys->threshold)
		return MARKET_OK;
	return market__evidence_admit(evidence, handed, &verified);
}

static bool
is_sub_grant(const market_statement_t *statement)
{
	return statement->message->kind == MARKET_KIND_AUTHORIZATION &&
	    statement->message->of.authorization.parent_digest.len > 0;
}

/* What its issuer says of its own statements, whatever gave it its keys. */
static bool
takes_back(market_kind_t kind)
{
	return kind == MARKET_KIND_WITHDRAWAL || kind == MARKET_KIND_STATUS;
}

static bool
belongs_here(market_kind_t kind)
{
	switch (kind) {
	case MARKET_KIND_SELLER:
	case MARKET_KIND_PRODUCT:
	case MARKET_KIND_NETWORK:
	case MARKET_KIND_AUTHORIZATION:
	case MARKET_KIND_DISAVOWAL:
	case MARKET_KIND_CERTIFICATION:
	case MARKET_KIND_WITHDRAWAL:
	case MARKET_KIND_HOLD:
	case MARKET_KIND_KEY_SET:
	case MARKET_KIND_STATUS: return true;
	case MARKET_KIND_TRUST_ROOT:
	case MARKET_KIND_POLICY:
	case MARKET_KIND_OFFER:
	case MARKET_KIND_FEED:
	case MARKET_KIND_NONE: break;
	}
	return false;
}

/* A statement of a party of the root: its keys and its role. */
static market_status_t
verify_party(market_evidence_t *evidence, market__handed_t *handed)
{
	const market_statement_t *statement = handed->statement;
	const market__held_keys_t *keys = market__evidence_keys_of(
	    evidence, market__header(statement)->issuer);
	unsigned n_signed = 0;
	market__text_t message;
	market_status_t status;
	market_code_t code;

	market__text_init(&message, &evidence->context->allocator, 1 << 16);
	code = market__admit_role(root_of(evidence), statement, &message);
	status = message.status;
	if (status == MARKET_OK && code != MARKET_CODE_NONE)
		status = market__evidence_ignore(
		    evidence, handed, code, "%s", message.data);
	market__text_clear(&message);
	if (status != MARKET_OK || code != MARKET_CODE_NONE)
		return status;
	status = try_keys(
	    evidence, handed, keys, MARKET__AUTHORITY_PARTY, NULL, &n_signed);
	if (status != MARKET_OK || handed->verified != NULL)
		return status;
	return market__evidence_ignore(evidence, handed,
	    MARKET_CODE_STATEMENT_SIGNATURE_INVALID,
	    "%u of its issuer's keys signed, and %u must sign", n_signed,
	    keys->keys->threshold);
}

static market_status_t
verify_first(market_evidence_t *evidence, market__handed_t *handed)
{
	const market_statement_t *statement = handed->statement;

	if (statement == NULL)
		return market__evidence_ignore(evidence, handed,
		    MARKET_CODE_STATEMENT_MALFORMED, "%s", handed->fault);
	if (!belongs_here(statement->message->kind))
		return market__evidence_ignore(evidence, handed,
		    MARKET_CODE_STATEMENT_KIND_UNEXPECTED,
		    "a %s statement is no evidence of this kind; root, policy "
		    "and offer are handed in by themselves",
		    market_kind_name(statement->message->kind));
	if (statement->message->kind == MARKET_KIND_KEY_SET)
		return MARKET_OK; /* was followed before */
	if (is_sub_grant(statement) || takes_back(statement->message->kind))
		return MARKET_OK; /* after those that name its keys */
	return verify_party(evidence, handed);
}

/*
 * A sub-grant is verified with its parent's grantee keys and nothing else.
 * Sets *ret_progress where it could be decided.
 */
static market_status_t
verify_sub_grant(
    market_evidence_t *evidence, market__handed_t *handed, bool *ret_progress)
{
	const market__authorization_t *child =
	    &handed->statement->message->of.authorization;
	const market__authorization_t *parent;
	market__held_keys_t keys = { NULL, NULL };
	const market__verified_t *under;
	market__handed_t *found;
	unsigned n_signed = 0;
	market_status_t status;

	found = market__evidence_find(evidence, child->parent_digest);
	if (found == NULL || found->verified == NULL ||
	    found->statement->message->kind != MARKET_KIND_AUTHORIZATION)
		return MARKET_OK;
	under = found->verified;
	parent = &market__message(under)->of.authorization;
	if (!market__slice_equal(parent->brand, child->brand) ||
	    !market__slice_equal(
		parent->grantee, market__header(handed->statement)->issuer))
		return MARKET_OK;
	*ret_progress = true;
	if (under->conveyed == NULL)
		return market__evidence_ignore(evidence, handed,
		    MARKET_CODE_STATEMENT_SIGNATURE_INVALID,
		    "its parent names no keys of the grantee, so nothing can "
		    "be granted beneath it");
	keys.keys = under->conveyed;
	status = try_keys(
	    evidence, handed, &keys, MARKET__AUTHORITY_GRANT, under, &n_signed);
	if (status != MARKET_OK || handed->verified != NULL)
		return status;
	return market__evidence_ignore(evidence, handed,
	    MARKET_CODE_STATEMENT_SIGNATURE_INVALID,
	    "%u of the keys that its parent names signed, and %u must sign",
	    n_signed, under->conveyed->threshold);
}

static market_status_t
verify_sub_grants(market_evidence_t *evidence)
{
	market__handed_t *handed;
	market_status_t status;
	bool progress;
	size_t i;

	do {
		progress = false;
		for (i = 0; i < evidence->n_handed; i++) {
			handed = &evidence->handed[i];
			if (handed->statement == NULL ||
			    handed->verified != NULL ||
			    handed->code != MARKET_CODE_NONE ||
			    !is_sub_grant(handed->statement))
				continue;
			status = verify_sub_grant(evidence, handed, &progress);
			if (status != MARKET_OK)
				return status;
		}
	} while (progress);
	for (i = 0; i < evidence->n_handed; i++) {
		handed = &evidence->handed[i];
		if (handed->statement == NULL || handed->verified != NULL ||
		    handed->code != MARKET_CODE_NONE ||
		    !is_sub_grant(handed->statement))
			continue;
		handed->orphan = true;
		status = market__evidence_ignore(evidence, handed,
		    MARKET_CODE_AUTHORIZATION_CHAIN_BROKEN,
		    "the parent that it pins is no grant to its issuer that "
		    "is here");
		if (status != MARKET_OK)
			return status;
	}
	return MARKET_OK;
}

/* Signed as a party of the root, as a seller, or as a grantee. */
static market_status_t
verify_taking_back(market_evidence_t *evidence, market__handed_t *handed)
{
	market_slice_t issuer = market__header(handed->statement)->issuer;
	const market__held_keys_t *keys = market__evidence_keys_of(
	    evidence, issuer);
	market__held_keys_t conveyed = { NULL, NULL };
	const market__verified_t *under;
	market__authority_t authority;
	size_t i, n = evidence->n_verified;
	market_status_t status = MARKET_OK;
	bool known = keys != NULL;
	market_slice_t subject;
	unsigned n_signed = 0;

	if (keys != NULL)
		status = try_keys(evidence, handed, keys,
		    MARKET__AUTHORITY_PARTY, NULL, &n_signed);
	for (i = 0; i < n && status == MARKET_OK; i++) {
		under = evidence->verified[i];
		if (market__message(under)->kind == MARKET_KIND_SELLER) {
			subject = market__message(under)->of.seller.seller;
			authority = MARKET__AUTHORITY_SELLER;
		} else if (market__message(under)->kind ==
		    MARKET_KIND_AUTHORIZATION) {
			subject =
			    market__message(under)->of.authorization.grantee;
			authority = MARKET__AUTHORITY_GRANT;
		} else {
			continue;
		}
		if (under->conveyed == NULL ||
		    !market__slice_equal(subject, issuer))
			continue;
		known = true;
		conveyed.keys = under->conveyed;
		status = try_keys(
		    evidence, handed, &conveyed, authority, under, &n_signed);
	}
	if (status != MARKET_OK || handed->verified != NULL)
		return status;
	if (!known)
		return market__evidence_ignore(evidence, handed,
		    MARKET_CODE_STATEMENT_ISSUER_UNKNOWN,
		    "its issuer is no party of the trust root, no verified "
		    "seller and no grantee");
	return market__evidence_ignore(evidence, handed,
	    MARKET_CODE_STATEMENT_SIGNATURE_INVALID,
	    "fewer of its issuer's keys than the threshold signed");
}

market_status_t
market__evidence_verify(market_evidence_t *evidence)
{
	market_status_t status = MARKET_OK;
	market__handed_t *handed;
	size_t i;

	status = market__evidence_follow_keys(evidence);
	for (i = 0; i < evidence->n_handed && status == MARKET_OK; i++)
		status = verify_first(evidence, &evidence->handed[i]);
	if (status == MARKET_OK)
		status = verify_sub_grants(evidence);
	for (i = 0; i < evidence->n_handed && status == MARKET_OK; i++) {
		handed = &evidence->handed[i];
		if (handed->statement != NULL &&
		    handed->code == MARKET_CODE_NONE &&
		    takes_back(handed->statement->message->kind))
			status = verify_taking_back(evidence, handed);
	}
	return status;
}
