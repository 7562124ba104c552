/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Feeds. The first line of an input begins with what is behind it:
 *   fP      a file, list and rows, read in pieces of P bytes;
 *   rLPK..  rows (feed_rows.h), under a list that is made over them, judged
 *           with the scene's statement L among the evidence; K tells which row
 *           is proven, and what follows are edits of the proof (spoil_proof()).
 * What must hold:
 * - each row is counted once, and told in order unless it is plainly permitted;
 * - a row comes to what market_check() says of its offer signed alone, or to
 *   what its order and the size of its chunk make of it; where the file is not
 *   as it was signed, some row is refused;
 * - pieces of any size, and an allocation that failed and was tried again, make
 *   no other report;
 * - a proof is that of RFC 6962, and no other is taken;
 * - a packer takes what may be in a feed, and then signs the same list.
 *
 * The corpus: rows are typed. Files are made by `market feed pack` with the
 * seller's key, an Ed25519 seed that is the SHA-256 of "shop.example"
 * (scene.c), from offers like the scene's, and some are spoilt by hand.
 */
#include "feed_judged.h"

#include "model/feed.h"

const unsigned fuzz_mutants = 60;

/* Large, and needed for one input at a time. */
static feed_rows_t rows;
static hearing_t first, other;

/* ---- runs ---- */

static market_status_t
judge(market_evidence_t *evidence, const market_feed_t *feed,
    scene_reading_t *reading, hearing_t *hearing, market_error_t *error)
{
	const market_feed_options_t options = { .size = sizeof(options),
		.threads = 1,
		.row = feed_hear,
		.user = hearing };
	market_status_t status;

	memset(hearing, 0, sizeof(*hearing));
	status = market_check_feed(evidence, feed, scene_read, reading,
	    SCENE_NOW, &options, &hearing->report, error);
	if (status == MARKET_OK)
		feed_check_sums(hearing, market_feed_count(feed));
	return status;
}

/* The one may have ended for want of memory, and else is as the other. */
static void
check_same(const hearing_t *want, const hearing_t *got, bool whole)
{
	const market_feed_report_t *a = &want->report, *b = &got->report;

	FUZZ_ASSERT(whole ? got->n == want->n : got->n <= want->n);
	FUZZ_ASSERT(got->n == 0 ||
	    memcmp(got->v, want->v, got->n * sizeof(got->v[0])) == 0);
	FUZZ_ASSERT(b->rows <= a->rows && b->permitted <= a->permitted &&
	    b->warned <= a->warned && b->denied <= a->denied &&
	    b->indeterminate <= a->indeterminate && b->refused <= a->refused);
	FUZZ_ASSERT(b->rows ==
	    b->permitted + b->warned + b->denied + b->indeterminate +
		b->refused);
	if (!whole)
		return;
	/* How many bytes are behind the last row depends on the pieces. */
	FUZZ_ASSERT(a->rows == b->rows && a->chunks == b->chunks &&
	    a->chunks_broken == b->chunks_broken &&
	    (a->bytes_behind > 0) == (b->bytes_behind > 0));
}

/* ---- a file ---- */

static market_status_t
judge_file(market_context_t *context, market_evidence_t *evidence,
    market_slice_t file, size_t piece, hearing_t *hearing)
{
	scene_reading_t reading = { file, piece };
	market_error_t error = MARKET_ERROR_INIT;
	market_feed_t *feed = NULL;
	market_status_t status;

	memset(hearing, 0, sizeof(*hearing));
	status = market_feed_open(context, scene_read, &reading, &feed, &error);
	FUZZ_ASSERT((status == MARKET_OK) == (feed != NULL));
	if (status == MARKET_OK)
		status = judge(evidence, feed, &reading, hearing, &error);
	market_feed_free(feed);
	if (status != MARKET_OK)
		fuzz_check_error(status, &error);
	return status;
}

/* Of a list by itself there are 700 rows at most that can be told of. */
static bool
may_be_heard(market_slice_t file)
{
	scene_reading_t reading = { file, 0 };
	market_feed_t *feed = NULL;
	uint64_t count;

	if (market_feed_open(
		feed_context(), scene_read, &reading, &feed, NULL) != MARKET_OK)
		return true;
	count = market_feed_count(feed);
	market_feed_free(feed);
	return count <= FEED_ROWS_MAX;
}

static void
read_file(const fuzz_input_t *input, size_t piece)
{
	market_evidence_t *evidence = feed_evidence(0), *fresh;
	market_status_t want, got;

	if (!may_be_heard(input->rest))
		return;
	want = judge_file(feed_context(), evidence, input->rest, 0, &first);
	got = judge_file(
	    feed_context(), evidence, input->rest, piece + 1, &other);
	FUZZ_ASSERT(got == want);
	check_same(&first, &other, true);
	if (input->fail_at == 0)
		return;
	fresh = feed_evidence_new(fuzz_context(), 0);
	fuzz_fail(input);
	got = judge_file(fuzz_context(), fresh, input->rest, 0, &other);
	fuzz_check_starved(got, want);
	check_same(&first, &other, got == want);
	market_evidence_free(fresh);
}

/* ---- rows ---- */

static market_feed_t *
open_list(market_context_t *context)
{
	scene_reading_t reading = { market_buffer_slice(&rows.list), 1000 };
	market_feed_t *feed = NULL;

	FUZZ_ASSERT(market_feed_open(context, scene_read, &reading, &feed,
			NULL) == MARKET_OK);
	FUZZ_ASSERT(market_feed_count(feed) == rows.n);
	return feed;
}

static market_status_t
judge_rows(market_evidence_t *evidence, const market_feed_t *feed, size_t piece,
    hearing_t *hearing)
{
	scene_reading_t reading = { feed_rows_file(&rows), piece };

	return judge(evidence, feed, &reading, hearing, NULL);
}

static void
starve_rows(const fuzz_input_t *input, uint8_t letter)
{
	market_evidence_t *fresh = feed_evidence_new(fuzz_context(), letter);
	market_feed_t *feed = open_list(fuzz_context());
	market_status_t status;

	fuzz_fail(input);
	status = judge_rows(fresh, feed, 0, &other);
	if (status != MARKET_OK) {
		FUZZ_ASSERT(status == MARKET_E_MEMORY && fuzz_recover());
		check_same(&first, &other, false);
		status = judge_rows(fresh, feed, 0, &other);
	}
	FUZZ_ASSERT(status == MARKET_OK);
	check_same(&first, &other, true);
	(void)fuzz_recover();
	market_feed_free(feed);
	market_evidence_free(fresh);
}

static void
check_rows(const fuzz_input_t *input, const market_feed_t *feed, uint8_t letter,
    size_t piece)
{
	market_evidence_t *evidence = feed_evidence(letter);

	FUZZ_ASSERT(judge_rows(evidence, feed, 0, &first) == MARKET_OK);
	/* A byte at a time, unless that takes too long. */
	if (rows.file.len > 65536)
		piece += 1000;
	FUZZ_ASSERT(judge_rows(evidence, feed, piece + 1, &other) == MARKET_OK);
	check_same(&first, &other, true);
	if (input->fail_at != 0)
		starve_rows(input, letter);
	if (rows.spoilt)
		FUZZ_ASSERT(
		    first.report.refused > 0 || first.report.bytes_behind > 0);
	else
		feed_check_rows(&rows, letter, &first);
}

/* ---- proofs ---- */

/*
 * Edits of two bytes: "-X" takes bytes away, "+X" adds one, and else "AX" makes
 * the byte at a place another.
 */
static void
spoil_proof(market_slice_t edits, market_buffer_t *proof)
{
	fuzz_input_t rest = { edits, 0, false };
	market__text_t text;
	uint8_t what, with;
	size_t cut;

	market__text_init(&text, fuzz_allocator(), SIZE_MAX / 2);
	market__text_slice(&text, market_buffer_slice(proof));
	while (rest.rest.len > 1) {
		what = fuzz_byte(&rest);
		with = fuzz_byte(&rest);
		cut = text.len < (with & 63u) ? text.len : with & 63u;
		if (what == '-')
			text.len -= cut;
		else if (what == '+')
			market__text_putc(&text, (char)with);
		else if (text.len > 0)
			text.data[(size_t)(uint8_t)(what - '0') % text.len] ^=
			    (char)with;
	}
	market_buffer_clear(proof);
	FUZZ_ASSERT(market__text_take(&text, proof) == MARKET_OK);
}

/* It is the proof of some row, which has those bytes. */
static bool
is_proof(market_slice_t proof, market_slice_t offer)
{
	market__text_t want;
	uint64_t index = 0;
	bool same = false;
	size_t i;

	for (i = 0; i < 8 && i < proof.len; i++)
		index = index << 8 | proof.ptr[i];
	if (i < 8 || index >= rows.n ||
	    !market__slice_equal(feed_row(&rows, (size_t)index), offer))
		return false;
	market__text_init(&want, fuzz_allocator(), SIZE_MAX / 2);
	feed_rows_proof(&rows, (size_t)index, &want);
	same = market__slice_equal(market__slice(want.data, want.len), proof);
	market__text_clear(&want);
	return same;
}

static void
check_proof(const market_feed_t *feed, uint8_t letter, market_slice_t proof,
    market_slice_t offer)
{
	judged_t judged = feed_alone(letter, offer);
	market_decision_t *decision = NULL;
	market_status_t status;
	named_t name;

	status = market_check_in_feed(feed_evidence(letter), feed, proof, offer,
	    SCENE_NOW, &decision, NULL);
	market_decision_free(decision);
	feed_name(offer, &name);
	if (!is_proof(proof, offer))
		FUZZ_ASSERT(status == MARKET_E_LOG);
	else if (name.read && !name.ours)
		FUZZ_ASSERT(status == MARKET_E_SCHEMA);
	else
		FUZZ_ASSERT(!judged.known || status == judged.status);
}

/* The first row with that id, which is `row` or one before it. */
static size_t
first_of(const named_t *wanted, size_t row)
{
	named_t name;
	size_t i;

	for (i = 0; i < row; i++) {
		feed_name(feed_row(&rows, i), &name);
		if (name.read && name.id_len == wanted->id_len &&
		    memcmp(name.id, wanted->id, name.id_len) == 0)
			break;
	}
	return i;
}

/* Can that row be read, and its chunk be hashed? */
static bool
can_be_proven(size_t row)
{
	size_t chunk;

	for (chunk = 0; chunk < row / MARKET__CHUNK; chunk++)
		if (feed_chunk_size(&rows, chunk) == FEED_LOST)
			return false;
	return feed_chunk_size(&rows, chunk) == FEED_FITS;
}

/* Of the first row with that name; false: there can be none. */
static bool
prove(const fuzz_input_t *input, const market_feed_t *feed, size_t row,
    const named_t *name, market_buffer_t *proof, market_buffer_t *offer)
{
	scene_reading_t reading = { feed_rows_file(&rows), 0 };
	scene_reading_t again = reading;
	market_slice_t id = market__slice(name->id, name->id_len);
	market_status_t status;

	fuzz_fail(input);
	status = market_feed_prove(
	    feed, scene_read, &reading, id, proof, offer, NULL);
	if (status == MARKET_E_MEMORY) {
		FUZZ_ASSERT(fuzz_recover() && proof->len == 0);
		status = market_feed_prove(
		    feed, scene_read, &again, id, proof, offer, NULL);
	}
	(void)fuzz_recover();
	if (can_be_proven(row)) {
		FUZZ_ASSERT(status == MARKET_OK);
		return true;
	}
	FUZZ_ASSERT(status == MARKET_E_LIMIT && proof->len == 0);
	return false;
}

static void
check_proofs(const fuzz_input_t *input, const market_feed_t *feed,
    uint8_t letter, size_t pick, market_slice_t edits)
{
	market_buffer_t proof = MARKET_BUFFER_INIT, offer = MARKET_BUFFER_INIT;
	named_t name;
	size_t row;

	if (rows.n == 0 || rows.spoilt)
		return;
	feed_name(feed_row(&rows, pick % rows.n), &name);
	if (!name.read || name.id_len == 0)
		return;
	row = first_of(&name, pick % rows.n);
	if (!prove(input, feed, row, &name, &proof, &offer))
		return;
	FUZZ_ASSERT(market__slice_equal(
	    market_buffer_slice(&offer), feed_row(&rows, row)));
	FUZZ_ASSERT(
	    is_proof(market_buffer_slice(&proof), market_buffer_slice(&offer)));
	check_proof(feed, letter, market_buffer_slice(&proof),
	    market_buffer_slice(&offer));
	offer.data[pick % offer.len] ^= 1;
	check_proof(feed, letter, market_buffer_slice(&proof),
	    market_buffer_slice(&offer));
	offer.data[pick % offer.len] ^= 1;
	spoil_proof(edits, &proof);
	check_proof(feed, letter, market_buffer_slice(&proof),
	    market_buffer_slice(&offer));
	market_buffer_clear(&offer);
	market_buffer_clear(&proof);
}

/* ---- the packer ---- */

static market_status_t
write_row(void *user, market_slice_t bytes)
{
	const fuzz_lull_t lull = fuzz_lull();

	market__text_slice(user, bytes);
	fuzz_lull_end(lull);
	return MARKET_OK;
}

static bool
may_follow(const named_t *name, const named_t *last)
{
	return name->read && name->ours && name->id_len > 0 &&
	    (!last->read ||
		market__slice_compare(market__slice(name->id, name->id_len),
		    market__slice(last->id, last->id_len)) > 0);
}

/* Did it take all of them? */
static bool
pack_rows(market_packer_t *packer)
{
	named_t name, last = { .read = false };
	uint8_t head[MARKET__LENGTH_MAX];
	size_t i, taken = 0, size = 0, more;
	market_status_t status;
	market_slice_t row;

	for (i = 0; i < rows.n; i++) {
		row = feed_row(&rows, i);
		feed_name(row, &name);
		FUZZ_AGAIN(status, market_packer_add(packer, row, NULL));
		if (taken % MARKET__CHUNK == 0)
			size = 0;
		more = market__length_write(row.len, head) + row.len;
		FUZZ_ASSERT((status == MARKET_OK) ==
		    (row.len <= MARKET_FEED_ROW_MAX &&
			may_follow(&name, &last) &&
			size + more <= MARKET_FEED_CHUNK_MAX));
		if (status != MARKET_OK)
			continue;
		last = name;
		size += more;
		taken++;
	}
	FUZZ_ASSERT(market_packer_count(packer) == taken);
	return taken == rows.n;
}

static void
check_packed(const market_buffer_t *list, const market__text_t *written)
{
	market_statement_t *ours = NULL, *packed = NULL;

	FUZZ_ASSERT(
	    market_statement_parse(fuzz_context(), market_buffer_slice(list),
		MARKET_KINDS(MARKET_KIND_FEED), &packed, NULL) == MARKET_OK);
	FUZZ_ASSERT(
	    market_statement_parse(fuzz_context(),
		market_buffer_slice(&rows.list), MARKET_KINDS(MARKET_KIND_FEED),
		&ours, NULL) == MARKET_OK);
	FUZZ_ASSERT(market__slice_equal(
	    market_statement_payload(ours), market_statement_payload(packed)));
	FUZZ_ASSERT(rows.spoilt ||
	    market__slice_equal(market__slice(written->data, written->len),
		feed_rows_file(&rows)));
	market_statement_free(packed);
	market_statement_free(ours);
}

static void
check_packer(const fuzz_input_t *input)
{
	/* What it says of another count and other roots is nothing. */
	static const char old_list[] = SCENE_BEGIN
	    ", \"count\": \"600\", \"chunkRoots\": [\"AA==\", \"\", \"\"]}";
	market_signer_t *signer = scene_signer("shop.example");
	market_buffer_t list = MARKET_BUFFER_INIT;
	market_packer_t *packer = NULL;
	market_status_t status;
	market__text_t written;
	bool all;

	market__text_init(&written, fuzz_allocator(), SIZE_MAX / 2);
	fuzz_fail(input);
	FUZZ_AGAIN(status,
	    market_packer_new(fuzz_context(), market_slice_of(old_list),
		write_row, &written, &packer, NULL));
	FUZZ_ASSERT(status == MARKET_OK);
	all = pack_rows(packer);
	FUZZ_AGAIN(status,
	    market_packer_finish(
		packer, &signer, 1, MARKET_FORMAT_PROTOBUF, &list, NULL));
	(void)fuzz_recover();
	FUZZ_ASSERT(status == MARKET_OK);
	if (all)
		check_packed(&list, &written);
	market_buffer_clear(&list);
	market__text_clear(&written);
	market_packer_free(packer);
}

static void
read_rows(fuzz_input_t *input, market_slice_t line)
{
	fuzz_input_t how = { line, 0, false };
	uint8_t letter, piece, pick;
	market_feed_t *feed;

	letter = fuzz_byte(&how);
	piece = (uint8_t)(fuzz_byte(&how) - '0');
	pick = (uint8_t)(fuzz_byte(&how) - '0');
	feed_rows_read(&rows, input);
	feed = open_list(fuzz_context());
	check_rows(input, feed, letter, piece);
	check_proofs(input, feed, letter, pick, how.rest);
	check_packer(input);
	market_feed_free(feed);
	feed_rows_clear(&rows);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_input_t input = fuzz_input(data, size);
	market_slice_t line;
	size_t live;

	scene_init();
	(void)feed_context();
	live = fuzz_live();
	line = fuzz_line(&input);
	if (line.len > 0 && line.ptr[0] == 'f')
		read_file(
		    &input, line.len > 1 ? (uint8_t)(line.ptr[1] - '0') : 0);
	else if (line.len > 0 && line.ptr[0] == 'r')
		read_rows(&input, market__slice(line.ptr + 1, line.len - 1));
	FUZZ_ASSERT(fuzz_live() == live);
	return 0;
}
