/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

static const char *
code_name(size_t index)
{
	const market_code_info_t *info = market_code_at(index);

	return info == NULL ? NULL : info->name;
}

static const market_code_info_t *
find(const char *name)
{
	size_t i;

	for (i = 0; code_name(i) != NULL; i++)
		if (market__cli_same_word(code_name(i), name))
			return market_code_at(i);
	return market_code_find(name);
}

static void
add_json(market__text_t *out, const market_code_info_t *info)
{
	market__text_printf(out,
	    "{\"code\":\"%s\",\"number\":%d,\"effect\":\"%s\","
	    "\"actor\":\"%s\",\"clears\":%s,\"meaning\":",
	    info->name, (int)info->code, market_effect_name(info->effect),
	    market_actor_name(info->actor), info->clears ? "true" : "false");
	market__text_json(out, market_slice_of(info->meaning));
	market__text_puts(out, ",\"remedy\":");
	market__text_json(out, market_slice_of(info->remedy));
	market__text_putc(out, '}');
}

static void
add_page(market__text_t *out, const market_code_info_t *info)
{
	market__text_printf(out, "%s (%d)\n\n", info->name, (int)info->code);
	market__cli_wrap(out, 2, info->meaning);
	market__text_printf(out,
	    "\n  effect   %s\n  who      %s\n  clears   %s\n",
	    market_effect_name(info->effect), market_actor_name(info->actor),
	    info->clears ? "by evidence or time, without a new offer"
			 : "only by a new offer");
	market__text_puts(out, "\n");
	market__cli_wrap(out, 2, info->remedy);
}

static void
add_list(market__text_t *out, bool json)
{
	const market_code_info_t *info;
	size_t i;

	if (json)
		market__text_putc(out, '[');
	for (i = 0; (info = market_code_at(i)) != NULL; i++) {
		if (json) {
			if (i > 0)
				market__text_putc(out, ',');
			add_json(out, info);
			continue;
		}
		market__text_printf(out, "%d %-13s %s\n", (int)info->code,
		    market_effect_name(info->effect), info->name);
		market__cli_wrap(out, 19, info->meaning);
	}
	if (json)
		market__text_puts(out, "]\n");
}

int
market__cli_explain(market__cli_t *cli)
{
	const market_code_info_t *info;
	const char *name, *nearest;
	market__text_t out;
	int rv;

	rv = market__cli_operands(cli, 0, 1, "one CODE, or none for all");
	if (rv != CLI_DONE)
		return rv;
	market__text_init(&out, cli->allocator, MARKET__CLI_FILE_MAX);
	if (cli->n_operands == 0) {
		add_list(&out, cli->json);
		return market__cli_print_text(&out);
	}
	name = cli->operands[0];
	info = find(name);
	if (info == NULL) {
		nearest = market__cli_nearest(name, code_name);
		if (nearest == NULL)
			return market__cli_usage(cli,
			    "no code %s: `market explain` lists all", name);
		return market__cli_usage(
		    cli, "no code %s: did you mean %s?", name, nearest);
	}
	if (cli->json) {
		add_json(&out, info);
		market__text_putc(&out, '\n');
	} else {
		add_page(&out, info);
	}
	return market__cli_print_text(&out);
}
