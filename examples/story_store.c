/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "screen.h"
#include "story_facts.h"
#include "story_store.h"

#define ADDED_MAX 14
#define LISTING   IMPORTER "/mi4"

#define DAY_2016_02_15 INT64_C(1455494400)
#define DAY_2022_04_01 INT64_C(1648771200)
#define DAY_2022_05_01 INT64_C(1651363200)

/* What is signed anew when 2022 begins, by the revision that it then has. */
static const term_t second = { 2, DAY_2022_01_01, DAY_2023_02_01 };
static const term_t third = { 3, DAY_2022_01_01, DAY_2023_02_01 };

typedef struct added {
	const document_t *document; /* NULL: the trust root */
	const term_t *term;
} added_t;

typedef struct act {
	const char *heading;
	const char *text;
	int64_t at;
	size_t n_added;
	added_t added[ADDED_MAX];
	added_t offer;            /* submitted, if there is one */
	const document_t *impact; /* whose target is asked after before */
	int64_t forecast;         /* until then; 0: none */
	int64_t dark_at;          /* what the forecast must tell */
	market_listing_status_t status;
	market_service_t service;
	int64_t horizon;
} act_t;

static const act_t acts[] = {
	{
	    .heading = "8. The importer submits, while T-Mobile tests",
	    .text = "From here on a store keeps what was signed. The offer is "
		    "good, so it becomes a listing; it is held, because the "
		    "carrier is still testing.",
	    .at = DAY_2016_02_01,
	    .n_added = 9,
	    .added = { { &network_t_mobile, NULL }, { &network_usmobile, NULL },
		{ &seller_importer, NULL }, { &product_mi4, NULL },
		{ &disavowal_xiaomi, NULL }, { &withdrawal_disavowal, NULL },
		{ &grant_mi4, NULL }, { &carrier_mi4_in_test, NULL },
		{ &fcc_mi4, NULL } },
	    .offer = { &offer_mi4_disclosed, NULL },
	    .status = MARKET_LISTING_HELD,
	    .service = MARKET_SERVICE_3G,
	    .horizon = DAY_2017_02_01,
	},
	{
	    .heading = "9. T-Mobile certifies: it appears by itself",
	    .text =
		"Nobody touches the listing. The certification is added, and "
		"it is published, with the disclosure that it makes: 3G.",
	    .at = DAY_2016_02_15,
	    .n_added = 1,
	    .added = { { &carrier_mi4, NULL } },
	    .status = MARKET_LISTING_PUBLISHED,
	    .service = MARKET_SERVICE_3G,
	    .horizon = DAY_2017_02_01,
	},
	{
	    .heading = "10. The papers run out: it is gone at that instant",
	    .text =
		"On 1 February 2017 nobody adds anything, and nobody has to: "
		"each paper has ended, and the offer with them.",
	    .at = DAY_2017_02_01,
	    .status = MARKET_LISTING_SUSPENDED,
	    .service = MARKET_SERVICE_UNSPECIFIED,
	    .horizon = INT64_MAX,
	},
	{
	    .heading = "11. 2022: everything is signed anew, and it is back",
	    .text =
		"A new revision of each paper, the trust root and the offer "
		"among them. What Xiaomi withdrew in 2016 stays withdrawn "
		"without being signed again.",
	    .at = DAY_2022_03_01,
	    .n_added = 9,
	    .added = { { NULL, &second }, { &policy_supposed, &second },
		{ &network_t_mobile, &second }, { &network_usmobile, &second },
		{ &seller_importer, &second }, { &product_mi4, &second },
		{ &grant_mi4, &second }, { &carrier_mi4, &third },
		{ &fcc_mi4, &second } },
	    .offer = { &offer_mi4_disclosed, &third },
	    .status = MARKET_LISTING_PUBLISHED,
	    .service = MARKET_SERVICE_3G,
	    .horizon = DAY_2023_02_01,
	},
	{
	    .heading = "12. T-Mobile says when UMTS ends",
	    .text =
		"The listing stays, and its horizon moves to 1 July 2022. The "
		"forecast names the day on which it will go dark.",
	    .at = DAY_2022_03_01,
	    .n_added = 1,
	    .added = { { &network_t_mobile_2022, NULL } },
	    .forecast = DAY_2023_02_01 - 1,
	    .dark_at = DAY_2022_07_01,
	    .status = MARKET_LISTING_PUBLISHED,
	    .service = MARKET_SERVICE_3G,
	    .horizon = DAY_2022_07_01,
	},
	{
	    .heading = "13. Xiaomi withdraws its grant: gone, everywhere, now",
	    .text =
		"Before anybody signs, the impact says what would go dark. "
		"Then the withdrawal is added, and from its commit on no till "
		"sells the phone.",
	    .at = DAY_2022_04_01,
	    .n_added = 1,
	    .added = { { &withdrawal_grant, NULL } },
	    .impact = &grant_mi4,
	    .status = MARKET_LISTING_SUSPENDED,
	    .service = MARKET_SERVICE_3G,
	    .horizon = DAY_2022_07_01,
	},
	{
	    .heading = "14. A new grant: it is back",
	    .text =
		"What was withdrawn does not return. Xiaomi grants anew, by "
		"another name.",
	    .at = DAY_2022_05_01,
	    .n_added = 1,
	    .added = { { &grant_mi4_again, NULL } },
	    .status = MARKET_LISTING_PUBLISHED,
	    .service = MARKET_SERVICE_3G,
	    .horizon = DAY_2022_07_01,
	},
	{
	    .heading = "15. 1 July 2022: UMTS ends, as the forecast said",
	    .text =
		"2G is left, which is under the policy's minimum, and is not "
		"what the buyer is told.",
	    .at = DAY_2022_07_01,
	    .status = MARKET_LISTING_SUSPENDED,
	    .service = MARKET_SERVICE_2G,
	    .horizon = DAY_2023_02_01,
	},
};

typedef struct telling {
	world_t *world;
	market_store_t *store;
	int aloud;
	int wrong;
} telling_t;

static void
complain(telling_t *t, const act_t *act, const char *what)
{
	fprintf(stderr, "story_2016: unexpected %s: %s\n", what, act->heading);
	t->wrong = 1;
}

static const char *
show_time(int64_t at)
{
	static char text[32];
	static const struct {
		int64_t at;
		const char *text;
	} days[] = {
		{ DAY_2017_02_01, "2017-02-01" },
		{ DAY_2022_07_01, "2022-07-01" },
		{ DAY_2023_02_01, "2023-02-01" },
	};
	size_t i;

	for (i = 0; i < sizeof(days) / sizeof(days[0]); i++)
		if (days[i].at == at)
			return days[i].text;
	snprintf(text, sizeof(text), "%lld", (long long)at);
	return text;
}

/* ---- what is signed ---- */

static market_status_t
sign(telling_t *t, const added_t *added, market_buffer_t *ret_envelope)
{
	if (added->document == NULL)
		return world_root(t->world, added->term, ret_envelope);
	return world_envelope(
	    t->world, added->document, added->term, ret_envelope);
}

static void
show_added(telling_t *t, const added_t *added)
{
	const document_t *document = added->document;

	if (!t->aloud)
		return;
	if (document == NULL)
		screen_marked(0, "usmobile.com", "signs the trust root anew");
	else
		screen_marked(added->term == NULL && document->happened,
		    document->issuer, document->says);
}

static market_status_t
add(telling_t *t, const act_t *act, const added_t *added)
{
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_additions_t *additions = NULL;
	market_status_t status;
	market_slice_t bytes;

	show_added(t, added);
	status = sign(t, added, &envelope);
	if (status == MARKET_OK) {
		t->world->doing = "adding a statement";
		bytes = market_buffer_slice(&envelope);
		status = market_store_add(t->store, &bytes, 1, act->at, 0,
		    &additions, &t->world->error);
	}
	if (status == MARKET_OK &&
	    market_additions_at(additions, 0)->result != MARKET_RESULT_ACCEPTED)
		complain(t, act, "refusal of a statement");
	market_additions_free(additions);
	market_buffer_clear(&envelope);
	return status;
}

static market_status_t
submit(telling_t *t, const act_t *act)
{
	market_buffer_t offer = MARKET_BUFFER_INIT;
	market_submissions_t *submissions = NULL;
	market_status_t status;
	market_slice_t bytes;

	if (act->offer.document == NULL)
		return MARKET_OK;
	show_added(t, &act->offer);
	status = sign(t, &act->offer, &offer);
	if (status == MARKET_OK) {
		t->world->doing = "submitting the offer";
		bytes = market_buffer_slice(&offer);
		status = market_store_submit(t->store, &bytes, 1, act->at,
		    &submissions, &t->world->error);
	}
	if (status == MARKET_OK &&
	    market_submissions_at(submissions, 0)->result !=
		MARKET_RESULT_ACCEPTED)
		complain(t, act, "refusal of the offer");
	market_submissions_free(submissions);
	market_buffer_clear(&offer);
	return status;
}

/* ---- what is asked ---- */

/* What would go dark if the grant were withdrawn, before anybody signs. */
static market_status_t
ask_impact(telling_t *t, const act_t *act)
{
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_statement_t *statement = NULL;
	market_target_t target = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
	market_effects_t *effects = NULL;
	market_status_t status;

	if (act->impact == NULL)
		return MARKET_OK;
	t->world->doing = "asking for the impact";
	status = world_envelope(t->world, act->impact, &second, &envelope);
	if (status == MARKET_OK)
		status = market_statement_parse(t->world->context,
		    market_buffer_slice(&envelope), MARKET_KINDS_ALL,
		    &statement, &t->world->error);
	if (status == MARKET_OK) {
		target.digest = market_statement_digest(statement);
		status = market_store_impact(
		    t->store, &target, act->at, &effects, &t->world->error);
	}
	if (status == MARKET_OK && t->aloud)
		printf("  impact    %llu listing would go dark\n",
		    (unsigned long long)market_effects_dark(effects));
	if (status == MARKET_OK && market_effects_dark(effects) != 1)
		complain(t, act, "impact");
	market_effects_free(effects);
	market_statement_free(statement);
	market_buffer_clear(&envelope);
	return status;
}

static market_status_t
ask_forecast(telling_t *t, const act_t *act)
{
	const market_effect_of_t *effect;
	market_effects_t *effects = NULL;
	market_status_t status;

	if (act->forecast == 0)
		return MARKET_OK;
	t->world->doing = "asking for the forecast";
	status = market_store_forecast(
	    t->store, act->at, act->forecast, &effects, &t->world->error);
	if (status != MARKET_OK)
		return status;
	effect = market_effects_at(effects, 0);
	if (effect == NULL || effect->at != act->dark_at ||
	    effect->after == MARKET_VERDICT_PERMIT)
		complain(t, act, "forecast");
	else if (t->aloud) {
		printf("  forecast  dark on %s:\n", show_time(effect->at));
		screen_text(12, effect->message == NULL ? "" : effect->message);
	}
	market_effects_free(effects);
	return MARKET_OK;
}

static market_status_t
ask_sale(telling_t *t, const act_t *act)
{
	market_status_t status, want;

	t->world->doing = "asking at the till";
	status = market_store_sale(t->store, market_slice_of(LISTING),
	    market_slice_of("US"), MARKET_CHANNEL_MARKETPLACE,
	    market_slice_of("usmobile.com/us"), act->at, 0, NULL, NULL);
	want = act->status == MARKET_LISTING_PUBLISHED ? MARKET_OK
						       : MARKET_E_DENIED;
	if (status != want)
		complain(t, act, "answer at the till");
	else if (t->aloud)
		printf("  sale      %s\n", want == MARKET_OK ? "yes" : "no");
	return status == want ? MARKET_OK : status;
}

static market_status_t
ask_listing(telling_t *t, const act_t *act)
{
	market_listings_t *listings = NULL;
	market_decision_t *decision = NULL;
	const market_listing_t *listing;
	market_status_t status;

	t->world->doing = "reading the listing";
	status = market_store_why(t->store, market_slice_of(LISTING), act->at,
	    0, &listings, &decision, &t->world->error);
	if (status != MARKET_OK)
		return status;
	listing = market_listings_at(listings, 0);
	if (t->aloud) {
		printf("  listing   %s: %s\n", LISTING,
		    market_listing_status_name(listing->status));
		status = screen_report(decision);
	}
	if (listing->status != act->status)
		complain(t, act, market_listing_status_name(listing->status));
	if (listing->cells[0].service != act->service)
		complain(t, act, "service");
	if (listing->cells[0].horizon != act->horizon)
		complain(t, act, show_time(listing->cells[0].horizon));
	market_listings_free(listings);
	market_decision_free(decision);
	return status;
}

/* ---- all of it ---- */

static market_status_t
begin(telling_t *t, const char *location)
{
	market_buffer_t root = MARKET_BUFFER_INIT, policy = MARKET_BUFFER_INIT;
	market_status_t status;

	t->world->doing = "making a store";
	status = world_root(t->world, NULL, &root);
	if (status == MARKET_OK)
		status = world_envelope(
		    t->world, &policy_supposed, NULL, &policy);
	if (status == MARKET_OK)
		status = market_store_create(t->world->context, location,
		    market_buffer_slice(&root), market_buffer_slice(&policy),
		    acts[0].at, NULL, &t->store, &t->world->error);
	market_buffer_clear(&root);
	market_buffer_clear(&policy);
	return status;
}

static market_status_t
play(telling_t *t, const act_t *act)
{
	market_refreshed_t refreshed;
	market_status_t status;
	size_t i;

	if (t->aloud) {
		screen_heading(act->heading);
		putchar('\n');
		screen_text(0, act->text);
		putchar('\n');
	}
	status = ask_impact(t, act);
	for (i = 0; i < act->n_added && status == MARKET_OK; i++)
		status = add(t, act, &act->added[i]);
	if (status == MARKET_OK)
		status = submit(t, act);
	if (status == MARKET_OK)
		status = ask_listing(t, act);
	if (status == MARKET_OK)
		status = ask_sale(t, act);
	if (status == MARKET_OK)
		status = ask_forecast(t, act);
	/* What has passed is written down; it took effect without. */
	if (status == MARKET_OK) {
		t->world->doing = "refreshing";
		status = market_store_refresh(
		    t->store, act->at, 0, &refreshed, &t->world->error);
	}
	return status;
}

/* Nothing is lost where the program ends and begins again. */
static market_status_t
open_again(telling_t *t, const char *location)
{
	market_store_free(t->store);
	t->store = NULL;
	t->world->doing = "opening the store again";
	return market_store_open(
	    t->world->context, location, NULL, &t->store, &t->world->error);
}

static market_status_t
count_changes(telling_t *t)
{
	market_changes_t *changes = NULL;
	const market_change_t *change;
	market_status_t status;
	unsigned answers = 0, all = 0;
	size_t i;

	t->world->doing = "reading the history";
	status = market_store_changes(
	    t->store, 0, 0, &changes, &t->world->error);
	if (status != MARKET_OK)
		return status;
	for (i = 0; (change = market_changes_at(changes, i)) != NULL; i++) {
		all++;
		answers += change->kind == MARKET_CHANGE_CLEARANCE;
	}
	if (t->aloud)
		printf("\nThe history has %u entries; %u of them say that the "
		       "answer changed.\n",
		    all, answers);
	market_changes_free(changes);
	return MARKET_OK;
}

market_status_t
story_store(
    world_t *world, const char *location, int reopen, int aloud, int *wrong)
{
	telling_t t = { world, NULL, aloud, 0 };
	market_status_t status;
	size_t i;

	status = begin(&t, location);
	for (i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		if (status == MARKET_OK && reopen)
			status = open_again(&t, location);
		if (status == MARKET_OK)
			status = play(&t, &acts[i]);
	}
	if (status == MARKET_OK)
		status = count_changes(&t);
	market_store_free(t.store);
	*wrong |= t.wrong;
	return status;
}
