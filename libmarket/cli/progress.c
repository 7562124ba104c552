/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Progress of long work: on a terminal one line that is rewritten in place,
 * elsewhere one line at the end. Short work says nothing.
 */
#include <config.h>

#include <time.h>
#include <unistd.h>

#include "cli/store.h"

/* Items from which on work is told of. */
#define MANY 100

/* Milliseconds between two lines: five in a second. */
#define PAUSE 200

static int64_t
now_ms(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		return 0;
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What cannot be written is no more than a line of progress. */
static void
put(market__text_t *line)
{
	if (line->data != NULL)
		(void)market__cli_write_all(
		    STDERR_FILENO, market__slice(line->data, line->len));
	market__text_clear(line);
}

/* "1,234,567" */
static void
add_count(market__text_t *line, uint64_t n)
{
	char digits[24];
	size_t i, len;

	market__text_t plain;
	market__text_init(&plain, line->allocator, sizeof(digits));
	market__text_printf(&plain, "%llu", (unsigned long long)n);
	len = plain.len;
	for (i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			market__text_putc(line, ',');
		market__text_putc(line, plain.data[i]);
	}
	market__text_clear(&plain);
}

static void
add_rate(market__text_t *line, const market__cli_progress_t *progress,
    int64_t elapsed)
{
	uint64_t rate = progress->done * 1000;

	rate /= elapsed > 0 ? (uint64_t)elapsed : 1;
	market__text_puts(line, ", ");
	add_count(line, rate);
	market__text_puts(line, "/s");
	if (progress->bad == NULL)
		return;
	market__text_puts(line, ", ");
	add_count(line, progress->refused);
	market__text_printf(line, " %s", progress->bad);
}

static void
add_left(market__text_t *line, const market__cli_progress_t *progress,
    int64_t elapsed)
{
	uint64_t left;

	/* Work that goes by the chunk may be told of as more than all. */
	if (progress->done == 0 || progress->total <= progress->done)
		return;
	left = (progress->total - progress->done) * (uint64_t)elapsed /
	    progress->done / 1000;
	if (left >= 3600)
		market__text_printf(line, ", %llu h %llu min left",
		    (unsigned long long)(left / 3600),
		    (unsigned long long)(left / 60 % 60));
	else if (left >= 60)
		market__text_printf(line, ", %llu min %llu s left",
		    (unsigned long long)(left / 60),
		    (unsigned long long)(left % 60));
	else
		market__text_printf(
		    line, ", %llu s left", (unsigned long long)left);
}

void
market__cli_progress_begin(market__cli_progress_t *progress, const char *verb,
    const char *bad, uint64_t total)
{
	memset(progress, 0, sizeof(*progress));
	progress->verb = verb;
	progress->bad = bad;
	progress->total = total;
	progress->terminal = isatty(STDERR_FILENO) != 0;
	progress->began = now_ms();
	/* Where there is much to do it is told from the first step on. */
	progress->last = total >= MANY ? progress->began - PAUSE
				       : progress->began;
}

void
market__cli_progress_step(market__cli_progress_t *progress)
{
	int64_t now = now_ms();
	market__text_t line;

	if (!progress->terminal || now - progress->last < PAUSE)
		return;
	market__text_init(&line, &market__default_allocator, 1024);
	market__text_printf(&line, "\r\033[Kmarket: %s: ", progress->verb);
	add_count(&line, progress->done);
	if (progress->total > 0) {
		market__text_puts(&line, " of ");
		add_count(&line, progress->total);
	}
	add_rate(&line, progress, now - progress->began);
	add_left(&line, progress, now - progress->began);
	put(&line);
	progress->last = now;
	progress->shown = true;
	progress->drawn = true;
}

void
market__cli_progress_hide(market__cli_progress_t *progress)
{
	market__text_t line;

	if (!progress->shown)
		return;
	market__text_init(&line, &market__default_allocator, 16);
	market__text_puts(&line, "\r\033[K");
	put(&line);
	progress->shown = false;
}

void
market__cli_progress_end(market__cli_progress_t *progress)
{
	int64_t elapsed = now_ms() - progress->began;
	market__text_t line;

	market__cli_progress_hide(progress);
	if (progress->done < MANY && !progress->drawn)
		return;
	market__text_init(&line, &market__default_allocator, 1024);
	market__text_printf(&line, "market: %s: ", progress->verb);
	add_count(&line, progress->done);
	market__text_printf(&line, " in %lld.%lld s",
	    (long long)(elapsed / 1000), (long long)(elapsed % 1000 / 100));
	add_rate(&line, progress, elapsed);
	market__text_putc(&line, '\n');
	put(&line);
}
