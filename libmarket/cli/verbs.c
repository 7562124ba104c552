/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

/* clang-format off: option lists and pages are read as they stand. */

#define END                          \
	{                            \
		NULL, 0, NULL, false \
	}

static const market__cli_option_t no_options[] = { END };

static const market__cli_option_t keygen_options[] = { { "--algorithm", 0,
							   "NAME", false },
	{ "--output", 'o', "KEY.pem", false }, END };

static const market__cli_option_t keyid_options[] = {
	{ "--passphrase-file", 0, "FILE", true }, END
};

static const market__cli_option_t sign_options[] = { { "--key", 0, "KEY.pem",
							 true },
	{ "--output", 'o', "OUT", false }, { "--binary", 0, NULL, false },
	{ "--passphrase-file", 0, "FILE", true }, END };

static const market__cli_option_t show_options[] = {
	{ "--root", 0, "FILE", false }, END
};

static const market__cli_option_t root_options[] = {
	{ "--pin", 0, "DIGEST", false }, { "--at", 0, "TIME", false }, END
};

static const char root_page[] =
    "  market root show root.dsse\n"
    "  market root verify --pin 3b1e... 1.root 2.root 3.root\n"
    "  market root step shop.db 2.root 3.root\n"
    "\n"
    "usage: market root show [--json] FILE\n"
    "       market root verify [--pin DIGEST] [--at TIME] [--json] FILE...\n"
    "       market root step [--at TIME] [--json] STORE FILE...\n"
    "\n"
    "The trust root, and its way from revision to revision: each is signed "
    "by\n"
    "the thresholds of the one before it and of its own root keys, and none "
    "is\n"
    "left out. Ended ones are passed through; the last must be in its time.\n"
    "\n"
    "`show` prints one that holds together. `verify` walks from the first "
    "one,\n"
    "which is believed, to the last. `step` takes a store from its root to "
    "the\n"
    "last one, each step durable before the next.\n"
    "\n"
    "  --pin DIGEST   the first one must have this digest\n"
    "  --at TIME      when the last one must be in its time (default: now)\n"
    "  --json         for verify: {file, revision, digest, result: PINNED |\n"
    "                 FOLLOWS | REFUSED | EXPIRED, message}, one in a line\n"
    "\n"
    "exit: 0 good, 1 a revision does not follow, 2 the last one is not in "
    "its\n"
    "time, 65 a file that is no good input, 74 a file that cannot be read\n";

static const market__cli_option_t check_options[] = {
	{ "--root", 0, "FILE", false }, { "--policy", 0, "FILE", false },
	{ "--with", 0, "FILE", true }, { "--at", 0, "TIME", false },
	{ "--feed", 0, "FEED", false }, { "--proof", 0, "FILE", false }, END
};

static const char check_page[] =
    "  market check --root root.dsse --policy policy.dsse \\\n"
    "      --with grant.dsse --with certification.dsse offer.dsse\n"
    "  market check --root root.dsse --policy policy.dsse --json \\\n"
    "      --at 2016-02-01T00:00:00Z offers/*.dsse\n"
    "  market check shop.db offer.dsse\n"
    "  market check shop.db offer.dsse --with new-policy.dsse\n"
    "  market check --root root.dsse --policy policy.dsse --with grant.dsse "
    "\\\n"
    "      --feed catalogue.feed --proof sku-1.proof sku-1.offer\n"
    "\n"
    "usage: market check --root FILE --policy FILE [--with FILE]...\n"
    "                    [--at TIME] [--json] OFFER...\n"
    "       market check --root FILE --policy FILE [--with FILE]...\n"
    "                    --feed FEED --proof FILE [--at TIME] [--json] OFFER\n"
    "       market check STORE [--with FILE]... [--at TIME] [--json] OFFER...\n"
    "\n"
    "Judges each offer and tells everything that speaks for and against it:\n"
    "by the files that are named here, or by what a store holds. Nothing is\n"
    "kept.\n"
    "\n"
    "  --root FILE     the trust root\n"
    "  --policy FILE   the marketplace's policy\n"
    "  --with FILE     a statement; may be given many times, in any order.\n"
    "                  With a store: as if it were added\n"
    "  --at TIME       as of 2016-02-01T00:00:00Z, or Unix seconds (default:\n"
    "                  now); of a store, as it knew it then, but with\n"
    "                  --with as it knows it now\n"
    "  --feed FEED     the signed feed that lists the offer, which then is no\n"
    "                  envelope but its row alone; rows behind it are not "
    "read\n"
    "  --proof FILE    that the feed lists it, as `market feed prove` makes "
    "it\n"
    "  --json          one object for each offer, one in a line\n"
    "\n"
    "exit: 0 all permitted, 1 all denied, 2 cannot tell for all, 3 several\n"
    "that differ, 65 a file that is no good input, 74 a file that cannot be\n"
    "read\n";

static const market__cli_verb_t verbs[] = {
	{ "keygen", "make a private key",
	    "  market keygen -o brand.pem\n"
	    "  market keygen --algorithm p256 -o carrier.pem\n"
	    "\n"
	    "usage: market keygen [--algorithm ed25519|p256] -o KEY.pem "
	    "[--json]\n"
	    "\n"
	    "Makes a private key, as `openssl pkey` reads it, in a new file "
	    "that only\n"
	    "its owner can read, and prints the key's id. A file that is there "
	    "already\n"
	    "is never replaced.\n"
	    "\n"
	    "  --algorithm NAME   ed25519 (the default) or p256\n"
	    "  -o, --output FILE  where the key goes; - is stdout, and then "
	    "the key's\n"
	    "                     id goes to stderr\n"
	    "  --json             prints {\"file\", \"keyid\", "
	    "\"algorithm\"}\n",
	    keygen_options, market__cli_keygen },
	{ "keyid", "print the id of a key",
	    "  market keyid brand.pem\n"
	    "  openssl pkey -in brand.pem -pubout | market keyid -\n"
	    "\n"
	    "usage: market keyid [--passphrase-file FILE]... [--json] FILE\n"
	    "\n"
	    "Prints the id of a public or private key in PEM: the SHA-256 of "
	    "its\n"
	    "SubjectPublicKeyInfo in DER, in lower-case hex.\n"
	    "\n"
	    "  --passphrase-file FILE\n"
	    "           for an encrypted key: its passphrase is the file's "
	    "first line;\n"
	    "           else it is taken from the environment, "
	    "MARKET_PASSPHRASE\n"
	    "  --json   prints {\"keyid\", \"algorithm\", \"spki\"}; spki is "
	    "base64, as a\n"
	    "           statement's `keys` have it\n",
	    keyid_options, market__cli_keyid },
	{ "root", "follow the trust root", root_page, root_options,
	    market__cli_root },
	{ "template", "print an example document of a kind",
	    "  market template offer >offer.json\n"
	    "  market template trust-root\n"
	    "\n"
	    "usage: market template [--json] KIND\n"
	    "\n"
	    "Prints a document with an example value in each field, to be "
	    "filled in and\n"
	    "signed. Fields that do not apply are taken out.\n"
	    "\n"
	    "  --json   in one line\n",
	    no_options, market__cli_template },
	{ "sign", "sign a document",
	    "  market sign offer --key seller.pem offer.json -o offer.dsse\n"
	    "  market sign trust-root --key board1.pem --key board2.pem "
	    "root.json\n"
	    "  market template hold | market sign hold --key shop.pem - "
	    ">hold.dsse\n"
	    "\n"
	    "usage: market sign KIND --key KEY.pem... [-o OUT] [--binary] "
	    "[--json] IN.json\n"
	    "\n"
	    "Reads a document (proto3 JSON, strictly), and writes the signed "
	    "statement as\n"
	    "a DSSE envelope. Warns where readers will refuse the statement.\n"
	    "\n"
	    "  --key FILE         a private key in PEM; each makes one "
	    "signature\n"
	    "  -o, --output FILE  where the envelope goes (default: stdout)\n"
	    "  --binary           DSSE in protobuf instead of in JSON\n"
	    "  --passphrase-file FILE\n"
	    "                     for encrypted keys: a passphrase is the "
	    "file's first\n"
	    "                     line; else MARKET_PASSPHRASE in the "
	    "environment\n"
	    "  --json             with -o: prints {\"file\", \"kind\", "
	    "\"digest\", \"keyids\"}\n",
	    sign_options, market__cli_sign },
	{ "show", "show what a signed file says, and who signed it",
	    "  market show offer.dsse\n"
	    "  market show --root root.dsse grant.dsse\n"
	    "\n"
	    "usage: market show [--root FILE] [--json] FILE\n"
	    "\n"
	    "Prints {\"kind\", \"digest\", \"signatures\", \"verified\", "
	    "\"statement\"}. Without\n"
	    "a trust root no signature is known to be good: `verified` and "
	    "each `ok` are\n"
	    "false. With one, `ok` says that `party` made the signature, and "
	    "`verified`\n"
	    "that the threshold of the issuer's keys did. A party that only a "
	    "grant or a\n"
	    "seller statement names is not in the root; `market check` finds "
	    "those.\n"
	    "\n"
	    "  --root FILE   the trust root\n"
	    "  --json        in one line\n",
	    show_options, market__cli_show },
	{ "pae", "print the bytes that the signatures are over",
	    "  market pae offer.dsse >offer.pae\n"
	    "  openssl pkeyutl -verify -rawin -in offer.pae -sigfile sig \\\n"
	    "      -pubin -inkey seller.pub\n"
	    "\n"
	    "usage: market pae [--json] FILE\n"
	    "\n"
	    "Prints the pre-authentication encoding of DSSE. The statement's "
	    "digest is\n"
	    "the SHA-256 of just these bytes.\n"
	    "\n"
	    "  --json   prints {\"kind\", \"digest\", \"pae\"}; pae is "
	    "base64\n",
	    no_options, market__cli_pae },
	{ "check", "may these offers be listed?", check_page, check_options,
	    market__cli_check },
};

/* Those that are about the others. */
static const market__cli_verb_t last_verbs[] = {
	{ "explain", "what a finding means, and what mends it",
	    "  market explain CERTIFICATION_MISSING\n"
	    "  market explain 3101\n"
	    "  market explain\n"
	    "\n"
	    "usage: market explain [--json] [CODE]\n"
	    "\n"
	    "Explains one code, or lists all.\n"
	    "\n"
	    "  --json   prints {\"code\", \"number\", \"effect\", \"actor\", "
	    "\"clears\",\n"
	    "           \"meaning\", \"remedy\"}, or an array of them\n",
	    no_options, market__cli_explain },
	{ "help", "explain a verb",
	    "  market help check\n"
	    "\n"
	    "usage: market help [VERB]\n",
	    no_options, market__cli_help },
};

/* clang-format on */

static const market__cli_verb_t *
own_verb_at(size_t index)
{
	return index < MARKET__COUNT(verbs) ? &verbs[index] : NULL;
}

static const market__cli_verb_t *
last_verb_at(size_t index)
{
	return index < MARKET__COUNT(last_verbs) ? &last_verbs[index] : NULL;
}

const market__cli_verb_t *
market__cli_verb_at(size_t index)
{
	static const market__cli_verb_t *(*const tables[])(size_t) = {
		own_verb_at,
		market__cli_feed_verb_at,
		market__cli_store_verb_at,
		market__cli_ask_verb_at,
		last_verb_at,
	};
	size_t i, n;

	for (i = 0; i < MARKET__COUNT(tables); i++) {
		for (n = 0; tables[i](n) != NULL; n++)
			continue;
		if (index < n)
			return tables[i](index);
		index -= n;
	}
	return NULL;
}

const market__cli_verb_t *
market__cli_verb_find(const char *name)
{
	const market__cli_verb_t *verb;
	size_t i;

	for (i = 0; (verb = market__cli_verb_at(i)) != NULL; i++)
		if (strcmp(verb->name, name) == 0)
			return verb;
	return NULL;
}
