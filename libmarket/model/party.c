/* SPDX-License-Identifier: Apache-2.0 */
#include "model/identifier.h"

#define PARTY_FORM                                                         \
	"write a DNS name that the party owns, in lower case and with at " \
	"least two labels: \"mi.com\""

static bool
letter_or_digit(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* What is wrong with a label, or NULL (RFC 1123, 2.1; RFC 1035, 2.3.4). */
static const char *
label_fault(market_slice_t label)
{
	size_t i;

	if (label.len == 0)
		return "an empty label";
	if (label.len > 63)
		return "a label of more than 63 bytes";
	for (i = 0; i < label.len; i++) {
		uint8_t c = label.ptr[i];

		if (c >= 'A' && c <= 'Z')
			return "a capital";
		if (c >= 0x80)
			return "a byte beyond ASCII (its xn-- form is needed)";
		if (c != '-' && !letter_or_digit(c))
			return "a byte that no host name has";
	}
	if (label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
		return "a label that begins or ends with a hyphen";
	return NULL;
}

market_status_t
market_party_check(market_slice_t party, market_error_t *reterr)
{
	market_status_t status = market__identifier_given(
	    party, "a party", PARTY_FORM, reterr);
	size_t begin = 0, end, labels = 0;

	if (status != MARKET_OK)
		return status;
	if (party.len > 253)
		return market__error(reterr, MARKET_E_SCHEMA, NULL, -1,
		    "the party's name has %zu bytes, more than "
		    "253; " PARTY_FORM,
		    party.len);
	for (;;) {
		const char *fault;

		for (end = begin; end < party.len && party.ptr[end] != '.';)
			end++;
		fault = label_fault(
		    market__slice(party.ptr + begin, end - begin));
		if (fault != NULL)
			return market__error(reterr, MARKET_E_SCHEMA, NULL,
			    (int64_t)begin, "the party \"%s\" has %s; %s",
			    MARKET__SHOWN(party), fault, PARTY_FORM);
		labels++;
		if (end == party.len)
			break;
		begin = end + 1;
	}
	/* An address in dots is no name: top-level domains have letters. */
	if (labels < 2 ||
	    market__digits_only(
		market__slice(party.ptr + begin, party.len - begin)))
		return market__error(reterr, MARKET_E_SCHEMA, NULL, -1,
		    "the party \"%s\" is no full DNS name; " PARTY_FORM,
		    MARKET__SHOWN(party));
	return MARKET_OK;
}
