/* SPDX-License-Identifier: Apache-2.0 */
/* How long a call may go on: by the system's monotonic clock. */
#ifndef MARKET_BASE_DEADLINE_H
#define MARKET_BASE_DEADLINE_H

#include <stdbool.h>
#include <time.h>

typedef struct market__deadline {
	bool set;
	struct timespec until;
} market__deadline_t;

/* In so many milliseconds; 0: never. False: there is no such clock. */
bool market__deadline_set(market__deadline_t *deadline, unsigned ms);
bool market__deadline_over(const market__deadline_t *deadline);

#endif
