/* SPDX-License-Identifier: Apache-2.0 */
#include "feed_judged.h"

#include "crypto/crypto.h"
#include "model/feed.h"
#include "verify/verify.h"

/* ---- what is told ---- */

static uint64_t
mix(uint64_t sum, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	size_t i;

	/* FNV-1a */
	for (i = 0; i < len; i++)
		sum = (sum ^ at[i]) * UINT64_C(1099511628211);
	return (sum ^ len) * UINT64_C(1099511628211);
}

static uint64_t
words_of(const market_feed_row_t *row)
{
	uint64_t sum = mix(UINT64_C(14695981039346656037), row->offer_id.ptr,
	    row->offer_id.len);
	const fuzz_lull_t lull = fuzz_lull();
	market_buffer_t json = MARKET_BUFFER_INIT;

	if (row->decision == NULL) {
		fuzz_check_error(row->status, row->error);
		sum = mix(sum, row->error->path, strlen(row->error->path));
		sum = mix(
		    sum, row->error->message, strlen(row->error->message));
	} else {
		FUZZ_ASSERT(
		    market_decision_json(row->decision, &json) == MARKET_OK);
		sum = mix(sum, json.data, json.len);
		market_buffer_clear(&json);
	}
	fuzz_lull_end(lull);
	return sum;
}

static void
check_decision(const market_feed_row_t *row)
{
	switch (market_decision_verdict(row->decision)) {
	case MARKET_VERDICT_PERMIT:
		FUZZ_ASSERT(row->status == MARKET_OK &&
		    !market__decision_plain(row->decision));
		break;
	case MARKET_VERDICT_DENY:
		FUZZ_ASSERT(row->status == MARKET_E_DENIED);
		break;
	default: FUZZ_ASSERT(row->status == MARKET_E_INDETERMINATE); break;
	}
}

int
feed_hear(void *user, const market_feed_row_t *row)
{
	hearing_t *hearing = user;
	told_t told = { row->index, row->count, row->status, words_of(row) };

	FUZZ_ASSERT(hearing->n < MARKET__COUNT(hearing->v));
	FUZZ_ASSERT(row->index >= hearing->next);
	FUZZ_ASSERT((row->decision == NULL) != (row->error == NULL));
	if (row->decision != NULL) {
		FUZZ_ASSERT(row->count == 1);
		check_decision(row);
	} else {
		FUZZ_ASSERT(row->status == MARKET_E_ENCODING ||
		    row->status == MARKET_E_SCHEMA ||
		    row->status == MARKET_E_LIMIT ||
		    row->status == MARKET_E_LOG);
	}
	/* Nothing is told behind what is behind the last row. */
	hearing->next = row->count > 0 ? row->index + row->count : UINT64_MAX;
	hearing->v[hearing->n++] = told;
	return 0;
}

void
feed_check_sums(const hearing_t *hearing, uint64_t count)
{
	const market_feed_report_t *r = &hearing->report;
	uint64_t warned = 0, denied = 0, indeterminate = 0, refused = 0;
	const told_t *told;
	size_t i;

	for (i = 0; i < hearing->n; i++) {
		told = &hearing->v[i];
		if (told->status == MARKET_OK)
			warned += told->count;
		else if (told->status == MARKET_E_DENIED)
			denied += told->count;
		else if (told->status == MARKET_E_INDETERMINATE)
			indeterminate += told->count;
		else
			refused += told->count;
		FUZZ_ASSERT(told->index + told->count <= count);
		FUZZ_ASSERT((told->count == 0) == (told->index == count));
	}
	FUZZ_ASSERT(r->rows == count && r->warned == warned &&
	    r->denied == denied && r->indeterminate == indeterminate &&
	    r->refused == refused);
	FUZZ_ASSERT(
	    r->permitted == count - warned - denied - indeterminate - refused);
	FUZZ_ASSERT(r->chunks == market__feed_chunks(count) &&
	    r->chunks_broken <= r->chunks);
	FUZZ_ASSERT((r->bytes_behind > 0) ==
	    (hearing->n > 0 && hearing->v[hearing->n - 1].count == 0));
}

/* ---- evidence ---- */

#define KEPT 16

static market_context_t *context;
static market_evidence_t *kept[KEPT];
static uint8_t kept_letters[KEPT];

static void
forget(void)
{
	size_t i;

	for (i = 0; i < KEPT; i++) {
		market_evidence_free(kept[i]);
		kept[i] = NULL;
	}
	market_context_free(context);
	context = NULL;
}

market_context_t *
feed_context(void)
{
	fuzz_at_end(forget);
	if (context == NULL)
		FUZZ_ASSERT(market_context_new(NULL, &context) == MARKET_OK);
	return context;
}

market_evidence_t *
feed_evidence_new(market_context_t *of, uint8_t letter)
{
	const char also[] = { (char)letter, '\0' };
	const char *const letters[] = { "spnmgcf", also };
	market_evidence_t *evidence = NULL;
	size_t i, k;

	FUZZ_ASSERT(market_evidence_new(of, scene_envelope('R'),
			scene_envelope('P'), &evidence, NULL) == MARKET_OK);
	for (i = 0; i < MARKET__COUNT(letters); i++)
		for (k = 0; letters[i][k] != '\0'; k++)
			if (scene_row(letters[i][k]) != NULL)
				FUZZ_ASSERT(market_evidence_add(evidence,
						scene_envelope(letters[i][k]),
						NULL, NULL) == MARKET_OK);
	return evidence;
}

market_evidence_t *
feed_evidence(uint8_t letter)
{
	size_t i = letter % KEPT;

	if (kept[i] != NULL && kept_letters[i] == letter)
		return kept[i];
	market_evidence_free(kept[i]);
	kept[i] = feed_evidence_new(feed_context(), letter);
	kept_letters[i] = letter;
	return kept[i];
}

/* ---- one offer ---- */

#define REMEMBERED 4096

typedef struct remembered {
	market__node_t payload;
	judged_t judged;
} remembered_t;

static remembered_t remembered[REMEMBERED];

static void
sign_alone(market_slice_t payload, market_buffer_t *ret)
{
	const char *type = market__payload_type(MARKET_KIND_OFFER);
	market_buffer_t signature = MARKET_BUFFER_INIT;
	char head[MARKET__PAE_HEAD_MAX];
	market__signature_t one = { { NULL, 0 }, { NULL, 0 } };
	market__envelope_t envelope = { .kind = MARKET_KIND_OFFER,
		.payload = payload,
		.payload_type = market_slice_of(type),
		.signatures = &one,
		.n_signatures = 1 };
	market__text_t pae;

	market__text_init(&pae, fuzz_allocator(), SIZE_MAX / 2);
	market__text_add(&pae, head,
	    market__pae_head(envelope.payload_type, payload.len, head));
	market__text_slice(&pae, payload);
	FUZZ_ASSERT(market_signer_sign(scene_signer("shop.example"),
			market__slice(pae.data, pae.len), &signature,
			NULL) == MARKET_OK);
	one.sig = market_buffer_slice(&signature);
	FUZZ_ASSERT(market__envelope_write(
			&envelope, false, fuzz_allocator(), ret) == MARKET_OK);
	market_buffer_clear(&signature);
	market__text_clear(&pae);
}

/*
 * What an offer's many small parts may take depends on the size of what it is
 * read from, and a row is smaller than an envelope.
 */
static void
judge_size(market_slice_t payload, judged_t *judged)
{
	market_statement_t *row = NULL;
	market_status_t status;

	status = market__row_parse(feed_context(), payload, &row, NULL);
	market_statement_free(row);
	if (status == MARKET_E_LIMIT) {
		judged->status = status;
		judged->plain = false;
	} else if (judged->status == MARKET_E_LIMIT) {
		judged->known = false;
	}
}

judged_t
feed_alone(uint8_t letter, market_slice_t payload)
{
	market_slice_t pieces[2] = { market__slice(&letter, 1), payload };
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_decision_t *decision = NULL;
	judged_t judged = { .known = true };
	remembered_t *place;
	market__node_t sum;

	if (payload.len > MARKET_FEED_ROW_MAX - 1024)
		return (judged_t){ .known = false };
	FUZZ_ASSERT(
	    market__sha256(fuzz_context(), pieces, 2, sum.hash) == MARKET_OK);
	place = &remembered[(sum.hash[0] << 8 | sum.hash[1]) % REMEMBERED];
	if (place->judged.known &&
	    memcmp(&place->payload, &sum, sizeof(sum)) == 0)
		return place->judged;
	sign_alone(payload, &envelope);
	judged.status = market_check(feed_evidence(letter),
	    market_buffer_slice(&envelope), SCENE_NOW, &decision, NULL);
	judged.plain = judged.status == MARKET_OK &&
	    market__decision_plain(decision);
	market_decision_free(decision);
	market_buffer_clear(&envelope);
	judge_size(payload, &judged);
	place->payload = sum;
	place->judged = judged;
	return judged;
}

void
feed_name(market_slice_t payload, named_t *ret)
{
	const market__message_t *message = NULL;
	market__arena_t arena;

	memset(ret, 0, sizeof(*ret));
	/* Memory does not fail here. */
	market__arena_init(&arena, &market__default_allocator, SIZE_MAX / 2);
	ret->read = market__row_unpack(payload, &arena, &message, NULL) ==
	    MARKET_OK;
	if (ret->read) {
		ret->ours = market__slice_is(
		    message->header.issuer, "shop.example");
		ret->id_len = message->header.id.len;
		FUZZ_ASSERT(ret->id_len <= sizeof(ret->id));
		if (ret->id_len > 0)
			memcpy(ret->id, message->header.id.ptr, ret->id_len);
	}
	market__arena_clear(&arena);
}

/* ---- all rows ---- */

feed_size_t
feed_chunk_size(const feed_rows_t *rows, size_t chunk)
{
	size_t i = chunk * MARKET__CHUNK, end = i + MARKET__CHUNK, size = 0;
	uint8_t head[MARKET__LENGTH_MAX];
	market_slice_t row;

	for (; i < end && i < rows->n; i++) {
		row = feed_row(rows, i);
		if (row.len > MARKET_FEED_ROW_MAX)
			return FEED_LOST;
		size += market__length_write(row.len, head) + row.len;
	}
	return size > MARKET_FEED_CHUNK_MAX ? FEED_LARGE : FEED_FITS;
}

typedef struct walk {
	const feed_rows_t *rows;
	uint8_t letter;
	const hearing_t *hearing;
	size_t at;    /* in the hearing */
	named_t last; /* the greatest id so far; not read: none */
} walk_t;

static void
expect_broken(walk_t *w, size_t row, size_t count)
{
	const told_t *told = &w->hearing->v[w->at++];

	FUZZ_ASSERT(w->at <= w->hearing->n);
	FUZZ_ASSERT(told->index == row && told->count == count &&
	    told->status == MARKET_E_LIMIT);
}

static judged_t
expect(walk_t *w, size_t row)
{
	static const judged_t refused = { true, MARKET_E_SCHEMA, false };
	market_slice_t payload = feed_row(w->rows, row);
	named_t name;

	feed_name(payload, &name);
	if (!name.read)
		return feed_alone(w->letter, payload);
	if (!name.ours ||
	    (w->last.read &&
		market__slice_compare(market__slice(name.id, name.id_len),
		    market__slice(w->last.id, w->last.id_len)) <= 0))
		return refused;
	w->last = name;
	/* Of many that are alike some are enough. */
	if (w->rows->copies[row] && row % 29 != 0)
		return (judged_t){ .known = false };
	return feed_alone(w->letter, payload);
}

static void
walk_row(walk_t *w, size_t row)
{
	const told_t *told = w->at < w->hearing->n ? &w->hearing->v[w->at]
						   : NULL;
	judged_t judged = expect(w, row);

	if (told != NULL && told->index != row)
		told = NULL;
	FUZZ_ASSERT(told == NULL || told->count == 1);
	w->at += told != NULL;
	if (!judged.known)
		return;
	FUZZ_ASSERT((told == NULL) == judged.plain);
	FUZZ_ASSERT(told == NULL || told->status == judged.status);
}

void
feed_check_rows(
    const feed_rows_t *rows, uint8_t letter, const hearing_t *hearing)
{
	walk_t w = { .rows = rows, .letter = letter, .hearing = hearing };
	size_t row, left, end;

	for (row = 0; row < rows->n; row = end) {
		left = rows->n - row;
		end = row + (left < MARKET__CHUNK ? left : MARKET__CHUNK);
		switch (feed_chunk_size(rows, row / MARKET__CHUNK)) {
		case FEED_LOST:
			expect_broken(&w, row, left);
			end = rows->n;
			break;
		case FEED_LARGE: expect_broken(&w, row, end - row); break;
		default:
			for (; row < end; row++)
				walk_row(&w, row);
			break;
		}
	}
	FUZZ_ASSERT(w.at == hearing->n);
}
