/* expect - assertions of a scenario, and their judgement while a run goes on.
 *
 *   at: era 3       that: provider.p1.tier == 6
 *   always:         sum(provider.*.stake) > "1000 SPON"
 *   never:          count(event LeaseClosed where reason = insufficient) >= 1
 *   eventually:     lease.u1.0.state == closed        within: 2h
 *
 * An expression is a tree of typed nodes, each with its place in the file.  Values
 * are exact integers with a dimension; values of two dimensions are never compared.
 * Paths and their dimensions are the rows of paths.def.  What has never been judged
 * on something that exists is vacuous and fails.
 */
#ifndef SIM_SCENARIO_EXPECT_H
#define SIM_SCENARIO_EXPECT_H

#include "protocol/amount.h"
#include "protocol/log.h"
#include "sim/scenario/when.h"

enum dim {
    DIM_COUNT,
    DIM_SHARE,  /* bps */
    DIM_SPAN,   /* ns */
    DIM_AMOUNT, /* base units of .token */
    DIM_USD,    /* 10^-8 */
    DIM_NAME,   /* .name */
    DIM_TRUTH,  /* 0 or 1 */
};

struct value {
    enum dim dim;
    u32 token; /* of an amount: place in scenario.tokens */
    i128 n;
    const char *name;
};

enum path_id {
#define PATH(entity, field, dim, names, doc) PATH_##entity##_##field,
#include "sim/scenario/paths.def"
#undef PATH
    PATH_KINDS
};

/* Who a path is about: `provider.p1.tier`, `provider.gpu.17.tier`, `provider.gpu.*.tier`,
 * `provider.*.tier`, `lease.u1.0.state`, `token.USDX.usd`, `network.supply`. */
struct path {
    enum path_id id;
    bool8 any_group, any_member, any_ordinal; /* `*` */
    u32 group;   /* of providers, of users, or a token; by the entity of id */
    u32 member;  /* from 0, within the group */
    u32 ordinal; /* of an order or lease: which of the member's orders, from 0 */
};

/* The values that a path has now. */
typedef void expect_visit(void *ctx, struct value v);

/* Numbers in logs that stand for somebody. */
enum expect_who { WHO_PROVIDER, WHO_ACCOUNT, WHO_TOKEN };
#define EXPECT_WHO_BYTES 80u

/* What the judge asks the host. */
struct expect_world {
    const void *about;
    /* For each of those whom the path names and who exist now, visit() once, in any order. */
    void (*each)(const void *about, const struct path *path, expect_visit *visit, void *ctx);
    /* The name of a provider, account or token of a log: "p1" where the group has one member,
     * else "gpu.17"; a token's symbol. */
    void (*who)(const void *about, enum expect_who who, u32 index, char name[EXPECT_WHO_BYTES]);
};

enum expect_mode { EXPECT_AT, EXPECT_ALWAYS, EXPECT_NEVER, EXPECT_EVENTUALLY };

struct expr;  /* the tree, expr.h */
struct token; /* scenario.h */

struct expectation {
    enum expect_mode mode;
    struct when when;                /* at: the moment; eventually: until then */
    const struct expr *that, *given; /* given: judged only while this holds, NULL: always */
    const char *text, *given_text;   /* as written */
    u32 line, column;
};

struct expectations {
    const struct expectation *rows;
    const struct token *tokens; /* to print amounts */
    const struct expr *events;  /* the first of all count(event ...) in the rows */
    u32 count, counters;        /* counters: how many of these */
};

enum verdict { VERDICT_OPEN, VERDICT_PASSED, VERDICT_FAILED, VERDICT_VACUOUS };

/* The state of one run's judgement; arrays are the caller's. */
struct expect_run {
    const struct expectations *all;
    u64 *counts; /* all->counters of them, 0 at the start */
    struct expect_result {
        enum verdict verdict;
        u64 judged;        /* how often on something that exists */
        struct instant at; /* of the judgement that decided */
        char why[160];     /* both sides, where it failed */
    } * results;           /* all->count of them, zero at the start */
};

/* Count one log of the chain, in order, before the block it is in is judged. */
void expect_saw(struct expect_run *run, const struct expect_world *world, const struct log *log);

/* Judge what is to be judged at this moment: the host calls it after each block and at
 * each moment that expect_next() names.  `time` resolves eras. */
void expect_judge(struct expect_run *run, const struct expect_world *world,
                  const struct era_times *time, struct instant now);

/* The next moment after now at which an `at` or `within` falls; false: none.  Moments
 * in eras whose start is not known yet are not among them. */
bool expect_next(const struct expect_run *run, const struct era_times *time, struct instant now,
                 struct instant *out);

/* After the last event: whatever is still open passes (always, never), fails
 * (eventually, at) or is vacuous.  True: all passed. */
bool expect_end(struct expect_run *run, struct instant now);

#endif /* SIM_SCENARIO_EXPECT_H */
