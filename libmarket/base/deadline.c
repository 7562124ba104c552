/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "base/deadline.h"

#define SECOND 1000000000

bool
market__deadline_set(market__deadline_t *deadline, unsigned ms)
{
	deadline->set = ms > 0;
	if (!deadline->set)
		return true;
	if (clock_gettime(CLOCK_MONOTONIC, &deadline->until) != 0)
		return false;
	deadline->until.tv_sec += ms / 1000;
	deadline->until.tv_nsec += (long)(ms % 1000) * (SECOND / 1000);
	if (deadline->until.tv_nsec >= SECOND) {
		deadline->until.tv_nsec -= SECOND;
		deadline->until.tv_sec++;
	}
	return true;
}

bool
market__deadline_over(const market__deadline_t *deadline)
{
	const struct timespec *until = &deadline->until;
	struct timespec now;

	if (!deadline->set)
		return false;
	/* A clock that cannot be read has no time left. */
	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		return true;
	return now.tv_sec > until->tv_sec ||
	    (now.tv_sec == until->tv_sec && now.tv_nsec >= until->tv_nsec);
}
