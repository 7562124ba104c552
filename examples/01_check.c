/* SPDX-License-Identifier: Apache-2.0 */
/* 01_check ROOT POLICY OFFER [EVIDENCE]...: exit 0 if it may be listed now */
#include <market/market.h>
#include <stdio.h>
#include <time.h>

#include "file.h"

int
main(int argc, char **argv)
{
	market_context_t *context = NULL;
	market_evidence_t *evidence = NULL;
	market_decision_t *decision = NULL;
	market_buffer_t report = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	if (argc < 4 || market_context_new(NULL, &context) != MARKET_OK)
		return 64;
	status = market_evidence_new(
	    context, file_load(argv[1]), file_load(argv[2]), &evidence, &error);
	for (int i = 4; i < argc && status == MARKET_OK; i++)
		status = market_evidence_add(
		    evidence, file_load(argv[i]), argv[i], &error);
	if (status == MARKET_OK)
		status = market_check(evidence, file_load(argv[3]), time(NULL),
		    &decision, &error);
	if (market_decision_text(decision, 80, &report) == MARKET_OK)
		fputs((const char *)report.data, stdout);
	else
		fprintf(stderr, "%s: %s\n", error.path, error.message);
	market_buffer_clear(&report);
	market_decision_free(decision);
	market_evidence_free(evidence);
	market_context_free(context);
	file_forget();
	return status != MARKET_OK;
}
