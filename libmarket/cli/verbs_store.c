/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs that change a store, or look after it. */
#include "cli/cli.h"

/* clang-format off: option lists and pages are read as they stand. */

#define END                          \
	{                            \
		NULL, 0, NULL, false \
	}

static const market__cli_option_t init_options[] = { { "--root", 0, "FILE",
							 false },
	{ "--policy", 0, "FILE", false }, { "--at", 0, "TIME", false }, END };

static const char init_page[] =
    "  market init shop.db --root root.dsse --policy policy.dsse\n"
    "\n"
    "usage: market init STORE --root FILE --policy FILE [--at TIME] [--json]\n"
    "\n"
    "Makes a new store, in a file that is not there yet. The trust root is\n"
    "believed because it is named here; everything else that the store takes\n"
    "in is measured by it. The mark tells how far the history has come: keep\n"
    "it elsewhere, and `market fsck --mark` says whether the store still\n"
    "agrees with it.\n"
    "\n"
    "  --root FILE     the trust root\n"
    "  --policy FILE   the marketplace's policy\n"
    "  --at TIME       by this clock (default: that of the system)\n"
    "  --json          prints {\"store\", \"marketplace\", \"mark\"}\n";

static const market__cli_option_t add_options[] = {
	{ "--at", 0, "TIME", false }, END
};

static const char add_page[] =
    "  market add shop.db statements/*.dsse\n"
    "  market add shop.db withdrawal.dsse --json\n"
    "\n"
    "usage: market add STORE FILE... [--at TIME] [--json]\n"
    "\n"
    "Takes statements in: trust roots and policies, grants, certifications,\n"
    "withdrawals and so on. The order of the files does not matter. What a\n"
    "statement takes away is gone when its line is printed; what it gives\n"
    "appears by itself.\n"
    "\n"
    "  --at TIME   by this clock (default: that of the system)\n"
    "  --json      one object for each file, one in a line: {\"file\", "
    "\"kind\",\n"
    "              \"issuer\", \"id\", \"revision\", \"digest\", \"result\",\n"
    "              \"findings\", \"cells_changed\"}\n"
    "\n"
    "result: ACCEPTED; DUPLICATE, it was here already; STALE, a newer\n"
    "revision is here; FORK, the same revision was signed with other words,\n"
    "and neither counts; REFUSED, no evidence\n"
    "\n"
    "exit: 0 all accepted or here already, 65 one was not, 74 a file cannot\n"
    "be read; the others stay in any case\n";

static const market__cli_option_t submit_options[] = {
	{ "--at", 0, "TIME", false }, END
};

static const char submit_page[] =
    "  market submit shop.db offer.dsse\n"
    "  market submit shop.db offers/*.dsse --json\n"
    "\n"
    "usage: market submit STORE OFFER... [--at TIME] [--json]\n"
    "\n"
    "Submits offers. A good one becomes a listing, also where nothing permits\n"
    "it yet: it is held, and appears by itself when the evidence comes. The\n"
    "same offer twice is one listing; a higher revision replaces a lower one.\n"
    "\n"
    "  --at TIME   by this clock (default: that of the system)\n"
    "  --json      one object for each offer, one in a line: {\"listing\",\n"
    "              \"result\", \"entry\", \"message\"} and all that `check` "
    "tells;\n"
    "              {\"file\", \"result\", \"error\"} of what is no offer\n"
    "\n"
    "exit: 0 all permitted, 1 all denied, 2 cannot tell for all, 3 several\n"
    "that differ, 65 one is no good input or was not taken in, 74 a file that\n"
    "cannot be read\n";

static const market__cli_option_t pause_options[] = {
	{ "--at", 0, "TIME", false }, END
};

static const char pause_page[] =
    "  market pause shop.db importer.example/mi4-white\n"
    "\n"
    "usage: market pause STORE LISTING [--at TIME] [--json]\n"
    "\n"
    "Takes a listing off for as long as the seller wants.\n"
    "\n"
    "  --at TIME   by this clock (default: that of the system)\n"
    "  --json      prints {\"listing\", \"intent\"}; intent is PAUSE\n";

static const market__cli_option_t resume_options[] = {
	{ "--at", 0, "TIME", false }, END
};

static const char resume_page[] =
    "  market resume shop.db importer.example/mi4-white\n"
    "\n"
    "usage: market resume STORE LISTING [--at TIME] [--json]\n"
    "\n"
    "Puts a paused or ended listing back: live where the evidence permits.\n"
    "\n"
    "  --at TIME   by this clock (default: that of the system)\n"
    "  --json      prints {\"listing\", \"intent\"}; intent is PUBLISH\n";

static const market__cli_option_t end_options[] = {
	{ "--at", 0, "TIME", false }, END
};

static const char end_page[] =
    "  market end shop.db importer.example/mi4-white\n"
    "\n"
    "usage: market end STORE LISTING [--at TIME] [--json]\n"
    "\n"
    "Ends a listing for the seller. A later `resume` begins it again.\n"
    "\n"
    "  --at TIME   by this clock (default: that of the system)\n"
    "  --json      prints {\"listing\", \"intent\"}; intent is END\n";

static const market__cli_option_t hold_options[] = {
	{ "--key", 0, "KEY.pem", true }, { "--reason", 0, "REASON", false },
	{ "--until", 0, "TIME", false }, { "--note", 0, "TEXT", false },
	{ "--passphrase-file", 0, "FILE", true }, { "--at", 0, "TIME", false },
	END
};

static const char hold_page[] =
    "  market hold shop.db importer.example/mi4-white \\\n"
    "      --key shop.pem --reason policy --until 2016-03-01T00:00:00Z\n"
    "  market hold shop.db importer.example/mi4-white \\\n"
    "      --key shop.pem --reason safety --note \"A battery burned.\"\n"
    "\n"
    "usage: market hold STORE LISTING --key KEY.pem... --reason REASON\n"
    "                   [--until TIME] [--note TEXT] [--at TIME] [--json]\n"
    "\n"
    "Signs a hold of the listing, as the marketplace, and adds it: the\n"
    "listing is off at once. A hold lasts until its end, or until it is\n"
    "withdrawn.\n"
    "\n"
    "  --key KEY.pem     a private key of the marketplace; may be repeated\n"
    "  --reason REASON   ceased, superseded, key-compromise, error, safety or\n"
    "                    policy\n"
    "  --until TIME      when it ends by itself (default: it does not)\n"
    "  --note TEXT       why, for whoever asks\n"
    "  --passphrase-file FILE\n"
    "                    for encrypted keys, as `sign` takes it\n"
    "  --at TIME         by this clock (default: that of the system)\n"
    "  --json            prints what `add` prints; \"file\" is null\n";

static const market__cli_option_t remove_options[] = { { "--key", 0, "KEY.pem",
							   true },
	{ "--reason", 0, "REASON", false }, { "--note", 0, "TEXT", false },
	{ "--passphrase-file", 0, "FILE", true }, { "--at", 0, "TIME", false },
	END };

static const char remove_page[] =
    "  market remove shop.db importer.example/mi4-white \\\n"
    "      --key shop.pem --reason safety --note \"Recalled by the maker.\"\n"
    "\n"
    "usage: market remove STORE LISTING --key KEY.pem... --reason REASON\n"
    "                     [--note TEXT] [--at TIME] [--json]\n"
    "\n"
    "Signs a final hold of the listing, as the marketplace, and adds it: the\n"
    "listing is off at once, and for good. Nothing brings it back.\n"
    "\n"
    "  --key KEY.pem     a private key of the marketplace; may be repeated\n"
    "  --reason REASON   ceased, superseded, key-compromise, error, safety or\n"
    "                    policy\n"
    "  --note TEXT       why, for whoever asks\n"
    "  --passphrase-file FILE\n"
    "                    for encrypted keys, as `sign` takes it\n"
    "  --at TIME         by this clock (default: that of the system)\n"
    "  --json            prints what `add` prints; \"file\" is null\n";

static const market__cli_option_t refresh_options[] = {
	{ "--at", 0, "TIME", false }, END
};

static const char refresh_page[] =
    "  market refresh shop.db\n"
    "\n"
    "usage: market refresh STORE [--at TIME] [--json]\n"
    "\n"
    "Records what has changed by time, and what is left to compute of what\n"
    "was added. Readers do not wait for it: an answer that is over is told by\n"
    "nobody. It keeps `market changes` up to date; run it every minute.\n"
    "\n"
    "  --at TIME   by this clock (default: that of the system)\n"
    "  --json      prints {\"computed\", \"changed\", \"cells_changed\"}\n";

static const market__cli_option_t fsck_options[] = {
	{ "--mark", 0, "MARK", false }, END
};

static const char fsck_page[] =
    "  market fsck shop.db\n"
    "  market fsck shop.db --mark \"$(cat shop.mark)\"\n"
    "\n"
    "usage: market fsck STORE [--mark MARK] [--json]\n"
    "\n"
    "Reads everything in the store and checks it: the numbering, the chains,\n"
    "each signature, each answer against the evidence, each listing against\n"
    "its offer. An edit that left a consistent history is found only against\n"
    "a mark that was kept elsewhere.\n"
    "\n"
    "  --mark MARK   what `init` or `fsck` printed then: its history must\n"
    "                still be the beginning of this one\n"
    "  --json        prints {\"faults\", \"mark\"}\n"
    "\n"
    "exit: 0 sound, 65 it has faults\n";

static const market__cli_verb_t verbs[] = {
	{ "init", "make a store", init_page, init_options, market__cli_init },
	{ "add", "take statements in", add_page, add_options, market__cli_add },
	{ "submit", "take offers in: they become listings", submit_page,
	    submit_options, market__cli_submit },
	{ "pause", "take a listing off for a while", pause_page, pause_options,
	    market__cli_pause },
	{ "resume", "put it back", resume_page, resume_options,
	    market__cli_resume },
	{ "end", "end a listing", end_page, end_options, market__cli_end },
	{ "hold", "hold a listing, as the marketplace", hold_page, hold_options,
	    market__cli_hold },
	{ "remove", "remove a listing for good", remove_page, remove_options,
	    market__cli_remove },
	{ "refresh", "record what time has changed", refresh_page,
	    refresh_options, market__cli_refresh },
	{ "fsck", "is the store sound?", fsck_page, fsck_options,
	    market__cli_fsck },
};

/* clang-format on */

const market__cli_verb_t *
market__cli_store_verb_at(size_t index)
{
	return index < MARKET__COUNT(verbs) ? &verbs[index] : NULL;
}
