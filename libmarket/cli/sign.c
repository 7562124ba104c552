/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

/* ---- template ---- */

int
market__cli_template(market__cli_t *cli)
{
	market_buffer_t json = MARKET_BUFFER_INIT;
	market_status_t status;
	market__text_t out;
	market_kind_t kind;
	int rv;

	rv = market__cli_operands(cli, 1, 1, "one KIND");
	if (rv == CLI_DONE)
		rv = market__cli_kind(cli, cli->operands[0], &kind);
	if (rv != CLI_DONE)
		return rv;
	status = market_template_json(cli->context, kind, &json);
	if (status != MARKET_OK)
		return market__cli_error(cli->operands[0], status, NULL);
	market__text_init(&out, cli->allocator, MARKET__CLI_FILE_MAX);
	market__cli_lay_out(&out, market_buffer_slice(&json), !cli->json);
	market_buffer_clear(&json);
	return market__cli_print_text(&out);
}

/* ---- sign ---- */

/* One run of `sign`. */
typedef struct signing {
	const char *in;  /* the document ... */
	const char *out; /* ... and the envelope; NULL or "-" is stdout */
	market_kind_t kind;
	market_draft_t *draft;
	market__cli_signers_t signers;
	market_buffer_t envelope;
} signing_t;

static bool
to_stdout(const signing_t *signing)
{
	return signing->out == NULL || strcmp(signing->out, "-") == 0;
}

static int
look_at_options(market__cli_t *cli, signing_t *signing)
{
	int rv;

	rv = market__cli_operands(cli, 2, 2, "a KIND and the document IN.json");
	if (rv != CLI_DONE)
		return rv;
	rv = market__cli_kind(cli, cli->operands[0], &signing->kind);
	if (rv != CLI_DONE)
		return rv;
	signing->in = cli->operands[1];
	signing->out = market__cli_value(cli, "--output", 0);
	if (cli->json && to_stdout(signing))
		return market__cli_usage(cli,
		    "--json needs -o OUT: stdout has the envelope already");
	return CLI_DONE;
}

int
market__cli_load_signers(market__cli_t *cli, market__cli_signers_t *signers)
{
	size_t i, n = market__cli_count(cli, "--key");
	int rv = CLI_DONE;

	if (n == 0)
		return market__cli_usage(
		    cli, "name the key to sign with: --key KEY.pem");
	signers->v = market__alloc_array(
	    cli->allocator, n, sizeof(market_signer_t *));
	if (signers->v == NULL)
		return market__cli_error(NULL, MARKET_E_MEMORY, NULL);
	for (i = 0; i < n && rv == CLI_DONE; i++) {
		rv = market__cli_signer(
		    cli, market__cli_value(cli, "--key", i), &signers->v[i]);
		if (rv == CLI_DONE)
			signers->n++;
	}
	return rv;
}

void
market__cli_free_signers(
    const market__cli_t *cli, market__cli_signers_t *signers)
{
	size_t i;

	for (i = 0; i < signers->n; i++)
		market_signer_free(signers->v[i]);
	market__free(cli->allocator, (void *)signers->v);
	signers->v = NULL;
	signers->n = 0;
}

static int
load_draft(market__cli_t *cli, signing_t *signing)
{
	market_buffer_t json = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	int rv;

	rv = market__cli_read(cli, signing->in, &json);
	if (rv != CLI_DONE)
		return rv;
	status = market_draft_from_json(cli->context, signing->kind,
	    market_buffer_slice(&json), &signing->draft, &error);
	market_buffer_clear(&json);
	if (status != MARKET_OK)
		return market__cli_error(signing->in, status, &error);
	return CLI_DONE;
}

/* "header.not_after" as the document has it: "header.notAfter". */
static void
add_json_path(market__text_t *out, const char *path)
{
	for (; *path != '\0'; path++) {
		if (path[0] == '_' && path[1] >= 'a' && path[1] <= 'z')
			market__text_putc(out, (char)(*++path - 'a' + 'A'));
		else
			market__text_putc(out, *path);
	}
}

/* Others may read it all the same, so it is signed; but its author hears. */
static void
warn(const market__cli_t *cli, const signing_t *signing)
{
	market_error_t error = MARKET_ERROR_INIT;
	market__text_t path;

	if (market_draft_check(signing->draft, &error) == MARKET_OK)
		return;
	market__text_init(&path, cli->allocator, MARKET_ERROR_PATH_MAX);
	add_json_path(&path, error.path);
	market__cli_say(CLI_DONE, NULL,
	    "warning: %s: %s%s%s: readers will refuse this",
	    strcmp(signing->in, "-") == 0 ? "(stdin)" : signing->in,
	    path.data == NULL ? "" : path.data, path.len == 0 ? "" : ": ",
	    error.message);
	market__text_clear(&path);
}

/* {"file", "kind", "digest", "keyids"}; no digest where none can parse it. */
static int
tell(market__cli_t *cli, const signing_t *signing)
{
	market_statement_t *statement = NULL;
	market__text_t out;
	size_t i;

	market__text_init(&out, cli->allocator, (size_t)1 << 16);
	market__text_puts(&out, "{\"file\":");
	market__cli_json_name(&out, signing->out);
	market__text_printf(&out,
	    ",\"kind\":\"%s\",\"digest\":", market_kind_name(signing->kind));
	if (market_statement_parse(cli->context,
		market_buffer_slice(&signing->envelope),
		MARKET_KINDS(signing->kind), &statement, NULL) == MARKET_OK) {
		market__text_putc(&out, '"');
		market__text_hex(&out, market_statement_digest(statement));
		market__text_putc(&out, '"');
	} else {
		market__text_puts(&out, "null");
	}
	market__text_puts(&out, ",\"keyids\":[");
	for (i = 0; i < signing->signers.n; i++) {
		market__text_puts(&out, i == 0 ? "\"" : ",\"");
		market__text_hex(&out,
		    market_key_id(market_signer_key(signing->signers.v[i])));
		market__text_putc(&out, '"');
	}
	market__text_puts(&out, "]}\n");
	market_statement_free(statement);
	return market__cli_print_text(&out);
}

static int
sign(market__cli_t *cli, signing_t *signing)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_format_t format = market__cli_flag(cli, "--binary")
	    ? MARKET_FORMAT_PROTOBUF
	    : MARKET_FORMAT_JSON;
	market_status_t status;
	market_slice_t data;
	int rv;

	status = market_draft_sign(signing->draft, signing->signers.v,
	    signing->signers.n, format, &signing->envelope, &error);
	if (status != MARKET_OK)
		return market__cli_error(signing->in, status, &error);
	warn(cli, signing);
	data = market_buffer_slice(&signing->envelope);
	if (to_stdout(signing))
		return market__cli_print(data);
	rv = market__cli_write_file(signing->out, data, CLI_REPLACE);
	if (rv == CLI_DONE && cli->json)
		rv = tell(cli, signing);
	return rv;
}

int
market__cli_sign(market__cli_t *cli)
{
	signing_t signing = { .envelope = MARKET_BUFFER_INIT };
	int rv;

	rv = look_at_options(cli, &signing);
	if (rv == CLI_DONE)
		rv = market__cli_load_signers(cli, &signing.signers);
	if (rv == CLI_DONE)
		rv = load_draft(cli, &signing);
	if (rv == CLI_DONE)
		rv = sign(cli, &signing);
	market__cli_free_signers(cli, &signing.signers);
	market_draft_free(signing.draft);
	market_buffer_clear(&signing.envelope);
	return rv;
}
