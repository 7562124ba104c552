/* SPDX-License-Identifier: Apache-2.0 */
/* What an offer tells the buyer against what is due in a cell. */
#include "verify/internal.h"

static bool
disclosed(const market__offer_t *offer, market_disclosure_t disclosure)
{
	size_t i;

	for (i = 0; i < offer->disclosures.n; i++)
		if (offer->disclosures.v[i] == (uint32_t)disclosure)
			return true;
	return false;
}

/* The answer is everybody's: what is added to it is added to a copy. */
static void
tell_undisclosed(market__eval_t *e, const market__offer_t *offer,
    market__clearance_t *clearance)
{
	market__about_t about = { 0 };
	const char **missing;
	size_t i;

	missing = market__arena_array(e->arena,
	    clearance->n_missing + clearance->n_disclosures + 1,
	    sizeof(*missing));
	if (missing == NULL) {
		e->status = market__arena_refusal(e->arena);
		return;
	}
	for (i = 0; i < clearance->n_missing; i++)
		missing[i] = clearance->missing[i];
	clearance->missing = missing;
	clearance->findings.capacity = clearance->findings.n;
	about.path = "disclosures";
	for (i = 0; i < clearance->n_disclosures; i++) {
		if (disclosed(offer, clearance->disclosures[i]))
			continue;
		about.want = market_disclosure_name(clearance->disclosures[i]);
		market__add_finding(e, &clearance->findings,
		    MARKET_CODE_DISCLOSURE_MISSING, &about,
		    "the offer does not disclose %s, which is due here",
		    about.want);
		missing[clearance->n_missing++] = market__format(
		    e, "disclosure %s in the offer", about.want);
	}
	/* Without memory it still is everybody's. */
	if (e->status != MARKET_OK)
		return;
	market__sort_findings(&clearance->findings);
	clearance->verdict = market__findings_verdict(&clearance->findings);
}

void
market__check_disclosures(market__eval_t *e, const market__offer_t *offer,
    market__clearance_t *clearance)
{
	size_t i;

	for (i = 0; i < clearance->n_disclosures; i++)
		if (!disclosed(offer, clearance->disclosures[i])) {
			tell_undisclosed(e, offer, clearance);
			return;
		}
}
