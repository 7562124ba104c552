/* SPDX-License-Identifier: Apache-2.0 */
/* The documents of the story; data/2016/README.md has their sources. */
#ifndef EXAMPLES_STORY_FACTS_H
#define EXAMPLES_STORY_FACTS_H

#include "world.h"

extern const document_t offer_mi4, offer_mi3, offer_redmi2, offer_redmi2_india,
    offer_m2note, offer_mi4_disclosed;
extern const document_t product_mi4, product_mi3, product_redmi2,
    product_redmi2_india, product_m2note;
extern const document_t network_t_mobile, network_t_mobile_2022,
    network_usmobile;
extern const document_t seller_importer, disavowal_xiaomi;
extern const document_t policy_supposed, grant_mi4, withdrawal_disavowal;
extern const document_t grant_mi4_again, withdrawal_grant;
extern const document_t carrier_mi4, carrier_mi4_in_test, fcc_mi4;

#endif
