/* SPDX-License-Identifier: Apache-2.0 */
#include "model/draft.h"

#include "base/base.h"
#include "model/validate.h"
#include "wire/build.h"
#include "wire/wire.h"

struct market_draft {
	market_context_t *context;
	market__build_t *build;
};

static bool
is_slice(market_slice_t slice)
{
	return slice.ptr != NULL || slice.len == 0;
}

/* Takes the build, also when it fails. */
static market_status_t
new_draft(market_context_t *context, market__build_t *build,
    market_draft_t **ret_draft)
{
	market_draft_t *draft;

	draft = market__alloc(&context->allocator, sizeof(*draft));
	if (draft == NULL) {
		market__build_free(build);
		return MARKET_E_MEMORY;
	}
	draft->context = context;
	draft->build = build;
	*ret_draft = draft;
	return MARKET_OK;
}

market_status_t
market_draft_new(
    market_context_t *context, market_kind_t kind, market_draft_t **ret_draft)
{
	market__build_t *build;
	market_status_t status;

	if (context == NULL || ret_draft == NULL)
		return MARKET_E_ARGUMENT;
	status = market__build_new(kind, &context->allocator, &build);
	if (status != MARKET_OK)
		return status;
	return new_draft(context, build, ret_draft);
}

market_status_t
market_draft_from_json(market_context_t *context, market_kind_t kind,
    market_slice_t json, market_draft_t **ret_draft, market_error_t *reterr)
{
	market__build_t *build;
	market_status_t status;

	if (context == NULL || ret_draft == NULL || !is_slice(json) ||
	    market_kind_name(kind) == NULL)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "a NULL argument, or no kind of statement");
	status = market__build_from_json(
	    kind, json, &context->allocator, &build, reterr);
	if (status != MARKET_OK)
		return status;
	status = new_draft(context, build, ret_draft);
	if (status != MARKET_OK)
		return market__error(
		    reterr, status, NULL, -1, "%s", market_status_text(status));
	return MARKET_OK;
}

void
market_draft_free(market_draft_t *draft)
{
	if (draft == NULL)
		return;
	market__build_free(draft->build);
	market__free(&draft->context->allocator, draft);
}

static market_status_t
null_argument(market_error_t *reterr)
{
	return market__error(
	    reterr, MARKET_E_ARGUMENT, NULL, -1, "an argument is NULL");
}

market_status_t
market_draft_set_text(market_draft_t *draft, const char *path,
    const char *value, market_error_t *reterr)
{
	if (draft == NULL || path == NULL || value == NULL)
		return null_argument(reterr);
	return market__build_set_text(
	    draft->build, path, market_slice_of(value), reterr);
}

market_status_t
market_draft_set_int(market_draft_t *draft, const char *path, int64_t value,
    market_error_t *reterr)
{
	if (draft == NULL || path == NULL)
		return null_argument(reterr);
	return market__build_set_int(draft->build, path, value, reterr);
}

market_status_t
market_draft_set_bytes(market_draft_t *draft, const char *path,
    market_slice_t value, market_error_t *reterr)
{
	if (draft == NULL || path == NULL || !is_slice(value))
		return null_argument(reterr);
	return market__build_set_bytes(draft->build, path, value, reterr);
}

void
market__draft_unset(market_draft_t *draft, const char *name)
{
	market__build_unset(draft->build, name);
}

market_status_t
market__draft_pack(const market_draft_t *draft, market_buffer_t *ret_payload,
    market_error_t *reterr)
{
	market_kind_t kind = market__build_kind(draft->build);
	market_buffer_t payload = MARKET_BUFFER_INIT;
	market_status_t status;

	status = market__build_pack(draft->build, &payload);
	if (status != MARKET_OK)
		return market__error(
		    reterr, status, NULL, -1, "%s", market_status_text(status));
	status = market__strict_check(
	    kind, market_buffer_slice(&payload), reterr);
	if (status != MARKET_OK) {
		market_buffer_clear(&payload);
		return status;
	}
	*ret_payload = payload;
	return MARKET_OK;
}

market_status_t
market_draft_check(const market_draft_t *draft, market_error_t *reterr)
{
	market_buffer_t payload = MARKET_BUFFER_INIT;
	const market__message_t *message = NULL;
	market__arena_t arena;
	market_status_t status;

	if (draft == NULL)
		return null_argument(reterr);
	status = market__draft_pack(draft, &payload, reterr);
	if (status != MARKET_OK)
		return status;
	market__arena_init(&arena, &draft->context->allocator,
	    MARKET__PARSE_BUDGET(payload.len));
	status = market__message_unpack(market__build_kind(draft->build),
	    market_buffer_slice(&payload), &arena, &message, reterr);
	if (status == MARKET_OK)
		status = market__validate(message, &arena, reterr);
	market__arena_clear(&arena);
	market_buffer_clear(&payload);
	return status;
}

/* What a signing run makes, to be given back at its end. */
typedef struct signing {
	market_buffer_t payload;
	market_buffer_t message; /* DSSE's PAE */
	market_buffer_t signatures[MARKET__SIGNATURES_MAX];
	market__signature_t room[MARKET__SIGNATURES_MAX]; /* the envelope's */
	char keyids[MARKET__SIGNATURES_MAX][2 * MARKET_DIGEST_LEN + 1];
} signing_t;

static market_status_t
make_message(const market_draft_t *draft, market_slice_t payload_type,
    signing_t *signing, market_error_t *reterr)
{
	market__text_t text;
	char head[MARKET__PAE_HEAD_MAX];
	market_status_t status;
	size_t head_len;

	status = market__draft_pack(draft, &signing->payload, reterr);
	if (status != MARKET_OK)
		return status;
	head_len = market__pae_head(payload_type, signing->payload.len, head);
	market__text_init(
	    &text, &draft->context->allocator, head_len + signing->payload.len);
	market__text_add(&text, head, head_len);
	market__text_slice(&text, market_buffer_slice(&signing->payload));
	status = market__text_take(&text, &signing->message);
	if (status != MARKET_OK)
		return market__error(
		    reterr, status, NULL, -1, "%s", market_status_text(status));
	return MARKET_OK;
}

static market_status_t
sign_with(const market_signer_t *signer, signing_t *signing,
    market__envelope_t *envelope, market_error_t *reterr)
{
	size_t i = envelope->n_signatures;
	market_slice_t id = market_key_id(market_signer_key(signer));
	market_status_t status;

	status = market_signer_sign(signer,
	    market_buffer_slice(&signing->message), &signing->signatures[i],
	    reterr);
	if (status != MARKET_OK)
		return status;
	market__hex(id.ptr, id.len, signing->keyids[i]);
	envelope->signatures[i].keyid = market_slice_of(signing->keyids[i]);
	envelope->signatures[i].sig = market_buffer_slice(
	    &signing->signatures[i]);
	envelope->n_signatures++;
	return MARKET_OK;
}

static market_status_t
write_envelope(const market_draft_t *draft, const market__envelope_t *envelope,
    market_format_t format, market_buffer_t *ret_envelope,
    market_error_t *reterr)
{
	market_buffer_t bytes = MARKET_BUFFER_INIT;
	market_status_t status;

	status = market__envelope_write(envelope, format == MARKET_FORMAT_JSON,
	    &draft->context->allocator, &bytes);
	if (status == MARKET_E_LIMIT)
		return market__error(reterr, status, NULL, -1,
		    "the envelope is too large: at most %zu bytes for this "
		    "kind",
		    market__envelope_limit(MARKET_KINDS(envelope->kind)));
	if (status != MARKET_OK)
		return market__error(
		    reterr, status, NULL, -1, "%s", market_status_text(status));
	market_buffer_clear(ret_envelope);
	*ret_envelope = bytes;
	return MARKET_OK;
}

static market_status_t
check_signers(
    market_signer_t *const *signers, size_t count, market_error_t *reterr)
{
	size_t i;

	if (count == 0)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "no signer: a statement needs at least one signature");
	if (count > MARKET__SIGNATURES_MAX)
		return market__error(reterr, MARKET_E_LIMIT, NULL, -1,
		    "%zu signers: at most %d", count, MARKET__SIGNATURES_MAX);
	for (i = 0; i < count; i++)
		if (signers[i] == NULL)
			return null_argument(reterr);
	return MARKET_OK;
}

market_status_t
market_draft_sign(const market_draft_t *draft, market_signer_t *const *signers,
    size_t signer_count, market_format_t format, market_buffer_t *ret_envelope,
    market_error_t *reterr)
{
	market__envelope_t envelope = { 0 };
	signing_t *signing = NULL;
	const market_allocator_t *allocator;
	market_status_t status;
	size_t i;

	if (draft == NULL || ret_envelope == NULL ||
	    (signers == NULL && signer_count > 0) ||
	    (format != MARKET_FORMAT_JSON && format != MARKET_FORMAT_PROTOBUF))
		return null_argument(reterr);
	status = check_signers(signers, signer_count, reterr);
	if (status != MARKET_OK)
		return status;
	allocator = &draft->context->allocator;
	signing = market__alloc(allocator, sizeof(*signing));
	if (signing == NULL) {
		status = market__error(
		    reterr, MARKET_E_MEMORY, NULL, -1, "out of memory");
		goto out;
	}
	envelope.signatures = signing->room;
	envelope.kind = market__build_kind(draft->build);
	envelope.payload_type = market_slice_of(
	    market__payload_type(envelope.kind));
	status = make_message(draft, envelope.payload_type, signing, reterr);
	if (status != MARKET_OK)
		goto out;
	envelope.payload = market_buffer_slice(&signing->payload);
	for (i = 0; i < signer_count; i++) {
		status = sign_with(signers[i], signing, &envelope, reterr);
		if (status != MARKET_OK)
			goto out;
	}
	status = write_envelope(draft, &envelope, format, ret_envelope, reterr);
out:
	if (signing != NULL) {
		market_buffer_clear(&signing->payload);
		market_buffer_clear(&signing->message);
		for (i = 0; i < MARKET__SIGNATURES_MAX; i++)
			market_buffer_clear(&signing->signatures[i]);
	}
	market__free(allocator, signing);
	return status;
}
