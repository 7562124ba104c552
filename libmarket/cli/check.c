/* SPDX-License-Identifier: Apache-2.0 */
/* check: by files alone, or by what a store holds. */
#include "cli/store.h"

/* One run of `check`. */
typedef struct checking {
	market_evidence_t *evidence; /* without a store ... */
	int64_t at;
	market__cli_feed_t feed; /* that lists the offer, by the proof */
	market_buffer_t proof;
	market__cli_run_t run;    /* ... and with one, ... */
	market__cli_batch_t with; /* ... what is added to it */
	const char **offers;
	size_t n_offers;
	size_t n_judged;
	int verdict; /* of those judged so far; CLI_DIFFER where they differ */
	int failure; /* the gravest, or CLI_DONE */
} checking_t;

/* ---- evidence ---- */

/* The library says "root.header.id"; its reader knows two files. */
int
market__cli_trust_error(const market__cli_t *cli, const char *file,
    market_status_t status, const market_error_t *error)
{
	static const char *const names[] = { "root", "policy" };
	static const char *const options[] = { "--root", "--policy" };
	market_error_t rest = *error;
	size_t i, len;

	for (i = 0; i < MARKET__COUNT(names); i++) {
		len = strlen(names[i]);
		if (strncmp(error->path, names[i], len) != 0 ||
		    strchr(".[", error->path[len]) == NULL)
			continue;
		if (error->path[len] == '.')
			len++;
		memmove(rest.path, error->path + len,
		    strlen(error->path + len) + 1);
		return market__cli_error(
		    market__cli_value(cli, options[i], 0), status, &rest);
	}
	return market__cli_error(file, status, error);
}

static int
add_file(market__cli_t *cli, market_evidence_t *evidence, const char *file)
{
	market_buffer_t bytes = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	market__text_t name;
	int rv;

	rv = market__cli_read(cli, file, &bytes);
	if (rv != CLI_DONE)
		return rv;
	/* It is told in JSON, which is UTF-8. */
	market__text_init(&name, cli->allocator, (size_t)1 << 16);
	market__cli_name(&name, file);
	market__text_putc(&name, '\0');
	if (name.status != MARKET_OK)
		status = name.status;
	else
		status = market_evidence_add(
		    evidence, market_buffer_slice(&bytes), name.data, &error);
	if (status != MARKET_OK)
		rv = market__cli_error(file, status, &error);
	market__text_clear(&name);
	market_buffer_clear(&bytes);
	return rv;
}

static int
load_trust(market__cli_t *cli, market_evidence_t **ret_evidence)
{
	market_buffer_t root = MARKET_BUFFER_INIT, policy = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	int rv;

	if (!market__cli_flag(cli, "--root"))
		return market__cli_usage(
		    cli, "name the trust root: --root FILE");
	if (!market__cli_flag(cli, "--policy"))
		return market__cli_usage(cli, "name the policy: --policy FILE");
	rv = market__cli_read(cli, market__cli_value(cli, "--root", 0), &root);
	if (rv == CLI_DONE)
		rv = market__cli_read(
		    cli, market__cli_value(cli, "--policy", 0), &policy);
	if (rv == CLI_DONE) {
		status = market_evidence_new(cli->context,
		    market_buffer_slice(&root), market_buffer_slice(&policy),
		    ret_evidence, &error);
		if (status != MARKET_OK)
			rv = market__cli_trust_error(cli, NULL, status, &error);
	}
	market_buffer_clear(&root);
	market_buffer_clear(&policy);
	return rv;
}

int
market__cli_load_evidence(market__cli_t *cli, market_evidence_t **ret_evidence)
{
	int rv = load_trust(cli, ret_evidence);
	const char *file;
	size_t i;

	for (i = 0; rv == CLI_DONE &&
	     (file = market__cli_value(cli, "--with", i)) != NULL;
	     i++)
		rv = add_file(cli, *ret_evidence, file);
	return rv;
}

/* ---- offers ---- */

static int
print_decision(const market__cli_t *cli, const checking_t *checking,
    const market_decision_t *decision)
{
	market_buffer_t report = MARKET_BUFFER_INIT;
	market_status_t status;
	market__text_t out;

	if (cli->json)
		status = market_decision_json(decision, &report);
	else
		status = market_decision_text(decision, 80, &report);
	if (status != MARKET_OK)
		return market__cli_error(NULL, status, NULL);
	market__text_init(&out, cli->allocator, SIZE_MAX / 2);
	if (cli->json) {
		market__text_slice(&out, market_buffer_slice(&report));
	} else {
		if (checking->n_judged > 0)
			market__text_putc(&out, '\n');
		market__cli_add_report(cli, &out, market_buffer_slice(&report));
	}
	market_buffer_clear(&report);
	return market__cli_print_text(&out);
}

static market_status_t
ask(const checking_t *checking, market_slice_t offer,
    market_decision_t **ret_decision, market_error_t *reterr)
{
	const market__cli_run_t *run = &checking->run;

	if (checking->feed.feed != NULL)
		return market_check_in_feed(checking->evidence,
		    checking->feed.feed, market_buffer_slice(&checking->proof),
		    offer, checking->at, ret_decision, reterr);
	if (run->store == NULL)
		return market_check(checking->evidence, offer, checking->at,
		    ret_decision, reterr);
	return market_store_check(run->store, offer, checking->with.slices,
	    checking->with.n_slices, run->at, run->flags, ret_decision, reterr);
}

/* An offer that cannot be judged does not stop the others. */
static int
judge(market__cli_t *cli, checking_t *checking, const char *file)
{
	market_buffer_t offer = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	market_status_t status;
	int rv, verdict;

	rv = market__cli_read(cli, file, &offer);
	if (rv != CLI_DONE)
		return rv;
	status = ask(checking, market_buffer_slice(&offer), &decision, &error);
	if (decision == NULL)
		rv = market__cli_no_statement(
		    cli, file, market_buffer_slice(&offer), status, &error);
	market_buffer_clear(&offer);
	if (decision == NULL)
		return rv;
	rv = print_decision(cli, checking, decision);
	market_decision_free(decision);
	verdict = market__cli_exit(status);
	if (checking->n_judged == 0)
		checking->verdict = verdict;
	else if (checking->verdict != verdict)
		checking->verdict = CLI_DIFFER;
	checking->n_judged++;
	return rv;
}

/* An input that cannot be read is graver than one that is no good. */
static int
judge_all(market__cli_t *cli, checking_t *checking)
{
	size_t i;
	int rv;

	for (i = 0; i < checking->n_offers; i++) {
		rv = judge(cli, checking, checking->offers[i]);
		if (rv > checking->failure)
			checking->failure = rv;
	}
	if (checking->failure != CLI_DONE)
		return checking->failure;
	return checking->verdict;
}

/* --root and --policy say that there is no store. */
static int
prepare_files(market__cli_t *cli, checking_t *checking)
{
	bool in_feed = market__cli_flag(cli, "--feed");
	int rv;

	if (in_feed != market__cli_flag(cli, "--proof"))
		return market__cli_usage(
		    cli, "--feed and --proof belong together");
	rv = market__cli_at(cli, &checking->at);
	if (rv == CLI_DONE)
		rv = market__cli_operands(cli, 1, in_feed ? 1 : SIZE_MAX,
		    in_feed ? "one OFFER of the feed" : "at least one OFFER");
	if (rv != CLI_DONE)
		return rv;
	checking->offers = cli->operands;
	checking->n_offers = cli->n_operands;
	rv = market__cli_load_evidence(cli, &checking->evidence);
	if (rv == CLI_DONE && in_feed)
		rv = market__cli_feed_open(cli,
		    market__cli_value(cli, "--feed", 0), NULL, &checking->feed);
	if (rv == CLI_DONE && in_feed)
		rv = market__cli_read(cli, market__cli_value(cli, "--proof", 0),
		    &checking->proof);
	return rv;
}

static int
prepare_store(market__cli_t *cli, checking_t *checking)
{
	int rv;

	if (market__cli_flag(cli, "--feed") || market__cli_flag(cli, "--proof"))
		return market__cli_usage(cli,
		    "--feed and --proof need --root and --policy: no store is "
		    "asked");
	rv = market__cli_open(cli, 2, SIZE_MAX,
	    "a STORE (or --root and --policy), and at least one OFFER",
	    &checking->run);
	if (rv != CLI_DONE)
		return rv;
	checking->offers = cli->operands + 1;
	checking->n_offers = cli->n_operands - 1;
	/* What is supposed is supposed now, and not in the past. */
	if (market__cli_flag(cli, "--with"))
		checking->run.flags = 0;
	/* All at once: what is asked is what they do together. */
	return market__cli_load(cli, "--with", &checking->with);
}

int
market__cli_check(market__cli_t *cli)
{
	checking_t checking = { .proof = MARKET_BUFFER_INIT };
	int rv;

	if (market__cli_flag(cli, "--root") ||
	    market__cli_flag(cli, "--policy"))
		rv = prepare_files(cli, &checking);
	else
		rv = prepare_store(cli, &checking);
	if (rv == CLI_DONE)
		rv = judge_all(cli, &checking);
	market__cli_batch_clear(&checking.with);
	market_buffer_clear(&checking.proof);
	market__cli_feed_close(&checking.feed);
	market_evidence_free(checking.evidence);
	market__cli_close(&checking.run);
	return rv;
}
