/* SPDX-License-Identifier: Apache-2.0 */
#include <config.h>

#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"

/* ---- passphrases ---- */

/* The file's first line, without its end. */
static int
read_passphrase(market__cli_t *cli, const char *file, market_buffer_t *ret)
{
	size_t len;
	int rv;

	rv = market__cli_read(cli, file, ret);
	if (rv != CLI_DONE)
		return rv;
	len = strcspn((const char *)ret->data, "\r\n");
	market__wipe(ret->data + len, ret->len - len);
	return CLI_DONE;
}

static int
load_passphrases(market__cli_t *cli)
{
	size_t i, n = market__cli_count(cli, "--passphrase-file");
	int rv = CLI_DONE;

	if (cli->passphrases != NULL)
		return CLI_DONE;
	cli->passphrases = market__alloc_array(
	    cli->allocator, n + 1, sizeof(*cli->passphrases));
	if (cli->passphrases == NULL)
		return market__cli_error(NULL, MARKET_E_MEMORY, NULL);
	for (i = 0; i < n && rv == CLI_DONE; i++) {
		rv = read_passphrase(cli,
		    market__cli_value(cli, "--passphrase-file", i),
		    &cli->passphrases[i]);
		if (rv == CLI_DONE)
			cli->n_passphrases++;
	}
	return rv;
}

void
market__cli_forget(market__cli_t *cli)
{
	size_t i;

	for (i = 0; i < cli->n_passphrases; i++)
		market_buffer_clear(&cli->passphrases[i]);
	market__free(cli->allocator, cli->passphrases);
	cli->passphrases = NULL;
	cli->n_passphrases = 0;
}

/* Passphrase number `index`; the environment's where no file is given. */
static const char *
passphrase_at(const market__cli_t *cli, size_t index)
{
	if (cli->n_passphrases == 0)
		return index == 0 ? getenv("MARKET_PASSPHRASE") : NULL;
	if (index >= cli->n_passphrases)
		return NULL;
	return (const char *)cli->passphrases[index].data;
}

/* ---- keys ---- */

static bool
is_encrypted(market_slice_t pem)
{
	static const char mark[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
	size_t i, len = sizeof(mark) - 1;

	for (i = 0; i + len <= pem.len; i++)
		if (memcmp(pem.ptr + i, mark, len) == 0)
			return true;
	return false;
}

/* The passphrases are tried in turn; the last one's failure is told. */
static int
open_encrypted(market__cli_t *cli, const char *file, market_slice_t pem,
    market_signer_t **ret_signer)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status = MARKET_E_KEY;
	const char *passphrase;
	size_t i;
	int rv;

	rv = load_passphrases(cli);
	if (rv != CLI_DONE)
		return rv;
	if (passphrase_at(cli, 0) == NULL)
		return market__cli_say(CLI_DATA, file,
		    "the private key is encrypted: give its passphrase with "
		    "--passphrase-file FILE, or in MARKET_PASSPHRASE");
	for (i = 0; status == MARKET_E_KEY &&
	     (passphrase = passphrase_at(cli, i)) != NULL;
	     i++)
		status = market_signer_from_pem(
		    cli->context, pem, passphrase, ret_signer, &error);
	if (status != MARKET_OK)
		return market__cli_error(file, status, &error);
	return CLI_DONE;
}

int
market__cli_signer(
    market__cli_t *cli, const char *file, market_signer_t **ret_signer)
{
	market_buffer_t pem = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	int rv;

	rv = market__cli_read(cli, file, &pem);
	if (rv != CLI_DONE)
		return rv;
	if (is_encrypted(market_buffer_slice(&pem))) {
		rv = open_encrypted(
		    cli, file, market_buffer_slice(&pem), ret_signer);
	} else {
		status = market_signer_from_pem(cli->context,
		    market_buffer_slice(&pem), NULL, ret_signer, &error);
		if (status != MARKET_OK)
			rv = market__cli_error(file, status, &error);
	}
	market_buffer_clear(&pem);
	return rv;
}

const char *
market__cli_algorithm(const market_key_t *key)
{
	switch (market_key_algorithm(key)) {
	case MARKET_ALGORITHM_ED25519: return "ed25519";
	case MARKET_ALGORITHM_P256: return "p256";
	}
	return "unknown";
}

/* ---- keyid ---- */

static int
print_key(const market__cli_t *cli, const market_key_t *key)
{
	market__text_t out;

	market__text_init(&out, cli->allocator, 4096);
	if (cli->json)
		market__text_puts(&out, "{\"keyid\":\"");
	market__text_hex(&out, market_key_id(key));
	if (cli->json) {
		market__text_printf(&out, "\",\"algorithm\":\"%s\",\"spki\":\"",
		    market__cli_algorithm(key));
		market__text_base64(&out, market_key_spki(key));
		market__text_puts(&out, "\"}");
	}
	market__text_putc(&out, '\n');
	return market__cli_print_text(&out);
}

/* A reference to the key in a PEM text, public or private. */
static int
read_key(market__cli_t *cli, const char *file, market_slice_t pem,
    market_key_t **ret_key)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_signer_t *signer = NULL;
	market_status_t status;
	int rv;

	if (is_encrypted(pem)) {
		rv = open_encrypted(cli, file, pem, &signer);
		if (rv == CLI_DONE)
			*ret_key = market_key_ref(market_signer_key(signer));
		market_signer_free(signer);
		return rv;
	}
	status = market_key_from_pem(cli->context, pem, ret_key, &error);
	if (status != MARKET_OK)
		return market__cli_error(file, status, &error);
	return CLI_DONE;
}

int
market__cli_keyid(market__cli_t *cli)
{
	market_buffer_t pem = MARKET_BUFFER_INIT;
	market_key_t *key = NULL;
	int rv;

	rv = market__cli_operands(cli, 1, 1, "one FILE");
	if (rv == CLI_DONE)
		rv = market__cli_read(cli, cli->operands[0], &pem);
	if (rv == CLI_DONE)
		rv = read_key(
		    cli, cli->operands[0], market_buffer_slice(&pem), &key);
	if (rv == CLI_DONE)
		rv = print_key(cli, key);
	market_key_free(key);
	market_buffer_clear(&pem);
	return rv;
}

/* ---- keygen ---- */

static int
choose_algorithm(const market__cli_t *cli, market_algorithm_t *ret)
{
	const char *name = market__cli_value(cli, "--algorithm", 0);

	if (name == NULL || market__cli_same_word(name, "ed25519")) {
		*ret = MARKET_ALGORITHM_ED25519;
		return CLI_DONE;
	}
	if (market__cli_same_word(name, "p256") ||
	    market__cli_same_word(name, "p-256")) {
		*ret = MARKET_ALGORITHM_P256;
		return CLI_DONE;
	}
	return market__cli_usage(
	    cli, "--algorithm %s: there are ed25519 and p256", name);
}

/* To stdout, and the id to stderr; or to a new file, and the id to stdout. */
static int
store_key(const market__cli_t *cli, const char *file, market_slice_t pem,
    const market_key_t *key)
{
	char id[2 * MARKET_DIGEST_LEN + 1];
	market__text_t out;
	int rv;

	market__hex(market_key_id(key).ptr, MARKET_DIGEST_LEN, id);
	/* analyse(scan): market__cli_usage() is never CLI_DONE. */
	if (strcmp(file, "-") == 0) {
		rv = market__cli_print(pem);
		if (rv == CLI_DONE)
			market__cli_say(CLI_DONE, NULL, "key id %s", id);
		return rv;
	}
	rv = market__cli_write_file(file, pem, CLI_SECRET);
	if (rv != CLI_DONE)
		return rv;
	market__text_init(&out, cli->allocator, (size_t)1 << 16);
	if (cli->json) {
		market__text_puts(&out, "{\"file\":");
		market__cli_json_name(&out, file);
		market__text_printf(&out,
		    ",\"keyid\":\"%s\",\"algorithm\":\"%s\"}\n", id,
		    market__cli_algorithm(key));
	} else {
		market__text_printf(&out, "%s\n", id);
	}
	return market__cli_print_text(&out);
}

int
market__cli_keygen(market__cli_t *cli)
{
	const char *file = market__cli_value(cli, "--output", 0);
	market_error_t error = MARKET_ERROR_INIT;
	market_algorithm_t algorithm = MARKET_ALGORITHM_ED25519;
	market_buffer_t pem = MARKET_BUFFER_INIT;
	market_key_t *key = NULL;
	market_status_t status;
	int rv;

	rv = market__cli_operands(cli, 0, 0, "-o KEY.pem");
	if (rv == CLI_DONE && file == NULL)
		rv = market__cli_usage(cli, "name the new file: -o KEY.pem");
	if (rv == CLI_DONE)
		rv = choose_algorithm(cli, &algorithm);
	/* analyse(scan): market__cli_usage() is never CLI_DONE. */
	if (rv == CLI_DONE && cli->json && strcmp(file, "-") == 0)
		rv = market__cli_usage(
		    cli, "stdout cannot take the key and --json: name a file");
	if (rv != CLI_DONE)
		return rv;
	status = market_key_generate(cli->context, algorithm, &pem, &error);
	if (status == MARKET_OK)
		status = market_key_from_pem(
		    cli->context, market_buffer_slice(&pem), &key, &error);
	if (status != MARKET_OK)
		rv = market__cli_error(file, status, &error);
	else
		rv = store_key(cli, file, market_buffer_slice(&pem), key);
	market_key_free(key);
	market_buffer_clear(&pem);
	return rv;
}
