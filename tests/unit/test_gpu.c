/* gpu against the settled multipliers, and the table against the published one. */
#include "protocol/bracket.h"
#include "protocol/gpu.h"
#include "tests/test.h"

#include <string.h>

static const char sdk[] = "/prices/gpu-config-sdk-2.4.2.csv";

static void test_names(void)
{
    enum gpu_model m = GPU_h100, again;

    for (u32 i = 0; i < GPU_MODELS; i++) {
        EXPECT(gpu_find(gpu_name((enum gpu_model)i), &m) && m == (enum gpu_model)i);
        EXPECT(gpu_list_usd_e8(m) > 0 && gpu_source(m)[0] != '\0');
    }
    again = m;
    EXPECT(!gpu_find("", &m) && !gpu_find("H100", &m) && !gpu_find("h10", &m));
    EXPECT(!gpu_find("h1000", &m) && m == again);
}

static void test_tiers(void) /* settled 23 */
{
    static const u64 bps[GPU_TIERS] = {1000,  2500,  5000,  7500,  10000,
                                       15000, 20000, 30000, 60000, 120000};
    static const u64 units[GPU_TIERS] = {1, 1, 1, 1, 1, 1, 2, 2, 4, 8}; /* ceil(m / 1.5) */
    struct params p = params_default;
    u64 mid;

    for (u32 t = 0; t < GPU_TIERS; t++) {
        EXPECT(gpu_multiplier(&p, (enum gpu_tier)t) == bps[t]);
        EXPECT(bracket_mid_gpus(&mid, &p, 1, bps[t]) && mid == units[t]);
    }
    EXPECT(params_set(&p, PARAM_gpu_multiplier_high_2, 0));
    EXPECT(gpu_multiplier(&p, GPU_TIER_high_2) == 0);
    EXPECT(bracket_mid_gpus(&mid, &p, 1, 0) && mid == 0); /* worth nothing, it counts for nothing */
    EXPECT(strcmp(gpu_tier_text(GPU_TIER_ultra_high_2), "Ultra High 2") == 0);
}

/* The n-th field of a line of the CSV, which quotes nothing. */
static void field(const char *line, int n, char *out, size_t size)
{
    size_t length;

    while (n-- > 0)
        line = strchr(line, ',') + 1;
    length = strcspn(line, ",\r\n");
    EXPECT(length < size);
    memcpy(out, line, length);
    out[length] = '\0';
}

static int test_sdk_table(void) /* every row of the SDK's table, with its tier and price */
{
    const char *data = getenv("DATA");
    char path[4096], line[512], text[64];
    enum gpu_model m;
    u32 rows = 0;
    FILE *f;

    snprintf(path, sizeof path, "%s%s", data ? data : "../shared/data", sdk);
    f = fopen(path, "r");
    if (f == NULL) {
        printf("no %s\n", sdk);
        return 77;
    }
    EXPECT(fgets(line, sizeof line, f) != NULL);
    while (fgets(line, sizeof line, f) != NULL) {
        field(line, 2, text, sizeof text);
        EXPECT(gpu_find(text, &m) && m == (enum gpu_model)rows);
        field(line, 4, text, sizeof text);
        EXPECT(strcmp(text, gpu_tier_text(gpu_tier(m))) == 0);
        field(line, 7, text, sizeof text);
        double usd = strtod(text, NULL);
        EXPECT(usd == 0 || (u64)(usd * 1e8 + 0.5) == gpu_list_usd_e8(m));
        EXPECT((usd == 0) == (strcmp(gpu_source(m), "SDK 2.4.2") != 0));
        rows++;
    }
    fclose(f);
    EXPECT(rows == 69 && rows < GPU_MODELS);
    return EXIT_SUCCESS;
}

int main(void)
{
    test_names();
    test_tiers();
    int code = test_sdk_table();
    if (code == EXIT_SUCCESS)
        printf("ok - gpu\n");
    return code;
}
