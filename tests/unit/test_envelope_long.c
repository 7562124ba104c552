/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Long payloads in JSON, which are lifted out before jansson reads the rest.
 * With an escape anywhere nothing is lifted: both ways must say the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "wire/envelope.h"

/* T: the payload type; S: a signature; L: 2,000 characters of base64; M: of
 * them 1,023. */
#define LONG 2000

static const struct {
	const char *label, *text;
	market_status_t want;
	const char *path;
} rows[] = {
	{ "a long payload", "{'payload':'L','payloadType':'T',S}", MARKET_OK,
	    "" },
	{ "a shorter one", "{'payload':'M=','payloadType':'T',S}", MARKET_OK,
	    "" },
	{ "its padding is missing", "{'payload':'M','payloadType':'T',S}",
	    MARKET_E_ENCODING, "payload" },
	{ "blanks around it", "{ 'payload' : 'L' , 'payloadType' : 'T', S }",
	    MARKET_OK, "" },
	{ "a long key id",
	    "{'payload':'CgA=','payloadType':'T','signatures':[{'keyid':'L',"
	    "'sig':'c2ln'}]}",
	    MARKET_E_LIMIT, "signatures[0].keyid" },
	{ "two long ones",
	    "{'payload':'L','payloadType':'T','signatures':[{'keyid':'L',"
	    "'sig':'c2ln'}]}",
	    MARKET_E_LIMIT, "signatures[0].keyid" },
	{ "a long signature",
	    "{'payload':'CgA=','payloadType':'T','signatures':[{'sig':'L'}]}",
	    MARKET_E_LIMIT, "signatures[0].sig" },
	{ "a long type", "{'payload':'CgA=','payloadType':'L',S}",
	    MARKET_E_LIMIT, "payloadType" },
	{ "a long member", "{'L':'CgA=','payloadType':'T',S}", MARKET_E_SCHEMA,
	    "" },
	{ "a long member before a blank", "{'L' :'CgA=','payloadType':'T',S}",
	    MARKET_E_SCHEMA, "" },
	{ "twice", "{'payload':'L','payload':'L','payloadType':'T'}",
	    MARKET_E_ENCODING, "" },
	{ "a list", "{'payload':['L'],'payloadType':'T',S}", MARKET_E_SCHEMA,
	    "payload" },
	{ "no base64 at its end", "{'payload':'L!','payloadType':'T',S}",
	    MARKET_E_ENCODING, "payload" },
	{ "what stands in its place, beside it",
	    "{'payload':'\x01','payloadType':'T','signatures':[{'keyid':'L'}]}",
	    MARKET_E_ENCODING, "" },
	{ "... escaped",
	    "{'payload':'\\u0001','payloadType':'T','signatures':[{'keyid':"
	    "'L'}]}",
	    MARKET_E_ENCODING, "payload" },
	{ "it does not end", "{'payloadType':'T','payload':'L",
	    MARKET_E_ENCODING, "" },
	{ "something behind it", "{'payload':'L','payloadType':'T',S}}",
	    MARKET_E_ENCODING, "" },
};

/* The row as text; `type` takes the place of T. */
static char *
spell(const char *row, const char *type)
{
	static const char signatures[] = "\"signatures\":[{\"sig\":\"c2ln\"}]";
	char *text = malloc(strlen(row) + 3 * LONG + strlen(type) + 64);
	size_t len = 0;

	ck_assert_ptr_nonnull(text);
	for (; *row != '\0'; row++) {
		size_t n = *row == 'L' ? LONG : *row == 'M' ? 1023 : 0;

		if (n > 0)
			memset(text + len, 'A', n);
		else if (*row == 'T' && row[-1] == '\'')
			memcpy(text + len, type, n = strlen(type));
		else if (*row == 'S')
			memcpy(text + len, signatures, n = strlen(signatures));
		else
			text[len] = *row == '\'' ? '"' : *row;
		len += n > 0 ? n : 1;
	}
	text[len] = '\0';
	return text;
}

typedef struct parsed {
	market__arena_t arena;
	market__envelope_t envelope;
	market_error_t error;
	market_status_t status;
} parsed_t;

static void
parse(parsed_t *p, const char *text)
{
	memset(p, 0, sizeof(*p));
	market__arena_init(&p->arena, &market__default_allocator,
	    MARKET__PARSE_BUDGET(strlen(text)));
	p->status = market__envelope_parse(market_slice_of(text),
	    MARKET_KINDS_ALL, &p->arena, &p->envelope, &p->error);
}

START_TEST(envelope_with_a_long_payload_is_read_the_same)
{
	parsed_t fast, slow;
	char *one = spell(
		 rows[_i].text, "application/vnd.libmarket.offer.v1+protobuf"),
	     *other = spell(rows[_i].text,
		 "\\u0061pplication/vnd.libmarket.offer.v1+protobuf");
	size_t i;

	parse(&fast, one);
	parse(&slow, other);
	ck_assert_msg(fast.status == rows[_i].want &&
		strcmp(fast.error.path, rows[_i].path) == 0,
	    "%s: %s at [%s]: %s", rows[_i].label,
	    market_status_name(fast.status), fast.error.path,
	    fast.error.message);
	ck_assert_int_eq(fast.status, slow.status);
	ck_assert_str_eq(fast.error.path, slow.error.path);
	ck_assert_str_eq(fast.error.message, slow.error.message);
	ck_assert(
	    market__slice_equal(fast.envelope.payload, slow.envelope.payload));
	ck_assert_uint_eq(
	    fast.envelope.n_signatures, slow.envelope.n_signatures);
	for (i = 0; i < fast.envelope.n_signatures; i++) {
		ck_assert(market__slice_equal(fast.envelope.signatures[i].keyid,
		    slow.envelope.signatures[i].keyid));
		ck_assert(market__slice_equal(fast.envelope.signatures[i].sig,
		    slow.envelope.signatures[i].sig));
	}
	market__arena_clear(&fast.arena);
	market__arena_clear(&slow.arena);
	free(one);
	free(other);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("envelope_long");
	TCase *tcase = tcase_create("json");

	tcase_add_loop_test(tcase,
	    envelope_with_a_long_payload_is_read_the_same, 0,
	    (int)MARKET__COUNT(rows));
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
