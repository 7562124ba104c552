/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fuzz driver as an ordinary test: each file of its corpus, or each that is
 * named on the command line, and mutants of them by a fixed generator. With
 * --accepted FILE a driver may write down what it accepted; with -w DIRECTORY
 * the corpus is only copied there, without the two bytes that tell of memory.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define FILES_MAX 128
#define FILE_MAX  ((size_t)2 * 1024 * 1024)

static uint32_t
next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Runs an exact copy, so that a byte read past its end is seen. */
static void
run(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size == 0 ? 1 : size);

	FUZZ_ASSERT(copy != NULL);
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void
run_mutant(const uint8_t *seed, size_t size, uint32_t *state)
{
	size_t at, i, times = 1 + next_random(state) % 3;
	uint8_t *data = malloc(size + 1);

	FUZZ_ASSERT(data != NULL);
	memcpy(data, seed, size);
	while (times-- > 0 && size > 0) {
		at = next_random(state) % size;
		/* Half of them with memory that fails. */
		if (next_random(state) % 2 == 0 && size > 2)
			data[size - 1] = (uint8_t)next_random(state);
		switch (next_random(state) % 4) {
		case 0:
			data[at] ^= (uint8_t)(1U << next_random(state) % 8);
			break;
		case 1: data[at] = (uint8_t)next_random(state); break;
		case 2: size = at; break;
		default:
			size--;
			/* No memmove: its fortified form has the address of
			   memcpy's, and valgrind reports the overlap. */
			for (i = at; i < size; i++)
				data[i] = data[i + 1];
			break;
		}
	}
	run(data, size);
	free(data);
}

static bool
copy(const uint8_t *data, size_t size, const char *directory, const char *name)
{
	char path[4096];
	FILE *file;
	bool good;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "wb");
	if (file == NULL)
		return false;
	if (size >= 2)
		size -= 2;
	good = fwrite(data, 1, size, file) == size;
	return fclose(file) == 0 && good;
}

static bool
run_file(const char *path, unsigned mutants, const char *copies)
{
	static uint8_t data[FILE_MAX];
	FILE *file = fopen(path, "rb");
	uint32_t state = 0x2545f491;
	size_t size;

	if (file == NULL)
		return false;
	size = fread(data, 1, sizeof(data), file);
	fclose(file);
	if (copies != NULL)
		return copy(data, size, copies, strrchr(path, '/') + 1);
	run(data, size);
	while (mutants-- > 0)
		run_mutant(data, size, &state);
	return true;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The names in the driver's folder, sorted: the order is the same anywhere. */
static size_t
list(const char *directory, char names[FILES_MAX][64])
{
	DIR *dir = opendir(directory);
	const struct dirent *entry;
	size_t n = 0, len;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		len = strlen(entry->d_name);
		FUZZ_ASSERT(n < FILES_MAX && len < sizeof(names[n]));
		memcpy(names[n++], entry->d_name, len + 1);
	}
	if (dir != NULL)
		closedir(dir);
	qsort(names, n, sizeof(names[0]), by_name);
	return n;
}

static void
run_corpus(const char *program, unsigned mutants, const char *copies)
{
	static char names[FILES_MAX][64];
	const char *source = getenv("SRCDIR"), *name = strstr(program, "fuzz_");
	char directory[2048], path[4096];
	size_t i, n;

	/* libtool's wrapper may have put lt- in front. */
	FUZZ_ASSERT(name != NULL);
	snprintf(directory, sizeof(directory), "%s/tests/fuzz/corpus/%s",
	    source == NULL ? "." : source, name + strlen("fuzz_"));
	n = list(directory, names);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
		printf("%s %zu - %s and %u mutants\n",
		    run_file(path, mutants, copies) ? "ok" : "not ok", i + 1,
		    names[i], mutants);
	}
	if (n == 0)
		printf("not ok 1 - no corpus in %s: set SRCDIR\n", directory);
	printf("1..%zu\n", n == 0 ? 1 : n);
}

static void
run_files(char **paths)
{
	int n = 0;

	for (; *paths != NULL; paths++)
		printf("%s %d - %s\n",
		    run_file(*paths, 0, NULL) ? "ok" : "not ok", ++n, *paths);
	printf("1..%d\n", n);
}

int
main(int argc, char **argv)
{
	unsigned mutants = fuzz_mutants;
	const char *program = strrchr(argv[0], '/'), *copies = NULL;
	int first = 1;

	/* Set by check-valgrind, and where other things are looked for. */
	if (getenv("MARKET_SLOW") != NULL)
		mutants /= 20;
	setvbuf(stdout, NULL, _IOLBF, 0);
	program = program == NULL ? argv[0] : program;
	if (argc == 3 && strcmp(argv[1], "-w") == 0) {
		copies = argv[2];
		first = 3;
	} else if (argc >= 3 && strcmp(argv[1], "--accepted") == 0) {
		fuzz_accepted = fopen(argv[2], "w");
		FUZZ_ASSERT(fuzz_accepted != NULL);
		first = 3;
	}
	if (argc == first)
		run_corpus(program, mutants, copies);
	else
		run_files(argv + first);
	fuzz_end();
	return fuzz_accepted != NULL && fclose(fuzz_accepted) != 0;
}
