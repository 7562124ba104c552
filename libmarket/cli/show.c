/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

static int
read_statement(
    market__cli_t *cli, const char *file, market_statement_t **ret_statement)
{
	market_buffer_t bytes = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	int rv;

	rv = market__cli_read(cli, file, &bytes);
	if (rv != CLI_DONE)
		return rv;
	status = market_statement_parse(cli->context,
	    market_buffer_slice(&bytes), MARKET_KINDS_ALL, ret_statement,
	    &error);
	if (status != MARKET_OK)
		rv = market__cli_no_statement(
		    cli, file, market_buffer_slice(&bytes), status, &error);
	market_buffer_clear(&bytes);
	return rv;
}

static int
read_root(market__cli_t *cli, const char *file, market_root_t **ret_root)
{
	market_buffer_t bytes = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	int rv;

	rv = market__cli_read(cli, file, &bytes);
	if (rv != CLI_DONE)
		return rv;
	status = market_root_parse(
	    cli->context, market_buffer_slice(&bytes), ret_root, &error);
	market_buffer_clear(&bytes);
	if (status != MARKET_OK)
		return market__cli_error(file, status, &error);
	return CLI_DONE;
}

static void
add_kind(market__text_t *out, const market_statement_t *statement)
{
	market__text_printf(out, "{\"kind\":\"%s\",\"digest\":\"",
	    market_kind_name(market_statement_kind(statement)));
	market__text_hex(out, market_statement_digest(statement));
	market__text_putc(out, '"');
}

/* ---- pae ---- */

static int
print_pae(const market__cli_t *cli, const market_statement_t *statement,
    market_slice_t pae)
{
	market__text_t out;

	if (!cli->json)
		return market__cli_print(pae);
	market__text_init(&out, cli->allocator, 4 * MARKET__CLI_FILE_MAX);
	add_kind(&out, statement);
	market__text_puts(&out, ",\"pae\":\"");
	market__text_base64(&out, pae);
	market__text_puts(&out, "\"}\n");
	return market__cli_print_text(&out);
}

int
market__cli_pae(market__cli_t *cli)
{
	market_statement_t *statement = NULL;
	market_buffer_t pae = MARKET_BUFFER_INIT;
	market_status_t status;
	int rv;

	rv = market__cli_operands(cli, 1, 1, "one FILE");
	if (rv == CLI_DONE)
		rv = read_statement(cli, cli->operands[0], &statement);
	if (rv != CLI_DONE)
		return rv;
	status = market_statement_pae(statement, &pae);
	if (status != MARKET_OK)
		rv = market__cli_error(cli->operands[0], status, NULL);
	else
		rv = print_pae(cli, statement, market_buffer_slice(&pae));
	market_buffer_clear(&pae);
	market_statement_free(statement);
	return rv;
}

/* ---- show ---- */

static market_status_t
add_signature(market__text_t *out, const market_root_t *root,
    const market_statement_t *statement, size_t index)
{
	market_slice_t keyid, signature, party = market__slice(NULL, 0);
	market_status_t status;
	bool ok = false;

	status = market_statement_signature(
	    statement, index, &keyid, &signature);
	if (status != MARKET_OK)
		return status;
	if (root != NULL) {
		status = market_root_signer(root, statement, index, &party);
		if (status != MARKET_OK && status != MARKET_E_SIGNATURE)
			return status;
		ok = status == MARKET_OK;
	}
	market__text_puts(out, index == 0 ? "{\"keyid\":" : ",{\"keyid\":");
	market__text_json(out, keyid);
	market__text_printf(
	    out, ",\"ok\":%s,\"party\":", ok ? "true" : "false");
	if (ok)
		market__text_json(out, party);
	else
		market__text_puts(out, "null");
	market__text_putc(out, '}');
	return MARKET_OK;
}

/* Does the threshold of the issuer's keys stand behind it? Says why not. */
static market_status_t
verify(const char *file, const market_root_t *root,
    const market_statement_t *statement, bool *ret_verified)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	*ret_verified = false;
	if (root == NULL)
		return MARKET_OK;
	status = market_root_verify(root, statement, &error);
	*ret_verified = status == MARKET_OK;
	if (status != MARKET_E_SIGNATURE && status != MARKET_E_NOT_FOUND)
		return status;
	market__cli_say(CLI_DONE, file, "not verified: %s%s%s", error.path,
	    error.path[0] == '\0' ? "" : ": ", error.message);
	return MARKET_OK;
}

static market_status_t
describe(const char *file, const market_root_t *root,
    const market_statement_t *statement, market__text_t *out)
{
	market_buffer_t json = MARKET_BUFFER_INIT;
	market_status_t status;
	bool verified;
	size_t i;

	add_kind(out, statement);
	market__text_puts(out, ",\"signatures\":[");
	for (i = 0; i < market_statement_signature_count(statement); i++) {
		status = add_signature(out, root, statement, i);
		if (status != MARKET_OK)
			return status;
	}
	status = verify(file, root, statement, &verified);
	if (status == MARKET_OK)
		status = market_statement_json(statement, 0, &json);
	if (status != MARKET_OK)
		return status;
	market__text_printf(out,
	    "],\"verified\":%s,\"statement\":", verified ? "true" : "false");
	market__text_slice(out, market_buffer_slice(&json));
	market__text_puts(out, "}");
	market_buffer_clear(&json);
	return out->status;
}

int
market__cli_show_statement(const market__cli_t *cli, const char *file,
    const market_root_t *root, const market_statement_t *statement)
{
	market__text_t line, page;
	market_status_t status;

	market__text_init(&line, cli->allocator, 16 * MARKET__CLI_FILE_MAX);
	status = describe(file, root, statement, &line);
	if (status != MARKET_OK) {
		market__text_clear(&line);
		return market__cli_error(file, status, NULL);
	}
	market__text_init(&page, cli->allocator, 64 * MARKET__CLI_FILE_MAX);
	market__cli_lay_out(
	    &page, market__slice(line.data, line.len), !cli->json);
	market__text_clear(&line);
	return market__cli_print_text(&page);
}

int
market__cli_show(market__cli_t *cli)
{
	const char *root_file = market__cli_value(cli, "--root", 0);
	market_statement_t *statement = NULL;
	market_root_t *root = NULL;
	int rv;

	rv = market__cli_operands(cli, 1, 1, "one FILE");
	if (rv == CLI_DONE && root_file != NULL)
		rv = read_root(cli, root_file, &root);
	if (rv == CLI_DONE)
		rv = read_statement(cli, cli->operands[0], &statement);
	if (rv == CLI_DONE)
		rv = market__cli_show_statement(
		    cli, cli->operands[0], root, statement);
	market_statement_free(statement);
	market_root_free(root);
	return rv;
}
