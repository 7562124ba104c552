/* SPDX-License-Identifier: Apache-2.0 */
/* The nodes and edges of a graph, from what a decision tells. */
#include "cli/graph_make.h"

/* Bytes that one graph may take: a decision has at most 256 cells. */
#define GRAPH_BUDGET ((size_t)64 << 20)

/* ---- nodes and edges; room was made for as many as there can be ---- */

static size_t
add_node(market__cli_making_t *m, market__cli_node_kind_t kind,
    market__cli_state_t state)
{
	market__cli_node_t *node = &m->graph->nodes[m->graph->n_nodes];

	memset(node, 0, sizeof(*node));
	node->kind = kind;
	node->state = state;
	node->above = NO_NODE;
	return m->graph->n_nodes++;
}

/* There is one between two nodes at most: the first one stays. */
static void
add_edge(market__cli_making_t *m, size_t from, size_t to, const char *what)
{
	market__cli_graph_t *graph = m->graph;
	market__cli_edge_t *edge;
	size_t i;

	if (from == NO_NODE || to == NO_NODE || from == to)
		return;
	for (i = 0; i < graph->n_edges; i++)
		if (graph->edges[i].from == from && graph->edges[i].to == to)
			return;
	edge = &graph->edges[graph->n_edges++];
	edge->from = from;
	edge->to = to;
	edge->what = what;
}

/* The same, and `to` hangs from it unless it hangs from something already. */
static void
hang(market__cli_making_t *m, size_t from, size_t to, const char *what)
{
	add_edge(m, from, to, what);
	if (from != NO_NODE && to != NO_NODE && from != to &&
	    m->graph->nodes[to].above == NO_NODE)
		m->graph->nodes[to].above = from;
}

/* The node of that statement, if it has one. */
static size_t
node_of(const market__cli_making_t *m, market_slice_t digest)
{
	size_t i = digest.len == 0 ? m->n : market__cli_find(m, digest);

	return i == m->n ? NO_NODE : m->places[i].node;
}

/* ---- findings ---- */

static bool
is_against(const market_finding_t *finding)
{
	return finding->effect == MARKET_EFFECT_DENY ||
	    finding->effect == MARKET_EFFECT_INDETERMINATE;
}

static bool
forbids(market_kind_t kind)
{
	return kind == MARKET_KIND_HOLD || kind == MARKET_KIND_DISAVOWAL;
}

/* Cells tell the same of one statement. */
static void
add_about(market__cli_making_t *m, market__cli_node_t *node,
    const market_finding_t *finding)
{
	const market_finding_t **more;
	size_t i;

	for (i = 0; i < node->n_about; i++)
		if (node->about[i]->code == finding->code &&
		    strcmp(node->about[i]->message, finding->message) == 0)
			return;
	more = market__arena_array(
	    &m->graph->arena, node->n_about + 1, sizeof(*more));
	if (more == NULL) {
		m->status = MARKET_E_MEMORY;
		return;
	}
	if (node->n_about > 0)
		memcpy((void *)more, (const void *)node->about,
		    node->n_about * sizeof(*more));
	more[node->n_about] = finding;
	node->about = more;
	node->n_about++;
	if (node->kind != NODE_STATEMENT)
		return;
	if (is_against(finding) ||
	    finding->code == MARKET_CODE_AUTHORIZATION_ALTERNATIVE_FAILED)
		node->state = forbids(node->source->kind) ? STATE_FORBIDS
							  : STATE_FAILS;
}

/* Does what it says reach the cell by the offer, and not by itself? */
static bool
leads_to_offer(market_kind_t kind)
{
	switch (kind) {
	case MARKET_KIND_TRUST_ROOT:
	case MARKET_KIND_KEY_SET:
	case MARKET_KIND_SELLER:
	case MARKET_KIND_AUTHORIZATION:
	case MARKET_KIND_OFFER: return true;
	default: return false;
	}
}

/* A finding of `node`, the offer or a cell. */
static void
add_finding(
    market__cli_making_t *m, size_t node, const market_finding_t *finding)
{
	market__cli_node_t *nodes = m->graph->nodes;
	size_t about = node_of(m, finding->evidence), n;

	if (about != NO_NODE) {
		add_about(m, &nodes[about], finding);
		if (!leads_to_offer(nodes[about].source->kind))
			add_edge(m, about, node,
			    is_against(finding) ? "speaks against" : "limits");
		return;
	}
	n = add_node(m, NODE_FINDING,
	    finding->effect == MARKET_EFFECT_DENY ? STATE_FAILS
		: is_against(finding)             ? STATE_UNSURE
						  : STATE_HOLDS);
	add_about(m, &nodes[n], finding);
	add_edge(m, n, node, is_against(finding) ? "speaks against" : "limits");
	nodes[n].above = node;
	if (is_against(finding))
		nodes[node].state = STATE_FAILS;
}

/* ---- statements ---- */

static void
add_statements(market__cli_making_t *m)
{
	size_t i;

	for (i = 0; i < m->n; i++) {
		m->places[i].node = NO_NODE;
		if (!m->places[i].meant)
			continue;
		m->places[i].node = add_node(m, NODE_STATEMENT, STATE_HOLDS);
		m->graph->nodes[m->places[i].node].source = market__cli_source(
		    m, i);
	}
}

/* The party that signed it, whose first keys the trust root names. */
static size_t
party_of(market__cli_making_t *m, market_slice_t issuer)
{
	market__cli_graph_t *graph = m->graph;
	size_t i, root = NO_NODE;

	for (i = 0; i < graph->n_nodes; i++) {
		if (graph->nodes[i].kind == NODE_PARTY &&
		    market__slice_equal(graph->nodes[i].text, issuer))
			return i;
		if (graph->nodes[i].kind == NODE_STATEMENT &&
		    graph->nodes[i].source->kind == MARKET_KIND_TRUST_ROOT)
			root = i;
	}
	i = add_node(m, NODE_PARTY, STATE_HOLDS);
	graph->nodes[i].text = issuer;
	hang(m, root, i, "names the keys of");
	return i;
}

static void
connect_statement(
    market__cli_making_t *m, const market_source_t *source, size_t node)
{
	market__cli_node_t *nodes = m->graph->nodes;
	size_t by = node_of(m, source->keys_by), party;
	size_t parent = node_of(m, source->parent);

	/* The trust root stands on nothing. */
	if (by == NO_NODE)
		return;
	if (nodes[by].source->kind == MARKET_KIND_TRUST_ROOT) {
		hang(m, party_of(m, source->issuer), node, "signed");
	} else if (nodes[by].source->kind == MARKET_KIND_KEY_SET) {
		/* They stand beside each other, however many there are. */
		party = party_of(m, source->issuer);
		add_edge(m, by, node, "vouches for");
		nodes[node].above = party;
	} else {
		hang(m, by, node,
		    source->kind == MARKET_KIND_AUTHORIZATION
			? "grants on to"
			: "names the keys of");
	}
	if (source->kind == MARKET_KIND_NETWORK)
		hang(m, parent, node, "hosts");
	else
		hang(m, parent, node, "is the parent of");
}

/* ---- the offer and its cells ---- */

/* Is it the last one of a chain that the cell uses? */
static bool
is_leaf(const market__cli_making_t *m, const market_cell_t *cell,
    const market_source_t *source)
{
	const market_source_t *other;
	size_t i;

	if (source->kind != MARKET_KIND_AUTHORIZATION ||
	    !market__cli_cell_uses(cell, source))
		return false;
	for (i = 0; i < m->n; i++) {
		other = market__cli_source(m, i);
		if (other->kind == MARKET_KIND_AUTHORIZATION &&
		    market__slice_equal(other->keys_by, source->digest) &&
		    market__cli_cell_uses(cell, other))
			return false;
	}
	return true;
}

static void
connect_offer(market__cli_making_t *m)
{
	size_t offer = m->places[m->offer].node, i, k;
	const market_finding_t *finding;
	const market_cell_t *cell;

	for (i = 0; (cell = market__cli_meant_cell(m, i)) != NULL; i++)
		for (k = 0; k < m->n; k++)
			if (is_leaf(m, cell, market__cli_source(m, k)))
				hang(m, m->places[k].node, offer, "authorises");
	hang(m, node_of(m, market__cli_source(m, m->offer)->keys_by), offer,
	    "names the keys of");
	for (i = 0;
	     (finding = market_decision_finding(m->graph->decision, i)) != NULL;
	     i++)
		add_finding(m, offer, finding);
}

/* A network's host, and what a certification builds on, act by these. */
static bool
is_above(const market__cli_making_t *m, const market_cell_t *cell,
    const market_source_t *source)
{
	const market_source_t *other;
	size_t i;

	for (i = 0; i < m->n; i++) {
		other = market__cli_source(m, i);
		if (market__slice_equal(other->parent, source->digest) &&
		    market__cli_cell_uses(cell, other))
			return true;
	}
	return false;
}

static void
add_cell(market__cli_making_t *m, const market_cell_t *cell)
{
	market__cli_node_t *nodes = m->graph->nodes;
	const market_source_t *source;
	size_t node, i, n;

	node = add_node(m, NODE_CELL,
	    cell->verdict == MARKET_VERDICT_PERMIT     ? STATE_HOLDS
		: cell->verdict == MARKET_VERDICT_DENY ? STATE_FAILS
						       : STATE_UNSURE);
	nodes[node].cell = cell;
	hang(m, m->places[m->offer].node, node, "asks for");
	for (i = 0; i < cell->finding_count; i++)
		add_finding(m, node, &cell->findings[i]);
	for (i = 0; i < m->n; i++) {
		source = market__cli_source(m, i);
		if (market__cli_cell_uses(cell, source) &&
		    !leads_to_offer(source->kind) && !is_above(m, cell, source))
			add_edge(m, m->places[i].node, node, "counts for");
	}
	for (i = 0; i < cell->missing_count; i++) {
		n = add_node(m, NODE_MISSING, STATE_MISSING);
		nodes[n].text = market_slice_of(cell->missing[i]);
		nodes[n].above = node;
		add_edge(m, n, node, "is missing");
	}
}

/* ---- what falls with something else ---- */

static bool
is_authorising(const market__cli_graph_t *graph, const market__cli_edge_t *edge)
{
	const market__cli_node_t *from = &graph->nodes[edge->from];
	const market__cli_node_t *to = &graph->nodes[edge->to];

	return from->kind == NODE_STATEMENT && to->kind == NODE_STATEMENT &&
	    from->source->kind == MARKET_KIND_AUTHORIZATION &&
	    to->source->kind == MARKET_KIND_OFFER;
}

/* Each cell may have a chain of its own: one that holds is enough. */
static bool
another_holds(const market__cli_graph_t *graph, const market__cli_edge_t *edge)
{
	const market__cli_edge_t *other;
	size_t i;

	for (i = 0; i < graph->n_edges; i++) {
		other = &graph->edges[i];
		if (other->to == edge->to && is_authorising(graph, other) &&
		    graph->nodes[other->from].state == STATE_HOLDS)
			return true;
	}
	return false;
}

static bool
falls(const market__cli_graph_t *graph, const market__cli_edge_t *edge)
{
	const market__cli_node_t *to = &graph->nodes[edge->to];

	if (graph->nodes[edge->from].state == STATE_HOLDS ||
	    to->state != STATE_HOLDS || to->kind == NODE_CELL)
		return false;
	return !is_authorising(graph, edge) || !another_holds(graph, edge);
}

static void
let_fall(market__cli_graph_t *graph)
{
	bool again = true;
	size_t i;

	while (again) {
		again = false;
		for (i = 0; i < graph->n_edges; i++) {
			if (!falls(graph, &graph->edges[i]))
				continue;
			graph->nodes[graph->edges[i].to].state = STATE_FALLS;
			again = true;
		}
	}
}

/* ---- all of it ---- */

/* As many nodes and edges as there can be. */
static market_status_t
make_room(market__cli_making_t *m)
{
	market__cli_graph_t *graph = m->graph;
	const market_cell_t *cell;
	size_t i, n_nodes, n_edges;

	while (market__cli_source(m, m->n) != NULL)
		m->n++;
	/* Each statement, and its party. */
	n_nodes = 2 * m->n;
	for (i = 0; market_decision_finding(graph->decision, i) != NULL; i++)
		n_nodes++;
	n_edges = 2 * m->n;
	for (i = 0; (cell = market__cli_meant_cell(m, i)) != NULL; i++) {
		n_nodes += 1 + cell->finding_count + cell->missing_count;
		n_edges += 2 * cell->used_count + cell->finding_count;
	}
	n_edges += n_nodes;
	m->places = market__arena_array(
	    &graph->arena, m->n + 1, sizeof(*m->places));
	graph->nodes = market__arena_array(
	    &graph->arena, n_nodes + 1, sizeof(*graph->nodes));
	graph->edges = market__arena_array(
	    &graph->arena, n_edges + 1, sizeof(*graph->edges));
	if (m->places == NULL || graph->nodes == NULL || graph->edges == NULL)
		return MARKET_E_MEMORY;
	return MARKET_OK;
}

market_status_t
market__cli_graph_make(const market_allocator_t *allocator,
    const market_listing_t *listing, const market_decision_t *decision,
    const market__cli_cells_t *cells, market__cli_graph_t *graph)
{
	market__cli_making_t m = { .graph = graph, .cells = cells };
	const market_cell_t *cell;
	market_status_t status;
	size_t i;

	memset(graph, 0, sizeof(*graph));
	market__arena_init(&graph->arena, allocator, GRAPH_BUDGET);
	graph->listing = listing;
	graph->decision = decision;
	status = make_room(&m);
	if (status != MARKET_OK)
		return status;
	market__cli_mean(&m);
	add_statements(&m);
	for (i = 0; i < m.n; i++)
		if (m.places[i].meant && i != m.offer)
			connect_statement(
			    &m, market__cli_source(&m, i), m.places[i].node);
	connect_offer(&m);
	for (i = 0; (cell = market__cli_meant_cell(&m, i)) != NULL; i++)
		add_cell(&m, cell);
	let_fall(graph);
	return m.status;
}

void
market__cli_graph_clear(market__cli_graph_t *graph)
{
	market__arena_clear(&graph->arena);
}
