/* SPDX-License-Identifier: Apache-2.0 */
#include "sketch.h"

#include <string.h>

const market__point_t sketch_point = { { (const uint8_t *)"2014818", 7 },
	{ (const uint8_t *)"US", 2 }, { (const uint8_t *)"usmobile.com", 12 },
	MARKET_CHANNEL_ONLINE_STORE, MARKET_CONDITION_NEW };

static market__slices_t
draw_texts(const char *list, market_slice_t *v)
{
	market__slices_t drawn = { v, 0 };

	if (strcmp(list, "-") == 0)
		return drawn;
	while (*list != '\0') {
		size_t len = strcspn(list, " ");

		ck_assert_uint_lt(drawn.n, SKETCH_LIST_MAX);
		v[drawn.n++] = market__slice(list, len);
		list += len + (list[len] == ' ');
	}
	return drawn;
}

static market__numbers_t
draw_numbers(const char *list, uint32_t *v)
{
	market__numbers_t drawn = { v, 0 };

	if (strcmp(list, "-") == 0)
		return drawn;
	for (; *list != '\0'; list++) {
		if (*list != ' ')
			v[drawn.n++] = (uint32_t)(*list - '0');
	}
	return drawn;
}

const market__scope_t *
sketch_draw(drawn_t *drawn, const sketch_t *sketch)
{
	market__scope_t *scope = &drawn->scope;

	scope->models = draw_texts(sketch->models, drawn->texts[0]);
	scope->territories = draw_texts(sketch->territories, drawn->texts[1]);
	scope->excluded_territories = draw_texts(
	    sketch->excluded, drawn->texts[2]);
	scope->marketplaces = draw_texts(sketch->marketplaces, drawn->texts[3]);
	scope->channels = draw_numbers(sketch->channels, drawn->numbers[0]);
	scope->conditions = draw_numbers(sketch->conditions, drawn->numbers[1]);
	return scope;
}
