/* SPDX-License-Identifier: Apache-2.0 */
/* Do the keys that signed still count, and are they enough? */
#include <stdlib.h>

#include "verify/internal.h"

bool
market__signed_for(
    const market__verified_t *verified, market_environment_t environment)
{
	const market__keyset_t *keys = verified->keys;
	unsigned good = 0;
	size_t i;

	for (i = 0; i < keys->n_keys; i++)
		if (verified->signers >> i & 1 &&
		    keys->keys[i].environment == environment)
			good++;
	return good >= keys->threshold;
}

/* "key 0123456789abcdef... of the seller usmobile.com/importer" */
static const char *
name_of_key(market__eval_t *e, const char *hex, const market__about_t *about)
{
	const char *name = market__name_of(e, about->evidence);

	return market__format(e, "key %.16s...%s%s", hex,
	    name == NULL ? "" : " of ", name == NULL ? "" : name);
}

/* Tells that the key is of another environment than the policy. */
static void
tell_environment(market__eval_t *e, const market__keyset_key_t *key,
    const char *hex, const market__about_t *about, market__examination_t *ret)
{
	market__about_t told = *about;

	told.got = market_environment_name(key->environment);
	told.want = market_environment_name(e->policy->environment);
	market__add_finding(e, &ret->findings, MARKET_CODE_KEY_ENVIRONMENT,
	    &told, "%s is a %s key, and the policy is for %s",
	    name_of_key(e, hex, about), told.got, told.want);
}

/* Tells that the key had signed before its window, or after it. */
static void
tell_window(market__eval_t *e, const market__keyset_key_t *key, const char *hex,
    int64_t seen_at, const market__about_t *about, market__examination_t *ret)
{
	market__about_t told = *about;

	told.got = market__show_time(e, seen_at);
	told.want = market__format(e, "%s to %s",
	    key->not_before == 0 ? "the beginning"
				 : market__show_time(e, key->not_before),
	    key->not_after == 0 ? "no end"
				: market__show_time(e, key->not_after));
	market__add_finding(e, &ret->findings, MARKET_CODE_KEY_OUTSIDE_WINDOW,
	    &told, "accepted at %s, and %s signs from %s", told.got,
	    name_of_key(e, hex, about), told.want);
}

/* One key that signed: 0 if it does not count, else until when it does. */
static int64_t
examine_key(market__eval_t *e, market__subject_t subject,
    const market__keyset_key_t *key, int64_t seen_at,
    const market__about_t *about, market__examination_t *ret)
{
	char hex[2 * MARKET_DIGEST_LEN + 1];
	const market__verified_t *withdrawal;
	market__about_t told = *about;
	market__slot_t slot;
	int64_t start = 0, end = INT64_MAX;

	market__hex(market_key_id(key->key).ptr, MARKET_DIGEST_LEN, hex);
	if (key->environment != e->policy->environment) {
		tell_environment(e, key, hex, about, ret);
		end = 0;
	}
	if (seen_at < key->not_before ||
	    (key->not_after != 0 && seen_at >= key->not_after)) {
		tell_window(e, key, hex, seen_at, about, ret);
		market__boundary(e, key->not_before);
		if (key->not_before > seen_at && key->not_before < ret->from)
			ret->from = key->not_before;
		end = 0;
	}
	if (end != 0 && key->not_after != 0)
		end = key->not_after;
	slot = market__read1(e, "key", market_slice_of(hex));
	withdrawal = market__earliest_withdrawal(
	    e, &slot, subject, NULL, &start);
	if (withdrawal != NULL && start <= seen_at) {
		market__tell_withdrawn(e, withdrawal, start,
		    MARKET_CODE_KEY_WITHDRAWN, name_of_key(e, hex, about),
		    &told, ret);
		end = 0;
	} else if (withdrawal != NULL && start < end) {
		end = start;
	}
	return end;
}

static int
compare_instants(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* Who signed: a verified statement, or (NULL) whoever asks a question. */
typedef struct signing {
	const market__verified_t *verified;
	const market__keyset_t *keys;
	market__keymask_t signers;
	int64_t seen_at;
} signing_t;

/* A signature counts if it did when one of the copies with it was seen. */
static int64_t
examine_copies(market__eval_t *e, market__subject_t subject,
    const signing_t *signing, size_t i, const market__about_t *about,
    market__examination_t *ret)
{
	const market__verified_t *copy = signing->verified == NULL
	    ? NULL
	    : signing->verified->copies;
	market__examination_t x, first = MARKET__EXAMINATION_INIT;
	int64_t end, best = 0;
	bool told = false;

	if (copy == NULL)
		return examine_key(e, subject, &signing->keys->keys[i],
		    signing->seen_at, about, ret);
	for (; copy != NULL; copy = copy->next_copy) {
		if (!(copy->own >> i & 1))
			continue;
		x = (market__examination_t)MARKET__EXAMINATION_INIT;
		end = examine_key(e, subject, &signing->keys->keys[i],
		    market__seen_at(e, copy), about, &x);
		if (end > best)
			best = end;
		if (!told)
			first = x;
		told = true;
		if (x.from < ret->from)
			ret->from = x.from;
	}
	if (best == 0)
		market__move_findings(e, &ret->findings, &first.findings);
	return best;
}

/* Of a statement, or of an offer by the keys that a statement names. */
static void
tell_threshold(market__eval_t *e, const signing_t *signing,
    const market__about_t *about, market__examination_t *ret)
{
	const char *name = market__name_of(e, about->evidence);

	market__add_finding(e, &ret->findings, MARKET_CODE_THRESHOLD_UNMET,
	    about,
	    signing->verified != NULL
		? "%s is signed by %s of the %s keys that must sign it"
		: "by the keys that %s names the offer is signed by %s of the "
		  "%s that must sign it",
	    name == NULL ? "it" : name, about->got, about->want);
}

static void
remember_counted(market__eval_t *e, const market__verified_t *verified,
    market__keymask_t keys)
{
	size_t i;

	for (i = 0; i < e->n_counted; i++)
		if (e->counted[i].verified == verified)
			return;
	if (verified == NULL || e->n_counted == MARKET__COUNTED_MAX)
		return;
	e->counted[e->n_counted].verified = verified;
	e->counted[e->n_counted++].keys = keys;
}

static void
examine_signing(market__eval_t *e, market__subject_t subject,
    const signing_t *signing, const market__about_t *about,
    market__examination_t *ret)
{
	market__examination_t bad = MARKET__EXAMINATION_INIT;
	market__about_t told = *about;
	int64_t ends[MARKET__KEYS_MAX], end;
	market__keymask_t counted = 0;
	size_t i, good = 0;

	for (i = 0; i < signing->keys->n_keys; i++) {
		if (!(signing->signers >> i & 1))
			continue;
		end = examine_copies(e, subject, signing, i, about, &bad);
		if (end == 0)
			continue;
		ends[good++] = end;
		counted |= (market__keymask_t)1 << i;
	}
	remember_counted(e, signing->verified, counted);
	/* What was accepted before cannot be accepted better later. */
	if (signing->seen_at == e->at && bad.from < ret->from)
		ret->from = bad.from;
	if (good >= signing->keys->threshold) {
		/*
		 * Spare signers may end first: it counts when too few are
		 * left. A key's end matters only to what is accepted later.
		 */
		qsort(ends, good, sizeof(*ends), compare_instants);
		if (signing->seen_at == e->at &&
		    ends[good - signing->keys->threshold] > e->at)
			market__examine_until(
			    e, ret, ends[good - signing->keys->threshold]);
		return;
	}
	market__move_findings(e, &ret->findings, &bad.findings);
	if (good == 0 && bad.findings.n > 0)
		return;
	told.got = market__format(e, "%zu", good);
	told.want = market__format(e, "%u", signing->keys->threshold);
	tell_threshold(e, signing, &told, ret);
}

void
market__examine_keys(market__eval_t *e, market__subject_t subject,
    const market__keyset_t *keys, market__keymask_t signers, int64_t seen_at,
    const market__about_t *about, market__examination_t *ret)
{
	signing_t signing = { NULL, keys, signers, seen_at };

	examine_signing(e, subject, &signing, about, ret);
}

/*
 * Key sets stand on the keys that signed them, back to the trust root. Only
 * the last one must be in its time (`timed`): who follows passes through ended
 * ones (TUF 1.0, 5.3.10).
 */
static void
examine_keyed(market__eval_t *e, const market__verified_t *keyed, bool timed,
    market__examination_t *ret)
{
	const market__verified_t *v;

	for (v = keyed; v != NULL; v = v->keyed) {
		market__subject_t subject = { v, NULL, { NULL, 0 } };
		market__about_t about = { 0 };
		signing_t signing = { v, v->keys, v->signers,
			market__seen_at(e, v) };

		about.evidence = v->statement;
		if (v == keyed && timed)
			market__examine_time(
			    e, market__header(v->statement), &about, ret);
		market__examine_withdrawn(
		    e, v->statement, subject, &about, ret);
		examine_signing(e, subject, &signing, &about, ret);
	}
}

void
market__examine_signers(market__eval_t *e, market__subject_t subject,
    const market__verified_t *verified, const market__about_t *about,
    market__examination_t *ret)
{
	signing_t signing = { verified, verified->keys, verified->signers,
		market__seen_at(e, verified) };

	examine_signing(e, subject, &signing, about, ret);
	examine_keyed(e, verified->keyed, true, ret);
}

bool
market__signer_counts(market__eval_t *e, market__subject_t subject,
    const market__verified_t *verified, size_t index)
{
	signing_t signing = { verified, verified->keys, verified->signers,
		market__seen_at(e, verified) };
	market__examination_t x = MARKET__EXAMINATION_INIT;
	market__about_t about = { 0 };
	int64_t boundary = e->boundary;
	bool counts;
	size_t i;

	for (i = 0; i < e->n_counted; i++)
		if (e->counted[i].verified == verified)
			return e->counted[i].keys >> index & 1;
	counts = examine_copies(e, subject, &signing, index, &about, &x) != 0;
	/* What is told changes no answer, and so does not end one. */
	e->boundary = boundary;
	return counts;
}

bool
market__keys_count(market__eval_t *e, const market__verified_t *verified,
    market__examination_t *ret)
{
	market__subject_t subject = { verified, NULL, { NULL, 0 } };
	market__examination_t x = MARKET__EXAMINATION_INIT;
	market__about_t about = { 0 };

	if (verified->fallen)
		return false;
	market__examine_signers(e, subject, verified, &about, &x);
	if (x.findings.n > 0)
		return false;
	market__examine_until(e, ret, x.until);
	return true;
}

market_status_t
market__signing_counts(const market__lookup_t *lookup,
    market_environment_t environment, const market__verified_t *verified,
    int64_t at, market__arena_t *arena, const market_finding_t **ret_against)
{
	market__policy_t policy = { .environment = environment };
	market__subject_t subject = { verified, NULL, { NULL, 0 } };
	market__examination_t x = MARKET__EXAMINATION_INIT;
	signing_t signing = { verified, verified->keys, verified->signers, at };
	market__about_t about = { 0 };
	market__eval_t e = { 0 };

	e.lookup = lookup;
	e.policy = &policy;
	e.at = at;
	e.arena = arena;
	e.used_until = INT64_MAX;
	e.boundary = INT64_MAX;
	examine_signing(&e, subject, &signing, &about, &x);
	examine_keyed(&e, verified->keyed, false, &x);
	*ret_against = x.findings.n > 0 ? &x.findings.v[0] : NULL;
	return e.status;
}
