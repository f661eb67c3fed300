/* machine - what a provider registers and what an order asks for, in whole units.
 *
 * GPUs are whole (settled 160).  A GPU model is its place in protocol/gpu.def plus one; 0 in an
 * order means that any model will do, 0 in a provider's line that the line is empty.
 */
#ifndef PROTOCOL_MACHINE_H
#define PROTOCOL_MACHINE_H

#include "protocol/bytes.h"

#define GPU_LINES 4u
#define GPU_ANY 0u

/* No region: an order that does not state one.  Otherwise the scenario's region + 1. */
#define REGION_NONE 0u

enum compliance { COMPLIANCE_SOC2 = 1, COMPLIANCE_HIPAA = 2, COMPLIANCE_GDPR = 4 };

struct gpu_line {
    u16 model, count;
};

/* Attributes of a provider, §4.3.6. */
struct machine {
    u32 cpu; /* vCPUs, threads */
    u32 ram_gib, disk_gib;
    u32 disk_nvme_gib; /* of disk_gib */
    u32 compute_score; /* PassMark-like, §4.3.6.1 */
    u32 up_mbps, down_mbps;
    u16 region;
    u8 compliance; /* bits of enum compliance */
    u8 pad;
    struct gpu_line gpu[GPU_LINES];
};

/* What one replica of an order asks. */
struct specs {
    u32 cpu, ram_gib, disk_gib;
    u16 gpu_model, gpus;
};

void put_machine(struct writer *w, const struct machine *m);
void put_specs(struct writer *w, const struct specs *s);
void get_machine(struct reader *r, struct machine *m);
void get_specs(struct reader *r, struct specs *s);

#endif /* PROTOCOL_MACHINE_H */
