/* spec - what an order asks for and what a provider has, as the deployed contracts keep it: in
 * texts.
 *
 * An order's is the published SDK's short form (spheron/sdk.md d.3).  What has no meaning here is
 * passed over: attributes but for region and the GPU's model, endpoints, names.  CPU is in
 * thousandths, memory and disk in bytes: they are rounded up to what this chain counts in.  Several
 * services are one order of them all together.  Of several regions or GPU models the first one
 * is taken, with which the order is as content.
 *
 * A provider's is JSON, {"Name":"p1","Region":"us-east","Attributes":[{"Key":"cpu","Value":"64"},
 * ...]}; its keys are cpu, ram_gib, disk_gib, disk_nvme_gib, compute_score, up_mbps, down_mbps,
 * compliance, and gpu/<model> for each GPU model, whose value is how many.
 */
#ifndef CHAIN_MOCK_DOOR_SPEC_H
#define CHAIN_MOCK_DOOR_SPEC_H

#include "chain-mock/wire/sink.h"
#include "protocol/machine.h"

/* The regions that have names: region r is name[r - 1]. */
struct spec_regions {
    const char *const *names;
    u32 count;
};

struct spec_order {
    struct specs specs;
    u32 replicas;
    u32 region; /* 0: any */
};

/* False: not such a text, or it asks for what nobody can have. */
must_use bool spec_read_order(struct spec_order *out, struct text t, struct spec_regions regions);
void spec_write_order(struct sink *out, const struct spec_order *o, u64 order,
                      struct spec_regions regions);

must_use bool spec_read_machine(struct machine *out, struct text t, struct spec_regions regions);
void spec_write_machine(struct sink *out, const struct machine *m, u32 provider,
                        struct spec_regions regions);

/* A number in decimal. */
void spec_number(struct sink *out, u64 v);

#endif /* CHAIN_MOCK_DOOR_SPEC_H */
