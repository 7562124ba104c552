/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An ordered map from bytes to a row, with an undo. What a transaction has put
 * in or taken out is told by the nodes themselves, so that neither end of it
 * needs memory: only market__memory_map_make() allocates.
 */
#ifndef MARKET_STORE_MEMORY_MAP_H
#define MARKET_STORE_MEMORY_MAP_H

#include "base/base.h"

typedef struct market__memory_node {
	struct market__memory_node *parent;
	struct market__memory_node *child[2]; /* lower keys, higher keys */
	struct market__memory_node *touched;  /* the next one of the undo */
	market_slice_t key;
	void *value; /* aligned for any type; zeroed when made */
	uint8_t height;
	bool linked; /* it is in the map */
	bool fresh;  /* put there since the last commit */
} market__memory_node_t;

typedef struct market__memory_map {
	const market_allocator_t *allocator;
	market__memory_node_t *root;
	market__memory_node_t *touched; /* since the last commit */
} market__memory_map_t;

void market__memory_map_init(
    market__memory_map_t *map, const market_allocator_t *allocator);
/* Gives all back, also what a transaction has left over. */
void market__memory_map_clear(market__memory_map_t *map);

/* A node that is in no map yet, with a copy of `key`; NULL: no memory. */
market__memory_node_t *market__memory_map_make(
    const market__memory_map_t *map, market_slice_t key, size_t value_size);
/* Takes a node from make() in, in place of the one with the same key. */
void market__memory_map_put(
    market__memory_map_t *map, market__memory_node_t *node);
/* Takes out a node that is in the map. */
void market__memory_map_remove(
    market__memory_map_t *map, market__memory_node_t *node);

/* NULL: there is none. */
market__memory_node_t *market__memory_map_find(
    const market__memory_map_t *map, market_slice_t key);
/* The first whose key is `key` or higher, or, with `above`, higher. */
market__memory_node_t *market__memory_map_seek(
    const market__memory_map_t *map, market_slice_t key, bool above);
market__memory_node_t *market__memory_map_next(
    const market__memory_node_t *node);

/* Neither can fail. */
void market__memory_map_commit(market__memory_map_t *map);
void market__memory_map_rollback(market__memory_map_t *map);

#endif
