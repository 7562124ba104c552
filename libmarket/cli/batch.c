/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are handed over in batches, so that memory stays bounded. */
#include <config.h>

#include <sys/stat.h>
#include <unistd.h>

#include "cli/store.h"

int
market__cli_batch_init(const market__cli_t *cli, market__cli_batch_t *batch,
    size_t max, size_t max_bytes)
{
	memset(batch, 0, sizeof(*batch));
	batch->allocator = cli->allocator;
	batch->max = max;
	batch->max_bytes = max_bytes;
	batch->files = market__alloc_array(
	    cli->allocator, max, sizeof(*batch->files));
	batch->slices = market__alloc_array(
	    cli->allocator, max, sizeof(*batch->slices));
	if (batch->files == NULL || batch->slices == NULL) {
		market__cli_batch_clear(batch);
		return market__cli_error(NULL, MARKET_E_MEMORY, NULL);
	}
	return CLI_DONE;
}

static void
empty(market__cli_batch_t *batch)
{
	size_t i;

	for (i = 0; i < batch->n; i++)
		market_buffer_clear(&batch->files[i].bytes);
	batch->n = 0;
	batch->n_slices = 0;
}

void
market__cli_batch_clear(market__cli_batch_t *batch)
{
	if (batch->allocator == NULL)
		return;
	empty(batch);
	market__free(batch->allocator, batch->files);
	market__free(batch->allocator, batch->slices);
	batch->files = NULL;
	batch->slices = NULL;
}

/* What is no such file may be complained of, on a line of its own. */
static bool
is_plain_file(const char *name)
{
	struct stat info;

	return stat(name, &info) == 0 && S_ISREG(info.st_mode) &&
	    info.st_size <= (off_t)MARKET__CLI_FILE_MAX &&
	    access(name, R_OK) == 0;
}

static void
take(market__cli_t *cli, market__cli_batch_t *batch, const char *name,
    market__cli_progress_t *progress)
{
	market__cli_file_t *file = &batch->files[batch->n++];

	/* analyse(scan): market__cli_files() made room for each. */
	memset(file, 0, sizeof(*file));
	file->name = name;
	if (is_plain_file(name))
		market__cli_progress_step(progress);
	else
		market__cli_progress_hide(progress);
	file->failure = market__cli_read(cli, name, &file->bytes);
	if (file->failure == CLI_DONE)
		batch->slices[batch->n_slices++] = market_buffer_slice(
		    &file->bytes);
}

bool
market__cli_batch_next(market__cli_t *cli, market__cli_batch_t *batch,
    const char **names, size_t n, size_t *at, market__cli_progress_t *progress)
{
	size_t bytes = 0;

	empty(batch);
	/* The next file may be as large as any; but one always fits. */
	while (*at < n && batch->n < batch->max &&
	    (batch->n == 0 ||
		bytes + MARKET__CLI_FILE_MAX <= batch->max_bytes)) {
		take(cli, batch, names[*at], progress);
		bytes += batch->files[batch->n - 1].bytes.len;
		(*at)++;
	}
	return batch->n > 0;
}

int
market__cli_load(
    market__cli_t *cli, const char *option, market__cli_batch_t *batch)
{
	size_t i, at = 0, n = market__cli_count(cli, option);
	market__cli_progress_t progress;
	const char **names;
	int rv;

	if (n == 0)
		return CLI_DONE;
	names = market__alloc_array(cli->allocator, n, sizeof(*names));
	if (names == NULL)
		return market__cli_error(NULL, MARKET_E_MEMORY, NULL);
	for (i = 0; i < n; i++)
		names[i] = market__cli_value(cli, option, i);
	rv = market__cli_batch_init(cli, batch, n, SIZE_MAX);
	if (rv == CLI_DONE) {
		market__cli_progress_begin(&progress, cli->verb->name, NULL, 0);
		(void)market__cli_batch_next(
		    cli, batch, names, n, &at, &progress);
		market__cli_progress_hide(&progress);
	}
	for (i = 0; rv == CLI_DONE && i < batch->n; i++)
		rv = batch->files[i].failure;
	market__free(cli->allocator, (void *)names);
	return rv;
}
