/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Key sets of parties. Each follows the one before it, from the party's keys
 * in the current trust root on, signed by the thresholds of both, with no
 * revision left out: the rule for roots (TUF 1.0, 5.3), one level below.
 */
#include <stdlib.h>

#include "api/evidence.h"
#include "api/root.h"

/* Key sets behind one root; each statement of the party rests on all. */
#define KEY_SETS_MAX 256

/* One party's way from the root. */
typedef struct following {
	market_evidence_t *evidence;
	market__held_keys_t *now;
	size_t n;          /* key sets that were followed */
	uint64_t revision; /* of the last key set; 0: none yet */
	market_slice_t id; /* of all of them */
} following_t;

static const market__header_t *
header_of(const market__handed_t *handed)
{
	return market__header(handed->statement);
}

static bool
is_open(const market__handed_t *handed)
{
	return handed->statement != NULL &&
	    handed->statement->message->kind == MARKET_KIND_KEY_SET &&
	    handed->verified == NULL && handed->code == MARKET_CODE_NONE;
}

/* ---- one step ---- */

/* Is it the next one? Its own key set is loaded to see that. */
static market_status_t
try_step(following_t *f, const market__handed_t *handed,
    market__keymask_t *ret_signers, bool *ret_follows)
{
	market__keyset_t *next = NULL;
	market_status_t status;
	size_t shared = 0;

	*ret_follows = false;
	if (f->revision > 0 &&
	    (header_of(handed)->revision != f->revision + 1 ||
		!market__slice_equal(header_of(handed)->id, f->id)))
		return MARKET_OK;
	status = market__keyset_load(f->evidence->context,
	    handed->statement->message->of.key_set.keys, "keys", &next, NULL);
	if (status == MARKET_E_MEMORY || status == MARKET_E_INTERNAL)
		return status;
	if (status != MARKET_OK)
		return MARKET_OK;
	status = market__keyset_follows(
	    f->now->keys, next, handed->statement, ret_signers, ret_follows);
	if (market__root_key_taken(
		f->evidence->root, header_of(handed)->issuer, next, &shared))
		*ret_follows = false;
	market__keyset_free(next);
	return status;
}

static market_status_t
take_step(following_t *f, market__handed_t *handed, market__keymask_t signers)
{
	market__verified_t verified = { 0 };
	market_status_t status;

	verified.authority = MARKET__AUTHORITY_PARTY;
	verified.by_marketplace = market__root_marketplace(
	    &f->evidence->root->statement->message->of.trust_root,
	    header_of(handed)->issuer);
	verified.keyed = f->now->by;
	verified.keys = f->now->keys;
	verified.signers = signers;
	status = market__evidence_admit(f->evidence, handed, &verified);
	if (status != MARKET_OK || handed->verified == NULL)
		return status;
	f->now->by = handed->verified;
	f->now->keys = handed->verified->conveyed;
	f->n++;
	f->revision = header_of(handed)->revision;
	f->id = header_of(handed)->id;
	return MARKET_OK;
}

static bool
is_copy(const market__handed_t *a, const market__handed_t *b)
{
	return memcmp(a->statement->digest, b->statement->digest,
		   MARKET_DIGEST_LEN) == 0;
}

/*
 * Two or more that could follow: nobody can tell which, and none does. The
 * same one handed in twice is refused twice.
 */
static market_status_t
refuse_fork(following_t *f, market_slice_t party, uint64_t revision)
{
	market_evidence_t *evidence = f->evidence;
	market_status_t status = MARKET_OK;
	market__handed_t *handed;
	market__keymask_t signers;
	bool follows;
	size_t i;

	for (i = 0; i < evidence->n_handed && status == MARKET_OK; i++) {
		handed = &evidence->handed[i];
		if (!is_open(handed) ||
		    header_of(handed)->revision != revision ||
		    !market__slice_equal(header_of(handed)->issuer, party))
			continue;
		status = try_step(f, handed, &signers, &follows);
		if (status == MARKET_OK && follows)
			status = market__evidence_ignore(evidence, handed,
			    MARKET_CODE_STATEMENT_FORK,
			    "the party signed two different key sets as "
			    "revision %llu: neither counts",
			    (unsigned long long)revision);
	}
	return status;
}

/* The lowest that follows; *ret_taken is false where there is none. */
static market_status_t
next_step(following_t *f, market_slice_t party, bool *ret_taken)
{
	market_evidence_t *evidence = f->evidence;
	market__handed_t *best = NULL, *handed;
	market__keymask_t signers, best_signers = 0;
	market_status_t status;
	bool follows, forked = false;
	size_t i;

	*ret_taken = false;
	for (i = 0; i < evidence->n_handed; i++) {
		handed = &evidence->handed[i];
		if (!is_open(handed) ||
		    !market__slice_equal(header_of(handed)->issuer, party) ||
		    (best != NULL &&
			header_of(handed)->revision >
			    header_of(best)->revision))
			continue;
		status = try_step(f, handed, &signers, &follows);
		if (status != MARKET_OK)
			return status;
		if (!follows || (best != NULL && is_copy(best, handed)))
			continue;
		forked = best != NULL &&
		    header_of(best)->revision == header_of(handed)->revision;
		best = handed;
		best_signers = signers;
	}
	if (forked)
		return refuse_fork(f, party, header_of(best)->revision);
	if (best == NULL)
		return MARKET_OK;
	*ret_taken = true;
	return take_step(f, best, best_signers);
}

/* ---- all of them ---- */

/* As many as can be were followed. */
static market_status_t
refuse_rest(following_t *f, market_slice_t party)
{
	market_evidence_t *evidence = f->evidence;
	market_status_t status = MARKET_OK;
	market__handed_t *handed;
	size_t i;

	for (i = 0; i < evidence->n_handed && status == MARKET_OK; i++) {
		handed = &evidence->handed[i];
		if (is_open(handed) &&
		    market__slice_equal(header_of(handed)->issuer, party) &&
		    header_of(handed)->revision > f->revision)
			status = market__evidence_ignore(evidence, handed,
			    MARKET_CODE_LIMIT_EXCEEDED,
			    "%d key sets have followed what the trust root "
			    "names, and no more do: its next revision must "
			    "name the party's keys",
			    KEY_SETS_MAX);
	}
	return status;
}

/* What was not followed, and why. */
static market_status_t
tell_rest(market_evidence_t *evidence, market__handed_t *handed)
{
	const market__held_keys_t *keys = market__evidence_keys_of(
	    evidence, header_of(handed)->issuer);
	uint64_t own = header_of(handed)->revision, last;
	const market__handed_t *same;

	same = market__evidence_find(
	    evidence, market__digest(handed->statement));
	if (same != NULL && same->verified != NULL) {
		handed->verified = same->verified;
		return MARKET_OK;
	}
	if (keys == NULL)
		return market__evidence_ignore(evidence, handed,
		    MARKET_CODE_STATEMENT_ISSUER_UNKNOWN,
		    "its issuer is no party of the trust root");
	last = keys->by == NULL ? 0
				: market__header(keys->by->statement)->revision;
	if (last > 0 && own <= last)
		return market__evidence_ignore(evidence, handed,
		    MARKET_CODE_STATEMENT_STALE_REVISION,
		    "revision %llu, and the party's keys are those of revision "
		    "%llu",
		    (unsigned long long)own, (unsigned long long)last);
	if (last > 0 && own > last + 1)
		return market__evidence_ignore(evidence, handed,
		    MARKET_CODE_STATEMENT_NO_STANDING,
		    "revision %llu cannot follow revision %llu: the steps "
		    "between come first",
		    (unsigned long long)own, (unsigned long long)last);
	return market__evidence_ignore(evidence, handed,
	    MARKET_CODE_STATEMENT_SIGNATURE_INVALID,
	    "a key set is signed by the thresholds of the party's keys before "
	    "it and of its own, which are no other party's: this one is not");
}

/* The policy is verified with the marketplace's keys of now. */
static market_status_t
verify_policy(market_evidence_t *evidence)
{
	market__verified_t *policy = &evidence->policy_verified;
	const market__held_keys_t *keys = market__evidence_keys_of(
	    evidence, market__header(evidence->policy)->issuer);

	*policy = evidence->policy_by_root;
	if (keys == NULL || keys->by == NULL)
		return MARKET_OK;
	policy->keys = keys->keys;
	policy->keyed = keys->by;
	return market__keyset_signers(
	    keys->keys, evidence->policy, &policy->signers);
}

market_status_t
market__evidence_follow_keys(market_evidence_t *evidence)
{
	const market_root_t *root = evidence->root;
	const market__trust_root_t *message =
	    &root->statement->message->of.trust_root;
	market_status_t status = MARKET_OK;
	following_t f = { 0 };
	bool taken;
	size_t i;

	evidence->party_keys = market__arena_array(&evidence->arena,
	    root->n_parties + 1, sizeof(*evidence->party_keys));
	if (evidence->party_keys == NULL)
		return market__arena_refusal(&evidence->arena);
	for (i = 0; i < root->n_parties; i++)
		evidence->party_keys[i].keys = root->party_keys[i];
	for (i = 0; i < root->n_parties && status == MARKET_OK; i++) {
		memset(&f, 0, sizeof(f));
		f.evidence = evidence;
		f.now = &evidence->party_keys[i];
		do {
			status = next_step(&f, message->parties[i].id, &taken);
		} while (status == MARKET_OK && taken && f.n < KEY_SETS_MAX);
		if (status == MARKET_OK && taken)
			status = refuse_rest(&f, message->parties[i].id);
	}
	for (i = 0; i < evidence->n_handed && status == MARKET_OK; i++)
		if (is_open(&evidence->handed[i]))
			status = tell_rest(evidence, &evidence->handed[i]);
	return status == MARKET_OK ? verify_policy(evidence) : status;
}

const market__held_keys_t *
market__evidence_keys_of(
    const market_evidence_t *evidence, market_slice_t party)
{
	const market__trust_root_t *message =
	    &evidence->root->statement->message->of.trust_root;
	size_t i;

	for (i = 0; i < evidence->root->n_parties; i++)
		if (market__slice_equal(message->parties[i].id, party))
			return &evidence->party_keys[i];
	return NULL;
}
