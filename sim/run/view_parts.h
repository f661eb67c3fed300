/* view_parts - what the files of the view share; nobody else includes this. */
#ifndef SIM_RUN_VIEW_PARTS_H
#define SIM_RUN_VIEW_PARTS_H

#include "sim/engine/reserve.h"
#include "sim/run/view.h"

struct seen_provider {
    struct amount earned, slashed;
    struct amount income[TOKENS_MAX]; /* of ended leases */
    u64 slashes, leases_ended, up_s, counted_s;
};

struct seen_user {
    struct amount restitution;
    u64 last_order;
    u32 orders, wallet; /* wallet: the first one */
};

struct seen_order {
    u64 lease, next; /* next: the user's order before */
    const char *state;
    u32 creator, ordinal;
};

struct seen_lease {
    struct amount price, debited, refunded;
    u64 start_s, end_s;
    const char *state, *reason;
    u32 token, provider;
    bool confirmed;
};

struct view {
    const struct cast *cast;
    const struct chain *chain;
    const struct world *world;       /* actors: providers by member, users behind them */
    struct seen_provider *providers; /* by member */
    struct seen_user *users;
    struct reserve orders, leases;     /* by id */
    char (*provider_names)[CAST_NAME]; /* by member */
    struct amount genesis_supply;      /* of the native token */
    u64 matches;
    const char *error;
};

struct seen_order *view_order(const struct view *v, u64 id);
struct seen_lease *view_lease(const struct view *v, u64 id);

void view_each(const void *about, const struct path *path, expect_visit *visit, void *ctx);

#endif /* SIM_RUN_VIEW_PARTS_H */
