/* SPDX-License-Identifier: Apache-2.0 */
/* Edits of a world (world.h) that make chains of grants. */
#ifndef TESTS_UNIT_GRANTS_H
#define TESTS_UNIT_GRANTS_H

#include "world.h"

/* What the offer of the good world asks for, and no more. */
#define GRANTS_SCOPE                                               \
	" 'scope': {'models': ['2014215'], 'territories': ['US']," \
	" 'channels': ['CHANNEL_ONLINE_STORE'],"                   \
	" 'marketplaces': ['usmobile.com'],"                       \
	" 'conditions': ['CONDITION_NEW']}"

/* The brand's grant, made one to `to`, who may hand it on. */
#define FIRST(to, delegations)                                       \
	"grant {'grantee': '" to "', 'granteeKeys': '$keys:" to "'," \
	" 'maxDelegations': " delegations "}"

/* One more grant by the brand; `rest` is more fields, or nothing. */
#define GRANT(name, to, rest)                                \
	"+" name " authorization mi.com {'brand': 'xiaomi'," \
	" 'grantee': '" to "', 'granteeKeys': '$keys:" to    \
	"'," rest GRANTS_SCOPE "}"

/* One more grant, by `by` to `to`, beneath `parent`. */
#define LINK(name, by, to, parent, delegations)                \
	"+" name " authorization " by " {'brand': 'xiaomi',"   \
	" 'grantee': '" to "', 'granteeKeys': '$keys:" to "'," \
	" 'maxDelegations': " delegations ","                  \
	" 'parentDigest': '$digest:" parent "'," GRANTS_SCOPE "}"

#endif
