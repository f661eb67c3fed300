/* market_resource - ProviderAttributeRegistry and the two ResourceRegistries: what a provider has,
 * by the numbers of resources.  A GPU's number is its place in protocol/gpu.def plus one; there is
 * one kind of CPU, number 1.
 */
#include "chain-mock/door/market.h"
#include "chain-mock/door/notation.h"
#include "protocol/gpu.h"

#include <string.h>

#define CPU 1u

enum category { CATEGORY_NONE, CATEGORY_CPU, CATEGORY_GPU };

static enum category get_category(struct market *m)
{
    struct slice s = abi_get_bytes(&m->in);
    struct text t = {(const char *)s.at, s.n};

    if (notation_is(t, "CPU") || notation_is(t, "cpu"))
        return CATEGORY_CPU;
    return notation_is(t, "GPU") || notation_is(t, "gpu") ? CATEGORY_GPU : CATEGORY_NONE;
}

static bool set_resource(struct machine *machine, enum category category, u32 place, u64 id,
                         u64 units)
{
    if (category == CATEGORY_CPU) {
        machine->cpu = (u32)units;
        return place == 0 && id == CPU && units <= UINT32_MAX;
    }
    if (place >= GPU_LINES || id == 0 || id > GPU_MODELS || units == 0 || units > UINT16_MAX)
        return false;
    machine->gpu[place] = (struct gpu_line){(u16)id, (u16)units};
    return true;
}

/* The caller's machine with these CPUs or GPUs instead of those that it has. */
enum err market_submit_attributes(struct market *m, struct tx *out)
{
    enum category category = get_category(m);
    struct abi_reader ids = m->in;
    bool valid = category != CATEGORY_NONE;

    for (size_t n = abi_enter(&m->in); n > 0; n--)
        (void)abi_get_word(&m->in);
    abi_leave(&m->in);
    size_t count = abi_enter(&m->in);
    *out = (struct tx){.kind = TX_UPDATE_MACHINE};
    struct machine *machine = &out->u.update_machine.machine;
    *machine = provider_at(m->s, m->from == 0 || m->from > chain_accounts(m->d->chain)
                                     ? 0
                                     : chain_account_provider(m->d->chain, m->from))
                   ->machine;
    if (category == CATEGORY_GPU)
        memset(machine->gpu, 0, sizeof(machine->gpu));
    valid = valid && abi_enter(&ids) == count && count > 0;
    for (size_t i = 0; i < count; i++) {
        u64 id = 0, units = 0;
        valid = valid && bytes32_to_u64(abi_get_word(&ids), &id);
        valid = bytes32_to_u64(abi_get_word(&m->in), &units) && valid;
        valid = valid && set_resource(machine, category, (u32)i, id, units);
    }
    abi_leave(&m->in);
    enum err e = market_read_all(m);
    return e != ERR_None || valid ? e : ERR_InvalidArgument;
}

static void put_resource(struct abi_writer *w, u64 id, u64 units)
{
    abi_begin(w, 0);
    abi_put_u128(w, id);
    abi_put_u128(w, units);
    abi_end(w);
}

static void put_gpus(struct abi_writer *w, const struct machine *machine)
{
    u32 n = 0;

    for (u32 i = 0; i < GPU_LINES; i++)
        n += machine->gpu[i].model != 0;
    abi_begin(w, n);
    for (u32 i = 0; i < GPU_LINES; i++) {
        if (machine->gpu[i].model != 0)
            put_resource(w, machine->gpu[i].model, machine->gpu[i].count);
    }
    abi_end(w);
}

void market_attributes(struct market *m)
{
    u32 account = market_find(m, abi_get_address(&m->in));
    enum category category = get_category(m);
    u32 provider = account == 0 ? 0 : chain_account_provider(m->d->chain, account);
    const struct machine *machine = &provider_at(m->s, provider)->machine;
    bool cpu = category == CATEGORY_CPU && machine->cpu != 0;

    if (category == CATEGORY_GPU) {
        put_gpus(&m->out, machine);
        return;
    }
    abi_begin(&m->out, cpu);
    if (cpu)
        put_resource(&m->out, CPU, machine->cpu);
    abi_end(&m->out);
}

/* What is submitted is in force at once. */
void market_pending_attributes(struct market *m)
{
    (void)abi_get_address(&m->in);
    (void)get_category(m);
    abi_begin(&m->out, 0);
    abi_end(&m->out);
}

/* ---- resources ---- */

static void put_kind(struct market *m, const char *name, const char *tier, u64 multiplier)
{
    abi_put_bytes(&m->out, SLICE((const u8 *)name, strlen(name)));
    abi_put_bytes(&m->out, SLICE((const u8 *)tier, strlen(tier)));
    abi_put_u128(&m->out, multiplier);
}

/* settled 23: the multiplier is in 1/10000. */
void market_gpu(struct market *m)
{
    u64 id = market_get_id(m);

    if (id == 0 || id > GPU_MODELS) {
        put_kind(m, "", "", 0);
        return;
    }
    enum gpu_model model = (enum gpu_model)(id - 1);
    put_kind(m, gpu_name(model), gpu_tier_text(gpu_tier(model)),
             gpu_multiplier(&m->s->params, gpu_tier(model)));
}

void market_gpu_count(struct market *m)
{
    abi_put_u128(&m->out, GPU_MODELS);
}

void market_cpu(struct market *m)
{
    bool is = market_get_id(m) == CPU;

    put_kind(m, is ? "gp" : "", "", is ? BPS_WHOLE : 0);
}

void market_cpu_count(struct market *m)
{
    abi_put_u128(&m->out, CPU);
}
