/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that is asked of a database after its schema is there. $1 is the
 * marketplace; each parameter first stands behind those before it, because
 * SQLite counts them as they come. A `+` before a column keeps an index out
 * that would be read to its end.
 */
#ifndef MARKET_STORE_SQL_TEXT_H
#define MARKET_STORE_SQL_TEXT_H

/*
 * Rows by an index: their numbers from it (f), and then the rows themselves
 * (t). In one look-up SQLite takes what the index has from the index, so that
 * one that does not follow its table would not be seen. It keeps the order of
 * a CROSS JOIN, and so makes no table of its own in between.
 */
#define MARKET__SQL_FOUND(table, where)                                      \
	"FROM " table " AS f CROSS JOIN " table " AS t WHERE f.market = $1 " \
	"AND t.market = f.market AND t.no = f.no " where " "

/* The same where the numbers have to be sorted first. */
#define MARKET__SQL_SORTED(table, where)                          \
	"FROM (SELECT no FROM " table " WHERE market = $1 " where \
	") AS f JOIN " table " AS t ON t.market = $1 AND t.no = f.no "

#define MARKET__SQL_STATEMENT_COLUMNS                             \
	"SELECT t.no, t.slot, t.digest, t.kind, t.issuer, t.id, " \
	"t.revision, t.subject, t.seen_at, t.entry, t.basis, t.grounds "

#define MARKET__SQL_SLOT_COLUMNS \
	"SELECT t.no, t.name, t.counter, t.chain, t.epoch "

#define MARKET__SQL_CLEARANCE_COLUMNS                                     \
	"SELECT t.no, t.hash, t.question, t.verdict, t.computed_at, "     \
	"t.horizon, t.epoch, t.evaluator, t.versions, t.ended, t.entry, " \
	"t.result "

#define MARKET__SQL_CLEARANCE_READERS                    \
	MARKET__SQL_CLEARANCE_COLUMNS                    \
	"FROM clearance_read AS r JOIN clearance AS t "  \
	"ON t.market = r.market AND t.no = r.clearance " \
	"WHERE r.market = $1 AND r.slot = $2 AND r.clearance > $3 "

#define MARKET__SQL_PARTY_COLUMNS                                      \
	"SELECT t.no, t.name, t.listings, t.questions, t.statements, " \
	"t.early "

#define MARKET__SQL_LISTING_COLUMNS                                 \
	"SELECT t.no, t.seller, t.offer_id, t.digest, t.revision, " \
	"t.intent, t.flags, t.began, t.offer_entry, t.last_entry, " \
	"t.not_before, t.not_after, t.disclosures, t.questions "

#define MARKET__SQL_PACK_COLUMNS                                    \
	"SELECT t.last, t.first, t.seller, t.first_id, t.last_id, " \
	"t.questions, t.bytes "

/* X(id, table, text) */
#define MARKET__SQL_MAP(X)                                                     \
	X(IDENTITY_PUT, "marketplace",                                         \
	    "INSERT INTO marketplace (market, store) VALUES ($1, $2)")         \
	X(TAIL_GET, "tail",                                                    \
	    "SELECT m.store, t.store, t.writes, t.last_statement, "            \
	    "t.last_payload, t.last_slot, t.last_clearance, t.last_party, "    \
	    "t.last_listing, t.last_entry, t.last_entry_pack, "                \
	    "t.last_listing_pack, t.last_segment FROM marketplace AS m "       \
	    "JOIN tail AS t ON t.market = m.market WHERE m.market = $1")       \
	X(TAIL_PUT, "tail",                                                    \
	    "INSERT INTO tail (market, store, writes, last_statement, "        \
	    "last_payload, last_slot, last_clearance, last_party, "            \
	    "last_listing, last_entry, last_entry_pack, last_listing_pack, "   \
	    "last_segment) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "  \
	    "$11, $12, $13) ON CONFLICT (market) DO UPDATE SET "               \
	    "store = excluded.store, writes = excluded.writes, "               \
	    "last_statement = excluded.last_statement, "                       \
	    "last_payload = excluded.last_payload, "                           \
	    "last_slot = excluded.last_slot, "                                 \
	    "last_clearance = excluded.last_clearance, "                       \
	    "last_party = excluded.last_party, "                               \
	    "last_listing = excluded.last_listing, "                           \
	    "last_entry = excluded.last_entry, "                               \
	    "last_entry_pack = excluded.last_entry_pack, "                     \
	    "last_listing_pack = excluded.last_listing_pack, "                 \
	    "last_segment = excluded.last_segment")                            \
	X(LAST_STATEMENT, "statement",                                         \
	    "SELECT COALESCE(MAX(no), 0) FROM statement WHERE market = $1")    \
	X(LAST_PAYLOAD, "payload",                                             \
	    "SELECT COALESCE(MAX(entry), 0) FROM payload WHERE market = $1")   \
	X(LAST_SLOT, "slot",                                                   \
	    "SELECT COALESCE(MAX(no), 0) FROM slot WHERE market = $1")         \
	X(LAST_CLEARANCE, "clearance",                                         \
	    "SELECT COALESCE(MAX(no), 0) FROM clearance WHERE market = $1")    \
	X(LAST_PARTY, "party",                                                 \
	    "SELECT COALESCE(MAX(no), 0) FROM party WHERE market = $1")        \
	X(LAST_LISTING, "listing",                                             \
	    "SELECT COALESCE(MAX(no), 0) FROM listing WHERE market = $1")      \
	X(LAST_ENTRY, "entry",                                                 \
	    "SELECT COALESCE(MAX(seq), 0) FROM entry WHERE market = $1")       \
	X(LAST_ENTRY_PACK, "entry_pack",                                       \
	    "SELECT COALESCE(MAX(last), 0) FROM entry_pack "                   \
	    "WHERE market = $1")                                               \
	X(LAST_LISTING_PACK, "listing_pack",                                   \
	    "SELECT COALESCE(MAX(last), 0) FROM listing_pack "                 \
	    "WHERE market = $1")                                               \
	X(LAST_SEGMENT, "segment",                                             \
	    "SELECT COALESCE(MAX(last), 0) FROM segment WHERE market = $1")    \
	X(HEAD_GET, "head",                                                    \
	    "SELECT epoch, epoch_chain, entries, entry_chain, settled, "       \
	    "slots, questions, listings, parties, clock "                      \
	    "FROM head WHERE market = $1")                                     \
	X(HEAD_PUT, "head",                                                    \
	    "INSERT INTO head (market, epoch, epoch_chain, entries, "          \
	    "entry_chain, settled, slots, questions, listings, parties, "      \
	    "clock) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "    \
	    "ON CONFLICT (market) DO UPDATE SET "                              \
	    "epoch = excluded.epoch, "                                         \
	    "epoch_chain = excluded.epoch_chain, "                             \
	    "entries = excluded.entries, "                                     \
	    "entry_chain = excluded.entry_chain, "                             \
	    "settled = excluded.settled, slots = excluded.slots, "             \
	    "questions = excluded.questions, listings = excluded.listings, "   \
	    "parties = excluded.parties, clock = excluded.clock")              \
	X(STATEMENT_INSERT, "statement",                                       \
	    "INSERT INTO statement (market, no, slot, digest, kind, issuer, "  \
	    "id, revision, subject, seen_at, entry, basis, grounds) VALUES "   \
	    "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")        \
	X(STATEMENTS_BY_NO, "statement",                                       \
	    MARKET__SQL_STATEMENT_COLUMNS                                      \
	    "FROM statement AS t WHERE t.market = $1 AND t.no > $2 "           \
	    "ORDER BY t.no LIMIT $3")                                          \
	X(STATEMENTS_BY_SLOT, "statement",                                     \
	    MARKET__SQL_STATEMENT_COLUMNS MARKET__SQL_FOUND("statement",       \
		"AND f.slot = $2 AND f.no > $3 ORDER BY f.no LIMIT $4"))       \
	X(STATEMENTS_BY_DIGEST, "statement",                                   \
	    MARKET__SQL_STATEMENT_COLUMNS MARKET__SQL_FOUND("statement",       \
		"AND f.digest = $2 AND f.no > $3 ORDER BY f.no LIMIT $4"))     \
	X(STATEMENTS_BY_NAME, "statement",                                     \
	    MARKET__SQL_STATEMENT_COLUMNS MARKET__SQL_FOUND("statement",       \
		"AND f.kind = $2 AND f.issuer = $3 AND f.id = $4 AND f.no > "  \
		"$5 ORDER BY f.no LIMIT $6"))                                  \
	X(STATEMENTS_BY_SUBJECT, "statement",                                  \
	    MARKET__SQL_STATEMENT_COLUMNS MARKET__SQL_FOUND("statement",       \
		"AND f.kind = $2 AND f.subject = $3 AND f.no > $4 ORDER BY "   \
		"f.no LIMIT $5"))                                              \
	X(PAYLOAD_INSERT, "payload",                                           \
	    "INSERT INTO payload (market, entry, bytes) "                      \
	    "VALUES ($1, $2, $3)")                                             \
	X(PAYLOAD_GET, "payload",                                              \
	    "SELECT entry, bytes FROM payload "                                \
	    "WHERE market = $1 AND entry = $2")                                \
	X(SLOT_GET, "slot",                                                    \
	    MARKET__SQL_SLOT_COLUMNS MARKET__SQL_FOUND(                        \
		"slot", "AND f.name = $2 LIMIT 1"))                            \
	X(SLOT_PUT, "slot",                                                    \
	    "INSERT INTO slot (market, no, name, counter, chain, epoch) "      \
	    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (market, no) "        \
	    "DO UPDATE SET counter = excluded.counter, "                       \
	    "chain = excluded.chain, epoch = excluded.epoch "                  \
	    "WHERE slot.name = excluded.name")                                 \
	X(SLOTS_ALL, "slot",                                                   \
	    MARKET__SQL_SLOT_COLUMNS                                           \
	    "FROM slot AS t WHERE t.market = $1 AND +t.epoch > $2 "            \
	    "AND t.no > $3 ORDER BY t.no LIMIT $4")                            \
	X(SLOTS_SINCE, "slot",                                                 \
	    MARKET__SQL_SLOT_COLUMNS MARKET__SQL_SORTED("slot",                \
		"AND epoch > $2 AND +no > $3 ORDER BY +no LIMIT $4") "ORDER "  \
								     "BY "     \
								     "f.no")   \
	X(CLEARANCE_GET, "clearance",                                          \
	    MARKET__SQL_CLEARANCE_COLUMNS                                      \
	    "FROM clearance AS t WHERE t.market = $1 AND t.no = $2")           \
	X(CLEARANCE_FIND, "clearance",                                         \
	    MARKET__SQL_CLEARANCE_COLUMNS MARKET__SQL_FOUND(                   \
		"clearance", "AND f.hash = $2 LIMIT 1"))                       \
	X(CLEARANCE_PUT, "clearance",                                          \
	    "INSERT INTO clearance (market, no, hash, question, verdict, "     \
	    "computed_at, horizon, epoch, evaluator, versions, ended, entry, " \
	    "result, cells) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, " \
	    "$11, $12, $13, 0) ON CONFLICT (market, no) DO UPDATE SET "        \
	    "question = excluded.question, verdict = excluded.verdict, "       \
	    "computed_at = excluded.computed_at, "                             \
	    "horizon = excluded.horizon, epoch = excluded.epoch, "             \
	    "evaluator = excluded.evaluator, versions = excluded.versions, "   \
	    "ended = excluded.ended, entry = excluded.entry, "                 \
	    "result = excluded.result "                                        \
	    "WHERE clearance.hash = excluded.hash")                            \
	X(CELLS_GET, "clearance",                                              \
	    "SELECT cells FROM clearance WHERE market = $1 AND no = $2")       \
	X(CELLS_ADD, "clearance",                                              \
	    "UPDATE clearance SET cells = CASE WHEN market = $1 "              \
	    "AND no = $2 THEN cells + $3 ELSE cells END "                      \
	    "WHERE market = $1 AND no = $2")                                   \
	X(CLEARANCES_BY_NO, "clearance",                                       \
	    MARKET__SQL_CLEARANCE_COLUMNS                                      \
	    "FROM clearance AS t WHERE t.market = $1 AND t.no > $2 "           \
	    "ORDER BY t.no LIMIT $3")                                          \
	X(CLEARANCES_BY_READER, "clearance",                                   \
	    MARKET__SQL_CLEARANCE_READERS "ORDER BY r.clearance LIMIT $4")     \
	X(CLEARANCES_BY_STALE, "clearance",                                    \
	    MARKET__SQL_CLEARANCE_READERS                                      \
	    "AND t.epoch < $4 ORDER BY r.clearance LIMIT $5")                  \
	X(CLEARANCES_BY_HORIZON, "clearance",                                  \
	    MARKET__SQL_CLEARANCE_COLUMNS MARKET__SQL_SORTED("clearance",      \
		"AND horizon <= $2 AND +no > $3 ORDER BY +no LIMIT $4") "ORDE" \
									"R "   \
									"BY "  \
									"f."   \
									"no")  \
	X(READS, "clearance_read",                                             \
	    "SELECT slot FROM clearance_read "                                 \
	    "WHERE market = $1 AND clearance = $2 ORDER BY slot LIMIT $3")     \
	X(READ_INSERT, "clearance_read",                                       \
	    "INSERT INTO clearance_read (market, clearance, slot) "            \
	    "VALUES ($1, $2, $3)")                                             \
	X(READ_DELETE, "clearance_read",                                       \
	    "DELETE FROM clearance_read "                                      \
	    "WHERE market = $1 AND clearance = $2 AND slot = $3")              \
	X(PARTY_GET, "party",                                                  \
	    MARKET__SQL_PARTY_COLUMNS                                          \
	    "FROM party AS t WHERE t.market = $1 AND t.no = $2")               \
	X(PARTY_FIND, "party",                                                 \
	    MARKET__SQL_PARTY_COLUMNS MARKET__SQL_FOUND(                       \
		"party", "AND f.name = $2 LIMIT 1"))                           \
	X(PARTY_PUT, "party",                                                  \
	    "INSERT INTO party (market, no, name, listings, questions, "       \
	    "statements, early) VALUES ($1, $2, $3, $4, $5, $6, $7) "          \
	    "ON CONFLICT (market, no) DO UPDATE SET "                          \
	    "listings = excluded.listings, questions = excluded.questions, "   \
	    "statements = excluded.statements, early = excluded.early "        \
	    "WHERE party.name = excluded.name")                                \
	X(PARTIES, "party",                                                    \
	    MARKET__SQL_PARTY_COLUMNS MARKET__SQL_FOUND(                       \
		"party", "AND f.name > $2 ORDER BY f.name LIMIT $3"))          \
	X(LISTING_GET, "listing",                                              \
	    MARKET__SQL_LISTING_COLUMNS                                        \
	    "FROM listing AS t WHERE t.market = $1 AND t.no = $2")             \
	X(LISTING_FIND, "listing",                                             \
	    MARKET__SQL_LISTING_COLUMNS MARKET__SQL_FOUND(                     \
		"listing", "AND f.seller = $2 AND f.offer_id = $3 LIMIT 1"))   \
	X(LISTING_QUESTIONS, "listing",                                        \
	    "SELECT no, questions FROM listing "                               \
	    "WHERE market = $1 AND no = $2")                                   \
	X(LISTING_PUT, "listing",                                              \
	    "INSERT INTO listing (market, no, seller, offer_id, digest, "      \
	    "revision, intent, flags, began, offer_entry, last_entry, "        \
	    "not_before, not_after, disclosures, questions) VALUES ($1, $2, "  \
	    "$3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) "       \
	    "ON CONFLICT (market, no) DO UPDATE SET "                          \
	    "digest = excluded.digest, revision = excluded.revision, "         \
	    "intent = excluded.intent, flags = excluded.flags, "               \
	    "began = excluded.began, offer_entry = excluded.offer_entry, "     \
	    "last_entry = excluded.last_entry, "                               \
	    "not_before = excluded.not_before, "                               \
	    "not_after = excluded.not_after, "                                 \
	    "disclosures = excluded.disclosures, "                             \
	    "questions = excluded.questions "                                  \
	    "WHERE listing.seller = excluded.seller "                          \
	    "AND listing.offer_id = excluded.offer_id")                        \
	X(LISTINGS_BY_NO, "listing",                                           \
	    MARKET__SQL_LISTING_COLUMNS                                        \
	    "FROM listing AS t WHERE t.market = $1 AND t.no > $2 "             \
	    "ORDER BY t.no LIMIT $3")                                          \
	X(LISTINGS_BY_SELLER, "listing",                                       \
	    MARKET__SQL_LISTING_COLUMNS MARKET__SQL_FOUND("listing",           \
		"AND f.seller = $2 AND f.offer_id > $3 ORDER BY f.offer_id "   \
		"LIMIT $4"))                                                   \
	X(LISTINGS_BY_QUESTION, "listing",                                     \
	    MARKET__SQL_LISTING_COLUMNS                                        \
	    "FROM listing_question AS q JOIN listing AS t "                    \
	    "ON t.market = q.market AND t.no = q.listing "                     \
	    "WHERE q.market = $1 AND q.question = $2 AND q.listing > $3 "      \
	    "ORDER BY q.listing LIMIT $4")                                     \
	X(QUESTION_INSERT, "listing_question",                                 \
	    "INSERT INTO listing_question (market, question, listing) "        \
	    "VALUES ($1, $2, $3)")                                             \
	X(QUESTION_DELETE, "listing_question",                                 \
	    "DELETE FROM listing_question "                                    \
	    "WHERE market = $1 AND question = $2 AND listing = $3")            \
	X(LISTING_IDS, "listing",                                              \
	    "SELECT no, offer_id FROM listing WHERE market = $1 "              \
	    "AND seller = $2 AND offer_id >= $3 AND offer_id <= $4 "           \
	    "ORDER BY offer_id LIMIT $5")                                      \
	X(PACK_PUT, "listing_pack",                                            \
	    "INSERT INTO listing_pack (market, last, first, seller, "          \
	    "first_id, last_id, questions, bytes) VALUES ($1, $2, $3, $4, "    \
	    "$5, $6, $7, $8) ON CONFLICT (market, last) DO UPDATE SET "        \
	    "questions = excluded.questions, bytes = excluded.bytes "          \
	    "WHERE listing_pack.first = excluded.first "                       \
	    "AND listing_pack.seller = excluded.seller")                       \
	X(PACKS_BY_NO, "listing_pack",                                         \
	    MARKET__SQL_PACK_COLUMNS                                           \
	    "FROM listing_pack AS t WHERE t.market = $1 AND t.last > $2 "      \
	    "AND t.last <= $3 ORDER BY t.last LIMIT $4")                       \
	X(PACKS_BY_SELLER, "listing_pack",                                     \
	    MARKET__SQL_PACK_COLUMNS                                           \
	    "FROM listing_pack AS f CROSS JOIN listing_pack AS t "             \
	    "WHERE f.market = $1 AND t.market = f.market "                     \
	    "AND t.last = f.last AND f.seller = $2 AND f.last_id >= $3 "       \
	    "ORDER BY f.last_id LIMIT $4")                                     \
	X(PACKS_COUNT, "listing_pack",                                         \
	    "SELECT COUNT(*) FROM listing_pack "                               \
	    "WHERE market = $1 AND last > $2")                                 \
	X(SEGMENT_PUT, "segment",                                              \
	    "INSERT INTO segment (market, last, first, questions) "            \
	    "VALUES ($1, $2, $3, $4) ON CONFLICT (market, last) "              \
	    "DO UPDATE SET questions = excluded.questions "                    \
	    "WHERE segment.first = excluded.first")                            \
	X(SEGMENTS, "segment",                                                 \
	    "SELECT last, first, questions FROM segment "                      \
	    "WHERE market = $1 AND last > $2 ORDER BY last LIMIT $3")          \
	X(LISTINGS_BETWEEN, "listing",                                         \
	    "SELECT no FROM listing WHERE market = $1 AND no >= $2 "           \
	    "AND no <= $3 ORDER BY no")                                        \
	X(ENTRIES_BETWEEN, "entry",                                            \
	    "SELECT seq FROM entry WHERE market = $1 AND seq >= $2 "           \
	    "AND seq <= $3 ORDER BY seq")                                      \
	X(PACKS_OVERLAP, "listing_pack",                                       \
	    "SELECT a.last, b.last FROM listing_pack AS a "                    \
	    "JOIN listing_pack AS b ON b.market = a.market "                   \
	    "AND b.seller = a.seller AND b.last_id = ("                        \
	    "SELECT MIN(c.last_id) FROM listing_pack AS c "                    \
	    "WHERE c.market = a.market AND c.seller = a.seller "               \
	    "AND c.last_id > a.last_id) "                                      \
	    "WHERE a.market = $1 AND b.first_id <= a.last_id ORDER BY a.last") \
	X(FEED_GET, "feed",                                                    \
	    "SELECT no, last_entry, state FROM feed "                          \
	    "WHERE market = $1 AND no = $2")                                   \
	X(FEED_PUT, "feed",                                                    \
	    "INSERT INTO feed (market, no, last_entry, state) "                \
	    "VALUES ($1, $2, $3, $4) "                                         \
	    "ON CONFLICT (market, no) DO UPDATE SET "                          \
	    "last_entry = excluded.last_entry, state = excluded.state")        \
	X(FEED_ALONE, "feed",                                                  \
	    "SELECT a.no, a.no FROM feed AS a LEFT JOIN statement AS b "       \
	    "ON b.market = a.market AND b.no = a.no "                          \
	    "WHERE a.market = $1 AND b.no IS NULL ORDER BY a.no LIMIT $2")     \
	X(ENTRY_INSERT, "entry",                                               \
	    "INSERT INTO entry (market, seq, at, kind, object, prev, cause, "  \
	    "detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")                 \
	X(ENTRIES, "entry",                                                    \
	    "SELECT seq, at, kind, object, prev, cause, detail FROM entry "    \
	    "WHERE market = $1 AND seq > $2 ORDER BY seq LIMIT $3")            \
	X(ENTRY_PACK_INSERT, "entry_pack",                                     \
	    "INSERT INTO entry_pack (market, last, first, bytes) "             \
	    "VALUES ($1, $2, $3, $4)")                                         \
	X(ENTRY_PACKS, "entry_pack",                                           \
	    "SELECT last, first, bytes FROM entry_pack "                       \
	    "WHERE market = $1 AND last > $2 ORDER BY last LIMIT $3")          \
	X(PAYLOAD_ALONE, "payload",                                            \
	    "SELECT a.entry, a.entry FROM payload AS a "                       \
	    "LEFT JOIN entry AS b ON b.market = a.market AND b.seq = a.entry " \
	    "WHERE a.market = $1 AND b.seq IS NULL AND NOT EXISTS ("           \
	    "SELECT 1 FROM entry_pack AS p WHERE p.market = a.market "         \
	    "AND p.last >= a.entry AND p.first <= a.entry) "                   \
	    "ORDER BY a.entry LIMIT $2")                                       \
	X(READER_ALONE, "clearance_read",                                      \
	    "SELECT a.clearance, a.clearance FROM clearance_read AS a "        \
	    "LEFT JOIN clearance AS b "                                        \
	    "ON b.market = a.market AND b.no = a.clearance "                   \
	    "WHERE a.market = $1 AND b.no IS NULL "                            \
	    "ORDER BY a.clearance, a.slot LIMIT $2")                           \
	X(READ_ALONE, "clearance_read",                                        \
	    "SELECT a.clearance, a.slot FROM clearance_read AS a "             \
	    "LEFT JOIN slot AS b ON b.market = a.market AND b.no = a.slot "    \
	    "WHERE a.market = $1 AND b.no IS NULL "                            \
	    "ORDER BY a.clearance, a.slot LIMIT $2")                           \
	X(SELLER_ALONE, "listing",                                             \
	    "SELECT a.no, a.seller FROM listing AS a "                         \
	    "LEFT JOIN party AS b ON b.market = a.market AND b.no = a.seller " \
	    "WHERE a.market = $1 AND b.no IS NULL "                            \
	    "ORDER BY a.no LIMIT $2")                                          \
	X(QUESTION_ALONE, "listing_question",                                  \
	    "SELECT a.listing, a.question FROM listing_question AS a "         \
	    "LEFT JOIN clearance AS b "                                        \
	    "ON b.market = a.market AND b.no = a.question "                    \
	    "WHERE a.market = $1 AND b.no IS NULL "                            \
	    "ORDER BY a.question, a.listing LIMIT $2")                         \
	X(ASKING, "listing",                                                   \
	    "SELECT no, questions FROM listing "                               \
	    "WHERE market = $1 AND no > $2 ORDER BY no LIMIT $3")              \
	X(ASKED, "listing_question",                                           \
	    "SELECT question, listing FROM listing_question "                  \
	    "WHERE market = $1 AND question = $2 AND listing = $3")            \
	X(ASKED_COUNT, "listing_question",                                     \
	    "SELECT COUNT(*) FROM listing_question WHERE market = $1")         \
	X(ASKER_ALONE, "listing_question",                                     \
	    "SELECT a.question, a.listing FROM listing_question AS a "         \
	    "LEFT JOIN listing AS b "                                          \
	    "ON b.market = a.market AND b.no = a.listing "                     \
	    "WHERE a.market = $1 AND b.no IS NULL "                            \
	    "ORDER BY a.question, a.listing LIMIT $2")                         \
	X(ASKED_ALL, "listing_question",                                       \
	    "SELECT q.listing, q.question, l.questions "                       \
	    "FROM listing_question AS q JOIN listing AS l "                    \
	    "ON l.market = q.market AND l.no = q.listing "                     \
	    "WHERE q.market = $1 AND (q.question, q.listing) > ($2, $3) "      \
	    "ORDER BY q.question, q.listing LIMIT $4")

#endif
