/* market_provider - ProviderRegistry: who provides, and what he says of himself. */
#include "chain-mock/door/market.h"

#define HOST_CHARS 40u

/* ---- what changes ---- */

/* The tokens of a list of addresses as a mask.  *unknown: one of them is no token of the chain. */
static u32 get_payments(struct market *m, bool *unknown)
{
    u32 mask = 0;

    for (size_t n = abi_enter(&m->in); n > 0; n--) {
        u32 token = market_token_at(m->d, abi_get_address(&m->in));
        if (token < TOKENS_MAX)
            mask |= 1u << token;
        else
            *unknown = true;
    }
    abi_leave(&m->in);
    return mask;
}

static bool read_machine(const struct market *m, struct slice spec, struct machine *out)
{
    struct text text = {(const char *)spec.at, spec.n};

    return spec.n <= MARKET_TEXT_MAX && spec_read_machine(out, text, market_regions(m->d));
}

/* Of the caller himself.  The chain keeps neither address of a gateway nor certificate, and rewards
 * go to the provider's own account: they are read and not kept. */
enum err market_add_provider(struct market *m, struct tx *out)
{
    struct machine machine;
    bool unknown = false;

    abi_enter(&m->in);
    struct address wallet = abi_get_address(&m->in);
    u32 tokens = get_payments(m, &unknown);
    struct slice spec = abi_get_bytes(&m->in);
    (void)abi_get_bytes(&m->in);
    (void)abi_get_bytes(&m->in);
    (void)abi_get_address(&m->in);
    abi_leave(&m->in);
    enum err e = market_read_all(m);
    if (e != ERR_None)
        return e;
    if (unknown)
        return ERR_TokenNotRegistered;
    if (market_account(m, wallet) != m->from) /* who may be as new as his call */
        return ERR_MissingRole;
    if (!read_machine(m, spec, &machine))
        return ERR_InvalidArgument;
    *out = (struct tx){.kind = TX_PROPOSE, .u.propose = {.machine = machine, .tokens = tokens}};
    return ERR_None;
}

enum err market_update_spec(struct market *m, struct tx *out)
{
    struct slice spec = abi_get_bytes(&m->in);
    enum err e = market_read_all(m);

    *out = (struct tx){.kind = TX_UPDATE_MACHINE};
    if (e == ERR_None && !read_machine(m, spec, &out->u.update_machine.machine))
        e = ERR_InvalidArgument;
    return e;
}

/* ---- what is read ---- */

u32 market_status(const struct state *s, u32 provider)
{
    bool suspended = provider != 0 && standing_at(s, provider)->tier.suspended;

    switch ((enum provider_status)provider_at(s, provider)->status) {
    case PROVIDER_PROPOSED:
        return MARKET_REGISTERED;
    case PROVIDER_APPROVED:
        return suspended ? MARKET_SUSPENDED : MARKET_ACTIVE;
    case PROVIDER_EXITING:
    case PROVIDER_STRUCK:
        return MARKET_DEACTIVATED;
    }
    return MARKET_UNREGISTERED;
}

u32 market_tier(const struct state *s, u32 provider)
{
    u32 tier = standing_at(s, provider)->tier.tier;

    return tier == 0 ? 0 : tier - 1;
}

void market_put_payments(const struct door *d, struct abi_writer *w, u32 provider)
{
    u32 mask = provider_at(&d->chain->state, provider)->tokens, n = 0;

    for (u32 t = 0; t < d->token_count && t < TOKENS_MAX; t++)
        n += mask >> t & 1;
    abi_begin(w, n);
    for (u32 t = 0; t < d->token_count && t < TOKENS_MAX; t++) {
        if (mask >> t & 1)
            abi_put_address(w, d->tokens[t].address);
    }
    abi_end(w);
}

static struct slice no_bytes(void)
{
    return SLICE(NULL, 0);
}

void market_put_host(struct abi_writer *w, u32 provider)
{
    char host[HOST_CHARS];
    struct sink out = SINK(host, sizeof(host));

    sink_chars(&out, "provider-");
    spec_number(&out, provider);
    check(sink_end(&out));
    abi_put_bytes(w, SLICE((const u8 *)host, provider == 0 ? 0 : out.n));
}

/* Spec, the gateway's name, certificate. */
static void put_texts(struct market *m, u32 provider)
{
    char text[MARKET_SPEC_CHARS];
    struct slice spec = market_machine_text(m->d, provider, text);

    abi_put_bytes(&m->out, provider == 0 ? no_bytes() : spec);
    market_put_host(&m->out, provider);
    abi_put_bytes(&m->out, no_bytes());
}

static void put_terms(struct market *m, u32 provider)
{
    const struct provider_row *p = provider_at(m->s, provider);

    abi_put_u128(&m->out, market_status(m->s, provider));
    abi_put_u128(&m->out, market_tier(m->s, provider));
    abi_put_u128(&m->out, provider == 0 ? 0 : market_unix(m->d, p->registered_s));
}

static void put_wallet(struct market *m, u32 provider)
{
    abi_put_address(&m->out, field_address(m->d, provider_at(m->s, provider)->account));
}

static u32 get_provider(struct market *m)
{
    u64 id = market_get_id(m);

    return id < m->s->tables[TABLE_PROVIDER].count ? (u32)id : 0;
}

static u32 get_provider_of(struct market *m)
{
    u32 account = market_find(m, abi_get_address(&m->in));

    return account == 0 ? 0 : chain_account_provider(m->d->chain, account);
}

void market_provider_by_id(struct market *m)
{
    u32 provider = get_provider(m);

    put_texts(m, provider);
    market_put_payments(m->d, &m->out, provider);
    put_terms(m, provider);
    put_wallet(m, provider);
    put_wallet(m, provider);
}

void market_provider_by_address(struct market *m)
{
    u32 provider = get_provider_of(m);

    put_texts(m, provider);
    market_put_payments(m->d, &m->out, provider);
    put_terms(m, provider);
    put_wallet(m, provider);
}

void market_all_providers(struct market *m)
{
    u32 rows = m->s->tables[TABLE_PROVIDER].count;

    abi_begin(&m->out, rows - 1);
    for (u32 provider = 1; provider < rows; provider++) {
        abi_begin(&m->out, 0);
        abi_put_u128(&m->out, provider);
        put_wallet(m, provider);
        market_put_payments(m->d, &m->out, provider);
        put_texts(m, provider);
        put_terms(m, provider);
        put_wallet(m, provider);
        abi_end(&m->out);
    }
    abi_end(&m->out);
}

void market_id_of(struct market *m)
{
    abi_put_u128(&m->out, get_provider_of(m));
}

void market_provider_id(struct market *m)
{
    abi_put_u128(&m->out, get_provider_of(m));
}

void market_provider_wallet(struct market *m)
{
    put_wallet(m, get_provider(m));
}

void market_provider_status(struct market *m)
{
    abi_put_u128(&m->out, market_status(m->s, get_provider_of(m)));
}

void market_provider_tier(struct market *m)
{
    abi_put_u128(&m->out, market_tier(m->s, get_provider_of(m)));
}

void market_is_active(struct market *m)
{
    abi_put_bool(&m->out, market_status(m->s, get_provider_of(m)) == MARKET_ACTIVE);
}

void market_is_registered(struct market *m)
{
    abi_put_bool(&m->out, get_provider_of(m) != 0);
}

void market_next_provider(struct market *m)
{
    abi_put_u128(&m->out, m->s->tables[TABLE_PROVIDER].count);
}
