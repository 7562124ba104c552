/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "wire/names.h"

void
market__json_name(const char *name, char out[MARKET__NAME_MAX])
{
	size_t len = 0;
	bool upper = false;

	for (; *name != '\0' && len < MARKET__NAME_MAX - 1; name++) {
		if (*name == '_') {
			upper = true;
			continue;
		}
		out[len] = *name;
		if (upper && *name >= 'a' && *name <= 'z')
			out[len] = (char)(*name - 'a' + 'A');
		upper = false;
		len++;
	}
	out[len] = '\0';
}

bool
market__field_is_time(const ProtobufCFieldDescriptor *field)
{
	static const char *const times[] = { "issued_at", "not_before",
		"not_after", "from", "until", "effective_at" };
	size_t i;

	if (field->type != PROTOBUF_C_TYPE_INT64)
		return false;
	for (i = 0; i < MARKET__COUNT(times); i++)
		if (strcmp(field->name, times[i]) == 0)
			return true;
	return false;
}

const ProtobufCFieldDescriptor *
market__field_find(
    const ProtobufCMessageDescriptor *message, market_slice_t name)
{
	unsigned i;

	for (i = 0; i < message->n_fields; i++)
		if (market__slice_is(name, message->fields[i].name))
			return &message->fields[i];
	return NULL;
}

const ProtobufCFieldDescriptor *
market__field_find_json(
    const ProtobufCMessageDescriptor *message, market_slice_t json_name)
{
	char name[MARKET__NAME_MAX];
	unsigned i;

	for (i = 0; i < message->n_fields; i++) {
		market__json_name(message->fields[i].name, name);
		if (market__slice_is(json_name, name))
			return &message->fields[i];
	}
	return NULL;
}

/* Length of "CHANNEL_" where the zero value is CHANNEL_UNSPECIFIED. */
static size_t
prefix_len(const ProtobufCEnumDescriptor *enumeration)
{
	static const char zero[] = "UNSPECIFIED";
	const char *name = enumeration->values[0].name;
	size_t len = strlen(name);

	if (len < sizeof(zero) - 1)
		return 0;
	len -= sizeof(zero) - 1;
	return strcmp(name + len, zero) == 0 ? len : 0;
}

const ProtobufCEnumValue *
market__enum_find(const ProtobufCEnumDescriptor *enumeration,
    market_slice_t name, bool short_too)
{
	size_t prefix = prefix_len(enumeration);
	unsigned i;

	for (i = 0; i < enumeration->n_values; i++) {
		const char *full = enumeration->values[i].name;

		if (market__slice_is(name, full) ||
		    (short_too && market__slice_is(name, full + prefix)))
			return &enumeration->values[i];
	}
	return NULL;
}

static char
folded(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Levenshtein distance without regard to case; long names are far apart. */
static size_t
distance(const char *a, size_t a_len, const char *b)
{
	size_t row[MARKET__NAME_MAX + 1], b_len = strlen(b), i, j;

	if (a_len > MARKET__NAME_MAX || b_len > MARKET__NAME_MAX)
		return SIZE_MAX;
	for (j = 0; j <= b_len; j++)
		row[j] = j;
	for (i = 1; i <= a_len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (j = 1; j <= b_len; j++) {
			size_t best = diagonal;

			if (folded(a[i - 1]) != folded(b[j - 1]))
				best++;
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			diagonal = row[j];
			row[j] = best;
		}
	}
	return row[b_len];
}

/* The candidates are asked for one by one; `which` picks the spelling. */
typedef void name_fn(const void *set, unsigned which, char *out);

static void
field_name(const void *set, unsigned which, char *out)
{
	const ProtobufCMessageDescriptor *message = set;

	snprintf(out, MARKET__NAME_MAX, "%s", message->fields[which].name);
}

static void
field_json_name(const void *set, unsigned which, char *out)
{
	const ProtobufCMessageDescriptor *message = set;

	market__json_name(message->fields[which].name, out);
}

static void
enum_name(const void *set, unsigned which, char *out)
{
	const ProtobufCEnumDescriptor *enumeration = set;

	snprintf(out, MARKET__NAME_MAX, "%s", enumeration->values[which].name);
}

static void
list_all(name_fn *name_of, const void *set, unsigned first, unsigned n,
    char out[MARKET__CURE_MAX])
{
	char name[MARKET__NAME_MAX];
	size_t len;
	unsigned i;

	snprintf(out, MARKET__CURE_MAX, "known here: ");
	for (i = first; i < n; i++) {
		name_of(set, i, name);
		len = strlen(out);
		snprintf(out + len, MARKET__CURE_MAX - len, "%s%s",
		    i == first ? "" : ", ", name);
	}
}

static void
suggest(name_fn *name_of, const void *set, unsigned first, unsigned n,
    market_slice_t given, char out[MARKET__CURE_MAX])
{
	char name[MARKET__NAME_MAX], best[MARKET__NAME_MAX] = "";
	size_t least = SIZE_MAX;
	unsigned i;

	for (i = first; i < n; i++) {
		size_t d;

		name_of(set, i, name);
		d = distance((const char *)given.ptr, given.len, name);
		/* What has nothing in common is no suggestion. */
		if (d < least && d <= 1 + strlen(name) / 3) {
			least = d;
			memcpy(best, name, sizeof(best));
		}
	}
	if (best[0] != '\0')
		snprintf(out, MARKET__CURE_MAX, "did you mean %s?", best);
	else
		list_all(name_of, set, first, n, out);
}

void
market__field_cure(const ProtobufCMessageDescriptor *message,
    market_slice_t name, bool json, char out[MARKET__CURE_MAX])
{
	const ProtobufCFieldDescriptor *field;
	char other[MARKET__NAME_MAX];

	field = json ? market__field_find(message, name)
		     : market__field_find_json(message, name);
	if (field == NULL) {
		suggest(json ? field_json_name : field_name, message, 0,
		    message->n_fields, name, out);
		return;
	}
	market__json_name(field->name, other);
	snprintf(out, MARKET__CURE_MAX,
	    json ? "JSON has it in lowerCamelCase: %s"
		 : "a path has it as the schema does: %s",
	    json ? other : field->name);
}

void
market__enum_cure(const ProtobufCEnumDescriptor *enumeration,
    market_slice_t name, char out[MARKET__CURE_MAX])
{
	const ProtobufCEnumValue *value;

	value = market__enum_find(enumeration, name, true);
	if (value != NULL)
		snprintf(
		    out, MARKET__CURE_MAX, "write it in full: %s", value->name);
	else
		/* The zero value is never a cure. */
		suggest(enum_name, enumeration, 1, enumeration->n_values, name,
		    out);
}
