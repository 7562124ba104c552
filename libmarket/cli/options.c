/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

static const market__cli_option_t json_option = { "--json", 0, NULL, false };
static const market__cli_option_t help_option = { "--help", 'h', NULL, false };

static bool
has_name(const market__cli_option_t *option, const char *name, size_t len)
{
	return strlen(option->name) == len &&
	    memcmp(option->name, name, len) == 0;
}

/* By its long name, of `len` bytes, or by its letter where `len` is 0. */
static const market__cli_option_t *
find(const market__cli_verb_t *verb, const char *name, size_t len, char letter)
{
	const market__cli_option_t *option;

	for (option = verb->options; option->name != NULL; option++)
		if (len > 0 ? has_name(option, name, len)
			    : option->letter == letter)
			return option;
	if (len > 0 ? has_name(&json_option, name, len) : false)
		return &json_option;
	if (len > 0 ? has_name(&help_option, name, len)
		    : help_option.letter == letter)
		return &help_option;
	return NULL;
}

static int
unknown(const market__cli_t *cli, const char *word, size_t len)
{
	const market__cli_option_t *option;
	const char *names[32] = { 0 };
	char name[64];
	size_t i, n = 0, best = SIZE_MAX, distance;
	const char *nearest = NULL;

	for (option = cli->verb->options; option->name != NULL; option++)
		if (n < MARKET__COUNT(names) - 2)
			names[n++] = option->name;
	names[n++] = json_option.name;
	names[n++] = help_option.name;
	if (len >= sizeof(name))
		len = sizeof(name) - 1;
	memcpy(name, word, len);
	name[len] = '\0';
	for (i = 0; i < n; i++) {
		distance = market__cli_distance(name, names[i]);
		if (distance < best) {
			best = distance;
			nearest = names[i];
		}
	}
	if (nearest != NULL && best <= MARKET__CLI_NEAR(strlen(nearest) - 2))
		return market__cli_usage(
		    cli, "unknown option %s: did you mean %s?", name, nearest);
	return market__cli_usage(cli, "unknown option %s", name);
}

static int
give(market__cli_t *cli, const market__cli_option_t *option, const char *value)
{
	if (option == &json_option) {
		cli->json = true;
		return CLI_DONE;
	}
	if (option == &help_option) {
		cli->help = true;
		return CLI_DONE;
	}
	if (!option->many && market__cli_count(cli, option->name) > 0)
		return market__cli_usage(
		    cli, "%s is given twice: give it once", option->name);
	cli->given[cli->n_given].option = option;
	cli->given[cli->n_given].value = value == NULL ? "" : value;
	cli->n_given++;
	return CLI_DONE;
}

/* The option in argv[*at]; moves *at on where the next word is its value. */
static int
take_option(market__cli_t *cli, int argc, char **argv, int *at)
{
	const char *word = argv[*at], *value = NULL;
	const market__cli_option_t *option;
	bool is_long = word[1] == '-';
	size_t len;

	len = is_long ? strcspn(word, "=") : 2;
	option = find(cli->verb, word, is_long ? len : 0, word[1]);
	if (option == NULL)
		return unknown(cli, word, len);
	if (is_long && word[len] == '=')
		value = word + len + 1;
	else if (!is_long && word[2] != '\0')
		value = word + 2;
	if (option->value == NULL && value != NULL)
		return market__cli_usage(
		    cli, "%s takes no value", option->name);
	if (option->value != NULL && value == NULL) {
		if (*at + 1 >= argc)
			return market__cli_usage(cli, "%s needs a value: %s %s",
			    option->name, option->name, option->value);
		value = argv[++*at];
	}
	return give(cli, option, value);
}

int
market__cli_parse(market__cli_t *cli, int argc, char **argv)
{
	bool only_operands = false;
	int i, rv = CLI_DONE;

	cli->given = market__alloc_array(
	    cli->allocator, (size_t)argc + 1, sizeof(*cli->given));
	cli->operands = market__alloc_array(
	    cli->allocator, (size_t)argc + 1, sizeof(*cli->operands));
	if (cli->given == NULL || cli->operands == NULL)
		return market__cli_error(NULL, MARKET_E_MEMORY, NULL);
	for (i = 0; i < argc && rv == CLI_DONE; i++) {
		if (only_operands || argv[i][0] != '-' || argv[i][1] == '\0')
			cli->operands[cli->n_operands++] = argv[i];
		else if (strcmp(argv[i], "--") == 0)
			only_operands = true;
		else
			rv = take_option(cli, argc, argv, &i);
	}
	return rv;
}

const char *
market__cli_value(const market__cli_t *cli, const char *name, size_t index)
{
	size_t i;

	for (i = 0; i < cli->n_given; i++)
		if (strcmp(cli->given[i].option->name, name) == 0 &&
		    index-- == 0)
			return cli->given[i].value;
	return NULL;
}

size_t
market__cli_count(const market__cli_t *cli, const char *name)
{
	size_t n = 0;

	while (market__cli_value(cli, name, n) != NULL)
		n++;
	return n;
}

bool
market__cli_flag(const market__cli_t *cli, const char *name)
{
	return market__cli_value(cli, name, 0) != NULL;
}

int
market__cli_operands(
    const market__cli_t *cli, size_t least, size_t most, const char *what)
{
	if (cli->n_operands < least)
		return market__cli_usage(cli, "give %s", what);
	if (cli->n_operands > most)
		return market__cli_usage(
		    cli, "%s is too much: give %s", cli->operands[most], what);
	return CLI_DONE;
}
