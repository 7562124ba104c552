/* SPDX-License-Identifier: Apache-2.0 */
/* A decision as a text tree for a person. */
#include "verify/decision.h"

typedef struct page {
	market__text_t out;
	size_t width;
} page_t;

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
	size_t len;

	while (*text != '\0') {
		len = strcspn(text, " ");
		if (column > hang && column + 1 + len > page->width) {
			market__text_putc(&page->out, '\n');
			indent(page, hang);
			column = hang;
		} else if (column > hang) {
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

/* "left ......... right" */
static void
headline(page_t *page, const market__text_t *left, const char *right)
{
	size_t used = left->len + strlen(right);

	market__text_add(
	    &page->out, left->data == NULL ? "" : left->data, left->len);
	market__text_putc(&page->out, ' ');
	indent(page, used + 1 < page->width ? page->width - used - 1 : 0);
	market__text_puts(&page->out, right);
	market__text_putc(&page->out, '\n');
	if (left->status != MARKET_OK && page->out.status == MARKET_OK)
		page->out.status = left->status;
}

static const char *
remedy_of(const market_finding_t *finding)
{
	/* Notes explain; nobody has to do anything about them. */
	if (finding->effect == MARKET_EFFECT_NOTE)
		return NULL;
	return market_code_info(finding->code)->remedy;
}

static void
write_finding(page_t *page, const market_finding_t *finding)
{
	const market_code_info_t *info = market_code_info(finding->code);
	const char *effect = market_effect_name(finding->effect);
	const char *remedy = remedy_of(finding);
	const size_t hang = 10;

	/* The long effect is cut so that codes stand below each other. */
	market__text_printf(&page->out, "    %-5.5s %s", effect, info->name);
	if (finding->link > 0)
		market__text_printf(&page->out, ", link %u", finding->link);
	if (finding->path != NULL)
		market__text_printf(&page->out, " (%s)", finding->path);
	if (finding->evidence.len >= 8) {
		market__text_puts(&page->out, " [");
		market__text_hex(
		    &page->out, market__slice(finding->evidence.ptr, 6));
		market__text_putc(&page->out, ']');
	}
	market__text_putc(&page->out, '\n');
	indent(page, hang);
	wrap(page, finding->message, hang, hang);
	if (remedy == NULL || remedy[0] == '\0')
		return;
	indent(page, hang);
	market__text_printf(
	    &page->out, "-> %s:", market_actor_name(info->actor));
	wrap(page, remedy, hang + 4 + strlen(market_actor_name(info->actor)),
	    hang);
}

static void
write_cell(page_t *page, const market_cell_t *cell)
{
	market__text_t line;
	char time[MARKET__TIME_LEN];
	size_t i;

	market__text_init(&line, page->out.allocator, 1 << 16);
	market__text_puts(&line, "  ");
	market__text_escaped(&line, cell->territory);
	market__text_printf(
	    &line, ", %s, ", market_channel_name(cell->channel));
	market__text_escaped(&line, cell->network);
	headline(page, &line, market_verdict_name(cell->verdict));
	market__text_clear(&line);
	market__text_printf(&page->out, "    service %s",
	    cell->service == MARKET_SERVICE_UNSPECIFIED
		? "cannot be told"
		: market_service_name(cell->service));
	for (i = 0; i < cell->disclosure_count; i++)
		market__text_printf(&page->out, "%s%s",
		    i == 0 ? "; to be disclosed: " : ", ",
		    market_disclosure_name(cell->disclosures[i]));
	market__text_putc(&page->out, '\n');
	for (i = 0; i < cell->finding_count; i++)
		write_finding(page, &cell->findings[i]);
	for (i = 0; i < cell->missing_count; i++) {
		market__text_puts(
		    &page->out, i == 0 ? "    missing " : "            ");
		wrap(page, cell->missing[i], 12, 12);
	}
	market__text_printf(&page->out, "    rests on %zu statement%s",
	    cell->used_count, cell->used_count == 1 ? "" : "s");
	if (cell->horizon != INT64_MAX) {
		market__time_format(cell->horizon, time);
		market__text_printf(&page->out, "; %s %s",
		    cell->verdict == MARKET_VERDICT_PERMIT
			? "holds until"
			: "can change by itself at",
		    time);
	}
	market__text_putc(&page->out, '\n');
}

static void
write_ignored(page_t *page, const market_decision_t *decision)
{
	const market_ignored_t *one;
	size_t i;

	if (decision->n_ignored > 0)
		market__text_puts(
		    &page->out, "  ignored, since it is no evidence\n");
	for (i = 0; i < decision->n_ignored; i++) {
		one = &decision->ignored[i];
		market__text_puts(&page->out, "    ");
		market__text_escaped(&page->out,
		    market_slice_of(
			one->name == NULL ? "(no name)" : one->name));
		market__text_printf(
		    &page->out, ": %s\n", market_code_info(one->code)->name);
		indent(page, 10);
		wrap(page, one->message, 10, 10);
	}
}

market_status_t
market_decision_text(const market_decision_t *decision, unsigned width,
    market_buffer_t *ret_text)
{
	const market__header_t *header;
	market__text_t line;
	page_t page;
	size_t i;

	if (decision == NULL || ret_text == NULL)
		return MARKET_E_ARGUMENT;
	header = market__header(decision->offer);
	page.width = width == 0 ? 80 : width < 40 ? 40 : width;
	market__text_init(
	    &page.out, &decision->context->allocator, SIZE_MAX / 2);
	market__text_init(&line, page.out.allocator, 1 << 16);
	market__text_escaped(&line, header->issuer);
	market__text_putc(&line, '/');
	market__text_escaped(&line, header->id);
	market__text_putc(&line, ' ');
	market__text_escaped(&line, decision->offer->message->of.offer.brand);
	market__text_putc(&line, ' ');
	market__text_escaped(&line, decision->offer->message->of.offer.model);
	headline(&page, &line, market_verdict_name(decision->verdict));
	market__text_clear(&line);
	market__text_puts(&page.out, "  as of ");
	market__text_time(&page.out, decision->at);
	market__text_puts(&page.out, ", offer [");
	market__text_hex(&page.out, market__slice(decision->offer->digest, 6));
	market__text_puts(&page.out, "]\n");
	for (i = 0; i < decision->findings.n; i++)
		write_finding(&page, &decision->findings.v[i]);
	for (i = 0; i < decision->n_cells; i++)
		write_cell(&page, &decision->cells[i]);
	write_ignored(&page, decision);
	return market__text_take(&page.out, ret_text);
}
