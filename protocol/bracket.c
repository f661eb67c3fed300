#include "protocol/bracket.h"

#define E18 1000000000000000000u

bool bracket_usd_add(struct bracket_usd *sum, struct amount net_deposit, u64 price_usd_e8,
                     u32 decimals)
{
    check(sum->rest_e18 < E18);
    u64 token = amount_token_units(decimals);

    /* Raw: quotient and remainder of net x price / token are both kept: "summed exactly in USD, one
     * floor".  A fraction of a token times a price is below 2^60 x 2^64. */
    u128 tokens = net_deposit.wei / token;
    u128 of_rest = net_deposit.wei % token * price_usd_e8;
    u128 rest = of_rest % token * (E18 / token) + sum->rest_e18;
    u128 whole;
    if (__builtin_mul_overflow(tokens, (u128)price_usd_e8, &whole) ||
        __builtin_add_overflow(whole, of_rest / token + rest / E18, &whole) ||
        __builtin_add_overflow(whole, sum->whole_e8, &whole))
        return false;
    *sum = (struct bracket_usd){whole, (u64)(rest % E18)};
    return true;
}

bool bracket_rows(u64 *n, const struct params *p, const struct bracket_usd *sum)
{
    /* settled 111: "floor(deposit_usd/15)"; what is left below 10^-8 USD cannot lift a floor */
    u128 rows = sum->whole_e8 / p->bracket_usd;

    if (rows > UINT64_MAX)
        return false;
    *n = (u64)rows;
    return true;
}

bool bracket_mid_gpus(u64 *out, const struct params *p, u64 gpus, u64 multiplier_bps)
{
    /* settled 111: "a GPU counts ceil(multiplier/1.5) mid-tier GPUs" */
    u64 mid = p->bracket_gpu_multiplier, sum;
    if (__builtin_mul_overflow(gpus, multiplier_bps / mid + (multiplier_bps % mid != 0), &sum))
        return false;
    *out = sum;
    return true;
}

bool bracket_use_add(struct bracket_use *sum, const struct bracket_use *more)
{
    struct bracket_use s = {.any_gpu = sum->any_gpu || more->any_gpu};

    if (__builtin_add_overflow(sum->cpu, more->cpu, &s.cpu) ||
        __builtin_add_overflow(sum->ram_gib, more->ram_gib, &s.ram_gib) ||
        __builtin_add_overflow(sum->disk_gib, more->disk_gib, &s.disk_gib) ||
        __builtin_add_overflow(sum->mid_gpus, more->mid_gpus, &s.mid_gpus))
        return false;
    *sum = s;
    return true;
}

bool bracket_fits(const struct params *p, u64 n, const struct bracket_use *use)
{
    /* settled 111: "by the GPU row in all dimensions as soon as one of them has a GPU" */
    bool gpu = use->any_gpu;
    u64 cpu = gpu ? p->bracket_gpu_cpu : p->bracket_cpu;
    u64 ram_gib = gpu ? p->bracket_gpu_ram_gib : p->bracket_ram_gib;
    u64 disk_gib = gpu ? p->bracket_gpu_disk_gib : p->bracket_disk_gib;
    u64 gpus = gpu ? p->bracket_gpus : 0;

    return use->cpu <= (u128)n * cpu && use->ram_gib <= (u128)n * ram_gib &&
           use->disk_gib <= (u128)n * disk_gib && use->mid_gpus <= (u128)n * gpus;
}
