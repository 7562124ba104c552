/* SPDX-License-Identifier: Apache-2.0 */
#include "object.h"

#include <stdlib.h>
#include <string.h>

/* What the call says with all memory. */
static char *told;
static market_status_t want;

static bool
object_try(torture_t *torture, const torture_row_t *row, torture_point_t point)
{
	size_t before[COUNTER_OWNERS];
	market_error_t error;
	market_status_t got;
	char *text;

	torture_forget(torture);
	memcpy(before, counter.live, sizeof(before));
	counter_reset(point.at, point.for_ever, COUNTER_ALL);
	text = torture_tell(torture, row, &got, &error);
	if (!torture_refused(torture, row, point, got, want, &error) &&
	    (row->flags & TORTURE_RANDOM) == 0)
		ck_assert_msg(strcmp(text, told) == 0,
		    "%s: %s: it says\n%s\nand not\n%s", torture->label,
		    torture_where(point), text, told);
	free(text);
	torture_expect_live(torture, point,
	    row->flags & TORTURE_OPENSSL_LEAKS
		? COUNTER_ALL & ~COUNTER_ONLY(COUNTER_OPENSSL)
		: COUNTER_ALL,
	    before);
	return counter.failed > 0;
}

/* Twice: what is kept after the first call of its kind is warm then. */
static void
learn(torture_t *torture, const torture_row_t *row)
{
	market_error_t error;
	int i;

	for (i = 0; i < 2; i++) {
		free(told);
		counter_reset(SIZE_MAX, false, COUNTER_ALL);
		told = torture_tell(torture, row, &want, &error);
		ck_assert_msg(want != MARKET_E_MEMORY, "%s: %s", row->label,
		    error.message);
	}
}

/* Of a call that takes few, each is looked at. */
#define FEW 300

void
object_sweep(torture_t *torture, const torture_row_t *row, size_t seed)
{
	torture->label = row->label;
	learn(torture, row);
	if (counter.calls <= FEW)
		torture->shallow = 1;
	torture_sweep(torture, row, seed, object_try);
	free(told);
	told = NULL;
}
