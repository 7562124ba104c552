/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"

#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <market/market.h>

#include "wire/build.h"
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

int
main(void)
{
	Suite *suite = suite_create("draft");
	TCase *tcase = tcase_create("draft");

	tcase_add_test(tcase, draft_signs_in_both_forms_with_both_algorithms);
	tcase_add_test(tcase, draft_sign_refuses);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
