/* SPDX-License-Identifier: Apache-2.0 */
/* Documents in JSON; the first byte tells the kind. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	market_slice_t json;
	market_draft_t *draft = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	market_kind_t kind;

	if (size == 0)
		return 0;
	kind = (market_kind_t)(1 + data[0] % MARKET_KIND_FEED);
	json.ptr = data + 1;
	json.len = size - 1;
	status = market_draft_from_json(
	    fuzz_context(), kind, json, &draft, &error);
	FUZZ_ASSERT((status == MARKET_OK) == (draft != NULL));
	if (status == MARKET_OK)
		(void)!market_draft_check(draft, &error);
	else
		FUZZ_ASSERT(error.status == status && error.message[0] != '\0');
	market_draft_free(draft);
	return 0;
}

int
fuzz_seed(size_t index, market_buffer_t *ret_seed)
{
	market_kind_t kind = (market_kind_t)(index + 1);

	if (index >= MARKET_KIND_FEED)
		return 0;
	FUZZ_ASSERT(
	    market_template_json(fuzz_context(), kind, ret_seed) == MARKET_OK);
	/* The newline at its end makes room for the kind. */
	memmove(ret_seed->data + 1, ret_seed->data, ret_seed->len - 1);
	ret_seed->data[0] = (uint8_t)index;
	return 1;
}
