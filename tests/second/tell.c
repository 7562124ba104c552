/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the library says of bytes, for readers that were written apart from it.
 * A line of the standard input is a word and its arguments in hex, and gives
 * one line of fields between tabs:
 *
 *	E ENVELOPE	status of the strict check and, where that is OK, kind
 *			and the statement in JSON; status of the parse and,
 *			where that is OK, digest, PAE, and signatures as
 *			KEYID:SIG,...
 *	K SPKI		status, key id
 *	V SPKI MESSAGE SIGNATURE	status
 *
 * A status is that of the public call; what cannot be told is "-".
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <market/market.h>

#include "wire/wire.h"

/* No envelope within its limit has a longer statement. */
#define JSON_MAX ((size_t)64 * 1024 * 1024)

static int
digit(int c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits);
}

/* Decodes hex in place. */
static market_slice_t
unhex(char *text)
{
	uint8_t *bytes = (uint8_t *)text;
	size_t len = strlen(text) / 2, i;
	int high, low;

	if (strcmp(text, "-") == 0)
		return market__slice(text, 0);
	for (i = 0; i < len; i++) {
		high = digit(text[2 * i]);
		low = digit(text[2 * i + 1]);
		if (high < 0 || low < 0) {
			fprintf(stderr, "tell: not hex: %s\n", text);
			exit(EXIT_FAILURE);
		}
		bytes[i] = (uint8_t)(high * 16 + low);
	}
	return market__slice(bytes, len);
}

static void
put_hex(market_slice_t bytes)
{
	size_t i;

	if (bytes.len == 0)
		putchar('-');
	for (i = 0; i < bytes.len; i++)
		printf("%02x", bytes.ptr[i]);
}

static void
put_status(market_status_t status)
{
	fputs(market_status_name(status) + strlen("MARKET_"), stdout);
}

static void
must(market_status_t status, const char *what)
{
	if (status == MARKET_OK)
		return;
	fprintf(stderr, "tell: %s: %s\n", what, market_status_name(status));
	exit(EXIT_FAILURE);
}

/* The envelope and the encoding of its payload, without the model's rules. */
static bool
tell_strict(market_slice_t envelope)
{
	const market_allocator_t *allocator = &market__default_allocator;
	market__arena_t arena;
	market__envelope_t parsed;
	market__text_t json;
	market_status_t status;

	market__arena_init(
	    &arena, allocator, MARKET__PARSE_BUDGET(envelope.len));
	status = market__envelope_parse(
	    envelope, MARKET_KINDS_ALL, &arena, &parsed, NULL);
	if (status == MARKET_OK)
		status = market__strict_check(
		    parsed.kind, parsed.payload, NULL);
	put_status(status);
	if (status == MARKET_OK) {
		market__text_init(&json, allocator, JSON_MAX);
		must(market__payload_to_json(
			 parsed.kind, parsed.payload, 0, allocator, &json),
		    "json");
		printf("\t%s\t%s", market_kind_name(parsed.kind), json.data);
		market__text_clear(&json);
	} else {
		fputs("\t-\t-", stdout);
	}
	market__arena_clear(&arena);
	return status == MARKET_OK;
}

static void
put_signatures(const market_statement_t *statement)
{
	market_slice_t keyid, signature;
	size_t i;

	for (i = 0; i < market_statement_signature_count(statement); i++) {
		if (i > 0)
			putchar(',');
		must(market_statement_signature(
			 statement, i, &keyid, &signature),
		    "signature");
		put_hex(keyid);
		putchar(':');
		put_hex(signature);
	}
}

static void
put_statement(const market_statement_t *statement)
{
	market_buffer_t pae = MARKET_BUFFER_INIT;

	putchar('\t');
	put_hex(market_statement_digest(statement));
	putchar('\t');
	must(market_statement_pae(statement, &pae), "pae");
	put_hex(market_buffer_slice(&pae));
	market_buffer_clear(&pae);
	putchar('\t');
	put_signatures(statement);
}

static void
tell_envelope(market_context_t *context, market_slice_t envelope)
{
	market_statement_t *statement = NULL;
	market_status_t status;
	bool strict = tell_strict(envelope);

	putchar('\t');
	status = market_statement_parse(
	    context, envelope, MARKET_KINDS_ALL, &statement, NULL);
	put_status(status);
	if (status == MARKET_OK) {
		put_statement(statement);
		if (!strict)
			must(MARKET_E_INTERNAL, "parsed, and not strict");
	}
	market_statement_free(statement);
}

static void
tell_key(market_context_t *context, market_slice_t spki)
{
	market_key_t *key = NULL;
	market_status_t status = market_key_from_spki(
	    context, spki, &key, NULL);

	put_status(status);
	putchar('\t');
	put_hex(
	    status == MARKET_OK ? market_key_id(key) : market__slice(NULL, 0));
	market_key_free(key);
}

static void
tell_verdict(market_context_t *context, market_slice_t spki,
    market_slice_t message, market_slice_t signature)
{
	market_key_t *key = NULL;
	market_status_t status = market_key_from_spki(
	    context, spki, &key, NULL);

	if (status == MARKET_OK)
		status = market_key_verify(key, message, signature);
	put_status(status);
	market_key_free(key);
}

/* Cuts the next word off *rest. */
static char *
word(char **rest)
{
	char *begin = *rest;

	*rest += strcspn(*rest, " \n");
	if (**rest != '\0')
		*(*rest)++ = '\0';
	return begin;
}

static void
tell(market_context_t *context, char *line)
{
	const char *what = word(&line);
	market_slice_t bytes = unhex(word(&line)), message, signature;

	if (strcmp(what, "E") == 0) {
		tell_envelope(context, bytes);
	} else if (strcmp(what, "K") == 0) {
		tell_key(context, bytes);
	} else if (strcmp(what, "V") == 0) {
		message = unhex(word(&line));
		signature = unhex(word(&line));
		tell_verdict(context, bytes, message, signature);
	} else {
		fprintf(stderr, "tell: no such word: %s\n", what);
		exit(EXIT_FAILURE);
	}
	putchar('\n');
}

int
main(void)
{
	market_context_t *context = NULL;
	char *line = NULL;
	size_t room = 0;

	must(market_context_new(NULL, &context), "context");
	while (getline(&line, &room, stdin) > 0)
		tell(context, line);
	free(line);
	market_context_free(context);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
