/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of a feed that are as others before them. market__decide() judges an
 * offer by (a) its attributes and its end, (b) what withdraws or holds it, and
 * (c) what its brand, model, versions, GTIN, condition, parties, cells and
 * disclosures are permitted by, together with the feed and its keys. Here (a)
 * and (b) are asked for each row, and (c) is known from a row that was the same
 * in all of that. Whatever is not known goes to market__decide().
 */
#include "base/memo.h"
#include "crypto/crypto.h"
#include "model/slot.h"
#include "verify/decision.h"
#include "verify/internal.h"

/* Bytes of what is known; each row of the like takes some hundred. */
#define KNOWN_BYTES ((size_t)8 << 20)
#define KNOWN_EACH  320

/* Bytes for what is told of a row, beside its message. */
#define ROW_BUDGET ((size_t)4 << 20)

struct market__plain {
	market_context_t *context;
	market__arena_t arena;
	market__arena_mark_t empty, begun; /* with nothing; with the ground */
	market__eval_t ground;             /* root, policy and marketplace */
	market__eval_t e;                  /* the row's */
	market__question_t question;
	market__memo_t *known;
	bool held;   /* the marketplace holds something of the seller's */
	bool listed; /* the seller has a status */
	bool digests, names; /* may something be filed by digest, or by the
				name of one of the seller's offers? */
};

typedef struct known {
	market__kept_t kept;
	market_slice_t with; /* behind the key */
	uint8_t key[];
} known_t;

/* ---- begin and end ---- */

void
market__plain_free(market__plain_t *plain)
{
	if (plain == NULL)
		return;
	market__memo_free(plain->known);
	market__arena_clear(&plain->arena);
	market__free(&plain->context->allocator, plain);
}

/* Where nothing is filed at all, no row needs to look. */
static bool
any(market__plain_t *plain, const char *prefix,
    const market_slice_t *components, size_t n)
{
	market__eval_t *e = &plain->e;
	market__text_t text;
	bool found = true;

	if (e->lookup->any == NULL)
		return true;
	market__text_init(&text, plain->arena.allocator, MARKET__SLOT_KEY_MAX);
	market__slot_key(&text, prefix, components, n);
	market__text_putc(&text, '/');
	if (text.status == MARKET_OK)
		found = e->lookup->any(
		    e->lookup->user, market__slice(text.data, text.len));
	market__text_clear(&text);
	return found;
}

/* What can be said of all rows at once. */
static void
look_around(market__plain_t *plain)
{
	market__eval_t *e = &plain->e;
	market_slice_t seller = plain->question.seller, name[2];

	market__stand(e);
	e->findings.n = 0;
	plain->listed = market__read1(e, "status", seller).n_verified > 0;
	plain->held = market__read1(e, "hold", seller).n_verified > 0 ||
	    market__read1(e, "hold", MARKET__LITERAL("*")).n_verified > 0;
	name[0] = market_slice_of(market_kind_name(MARKET_KIND_OFFER));
	name[1] = seller;
	plain->digests = any(plain, "digest", NULL, 0);
	plain->names = any(plain, "name", name, 2);
	plain->ground = *e;
	plain->begun = market__arena_mark(&plain->arena);
}

market_status_t
market__plain_renew(market__plain_t *plain, bool anew, int64_t at)
{
	market__eval_t *e = &plain->e;
	const market__lookup_t *lookup = e->lookup;

	if (anew)
		market__memo_clear(plain->known);
	market__arena_rewind(&plain->arena, plain->empty);
	memset(e, 0, sizeof(*e));
	e->lookup = lookup;
	e->question = &plain->question;
	e->at = at;
	e->arena = &plain->arena;
	e->used_until = INT64_MAX;
	e->boundary = INT64_MAX;
	look_around(plain);
	return e->status;
}

market_status_t
market__plain_new(market_context_t *context, const market__lookup_t *lookup,
    const market_statement_t *feed, int64_t at, market__plain_t **ret_plain)
{
	market__plain_t *plain = market__alloc(
	    &context->allocator, sizeof(*plain));
	market_status_t status = MARKET_E_MEMORY;

	if (plain == NULL)
		return MARKET_E_MEMORY;
	plain->context = context;
	market__arena_init_pooled(&plain->arena, context->pool, ROW_BUDGET);
	plain->empty = market__arena_mark(&plain->arena);
	plain->known = market__memo_new(
	    &context->allocator, KNOWN_BYTES, KNOWN_EACH);
	plain->question.seller = market__header(feed)->issuer;
	plain->e.lookup = lookup;
	if (plain->known != NULL)
		status = market__plain_renew(plain, false, at);
	if (status != MARKET_OK) {
		market__plain_free(plain);
		return status;
	}
	*ret_plain = plain;
	return MARKET_OK;
}

/* ---- rows ---- */

market_status_t
market__plain_read(market__plain_t *plain, market_slice_t payload,
    market__row_t *ret_row, market_error_t *reterr)
{
	market__arena_rewind(&plain->arena, plain->begun);
	memset(ret_row, 0, sizeof(*ret_row));
	ret_row->payload = payload;
	return market__row_unpack(
	    payload, &plain->arena, &ret_row->message, reterr);
}

void
market__plain_take(market__plain_t *plain, const market_statement_t *statement,
    const market__like_t *like, market__row_t *ret_row)
{
	market__arena_rewind(&plain->arena, plain->begun);
	memset(ret_row, 0, sizeof(*ret_row));
	ret_row->payload = statement->envelope.payload;
	ret_row->message = statement->message;
	ret_row->statement = statement;
	ret_row->like = *like;
}

/* ---- what it asks, as a key ---- */

static uint8_t *
put_bytes(uint8_t *at, const void *bytes, size_t len)
{
	uint32_t number = (uint32_t)len;

	memcpy(at, &number, sizeof(number));
	if (len > 0)
		memcpy(at + sizeof(number), bytes, len);
	return at + sizeof(number) + len;
}

/* How many bytes that takes, or what they are. */
static size_t
slices_size(market__slices_t texts)
{
	size_t i, size = sizeof(uint32_t);

	for (i = 0; i < texts.n; i++)
		size += sizeof(uint32_t) + texts.v[i].len;
	return size;
}

static uint8_t *
put_slices(uint8_t *at, market__slices_t texts)
{
	uint32_t n = (uint32_t)texts.n;
	size_t i;

	memcpy(at, &n, sizeof(n));
	at += sizeof(n);
	for (i = 0; i < texts.n; i++)
		at = put_bytes(at, texts.v[i].ptr, texts.v[i].len);
	return at;
}

static uint8_t *
put_numbers(uint8_t *at, market__numbers_t numbers)
{
	return put_bytes(at, numbers.v, numbers.n * sizeof(numbers.v[0]));
}

/* Everything that ask(), judge_cells() and check_disclosures() of decide.c
 * look at. The payload has it all, so it is never too large. */
market_status_t
market__like_of(const market__message_t *offer, market__arena_t *arena,
    market__like_t *ret_like)
{
	const market__offer_t *of = &offer->of.offer;
	const market_slice_t texts[] = { of->brand, of->model, of->gtin,
		of->hardware_version, of->software_version, of->marketplace,
		of->fulfiller };
	uint32_t condition = (uint32_t)of->condition;
	uint8_t *bytes, *at;
	size_t i, size;

	size = sizeof(condition) + slices_size(of->territories) +
	    slices_size(of->networks) + 2 * sizeof(uint32_t) +
	    (of->channels.n + of->disclosures.n) * sizeof(uint32_t);
	for (i = 0; i < MARKET__COUNT(texts); i++)
		size += sizeof(uint32_t) + texts[i].len;
	bytes = market__arena_raw(arena, size);
	if (bytes == NULL)
		return market__arena_refusal(arena);
	memcpy(bytes, &condition, sizeof(condition));
	at = bytes + sizeof(condition);
	for (i = 0; i < MARKET__COUNT(texts); i++)
		at = put_bytes(at, texts[i].ptr, texts[i].len);
	at = put_slices(at, of->territories);
	at = put_slices(at, of->networks);
	at = put_numbers(at, of->channels);
	at = put_numbers(at, of->disclosures);
	ret_like->bytes = market__slice(bytes, (size_t)(at - bytes));
	ret_like->hash = market__hash(ret_like->bytes);
	return MARKET_OK;
}

/* What was learnt with it is the row's own copy. */
static market_status_t
look_up(market__plain_t *plain, market__row_t *row, bool *ret_known)
{
	market__kept_t *kept = market__memo_find_hashed(
	    plain->known, row->like.bytes, row->like.hash);
	const known_t *known = (const known_t *)(const void *)kept;

	*ret_known = kept != NULL;
	if (kept == NULL)
		return MARKET_OK;
	row->known = market__arena_copy(&plain->arena, known->with);
	market__shared_release(&plain->context->allocator, &kept->shared);
	return row->known.ptr == NULL ? market__arena_refusal(&plain->arena)
				      : MARKET_OK;
}

static void
free_known(const market_allocator_t *allocator, market__shared_t *shared)
{
	market__free(allocator, shared);
}

market_status_t
market__plain_learn(
    market__plain_t *plain, const market__row_t *row, market_slice_t with)
{
	const market_allocator_t *allocator = &plain->context->allocator;
	size_t size = sizeof(known_t) + row->like.bytes.len + with.len;
	known_t *known;

	if (row->like.bytes.ptr == NULL)
		return MARKET_OK;
	known = market__alloc(allocator, size);
	if (known == NULL)
		return MARKET_E_MEMORY;
	known->kept.shared.free = free_known;
	memcpy(known->key, row->like.bytes.ptr, row->like.bytes.len);
	known->kept.key = market__slice(known->key, row->like.bytes.len);
	known->with = market__slice(known->key + row->like.bytes.len, with.len);
	if (with.len > 0)
		memcpy(known->key + row->like.bytes.len, with.ptr, with.len);
	known->kept.size = size;
	atomic_init(&known->kept.shared.references, 1);
	market__memo_put(plain->known, &known->kept);
	market__shared_release(allocator, &known->kept.shared);
	return MARKET_OK;
}

/* ---- is it permitted? ---- */

static bool
named_by_digest(market__plain_t *plain, market_statement_t *row, bool digested)
{
	market__eval_t *e = &plain->e;
	char hex[2 * MARKET_DIGEST_LEN + 1];
	char head[MARKET__PAE_HEAD_MAX];
	market_slice_t pieces[2];

	if (!plain->digests)
		return false;
	if (!digested) {
		market__statement_pae_pieces(row, head, pieces);
		e->status = market__sha256(
		    plain->context, pieces, 2, row->digest);
	}
	if (e->status != MARKET_OK)
		return true;
	market__hex(row->digest, MARKET_DIGEST_LEN, hex);
	return market__read1(e, "digest", market_slice_of(hex)).n_verified > 0;
}

static bool
named_by_name(market__plain_t *plain, const market_statement_t *row)
{
	market_slice_t name[3];

	if (!plain->names)
		return false;
	name[0] = market_slice_of(market_kind_name(MARKET_KIND_OFFER));
	name[1] = market__header(row)->issuer;
	name[2] = market__header(row)->id;
	return market__read(&plain->e, "name", name, 3).n_verified > 0;
}

static bool
ends_soon(const market__eval_t *e, const market_statement_t *row)
{
	int64_t end = market__header(row)->not_after;

	return end <= e->at ||
	    (uint64_t)(end - e->at) <= e->policy->expiring_soon_seconds;
}

static bool
is_held(market__plain_t *plain, const market_statement_t *row)
{
	const market__offer_t *of = &row->message->of.offer;
	market__eval_t *e = &plain->e;

	if (!plain->held)
		return false;
	plain->question.brand = of->brand;
	plain->question.model = of->model;
	market__check_holds(e, &market__header(row)->id);
	return e->findings.n > 0;
}

/* Enough of a statement for what looks at one. */
static void
make_statement(const market__plain_t *plain, const market__row_t *row,
    market_statement_t *statement)
{
	statement->context = plain->context;
	statement->message = row->message;
	statement->envelope.payload = row->payload;
	statement->envelope.payload_type = market_slice_of(
	    market__payload_type(MARKET_KIND_OFFER));
	if (row->statement != NULL)
		memcpy(statement->digest, row->statement->digest,
		    MARKET_DIGEST_LEN);
}

market_status_t
market__plain_permits(
    market__plain_t *plain, market__row_t *row, bool *ret_permits)
{
	market__eval_t *e = &plain->e;
	market_statement_t statement = { .message = NULL };
	market_status_t status;
	bool known = false;

	*ret_permits = false;
	status = row->like.bytes.ptr != NULL
	    ? MARKET_OK
	    : market__like_of(row->message, &plain->arena, &row->like);
	if (status == MARKET_OK && !plain->listed)
		status = look_up(plain, row, &known);
	if (status != MARKET_OK || !known)
		return status;
	*e = plain->ground;
	make_statement(plain, row, &statement);
	market__rule_alike(e, &statement);
	*ret_permits = e->findings.n == 0 && !ends_soon(e, &statement) &&
	    !is_held(plain, &statement) &&
	    !named_by_digest(plain, &statement, row->statement != NULL) &&
	    !named_by_name(plain, &statement) && e->status == MARKET_OK;
	return e->status;
}

static bool
notes_alone(const market_finding_t *findings, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (findings[i].effect != MARKET_EFFECT_NOTE)
			return false;
	return true;
}

bool
market__decision_plain(const market_decision_t *decision)
{
	size_t i;

	if (decision->verdict != MARKET_VERDICT_PERMIT ||
	    !notes_alone(decision->findings.v, decision->findings.n))
		return false;
	for (i = 0; i < decision->n_cells; i++)
		if (!notes_alone(decision->cells[i].findings,
			decision->cells[i].finding_count))
			return false;
	return true;
}
