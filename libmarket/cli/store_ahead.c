/* SPDX-License-Identifier: Apache-2.0 */
/* impact and forecast: what would change, and what will. */
#include "cli/store.h"

/* ---- one effect ---- */

static void
add_codes(market__text_t *out, const market_effect_of_t *effect)
{
	const market_code_info_t *info;
	size_t i;

	market__cli_json_key(out, "codes");
	market__text_putc(out, '[');
	for (i = 0; i < effect->code_count; i++) {
		info = market_code_info(effect->codes[i]);
		if (i > 0)
			market__text_putc(out, ',');
		market__text_json(
		    out, market_slice_of(info == NULL ? "" : info->name));
	}
	market__text_putc(out, ']');
}

static int
add_json(const market__cli_t *cli, const market__cli_run_t *run,
    market__text_t *out, const market_effect_of_t *effect)
{
	int rv = CLI_DONE;

	market__text_putc(out, '{');
	market__cli_json_time(out, "at", effect->at);
	/* An offer that ends by itself ends in all its cells. */
	if (effect->question == 0)
		market__cli_json_text(out, "question", NULL);
	else
		market__cli_json_number(out, "question", effect->question);
	market__cli_json_some(out, "seller", effect->seller);
	market__cli_json_some(out, "brand", effect->brand);
	market__cli_json_some(out, "model", effect->model);
	market__cli_json_some(out, "territory", effect->territory);
	market__cli_json_text(out, "channel",
	    effect->channel == MARKET_CHANNEL_UNSPECIFIED
		? NULL
		: market_channel_name(effect->channel));
	market__cli_json_some(out, "network", effect->network);
	market__cli_json_verdict(out, "before", effect->before);
	market__cli_json_verdict(out, "after", effect->after);
	market__cli_json_service(out, "service_before", effect->service_before);
	market__cli_json_service(out, "service_after", effect->service_after);
	market__cli_json_some(out, "listing", effect->listing);
	market__cli_json_number(out, "cells", effect->cells);
	add_codes(out, effect);
	market__cli_json_text(out, "message", effect->message);
	if (market__cli_flag(cli, "--listings")) {
		market__text_puts(out, ",\"listings\":[");
		if (effect->listing.len > 0)
			market__text_json(out, effect->listing);
		else
			rv = market__cli_add_listings(
			    cli, run, out, effect->question);
		market__text_putc(out, ']');
	}
	market__text_putc(out, '}');
	return rv;
}

static void
add_why(market__text_t *out, const market_effect_of_t *effect)
{
	const market_code_info_t *info = effect->code_count > 0
	    ? market_code_info(effect->codes[0])
	    : NULL;
	market__text_t line;

	if (info == NULL && effect->message == NULL)
		return;
	market__text_init(&line, out->allocator, (size_t)1 << 16);
	if (info != NULL)
		market__text_puts(&line, info->name);
	if (info != NULL && effect->message != NULL)
		market__text_puts(&line, ": ");
	if (effect->message != NULL)
		market__cli_name(&line, effect->message);
	if (line.data != NULL)
		market__cli_wrap(out, 4, line.data);
	market__text_clear(&line);
}

static int
add_text(const market__cli_t *cli, const market__cli_run_t *run,
    market__text_t *out, const market_effect_of_t *effect)
{
	market__text_time(out, effect->at);
	market__text_puts(out, "  ");
	if (effect->listing.len > 0)
		market__cli_plain(out, effect->listing);
	else
		market__cli_add_model(
		    out, effect->seller, effect->brand, effect->model);
	market__text_printf(out, ", %llu cell%s\n    ",
	    (unsigned long long)effect->cells, effect->cells == 1 ? "" : "s");
	if (effect->territory.len > 0) {
		market__cli_add_cell(
		    out, effect->territory, effect->channel, effect->network);
		market__text_puts(out, ": ");
	}
	market__cli_add_answer(
	    cli, out, effect->before, effect->service_before);
	market__text_puts(out, " -> ");
	market__cli_add_answer(cli, out, effect->after, effect->service_after);
	market__text_putc(out, '\n');
	add_why(out, effect);
	if (market__cli_flag(cli, "--listings") && effect->listing.len == 0)
		return market__cli_add_listings(
		    cli, run, out, effect->question);
	return CLI_DONE;
}

/* ---- all of them ---- */

static void
add_end(const market__cli_t *cli, market__text_t *out, size_t n, uint64_t dark)
{
	if (cli->json) {
		market__text_puts(out, "]");
		market__cli_json_number(out, "dark", dark);
		market__text_puts(out, "}\n");
	} else if (n == 0) {
		market__text_puts(out, "nothing changes\n");
	} else {
		market__text_printf(out,
		    "%zu answer%s; %llu listing%s with no live cell any "
		    "more\n",
		    n, n == 1 ? " changes" : "s change",
		    (unsigned long long)dark, dark == 1 ? "" : "s");
	}
}

static int
tell(const market__cli_t *cli, const market__cli_run_t *run,
    const market_effects_t *effects)
{
	const market_effect_of_t *effect;
	market__text_t out;
	int rv = CLI_DONE;
	size_t i;

	market__text_init(&out, cli->allocator, SIZE_MAX / 2);
	if (cli->json)
		market__text_puts(&out, "{\"effects\":[");
	for (i = 0;
	     rv == CLI_DONE && (effect = market_effects_at(effects, i)) != NULL;
	     i++) {
		if (cli->json && i > 0)
			market__text_putc(&out, ',');
		rv = cli->json ? add_json(cli, run, &out, effect)
			       : add_text(cli, run, &out, effect);
		if (rv == CLI_DONE)
			rv = market__cli_print_some(&out);
	}
	add_end(cli, &out, i, market_effects_dark(effects));
	if (rv == CLI_DONE)
		rv = market__cli_print_text(&out);
	market__text_clear(&out);
	return rv;
}

/* ---- impact ---- */

/* What is asked about; nothing of it where --with is. */
typedef struct target {
	market_target_t is;
	uint8_t bytes[MARKET_DIGEST_LEN];
} target_t;

static int
look_at_options(const market__cli_t *cli, target_t *target)
{
	const char *digest = market__cli_value(cli, "--digest", 0);
	const char *key = market__cli_value(cli, "--key", 0);
	const char *issuer = market__cli_value(cli, "--issuer", 0);
	int n = (digest != NULL) + (key != NULL) + (issuer != NULL) +
	    market__cli_flag(cli, "--with");
	market_slice_t bytes = market__slice(target->bytes, MARKET_DIGEST_LEN);

	if (n != 1)
		return market__cli_usage(cli,
		    "say of what: one of --digest HEX, --key HEX, --issuer "
		    "PARTY, or --with FILE");
	if (digest != NULL) {
		target->is.digest = bytes;
		return market__cli_digest(
		    cli, "--digest", digest, target->bytes);
	}
	if (key != NULL) {
		target->is.key = bytes;
		return market__cli_digest(cli, "--key", key, target->bytes);
	}
	if (issuer != NULL && issuer[0] == '\0')
		return market__cli_usage(
		    cli, "--issuer is empty: name a party, as mi.com");
	target->is.issuer = market_slice_of(issuer);
	return CLI_DONE;
}

/* What of --with would not be taken in; the effects are those of the rest. */
static int
tell_additions(
    const market__cli_batch_t *with, const market_additions_t *additions)
{
	const market_added_t *added;
	int rv, failure = CLI_DONE;
	size_t i;

	for (i = 0; (added = market_additions_at(additions, i)) != NULL; i++) {
		rv = market__cli_result_exit(added->result);
		if (rv == CLI_DONE)
			continue;
		failure = rv;
		market__cli_say(CLI_DATA, with->files[i].name,
		    "would be %s%s%s", market_result_name(added->result),
		    added->message == NULL ? "" : ": ",
		    added->message == NULL ? "" : added->message);
	}
	return failure;
}

static int
what_if(market__cli_t *cli, const market__cli_run_t *run)
{
	market_additions_t *additions = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	market_effects_t *effects = NULL;
	market__cli_batch_t with = { 0 };
	market_status_t status;
	int rv, failure = CLI_DONE;

	rv = market__cli_load(cli, "--with", &with);
	if (rv == CLI_DONE) {
		status = market_store_what_if(run->store, with.slices,
		    with.n_slices, run->at, &effects, &additions, &error);
		if (status != MARKET_OK)
			rv = market__cli_store_error(run, status, &error);
	}
	if (rv == CLI_DONE) {
		failure = tell_additions(&with, additions);
		rv = tell(cli, run, effects);
	}
	market_additions_free(additions);
	market_effects_free(effects);
	market__cli_batch_clear(&with);
	return rv == CLI_DONE ? failure : rv;
}

int
market__cli_impact(market__cli_t *cli)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_effects_t *effects = NULL;
	target_t target = { 0 };
	market__cli_run_t run;
	market_status_t status;
	int rv;

	rv = look_at_options(cli, &target);
	if (rv == CLI_DONE)
		rv = market__cli_open(cli, 1, 1, "one STORE", &run);
	if (rv != CLI_DONE)
		return rv;
	if (market__cli_flag(cli, "--with")) {
		rv = what_if(cli, &run);
	} else {
		status = market_store_impact(
		    run.store, &target.is, run.at, &effects, &error);
		if (status != MARKET_OK)
			rv = market__cli_store_error(&run, status, &error);
		else
			rv = tell(cli, &run, effects);
	}
	market_effects_free(effects);
	market__cli_close(&run);
	return rv;
}

/* ---- forecast ---- */

int
market__cli_forecast(market__cli_t *cli)
{
	const char *text = market__cli_value(cli, "--until", 0);
	market_error_t error = MARKET_ERROR_INIT;
	market_effects_t *effects = NULL;
	market__cli_run_t run;
	market_status_t status;
	int64_t until = 0;
	int rv;

	if (text == NULL)
		return market__cli_usage(
		    cli, "say how far to look: --until TIME");
	rv = market__cli_time(cli, "--until", text, &until);
	if (rv == CLI_DONE)
		rv = market__cli_open(cli, 1, 1, "one STORE", &run);
	if (rv != CLI_DONE)
		return rv;
	if (until <= run.at) {
		rv = market__cli_usage(cli,
		    "--until %s is not behind the instant that is looked "
		    "from",
		    text);
	} else {
		status = market_store_forecast(
		    run.store, run.at, until, &effects, &error);
		if (status != MARKET_OK)
			rv = market__cli_store_error(&run, status, &error);
		else
			rv = tell(cli, &run, effects);
	}
	market_effects_free(effects);
	market__cli_close(&run);
	return rv;
}
