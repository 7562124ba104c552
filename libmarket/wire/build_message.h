/* SPDX-License-Identifier: Apache-2.0 */
/* What is in a build, for the files of this folder that fill it. */
#ifndef MARKET_WIRE_BUILD_MESSAGE_H
#define MARKET_WIRE_BUILD_MESSAGE_H

#include "wire/build.h"
#include "wire/tree.h"

struct market__build {
	market_kind_t kind;
	const market_allocator_t *allocator;
	ProtobufCMessage *message;
};

#endif
