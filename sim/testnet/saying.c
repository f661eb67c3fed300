#include "sim/testnet/saying.h"

#include "chain-mock/wire/address.h"
#include "protocol/gpu.h"
#include "protocol/tier.h"
#include "sim/scenario/names.h"
#include "sim/scenario/param_table.h"
#include "sim/scenario/units.h"

#include <string.h>

struct saying {
    FILE *out;
    const struct setup *setup;
    const char *const *symbols;
    const struct log *log;
    u64 block, second; /* of the line */
    u32 token;         /* of the log */
    bool any;
};

static void say_name(struct saying *s, const char *name, size_t n)
{
    fputs(s->any ? ", " : "  ", s->out);
    for (size_t i = 0; i < n; i++)
        fputc(name[i] == '_' ? ' ' : name[i], s->out);
    fputc(' ', s->out);
    s->any = true;
}

static void say_digits(FILE *out, u128 v)
{
    char text[UNITS_BYTES];

    fputs(units_print(&units_count, v, text), out);
}

/* v / unit with at most so many places, none of them a zero at the end. */
static void say_decimal(FILE *out, u128 v, u128 unit, u32 places)
{
    u128 rest = v % unit;

    say_digits(out, v / unit);
    for (u32 i = 0; i < places && rest != 0; i++) {
        if (i == 0)
            fputc('.', out);
        rest *= 10;
        fputc('0' + (int)(rest / unit), out);
        rest %= unit;
    }
}

/* ---- who ---- */

static void say_address(FILE *out, const u8 bytes[20])
{
    struct address a;
    char text[ADDRESS_CHARS];

    memcpy(a.byte, bytes, sizeof(a.byte));
    address_print(text, a);
    fputs(text, out);
}

/* Whom nobody has named has the address alone. */
static void say_who(struct saying *s, u32 account)
{
    const struct cast *cast = &s->setup->cast;
    char who[CAST_NAME];

    if (account == 0) {
        fputs("nobody", s->out);
        return;
    }
    if (account < cast->accounts) {
        cast_name(cast, account, who);
        fprintf(s->out, "%s ", who);
    }
    if (account <= chain_accounts(&s->setup->chain))
        say_address(s->out, chain_account_address(&s->setup->chain, account));
    else
        fprintf(s->out, "account %u", account);
}

static void say_account(struct saying *s, const char *name, u32 v)
{
    say_name(s, name, strlen(name));
    say_who(s, v);
}

static void say_provider(struct saying *s, u32 provider)
{
    const struct cast *cast = &s->setup->cast;
    u32 account = provider != 0 && provider <= chain_providers(&s->setup->chain)
                      ? chain_provider_account(&s->setup->chain, provider)
                      : 0;
    char who[CAST_NAME];

    fprintf(s->out, "%u", provider);
    if (account == 0 || account >= cast->accounts)
        return;
    cast_name(cast, account, who);
    fprintf(s->out, " (%s)", who);
}

/* ---- numbers that are names ---- */

static const char *reason_of(const struct log *l, u32 v)
{
    if (l->kind == LOG_LeaseClosed && v <= LEASE_UPDATED)
        return lease_end_names[v];
    if (l->kind == LOG_OrderCancelled && v <= 2)
        return cancel_reason_names[v];
    if (l->kind == LOG_TierChanged && v < TIER_REASONS)
        return tier_reason_text((enum tier_reason)v);
    return NULL;
}

static const char *cause_of(const struct log *l, u32 v)
{
    if (l->kind == LOG_Slashed)
        return v <= SLASH_MISCONDUCT ? slash_cause_names[v] : NULL;
    return v < CAUSES ? cause_names[v] : NULL;
}

/* A truth is 0 or 1 in a log. */
static bool is_truth(const char *name)
{
    static const char *const truths[] = {"auto_stake",  "on",         "struck",   "enabled",
                                         "announced",   "confirmed",  "failed",   "image_failed",
                                         "task_failed", "suspended",  "met_next", "failed_here",
                                         "auto_staked", "commission", "neutral",  "papers"};

    for (size_t i = 0; i < ARRAY_LEN(truths); i++) {
        if (strcmp(name, truths[i]) == 0)
            return true;
    }
    return false;
}

/* NULL: the number itself. */
static const char *word_of(const struct saying *s, const char *name, u32 v)
{
    const struct names *regions = &s->setup->plan->scenario->network.regions;

    if (strcmp(name, "reason") == 0)
        return reason_of(s->log, v);
    if (strcmp(name, "cause") == 0)
        return cause_of(s->log, v);
    if (strcmp(name, "move") == 0)
        return v < TIER_REASONS ? tier_reason_text((enum tier_reason)v) : NULL;
    if (strcmp(name, "region") == 0)
        return v == REGION_NONE ? "any" : v <= regions->count ? regions->at[v - 1] : NULL;
    if (strcmp(name, "token") == 0)
        return v < TOKENS_MAX ? s->symbols[v] : NULL;
    if (strcmp(name, "param") == 0)
        return v < PARAM_KINDS ? param_rows[v].name : NULL;
    if (is_truth(name) && v <= 1)
        return v == 1 ? "yes" : "no";
    return NULL;
}

static void say_tokens(struct saying *s, u32 mask)
{
    bool any = false;

    for (u32 t = 0; t < TOKENS_MAX; t++) {
        if ((mask >> t & 1) == 0 || s->symbols[t] == NULL)
            continue;
        fprintf(s->out, "%s%s", any ? "+" : "", s->symbols[t]);
        any = true;
    }
    if (!any)
        fputs("none", s->out);
}

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);

    return n > m && strcmp(name + n - m, end) == 0;
}

static void say_u32(struct saying *s, const char *name, u32 v)
{
    bool share = ends_with(name, "_bps");
    const char *word = word_of(s, name, v);

    say_name(s, name, strlen(name) - (share ? 4 : 0));
    if (strcmp(name, "provider") == 0) {
        say_provider(s, v);
    } else if (strcmp(name, "tokens") == 0) {
        say_tokens(s, v);
    } else if (share) {
        say_decimal(s->out, v, 100, 2);
        fputs(" %", s->out);
    } else if (word != NULL) {
        fputs(word, s->out);
    } else {
        fprintf(s->out, "%u", v);
    }
}

static void say_u64(struct saying *s, const char *name, u64 v)
{
    if (strcmp(name, "name") == 0 || /* of draws */
        (strcmp(name, "second") == 0 && v == s->second) ||
        (strcmp(name, "block") == 0 && v == s->block))
        return;
    bool seconds = ends_with(name, "_s"), micros = ends_with(name, "_us");
    bool usd = ends_with(name, "_e8");
    say_name(s, name, strlen(name) - (seconds ? 2 : usd || micros ? 3 : 0));
    if (usd)
        say_decimal(s->out, v, 100000000, 8);
    else
        say_digits(s->out, v);
    if (seconds || strcmp(name, "second") == 0 || strcmp(name, "seconds") == 0)
        fputs(" s", s->out);
    else if (micros)
        fputs(" us", s->out);
}

/* An address stands in two words, the first four bytes and the other sixteen. */
static void say_u128(struct saying *s, const char *name, u128 v)
{
    const struct log_provider_contract *l = &s->log->u.provider_contract;
    char text[UNITS_BYTES];
    u8 bytes[20];

    if (s->log->kind != LOG_ProviderContract) {
        say_name(s, name, strlen(name));
        if (s->log->kind == LOG_ParamChanged && s->log->u.param_changed.param < PARAM_KINDS)
            fputs(param_print((enum param_id)s->log->u.param_changed.param, v, text), s->out);
        else
            say_digits(s->out, v);
        return;
    }
    if (strcmp(name, "low") == 0)
        return;
    for (u32 i = 0; i < 4; i++)
        bytes[i] = (u8)(l->high >> (24 - 8 * i));
    for (u32 i = 0; i < 16; i++)
        bytes[4 + i] = (u8)(l->low >> (120 - 8 * i));
    say_name(s, "contract", 8);
    say_address(s->out, bytes);
}

/* ---- amounts and machines ---- */

/* To a millionth of a whole token. */
static void say_amount(struct saying *s, const char *name, struct amount v)
{
    const struct scenario *c = s->setup->plan->scenario;
    u32 decimals = s->token < c->token_count ? c->tokens[s->token].decimals : 18;

    say_name(s, name, strlen(name));
    say_decimal(s->out, v.wei, amount_of_tokens(1, decimals).wei, 6);
    fprintf(s->out, " %s", s->symbols[s->token] != NULL ? s->symbols[s->token] : "");
}

static const char *model_of(u16 model)
{
    return model == GPU_ANY || model > GPU_MODELS ? "gpu" : gpu_name((enum gpu_model)(model - 1));
}

static void say_specs(struct saying *s, const char *name, struct specs v)
{
    say_name(s, name, strlen(name));
    fprintf(s->out, "%u cpu %u GiB %u GiB disk", v.cpu, v.ram_gib, v.disk_gib);
    if (v.gpus > 0)
        fprintf(s->out, " %u %s", v.gpus, model_of(v.gpu_model));
}

static void say_machine(struct saying *s, const char *name, struct machine v)
{
    say_name(s, name, strlen(name));
    fprintf(s->out, "%u cpu %u GiB %u GiB disk", v.cpu, v.ram_gib, v.disk_gib);
    for (u32 i = 0; i < GPU_LINES; i++) {
        if (v.gpu[i].count > 0)
            fprintf(s->out, " %u %s", v.gpu[i].count, model_of(v.gpu[i].model));
    }
}

/* Its own, or its order's or lease's: one of them the chain still has in the block that tells. */
static u32 token_of(const struct state *state, const struct log *log)
{
    u64 token, order, lease;

    if (log_number(log, "token", &token))
        return token < TOKENS_MAX ? (u32)token : TOKEN_SPON;
    if (log_number(log, "order", &order) && order_find(state, order) != 0)
        return order_at(state, order_find(state, order))->token;
    if (log_number(log, "lease", &lease) && lease_find(state, lease) != 0)
        return lease_at(state, lease_find(state, lease))->token;
    return TOKEN_SPON;
}

bool saying_log(FILE *out, const struct setup *setup, const char *const symbols[TOKENS_MAX],
                u64 block, struct instant now, const struct log *log)
{
    struct saying s = {
        out,  setup, symbols, log, block, now.ns / SEC(1), token_of(&setup->chain.state, log),
        false};

    if (log->kind == LOG_RatingSet || log->kind == LOG_BidScored || log->kind == LOG_Moved)
        return false; /* for tables */
    fprintf(out, "%10llu.%03llu s  block %-6llu %s", (unsigned long long)(now.ns / SEC(1)),
            (unsigned long long)(now.ns / MSEC(1) % 1000), (unsigned long long)block,
            log_names[log->kind]);
    switch (log->kind) {
#define FIELD(type, name) say_##type(&s, #name, body->name);
#define LOG(NAME, name, to, fields, doc)                                                           \
    case LOG_##NAME: {                                                                             \
        const struct log_##name *body = &log->u.name;                                              \
        fields break;                                                                              \
    }
#include "protocol/log.def"
#undef LOG
#undef FIELD
    case LOG_KINDS:
        check_unreachable();
    }
    return true;
}
