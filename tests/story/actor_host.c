#include "tests/story/actor_host.h"

#include "actors/kinds.h"
#include "actors/user.h"

#include <stdarg.h>

#define SELF 900u /* account of whoever is under test */

static struct {
    const struct actor_kind *kind;
    void *state;
    u64 now_ns;
    size_t used;
    char text[8192];
} host;

const struct drawer host_drawer = {1, 0, 42};
struct params host_params;

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int n = vsnprintf(host.text + host.used, sizeof(host.text) - host.used, format, args);
    va_end(args);
    EXPECT(n >= 0 && (size_t)n < sizeof(host.text) - host.used);
    host.used += (size_t)n;
}

unsigned long long units(struct amount a)
{
    u64 n;

    EXPECT(amount_ratio(&n, a, 1, AMOUNT(1), ROUND_DOWN));
    return n;
}

static void say_tx(const struct tx *tx)
{
    say("%s", tx_rows[tx->kind].name);
    if (tx->kind == TX_PROPOSE)
        say(" cpu %u tokens %u", tx->u.propose.machine.cpu, tx->u.propose.tokens);
    else if (tx->kind == TX_STAKE)
        say(" %llu", units(tx->u.stake.amount));
    else if (tx->kind == TX_PLACE_BID)
        say(" %llu at %llu", LLU(tx->u.place_bid.order), units(tx->u.place_bid.price));
    else if (tx->kind == TX_CONFIRM)
        say(" %llu", LLU(tx->u.confirm.lease));
    else if (tx->kind == TX_CLOSE_LEASE)
        say(" %llu image %u", LLU(tx->u.close_lease.lease), tx->u.close_lease.image_failed);
    else if (tx->kind == TX_ACCEPT_UPDATE)
        say(" %llu at %llu", LLU(tx->u.accept_update.lease), units(tx->u.accept_update.price));
    else if (tx->kind == TX_CLAIM_EARNINGS)
        say(" token %u %llu", tx->u.claim_earnings.token, units(tx->u.claim_earnings.amount));
    else if (tx->kind == TX_DEPOSIT)
        say(" %llu", units(tx->u.deposit.amount));
    else if (tx->kind == TX_CREATE_ORDER)
        say(" #%u for %llu s", tx->tag, LLU(tx->u.create_order.duration_s));
    else if (tx->kind == TX_CANCEL_ORDER)
        say(" %llu", LLU(tx->u.cancel_order.order));
    else if (tx->kind == TX_EXTEND)
        say(" %llu by %llu s", LLU(tx->u.extend.lease), LLU(tx->u.extend.seconds));
    else if (tx->kind == TX_REQUEST_UPDATE)
        say(" %llu cpu %u", LLU(tx->u.request_update.lease), tx->u.request_update.specs.cpu);
}

static void say_command(const struct command *c)
{
    static const char *const msgs[MSG_KINDS] = {"manifest", "ready", "refused"};

    switch (c->kind) {
    case COMMAND_SEND:
        say("%s %llu to %u", msgs[c->u.send.msg.kind], LLU(c->u.send.msg.u.ready.lease),
            c->u.send.account);
        break;
    case COMMAND_TIMER:
        say("timer %u in %llu ms", c->u.timer.tag, LLU(c->u.timer.after.ns / MSEC(1)));
        break;
    case COMMAND_SUBMIT:
        say_tx(&c->u.submit);
        break;
    }
    say("; ");
}

/* --- the host --- */

static size_t run(void *state, const struct event *e, struct outbox *out, u8 *bytes, size_t size)
{
    struct env env = {.params = &host_params,
                      .now = {host.now_ns},
                      .account = SELF,
                      .draw = &host_drawer,
                      .outbox = out};
    struct writer w = {bytes, size};

    out->count = 0;
    host.kind->on_event(state, &env, e);
    outbox_encode(&w, out);
    return size - w.left;
}

/* Whether a host would tell the actor (actor.h). */
static bool is_told(const struct event *e)
{
    const struct actor_kind *k = host.kind;

    if (e->kind == EVENT_LOG)
        return (k->logs & KIND_BIT(e->u.log.kind)) != 0;
    if (e->kind == EVENT_RESULT)
        return ((e->u.result.err == ERR_None ? k->answers : k->refusals) &
                KIND_BIT(e->u.result.tx)) != 0;
    return true;
}

/* What it would not be told it must not act on. */
void give(const struct event *e)
{
    static _Alignas(16) u8 before[sizeof(struct user)], copy[sizeof(struct user)];
    static u8 here[OUTBOX_BYTES_MAX], there[OUTBOX_BYTES_MAX];
    static struct outbox out, other;

    EXPECT(host.kind->state_size <= sizeof(copy));
    memcpy(copy, host.state, host.kind->state_size);
    memcpy(before, host.state, host.kind->state_size);
    size_t n = run(host.state, e, &out, here, sizeof(here));
    size_t m = run(copy, e, &other, there, sizeof(there));
    EXPECT(n == m && memcmp(here, there, n) == 0);
    EXPECT(memcmp(copy, host.state, host.kind->state_size) == 0);
    EXPECT(is_told(e) ||
           (out.count == 0 && memcmp(before, host.state, host.kind->state_size) == 0));
    for (u32 i = 0; i < out.count; i++)
        say_command(&out.commands[i]);
}

void skip(void)
{
    host.used = 0;
    host.text[0] = '\0';
}

u32 said(const char *word)
{
    u32 count = 0;

    for (const char *s = host.text; (s = strstr(s, word)) != NULL; s++)
        count++;
    return count;
}

/* What was said since the last time is exactly this. */
void expect_said(const char *want, int line)
{
    if (strcmp(host.text, want) != 0)
        printf("# line %d\n# got  %s\n# want %s\n", line, host.text, want);
    EXPECT(strcmp(host.text, want) == 0);
    skip();
}

void host_begin(const struct actor_kind *kind, void *state)
{
    memset(&host, 0, sizeof(host));
    host_params = params_default;
    host.kind = kind;
    host.state = state;
    give(&(struct event){.kind = EVENT_START});
}

void at_s(u64 s)
{
    host.now_ns = SEC(s);
}

void timer(u32 tag, u64 about)
{
    give(&(struct event){.kind = EVENT_TIMER, .u.timer = {.tag = tag, .about = about}});
}

void result(enum tx_kind tx, u32 tag, enum err err, u64 id)
{
    give(&(struct event){.kind = EVENT_RESULT,
                         .u.result = {.tx = tx, .tag = tag, .err = err, .id = id}});
}

/* --- what the chain says --- */

struct log_lease_created lease_of(u64 id)
{
    return (struct log_lease_created){.lease = id,
                                      .order = id + 100,
                                      .provider = PROVIDER,
                                      .tenant = PARTNER,
                                      .provider_account = PARTNER,
                                      .token = 1,
                                      .specs = {.cpu = 4, .ram_gib = 16, .disk_gib = 100},
                                      .replicas = 1,
                                      .start_s = host.now_ns / SEC(1)};
}

void leased(struct log_lease_created l)
{
    give(&(struct event){.kind = EVENT_LOG,
                         .u.log = {.kind = LOG_LeaseCreated, .u.lease_created = l}});
}

void closed(u64 lease, enum lease_end reason, u64 to_provider)
{
    GIVE_LOG(LeaseClosed, lease_closed, .lease = lease, .reason = reason, .token = 1,
             .end_s = host.now_ns / SEC(1), .confirmed = 1, .to_provider = AMOUNT(to_provider));
}

struct log_lease_created update_of(u64 id, u64 replaces, u32 cpu)
{
    struct log_lease_created l = lease_of(id);

    l.replaces = replaces;
    l.specs.cpu = cpu;
    return l;
}

void goes_back(struct reverted r)
{
    give(&(struct event){.kind = EVENT_REVERTED, .u.reverted = r});
}

void stands(const struct log *l)
{
    give(&(struct event){.kind = EVENT_STANDS, .u.log = *l});
}
