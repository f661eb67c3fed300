#include "sim/testnet/world.h"

#include <stdio.h>
#include <string.h>

#define COIN_EACH WEI_E18(10000)
#define PERSON_TOKENS 1000000u

static void address_of(void *about, const char *group, u32 ordinal, u8 out[20])
{
    const struct net_world *w = about;
    struct address a = keys_address(&w->keys, group, ordinal);

    memcpy(out, a.byte, sizeof(a.byte));
}

struct bytes32 net_world_secret(const struct net_world *w, u32 account)
{
    const struct cast *k = &w->setup.cast;
    const struct cast_member *m = &k->account[account];

    if (m->role == CAST_PROVIDER)
        return keys_secret(&w->keys, k->scenario->providers[m->group].name, m->member);
    if (m->role == CAST_USER)
        return keys_secret(&w->keys, k->scenario->users[m->group].name, m->member);
    if (m->role == CAST_PERSON)
        return keys_secret(&w->keys, "person", m->member);
    return keys_secret(&w->keys, "system", account - 1);
}

/* Those who hold the accounts of the mnemonic have a name in events and keys of their own. */
static bool has_group(const struct scenario *s, const char *name)
{
    for (u32 i = 0; i < s->provider_groups; i++)
        if (strcmp(s->providers[i].name, name) == 0)
            return true;
    for (u32 i = 0; i < s->user_groups; i++)
        if (strcmp(s->users[i].name, name) == 0)
            return true;
    return false;
}

/* Where the published SDK looks for them; others at addresses of our own, which say what they are.
 */
static struct address token_address(const char *symbol)
{
    struct address a = {{0}};

    for (u32 i = 0; i < DOOR_TOKENS_KNOWN; i++) {
        if (strcmp(symbol, door_tokens_known[i].symbol) == 0)
            return door_tokens_known[i].address;
    }
    memcpy(a.byte, "Orrery token ", 13);
    for (u32 i = 0; i < 7 && symbol[i] != '\0'; i++)
        a.byte[13 + i] = (u8)symbol[i];
    return a;
}

void net_world_tokens(const struct net_world *w, struct door_token tokens[TOKENS_MAX],
                      const char *symbols[TOKENS_MAX])
{
    const struct scenario *s = w->plan.scenario;

    for (u32 i = 0; i < s->token_count; i++) {
        const char *symbol = s->tokens[i].symbol;
        tokens[i] = (struct door_token){symbol, token_address(symbol)};
        symbols[i] = symbol;
    }
    symbols[s->token_count] = w->outside.coin;
}

bool net_world_open(struct net_world *w, const struct scenario *scenario, u32 arm, u64 seed,
                    u32 people, char error[RUN_ERROR])
{
    struct host_sinks none = {0};

    memset(w, 0, sizeof(*w));
    if (!keys_open(&w->keys)) {
        snprintf(error, RUN_ERROR, "out of memory");
        return false;
    }
    if (has_group(scenario, "person")) {
        snprintf(error, RUN_ERROR,
                 "a group of the scenario is named 'person', as the holders of the accounts are");
        return false;
    }
    w->outside = (struct outside){.about = w,
                                  .address = address_of,
                                  .coin = "ETH",
                                  .coin_each = AMOUNT(COIN_EACH),
                                  .people = people,
                                  .person_tokens = PERSON_TOKENS};
    w->plan =
        (struct run_plan){.scenario = scenario, .arm = arm, .seed = seed, .outside = &w->outside};
    w->is_open = true;
    return setup_open(&w->setup, &w->plan, &none, error);
}

void net_world_close(struct net_world *w)
{
    if (w->is_open)
        setup_close(&w->setup);
    keys_close(&w->keys);
}
