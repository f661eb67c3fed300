/* tables_events - what happens, what must come of it, and variants of both. */
#include <stdio.h>
#include <string.h>

#include "sim/scenario/expr.h"
#include "sim/scenario/scenario_tables.h"

#define T(key_, of_, member_, ...)                                                                 \
    {                                                                                              \
        .key = (key_), .kind = &kind_##of_, FIELD_AT(timeline_entry, member_), __VA_ARGS__         \
    }

/* clang-format off */
#define WHO_ROW                                                                                    \
    T("who", anyone, who, .required = true,                                                        \
      .doc = "A provider or user, a group, a member such as gpu.17, providers, users, or "         \
             "\"30% of gpu\".")
#define FOR_ROW                                                                                    \
    T("for", number, length, .more = &units_span, .min = SEC(1), .required = true, .doc = "How long.")
#define BY_ROW(doc_)                                                                               \
    T("by", number, by, .more = &units_span, .min = 1, .max = SEC(86400), .required = true, .doc = (doc_))
#define MET_ROWS                                                                                   \
    T("share", number, met, .more = &units_share, .min = 1, .max = BPS_WHOLE, .def = "100%",        \
      .doc = "Part of them that it meets."),                                                        \
    T("nth", number, nth, .more = &units_count, .max = 1000000, .def = "0",                         \
      .doc = "Only the n-th from then on; 0: by share.")
/* clang-format on */

static const struct field down_fields[] = {
    WHO_ROW,
    T("for", number, length, .more = &units_span, .min = SEC(1), .required = true,
      .doc = "How long."),
    T("announced", flag, announced, .def = "false",
      .doc = "true: the session is closed; false: it falls silent and is detected."),
};
static const struct object down_object =
    OBJECT("an outage", down_fields, timeline_entry, .doc = "Who goes down, how long.");

static const struct field price_fields[] = {
    T("token", token, token, .required = true, .doc = "Its symbol."),
    T("usd", number, usd_e8, .more = &units_usd, .min = 1, .required = true, .doc = "New price."),
};
static const struct object price_object =
    OBJECT("a price", price_fields, timeline_entry, .doc = "A new price.");

static const struct field halt_fields[] = {
    T("for", number, length, .more = &units_span, .min = SEC(1), .required = true,
      .doc = "How long the chain stands still."),
};
static const struct object halt_object =
    OBJECT("a halt", halt_fields, timeline_entry, .doc = "How long.");

static const struct field shrink_fields[] = {
    T("token", token, token, .required = true, .doc = "Its symbol."),
    T("keep", number, keep, .more = &units_share, .min = 1, .max = BPS_WHOLE, .required = true,
      .doc = "Part of every balance that stays."),
};
static const struct object shrink_object = OBJECT(
    "a shrinking token", shrink_fields, timeline_entry, .doc = "Which token, and what stays.");

static const struct field enable_fields[] = {
    T("symbol", token, token, .required = true, .doc = "Which token."),
    T("enabled", flag, enabled, .required = true, .doc = "Whether new orders may use it."),
};
static const struct object enable_object =
    OBJECT("a change of a token", enable_fields, timeline_entry, .doc = "Which token.");

static const struct field lose_fields[] = {WHO_ROW, FOR_ROW, MET_ROWS};
static const struct object lose_object =
    OBJECT("lost messages", lose_fields, timeline_entry, .doc = "Whose messages, how many.");

static const struct field delay_fields[] = {
    WHO_ROW, FOR_ROW, BY_ROW("At most so much later, drawn for each."), MET_ROWS};
static const struct object delay_object =
    OBJECT("late messages", delay_fields, timeline_entry, .doc = "Whose messages, by how much.");

static const struct field twice_fields[] = {
    WHO_ROW, FOR_ROW, BY_ROW("The second one comes at most so much later, drawn for each."),
    MET_ROWS};
static const struct object twice_object =
    OBJECT("doubled messages", twice_fields, timeline_entry, .doc = "Whose messages, how many.");

static const struct field lag_fields[] = {WHO_ROW, FOR_ROW, BY_ROW("So much later.")};
static const struct object lag_object =
    OBJECT("a lagging node", lag_fields, timeline_entry, .doc = "Whose, by how much.");

static const struct field hold_fields[] = {WHO_ROW, FOR_ROW, BY_ROW("So much later.")};
static const struct object hold_object =
    OBJECT("held transactions", hold_fields, timeline_entry, .doc = "Whose, by how much.");

static const struct field refuse_fields[] = {WHO_ROW, FOR_ROW, MET_ROWS};
static const struct object refuse_object =
    OBJECT("failing transactions", refuse_fields, timeline_entry, .doc = "Whose, how many.");

static const struct field crash_fields[] = {WHO_ROW, FOR_ROW};
static const struct object crash_object =
    OBJECT("a crash", crash_fields, timeline_entry, .doc = "Who, and how long until it is back.");

/* clang-format off */
#define PROVIDERS_ROW                                                                              \
    T("who", selector, who, .required = true,                                                      \
      .doc = "A provider, a group, a member such as gpu.17, providers, or \"30% of gpu\".")
#define SPON_ROW(key_, doc_) T(key_, native, amount, .required = true, .doc = (doc_))
#define MONEY_ROW(doc_) T("amount", money, money, .required = true, .doc = (doc_))
#define TO_ROW(key_, doc_) T(key_, user, to, .required = true, .doc = (doc_))
/* clang-format on */

static const struct field stake_fields[] = {PROVIDERS_ROW,
                                            SPON_ROW("amount", "How much each of them.")};
static const struct object stake_object =
    OBJECT("a stake", stake_fields, timeline_entry, .doc = "Whose, how much.");

static const struct field auto_fields[] = {
    PROVIDERS_ROW,
    T("on", flag, enabled, .required = true, .doc = "Whether rewards become stake.")};
static const struct object auto_object =
    OBJECT("a switch of auto-stake", auto_fields, timeline_entry, .doc = "Whose, on or off.");

static const struct field wallet_fields[] = {WHO_ROW, MONEY_ROW("How much each of them.")};
static const struct object wallet_object =
    OBJECT("a move of a wallet", wallet_fields, timeline_entry, .doc = "Whose, how much.");

static const struct field transfer_fields[] = {WHO_ROW, TO_ROW("to", "Which user."),
                                               MONEY_ROW("How much of each of them.")};
static const struct object transfer_object =
    OBJECT("a transfer", transfer_fields, timeline_entry, .doc = "Whose, to whom, how much.");

static const struct field give_fields[] = {WHO_ROW, TO_ROW("to", "Which user.")};
static const struct object give_object =
    OBJECT("a wallet given away", give_fields, timeline_entry, .doc = "Whose, to whom.");

static const struct field rate_fields[] = {
    WHO_ROW, T("tenths", number, tenths, .more = &units_count, .max = 50, .required = true,
               .doc = "0 to 50 tenths of a star.")};
static const struct object rate_object =
    OBJECT("a rating", rate_fields, timeline_entry, .doc = "By whom, how good.");

static const struct field verdict_fields[] = {PROVIDERS_ROW, TO_ROW("user", "Who was harmed."),
                                              SPON_ROW("damage", "By how much.")};
static const struct object verdict_object =
    OBJECT("a verdict", verdict_fields, timeline_entry, .doc = "About whom, for whom, how much.");

#define TIMELINE_ROW(key_, object_, variant_, doc_)                                                \
    {                                                                                              \
        .key = (key_), .kind = &kind_object, .more = &object_, .chooses = TIMELINE_##variant_ + 1, \
        .doc = (doc_)                                                                              \
    }

static const struct field timeline_fields[] = {
    T("at", when, at, .required = true, .doc = "When: 2d, era 3, era 3 + 10h."),
    TIMELINE_ROW("down", down_object, DOWN, "Providers or users go down."),
    TIMELINE_ROW("price", price_object, PRICE, "A token has another price."),
    T("set", sets, sets, FIELD_COUNT(timeline_entry, set_count), .chooses = TIMELINE_SET + 1,
      .doc = "Governance changes parameters; in effect from the close of that era."),
    TIMELINE_ROW("halt", halt_object, HALT, "The chain stands still."),
    TIMELINE_ROW("shrink", shrink_object, SHRINK, "A token shrinks inside the escrow."),
    TIMELINE_ROW("token", enable_object, TOKEN, "A token is enabled or disabled."),
    T("approve", selector, who, .chooses = TIMELINE_APPROVE + 1,
      .doc = "Governance approves who has proposed by then, where auto_approve is off: a provider, "
             "a group, a member such as gpu.17, providers, or \"30% of gpu\"."),
    TIMELINE_ROW("lose", lose_object, LOSE, "Messages from and to somebody are lost."),
    TIMELINE_ROW("delay", delay_object, DELAY,
                 "Messages from and to somebody come late, and overtake each other."),
    TIMELINE_ROW("twice", twice_object, TWICE, "Messages from and to somebody come twice."),
    TIMELINE_ROW("lag", lag_object, LAG, "Somebody's node shows the chain late, in order."),
    TIMELINE_ROW("hold", hold_object, HOLD, "Somebody's transactions reach the chain late."),
    TIMELINE_ROW("refuse", refuse_object, REFUSE,
                 "Somebody's transactions are mined as failed, out of gas."),
    TIMELINE_ROW("crash", crash_object, CRASH,
                 "Somebody goes down and comes back without memory: it reads from the chain how it "
                 "stands."),
    T("exit", selector, who, .chooses = TIMELINE_EXIT + 1,
      .doc = "Providers leave: no bids and no rewards any more, their leases run on: a provider, a "
             "group, a member such as gpu.17, providers, or \"30% of gpu\"."),
    TIMELINE_ROW("stake", stake_object, STAKE, "Providers stake more."),
    TIMELINE_ROW("unstake", stake_object, UNSTAKE, "Providers begin to unbond stake."),
    TIMELINE_ROW("auto_stake", auto_object, AUTO, "Rewards of coming closes become stake, or not."),
    T("claim", selector, who, .chooses = TIMELINE_CLAIM + 1,
      .doc = "Providers claim their rewards; as for exit."),
    TIMELINE_ROW("deposit", wallet_object, DEPOSIT,
                 "Into one's own wallet, made where there is none."),
    TIMELINE_ROW("withdraw", wallet_object, WITHDRAW, "Unlocked funds of one's own wallet."),
    TIMELINE_ROW("transfer", transfer_object, TRANSFER, "Tokens from account to account."),
    TIMELINE_ROW("give_wallet", give_object, GIVE,
                 "One's own wallet to another user, with its funds, orders and leases."),
    TIMELINE_ROW("rate", rate_object, RATE,
                 "A tenant's feedback on the newest of his ended leases that he has not rated."),
    TIMELINE_ROW(
        "verdict", verdict_object, VERDICT,
        "Governance finds misconduct: the first one freezes the provider and begins the appeal "
        "window, each names one user."),
};

/* The one user who gives is the one who gets. */
static bool gives_himself(const struct scenario *s, const struct timeline_entry *e)
{
    u32 member = e->who.member;

    if (e->kind != TIMELINE_GIVE || !e->who.users || e->who.group != e->to.group)
        return false;
    if (member == INDEX_NONE && s->users[e->who.group].count == 1)
        member = 0;
    return member == e->to.member;
}

/* Of what is moved on somebody's own account; the chain takes a zero, as tokens do. */
static bool moves_nothing(const struct timeline_entry *e)
{
    static const u32 of_stake = 1u << TIMELINE_STAKE | 1u << TIMELINE_UNSTAKE;
    static const u32 of_wallets =
        1u << TIMELINE_DEPOSIT | 1u << TIMELINE_WITHDRAW | 1u << TIMELINE_TRANSFER;
    u32 kind = 1u << e->kind;

    return ((of_stake & kind) != 0 && e->amount.wei == 0) ||
           ((of_wallets & kind) != 0 && e->money.amount.wei == 0);
}

static bool timeline_finish(struct reading *r, const struct yaml *y, void *at)
{
    const struct timeline_entry *entry = at;

    if (gives_himself(r->s, entry))
        return problem_at(r->why, r->file, y->line, y->column,
                          "give_wallet: who and to are the same user, expected two");
    if (moves_nothing(entry))
        return problem_at(r->why, r->file, y->line, y->column,
                          "the amount is 0, expected more than that");
    if (entry->kind == TIMELINE_SET && entry->set_count == 0)
        return problem_at(r->why, r->file, y->line, y->column,
                          "set: no parameter is there, expected one or more");
    for (u32 i = 0; entry->kind == TIMELINE_SET && i < entry->set_count; i++)
        if (params_fixed(entry->sets[i].id))
            return problem_at(r->why, r->file, y->line, y->column,
                              "'%s' stays as it is at genesis: expected under params",
                              param_rows[entry->sets[i].id].name);
    return true;
}

const struct object timeline_object =
    OBJECT("an event of the timeline", timeline_fields, timeline_entry, .has_variants = true,
           .variant_offset = offsetof(struct timeline_entry, kind), .finish = timeline_finish,
           .doc = "One thing that happens.");

/* An arm's own events are named apart from the scenario's. */
#define ARM_ORDINALS (1u << 20)

void timeline_number(const struct timeline_entry *list, u32 count, u32 from)
{
    struct timeline_entry *entry = (struct timeline_entry *)(uintptr_t)list;

    for (u32 i = 0; i < count; i++)
        entry[i].ordinal = from + i;
}

#define A(key_, of_, member_, ...)                                                                 \
    {                                                                                              \
        .key = (key_), .kind = &kind_##of_, FIELD_AT(arm, member_), __VA_ARGS__                    \
    }

static const struct field arm_fields[] = {
    A("name", name, name, .required = true, .doc = "Name of the variant."),
    A("doc", text, doc, .doc = "What it stands for."),
    A("params", sets, sets, FIELD_COUNT(arm, set_count), .def = "{}",
      .doc = "Parameters that differ, as name: value."),
    A("counts", counts, counts, FIELD_COUNT(arm, count_count), .def = "{}",
      .doc = "Members of groups that differ, as {gpu: 100}."),
    A("orders_per_day", number, orders_per_day, .more = &units_count, .max = 100000000, .def = "0",
      .doc = "Of the generated workload; 0: as it says."),
    A("timeline", list, timeline, FIELD_COUNT(arm, timeline_count), .more = &timeline_object,
      .max = 10000, .def = "[]", .doc = "What happens besides."),
};

/* Machines that are given out once each must suffice in every arm. */
static bool enough_machines(struct reading *r, const struct yaml *y, const struct arm *arm)
{
    for (u32 i = 0; i < arm->count_count; i++) {
        if (arm->counts[i].users)
            continue;
        const struct provider_group *g = &r->s->providers[arm->counts[i].group];
        if (g->machine_draw == MACHINES_EACH_ONCE && g->machine_count != 0 &&
            g->machine_count < arm->counts[i].count)
            return problem_at(r->why, r->file, y->line, y->column,
                              "arm '%s': %u of %s, expected at most its %u machines, each once",
                              arm->name, arm->counts[i].count, g->name, g->machine_count);
    }
    return true;
}

static bool arm_finish(struct reading *r, const struct yaml *y, void *at)
{
    const struct arm *arm = at;
    const struct yaml *params = yaml_entry(y, "params");
    char who[64];

    for (u32 i = 0; i < r->s->arm_count; i++)
        if (strcmp(r->s->arms[i].name, arm->name) == 0)
            return problem_at(r->why, r->file, y->line, y->column, "arm '%s' is here already",
                              arm->name);
    snprintf(who, sizeof(who), "arm '%s': ", arm->name);
    if (params != NULL && !field_sets_go(r, params, who, &r->s->params, arm->sets, arm->set_count))
        return false;
    timeline_number(arm->timeline, arm->timeline_count, ARM_ORDINALS);
    return enough_machines(r, y, arm);
}

const struct object arm_object =
    OBJECT("an arm", arm_fields, arm, .finish = arm_finish, .doc = "A variant of the scenario.");

#define E(key_, of_, member_, ...)                                                                 \
    {                                                                                              \
        .key = (key_), .kind = &kind_##of_, FIELD_AT(expectation, member_), __VA_ARGS__            \
    }
#define ONLY(mode) (1u << EXPECT_##mode)

static const struct field expectation_fields[] = {
    E("at", when, when, .chooses = EXPECT_AT + 1, .doc = "Judged once, at this moment."),
    E("that", expr, that, .required = true, .only = ONLY(AT), .doc = "What must hold then."),
    E("always", expr, that, .chooses = EXPECT_ALWAYS + 1, .doc = "Holds after each block."),
    E("never", expr, that, .chooses = EXPECT_NEVER + 1, .doc = "Holds after no block."),
    E("eventually", expr, that, .chooses = EXPECT_EVENTUALLY + 1, .doc = "Holds at some time."),
    E("within", when, when, .required = true, .only = ONLY(EVENTUALLY),
      .doc = "Until then, from genesis."),
    E("given", expr, given, .doc = "Judged only while this holds."),
};

static bool expectation_finish(struct reading *r, const struct yaml *y, void *at)
{
    struct expectation *x = at;

    (void)r;
    x->text = x->that->text;
    x->given_text = x->given == NULL ? NULL : x->given->text;
    x->line = y->line;
    x->column = y->column;
    return true;
}

const struct object expectation_object =
    OBJECT("an expectation", expectation_fields, expectation, .has_variants = true,
           .variant_offset = offsetof(struct expectation, mode), .finish = expectation_finish,
           .doc = "An assertion; one that was never judged on anything fails.");
