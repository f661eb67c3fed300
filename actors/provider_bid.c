#include "actors/provider_bid.h"

#include "actors/provider_lease.h"
#include "protocol/lease_money.h"

struct provider_need provider_need_of(const struct specs *s, u32 replicas)
{
    return (struct provider_need){.cpu = (u64)s->cpu * replicas,
                                  .ram_gib = (u64)s->ram_gib * replicas,
                                  .disk_gib = (u64)s->disk_gib * replicas,
                                  .gpus = (u64)s->gpus * replicas,
                                  .gpu_model = s->gpu_model};
}

static bool fits(u64 total, u64 used, u64 held, u64 asked)
{
    u64 others = used - held;

    return others <= total && asked <= total - others;
}

static bool gpus_fit(const struct provider *p, const struct provider_need *n,
                     const struct provider_lease *held, u32 *line)
{
    *line = 0;
    if (n->gpus == 0)
        return true;
    for (u32 i = 0; i < GPU_LINES; i++) {
        const struct gpu_line *g = &p->config.machine.gpu[i];
        u64 back = held != NULL && held->gpu_line == i ? held->gpus : 0;
        if (n->gpu_model != GPU_ANY && g->model != n->gpu_model)
            continue;
        if (fits(g->count, p->used_gpus[i], back, n->gpus)) {
            *line = i;
            return true;
        }
    }
    return false;
}

bool provider_fits(const struct provider *p, const struct provider_need *n,
                   const struct provider_lease *held, u32 *line)
{
    static const struct provider_lease none;
    const struct machine *m = &p->config.machine;
    const struct provider_lease *h = held != NULL ? held : &none;

    return fits(m->cpu, p->used_cpu, h->cpu, n->cpu) &&
           fits(m->ram_gib, p->used_ram_gib, h->ram_gib, n->ram_gib) &&
           fits(m->disk_gib, p->used_disk_gib, h->disk_gib, n->disk_gib) &&
           gpus_fit(p, n, held, line);
}

/* What fits is below 2^32 units of each kind and a list price below 2^47, so nothing here wraps. */
static u128 list_usd_e8(const struct provider_config *c, const struct provider_need *n, u32 line)
{
    return (u128)n->cpu * c->cpu_usd_e8 + (u128)n->ram_gib * c->ram_gib_usd_e8 +
           (u128)n->disk_gib * c->disk_gib_usd_e8 + (u128)n->gpus * c->gpu_usd_e8[line];
}

/* ask_bps +- the spread, at least 1. */
static u64 ask_ratio(const struct provider_config *c, const struct env *env, u64 name)
{
    u64 spread = c->ask_spread_bps, top = c->ask_bps + spread;
    u64 less = spread != 0 ? draw_below(env->draw, DRAW_ASK, name, 2 * spread + 1) : 0;

    return top > less ? top - less : 1;
}

/* Its own price, whatever the fees: false if it has none in this token. */
static bool own_price(const struct provider_config *c, const struct env *env,
                      const struct provider_need *n, u32 line, u32 token, u64 name,
                      struct amount *out)
{
    struct amount zero = AMOUNT(0), price;

    if (token == c->ask_token && amount_cmp(c->ask, zero) > 0) {
        *out = c->ask;
        return true;
    }
    if (c->token_usd_e8[token] == 0)
        return false;
    u128 usd = list_usd_e8(c, n, line) * ask_ratio(c, env, name);
    /* up: never below what the list says */
    if (!amount_mul_div(&price, amount_of_tokens(1, c->token_decimals[token]), usd,
                        (u128)BPS_WHOLE * c->token_usd_e8[token], ROUND_UP))
        return false;
    *out = amount_cmp(price, zero) > 0 ? price : AMOUNT(1); /* settled 152: "> 0" */
    return true;
}

/* The price of which `net` is left after the shares of settled 96 and 97; false: nothing would be.
 */
static bool gross_price(const struct params *p, u32 token, struct amount net, struct amount *out)
{
    struct lease_rates rates = lease_rates_of(p, token == TOKEN_SPON);
    u32 kept_bps = BPS_WHOLE - rates.commission_bps - rates.provider_fee_bps;

    /* up: never below what it wants to keep */
    return kept_bps > 0 && amount_mul_div(out, net, BPS_WHOLE, kept_bps, ROUND_UP);
}

bool provider_price(const struct provider *p, const struct env *env, const struct provider_need *n,
                    u32 line, u32 token, u64 name, struct amount *out)
{
    const struct provider_config *c = &p->config;
    struct amount price;

    if (token >= PROVIDER_TOKENS || !own_price(c, env, n, line, token, name, &price))
        return false;
    if (c->ask_net && !gross_price(env->params, token, price, &price))
        return false;
    *out = price;
    return true;
}

/* What the chain would refuse for a reason that this provider can see. */
static bool may_serve(const struct provider *p, const struct log_order_created *o)
{
    return p->open && p->config.bids && p->lease_count < PROVIDER_LEASES &&
           o->token < PROVIDER_TOKENS && (p->config.tokens >> o->token & 1) != 0 &&
           (o->region == REGION_NONE || o->region == p->config.machine.region) &&
           p->tier <= o->tier_worst;
}

void provider_on_order(struct provider *p, struct env *env, const struct log_order_created *o)
{
    struct provider_need need = provider_need_of(&o->specs, o->replicas);
    struct amount price;
    u32 line;

    if (!may_serve(p, o) || !provider_fits(p, &need, NULL, &line) ||
        !provider_price(p, env, &need, line, o->token, o->name, &price) ||
        amount_cmp(price, o->max_price) > 0)
        return;
    p->bids++;
    env_submit(env, &(struct tx){.kind = TX_PLACE_BID,
                                 .u.place_bid = {.order = o->order, .price = price}});
}

void provider_on_update(struct provider *p, struct env *env, const struct log_update_requested *u)
{
    struct provider_lease *l = provider_lease_find(p, u->lease);
    struct provider_need need = provider_need_of(&u->specs, u->replicas);
    struct amount price;
    u32 line;

    /* settled 109: "its capacity is freed", then the new lease takes hold of it */
    if (l == NULL || !provider_fits(p, &need, l, &line) ||
        !provider_price(p, env, &need, line, l->token, l->name, &price) ||
        amount_cmp(price, u->max_price) > 0)
        return;
    env_submit(env, &(struct tx){.kind = TX_ACCEPT_UPDATE,
                                 .u.accept_update = {.lease = u->lease, .price = price}});
}
