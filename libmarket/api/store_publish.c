/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A judged offer becomes a listing, or a revision of one. A new price or stock
 * asks what was asked before: it costs its payload, its entry, and its row.
 */
#include "api/store_intake.h"
#include "api/store_listing.h"

typedef struct publishing {
	market__call_t *call;
	market_submissions_t *submissions;
	market__submission_t *submission;
	market__records_t *records;
	market__recorded_seller_t *seller;
	market__listing_row_t row;
	bool is_new;
} publishing_t;

static market_status_t
refuse(publishing_t *p, market_result_t result, const char *why)
{
	if (market__submission_refuse(
		p->submissions, p->submission, result, "%s", why) != MARKET_OK)
		return market__error(p->call->reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for a reason");
	return MARKET_OK;
}

static bool
settled(const publishing_t *p)
{
	return p->submission->submitted.result != 0;
}

/* ---- may it become a listing at all? ---- */

/* Only a new revision, or nothing at all, could mend it. */
static bool
is_fault(const market_finding_t *finding)
{
	const market_code_info_t *info = market_code_info(finding->code);

	return finding->effect == MARKET_EFFECT_DENY && info->clears == 0;
}

static market_status_t
check_offer(publishing_t *p)
{
	const market_decision_t *decision = p->submission->decision;
	const market_finding_t *finding;
	size_t i;

	if (p->call->untrusted)
		return refuse(p, MARKET_RESULT_REFUSED,
		    "the clock is behind the store's by more than it "
		    "tolerates: nothing is published until it is right again");
	for (i = 0; !p->submission->plain &&
	     (finding = market_decision_finding(decision, i)) != NULL;
	     i++)
		if (is_fault(finding))
			return refuse(
			    p, MARKET_RESULT_REFUSED, finding->message);
	if (p->submission->n_questions == 0)
		return refuse(p, MARKET_RESULT_REFUSED,
		    "it asks for no cell, or for more than an offer may");
	return MARKET_OK;
}

/* ---- what is there ---- */

static market_status_t
find_listing(publishing_t *p)
{
	market_slice_t id = market__header(p->submission->offer)->id;
	market_status_t status;

	status = market__records_seller(p->records,
	    market__header(p->submission->offer)->issuer, &p->seller);
	if (status == MARKET_OK)
		status = market__records_listing(
		    p->records, p->seller->row.no, id, &p->row);
	if (status != MARKET_OK || p->row.no != 0)
		return status;
	p->row.intent = MARKET_INTENT_PUBLISH;
	p->is_new = true;
	if (p->seller->row.listings >= p->call->store->max_listings)
		return refuse(p, MARKET_RESULT_REFUSED,
		    "the seller has as many listings as this store keeps of "
		    "one seller");
	return MARKET_OK;
}

/* Was it accepted before, though something else has come since? */
static market_status_t
was_accepted(publishing_t *p, bool *ret_known)
{
	uint64_t seq = p->row.last;
	market__entry_row_t entry;
	market__detail_t detail;
	market_status_t status;

	while (seq != 0) {
		status = market__entry_get(p->call, seq, &entry, &detail);
		if (status != MARKET_OK)
			return status;
		if (entry.kind == MARKET_CHANGE_OFFER &&
		    memcmp(detail.digest, p->submission->offer->digest,
			MARKET_DIGEST_LEN) == 0) {
			*ret_known = true;
			return MARKET_OK;
		}
		if (entry.prev >= seq)
			break;
		seq = entry.prev;
	}
	return MARKET_OK;
}

/* ---- questions ---- */

/* What is recorded must be what holds now: a listing begins from there. */
static market_status_t
bring_up(
    publishing_t *p, const market__asked_t *asked, market__recorded_t *recorded)
{
	const market__question_t *question = &recorded->question;
	market__clearance_row_t *row = &recorded->row;
	const market__cleared_t *cleared = NULL;
	market__call_t *call = p->call;
	market_status_t status;
	uint64_t cause = 0;
	bool changed;

	if (recorded->current)
		return MARKET_OK;
	status = market__clear_hashed(call, question, asked->hash, &cleared);
	if (status == MARKET_OK && row->no != 0)
		status = market__clear_current(
		    call, row, cleared, &recorded->current);
	if (status != MARKET_OK || recorded->current)
		return status;
	if (row->no != 0)
		status = market__clear_cause(call, cleared, row, &cause);
	if (status == MARKET_OK)
		status = market__clear_record(
		    call, question, cause, row, &changed);
	recorded->current = status == MARKET_OK;
	return status;
}

static market_status_t
ask_all(publishing_t *p, uint64_t *numbers)
{
	const market__submission_t *submission = p->submission;
	size_t n = submission->n_questions, n_pins = p->call->n_pins, i;
	market__recorded_t *recorded = NULL;
	market_status_t status = MARKET_OK;

	for (i = 0; i < n && status == MARKET_OK; i++) {
		status = market__records_find(
		    p->records, &submission->questions[i], &recorded);
		if (status != MARKET_OK)
			break;
		if (recorded->row.no == 0)
			p->seller->row.questions++;
		status = bring_up(p, &submission->questions[i], recorded);
		numbers[i] = recorded->row.no;
		market__call_release(p->call, n_pins);
	}
	return status;
}

/* The numbers of its questions; those of rows alike are asked for once. */
static market_status_t
number_questions(publishing_t *p, const uint64_t **ret_numbers)
{
	market__kind_t *kind = p->submission->kind;
	uint64_t *numbers = kind != NULL ? kind->numbers : NULL;
	market_status_t status;

	if (numbers == NULL)
		numbers = market__arena_array(&p->call->arena,
		    p->submission->n_questions + 1, sizeof(*numbers));
	if (numbers == NULL)
		return market__call_refused(p->call, &p->call->arena);
	*ret_numbers = numbers;
	if (kind != NULL && kind->numbered)
		return MARKET_OK;
	status = ask_all(p, numbers);
	if (kind != NULL)
		kind->numbered = status == MARKET_OK;
	return status;
}

/* ---- writing ---- */

static market_status_t
write_offer(publishing_t *p, market_result_t result)
{
	const market_statement_t *offer = p->submission->offer;
	market__call_t *call = p->call;
	market__detail_t detail = { 0 };
	market_slice_t envelope;
	market_status_t status;

	memcpy(detail.digest, offer->digest, sizeof(detail.digest));
	detail.revision = market__header(offer)->revision;
	detail.result = result;
	status = market__entry_append(call, MARKET_CHANGE_OFFER, p->row.no,
	    p->row.last, p->submission->cause, &detail);
	p->row.last = call->head.entries;
	/* A feed's chunk has its rows. */
	if (status == MARKET_OK && p->submission->cause == 0) {
		status = market__call_envelope(call, offer, &envelope);
		if (status == MARKET_OK)
			status = call->ops->payload_insert(
			    call->backend, p->row.last, envelope, call->reterr);
	}
	p->submission->submitted.result = result;
	p->submission->submitted.entry = p->row.last;
	return status;
}

static market_status_t
write_fork(publishing_t *p)
{
	market_status_t status;

	status = write_offer(p, MARKET_RESULT_FORK);
	p->row.flags |= MARKET__LISTING_FORKED;
	if (status == MARKET_OK)
		status = market__records_put(p->records, &p->row);
	if (status != MARKET_OK)
		return status;
	p->submission->submitted.result = 0;
	return refuse(p, MARKET_RESULT_FORK,
	    "another offer has this revision: neither counts until a higher "
	    "one settles it");
}

/* Its row is written with the others. */
static void
count_listing(publishing_t *p, uint64_t questions_before)
{
	if (p->seller->row.no == 0)
		p->seller->row.no = ++p->call->head.parties;
	else if (!p->is_new && p->seller->row.questions == questions_before)
		return;
	p->seller->row.listings += p->is_new;
	p->seller->touched = true;
}

static market_status_t
write_listing(publishing_t *p)
{
	market__submission_t *submission = p->submission;
	market__call_t *call = p->call;
	uint64_t before = p->seller->row.questions;
	const uint64_t *numbers = NULL;
	market_status_t status;

	status = number_questions(p, &numbers);
	if (status != MARKET_OK)
		return status;
	count_listing(p, before);
	if (p->is_new) {
		p->row.no = ++call->head.listings;
		p->row.seller = p->seller->row.no;
	} else if (p->row.intent == (uint32_t)MARKET_INTENT_END) {
		status = market__intake_return(
		    call, &p->row, submission->cause);
	}
	if (status == MARKET_OK)
		status = write_offer(p, MARKET_RESULT_ACCEPTED);
	if (status != MARKET_OK)
		return status;
	if (p->is_new)
		p->row.began = p->row.last;
	memcpy(p->row.digest, submission->offer->digest, MARKET_DIGEST_LEN);
	p->row.revision = market__header(submission->offer)->revision;
	p->row.flags = submission->cause != 0 ? MARKET__LISTING_LISTED : 0;
	p->row.offer_entry = p->row.last;
	market__listing_terms(
	    submission->offer, market__intake_feed(p->submissions), &p->row);
	p->row.questions = numbers;
	p->row.n_questions = submission->n_questions;
	return market__records_put(p->records, &p->row);
}

/* ---- a revision ---- */

/* New questions are bounded for each seller: each costs a computation. */
static market_status_t
check_quota(publishing_t *p)
{
	const market__submission_t *submission = p->submission;
	market__recorded_t *recorded = NULL;
	market_status_t status = MARKET_OK;
	uint64_t n = p->seller->row.questions;
	size_t i;

	if (submission->kind != NULL && submission->kind->numbered)
		return MARKET_OK;
	for (i = 0; i < submission->n_questions && status == MARKET_OK; i++) {
		status = market__records_find(
		    p->records, &submission->questions[i], &recorded);
		n += status == MARKET_OK && recorded->row.no == 0;
	}
	if (status == MARKET_OK && n > p->seller->row.questions &&
	    n > p->call->store->max_questions)
		return refuse(p, MARKET_RESULT_REFUSED,
		    "the seller has asked as many questions as this store "
		    "answers for one seller");
	return status;
}

/*
 * The same bytes, which may stand elsewhere by now: in a feed's next revision
 * they hold as long as that; what the seller signed alone holds without one.
 */
static market_status_t
is_there(publishing_t *p)
{
	bool listed = (p->row.flags & MARKET__LISTING_LISTED) != 0;
	bool forked = (p->row.flags & MARKET__LISTING_FORKED) != 0;

	if (listed && !forked)
		return MARKET_OK;
	if (p->submission->cause != 0)
		return refuse(p, MARKET_RESULT_DUPLICATE,
		    forked ? "another offer has this revision, too"
			   : "its seller has signed it alone");
	if (listed)
		return refuse(
		    p, MARKET_RESULT_DUPLICATE, "it was submitted before");
	return market__publish_again(
	    p->call, p->submissions, p->submission, &p->row);
}

static market_status_t
check_revision(publishing_t *p, bool *ret_fork)
{
	const market_statement_t *offer = p->submission->offer;
	uint64_t own = market__header(offer)->revision;
	market_status_t status;
	bool known = false;

	*ret_fork = false;
	if (p->is_new || own > p->row.revision)
		return MARKET_OK;
	if (memcmp(offer->digest, p->row.digest, MARKET_DIGEST_LEN) == 0)
		return is_there(p);
	status = was_accepted(p, &known);
	if (status != MARKET_OK)
		return status;
	if (known)
		return refuse(
		    p, MARKET_RESULT_DUPLICATE, "it was submitted before");
	if (own < p->row.revision)
		return refuse(p, MARKET_RESULT_STALE,
		    "a higher revision of this offer is here");
	*ret_fork = true;
	return MARKET_OK;
}

market_status_t
market__publish(market__records_t *records, market_submissions_t *submissions,
    market__submission_t *submission)
{
	publishing_t p = { 0 };
	market_status_t status;
	bool fork = false;

	p.call = records->call;
	p.records = records;
	p.submissions = submissions;
	p.submission = submission;
	status = check_offer(&p);
	if (status == MARKET_OK && !settled(&p))
		status = find_listing(&p);
	if (status == MARKET_OK && !settled(&p))
		status = check_revision(&p, &fork);
	if (status != MARKET_OK || settled(&p))
		return status;
	if (fork)
		return write_fork(&p);
	status = check_quota(&p);
	if (status == MARKET_OK && !settled(&p))
		status = write_listing(&p);
	return status;
}
