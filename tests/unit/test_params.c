/* Every parameter takes its least and its most value and none beyond, alone and in bytes; what does
 * not go with the others is refused. */
#include "protocol/params.h"
#include "sim/scenario/param_table.h"
#include "tests/test.h"

#include <string.h>

/* Where parameter i stands in bytes: 16 each. */
static void put_at(u8 bytes[PARAMS_BYTES], u32 i, u128 v)
{
    struct writer w = {bytes + 16 * i, 16};

    put_u128(&w, v);
}

static bool decodes(const u8 *bytes, size_t size, struct params *out)
{
    struct reader r = {bytes, size, true};

    return params_decode(&r, out);
}

static void set(void)
{
    for (u32 i = 0; i < PARAM_KINDS; i++) {
        const struct param_row *row = &param_rows[i];
        enum param_id id = (enum param_id)i;
        struct params p = params_default;

        EXPECT(params_get(&p, id) == row->def && params_most(id) == row->max);
        EXPECT(params_set(&p, id, row->def));
        EXPECT(row->max == U128_MAX || !params_set(&p, id, row->max + 1));
        EXPECT(row->min == 0 || !params_set(&p, id, row->min - 1));
        EXPECT(memcmp(&p, &params_default, sizeof(p)) == 0);
        bool goes = id != PARAM_era_seconds && id != PARAM_commission_bps &&
                    id != PARAM_provider_fee_bps; /* with the others: below */
        EXPECT(!goes || (params_set(&p, id, row->max) && params_get(&p, id) == row->max));
        EXPECT(!goes || (params_set(&p, id, row->min) && params_get(&p, id) == row->min));
    }
    printf("ok - every parameter within its range, and none beyond\n");
}

static void bytes_of_each(void)
{
    u8 bytes[PARAMS_BYTES], again[PARAMS_BYTES];
    struct writer w = {bytes, sizeof(bytes)};
    struct params p;

    params_encode(&w, &params_default);
    EXPECT(w.left == 0 && decodes(bytes, sizeof(bytes), &p));
    for (u32 i = 0; i < PARAM_KINDS; i++)
        EXPECT(params_get(&p, (enum param_id)i) == param_rows[i].def);
    for (size_t less = 0; less < sizeof(bytes); less++)
        EXPECT(!decodes(bytes, less, &p));
    for (u32 i = 0; i < PARAM_KINDS; i++) {
        const struct param_row *row = &param_rows[i];
        memcpy(again, bytes, sizeof(again));
        put_at(again, i, row->max + 1);
        EXPECT(row->max == U128_MAX || !decodes(again, sizeof(again), &p));
        put_at(again, i, row->min - 1);
        EXPECT(row->min == 0 || !decodes(again, sizeof(again), &p));
    }
    printf("ok - in bytes too\n");
}

static void together(void)
{
    u8 bytes[PARAMS_BYTES];
    struct writer w = {bytes, sizeof(bytes)};
    struct params p = params_default, read;

    EXPECT(!params_set(&p, PARAM_era_seconds, 3601) && params_set(&p, PARAM_era_seconds, 7200));
    EXPECT(params_set(&p, PARAM_provider_fee_bps, 100));
    EXPECT(params_set(&p, PARAM_commission_bps, BPS_WHOLE - 100));
    EXPECT(!params_set(&p, PARAM_commission_bps, BPS_WHOLE - 99));
    EXPECT(!params_set(&p, PARAM_provider_fee_bps, 101));
    params_encode(&w, &p);
    EXPECT(decodes(bytes, sizeof(bytes), &read));
    put_at(bytes, PARAM_provider_fee_bps, 101);
    EXPECT(!decodes(bytes, sizeof(bytes), &read));
    put_at(bytes, PARAM_provider_fee_bps, 100);
    put_at(bytes, PARAM_era_seconds, 7201);
    EXPECT(!decodes(bytes, sizeof(bytes), &read));
    printf("ok - shares leave nothing below zero, an era is of whole hours\n");
}

int main(void)
{
    set();
    bytes_of_each();
    together();
    return EXIT_SUCCESS;
}
