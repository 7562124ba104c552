/* SPDX-License-Identifier: Apache-2.0 */
/* What the values of options and operands mean. */
#include <config.h>

#include <time.h>

#include "cli/cli.h"

#define MARKET_X(name, text) " " text
#define KINDS                MARKET_KIND_MAP(MARKET_X)

static const char *
kind_at(size_t index)
{
	return market_kind_name((market_kind_t)(index + 1));
}

int
market__cli_kind(
    const market__cli_t *cli, const char *name, market_kind_t *ret_kind)
{
	const char *nearest;
	size_t i;

	for (i = 0; kind_at(i) != NULL; i++) {
		if (market__cli_same_word(kind_at(i), name)) {
			*ret_kind = (market_kind_t)(i + 1);
			return CLI_DONE;
		}
	}
	nearest = market__cli_nearest(name, kind_at);
	if (nearest != NULL)
		return market__cli_usage(
		    cli, "no kind %s: did you mean %s?", name, nearest);
	return market__cli_usage(cli, "no kind %s: there are" KINDS, name);
}

static bool
unix_seconds(const char *text, int64_t *ret)
{
	int64_t value = 0;
	size_t i;

	for (i = 0; text[i] != '\0'; i++) {
		if (text[i] < '0' || text[i] > '9' || i >= 12)
			return false;
		value = value * 10 + (text[i] - '0');
	}
	*ret = value;
	return i > 0 && value <= MARKET__TIME_MAX;
}

int
market__cli_time(const market__cli_t *cli, const char *option, const char *text,
    int64_t *ret)
{
	if (unix_seconds(text, ret))
		return CLI_DONE;
	if (market__time_parse(market_slice_of(text), ret) && *ret >= 0)
		return CLI_DONE;
	return market__cli_usage(cli,
	    "%s %s is no time: write 2016-02-01T00:00:00Z, or Unix seconds",
	    option, text);
}

int
market__cli_at(const market__cli_t *cli, int64_t *ret_at)
{
	const char *at = market__cli_value(cli, "--at", 0);
	struct timespec now;

	if (at != NULL)
		return market__cli_time(cli, "--at", at, ret_at);
	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return market__cli_say(CLI_INTERNAL, NULL,
		    "the clock cannot be read: give --at TIME");
	*ret_at = (int64_t)now.tv_sec;
	return CLI_DONE;
}

int
market__cli_number(
    const market__cli_t *cli, const char *option, uint64_t least, uint64_t *ret)
{
	const char *text = market__cli_value(cli, option, 0);
	uint64_t value = 0;
	size_t i;

	if (text == NULL)
		return CLI_DONE;
	for (i = 0; text[i] >= '0' && text[i] <= '9' && i < 19; i++)
		value = value * 10 + (uint64_t)(text[i] - '0');
	if (i == 0 || text[i] != '\0' || value < least)
		return market__cli_usage(cli,
		    "%s %s is no number from %u on: write it in digits", option,
		    text, (unsigned)least);
	*ret = value;
	return CLI_DONE;
}

int
market__cli_digest(const market__cli_t *cli, const char *option,
    const char *text, uint8_t *ret)
{
	char lower[2 * MARKET_DIGEST_LEN + 1];
	size_t i;

	for (i = 0; i < sizeof(lower) - 1 && text[i] != '\0'; i++)
		lower[i] = text[i] >= 'A' && text[i] <= 'F'
		    ? (char)(text[i] - 'A' + 'a')
		    : text[i];
	if (text[i] == '\0' &&
	    market__unhex(market__slice(lower, i), ret, MARKET_DIGEST_LEN))
		return CLI_DONE;
	return market__cli_usage(cli,
	    "%s %s is no SHA-256: write its 64 digits in hex, as `market show "
	    "FILE` and `market keyid FILE` print them",
	    option, text);
}

/* Every name, for whoever guessed none of them nearly. */
static int
no_choice(const market__cli_t *cli, const char *option, const char *text,
    const char *(*name_at)(size_t index))
{
	const char *nearest = market__cli_nearest(text, name_at);
	market__text_t all;
	size_t i;
	int rv;

	if (nearest != NULL)
		return market__cli_usage(
		    cli, "%s %s: did you mean %s?", option, text, nearest);
	market__text_init(&all, cli->allocator, 1024);
	for (i = 0; name_at(i) != NULL; i++)
		market__text_printf(&all, " %s", name_at(i));
	rv = market__cli_usage(cli, "%s %s: there are%s", option, text,
	    all.data == NULL ? "" : all.data);
	market__text_clear(&all);
	return rv;
}

/* Where the word behind the prefix begins; the word itself without one. */
static const char *
behind(const char *text, const char *prefix)
{
	char head[32];
	size_t len = strlen(prefix);

	if (len >= sizeof(head) || strlen(text) <= len)
		return text;
	memcpy(head, text, len);
	head[len] = '\0';
	return market__cli_same_word(head, prefix) ? text + len : text;
}

int
market__cli_choice(const market__cli_t *cli, const char *option,
    const char *prefix, const char *(*name_at)(size_t index), size_t *ret_index)
{
	const char *text = market__cli_value(cli, option, 0);
	size_t i;

	for (i = 0; name_at(i) != NULL; i++) {
		if (market__cli_same_word(name_at(i), behind(text, prefix))) {
			*ret_index = i;
			return CLI_DONE;
		}
	}
	return no_choice(cli, option, text, name_at);
}
