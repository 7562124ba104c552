/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "file.h"
#include "world.h"

market_status_t
world_open(world_t *world, const char *folder)
{
	static const world_t empty = { .error = MARKET_ERROR_INIT };

	*world = empty;
	world->folder = folder;
	world->doing = "making a context";
	return market_context_new(NULL, &world->context);
}

void
world_close(world_t *world)
{
	size_t i;

	/* Everything that was made from a context goes before it. */
	market_evidence_free(world->evidence);
	for (i = 0; i < world->n_parties; i++)
		market_signer_free(world->parties[i].signer);
	market_context_free(world->context);
	file_forget();
}

void
world_complain(const world_t *world, market_status_t status)
{
	fprintf(stderr, "%s: %s%s%s\n", world->doing, world->error.path,
	    world->error.path[0] != '\0' ? ": " : "",
	    world->error.message[0] != '\0' ? world->error.message
					    : market_status_text(status));
}

static market_status_t
new_signer(world_t *world, market_signer_t **ret_signer)
{
	market_buffer_t pem = MARKET_BUFFER_INIT;
	market_status_t status;

	/*
	 * A party would keep this PEM file, or have its HSM make the key. Here
	 * nobody needs it once the run is over.
	 */
	status = market_key_generate(
	    world->context, MARKET_ALGORITHM_ED25519, &pem, &world->error);
	if (status == MARKET_OK)
		status = market_signer_from_pem(world->context,
		    market_buffer_slice(&pem), NULL, ret_signer, &world->error);
	market_buffer_clear(&pem);
	return status;
}

market_status_t
world_signer(world_t *world, const char *party, market_signer_t **ret_signer)
{
	market_status_t status;
	size_t i;

	for (i = 0; i < world->n_parties; i++)
		if (strcmp(world->parties[i].name, party) == 0)
			break;
	if (i == WORLD_PARTIES_MAX)
		return MARKET_E_LIMIT;
	if (i == world->n_parties) {
		world->doing = party;
		status = new_signer(world, &world->parties[i].signer);
		if (status != MARKET_OK)
			return status;
		world->parties[i].name = party;
		world->n_parties++;
	}
	*ret_signer = world->parties[i].signer;
	return MARKET_OK;
}

market_status_t
world_name_key(world_t *world, market_draft_t *draft, const char *path,
    const char *party, const char *environment)
{
	market_signer_t *signer;
	market_status_t status;
	char field[128];

	status = world_signer(world, party, &signer);
	if (status != MARKET_OK)
		return status;
	snprintf(field, sizeof(field), "%s.threshold", path);
	status = market_draft_set_int(draft, field, 1, &world->error);
	if (status != MARKET_OK)
		return status;
	snprintf(field, sizeof(field), "%s.keys[0].spki", path);
	status = market_draft_set_bytes(draft, field,
	    market_key_spki(market_signer_key(signer)), &world->error);
	if (status != MARKET_OK)
		return status;
	snprintf(field, sizeof(field), "%s.keys[0].environment", path);
	return market_draft_set_text(draft, field, environment, &world->error);
}

market_status_t
world_term(world_t *world, market_draft_t *draft, const term_t *term)
{
	market_status_t status;

	if (term == NULL)
		return MARKET_OK;
	status = market_draft_set_int(
	    draft, "header.revision", term->revision, &world->error);
	if (status == MARKET_OK)
		status = market_draft_set_int(
		    draft, "header.issued_at", term->from, &world->error);
	if (status == MARKET_OK)
		status = market_draft_set_int(
		    draft, "header.not_before", term->from, &world->error);
	if (status == MARKET_OK)
		status = market_draft_set_int(
		    draft, "header.not_after", term->until, &world->error);
	return status;
}

market_status_t
world_draft(world_t *world, const document_t *document, const term_t *term,
    market_draft_t **ret_draft)
{
	market_draft_t *draft = NULL;
	market_status_t status;
	char name[1024];

	world->doing = document->file;
	snprintf(name, sizeof(name), "%s/%s", world->folder, document->file);
	status = market_draft_from_json(world->context, document->kind,
	    file_load(name), &draft, &world->error);
	if (status == MARKET_OK)
		status = world_term(world, draft, term);
	/* Who is granted to, or verified, is known by the keys named here. */
	if (status == MARKET_OK && document->subject != NULL)
		status = world_name_key(world, draft,
		    document->kind == MARKET_KIND_AUTHORIZATION ? "grantee_keys"
								: "keys",
		    document->subject, "PRODUCTION");
	/* An issuer checks before it signs; readers will check again. */
	if (status == MARKET_OK)
		status = market_draft_check(draft, &world->error);
	if (status != MARKET_OK) {
		market_draft_free(draft);
		return status;
	}
	*ret_draft = draft;
	return MARKET_OK;
}

market_status_t
world_sign(world_t *world, const market_draft_t *draft, const char *party,
    market_buffer_t *ret_envelope)
{
	market_signer_t *signer;
	market_status_t status;

	status = world_signer(world, party, &signer);
	if (status != MARKET_OK)
		return status;
	return market_draft_sign(
	    draft, &signer, 1, MARKET_FORMAT_JSON, ret_envelope, &world->error);
}

market_status_t
world_envelope(world_t *world, const document_t *document, const term_t *term,
    market_buffer_t *ret_envelope)
{
	market_draft_t *draft = NULL;
	market_status_t status;

	status = world_draft(world, document, term, &draft);
	if (status == MARKET_OK)
		status = world_sign(
		    world, draft, document->issuer, ret_envelope);
	market_draft_free(draft);
	return status;
}

/* Who may speak of what. One line is one role. */
static const struct role {
	const char *party;
	const char *role;
	const char *list; /* of the role, with its one element */
	const char *element;
} roles[] = {
	{ "usmobile.com", "MARKETPLACE", NULL, NULL },
	{ "usmobile.com", "CARRIER", "networks", "usmobile.com/us" },
	{ "t-mobile.com", "CARRIER", "networks", "t-mobile.com/us" },
	{ "mi.com", "BRAND", "brands", "xiaomi" },
	{ "att.com", "CARRIER", "networks", "att.com/us" },
	{ "meizu.com", "BRAND", "brands", "meizu" },
	{ "fcc.gov", "CERTIFIER", "schemes", "fcc" },
};

#define MARKETPLACE "usmobile.com"

static market_status_t
set_role(world_t *world, market_draft_t *draft, const char *path,
    const struct role *role)
{
	market_status_t status;
	char field[128];

	snprintf(field, sizeof(field), "%s.role", path);
	status = market_draft_set_text(draft, field, role->role, &world->error);
	if (status == MARKET_OK && role->list != NULL) {
		snprintf(field, sizeof(field), "%s.%s[]", path, role->list);
		status = market_draft_set_text(
		    draft, field, role->element, &world->error);
	}
	if (status == MARKET_OK && strcmp(role->role, "CERTIFIER") == 0) {
		snprintf(field, sizeof(field), "%s.territories[]", path);
		status = market_draft_set_text(
		    draft, field, "US", &world->error);
	}
	return status;
}

static market_status_t
set_parties(world_t *world, market_draft_t *draft)
{
	size_t i, n_parties = 0, n_roles = 0;
	market_status_t status = MARKET_OK;
	char path[64];

	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if (i == 0 || strcmp(roles[i].party, roles[i - 1].party) != 0) {
			snprintf(
			    path, sizeof(path), "parties[%zu].id", n_parties);
			status = market_draft_set_text(
			    draft, path, roles[i].party, &world->error);
			if (status != MARKET_OK)
				return status;
			snprintf(
			    path, sizeof(path), "parties[%zu].keys", n_parties);
			status = world_name_key(
			    world, draft, path, roles[i].party, "PRODUCTION");
			if (status != MARKET_OK)
				return status;
			n_parties++;
			n_roles = 0;
		}
		snprintf(path, sizeof(path), "parties[%zu].roles[%zu]",
		    n_parties - 1, n_roles++);
		status = set_role(world, draft, path, &roles[i]);
		if (status != MARKET_OK)
			return status;
	}
	return status;
}

market_status_t
world_root(world_t *world, const term_t *term, market_buffer_t *ret_envelope)
{
	static const term_t first = { 1, INT64_C(1451606400), DAY_2017_02_01 };
	market_draft_t *draft = NULL;
	market_status_t status;

	world->doing = "trust root";
	status = market_draft_new(
	    world->context, MARKET_KIND_TRUST_ROOT, &draft);
	if (status == MARKET_OK)
		status = market_draft_set_text(
		    draft, "header.issuer", MARKETPLACE, &world->error);
	if (status == MARKET_OK)
		status = market_draft_set_text(
		    draft, "header.id", "root", &world->error);
	if (status == MARKET_OK)
		status = world_term(world, draft, term == NULL ? &first : term);
	if (status == MARKET_OK)
		status = world_name_key(
		    world, draft, "root_keys", MARKETPLACE, "PRODUCTION");
	if (status == MARKET_OK)
		status = set_parties(world, draft);
	if (status == MARKET_OK)
		status = market_draft_check(draft, &world->error);
	if (status == MARKET_OK)
		status = world_sign(world, draft, MARKETPLACE, ret_envelope);
	market_draft_free(draft);
	return status;
}

market_status_t
world_begin(world_t *world, const document_t *policy, const term_t *term)
{
	market_buffer_t root = MARKET_BUFFER_INIT, rules = MARKET_BUFFER_INIT;
	market_status_t status;

	market_evidence_free(world->evidence);
	world->evidence = NULL;
	status = world_root(world, term, &root);
	if (status == MARKET_OK)
		status = world_envelope(world, policy, term, &rules);
	if (status == MARKET_OK)
		status = market_evidence_new(world->context,
		    market_buffer_slice(&root), market_buffer_slice(&rules),
		    &world->evidence, &world->error);
	market_buffer_clear(&root);
	market_buffer_clear(&rules);
	return status;
}

market_status_t
world_hand(world_t *world, const document_t *document, const term_t *term)
{
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_status_t status;

	status = world_envelope(world, document, term, &envelope);
	if (status == MARKET_OK)
		status = market_evidence_add(world->evidence,
		    market_buffer_slice(&envelope), document->file,
		    &world->error);
	market_buffer_clear(&envelope);
	return status;
}
