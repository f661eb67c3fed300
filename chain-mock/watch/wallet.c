/* wallet - what wallets may hold and whose they are: ESC-9, ESC-10, CAP-2 of wallets. */
#include "chain-mock/watch/parts.h"
#include "protocol/gpu.h"

#include <string.h>

/* ---- ESC-9 ---- */

/* settled 111: "floor(deposit_usd/15) × example row": how many rows.  Each token's share in 10^-8
 * USD and the rest below that, in parts of 10^-18 of it. */
static u128 rows_of(const struct state *s, const struct wallet_row *w)
{
    u128 whole = 0, parts = 0;

    for (u32 t = 0; t < TOKENS_MAX; t++) {
        if (w->purse[t] == 0)
            continue;
        const struct purse_row *p = purse_at(s, w->purse[t]);
        const struct token_row *k = token_at(s, t + 1);
        u128 unit = 1, scale = 1;
        for (u32 i = 0; i < AMOUNT_DECIMALS_MAX; i++) {
            unit *= i < k->decimals ? 10 : 1;
            scale *= i < k->decimals ? 1 : 10;
        }
        u128 net = p->deposited.wei - p->withdrawn.wei;
        whole += net / unit * k->usd_e8 + net % unit * k->usd_e8 / unit;
        parts += net % unit * k->usd_e8 % unit * scale;
    }
    return (whole + parts / WEI_E18(1)) / s->params.bracket_usd;
}

/* "a GPU counts ceil(multiplier/1.5) mid-tier GPUs"; of any model it counts as one. */
static u64 mid_gpus(const struct params *p, const struct specs *a, u64 replicas)
{
    u64 each = 1;

    if (a->gpus > 0 && a->gpu_model != GPU_ANY) {
        u64 bps = gpu_multiplier(p, gpu_tier((enum gpu_model)(a->gpu_model - 1)));
        each = (bps + p->bracket_gpu_multiplier - 1) / p->bracket_gpu_multiplier;
    }
    return each * a->gpus * replicas;
}

void watch_bracket(struct state *s, u32 wallet, const struct specs *more, u64 replicas)
{
    static const struct specs nothing;
    const struct params *p = &s->params;
    const struct wallet_row *w = wallet_at(s, wallet);
    const struct specs *a = more == NULL ? &nothing : more;
    u128 n = rows_of(s, w);
    bool gpu =
        w->gpu_leases > 0 || a->gpus > 0; /* "by the GPU row … as soon as one of them has a GPU" */

    invariant_at_most(s->tally, INV_ESC_9, w->cpu + a->cpu * replicas,
                      n * (gpu ? p->bracket_gpu_cpu : p->bracket_cpu), "cores of wallet", wallet);
    invariant_at_most(s->tally, INV_ESC_9, w->ram_gib + a->ram_gib * replicas,
                      n * (gpu ? p->bracket_gpu_ram_gib : p->bracket_ram_gib), "RAM of wallet",
                      wallet);
    invariant_at_most(s->tally, INV_ESC_9, w->disk_gib + a->disk_gib * replicas,
                      n * (gpu ? p->bracket_gpu_disk_gib : p->bracket_disk_gib), "disk of wallet",
                      wallet);
    invariant_at_most(s->tally, INV_ESC_9, w->gpu_units + mid_gpus(p, a, replicas),
                      n * (gpu ? p->bracket_gpus : 0), "GPUs of wallet", wallet);
}

/* CAP-2: what the wallet counts is what its active leases hold.  Two numbers of 64 bits in each
 * sum. */
static void add_cores(void *about, u32 row, const void *bytes)
{
    struct state *s = about;
    const struct lease_row *l = bytes;
    u64 n = l->replicas;

    (void)row;
    if (l->ended_s == INTERVAL_OPEN)
        s->work.points[l->wallet] += (u128)(n * l->specs.cpu) << 64 | n * l->specs.ram_gib;
}

static void add_disk(void *about, u32 row, const void *bytes)
{
    struct state *s = about;
    const struct lease_row *l = bytes;

    (void)row;
    if (l->ended_s == INTERVAL_OPEN)
        s->work.points[l->wallet] +=
            (u128)((u64)l->replicas * l->specs.disk_gib) << 64 | (u128)l->gpu_units << 32 | 1;
}

static void same_cores(void *about, u32 row, const void *bytes)
{
    struct state *s = about;
    const struct wallet_row *w = bytes;

    invariant_equal(s->tally, INV_CAP_2, (u128)w->cpu << 64 | w->ram_gib, s->work.points[row],
                    "cores and RAM of wallet", row);
}

static void same_disk(void *about, u32 row, const void *bytes)
{
    struct state *s = about;
    const struct wallet_row *w = bytes;

    invariant_equal(s->tally, INV_CAP_2,
                    (u128)w->disk_gib << 64 | (u128)w->gpu_units << 32 | w->active_leases,
                    s->work.points[row], "disk, GPUs and leases of wallet", row);
}

/* ---- ESC-10 ---- */

/* The own wallet of an account is one that it owns, or gave away. */
void watch_own_wallet(struct state *s, u32 row, const struct account_row *a)
{
    if (a->wallet != 0)
        invariant_equal(s->tally, INV_ESC_10, wallet_at(s, a->wallet)->owner, row,
                        "own wallet of account", row);
}

/* The one made before by the same account has another address; of others, the full form. */
void watch_new_wallet(struct state *s, u32 row, const struct wallet_row *w)
{
    bool fresh = row <= 1 || memcmp(wallet_at(s, row - 1)->address, w->address, 20) != 0;

    invariant_implies(s->tally, INV_ESC_10, true, fresh, "wallet", row);
}

/* work.points as a table of the addresses seen, twice as large as there are. */
struct addresses {
    struct state *s;
    u32 mask;
};

static void address_once(void *about, u32 row, const void *bytes)
{
    const struct addresses *all = about;
    const struct wallet_row *w = bytes;
    u128 *at = all->s->work.points, key = 0;

    for (u32 i = 0; i < 16; i++)
        key = key << 8 | w->address[i];
    key |= 1; /* an empty place is 0 */
    u32 place = (u32)(key >> 1) & all->mask;
    while (at[place] != 0 && at[place] != key)
        place = (place + 1) & all->mask;
    invariant_implies(all->s->tally, INV_ESC_10, true, at[place] == 0, "wallet", row);
    at[place] = key;
}

void watch_wallets(struct state *s)
{
    u32 wallets = s->tables[TABLE_WALLET].count;
    struct addresses all = {s, 1};

    check(wallets <= WORK_PURSES / 4);
    memset(s->work.points, 0, sizeof(u128) * wallets);
    state_each(s, TABLE_LEASE, add_cores, s);
    state_each(s, TABLE_WALLET, same_cores, s);
    memset(s->work.points, 0, sizeof(u128) * wallets);
    state_each(s, TABLE_LEASE, add_disk, s);
    state_each(s, TABLE_WALLET, same_disk, s);
    while (all.mask < 2 * wallets)
        all.mask = all.mask * 2 + 1;
    memset(s->work.points, 0, sizeof(u128) * (all.mask + 1));
    state_each(s, TABLE_WALLET, address_once, &all);
}
