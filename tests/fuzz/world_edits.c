/* SPDX-License-Identifier: Apache-2.0 */
#include "world_edits.h"

/* ---- what can be edited ---- */

typedef struct fields {
	market_kind_t kind;
	const char *const *paths;
} fields_t;

#define FIELDS(name, ...) \
	static const char *const name[] = { __VA_ARGS__, NULL }
FIELDS(header_paths, "header.issuer", "header.id", "header.revision",
    "header.issued_at", "header.not_before", "header.not_after", "brand",
    "model");
FIELDS(policy_paths, "environment", "minimum_service", "disclose_below",
    "max_chain", "clock_skew_seconds", "require_seller_verification",
    "accept_provisional", "requirements[0].schemes[]",
    "requirements[0].networks[0]", "requirements[0].territories[0]",
    "requirements[0].categories[0]", "expiring_soon_seconds",
    "status_rules[0].role", "status_rules[0].max_age_seconds");
FIELDS(root_paths, "root_keys.threshold", "parties[0].roles[0].brands[0]",
    "parties[2].roles[0].networks[0]", "parties[3].roles[0].role",
    "parties[4].roles[0].schemes[0]", "parties[4].roles[0].territories[0]",
    "parties[0].keys.threshold", "parties[0].keys.keys[0].environment",
    "parties[0].keys.keys[0].not_after", "parties[0].id");
FIELDS(seller_paths, "seller", "suspended", "keys.threshold",
    "keys.keys[0].environment", "keys.keys[0].not_before",
    "keys.keys[0].not_after");
FIELDS(product_paths, "category", "gtins[0]", "hardware_versions[0]",
    "software_versions[0]", "radio.gsm_mhz[]", "radio.umts_bands[0]",
    "radio.lte_bands[]", "radio.nr_bands[]", "radio.unknown_rats[]",
    "radio.features[]");
FIELDS(network_paths, "network", "territories[0]", "territories[]",
    "host_network", "deployments[0].rat", "deployments[1].band",
    "deployments[1].from", "deployments[1].until", "deployments[3].rat",
    "deployments[3].band", "required_schemes[]", "required_features[]");
FIELDS(grant_paths, "grantee", "scope.models[0]", "scope.territories[0]",
    "scope.territories[]", "scope.channels[0]", "scope.marketplaces[0]",
    "scope.conditions[0]", "scope.networks[]", "max_delegations",
    "parent_digest", "grantee_keys.threshold",
    "grantee_keys.keys[0].not_after");
FIELDS(certification_paths, "scheme", "hardware_versions[0]",
    "software_versions[0]", "networks[0]", "territories[0]", "state", "route",
    "bands[0].rat", "bands[1].bands[0]", "bands[1].bands[]", "prerequisites[]",
    "parent_digest", "effective_at");
FIELDS(offer_paths, "gtin", "hardware_version", "software_version", "condition",
    "price.currency_code", "price.amount_micros", "availability", "quantity",
    "marketplace", "territories[0]", "territories[]", "channels[0]",
    "channels[]", "networks[0]", "networks[]", "disclosures[0]",
    "disclosures[]", "fulfiller");
FIELDS(taking_paths, "effective_at", "reason", "target.seller", "target.brand",
    "target.model", "target.offer_id", "target.id", "target.issuer",
    "target.kind", "target_digest", "target_key", "final", "parties[0]",
    "parties[]", "scope.models[0]", "scope.territories[0]", "scope.channels[0]",
    "withdrawn[]", "page_count", "until");

static const fields_t all_fields[] = {
	{ MARKET_KIND_POLICY, policy_paths },
	{ MARKET_KIND_TRUST_ROOT, root_paths },
	{ MARKET_KIND_SELLER, seller_paths },
	{ MARKET_KIND_PRODUCT, product_paths },
	{ MARKET_KIND_NETWORK, network_paths },
	{ MARKET_KIND_AUTHORIZATION, grant_paths },
	{ MARKET_KIND_CERTIFICATION, certification_paths },
	{ MARKET_KIND_OFFER, offer_paths },
};

static const char *const texts[] = { "", "*", "US", "US-CA", "DE", "DE-BE",
	"xiaomi", "meizu", "2014215", "2014811", "shop.example", "dist.example",
	"mi.com", "usmobile.com", "t-mobile.com/us", "usmobile.com/us", "P1",
	"P2", "7.1.2", "7.1.3", "fcc", "carrier", "ptcrb", "phone", "tablet",
	"06954176800015", "authorization", "offer", "EUR", "grant" };
static const int64_t numbers[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 17, 29,
	66, 71, 78, 850, 1900, 300, 1000000, SCENE_NOW - 1, SCENE_NOW,
	SCENE_NOW + 1, SCENE_NOW + 86400, SCENE_NOW + 31536000,
	INT64_C(1656633600), INT64_C(253402300799), INT64_MAX, -1, INT64_MIN };

/* ---- edits ---- */

/* The statement as it is handed in, which cannot always be signed. */
bool
world_seal(const statement_t *statement, market_buffer_t *ret)
{
	const scene_row_t *row = statement->row;
	market_slice_t bytes;
	market__text_t copy;

	if (statement->draft != NULL) {
		if (scene_sign(row, statement->draft, ret) != MARKET_OK)
			return false;
	} else {
		bytes = scene_envelope(row->letter);
		market__text_init(&copy, fuzz_allocator(), SIZE_MAX / 2);
		market__text_slice(&copy, bytes);
		FUZZ_ASSERT(market__text_take(&copy, ret) == MARKET_OK);
	}
	if (statement->spoilt != 0)
		ret->data[statement->spoilt * ret->len / 256] ^= 1;
	return true;
}

statement_t *
world_find(world_t *world, uint8_t letter)
{
	size_t i;

	for (i = world->n; i > 0; i--)
		if ((uint8_t)world->statements[i - 1].row->letter == letter)
			return &world->statements[i - 1];
	return NULL;
}

/* Most are never edited, and need none. */
static market_draft_t *
draft_of(statement_t *statement)
{
	if (statement->draft == NULL)
		statement->draft = scene_draft(statement->row);
	return statement->draft;
}

/* A letter that is none stands for some statement all the same. */
static statement_t *
some(world_t *world, uint8_t letter)
{
	statement_t *statement = world_find(world, letter);

	return statement == NULL ? &world->statements[letter % world->n]
				 : statement;
}

void
world_add(world_t *world, uint8_t letter, uint8_t revision)
{
	const scene_row_t *row = scene_row((char)letter);
	statement_t *statement = &world->statements[world->n];

	if (row == NULL)
		row = &scene_rows[letter % scene_row_count];
	if (world->n == STATEMENTS_MAX)
		return;
	memset(statement, 0, sizeof(*statement));
	statement->row = row;
	if (row->kind == MARKET_KIND_KEY_SET)
		world->rules_edited = true;
	statement->name[0] = row->letter;
	statement->name[1] = (char)('A' + world->n++);
	if (revision >= '0' && revision <= '9')
		(void)!market_draft_set_int(draft_of(statement),
		    "header.revision", revision - '0', NULL);
}

static void
take_away(world_t *world, uint8_t letter)
{
	statement_t *statement = some(world, letter);

	if (strchr("RPo", statement->row->letter) != NULL)
		return;
	market_draft_free(statement->draft);
	world->n--;
	memmove(statement, statement + 1,
	    (size_t)(world->statements + world->n - statement) *
		sizeof(*statement));
}

static const char *
path_of(market_kind_t kind, uint8_t field)
{
	const char *const *paths = taking_paths;
	size_t i, n_header = MARKET__COUNT(header_paths) - 1, n = 0;

	for (i = 0; i < MARKET__COUNT(all_fields); i++)
		if (all_fields[i].kind == kind)
			paths = all_fields[i].paths;
	while (paths[n] != NULL)
		n++;
	i = (size_t)(field - '0') % (n_header + n);
	return i < n_header ? header_paths[i] : paths[i - n_header];
}

static void
set_digest(market_draft_t *draft, const char *path, const statement_t *of)
{
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_statement_t *parsed = NULL;

	if (!world_seal(of, &envelope))
		return;
	if (market_statement_parse(fuzz_context(),
		market_buffer_slice(&envelope), MARKET_KINDS_ALL, &parsed,
		NULL) == MARKET_OK)
		(void)!market_draft_set_bytes(
		    draft, path, market_statement_digest(parsed), NULL);
	market_statement_free(parsed);
	market_buffer_clear(&envelope);
}

static void
edit(world_t *world, uint8_t letter, uint8_t field, uint8_t value)
{
	statement_t *statement = some(world, letter);
	size_t i = (size_t)(value - '0') & 255;
	const char *path;

	path = path_of(statement->row->kind, field);
	if (strchr("RP", statement->row->letter) != NULL)
		world->rules_edited = true;
	if (market_draft_set_int(draft_of(statement), path,
		numbers[i % MARKET__COUNT(numbers)], NULL) == MARKET_OK ||
	    market_draft_set_text(statement->draft, path,
		texts[i % MARKET__COUNT(texts)], NULL) == MARKET_OK)
		return;
	set_digest(statement->draft, path, some(world, value));
}

void
world_read(world_t *world, fuzz_input_t *input)
{
	static const char good[] = "RPspnmgcfo";
	uint8_t what, a, b;
	size_t i;

	/* FNV-1a */
	world->pick = 2166136261U;
	for (i = 0; i < input->rest.len; i++)
		world->pick = (world->pick ^ input->rest.ptr[i]) * 16777619U;
	for (i = 0; good[i] != '\0'; i++)
		world_add(world, (uint8_t)good[i], '.');
	for (i = 0; i < EDITS_MAX && input->rest.len > 0; i++) {
		what = fuzz_byte(input);
		if (what == ' ' || what == '\n')
			continue;
		a = fuzz_byte(input);
		b = fuzz_byte(input);
		if (what == '-')
			take_away(world, a);
		else if (what == '+')
			world_add(world, a, b);
		else if (what == '@')
			world->at += (int64_t)(a - '0') * 10000000 + b - '0';
		else if (what == '!')
			some(world, a)->spoilt = b;
		else
			edit(world, what, a, b);
	}
}

void
world_clear(world_t *world)
{
	size_t i;

	for (i = 0; i < world->n; i++)
		market_draft_free(world->statements[i].draft);
}

void
world_seal_all(const world_t *world, sealed_t *sealed)
{
	size_t i;

	memset(sealed, 0, sizeof(*sealed));
	for (i = 0; i < world->n; i++)
		sealed->there[i] = world_seal(
		    &world->statements[i], &sealed->envelopes[i]);
}

void
world_unseal(sealed_t *sealed)
{
	size_t i;

	for (i = 0; i < STATEMENTS_MAX; i++)
		market_buffer_clear(&sealed->envelopes[i]);
}

size_t
world_offer(const world_t *world)
{
	size_t i = world->n;

	while (world->statements[i - 1].row->kind != MARKET_KIND_OFFER)
		i--;
	return i - 1;
}
