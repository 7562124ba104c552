/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/json.h"

/*
 * Counts brackets outside of strings. On what is no JSON the count may be
 * wrong, but then the parser, which recurses no deeper than it, refuses.
 */
market_status_t
market__json_depth_check(
    market_slice_t json, size_t max_depth, market_error_t *reterr)
{
	bool in_string = false;
	size_t depth = 0, i;

	for (i = 0; i < json.len; i++) {
		uint8_t c = json.ptr[i];

		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"') {
			in_string = true;
		} else if (c == '{' || c == '[') {
			if (++depth > max_depth)
				return market__error(reterr, MARKET_E_LIMIT,
				    NULL, (int64_t)i,
				    "nested deeper than %zu: no statement is",
				    max_depth);
		} else if ((c == '}' || c == ']') && depth > 0) {
			depth--;
		}
	}
	return MARKET_OK;
}
