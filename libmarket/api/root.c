/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "api/root.h"
#include "crypto/crypto.h"
#include "verify/verify.h"

void
market_root_free(market_root_t *root)
{
	size_t i;

	if (root == NULL)
		return;
	for (i = 0; i < root->n_parties; i++)
		market__keyset_free(root->party_keys[i]);
	market__free(&root->context->allocator, (void *)root->party_keys);
	market__keyset_free(root->root_keys);
	market_statement_free(root->statement);
	market__free(&root->context->allocator, root);
}

static market_status_t
load_parties(market_root_t *root, market_error_t *reterr)
{
	const market__trust_root_t *message =
	    &root->statement->message->of.trust_root;
	char path[48];
	market_status_t status;
	size_t i;

	root->party_keys = market__alloc_array(&root->context->allocator,
	    message->n_parties + 1, sizeof(*root->party_keys));
	if (root->party_keys == NULL)
		return market__error(reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for %zu parties", message->n_parties);
	for (i = 0; i < message->n_parties; i++) {
		snprintf(path, sizeof(path), "parties[%zu].keys", i);
		status = market__keyset_load(root->context,
		    message->parties[i].keys, path, &root->party_keys[i],
		    reterr);
		if (status != MARKET_OK)
			return status;
		root->n_parties++;
	}
	return MARKET_OK;
}

/* The caller pins this root by handing it in; it must hold together. */
static market_status_t
check_own_signatures(market_root_t *root, market_error_t *reterr)
{
	market__keymask_t signers = 0;
	market_status_t status;

	status = market__keyset_load(root->context,
	    root->statement->message->of.trust_root.root_keys, "root_keys",
	    &root->root_keys, reterr);
	if (status != MARKET_OK)
		return status;
	status = market__keyset_signers(
	    root->root_keys, root->statement, &signers);
	if (status != MARKET_OK)
		return market__error(reterr, status, NULL, -1,
		    "the trust root's signatures could not be checked");
	if (market__keymask_count(signers) < root->root_keys->threshold)
		return market__error(reterr, MARKET_E_ROOT, "root_keys", -1,
		    "the trust root is signed by %u of its root keys, and %u "
		    "must sign; sign it with them",
		    market__keymask_count(signers), root->root_keys->threshold);
	root->verified.statement = root->statement;
	root->verified.seen_at = MARKET__SEEN_NOW;
	root->verified.authority = MARKET__AUTHORITY_ROOT_KEYS;
	root->verified.keys = root->root_keys;
	root->verified.signers = signers;
	return MARKET_OK;
}

market_status_t
market_root_parse(market_context_t *context, market_slice_t envelope,
    market_root_t **ret_root, market_error_t *reterr)
{
	market_root_t *root;
	market_status_t status;

	if (context == NULL || ret_root == NULL)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "context and ret_root must be given");
	root = market__alloc(&context->allocator, sizeof(*root));
	if (root == NULL)
		return market__error(reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for a trust root");
	root->context = context;
	status = market_statement_parse(context, envelope,
	    MARKET_KINDS(MARKET_KIND_TRUST_ROOT), &root->statement, reterr);
	if (status == MARKET_OK)
		status = check_own_signatures(root, reterr);
	if (status == MARKET_OK)
		status = load_parties(root, reterr);
	if (status != MARKET_OK) {
		market_root_free(root);
		return status;
	}
	*ret_root = root;
	return MARKET_OK;
}

static market_status_t
check_step(const market_root_t *root, const market_root_t *next,
    market_error_t *reterr)
{
	const market__header_t *old = market__header(root->statement);
	/* analyse(gcc): market_root_parse() has set it, or failed. */
	const market__header_t *new = market__header(next->statement);
	market__keymask_t signers = 0;
	market_status_t status;

	if (!market__slice_equal(old->issuer, new->issuer) ||
	    !market__slice_equal(old->id, new->id))
		return market__error(reterr, MARKET_E_ROOT, "header.id", -1,
		    "it is another trust root: this one is %.*s/%.*s",
		    MARKET__ARG(old->issuer), MARKET__ARG(old->id));
	if (new->revision == 0 || new->revision - 1 != old->revision)
		return market__error(reterr, MARKET_E_ROOT, "header.revision",
		    -1,
		    "revision %llu cannot follow revision %llu: hand in each "
		    "step between, and none twice",
		    (unsigned long long)new->revision,
		    (unsigned long long)old->revision);
	status = market__keyset_signers(
	    root->root_keys, next->statement, &signers);
	if (status != MARKET_OK)
		return market__error(reterr, status, NULL, -1,
		    "the trust root's signatures could not be checked");
	if (market__keymask_count(signers) < root->root_keys->threshold)
		return market__error(reterr, MARKET_E_ROOT, "root_keys", -1,
		    "%u of the root keys of revision %llu signed, and %u must "
		    "sign, beside its own: sign it with them too",
		    market__keymask_count(signers),
		    (unsigned long long)old->revision,
		    root->root_keys->threshold);
	if (!market__keyset_yields(root->root_keys, next->root_keys, signers))
		return market__error(reterr, MARKET_E_ROOT, "root_keys", -1,
		    "too few of the root keys of revision %llu that signed are "
		    "production keys, and a test key changes nothing in "
		    "production: sign it with %u of those",
		    (unsigned long long)old->revision,
		    root->root_keys->threshold);
	return MARKET_OK;
}

market_status_t
market_root_step(const market_root_t *root, market_slice_t next,
    market_root_t **ret_next, market_error_t *reterr)
{
	market_root_t *parsed = NULL;
	market_status_t status;

	if (root == NULL || ret_next == NULL)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "root and ret_next must be given");
	status = market_root_parse(root->context, next, &parsed, reterr);
	if (status == MARKET_OK)
		status = check_step(root, parsed, reterr);
	if (status != MARKET_OK) {
		market_root_free(parsed);
		return status;
	}
	*ret_next = parsed;
	return MARKET_OK;
}

const market_statement_t *
market_root_statement(const market_root_t *root)
{
	return root == NULL ? NULL : root->statement;
}

const market__keyset_t *
market__root_keys_of(const market_root_t *root, market_slice_t party)
{
	const market__trust_root_t *message =
	    &root->statement->message->of.trust_root;
	size_t i;

	for (i = 0; i < root->n_parties; i++)
		if (market__slice_equal(message->parties[i].id, party))
			return root->party_keys[i];
	return NULL;
}

static bool
have_in_common(
    const market__keyset_t *a, const market__keyset_t *b, size_t *ret_index)
{
	size_t i, k;

	for (i = 0; i < a->n_keys; i++)
		for (k = 0; k < b->n_keys; k++)
			if (market__keyset_has_id(
				b, k, market_key_id(a->keys[i].key))) {
				*ret_index = i;
				return true;
			}
	return false;
}

bool
market__root_key_taken(const market_root_t *root, market_slice_t party,
    const market__keyset_t *keys, size_t *ret_index)
{
	const market__trust_root_t *message =
	    &root->statement->message->of.trust_root;
	size_t i;

	for (i = 0; i < root->n_parties; i++)
		if (!market__slice_equal(message->parties[i].id, party) &&
		    have_in_common(keys, root->party_keys[i], ret_index))
			return true;
	return !market__root_marketplace(message, party) &&
	    have_in_common(keys, root->root_keys, ret_index);
}

market_status_t
market_root_verify(const market_root_t *root,
    const market_statement_t *statement, market_error_t *reterr)
{
	const market__keyset_t *keys;
	market__keymask_t signers = 0;
	market_status_t status;

	if (root == NULL || statement == NULL)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "root and statement must be given");
	keys = statement->message->kind == MARKET_KIND_TRUST_ROOT
	    ? root->root_keys
	    : market__root_keys_of(root, market__header(statement)->issuer);
	if (keys == NULL)
		return market__error(reterr, MARKET_E_NOT_FOUND,
		    "header.issuer", -1,
		    "the issuer is no party of the trust root");
	status = market__keyset_signers(keys, statement, &signers);
	if (status != MARKET_OK)
		return market__error(reterr, status, NULL, -1,
		    "the signatures could not be checked");
	if (market__keymask_count(signers) < keys->threshold)
		return market__error(reterr, MARKET_E_SIGNATURE, NULL, -1,
		    "%u of the issuer's keys signed, and %u must sign",
		    market__keymask_count(signers), keys->threshold);
	return MARKET_OK;
}

static market_status_t
try_keyset(const market__keyset_t *keys, const market_statement_t *statement,
    size_t index)
{
	char head[MARKET__PAE_HEAD_MAX];
	market_slice_t pieces[2];
	market_status_t status;
	size_t i;

	market__statement_pae_pieces(statement, head, pieces);
	for (i = 0; i < keys->n_keys; i++) {
		status = market__key_verify_pieces(keys->keys[i].key, pieces, 2,
		    statement->envelope.signatures[index].sig);
		if (status != MARKET_E_SIGNATURE)
			return status;
	}
	return MARKET_E_SIGNATURE;
}

market_status_t
market_root_signer(const market_root_t *root,
    const market_statement_t *statement, size_t index,
    market_slice_t *ret_party)
{
	const market__trust_root_t *message;
	market_status_t status;
	size_t i;

	if (root == NULL || statement == NULL || ret_party == NULL)
		return MARKET_E_ARGUMENT;
	if (index >= statement->envelope.n_signatures)
		return MARKET_E_NOT_FOUND;
	message = &root->statement->message->of.trust_root;
	for (i = 0; i < root->n_parties; i++) {
		status = try_keyset(root->party_keys[i], statement, index);
		if (status == MARKET_OK)
			*ret_party = message->parties[i].id;
		if (status != MARKET_E_SIGNATURE)
			return status;
	}
	status = try_keyset(root->root_keys, statement, index);
	if (status == MARKET_OK)
		*ret_party = market__header(root->statement)->issuer;
	return status;
}
