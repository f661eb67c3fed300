/* match - who may serve an order and who wins it: settled "Matching, exactly". */
#include "tests/property/model/parts.h"

#include <string.h>

/* ---- Keccak-256, as FIPS 202's permutation with the first padding ---- */

static u64 rotated(u64 x, u32 n)
{
    return n == 0 ? x : x << n | x >> (64 - n);
}

static void permute(u64 a[25])
{
    u8 lfsr = 1;

    for (u32 round = 0; round < 24; round++) {
        u64 c[5], b[25];
        for (u32 x = 0; x < 5; x++)
            c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        for (u32 i = 0; i < 25; i++)
            a[i] ^= c[(i + 4) % 5] ^ rotated(c[(i + 1) % 5], 1);
        b[0] = a[0];
        for (u32 t = 0, x = 1, y = 0; t < 24; t++) {
            u32 next = (2 * x + 3 * y) % 5;
            b[y + 5 * next] = rotated(a[x + 5 * y], (t + 1) * (t + 2) / 2 % 64);
            x = y;
            y = next;
        }
        for (u32 i = 0; i < 25; i++)
            a[i] = b[i] ^ (~b[i / 5 * 5 + (i + 1) % 5] & b[i / 5 * 5 + (i + 2) % 5]);
        for (u32 j = 0; j < 7; j++) {
            if (lfsr & 1)
                a[0] ^= (u64)1 << ((1u << j) - 1);
            lfsr = (u8)(lfsr << 1 ^ (lfsr >> 7) * 0x71);
        }
    }
}

void model_keccak(u8 out[32], const u8 *bytes, size_t n)
{
    u64 a[25] = {0};
    size_t at = 0;

    for (size_t i = 0; i < n; i++) {
        a[at / 8] ^= (u64)bytes[i] << (8 * (at % 8));
        if (++at == 136) {
            permute(a);
            at = 0;
        }
    }
    a[at / 8] ^= (u64)1 << (8 * (at % 8));
    a[16] ^= (u64)1 << 63;
    permute(a);
    for (u32 i = 0; i < 32; i++)
        out[i] = (u8)(a[i / 8] >> (8 * (i % 8)));
}

/* ---- addresses: of wallets and providers' contracts, escrow.h and registry.h ---- */

static void address(u8 out[20], const char *tag, const u8 owner[20], u32 nth, bool counted)
{
    u8 bytes[64], digest[32];
    size_t n = strlen(tag);

    memcpy(bytes, tag, n);
    memcpy(bytes + n, owner, 20);
    n += 20;
    for (u32 i = 0; i < 4 && counted; i++)
        bytes[n++] = (u8)(nth >> (24 - 8 * i));
    model_keccak(digest, bytes, n);
    memcpy(out, digest + 12, 20);
}

static void contract_of(const struct model *m, u32 provider, u8 out[20])
{
    address(out, "provider", m->genesis.account[m->providers[provider].account].address, 0, false);
}

static void put_word(u8 word[32], u64 v)
{
    memset(word, 0, 32);
    for (u32 i = 0; i < 8; i++)
        word[31 - i] = (u8)(v >> (8 * i));
}

/* settled 125: "order key = keccak256(abi.encode(address wallet, uint256 that wallet's order
 * count))" */
static void order_key(const struct model *m, const struct log_order_created *o, u8 key[32])
{
    u8 words[64] = {0};
    const struct model_wallet *w = &m->wallets[o->wallet];

    address(words + 12, "wallet", m->genesis.account[w->account].address, w->nth, true);
    put_word(words + 32, o->wallet_orders);
    model_keccak(key, words, sizeof(words));
}

/* The first 8 bytes of the key: log.def, OrderCreated. */
u64 model_order_name(const struct model *m, const struct log_order_created *o)
{
    u8 key[32];
    u64 name = 0;

    order_key(m, o, key);
    for (u32 i = 0; i < 8; i++)
        name = name << 8 | key[i];
    return name;
}

static u128 word_of(const u8 *bytes, u32 n)
{
    u128 v = 0;

    for (u32 i = 0; i < n; i++)
        v = v << 8 | bytes[i];
    return v;
}

/* settled 145: "each provider has its own contract address (deterministic)" */
void model_expect_contract(struct model *m, u32 provider, const struct log *by)
{
    u8 at[20];

    contract_of(m, provider, at);
    model_expect_by(m, LOG_ProviderContract, by)->u.provider_contract =
        (struct log_provider_contract){provider, word_of(at, 4), word_of(at + 4, 16)};
}

/* ---- who may ---- */

/* settled, Matching, exactly 2: "provider approved, active, not suspended, stake > X of his tier,
 * not reported down (157)" */
bool model_may_bid(const struct model *m, u32 provider)
{
    const struct model_provider *p = &m->providers[provider];

    return p->approved_s != MODEL_OPEN && p->active_from_s != MODEL_OPEN && !p->exited &&
           !p->struck && !model_suspended(m, provider) &&
           model_balance(m, IN_STAKE, provider, 0) >
               model_stake_of_tier(m, model_tier(m, provider)) &&
           model_down(m, provider) == 0;
}

static struct model_use used(const struct model *m, u32 provider, const struct model_lease *without)
{
    struct model_use u = model_reserved(m, provider);

    if (without != NULL && without->end_s == MODEL_OPEN) {
        u.cpu -= (u64)without->specs.cpu * without->replicas;
        u.ram_gib -= (u64)without->specs.ram_gib * without->replicas;
        u.disk_gib -= (u64)without->specs.disk_gib * without->replicas;
        u.gpus[without->gpu_line] -= (u64)without->specs.gpus * without->replicas;
    }
    return u;
}

/* An order is served by the line with most GPUs left, an update by the first that has enough. */
bool model_room(const struct model *m, u32 provider, const struct specs *s, u32 replicas,
                const struct model_lease *without, u32 *line)
{
    const struct machine *x = model_machine_of(m, provider);
    struct model_use u = used(m, provider, without);
    u64 most = 0;

    *line = 0;
    if (u.cpu + (u64)s->cpu * replicas > x->cpu ||
        u.ram_gib + (u64)s->ram_gib * replicas > x->ram_gib ||
        u.disk_gib + (u64)s->disk_gib * replicas > x->disk_gib)
        return false;
    for (u32 i = 0; i < GPU_LINES && s->gpus > 0; i++) {
        if (x->gpu[i].model == 0 || (s->gpu_model != GPU_ANY && s->gpu_model != x->gpu[i].model) ||
            u.gpus[i] + (u64)s->gpus * replicas > x->gpu[i].count)
            continue;
        if (x->gpu[i].count - u.gpus[i] > most && (without == NULL || most == 0)) {
            *line = i;
            most = x->gpu[i].count - u.gpus[i];
        }
    }
    return s->gpus == 0 || most > 0;
}

/* "stated region, specs and tier met; token supported; free capacity for asked × replicas" */
bool model_eligible(const struct model *m, const struct log_order_created *o, u32 provider,
                    u32 *line)
{
    const struct machine *x = model_machine_of(m, provider);

    return model_may_bid(m, provider) && (m->providers[provider].tokens >> o->token & 1) != 0 &&
           (o->region == REGION_NONE || o->region == x->region) &&
           model_tier(m, provider) <= o->tier_worst &&
           model_room(m, provider, &o->specs, o->replicas, NULL, line);
}

/* ---- scores ---- */

struct part {
    u128 of, whole;
};

struct candidate {
    u32 provider, line;
    u128 price, stake, spared, spare_of;
    i128 weight, draw, key;
    u64 x;
};

/* settled, Matching, exactly 4, as it stands there */
static u64 log2_q32(u64 x)
{
    u32 n = 63;

    while ((x >> n & 1) == 0)
        n--;
    u64 v = x << (63 - n), r = (u64)n << 32;
    for (u32 bit = 32; bit-- > 0;) {
        u128 square = ((u128)v * v) >> 63;
        if (square >> 64 != 0) {
            square >>= 1;
            r += (u64)1 << bit;
        }
        v = (u64)square;
    }
    return r;
}

static i128 floor_div(i128 a, i128 b)
{
    return a / b - (a % b < 0);
}

/* "q = max(floor(2^32 × score), 42949672)", then "floor(w × (log2_q32(q) − 32·2^32) / 10000)" */
static i128 weighed(u64 weight_bps, struct part score)
{
    u64 q = (u64)model_floor((u128)1 << 32, score.of, score.whole);

    if (q < 42949672)
        q = 42949672;
    return floor_div((i128)weight_bps * ((i128)log2_q32(q) - ((i128)32 << 32)), BPS_WHOLE);
}

static void least(struct part *p, u64 registered, u64 taken, u64 asked)
{
    struct part x = {registered - taken - asked, registered};

    if (asked > 0 && x.of * p->whole < p->of * x.whole)
        *p = x;
}

/* "least over the dimensions with ask > 0 … of (registered − reserved − asked ×
 * replicas)/registered" */
static struct part availability(const struct model *m, const struct log_order_created *o,
                                const struct candidate *c)
{
    const struct machine *x = model_machine_of(m, c->provider);
    struct model_use u = model_reserved(m, c->provider);
    struct part p = {1, 1};

    least(&p, x->cpu, u.cpu, (u64)o->specs.cpu * o->replicas);
    least(&p, x->ram_gib, u.ram_gib, (u64)o->specs.ram_gib * o->replicas);
    least(&p, x->disk_gib, u.disk_gib, (u64)o->specs.disk_gib * o->replicas);
    if (o->specs.gpus > 0)
        least(&p, x->gpu[c->line].count, u.gpus[c->line], (u64)o->specs.gpus * o->replicas);
    return p;
}

/* "1 if the order states a region or the provider is in the tenant's; else 1 − min(rtt, 300 ms)/300
 * ms, …, unknown pair 300 ms" */
static struct part region(const struct model *m, const struct log_order_created *o,
                          const struct candidate *c)
{
    u32 home = m->genesis.account[model_owner_at(m, o->wallet, m->now_s)].region;
    u32 his = model_machine_of(m, c->provider)->region;
    u64 most_us = m->p.match_rtt_max_ms * 1000, us = most_us;

    if (o->region != REGION_NONE || (home != 0 && home == his))
        return (struct part){1, 1};
    if (home != 0 && his != 0 && m->genesis.rtt_us[(home - 1) * m->genesis.regions + his - 1] != 0)
        us = m->genesis.rtt_us[(home - 1) * m->genesis.regions + his - 1];
    return (struct part){most_us - (us < most_us ? us : most_us), most_us};
}

/* settled 122: "slash records … applied in the last 30 closed eras" */
static u64 records(const struct model *m, u32 provider)
{
    u64 n = 0;

    for (u64 k = 1; k <= m->p.match_slash_window_eras && k <= m->era; k++)
        n += model_slash_records(m, provider, m->era - k);
    return n;
}

/* settled 121: "cap = max(1000 bps, 1/n) of the summed stake … as an exact fraction; largest =
 * largest after the cap".  Over 10000 n. */
static struct part stake(const struct model *m, const struct candidate *all, u32 n, u32 i)
{
    u128 sum = 0, cap, most = 0, his = 0;

    for (u32 k = 0; k < n; k++)
        sum += all[k].stake;
    cap = sum * m->p.stake_weight_cap_bps * n;
    if (sum * BPS_WHOLE > cap)
        cap = sum * BPS_WHOLE;
    for (u32 k = 0; k < n; k++) {
        u128 capped = model_less(all[k].stake * BPS_WHOLE * n, cap);
        most = capped > most ? capped : most;
        his = k == i ? capped : his;
    }
    return (struct part){his, most};
}

static void weigh(const struct model *m, const struct log_order_created *o, struct candidate *all,
                  u32 n, u32 i)
{
    const struct params *p = &m->p;
    struct candidate *c = &all[i];
    u32 tenths = p->feedback_enabled ? model_feedback(m, c->provider) : 50;

    c->weight =
        weighed(p->match_w_region, region(m, o, c)) +
        weighed(p->match_w_price, (struct part){o->max_price.wei - c->price, o->max_price.wei}) +
        weighed(p->match_w_feedback, (struct part){tenths, 50}) +
        weighed(p->match_w_availability, availability(m, o, c)) +
        weighed(p->match_w_slashes, (struct part){1, 1 + records(m, c->provider)}) +
        weighed(p->match_w_trust, (struct part){8 - model_tier(m, c->provider), 7}) +
        weighed(p->match_w_stake, stake(m, all, n, i));
}

/* settled, Matching, exactly 6 */
static void draw(const struct model *m, const struct log_order_created *o, struct candidate *c)
{
    u8 words[96], seed_of[64];
    i128 d;

    memcpy(seed_of, m->genesis.world_secret, 32);
    put_word(seed_of + 32, o->block + m->p.bid_window_blocks);
    model_keccak(words, seed_of, sizeof(seed_of));
    order_key(m, o, words + 32);
    memset(words + 64, 0, 12);
    contract_of(m, c->provider, words + 76);
    model_keccak(seed_of, words, sizeof(words));
    c->x = 0;
    for (u32 i = 0; i < 8; i++)
        c->x = c->x << 8 | seed_of[i];
    c->x |= 1;
    d = ((i128)64 << 32) - (i128)log2_q32(c->x);
    c->draw = -((i128)log2_q32(d < 1 ? 1 : (u64)d) - ((i128)32 << 32) - 2271034280);
}

/* "greatest floor(L × 10000 / match_randomness) + G (in bps); with match_randomness 0 greatest L.
 * Equal: the lower contract address." */
static bool better(const struct model *m, const struct candidate *a, const struct candidate *b)
{
    u8 his[20], hers[20];

    if (a->key != b->key)
        return a->key > b->key;
    contract_of(m, a->provider, his);
    contract_of(m, b->provider, hers);
    return memcmp(his, hers, sizeof(his)) < 0;
}

static u32 filtered(const struct model *m, const struct log_order_created *o, struct candidate *all)
{
    u32 n = 0;

    for (u32 i = 0; i < m->n_bids; i++) {
        const struct model_bid *b = &m->bids[i];
        u32 line;
        if (b->order == o->order && b->price <= o->max_price.wei &&
            model_eligible(m, o, b->provider, &line))
            all[n++] = (struct candidate){.provider = b->provider,
                                          .line = line,
                                          .price = b->price,
                                          .stake = model_balance(m, IN_STAKE, b->provider, 0)};
    }
    return n;
}

u32 model_bids(const struct model *m, u64 order)
{
    u32 n = 0;

    for (u32 i = 0; i < m->n_bids; i++)
        n += m->bids[i].order == order;
    return n;
}

static u32 winner(struct model *m, const struct log_order_created *o, struct candidate *all, u32 n)
{
    u32 best = 0, ties = 0;

    for (u32 i = 0; i < n; i++) {
        struct candidate *c = &all[i];
        weigh(m, o, all, n, i);
        draw(m, o, c);
        c->key = c->weight;
        if (m->p.match_randomness > 0)
            c->key = floor_div(c->weight * BPS_WHOLE, (i128)m->p.match_randomness) + c->draw;
        model_expect(m, LOG_BidScored)->u.bid_scored = (struct log_bid_scored){
            o->order, c->provider, (u64)c->weight, (u64)c->draw, (u64)c->key, c->x};
    }
    for (u32 i = 1; i < n; i++)
        best = better(m, &all[i], &all[best]) ? i : best;
    for (u32 i = 0; i < n; i++)
        ties += i != best && all[i].key == all[best].key;
    m->reached.ties += ties > 0;
    return best;
}

/* ---- the end of an order ---- */

/* settled 102: "freed at match, cancel, expiry" */
void model_order_end(struct model *m, struct model_order *o)
{
    model_pay(m, o->told.token, AT(LOCKED, o->told.wallet), AT(UNLOCKED, o->told.wallet), o->hold,
              FOR_RELEASE, 0);
    o->hold = 0;
    o->closed = 1;
}

static void fails(struct model *m, struct model_order *o, u32 reason, u32 bids, u32 n)
{
    model_expect(m, LOG_OrderCancelled)->u.order_cancelled =
        (struct log_order_cancelled){o->told.order, o->told.wallet, reason, bids, n, m->now_s};
    m->reached.order_broke += reason == 1;
    m->reached.order_bracket += reason == 2;
}

static struct model_offer offer_of(const struct model *m, const struct log_order_created *t,
                                   const struct candidate *c)
{
    struct model_offer offer = {.order = t->order,
                                .start_s = m->now_s,
                                .agreed_s = t->duration_s,
                                .provider = c->provider,
                                .wallet = t->wallet,
                                .token = t->token,
                                .replicas = t->replicas,
                                .gpu_line = c->line,
                                .specs = t->specs,
                                .price = c->price};

    if (t->specs.gpus > 0)
        offer.specs.gpu_model = model_machine_of(m, c->provider)->gpu[c->line].model;
    return offer;
}

/* settled, Matching, exactly 8: "if the winner's lock exceeds the unlocked balance, or the bracket
 * fails, the order ends as cancelled and nobody else is asked" */
void model_match(struct model *m, struct model_order *o)
{
    struct candidate all[64];
    const struct log_order_created *t = &o->told;
    u32 bids = model_bids(m, t->order), n;

    check(bids <= ARRAY_LEN(all));
    n = filtered(m, t, all);
    if (n == 0) { /* settled 117: "expired there, nothing locked" */
        model_order_end(m, o);
        model_expect(m, LOG_OrderExpired)->u.order_expired =
            (struct log_order_expired){t->order, t->wallet, bids, m->now_s};
        m->reached.order_expired_unmatched++;
        return;
    }
    struct candidate *c = &all[winner(m, t, all, n)];
    struct model_offer offer = offer_of(m, t, c);
    model_order_end(m, o);
    if (!model_bracket(m, t->wallet, &offer.specs, t->replicas)) {
        fails(m, o, 2, bids, n);
        return;
    }
    if (model_lock_of(m, t->token, c->price, t->duration_s) >
        model_balance(m, IN_UNLOCKED, t->wallet, t->token)) {
        fails(m, o, 1, bids, n);
        return;
    }
    model_lease_make(m, &offer, NULL);
    model_expect(m, LOG_OrderMatched)->u.order_matched =
        (struct log_order_matched){.order = t->order,
                                   .lease = m->leases[m->n_leases - 1].id,
                                   .provider = c->provider,
                                   .creator = t->creator,
                                   .price = AMOUNT(c->price),
                                   .bids = bids,
                                   .eligible = n,
                                   .second = m->now_s};
    m->reached.matched++;
    m->reached.contested += n > 1;
}
