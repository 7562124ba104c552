/* SPDX-License-Identifier: Apache-2.0 */
/*
 * warm [ROUNDS]: what a check costs where its evidence was seen, beside OpenSSL
 * that verifies the same offer's signature with the same key. All take turns,
 * round by round; told are medians, the middle 80 %, and the ratio.
 */
#include "config.h"

#include <stdio.h>
#ifdef HAVE_SODIUM
#include <sodium.h>
#endif

#include "side.h"

#ifdef HAVE_SODIUM
static void
run_sodium(side_t *side)
{
	size_t i = side->next++ % SIDE_OFFERS, len = crypto_sign_PUBLICKEYBYTES;
	unsigned char point[crypto_sign_PUBLICKEYBYTES];

	if (EVP_PKEY_get_raw_public_key(side->key, point, &len) != 1 ||
	    crypto_sign_verify_detached(side_signature(side, i).ptr,
		side->pae[i].data, side->pae[i].len, point) != 0)
		kit_die("libsodium does not verify");
}
#endif

typedef struct measured {
	kit_series_t raw, warm, ratio;
} measured_t;

static void
measure(side_t *side, measured_t *m)
{
	double raw = side_timed(side_raw, side);
	double warm = side_timed(side_warm, side);

	kit_note(&m->raw, raw);
	kit_note(&m->warm, warm);
	kit_note(&m->ratio, raw / warm);
}

static void
tell(const side_t *side, const measured_t *m)
{
	char label[64];

	side_tell(side->name, "OpenSSL verifies", &m->raw);
	side_tell(side->name, "warm: an offer, its evidence seen", &m->warm);
	snprintf(
	    label, sizeof(label), "warm, of the raw rate (%s)", side->name);
	kit_row(label, &m->ratio, "at least", 0.95);
}

int
main(int argc, char **argv)
{
	unsigned long rounds = argc > 1 ? kit_number(argv[1]) : 301, i;
	static side_t sides[SIDES];
	static measured_t measured[SIDES];
#ifdef HAVE_SODIUM
	static kit_series_t sodium;
#endif
	size_t k;

	sides_make(sides);
	for (i = 0; i < rounds; i++) {
		for (k = 0; k < SIDES; k++)
			measure(&sides[k], &measured[k]);
#ifdef HAVE_SODIUM
		kit_note(&sodium, side_timed(run_sodium, &sides[0]));
#endif
	}
	for (k = 0; k < SIDES; k++)
		tell(&sides[k], &measured[k]);
#ifdef HAVE_SODIUM
	side_tell("Ed25519", "libsodium verifies", &sodium);
#endif
	sides_clear(sides);
	return 0;
}
