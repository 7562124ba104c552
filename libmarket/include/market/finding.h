/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings: what an evaluation has to tell, each with a stable code and
 * number. One list (finding_codes.h) makes the enum, the names, the texts and
 * the reference page.
 */
#ifndef MARKET_FINDING_H
#define MARKET_FINDING_H

#include <market/finding_codes.h>
#include <market/status.h>
#include <market/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum market_code {
	MARKET_CODE_NONE = 0,
#define MARKET_X(name, number, effect, actor, clears, meaning, remedy) \
	MARKET_CODE_##name = number,
	MARKET_FINDING_MAP(MARKET_X)
#undef MARKET_X
} market_code_t;

/* What a finding does to the verdict. */
typedef enum market_effect {
	MARKET_EFFECT_NOTE = 1,
	MARKET_EFFECT_WARN = 2,
	MARKET_EFFECT_INDETERMINATE = 3,
	MARKET_EFFECT_DENY = 4
} market_effect_t;

/* Who can mend it. */
typedef enum market_actor {
	MARKET_ACTOR_NOBODY = 0,
	MARKET_ACTOR_ISSUER = 1,
	MARKET_ACTOR_BRAND = 2,
	MARKET_ACTOR_CARRIER = 3,
	MARKET_ACTOR_CERTIFIER = 4,
	MARKET_ACTOR_DISTRIBUTOR = 5,
	MARKET_ACTOR_MARKETPLACE = 6,
	MARKET_ACTOR_TIME = 7
} market_actor_t;

/* What the registry says of a code; all text is static. */
typedef struct market_code_info {
	market_code_t code;
	const char *name;
	market_effect_t effect;
	market_actor_t actor;
	int clears; /* evidence or time can clear it without a new offer */
	const char *meaning;
	const char *remedy;
} market_code_info_t;

/* The entry of a code; NULL if there is none. Threads: safe. */
MARKET_API const market_code_info_t *market_code_info(market_code_t code);

/* The entry by name ("BRAND_DISAVOWED") or number ("3101"); NULL. */
MARKET_API const market_code_info_t *market_code_find(const char *name);

/* Entry number `index` in order of number; NULL past the end. */
MARKET_API const market_code_info_t *market_code_at(size_t index);

/* "DENY", "brand" */
MARKET_API const char *market_effect_name(market_effect_t effect);
MARKET_API const char *market_actor_name(market_actor_t actor);

/*
 * One finding, borrowed from the decision that has it. A text that does not
 * apply is NULL; `link` is 0 where no link of a chain is meant, else 1 for the
 * brand's own grant, 2 for the grant beneath it, and so on.
 */
typedef struct market_finding {
	market_code_t code;
	market_effect_t effect;
	const char *path;    /* field of the offer or statement */
	unsigned link;       /* link of an authorization chain */
	const char *message; /* what, with the values */
	const char *got;     /* the two values compared */
	const char *want;
	market_slice_t evidence; /* digest of the statement meant, or empty */
} market_finding_t;

#ifdef __cplusplus
}
#endif

#endif
