/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What rows keep as bytes: questions, answers, and the details of entries.
 * One way to write each, since hashes are taken over them.
 */
#include "api/store_call.h"

void
market__put64(uint8_t *out, uint64_t value)
{
	int i;

	for (i = 7; i >= 0; i--) {
		out[i] = (uint8_t)value;
		value >>= 8;
	}
}

uint64_t
market__get64(const uint8_t *in)
{
	uint64_t value = 0;
	int i;

	for (i = 0; i < 8; i++)
		value = value << 8 | in[i];
	return value;
}

/* ---- a run of bytes ---- */

typedef struct run {
	uint8_t *out; /* NULL: only counted */
	const uint8_t *in;
	size_t at, len;
	bool good;
} run_t;

static void
put_number(run_t *run, uint64_t value)
{
	/* LEB128, as protobuf's varints. */
	do {
		if (run->out != NULL)
			run->out[run->at] = (uint8_t)((value & 0x7f) |
			    (value > 0x7f ? 0x80 : 0));
		run->at++;
		value >>= 7;
	} while (value != 0);
}

static void
put_bytes(run_t *run, const void *ptr, size_t len)
{
	if (run->out != NULL && len > 0)
		memcpy(run->out + run->at, ptr, len);
	run->at += len;
}

static void
put_slice(run_t *run, market_slice_t s)
{
	put_number(run, s.len);
	put_bytes(run, s.ptr, s.len);
}

static uint64_t
get_number(run_t *run)
{
	uint64_t value = 0;
	unsigned shift = 0;
	uint8_t byte;

	do {
		if (!run->good || run->at >= run->len || shift > 63) {
			run->good = false;
			return 0;
		}
		byte = run->in[run->at++];
		value |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
	} while ((byte & 0x80) != 0);
	/* One way only: no zeros behind, and nothing that was shifted out. */
	if ((byte == 0 && shift > 7) || (shift == 70 && byte > 1))
		run->good = false;
	return value;
}

static market_slice_t
get_slice(run_t *run)
{
	uint64_t len = get_number(run);
	market_slice_t s = { NULL, 0 };

	if (!run->good || len > run->len - run->at) {
		run->good = false;
		return s;
	}
	s = market__slice(run->in + run->at, (size_t)len);
	run->at += (size_t)len;
	return s;
}

static void
get_bytes(run_t *run, uint8_t *out, size_t len)
{
	if (!run->good || len > run->len - run->at) {
		run->good = false;
		return;
	}
	memcpy(out, run->in + run->at, len);
	run->at += len;
}

static run_t
reading(market_slice_t bytes)
{
	run_t run = { 0 };

	run.in = bytes.ptr;
	run.len = bytes.len;
	run.good = true;
	return run;
}

static bool
read_all(const run_t *run)
{
	return run->good && run->at == run->len;
}

/* Counts first, then writes. */
static market_status_t
write_run(void (*put)(run_t *run, const void *what), const void *what,
    market__arena_t *arena, market_slice_t *ret_bytes)
{
	run_t run = { 0 };

	put(&run, what);
	run.out = market__arena_alloc(arena, run.at + 1);
	if (run.out == NULL)
		return market__arena_refusal(arena);
	run.at = 0;
	put(&run, what);
	*ret_bytes = market__slice(run.out, run.at);
	return MARKET_OK;
}

/* ---- questions ---- */

static void
write_question(run_t *run, const void *what)
{
	const market__question_t *q = what;
	size_t i;

	put_slice(run, q->seller);
	put_slice(run, q->fulfiller);
	put_slice(run, q->brand);
	put_slice(run, q->model);
	put_slice(run, q->gtin);
	put_slice(run, q->hardware_version);
	put_slice(run, q->software_version);
	put_slice(run, q->marketplace);
	put_slice(run, q->territory);
	put_slice(run, q->network);
	put_number(run, (uint64_t)q->channel);
	put_number(run, (uint64_t)q->condition);
	put_number(run, q->n_keys);
	for (i = 0; i < q->n_keys; i++)
		put_slice(run, q->keys[i]);
}

market_status_t
market__question_encode(const market__question_t *question,
    market__arena_t *arena, market_slice_t *ret_bytes)
{
	return write_run(write_question, question, arena, ret_bytes);
}

bool
market__question_decode(market_slice_t bytes, market__arena_t *arena,
    market__question_t *ret_question)
{
	market__question_t q = { 0 };
	market_slice_t *keys;
	run_t run = reading(bytes);
	uint64_t n;
	size_t i;

	q.seller = get_slice(&run);
	q.fulfiller = get_slice(&run);
	q.brand = get_slice(&run);
	q.model = get_slice(&run);
	q.gtin = get_slice(&run);
	q.hardware_version = get_slice(&run);
	q.software_version = get_slice(&run);
	q.marketplace = get_slice(&run);
	q.territory = get_slice(&run);
	q.network = get_slice(&run);
	q.channel = (market_channel_t)get_number(&run);
	q.condition = (market_condition_t)get_number(&run);
	n = get_number(&run);
	if (!run.good || n > MARKET__SIGNATURES_MAX)
		return false;
	keys = market__arena_array(arena, (size_t)n + 1, sizeof(*keys));
	if (keys == NULL)
		return false;
	for (i = 0; i < n; i++)
		keys[i] = get_slice(&run);
	q.keys = keys;
	q.n_keys = (size_t)n;
	if (!read_all(&run))
		return false;
	*ret_question = q;
	return true;
}

bool
market__question_same_keys(
    const market__question_t *a, const market__question_t *b)
{
	size_t i;

	for (i = 0; i < a->n_keys && i < b->n_keys; i++)
		if (!market__slice_equal(a->keys[i], b->keys[i]))
			return false;
	return a->n_keys == b->n_keys;
}

/* ---- answers ---- */

void
market__answer_of(
    const market__clearance_t *clearance, market__answer_t *ret_answer)
{
	const market_finding_t *finding;
	size_t i, k;

	memset(ret_answer, 0, sizeof(*ret_answer));
	ret_answer->verdict = clearance->verdict;
	ret_answer->service = clearance->service;
	for (i = 0; i < clearance->n_disclosures; i++)
		ret_answer->disclosures |= UINT64_C(1)
		    << clearance->disclosures[i];
	for (i = 0; i < clearance->findings.n; i++) {
		finding = &clearance->findings.v[i];
		if (finding->code == MARKET_CODE_REMOVED_BY_MARKETPLACE)
			ret_answer->removed = true;
		if (finding->effect < MARKET_EFFECT_INDETERMINATE ||
		    ret_answer->n_codes == MARKET__CODES_MAX)
			continue;
		for (k = 0; k < ret_answer->n_codes; k++)
			if (ret_answer->codes[k] == (uint32_t)finding->code)
				break;
		if (k == ret_answer->n_codes)
			ret_answer->codes[ret_answer->n_codes++] =
			    (uint32_t)finding->code;
	}
}

bool
market__answers_equal(const market__answer_t *a, const market__answer_t *b)
{
	return a->verdict == b->verdict && a->service == b->service &&
	    a->disclosures == b->disclosures && a->removed == b->removed;
}

static void
write_answer(run_t *run, const void *what)
{
	const market__answer_t *answer = what;
	size_t i;

	put_number(run, (uint64_t)answer->verdict);
	put_number(run, (uint64_t)answer->service);
	put_number(run, answer->disclosures);
	put_number(run, answer->removed);
	put_number(run, answer->n_codes);
	for (i = 0; i < answer->n_codes; i++)
		put_number(run, answer->codes[i]);
}

static void
read_answer(run_t *run, market__answer_t *answer)
{
	uint64_t n;
	size_t i;

	memset(answer, 0, sizeof(*answer));
	answer->verdict = (market_verdict_t)get_number(run);
	answer->service = (market_service_t)get_number(run);
	answer->disclosures = get_number(run);
	answer->removed = get_number(run) != 0;
	n = get_number(run);
	if (n > MARKET__CODES_MAX) {
		run->good = false;
		return;
	}
	answer->n_codes = (size_t)n;
	for (i = 0; i < n; i++)
		answer->codes[i] = (uint32_t)get_number(run);
}

market_status_t
market__answer_encode(const market__answer_t *answer, market__arena_t *arena,
    market_slice_t *ret_bytes)
{
	return write_run(write_answer, answer, arena, ret_bytes);
}

bool
market__answer_decode(market_slice_t bytes, market__answer_t *ret_answer)
{
	run_t run = reading(bytes);

	read_answer(&run, ret_answer);
	return read_all(&run);
}

/* ---- how far a feed has come ---- */

static void
write_taken(run_t *run, const void *what)
{
	const market__taken_t *taken = what;
	const uint64_t numbers[] = { taken->permitted, taken->warned,
		taken->denied, taken->indeterminate, taken->refused,
		taken->broken, taken->listed, taken->unchanged, taken->stale,
		taken->forks, taken->rejected, taken->ended, taken->gap };
	size_t i;

	for (i = 0; i < MARKET__COUNT(numbers); i++)
		put_number(run, numbers[i]);
	put_slice(run, taken->last_id);
}

market_status_t
market__taken_encode(const market__taken_t *taken, market__arena_t *arena,
    market_slice_t *ret_bytes)
{
	return write_run(write_taken, taken, arena, ret_bytes);
}

bool
market__taken_decode(market_slice_t bytes, market__taken_t *ret_taken)
{
	run_t run = reading(bytes);
	uint64_t *const numbers[] = { &ret_taken->permitted, &ret_taken->warned,
		&ret_taken->denied, &ret_taken->indeterminate,
		&ret_taken->refused, &ret_taken->broken, &ret_taken->listed,
		&ret_taken->unchanged, &ret_taken->stale, &ret_taken->forks,
		&ret_taken->rejected, &ret_taken->ended };
	size_t i;

	for (i = 0; i < MARKET__COUNT(numbers); i++)
		*numbers[i] = get_number(&run);
	ret_taken->gap = get_number(&run) != 0;
	ret_taken->last_id = get_slice(&run);
	return read_all(&run) && ret_taken->last_id.len <= MARKET__STRING_MAX;
}

/* ---- details of entries ---- */

typedef struct detailed {
	uint32_t kind;
	const market__detail_t *detail;
} detailed_t;

static void
write_detail(run_t *run, const void *what)
{
	const detailed_t *detailed = what;
	const market__detail_t *detail = detailed->detail;

	switch ((market_change_kind_t)detailed->kind) {
	case MARKET_CHANGE_STATEMENT:
		put_bytes(run, detail->digest, sizeof(detail->digest));
		put_number(run, (uint64_t)detail->result);
		break;
	case MARKET_CHANGE_OFFER:
		put_bytes(run, detail->digest, sizeof(detail->digest));
		put_number(run, detail->revision);
		put_number(run, (uint64_t)detail->result);
		break;
	case MARKET_CHANGE_CLEARANCE:
		put_number(run, detail->had);
		if (detail->had)
			write_answer(run, &detail->before);
		write_answer(run, &detail->after);
		break;
	case MARKET_CHANGE_CHUNK:
		put_bytes(run, detail->digest, sizeof(detail->digest));
		break;
	case MARKET_CHANGE_INTENT:
		put_number(run, detail->intent_before);
		put_number(run, detail->intent_after);
		break;
	}
}

market_status_t
market__detail_encode(uint32_t kind, const market__detail_t *detail,
    market__arena_t *arena, market_slice_t *ret_bytes)
{
	detailed_t detailed = { kind, detail };

	return write_run(write_detail, &detailed, arena, ret_bytes);
}

bool
market__detail_decode(
    uint32_t kind, market_slice_t bytes, market__detail_t *ret_detail)
{
	run_t run = reading(bytes);

	memset(ret_detail, 0, sizeof(*ret_detail));
	switch ((market_change_kind_t)kind) {
	case MARKET_CHANGE_STATEMENT:
		get_bytes(&run, ret_detail->digest, MARKET_DIGEST_LEN);
		ret_detail->result = (market_result_t)get_number(&run);
		break;
	case MARKET_CHANGE_OFFER:
		get_bytes(&run, ret_detail->digest, MARKET_DIGEST_LEN);
		ret_detail->revision = get_number(&run);
		ret_detail->result = (market_result_t)get_number(&run);
		break;
	case MARKET_CHANGE_CLEARANCE:
		ret_detail->had = get_number(&run) != 0;
		if (ret_detail->had)
			read_answer(&run, &ret_detail->before);
		read_answer(&run, &ret_detail->after);
		break;
	case MARKET_CHANGE_CHUNK:
		get_bytes(&run, ret_detail->digest, MARKET_DIGEST_LEN);
		break;
	case MARKET_CHANGE_INTENT:
		ret_detail->intent_before = (uint32_t)get_number(&run);
		ret_detail->intent_after = (uint32_t)get_number(&run);
		break;
	default: return false;
	}
	return read_all(&run);
}
