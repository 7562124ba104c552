/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the rule families of one evaluation. Each family has a file of its
 * own and adds findings; none hides another's.
 */
#ifndef MARKET_VERIFY_INTERNAL_H
#define MARKET_VERIFY_INTERNAL_H

#include "model/scope.h"
#include "verify/verify.h"

/* The scheme of a carrier's own certification of a device. */
#define MARKET__SCHEME_CARRIER MARKET__LITERAL("carrier")

/* Links of a chain at most, whatever a policy says. */
#define MARKET__CHAIN_MAX 8

/* Current grants of one parent, brand and grantee at most. */
#define MARKET__GRANTS_MAX 16

/* More than the statements of an ordinary answer. */
#define MARKET__COUNTED_MAX 32

/* Chains that are judged in one cell. */
#define MARKET__CHAINS_MAX 32

/*
 * One evaluation. `used_until` is the least end of what the answer rests on
 * and the least start of what would take it away; `boundary` is the least
 * instant after `at` at which anything that was read changes.
 */
typedef struct market__eval {
	const market__lookup_t *lookup;
	const market__question_t *question;
	int64_t at;
	market__arena_t *arena;
	market_status_t status; /* the first operational failure */

	const market__trust_root_t *root;
	const market__verified_t *root_verified;
	const market__policy_t *policy;
	market_slice_t marketplace; /* whose policy it is */
	int64_t skew;

	market__findings_t findings;
	int64_t used_until;
	const market__verified_t *ends_first;
	int64_t boundary;
	const market__verified_t **used;
	size_t n_used, used_capacity;
	const char **missing;
	size_t n_missing, missing_capacity;
	market_slice_t *reads;
	market__slot_t *slots; /* what each of them holds */
	size_t n_reads, reads_capacity, slots_capacity;

	/* The statement whose withdrawals were read last. */
	const market_statement_t *asked;
	market__slot_t by_digest, by_name, by_status;

	/* Which signers of the statements examined first were found to count:
	 * most are asked after again for the report. */
	struct market__counted {
		const market__verified_t *verified;
		market__keymask_t keys;
	} counted[MARKET__COUNTED_MAX];
	size_t n_counted;
} market__eval_t;

/* ---- findings.c ---- */

/* What a finding is about; zero where it does not apply. */
typedef struct market__about {
	const char *path;
	unsigned link;
	const market_statement_t *evidence;
	const char *got;
	const char *want;
} market__about_t;

/* Adds a finding with the registry's effect. A failure lands in e->status. */
void market__add_finding(market__eval_t *e, market__findings_t *findings,
    market_code_t code, const market__about_t *about, const char *format, ...)
    MARKET__PRINTF(5, 6);

/* Moves all of `from` to the end of `to`; notes only, where `as_notes`. */
void market__move_findings(
    market__eval_t *e, market__findings_t *to, const market__findings_t *from);

/* Worst effect first, then by number, link, path, evidence and message;
 * the same finding twice becomes one. */
void market__sort_findings(market__findings_t *findings);

/* Text in the evaluation's arena; NULL on failure (in e->status). Bytes that
 * are not printable ASCII are escaped. */
const char *market__format(market__eval_t *e, const char *format, ...)
    MARKET__PRINTF(2, 3);
const char *market__show(market__eval_t *e, market_slice_t text);
const char *market__show_time(market__eval_t *e, int64_t instant);
const char *market__show_list(market__eval_t *e, market__slices_t list);

/* ---- examine.c: is one verified statement in force? ---- */

/* What examining a statement found, and until when that holds. */
typedef struct market__examination {
	market__findings_t findings;
	int64_t until; /* its end, or the start of what takes it away */
	/* The next instant at which time may mend it, or lengthen it. */
	int64_t from;
} market__examination_t;

#define MARKET__EXAMINATION_INIT                     \
	{                                            \
		{ NULL, 0, 0 }, INT64_MAX, INT64_MAX \
	}

/* `link`: of the chain it stands in, or 0. */
void market__examine(market__eval_t *e, const market__verified_t *verified,
    unsigned link, market__examination_t *ret);

/*
 * status.c: does the policy demand a status of the party that says this, in
 * the role in which it says it, and is it there?
 */
void market__examine_status(market__eval_t *e,
    const market__verified_t *verified, market__examination_t *ret);

/* Is the digest an entry of that page of a status? */
bool market__status_lists(
    market__eval_t *e, const market__verified_t *page, market_slice_t digest);

/* The first entry of an older page that the whole list has not. */
bool market__status_vanished(market__eval_t *e, const market__pages_t *pages,
    uint8_t ret_digest[MARKET_DIGEST_LEN]);

/* Time alone, of any header; `what` names it in messages. */
void market__examine_time(market__eval_t *e, const market__header_t *header,
    const market__about_t *about, market__examination_t *ret);

/* Over what a withdrawal must have standing; see market__has_standing(). */
typedef struct market__subject {
	const market__verified_t *target;
	const market__verified_t *beneath;
	market_slice_t by; /* this issuer's word alone counts; empty: any */
} market__subject_t;

/* May the withdrawal or status take it away? */
bool market__may_take(
    const market__verified_t *withdrawal, market__subject_t subject);

/*
 * Keys alone: are at least the threshold of the keys in `signers` of the right
 * environment, within their windows and not withdrawn?
 */
void market__examine_keys(market__eval_t *e, market__subject_t subject,
    const market__keyset_t *keys, market__keymask_t signers, int64_t seen_at,
    const market__about_t *about, market__examination_t *ret);

/* The same of those that signed a statement, each as of when it was seen. */
void market__examine_signers(market__eval_t *e, market__subject_t subject,
    const market__verified_t *verified, const market__about_t *about,
    market__examination_t *ret);

/*
 * Does key number `index` of those that signed it count, as of when it was
 * seen? For the report: whoever relies on it examines the signers.
 */
bool market__signer_counts(market__eval_t *e, market__subject_t subject,
    const market__verified_t *verified, size_t index);

/* Do its keys count? What it says holds then, until one of them ends. */
bool market__keys_count(market__eval_t *e, const market__verified_t *verified,
    market__examination_t *ret);

/* It holds no longer than to that instant. */
void market__examine_until(
    market__eval_t *e, market__examination_t *x, int64_t instant);

/* "the seller usmobile.com/importer", or NULL where none is meant. */
const char *market__name_of(
    market__eval_t *e, const market_statement_t *statement);

/*
 * Among the withdrawals of a slot, the first in force with standing; where
 * `giving` is not NULL, of those whose keys count.
 */
const market__verified_t *market__earliest_withdrawal(market__eval_t *e,
    const market__slot_t *slot, market__subject_t subject,
    market__examination_t *giving, int64_t *ret_start);

void market__tell_withdrawn(market__eval_t *e,
    const market__verified_t *withdrawal, int64_t start, market_code_t code,
    const char *what, const market__about_t *about, market__examination_t *ret);

/* Was the statement withdrawn, by digest, by name, or by a status? */
void market__examine_withdrawn(market__eval_t *e,
    const market_statement_t *statement, market__subject_t subject,
    const market__about_t *about, market__examination_t *ret);

/*
 * Does a higher revision stand in its place? One that has not begun, or whose
 * keys do not count, does not. For what takes away; else see `superseded`.
 */
bool market__examine_revised(market__eval_t *e,
    const market__verified_t *verified, market__examination_t *ret);

/* Does it keep out what would be permitted without it? */
bool market__restricts(
    const market__eval_t *e, const market__verified_t *verified);

/*
 * Is a restriction revised or withdrawn, by what itself counts? Then it is
 * gone until `*until`, which is lowered. Its own end is not asked after.
 */
bool market__taken_back(
    market__eval_t *e, const market__verified_t *verified, int64_t *until);

/* Does a test key's word count here? What takes away needs that only. */
bool market__environment_agrees(
    const market__eval_t *e, const market__verified_t *verified);

/* When a withdrawal takes effect. */
int64_t market__withdrawal_start(
    const market__eval_t *e, const market__verified_t *withdrawal);

int64_t market__seen_at(
    const market__eval_t *e, const market__verified_t *verified);

/* ---- record.c: what was read, what is used, until when ---- */

/* Reads a slot, and remembers that it was read. Empty after a failure. */
market__slot_t market__read(market__eval_t *e, const char *prefix,
    const market_slice_t *components, size_t n_components);
market__slot_t market__read1(
    market__eval_t *e, const char *prefix, market_slice_t a);
market__slot_t market__read2(
    market__eval_t *e, const char *prefix, market_slice_t a, market_slice_t b);

/* The answer rests on this statement, until then. */
void market__use(
    market__eval_t *e, const market__verified_t *verified, int64_t until);
/* Something that would take the answer away begins then. */
void market__limit(
    market__eval_t *e, const market__verified_t *due_to, int64_t instant);
/* Something that was read changes then. */
void market__boundary(market__eval_t *e, int64_t instant);
/* `text` is missing; NULL after a failure. */
void market__missing(market__eval_t *e, const char *text);

/* Grows an arena array by one; NULL on failure (in e->status). */
void *market__grow(
    market__eval_t *e, void *array, size_t n, size_t *capacity, size_t element);

/* ---- source.c: whom the report names for each statement ---- */

/* The digests that are used, and the sources; ends the evaluation. */
void market__tell_sources(market__eval_t *e, market__clearance_t *clearance);

/*
 * An offer as a source: `names` is the seller statement or grant whose keys
 * signed it, or were to; NULL: there is none.
 */
void market__offer_source(market__eval_t *e, const market_statement_t *offer,
    const market__verified_t *names, market_source_t *ret);

/* Sorts them, and makes one of those that are the same statement. */
void market__sort_sources(market__sources_t *sources);

/* ---- rule families ---- */

/* The question as a scope sees it. */
static inline market__point_t
market__question_point(const market__question_t *question)
{
	market__point_t point;

	point.model = question->model;
	point.territory = question->territory;
	point.marketplace = question->marketplace;
	point.channel = question->channel;
	point.condition = question->condition;
	return point;
}

/* Seller statements of the seller by the marketplace that is asked. */
market__slot_t market__read_sellers(market__eval_t *e);

/* Which keys of the set are among those that signed the offer. */
market__keymask_t market__signed_by(
    const market__question_t *question, const market__keyset_t *keys);

void market__rule_trust(market__eval_t *e);

/*
 * The same root, policy and marketplace, for what is asked beside the cells:
 * they are each cell's to examine, and what is found here is not told.
 */
void market__stand(market__eval_t *e);
void market__rule_seller(market__eval_t *e);
void market__rule_hold(market__eval_t *e);

/* Holds on the question (offer_id NULL), or those on this offer alone. */
void market__check_holds(market__eval_t *e, const market_slice_t *offer_id);

void market__rule_disavowal(market__eval_t *e);
void market__rule_authorization(market__eval_t *e);

/*
 * Those current grants of the slot whose chains are judged, at most
 * MARKET__CHAINS_MAX: no other's keys are worth the work.
 */
size_t market__judged_grants(market__eval_t *e, const market__slot_t *slot,
    const market__verified_t **ret_grants);

/* Disavowed, whatever else it has? Adds BRAND_DISAVOWED to `findings`. */
void market__check_disavowed(market__eval_t *e, market_slice_t party,
    unsigned link, market__findings_t *findings, int64_t *until);

/* The product that is taken, or NULL. */
const market__verified_t *market__rule_product(market__eval_t *e);

/* The network of the cell and, for an MVNO, its host; NULL where unknown. */
typedef struct market__networks {
	const market__verified_t *own;
	const market__verified_t *host;
} market__networks_t;
void market__rule_network(market__eval_t *e, market__networks_t *ret);

/* What is required, and what was found for it. */
typedef struct market__certifications {
	const market__verified_t **v; /* that apply to a required scheme */
	size_t n, capacity;
} market__certifications_t;
void market__rule_certification(market__eval_t *e,
    const market__networks_t *networks, const market__product_t *product,
    market__certifications_t *ret);

void market__rule_compatibility(market__eval_t *e,
    const market__networks_t *networks, const market__product_t *product,
    const market__certifications_t *certifications,
    market__clearance_t *clearance);

/* Best of several statements: fewest and mildest findings, then the latest
 * end, then the least digest. Its findings are told, as are no others'.
 * `also` (NULL: nothing) adds what else a candidate is judged by. */
typedef void market__also_t(market__eval_t *e,
    const market__verified_t *candidate, market__examination_t *x);
const market__verified_t *market__choose(market__eval_t *e,
    const market__verified_t *const *candidates, size_t n, market__also_t *also,
    market__examination_t *ret_examination);

/* What the findings would make of a verdict: 0 permit, 1 cannot tell, 2 deny.*/
int market__rank(const market__findings_t *findings);

/* Roles. */
bool market__texts_have(market__slices_t list, market_slice_t text);
bool market__numbers_have(market__numbers_t list, uint32_t any, uint32_t value);
bool market__party_is_marketplace(const market__party_t *party);
bool market__party_owns_brand(
    const market__party_t *party, market_slice_t brand);
bool market__party_carries(
    const market__party_t *party, market_slice_t network);
bool market__party_certifies(const market__party_t *party,
    market_slice_t scheme, market_slice_t territory);
/* ... in all of the territory, or in a part of it. */
bool market__party_certifies_part(const market__party_t *party,
    market_slice_t scheme, market_slice_t territory);

/* Those parties of the root of which `test` is true, as "a or b". */
const char *market__brand_owners(market__eval_t *e, market_slice_t brand);
const char *market__carriers_of(market__eval_t *e, market_slice_t network);
const char *market__certifiers_of(
    market__eval_t *e, market_slice_t scheme, market_slice_t territory);

/* ---- offer.c ---- */

/* The faults of the offer itself; limits e->used_until to its window. */
void market__rule_offer(market__eval_t *e, const market_statement_t *offer);
/* Of one whose like was in order. */
void market__rule_alike(market__eval_t *e, const market_statement_t *offer);

/* ---- disclosure.c ---- */

/* Denies the cell for each disclosure that is due there and not made. */
void market__check_disclosures(market__eval_t *e, const market__offer_t *offer,
    market__clearance_t *clearance);

/* ---- withdrawn.c ---- */

/* Was it taken back by its seller, or by somebody above the seller? */
void market__check_offer_withdrawn(
    market__eval_t *e, const market_statement_t *offer);

#endif
