#include "sim/testnet/screen.h"

#include "protocol/field.h"
#include "sim/testnet/keys.h"

#include <string.h>

static void put_hex(FILE *out, const u8 *bytes, size_t n)
{
    fputs("0x", out);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%02x", bytes[i]);
}

static void put_address(FILE *out, struct address a)
{
    char text[ADDRESS_CHARS];

    address_print(text, a);
    fputs(text, out);
}

/* ---- the first screen ---- */

static void put_people(FILE *out, const struct keys *keys, const struct setup *s, struct node *n)
{
    fprintf(out, "\nAccounts of the mnemonic \"test test test test test test test test test test "
                 "test junk\"\n");
    for (u32 i = 0; i < node_keys(n); i++) {
        struct bytes32 key = keys_secret(keys, "person", i);
        fprintf(out, "  %2u  ", i);
        put_address(out, node_key_address(n, i));
        fputs("  key ", out);
        put_hex(out, key.byte, sizeof(key.byte));
        fputc('\n', out);
    }
    fprintf(out, "  each with %u %s", 10000u, s->plan->outside->coin);
    for (u32 t = 0; t < s->plan->scenario->token_count; t++)
        fprintf(out, ", %llu %s", (unsigned long long)s->plan->outside->person_tokens,
                s->plan->scenario->tokens[t].symbol);
    fputc('\n', out);
}

static bool is_token(struct address a)
{
    for (u32 i = 0; i < DOOR_TOKENS_KNOWN; i++) {
        if (address_equal(door_tokens_known[i].address, a))
            return true;
    }
    return false;
}

static void put_named(FILE *out, const char *name, struct address a, bool left)
{
    fprintf(out, "%s  %-25s ", left ? "" : "  ", name);
    put_address(out, a);
    fputs(left ? "" : "\n", out);
}

/* In two columns, so that it is one screen. */
static void put_contracts(FILE *out)
{
    u32 n = 0;

    fputs("\nContracts (their ABI: orrery abi NAME)\n", out);
    for (u32 i = 0; i < door_contracts(); i++) {
        if (!is_token(door_contract_address(i)))
            put_named(out, door_contract_name(i), door_contract_address(i), n++ % 2 == 0);
    }
    fputs(n % 2 == 1 ? "\n" : "", out);
}

static void put_tokens(FILE *out, const struct setup *s, const struct door_token tokens[TOKENS_MAX])
{
    u32 n = s->plan->scenario->token_count;

    for (u32 t = 0; t < n; t++) {
        char name[40];
        snprintf(name, sizeof(name), "token %u, %s", t, tokens[t].symbol);
        put_named(out, name, tokens[t].address, t % 2 == 0);
    }
    fputs(n % 2 == 1 ? "\n" : "", out);
}

static void put_population(FILE *out, const struct testnet_config *c, const struct setup *s)
{
    if (c->instant)
        fprintf(out, "\nA block for each transaction, in slots of %llu ms; nobody lives here.\n",
                (unsigned long long)s->params.block_time_ms);
    else
        fprintf(out, "\n%u providers and %u users of %s live here, a block each %llu ms%s\n",
                s->cast.providers, s->cast.users, s->plan->scenario->name,
                (unsigned long long)(s->params.block_time_ms / c->speed),
                c->speed == 1 ? "" : ", the clock is faster");
}

void screen_first(const struct testnet_config *c, u16 port, u64 chain_id, const struct keys *keys,
                  struct node *n, const struct setup *s, const struct door_token tokens[TOKENS_MAX])
{
    fprintf(c->out, "JSON-RPC  http://127.0.0.1:%u  chain id %llu\n", port,
            (unsigned long long)chain_id);
    if (!c->quiet) {
        put_people(c->out, keys, s, n);
        put_contracts(c->out);
        put_tokens(c->out, s, tokens);
        put_population(c->out, c, s);
        if (c->state != NULL)
            fprintf(c->out, "State in %s, at block %llu\n", c->state,
                    (unsigned long long)node_head(n));
        fputs("\n", c->out);
    }
    fflush(c->out);
}

/* ---- a line an event ---- */

struct saying {
    FILE *out;
    const struct cast *cast;
    const char *const *symbols;
    u32 token; /* of the log, TOKENS_MAX: it names none */
    bool any;
};

static void put_name(struct saying *s, const char *name)
{
    fputs(s->any ? ", " : "  ", s->out);
    for (; *name != '\0'; name++)
        fputc(*name == '_' ? ' ' : *name, s->out);
    fputc(' ', s->out);
    s->any = true;
}

/* A token's amount in whole ones, the others as they are. */
static void say_amount(struct saying *s, const char *name, struct amount v)
{
    char digits[64];
    u32 decimals = s->token < s->cast->scenario->token_count
                       ? s->cast->scenario->tokens[s->token].decimals
                       : 18;
    u128 unit = amount_of_tokens(1, decimals).wei, whole = v.wei / unit, rest = v.wei % unit;

    put_name(s, name);
    snprintf(digits, sizeof(digits), "%llu.%06llu", (unsigned long long)whole,
             (unsigned long long)(rest / (unit >= 1000000 ? unit / 1000000 : 1)));
    for (size_t n = strlen(digits); n > 0 && (digits[n - 1] == '0' || digits[n - 1] == '.'); n--) {
        bool point = digits[n - 1] == '.';
        digits[n - 1] = '\0';
        if (point)
            break;
    }
    fprintf(s->out, "%s %s", digits, s->symbols[s->token < TOKENS_MAX ? s->token : 0]);
}

static void say_account(struct saying *s, const char *name, u32 v)
{
    char who[CAST_NAME];

    put_name(s, name);
    if (v < s->cast->accounts) {
        cast_name(s->cast, v, who);
        fputs(who, s->out);
    } else {
        fprintf(s->out, "%u", v);
    }
}

static void say_u64(struct saying *s, const char *name, u64 v)
{
    if (strcmp(name, "name") == 0)
        return; /* of draws */
    put_name(s, name);
    fprintf(s->out, "%llu", (unsigned long long)v);
}

static void say_u32(struct saying *s, const char *name, u32 v)
{
    if (strcmp(name, "token") != 0 || v >= TOKENS_MAX || s->symbols[v] == NULL) {
        say_u64(s, name, v);
        return;
    }
    put_name(s, name);
    fputs(s->symbols[v], s->out);
}

static void say_u128(struct saying *s, const char *name, u128 v)
{
    put_name(s, name);
    fprintf(s->out, v >> 64 == 0 ? "%llu" : "0x%llx...",
            (unsigned long long)(v >> 64 == 0 ? v : v >> 64));
}

static void say_specs(struct saying *s, const char *name, struct specs v)
{
    put_name(s, name);
    fprintf(s->out, "%u cpu %u GiB %u GiB disk", v.cpu, v.ram_gib, v.disk_gib);
    if (v.gpus > 0)
        fprintf(s->out, " %u gpu", v.gpus);
}

static void say_machine(struct saying *s, const char *name, struct machine v)
{
    put_name(s, name);
    fprintf(s->out, "%u cpu %u GiB %u GiB disk", v.cpu, v.ram_gib, v.disk_gib);
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

void screen_log(FILE *out, const struct setup *setup, const char *const symbols[TOKENS_MAX],
                u64 block, struct instant now, const struct log *log)
{
    struct saying s = {out, &setup->cast, symbols, token_of(&setup->chain.state, log), false};

    if (log->kind == LOG_RatingSet || log->kind == LOG_BidScored || log->kind == LOG_Moved)
        return; /* for tables */
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
    fputc('\n', out);
    fflush(out);
}
