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

static bool is_ours(u32 contract)
{
    return strncmp(door_contract_name(contract), "Orrery", 6) == 0;
}

static void put_named(FILE *out, const char *name, struct address a)
{
    fprintf(out, "  %-25s ", name);
    put_address(out, a);
}

/* The next contract of its kind after this one, from 0 on; door_contracts(): there is none. */
static u32 next_of(u32 contract, bool ours)
{
    while (contract < door_contracts() &&
           (is_ours(contract) != ours || is_token(door_contract_address(contract))))
        contract++;
    return contract;
}

/* Side by side, so that it is one screen. */
static void put_contracts(FILE *out)
{
    u32 ours = next_of(0, true), deployed = next_of(0, false);

    fputs("\nContracts; orrery abi NAME lists functions and events of one\n", out);
    fprintf(out, "  %-68s    %s\n", "Orrery's own: all that the protocol can",
            "As the deployed network and its SDK have them");
    while (ours < door_contracts() || deployed < door_contracts()) {
        if (ours < door_contracts())
            put_named(out, door_contract_name(ours), door_contract_address(ours));
        else
            fprintf(out, "%70s", "");
        if (deployed < door_contracts()) {
            fputs("  ", out);
            put_named(out, door_contract_name(deployed), door_contract_address(deployed));
            deployed = next_of(deployed + 1, false);
        }
        fputc('\n', out);
        ours = ours < door_contracts() ? next_of(ours + 1, true) : ours;
    }
}

static void put_tokens(FILE *out, const struct setup *s, const struct door_token tokens[TOKENS_MAX])
{
    u32 n = s->plan->scenario->token_count;

    fputs("\nTokens (ERC-20), by the number that calls name them by\n", out);
    for (u32 t = 0; t < n; t++) {
        char name[40];
        snprintf(name, sizeof(name), "token %u, %s", t, tokens[t].symbol);
        fputs(t % 2 == 1 ? "  " : "", out);
        put_named(out, name, tokens[t].address);
        fputs(t % 2 == 1 || t + 1 == n ? "\n" : "", out);
    }
}

static void put_millis(FILE *out, u64 ms)
{
    if (ms % 1000 == 0)
        fprintf(out, "%llu s", (unsigned long long)(ms / 1000));
    else
        fprintf(out, "%llu ms", (unsigned long long)ms);
}

static void put_population(FILE *out, const struct testnet_config *c, const struct setup *s)
{
    const struct scenario *of = s->plan->scenario;

    fputc('\n', out);
    if (of->arm_count > 0)
        fprintf(out, "Arm %s of %s, one of %u (--arm NAME)\n", of->arms[c->arm].name, of->name,
                of->arm_count);
    if (c->instant) {
        fputs("A block for each transaction, in slots of ", out);
        put_millis(out, s->params.block_time_ms);
        fputs("; nobody lives here", out);
    } else {
        fprintf(out, "%u providers and %u users of %s live here, a block each ", s->cast.providers,
                s->cast.users, of->name);
        put_millis(out, s->params.block_time_ms);
    }
    if (c->speed != 1)
        fprintf(out, ", on a clock %llu times as fast as yours", (unsigned long long)c->speed);
    fputs(
        "\nGas costs nothing: base fee and eth_gasPrice are 0 (anvil_setNextBlockBaseFeePerGas)\n",
        out);
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

void screen_over(const struct testnet_config *c, const struct node *n)
{
    if (!c->quiet && c->state != NULL)
        fprintf(c->out, "State in %s, at block %llu: the run is over\n", c->state,
                (unsigned long long)node_head(n));
    fflush(c->out);
}
