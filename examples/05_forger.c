/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A forger tries what forgers try. Each try begins in an honest world, where
 * the offer of an authorised shop is permitted, and changes one thing. The
 * program fails if one of them is not refused, or for another reason.
 */
#include <stdio.h>
#include <string.h>

#include "forger.h"
#include "screen.h"

/* What is asked for, when the evidence is all there. */
static market_status_t
ask(world_t *world, const try_t *try, const forgery_t *forgery,
    market_decision_t **ret_decision)
{
	market_buffer_t offer = MARKET_BUFFER_INIT;
	market_status_t status = MARKET_OK;
	market_slice_t bytes;

	bytes = market_buffer_slice(&forgery->offer);
	if (bytes.len == 0) {
		status = shop_offer(world, &try->offer, NULL, &offer);
		bytes = market_buffer_slice(&offer);
	}
	if (status == MARKET_OK)
		status = shop_ask(world, bytes, DAY_2016_02_01, ret_decision);
	market_buffer_clear(&offer);
	return status;
}

static int
is_refused(world_t *world, const try_t *try, const market_decision_t *decision)
{
	market_verdict_t verdict = market_decision_verdict(decision);

	if (try->want == MARKET_CODE_NONE) /* the honest one */
		return verdict == MARKET_VERDICT_PERMIT;
	return verdict != MARKET_VERDICT_PERMIT &&
	    shop_told(world, decision, try->want);
}

static void
print_row(const try_t *try, const market_decision_t *decision, int good)
{
	const market_code_info_t *info = market_code_info(try->want);

	printf("%-38s %s", try->label,
	    market_verdict_name(market_decision_verdict(decision)));
	if (info != NULL)
		printf("   %s", info->name);
	printf("%s\n", good ? "" : "  <- NOT AS WANTED");
}

static market_status_t
play(world_t *world, const try_t *try, int *wrong)
{
	forgery_t forgery = { MARKET_BUFFER_INIT };
	market_decision_t *decision = NULL;
	market_status_t status;
	int good;

	status = shop_begin(world, NULL);
	if (status == MARKET_OK)
		status = try->forge(world, &forgery);
	if (status == MARKET_OK)
		status = ask(world, try, &forgery, &decision);
	if (status == MARKET_OK) {
		good = is_refused(world, try, decision);
		print_row(try, decision, good);
		*wrong |= !good;
	}
	market_decision_free(decision);
	market_buffer_clear(&forgery.offer);
	return status;
}

int
main(void)
{
	const try_t *try;
	market_status_t status;
	world_t world;
	int wrong = 0;
	size_t i, n = 0;

	screen_open();
	screen_heading("What a forger tries, and what it is told");
	status = world_open(&world, STORY_FOLDER);
	for (i = 0; (try = forger_try(i)) != NULL && status == MARKET_OK; i++) {
		status = play(&world, try, &wrong);
		n += try->want != MARKET_CODE_NONE;
	}
	if (status != MARKET_OK)
		world_complain(&world, status);
	else if (!wrong)
		printf("\nThe honest offers are permitted, all %zu forgeries "
		       "are refused.\n",
		    n);
	world_close(&world);
	return status != MARKET_OK || wrong;
}
