/* SPDX-License-Identifier: Apache-2.0 */
/* A store whose making failed leaves no files behind. */
#include <unistd.h>

#include "store/store_backend.h"

void
market__backend_discard(
    const market_allocator_t *allocator, const char *location)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	market__text_t path;
	size_t i;

	if (strcmp(location, "memory:") == 0)
		return;
	for (i = 0; i < MARKET__COUNT(ends); i++) {
		market__text_init(&path, allocator, 8192);
		market__text_printf(&path, "%s%s", location, ends[i]);
		if (path.status == MARKET_OK)
			(void)unlink(path.data);
		market__text_clear(&path);
	}
}
