/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h" /* open_memstream */

#include "torture.h"

#include <stdlib.h>
#include <string.h>

#include <sys/wait.h>
#include <unistd.h>

#include <openssl/err.h>

#include "api/evidence.h"

char torture_untouched;

void
torture_expect_buffer(const torture_t *torture, const market_buffer_t *buffer)
{
	ck_assert_msg(buffer->data == NULL && buffer->len == 0 &&
		buffer->allocator == NULL,
	    "%s: it failed, and wrote a result", torture->label);
}

/* OpenSSL keeps a text for each entry of its ring of 16 errors. */
static void
warm_errors(void)
{
	int i;

	for (i = 0; i < 16; i++)
		ERR_raise_data(ERR_LIB_USER, 1, "%s", "a text of some length");
	ERR_clear_error();
}

void
torture_init(torture_t *torture)
{
	market_context_options_t options;

	memset(torture, 0, sizeof(*torture));
	memset(&options, 0, sizeof(options));
	options.size = sizeof(options);
	options.allocator = counter_allocator;
	ck_assert_int_eq(
	    market_context_new(&options, &torture->context), MARKET_OK);
	warm_errors();
	torture->world = world_new_with(torture->context);
	torture->now = world_time(WORLD_NOW);
	torture->shallow = 37;
}

void
torture_clear(torture_t *torture)
{
	world_free(torture->world);
	market_context_free(torture->context);
	ck_assert_msg(counter.live[COUNTER_OURS] == 0,
	    "%zu allocations are left", counter.live[COUNTER_OURS]);
}

void
torture_forget(torture_t *torture)
{
	if (torture->evidence != NULL)
		market__evidence_forget(torture->evidence);
	market_context_trim(torture->context);
}

/* ---- which allocations ---- */

static size_t
stride_of(const torture_t *torture)
{
	const char *value = getenv("MARKET_TORTURE");
	size_t stride = 0;

	for (; value != NULL && *value >= '0' && *value <= '9'; value++)
		stride = stride * 10 + (size_t)(*value - '0');
	return stride == 0 ? torture->shallow : stride;
}

/* A library context that could not be made keeps two of the 1,024 keys for
 * thread-local data that a process has; so each of many is made in a child. */
static bool
try_apart(torture_t *torture, const torture_row_t *row, torture_point_t point,
    torture_try_t *try)
{
	int status = 0;
	pid_t child;

	fflush(NULL);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0)
		_exit(try(torture, row, point) ? 0 : 3);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFEXITED(status) &&
		(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 3),
	    "%s: %s: status %d of its child", torture->label,
	    torture_where(point), status);
	return WEXITSTATUS(status) == 0;
}

/* The shallow pass takes others for "for ever" than for "once". */
void
torture_sweep(torture_t *torture, const torture_row_t *row, size_t seed,
    torture_try_t *try)
{
	torture_point_t point;
	size_t stride = stride_of(torture);
	bool apart = (row->flags & TORTURE_OPENSSL_LEAKS) != 0 && stride < 37;
	int mode;

	torture->label = row->label;
	for (mode = 0; mode < 2; mode++) {
		point.for_ever = mode == 1;
		point.at = (seed * 5 + (size_t)mode * 17) % stride;
		while (apart ? try_apart(torture, row, point, try)
			     : try(torture, row, point))
			point.at += stride;
	}
}

const char *
torture_where(torture_point_t point)
{
	static char text[96];

	snprintf(text, sizeof(text), "allocation %zu%s (%s)", point.at,
	    point.for_ever ? " and all after it" : "",
	    counter.failed == 0 ? "not reached"
				: counter_owner_name(counter.first));
	return text;
}

/* ---- one call ---- */

char *
torture_tell(torture_t *torture, const torture_row_t *row,
    market_status_t *ret_status, market_error_t *error)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(out);
	/* So that each call asks for all the memory that it can want. */
	torture_forget(torture);
	*error = (market_error_t)MARKET_ERROR_INIT;
	*ret_status = row->run(torture, out, error);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

bool
torture_refused(const torture_t *torture, const torture_row_t *row,
    torture_point_t point, market_status_t got, market_status_t want,
    const market_error_t *error)
{
	bool memory = got == MARKET_E_MEMORY ||
	    (got == MARKET_E_IN_DOUBT && torture->in_file &&
		(row->flags & TORTURE_WRITES) != 0) ||
	    (got == MARKET_E_INTERNAL && counter.first == COUNTER_OPENSSL &&
		(row->flags & TORTURE_INTERNAL) != 0);

	ck_assert_msg((memory && counter.failed > 0) || got == want,
	    "%s: %s: %s, where it is %s: %s", torture->label,
	    torture_where(point), market_status_name(got),
	    market_status_name(want), error->message);
	ck_assert_msg(!memory || (row->flags & TORTURE_PLAIN) != 0 ||
		error->status == got,
	    "%s: %s: %s, and the error says %s", torture->label,
	    torture_where(point), market_status_name(got),
	    market_status_name(error->status));
	return memory;
}

void
torture_expect_live(torture_t *torture, torture_point_t point, unsigned owners,
    const size_t before[COUNTER_OWNERS])
{
	int owner;

	torture_forget(torture);
	for (owner = 0; owner < COUNTER_OWNERS; owner++)
		ck_assert_msg((owners & COUNTER_ONLY(owner)) == 0 ||
			counter.live[owner] == before[owner],
		    "%s: %s: %zd of %s are not given back", torture->label,
		    torture_where(point),
		    (ssize_t)(counter.live[owner] - before[owner]),
		    counter_owner_name((counter_owner_t)owner));
}

int
torture_main(Suite *suite)
{
	if (!counter_install()) {
		printf("Bail out! the memory of others cannot be counted\n");
		return EXIT_FAILURE;
	}
	return harness_main(suite);
}
