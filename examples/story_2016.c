/* SPDX-License-Identifier: Apache-2.0 */
/*
 * February 2016, told by the gate that was not there: four phones that were
 * listed for a day, and what it would have taken to list one of them.
 *
 *	story_2016 [FOLDER]
 *
 * FOLDER has the documents (examples/data/2016). Each step says what it
 * expects; the program fails where the library answers otherwise.
 */
#define _DEFAULT_SOURCE 1 /* mkdtemp() */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "screen.h"
#include "story_facts.h"
#include "story_store.h"

#define HAND_MAX  12
#define CODES_MAX 12

/* What a step hands in, what it asks, and what must come out. */
typedef struct step {
	const char *heading; /* NULL: a further question of the same step */
	const char *text;
	const document_t *policy;
	const document_t *hand[HAND_MAX];
	const document_t *offer;
	const term_t *term; /* renewed so, or as the documents are dated */
	int64_t at;
	struct {
		market_verdict_t verdict;
		market_service_t service;
		int64_t horizon;
		market_code_t
		    codes[CODES_MAX]; /* all that deny or cannot tell */
	} want;
} step_t;

/* Everything runs until 2023-02-01, signed anew when 2022 began. */
static const term_t renewed = { 2, DAY_2022_01_01, DAY_2023_02_01 };

#define NETWORKS &network_t_mobile, &network_usmobile
#define WANT(verdict, service, horizon, ...)                                 \
	{                                                                    \
		MARKET_VERDICT_##verdict, MARKET_SERVICE_##service, horizon, \
		{                                                            \
			__VA_ARGS__                                          \
		}                                                            \
	}

#define NO_GRANT      MARKET_CODE_AUTHORIZATION_MISSING
#define DISAVOWED     MARKET_CODE_BRAND_DISAVOWED
#define NOT_CERTIFIED MARKET_CODE_CERTIFICATION_MISSING
#define IN_TEST       MARKET_CODE_CERTIFICATION_IN_TEST
#define BELOW_MINIMUM MARKET_CODE_SERVICE_BELOW_MINIMUM
#define NOT_DISCLOSED MARKET_CODE_DISCLOSURE_MISSING
#define BANDS_UNKNOWN MARKET_CODE_BANDS_UNKNOWN

static const step_t steps[] = {
	{
	    .heading = "1. Monday, 1 February 2016: four phones go on sale",
	    .text =
		"US Mobile, an MVNO on T-Mobile US, lists three Xiaomi phones "
		"and one Meizu phone, sold and shipped by an importer in Hong "
		"Kong. Within the day they are gone. What would the gate have "
		"said? First the Mi 4. (No source names the model codes of the "
		"four phones: they are assumed. Xiaomi said its sentence on 2 "
		"February, of what had been so before: it stands here from "
		"January on.)",
	    .hand = { NETWORKS, &seller_importer, &disavowal_xiaomi,
		&product_mi4 },
	    .offer = &offer_mi4,
	    .at = DAY_2016_02_01,
	    .want = WANT(DENY, 3G, DAY_2017_02_01, NO_GRANT, DISAVOWED,
		NOT_CERTIFIED, NOT_DISCLOSED),
	},
	{
	    .text = "The Mi 3 has the same bands, and the same four causes.",
	    .hand = { NETWORKS, &seller_importer, &disavowal_xiaomi,
		&product_mi3 },
	    .offer = &offer_mi3,
	    .at = DAY_2016_02_01,
	    .want = WANT(DENY, 3G, DAY_2017_02_01, NO_GRANT, DISAVOWED,
		NOT_CERTIFIED, NOT_DISCLOSED),
	},
	{
	    .text =
		"The Redmi 2 goes by eight model codes. Of 2014817, the "
		"global one, no source has the bands. Unknown is not "
		"none: on that axis the gate cannot tell (INDETERMINATE). The "
		"other causes are enough to deny.",
	    .hand = { NETWORKS, &seller_importer, &disavowal_xiaomi,
		&product_redmi2 },
	    .offer = &offer_redmi2,
	    .at = DAY_2016_02_01,
	    .want = WANT(DENY, UNSPECIFIED, DAY_2017_02_01, NO_GRANT, DISAVOWED,
		NOT_CERTIFIED, BANDS_UNKNOWN),
	},
	{
	    .text =
		"If it was the Indian Redmi 2, 2014818, its buyers got Wi-Fi "
		"and nothing else: it has no band in common with T-Mobile US.",
	    .hand = { NETWORKS, &seller_importer, &disavowal_xiaomi,
		&product_redmi2_india },
	    .offer = &offer_redmi2_india,
	    .at = DAY_2016_02_01,
	    .want = WANT(DENY, NONE, DAY_2017_02_01, NO_GRANT, DISAVOWED,
		NOT_CERTIFIED, BELOW_MINIMUM, NOT_DISCLOSED),
	},
	{
	    .text =
		"Meizu's phone has LTE, and none of T-Mobile's LTE bands of "
		"that day: 3G. No statement by Meizu was found, so there is "
		"no disavowal; without a grant the answer is no all the same.",
	    .hand = { NETWORKS, &seller_importer, &product_m2note },
	    .offer = &offer_m2note,
	    .at = DAY_2016_02_01,
	    .want = WANT(DENY, 3G, DAY_2017_02_01, NO_GRANT, NOT_CERTIFIED,
		NOT_DISCLOSED),
	},
	{
	    .heading = "2. Suppose that Xiaomi grants, and nobody certifies",
	    .text =
		"From here on the story supposes. Xiaomi takes its disavowal "
		"back and authorises the importer for the Mi 4. That cures "
		"what is Xiaomi's to cure, and the report says what is still "
		"missing.",
	    .hand = { NETWORKS, &seller_importer, &disavowal_xiaomi,
		&product_mi4, &withdrawal_disavowal, &grant_mi4 },
	    .offer = &offer_mi4,
	    .at = DAY_2016_02_01,
	    .want = WANT(
		DENY, 3G, DAY_2017_02_01, NOT_CERTIFIED, NOT_DISCLOSED),
	},
	{
	    .heading = "3. Suppose that the carrier and the FCC certify, and "
		       "Xiaomi does not grant",
	    .text =
		"The other half alone. Nothing is supposed of Xiaomi here, so "
		"its disavowal stands as it did.",
	    .hand = { NETWORKS, &seller_importer, &disavowal_xiaomi,
		&product_mi4, &carrier_mi4, &fcc_mi4 },
	    .offer = &offer_mi4,
	    .at = DAY_2016_02_01,
	    .want = WANT(
		DENY, 3G, DAY_2017_02_01, NO_GRANT, DISAVOWED, NOT_DISCLOSED),
	},
	{
	    .heading = "4. Suppose both, and the buyer is not told",
	    .text =
		"Grant and certifications are there. But a buyer would think "
		"that a phone of 2016 has LTE, and the listing does not say "
		"otherwise.",
	    .hand = { NETWORKS, &seller_importer, &disavowal_xiaomi,
		&product_mi4, &withdrawal_disavowal, &grant_mi4, &carrier_mi4,
		&fcc_mi4 },
	    .offer = &offer_mi4,
	    .at = DAY_2016_02_01,
	    .want = WANT(DENY, 3G, DAY_2017_02_01, NOT_DISCLOSED),
	},
	{
	    .heading = "5. Suppose all of it: the Mi 4 may be listed",
	    .text =
		"The importer signs the offer anew and tells its buyers. Now "
		"the gate permits, says what they get, and until when: the "
		"first day on which a paper that it rests on has run out.",
	    .hand = { NETWORKS, &seller_importer, &disavowal_xiaomi,
		&product_mi4, &withdrawal_disavowal, &grant_mi4, &carrier_mi4,
		&fcc_mi4 },
	    .offer = &offer_mi4_disclosed,
	    .at = DAY_2016_02_01,
	    .want = WANT(PERMIT, 3G, DAY_2017_02_01, MARKET_CODE_NONE),
	},
	{
	    .heading = "6. Suppose that T-Mobile is still testing",
	    .text =
		"US Mobile said that it pulled the phones so that its carrier "
		"could test them. While the carrier tests, everybody waits; "
		"its next revision clears this without a new offer.",
	    .hand = { NETWORKS, &seller_importer, &disavowal_xiaomi,
		&product_mi4, &withdrawal_disavowal, &grant_mi4,
		&carrier_mi4_in_test, &fcc_mi4 },
	    .offer = &offer_mi4_disclosed,
	    .at = DAY_2016_02_01,
	    .want = WANT(DENY, 3G, DAY_2017_02_01, IN_TEST),
	},
	{
	    .heading = "7. 2022: the network goes, and takes the answer along",
	    .text =
		"Suppose that all papers were signed anew, until 1 February "
		"2023, and that somebody still sells the Mi 4 on 1 March "
		"2022. First with T-Mobile's network as it was in 2016: the "
		"answer holds as long as the papers do.",
	    .hand = { NETWORKS, &seller_importer, &disavowal_xiaomi,
		&product_mi4, &withdrawal_disavowal, &grant_mi4, &carrier_mi4,
		&fcc_mi4 },
	    .offer = &offer_mi4_disclosed,
	    .term = &renewed,
	    .at = DAY_2022_03_01,
	    .want = WANT(PERMIT, 3G, DAY_2023_02_01, MARKET_CODE_NONE),
	},
	{
	    .text =
		"Then T-Mobile says when UMTS ends. (That it ended on 1 July "
		"2022 is so; that it was signed, and when, is supposed.) The "
		"horizon moves there at once.",
	    .hand = { &network_t_mobile, &network_t_mobile_2022,
		&network_usmobile, &seller_importer, &disavowal_xiaomi,
		&product_mi4, &withdrawal_disavowal, &grant_mi4, &carrier_mi4,
		&fcc_mi4 },
	    .offer = &offer_mi4_disclosed,
	    .term = &renewed,
	    .at = DAY_2022_03_01,
	    .want = WANT(PERMIT, 3G, DAY_2022_07_01, MARKET_CODE_NONE),
	},
	{
	    .text =
		"The same papers, asked for on 2 July 2022. Nobody withdrew "
		"anything: GSM 1900 alone is left, which is under the "
		"policy's minimum, and is not what the buyer is told.",
	    .hand = { &network_t_mobile, &network_t_mobile_2022,
		&network_usmobile, &seller_importer, &disavowal_xiaomi,
		&product_mi4, &withdrawal_disavowal, &grant_mi4, &carrier_mi4,
		&fcc_mi4 },
	    .offer = &offer_mi4_disclosed,
	    .term = &renewed,
	    .at = DAY_2022_07_02,
	    .want = WANT(
		DENY, 2G, DAY_2023_02_01, BELOW_MINIMUM, NOT_DISCLOSED),
	},
};

static void
show_hand(const step_t *step)
{
	const document_t *document;
	size_t i;

	putchar('\n');
	for (i = 0; i < HAND_MAX && step->hand[i] != NULL; i++) {
		document = step->hand[i];
		screen_marked(
		    document->happened, document->issuer, document->says);
	}
	screen_marked(policy_supposed.happened, policy_supposed.issuer,
	    policy_supposed.says);
	document = step->offer;
	screen_marked(document->happened, "the importer", document->says);
	putchar('\n');
}

static int
complain(const step_t *step, const char *what)
{
	fprintf(stderr, "story_2016: unexpected %s: %s\n", what,
	    step->heading != NULL ? step->heading : step->text);
	return 1;
}

static int
expected(const step_t *step, market_code_t code)
{
	size_t i;

	for (i = 0; i < CODES_MAX; i++)
		if (step->want.codes[i] == code)
			return 1;
	return 0;
}

/* The codes that deny or cannot tell: all that are wanted, and no other. */
static int
compare_codes(const step_t *step, const market_decision_t *decision)
{
	const market_cell_t *cell = market_decision_cell(decision, 0);
	const market_finding_t *finding = market_decision_finding(decision, 0);
	int found[CODES_MAX] = { 0 }, wrong = 0;
	size_t i, k;

	if (finding != NULL && finding->effect >= MARKET_EFFECT_INDETERMINATE)
		wrong = complain(step, market_code_info(finding->code)->name);
	for (i = 0; i < cell->finding_count; i++) {
		finding = &cell->findings[i];
		if (finding->effect < MARKET_EFFECT_INDETERMINATE)
			continue;
		if (!expected(step, finding->code))
			wrong = complain(
			    step, market_code_info(finding->code)->name);
		for (k = 0; k < CODES_MAX; k++)
			if (step->want.codes[k] == finding->code)
				found[k] = 1;
	}
	for (k = 0; k < CODES_MAX; k++)
		if (step->want.codes[k] != MARKET_CODE_NONE && !found[k])
			wrong = complain(step, "silence about a cause");
	return wrong;
}

/* The story is a test as well: 0 if the step came out as it tells. */
static int
compare(const step_t *step, const market_decision_t *decision)
{
	const market_cell_t *cell = market_decision_cell(decision, 0);
	int wrong;

	if (cell == NULL)
		return complain(step, "offer without a cell");
	wrong = compare_codes(step, decision);
	if (market_decision_verdict(decision) != step->want.verdict)
		wrong = complain(step, "verdict");
	if (cell->service != step->want.service)
		wrong = complain(step, "service");
	if (cell->horizon != step->want.horizon)
		wrong = complain(step, "horizon");
	return wrong;
}

/* Nothing that was signed here may be ignored, but for a replaced revision. */
static int
compare_ignored(const step_t *step, market_evidence_t *evidence)
{
	market_ignored_t ignored;
	int wrong = 0;
	size_t i;

	for (i = 0; market_evidence_ignored(evidence, i, &ignored) == MARKET_OK;
	     i++)
		if (ignored.code != MARKET_CODE_STATEMENT_STALE_REVISION)
			wrong = complain(
			    step, market_code_info(ignored.code)->name);
	return wrong;
}

static market_status_t
hand_in(world_t *world, const step_t *step)
{
	market_status_t status;
	const document_t *document;
	const term_t *term;
	size_t i;

	status = world_begin(world, &policy_supposed, step->term);
	for (i = 0; i < HAND_MAX && status == MARKET_OK; i++) {
		document = step->hand[i];
		if (document == NULL)
			break;
		/* What is dated 2022 already is not renewed. */
		term = document == &network_t_mobile_2022 ? NULL : step->term;
		status = world_hand(world, document, term);
	}
	return status;
}

/* Signs, hands in, asks, shows and compares. */
static market_status_t
play(world_t *world, const step_t *step, int *wrong)
{
	market_buffer_t offer = MARKET_BUFFER_INIT;
	market_decision_t *decision = NULL;
	market_status_t status;

	status = hand_in(world, step);
	if (status == MARKET_OK)
		status = world_envelope(world, step->offer, step->term, &offer);
	if (status == MARKET_OK) {
		world->doing = "checking the offer";
		status = market_check(world->evidence,
		    market_buffer_slice(&offer), step->at, &decision,
		    &world->error);
	}
	market_buffer_clear(&offer);
	/* "No" is an answer as good as "yes": there is a report of it. */
	if (decision == NULL)
		return status;
	status = screen_report(decision);
	*wrong |= compare(step, decision) |
	    compare_ignored(step, world->evidence);
	market_decision_free(decision);
	return status;
}

static market_status_t
tell(world_t *world, int *wrong)
{
	market_status_t status = MARKET_OK;
	const step_t *step;
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		step = &steps[i];
		if (step->heading != NULL)
			screen_heading(step->heading);
		putchar('\n');
		screen_text(0, step->text);
		show_hand(step);
		status = play(world, step, wrong);
		if (status != MARKET_OK)
			break;
	}
	return status;
}

static void
introduce(void)
{
	screen_text(0,
	    "The phones of 2016, judged by libmarket. Every statement below "
	    "is signed in this run, with keys made for it, by nobody but this "
	    "program. The marks tell what its content is:");
	screen_marked(1, "it was so",
	    "the sources are in "
	    "examples/data/2016/README.md");
	screen_marked(0, "nobody did it",
	    "every grant, every certification "
	    "and the policy are the story's own");
}

/* The same in a file, closed and opened again between any two steps. */
static market_status_t
tell_in_file(world_t *world, int *wrong)
{
	char folder[] = "/tmp/story-2016-XXXXXX";
	static const char *const ends[] = { "", "-wal", "-shm" };
	char path[sizeof(folder) + 16], file[sizeof(path) + 8];
	market_status_t status;
	size_t i;

	if (mkdtemp(folder) == NULL) {
		world->doing = "making a folder in /tmp";
		return MARKET_E_IO;
	}
	snprintf(path, sizeof(path), "%s/store", folder);
	status = story_store(world, path, 1, 0, wrong);
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(file, sizeof(file), "%s%s", path, ends[i]);
		(void)remove(file);
	}
	(void)rmdir(folder);
	if (status == MARKET_E_UNSUPPORTED) {
		puts("This build has no SQLite: the store was in memory "
		     "alone.");
		return MARKET_OK;
	}
	if (status == MARKET_OK && *wrong == 0)
		puts("The same was played in a SQLite file, closed and opened "
		     "again between\nany two steps: it came out the same.");
	return status;
}

int
main(int argc, char **argv)
{
	market_status_t status;
	world_t world;
	int wrong = 0;

	screen_open();
	introduce();
	status = world_open(&world, argc > 1 ? argv[1] : STORY_FOLDER);
	if (status == MARKET_OK)
		status = tell(&world, &wrong);
	if (status == MARKET_OK)
		status = story_store(&world, "memory:", 0, 1, &wrong);
	if (status == MARKET_OK)
		status = tell_in_file(&world, &wrong);
	if (status != MARKET_OK)
		world_complain(&world, status);
	world_close(&world);
	return status != MARKET_OK || wrong;
}
