/* SPDX-License-Identifier: Apache-2.0 */
/* Who may say what, and who may take back what. */
#include "model/territory.h"
#include "verify/internal.h"

bool
market__texts_have(market__slices_t list, market_slice_t text)
{
	size_t i;

	for (i = 0; i < list.n; i++)
		if (market__slice_is(list.v[i], "*") ||
		    market__slice_equal(list.v[i], text))
			return true;
	return false;
}

bool
market__numbers_have(market__numbers_t list, uint32_t any, uint32_t value)
{
	size_t i;

	for (i = 0; i < list.n; i++)
		if (list.v[i] == any || list.v[i] == value)
			return true;
	return false;
}

const market__party_t *
market__root_party(const market__trust_root_t *root, market_slice_t id)
{
	size_t i;

	for (i = 0; i < root->n_parties; i++)
		if (market__slice_equal(root->parties[i].id, id))
			return &root->parties[i];
	return NULL;
}

static bool
has_role(const market__party_t *party, market_role_kind_t role)
{
	size_t i;

	for (i = 0; i < party->n_roles; i++)
		if (party->roles[i].role == role)
			return true;
	return false;
}

bool
market__party_is_marketplace(const market__party_t *party)
{
	return has_role(party, MARKET_ROLE_MARKETPLACE);
}

bool
market__party_owns_brand(const market__party_t *party, market_slice_t brand)
{
	size_t i;

	for (i = 0; i < party->n_roles; i++)
		if (party->roles[i].role == MARKET_ROLE_BRAND &&
		    market__texts_have(party->roles[i].brands, brand))
			return true;
	return false;
}

bool
market__party_carries(const market__party_t *party, market_slice_t network)
{
	size_t i;

	for (i = 0; i < party->n_roles; i++)
		if (party->roles[i].role == MARKET_ROLE_CARRIER &&
		    market__texts_have(party->roles[i].networks, network))
			return true;
	return false;
}

static bool
certifies(const market__party_t *party, market_slice_t scheme,
    market_slice_t territory,
    bool (*reaches)(market__slices_t list, market_slice_t territory))
{
	const market__role_t *role;
	size_t i;

	/* A carrier's certification is the carrier's alone to give. */
	if (market__slice_equal(scheme, MARKET__SCHEME_CARRIER))
		return false;
	for (i = 0; i < party->n_roles; i++) {
		role = &party->roles[i];
		if (role->role == MARKET_ROLE_CERTIFIER &&
		    market__texts_have(role->schemes, scheme) &&
		    reaches(role->territories, territory))
			return true;
	}
	return false;
}

bool
market__party_certifies(const market__party_t *party, market_slice_t scheme,
    market_slice_t territory)
{
	return certifies(party, scheme, territory, market__territories_contain);
}

bool
market__party_certifies_part(const market__party_t *party,
    market_slice_t scheme, market_slice_t territory)
{
	return certifies(party, scheme, territory, market__territories_overlap);
}

/* One role must cover the whole certification. */
static bool
may_certify(
    const market__party_t *party, const market__certification_t *certification)
{
	const market__role_t *role;
	size_t i, t;

	if (market__slice_equal(
		certification->scheme, MARKET__SCHEME_CARRIER)) {
		/*
		 * Which networks it speaks of is for the evaluation: an
		 * MVNO's host is known only there.
		 */
		return has_role(party, MARKET_ROLE_CARRIER);
	}
	for (i = 0; i < party->n_roles; i++) {
		role = &party->roles[i];
		if (role->role != MARKET_ROLE_CERTIFIER ||
		    !market__texts_have(role->schemes, certification->scheme))
			continue;
		for (t = 0; t < certification->territories.n; t++)
			if (!market__territories_contain(role->territories,
				certification->territories.v[t]))
				break;
		if (t == certification->territories.n)
			return true;
	}
	return false;
}

static bool
role_for(const market__party_t *party, const market__message_t *message)
{
	switch (message->kind) {
	case MARKET_KIND_POLICY:
	case MARKET_KIND_SELLER:
	case MARKET_KIND_HOLD: return market__party_is_marketplace(party);
	case MARKET_KIND_PRODUCT:
		return market__party_owns_brand(
			   party, message->of.product.brand) ||
		    has_role(party, MARKET_ROLE_CERTIFIER);
	case MARKET_KIND_NETWORK:
		return market__party_carries(
		    party, message->of.network.network);
	case MARKET_KIND_AUTHORIZATION:
		return market__party_owns_brand(
		    party, message->of.authorization.brand);
	case MARKET_KIND_DISAVOWAL:
		return market__party_owns_brand(
		    party, message->of.disavowal.brand);
	case MARKET_KIND_CERTIFICATION:
		return may_certify(party, &message->of.certification);
	case MARKET_KIND_WITHDRAWAL: /* standing is another question */
	case MARKET_KIND_STATUS:
	case MARKET_KIND_KEY_SET: return true;
	case MARKET_KIND_TRUST_ROOT:
	case MARKET_KIND_OFFER:
	case MARKET_KIND_FEED:
	case MARKET_KIND_NONE: break;
	}
	return false;
}

market_code_t
market__admit_role(const market__trust_root_t *root,
    const market_statement_t *statement, market__text_t *message)
{
	const market__party_t *party = market__root_party(
	    root, market__header(statement)->issuer);
	const char *kind = market_kind_name(statement->message->kind);

	if (party != NULL && role_for(party, statement->message))
		return MARKET_CODE_NONE;
	if (message != NULL) {
		market__text_escaped(
		    message, market__header(statement)->issuer);
		if (party == NULL)
			market__text_puts(
			    message, " is no party of the trust root");
		else
			market__text_printf(message,
			    " has no role for this %s statement", kind);
	}
	if (party == NULL)
		return MARKET_CODE_STATEMENT_ISSUER_UNKNOWN;
	return statement->message->kind == MARKET_KIND_HOLD
	    ? MARKET_CODE_STATEMENT_NO_STANDING
	    : MARKET_CODE_STATEMENT_ISSUER_ROLE;
}

bool
market__root_marketplace(const market__trust_root_t *root, market_slice_t id)
{
	const market__party_t *party = market__root_party(root, id);

	return party != NULL && market__party_is_marketplace(party);
}

bool
market__takes_away(const market__message_t *message)
{
	switch (message->kind) {
	case MARKET_KIND_WITHDRAWAL:
	case MARKET_KIND_STATUS:
	case MARKET_KIND_HOLD:
	case MARKET_KIND_DISAVOWAL: return true;
	case MARKET_KIND_SELLER: return message->of.seller.suspended;
	case MARKET_KIND_CERTIFICATION:
		return message->of.certification.state !=
		    MARKET_CERTIFICATION_STATE_CERTIFIED;
	default: return false;
	}
}

/*
 * Do both give keys to the same party? Known by what names it, not by the
 * revision: a seller whose statement is revised stays that seller, and what
 * it took back before stays taken back.
 */
static bool
same_source(const market__verified_t *a, const market__verified_t *b)
{
	const market__header_t *x, *y;

	for (; a != NULL && b != NULL; a = a->under, b = b->under) {
		x = market__header(a->statement);
		y = market__header(b->statement);
		if (market__message(a)->kind != market__message(b)->kind ||
		    !market__slice_equal(x->issuer, y->issuer))
			return false;
		if (market__message(a)->kind == MARKET_KIND_SELLER)
			return market__slice_equal(
			    market__message(a)->of.seller.seller,
			    market__message(b)->of.seller.seller);
		if (!market__slice_equal(x->id, y->id))
			return false;
		if (a->under == NULL && b->under == NULL)
			return true;
	}
	return false;
}

/* Is it said by whoever said `target`, or an ancestor of it? */
bool
market__has_standing(const market__verified_t *withdrawal,
    const market__verified_t *target, const market__verified_t *beneath)
{
	market_slice_t issuer = market__header(withdrawal->statement)->issuer;
	const market__verified_t *v;

	if (withdrawal->by_marketplace)
		return true;
	if (target == NULL && same_source(withdrawal->under, beneath))
		return true;
	for (v = target != NULL ? target : beneath; v != NULL; v = v->under) {
		if (withdrawal->authority != v->authority ||
		    !market__slice_equal(
			issuer, market__header(v->statement)->issuer))
			continue;
		/* A party outside the root is one only beneath its grant. */
		if (v->authority == MARKET__AUTHORITY_PARTY ||
		    same_source(withdrawal->under, v->under))
			return true;
	}
	return false;
}

static const char *
join(market__eval_t *e, const char *so_far, const market__party_t *party)
{
	const char *id = market__show(e, party->id);

	if (so_far == NULL || id == NULL)
		return id;
	return market__format(e, "%s or %s", so_far, id);
}

const char *
market__brand_owners(market__eval_t *e, market_slice_t brand)
{
	const char *text = NULL;
	size_t i;

	for (i = 0; i < e->root->n_parties; i++)
		if (market__party_owns_brand(&e->root->parties[i], brand))
			text = join(e, text, &e->root->parties[i]);
	return text == NULL ? "a party with the brand's role" : text;
}

const char *
market__carriers_of(market__eval_t *e, market_slice_t network)
{
	const char *text = NULL;
	size_t i;

	for (i = 0; i < e->root->n_parties; i++)
		if (market__party_carries(&e->root->parties[i], network))
			text = join(e, text, &e->root->parties[i]);
	return text == NULL ? "a party with the network's role" : text;
}

const char *
market__certifiers_of(
    market__eval_t *e, market_slice_t scheme, market_slice_t territory)
{
	const char *text = NULL;
	size_t i;

	for (i = 0; i < e->root->n_parties; i++)
		if (market__party_certifies(
			&e->root->parties[i], scheme, territory))
			text = join(e, text, &e->root->parties[i]);
	return text == NULL ? "a party with the scheme's role" : text;
}
