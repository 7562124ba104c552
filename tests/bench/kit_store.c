/* SPDX-License-Identifier: Apache-2.0 */
/* Stores of the kit, and what is measured of them. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "kit.h"

market_store_t *
kit_create(kit_t *kit, const char *path, const market_store_options_t *options)
{
	market_buffer_t root = kit_root(kit), policy = kit_policy(kit);
	market_error_t error = MARKET_ERROR_INIT;
	market_store_t *store = NULL;
	market_buffer_t envelope;
	size_t i;

	kit_must(market_store_create(kit_context(kit), path,
		     market_buffer_slice(&root), market_buffer_slice(&policy),
		     KIT_NOW, options, &store, &error),
	    &error, path);
	market_buffer_clear(&root);
	market_buffer_clear(&policy);
	for (i = 0; i < KIT_EVIDENCE; i++) {
		envelope = kit_evidence(kit, i);
		kit_add(store, market_buffer_slice(&envelope));
		market_buffer_clear(&envelope);
	}
	return store;
}

market_store_t *
kit_open(kit_t *kit, const char *path, const market_store_options_t *options)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_store_t *store = NULL;

	kit_must(
	    market_store_open(kit_context(kit), path, options, &store, &error),
	    &error, path);
	return store;
}

void
kit_add(market_store_t *store, market_slice_t envelope)
{
	market_additions_t *additions = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	const market_added_t *added;

	kit_must(market_store_add(store, &envelope, 1, KIT_NOW,
		     MARKET_STORE_LATER, &additions, &error),
	    &error, "adding");
	added = market_additions_at(additions, 0);
	if (added->result != MARKET_RESULT_ACCEPTED)
		kit_die("not accepted: %s: %s",
		    market_result_name(added->result),
		    added->message == NULL ? "?" : added->message);
	market_additions_free(additions);
}

double
kit_submit(kit_t *kit, market_store_t *store, unsigned long first, size_t n,
    unsigned long revision, double *ret_seconds)
{
	market_submissions_t *submissions = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	market_buffer_t envelopes[KIT_BATCH];
	market_slice_t slices[KIT_BATCH];
	const market_submitted_t *submitted;
	double bytes = 0, begin, end;
	size_t i;

	for (i = 0; i < n; i++) {
		envelopes[i] = kit_offer(kit, first + i, revision);
		slices[i] = market_buffer_slice(&envelopes[i]);
		bytes += (double)slices[i].len;
	}
	begin = kit_seconds();
	kit_must(market_store_submit(
		     store, slices, n, KIT_NOW, &submissions, &error),
	    &error, "submitting");
	end = kit_seconds();
	if (ret_seconds != NULL)
		*ret_seconds = end - begin;
	for (i = 0; i < n; i++) {
		submitted = market_submissions_at(submissions, i);
		if (submitted->result != MARKET_RESULT_ACCEPTED)
			kit_die("%s: %s", submitted->listing,
			    submitted->message == NULL ? "?"
						       : submitted->message);
		market_buffer_clear(&envelopes[i]);
	}
	market_submissions_free(submissions);
	return bytes;
}

unsigned long
kit_refresh(market_store_t *store)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_refreshed_t refreshed;
	unsigned long changed = 0;

	do {
		kit_must(
		    market_store_refresh(store, KIT_NOW, 0, &refreshed, &error),
		    &error, "refreshing");
		changed += refreshed.changed;
	} while (refreshed.more);
	return changed;
}

market_status_t
kit_sale(market_store_t *store, unsigned long number)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	status = market_store_sale(store, market_slice_of(kit_listing(number)),
	    market_slice_of("US"), MARKET_CHANNEL_ONLINE_STORE,
	    market_slice_of(KIT_NETWORK), KIT_NOW, 0, NULL, &error);
	if (status != MARKET_OK && status != MARKET_E_DENIED)
		kit_must(status, &error, kit_listing(number));
	return status;
}

/* ---- numbers ---- */

static double
read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double
kit_seconds(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

double
kit_processor_seconds(void)
{
	return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

uint32_t
kit_random(uint32_t *state)
{
	/* xorshift32 (Marsaglia); a state of 0 would stay. */
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

void
kit_note(kit_series_t *series, double value)
{
	size_t i;

	if (series->n == sizeof(series->v) / sizeof(series->v[0]))
		kit_die("too many rounds");
	for (i = series->n++; i > 0 && series->v[i - 1] > value; i--)
		series->v[i] = series->v[i - 1];
	series->v[i] = value;
}

double
kit_part(const kit_series_t *series, double part)
{
	if (series->n == 0)
		return 0;
	return series->v[(size_t)((double)(series->n - 1) * part + 0.5)];
}

void
kit_row(
    const char *label, const kit_series_t *ratio, const char *asked, double of)
{
	printf("= %-56s %8.3f (%.3f to %.3f), %s %g\n", label,
	    kit_median(ratio), kit_part(ratio, 0.1), kit_part(ratio, 0.9),
	    asked, of);
}

unsigned long
kit_memory(const char *name)
{
	FILE *file = fopen("/proc/self/status", "r");
	unsigned long kib = 0;
	char line[256];

	if (file == NULL)
		return 0;
	while (fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, name, strlen(name)) == 0 &&
		    line[strlen(name)] == ':')
			kib = strtoul(line + strlen(name) + 1, NULL, 10);
	fclose(file);
	return kib;
}

void
kit_machine(void)
{
	FILE *file = fopen("/proc/cpuinfo", "r");
	char line[256], model[128] = "?";
	struct utsname name;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "model name : %127[^\n]", model) == 1)
			break;
	if (file != NULL)
		fclose(file);
	if (uname(&name) != 0)
		kit_die("uname fails");
	printf("machine: %s, %ld processors, %s %s; libmarket %s\n", model,
	    sysconf(_SC_NPROCESSORS_ONLN), name.sysname, name.release,
	    market_version());
}
