/* SPDX-License-Identifier: Apache-2.0 */
#include "protobuf_c.h"

#include <stdlib.h>

#include "fuzz.h"
#include "wire/descriptors.h"

static bool
has_unknown(const ProtobufCMessage *message)
{
	const ProtobufCFieldDescriptor *field;
	const uint8_t *at = (const uint8_t *)message;
	const ProtobufCMessage *const *children;
	const ProtobufCMessage *child;
	size_t i, k, n;

	if (message->n_unknown_fields > 0)
		return true;
	for (i = 0; i < message->descriptor->n_fields; i++) {
		field = &message->descriptor->fields[i];
		if (field->type != PROTOBUF_C_TYPE_MESSAGE)
			continue;
		if (field->label == PROTOBUF_C_LABEL_REPEATED) {
			memcpy(&n, at + field->quantifier_offset, sizeof(n));
			memcpy(&children, at + field->offset, sizeof(children));
			for (k = 0; k < n; k++)
				if (has_unknown(children[k]))
					return true;
			continue;
		}
		if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
			uint32_t set;

			memcpy(
			    &set, at + field->quantifier_offset, sizeof(set));
			if (set != field->id)
				continue;
		}
		memcpy(&child, at + field->offset, sizeof(child));
		if (child != NULL && has_unknown(child))
			return true;
	}
	return false;
}

bool
protobuf_c_check(market_kind_t kind, market_slice_t payload)
{
	const ProtobufCMessageDescriptor *type = market__kind_descriptor(kind);
	ProtobufCMessage *message;
	uint8_t *again;
	bool unknown;

	message = protobuf_c_message_unpack(
	    type, NULL, payload.len, payload.ptr);
	FUZZ_ASSERT(message != NULL);
	FUZZ_ASSERT(protobuf_c_message_get_packed_size(message) == payload.len);
	again = malloc(payload.len + 1);
	FUZZ_ASSERT(again != NULL);
	FUZZ_ASSERT(protobuf_c_message_pack(message, again) == payload.len);
	FUZZ_ASSERT(
	    payload.len == 0 || memcmp(again, payload.ptr, payload.len) == 0);
	unknown = has_unknown(message);
	free(again);
	protobuf_c_message_free_unpacked(message, NULL);
	return unknown;
}
