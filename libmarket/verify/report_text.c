/* SPDX-License-Identifier: Apache-2.0 */
/* A decision as a text tree for a person. */
#include "verify/decision.h"

/* More codes than the registry has. */
#define TOLD_MAX 256

typedef struct page {
	market__text_t out;
	size_t width;
	market_code_t told[TOLD_MAX]; /* whose remedy stands on the page */
	size_t n_told;
} page_t;

/* What stands beneath a finding or a list is set in by this. */
#define HANG 10

/* Bytes of a key's id that are told, as many as in messages. */
#define KEY_SHOWN 8

static void
indent(page_t *page, size_t n)
{
	while (n-- > 0)
		market__text_putc(&page->out, ' ');
}

/*
 * Writes words and breaks lines before `width`; the first line stands at
 * `column` already, the next ones are indented by `hang`.
 */
static void
wrap(page_t *page, const char *text, size_t column, size_t hang)
{
	bool first = true;
	size_t len;

	for (; *text != '\0'; first = false) {
		len = strcspn(text, " ");
		if (!first && column + 1 + len > page->width) {
			market__text_putc(&page->out, '\n');
			indent(page, hang);
			column = hang;
		} else if (!first) {
			market__text_putc(&page->out, ' ');
			column++;
		}
		market__text_add(&page->out, text, len);
		column += len;
		text += len;
		while (*text == ' ')
			text++;
	}
	market__text_putc(&page->out, '\n');
}

/* A text that was put together elsewhere, then given back. */
static void
wrap_text(page_t *page, market__text_t *text, size_t column, size_t hang)
{
	if (text->status != MARKET_OK && page->out.status == MARKET_OK)
		page->out.status = text->status;
	if (text->data != NULL)
		wrap(page, text->data, column, hang);
	market__text_clear(text);
}

/* "left ......... right", or right beneath where one line has no room. */
static void
headline(page_t *page, size_t column, market__text_t *left, const char *right)
{
	size_t used = column + left->len, len = strlen(right);

	if (left->status != MARKET_OK && page->out.status == MARKET_OK)
		page->out.status = left->status;
	indent(page, column);
	if (used + 1 + len > page->width) {
		wrap_text(page, left, column, column + 2);
		used = 0;
	} else {
		market__text_slice(
		    &page->out, market__slice(left->data, left->len));
		market__text_clear(left);
	}
	indent(page, page->width - used - len);
	market__text_puts(&page->out, right);
	market__text_putc(&page->out, '\n');
}

/* Is it the first time on this page? */
static bool
is_news(page_t *page, market_code_t code)
{
	size_t i;

	for (i = 0; i < page->n_told; i++)
		if (page->told[i] == code)
			return false;
	if (page->n_told < TOLD_MAX)
		page->told[page->n_told++] = code;
	return true;
}

/* Cells that fail alike need not be told the same remedy each. */
static void
write_remedy(page_t *page, const market_finding_t *finding)
{
	const market_code_info_t *info = market_code_info(finding->code);
	const char *actor = market_actor_name(info->actor);
	size_t column = 0;

	/* Notes explain; nobody has to do anything about them. */
	if (finding->effect == MARKET_EFFECT_NOTE || info->remedy[0] == '\0')
		return;
	indent(page, HANG);
	market__text_puts(&page->out, "-> ");
	if (info->actor != MARKET_ACTOR_NOBODY) {
		market__text_printf(&page->out, "%s: ", actor);
		column = strlen(actor) + 2;
	}
	wrap(page, is_news(page, finding->code) ? info->remedy : "as above",
	    HANG + 3 + column, HANG + 3);
}

static void
write_finding(page_t *page, const market_finding_t *finding)
{
	market__text_t line;

	/* The long effect is cut so that codes stand below each other. */
	market__text_printf(
	    &page->out, "    %-5.5s ", market_effect_name(finding->effect));
	market__text_init(&line, page->out.allocator, 1 << 16);
	market__text_puts(&line, market_code_info(finding->code)->name);
	if (finding->link > 0)
		market__text_printf(&line, ", link %u", finding->link);
	if (finding->path != NULL)
		market__text_printf(&line, " (%s)", finding->path);
	if (finding->evidence.len >= 8) {
		market__text_puts(&line, " [");
		market__text_hex(
		    &line, market__slice(finding->evidence.ptr, 6));
		market__text_putc(&line, ']');
	}
	wrap_text(page, &line, HANG, HANG);
	indent(page, HANG);
	wrap(page, finding->message, HANG, HANG);
	write_remedy(page, finding);
}

static void
write_service(page_t *page, const market_cell_t *cell)
{
	market__text_t line;
	size_t i;

	market__text_init(&line, page->out.allocator, 1 << 16);
	market__text_printf(&line, "service %s",
	    cell->service == MARKET_SERVICE_UNSPECIFIED
		? "cannot be told"
		: market_service_name(cell->service));
	for (i = 0; i < cell->disclosure_count; i++)
		market__text_printf(&line, "%s%s",
		    i == 0 ? "; to be disclosed: " : ", ",
		    market_disclosure_name(cell->disclosures[i]));
	indent(page, 4);
	wrap_text(page, &line, 4, HANG);
}

static void
write_horizon(page_t *page, const market_cell_t *cell)
{
	market__text_t line;

	market__text_init(&line, page->out.allocator, 1 << 16);
	market__text_printf(&line, "rests on %zu statement%s", cell->used_count,
	    cell->used_count == 1 ? "" : "s");
	if (cell->horizon != INT64_MAX) {
		market__text_puts(&line,
		    cell->verdict == MARKET_VERDICT_PERMIT
			? "; holds until "
			: "; can change by itself at ");
		market__text_time(&line, cell->horizon);
	}
	indent(page, 4);
	wrap_text(page, &line, 4, HANG);
}

static void
write_cell(page_t *page, const market_cell_t *cell)
{
	market__text_t line;
	size_t i;

	market__text_init(&line, page->out.allocator, 1 << 16);
	market__text_escaped(&line, cell->territory);
	market__text_printf(
	    &line, ", %s, ", market_channel_name(cell->channel));
	market__text_escaped(&line, cell->network);
	headline(page, 2, &line, market_verdict_name(cell->verdict));
	write_service(page, cell);
	for (i = 0; i < cell->finding_count; i++)
		write_finding(page, &cell->findings[i]);
	if (cell->missing_count > 0)
		market__text_puts(&page->out, "    still missing\n");
	for (i = 0; i < cell->missing_count; i++) {
		indent(page, HANG - 2);
		market__text_puts(&page->out, "- ");
		wrap(page, cell->missing[i], HANG, HANG);
	}
	write_horizon(page, cell);
}

/* "2 of 3 keys signed, 2 needed: 0123456789abcdef, ..." */
static void
write_signers(page_t *page, const market_source_t *source)
{
	market__text_t line;
	size_t i;

	market__text_init(&line, page->out.allocator, 1 << 16);
	if (source->threshold == 0)
		market__text_puts(&line, "whose keys signed cannot be told");
	else
		market__text_printf(&line, "%zu of %u key%s signed, %u needed",
		    source->signer_count, source->key_count,
		    source->key_count == 1 ? "" : "s", source->threshold);
	for (i = 0; i < source->signer_count; i++) {
		market__text_puts(&line, i == 0 ? ": " : ", ");
		market__text_hex(
		    &line, market__slice(source->signers[i].id.ptr, KEY_SHOWN));
		if (!source->signers[i].counts)
			market__text_puts(&line, " (does not count)");
	}
	indent(page, HANG);
	wrap_text(page, &line, HANG, HANG);
}

static void
write_sources(page_t *page, const market_decision_t *decision)
{
	const market_source_t *source;
	market__text_t line;
	size_t i;

	market__text_puts(&page->out, "\n  statements, and who signed them\n");
	for (i = 0; i < decision->sources.n; i++) {
		source = &decision->sources.v[i];
		market__text_init(&line, page->out.allocator, 1 << 16);
		market__text_printf(
		    &line, "%s ", market_kind_name(source->kind));
		market__text_escaped(&line, source->issuer);
		market__text_putc(&line, '/');
		market__text_escaped(&line, source->id);
		market__text_printf(&line, ", revision %llu [",
		    (unsigned long long)source->revision);
		market__text_hex(&line, market__slice(source->digest.ptr, 6));
		market__text_putc(&line, ']');
		indent(page, 4);
		wrap_text(page, &line, 4, HANG);
		write_signers(page, source);
	}
}

static void
write_ignored(page_t *page, const market_decision_t *decision)
{
	const market_ignored_t *one;
	market__text_t line;
	size_t i;

	if (decision->n_ignored > 0)
		market__text_puts(
		    &page->out, "\n  ignored, since it is no evidence\n");
	for (i = 0; i < decision->n_ignored; i++) {
		one = &decision->ignored[i];
		market__text_init(&line, page->out.allocator, 1 << 16);
		market__text_escaped(&line,
		    market_slice_of(
			one->name == NULL ? "(no name)" : one->name));
		market__text_printf(
		    &line, ": %s", market_code_info(one->code)->name);
		indent(page, 4);
		wrap_text(page, &line, 4, HANG);
		indent(page, HANG);
		wrap(page, one->message, HANG, HANG);
	}
}

/* Who offers what, as of when, and the verdict of all cells together. */
static void
write_head(page_t *page, const market_decision_t *decision)
{
	const market__header_t *header = market__header(decision->offer);
	market__text_t line;

	market__text_init(&line, page->out.allocator, 1 << 16);
	market__text_escaped(&line, header->issuer);
	market__text_putc(&line, '/');
	market__text_escaped(&line, header->id);
	market__text_putc(&line, ' ');
	market__text_escaped(&line, decision->offer->message->of.offer.brand);
	market__text_putc(&line, ' ');
	market__text_escaped(&line, decision->offer->message->of.offer.model);
	headline(page, 0, &line, market_verdict_name(decision->verdict));
	market__text_init(&line, page->out.allocator, 1 << 16);
	market__text_puts(&line, "as of ");
	market__text_time(&line, decision->at);
	market__text_puts(&line, ", offer [");
	market__text_hex(&line, market__slice(decision->offer->digest, 6));
	market__text_putc(&line, ']');
	indent(page, 2);
	wrap_text(page, &line, 2, HANG);
}

market_status_t
market_decision_text(const market_decision_t *decision, unsigned width,
    market_buffer_t *ret_text)
{
	page_t page = { 0 };
	size_t i;

	if (decision == NULL || ret_text == NULL)
		return MARKET_E_ARGUMENT;
	page.width = width == 0 ? 80 : width < 40 ? 40 : width;
	market__text_init(
	    &page.out, &decision->context->allocator, SIZE_MAX / 2);
	write_head(&page, decision);
	for (i = 0; i < decision->findings.n; i++)
		write_finding(&page, &decision->findings.v[i]);
	for (i = 0; i < decision->n_cells; i++) {
		market__text_putc(&page.out, '\n');
		write_cell(&page, &decision->cells[i]);
	}
	write_sources(&page, decision);
	write_ignored(&page, decision);
	return market__text_take(&page.out, ret_text);
}
