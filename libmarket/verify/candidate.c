/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One certification: who may issue it, what it covers, and what is left of
 * its faults.
 */
#include "model/territory.h"
#include "verify/certification.h"

market_slice_t
market__cell_host(const market__networks_t *networks)
{
	if (networks->own == NULL)
		return market__slice(NULL, 0);
	return market__message(networks->own)->of.network.host_network;
}

/* Does the issuer's role reach this cell? */
bool
market__issuer_counts(
    const market__search_t *s, const market__verified_t *verified)
{
	const market__certification_t *c = market__certification(verified);
	const market__question_t *q = s->e->question;
	market_slice_t host = market__cell_host(s->networks);
	const market__party_t *party = market__root_party(
	    s->e->root, market__header(verified->statement)->issuer);

	/* It had the role when it said what stands for ever. */
	if (verified->fallen && market__state_is_final(c->state))
		return true;
	if (party == NULL)
		return false;
	/* Who certifies a part may forbid there, and the cell overlaps it. */
	if (!market__slice_equal(c->scheme, MARKET__SCHEME_CARRIER))
		return market__state_forbids(c->state)
		    ? market__party_certifies_part(
			  party, c->scheme, q->territory)
		    : market__party_certifies(party, c->scheme, q->territory);
	return market__party_carries(party, q->network) ||
	    (host.len > 0 && market__party_carries(party, host));
}

/* Only the host's carrier can say that its network takes the device. */
bool
market__issuer_suffices(
    const market__search_t *s, const market__verified_t *verified)
{
	market_slice_t host = market__cell_host(s->networks);

	if (host.len == 0 ||
	    !market__slice_equal(market__certification(verified)->scheme,
		MARKET__SCHEME_CARRIER))
		return true;
	return market__party_carries(
	    market__root_party(
		s->e->root, market__header(verified->statement)->issuer),
	    host);
}

static bool
networks_match(const market__search_t *s, const market__certification_t *c)
{
	market_slice_t host = market__cell_host(s->networks);

	if (market__texts_have(c->networks, s->e->question->network))
		return true;
	/*
	 * What a carrier certifies for its network holds for its MVNOs; what
	 * anybody forbids on that network is forbidden to them, too.
	 */
	return host.len > 0 &&
	    (market__state_forbids(c->state) ||
		market__slice_equal(c->scheme, MARKET__SCHEME_CARRIER)) &&
	    market__texts_have(c->networks, host);
}

/* A state that market__state_forbids applies where it overlaps. */
bool
market__state_forbids(market_certification_state_t state)
{
	return state >= MARKET_CERTIFICATION_STATE_SUSPENDED;
}

/* Refused, revoked, withdrawn, void: such a state stands for ever. */
bool
market__state_is_final(market_certification_state_t state)
{
	return state >= MARKET_CERTIFICATION_STATE_REFUSED;
}

/* An offer that hides its version may have the one that is forbidden. */
static bool
version_matches(const market__certification_t *c, market__slices_t versions,
    market_slice_t version)
{
	if (version.len == 0 && versions.n > 0 &&
	    market__state_forbids(c->state))
		return true;
	return market__texts_have(versions, version);
}

static bool
territories_match(const market__search_t *s, const market__certification_t *c)
{
	if (market__state_forbids(c->state))
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
	    market__show(e, market__certification(verified)->scheme),
	    market__show(e, market__header(verified->statement)->issuer),
	    about.want, about.got);
}

/* Does it speak of these versions, this network and this territory? */
void
market__check_coverage(market__search_t *s, const market__verified_t *verified,
    market__findings_t *findings)
{
	const market__certification_t *c = market__certification(verified);
	const market__question_t *q = s->e->question;

	if (!version_matches(c, c->hardware_versions, q->hardware_version))
		mismatch(s->e, findings, MARKET_CODE_CERTIFICATION_HARDWARE,
		    verified, "hardware_versions", q->hardware_version,
		    c->hardware_versions);
	if (!version_matches(c, c->software_versions, q->software_version))
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
void
market__check_transition(market__search_t *s,
    const market__verified_t *verified, market__findings_t *findings)
{
	const market__verified_t *v;
	market__about_t about = { 0 };
	size_t i;

	for (i = 0; i < s->slot.n_verified; i++) {
		v = s->slot.verified[i];
		if (v == verified || !v->superseded ||
		    !market__state_is_final(market__certification(v)->state) ||
		    !same_name(v, verified) ||
		    market__state_is_final(
			market__certification(verified)->state))
			continue;
		about.path = "state";
		about.evidence = verified->statement;
		about.got = market_certification_state_name(
		    market__certification(verified)->state);
		about.want = market_certification_state_name(
		    market__certification(v)->state);
		market__add_finding(s->e, findings,
		    MARKET_CODE_CERTIFICATION_TRANSITION, &about,
		    "%s says %s, and an earlier revision said %s, which is "
		    "final",
		    market__name_of(s->e, verified->statement), about.got,
		    about.want);
	}
}

/*
 * What `c` rests on, if that is in force and of the same scheme; or NULL.
 * Where that cannot be told, `findings` say why.
 */
static const market__verified_t *
parent_of(market__search_t *s, const market__certification_t *c,
    market__findings_t *findings, int64_t *until)
{
	const market__verified_t *v;
	market__examination_t x;
	size_t i;

	for (i = 0; i < s->slot.n_verified; i++) {
		v = s->slot.verified[i];
		if (v->superseded ||
		    !market__slice_equal(
			c->parent_digest, market__digest(v->statement)) ||
		    market__certification(v)->state !=
			MARKET_CERTIFICATION_STATE_CERTIFIED ||
		    !market__slice_equal(
			market__certification(v)->scheme, c->scheme) ||
		    !market__issuer_counts(s, v))
			continue;
		market__examine(s->e, v, 0, &x);
		market__check_transition(s, v, &x.findings);
		market__boundary(s->e, x.until);
		/* From then on what rests on it may apply, and restrict. */
		market__limit(s->e, v, x.from);
		if (market__rank(&x.findings) > 1)
			continue;
		if (market__rank(&x.findings) == 0)
			market__use(s->e, v, x.until);
		market__move_findings(s->e, findings, &x.findings);
		if (x.until < *until)
			*until = x.until;
		return v;
	}
	return NULL;
}

static bool
rests_on_another(const market__certification_t *c)
{
	return c->route == MARKET_ROUTE_VARIANT ||
	    c->route == MARKET_ROUTE_MAINTENANCE || c->parent_digest.len > 0;
}

/* `c` is the certification, or one of those that it builds on. */
static void
tell_parent(market__search_t *s, const market__verified_t *verified,
    const market__certification_t *c, bool own, market__findings_t *findings)
{
	const char *name = market__name_of(s->e, verified->statement);
	char hex[2 * MARKET_DIGEST_LEN + 1];
	market__about_t about = { 0 };

	about.path = "parent_digest";
	about.evidence = verified->statement;
	if (c->parent_digest.len != MARKET_DIGEST_LEN) {
		market__add_finding(s->e, findings,
		    MARKET_CODE_CERTIFICATION_PARENT, &about,
		    "%s%s says %s and names no parent",
		    own ? "" : "what stands above ", name,
		    c->route == MARKET_ROUTE_VARIANT ? "VARIANT"
						     : "MAINTENANCE");
		return;
	}
	market__hex(c->parent_digest.ptr, MARKET_DIGEST_LEN, hex);
	about.got = market__format(s->e, "%s", hex);
	market__add_finding(s->e, findings, MARKET_CODE_CERTIFICATION_PARENT,
	    &about,
	    "%s%s rests on %.16s..., which is no certification of the scheme "
	    "%s that is in force here",
	    own ? "" : "what stands above ", name, hex,
	    market__show(s->e, c->scheme));
}

/*
 * A variant or maintenance release rests on the certification before it, and
 * that perhaps on another. Digests cannot go in a circle.
 */
void
market__check_parent(market__search_t *s, const market__verified_t *verified,
    market__findings_t *findings, int64_t *until)
{
	const market__certification_t *c = market__certification(verified);
	const market__verified_t *parent;
	size_t n;

	for (n = 0; rests_on_another(c); n++) {
		parent = n < MARKET__PARENTS_MAX
		    ? parent_of(s, c, findings, until)
		    : NULL;
		if (parent == NULL) {
			tell_parent(s, verified, c, n == 0, findings);
			return;
		}
		c = market__certification(parent);
	}
}

/*
 * What takes away counts although its keys fell, for all of its forks, and,
 * where it is final, past its end and its own withdrawal.
 */
void
market__drop_moot(
    const market__verified_t *verified, market__findings_t *findings)
{
	market_certification_state_t state =
	    market__certification(verified)->state;
	size_t i, n = 0;
	bool keep;

	if (!market__state_forbids(state))
		return;
	for (i = 0; i < findings->n; i++) {
		switch (findings->v[i].code) {
		case MARKET_CODE_STATEMENT_NOT_YET_VALID:
		case MARKET_CODE_STATEMENT_ISSUED_IN_FUTURE: keep = true; break;
		case MARKET_CODE_STATEMENT_EXPIRED:
		case MARKET_CODE_STATEMENT_WITHDRAWN:
			keep = !market__state_is_final(state);
			break;
		default: keep = false;
		}
		if (keep)
			findings->v[n++] = findings->v[i];
	}
	findings->n = n;
}
