/* write - a plan as a scenario that a person can read: what is as usual is not said. */
#include "sim/scenario/param_table.h"
#include "sim/swarm/plan.h"

#include "protocol/gpu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* After the last mishap and demand everything has so long to end: a workload that is lost and
 * ordered again runs at most as long again for each time that it is lost. */
#define SETTLE_S 432000u
#define ERAS_LEAST 3u

struct writing {
    FILE *out;
    const struct plan *p;
    u64 now_s;
};

static u64 arg(const struct choice *c, const char *name)
{
    return choice_arg(c, name);
}

static bool is_usual(const struct choice *c, const char *name)
{
    u32 i = choice_place(c->kind, name);

    return c->arg[i] == choice_rows[c->kind].arg[i].simplest;
}

static void put_span(FILE *out, u64 s)
{
    char text[UNITS_BYTES];

    fputs(units_print(&units_span, SEC((u128)s), text), out);
}

/* ", key: 90s" where it is not as usual. */
static void span_unless_usual(FILE *out, const struct choice *c, const char *name, const char *key)
{
    if (is_usual(c, name))
        return;
    fprintf(out, ", %s: ", key);
    put_span(out, arg(c, name));
}

static void number_unless_usual(FILE *out, const struct choice *c, const char *name,
                                const char *key)
{
    if (!is_usual(c, name))
        fprintf(out, ", %s: %llu", key, (unsigned long long)arg(c, name));
}

static void flag_unless_usual(FILE *out, const struct choice *c, const char *name, const char *key)
{
    if (!is_usual(c, name))
        fprintf(out, ", %s: %s", key, arg(c, name) != 0 ? "true" : "false");
}

static void put_share(FILE *out, const char *key, u64 bps)
{
    char text[UNITS_BYTES];

    fprintf(out, ", %s: %s", key, units_print(&units_share, bps, text));
}

/* Cents of a dollar in the token that it is paid with; SPON is a tenth of a dollar. */
static void put_money(FILE *out, u64 cents, u64 token)
{
    char text[UNITS_BYTES];

    if (token == 0)
        units_print_amount("SPON", 1, cents, text);
    else
        units_print_amount("USDX", 2, cents, text);
    fputs(text, out);
}

static const char *who_text(u64 who, char text[32])
{
    snprintf(text, 32, "%c%llu", who < WHO_USERS ? 'p' : 'u',
             (unsigned long long)(who % WHO_USERS));
    return text;
}

/* ---- the world ---- */

static const struct choice *run_of(const struct plan *p)
{
    check(p->choice[0].kind == CHOICE_RUN);
    return &p->choice[0];
}

static void put_params(struct writing *w)
{
    const char *before = "params: {";
    char text[UNITS_BYTES];

    if (!is_usual(run_of(w->p), "era_h")) {
        fprintf(w->out, "%sera_seconds: %s", before,
                param_print(PARAM_era_seconds, plan_era_s(w->p), text));
        before = ", ";
    }
    for (u32 i = 0; i < w->p->count; i++) {
        const struct choice *c = &w->p->choice[i];
        if (c->kind != CHOICE_PARAM)
            continue;
        enum param_id id = (enum param_id)arg(c, "row");
        fprintf(w->out, "%s%s: %s", before, param_rows[id].name,
                param_print(id, choice_value(c), text));
        before = ", ";
    }
    if (before[0] == ',')
        fputs("}\n", w->out);
}

static void put_network(struct writing *w)
{
    const struct choice *run = run_of(w->p);
    FILE *out = w->out;

    if (arg(run, "transfer_fee_bps") != 0) {
        fputs(
            "tokens:\n  - {symbol: SPON, usd: 0.1 USD}\n  - {symbol: USDX, decimals: 6, usd: 1 USD",
            out);
        put_share(out, "transfer_fee", arg(run, "transfer_fee_bps"));
        fputs("}\n", out);
    }
    if (is_usual(run, "regions") && is_usual(run, "between_ms") && is_usual(run, "loss_bps"))
        return;
    fputs("network: {regions: [r0", out);
    for (u64 i = 1; i < arg(run, "regions"); i++)
        fprintf(out, ", r%llu", (unsigned long long)i);
    fprintf(out, "], latency: {within: 5ms, between: %llums}",
            (unsigned long long)arg(run, "between_ms"));
    if (!is_usual(run, "loss_bps"))
        put_share(out, "loss", arg(run, "loss_bps"));
    fputs("}\n", out);
}

static void put_region(struct writing *w, const struct choice *c)
{
    u64 regions = arg(run_of(w->p), "regions");

    if (regions > 1)
        fprintf(w->out, ", regions: r%llu", (unsigned long long)(arg(c, "region") % regions));
}

static const char *const token_lists[] = {"", "[SPON]", "[USDX]", "[SPON, USDX]"};

static void put_machine(FILE *out, const struct choice *c)
{
    fprintf(out, ", machines: [{cpu: %llu, ram: %lluGiB", (unsigned long long)arg(c, "cpu"),
            (unsigned long long)arg(c, "ram_gib"));
    if (!is_usual(c, "gpu"))
        fprintf(out, ", gpus: {%s: %llu}",
                gpu_name((enum gpu_model)((arg(c, "gpu") - 1) % GPU_MODELS)),
                (unsigned long long)arg(c, "gpus"));
    fputs("}]", out);
    if (arg(c, "soc2") != 0)
        fputs(", compliance: [SOC2]", out);
}

static void put_ask(FILE *out, const struct choice *c)
{
    u64 tokens = arg(c, "tokens"), cents = arg(c, "ask_cents");

    fprintf(out, ", tokens: %s", token_lists[tokens]);
    if (cents != 0) {
        fputs(", ask: ", out);
        put_money(out, cents, tokens == 1 ? 0 : 1);
    }
    flag_unless_usual(out, c, "ask_net", "ask_net");
}

static void put_provider(struct writing *w, const struct choice *c)
{
    FILE *out = w->out;

    fprintf(out, "    - {name: p%u", c->number);
    number_unless_usual(out, c, "count", "count");
    put_machine(out, c);
    put_ask(out, c);
    fprintf(out, ", stake: %llu SPON", (unsigned long long)arg(c, "stake"));
    number_unless_usual(out, c, "tier", "initial_tier");
    if (!is_usual(c, "activation_s")) {
        fputs(", activation_min: ", out);
        put_span(out, arg(c, "activation_s") / 2);
        fputs(", activation_max: ", out);
        put_span(out, arg(c, "activation_s"));
    }
    if (arg(c, "idle") != 0)
        fputs(", activates: false", out);
    if (!is_usual(c, "response_ms"))
        fprintf(out, ", response: %llums", (unsigned long long)arg(c, "response_ms"));
    number_unless_usual(out, c, "restarts", "crash_loop_restarts");
    span_unless_usual(out, c, "closes_s", "closes_after");
    span_unless_usual(out, c, "claims_s", "claims_every");
    flag_unless_usual(out, c, "restakes", "restakes");
    flag_unless_usual(out, c, "auto_stake", "auto_stake");
    flag_unless_usual(out, c, "audited", "audited");
    span_unless_usual(out, c, "joins_s", "joins");
    put_region(w, c);
    fputs("}\n", out);
}

static void put_user(struct writing *w, const struct choice *c)
{
    u64 token = arg(c, "token");
    FILE *out = w->out;

    fprintf(out, "    - {name: u%u, token: %s, deposit: ", c->number, token == 0 ? "SPON" : "USDX");
    put_money(out, 100 * arg(c, "deposit"), token);
    if (arg(c, "tops_up") == 0)
        fputs(", deposits: once", out);
    span_unless_usual(out, c, "outage_patience_s", "outage_patience");
    flag_unless_usual(out, c, "reorders", "reorders");
    span_unless_usual(out, c, "joins_s", "joins");
    put_region(w, c);
    fputs("}\n", out);
}

static bool has(const struct plan *p, enum choice_kind kind)
{
    for (u32 i = 0; i < p->count; i++)
        if (p->choice[i].kind == kind)
            return true;
    return false;
}

static void put_members(struct writing *w, enum choice_kind kind, const char *key,
                        void (*put)(struct writing *w, const struct choice *c))
{
    if (has(w->p, kind))
        fprintf(w->out, "  %s:\n", key);
    for (u32 i = 0; i < w->p->count; i++)
        if (w->p->choice[i].kind == kind)
            put(w, &w->p->choice[i]);
}

static void put_population(struct writing *w)
{
    if (!has(w->p, CHOICE_PROVIDER) && !has(w->p, CHOICE_USER))
        return;
    fputs("population:\n", w->out);
    put_members(w, CHOICE_PROVIDER, "providers", put_provider);
    put_members(w, CHOICE_USER, "users", put_user);
}

/* ---- what is asked ---- */

static void put_gpus(FILE *out, const struct choice *c)
{
    if (is_usual(c, "gpus"))
        return;
    if (!is_usual(c, "gpu"))
        fprintf(out, ", gpu: %s", gpu_name((enum gpu_model)((arg(c, "gpu") - 1) % GPU_MODELS)));
    fprintf(out, ", gpus: %llu", (unsigned long long)arg(c, "gpus"));
}

static void put_order(struct writing *w, const struct choice *c)
{
    const struct choice *user = plan_member(w->p, arg(c, "user"));
    u64 regions = arg(run_of(w->p), "regions");
    FILE *out = w->out;
    char name[32];

    fputs("  - {at: ", out);
    put_span(out, w->now_s);
    fprintf(out, ", user: %s, cpu: %llu", who_text(arg(c, "user"), name),
            (unsigned long long)arg(c, "cpu"));
    fprintf(out, ", ram: %lluGiB", (unsigned long long)arg(c, "ram_gib"));
    put_gpus(out, c);
    number_unless_usual(out, c, "replicas", "replicas");
    fputs(", max_price: ", out);
    put_money(out, arg(c, "max_cents"), arg(user, "token"));
    fputs(", duration: ", out);
    put_span(out, arg(c, "duration_s"));
    span_unless_usual(out, c, "lifetime_s", "lifetime");
    fputs(", patience: ", out);
    put_span(out, arg(c, "patience_s"));
    span_unless_usual(out, c, "fail_s", "fail_after");
    flag_unless_usual(out, c, "image", "image_failed");
    if (arg(c, "extend") != 0 && arg(c, "lifetime_s") > arg(c, "duration_s"))
        fputs(", extend: true", out);
    if (!is_usual(c, "update_s")) {
        fputs(", update: {after: ", out);
        put_span(out, arg(c, "update_s"));
        fprintf(out, ", cpu: %llu}", (unsigned long long)arg(c, "update_cpu"));
    }
    number_unless_usual(out, c, "tier_worst", "tier_worst");
    if (arg(c, "here") != 0 && regions > 1)
        fprintf(out, ", region: r%llu", (unsigned long long)(arg(user, "region") % regions));
    fputs("}\n", out);
}

/* ---- what happens ---- */

/* "{who: p1, by: 30s, share: 10%, for: 1h}", of those that the kind has. */
static void put_mishap(FILE *out, const struct choice *c)
{
    const struct choice_row *row = &choice_rows[c->kind];
    const char *between = "{";
    char name[32];

    for (u32 i = 1; i < row->count; i++) {
        const char *key = row->arg[i].name;
        if (strcmp(key, "who") == 0) {
            fprintf(out, "%swho: %s", between, who_text(c->arg[i], name));
        } else if (strcmp(key, "for_s") == 0 || strcmp(key, "by_s") == 0) {
            fprintf(out, "%s%.*s: ", between, (int)strlen(key) - 2, key);
            put_span(out, c->arg[i]);
        } else if (strcmp(key, "share_bps") == 0) {
            if (c->arg[i] != row->arg[i].simplest && choice_arg(c, "nth") == 0)
                put_share(out, "share", c->arg[i]);
        } else if (strcmp(key, "nth") == 0) {
            number_unless_usual(out, c, "nth", "nth");
        } else if (c->arg[i] != 0) {
            fprintf(out, "%s%s: true", between, key);
        }
        between = ", ";
    }
    fputc('}', out);
}

static const char *token_name(const struct choice *c)
{
    return arg(c, "token") == 0 ? "SPON" : "USDX";
}

static void put_set(FILE *out, const struct choice *c)
{
    enum param_id id = (enum param_id)arg(c, "row");
    char text[UNITS_BYTES];

    fprintf(out, "{%s: %s}", param_rows[id].name, param_print(id, choice_value(c), text));
}

/* "{who: u1, to: u2, amount: 5 SPON}", of those that the kind has. */
static void put_act(FILE *out, const struct choice *c)
{
    const struct choice_row *row = &choice_rows[c->kind];
    const char *between = "{";
    char name[32];

    for (u32 i = 1; i < row->count; i++) {
        const char *key = row->arg[i].name;
        unsigned long long value = c->arg[i];
        if (row->arg[i].how == HOW_PROVIDER || row->arg[i].how == HOW_USER ||
            row->arg[i].how == HOW_WHO)
            fprintf(out, "%s%s: %s", between, key, who_text(c->arg[i], name));
        else if (strcmp(key, "amount") == 0 || strcmp(key, "damage") == 0)
            fprintf(out, "%s%s: %llu SPON", between, key, value);
        else if (strcmp(key, "on") == 0)
            fprintf(out, "%son: %s", between, value != 0 ? "true" : "false");
        else if (strcmp(key, "cents") == 0) {
            fprintf(out, "%samount: ", between);
            put_money(out, value, arg(c, "token"));
        } else if (strcmp(key, "token") != 0)
            fprintf(out, "%s%s: %llu", between, key, value);
        between = strcmp(key, "token") == 0 ? between : ", ";
    }
    fputc('}', out);
}

static void put_event(struct writing *w, const struct choice *c)
{
    FILE *out = w->out;
    char name[32], text[UNITS_BYTES];

    fputs("  - {at: ", out);
    put_span(out, w->now_s);
    fprintf(out, ", %s: ", choice_rows[c->kind].word);
    if (c->kind == CHOICE_PRICE)
        fprintf(out, "{token: %s, usd: %s}", token_name(c),
                units_print(&units_usd, USD_E8(arg(c, "cents")) / 100, text));
    else if (c->kind == CHOICE_SET)
        put_set(out, c);
    else if (c->kind == CHOICE_SHRINK)
        fprintf(out, "{token: %s, keep: %s}", token_name(c),
                units_print(&units_share, arg(c, "keep_bps"), text));
    else if (c->kind == CHOICE_TOKEN)
        fprintf(out, "{symbol: %s, enabled: %s}", token_name(c),
                arg(c, "enabled") != 0 ? "true" : "false");
    else if (c->kind == CHOICE_APPROVE || c->kind == CHOICE_EXIT || c->kind == CHOICE_CLAIM)
        fputs(who_text(arg(c, "who"), name), out);
    else if (c->kind > CHOICE_APPROVE)
        put_act(out, c);
    else
        put_mishap(out, c);
    fputs("}\n", out);
}

static void put_timed(struct writing *w, enum choice_section section, const char *key,
                      void (*put)(struct writing *w, const struct choice *c))
{
    bool any = false;

    w->now_s = 0;
    for (u32 i = 0; i < w->p->count; i++) {
        const struct choice *c = &w->p->choice[i];
        if (!choice_is_timed(c))
            continue;
        w->now_s += c->arg[0];
        if (choice_rows[c->kind].section != section || choice_is_idle(w->p, c))
            continue;
        if (!any)
            fprintf(w->out, "%s:\n", key);
        any = true;
        put(w, c);
    }
}

/* ---- what must come of it ---- */

/* Whether approval needs somebody's word at any time. */
static bool needs_approval(const struct plan *p)
{
    for (u32 i = 0; i < p->count; i++) {
        const struct choice *c = &p->choice[i];
        if ((c->kind == CHOICE_PARAM || c->kind == CHOICE_SET) &&
            arg(c, "row") == PARAM_auto_approve)
            return true;
    }
    return false;
}

/* Whether providers leave, are struck, or give away what they would stake. */
static bool is_led_astray(const struct plan *p)
{
    return has(p, CHOICE_EXIT) || has(p, CHOICE_VERDICT) || has(p, CHOICE_TRANSFER) ||
           has(p, CHOICE_DEPOSIT) || has(p, CHOICE_STAKE);
}

static void put_expectations(struct writing *w, u64 eras)
{
    static const char *const always[] = {"network.open_orders == 0", "network.leases == 0",
                                         "network.held == 0"};
    unsigned long long last = eras - 1;
    FILE *out = w->out;

    fputs("# Everything was healed and nothing asked for days: all is settled, nobody "
          "waits.\nexpect:\n",
          out);
    for (u32 i = 0; i < ARRAY_LEN(always); i++)
        fprintf(out, "  - {at: era %llu, that: %s}\n", last, always[i]);
    if (has(w->p, CHOICE_USER))
        fprintf(out,
                "  - {at: era %llu, that: sum(user.*.jobs) == 0}\n"
                "  - {at: era %llu, that: count(user.*.ready == false) == 0}\n",
                last, last);
    if (has(w->p, CHOICE_PROVIDER))
        fprintf(out, "  - {at: era %llu, that: sum(provider.*.served) == 0}\n", last);
    if (has(w->p, CHOICE_PROVIDER) && !needs_approval(w->p) && !is_led_astray(w->p))
        fprintf(out, "  - {at: era %llu, that: count(provider.*.open == false) == 0}\n", last);
    if (has(w->p, CHOICE_CANARY))
        fputs("  - never: network.orders > 0\n", out);
}

/* ---- the scenario ---- */

static u64 eras_of(const struct plan *p)
{
    struct params params;

    plan_params(p, &params);
    u64 eras = (plan_heals_s(p) + SETTLE_S) / params.era_seconds + 2;
    return eras < ERAS_LEAST ? ERAS_LEAST : eras;
}

char *plan_scenario(const struct plan *p, const char *name, const char *comment)
{
    const struct choice *run = run_of(p);
    u64 eras = eras_of(p);
    char *text = NULL;
    size_t size = 0;
    struct writing w = {.out = open_memstream(&text, &size), .p = p};

    if (w.out == NULL)
        return NULL;
    fprintf(w.out,
            "%sname: %s\nquestion: Does everything hold, and does all end once it is healed?\n",
            comment, name);
    fprintf(w.out, "eras: %llu\nseeds: %llu\n", (unsigned long long)eras,
            (unsigned long long)arg(run, "seed"));
    put_params(&w);
    put_network(&w);
    if (!is_usual(run, "fanout"))
        fprintf(w.out, "order_fanout: %llu\n", (unsigned long long)arg(run, "fanout"));
    put_population(&w);
    put_timed(&w, SECTION_ORDERS, "orders", put_order);
    put_timed(&w, SECTION_TIMELINE, "timeline", put_event);
    put_expectations(&w, eras);
    if (fclose(w.out) == 0)
        return text;
    free(text);
    return NULL;
}
