/* SPDX-License-Identifier: Apache-2.0 */
/* The signed list of a feed, and one offer by its proof. */
#include "api/feed.h"

#include "model/validate.h"

/* An envelope by itself, in JSON and with blanks. */
#define ALONE_MAX (MARKET__ENVELOPE_LARGE_MAX * 2)

/* ---- reading it ---- */

typedef struct opening {
	market_context_t *context;
	market_read_fn *read;
	void *user;
	uint8_t *bytes;
	size_t len, capacity;
	bool over;
	market_error_t *reterr;
} opening_t;

/* Reads until `len` bytes are there, or all that there are. */
static market_status_t
read_up_to(opening_t *o, size_t len)
{
	market_status_t status;
	size_t n;

	while (o->len < len && !o->over) {
		n = 0;
		status = o->read(o->user, o->bytes + o->len, len - o->len, &n);
		if (status != MARKET_OK)
			return market__error(o->reterr, status, NULL,
			    (int64_t)o->len, "the feed could not be read");
		if (n > len - o->len)
			return market__error(o->reterr, MARKET_E_ARGUMENT, NULL,
			    -1, "`read` says that it read more than it could");
		o->over = n == 0;
		o->len += n;
	}
	return MARKET_OK;
}

/* White space, '{' and the tag of a payload begin no delimiter: a list that is
 * signed has more than 123 bytes. */
static bool
is_alone(uint8_t first)
{
	return first == ' ' || first == '\t' || first == '\n' ||
	    first == '\r' || first == '{';
}

static market_status_t
read_alone(opening_t *o, market_slice_t *ret)
{
	market_status_t status = read_up_to(o, ALONE_MAX + 1);

	if (status == MARKET_OK)
		*ret = market__slice(o->bytes, o->len);
	return status;
}

static market_status_t
read_delimited(opening_t *o, market_slice_t *ret)
{
	market_status_t status, rv = MARKET_E_STATE;
	size_t head = 0, length = 0;

	while (rv == MARKET_E_STATE && !o->over) {
		status = read_up_to(o, o->len + 1);
		if (status != MARKET_OK)
			return status;
		rv = market__length_read(market__slice(o->bytes, o->len),
		    MARKET__ENVELOPE_LARGE_MAX, &head, &length);
	}
	if (rv == MARKET_E_LIMIT)
		return market__error(o->reterr, rv, NULL, 0,
		    "the signed list of a feed has at most %zu bytes",
		    MARKET__ENVELOPE_LARGE_MAX);
	if (rv != MARKET_OK)
		return market__error(o->reterr, MARKET_E_ENCODING, NULL, 0,
		    "no feed begins so: an envelope by itself, or its length "
		    "as a varint and then the envelope");
	status = read_up_to(o, head + length);
	if (status != MARKET_OK)
		return status;
	if (o->len < head + length)
		return market__error(o->reterr, MARKET_E_ENCODING, NULL,
		    (int64_t)o->len,
		    "the signed list ends after %zu of %zu bytes",
		    o->len - head, length);
	*ret = market__slice(o->bytes + head, length);
	return MARKET_OK;
}

static market_status_t
read_list(opening_t *o, market_slice_t *ret)
{
	market_status_t status = read_up_to(o, 1);

	if (status != MARKET_OK)
		return status;
	if (o->len == 0)
		return market__error(o->reterr, MARKET_E_ENCODING, NULL, 0,
		    "there is nothing to read: a feed begins with its signed "
		    "list");
	return is_alone(o->bytes[0]) ? read_alone(o, ret)
				     : read_delimited(o, ret);
}

/* ---- the list ---- */

static market_status_t
check_roots(const market_feed_t *feed, market_error_t *reterr)
{
	market__hasher_t *hasher = NULL;
	market_status_t status;

	status = market__hasher_new(feed->context, &hasher);
	if (status == MARKET_OK)
		status = market__feed_agrees(hasher, market__feed_of(feed));
	market__hasher_free(hasher);
	if (status == MARKET_E_LOG)
		return market__error(reterr, status, "root", -1,
		    "is not the root over chunk_roots: hash them as RFC 6962, "
		    "2.1 does");
	if (status != MARKET_OK)
		return market__error(
		    reterr, status, NULL, -1, "%s", market_status_text(status));
	return MARKET_OK;
}

/* What begins as a feed may be a row, where files were given the wrong way
 * round. */
static market_status_t
refuse(market_slice_t envelope, const market_error_t *error,
    market_error_t *reterr)
{
	if (error->status != MARKET_E_MEMORY &&
	    error->status != MARKET_E_INTERNAL &&
	    market__strict_check(MARKET_KIND_OFFER, envelope, NULL) ==
		MARKET_OK)
		return market__error(reterr, error->status, NULL, -1,
		    "this looks like the rows of a feed: its signed list comes "
		    "first");
	if (reterr != NULL)
		*reterr = *error;
	return error->status;
}

static market_status_t
make(market_context_t *context, market_slice_t envelope,
    market_feed_t **ret_feed, market_error_t *reterr)
{
	market_feed_t *feed = market__alloc(&context->allocator, sizeof(*feed));
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	if (feed == NULL)
		return market__error(
		    reterr, MARKET_E_MEMORY, NULL, -1, "no memory for a feed");
	feed->context = context;
	status = market_statement_parse(context, envelope,
	    MARKET_KINDS(MARKET_KIND_FEED), &feed->statement, &error);
	status = status == MARKET_OK ? check_roots(feed, reterr)
				     : refuse(envelope, &error, reterr);
	if (status != MARKET_OK)
		market_feed_free(feed);
	else
		*ret_feed = feed;
	return status;
}

market_status_t
market_feed_open(market_context_t *context, market_read_fn *read, void *user,
    market_feed_t **ret_feed, market_error_t *reterr)
{
	opening_t o = {
		.context = context, .read = read, .user = user, .reterr = reterr
	};
	market_slice_t envelope = { NULL, 0 };
	market_status_t status;

	if (context == NULL || read == NULL || ret_feed == NULL)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "context, read and ret_feed must be given");
	o.bytes = market__alloc_raw(&context->allocator, ALONE_MAX + 1);
	if (o.bytes == NULL)
		return market__error(
		    reterr, MARKET_E_MEMORY, NULL, -1, "no memory for a feed");
	status = read_list(&o, &envelope);
	if (status == MARKET_OK)
		status = make(context, envelope, ret_feed, reterr);
	market__free(&context->allocator, o.bytes);
	return status;
}

void
market_feed_free(market_feed_t *feed)
{
	if (feed == NULL)
		return;
	market_statement_free(feed->statement);
	market__free(&feed->context->allocator, feed);
}

const market_statement_t *
market_feed_statement(const market_feed_t *feed)
{
	return feed == NULL ? NULL : feed->statement;
}

uint64_t
market_feed_count(const market_feed_t *feed)
{
	return feed == NULL ? 0 : market__feed_of(feed)->count;
}

/* ---- one offer of it ---- */

/* The index, and then whole nodes. */
static market_status_t
read_proof(market_slice_t bytes, uint64_t *ret_index, market__proof_t *ret)
{
	market_slice_t nodes[MARKET__PROOF_MAX];
	uint64_t index = 0;
	size_t i, n;

	if (bytes.len < sizeof(index) ||
	    (bytes.len - sizeof(index)) % MARKET_DIGEST_LEN != 0)
		return MARKET_E_LOG;
	for (i = 0; i < sizeof(index); i++)
		index = index << 8 | bytes.ptr[i];
	n = (bytes.len - sizeof(index)) / MARKET_DIGEST_LEN;
	if (n > MARKET__PROOF_MAX)
		return MARKET_E_LOG;
	for (i = 0; i < n; i++)
		nodes[i] = market__slice(
		    bytes.ptr + sizeof(index) + i * MARKET_DIGEST_LEN,
		    MARKET_DIGEST_LEN);
	*ret_index = index;
	return market__proof_read(nodes, n, ret);
}

static market_status_t
check_proof(const market_feed_t *feed, market_slice_t proof,
    market_slice_t offer, market_error_t *reterr)
{
	market__hasher_t *hasher = NULL;
	market__proof_t read = { .n = 0 };
	market_status_t status;
	uint64_t index = 0;

	status = read_proof(proof, &index, &read);
	if (status == MARKET_OK)
		status = market__hasher_new(feed->context, &hasher);
	if (status == MARKET_OK)
		status = market__row_included(
		    hasher, market__feed_of(feed), index, offer, &read);
	market__hasher_free(hasher);
	if (status == MARKET_E_LOG)
		return market__error(reterr, status, NULL, -1,
		    "the proof does not show that the feed lists this offer: "
		    "make it anew, from the rows of just this revision");
	if (status != MARKET_OK)
		return market__error(
		    reterr, status, NULL, -1, "%s", market_status_text(status));
	return MARKET_OK;
}

static market_status_t
judge_one(market_evidence_t *evidence, const market_feed_t *feed,
    market_statement_t *offer, int64_t at, market_decision_t **ret_decision,
    market_error_t *reterr)
{
	market__offered_t offered = { offer, feed->statement, NULL };

	if (!market__slice_equal(market__header(offer)->issuer,
		market__header(feed->statement)->issuer))
		return market__error(reterr, MARKET_E_SCHEMA, "header.issuer",
		    -1, "is another than the feed's: a seller lists its own");
	return market__evidence_word(
	    market__evidence_judge(evidence, &offered, at, ret_decision),
	    reterr);
}

market_status_t
market_check_in_feed(market_evidence_t *evidence, const market_feed_t *feed,
    market_slice_t proof, market_slice_t offer, int64_t at,
    market_decision_t **ret_decision, market_error_t *reterr)
{
	market_statement_t *statement = NULL;
	market_status_t status;

	if (evidence == NULL || feed == NULL || ret_decision == NULL ||
	    (proof.ptr == NULL && proof.len > 0) ||
	    (offer.ptr == NULL && offer.len > 0) || at < 0 ||
	    at > MARKET__TIME_MAX)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "evidence, feed, proof, offer, ret_decision and an instant "
		    "in the years 1970 to 9999 must be given");
	if (offer.len > MARKET__ROW_MAX)
		return market__error(reterr, MARKET_E_LIMIT, NULL, -1,
		    "an offer of a feed has at most %zu bytes",
		    MARKET__ROW_MAX);
	status = check_proof(feed, proof, offer, reterr);
	if (status == MARKET_OK)
		status = market__row_parse(
		    evidence->context, offer, &statement, reterr);
	if (status == MARKET_OK)
		status = judge_one(
		    evidence, feed, statement, at, ret_decision, reterr);
	market_statement_free(statement);
	return status;
}
