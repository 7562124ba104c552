/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certification: every scheme that the policy, the network and its host
 * require, for this model in these versions on this network in this
 * territory. Of several that apply the most restrictive is taken.
 */
#include "model/territory.h"
#include "verify/certification.h"

/* How the candidates of one scheme stand. */
typedef struct outcome {
	market__findings_t best; /* why the nearest candidate will not do */
	const market__verified_t *nearest;
	market__findings_t transitions;     /* told whatever else applies */
	market_certification_state_t worst; /* of those that apply */
	const market__verified_t *worst_one;
	size_t n_applying;
	bool differ;
	int64_t until;
} outcome_t;

static int
restriction(market_certification_state_t state)
{
	switch (state) {
	case MARKET_CERTIFICATION_STATE_CERTIFIED: return 0;
	case MARKET_CERTIFICATION_STATE_PROVISIONAL: return 1;
	case MARKET_CERTIFICATION_STATE_IN_TEST: return 2;
	case MARKET_CERTIFICATION_STATE_SUSPENDED: return 3;
	case MARKET_CERTIFICATION_STATE_REFUSED:
	case MARKET_CERTIFICATION_STATE_REVOKED:
	case MARKET_CERTIFICATION_STATE_WITHDRAWN:
	case MARKET_CERTIFICATION_STATE_VOID:
	case MARKET_CERTIFICATION_STATE_UNSPECIFIED: break;
	}
	return 4;
}

/* One that covers the cell and is in force joins those that apply. */
static void
apply(market__search_t *s, outcome_t *outcome,
    const market__verified_t *verified, int64_t until)
{
	market__certifications_t *found = s->found;
	market_certification_state_t state =
	    market__certification(verified)->state;
	const market__verified_t **grown;

	if (outcome->n_applying > 0 && state != outcome->worst)
		outcome->differ = true;
	if (outcome->n_applying == 0 ||
	    restriction(state) > restriction(outcome->worst)) {
		outcome->worst = state;
		outcome->worst_one = verified;
	}
	outcome->n_applying++;
	if (until < outcome->until)
		outcome->until = until;
	grown = market__grow(s->e, (void *)found->v, found->n, &found->capacity,
	    sizeof(*found->v));
	if (grown == NULL)
		return;
	found->v = grown;
	found->v[found->n++] = verified;
}

/* Who has the role for it here. */
static const char *
certifier(market__search_t *s, market_slice_t scheme)
{
	market_slice_t host = market__cell_host(s->networks);

	if (!market__slice_equal(scheme, MARKET__SCHEME_CARRIER))
		return market__certifiers_of(
		    s->e, scheme, s->e->question->territory);
	return market__carriers_of(
	    s->e, host.len > 0 ? host : s->e->question->network);
}

static bool resolve(
    market__search_t *s, market_slice_t scheme, market__findings_t *doubt);

static void
check_prerequisites(market__search_t *s, const market__verified_t *verified,
    market__findings_t *findings)
{
	market__slices_t needed =
	    market__certification(verified)->prerequisites;
	market__about_t about = { 0 };
	market__findings_t doubt;
	size_t i;

	for (i = 0; i < needed.n && !s->exhausted; i++) {
		memset(&doubt, 0, sizeof(doubt));
		if (resolve(s, needed.v[i], &doubt))
			continue;
		/* Of what rests on it no more can be told than of it. */
		if (doubt.n > 0) {
			market__move_findings(s->e, findings, &doubt);
			continue;
		}
		about.path = "prerequisites";
		about.evidence = verified->statement;
		about.want = market__show(s->e, needed.v[i]);
		market__add_finding(s->e, findings,
		    MARKET_CODE_CERTIFICATION_PREREQUISITE, &about,
		    "%s needs the scheme %s, which %s has not certified for "
		    "the same versions",
		    market__name_of(s->e, verified->statement), about.want,
		    certifier(s, needed.v[i]));
	}
}

/* Fewer and milder faults; then the state that is nearer to certified. */
static bool
is_nearer(const outcome_t *outcome, const market__verified_t *verified,
    const market__findings_t *findings)
{
	int rank = market__rank(findings), best = market__rank(&outcome->best);

	if (outcome->nearest == NULL || rank != best)
		return outcome->nearest == NULL || rank < best;
	if (findings->n != outcome->best.n)
		return findings->n < outcome->best.n;
	return restriction(market__certification(verified)->state) <
	    restriction(market__certification(outcome->nearest)->state);
}

static void
consider(
    market__search_t *s, outcome_t *outcome, const market__verified_t *verified)
{
	market_certification_state_t state =
	    market__certification(verified)->state;
	market__findings_t findings = { 0 }, transitions = { 0 };
	market__examination_t x;
	bool covers;

	if (market__state_forbids(state) &&
	    !market__environment_agrees(s->e, verified))
		return;
	/* It is kept for what it keeps out; here it would permit. */
	if (verified->fallen && !market__restricts(s->e, verified))
		return;
	market__check_coverage(s, verified, &findings);
	covers = findings.n == 0;
	market__examine(s->e, verified, 0, &x);
	market__drop_moot(verified, &x.findings);
	/* From then on it may be the most restrictive that applies. */
	if (covers)
		market__limit(s->e, verified, x.from);
	market__move_findings(s->e, &findings, &x.findings);
	if (!market__state_forbids(state)) {
		market__check_transition(s, verified, &transitions);
		market__move_findings(s->e, &findings, &transitions);
		market__move_findings(
		    s->e, &outcome->transitions, &transitions);
		market__check_parent(s, verified, &findings, &x.until);
		if (market__rank(&findings) == 0)
			check_prerequisites(s, verified, &findings);
	}
	if (market__rank(&findings) == 0)
		apply(s, outcome, verified, x.until);
	else if (!market__state_forbids(state) &&
	    is_nearer(outcome, verified, &findings)) {
		outcome->nearest = verified;
		outcome->best = findings;
	}
}

static void
tell_missing(market__search_t *s, market_slice_t scheme)
{
	const market__question_t *q = s->e->question;

	market__missing(s->e,
	    market__format(s->e, "%s certification by %s of %s %s",
		market__show(s->e, scheme), certifier(s, scheme),
		market__show(s->e, q->brand), market__show(s->e, q->model)));
}

static market_code_t
state_code(const market__eval_t *e, market_certification_state_t state)
{
	switch (state) {
	case MARKET_CERTIFICATION_STATE_CERTIFIED: return MARKET_CODE_NONE;
	case MARKET_CERTIFICATION_STATE_PROVISIONAL:
		return e->policy->accept_provisional
		    ? MARKET_CODE_CERTIFICATION_PROVISIONAL_ACCEPTED
		    : MARKET_CODE_CERTIFICATION_PROVISIONAL;
	case MARKET_CERTIFICATION_STATE_IN_TEST:
		return MARKET_CODE_CERTIFICATION_IN_TEST;
	case MARKET_CERTIFICATION_STATE_SUSPENDED:
		return MARKET_CODE_CERTIFICATION_SUSPENDED;
	case MARKET_CERTIFICATION_STATE_REFUSED:
	case MARKET_CERTIFICATION_STATE_REVOKED:
	case MARKET_CERTIFICATION_STATE_WITHDRAWN:
	case MARKET_CERTIFICATION_STATE_VOID:
	case MARKET_CERTIFICATION_STATE_UNSPECIFIED: break;
	}
	return MARKET_CODE_CERTIFICATION_ENDED;
}

/* Several apply or one does: the most restrictive decides. */
static bool
tell_state(market__search_t *s, const outcome_t *outcome, bool quiet)
{
	const market__verified_t *one = outcome->worst_one;
	market_code_t code = state_code(s->e, outcome->worst);
	market__about_t about = { 0 };
	bool good = code == MARKET_CODE_NONE ||
	    code == MARKET_CODE_CERTIFICATION_PROVISIONAL_ACCEPTED;

	about.evidence = one->statement;
	about.path = "state";
	about.got = market_certification_state_name(outcome->worst);
	if (code != MARKET_CODE_NONE && !quiet)
		market__add_finding(s->e, &s->e->findings, code, &about,
		    "the %s certification by %s is %s",
		    market__show(s->e, market__certification(one)->scheme),
		    market__show(s->e, market__header(one->statement)->issuer),
		    about.got);
	if (outcome->differ && !quiet)
		market__add_finding(s->e, &s->e->findings,
		    MARKET_CODE_CERTIFICATION_CONFLICT, &about,
		    "%zu certifications of the scheme apply and differ; %s is "
		    "taken",
		    outcome->n_applying, about.got);
	return good;
}

static void
use_found(market__search_t *s, market_slice_t scheme, const outcome_t *outcome)
{
	size_t i;

	for (i = 0; i < s->found->n; i++)
		if (market__slice_equal(
			market__certification(s->found->v[i])->scheme, scheme))
			market__use(s->e, s->found->v[i], outcome->until);
}

/* Has the host's carrier (or any certifier) spoken among those that apply? */
static bool
sufficient(const market__search_t *s, market_slice_t scheme)
{
	size_t i;

	for (i = 0; i < s->found->n; i++)
		if (market__slice_equal(
			market__certification(s->found->v[i])->scheme,
			scheme) &&
		    market__issuer_suffices(s, s->found->v[i]))
			return true;
	return false;
}

static void
nothing_applies(
    market__search_t *s, market_slice_t scheme, const outcome_t *outcome)
{
	market__about_t about = { 0 };

	if (outcome->nearest != NULL) {
		market__move_findings(s->e, &s->e->findings, &outcome->best);
		return;
	}
	about.want = market__show(s->e, scheme);
	market__add_finding(s->e, &s->e->findings,
	    MARKET_CODE_CERTIFICATION_MISSING, &about,
	    "no %s certification of %s %s by %s", about.want,
	    market__show(s->e, s->e->question->brand),
	    market__show(s->e, s->e->question->model), certifier(s, scheme));
}

/*
 * What keeps out stands beneath a higher revision that does not count; what is
 * final beneath any. Nothing that permits does.
 */
static bool
is_current(const market__search_t *s, const market__verified_t *verified)
{
	market__examination_t x = MARKET__EXAMINATION_INIT;

	if (!verified->superseded ||
	    market__state_is_final(market__certification(verified)->state))
		return true;
	if (!market__restricts(s->e, verified))
		return false;
	if (!market__examine_revised(s->e, verified, &x))
		return true;
	market__limit(s->e, verified, x.until);
	return false;
}

static void
why_not(market__search_t *s, market_slice_t scheme, const outcome_t *outcome,
    market__findings_t *doubt)
{
	if (doubt == NULL)
		nothing_applies(s, scheme, outcome);
	else if (outcome->nearest != NULL && market__rank(&outcome->best) == 1)
		market__move_findings(s->e, doubt, &outcome->best);
}

/*
 * Is the scheme certified here? Tells why not; or, where `doubt` is given,
 * nobody but its caller, and only that it cannot be told.
 */
static bool
resolve(market__search_t *s, market_slice_t scheme, market__findings_t *doubt)
{
	outcome_t outcome = { 0 };
	bool good, quiet = doubt != NULL;
	size_t i;

	for (i = 0; i < s->n_visiting; i++)
		if (market__slice_equal(s->visiting[i], scheme))
			return false; /* it would rest on itself */
	if (s->n_visiting == MARKET__SCHEMES_MAX ||
	    s->n_resolutions == MARKET__RESOLUTIONS_MAX) {
		s->exhausted = true;
		return false;
	}
	s->n_resolutions++;
	s->visiting[s->n_visiting++] = scheme;
	outcome.until = INT64_MAX;
	for (i = 0; i < s->slot.n_verified && s->e->status == MARKET_OK; i++)
		if (market__slice_equal(
			market__certification(s->slot.verified[i])->scheme,
			scheme) &&
		    is_current(s, s->slot.verified[i]) &&
		    market__issuer_counts(s, s->slot.verified[i]))
			consider(s, &outcome, s->slot.verified[i]);
	s->n_visiting--;
	if (outcome.n_applying > 0) {
		good = tell_state(s, &outcome, quiet) && sufficient(s, scheme);
		if (!sufficient(s, scheme))
			why_not(s, scheme, &outcome, doubt);
		use_found(s, scheme, &outcome);
		if (!good)
			tell_missing(s, scheme);
		if (!good && !quiet)
			market__move_findings(
			    s->e, &s->e->findings, &outcome.transitions);
		return good;
	}
	why_not(s, scheme, &outcome, doubt);
	tell_missing(s, scheme);
	return false;
}

static void
require(market__search_t *s, market__slices_t schemes, market_slice_t *done,
    size_t *n_done)
{
	size_t i, k;

	for (i = 0; i < schemes.n; i++) {
		for (k = 0; k < *n_done; k++)
			if (market__slice_equal(done[k], schemes.v[i]))
				break;
		if (k < *n_done)
			continue;
		if (*n_done == MARKET__SCHEMES_MAX) {
			market__add_finding(s->e, &s->e->findings,
			    MARKET_CODE_LIMIT_EXCEEDED, NULL,
			    "more than %d schemes are required in one cell",
			    MARKET__SCHEMES_MAX);
			return;
		}
		done[(*n_done)++] = schemes.v[i];
		resolve(s, schemes.v[i], NULL);
	}
}

static bool
requirement_applies(const market__search_t *s,
    const market__requirement_t *rule, const market__product_t *product)
{
	market_slice_t host = market__cell_host(s->networks);

	if (!market__territories_overlap(
		rule->territories, s->e->question->territory))
		return false;
	if (!market__texts_have(rule->networks, s->e->question->network) &&
	    (host.len == 0 || !market__texts_have(rule->networks, host)))
		return false;
	/* Of a product that is not known, or says none, any may be meant. */
	return product == NULL || product->category.len == 0
	    ? rule->categories.n > 0
	    : market__texts_have(rule->categories, product->category);
}

void
market__rule_certification(market__eval_t *e,
    const market__networks_t *networks, const market__product_t *product,
    market__certifications_t *ret)
{
	market_slice_t done[MARKET__SCHEMES_MAX];
	market__search_t s = { 0 };
	size_t i, n_done = 0;

	s.e = e;
	s.networks = networks;
	s.found = ret;
	s.slot = market__read2(
	    e, "certification", e->question->brand, e->question->model);
	for (i = 0; i < e->policy->n_requirements; i++)
		if (requirement_applies(
			&s, &e->policy->requirements[i], product))
			require(&s, e->policy->requirements[i].schemes, done,
			    &n_done);
	if (networks->own != NULL)
		require(&s,
		    market__message(networks->own)->of.network.required_schemes,
		    done, &n_done);
	if (networks->host != NULL)
		require(&s,
		    market__message(networks->host)
			->of.network.required_schemes,
		    done, &n_done);
	if (s.exhausted)
		market__add_finding(e, &e->findings, MARKET_CODE_LIMIT_EXCEEDED,
		    NULL,
		    "prerequisites lead further than %d schemes deep, or to "
		    "more than %d look-ups in one cell",
		    MARKET__SCHEMES_MAX, MARKET__RESOLUTIONS_MAX);
}
