#include "sim/rpc/hold.h"

void hold_sent(struct hold *h, const struct bytes32 *hash, u64 now_ms)
{
    h->send[h->count % HOLD_SENDS].hash = *hash;
    h->send[h->count % HOLD_SENDS].sent_ms = now_ms;
    h->count++;
}

u64 hold_until(const struct hold *h, const struct bytes32 *hash, u64 now_ms)
{
    u64 oldest = h->count < HOLD_SENDS ? 0 : h->count - HOLD_SENDS;

    /* From the last one back, as long as any is held. */
    for (u64 i = h->count; i > oldest; i--) {
        u64 until = h->send[(i - 1) % HOLD_SENDS].sent_ms + HOLD_MS;
        if (until <= now_ms)
            return 0;
        if (bytes32_cmp(h->send[(i - 1) % HOLD_SENDS].hash, *hash) == 0)
            return until;
    }
    return 0;
}
