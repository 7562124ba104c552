/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"

#include <config.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_JANSSON
#include <jansson.h>
#endif

#include <market/market.h>

#include "wire/descriptors.h"
#include "wire/names.h"
#include "wire/wire.h"

static market_context_t *
new_context(void)
{
	market_context_t *context;

	ck_assert_int_eq(market_context_new(NULL, &context), MARKET_OK);
	return context;
}

static market_signer_t *
new_signer(market_context_t *context, market_algorithm_t algorithm)
{
	market_buffer_t pem = MARKET_BUFFER_INIT;
	market_signer_t *signer;

	ck_assert_int_eq(
	    market_key_generate(context, algorithm, &pem, NULL), MARKET_OK);
	ck_assert_int_eq(market_signer_from_pem(context,
			     market_buffer_slice(&pem), NULL, &signer, NULL),
	    MARKET_OK);
	market_buffer_clear(&pem);
	return signer;
}

/* A header that the strict check takes. */
static void
set_header(market_draft_t *draft)
{
	ck_assert_int_eq(
	    market_draft_set_text(draft, "header.issuer", "mi.com", NULL),
	    MARKET_OK);
	ck_assert_int_eq(
	    market_draft_set_text(draft, "header.id", "x", NULL), MARKET_OK);
	ck_assert_int_eq(
	    market_draft_set_int(draft, "header.revision", 1, NULL), MARKET_OK);
	ck_assert_int_eq(
	    market_draft_set_int(draft, "header.issued_at", 1, NULL),
	    MARKET_OK);
	ck_assert_int_eq(
	    market_draft_set_int(draft, "header.not_after", 2, NULL),
	    MARKET_OK);
}

static market_draft_t *
new_draft(market_context_t *context, market_kind_t kind)
{
	market_draft_t *draft;

	ck_assert_int_eq(market_draft_new(context, kind, &draft), MARKET_OK);
	set_header(draft);
	return draft;
}

/* Does every signature of the envelope verify, over DSSE's PAE? */
static void
assert_signed(const market_buffer_t *bytes, market_kind_t kind,
    market_signer_t *const *signers, size_t count)
{
	char head[MARKET__PAE_HEAD_MAX], id[2 * MARKET_DIGEST_LEN + 1];
	market_error_t error = MARKET_ERROR_INIT;
	market__envelope_t envelope;
	market__arena_t arena;
	market__text_t pae;
	size_t i, len;

	market__arena_init(&arena, &market__default_allocator, 1 << 22);
	ck_assert_msg(
	    market__envelope_parse(market_buffer_slice(bytes),
		MARKET_KINDS(kind), &arena, &envelope, &error) == MARKET_OK,
	    "%s: %s", error.path, error.message);
	ck_assert_int_eq(envelope.kind, kind);
	ck_assert_uint_eq(envelope.n_signatures, count);
	market__text_init(&pae, &market__default_allocator, 1 << 22);
	len = market__pae_head(
	    envelope.payload_type, envelope.payload.len, head);
	market__text_add(&pae, head, len);
	market__text_slice(&pae, envelope.payload);
	for (i = 0; i < count; i++) {
		market_key_t *key = market_signer_key(signers[i]);

		ck_assert_int_eq(
		    market_key_verify(key, market__slice(pae.data, pae.len),
			envelope.signatures[i].sig),
		    MARKET_OK);
		market__hex(market_key_id(key).ptr, MARKET_DIGEST_LEN, id);
		ck_assert(market__slice_is(envelope.signatures[i].keyid, id));
	}
	market__text_clear(&pae);
	market__arena_clear(&arena);
}

START_TEST(draft_signs_in_both_forms_with_both_algorithms)
{
	market_context_t *context = new_context();
	market_draft_t *draft = new_draft(context, MARKET_KIND_OFFER);
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_signer_t *signers[2];
	market_error_t error = MARKET_ERROR_INIT;
	int format;

	signers[0] = new_signer(context, MARKET_ALGORITHM_ED25519);
	signers[1] = new_signer(context, MARKET_ALGORITHM_P256);
	for (format = MARKET_FORMAT_JSON; format <= MARKET_FORMAT_PROTOBUF;
	     format++) {
		ck_assert_msg(market_draft_sign(draft, signers, 2,
				  (market_format_t)format, &envelope,
				  &error) == MARKET_OK,
		    "%s", error.message);
		ck_assert_int_eq(
		    envelope.data[0] == '{', format == MARKET_FORMAT_JSON);
		assert_signed(&envelope, MARKET_KIND_OFFER, signers, 2);
	}
	/* The draft may be changed and signed again. */
	ck_assert_int_eq(
	    market_draft_set_int(draft, "header.revision", 2, NULL), MARKET_OK);
	ck_assert_int_eq(market_draft_sign(draft, signers + 1, 1,
			     MARKET_FORMAT_JSON, &envelope, NULL),
	    MARKET_OK);
	assert_signed(&envelope, MARKET_KIND_OFFER, signers + 1, 1);
	market_buffer_clear(&envelope);
	market_signer_free(signers[0]);
	market_signer_free(signers[1]);
	market_draft_free(draft);
	market_context_free(context);
}
END_TEST

static market_status_t
refuse(void *user, market_slice_t message, uint8_t *signature,
    size_t *signature_len)
{
	(void)user;
	(void)message;
	(void)signature;
	*signature_len = 0;
	return MARKET_E_IO;
}

START_TEST(draft_sign_refuses)
{
	market_context_t *context = new_context();
	market_draft_t *draft = new_draft(context, MARKET_KIND_OFFER);
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_signer_t *signers[17], *broken, *none = NULL;
	size_t i;

	for (i = 0; i < 17; i++)
		signers[i] = i == 0
		    ? new_signer(context, MARKET_ALGORITHM_ED25519)
		    : signers[0];
	ck_assert_int_eq(market_draft_sign(draft, signers, 0,
			     MARKET_FORMAT_JSON, &envelope, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_ptr_nonnull(strstr(error.message, "no signer"));
	ck_assert_int_eq(market_draft_sign(draft, signers, 17,
			     MARKET_FORMAT_JSON, &envelope, &error),
	    MARKET_E_LIMIT);
	ck_assert_int_eq(market_draft_sign(draft, signers, 1,
			     (market_format_t)0, &envelope, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_draft_sign(draft, &none, 1, MARKET_FORMAT_JSON,
			     &envelope, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_signer_from_callback(
		context, market_signer_key(signers[0]), refuse, NULL, &broken),
	    MARKET_OK);
	ck_assert_int_eq(market_draft_sign(draft, &broken, 1,
			     MARKET_FORMAT_JSON, &envelope, &error),
	    MARKET_E_CALLBACK);
	ck_assert_ptr_null(envelope.data);
	/* The twin: one good signer. */
	ck_assert_int_eq(market_draft_sign(draft, signers, 1,
			     MARKET_FORMAT_JSON, &envelope, &error),
	    MARKET_OK);
	market_buffer_clear(&envelope);
	market_signer_free(broken);
	market_signer_free(signers[0]);
	market_draft_free(draft);
	market_context_free(context);
}
END_TEST

START_TEST(draft_sign_refuses_what_no_reader_takes)
{
	market_context_t *context = new_context();
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_signer_t *signer;
	market_draft_t *draft;

	signer = new_signer(context, MARKET_ALGORITHM_ED25519);
	ck_assert_int_eq(
	    market_draft_new(context, MARKET_KIND_OFFER, &draft), MARKET_OK);
	ck_assert_int_eq(market_draft_sign(draft, &signer, 1,
			     MARKET_FORMAT_JSON, &envelope, &error),
	    MARKET_E_SCHEMA);
	ck_assert_str_eq(error.path, "header");
	ck_assert_int_eq(market_draft_check(draft, &error), MARKET_E_SCHEMA);
	set_header(draft);
	ck_assert_int_eq(market_draft_sign(draft, &signer, 1,
			     MARKET_FORMAT_JSON, &envelope, &error),
	    MARKET_OK);
	market_buffer_clear(&envelope);
	market_signer_free(signer);
	market_draft_free(draft);
	market_context_free(context);
}
END_TEST

/* A text of `len` letters; it lives until the next call. */
static const char *
letters(size_t len)
{
	static char text[MARKET__DESCRIPTION_MAX + 2];

	ck_assert_uint_lt(len, sizeof(text));
	memset(text, 'a', len);
	text[len] = '\0';
	return text;
}

static const struct {
	const char *path;
	size_t max;
} longest[] = {
	{ "brand", MARKET__STRING_MAX },
	{ "territories[0]", MARKET__STRING_MAX },
	{ "description", MARKET__DESCRIPTION_MAX },
};

START_TEST(draft_limits_its_text)
{
	market_context_t *context = new_context();
	market_draft_t *draft = new_draft(context, MARKET_KIND_OFFER);
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_signer_t *signer;

	signer = new_signer(context, MARKET_ALGORITHM_ED25519);
	ck_assert_int_eq(market_draft_set_text(draft, longest[_i].path,
			     letters(longest[_i].max), NULL),
	    MARKET_OK);
	ck_assert_int_eq(market_draft_sign(draft, &signer, 1,
			     MARKET_FORMAT_PROTOBUF, &envelope, &error),
	    MARKET_OK);
	ck_assert_int_eq(market_draft_set_text(draft, longest[_i].path,
			     letters(longest[_i].max + 1), NULL),
	    MARKET_OK);
	ck_assert_int_eq(market_draft_sign(draft, &signer, 1,
			     MARKET_FORMAT_PROTOBUF, &envelope, &error),
	    MARKET_E_LIMIT);
	ck_assert_str_eq(error.path, longest[_i].path);
	market_buffer_clear(&envelope);
	market_signer_free(signer);
	market_draft_free(draft);
	market_context_free(context);
}
END_TEST

/* E34: 64 KiB for an offer, 1 MiB for a feed, in the form that is written. */
START_TEST(draft_limits_its_envelope)
{
	static const uint8_t root[MARKET_DIGEST_LEN] = { 1 };
	market_slice_t bytes = market__slice(root, sizeof(root));
	market_context_t *context = new_context();
	market_draft_t *offer = new_draft(context, MARKET_KIND_OFFER);
	market_draft_t *feed = new_draft(context, MARKET_KIND_FEED);
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_signer_t *signer;
	int i;

	signer = new_signer(context, MARKET_ALGORITHM_ED25519);
	for (i = 0; i < 50; i++)
		ck_assert_int_eq(market_draft_set_text(offer, "image_links[]",
				     letters(MARKET__STRING_MAX), NULL),
		    MARKET_OK);
	/* 50 KiB: with base64 around it too large, without it not. */
	ck_assert_int_eq(market_draft_sign(offer, &signer, 1,
			     MARKET_FORMAT_JSON, &envelope, &error),
	    MARKET_E_LIMIT);
	ck_assert_msg(
	    strstr(error.message, "65536") != NULL, "%s", error.message);
	ck_assert_msg(
	    market_draft_sign(offer, &signer, 1, MARKET_FORMAT_PROTOBUF,
		&envelope, &error) == MARKET_OK,
	    "%s", error.message);
	for (i = 0; i < 5000; i++)
		ck_assert_int_eq(
		    market_draft_set_bytes(feed, "chunk_roots[]", bytes, NULL),
		    MARKET_OK);
	ck_assert_msg(market_draft_sign(feed, &signer, 1, MARKET_FORMAT_JSON,
			  &envelope, &error) == MARKET_OK,
	    "%s", error.message);
	assert_signed(&envelope, MARKET_KIND_FEED, &signer, 1);
	market_buffer_clear(&envelope);
	market_signer_free(signer);
	market_draft_free(offer);
	market_draft_free(feed);
	market_context_free(context);
}
END_TEST

/* X1, A11: each allocation fails once; nothing is lost, nothing half done. */
START_TEST(draft_survives_failing_memory)
{
	market_context_options_t options = { .size = sizeof(options) };
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_status_t status = MARKET_E_MEMORY;
	market_context_t *context;
	harness_memory_t memory;
	market_signer_t *signer;
	market_draft_t *draft;
	size_t i, live;
	int format;

	harness_memory_init(&memory);
	options.allocator = memory.allocator;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	signer = new_signer(context, MARKET_ALGORITHM_P256);
	draft = new_draft(context, MARKET_KIND_OFFER);
	live = memory.live;
	for (format = MARKET_FORMAT_JSON; format <= MARKET_FORMAT_PROTOBUF;
	     format++) {
		status = MARKET_E_MEMORY;
		for (i = 0; status != MARKET_OK; i++) {
			ck_assert_uint_lt(i, 100);
			memory.fail_at = memory.calls + i;
			status = market_draft_sign(draft, &signer, 1,
			    (market_format_t)format, &envelope, NULL);
			ck_assert(status == MARKET_OK ||
			    (status == MARKET_E_MEMORY &&
				envelope.data == NULL));
		}
		memory.fail_at = SIZE_MAX;
		assert_signed(&envelope, MARKET_KIND_OFFER, &signer, 1);
		market_buffer_clear(&envelope);
		ck_assert_uint_eq(memory.live, live);
	}
	market_draft_free(draft);
	for (i = 0; i < 3; i++) {
		memory.fail_at = memory.calls + i;
		ck_assert_int_eq(
		    market_draft_new(context, MARKET_KIND_OFFER, &draft),
		    MARKET_E_MEMORY);
	}
	memory.fail_at = SIZE_MAX;
	market_signer_free(signer);
	market_context_free(context);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

/* A1 */
START_TEST(draft_refuses_null)
{
	market_slice_t wild = { NULL, 1 }, none = { NULL, 0 };
	market_context_t *context = new_context();
	market_draft_t *draft = new_draft(context, MARKET_KIND_FEED);
	market_buffer_t buffer = MARKET_BUFFER_INIT;
	market_signer_t *signer = NULL;
	market_draft_t *other = NULL;

	ck_assert_int_eq(market_draft_new(NULL, MARKET_KIND_OFFER, &other),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_draft_new(context, MARKET_KIND_OFFER, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_draft_new(context, MARKET_KIND_NONE, &other),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_draft_new(context, (market_kind_t)99, &other),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_draft_from_json(NULL, MARKET_KIND_OFFER, none, &other, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_draft_from_json(
			     context, MARKET_KIND_OFFER, wild, &other, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_draft_from_json(
			     context, MARKET_KIND_OFFER, none, NULL, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_draft_from_json(
			     context, MARKET_KIND_NONE, none, &other, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_draft_set_text(NULL, "root", "", NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_draft_set_text(draft, NULL, "", NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_draft_set_text(draft, "header.id", NULL, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_draft_set_int(NULL, "count", 1, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_draft_set_int(draft, NULL, 1, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_draft_set_bytes(NULL, "root", none, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_draft_set_bytes(draft, "root", wild, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_draft_set_bytes(draft, "root", none, NULL), MARKET_OK);
	ck_assert_int_eq(market_draft_check(NULL, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_draft_sign(NULL, &signer, 1, MARKET_FORMAT_JSON,
			     &buffer, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_draft_sign(
			     draft, NULL, 1, MARKET_FORMAT_JSON, &buffer, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_draft_sign(
			     draft, &signer, 1, MARKET_FORMAT_JSON, NULL, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_template_json(NULL, MARKET_KIND_OFFER, &buffer),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_template_json(context, MARKET_KIND_NONE, &buffer),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_template_json(context, MARKET_KIND_OFFER, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_ptr_null(other);
	market_draft_free(NULL);
	market_draft_free(draft);
	market_context_free(context);
}
END_TEST

#ifdef HAVE_JANSSON

/* The payload of the draft, as it is signed. */
static void
payload_of(market_context_t *context, const market_draft_t *draft,
    market_kind_t kind, market_buffer_t *ret_payload)
{
	market_signer_t *signer;
	market_buffer_t bytes = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market__envelope_t envelope;
	market__arena_t arena;
	market__text_t text;

	signer = new_signer(context, MARKET_ALGORITHM_ED25519);
	ck_assert_msg(market_draft_sign(draft, &signer, 1,
			  MARKET_FORMAT_PROTOBUF, &bytes, &error) == MARKET_OK,
	    "%s: %s: %s", market_kind_name(kind), error.path, error.message);
	market__arena_init(&arena, &market__default_allocator, 1 << 20);
	ck_assert_int_eq(market__envelope_parse(market_buffer_slice(&bytes),
			     MARKET_KINDS(kind), &arena, &envelope, NULL),
	    MARKET_OK);
	market__text_init(&text, &market__default_allocator, 1 << 20);
	market__text_slice(&text, envelope.payload);
	ck_assert_int_eq(market__text_take(&text, ret_payload), MARKET_OK);
	market__arena_clear(&arena);
	market_buffer_clear(&bytes);
	market_signer_free(signer);
}

/* Template, draft, payload, JSON, draft, the same payload. */
START_TEST(template_goes_round)
{
	market_kind_t kind = (market_kind_t)_i;
	market_context_t *context = new_context();
	market_buffer_t json = MARKET_BUFFER_INIT;
	market_buffer_t first = MARKET_BUFFER_INIT, second = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_draft_t *draft;
	market__text_t text;

	ck_assert_int_eq(market_template_json(context, kind, &json), MARKET_OK);
	ck_assert_msg(
	    market_draft_from_json(context, kind, market_buffer_slice(&json),
		&draft, &error) == MARKET_OK,
	    "%s: %s: %s", market_kind_name(kind), error.path, error.message);
	ck_assert_msg(market_draft_check(draft, &error) == MARKET_OK,
	    "%s: %s: %s", market_kind_name(kind), error.path, error.message);
	payload_of(context, draft, kind, &first);
	market_draft_free(draft);
	market__text_init(&text, &market__default_allocator, 1 << 20);
	ck_assert_int_eq(
	    market__payload_to_json(kind, market_buffer_slice(&first), 2,
		&market__default_allocator, &text),
	    MARKET_OK);
	ck_assert_msg(market_draft_from_json(context, kind,
			  market__slice(text.data, text.len), &draft,
			  &error) == MARKET_OK,
	    "%s: %s: %s", market_kind_name(kind), error.path, error.message);
	payload_of(context, draft, kind, &second);
	market_draft_free(draft);
	ck_assert(market__slice_equal(
	    market_buffer_slice(&first), market_buffer_slice(&second)));
	market__text_clear(&text);
	market_buffer_clear(&first);
	market_buffer_clear(&second);
	market_buffer_clear(&json);
	market_context_free(context);
}
END_TEST

/* Is each field in the document, or another member of its oneof? */
static void
assert_all_shown(const ProtobufCMessageDescriptor *message, json_t *json)
{
	bool oneof_needed = false, oneof_seen = false;
	char name[MARKET__NAME_MAX];
	json_t *value;
	unsigned i;

	for (i = 0; i < message->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &message->fields[i];

		market__json_name(field->name, name);
		value = json_object_get(json, name);
		if (market__field_is_oneof(field)) {
			oneof_needed = true;
			oneof_seen |= value != NULL;
		} else {
			ck_assert_msg(value != NULL, "%s has no %s",
			    message->short_name, name);
		}
		if (field->type != PROTOBUF_C_TYPE_MESSAGE || value == NULL)
			continue;
		if (!json_is_array(value))
			assert_all_shown(field->descriptor, value);
		else if (json_array_size(value) > 0)
			assert_all_shown(
			    field->descriptor, json_array_get(value, 0));
	}
	ck_assert(oneof_needed == oneof_seen);
}

START_TEST(template_shows_every_field)
{
	market_kind_t kind = (market_kind_t)_i;
	market_context_t *context = new_context();
	market_buffer_t json = MARKET_BUFFER_INIT;
	json_t *document;

	ck_assert_int_eq(market_template_json(context, kind, &json), MARKET_OK);
	document = json_loadb(
	    (char *)json.data, json.len, JSON_REJECT_DUPLICATES, NULL);
	ck_assert_ptr_nonnull(document);
	assert_all_shown(market__kind_descriptor(kind), document);
	json_decref(document);
	market_buffer_clear(&json);
	market_context_free(context);
}
END_TEST

/* The keys of the examples are keys. */
START_TEST(template_keys_load)
{
	static const char *const paths[] = { "root_keys.keys[0].spki",
		"root_keys.keys[1].spki", "parties[1].keys.keys[0].spki",
		"parties[2].keys.keys[0].spki",
		"parties[3].keys.keys[0].spki" };
	market_context_t *context = new_context();
	market_buffer_t json = MARKET_BUFFER_INIT, payload = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market__field_value_t value;
	market_draft_t *draft;
	market_key_t *key;
	size_t i;

	ck_assert_int_eq(
	    market_template_json(context, MARKET_KIND_TRUST_ROOT, &json),
	    MARKET_OK);
	ck_assert_int_eq(market_draft_from_json(context, MARKET_KIND_TRUST_ROOT,
			     market_buffer_slice(&json), &draft, NULL),
	    MARKET_OK);
	payload_of(context, draft, MARKET_KIND_TRUST_ROOT, &payload);
	for (i = 0; i < MARKET__COUNT(paths); i++) {
		ck_assert_int_eq(market__payload_get(MARKET_KIND_TRUST_ROOT,
				     market_buffer_slice(&payload), paths[i],
				     &market__default_allocator, &value),
		    MARKET_OK);
		ck_assert_msg(market_key_from_spki(context, value.text, &key,
				  &error) == MARKET_OK,
		    "%s: %s", paths[i], error.message);
		market_key_free(key);
	}
	market_buffer_clear(&payload);
	market_buffer_clear(&json);
	market_draft_free(draft);
	market_context_free(context);
}
END_TEST

START_TEST(template_tells_failing_memory)
{
	market_buffer_t json = MARKET_BUFFER_INIT;
	harness_memory_t memory;
	market_context_t context = { 0 };

	harness_memory_init(&memory);
	memory.fail_at = 0;
	context.allocator = memory.allocator;
	ck_assert_int_eq(
	    market_template_json(&context, MARKET_KIND_OFFER, &json),
	    MARKET_E_MEMORY);
	ck_assert_ptr_null(json.data);
}
END_TEST

#endif

int
main(void)
{
	Suite *suite = suite_create("draft");
	TCase *tcase = tcase_create("draft");

	tcase_add_test(tcase, draft_signs_in_both_forms_with_both_algorithms);
	tcase_add_test(tcase, draft_sign_refuses);
	tcase_add_test(tcase, draft_sign_refuses_what_no_reader_takes);
	tcase_add_loop_test(
	    tcase, draft_limits_its_text, 0, MARKET__COUNT(longest));
	tcase_add_test(tcase, draft_limits_its_envelope);
	tcase_add_test(tcase, draft_survives_failing_memory);
	tcase_add_test(tcase, draft_refuses_null);
#ifdef HAVE_JANSSON
	tcase_add_loop_test(
	    tcase, template_goes_round, 1, MARKET_KIND_FEED + 1);
	tcase_add_loop_test(
	    tcase, template_shows_every_field, 1, MARKET_KIND_FEED + 1);
	tcase_add_test(tcase, template_keys_load);
	tcase_add_test(tcase, template_tells_failing_memory);
#endif
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
