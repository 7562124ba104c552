/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certification: every scheme that the policy, the network and its host
 * require, for this model in these versions on this network in this
 * territory. Of several that apply the most restrictive is taken.
 */
#include "model/territory.h"
#include "verify/internal.h"

#define SCHEME_CARRIER MARKET__LITERAL("carrier")

/* Schemes that one cell may require, prerequisites included. */
#define SCHEMES_MAX 64

/* The search for one scheme's certifications. */
typedef struct search {
	market__eval_t *e;
	const market__networks_t *networks;
	market__slot_t slot;
	market__certifications_t *found;
	market_slice_t visiting[SCHEMES_MAX]; /* schemes, outermost first */
	size_t n_visiting;
} search_t;

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

static const market__certification_t *
certification(const market__verified_t *verified)
{
	return &market__message(verified)->of.certification;
}

static market_slice_t
host_of(const market__networks_t *networks)
{
	if (networks->own == NULL)
		return market__slice(NULL, 0);
	return market__message(networks->own)->of.network.host_network;
}

/* Does the issuer's role reach this cell? */
static bool
issuer_counts(const search_t *s, const market__verified_t *verified)
{
	const market__question_t *q = s->e->question;
	market_slice_t host = host_of(s->networks);
	const market__party_t *party = market__root_party(
	    s->e->root, market__header(verified->statement)->issuer);

	if (party == NULL)
		return false;
	if (!market__slice_equal(
		certification(verified)->scheme, SCHEME_CARRIER))
		return market__party_certifies(
		    party, certification(verified)->scheme, q->territory);
	return market__party_carries(party, q->network) ||
	    (host.len > 0 && market__party_carries(party, host));
}

/* Only the host's carrier can say that its network takes the device. */
static bool
issuer_suffices(const search_t *s, const market__verified_t *verified)
{
	market_slice_t host = host_of(s->networks);

	if (host.len == 0 ||
	    !market__slice_equal(
		certification(verified)->scheme, SCHEME_CARRIER))
		return true;
	return market__party_carries(
	    market__root_party(
		s->e->root, market__header(verified->statement)->issuer),
	    host);
}

static bool
networks_match(const search_t *s, const market__certification_t *c)
{
	market_slice_t host = host_of(s->networks);

	if (market__texts_have(c->networks, s->e->question->network))
		return true;
	/* What a carrier certifies for its network holds for its MVNOs. */
	return host.len > 0 && market__slice_equal(c->scheme, SCHEME_CARRIER) &&
	    market__texts_have(c->networks, host);
}

/* A state that forbids applies where it overlaps. */
static bool
forbids(market_certification_state_t state)
{
	return state >= MARKET_CERTIFICATION_STATE_SUSPENDED;
}

/* Refused, revoked, withdrawn, void: such a state stands for ever. */
static bool
is_final(market_certification_state_t state)
{
	return state >= MARKET_CERTIFICATION_STATE_REFUSED;
}

static bool
territories_match(const search_t *s, const market__certification_t *c)
{
	if (forbids(c->state))
		return market__territories_overlap(
		    c->territories, s->e->question->territory);
	return market__territories_contain(
	    c->territories, s->e->question->territory);
}

static void
mismatch(market__eval_t *e, market__findings_t *findings, market_code_t code,
    const market__verified_t *verified, const char *path, market_slice_t asked,
    market__slices_t covered)
{
	market__about_t about = { 0 };

	about.path = path;
	about.evidence = verified->statement;
	about.got = asked.len == 0 ? "nothing" : market__show(e, asked);
	about.want = market__show_list(e, covered);
	market__add_finding(e, findings, code, &about,
	    "the %s certification by %s covers %s, and the offer has %s",
	    market__show(e, certification(verified)->scheme),
	    market__show(e, market__header(verified->statement)->issuer),
	    about.want, about.got);
}

/* Does it speak of these versions, this network and this territory? */
static void
check_coverage(search_t *s, const market__verified_t *verified,
    market__findings_t *findings)
{
	const market__certification_t *c = certification(verified);
	const market__question_t *q = s->e->question;

	if (!market__texts_have(c->hardware_versions, q->hardware_version))
		mismatch(s->e, findings, MARKET_CODE_CERTIFICATION_HARDWARE,
		    verified, "hardware_versions", q->hardware_version,
		    c->hardware_versions);
	if (!market__texts_have(c->software_versions, q->software_version))
		mismatch(s->e, findings, MARKET_CODE_CERTIFICATION_SOFTWARE,
		    verified, "software_versions", q->software_version,
		    c->software_versions);
	if (!networks_match(s, c))
		mismatch(s->e, findings, MARKET_CODE_CERTIFICATION_NETWORK,
		    verified, "networks", q->network, c->networks);
	if (!territories_match(s, c))
		mismatch(s->e, findings, MARKET_CODE_CERTIFICATION_TERRITORY,
		    verified, "territories", q->territory, c->territories);
}

static bool
same_name(const market__verified_t *a, const market__verified_t *b)
{
	const market__header_t *one = market__header(a->statement);
	const market__header_t *other = market__header(b->statement);

	return market__slice_equal(one->issuer, other->issuer) &&
	    market__slice_equal(one->id, other->id);
}

/* A certification that has ended stays ended, whatever its next revision. */
static void
check_transition(search_t *s, const market__verified_t *verified,
    market__findings_t *findings)
{
	const market__verified_t *v;
	market__about_t about = { 0 };
	size_t i;

	for (i = 0; i < s->slot.n_verified; i++) {
		v = s->slot.verified[i];
		if (v == verified || !v->superseded ||
		    !is_final(certification(v)->state) ||
		    !same_name(v, verified) ||
		    is_final(certification(verified)->state))
			continue;
		about.path = "state";
		about.evidence = verified->statement;
		about.got = market_certification_state_name(
		    certification(verified)->state);
		about.want = market_certification_state_name(
		    certification(v)->state);
		market__add_finding(s->e, findings,
		    MARKET_CODE_CERTIFICATION_TRANSITION, &about,
		    "says %s, and an earlier revision said %s, which is final",
		    about.got, about.want);
	}
}

/* A variant or maintenance release rests on the certification before it. */
static void
check_parent(search_t *s, const market__verified_t *verified,
    market__findings_t *findings, int64_t *until)
{
	const market__certification_t *c = certification(verified);
	const market__verified_t *v;
	market__about_t about = { 0 };
	market__examination_t x;
	size_t i;

	if (c->route != MARKET_ROUTE_VARIANT &&
	    c->route != MARKET_ROUTE_MAINTENANCE)
		return;
	about.path = "parent_digest";
	about.evidence = verified->statement;
	for (i = 0; i < s->slot.n_verified; i++) {
		v = s->slot.verified[i];
		if (v->superseded || v == verified ||
		    !market__slice_equal(
			c->parent_digest, market__digest(v->statement)) ||
		    certification(v)->state !=
			MARKET_CERTIFICATION_STATE_CERTIFIED ||
		    !market__slice_equal(certification(v)->scheme, c->scheme))
			continue;
		market__examine(s->e, v, 0, &x);
		market__boundary(s->e, x.until);
		if (market__rank(&x.findings) != 0)
			continue;
		if (x.until < *until)
			*until = x.until;
		market__use(s->e, v, x.until);
		return;
	}
	market__add_finding(s->e, findings, MARKET_CODE_CERTIFICATION_PARENT,
	    &about, "its parent is not a certification in force of the scheme");
}

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
apply(search_t *s, outcome_t *outcome, const market__verified_t *verified,
    int64_t until)
{
	market__certifications_t *found = s->found;
	market_certification_state_t state = certification(verified)->state;
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

/*
 * What takes away counts although its keys fell, for all of its forks, and,
 * where it is final, past its end and its own withdrawal.
 */
static void
drop_what_does_not_matter(
    const market__verified_t *verified, market__findings_t *findings)
{
	market_certification_state_t state = certification(verified)->state;
	size_t i, n = 0;
	bool keep;

	if (!forbids(state))
		return;
	for (i = 0; i < findings->n; i++) {
		switch (findings->v[i].code) {
		case MARKET_CODE_STATEMENT_NOT_YET_VALID:
		case MARKET_CODE_STATEMENT_ISSUED_IN_FUTURE: keep = true; break;
		case MARKET_CODE_STATEMENT_EXPIRED:
		case MARKET_CODE_STATEMENT_WITHDRAWN:
			keep = !is_final(state);
			break;
		default: keep = false;
		}
		if (keep)
			findings->v[n++] = findings->v[i];
	}
	findings->n = n;
}

static bool resolve(search_t *s, market_slice_t scheme, bool quiet);

static void
check_prerequisites(search_t *s, const market__verified_t *verified,
    market__findings_t *findings)
{
	market__slices_t needed = certification(verified)->prerequisites;
	market__about_t about = { 0 };
	size_t i;

	for (i = 0; i < needed.n; i++) {
		if (resolve(s, needed.v[i], true))
			continue;
		about.path = "prerequisites";
		about.evidence = verified->statement;
		about.want = market__show(s->e, needed.v[i]);
		market__add_finding(s->e, findings,
		    MARKET_CODE_CERTIFICATION_PREREQUISITE, &about,
		    "needs the scheme %s, which is not certified for the same "
		    "versions",
		    about.want);
	}
}

static void
consider(search_t *s, outcome_t *outcome, const market__verified_t *verified)
{
	market__findings_t findings = { 0 };
	market__examination_t x;
	bool nearer;

	if (forbids(certification(verified)->state) &&
	    !market__environment_agrees(s->e, verified))
		return;
	check_coverage(s, verified, &findings);
	market__examine(s->e, verified, 0, &x);
	drop_what_does_not_matter(verified, &x.findings);
	market__limit(s->e, verified, market__begin(s->e, verified));
	market__move_findings(s->e, &findings, &x.findings);
	if (!forbids(certification(verified)->state)) {
		check_transition(s, verified, &outcome->transitions);
		market__move_findings(s->e, &findings, &outcome->transitions);
		check_parent(s, verified, &findings, &x.until);
		if (market__rank(&findings) == 0)
			check_prerequisites(s, verified, &findings);
	}
	if (market__rank(&findings) == 0) {
		if (issuer_suffices(s, verified) ||
		    forbids(certification(verified)->state))
			apply(s, outcome, verified, x.until);
		return;
	}
	nearer = outcome->nearest == NULL ||
	    market__rank(&findings) < market__rank(&outcome->best) ||
	    (market__rank(&findings) == market__rank(&outcome->best) &&
		findings.n < outcome->best.n);
	if (nearer) {
		outcome->nearest = verified;
		outcome->best = findings;
	}
}

static const char *
certifier(search_t *s, market_slice_t scheme)
{
	market_slice_t host = host_of(s->networks);

	if (!market__slice_equal(scheme, SCHEME_CARRIER))
		return market__certifiers_of(
		    s->e, scheme, s->e->question->territory);
	return market__carriers_of(
	    s->e, host.len > 0 ? host : s->e->question->network);
}

static void
tell_missing(search_t *s, market_slice_t scheme)
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
tell_state(search_t *s, const outcome_t *outcome, bool quiet)
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
		    market__show(s->e, certification(one)->scheme),
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
use_found(search_t *s, market_slice_t scheme, const outcome_t *outcome)
{
	size_t i;

	for (i = 0; i < s->found->n; i++)
		if (market__slice_equal(
			certification(s->found->v[i])->scheme, scheme))
			market__use(s->e, s->found->v[i], outcome->until);
}

/* Has the host's carrier (or any certifier) spoken among those that apply? */
static bool
sufficient(const search_t *s, market_slice_t scheme)
{
	size_t i;

	for (i = 0; i < s->found->n; i++)
		if (market__slice_equal(
			certification(s->found->v[i])->scheme, scheme) &&
		    issuer_suffices(s, s->found->v[i]))
			return true;
	return false;
}

static void
nothing_applies(search_t *s, market_slice_t scheme, const outcome_t *outcome)
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

/* Is the scheme certified here? Tells why not, unless `quiet`. */
static bool
resolve(search_t *s, market_slice_t scheme, bool quiet)
{
	outcome_t outcome = { 0 };
	size_t i;
	bool good;

	for (i = 0; i < s->n_visiting; i++)
		if (market__slice_equal(s->visiting[i], scheme))
			return false; /* it would rest on itself */
	if (s->n_visiting == SCHEMES_MAX)
		return false;
	s->visiting[s->n_visiting++] = scheme;
	outcome.until = INT64_MAX;
	for (i = 0; i < s->slot.n_verified && s->e->status == MARKET_OK; i++)
		if (market__slice_equal(
			certification(s->slot.verified[i])->scheme, scheme) &&
		    (!s->slot.verified[i]->superseded ||
			is_final(certification(s->slot.verified[i])->state)) &&
		    issuer_counts(s, s->slot.verified[i]))
			consider(s, &outcome, s->slot.verified[i]);
	s->n_visiting--;
	if (outcome.n_applying > 0) {
		good = tell_state(s, &outcome, quiet) && sufficient(s, scheme);
		if (!sufficient(s, scheme) && !quiet)
			nothing_applies(s, scheme, &outcome);
		use_found(s, scheme, &outcome);
		if (!good)
			tell_missing(s, scheme);
		if (!good && !quiet)
			market__move_findings(
			    s->e, &s->e->findings, &outcome.transitions);
		return good;
	}
	if (!quiet)
		nothing_applies(s, scheme, &outcome);
	tell_missing(s, scheme);
	return false;
}

static void
require(
    search_t *s, market__slices_t schemes, market_slice_t *done, size_t *n_done)
{
	size_t i, k;

	for (i = 0; i < schemes.n; i++) {
		for (k = 0; k < *n_done; k++)
			if (market__slice_equal(done[k], schemes.v[i]))
				break;
		if (k < *n_done)
			continue;
		if (*n_done == SCHEMES_MAX) {
			market__add_finding(s->e, &s->e->findings,
			    MARKET_CODE_LIMIT_EXCEEDED, NULL,
			    "more than %d schemes are required in one cell",
			    SCHEMES_MAX);
			return;
		}
		done[(*n_done)++] = schemes.v[i];
		resolve(s, schemes.v[i], false);
	}
}

static bool
requirement_applies(const search_t *s, const market__requirement_t *rule,
    const market__product_t *product)
{
	market_slice_t host = host_of(s->networks);

	if (!market__territories_overlap(
		rule->territories, s->e->question->territory))
		return false;
	if (!market__texts_have(rule->networks, s->e->question->network) &&
	    (host.len == 0 || !market__texts_have(rule->networks, host)))
		return false;
	/* Of a product that is not known any category may be meant. */
	return product == NULL
	    ? rule->categories.n > 0
	    : market__texts_have(rule->categories, product->category);
}

void
market__rule_certification(market__eval_t *e,
    const market__networks_t *networks, const market__product_t *product,
    market__certifications_t *ret)
{
	market_slice_t done[SCHEMES_MAX];
	search_t s = { 0 };
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
}
