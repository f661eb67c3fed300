/* model - the log is heard: what time brings, what matches bring, what people decided. */
#include "tests/property/model/model.h"

#include "tests/property/model/parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void model_wrong(struct model *m, const char *format, ...)
{
    va_list args;

    if (m->wrong[0] != '\0')
        return;
    va_start(args, format);
    (void)vsnprintf(m->wrong, sizeof(m->wrong), format, args);
    va_end(args);
}

/* settled 154: "block.timestamp = genesis + slot × block_time, floor to seconds" */
u64 model_second_of(const struct model *m, u64 slot)
{
    return slot * m->p.block_time_ms / 1000;
}

struct log *model_expect(struct model *m, enum log_kind kind)
{
    struct log *l = PUSH(m, expected);

    memset(l, 0, sizeof(*l));
    l->kind = kind;
    l->tx = LOG_NO_TX;
    return l;
}

struct log *model_expect_by(struct model *m, enum log_kind kind, const struct log *by)
{
    struct log *l = model_expect(m, kind);

    l->tx = by->tx;
    return l;
}

void model_begin(struct model *m, const struct model_genesis *g)
{
    memset(m, 0, sizeof(*m));
    m->genesis = *g;
    m->p = g->params;
    m->era_end_s = g->params.era_seconds;
    m->next_order = m->next_lease = m->next_slash = m->next_evidence = 1;
    m->n_providers = m->n_wallets = 1;
    *PUSH(m, params) = (struct model_params){0, g->params};
    for (u32 t = 0; t < g->tokens; t++) {
        m->enabled[t] = g->token[t].enabled;
        if (g->token[t].usd_e8 != 0)
            *PUSH(m, prices) = (struct model_price){t, 0, g->token[t].usd_e8};
        for (u32 a = 1; a <= g->accounts; a++)
            model_pay(m, t, AT(OUTSIDE, 0), AT(ACCOUNT, a), g->account[a].funds[t], FOR_GENESIS, 0);
    }
}

/* ---- what time brings: settled 154 ---- */

enum kind { LEASE_END, ORDER_EXPIRY, WARNING, ERA_END, NOTHING };

struct moment {
    enum kind kind;
    u64 second, id;
    u32 place, reason;
};

/* "moments go by m; at equal m the ends of leases …, then order expiry, warning, and the era
 * boundary after them; at equal kind the lower id" */
static bool earlier(const struct moment *a, const struct moment *b)
{
    if (b->kind == NOTHING || a->second != b->second)
        return b->kind == NOTHING || a->second < b->second;
    return a->kind != b->kind ? a->kind < b->kind : a->id < b->id;
}

static void offer(struct moment *first, struct moment x)
{
    if (x.second != MODEL_OPEN && earlier(&x, first))
        *first = x;
}

/* settled 117: "match_timeout = 10 blocks: an order without a result so long after its window
 * expires"; never in the block of its own match, whose matches come after its moments (154). */
static u64 expiry_of(const struct model *m, const struct model_order *o)
{
    u64 window_to = o->told.block + m->p.bid_window_blocks;
    u64 last_s = model_second_of(m, window_to + m->p.match_timeout_blocks);
    u64 match_s = model_second_of(m, window_to + 1);

    return last_s > match_s ? last_s : match_s + 1;
}

static struct moment next_moment(const struct model *m)
{
    struct moment first = {ERA_END, m->era_end_s, 0, 0, 0};

    for (u32 i = 0; i < m->n_leases; i++) {
        const struct model_lease *l = &m->leases[i];
        u32 reason;
        if (l->end_s != MODEL_OPEN)
            continue;
        u64 end_s = model_lease_end(m, l, &reason);
        offer(&first, (struct moment){LEASE_END, end_s, l->id, i, reason});
        offer(&first, (struct moment){WARNING, model_warning(m, l), l->id, i, 0});
    }
    for (u32 i = 0; i < m->n_orders; i++)
        if (m->orders[i].closed == 0)
            offer(&first, (struct moment){ORDER_EXPIRY, expiry_of(m, &m->orders[i]),
                                          m->orders[i].told.order, i, 0});
    return first;
}

static void expire_order(struct model *m, struct model_order *o, u64 second)
{
    model_order_end(m, o);
    model_expect(m, LOG_OrderExpired)->u.order_expired = (struct log_order_expired){
        o->told.order, o->told.wallet, model_bids(m, o->told.order), second};
    m->reached.order_expired_late++;
}

static void take_moments(struct model *m)
{
    for (struct moment x = next_moment(m); x.second <= m->now_s && m->wrong[0] == '\0';
         x = next_moment(m)) {
        switch (x.kind) {
        case LEASE_END:
            model_lease_close(m, &m->leases[x.place], x.second, x.reason, NULL);
            break;
        case ORDER_EXPIRY:
            expire_order(m, &m->orders[x.place], x.second);
            break;
        case WARNING:
            model_warn(m, &m->leases[x.place], x.second);
            break;
        case ERA_END:
            model_close(m);
            break;
        case NOTHING:
            check_unreachable();
        }
    }
}

/* settled 12: "the match is made in block N+3 after its moments … and before its transactions, … in
 * order of order id" */
static void take_matches(struct model *m)
{
    for (u32 i = 0; i < m->n_orders; i++) {
        struct model_order *o = &m->orders[i];
        if (o->closed == 0 && o->told.block + m->p.bid_window_blocks + 1 <= m->slot)
            model_match(m, o);
    }
}

/* ---- one block ---- */

static void read(struct model *m, const struct log *l)
{
    (void)(model_read_market(m, l) || model_read_provider(m, l) || model_read_money(m, l));
}

static bool told_by_reading(enum log_kind kind)
{
    /* decided by nobody: expected with what makes it */
    return kind != LOG_RatingSet && kind != LOG_ProviderContract && kind != LOG_ProviderActive;
}

static u32 the_other(const struct model *m, enum log_kind kind, u32 nth, bool told)
{
    const struct log *all = told ? m->told : m->expected;
    u32 n = told ? m->n_told : m->n_expected;

    for (u32 i = 0; i < n; i++)
        if (all[i].kind == kind && nth-- == 0)
            return i;
    return UINT32_MAX;
}

static size_t bytes_of(u8 bytes[LOG_BYTES_MAX], const struct log *l)
{
    struct writer w = {bytes, LOG_BYTES_MAX};

    log_encode(&w, l);
    return LOG_BYTES_MAX - w.left;
}

static bool same(const struct log *a, const struct log *b)
{
    u8 of_a[LOG_BYTES_MAX], of_b[LOG_BYTES_MAX];
    size_t n = bytes_of(of_a, a);

    return bytes_of(of_b, b) == n && memcmp(of_a, of_b, n) == 0;
}

/* Bids of one order, payees of one slash and tasks of one close are told in no order of a rule. */
static bool is_among(const struct model *m, const struct log *told)
{
    for (u32 i = 0; i < m->n_expected; i++)
        if (m->expected[i].kind == told->kind && same(&m->expected[i], told))
            return true;
    return false;
}

static void differ(struct model *m, const struct log *told, const struct log *expected)
{
    char text[MODEL_TEXT], fields[MODEL_TEXT] = "";

    model_log_text(text, told != NULL ? told : expected);
    if (told == NULL || expected == NULL) {
        model_wrong(m, "%s: %.400s", told == NULL ? "not told" : "told, but does not follow", text);
        return;
    }
    model_log_differences(fields, told, expected);
    model_wrong(m, "told otherwise than follows:%.300s\n#     %.180s", fields, text);
}

static void compare_kind(struct model *m, enum log_kind kind)
{
    bool unordered = kind == LOG_BidScored || kind == LOG_SlashPaid || kind == LOG_TaskJudged;

    for (u32 i = 0; m->wrong[0] == '\0'; i++) {
        u32 t = the_other(m, kind, i, true), e = the_other(m, kind, i, false);
        const struct log *told = t == UINT32_MAX ? NULL : &m->told[t];
        const struct log *expected = e == UINT32_MAX ? NULL : &m->expected[e];
        if (told == NULL && expected == NULL)
            return;
        if (told == NULL || expected == NULL ||
            !(unordered ? is_among(m, told) : same(told, expected)))
            differ(m, told, expected);
    }
}

bool model_block(struct model *m, u64 slot, const struct log *logs, u32 count)
{
    m->slot = slot;
    m->now_s = model_second_of(m, slot);
    m->told = logs;
    m->n_told = count;
    m->n_expected = 0;
    for (u32 i = 0; i < count; i++) /* settled 63: a halt is known to the closes of its block */
        if (logs[i].kind == LOG_ChainHalted)
            read(m, &logs[i]);
    take_moments(m);
    take_matches(m);
    for (u32 i = 0; i < count && m->wrong[0] == '\0'; i++)
        if (logs[i].tx != LOG_NO_TX && logs[i].kind != LOG_ChainHalted &&
            told_by_reading(logs[i].kind))
            read(m, &logs[i]);
    for (u32 k = 0; k < LOG_KINDS && m->wrong[0] == '\0'; k++)
        if (k != LOG_Allowed && k != LOG_Moved && (k != LOG_BidScored || m->genesis.scores_told))
            compare_kind(m, (enum log_kind)k);
    return m->wrong[0] == '\0';
}
