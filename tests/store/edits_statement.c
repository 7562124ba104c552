/* SPDX-License-Identifier: Apache-2.0 */
#include "edits.h"

const edits_row_t edits_clearances[] = {
	{ .label = "P8 a clearance turned to PERMIT",
	    .sql = "UPDATE clearance SET " PERMITS " WHERE no = 3",
	    .words = { "clearance 3: its row has not the answer of entry 32",
		"clearance 3: it does not say what the evidence does" } },
	{ .label = "P8 its verdict alone",
	    .sql = "UPDATE clearance SET verdict = 1 WHERE no = 3",
	    .words = { "clearance 3: its verdict is not that of its answer" } },
	{ .label = "P8 and the entry that tells of it",
	    .sql = "UPDATE clearance SET " PERMITS " WHERE no = 3;"
		   "UPDATE entry SET detail = X'010103080000"
		   "0103080000' WHERE seq = 32",
	    .words = { "clearance 3: it does not say what the evidence does",
		"entry 35: the chain over the history" } },
	{ .label = "P8 its entry lost",
	    .sql = "UPDATE clearance SET " PERMITS ", entry = 24, ended = 0"
		   " WHERE no = 3; DELETE FROM entry WHERE seq = 32",
	    .words = { "entry 32: it is missing",
		"clearance 3: it does not say what the evidence does" } },
	{ .label = "P8 its last entry forgotten",
	    .sql = "UPDATE clearance SET " PERMITS ", entry = 24, ended = 0"
		   " WHERE no = 3",
	    .words = { "entry 32: it is of clearance 3, whose last is told to "
		       "be 24" } },
	{ .label = "that it once permitted",
	    .sql = "UPDATE clearance SET ended = 0 WHERE no = 3",
	    .words = { "clearance 3: it ceased to permit by entry 32" } },
	{ .label = "its codes",
	    .sql = "UPDATE clearance SET result = X'0203080000' WHERE no = 3",
	    .words = { "clearance 3: it does not say what the evidence "
		       "does" } },
	{ .label = "what it was computed at",
	    .sql = "UPDATE clearance SET versions = zeroblob(32) WHERE no = 1",
	    .words = { "clearance 1: its versions" } },
	{ .label = "until when it holds",
	    .sql = "UPDATE clearance SET horizon = 4000000000 WHERE no = 1",
	    .words = { "clearance 1: its answer holds until another "
		       "instant" } },
	{ .label = "when it was computed",
	    .sql = "UPDATE clearance SET computed_at = 4000000000 WHERE no = 1",
	    .words = { "clearance 1: it was computed after" } },
	{ .label = "that it was not computed since",
	    .sql = "UPDATE clearance SET epoch = 11, result = X'0103080000',"
		   " verdict = 1 WHERE no = 3",
	    .words = { "clearance 3: it was not computed anew for statement "
		       "12" } },
	{ .label = "by which version of the evaluator",
	    .sql = "UPDATE clearance SET evaluator = 99 WHERE no = 3",
	    .words = { "clearance 3: it was computed after" } },
	{ .label = "how many ask it",
	    .sql = "UPDATE clearance SET cells = 1 WHERE no = 1",
	    .words = { "clearance 1: 8 cells of listings ask it" } },
	{ .label = "P8 its question is another's",
	    .sql =
		"UPDATE clearance SET question ="
		" (SELECT question FROM clearance WHERE no = 1) WHERE no = 3",
	    .words = { "clearance 3: its question is not the one",
		"listing 7" },
	    CORRUPT(STORY_WITHDRAWN) },
	{ .label = "its question is none",
	    .sql = "UPDATE clearance SET question = X'ff' WHERE no = 3",
	    .words = { "question 3 is not readable", "listing 7" },
	    CORRUPT(STORY_WITHDRAWN) },
	{ .label = "P8 it is lost",
	    .sql = "DELETE FROM clearance WHERE no = 3",
	    .words = { "clearance 3: it is missing", "listing 7" },
	    CORRUPT(STORY_WITHDRAWN) },
	{ .label = "it is not among the readers of the withdrawn grant's slot",
	    .sql = "DELETE FROM clearance_read WHERE clearance = 3 AND slot "
		   "= " WITHDRAWN,
	    .words = { "clearance 3: it has read slot digest/" } },
	{ .label = "it is among the readers of what it has not read",
	    .sql = "INSERT INTO clearance_read VALUES (1, 3, " SLOT(
		"product/meizu/M575") ")",
	    .words = { "clearance 3: it is kept among the readers of 1 "
		       "slots" } },
	{ .label = "its entry is a listing's",
	    .sql = "UPDATE clearance SET entry = 20 WHERE no = 3",
	    .words = { "clearance 3: entry 20 of its history is about "
		       "something" } },
	{ .label = NULL },
};

const edits_row_t edits_statements[] = {
	{ .label = "P8 the withdrawal's envelope swapped for another's",
	    .sql = "UPDATE payload SET bytes ="
		   " (SELECT bytes FROM payload WHERE entry = 33) WHERE entry "
		   "= 31",
	    .words = { "statement 12: its envelope is not the one" },
	    CORRUPT(STORY_WITHDRAWN) },
	{ .label = "P8 the grant's for one of another party",
	    .sql =
		"UPDATE payload SET bytes ="
		" (SELECT bytes FROM payload WHERE entry = 7) WHERE entry = 10",
	    .words = { "statement 10: its envelope is not the one" },
	    CORRUPT(STORY_WITHDRAWN) },
	{ .label = "P8 an envelope cut off",
	    .sql =
		"UPDATE payload SET bytes = substr(bytes, 1, length(bytes) - 1)"
		" WHERE entry = 31",
	    .words = { "statement 12: its envelope is damaged" },
	    CORRUPT(STORY_WITHDRAWN) },
	{ .label = "P8 an envelope lost",
	    .sql = "DELETE FROM payload WHERE entry = 31",
	    .words = { "statement 12: its envelope is missing" },
	    CORRUPT(STORY_WITHDRAWN) },
	{ .label = "an envelope of an entry that has none",
	    .sql = "INSERT INTO payload VALUES (1, 32, X'00')",
	    .words = { "entry 32: it has an envelope" } },
	{ .label = "an envelope too many",
	    .sql = "INSERT INTO payload VALUES (1, 99, X'00')",
	    .words = { "payload 99" } },
	{ .label = "P8 the withdrawal deleted",
	    .sql = "DELETE FROM statement WHERE no = 12",
	    .words = { "statement 12: it is missing",
		"slot digest/3d8df7cb6d72f84d", "entry 31: statement 12" },
	    ALL },
	{ .label = "P8 with its slots",
	    .sql =
		"DELETE FROM statement WHERE no = 12;"
		"UPDATE slot SET counter = 0, chain = zeroblob(32), epoch = 0"
		" WHERE epoch = 12",
	    .words = { "statement 12: it is missing" },
	    ALL },
	{ .label = "P8 with its entries",
	    .sql =
		"DELETE FROM statement WHERE no = 12;"
		"UPDATE slot SET counter = 0, chain = zeroblob(32), epoch = 0"
		" WHERE epoch = 12;"
		"DELETE FROM entry WHERE seq IN (31, 32);"
		"DELETE FROM payload WHERE entry = 31;"
		"UPDATE clearance SET " PERMITS ", entry = 24, ended = 0,"
		" epoch = 11 WHERE no = 3",
	    .words = { "statement 12: it is missing",
		"entries 31 to 32: they are" },
	    ALL },
	{ .label = "P8 with the head, as if it were the last",
	    .sql =
		"DELETE FROM statement WHERE no >= 12;"
		"UPDATE slot SET counter = 0, chain = zeroblob(32), epoch = 0"
		" WHERE epoch >= 12;"
		"DELETE FROM entry WHERE seq >= 31;"
		"DELETE FROM payload WHERE entry >= 31;"
		"UPDATE party SET statements = 3 WHERE no = 2;"
		"UPDATE party SET statements = 0 WHERE no = 7;"
		"UPDATE clearance SET " PERMITS ", entry = 24, ended = 0,"
		" epoch = 11 WHERE no = 3;"
		"UPDATE head SET epoch = 11, entries = 30, settled = 11,"
		" clock = 1454328023",
	    .words = { "statement 11: the chain over those up to it",
		"entry 30: the chain over the history" },
	    ALL },
	{ .label = "when one was accepted",
	    .sql = "UPDATE statement SET seen_at = seen_at - 1 WHERE no = 12",
	    .words = { "statement 14: the chain", "entry 31: statement 12" },
	    ALL },
	{ .label = "in which slot it is",
	    .sql = "UPDATE statement SET slot = X'78' WHERE no = 12",
	    .words = { "statement 14: the chain", "statement 12",
		"slot digest/" },
	    ALL },
	{ .label = "by whose keys it was accepted",
	    .sql = "UPDATE statement SET grounds = X'030000000000000007'"
		   " WHERE no = 12",
	    .words = { "statement 12: its signatures are not those" },
	    ALL },
	{ .label = "whose keys a grant gives",
	    .sql = "UPDATE statement SET subject = X'78' WHERE no = 3",
	    .words = { "statement 3: its row names another party" } },
	{ .label = "its revision",
	    .sql = "UPDATE statement SET revision = X'0000000000000009'"
		   " WHERE no = 12",
	    .words = { "statement 12: its envelope is not the one" },
	    CORRUPT(STORY_WITHDRAWN) },
	{ .label = "its id",
	    .sql = "UPDATE statement SET id = X'78' WHERE no = 12",
	    .words = { "statement 12: its envelope is not the one",
		"slot name/withdrawal/mi.com/w" },
	    CORRUPT(STORY_WITHDRAWN) },
	{ .label = "P8 a slot's counter",
	    .sql = "UPDATE slot SET counter = 2 WHERE no = " GRANT,
	    .words = { "slot authorization/xiaomi/shop.example: its version" },
	    CORRUPT(STORY_OFFER) },
	{ .label = "P8 the slot of an offer's withdrawal",
	    .sql = "UPDATE slot SET counter = 0 WHERE epoch = 14",
	    .words = { "slot digest/", "slot name/withdrawal/usmobile.com" },
	    CORRUPT(STORY_TAKEN) },
	{ .label = "P8 the slot of an offer's withdrawal is lost",
	    .sql = "DELETE FROM slot WHERE epoch = 14",
	    .words = { "slot digest/" },
	    CORRUPT(STORY_TAKEN) },
	{ .label = "P8 a slot's chain",
	    .sql = "UPDATE slot SET chain = zeroblob(32) WHERE no = " GRANT,
	    .words = { "slot authorization/xiaomi/shop.example: its version" },
	    CORRUPT(STORY_OFFER) },
	{ .label = "when a slot changed, earlier",
	    .sql = "UPDATE slot SET epoch = 1 WHERE no = " WITHDRAWN,
	    .words = { "statement 12 has changed it, and that is not told",
		"statement 1 is told to have changed it last" } },
	{ .label = "when a slot changed, later",
	    .sql = "UPDATE slot SET epoch = 13 WHERE no = " WITHDRAWN,
	    .words = { "statement 13 is told to have changed it last" } },
	{ .label = "P8 a slot is lost",
	    .sql = "DELETE FROM slot WHERE no = " WITHDRAWN,
	    .words = { "slot digest/3d8df7cb6d72f84d" },
	    CORRUPT(STORY_WITHDRAWN) },
	{ .label = NULL },
};
