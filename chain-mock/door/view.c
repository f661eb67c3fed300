#include "chain-mock/door/view.h"

#include "chain-mock/wire/revert.h"

#include <string.h>

/* A handler takes its arguments, then puts its answer. */
struct view {
    struct door *d;
    const struct state *s;
    struct abi_reader in;
    struct abi_writer out;
    bool unknown; /* the arguments name nothing that could be told of */
};

static const enum contract contracts[DOOR_VIEWS] = {
#define VIEW(contract, name, signature) [DOOR_VIEW_##name] = CONTRACT_##contract,
#include "chain-mock/door/view.def"
#undef VIEW
};

static const char *const signatures[DOOR_VIEWS] = {
#define VIEW(contract, name, signature) [DOOR_VIEW_##name] = signature,
#include "chain-mock/door/view.def"
#undef VIEW
};

enum contract view_contract(enum door_view_id id)
{
    return contracts[id];
}

struct abi_signature view_signature(char text[EXACT_CHARS], enum door_view_id id)
{
    return exact_camel(text, signatures[id]);
}

/* ---- arguments ---- */

/* A row of a table that is never freed: its place, or 0. */
static u32 get_place(struct view *v, enum chain_table_id t)
{
    u64 id = abi_get_u64(&v->in);

    return id < v->s->tables[t].count ? (u32)id : 0;
}

static u32 get_account(struct view *v)
{
    struct address a = abi_get_address(&v->in);
    u32 account = address_equal(a, (struct address){{0}}) ? 0 : v->d->find(v->d->about, a);

    return account <= chain_accounts(v->d->chain) ? account : 0;
}

static void put_account(struct view *v, u32 account)
{
    abi_put_address(&v->out, field_address(v->d, account));
}

static void put_name(struct view *v, const u8 bytes[ADDRESS_BYTES])
{
    struct address a;

    memcpy(a.byte, bytes, sizeof(a.byte));
    abi_put_address(&v->out, a);
}

/* ---- what there is ---- */

static void view_tokens(struct view *v)
{
    struct abi_writer *w = &v->out;
    u32 rows = v->s->tables[TABLE_TOKEN].count;

    abi_begin(w, rows - 1);
    for (u32 row = 1; row < rows; row++) {
        const struct token_row *t = token_at(v->s, row);
        abi_begin(w, 0);
        abi_put_u128(w, t->decimals);
        abi_put_u128(w, t->transfer_fee_bps);
        abi_put_bool(w, t->enabled);
        abi_put_u128(w, t->usd_e8);
        abi_put_u128(w, t->price_s);
        abi_put_amount(w, t->minted);
        abi_put_amount(w, t->burned);
        abi_end(w);
    }
    abi_end(w);
}

static void view_balance_of(struct view *v)
{
    u32 account = get_account(v);
    u64 token = abi_get_u64(&v->in);

    abi_put_amount(&v->out, token < TOKENS_MAX && account != 0
                                ? chain_account_balance(v->d->chain, account, (u32)token)
                                : AMOUNT(0));
}

static void view_provider(struct view *v)
{
    const struct provider_row *p = provider_at(v->s, get_place(v, TABLE_PROVIDER));
    struct abi_writer *w = &v->out;

    abi_begin(w, 0);
    put_account(v, p->account);
    abi_put_u128(w, p->status);
    abi_put_u128(w, p->tokens);
    field_write_machine(w, &p->machine);
    abi_put_u128(w, p->cpu_reserved);
    abi_put_u128(w, p->ram_reserved);
    abi_put_u128(w, p->disk_reserved);
    abi_begin(w, 0);
    for (u32 i = 0; i < GPU_LINES; i++)
        abi_put_u128(w, p->gpu_reserved[i]);
    abi_end(w);
    abi_put_u128(w, p->leases);
    abi_put_u128(w, p->registered_s);
    abi_put_u128(w, p->down_outage);
    abi_put_bool(w, p->auto_stake);
    abi_put_bool(w, p->frozen);
    abi_begin(w, 0);
    for (u32 t = 0; t < TOKENS_MAX; t++)
        abi_put_amount(w, p->accrued[t]);
    abi_end(w);
    abi_end(w);
}

static void view_provider_of(struct view *v)
{
    u32 account = get_account(v);

    abi_put_u128(&v->out, account == 0 ? 0 : chain_account_provider(v->d->chain, account));
}

static void view_standing(struct view *v)
{
    const struct standing_row *st = standing_at(v->s, get_place(v, TABLE_STANDING));
    struct abi_writer *w = &v->out;

    abi_begin(w, 0);
    abi_put_u128(w, st->tier.tier);
    abi_put_bool(w, st->tier.suspended);
    abi_put_amount(w, st->own);
    abi_put_amount(w, st->unbonding);
    abi_put_amount(w, st->rewards);
    abi_put_amount(w, st->staked_ever);
    abi_put_amount(w, st->auto_staked);
    abi_put_amount(w, st->paid_out);
    abi_put_amount(w, st->slashed);
    abi_put_amount(w, st->bad_debt);
    abi_put_u128(w, st->response_us);
    abi_put_u128(w, st->tasks);
    abi_put_u128(w, st->tasks_done);
    abi_end(w);
}

static bool owns(const struct state *s, u32 wallet, u32 account)
{
    return account != 0 && wallet_at(s, wallet)->owner == account;
}

static void view_wallets_of(struct view *v)
{
    u32 account = get_account(v), rows = v->s->tables[TABLE_WALLET].count, n = 0;

    for (u32 row = 1; row < rows; row++)
        n += owns(v->s, row, account);
    abi_begin(&v->out, n);
    for (u32 row = 1; row < rows; row++) {
        if (owns(v->s, row, account))
            abi_put_u128(&v->out, row);
    }
    abi_end(&v->out);
}

static void view_wallet(struct view *v)
{
    const struct wallet_row *l = wallet_at(v->s, get_place(v, TABLE_WALLET));
    struct abi_writer *w = &v->out;

    abi_begin(w, 0);
    put_account(v, l->owner);
    put_name(v, l->address);
    abi_put_u128(w, l->orders_made);
    abi_put_u128(w, l->open_orders);
    abi_put_u128(w, l->active_leases);
    abi_put_u128(w, l->cpu);
    abi_put_u128(w, l->ram_gib);
    abi_put_u128(w, l->disk_gib);
    abi_put_u128(w, l->gpu_units);
    abi_end(w);
}

static void view_purse(struct view *v)
{
    u32 wallet = get_place(v, TABLE_WALLET);
    u64 token = abi_get_u64(&v->in);
    const struct purse_row *p =
        purse_at(v->s, token < TOKENS_MAX ? wallet_at(v->s, wallet)->purse[token] : 0);
    struct abi_writer *w = &v->out;

    abi_begin(w, 0);
    abi_put_amount(w, p->deposited);
    abi_put_amount(w, p->unlocked);
    abi_put_amount(w, p->locked);
    abi_put_amount(w, p->debited);
    abi_put_amount(w, p->user_fees);
    abi_put_amount(w, p->withdrawn);
    abi_put_amount(w, p->shrunk);
    abi_end(w);
}

static void view_order(struct view *v)
{
    const struct order_row *o = order_at(v->s, order_find(v->s, abi_get_u64(&v->in)));
    struct abi_writer *w = &v->out;

    abi_begin(w, 0);
    abi_put_u128(w, o->id);
    abi_put_u128(w, o->state);
    put_account(v, o->creator);
    abi_put_u128(w, o->wallet);
    abi_put_u128(w, o->token);
    field_write_specs(w, &o->specs);
    abi_put_u128(w, o->replicas);
    abi_put_amount(w, o->max_price);
    abi_put_u128(w, o->duration_s);
    abi_put_u128(w, o->region);
    abi_put_u128(w, o->tier_worst);
    abi_put_u128(w, o->block);
    abi_put_u128(w, o->second);
    abi_put_amount(w, o->hold);
    abi_put_u128(w, o->bids);
    abi_end(w);
}

static void view_bids_of(struct view *v)
{
    u32 head = order_at(v->s, order_find(v->s, abi_get_u64(&v->in)))->bid_head, n = 0;
    struct abi_writer *w = &v->out;

    for (u32 row = head; row != 0; row = bid_at(v->s, row)->next)
        n++;
    abi_begin(w, n);
    for (u32 row = head; row != 0; row = bid_at(v->s, row)->next) {
        abi_begin(w, 0);
        abi_put_u128(w, bid_at(v->s, row)->provider);
        abi_put_amount(w, bid_at(v->s, row)->price);
        abi_put_u128(w, bid_at(v->s, row)->block);
        abi_end(w);
    }
    abi_end(w);
}

static void view_lease(struct view *v)
{
    const struct lease_row *l = lease_at(v->s, lease_find(v->s, abi_get_u64(&v->in)));
    struct abi_writer *w = &v->out;

    abi_begin(w, 0);
    abi_put_u128(w, l->id);
    abi_put_u128(w, l->order);
    abi_put_u128(w, l->provider);
    abi_put_u128(w, l->wallet);
    put_account(v, l->tenant);
    abi_put_u128(w, l->token);
    field_write_specs(w, &l->specs);
    abi_put_u128(w, l->replicas);
    abi_put_amount(w, l->price);
    abi_put_u128(w, l->start_s);
    abi_put_u128(w, l->agreed_s);
    abi_put_u128(w, l->settled_s);
    abi_put_u128(w, l->ended_s);
    abi_put_u128(w, l->reason);
    abi_put_bool(w, l->confirmed);
    abi_put_amount(w, l->gross_lock);
    abi_put_amount(w, l->user_fee_lock);
    abi_put_amount(w, l->gross);
    abi_end(w);
}

static void view_era(struct view *v)
{
    const struct meta_row *m = state_meta(v->s);

    abi_put_u128(&v->out, m->era);
    abi_put_u128(&v->out, m->era_start_s);
    abi_put_u128(&v->out, m->era_end_s);
}

static void view_param(struct view *v)
{
    static const char *const names[PARAM_KINDS] = {
#define PARAM(type, name, unit, def, min, max, source, doc) [PARAM_##name] = #name,
#include "protocol/params.def"
#undef PARAM
    };
    struct slice name = abi_get_bytes(&v->in);
    u32 id = 0;

    while (id < PARAM_KINDS &&
           (strlen(names[id]) != name.n || memcmp(names[id], name.at, name.n) != 0))
        id++;
    v->unknown = id == PARAM_KINDS;
    abi_put_u128(&v->out, id);
    abi_put_u128(&v->out, v->unknown ? 0 : params_get(&v->s->params, (enum param_id)id));
}

/* ---- which ---- */

static void answer(struct view *v, enum door_view_id id)
{
    switch (id) {
#define VIEW(contract, name, signature)                                                            \
    case DOOR_VIEW_##name:                                                                         \
        view_##name(v);                                                                            \
        return;
#include "chain-mock/door/view.def"
#undef VIEW
    case DOOR_VIEWS:
        break;
    }
    check_unreachable();
}

static enum door_view_id view_at(const struct door *d, enum contract at, struct slice data)
{
    u32 selector;

    if (!revert_selector(data, &selector))
        return DOOR_VIEWS;
    for (u32 k = 0; k < DOOR_VIEWS; k++) {
        if (contracts[k] == at && d->tables.views[k] == selector)
            return (enum door_view_id)k;
    }
    return DOOR_VIEWS;
}

bool view_answer(struct door *d, enum contract at, struct slice data, u8 *out, size_t room,
                 size_t *n)
{
    char text[EXACT_CHARS];
    enum door_view_id id = view_at(d, at, data);

    if (id == DOOR_VIEWS)
        return false;
    struct abi_signature s = view_signature(text, id);
    struct view v = {.d = d,
                     .s = &d->chain->state,
                     .in = abi_reader_at(s.inputs, data, ABI_SELECTOR_BYTES),
                     .out = abi_writer_of(s.outputs, out, room)};
    answer(&v, id);
    bool whole = abi_finish(&v.out, n);
    (void)whole; /* *n says what is needed */
    return abi_done(&v.in) && !v.unknown;
}
