/* SPDX-License-Identifier: Apache-2.0 */
/* The product: does the brand know this model, this GTIN, these versions? */
#include "model/identifier.h"
#include "verify/internal.h"

/* The brand's own statements; a certifier's where the brand has none. */
static size_t
pick(market__eval_t *e, const market__slot_t *slot, bool by_brand,
    const market__verified_t **out)
{
	const market__party_t *party;
	size_t i, n = 0;

	for (i = 0; i < slot->n_verified; i++) {
		party = market__root_party(e->root,
		    market__header(slot->verified[i]->statement)->issuer);
		if (party != NULL && !slot->verified[i]->superseded &&
		    market__party_owns_brand(party, e->question->brand) ==
			by_brand)
			out[n++] = slot->verified[i];
	}
	return n;
}

static void
check_listed(market__eval_t *e, const market_statement_t *statement,
    market__slices_t list, market_slice_t text, const char *path,
    market_code_t code)
{
	market__about_t about = { 0 };
	size_t i;

	for (i = 0; i < list.n; i++)
		if (code == MARKET_CODE_OFFER_GTIN_MODEL
			? market__gtin_equal(list.v[i], text)
			: market__slice_equal(list.v[i], text))
			return;
	if (list.n == 0)
		return;
	about.path = path;
	about.evidence = statement;
	about.got = text.len == 0 ? "nothing" : market__show(e, text);
	about.want = market__show_list(e, list);
	market__add_finding(e, &e->findings, code, &about,
	    "the offer says %s, and the product statement lists %s", about.got,
	    about.want);
}

const market__verified_t *
market__rule_product(market__eval_t *e)
{
	const market__question_t *q = e->question;
	market__slot_t slot = market__read2(e, "product", q->brand, q->model);
	const market__verified_t **candidates, *chosen;
	const market__product_t *product;
	market__examination_t x;
	size_t n;

	candidates = market__arena_array(
	    e->arena, slot.n_verified + 1, sizeof(*candidates));
	if (candidates == NULL) {
		e->status = market__arena_refusal(e->arena);
		return NULL;
	}
	n = pick(e, &slot, true, candidates);
	if (n == 0)
		n = pick(e, &slot, false, candidates);
	chosen = market__choose(e, candidates, n, NULL, &x);
	market__move_findings(e, &e->findings, &x.findings);
	if (chosen == NULL || market__rank(&x.findings) != 0) {
		market__add_finding(e, &e->findings,
		    MARKET_CODE_PRODUCT_UNKNOWN, NULL,
		    "no product statement of %s %s is in force",
		    market__show(e, q->brand), market__show(e, q->model));
		market__missing(e,
		    market__format(e, "product statement by %s of %s %s",
			market__brand_owners(e, q->brand),
			market__show(e, q->brand), market__show(e, q->model)));
		return NULL;
	}
	product = &market__message(chosen)->of.product;
	check_listed(e, chosen->statement, product->gtins, q->gtin, "gtin",
	    MARKET_CODE_OFFER_GTIN_MODEL);
	check_listed(e, chosen->statement, product->hardware_versions,
	    q->hardware_version, "hardware_version",
	    MARKET_CODE_OFFER_VERSION_UNKNOWN);
	check_listed(e, chosen->statement, product->software_versions,
	    q->software_version, "software_version",
	    MARKET_CODE_OFFER_VERSION_UNKNOWN);
	market__use(e, chosen, x.until);
	return chosen;
}
