/* SPDX-License-Identifier: Apache-2.0 */
/* Plays: steps on a store, each one text. */
#include <stdio.h>
#include <string.h>

#include "play.h"

/* The last word of a step taken off: "all a b ACCEPTED". */
static const char *
cut_last(char *text)
{
	char *last = strrchr(text, ' ');

	ck_assert_msg(last != NULL, "no last word in %s", text);
	*last = '\0';
	return last + 1;
}

static bool
intend(play_t *play, const char *verb, const char *offer, const char *rest)
{
	static const struct {
		const char *verb;
		market_intent_t intent;
	} verbs[] = {
		{ "pause", MARKET_INTENT_PAUSE },
		{ "resume", MARKET_INTENT_PUBLISH },
		{ "end", MARKET_INTENT_END },
	};
	size_t i;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i].verb, verb) == 0) {
			play_intend(play, offer, verbs[i].intent, rest);
			return true;
		}
	return false;
}

/* "VERB NAME REST" */
static void
play_step(play_t *play, const char *step)
{
	char verb[32] = "", name[128] = "", copy[1024];
	int used = 0, more = 0;
	const char *rest;

	sscanf(step, "%31s %n%127s %n", verb, &used, name, &more);
	rest = more > 0 ? step + more : "";
	if (strcmp(verb, "at") == 0)
		play_at(play, name);
	else if (strcmp(verb, "add") == 0)
		play_add(play, name, rest, 0);
	else if (strcmp(verb, "later") == 0)
		play_add(play, name, rest, MARKET_STORE_LATER);
	else if (strcmp(verb, "submit") == 0)
		play_submit(play, name, rest);
	else if (strcmp(verb, "refresh") == 0)
		play_refresh(play);
	else if (strcmp(verb, "reopen") == 0)
		play_reopen(play);
	else if (strcmp(verb, "is") == 0)
		play_is(play, name, rest);
	else if (strcmp(verb, "tells") == 0)
		play_tells(play, name, rest);
	else if (strcmp(verb, "check") == 0)
		play_check(play, name, rest);
	else if (strcmp(verb, "horizon") == 0)
		play_horizon(play, name, rest);
	else if (strcmp(verb, "begin") == 0)
		play_begin(play);
	else if (strcmp(verb, "all") == 0) {
		snprintf(copy, sizeof(copy), "%s", step + used);
		rest = cut_last(copy);
		play_add_all(play, copy, rest);
	} else if (strcmp(verb, "was") == 0) {
		sscanf(rest, "%31s %n", verb, &used);
		play_was(play, verb, name, rest + used);
	} else {
		ck_assert_msg(
		    intend(play, verb, name, rest), "no such step: %s", step);
	}
}

void
play_act(play_t *play, const play_plot_t *plot)
{
	char label[160];
	size_t i;

	for (i = 0; i < PLAY_STEPS_MAX && plot->steps[i] != NULL; i++) {
		snprintf(label, sizeof(label), "%s, step %zu", plot->label, i);
		play->label = label;
		if (plot->steps[i][0] == '~') {
			play_edit(play, plot->steps[i] + 1);
			continue;
		}
		/* What is edited before the first step is in the store. */
		if (play->store == NULL && strcmp(plot->steps[i], "begin") != 0)
			play_begin_good(play);
		if (strcmp(plot->steps[i], "good") != 0)
			play_step(play, plot->steps[i]);
	}
	play->label = NULL;
}
