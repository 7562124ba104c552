/* SPDX-License-Identifier: Apache-2.0 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "cli/cli.h"

static const char *
verb_name(size_t index)
{
	const market__cli_verb_t *verb = market__cli_verb_at(index);

	return verb == NULL ? NULL : verb->name;
}

static int
unknown_verb(const char *name)
{
	const char *nearest = market__cli_nearest(name, verb_name);

	if (name[0] == '-')
		return market__cli_say(CLI_USAGE, NULL,
		    "unknown option %s: the verb comes first, see `market "
		    "help`",
		    name);
	if (nearest == NULL)
		return market__cli_say(CLI_USAGE, NULL,
		    "unknown verb %s: see `market help`", name);
	return market__cli_say(CLI_USAGE, NULL,
	    "unknown verb %s: did you mean `market %s`?", name, nearest);
}

/*
 * A file that is opened while one of the three is closed would get its
 * number, and what is meant for a person would be written into that file.
 */
static bool
hold_standard_files(void)
{
	int fd;

	for (fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) == -1 && errno == EBADF &&
		    open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
			return false;
	/* A closed pipe is told by write(), with an exit status of ours. */
	return signal(SIGPIPE, SIG_IGN) != SIG_ERR;
}

static int
run_verb(market__cli_t *cli, int argc, char **argv)
{
	market_status_t status;
	int rv;

	rv = market__cli_parse(cli, argc, argv);
	if (rv != CLI_DONE)
		return rv;
	if (cli->help)
		return market__cli_help_page(cli, cli->verb);
	cli->color = market__cli_wants_color();
	status = market_context_new(NULL, &cli->context);
	if (status != MARKET_OK)
		return market__cli_error(NULL, status, NULL);
	return cli->verb->run(cli);
}

static int
print_version(const market__cli_t *cli)
{
	market__text_t text;

	market__text_init(&text, cli->allocator, 100);
	market__text_printf(&text, "market %s\n", market_version());
	return market__cli_print_text(&text);
}

int
main(int argc, char **argv)
{
	market__cli_t cli = { .allocator = &market__default_allocator };
	const char *name = argc > 1 ? argv[1] : NULL;
	int rv;

	if (!hold_standard_files())
		return CLI_INTERNAL;
	if (name == NULL)
		return market__cli_say(
		    CLI_USAGE, NULL, "no verb: see `market help`");
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		return market__cli_help_page(&cli, NULL);
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
		return print_version(&cli);
	cli.verb = market__cli_verb_find(name);
	if (cli.verb == NULL)
		return unknown_verb(name);
	rv = run_verb(&cli, argc - 2, argv + 2);
	market__cli_forget(&cli);
	market_context_free(cli.context);
	market__free(cli.allocator, cli.given);
	market__free(cli.allocator, (void *)cli.operands);
	return rv;
}
