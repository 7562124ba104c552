/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must become of the rows of a feed: that of each offer if its seller had
 * signed it alone, as market_check() says, and what order and size make of it.
 */
#ifndef TESTS_FUZZ_FEED_JUDGED_H
#define TESTS_FUZZ_FEED_JUDGED_H

#include <market/feed.h>

#include "feed_rows.h"

/* What was told of rows. */
typedef struct told {
	uint64_t index, count;
	market_status_t status;
	uint64_t words; /* a hash of the id, the error and the decision */
} told_t;

typedef struct hearing {
	told_t v[FEED_ROWS_MAX + 1];
	size_t n;
	uint64_t next; /* no row before that one may be told of any more */
	market_feed_report_t report;
} hearing_t;

/* A market_feed_row_fn: writes down what is told to a hearing_t. */
int feed_hear(void *user, const market_feed_row_t *row);

/* The hearing in itself, of a feed of `count` rows that were all judged. */
void feed_check_sums(const hearing_t *hearing, uint64_t count);

/*
 * Evidence with the scene's good world, and with the statement of that letter
 * if there is one; kept, in memory that is not counted.
 */
market_evidence_t *feed_evidence(uint8_t letter);
/* The same for one input. NULL: no memory. */
market_evidence_t *feed_evidence_new(market_context_t *context, uint8_t letter);
market_context_t *feed_context(void);

/* How an offer comes out. */
typedef struct judged {
	bool known; /* false: it is too large to be signed alone */
	market_status_t status;
	bool plain; /* permitted, with notes at most */
} judged_t;

/* Of a payload, as if it was signed alone. */
judged_t feed_alone(uint8_t letter, market_slice_t payload);

/* What a payload says of itself. */
typedef struct named {
	bool read; /* false: it is no offer */
	bool ours; /* the scene's seller is the issuer */
	char id[1100];
	size_t id_len;
} named_t;

void feed_name(market_slice_t payload, named_t *ret);

/* Row by row, where the file is as it was signed. */
void feed_check_rows(
    const feed_rows_t *rows, uint8_t letter, const hearing_t *hearing);

/* Can chunk number `chunk` be read? */
typedef enum feed_size { FEED_FITS, FEED_LARGE, FEED_LOST } feed_size_t;

feed_size_t feed_chunk_size(const feed_rows_t *rows, size_t chunk);

#endif
