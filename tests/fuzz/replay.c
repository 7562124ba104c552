/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fuzz driver as an ordinary test: each seed, each file named on the command
 * line, and mutants of the seeds by a fixed generator. With -w DIRECTORY the
 * seeds are written there, for the engine to begin with.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define MUTANTS 150

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
run_mutant(const market_buffer_t *seed, uint32_t *state)
{
	size_t size = seed->len, at, times = 1 + next_random(state) % 3;
	uint8_t *data = malloc(size + 1);

	FUZZ_ASSERT(data != NULL && size > 0);
	memcpy(data, seed->data, size);
	while (times-- > 0 && size > 0) {
		at = next_random(state) % size;
		switch (next_random(state) % 4) {
		case 0:
			data[at] ^= (uint8_t)(1U << next_random(state) % 8);
			break;
		case 1: data[at] = (uint8_t)next_random(state); break;
		case 2: size = at; break;
		default:
			size--;
			memmove(data + at, data + at + 1, size - at);
			break;
		}
	}
	run(data, size);
	free(data);
}

static int
run_file(const char *path)
{
	static uint8_t data[2 * 1024 * 1024];
	FILE *file = fopen(path, "rb");
	size_t size;

	if (file == NULL)
		return 0;
	size = fread(data, 1, sizeof(data), file);
	fclose(file);
	run(data, size);
	return 1;
}

static int
write_seeds(const char *directory)
{
	market_buffer_t seed = MARKET_BUFFER_INIT;
	char path[1024];
	size_t i;
	FILE *file;

	for (i = 0; fuzz_seed(i, &seed); i++) {
		snprintf(path, sizeof(path), "%s/seed-%02zu", directory, i);
		file = fopen(path, "wb");
		if (file == NULL ||
		    fwrite(seed.data, 1, seed.len, file) != seed.len ||
		    fclose(file) != 0) {
			perror(path);
			return EXIT_FAILURE;
		}
		market_buffer_clear(&seed);
	}
	return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	market_buffer_t seed = MARKET_BUFFER_INIT;
	uint32_t state = 0x2545f491;
	size_t i;
	int n = 0, k, mutants = MUTANTS;

	/* Set by check-valgrind. */
	if (getenv("MARKET_SLOW") != NULL)
		mutants = MUTANTS / 20;
	if (argc == 3 && strcmp(argv[1], "-w") == 0)
		return write_seeds(argv[2]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 0; fuzz_seed(i, &seed); i++) {
		run(seed.data, seed.len);
		for (k = 0; k < mutants; k++)
			run_mutant(&seed, &state);
		printf("ok %d - seed %zu and %d mutants\n", ++n, i, mutants);
		market_buffer_clear(&seed);
	}
	for (k = 1; k < argc; k++)
		printf("%s %d - %s\n", run_file(argv[k]) ? "ok" : "not ok", ++n,
		    argv[k]);
	printf("1..%d\n", n);
	market_context_free(fuzz_context());
	return EXIT_SUCCESS;
}
