/* SPDX-License-Identifier: Apache-2.0 */
/* A decision as one line of JSON; the keys are a contract. */
#include "verify/decision.h"

static void
key(market__text_t *out, const char *name)
{
	if (out->len > 0 && out->data[out->len - 1] != '{' &&
	    out->data[out->len - 1] != '[')
		market__text_putc(out, ',');
	market__text_json(out, market_slice_of(name));
	market__text_putc(out, ':');
}

static void
next(market__text_t *out, size_t i)
{
	if (i > 0)
		market__text_putc(out, ',');
}

static void
text_or_null(market__text_t *out, const char *name, const char *text)
{
	key(out, name);
	if (text == NULL)
		market__text_puts(out, "null");
	else
		market__text_json(out, market_slice_of(text));
}

static void
digest_or_null(market__text_t *out, const char *name, market_slice_t digest)
{
	key(out, name);
	if (digest.len == 0) {
		market__text_puts(out, "null");
		return;
	}
	market__text_putc(out, '"');
	market__text_hex(out, digest);
	market__text_putc(out, '"');
}

static void
slice(market__text_t *out, const char *name, market_slice_t text)
{
	key(out, name);
	market__text_json(out, text);
}

static void
instant(market__text_t *out, const char *name, int64_t value)
{
	key(out, name);
	if (value == INT64_MAX) {
		market__text_puts(out, "null");
		return;
	}
	market__text_putc(out, '"');
	market__text_time(out, value);
	market__text_putc(out, '"');
}

static void
finding(market__text_t *out, const market_finding_t *f)
{
	const market_code_info_t *info = market_code_info(f->code);

	market__text_putc(out, '{');
	text_or_null(out, "code", info->name);
	key(out, "number");
	market__text_printf(out, "%d", (int)f->code);
	text_or_null(out, "effect", market_effect_name(f->effect));
	text_or_null(out, "path", f->path);
	key(out, "link");
	if (f->link == 0)
		market__text_puts(out, "null");
	else
		market__text_printf(out, "%u", f->link);
	text_or_null(out, "actor", market_actor_name(info->actor));
	text_or_null(out, "remedy", info->remedy);
	text_or_null(out, "message", f->message);
	digest_or_null(out, "evidence", f->evidence);
	text_or_null(out, "got", f->got);
	text_or_null(out, "want", f->want);
	market__text_putc(out, '}');
}

static void
findings(market__text_t *out, const market_finding_t *v, size_t n)
{
	size_t i;

	key(out, "findings");
	market__text_putc(out, '[');
	for (i = 0; i < n; i++) {
		next(out, i);
		finding(out, &v[i]);
	}
	market__text_putc(out, ']');
}

static void
ignored(market__text_t *out, const market_decision_t *decision)
{
	const market_ignored_t *one;
	size_t i;

	key(out, "ignored");
	market__text_putc(out, '[');
	for (i = 0; i < decision->n_ignored; i++) {
		one = &decision->ignored[i];
		next(out, i);
		market__text_putc(out, '{');
		text_or_null(out, "file", one->name);
		digest_or_null(out, "digest", one->digest);
		text_or_null(out, "code", market_code_info(one->code)->name);
		text_or_null(out, "message", one->message);
		market__text_putc(out, '}');
	}
	market__text_putc(out, ']');
}

static void
cell_lists(market__text_t *out, const market_cell_t *cell)
{
	size_t i;

	key(out, "disclosures_due");
	market__text_putc(out, '[');
	for (i = 0; i < cell->disclosure_count; i++) {
		next(out, i);
		market__text_json(out,
		    market_slice_of(
			market_disclosure_name(cell->disclosures[i])));
	}
	market__text_putc(out, ']');
	findings(out, cell->findings, cell->finding_count);
	key(out, "used");
	market__text_putc(out, '[');
	for (i = 0; i < cell->used_count; i++) {
		next(out, i);
		market__text_putc(out, '"');
		market__text_hex(out, cell->used[i]);
		market__text_putc(out, '"');
	}
	market__text_putc(out, ']');
	key(out, "missing");
	market__text_putc(out, '[');
	for (i = 0; i < cell->missing_count; i++) {
		next(out, i);
		market__text_json(out, market_slice_of(cell->missing[i]));
	}
	market__text_putc(out, ']');
}

static void
cell_object(market__text_t *out, const market_cell_t *cell)
{
	market__text_putc(out, '{');
	slice(out, "territory", cell->territory);
	text_or_null(out, "channel", market_channel_name(cell->channel));
	slice(out, "network", cell->network);
	text_or_null(out, "verdict", market_verdict_name(cell->verdict));
	text_or_null(out, "service",
	    cell->service == MARKET_SERVICE_UNSPECIFIED
		? NULL
		: market_service_name(cell->service));
	cell_lists(out, cell);
	instant(out, "horizon", cell->horizon);
	market__text_putc(out, '}');
}

static void
signers(market__text_t *out, const market_source_t *source)
{
	size_t i;

	key(out, "threshold");
	market__text_printf(out, "%u", source->threshold);
	key(out, "keys");
	market__text_printf(out, "%u", source->key_count);
	key(out, "signers");
	market__text_putc(out, '[');
	for (i = 0; i < source->signer_count; i++) {
		next(out, i);
		market__text_putc(out, '{');
		digest_or_null(out, "keyid", source->signers[i].id);
		key(out, "counts");
		market__text_puts(
		    out, source->signers[i].counts ? "true" : "false");
		market__text_putc(out, '}');
	}
	market__text_putc(out, ']');
	digest_or_null(out, "keys_by", source->keys_by);
}

static void
source_object(market__text_t *out, const market_source_t *source)
{
	market__text_putc(out, '{');
	digest_or_null(out, "digest", source->digest);
	text_or_null(out, "kind", market_kind_name(source->kind));
	slice(out, "issuer", source->issuer);
	slice(out, "id", source->id);
	key(out, "revision");
	market__text_printf(out, "%llu", (unsigned long long)source->revision);
	text_or_null(out, "subject", source->subject);
	key(out, "link");
	if (source->link == 0)
		market__text_puts(out, "null");
	else
		market__text_printf(out, "%u", source->link);
	instant(out, "not_before",
	    source->not_before == 0 ? INT64_MAX : source->not_before);
	instant(out, "not_after",
	    source->not_after == 0 ? INT64_MAX : source->not_after);
	signers(out, source);
	digest_or_null(out, "parent", source->parent);
	market__text_putc(out, '}');
}

static void
offer_name(market__text_t *out, const market_decision_t *decision)
{
	market__text_t name;

	market__text_init(&name, out->allocator, 1 << 16);
	market__text_slice(&name, market__header(decision->offer)->issuer);
	market__text_putc(&name, '/');
	market__text_slice(&name, market__header(decision->offer)->id);
	if (name.status != MARKET_OK && out->status == MARKET_OK)
		out->status = name.status;
	slice(out, "offer", market__slice(name.data, name.len));
	market__text_clear(&name);
}

market_status_t
market_decision_json(
    const market_decision_t *decision, market_buffer_t *ret_json)
{
	market__text_t out;
	size_t i;

	if (decision == NULL || ret_json == NULL)
		return MARKET_E_ARGUMENT;
	market__text_init(&out, &decision->context->allocator, SIZE_MAX / 2);
	market__text_putc(&out, '{');
	text_or_null(&out, "verdict", market_verdict_name(decision->verdict));
	offer_name(&out, decision);
	digest_or_null(&out, "digest", market__digest(decision->offer));
	instant(&out, "at", decision->at);
	findings(&out, decision->findings.v, decision->findings.n);
	ignored(&out, decision);
	key(&out, "cells");
	market__text_putc(&out, '[');
	for (i = 0; i < decision->n_cells; i++) {
		next(&out, i);
		cell_object(&out, &decision->cells[i]);
	}
	market__text_putc(&out, ']');
	key(&out, "sources");
	market__text_putc(&out, '[');
	for (i = 0; i < decision->sources.n; i++) {
		next(&out, i);
		source_object(&out, &decision->sources.v[i]);
	}
	market__text_puts(&out, "]}\n");
	return market__text_take(&out, ret_json);
}
