/* SPDX-License-Identifier: Apache-2.0 */
#include <market/finding.h>

#include "base/base.h"

/* In order of number: market_code_info() searches by it. */
static const market_code_info_t registry[] = {
#define MARKET_X(name, number, effect, actor, clears, meaning, remedy) \
	{ MARKET_CODE_##name, #name, MARKET_EFFECT_##effect,           \
		MARKET_ACTOR_##actor, clears, meaning, remedy },
	MARKET_FINDING_MAP(MARKET_X)
#undef MARKET_X
};

const market_code_info_t *
market_code_info(market_code_t code)
{
	size_t low = 0, high = MARKET__COUNT(registry);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (registry[middle].code == code)
			return &registry[middle];
		if (registry[middle].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* "3101" as its number; 0 for what is no number of four digits. */
static int
number(const char *text)
{
	int value = 0, i;

	for (i = 0; i < 4; i++) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		value = 10 * value + (text[i] - '0');
	}
	return text[4] == '\0' ? value : 0;
}

const market_code_info_t *
market_code_find(const char *name)
{
	size_t i;

	if (name == NULL)
		return NULL;
	for (i = 0; i < MARKET__COUNT(registry); i++) {
		if (strcmp(registry[i].name, name) == 0)
			return &registry[i];
	}
	return market_code_info((market_code_t)number(name));
}

const market_code_info_t *
market_code_at(size_t index)
{
	return index < MARKET__COUNT(registry) ? &registry[index] : NULL;
}

const char *
market_effect_name(market_effect_t effect)
{
	switch (effect) {
	case MARKET_EFFECT_NOTE: return "NOTE";
	case MARKET_EFFECT_WARN: return "WARN";
	case MARKET_EFFECT_INDETERMINATE: return "INDETERMINATE";
	case MARKET_EFFECT_DENY: return "DENY";
	}
	return NULL;
}

const char *
market_actor_name(market_actor_t actor)
{
	switch (actor) {
	case MARKET_ACTOR_NOBODY: return "nobody";
	case MARKET_ACTOR_ISSUER: return "issuer";
	case MARKET_ACTOR_BRAND: return "brand";
	case MARKET_ACTOR_CARRIER: return "carrier";
	case MARKET_ACTOR_CERTIFIER: return "certifier";
	case MARKET_ACTOR_DISTRIBUTOR: return "distributor";
	case MARKET_ACTOR_MARKETPLACE: return "marketplace";
	case MARKET_ACTOR_TIME: return "time";
	}
	return NULL;
}
