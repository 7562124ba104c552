/* SPDX-License-Identifier: Apache-2.0 */
#include "api/evidence.h"

/* Of the bytes as they stand: what passes is read again, from a copy. */
static market_status_t
screen(const market_evidence_t *evidence, market_slice_t offer, int64_t at,
    market__arena_t *arena, market_error_t *reterr)
{
	market__lookup_t lookup = { .read = market__evidence_read,
		.user = evidence };
	const market__message_t *message = NULL;
	market__envelope_t envelope;
	market_status_t status;

	status = market__envelope_parse(
	    offer, MARKET_KINDS(MARKET_KIND_OFFER), arena, &envelope, reterr);
	if (status == MARKET_OK)
		status = market__message_unpack(
		    envelope.kind, envelope.payload, arena, &message, reterr);
	if (status != MARKET_OK)
		return status;
	return market__screen(&lookup, &envelope, message,
	    market__header(evidence->policy)->issuer, at,
	    &evidence->context->allocator, reterr);
}

market_status_t
market_screen(market_evidence_t *evidence, market_slice_t offer, int64_t at,
    market_error_t *reterr)
{
	market__arena_t arena;
	market_status_t status;

	if (evidence == NULL || (offer.ptr == NULL && offer.len > 0) ||
	    at < 0 || at > MARKET__TIME_MAX)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "evidence, an offer and an instant in the years 1970 to "
		    "9999 must be given");
	status = market__evidence_seal(evidence);
	if (status != MARKET_OK)
		return market__error(reterr, status, NULL, -1,
		    "the evidence could not be verified: %s",
		    market_status_text(status));
	market__arena_init_pooled(&arena, evidence->context->pool,
	    MARKET__PARSE_BUDGET(offer.len < MARKET__ENVELOPE_MAX
		    ? offer.len
		    : MARKET__ENVELOPE_MAX));
	status = screen(evidence, offer, at, &arena, reterr);
	market__arena_clear(&arena);
	return status;
}
