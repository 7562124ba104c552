/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE 1 /* fdopen(), which C itself lacks */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"

#define EXIT_IO 74

/* No envelope is larger (a trust root has at most 1 MiB before base64). */
#define FILE_MAX ((size_t)4 << 20)

typedef struct loaded {
	struct loaded *next;
	uint8_t bytes[];
} loaded_t;

static loaded_t *all;

market_slice_t
file_load(const char *name)
{
	FILE *file = fopen(name, "rb");
	loaded_t *one, *fitting;
	size_t len;

	if (file == NULL)
		err(EXIT_IO, "%s", name);
	one = malloc(sizeof(*one) + FILE_MAX + 1);
	if (one == NULL)
		err(EXIT_IO, "%s", name);
	len = fread(one->bytes, 1, FILE_MAX + 1, file);
	if (ferror(file))
		err(EXIT_IO, "%s", name);
	fclose(file);
	if (len > FILE_MAX)
		errx(EXIT_IO, "%s: larger than any envelope", name);
	fitting = realloc(one, sizeof(*one) + len + 1);
	if (fitting != NULL)
		one = fitting;
	one->next = all;
	all = one;
	return (market_slice_t){ one->bytes, len };
}

void
file_forget(void)
{
	loaded_t *one;

	while ((one = all) != NULL) {
		all = one->next;
		free(one);
	}
}

void
file_store(const char *name, market_slice_t bytes, int secret)
{
	int flags = O_WRONLY | O_CREAT | (secret ? O_EXCL : O_TRUNC);
	int fd = open(name, flags, secret ? S_IRUSR | S_IWUSR : 0666);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "wb");

	if (file == NULL ||
	    fwrite(bytes.ptr, 1, bytes.len, file) != bytes.len ||
	    fclose(file) != 0)
		err(EXIT_IO, "%s", name);
}
