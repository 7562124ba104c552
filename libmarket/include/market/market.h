/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All of libmarket. What does not say otherwise is there since 0.1.0.
 */
#ifndef MARKET_MARKET_H
#define MARKET_MARKET_H

#include <market/batch.h>
#include <market/context.h>
#include <market/decision.h>
#include <market/draft.h>
#include <market/evidence.h>
#include <market/feed.h>
#include <market/finding.h>
#include <market/identifier.h>
#include <market/key.h>
#include <market/root.h>
#include <market/statement.h>
#include <market/status.h>
#include <market/store.h>
#include <market/types.h>
#include <market/vocabulary.h>

#endif
