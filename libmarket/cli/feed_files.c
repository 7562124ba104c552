/* SPDX-License-Identifier: Apache-2.0 */
/* Which files the verbs of feeds may be given, and which files are feeds. */
#include <config.h>

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/store.h"

/* ---- files to write ---- */

bool
market__cli_is_stdout(const char *file)
{
	return file != NULL && strcmp(file, "-") == 0;
}

static bool
look(const char *file, struct stat *ret)
{
	return market__cli_is_stdout(file) ? fstat(STDOUT_FILENO, ret) == 0
					   : stat(file, ret) == 0;
}

/* Neither is there: are they one name in one directory? */
static bool
same_name(const char *file, const char *other)
{
	char names[2][PATH_MAX], places[2][PATH_MAX];
	const char *const files[] = { file, other };
	struct stat info[2];
	size_t i;

	for (i = 0; i < 2; i++) {
		if (strlen(files[i]) >= PATH_MAX)
			return false;
		snprintf(names[i], PATH_MAX, "%s", files[i]);
		snprintf(places[i], PATH_MAX, "%s", files[i]);
		if (stat(dirname(places[i]), &info[i]) != 0)
			return false;
	}
	return info[0].st_dev == info[1].st_dev &&
	    info[0].st_ino == info[1].st_ino &&
	    strcmp(basename(names[0]), basename(names[1])) == 0;
}

/* What is written to a device, as /dev/null, is in nobody's way. */
static bool
same_file(const char *file, const char *other)
{
	struct stat info, of_other;
	bool there = look(file, &info), other_there = look(other, &of_other);

	if (there && S_ISCHR(info.st_mode) && !market__cli_is_stdout(file))
		return false;
	if (there && other_there)
		return info.st_dev == of_other.st_dev &&
		    info.st_ino == of_other.st_ino;
	return strcmp(file, other) == 0 ||
	    (!there && !other_there && same_name(file, other));
}

int
market__cli_two_files(
    const market__cli_t *cli, const char *option, const char *other_option)
{
	const char *file = market__cli_value(cli, option, 0);
	const char *other = market__cli_value(cli, other_option, 0);

	if (file != NULL && other != NULL && same_file(file, other))
		return market__cli_usage(cli,
		    "%s and %s name one file: each needs its own", option,
		    other_option);
	if (cli->json &&
	    (market__cli_is_stdout(file) || market__cli_is_stdout(other)))
		return market__cli_usage(
		    cli, "stdout cannot take a file and --json: name a file");
	return CLI_DONE;
}

int
market__cli_tell_written(market__text_t *sentence, bool on_stdout)
{
	int rv;

	if (sentence->status != MARKET_OK || on_stdout) {
		market__text_putc(sentence, '\n');
		return market__cli_print_text(sentence);
	}
	rv = market__cli_say(
	    CLI_DONE, NULL, "%.*s", (int)sentence->len, sentence->data);
	market__text_clear(sentence);
	return rv;
}

/* ---- files that are read ---- */

static market_status_t
read_bytes(void *user, void *buffer, size_t size, size_t *ret_n)
{
	market_slice_t *bytes = user;
	size_t n = bytes->len < size ? bytes->len : size;

	if (n > 0)
		memcpy(buffer, bytes->ptr, n);
	*bytes = market__slice(bytes->ptr + n, bytes->len - n);
	*ret_n = n;
	return MARKET_OK;
}

int
market__cli_no_statement(const market__cli_t *cli, const char *file,
    market_slice_t bytes, market_status_t status, const market_error_t *error)
{
	market_feed_t *feed = NULL;

	if (status == MARKET_E_MEMORY ||
	    market_feed_open(cli->context, read_bytes, &bytes, &feed, NULL) !=
		MARKET_OK)
		return market__cli_error(file, status, error);
	market_feed_free(feed);
	return market__cli_say((market__cli_exit_t)market__cli_exit(status),
	    file,
	    "a feed, which is a signed list and the rows behind it: `market "
	    "feed verify` and `market feed submit` read it");
}
