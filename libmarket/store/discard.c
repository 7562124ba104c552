/* SPDX-License-Identifier: Apache-2.0 */
/* A store whose making failed leaves no files behind. */
#include <unistd.h>

#include "store/store_backend.h"

/* No file has a longer path: PATH_MAX of Linux. */
#define PATH_ROOM 4096

/* Without memory, since it may be that which failed. */
void
market__backend_discard(const char *location)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	size_t len = strlen(location), i;
	char path[PATH_ROOM + 16];

	if (strcmp(location, "memory:") == 0 || len > PATH_ROOM)
		return;
	memcpy(path, location, len);
	for (i = 0; i < MARKET__COUNT(ends); i++) {
		memcpy(path + len, ends[i], strlen(ends[i]) + 1);
		(void)unlink(path);
	}
}
