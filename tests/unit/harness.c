/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h" /* MAP_ANONYMOUS, mkstemp */

#include "harness.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SKIPS_MAX  256
#define PATH_SLOTS 5

/*
 * Check has no skip and runs each test in a child, so what was skipped is
 * written to memory that parent and children share.
 */
struct skips {
	size_t count;
	struct {
		char test[128];
		char reason[256];
	} at[SKIPS_MAX];
};

static struct skips *skips;

static bool
shared_is_required(void)
{
	const char *value = getenv("MARKET_REQUIRE_SHARED");

	return value != NULL && strcmp(value, "1") == 0;
}

void
harness_skip_(const char *function, const char *reason)
{
	size_t len = strlen(function);

	if (shared_is_required() || skips == NULL || skips->count == SKIPS_MAX)
		ck_abort_msg("would be skipped: %s", reason);
	/* START_TEST(name) makes a function `name_fn`. */
	if (len > 3 && strcmp(function + len - 3, "_fn") == 0)
		len -= 3;
	snprintf(skips->at[skips->count].test,
	    sizeof(skips->at[skips->count].test), "%.*s", (int)len, function);
	snprintf(skips->at[skips->count].reason,
	    sizeof(skips->at[skips->count].reason), "%s", reason);
	skips->count++;
}

/* Check's line is "ok 3 - file.c:suite:test: Passed". */
static const char *
skip_reason(const char *line)
{
	const char *end, *name;
	size_t i, len;

	end = strstr(line, ": Passed");
	if (strncmp(line, "ok ", 3) != 0 || end == NULL)
		return NULL;
	for (name = end; name > line && name[-1] != ':'; name--)
		;
	len = (size_t)(end - name);
	for (i = 0; i < skips->count; i++)
		if (strlen(skips->at[i].test) == len &&
		    memcmp(skips->at[i].test, name, len) == 0)
			return skips->at[i].reason;
	return NULL;
}

static void
print_tap(FILE *log)
{
	char line[4096];
	const char *reason;

	while (fgets(line, sizeof(line), log) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		reason = skip_reason(line);
		if (reason != NULL)
			printf("%s # SKIP %s\n", line, reason);
		else
			printf("%s\n", line);
	}
}

int
harness_main(Suite *suite)
{
	char name[] = "./harness-XXXXXX";
	SRunner *runner;
	FILE *log = NULL;
	int fd, failed = 1;

	setvbuf(stdout, NULL, _IOLBF, 0);
	runner = srunner_create(suite);
	skips = mmap(NULL, sizeof(*skips), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (skips == MAP_FAILED)
		skips = NULL;
	fd = mkstemp(name);
	if (fd >= 0)
		log = fdopen(fd, "r");
	if (skips == NULL || log == NULL) {
		printf("Bail out! harness: %s\n", strerror(errno));
		goto done;
	}
	srunner_set_tap(runner, name);
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	print_tap(log);
done:
	if (log != NULL)
		fclose(log);
	if (fd >= 0)
		unlink(name);
	srunner_free(runner);
	if (skips != NULL)
		munmap(skips, sizeof(*skips));
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static char *
join(const char *directory, const char *name)
{
	static char paths[PATH_SLOTS][1024];
	static size_t next;
	char *path = paths[next++ % PATH_SLOTS];
	int len;

	len = snprintf(path, sizeof(paths[0]), "%s/%s", directory, name);
	ck_assert_msg(len > 0 && (size_t)len < sizeof(paths[0]),
	    "the path of %s is too long", name);
	return path;
}

const char *
harness_shared(const char *name)
{
	const char *directory = getenv("MARKET_SHARED");
	char *path;

	if (directory == NULL || directory[0] == '\0')
		directory = HARNESS_SHARED_DEFAULT;
	path = join(directory, name);
	return access(path, R_OK) == 0 ? path : NULL;
}

const char *
harness_source(const char *name)
{
	return join(HARNESS_SOURCE, name);
}

char *
harness_read(const char *path, size_t *ret_len)
{
	size_t len = 0, size = 1 << 16;
	char *data = malloc(size), *more;
	FILE *file = fopen(path, "rb");

	ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
	ck_assert_ptr_nonnull(data);
	while ((len += fread(data + len, 1, size - len, file)) == size) {
		size *= 2;
		more = realloc(data, size);
		ck_assert_ptr_nonnull(more);
		data = more;
	}
	ck_assert_msg(!ferror(file), "%s: %s", path, strerror(errno));
	fclose(file);
	data[len] = '\0';
	if (ret_len != NULL)
		*ret_len = len;
	return data;
}

char *
harness_line(char **text)
{
	char *line = *text;
	size_t len = strcspn(line, "\n");

	if (line[0] == '\0')
		return NULL;
	*text = line + len + (line[len] == '\n');
	line[len] = '\0';
	return line;
}

size_t
harness_fields(char *line, char **fields, size_t max)
{
	size_t n = 0;
	char *field = line, *tab;

	do {
		tab = strchr(field, '\t');
		if (tab != NULL)
			*tab = '\0';
		if (n < max)
			fields[n] = field;
		n++;
		field = tab == NULL ? NULL : tab + 1;
	} while (field != NULL);
	return n;
}

size_t
harness_rounds(size_t rounds)
{
	const char *value = getenv("MARKET_SLOW");

	if (value != NULL && strcmp(value, "1") == 0)
		return rounds / 20 + 1;
	return rounds;
}

static void *
memory_alloc(void *user, size_t size)
{
	harness_memory_t *memory = user;
	size_t call = memory->calls++;
	void *ptr;

	/* X7: malloc(0) may be NULL, which would look like no memory. */
	if (size == 0)
		ck_abort_msg("zero bytes were asked for");
	if (call == memory->fail_at ||
	    (memory->for_ever && call > memory->fail_at))
		return NULL;
	ptr = malloc(size);
	if (ptr != NULL)
		memory->live++;
	return ptr;
}

static void
memory_free(void *user, void *ptr)
{
	harness_memory_t *memory = user;

	if (ptr == NULL)
		ck_abort_msg("NULL was given back");
	memory->live--;
	free(ptr);
}

void
harness_memory_init(harness_memory_t *memory)
{
	memset(memory, 0, sizeof(*memory));
	memory->allocator.alloc = memory_alloc;
	memory->allocator.free = memory_free;
	memory->allocator.user = memory;
	memory->fail_at = SIZE_MAX;
}
