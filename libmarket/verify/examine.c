/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is one verified statement in force? Its time, its fork, who took it back,
 * and whether the keys that signed it still count.
 */
#include <stdlib.h>

#include "verify/internal.h"

int64_t
market__seen_at(const market__eval_t *e, const market__verified_t *verified)
{
	return verified->seen_at == MARKET__SEEN_NOW ? e->at
						     : verified->seen_at;
}

void
market__examine_until(
    market__eval_t *e, market__examination_t *x, int64_t instant)
{
	market__boundary(e, instant);
	if (instant > e->at && instant < x->until)
		x->until = instant;
}

/* `later` less the skew, which loosens a beginning and never an end. */
static int64_t
loosened(const market__eval_t *e, int64_t later)
{
	return later > INT64_MIN + e->skew ? later - e->skew : INT64_MIN;
}

const char *
market__name_of(market__eval_t *e, const market_statement_t *statement)
{
	if (statement == NULL)
		return NULL;
	return market__format(e, "the %s %s/%s",
	    market_kind_name(statement->message->kind),
	    market__show(e, market__header(statement)->issuer),
	    market__show(e, market__header(statement)->id));
}

/* What is wrong with the time of it; `why` begins with the verb. */
static void
tell_time(market__eval_t *e, market__examination_t *ret, market_code_t code,
    const market__about_t *about, int64_t want, const char *why)
{
	market__about_t told = *about;
	const char *name = market__name_of(e, about->evidence);

	told.got = market__show_time(e, e->at);
	told.want = market__show_time(e, want);
	market__add_finding(e, &ret->findings, code, &told, "%s%s%s %s%s",
	    name == NULL ? "" : name, name == NULL ? "" : " ", why, told.want,
	    code == MARKET_CODE_STATEMENT_ISSUED_IN_FUTURE
		? ", later than now and the clock skew"
		: "");
}

void
market__examine_time(market__eval_t *e, const market__header_t *header,
    const market__about_t *about, market__examination_t *ret)
{
	int64_t begin = loosened(e, header->not_before);
	int64_t issued = loosened(e, header->issued_at);

	market__boundary(e, begin);
	market__boundary(e, issued);
	if (e->at < issued)
		tell_time(e, ret, MARKET_CODE_STATEMENT_ISSUED_IN_FUTURE, about,
		    header->issued_at, "says it was issued at");
	if (e->at < begin)
		tell_time(e, ret, MARKET_CODE_STATEMENT_NOT_YET_VALID, about,
		    header->not_before, "begins at");
	if (header->not_after == 0)
		return;
	if (e->at >= header->not_after)
		tell_time(e, ret, MARKET_CODE_STATEMENT_EXPIRED, about,
		    header->not_after, "ended at");
	else
		market__examine_until(e, ret, header->not_after);
}

bool
market__environment_agrees(
    const market__eval_t *e, const market__verified_t *verified)
{
	return market__signed_for(verified, e->policy->environment);
}

int64_t
market__withdrawal_start(
    const market__eval_t *e, const market__verified_t *withdrawal)
{
	const market__message_t *message = market__message(withdrawal);
	int64_t seen = market__seen_at(e, withdrawal);

	if (message->kind == MARKET_KIND_WITHDRAWAL &&
	    message->of.withdrawal.effective_at != 0)
		return message->of.withdrawal.effective_at;
	return message->header.not_before > seen ? message->header.not_before
						 : seen;
}

/* A state that never permits: certified does, and provisional by policy. */
static bool
keeps_out(const market__eval_t *e, market_certification_state_t state)
{
	if (state == MARKET_CERTIFICATION_STATE_PROVISIONAL)
		return !e->policy->accept_provisional;
	return state != MARKET_CERTIFICATION_STATE_CERTIFIED;
}

bool
market__restricts(const market__eval_t *e, const market__verified_t *verified)
{
	const market__message_t *message = market__message(verified);

	switch (message->kind) {
	case MARKET_KIND_DISAVOWAL:
	case MARKET_KIND_HOLD: return true;
	case MARKET_KIND_SELLER: return message->of.seller.suspended;
	case MARKET_KIND_CERTIFICATION:
		return keeps_out(e, message->of.certification.state);
	default: return false;
	}
}

/*
 * What takes something away stands though its key fell. What takes back a
 * restriction gives, and needs keys that count like all that gives.
 */
static bool
gives(const market__eval_t *e, market__subject_t subject)
{
	return subject.target != NULL && market__restricts(e, subject.target);
}

bool
market__examine_revised(market__eval_t *e, const market__verified_t *verified,
    market__examination_t *ret)
{
	uint64_t own = market__header(verified->statement)->revision;
	const market__verified_t *v;
	int64_t start;

	for (v = verified->above; v != NULL; v = v->above) {
		if (market__header(v->statement)->revision == own)
			continue;
		start = market__withdrawal_start(e, v);
		market__boundary(e, start);
		if (start <= e->at && market__keys_count(e, v, ret))
			return true;
	}
	return false;
}

bool
market__may_take(
    const market__verified_t *withdrawal, market__subject_t subject)
{
	if (subject.by.len > 0 &&
	    !market__slice_equal(
		subject.by, market__header(withdrawal->statement)->issuer))
		return false;
	return market__has_standing(
	    withdrawal, subject.target, subject.beneath);
}

const market__verified_t *
market__earliest_withdrawal(market__eval_t *e, const market__slot_t *slot,
    market__subject_t subject, market__examination_t *giving,
    int64_t *ret_start)
{
	const market__verified_t *found = NULL, *v;
	int64_t start;
	size_t i;

	for (i = 0; i < slot->n_verified; i++) {
		v = slot->verified[i];
		if (market__message(v)->kind != MARKET_KIND_WITHDRAWAL ||
		    !market__environment_agrees(e, v) ||
		    !market__may_take(v, subject))
			continue;
		if (giving != NULL && !market__keys_count(e, v, giving))
			continue;
		start = market__withdrawal_start(e, v);
		if (found == NULL || start < *ret_start) {
			found = v;
			*ret_start = start;
		}
	}
	return found;
}

void
market__tell_withdrawn(market__eval_t *e, const market__verified_t *withdrawal,
    int64_t start, market_code_t code, const char *what,
    const market__about_t *about, market__examination_t *ret)
{
	const market__withdrawal_t *message =
	    &market__message(withdrawal)->of.withdrawal;
	const char *note = market__show(e, message->note);
	market__about_t told = *about;

	told.got = market__show_time(e, start);
	market__add_finding(e, &ret->findings, code, &told,
	    "%s was withdrawn by %s as of %s (%s)%s%s", what,
	    market__show(e, market__header(withdrawal->statement)->issuer),
	    told.got, market_withdrawal_reason_name(message->reason),
	    message->note.len > 0 ? ": " : "", note == NULL ? "" : note);
}

static void
check_slot(market__eval_t *e, const market__slot_t *slot,
    market__subject_t subject, const market__about_t *about,
    market__examination_t *ret)
{
	const market__verified_t *withdrawal;
	const char *name;
	int64_t start = 0;

	withdrawal = market__earliest_withdrawal(
	    e, slot, subject, gives(e, subject) ? ret : NULL, &start);
	if (withdrawal == NULL)
		return;
	if (start > e->at) {
		market__examine_until(e, ret, start);
		return;
	}
	name = market__name_of(e, about->evidence);
	market__tell_withdrawn(e, withdrawal, start,
	    MARKET_CODE_STATEMENT_WITHDRAWN,
	    name == NULL ? "the statement" : name, about, ret);
}

/*
 * From when on a list withdraws: as soon as it counts for what it does not
 * list, and that is earlier by the skew.
 */
static int64_t
listing_start(const market__eval_t *e, const market__verified_t *list)
{
	int64_t start = loosened(
	    e, market__header(list->statement)->not_before);
	int64_t seen = market__seen_at(e, list);

	return start > seen ? start : seen;
}

/* A status lists digests that its issuer takes back; a stale one still does.*/
static void
check_status(market__eval_t *e, const market__slot_t *slot,
    const market_statement_t *statement, market__subject_t subject,
    const market__about_t *about, market__examination_t *ret)
{
	market_slice_t issuer = market__header(statement)->issuer;
	const market__verified_t *v;
	int64_t start;
	size_t i;

	for (i = 0; i < slot->n_verified; i++) {
		v = slot->verified[i];
		start = gives(e, subject) ? market__withdrawal_start(e, v)
					  : listing_start(e, v);
		if (!market__environment_agrees(e, v) ||
		    !market__may_take(v, subject) ||
		    !market__status_lists(e, v, market__digest(statement)))
			continue;
		if (gives(e, subject) && !market__keys_count(e, v, ret))
			continue;
		if (start <= e->at)
			market__add_finding(e, &ret->findings,
			    MARKET_CODE_STATEMENT_WITHDRAWN, about,
			    "%s is withdrawn by the status of %s",
			    market__name_of(e, statement),
			    market__show(e, issuer));
		else
			market__examine_until(e, ret, start);
	}
}

bool
market__taken_back(
    market__eval_t *e, const market__verified_t *verified, int64_t *until)
{
	market__subject_t subject = { verified, NULL, { NULL, 0 } };
	market__examination_t x = MARKET__EXAMINATION_INIT;
	market__about_t about = { 0 };

	if (!market__examine_revised(e, verified, &x)) {
		market__examine_withdrawn(
		    e, verified->statement, subject, &about, &x);
		if (x.findings.n == 0)
			return false;
	}
	if (x.until < *until)
		*until = x.until;
	return true;
}

/* What withdraws it by digest, by name, and by a status. */
static void
read_withdrawals(market__eval_t *e, const market_statement_t *statement)
{
	const market__header_t *header = market__header(statement);
	char hex[2 * MARKET_DIGEST_LEN + 1];
	market_slice_t name[3];

	/* An offer is asked after once for each who stands above it. */
	if (e->asked == statement)
		return;
	market__hex(statement->digest, MARKET_DIGEST_LEN, hex);
	e->by_digest = market__read1(e, "digest", market_slice_of(hex));
	name[0] = market_slice_of(market_kind_name(statement->message->kind));
	name[1] = header->issuer;
	name[2] = header->id;
	e->by_name = market__read(e, "name", name, 3);
	e->by_status = market__read1(e, "status", header->issuer);
	e->asked = statement;
}

void
market__examine_withdrawn(market__eval_t *e,
    const market_statement_t *statement, market__subject_t subject,
    const market__about_t *about, market__examination_t *ret)
{
	market__slot_t by_digest, by_name, by_status;

	read_withdrawals(e, statement);
	/* Others are asked after meanwhile. */
	by_digest = e->by_digest;
	by_name = e->by_name;
	by_status = e->by_status;
	check_slot(e, &by_digest, subject, about, ret);
	check_slot(e, &by_name, subject, about, ret);
	check_status(e, &by_status, statement, subject, about, ret);
}

/* The first instant at which it is issued and valid, less the skew. */
static int64_t
begin(const market__eval_t *e, const market__verified_t *verified)
{
	const market__header_t *header = market__header(verified->statement);

	return loosened(e,
	    header->not_before > header->issued_at ? header->not_before
						   : header->issued_at);
}

void
market__examine(market__eval_t *e, const market__verified_t *verified,
    unsigned link, market__examination_t *ret)
{
	market__subject_t subject = { verified, NULL, { NULL, 0 } };
	market__about_t about = { 0 };

	memset(ret, 0, sizeof(*ret));
	ret->until = INT64_MAX;
	ret->from = INT64_MAX;
	about.link = link;
	about.evidence = verified->statement;
	market__examine_time(
	    e, market__header(verified->statement), &about, ret);
	if (verified->forked)
		market__add_finding(e, &ret->findings,
		    MARKET_CODE_STATEMENT_FORK, &about,
		    "%s signed two different statements as %s %s revision "
		    "%llu",
		    market__show(
			e, market__header(verified->statement)->issuer),
		    market_kind_name(verified->statement->message->kind),
		    market__show(e, market__header(verified->statement)->id),
		    (unsigned long long)market__header(verified->statement)
			->revision);
	market__examine_withdrawn(e, verified->statement, subject, &about, ret);
	market__examine_signers(e, subject, verified, &about, ret);
	market__examine_status(e, verified, ret);
	if (begin(e, verified) > e->at)
		ret->from = begin(e, verified);
}

const market__verified_t *
market__choose(market__eval_t *e, const market__verified_t *const *candidates,
    size_t n, market__also_t *also, market__examination_t *ret_examination)
{
	const market__verified_t *best = NULL;
	market__examination_t x;
	int rank, best_rank = 3;
	size_t i;

	memset(ret_examination, 0, sizeof(*ret_examination));
	ret_examination->until = INT64_MAX;
	ret_examination->from = INT64_MAX;
	for (i = 0; i < n; i++) {
		if (candidates[i]->superseded)
			continue;
		market__examine(e, candidates[i], 0, &x);
		if (also != NULL)
			also(e, candidates[i], &x);
		/* From its beginning on it may be the one that is chosen. */
		market__limit(e, candidates[i], x.from);
		rank = market__rank(&x.findings);
		/* Candidates come sorted by digest, so ties are settled. */
		if (rank > best_rank ||
		    (rank == best_rank &&
			(x.findings.n > ret_examination->findings.n ||
			    (x.findings.n == ret_examination->findings.n &&
				x.until <= ret_examination->until))))
			continue;
		best = candidates[i];
		best_rank = rank;
		*ret_examination = x;
	}
	return best;
}
