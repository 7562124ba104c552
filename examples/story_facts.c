/* SPDX-License-Identifier: Apache-2.0 */
#include "story_facts.h"

#define THEN     1
#define SUPPOSED 0

/* clang-format off */
const document_t offer_mi4 = {
	"then/offer-mi4.json", MARKET_KIND_OFFER, IMPORTER, NULL, THEN,
	"offers the Mi 4 for 219 USD (2014215: assumed)" };
const document_t offer_mi3 = {
	"then/offer-mi3.json", MARKET_KIND_OFFER, IMPORTER, NULL, THEN,
	"offers the Mi 3 for 135 USD (2013062: assumed)" };
const document_t offer_redmi2 = {
	"then/offer-redmi2.json", MARKET_KIND_OFFER, IMPORTER, NULL, THEN,
	"offers the Redmi 2 for 119 USD (2014817: assumed)" };
const document_t offer_redmi2_india = {
	"then/offer-redmi2-india.json", MARKET_KIND_OFFER, IMPORTER, NULL, THEN,
	"offers the Redmi 2 for 119 USD (if 2014818)" };
const document_t offer_m2note = {
	"then/offer-m2note.json", MARKET_KIND_OFFER, IMPORTER, NULL, THEN,
	"offers the Note 2 for 149 USD (M571H: assumed)" };
const document_t offer_mi4_disclosed = {
	"supposed/offer-mi4-disclosed.json", MARKET_KIND_OFFER, IMPORTER, NULL,
	SUPPOSED,
	"offers the Mi 4 anew and says: 3G only, imported" };

const document_t product_mi4 = {
	"then/product-mi4.json", MARKET_KIND_PRODUCT, "mi.com", NULL, THEN,
	"2014215 has GSM, UMTS bands 1, 2, 5, 8 and no LTE" };
const document_t product_mi3 = {
	"then/product-mi3.json", MARKET_KIND_PRODUCT, "mi.com", NULL, THEN,
	"2013062 has GSM, UMTS bands 1, 2, 5, 8 and no LTE" };
const document_t product_redmi2 = {
	"then/product-redmi2.json", MARKET_KIND_PRODUCT, "mi.com", NULL, THEN,
	"2014817 exists; its bands are not known" };
const document_t product_redmi2_india = {
	"then/product-redmi2-india.json", MARKET_KIND_PRODUCT, "mi.com", NULL,
	THEN, "2014818: GSM 900, 1800, UMTS 1, 8, LTE 3, 40" };
const document_t product_m2note = {
	"then/product-m2note.json", MARKET_KIND_PRODUCT, "meizu.com", NULL,
	THEN, "M571H: GSM, UMTS 1, 2, 5, 8, LTE 1, 3, 7, 38-41" };

const document_t network_t_mobile = {
	"then/network-t-mobile.json", MARKET_KIND_NETWORK, "t-mobile.com",
	NULL, THEN, "runs GSM 1900, UMTS bands 2, 4, LTE bands 2, 4, 12" };
const document_t network_t_mobile_2022 = {
	"then/network-t-mobile-2022.json", MARKET_KIND_NETWORK, "t-mobile.com",
	NULL, THEN, "turns UMTS off on 2022-07-01; GSM 1900 goes on" };
const document_t network_usmobile = {
	"then/network-usmobile.json", MARKET_KIND_NETWORK, "usmobile.com",
	NULL, THEN, "US Mobile is an MVNO; its host is T-Mobile US" };
const document_t seller_importer = {
	"then/seller-importer.json", MARKET_KIND_SELLER, "usmobile.com",
	IMPORTER, THEN, "knows Omni Electronics HK as a seller, by its key" };
const document_t disavowal_xiaomi = {
	"then/disavowal-xiaomi.json", MARKET_KIND_DISAVOWAL, "mi.com", NULL,
	THEN, "nobody is authorised to sell its phones in the US" };

const document_t policy_supposed = {
	"supposed/policy.json", MARKET_KIND_POLICY, "usmobile.com", NULL,
	SUPPOSED, "asks for 3G, certified; buyers are told if no 4G" };
const document_t grant_mi4 = {
	"supposed/grant-mi4.json", MARKET_KIND_AUTHORIZATION, "mi.com",
	IMPORTER, SUPPOSED, "authorises the importer: Mi 4, US, new, usmobile.com" };
const document_t withdrawal_disavowal = {
	"supposed/withdrawal-disavowal.json", MARKET_KIND_WITHDRAWAL, "mi.com",
	NULL, SUPPOSED, "withdraws its disavowal, which beats any grant" };
const document_t grant_mi4_again = {
	"supposed/grant-mi4-again.json", MARKET_KIND_AUTHORIZATION, "mi.com",
	IMPORTER, SUPPOSED, "authorises the importer once more" };
const document_t withdrawal_grant = {
	"supposed/withdrawal-grant.json", MARKET_KIND_WITHDRAWAL, "mi.com",
	NULL, SUPPOSED, "withdraws its grant" };
const document_t carrier_mi4 = {
	"supposed/carrier-mi4.json", MARKET_KIND_CERTIFICATION, "t-mobile.com",
	NULL, SUPPOSED, "certifies the Mi 4 on GSM 1900 and UMTS band 2" };
const document_t carrier_mi4_in_test = {
	"supposed/carrier-mi4-in-test.json", MARKET_KIND_CERTIFICATION,
	"t-mobile.com", NULL, SUPPOSED, "has the Mi 4 under test, and no more" };
const document_t fcc_mi4 = {
	"supposed/fcc-mi4.json", MARKET_KIND_CERTIFICATION, "fcc.gov", NULL,
	SUPPOSED, "certifies the Mi 4 for the bands it uses in the US" };
/* clang-format on */
