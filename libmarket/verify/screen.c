/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is an offer sure to be denied, whoever signed it? A few look-ups instead of
 * signatures, for a door at which strangers knock. What is refused here no
 * evaluation permits, but for a good signature beside which the key id is
 * another's; what passes is not thereby permitted.
 */
#include "model/scope.h"
#include "model/slot.h"
#include "verify/verify.h"

#define CELLS_MAX 256 /* of an offer */
/* Of more statements than these nobody is the judge at a door. */
#define LOOKS_MAX 64

typedef struct screening {
	const market__lookup_t *lookup;
	const market__envelope_t *envelope;
	const market__header_t *header;
	const market__offer_t *offer;
	const market_allocator_t *allocator;
	market_error_t *reterr;
} screening_t;

static market_status_t
refuse(const screening_t *s, const char *path, const char *why)
{
	return market__error(s->reterr, MARKET_E_DENIED, path, -1, "%s", why);
}

static market_status_t
read_slot(const screening_t *s, const char *prefix,
    const market_slice_t *components, size_t n, market__slot_t *ret_slot)
{
	market_status_t status;
	market__text_t text;
	char buffer[256];

	market__text_init_in(
	    &text, s->allocator, MARKET__SLOT_KEY_MAX, buffer, sizeof(buffer));
	market__slot_key(&text, prefix, components, n);
	status = text.status;
	if (status == MARKET_OK)
		status = s->lookup->read(s->lookup->user,
		    market__slice(text.data, text.len), ret_slot);
	market__text_clear(&text);
	return status;
}

/* ---- scope ---- */

/* An offer of more cells is not judged (offer.c), and none is looked for here.
 */
static bool
too_many_cells(const market__offer_t *offer)
{
	/* No list has more than MARKET__ELEMENTS_MAX, so this fits. */
	return offer->territories.n * offer->channels.n * offer->networks.n >
	    CELLS_MAX;
}

/* Axes are apart from each other: each value is asked for by itself. */
static bool
covers(const market__scope_t *scope, const market__offer_t *offer)
{
	market__point_t point = { .model = offer->model,
		.marketplace = offer->marketplace,
		.condition = offer->condition };
	size_t t, c;

	for (t = 0; t < offer->territories.n; t++)
		for (c = 0; c < offer->channels.n; c++) {
			point.territory = offer->territories.v[t];
			point.channel = (market_channel_t)offer->channels.v[c];
			if (market__scope_contains(scope, &point, NULL))
				return true;
		}
	return false;
}

static market_status_t
screen_grants(const screening_t *s, const market__slot_t *grants)
{
	const market__verified_t *grant;
	bool current = false;
	size_t i;

	if (too_many_cells(s->offer))
		return refuse(s, "territories",
		    "the offer asks for more cells than one may; split it");
	if (grants->n_verified > LOOKS_MAX)
		return MARKET_OK;
	for (i = 0; i < grants->n_verified; i++) {
		grant = grants->verified[i];
		if (grant->superseded)
			continue;
		current = true;
		if (covers(market__message(grant)->of.authorization.scope,
			s->offer))
			return MARKET_OK;
	}
	if (!current)
		return refuse(s, "brand",
		    "no grant of this brand names the seller: ask for one");
	return refuse(s, "model",
	    "no grant to the seller covers the model in a cell asked for");
}

/* ---- keys ---- */

/* Signatures that name a key are taken at their word, and only they. */
static bool
could_sign(const screening_t *s, const market__verified_t *verified)
{
	const market__keyset_t *keys = verified->conveyed;
	const market__envelope_t *envelope = s->envelope;
	market__keymask_t named = 0;
	unsigned unnamed = 0;
	size_t i, k;

	if (keys == NULL || verified->superseded)
		return false;
	for (i = 0; i < envelope->n_signatures; i++) {
		if (envelope->signatures[i].keyid.len == 0) {
			unnamed++;
			continue;
		}
		k = market__keyset_hinted(keys, envelope->signatures[i].keyid);
		if (k < keys->n_keys)
			named |= (market__keymask_t)1 << k;
	}
	return market__keymask_count(named) + unnamed >= keys->threshold;
}

static market_status_t
screen_keys(const screening_t *s, const market__slot_t *sellers,
    const market__slot_t *grants)
{
	size_t i;

	if (sellers->n_verified + grants->n_verified > LOOKS_MAX)
		return MARKET_OK;
	for (i = 0; i < sellers->n_verified; i++)
		if (could_sign(s, sellers->verified[i]))
			return MARKET_OK;
	for (i = 0; i < grants->n_verified; i++)
		if (could_sign(s, grants->verified[i]))
			return MARKET_OK;
	return refuse(s, "signatures",
	    "the key ids name too few keys that the seller has here");
}

market_status_t
market__screen(const market__lookup_t *lookup,
    const market__envelope_t *envelope, const market__message_t *message,
    market_slice_t marketplace, int64_t at, const market_allocator_t *allocator,
    market_error_t *reterr)
{
	screening_t s = { lookup, envelope, &message->header,
		&message->of.offer, allocator, reterr };
	market_slice_t names[2] = { s.offer->brand, s.header->issuer };
	market__slot_t grants = { 0 }, sellers = { 0 };
	market_status_t status;

	if (s.header->not_after != 0 && at >= s.header->not_after)
		return refuse(&s, "header.not_after", "the offer has ended");
	if (!market__slice_equal(s.offer->marketplace, marketplace))
		return refuse(&s, "marketplace",
		    "the offer is made for another marketplace");
	status = read_slot(&s, "authorization", names, 2, &grants);
	if (status == MARKET_OK)
		status = screen_grants(&s, &grants);
	if (status == MARKET_OK)
		status = read_slot(&s, "seller", &names[1], 1, &sellers);
	if (status == MARKET_OK)
		status = screen_keys(&s, &sellers, &grants);
	return status;
}
