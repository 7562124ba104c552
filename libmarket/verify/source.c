/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The statements that an answer rests on or speaks of, as its report names
 * them: what they are, whose keys signed, how many had to, and which statement
 * vouches for those keys, back to the trust root.
 */
#include <stdlib.h>

#include "verify/internal.h"

typedef struct gathering {
	market__eval_t *e;
	const market__verified_t **v;
	size_t n, capacity;
	const market_statement_t **orphans;
	size_t n_orphans, orphans_capacity;
} gathering_t;

/* ---- which ones ---- */

/* What vouches for its keys, short of the trust root; or NULL. */
static const market__verified_t *
above(const market__verified_t *verified)
{
	return verified->under != NULL ? verified->under : verified->keyed;
}

/* With all that vouches for its keys; what it stands beneath, too. */
static void
gather(gathering_t *g, const market__verified_t *verified)
{
	const market__verified_t **grown, *v;
	size_t i;

	for (v = verified; v != NULL; v = above(v)) {
		for (i = 0; i < g->n; i++)
			if (market__slice_equal(
				market__digest(g->v[i]->statement),
				market__digest(v->statement)))
				return;
		grown = market__grow(
		    g->e, (void *)g->v, g->n, &g->capacity, sizeof(*g->v));
		if (grown == NULL)
			return;
		g->v = grown;
		g->v[g->n++] = v;
	}
}

static void
gather_orphan(gathering_t *g, const market_statement_t *orphan)
{
	const market_statement_t **grown;
	size_t i;

	for (i = 0; i < g->n_orphans; i++)
		if (market__slice_equal(
			market__digest(g->orphans[i]), market__digest(orphan)))
			return;
	grown = market__grow(g->e, (void *)g->orphans, g->n_orphans,
	    &g->orphans_capacity, sizeof(*g->orphans));
	if (grown == NULL)
		return;
	g->orphans = grown;
	g->orphans[g->n_orphans++] = orphan;
}

/* What a finding is about lies in a slot that was read, or above what does. */
static void
gather_slot(gathering_t *g, const market__slot_t *slot, market_slice_t digest)
{
	const market__verified_t *v;
	size_t i;

	for (i = 0; i < slot->n_verified; i++)
		for (v = slot->verified[i]; v != NULL; v = above(v))
			if (market__slice_equal(
				market__digest(v->statement), digest))
				gather(g, v);
	for (i = 0; i < slot->n_orphans; i++)
		if (market__slice_equal(
			market__digest(slot->orphans[i]), digest))
			gather_orphan(g, slot->orphans[i]);
}

static void
gather_all(gathering_t *g)
{
	market__eval_t *e = g->e;
	market_slice_t digest;
	size_t i, k;

	for (i = 0; i < e->n_used; i++)
		gather(g, e->used[i]);
	for (i = 0; i < e->findings.n; i++) {
		digest = e->findings.v[i].evidence;
		for (k = 0; k < e->n_reads && digest.len > 0; k++)
			gather_slot(g, &e->slots[k], digest);
	}
}

/* ---- what they are ---- */

static market_slice_t
copy(market__eval_t *e, market_slice_t text)
{
	market_slice_t made = market__arena_copy(e->arena, text);

	if (made.ptr == NULL && e->status == MARKET_OK)
		e->status = market__arena_refusal(e->arena);
	return made;
}

/* One text of up to four; a decision makes a dozen of them. */
static const char *
join(market__eval_t *e, const char *a, const char *b, const char *c,
    const char *d)
{
	const char *parts[] = { a, b, c, d };
	size_t i, len[4], n = 0;
	char *text;

	if (e->status != MARKET_OK)
		return NULL;
	for (i = 0; i < 4; i++) {
		len[i] = strlen(parts[i]);
		n += len[i];
	}
	text = market__arena_alloc(e->arena, n + 1);
	if (text == NULL) {
		e->status = market__arena_refusal(e->arena);
		return NULL;
	}
	for (i = 0, n = 0; i < 4; i++) {
		memcpy(text + n, parts[i], len[i]);
		n += len[i];
	}
	text[n] = '\0';
	return text;
}

/* Printable; "" after a failure, which is in e->status. */
static const char *
show(market__eval_t *e, market_slice_t text)
{
	const char *shown = market__show(e, text);

	return shown == NULL ? "" : shown;
}

static const char *
subject_of_disavowal(market__eval_t *e, const market__disavowal_t *disavowal)
{
	const char *parties = market__show_list(e, disavowal->parties);

	return join(e, show(e, disavowal->brand), ", of ",
	    parties == NULL ? "" : parties, "");
}

static const char *
subject_of(market__eval_t *e, const market__message_t *message)
{
	switch (message->kind) {
	case MARKET_KIND_POLICY:
		return market_environment_name(message->of.policy.environment);
	case MARKET_KIND_SELLER:
		return join(e, show(e, message->of.seller.seller),
		    message->of.seller.suspended ? ", SUSPENDED" : "", "", "");
	case MARKET_KIND_PRODUCT:
		return join(e, show(e, message->of.product.brand), " ",
		    show(e, message->of.product.model), "");
	case MARKET_KIND_NETWORK:
		return join(e, show(e, message->of.network.network),
		    message->of.network.host_network.len > 0 ? ", hosted by "
							     : "",
		    show(e, message->of.network.host_network), "");
	case MARKET_KIND_AUTHORIZATION:
		return join(e, show(e, message->of.authorization.brand), " to ",
		    show(e, message->of.authorization.grantee), "");
	case MARKET_KIND_DISAVOWAL:
		return subject_of_disavowal(e, &message->of.disavowal);
	case MARKET_KIND_CERTIFICATION:
		return join(e, "scheme ",
		    show(e, message->of.certification.scheme), ", ",
		    market_certification_state_name(
			message->of.certification.state));
	case MARKET_KIND_OFFER:
		return join(e, show(e, message->of.offer.brand), " ",
		    show(e, message->of.offer.model), "");
	case MARKET_KIND_FEED:
		return market__format(e, "%llu offers",
		    (unsigned long long)message->of.feed.count);
	default: return NULL;
	}
}

static void
describe(market__eval_t *e, const market_statement_t *statement,
    market_source_t *source)
{
	const market__header_t *header = market__header(statement);

	memset(source, 0, sizeof(*source));
	source->digest = copy(e, market__digest(statement));
	source->kind = statement->message->kind;
	source->issuer = copy(e, header->issuer);
	source->id = copy(e, header->id);
	source->revision = header->revision;
	source->not_before = header->not_before;
	source->not_after = header->not_after;
	source->subject = subject_of(e, statement->message);
}

/* ---- who signed ---- */

static int
compare_keys(const void *left, const void *right)
{
	const market_source_key_t *a = left, *b = right;

	return market__slice_compare(a->id, b->id);
}

/*
 * Of what takes away, every key of the environment counts: it stands though
 * its keys fall.
 */
static bool
counts(market__eval_t *e, market__subject_t subject,
    const market__verified_t *verified, size_t i)
{
	if (market__takes_away(market__message(verified)))
		return verified->keys->keys[i].environment ==
		    e->policy->environment;
	return market__signer_counts(e, subject, verified, i);
}

/* `verified` has the keys and says which of them signed. */
static void
tell_signers(market__eval_t *e, market__subject_t subject,
    const market__verified_t *verified, market_source_t *source)
{
	const market__keyset_t *keys = verified->keys;
	market_source_key_t *signers;
	size_t i, n = 0;

	source->threshold = keys->threshold;
	source->key_count = (unsigned)keys->n_keys;
	signers = market__arena_array(
	    e->arena, keys->n_keys + 1, sizeof(*signers));
	if (signers == NULL) {
		if (e->status == MARKET_OK)
			e->status = market__arena_refusal(e->arena);
		return;
	}
	for (i = 0; i < keys->n_keys && e->status == MARKET_OK; i++) {
		if (!(verified->signers >> i & 1))
			continue;
		signers[n].id = copy(e, market_key_id(keys->keys[i].key));
		signers[n++].counts = counts(e, subject, verified, i);
	}
	if (e->status == MARKET_OK && n > 0)
		qsort(signers, n, sizeof(*signers), compare_keys);
	source->signers = signers;
	source->signer_count = n;
}

static market_slice_t
named_by(market__eval_t *e, const market__verified_t *verified)
{
	if (verified->authority == MARKET__AUTHORITY_ROOT_KEYS)
		return market__slice(NULL, 0);
	if (verified->under != NULL)
		return copy(e, market__digest(verified->under->statement));
	return copy(e,
	    market__digest(verified->keyed != NULL
		    ? verified->keyed->statement
		    : e->root_verified->statement));
}

/* The one used statement of the network that hosts this one. */
static market_slice_t
host_of(market__eval_t *e, const market__network_t *network)
{
	const market__message_t *message;
	size_t i;

	for (i = 0; i < e->n_used && network->host_network.len > 0; i++) {
		message = market__message(e->used[i]);
		if (message->kind == MARKET_KIND_NETWORK &&
		    market__slice_equal(
			message->of.network.network, network->host_network))
			return copy(e, market__digest(e->used[i]->statement));
	}
	return market__slice(NULL, 0);
}

static market_slice_t
parent_of(market__eval_t *e, const market__message_t *message)
{
	market_slice_t digest = { NULL, 0 };

	switch (message->kind) {
	case MARKET_KIND_NETWORK: return host_of(e, &message->of.network);
	case MARKET_KIND_AUTHORIZATION:
		digest = message->of.authorization.parent_digest;
		break;
	case MARKET_KIND_CERTIFICATION:
		digest = message->of.certification.parent_digest;
		break;
	default: break;
	}
	return digest.len == 0 ? digest : copy(e, digest);
}

static unsigned
link_of(const market__verified_t *verified)
{
	const market__verified_t *v;
	unsigned n = 0;

	if (market__message(verified)->kind != MARKET_KIND_AUTHORIZATION)
		return 0;
	for (v = verified; v != NULL; v = v->under)
		n++;
	return n;
}

static void
tell(market__eval_t *e, const market__verified_t *verified,
    market_source_t *source)
{
	market__subject_t subject = { verified, NULL, { NULL, 0 } };

	describe(e, verified->statement, source);
	source->link = link_of(verified);
	source->keys_by = named_by(e, verified);
	source->parent = parent_of(e, market__message(verified));
	tell_signers(e, subject, verified, source);
}

/* ---- all of them ---- */

static int
compare_sources(const void *left, const void *right)
{
	const market_source_t *a = left, *b = right;
	int order;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->link != b->link)
		return a->link < b->link ? -1 : 1;
	if ((order = market__slice_compare(a->issuer, b->issuer)) != 0 ||
	    (order = market__slice_compare(a->id, b->id)) != 0)
		return order;
	if (a->revision != b->revision)
		return a->revision < b->revision ? -1 : 1;
	return market__slice_compare(a->digest, b->digest);
}

void
market__sort_sources(market__sources_t *sources)
{
	size_t i, n = 0;

	if (sources->n == 0)
		return;
	qsort(sources->v, sources->n, sizeof(*sources->v), compare_sources);
	for (i = 1; i < sources->n; i++)
		if (compare_sources(&sources->v[n], &sources->v[i]) != 0)
			sources->v[++n] = sources->v[i];
	sources->n = n + 1;
}

static int
compare_slices(const void *left, const void *right)
{
	const market_slice_t *a = left, *b = right;

	return market__slice_compare(*a, *b);
}

static void
tell_used(market__eval_t *e, market__clearance_t *clearance)
{
	market_slice_t *used = market__arena_array(
	    e->arena, e->n_used + 1, sizeof(*used));
	size_t i;

	if (used == NULL) {
		if (e->status == MARKET_OK)
			e->status = market__arena_refusal(e->arena);
		return;
	}
	for (i = 0; i < e->n_used && e->status == MARKET_OK; i++)
		used[i] = copy(e, market__digest(e->used[i]->statement));
	if (e->status == MARKET_OK && e->n_used > 0)
		qsort(used, e->n_used, sizeof(*used), compare_slices);
	clearance->used = used;
	clearance->n_used = e->n_used;
}

void
market__tell_sources(market__eval_t *e, market__clearance_t *clearance)
{
	gathering_t g = { .e = e };
	market__sources_t *sources = &clearance->sources;
	size_t i;

	tell_used(e, clearance);
	gather_all(&g);
	sources->v = market__arena_array(
	    e->arena, g.n + g.n_orphans + 1, sizeof(*sources->v));
	if (sources->v == NULL) {
		if (e->status == MARKET_OK)
			e->status = market__arena_refusal(e->arena);
		return;
	}
	for (i = 0; i < g.n && e->status == MARKET_OK; i++)
		tell(e, g.v[i], &sources->v[sources->n++]);
	for (i = 0; i < g.n_orphans && e->status == MARKET_OK; i++) {
		describe(e, g.orphans[i], &sources->v[sources->n]);
		sources->v[sources->n++].parent = parent_of(
		    e, g.orphans[i]->message);
	}
	if (e->status == MARKET_OK)
		market__sort_sources(sources);
}

void
market__offer_source(market__eval_t *e, const market_statement_t *offer,
    const market__verified_t *names, market_source_t *ret)
{
	market__subject_t subject = { NULL, names, { NULL, 0 } };
	market__verified_t signing = { 0 };

	describe(e, offer, ret);
	if (names == NULL || names->conveyed == NULL)
		return;
	signing.statement = offer;
	signing.seen_at = MARKET__SEEN_NOW;
	signing.keys = names->conveyed;
	signing.signers = market__signed_by(e->question, names->conveyed);
	ret->keys_by = copy(e, market__digest(names->statement));
	tell_signers(e, subject, &signing, ret);
}
