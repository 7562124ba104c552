/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The network of the cell and, for an MVNO, its host. The MVNO may ask for
 * more than its host and never for less.
 */
#include "model/territory.h"
#include "verify/internal.h"

static const market__verified_t *
find(market__eval_t *e, market_slice_t name)
{
	market__slot_t slot = market__read1(e, "network", name);
	const market__verified_t *chosen;
	market__examination_t x;

	chosen = market__choose(e, slot.verified, slot.n_verified, NULL, &x);
	market__move_findings(e, &e->findings, &x.findings);
	if (chosen == NULL || market__rank(&x.findings) != 0) {
		market__add_finding(e, &e->findings,
		    MARKET_CODE_NETWORK_UNKNOWN, NULL,
		    "no network statement of %s is in force",
		    market__show(e, name));
		market__missing(e,
		    market__format(e, "network statement by %s of %s",
			market__carriers_of(e, name), market__show(e, name)));
		return NULL;
	}
	market__use(e, chosen, x.until);
	return chosen;
}

static const market__network_t *
network(const market__verified_t *verified)
{
	return &market__message(verified)->of.network;
}

static void
check_territory(market__eval_t *e, const market__verified_t *verified)
{
	market__about_t about = { 0 };

	if (market__territories_contain(
		network(verified)->territories, e->question->territory))
		return;
	about.path = "territories";
	about.evidence = verified->statement;
	about.got = market__show(e, e->question->territory);
	about.want = market__show_list(e, network(verified)->territories);
	market__add_finding(e, &e->findings, MARKET_CODE_NETWORK_TERRITORY,
	    &about, "%s serves %s, and not %s",
	    market__show(e, network(verified)->network), about.want, about.got);
}

static void
loosens(market__eval_t *e, const market__networks_t *networks, const char *path,
    const char *got, const char *want)
{
	market__about_t about = { 0 };

	about.path = path;
	about.evidence = networks->own->statement;
	about.got = got;
	about.want = want;
	market__add_finding(e, &e->findings, MARKET_CODE_NETWORK_LOOSENS_HOST,
	    &about, "%s says %s, and its host %s: the host's rule is taken",
	    market__show(e, network(networks->own)->network), got, want);
}

/* An MVNO that says nothing of an axis leaves it to its host. */
static void
check_loosening(market__eval_t *e, const market__networks_t *networks)
{
	const market__network_t *own = network(networks->own);
	const market__network_t *host = network(networks->host);
	const market__deployment_t *mine;
	size_t i, k;

	for (i = 0; i < host->required_schemes.n; i++)
		if (own->required_schemes.n > 0 &&
		    !market__texts_have(
			own->required_schemes, host->required_schemes.v[i]))
			loosens(e, networks, "required_schemes",
			    market__show_list(e, own->required_schemes),
			    market__show_list(e, host->required_schemes));
	for (i = 0; i < host->required_features.n; i++)
		if (own->required_features.n > 0 &&
		    !market__numbers_have(own->required_features, UINT32_MAX,
			host->required_features.v[i]))
			loosens(e, networks, "required_features",
			    "fewer features",
			    market_feature_name((
				market_feature_t)host->required_features.v[i]));
	for (i = 0; i < own->n_deployments; i++) {
		mine = &own->deployments[i];
		for (k = 0; k < host->n_deployments; k++)
			if (host->deployments[k].rat == mine->rat &&
			    host->deployments[k].band == mine->band)
				break;
		if (k == host->n_deployments)
			loosens(e, networks, "deployments",
			    market__format(e, "%s band %u",
				market_rat_name(mine->rat), mine->band),
			    "not that band");
	}
}

void
market__rule_network(market__eval_t *e, market__networks_t *ret)
{
	market__about_t about = { 0 };

	ret->host = NULL;
	ret->own = find(e, e->question->network);
	if (ret->own == NULL)
		return;
	check_territory(e, ret->own);
	if (network(ret->own)->host_network.len == 0)
		return;
	ret->host = find(e, network(ret->own)->host_network);
	if (ret->host == NULL)
		return;
	if (network(ret->host)->host_network.len > 0) {
		about.path = "host_network";
		about.evidence = ret->host->statement;
		about.got = market__show(e, network(ret->host)->host_network);
		market__add_finding(e, &e->findings,
		    MARKET_CODE_NETWORK_UNKNOWN, &about,
		    "the host %s names a host of its own, %s: which network "
		    "carries the calls cannot be told",
		    market__show(e, network(ret->host)->network), about.got);
	}
	check_territory(e, ret->host);
	check_loosening(e, ret);
}
