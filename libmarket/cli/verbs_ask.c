/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs that ask a store. */
#include "cli/cli.h"

/* clang-format off: option lists and pages are read as they stand. */

#define END                          \
	{                            \
		NULL, 0, NULL, false \
	}

static const market__cli_option_t list_options[] = {
	{ "--status", 0, "STATUS", false }, { "--seller", 0, "PARTY", false },
	{ "--brand", 0, "BRAND", false }, { "--limit", 0, "N", false },
	{ "--after", 0, "LISTING", false }, { "--at", 0, "TIME", false }, END
};

static const char list_page[] =
    "  market list shop.db\n"
    "  market list shop.db --status suspended --seller importer.example\n"
    "  market list shop.db --json --limit 100 --after importer.example/mi4\n"
    "\n"
    "usage: market list STORE [--status STATUS] [--seller PARTY]\n"
    "                   [--brand BRAND] [--limit N] [--after LISTING]\n"
    "                   [--at TIME] [--json]\n"
    "\n"
    "Lists what was submitted, in order of seller and offer id, with the\n"
    "cells in which it is live.\n"
    "\n"
    "  --status STATUS   published (live in every cell), partly-published,\n"
    "                    held (not live yet), suspended (no longer live),\n"
    "                    paused, ended or removed\n"
    "  --seller PARTY    of this seller\n"
    "  --brand BRAND     of this brand\n"
    "  --limit N         at most so many (default: all)\n"
    "  --after LISTING   those behind this one\n"
    "  --at TIME         as the store knew it then (default: now)\n"
    "  --json            prints a list of {\"id\", \"status\", \"seller\", "
    "\"brand\",\n"
    "                    \"model\", \"offer_id\", \"revision\", \"title\", "
    "\"price\",\n"
    "                    \"cells\"}\n";

static const market__cli_option_t why_options[] = {
	{ "--at", 0, "TIME", false }, { "--format", 0, "FORMAT", false }, END
};

static const char why_page[] =
    "  market why shop.db importer.example/mi4-white\n"
    "  market why shop.db importer.example/mi4-white --at "
    "2016-02-01T12:00:00Z\n"
    "  market why shop.db importer.example/mi4-white --format dot | dot -Tsvg\n"
    "\n"
    "usage: market why STORE LISTING [--at TIME] [--format text|dot|json]\n"
    "                  [--json]\n"
    "\n"
    "Tells how a listing stands, and everything that speaks for and against\n"
    "it: what it rests on, what is missing, and who can mend it.\n"
    "\n"
    "  --at TIME        as the store knew it then (default: now)\n"
    "  --format FORMAT  text, json, or dot: a graph for Graphviz\n"
    "  --json           as --format json: {\"listing\", \"decision\"}, what\n"
    "                   `list` and `check` tell\n";

static const market__cli_option_t graph_options[] = { { "--territory", 0, "T",
							  false },
	{ "--channel", 0, "C", false }, { "--network", 0, "N", false },
	{ "--at", 0, "TIME", false }, { "--format", 0, "FORMAT", false }, END };

static const char graph_page[] =
    "  market graph shop.db importer.example/mi4-white\n"
    "  market graph shop.db importer.example/mi4-white --territory US \\\n"
    "      --network t-mobile.com/us --format dot | dot -Tsvg\n"
    "  market graph shop.db 12\n"
    "\n"
    "usage: market graph STORE QUESTION [--territory T] [--channel C]\n"
    "                    [--network N] [--at TIME] [--format text|dot|json]\n"
    "                    [--json]\n"
    "\n"
    "Draws the chain from the trust root by parties, grants and sub-grants to\n"
    "the offer and its cells: who signed each statement, until when it holds,\n"
    "what does not hold and why, and what is missing.\n"
    "\n"
    "  QUESTION         a listing, and with the options below those of its\n"
    "                   cells that are meant; or the number of a question, as\n"
    "                   `impact --json` and `changes --json` tell it\n"
    "  --territory T    US, or US-CA\n"
    "  --channel C      online-store, marketplace, retail-store or wholesale\n"
    "  --network N      the network's id\n"
    "  --at TIME        as the store knew it then (default: now)\n"
    "  --format FORMAT  text: a tree; dot: for Graphviz; or json\n"
    "  --json           as --format json: {\"listing\", \"status\", \"at\",\n"
    "                   \"nodes\", \"edges\"}\n";

static const market__cli_option_t sale_options[] = {
	{ "--territory", 0, "T", false }, { "--channel", 0, "C", false },
	{ "--network", 0, "N", false }, { "--at", 0, "TIME", false }, END
};

static const char sale_page[] =
    "  market sale shop.db importer.example/mi4-white --territory US \\\n"
    "      --channel online-store --network t-mobile.com/us\n"
    "\n"
    "usage: market sale STORE LISTING --territory T --channel C --network N\n"
    "                   [--at TIME] [--json]\n"
    "\n"
    "May this listing be sold in this cell now? To be asked at the till. If\n"
    "not, the first finding against it is told; `market why` tells all.\n"
    "\n"
    "  --territory T   US, or US-CA\n"
    "  --channel C     online-store, marketplace, retail-store or wholesale\n"
    "  --network N     the network's id\n"
    "  --at TIME       as the store knew it then (default: now). Never decide\n"
    "                  a sale by that.\n"
    "  --json          prints {\"listing\", \"territory\", \"channel\", "
    "\"network\",\n"
    "                  \"at\", \"verdict\", \"horizon\"}\n"
    "\n"
    "exit: 0 yes, 1 no, 2 cannot tell, so no; 65 there is no such listing, or\n"
    "it does not ask for that cell\n";

static const market__cli_option_t impact_options[] = {
	{ "--digest", 0, "HEX", false }, { "--key", 0, "HEX", false },
	{ "--issuer", 0, "PARTY", false }, { "--with", 0, "FILE", true },
	{ "--listings", 0, NULL, false }, { "--at", 0, "TIME", false }, END
};

static const char impact_page[] =
    "  market impact shop.db --issuer mi.com\n"
    "  market impact shop.db --digest \"$(market show grant.dsse |\n"
    "      jq -r .digest)\"\n"
    "  market impact shop.db --key \"$(market keyid brand.pem)\" --listings\n"
    "  market impact shop.db --with new-policy.dsse\n"
    "\n"
    "usage: market impact STORE (--digest HEX | --key HEX | --issuer PARTY |\n"
    "                     --with FILE...) [--listings] [--at TIME] [--json]\n"
    "\n"
    "Tells what would go dark, or fall back to a lesser service, if a\n"
    "statement, or everything by a key or a party, were withdrawn; or with\n"
    "--with, what would change if statements were added, a policy too.\n"
    "Nothing is changed.\n"
    "\n"
    "  --digest HEX     this statement, or this offer\n"
    "  --key HEX        all that this key has ever signed\n"
    "  --issuer PARTY   all statements of this party\n"
    "  --with FILE      these statements; may be given many times\n"
    "  --listings       names the listings too\n"
    "  --at TIME        as of this instant (default: now)\n"
    "  --json           prints {\"effects\", \"dark\"}; dark counts listings "
    "that\n"
    "                   would have no live cell any more\n";

static const market__cli_option_t forecast_options[] = { { "--until", 0, "TIME",
							     false },
	{ "--listings", 0, NULL, false }, { "--at", 0, "TIME", false }, END };

static const char forecast_page[] =
    "  market forecast shop.db --until 2022-12-31T00:00:00Z\n"
    "\n"
    "usage: market forecast STORE --until TIME [--listings] [--at TIME]\n"
    "                       [--json]\n"
    "\n"
    "Tells what changes by itself until then if nothing is added: evidence\n"
    "and offers that end, networks that are switched off; when, why, and what\n"
    "service is left.\n"
    "\n"
    "  --until TIME   how far to look\n"
    "  --listings     names the listings too\n"
    "  --at TIME      from this instant (default: now)\n"
    "  --json         prints {\"effects\", \"dark\"}, as `impact` does\n";

static const market__cli_option_t changes_options[] = {
	{ "--since", 0, "N", false }, { "--limit", 0, "N", false },
	{ "--follow", 0, NULL, false }, { "--listings", 0, NULL, false }, END
};

static const char changes_page[] =
    "  market changes shop.db\n"
    "  market changes shop.db --since 1200 --follow --json\n"
    "\n"
    "usage: market changes STORE [--since N] [--limit N] [--follow]\n"
    "                      [--listings] [--json]\n"
    "\n"
    "Tells the history, one entry in a line, numbered without a gap:\n"
    "statements and offers that were accepted, answers that changed and by\n"
    "which entry, what sellers wanted.\n"
    "\n"
    "  --since N    entries behind this number (default: 0, from the first)\n"
    "  --limit N    at most so many\n"
    "  --follow     goes on with each new entry, until it is interrupted or\n"
    "               nobody reads any more\n"
    "  --listings   names the listings of an answer that changed\n"
    "  --json       one object for each entry, one in a line: {\"entry\", "
    "\"at\",\n"
    "               \"kind\"} and what belongs to that kind\n";

static const market__cli_verb_t verbs[] = {
	{ "list", "list what is in the store", list_page, list_options,
	    market__cli_list },
	{ "why", "why is a listing live, or not?", why_page, why_options,
	    market__cli_why },
	{ "graph", "from the trust root to the offer", graph_page,
	    graph_options, market__cli_graph },
	{ "sale", "may this be sold here, now?", sale_page, sale_options,
	    market__cli_sale },
	{ "impact", "what would go dark, or change?", impact_page,
	    impact_options, market__cli_impact },
	{ "forecast", "what will change by itself?", forecast_page,
	    forecast_options, market__cli_forecast },
	{ "changes", "the history, and what comes", changes_page,
	    changes_options, market__cli_changes },
};

/* clang-format on */

const market__cli_verb_t *
market__cli_ask_verb_at(size_t index)
{
	return index < MARKET__COUNT(verbs) ? &verbs[index] : NULL;
}
