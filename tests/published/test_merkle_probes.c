/* SPDX-License-Identifier: Apache-2.0 */
/*
 * M1: the probes of transparency-dev/merkle: proofs of inclusion and growth,
 * good ones and ones that are broken in every way.
 */
#include <stdio.h>
#include <stdlib.h>

#include "crypto/merkle.h"
#include "crypto_kit.h"

enum { KIND, EXPECT, FIRST, SIZE, START, ROOT, PROOF, SOURCE, COLUMNS };

typedef struct probe {
	uint8_t room[8192]; /* of all hashes */
	size_t used;
	uint64_t first, size;
	market_slice_t start, root;
	market_slice_t nodes[2 * MARKET__PROOF_MAX];
	size_t n;
} probe_t;

/* The whole bytes of it; some are no node's: none ("-"), or 31 and a half. */
static market_slice_t
bytes_of(probe_t *probe, const char *hex)
{
	uint8_t *bytes = probe->room + probe->used;
	size_t len = strlen(hex) / 2, i;
	char digits[3] = { 0 };

	ck_assert_uint_le(probe->used + len, sizeof(probe->room));
	probe->used += len;
	for (i = 0; i < len; i++) {
		memcpy(digits, hex + 2 * i, 2);
		bytes[i] = (uint8_t)strtoul(digits, NULL, 16);
	}
	return market__slice(bytes, len);
}

static void
split(char *line, char separator, char **parts, size_t max, size_t *n)
{
	for (*n = 0; line != NULL; line = parts[*n]) {
		ck_assert_uint_lt(*n, max);
		parts[(*n)++] = line;
		line = strchr(line, separator);
		if (line == NULL)
			break;
		*line = '\0';
		parts[*n] = line + 1;
	}
}

static void
read_probe(char **columns, probe_t *ret)
{
	char *nodes[2 * MARKET__PROOF_MAX + 1];
	size_t n = 0, i;

	memset(ret, 0, sizeof(*ret));
	ret->first = strtoull(columns[FIRST], NULL, 10);
	ret->size = strtoull(columns[SIZE], NULL, 10);
	ret->start = bytes_of(ret, columns[START]);
	ret->root = bytes_of(ret, columns[ROOT]);
	if (strcmp(columns[PROOF], "-") != 0)
		split(columns[PROOF], ',', nodes, MARKET__COUNT(nodes) - 1, &n);
	for (i = 0; i < n; i++)
		ret->nodes[ret->n++] = bytes_of(ret, nodes[i]);
}

/* Roots of a few probes of growth are words: filled up, they differ as before.
 */
static bool
to_node(market_slice_t bytes, bool word, market__node_t *ret)
{
	if (bytes.len > MARKET_DIGEST_LEN ||
	    (bytes.len < MARKET_DIGEST_LEN && !word))
		return false;
	memset(ret->hash, 0, MARKET_DIGEST_LEN);
	memcpy(ret->hash, bytes.ptr, bytes.len);
	return true;
}

static market_status_t
judge(market__hasher_t *hasher, bool grows, const probe_t *probe,
    size_t *ret_asked)
{
	market__node_t start, root;
	market__proof_t proof;
	market_status_t status;

	if (!to_node(probe->start, grows, &start) ||
	    !to_node(probe->root, grows, &root))
		return MARKET_E_LOG;
	++*ret_asked;
	status = market__proof_read(probe->nodes, probe->n, &proof);
	if (status != MARKET_OK)
		return status;
	return grows ? market__merkle_consistent(hasher, probe->first,
			   probe->size, &start, &root, &proof)
		     : market__merkle_included(hasher, probe->first,
			   probe->size, &start, &proof, &root);
}

START_TEST(m1_probes_are_as_stated)
{
	char line[8192], *columns[COLUMNS + 1];
	market_context_t *context;
	market__hasher_t *hasher = NULL;
	size_t n, good = 0, bad = 0, asked = 0;
	market_status_t status;
	bool grows, want;
	probe_t probe;
	const char *path;
	FILE *file;

	HARNESS_SHARED(path, "vectors/merkle/probes.tsv");
	file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	context = kit_context();
	ck_assert_int_eq(market__hasher_new(context, &hasher), MARKET_OK);
	while (fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || line[0] == '\0')
			continue;
		split(line, '\t', columns, COLUMNS, &n);
		ck_assert_uint_eq(n, COLUMNS);
		grows = strcmp(columns[KIND], "consistency") == 0;
		ck_assert(grows || strcmp(columns[KIND], "inclusion") == 0);
		want = strcmp(columns[EXPECT], "ok") == 0;
		ck_assert(want || strcmp(columns[EXPECT], "fail") == 0);
		read_probe(columns, &probe);
		status = judge(hasher, grows, &probe, &asked);
		ck_assert_msg(status == (want ? MARKET_OK : MARKET_E_LOG) ||
			(!want && status == MARKET_E_LIMIT),
		    "M1 %s: %s", columns[SOURCE], market_status_name(status));
		good += want;
		bad += !want;
	}
	fclose(file);
	ck_assert_uint_ge(good, 8);
	ck_assert_uint_ge(bad, 120);
	/* The others are of hashes that are none. */
	ck_assert_uint_ge(asked, 120);
	market__hasher_free(hasher);
	market_context_free(context);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("merkle_probes");
	TCase *tcase = tcase_create("merkle_probes");

	tcase_add_test(tcase, m1_probes_are_as_stated);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
