/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reference for the store, written from the design and apart from the
 * library: plain arrays of what was accepted since when, and every answer
 * computed from scratch by the rules. It knows a small universe: two brands,
 * three sellers of which one sells on, an MVNO under its host and a network
 * elsewhere.
 *
 * Where the design leaves an answer open the reference says what it may be:
 * a set of results, a set of statuses, or "not permitted, one way or the
 * other" (UNSURE).
 */
#ifndef TESTS_STORE_MODEL_H
#define TESTS_STORE_MODEL_H

#include <stdbool.h>

#include <market/market.h>
#include <market/store.h>

enum model_party {
	P_USM, /* the marketplace, and the carrier of an MVNO */
	P_MI,
	P_MEIZU,
	P_TMO,
	P_DT,
	P_FCC,
	P_DIST, /* known by a grant alone */
	P_SHOP,
	P_STORE,
	P_STRANGER,
	N_PARTIES
};

enum model_key {
	K_ROOT,
	K_USM,
	K_MI,
	K_MI2,
	K_MEIZU,
	K_TMO,
	K_DT,
	K_FCC,
	K_DIST,
	K_SHOP,
	K_SHOP2,
	K_STORE,
	K_FORGER,
	N_KEYS
};

enum model_product { M_A, M_B, M_C, N_PRODUCTS }; /* C is the other brand's */
enum model_brand { B_XIAOMI, B_MEIZU, N_BRANDS };
enum model_territory { T_US, T_CA, T_DE, N_TERRITORIES }; /* US-CA */
enum model_network { N_TMO, N_USM, N_DT, N_NETWORKS };
enum model_channel { C_ONLINE, C_RETAIL, N_CHANNELS };
enum model_scheme { S_CARRIER, S_FCC, N_SCHEMES };

#define BIT(x) (1u << (unsigned)(x))
#define ANY    (~0u)

#define MODEL_DAY   ((int64_t)86400)
#define MODEL_START ((int64_t)1454284800) /* 2016-02-01 */
#define MODEL_FAR   (MODEL_START + 3000 * MODEL_DAY)

/* One statement: what the reference reads, and what is signed from it. */
typedef struct fact {
	char name[20]; /* for a person */
	market_kind_t kind;
	int issuer;
	char id[20];
	unsigned revision;
	int64_t not_before;
	int64_t not_after;
	int key;       /* that signs */
	bool spoilt;   /* the signature is not valid */
	bool no_role;  /* the issuer may not say this */
	int brand;     /* -1: none */
	int model;     /* -1: none */
	int party;     /* seller, grantee, held; -1: none */
	unsigned keys; /* that are named */
	unsigned models, territories, excluded, channels; /* scope */
	unsigned parties;                                 /* disavowed; ANY */
	unsigned delegations;
	const struct fact *parent;
	int network, host;  /* -1: none */
	unsigned schemes;   /* needed: by a policy in the US, by a network */
	unsigned bands;     /* RATs, of a product */
	int64_t umts_until; /* of a network; 0: no end */
	int scheme;
	market_certification_state_t state;
	unsigned software; /* versions as bits: "1", "2" */
	unsigned networks;
	bool suspended, final, provisional, require_seller;
	market_service_t minimum, disclose;
	unsigned max_chain;
	int64_t skew;
	const struct fact *target; /* of a withdrawal: by digest, or by name */
	bool by_name;
	int target_key;       /* -1: none */
	int64_t effective_at; /* 0: absent */
	char offer_id[20];    /* that is held */
	unsigned root;        /* which key sets a root has */
	unsigned disclosures;
	int64_t price;
	market_slice_t envelope; /* borrowed from the mint */
	uint8_t digest[MARKET_DIGEST_LEN];
} fact_t;

#define POOL_FACTS_MAX  128
#define POOL_TIMES_MAX  192
#define POOL_OFFERS_MAX 32

/* All that may be handed in during one sequence. */
typedef struct pool {
	unsigned seed;
	int64_t skew;
	int64_t tolerance; /* of the clock, as the option; 0: none */
	fact_t facts[POOL_FACTS_MAX];
	int n_facts, n_base; /* the first ones make a good world */
	fact_t offers[POOL_OFFERS_MAX];
	int n_offers;
	const fact_t *root, *policy;
	int64_t times[POOL_TIMES_MAX]; /* at which something may change */
	int n_times;
} pool_t;

/* ---- what is known ---- */

/* `order` counts all that happens; `seen` is the clock then. */
typedef struct known {
	const fact_t *fact;
	int64_t seen;
	int order;
	int live_order;      /* its listing was seen live; INT_MAX: never */
	int64_t live_seen;   /* ... at */
	int64_t permit_seen; /* a cell's clearance permitted; INT64_MAX */
	int permit_order;
} known_t;

typedef struct intent {
	const fact_t *offer; /* any of the listing */
	market_intent_t intent;
	int64_t seen;
	int order;
} intent_t;

#define MODEL_KNOWN_MAX   256
#define MODEL_INTENTS_MAX 256

/* Rules that can be made wrong, to see that the comparison tells it. */
enum model_wrong {
	WRONG_NOTHING,
	WRONG_WITHDRAWAL_LAPSES,
	WRONG_FORK_COUNTS,
	WRONG_DISAVOWAL_LAPSES,
	WRONG_NAME_ONCE,   /* by name: not what comes later */
	WRONG_EARLY_LOST,  /* a withdrawal before its target is lost */
	WRONG_LATE_EFFECT, /* a withdrawal waits for its own end of day */
	WRONG_HOLD_FOREVER,
	WRONG_HOST_FORGOTTEN,
	WRONG_PAUSE_FORGOTTEN,
	N_WRONG
};

typedef struct model {
	const pool_t *pool;
	int64_t clock; /* the high-water mark */
	int order;     /* the last */
	known_t known[MODEL_KNOWN_MAX];
	int n_known;
	intent_t intents[MODEL_INTENTS_MAX];
	int n_intents;
	bool permitted[POOL_OFFERS_MAX]; /* a cell of a higher revision, ever */
	enum model_wrong wrong;
} model_t;

/* What was known after `order`, asked about `at`. */
typedef struct view {
	const model_t *model;
	int order;
	int64_t at;
} view_t;

/* ---- answers ---- */

/* Not permitted, but DENY or INDETERMINATE is open. */
#define VERDICT_UNSURE 4

/* clang-format off */
#define MODEL_CODES(X) \
	X(STATEMENT_FORK) \
	X(STATEMENT_WITHDRAWN) \
	X(STATEMENT_NOT_YET_VALID) \
	X(STATEMENT_EXPIRED) \
	X(KEY_WITHDRAWN) \
	X(THRESHOLD_UNMET) \
	X(ROOT_EXPIRED) \
	X(POLICY_MISSING) \
	X(AUTHORIZATION_MISSING) \
	X(AUTHORIZATION_CHAIN_BROKEN) \
	X(AUTHORIZATION_PARENT_MISMATCH) \
	X(AUTHORIZATION_DELEGATION_FORBIDDEN) \
	X(AUTHORIZATION_CHAIN_TOO_LONG) \
	X(AUTHORIZATION_SCOPE_MODEL) \
	X(AUTHORIZATION_SCOPE_TERRITORY) \
	X(AUTHORIZATION_SCOPE_CHANNEL) \
	X(AUTHORIZATION_WIDENED_MODEL) \
	X(AUTHORIZATION_WIDENED_TERRITORY) \
	X(AUTHORIZATION_WIDENED_CHANNEL) \
	X(AUTHORIZATION_WIDENED_TIME) \
	X(AUTHORIZATION_WIDENED_DELEGATION) \
	X(AUTHORIZATION_CYCLE) \
	X(AUTHORIZATION_KEY_MISMATCH) \
	X(BRAND_DISAVOWED) \
	X(CERTIFICATION_MISSING) \
	X(CERTIFICATION_SOFTWARE) \
	X(CERTIFICATION_NETWORK) \
	X(CERTIFICATION_TERRITORY) \
	X(CERTIFICATION_IN_TEST) \
	X(CERTIFICATION_PROVISIONAL) \
	X(CERTIFICATION_SUSPENDED) \
	X(CERTIFICATION_ENDED) \
	X(CERTIFICATION_TRANSITION) \
	X(NETWORK_UNKNOWN) \
	X(NETWORK_TERRITORY) \
	X(BANDS_UNKNOWN) \
	X(SERVICE_BELOW_MINIMUM) \
	X(DISCLOSURE_MISSING) \
	X(OFFER_SIGNATURE_INVALID) \
	X(OFFER_NOT_YET_VALID) \
	X(OFFER_EXPIRED) \
	X(PRODUCT_UNKNOWN) \
	X(SELLER_UNKNOWN) \
	X(SELLER_SUSPENDED) \
	X(HELD_BY_MARKETPLACE) \
	X(REMOVED_BY_MARKETPLACE) \
	X(CLOCK_UNTRUSTED)

typedef enum model_code {
#define X(name) MODEL_##name,
	MODEL_CODES(X)
#undef X
	MODEL_CODE_COUNT
} model_code_t;
/* clang-format on */

#define CODE(name) ((uint64_t)1 << MODEL_##name)

/* The bit of a code of the library; 0: the reference does not know it. */
uint64_t model_code_bit(market_code_t code);
void model_codes_print(uint64_t codes, char *text, size_t size);

enum model_family {
	F_TRUST,
	F_SELLER,
	F_GRANT,
	F_DISAVOWAL,
	F_PRODUCT,
	F_NETWORK,
	F_CERTIFICATION,
	F_SERVICE,
	F_HOLD,
	F_OFFER,
	N_FAMILIES
};

/* What one family of rules says. */
typedef struct said {
	int verdict;    /* market_verdict_t or VERDICT_UNSURE; 0: PERMIT */
	uint64_t codes; /* of these one is told at least */
} said_t;

typedef struct answer {
	int verdict;
	market_service_t service; /* UNSPECIFIED: not told */
	unsigned due;             /* disclosures, as bits */
	said_t said[N_FAMILIES];
	uint64_t may; /* codes that may be told besides */
	bool blind;   /* without root or policy nothing else is judged */
} answer_t;

typedef struct question {
	int seller;
	int key;
	int product;
	unsigned software;
	int territory;
	int channel;
	int network;
} question_t;

/* ---- model_facts.c: which facts stand ---- */

typedef enum stand {
	STANDS,
	STANDS_NOT,    /* DENY */
	STANDS_FORKED, /* INDETERMINATE */
	STANDS_UNSURE,
	STANDS_NOWHERE /* its key is none of its issuer's: no evidence */
} stand_t;

int64_t model_skew(const view_t *view);
const fact_t *model_root(const view_t *view);
const fact_t *model_policy(const view_t *view, said_t *said);
unsigned model_party_keys(const fact_t *root, int party);
int model_brand_owner(int brand);
int model_brand_of(int product);
bool model_same_name(const fact_t *a, const fact_t *b);
bool model_visible(const view_t *view, const known_t *known);
const known_t *model_find(const view_t *view, const fact_t *fact);
/* The highest revision of the name that was accepted; 0: none. */
unsigned model_head(const view_t *view, const fact_t *fact);
bool model_is_head(const view_t *view, const fact_t *fact);
int model_forks(const view_t *view, const fact_t *fact);
bool model_standing(const fact_t *withdrawal, const fact_t *target);
/* When it was withdrawn, at the earliest; `lift`: by what counts. */
int64_t model_withdrawn(const view_t *view, const fact_t *fact, bool lift);
/* A statement accepted then is hit by the withdrawal of its key. */
int64_t model_key_fell(const view_t *view, int key);
/* Does a statement that permits something stand by itself? */
stand_t model_stands(const view_t *view, const known_t *known, uint64_t *codes);
/* Does a negative fact's revision apply, unless it was lifted? */
bool model_negative(const view_t *view, const known_t *known);

/* ---- model_answer.c, model_grant.c: a question ---- */

answer_t model_answer(const view_t *view, const question_t *question);
said_t model_grants(const view_t *view, const question_t *question,
    const fact_t *policy, bool need_keys, uint64_t *may);
said_t model_disavowed(
    const view_t *view, const question_t *question, int party);
bool model_covers(unsigned territories, int territory);
bool model_overlaps(unsigned territories, int territory);
void model_worse(said_t *said, int verdict, uint64_t codes);

/* ---- model_listing.c: listings ---- */

#define MODEL_CELLS_MAX 12

typedef struct cell {
	question_t question;
	answer_t answer; /* of the question and the offer */
	int question_verdict;
	bool live;
} cell_t;

typedef struct listing {
	const known_t *offer; /* current */
	market_intent_t intent;
	unsigned statuses; /* one of these, as bits */
	int n_cells;
	cell_t cells[MODEL_CELLS_MAX];
} listing_t;

int model_cells(const fact_t *offer, question_t *questions);
/* Is `offer` the one that its listing shows? (the first of forks) */
bool model_is_listing(const view_t *view, const known_t *known);
void model_listing(
    const view_t *view, const known_t *offer, listing_t *listing);
/* As model_listing(), of an offer that need not be accepted. */
void model_judge(const view_t *view, const fact_t *offer, listing_t *listing);

/* ---- model.c: what happens ---- */

#define RESULT(r) BIT(MARKET_RESULT_##r)

void model_init(model_t *model, const pool_t *pool, int64_t at);
view_t model_now(const model_t *model);
view_t model_at(const model_t *model, int64_t at);
/* The instant that a call means: 0 where the clock is not trusted. */
int64_t model_instant(const model_t *model, int64_t at);
void model_tick(model_t *model, int64_t at);
/* Results that may come of handing it in; 0: the case is open altogether. */
unsigned model_add_results(const model_t *model, const fact_t *fact);
unsigned model_submit_results(const model_t *model, const fact_t *offer);
void model_take(model_t *model, const fact_t *fact, market_result_t result);
void model_set_intent(
    model_t *model, const fact_t *offer, market_intent_t intent);
market_intent_t model_intent(const view_t *view, const fact_t *offer);
/* The store has looked at this offer's listing, or at all (NULL). */
void model_observe(model_t *model, const fact_t *offer);

/* ---- model_world.c, model_mint.c: the statements ---- */

typedef struct mint mint_t; /* signs, and keeps what it signed */

mint_t *mint_new(void);
void mint_free(mint_t *mint);
market_context_t *mint_context(mint_t *mint);
void mint_sign(mint_t *mint, fact_t *fact);
market_slice_t mint_key_id(mint_t *mint, int key);
/* Forgets what it signed where that is much. */
void mint_trim(mint_t *mint);

void pool_make(pool_t *pool, mint_t *mint, unsigned seed);
uint32_t pool_random_number(uint32_t *state, uint32_t below);

extern const char *const model_party_names[N_PARTIES];
extern const char *const model_brand_names[N_BRANDS];
extern const char *const model_product_names[N_PRODUCTS];
extern const char *const model_territory_names[N_TERRITORIES];
extern const char *const model_network_names[N_NETWORKS];
extern const market_channel_t model_channels[N_CHANNELS];

#endif
