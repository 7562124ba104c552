/* SPDX-License-Identifier: Apache-2.0 */
/* init, refresh and fsck: the store itself. */
#include "cli/store.h"

/* ---- init ---- */

static int
tell_made(const market__cli_t *cli, const market__cli_run_t *run)
{
	market_buffer_t party = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_store_mark_t mark;
	market_status_t status;
	market__text_t out, text;

	status = market_store_marketplace(run->store, &party, &error);
	if (status == MARKET_OK)
		status = market_store_get_mark(run->store, &mark, &error);
	if (status != MARKET_OK) {
		market_buffer_clear(&party);
		return market__cli_store_error(run, status, &error);
	}
	market__text_init(&out, cli->allocator, (size_t)1 << 16);
	market__text_init(&text, cli->allocator, 1024);
	market__cli_add_mark(&text, &mark);
	/* What lacks it is not printed. */
	if (text.status != MARKET_OK)
		out.status = text.status;
	if (cli->json) {
		market__text_puts(&out, "{\"store\":");
		market__cli_json_name(&out, run->location);
		market__cli_json_slice(
		    &out, "marketplace", market_buffer_slice(&party));
		market__cli_json_text(&out, "mark", text.data);
		market__text_puts(&out, "}\n");
	} else {
		market__cli_name(&out, run->location);
		market__text_puts(&out, ": a store of ");
		market__cli_plain(&out, market_buffer_slice(&party));
		market__text_puts(&out, "\nmark ");
		market__text_puts(&out, text.data == NULL ? "" : text.data);
		market__text_putc(&out, '\n');
	}
	market__text_clear(&text);
	market_buffer_clear(&party);
	return market__cli_print_text(&out);
}

static int
look_at_options(market__cli_t *cli, market__cli_run_t *run)
{
	int rv;

	rv = market__cli_operands(cli, 1, 1, "the new STORE");
	if (rv != CLI_DONE)
		return rv;
	run->location = cli->operands[0];
	if (!market__cli_flag(cli, "--root"))
		return market__cli_usage(
		    cli, "name the trust root: --root FILE");
	if (!market__cli_flag(cli, "--policy"))
		return market__cli_usage(cli, "name the policy: --policy FILE");
	rv = market__cli_location(cli, run->location);
	if (rv == CLI_DONE)
		rv = market__cli_at(cli, &run->at);
	return rv;
}

int
market__cli_init(market__cli_t *cli)
{
	market_buffer_t root = MARKET_BUFFER_INIT, policy = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market__cli_run_t run = { 0 };
	market_status_t status;
	int rv;

	rv = look_at_options(cli, &run);
	if (rv == CLI_DONE)
		rv = market__cli_read(
		    cli, market__cli_value(cli, "--root", 0), &root);
	if (rv == CLI_DONE)
		rv = market__cli_read(
		    cli, market__cli_value(cli, "--policy", 0), &policy);
	if (rv == CLI_DONE) {
		status = market_store_create(cli->context, run.location,
		    market_buffer_slice(&root), market_buffer_slice(&policy),
		    run.at, NULL, &run.store, &error);
		if (status != MARKET_OK)
			rv = market__cli_trust_error(cli,
			    market__cli_place(run.location, &error), status,
			    &error);
	}
	if (rv == CLI_DONE)
		rv = tell_made(cli, &run);
	market_buffer_clear(&root);
	market_buffer_clear(&policy);
	market__cli_close(&run);
	return rv;
}

/* ---- refresh ---- */

static int
tell_refreshed(const market__cli_t *cli, const market_refreshed_t *all)
{
	market__text_t out;

	market__text_init(&out, cli->allocator, 1024);
	if (cli->json) {
		market__text_putc(&out, '{');
		market__cli_json_number(&out, "computed", all->computed);
		market__cli_json_number(&out, "changed", all->changed);
		market__cli_json_number(
		    &out, "cells_changed", all->cells_changed);
		market__text_puts(&out, "}\n");
	} else {
		market__text_printf(&out,
		    "%llu computed anew, %llu changed, %llu cells of listings "
		    "with them\n",
		    (unsigned long long)all->computed,
		    (unsigned long long)all->changed,
		    (unsigned long long)all->cells_changed);
	}
	return market__cli_print_text(&out);
}

int
market__cli_refresh(market__cli_t *cli)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_refreshed_t all = { 0 }, step = { 0 };
	market__cli_progress_t progress;
	market_status_t status = MARKET_OK;
	market__cli_run_t run;
	int rv;

	rv = market__cli_open(cli, 1, 1, "one STORE", &run);
	if (rv != CLI_DONE)
		return rv;
	market__cli_progress_begin(&progress, "refresh", NULL, 0);
	do {
		status = market_store_refresh(
		    run.store, run.at, 0, &step, &error);
		if (status != MARKET_OK)
			break;
		all.computed += step.computed;
		all.changed += step.changed;
		all.cells_changed += step.cells_changed;
		progress.done = all.computed;
		market__cli_progress_step(&progress);
	} while (step.more);
	market__cli_progress_end(&progress);
	if (status != MARKET_OK)
		rv = market__cli_store_error(&run, status, &error);
	else
		rv = tell_refreshed(cli, &all);
	market__cli_close(&run);
	return rv;
}

/* ---- fsck ---- */

/* What there is to tell; `mark` is NULL where it could not be read. */
static int
tell_faults(const market__cli_t *cli, const market_faults_t *faults,
    const char *fault, const char *mark)
{
	market__text_t out;
	const char *text;
	size_t i;
	int rv = CLI_DONE;

	market__text_init(&out, cli->allocator, SIZE_MAX / 2);
	if (cli->json)
		market__text_puts(&out, "{\"faults\":[");
	for (i = 0; rv == CLI_DONE; i++) {
		text = faults != NULL ? market_faults_at(faults, i)
		    : i == 0          ? fault
				      : NULL;
		if (text == NULL)
			break;
		if (cli->json) {
			if (i > 0)
				market__text_putc(&out, ',');
			market__text_json(&out, market_slice_of(text));
		} else {
			market__cli_name(&out, text);
			market__text_putc(&out, '\n');
		}
		rv = market__cli_print_some(&out);
	}
	if (cli->json) {
		market__text_putc(&out, ']');
		market__cli_json_text(&out, "mark", mark);
		market__text_puts(&out, "}\n");
	} else {
		market__text_printf(&out, "%s\nmark %s\n",
		    i == 0 ? "sound" : "this store is not to be trusted",
		    mark == NULL ? "cannot be read" : mark);
	}
	if (rv == CLI_DONE)
		rv = market__cli_print_text(&out);
	market__text_clear(&out);
	return rv == CLI_DONE && i > 0 ? CLI_DATA : rv;
}

static int
fsck(const market__cli_t *cli, const market__cli_run_t *run,
    const market_store_mark_t *kept)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_store_mark_t mark = { 0 };
	market_faults_t *faults = NULL;
	market__cli_progress_t progress;
	market_status_t status;
	market__text_t text;
	int rv;

	market__text_init(&text, cli->allocator, 1024);
	if (market_store_get_mark(run->store, &mark, NULL) == MARKET_OK)
		market__cli_add_mark(&text, &mark);
	market__cli_progress_begin(&progress, "fsck", NULL, mark.entries);
	market__cli_progress_step(&progress);
	status = market_store_fsck(run->store, kept, &faults, &error);
	progress.done = mark.entries;
	market__cli_progress_end(&progress);
	/* Without memory for the mark it would be told to be unreadable. */
	if (text.status != MARKET_OK)
		rv = market__cli_error(NULL, text.status, NULL);
	else if (status == MARKET_E_CORRUPT)
		rv = tell_faults(cli, NULL, error.message, text.data);
	else if (status != MARKET_OK)
		rv = market__cli_store_error(run, status, &error);
	else
		rv = tell_faults(cli, faults, NULL, text.data);
	market_faults_free(faults);
	market__text_clear(&text);
	return rv;
}

/*
 * A store that is damaged so far that it does not open is what this verb is
 * asked about: that is its answer, and no failure to give one.
 */
static int
open_or_tell(market__cli_t *cli, market__cli_run_t *run)
{
	const market_store_options_t options = { .size = sizeof(options),
		.flags = MARKET_STORE_DAMAGED };
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	int rv;

	rv = market__cli_operands(cli, 1, 1, "one STORE");
	if (rv == CLI_DONE)
		rv = market__cli_location(cli, cli->operands[0]);
	if (rv != CLI_DONE)
		return rv;
	run->location = cli->operands[0];
	status = market_store_open(
	    cli->context, run->location, &options, &run->store, &error);
	if (status == MARKET_E_CORRUPT)
		return tell_faults(cli, NULL, error.message, NULL);
	if (status != MARKET_OK)
		return market__cli_not_opened(run, status, &error);
	return CLI_DONE;
}

int
market__cli_fsck(market__cli_t *cli)
{
	const char *text = market__cli_value(cli, "--mark", 0);
	market__cli_run_t run = { 0 };
	market_store_mark_t kept;
	int rv;

	if (text != NULL && !market__cli_parse_mark(text, &kept))
		return market__cli_usage(cli,
		    "--mark %s is no mark: give what init or fsck printed",
		    text);
	rv = open_or_tell(cli, &run);
	if (run.store != NULL)
		rv = fsck(cli, &run, text == NULL ? NULL : &kept);
	market__cli_close(&run);
	return rv;
}
