/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h" /* mkdtemp */

#include "takedown_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
submit_all(place_t *p, unsigned long n)
{
	unsigned long i;

	for (i = 0; i < n; i += KIT_BATCH)
		p->envelopes += kit_submit(p->kit, p->store, i,
		    n - i < KIT_BATCH ? n - i : KIT_BATCH, 1, NULL);
}

void
place_init(place_t *p, market_context_t *context, bool disk,
    unsigned long listings, unsigned long questions)
{
	memset(p, 0, sizeof(*p));
	snprintf(p->path, sizeof(p->path), "memory:");
	if (disk) {
		snprintf(p->folder, sizeof(p->folder), "takedown-XXXXXX");
		ck_assert_ptr_nonnull(mkdtemp(p->folder));
		snprintf(p->path, sizeof(p->path), "%s/store", p->folder);
	}
	p->kit = context == NULL ? kit_new(questions)
				 : kit_new_with(context, questions);
	p->store = kit_create(p->kit, p->path, NULL);
	submit_all(p, listings);
}

void
place_clear(place_t *p)
{
	market_store_free(p->store);
	kit_free(p->kit);
	if (p->folder[0] != '\0') {
		ck_assert_int_eq(unlink(p->path), 0);
		ck_assert_int_eq(rmdir(p->folder), 0);
	}
}

void
place_add(place_t *p, market_buffer_t envelope)
{
	kit_add(p->store, market_buffer_slice(&envelope));
	market_buffer_clear(&envelope);
}
