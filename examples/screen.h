/* SPDX-License-Identifier: Apache-2.0 */
/* What the examples show: at most 80 columns, colour on a terminal only. */
#ifndef EXAMPLES_SCREEN_H
#define EXAMPLES_SCREEN_H

#include <market/market.h>

#define SCREEN_WIDTH 80

/* Looks once whether stdout is a terminal and NO_COLOR is not set. */
void screen_open(void);

void screen_heading(const char *text);

/* A paragraph, broken into lines and indented by `indent` blanks. */
void screen_text(size_t indent, const char *text);

/* One line of a list, after its mark: "then" or "supposed". */
void screen_marked(int happened, const char *who, const char *text);

/* The library's whole report. MARKET_E_MEMORY. */
market_status_t screen_report(const market_decision_t *decision);

#endif
