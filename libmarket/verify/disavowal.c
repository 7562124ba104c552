/* SPDX-License-Identifier: Apache-2.0 */
/* What a brand says of those who are not authorised. It beats every grant. */
#include "model/scope.h"
#include "verify/internal.h"

void
market__check_disavowed(market__eval_t *e, market_slice_t party, unsigned link,
    market__findings_t *findings, int64_t *until)
{
	market__slot_t slot = market__read1(e, "disavowal", e->question->brand);
	market__point_t point = market__question_point(e->question);
	const market__disavowal_t *disavowal;
	const market__verified_t *verified;
	market__about_t about = { 0 };
	int64_t start;
	size_t i;

	for (i = 0; i < slot.n_verified; i++) {
		verified = slot.verified[i];
		disavowal = &market__message(verified)->of.disavowal;
		if (!market__texts_have(disavowal->parties, party) ||
		    !market__scope_overlaps(disavowal->scope, &point) ||
		    !market__environment_agrees(e, verified) ||
		    market__taken_back(e, verified, until))
			continue;
		start = market__withdrawal_start(e, verified);
		market__boundary(e, start);
		if (start > e->at) {
			if (start < *until)
				*until = start;
			continue;
		}
		about.link = link;
		about.evidence = verified->statement;
		about.got = market__show(e, party);
		about.want = market__show_list(e, disavowal->parties);
		market__add_finding(e, findings, MARKET_CODE_BRAND_DISAVOWED,
		    &about, "%s disavows %s here%s%s",
		    market__show(
			e, market__header(verified->statement)->issuer),
		    market__texts_have(disavowal->parties, MARKET__LITERAL("*"))
			? "everybody"
			: about.got,
		    disavowal->statement.len > 0 ? ": " : "",
		    market__show(e, disavowal->statement));
	}
}

void
market__rule_disavowal(market__eval_t *e)
{
	const market__question_t *q = e->question;
	int64_t until = INT64_MAX;

	market__check_disavowed(e, q->seller, 0, &e->findings, &until);
	if (q->fulfiller.len > 0 &&
	    !market__slice_equal(q->fulfiller, q->seller))
		market__check_disavowed(
		    e, q->fulfiller, 0, &e->findings, &until);
	market__limit(e, NULL, until);
}
