#include "chain-mock/door/field.h"

#include <string.h>

#define INDEXED_MAX 3u /* the first topic is the event's own */

_Static_assert(INDEXED_MAX + 1 == DOOR_TOPICS_MAX, "as many as EVM's LOG4");

bool field_indexed(struct field_list l, u32 i)
{
    u32 before = 0;

    for (u32 k = 0; k < i; k++)
        before += k == 0 || l.rows[k].account;
    return before < INDEXED_MAX && (i == 0 || l.rows[i].account);
}

struct address field_address(const struct door *d, u32 account)
{
    struct address a = {{0}};

    if (account != 0 && account <= chain_accounts(d->chain))
        memcpy(a.byte, chain_account_address(d->chain, account), sizeof(a.byte));
    return a;
}

/* ---- writing ---- */

static void put_word(struct field_writer *f, struct bytes32 word)
{
    u32 i = f->at++;

    if (f->log != NULL && field_indexed(f->list, i))
        f->log->topics[f->log->topic_count++] = word;
    else
        abi_put_word(&f->w, word);
}

void field_put_u32(struct field_writer *f, u32 v)
{
    put_word(f, bytes32_of_u128(v));
}

void field_put_account(struct field_writer *f, u32 v)
{
    put_word(f, address_to_bytes32(field_address(f->door, v)));
}

void field_put_u64(struct field_writer *f, u64 v)
{
    put_word(f, bytes32_of_u128(v));
}

void field_put_u128(struct field_writer *f, u128 v)
{
    put_word(f, bytes32_of_u128(v));
}

void field_put_amount(struct field_writer *f, struct amount v)
{
    put_word(f, bytes32_of_amount(v));
}

void field_write_machine(struct abi_writer *w, const struct machine *m)
{
    abi_begin(w, 0);
    abi_put_u128(w, m->cpu);
    abi_put_u128(w, m->ram_gib);
    abi_put_u128(w, m->disk_gib);
    abi_put_u128(w, m->disk_nvme_gib);
    abi_put_u128(w, m->compute_score);
    abi_put_u128(w, m->up_mbps);
    abi_put_u128(w, m->down_mbps);
    abi_put_u128(w, m->region);
    abi_put_u128(w, m->compliance);
    abi_begin(w, 0);
    for (u32 i = 0; i < GPU_LINES; i++) {
        abi_begin(w, 0);
        abi_put_u128(w, m->gpu[i].model);
        abi_put_u128(w, m->gpu[i].count);
        abi_end(w);
    }
    abi_end(w);
    abi_end(w);
}

void field_write_specs(struct abi_writer *w, const struct specs *s)
{
    abi_begin(w, 0);
    abi_put_u128(w, s->cpu);
    abi_put_u128(w, s->ram_gib);
    abi_put_u128(w, s->disk_gib);
    abi_put_u128(w, s->gpu_model);
    abi_put_u128(w, s->gpus);
    abi_end(w);
}

void field_put_machine(struct field_writer *f, struct machine v)
{
    check(f->log == NULL || !field_indexed(f->list, f->at));
    f->at++;
    field_write_machine(&f->w, &v);
}

void field_put_specs(struct field_writer *f, struct specs v)
{
    check(f->log == NULL || !field_indexed(f->list, f->at));
    f->at++;
    field_write_specs(&f->w, &v);
}

/* ---- reading ---- */

/* A topic is read by nobody's type. */
static struct bytes32 topic_word(struct field_reader *f, size_t bytes)
{
    u32 k = f->topic++;

    if (k < f->log->topic_count && bytes32_length(f->log->topics[k]) <= bytes)
        return f->log->topics[k];
    fault_note(&f->r.fault, FAULT_ABI_TYPE, 0);
    return (struct bytes32){{0}};
}

static struct bytes32 get_word(struct field_reader *f, size_t bytes)
{
    u32 i = f->at++;

    if (f->log != NULL && field_indexed(f->list, i))
        return topic_word(f, bytes);
    return abi_get_word(&f->r);
}

/* A number that has at most so many bytes, of which the types of the row have taken care but for an
 * amount's. */
static u128 get_number(struct field_reader *f, size_t bytes)
{
    u128 v = 0;

    if (!bytes32_to_u128(get_word(f, bytes), &v))
        fault_note(&f->r.fault, FAULT_ABI_BEYOND_128, 0);
    return v;
}

u32 field_get_u32(struct field_reader *f)
{
    return (u32)get_number(f, sizeof(u32));
}

u32 field_get_account(struct field_reader *f)
{
    struct address a = {{0}};

    if (!address_of_bytes32(get_word(f, ADDRESS_BYTES), &a))
        fault_note(&f->r.fault, FAULT_ABI_TYPE, 0);
    if (f->accounts == ACCOUNTS_NOT || address_equal(a, (struct address){{0}}))
        return 0;
    return (f->accounts == ACCOUNTS_MADE ? f->door->account : f->door->find)(f->door->about, a);
}

u64 field_get_u64(struct field_reader *f)
{
    return (u64)get_number(f, sizeof(u64));
}

u128 field_get_u128(struct field_reader *f)
{
    return get_number(f, sizeof(u128));
}

struct amount field_get_amount(struct field_reader *f)
{
    return AMOUNT(get_number(f, ABI_WORD));
}

struct machine field_get_machine(struct field_reader *f)
{
    struct abi_reader *r = &f->r;
    struct machine m = {0};

    f->at++;
    abi_enter(r);
    m.cpu = (u32)abi_get_u64(r);
    m.ram_gib = (u32)abi_get_u64(r);
    m.disk_gib = (u32)abi_get_u64(r);
    m.disk_nvme_gib = (u32)abi_get_u64(r);
    m.compute_score = (u32)abi_get_u64(r);
    m.up_mbps = (u32)abi_get_u64(r);
    m.down_mbps = (u32)abi_get_u64(r);
    m.region = (u16)abi_get_u64(r);
    m.compliance = (u8)abi_get_u64(r);
    abi_enter(r);
    for (u32 i = 0; i < GPU_LINES; i++) {
        abi_enter(r);
        m.gpu[i].model = (u16)abi_get_u64(r);
        m.gpu[i].count = (u16)abi_get_u64(r);
        abi_leave(r);
    }
    abi_leave(r);
    abi_leave(r);
    return m;
}

struct specs field_get_specs(struct field_reader *f)
{
    struct abi_reader *r = &f->r;
    struct specs s = {0};

    f->at++;
    abi_enter(r);
    s.cpu = (u32)abi_get_u64(r);
    s.ram_gib = (u32)abi_get_u64(r);
    s.disk_gib = (u32)abi_get_u64(r);
    s.gpu_model = (u16)abi_get_u64(r);
    s.gpus = (u16)abi_get_u64(r);
    abi_leave(r);
    return s;
}
