/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A verified statement: one that is signed by the threshold of its issuer's
 * keys and whose issuer has the role for what it says. Only this type is
 * evidence. Where the issuer's keys came from is kept with it, since that
 * decides who may take it back.
 */
#ifndef MARKET_MODEL_VERIFIED_H
#define MARKET_MODEL_VERIFIED_H

#include "model/keyset.h"

/* Accepted at the instant that is asked about: there is no store. */
#define MARKET__SEEN_NOW INT64_MIN

typedef enum market__authority {
	MARKET__AUTHORITY_ROOT_KEYS, /* the trust root, by its own keys */
	MARKET__AUTHORITY_PARTY,     /* keys that the trust root names */
	MARKET__AUTHORITY_SELLER,    /* keys of the seller statement `under` */
	MARKET__AUTHORITY_GRANT      /* grantee keys of the grant `under` */
} market__authority_t;

typedef struct market__verified {
	const market_statement_t *statement;
	int64_t seen_at; /* when it was accepted, or MARKET__SEEN_NOW */
	market__authority_t authority;
	const struct market__verified *under;
	unsigned depth; /* how many it stands under, one under the other */
	/* The key set statement that names `keys` of a party; NULL: the root
	 * does. */
	const struct market__verified *keyed;
	const market__keyset_t *keys;     /* that it was verified against */
	market__keymask_t signers;        /* which of them signed */
	const market__keyset_t *conveyed; /* keys that it names, or NULL */
	bool by_marketplace; /* its issuer had the role MARKETPLACE then */
	bool fallen;     /* what it was verified against does not vouch for it
			    any more: it gives nothing */
	bool foreign;    /* signed for another environment than the policy's */
	bool forked;     /* another has its name and revision */
	bool superseded; /* a higher revision of its name is there */
	/* The next one of its name, of its revision or a higher one, or NULL.
	 */
	const struct market__verified *above;
	/*
	 * The same bytes, handed in again with other signatures by the same
	 * keys: the first of these copies, and the next of this one. NULL:
	 * there is no other. `signers` are those of all copies.
	 */
	const struct market__verified *copies;
	const struct market__verified *next_copy;
	market__keymask_t own; /* of this copy alone */
	/*
	 * A page of a status whose entries are left where it is kept: what the
	 * look-up knows it by (market__lookup_t). NULL: they are in the
	 * message.
	 */
	const void *kept;
} market__verified_t;

/* It stands under that one, or (NULL) under none. */
static inline void
market__stand_under(
    market__verified_t *verified, const market__verified_t *under)
{
	/* analyse(scan): no caller has none. */
	verified->under = under;
	verified->depth = under == NULL ? 0 : under->depth + 1;
}

static inline const market__message_t *
market__message(const market__verified_t *verified)
{
	return verified->statement->message;
}

#endif
