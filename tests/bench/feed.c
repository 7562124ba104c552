/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feed [ROWS [ROUNDS]]: a feed of so many offers, of 500 kinds of phone in two
 * cells each, judged by one thread and by two; and the same offers signed one
 * by one. The rows are in memory. All take turns, round by round.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit.h"

#define KINDS  500
#define SINGLY 64
#define ID     "sku-0000000"

typedef struct bytes {
	uint8_t *at;
	size_t len, capacity;
	size_t read; /* how far */
} bytes_t;

typedef struct bench {
	kit_t *kit;
	market_evidence_t *evidence;
	market_buffer_t kinds[KINDS]; /* payloads */
	market_buffer_t singly[SINGLY];
	market_feed_t *feed;
	bytes_t rows;
	unsigned long n;
} bench_t;

/* ---- bytes ---- */

static market_status_t
put(void *user, market_slice_t piece)
{
	bytes_t *bytes = user;

	while (bytes->len + piece.len > bytes->capacity) {
		bytes->capacity = bytes->capacity * 2 + 4096;
		bytes->at = realloc(bytes->at, bytes->capacity);
		if (bytes->at == NULL)
			kit_die("no memory for a feed");
	}
	memcpy(bytes->at + bytes->len, piece.ptr, piece.len);
	bytes->len += piece.len;
	return MARKET_OK;
}

static market_status_t
get(void *user, void *buffer, size_t size, size_t *ret_n)
{
	bytes_t *bytes = user;
	size_t n = bytes->len - bytes->read;

	n = n < size ? n : size;
	memcpy(buffer, bytes->at + bytes->read, n);
	bytes->read += n;
	*ret_n = n;
	return MARKET_OK;
}

/* ---- offers ---- */

static void
make_kinds(bench_t *b)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_statement_t *offer = NULL;
	market_buffer_t envelope;
	market_slice_t payload;
	bytes_t copy;
	size_t i;

	for (i = 0; i < KINDS; i++) {
		envelope = kit_offer(b->kit, i * 2, 1);
		kit_must(market_statement_parse(kit_context(b->kit),
			     market_buffer_slice(&envelope),
			     MARKET_KINDS(MARKET_KIND_OFFER), &offer, &error),
		    &error, "an offer");
		payload = market_statement_payload(offer);
		memset(&copy, 0, sizeof(copy));
		(void)put(&copy, payload);
		b->kinds[i].data = copy.at;
		b->kinds[i].len = copy.len;
		market_statement_free(offer);
		if (i < SINGLY)
			b->singly[i] = envelope;
		else
			market_buffer_clear(&envelope);
	}
}

/* Row number `i`: the id is of one length. */
static market_slice_t
row(bench_t *b, unsigned long i)
{
	market_buffer_t *kind = &b->kinds[i % KINDS];
	market_slice_t bytes = { kind->data, kind->len };
	uint8_t *at = kind->data;
	char id[sizeof(ID)];

	/* It stands in the header, which comes first. */
	while (memcmp(at, "sku-", 4) != 0)
		at++;
	snprintf(id, sizeof(id), "sku-%07lu", i);
	memcpy(at, id, sizeof(ID) - 1);
	return bytes;
}

static void
pack(bench_t *b)
{
	static const char draft[] =
	    "{\"header\":{\"issuer\":\"a.example\",\"id\":\"catalogue\","
	    "\"revision\":1,\"issuedAt\":\"2016-01-01T00:00:00Z\","
	    "\"notAfter\":\"2026-01-01T00:00:00Z\"},"
	    "\"mode\":\"FEED_MODE_FULL\"}";
	market_error_t error = MARKET_ERROR_INIT;
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_packer_t *packer = NULL;
	market_signer_t *signer = kit_signer(b->kit, "a.example");
	bytes_t list = { 0 };
	unsigned long i;
	double begin = kit_seconds();

	kit_must(market_packer_new(kit_context(b->kit), market_slice_of(draft),
		     put, &b->rows, &packer, &error),
	    &error, "a packer");
	for (i = 0; i < b->n; i++)
		kit_must(market_packer_add(packer, row(b, i), &error), &error,
		    "a row");
	kit_must(market_packer_finish(packer, &signer, 1,
		     MARKET_FORMAT_PROTOBUF, &envelope, &error),
	    &error, "a list");
	printf("packed and signed in %.2f s: a list of %zu bytes, and rows of "
	       "%.1f on average\n",
	    kit_seconds() - begin, envelope.len,
	    (double)b->rows.len / (double)b->n);
	list.at = malloc(envelope.len + 4);
	if (list.at == NULL)
		kit_die("no memory for a list");
	list.len = market_feed_delimiter(envelope.len, list.at);
	memcpy(list.at + list.len, envelope.data, envelope.len);
	list.len += envelope.len;
	kit_must(
	    market_feed_open(kit_context(b->kit), get, &list, &b->feed, &error),
	    &error, "the list");
	free(list.at);
	market_buffer_clear(&envelope);
	market_packer_free(packer);
}

static void
gather(bench_t *b)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_buffer_t root = kit_root(b->kit), policy = kit_policy(b->kit);
	market_buffer_t envelope;
	size_t i;

	kit_must(
	    market_evidence_new(kit_context(b->kit), market_buffer_slice(&root),
		market_buffer_slice(&policy), &b->evidence, &error),
	    &error, "evidence");
	for (i = 0; i < KIT_EVIDENCE; i++) {
		envelope = kit_evidence(b->kit, i);
		kit_must(market_evidence_add(b->evidence,
			     market_buffer_slice(&envelope), NULL, &error),
		    &error, "evidence");
		market_buffer_clear(&envelope);
	}
	market_buffer_clear(&root);
	market_buffer_clear(&policy);
}

/* ---- measuring ---- */

/* Microseconds for each. */
static double
judge_feed(bench_t *b, unsigned threads)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_feed_options_t options = { .size = sizeof(options),
		.threads = threads };
	market_feed_report_t report;
	double begin = kit_seconds();

	b->rows.read = 0;
	kit_must(market_check_feed(b->evidence, b->feed, get, &b->rows, KIT_NOW,
		     &options, &report, &error),
	    &error, "the feed");
	if (report.permitted != b->n)
		kit_die("%llu of %lu rows are permitted",
		    (unsigned long long)report.permitted, b->n);
	return (kit_seconds() - begin) * 1e6 / (double)b->n;
}

static double
judge_singly(bench_t *b)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	double begin = kit_seconds();
	size_t i;

	for (i = 0; i < SINGLY; i++) {
		kit_must(market_check(b->evidence,
			     market_buffer_slice(&b->singly[i]), KIT_NOW,
			     &decision, &error),
		    &error, "an offer");
		market_decision_free(decision);
	}
	return (kit_seconds() - begin) * 1e6 / SINGLY;
}

static void
measure(bench_t *b, unsigned long rounds)
{
	kit_series_t took[3] = { 0 }, faster = { 0 }, two = { 0 };
	double singly, one, both;
	unsigned long i;

	(void)judge_singly(b);
	for (i = 0; i < rounds; i++) {
		singly = judge_singly(b);
		one = judge_feed(b, 1);
		singly = (singly + judge_singly(b)) / 2;
		both = judge_feed(b, 2);
		kit_note(&took[0], singly);
		kit_note(&took[1], one);
		kit_note(&took[2], both);
		kit_note(&faster, singly / one);
		kit_note(&two, one / both);
	}
	printf("an offer signed alone %.2f us, a row %.3f us, by two threads "
	       "%.3f us\n",
	    kit_median(&took[0]), kit_median(&took[1]), kit_median(&took[2]));
	printf("resident at most %lu KiB, of which the rows %zu\n",
	    kit_memory("VmHWM"), b->rows.len / 1024);
	kit_row("a feed over offers signed one by one (Ed25519)", &faster,
	    "at least", 45);
	kit_row("two threads over one, a feed", &two, "at least", 1.7);
}

int
main(int argc, char **argv)
{
	unsigned long rounds = argc > 2 ? kit_number(argv[2]) : 5;
	bench_t b = { .n = argc > 1 ? kit_number(argv[1]) : 1000000 };
	size_t i;

	b.kit = kit_new(4 * KINDS);
	make_kinds(&b);
	gather(&b);
	pack(&b);
	measure(&b, rounds);
	market_feed_free(b.feed);
	market_evidence_free(b.evidence);
	for (i = 0; i < KINDS; i++)
		free(b.kinds[i].data);
	for (i = 0; i < SINGLY; i++)
		market_buffer_clear(&b.singly[i]);
	free(b.rows.at);
	kit_free(b.kit);
	return 0;
}
