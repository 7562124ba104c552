/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/crypto.h"
#include "model/statement.h"
#include "model/validate.h"

void
market__statement_pae_pieces(const market_statement_t *statement,
    char head[MARKET__PAE_HEAD_MAX], market_slice_t pieces[2])
{
	const market__envelope_t *envelope = &statement->envelope;

	pieces[0].ptr = (const uint8_t *)head;
	pieces[0].len = market__pae_head(
	    envelope->payload_type, envelope->payload.len, head);
	pieces[1] = envelope->payload;
}

static market_status_t
digest(market_statement_t *statement, market_error_t *reterr)
{
	char head[MARKET__PAE_HEAD_MAX];
	market_slice_t pieces[2];
	market_status_t status;

	market__statement_pae_pieces(statement, head, pieces);
	status = market__sha256(
	    statement->context, pieces, 2, statement->digest);
	if (status != MARKET_OK)
		return market__error(reterr, status, NULL, -1,
		    "the statement's digest could not be computed");
	return MARKET_OK;
}

static market_status_t
fill(market_statement_t *statement, market_slice_t bytes,
    market_kinds_t expected, market_error_t *reterr)
{
	market_slice_t copy;
	market_status_t status;

	/* The caller's buffer may change: what was checked is what is used. */
	copy = market__arena_copy(&statement->arena, bytes);
	if (copy.ptr == NULL)
		return market__error(reterr,
		    market__arena_refusal(&statement->arena), NULL, -1,
		    "no memory for an envelope of %zu bytes", bytes.len);
	status = market__envelope_parse(
	    copy, expected, &statement->arena, &statement->envelope, reterr);
	if (status != MARKET_OK)
		return status;
	status = market__message_unpack(statement->envelope.kind,
	    statement->envelope.payload, &statement->arena, &statement->message,
	    reterr);
	if (status != MARKET_OK)
		return status;
	/* An offer's faults are findings: its seller sees them all at once. */
	if (statement->message->kind != MARKET_KIND_OFFER) {
		status = market__validate(
		    statement->message, &statement->arena, reterr);
		if (status != MARKET_OK)
			return status;
	}
	return digest(statement, reterr);
}

market_status_t
market__row_unpack(market_slice_t payload, market__arena_t *arena,
    const market__message_t **ret_message, market_error_t *reterr)
{
	const size_t rest = arena->budget;
	market_status_t status;

	arena->budget = MARKET__PARSE_BUDGET(payload.len);
	status = market__message_unpack(
	    MARKET_KIND_OFFER, payload, arena, ret_message, reterr);
	arena->budget = rest;
	return status;
}

/* As if it had been signed alone. */
static market_status_t
fill_row(market_statement_t *statement, market_slice_t payload,
    market_error_t *reterr)
{
	market__envelope_t *envelope = &statement->envelope;
	market_status_t status;

	envelope->kind = MARKET_KIND_OFFER;
	envelope->payload_type = market_slice_of(
	    market__payload_type(MARKET_KIND_OFFER));
	envelope->payload = market__arena_copy(&statement->arena, payload);
	if (envelope->payload.ptr == NULL)
		return market__error(reterr,
		    market__arena_refusal(&statement->arena), NULL, -1,
		    "no memory for an offer of %zu bytes", payload.len);
	status = market__row_unpack(
	    envelope->payload, &statement->arena, &statement->message, reterr);
	return status == MARKET_OK ? digest(statement, reterr) : status;
}

/* In the arena itself. */
static market_statement_t *
make(market_context_t *context, market__arena_t *arena, market_error_t *reterr)
{
	market_statement_t *statement = market__arena_alloc(
	    arena, sizeof(*statement));

	if (statement == NULL) {
		market__arena_clear(arena);
		(void)market__error(reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for a statement");
		return NULL;
	}
	atomic_init(&statement->references, 1);
	statement->context = context;
	statement->arena = *arena;
	return statement;
}

static market_status_t
check_arguments(const market_context_t *context, market_slice_t envelope,
    market_statement_t **ret_statement, market_error_t *reterr)
{
	if (context == NULL || ret_statement == NULL ||
	    (envelope.ptr == NULL && envelope.len > 0))
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "context, envelope and ret_statement must be given");
	if (envelope.len > MARKET__ENVELOPE_LARGE_MAX * 2)
		return market__error(reterr, MARKET_E_LIMIT, NULL, -1,
		    "%zu bytes are more than any envelope may have",
		    envelope.len);
	return MARKET_OK;
}

/* In memory of the context's, to be used again; NULL: *ret_status. */
static market_statement_t *
parse(market_context_t *context, market_slice_t envelope,
    market_kinds_t expected, market_status_t *ret_status,
    market_error_t *reterr)
{
	market_statement_t *statement;
	market__arena_t arena;

	market__arena_init_pooled(&arena, context->pool,
	    sizeof(*statement) + MARKET__PARSE_BUDGET(envelope.len));
	statement = make(context, &arena, reterr);
	*ret_status = statement == NULL
	    ? MARKET_E_MEMORY
	    : fill(statement, envelope, expected, reterr);
	if (*ret_status == MARKET_OK)
		return statement;
	market_statement_free(statement);
	return NULL;
}

/* ---- what is kept ---- */

/* Beyond that the copy would be as much of a burden as what it saves. */
#define KEEP_MAX ((size_t)64 << 10)

static market_status_t
copy_into(market__arena_t *arena, const market_statement_t *statement,
    market_statement_t **ret_copy, market_error_t *reterr)
{
	market_statement_t *copy = make(statement->context, arena, reterr);
	market_status_t status;

	if (copy == NULL)
		return MARKET_E_MEMORY;
	copy->message = market__message_copy(statement->message, &copy->arena);
	if (copy->message == NULL ||
	    !market__envelope_copy(
		&statement->envelope, &copy->arena, &copy->envelope)) {
		status = market__arena_refusal(&copy->arena);
		market_statement_free(copy);
		return market__error(
		    reterr, status, NULL, -1, "no memory for a statement");
	}
	memcpy(copy->digest, statement->digest, MARKET_DIGEST_LEN);
	*ret_copy = copy;
	return MARKET_OK;
}

/*
 * Out of the context's memory, into as much as it takes: copied twice, since
 * the first copy tells how much that is. What was read is let go.
 */
static market_status_t
keep(market_statement_t *read, market_statement_t **ret_kept,
    market_error_t *reterr)
{
	market_context_t *context = read->context;
	market_statement_t *measured = NULL;
	market__arena_t arena;
	market_status_t status;

	if (read->arena.held > KEEP_MAX) {
		*ret_kept = read;
		return MARKET_OK;
	}
	market__arena_init_pooled(&arena, context->pool, KEEP_MAX);
	status = copy_into(&arena, read, &measured, reterr);
	if (measured != NULL) {
		market__arena_init_small(&arena, &context->allocator, KEEP_MAX);
		market__arena_expect(&arena, &measured->arena);
		status = copy_into(&arena, measured, ret_kept, reterr);
	}
	market_statement_free(measured);
	market_statement_free(read);
	return status;
}

market_status_t
market_statement_parse(market_context_t *context, market_slice_t envelope,
    market_kinds_t expected, market_statement_t **ret_statement,
    market_error_t *reterr)
{
	market_statement_t *statement;
	market_status_t status;

	status = check_arguments(context, envelope, ret_statement, reterr);
	if (status != MARKET_OK)
		return status;
	statement = parse(context, envelope, expected, &status, reterr);
	return statement == NULL ? status
				 : keep(statement, ret_statement, reterr);
}

market_status_t
market__offer_parse(market_context_t *context, market_slice_t envelope,
    market_statement_t **ret_offer, market_error_t *reterr)
{
	market_statement_t *statement;
	market_status_t status;

	status = check_arguments(context, envelope, ret_offer, reterr);
	if (status != MARKET_OK)
		return status;
	statement = parse(context, envelope, MARKET_KINDS(MARKET_KIND_OFFER),
	    &status, reterr);
	if (statement != NULL)
		*ret_offer = statement;
	return status;
}

market_status_t
market__row_parse(market_context_t *context, market_slice_t payload,
    market_statement_t **ret_offer, market_error_t *reterr)
{
	market_statement_t *statement;
	market_status_t status;
	market__arena_t arena;

	market__arena_init_pooled(&arena, context->pool,
	    sizeof(*statement) + MARKET__PARSE_BUDGET(payload.len));
	statement = make(context, &arena, reterr);
	if (statement == NULL)
		return MARKET_E_MEMORY;
	status = fill_row(statement, payload, reterr);
	if (status != MARKET_OK)
		market_statement_free(statement);
	else
		*ret_offer = statement;
	return status;
}

market_status_t
market__statement_abridge(const market_statement_t *statement,
    market_statement_t **ret_statement, market_error_t *reterr)
{
	market__message_t message = { .kind = MARKET_KIND_STATUS,
		.has_header = true,
		.header = *market__header(statement) };
	market_statement_t *abridged;
	market__arena_t arena;

	message.of.status = statement->message->of.status;
	memset(&message.of.status.withdrawn, 0,
	    sizeof(message.of.status.withdrawn));
	market__arena_init_small(
	    &arena, &statement->context->allocator, KEEP_MAX);
	abridged = make(statement->context, &arena, reterr);
	if (abridged == NULL)
		return MARKET_E_MEMORY;
	abridged->message = market__message_copy(&message, &abridged->arena);
	if (abridged->message == NULL) {
		market_statement_free(abridged);
		return market__error(reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for a statement");
	}
	memcpy(abridged->digest, statement->digest, MARKET_DIGEST_LEN);
	*ret_statement = abridged;
	return MARKET_OK;
}

market_statement_t *
market_statement_ref(market_statement_t *statement)
{
	if (statement != NULL)
		atomic_fetch_add_explicit(
		    &statement->references, 1, memory_order_relaxed);
	return statement;
}

void
market_statement_free(market_statement_t *statement)
{
	market__arena_t arena;

	if (statement == NULL ||
	    atomic_fetch_sub_explicit(
		&statement->references, 1, memory_order_acq_rel) != 1)
		return;
	arena = statement->arena;
	market__arena_clear(&arena);
}

market_kind_t
market_statement_kind(const market_statement_t *statement)
{
	return statement == NULL ? MARKET_KIND_NONE : statement->message->kind;
}

market_slice_t
market_statement_issuer(const market_statement_t *statement)
{
	if (statement == NULL)
		return market__slice(NULL, 0);
	return market__header(statement)->issuer;
}

market_slice_t
market_statement_id(const market_statement_t *statement)
{
	if (statement == NULL)
		return market__slice(NULL, 0);
	return market__header(statement)->id;
}

uint64_t
market_statement_revision(const market_statement_t *statement)
{
	return statement == NULL ? 0 : market__header(statement)->revision;
}

market_slice_t
market_statement_digest(const market_statement_t *statement)
{
	if (statement == NULL)
		return market__slice(NULL, 0);
	return market__digest(statement);
}

market_slice_t
market_statement_payload(const market_statement_t *statement)
{
	if (statement == NULL)
		return market__slice(NULL, 0);
	return statement->envelope.payload;
}

market_status_t
market_statement_pae(
    const market_statement_t *statement, market_buffer_t *ret_pae)
{
	char head[MARKET__PAE_HEAD_MAX];
	market_slice_t pieces[2];
	market__text_t text;

	if (statement == NULL || ret_pae == NULL)
		return MARKET_E_ARGUMENT;
	market__statement_pae_pieces(statement, head, pieces);
	market__text_init(&text, &statement->context->allocator, SIZE_MAX / 2);
	market__text_slice(&text, pieces[0]);
	market__text_slice(&text, pieces[1]);
	return market__text_take(&text, ret_pae);
}

size_t
market_statement_signature_count(const market_statement_t *statement)
{
	return statement == NULL ? 0 : statement->envelope.n_signatures;
}

market_status_t
market_statement_signature(const market_statement_t *statement, size_t index,
    market_slice_t *ret_keyid, market_slice_t *ret_signature)
{
	const market__signature_t *signature;

	if (statement == NULL || ret_keyid == NULL || ret_signature == NULL)
		return MARKET_E_ARGUMENT;
	if (index >= statement->envelope.n_signatures)
		return MARKET_E_NOT_FOUND;
	signature = &statement->envelope.signatures[index];
	*ret_keyid = signature->keyid;
	*ret_signature = signature->sig;
	return MARKET_OK;
}

static market_status_t
get(const market_statement_t *statement, const char *path,
    market__field_value_t *value)
{
	if (statement == NULL || path == NULL)
		return MARKET_E_ARGUMENT;
	memset(value, 0, sizeof(*value));
	return market__payload_get(statement->message->kind,
	    statement->envelope.payload, path, &statement->context->allocator,
	    value);
}

market_status_t
market_statement_get_text(const market_statement_t *statement, const char *path,
    market_slice_t *ret_text)
{
	market__field_value_t value;
	market_status_t status;

	if (ret_text == NULL)
		return MARKET_E_ARGUMENT;
	status = get(statement, path, &value);
	if (status != MARKET_OK)
		return status;
	if (value.type != MARKET__FIELD_TEXT)
		return MARKET_E_SCHEMA;
	*ret_text = value.text;
	return MARKET_OK;
}

market_status_t
market_statement_get_int(
    const market_statement_t *statement, const char *path, int64_t *ret_value)
{
	market__field_value_t value;
	market_status_t status;

	if (ret_value == NULL)
		return MARKET_E_ARGUMENT;
	status = get(statement, path, &value);
	if (status != MARKET_OK)
		return status;
	if (value.type != MARKET__FIELD_INT)
		return MARKET_E_SCHEMA;
	*ret_value = value.integer;
	return MARKET_OK;
}

market_status_t
market_statement_get_count(
    const market_statement_t *statement, const char *path, size_t *ret_count)
{
	market__field_value_t value;
	market_status_t status;

	if (ret_count == NULL)
		return MARKET_E_ARGUMENT;
	status = get(statement, path, &value);
	if (status != MARKET_OK)
		return status;
	if (value.type != MARKET__FIELD_LIST)
		return MARKET_E_SCHEMA;
	*ret_count = value.count;
	return MARKET_OK;
}

market_status_t
market_statement_json(const market_statement_t *statement, unsigned indent,
    market_buffer_t *ret_json)
{
	market__text_t text;
	market_status_t status;

	if (statement == NULL || ret_json == NULL)
		return MARKET_E_ARGUMENT;
	market__text_init(&text, &statement->context->allocator, SIZE_MAX / 2);
	status = market__payload_to_json(statement->message->kind,
	    statement->envelope.payload, indent, &statement->context->allocator,
	    &text);
	if (status != MARKET_OK) {
		market__text_clear(&text);
		return status;
	}
	return market__text_take(&text, ret_json);
}
