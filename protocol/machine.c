#include "protocol/machine.h"

void put_machine(struct writer *w, const struct machine *m)
{
    put_u32(w, m->cpu);
    put_u32(w, m->ram_gib);
    put_u32(w, m->disk_gib);
    put_u32(w, m->disk_nvme_gib);
    put_u32(w, m->compute_score);
    put_u32(w, m->up_mbps);
    put_u32(w, m->down_mbps);
    put_u32(w, (u32)m->compliance << 16 | m->region);
    for (u32 i = 0; i < GPU_LINES; i++)
        put_u32(w, (u32)m->gpu[i].model << 16 | m->gpu[i].count);
}

void get_machine(struct reader *r, struct machine *m)
{
    *m = (struct machine){0};
    m->cpu = get_u32(r);
    m->ram_gib = get_u32(r);
    m->disk_gib = get_u32(r);
    m->disk_nvme_gib = get_u32(r);
    m->compute_score = get_u32(r);
    m->up_mbps = get_u32(r);
    m->down_mbps = get_u32(r);
    u32 word = get_u32(r);
    if (word >> 24 != 0)
        r->ok = false;
    m->region = (u16)word;
    m->compliance = (u8)(word >> 16);
    for (u32 i = 0; i < GPU_LINES; i++) {
        word = get_u32(r);
        m->gpu[i] = (struct gpu_line){(u16)(word >> 16), (u16)word};
    }
}

void put_specs(struct writer *w, const struct specs *s)
{
    put_u32(w, s->cpu);
    put_u32(w, s->ram_gib);
    put_u32(w, s->disk_gib);
    put_u32(w, (u32)s->gpu_model << 16 | s->gpus);
}

void get_specs(struct reader *r, struct specs *s)
{
    s->cpu = get_u32(r);
    s->ram_gib = get_u32(r);
    s->disk_gib = get_u32(r);
    u32 word = get_u32(r);
    s->gpu_model = (u16)(word >> 16);
    s->gpus = (u16)word;
}
