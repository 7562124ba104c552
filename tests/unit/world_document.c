/* SPDX-License-Identifier: Apache-2.0 */
/* Documents of the world: what an edit says, put into a document. */
#include <stdlib.h>
#include <string.h>

#include "world_inner.h"

/* "NAME+": the elements go to the end of the list NAME. */
static void
append(json_t *target, const char *name, json_t *items)
{
	char list[NAME_MAX_LEN];
	json_t *old, *copy;

	snprintf(list, sizeof(list), "%.*s", (int)strlen(name) - 1, name);
	old = json_object_get(target, list);
	copy = old == NULL ? json_array() : json_copy(old);
	json_array_extend(copy, items);
	json_object_set_new(target, list, copy);
}

/* "NAME[i]": the patch is for element i of the list NAME. */
static bool
merge_element(json_t *target, const char *name, json_t *patch)
{
	char list[NAME_MAX_LEN];
	json_t *element;
	int i;

	if (sscanf(name, "%95[^[][%d]", list, &i) != 2)
		return false;
	element = json_array_get(json_object_get(target, list), (size_t)i);
	ck_assert_msg(json_is_object(element), "no object at %s", name);
	world_merge(element, patch);
	return true;
}

/* JSON merge patch (RFC 7396), and "NAME+" and "NAME[i]" for a list. */
void
world_merge(json_t *target, json_t *patch)
{
	json_t *item, *old;
	const char *name;

	json_object_foreach(patch, name, item)
	{
		old = json_object_get(target, name);
		if (name[strlen(name) - 1] == '+') {
			append(target, name, item);
		} else if (merge_element(target, name, item)) {
			continue;
		} else if (json_is_null(item)) {
			json_object_del(target, name);
		} else if (json_is_object(item)) {
			if (!json_is_object(old)) {
				json_object_set_new(
				    target, name, json_object());
				old = json_object_get(target, name);
			}
			world_merge(old, item);
		} else {
			json_object_set(target, name, item);
		}
	}
}

/* A text without any " may have ' for it: tables read better so. */
json_t *
world_parse(const char *text)
{
	json_error_t error;
	json_t *value;
	char *copy, *c;

	copy = calloc(strlen(text) + 1, 1);
	ck_assert_ptr_nonnull(copy);
	memcpy(copy, text, strlen(text));
	if (strchr(copy, '"') == NULL)
		for (c = copy; *c != '\0'; c++)
			if (*c == '\'')
				*c = '"';
	value = json_loads(copy, JSON_REJECT_DUPLICATES, &error);
	ck_assert_msg(value != NULL, "%s: %s", error.text, text);
	free(copy);
	return value;
}
