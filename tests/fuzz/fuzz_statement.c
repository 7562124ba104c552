/* SPDX-License-Identifier: Apache-2.0 */
/* Envelopes in both forms: what parses is shown, and parses again. */
#include <string.h>

#include "fuzz.h"

static void
show(market_statement_t *statement)
{
	market_buffer_t json = MARKET_BUFFER_INIT, pae = MARKET_BUFFER_INIT;
	market_draft_t *draft = NULL;
	market_slice_t keyid, signature;
	size_t i;

	FUZZ_ASSERT(market_statement_digest(statement).len == 32);
	FUZZ_ASSERT(market_statement_pae(statement, &pae) == MARKET_OK);
	for (i = 0; i < market_statement_signature_count(statement); i++)
		FUZZ_ASSERT(market_statement_signature(
				statement, i, &keyid, &signature) == MARKET_OK);
	/* What is shown can be read again. */
	FUZZ_ASSERT(market_statement_json(statement, 2, &json) == MARKET_OK);
	if (market_draft_from_json(fuzz_context(),
		market_statement_kind(statement), market_buffer_slice(&json),
		&draft, NULL) == MARKET_OK)
		market_draft_free(draft);
	market_buffer_clear(&json);
	market_buffer_clear(&pae);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	market_slice_t envelope;
	market_statement_t *statement = NULL;
	market_root_t *root = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	envelope.ptr = data;
	envelope.len = size;
	status = market_statement_parse(
	    fuzz_context(), envelope, MARKET_KINDS_ALL, &statement, &error);
	FUZZ_ASSERT((status == MARKET_OK) == (statement != NULL));
	if (status == MARKET_OK)
		show(statement);
	else
		FUZZ_ASSERT(error.status == status && error.message[0] != '\0');
	market_statement_free(statement);
	if (market_root_parse(fuzz_context(), envelope, &root, NULL) ==
	    MARKET_OK)
		market_root_free(root);
	return 0;
}

int
fuzz_seed(size_t index, market_buffer_t *ret_seed)
{
	return fuzz_envelope(index / 2,
	    index % 2 == 0 ? MARKET_FORMAT_PROTOBUF : MARKET_FORMAT_JSON,
	    ret_seed);
}
