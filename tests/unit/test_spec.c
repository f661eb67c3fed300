/* spec, notation: the SDK's own text, what is refused, machines, and there and back. */
#include "chain-mock/door/spec.h"

#include "chain-mock/door/notation.h"
#include "protocol/gpu.h"
#include "tests/any.h"
#include "tests/test.h"

#include <string.h>

static struct any any = {{64, 0, 0}, 0};
static const char *const names[] = {"us-east", "eu-west"};
static const struct spec_regions regions = {names, 2};

#define MODEL(name) ((u16)(GPU_##name + 1))

static struct text text_of(const char *s)
{
    return (struct text){s, strlen(s)};
}

static bool read_order(struct spec_order *o, const char *s)
{
    return spec_read_order(o, text_of(s), regions);
}

static bool specs_are(const struct specs *s, u32 cpu, u32 ram, u32 disk, u16 model, u16 gpus)
{
    return s->cpu == cpu && s->ram_gib == ram && s->disk_gib == disk && s->gpu_model == model &&
           s->gpus == gpus;
}

/* spheron/sdk.md d.3 */
static void test_the_sdks(void)
{
    struct spec_order o;

    EXPECT(read_order(&o, "{n:east,pr:{a:[{k:cpu_model,v:any},{k:bandwidth,v:any},"
                          "{k:region,v:us-east}]},s:[{n:notebook,r:{i:1,c:{u:1500,a:[]},"
                          "m:{u:2147483648,a:[]},s:[{n:default,a:[],u:10737418240}],"
                          "g:{a:[{k:vendor/nvidia/model/rtx4090,v:true}],u:1},"
                          "e:[{k:1,s:0},{k:0,s:0}]},c:1}]}"));
    EXPECT(specs_are(&o.specs, 2, 2, 10, MODEL(rtx4090), 1) && o.replicas == 1 && o.region == 1);
    EXPECT(read_order(&o, "{s:[{r:{c:{u:1000},m:{u:1},s:[],g:{a:[],u:0}},c:3}]}"));
    EXPECT(specs_are(&o.specs, 1, 1, 0, GPU_ANY, 0) && o.replicas == 3 && o.region == 0);
    printf("ok - the published SDK's text\n");
}

static void test_services(void)
{
    struct spec_order o;

    EXPECT(read_order(&o, "{s:[{r:{c:{u:1500},g:{a:[{k:vendor/nvidia,v:true}],u:1}},c:2},"
                          "{r:{c:{u:500},g:{a:[{k:vendor/nvidia/model/t4/ram/16Gi}],u:1}},c:1}]}"));
    EXPECT(specs_are(&o.specs, 4, 0, 0, MODEL(t4), 3) && o.replicas == 1);
    EXPECT(!read_order(&o, "{s:[{r:{g:{a:[{k:vendor/nvidia/model/l4}],u:1}}},"
                           "{r:{g:{a:[{k:vendor/nvidia/model/t4}],u:1}}}]}"));
    EXPECT(read_order(&o, "{pr:{a:[{k:region,v:eu-west;us-east}]},s:[{r:{c:{u:1},g:{a:["
                          "{k:vendor/nvidia/model/l4},{k:vendor/nvidia/model/t4}],u:1}}}]}"));
    EXPECT(o.region == 2 && o.specs.gpu_model == MODEL(l4));
    printf("ok - services, lists of regions and models\n");
}

static void test_refused(void)
{
    static const char *const bad[] = {
        "",
        "{",
        "{}",
        "[]",
        "{s:[]}",
        "{s:[{r:{c:{u:1000}},c:0}]}",
        "{s:[{r:{c:{u:NaN}}}]}",
        "{s:[{r:{c:{u:-1}}}]}",
        "{s:[{r:{c:{u:1000}}}]}x",
        "{s:[{r:{c:{u:1000}}]}",
        "{s:[{r:{c:{u:1000}}} {r:{c:{u:1000}}}]}",
        "{s:[{r:{c:{u:9999999999999999999}}}]}",
        "{s:[{r:{c:{u:999999999999999999}}}]}",
        "{s:{r:{c:{u:1000}}}}",
        "{s:[{r:{g:{a:[{k:vendor/nvidia/model/none}],u:1}}}]}",
        "{pr:{a:[{k:region,v:mars}]},s:[{r:{c:{u:1000}}}]}",
        "{s:[{r:{c:{u:1000}}}],}",
        "{n:\"open,s:[{r:{c:{u:1000}}}]}",
    };
    struct spec_order o;

    for (u32 i = 0; i < ARRAY_LEN(bad); i++) {
        if (read_order(&o, bad[i]))
            printf("not ok - taken: %s\n", bad[i]);
        EXPECT(!read_order(&o, bad[i]));
    }
    EXPECT(spec_read_order(&o, text_of("{pr:{a:[{k:region,v:mars}]},s:[{r:{c:{u:1}}}]}"),
                           (struct spec_regions){0}));
    printf("ok - what is no order\n");
}

static void test_orders_there_and_back(void)
{
    char text[1024];

    for (u32 i = 0; i < 5000; i++) {
        struct spec_order o = {.replicas = 1 + (u32)any_sized(&any, 20),
                               .region = (u32)any_below(&any, 3)};
        struct sink out = SINK(text, sizeof(text));
        struct spec_order got;
        o.specs.cpu = (u32)any_sized(&any, 20);
        o.specs.ram_gib = (u32)any_sized(&any, 27);
        o.specs.disk_gib = (u32)any_sized(&any, 27);
        o.specs.gpus = (u16)any_sized(&any, 10);
        o.specs.gpu_model = o.specs.gpus == 0 ? GPU_ANY : (u16)any_below(&any, GPU_MODELS + 1);
        spec_write_order(&out, &o, i, regions);
        EXPECT(sink_end(&out) && read_order(&got, text));
        EXPECT(specs_are(&got.specs, o.specs.cpu, o.specs.ram_gib, o.specs.disk_gib,
                         o.specs.gpu_model, o.specs.gpus));
        EXPECT(got.replicas == o.replicas && got.region == o.region);
    }
    printf("ok - orders there and back\n");
}

static void test_machines(void)
{
    char text[1024];
    struct machine m, got;

    EXPECT(spec_read_machine(
        &m,
        text_of("{\"Name\": \"p1\", \"Region\": \"eu-west\", \"Attributes\": ["
                "{\"Key\": \"cpu\", \"Value\": 64}, {\"Key\": \"colour\", \"Value\": \"red, "
                "{blue\"},{\"Key\":\"gpu/h100\",\"Value\":\"8\"}]}"),
        regions));
    EXPECT(m.cpu == 64 && m.region == 2 && m.gpu[0].model == MODEL(h100) && m.gpu[0].count == 8);
    for (u32 i = 0; i < 2000; i++) {
        struct sink out = SINK(text, sizeof(text));
        m = (struct machine){.cpu = (u32)any_sized(&any, 32),
                             .ram_gib = (u32)any_sized(&any, 32),
                             .disk_gib = (u32)any_sized(&any, 32),
                             .disk_nvme_gib = (u32)any_sized(&any, 32),
                             .compute_score = (u32)any_sized(&any, 32),
                             .up_mbps = (u32)any_sized(&any, 32),
                             .down_mbps = (u32)any_sized(&any, 32),
                             .region = (u16)any_below(&any, 3),
                             .compliance = (u8)any_below(&any, 256)};
        u64 lines = any_below(&any, GPU_LINES + 1);
        for (u16 g = 0; g < lines; g++)
            m.gpu[g] =
                (struct gpu_line){(u16)(1 + g + any_below(&any, 9) * 4), (u16)any_sized(&any, 16)};
        spec_write_machine(&out, &m, i, regions);
        EXPECT(sink_end(&out) && spec_read_machine(&got, text_of(text), regions));
        EXPECT(memcmp(&m, &got, sizeof(m)) == 0);
    }
    EXPECT(!spec_read_machine(&m, text_of("{\"Attributes\":[{\"Key\":\"cpu\",\"Value\":\"x\"}]}"),
                              regions));
    EXPECT(!spec_read_machine(&m, text_of("{\"Region\":\"mars\"}"), regions));
    printf("ok - machines there and back\n");
}

/* Cut or changed anywhere, a text is taken or not, and never read beyond its end. */
static void test_spoilt(void)
{
    static const char good[] = "{n:e,pr:{a:[{k:region,v:us-east}]},s:[{n:a,r:{c:{u:1500,a:[]},"
                               "g:{a:[{k:vendor/nvidia/model/t4,v:true}],u:1}},c:\"1\"}]}";
    struct spec_order o;
    struct machine m;
    u32 taken = 0;

    for (u32 i = 0; i < 20000; i++) {
        char *text = malloc(sizeof(good)); /* so that a sanitizer sees its end */
        size_t n = any_below(&any, 4) == 0 ? any_below(&any, sizeof(good)) : sizeof(good) - 1;
        EXPECT(text != NULL);
        memcpy(text, good, n);
        if (n > 0)
            text[any_below(&any, n)] = "{}[],:\"\\ a0\0"[any_below(&any, 12)];
        taken += spec_read_order(&o, (struct text){text, n}, regions);
        taken += spec_read_machine(&m, (struct text){text, n}, regions);
        free(text);
    }
    EXPECT(taken > 100 && taken < 15000);
    printf("ok - spoilt texts\n");
}

int main(void)
{
    test_the_sdks();
    test_services();
    test_refused();
    test_orders_there_and_back();
    test_machines();
    test_spoilt();
    return EXIT_SUCCESS;
}
