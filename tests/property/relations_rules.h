/* relations_rules - relations between runs of the rules alone, by the ID of ../shared's list.
 *
 * FEE-6: what a lease pays in fees hangs on the time that it ran, not on how that time was agreed
 * to or cut.  ORD-9: neither the order nor the addresses of bids change who wins, or how often.
 * ORD-10: a bid that gets better in one criterion does not win less often.  ECO-6: what a whale
 * gains by stake is bounded as ARCHITECTURE says. */
#ifndef TESTS_PROPERTY_RELATIONS_RULES_H
#define TESTS_PROPERTY_RELATIONS_RULES_H

#include "protocol/base.h"

/* Says whether each holds; prints nothing. */
bool splits_do_not_save_fees(void);
bool bids_have_no_places(void);
bool better_bids_win_more(void);
bool whales_are_capped(void);

#endif /* TESTS_PROPERTY_RELATIONS_RULES_H */
