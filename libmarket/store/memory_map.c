/* SPDX-License-Identifier: Apache-2.0 */
/* An AVL tree: whatever keys come, in whatever order, it stays shallow. */
#include <stdalign.h>

#include "store/memory_map.h"

typedef market__memory_node_t node_t;

/* What stands in front of a node's value. */
#define HEADER_SIZE                                                           \
	((sizeof(node_t) + alignof(max_align_t) - 1) / alignof(max_align_t) * \
	    alignof(max_align_t))

/* ---- the tree ---- */

static uint8_t
height(const node_t *node)
{
	return node == NULL ? 0 : node->height;
}

static void
measure(node_t *node)
{
	uint8_t a = height(node->child[0]), b = height(node->child[1]);

	node->height = (uint8_t)((a > b ? a : b) + 1);
}

/* Where the pointer to a node stands. */
static node_t **
place(market__memory_map_t *map, const node_t *node)
{
	node_t *parent = node->parent;

	if (parent == NULL)
		return &map->root;
	return &parent->child[parent->child[1] == node];
}

/* The child at `side` goes up, the node goes down on the other side. */
static node_t *
rotate(market__memory_map_t *map, node_t *node, int side)
{
	node_t **at = place(map, node), *up = node->child[side];

	node->child[side] = up->child[!side];
	if (node->child[side] != NULL)
		node->child[side]->parent = node;
	up->child[!side] = node;
	up->parent = node->parent;
	node->parent = up;
	*at = up;
	measure(node);
	measure(up);
	return up;
}

static void
rebalance(market__memory_map_t *map, node_t *node)
{
	uint8_t a, b, before;
	node_t *child;
	int side;

	for (; node != NULL; node = node->parent) {
		before = node->height;
		a = height(node->child[0]);
		b = height(node->child[1]);
		side = b > a;
		if ((side ? b - a : a - b) > 1) {
			child = node->child[side];
			if (height(child->child[side]) <
			    height(child->child[!side]))
				(void)rotate(map, child, !side);
			node = rotate(map, node, side);
		} else {
			measure(node);
		}
		if (node->height == before)
			return;
	}
}

/* The key is not there. */
static void
link_in(market__memory_map_t *map, node_t *node)
{
	node_t **at = &map->root, *parent = NULL;

	while (*at != NULL) {
		parent = *at;
		at = &parent->child[market__slice_compare(
					node->key, parent->key) > 0];
	}
	node->parent = parent;
	node->child[0] = node->child[1] = NULL;
	node->height = 1;
	node->linked = true;
	*at = node;
	rebalance(map, parent);
}

/* `with` stands where `node` stood. */
static void
take_place(market__memory_map_t *map, const node_t *node, node_t *with)
{
	int side;

	*place(map, node) = with;
	with->parent = node->parent;
	with->height = node->height;
	for (side = 0; side < 2; side++) {
		with->child[side] = node->child[side];
		if (with->child[side] != NULL)
			with->child[side]->parent = with;
	}
}

/* A node that has at most one child. */
static void
cut_out(market__memory_map_t *map, const node_t *node)
{
	node_t *child = node->child[node->child[0] == NULL];

	*place(map, node) = child;
	if (child != NULL)
		child->parent = node->parent;
}

static void
unlink_from(market__memory_map_t *map, node_t *node)
{
	node_t *next, *from;

	if (node->child[0] == NULL || node->child[1] == NULL) {
		from = node->parent;
		cut_out(map, node);
	} else {
		for (next = node->child[1]; next->child[0] != NULL;)
			next = next->child[0];
		from = next->parent == node ? next : next->parent;
		cut_out(map, next);
		take_place(map, node, next);
	}
	node->linked = false;
	rebalance(map, from);
}

/* ---- what it offers ---- */

void
market__memory_map_init(
    market__memory_map_t *map, const market_allocator_t *allocator)
{
	map->allocator = allocator;
	map->root = NULL;
	map->touched = NULL;
}

void
market__memory_map_clear(market__memory_map_t *map)
{
	node_t *node, *up;

	market__memory_map_commit(map);
	for (node = map->root; node != NULL; node = up) {
		if (node->child[0] != NULL || node->child[1] != NULL) {
			up = node->child[node->child[0] == NULL];
			continue;
		}
		up = node->parent;
		*place(map, node) = NULL;
		market__free(map->allocator, node);
	}
}

market__memory_node_t *
market__memory_map_make(
    const market__memory_map_t *map, market_slice_t key, size_t value_size)
{
	size_t size;
	uint8_t *at;
	node_t *node;

	if (!market__add(HEADER_SIZE, value_size, &size) ||
	    !market__add(size, key.len, &size))
		return NULL;
	at = market__alloc(map->allocator, size);
	if (at == NULL)
		return NULL;
	node = (void *)at;
	node->value = at + HEADER_SIZE;
	at += HEADER_SIZE + value_size;
	if (key.len > 0)
		memcpy(at, key.ptr, key.len);
	node->key = market__slice(at, key.len);
	return node;
}

static void
touch(market__memory_map_t *map, node_t *node)
{
	node->touched = map->touched;
	map->touched = node;
}

void
market__memory_map_put(market__memory_map_t *map, market__memory_node_t *node)
{
	node_t *old = market__memory_map_find(map, node->key);

	if (old == NULL) {
		link_in(map, node);
	} else {
		take_place(map, old, node);
		old->linked = false;
		node->linked = true;
		if (!old->fresh)
			touch(map, old);
	}
	node->fresh = true;
	touch(map, node);
}

void
market__memory_map_remove(
    market__memory_map_t *map, market__memory_node_t *node)
{
	unlink_from(map, node);
	/* A fresh one was touched when it came. */
	if (!node->fresh)
		touch(map, node);
}

market__memory_node_t *
market__memory_map_find(const market__memory_map_t *map, market_slice_t key)
{
	node_t *node = market__memory_map_seek(map, key, false);

	return node != NULL && market__slice_equal(node->key, key) ? node
								   : NULL;
}

market__memory_node_t *
market__memory_map_seek(
    const market__memory_map_t *map, market_slice_t key, bool above)
{
	node_t *node = map->root, *best = NULL;
	int order;

	while (node != NULL) {
		order = market__slice_compare(node->key, key);
		if (order > 0 || (order == 0 && !above)) {
			best = node;
			node = node->child[0];
		} else {
			node = node->child[1];
		}
	}
	return best;
}

market__memory_node_t *
market__memory_map_next(const market__memory_node_t *node)
{
	const node_t *from;
	node_t *at = node->child[1];

	if (at != NULL) {
		while (at->child[0] != NULL)
			at = at->child[0];
		return at;
	}
	from = node;
	for (at = node->parent; at != NULL && at->child[1] == from;) {
		from = at;
		at = at->parent;
	}
	return at;
}

/* ---- the undo ---- */

void
market__memory_map_commit(market__memory_map_t *map)
{
	node_t *node, *next;

	for (node = map->touched; node != NULL; node = next) {
		next = node->touched;
		node->touched = NULL;
		node->fresh = false;
		if (!node->linked)
			market__free(map->allocator, node);
	}
	map->touched = NULL;
}

/*
 * Each node stands in the undo once. What was there before comes back only
 * when all that is new is out: it may have the same key.
 */
void
market__memory_map_rollback(market__memory_map_t *map)
{
	node_t *node, *next;

	for (node = map->touched; node != NULL; node = node->touched)
		if (node->fresh && node->linked)
			unlink_from(map, node);
	for (node = map->touched; node != NULL; node = next) {
		next = node->touched;
		node->touched = NULL;
		if (node->fresh)
			market__free(map->allocator, node);
		else
			link_in(map, node);
	}
	map->touched = NULL;
}
