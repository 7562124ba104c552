/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#ifdef HAVE_CJOSE
#include <cjose/cjose.h>
#endif
#ifdef HAVE_LIBJWT
#include <jwt.h>
#endif
#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "kit.h"
#include "peer_decide.h"
#include "peers.h"

#define TOKENS_MAX 64

#if defined(HAVE_CJOSE) || defined(HAVE_LIBJWT)
/* By whatever reads a token; of all tokens, where there are others. */
static void
decide(json_t *(*read)(const char *token), const char *token,
    char *const others[PEER_OTHERS])
{
	json_t *claims = read(token), *read_others[PEER_OTHERS];
	size_t i;

	for (i = 0; others != NULL && i < PEER_OTHERS; i++)
		read_others[i] = read(others[i]);
	if (others != NULL)
		peer_lead((const json_t *const *)read_others, claims);
	peer_decide(claims, token);
	for (i = 0; others != NULL && i < PEER_OTHERS; i++)
		json_decref(read_others[i]);
	json_decref(claims);
}
#endif

#ifdef HAVE_CJOSE
static struct {
	cjose_jwk_t *key;
	char *tokens[TOKENS_MAX];
	char *others[PEER_OTHERS];
} with_cjose;

static char *
sign_cjose(cjose_header_t *header, const char *claims)
{
	cjose_jws_t *jws;
	const char *token;
	char *copy;

	jws = cjose_jws_sign(with_cjose.key, header, (const uint8_t *)claims,
	    strlen(claims), NULL);
	if (jws == NULL || !cjose_jws_export(jws, &token, NULL))
		kit_die("cjose does not sign");
	copy = strdup(token);
	cjose_jws_release(jws);
	return copy;
}

static void
prepare_cjose(
    const char *const *offers, size_t n, const char *const others[PEER_OTHERS])
{
	cjose_header_t *header = cjose_header_new(NULL);
	size_t i;

	with_cjose.key = cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, NULL);
	if (header == NULL || with_cjose.key == NULL ||
	    !cjose_header_set(header, CJOSE_HDR_ALG, CJOSE_HDR_ALG_ES256, NULL))
		kit_die("cjose makes no key");
	for (i = 0; i < n; i++)
		with_cjose.tokens[i] = sign_cjose(header, offers[i]);
	for (i = 0; i < PEER_OTHERS; i++)
		with_cjose.others[i] = sign_cjose(header, others[i]);
	cjose_header_release(header);
}

static json_t *
read_cjose(const char *token)
{
	uint8_t *text = NULL;
	cjose_jws_t *jws;
	json_t *claims;
	size_t len = 0;

	jws = cjose_jws_import(token, strlen(token), NULL);
	if (jws == NULL || !cjose_jws_verify(jws, with_cjose.key, NULL) ||
	    !cjose_jws_get_plaintext(jws, &text, &len, NULL))
		kit_die("cjose does not verify");
	claims = json_loadb(
	    (const char *)text, len, JSON_REJECT_DUPLICATES, NULL);
	cjose_jws_release(jws);
	return claims;
}

static void
check_cjose(size_t index)
{
	decide(read_cjose, with_cjose.tokens[index], NULL);
}

static void
check_cjose_whole(size_t index)
{
	decide(read_cjose, with_cjose.tokens[index], with_cjose.others);
}
#endif

#ifdef HAVE_LIBJWT
static struct {
	char *key; /* public, PEM */
	char *tokens[TOKENS_MAX];
	char *others[PEER_OTHERS];
} with_libjwt;

static char *
pem_of(EVP_PKEY *key, int private_too)
{
	BIO *out = BIO_new(BIO_s_mem());
	char *data = NULL, *copy;
	long len;
	int done = 0;

	if (out != NULL)
		done = private_too ? PEM_write_bio_PrivateKey(
					 out, key, NULL, NULL, 0, NULL, NULL)
				   : PEM_write_bio_PUBKEY(out, key);
	if (done != 1)
		kit_die("OpenSSL writes no key");
	len = BIO_get_mem_data(out, &data);
	copy = strndup(data, (size_t)len);
	BIO_free(out);
	return copy;
}

static char *
sign_libjwt(const char *secret, const char *claims)
{
	jwt_t *jwt;
	char *token;

	if (jwt_new(&jwt) != 0 || jwt_add_grants_json(jwt, claims) != 0 ||
	    jwt_set_alg(jwt, JWT_ALG_ES256, (const unsigned char *)secret,
		(int)strlen(secret)) != 0)
		kit_die("libjwt does not sign");
	token = jwt_encode_str(jwt);
	jwt_free(jwt);
	return token;
}

static void
prepare_libjwt(
    const char *const *offers, size_t n, const char *const others[PEER_OTHERS])
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	char *secret;
	size_t i;

	if (key == NULL)
		kit_die("OpenSSL makes no key");
	secret = pem_of(key, 1);
	with_libjwt.key = pem_of(key, 0);
	for (i = 0; i < n; i++)
		with_libjwt.tokens[i] = sign_libjwt(secret, offers[i]);
	for (i = 0; i < PEER_OTHERS; i++)
		with_libjwt.others[i] = sign_libjwt(secret, others[i]);
	free(secret);
	EVP_PKEY_free(key);
}

/* It gives out no members of members. */
static json_t *
read_libjwt(const char *token)
{
	jwt_t *jwt = NULL;
	json_t *claims;
	char *text;

	if (jwt_decode(&jwt, token, (const unsigned char *)with_libjwt.key,
		(int)strlen(with_libjwt.key)) != 0)
		kit_die("libjwt does not verify");
	text = jwt_get_grants_json(jwt, NULL);
	claims = text == NULL ? NULL : json_loads(text, 0, NULL);
	free(text);
	jwt_free(jwt);
	return claims;
}

static void
check_libjwt(size_t index)
{
	decide(read_libjwt, with_libjwt.tokens[index], NULL);
}

static void
check_libjwt_whole(size_t index)
{
	decide(read_libjwt, with_libjwt.tokens[index], with_libjwt.others);
}
#endif

const peer_t *
peers(size_t *n)
{
	static const peer_t all[PEERS_MAX + 1] = {
#ifdef HAVE_CJOSE
		{ "cjose", prepare_cjose, check_cjose, check_cjose_whole },
#endif
#ifdef HAVE_LIBJWT
		{ "libjwt", prepare_libjwt, check_libjwt, check_libjwt_whole },
#endif
	};
	size_t i;

	for (i = 0; all[i].label != NULL; i++)
		;
	*n = i;
	return all;
}
