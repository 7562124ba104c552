/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

static const char examples[] =
    "  market keygen -o seller.pem                      a key to sign with\n"
    "  market template offer >offer.json                a document to fill in\n"
    "  market sign offer --key seller.pem offer.json -o offer.dsse\n"
    "  market show offer.dsse                           what it says\n"
    "  market check --root root.dsse --policy policy.dsse \\\n"
    "      --with grant.dsse --with certification.dsse offer.dsse\n"
    "  market explain AUTHORIZATION_MISSING             what to do about it\n"
    "\n"
    "  market init shop.db --root root.dsse --policy policy.dsse\n"
    "  market add shop.db grant.dsse certification.dsse\n"
    "  market submit shop.db offer.dsse                 it becomes a listing\n"
    "  market list shop.db                              what is live\n";

static const char rules[] =
    "Data goes to stdout, messages to stderr. FILE may be - for stdin. Each\n"
    "verb takes --json and --help.\n"
    "\n"
    "exit: 0 done, and permitted; 1 denied; 2 cannot tell; 3 several that\n"
    "differ; 64 wrong use; 65 bad input; 70 internal error; 74 a file that\n"
    "cannot be read or written; 75 try again\n";

int
market__cli_help_page(market__cli_t *cli, const market__cli_verb_t *verb)
{
	market__text_t out;
	size_t i;

	market__text_init(&out, cli->allocator, (size_t)1 << 16);
	if (verb != NULL) {
		market__text_puts(&out, verb->help);
		return market__cli_print_text(&out);
	}
	market__text_puts(&out, examples);
	market__text_puts(
	    &out, "\nusage: market VERB [OPTION]... [FILE]...\n\n");
	for (i = 0; (verb = market__cli_verb_at(i)) != NULL; i++)
		market__text_printf(
		    &out, "  %-10s %s\n", verb->name, verb->summary);
	market__text_putc(&out, '\n');
	market__text_puts(&out, rules);
	return market__cli_print_text(&out);
}

static const char *
verb_name(size_t index)
{
	const market__cli_verb_t *verb = market__cli_verb_at(index);

	return verb == NULL ? NULL : verb->name;
}

int
market__cli_help(market__cli_t *cli)
{
	const market__cli_verb_t *verb;
	const char *nearest;
	int rv;

	rv = market__cli_operands(cli, 0, 1, "one VERB");
	if (rv != CLI_DONE)
		return rv;
	if (cli->n_operands == 0)
		return market__cli_help_page(cli, NULL);
	verb = market__cli_verb_find(cli->operands[0]);
	if (verb != NULL)
		return market__cli_help_page(cli, verb);
	nearest = market__cli_nearest(cli->operands[0], verb_name);
	if (nearest == NULL)
		return market__cli_usage(cli, "no verb %s", cli->operands[0]);
	return market__cli_usage(
	    cli, "no verb %s: did you mean %s?", cli->operands[0], nearest);
}
