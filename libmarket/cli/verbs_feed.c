/* SPDX-License-Identifier: Apache-2.0 */
/* The verb of feeds. */
#include "cli/cli.h"

/* clang-format off: option lists and pages are read as they stand. */

static const market__cli_option_t feed_options[] = {
	{ "--key", 0, "KEY.pem", true }, { "--output", 'o', "OUT", false },
	{ "--rows", 0, "ROWS", false }, { "--binary", 0, NULL, false },
	{ "--passphrase-file", 0, "FILE", true },
	{ "--root", 0, "FILE", false }, { "--policy", 0, "FILE", false },
	{ "--with", 0, "FILE", true }, { "--at", 0, "TIME", false },
	{ "--threads", 0, "N", false }, { "--results", 0, "FILE", false },
	{ "--max-ended", 0, "N", false }, { "--offer", 0, "ID", false },
	{ "--payload", 0, "FILE", false }, { NULL, 0, NULL, false }
};

static const char feed_page[] =
    "  market feed pack --key seller.pem feed.json offers.jsonl \\\n"
    "      -o catalogue.feed\n"
    "  market feed verify --root root.dsse --policy policy.dsse \\\n"
    "      --with grant.dsse --threads 4 catalogue.feed\n"
    "  market feed submit shop.db catalogue.feed --threads 2\n"
    "  market feed prove --offer sku-1 catalogue.feed -o sku-1.proof \\\n"
    "      --payload sku-1.offer\n"
    "\n"
    "usage: market feed pack --key KEY.pem... [--passphrase-file FILE]...\n"
    "                   [--rows ROWS [--binary]] [--json] -o FEED LIST.json\n"
    "                   OFFERS...\n"
    "       market feed verify --root FILE --policy FILE [--with FILE]...\n"
    "                   [--at TIME] [--threads N] [--results FILE] [--json]\n"
    "                   FEED [ROWS]\n"
    "       market feed submit [--at TIME] [--threads N] [--max-ended N]\n"
    "                   [--results FILE] [--json] STORE FEED [ROWS]\n"
    "       market feed prove --offer ID -o PROOF [--payload FILE] [--json]\n"
    "                   FEED [ROWS]\n"
    "\n"
    "One signature for many offers of a seller: a signed list with the Merkle\n"
    "root of its rows, and the rows, in one file or in two.\n"
    "\n"
    "`pack` reads LIST.json, which has `header` and `mode`, and offers, one\n"
    "JSON document in a line, in the order of their ids byte by byte\n"
    "(`LC_ALL=C sort`); it writes their rows and signs the list. `verify`\n"
    "judges each row as `check` would judge it alone, and tells those that\n"
    "are not plainly permitted: a bad row harms itself, a bad chunk its 256\n"
    "rows. `submit` makes them listings of a store, and goes on where it was\n"
    "ended; what an earlier revision had and a full feed lacks has ended.\n"
    "`prove` writes the proof that the list has an offer, for `check --feed\n"
    "--proof`.\n"
    "\n"
    "  --key FILE         a private key in PEM; each makes one signature\n"
    "  --passphrase-file FILE\n"
    "                     for encrypted keys, as with `sign`\n"
    "  -o, --output FILE  the feed; or the proof; - is stdout\n"
    "  --rows ROWS        rows go to a file of their own, and the list by\n"
    "                     itself to FEED\n"
    "  --binary           that list in protobuf instead of in JSON\n"
    "  --root, --policy, --with, --at\n"
    "                     as with `check`; of submit, as with `submit`\n"
    "  --threads N        that work at once (default: 1)\n"
    "  --results FILE     what is told of rows goes there, in JSON, with the\n"
    "                     summary as its last line\n"
    "  --max-ended N      listings that may end because the feed lacks them\n"
    "                     (default: none)\n"
    "  --offer ID         the offer, by its header's id\n"
    "  --payload FILE     where the offer goes, as its row has it; or -\n"
    "  --json             for verify and submit: {row, rows, offer_id,\n"
    "                     result: PERMIT | DENY | INDETERMINATE | REFUSED,\n"
    "                     error, decision} in a line each, of submit also\n"
    "                     {taken, message}, and {summary} in the last\n"
    "\n"
    "exit, of verify and submit: 0 all permitted, 1 all denied, 2 cannot tell\n"
    "for all, 3 they differ, 65 rows that are no offers of the list, or a\n"
    "file or a list that is refused, 74 a file that cannot be read, 75 try\n"
    "again: somebody else writes\n";

static const market__cli_verb_t verbs[] = {
	{ "feed", "one signature for many offers", feed_page, feed_options,
	    market__cli_feed },
};

/* clang-format on */

const market__cli_verb_t *
market__cli_feed_verb_at(size_t index)
{
	return index < MARKET__COUNT(verbs) ? &verbs[index] : NULL;
}
