/* Any characters as the texts that come with orders and providers, and as the notation that both
 * are written in: what is taken, written and read again, says the same; a value that is passed over
 * ends where its brackets do. */
#include "chain-mock/door/notation.h"
#include "chain-mock/door/spec.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static const char *const names[] = {"us-east", "eu-west", "ap-south"};
static const struct spec_regions regions = {names, ARRAY_LEN(names)};

static void check_order(struct text t)
{
    struct spec_order o, again;
    char text[1000];
    struct sink out = SINK(text, sizeof(text));

    memset(&o, 0, sizeof(o));
    memset(&again, 0, sizeof(again));
    if (!spec_read_order(&o, t, regions))
        return;
    check(o.replicas > 0 && o.region <= regions.count);
    spec_write_order(&out, &o, 7, regions);
    check(sink_end(&out));
    check(spec_read_order(&again, (struct text){text, strlen(text)}, regions));
    check(memcmp(&o.specs, &again.specs, sizeof(o.specs)) == 0);
    check(o.replicas == again.replicas && o.region == again.region);
}

static void check_machine(struct text t)
{
    static char text[1u << 14];
    struct machine m, again;
    struct sink out = SINK(text, sizeof(text));

    memset(&m, 0, sizeof(m));
    memset(&again, 0, sizeof(again));
    if (!spec_read_machine(&m, t, regions))
        return;
    check(m.region <= regions.count);
    spec_write_machine(&out, &m, 3, regions);
    check(sink_end(&out));
    check(spec_read_machine(&again, (struct text){text, strlen(text)}, regions));
    check(memcmp(&m, &again, sizeof(m)) == 0);
}

/* Each member of an object, each element of an array, as far as they go. */
static void walk(struct notation *n, u32 depth)
{
    struct text key;

    check(n->rest.n == 0 || n->rest.at != NULL);
    if (depth > 0 && n->rest.n > 0 && n->rest.at[0] == '{') {
        for (notation_enter(n, '{'); notation_key(n, &key);)
            walk(n, depth - 1);
    } else if (depth > 0 && n->rest.n > 0 && n->rest.at[0] == '[') {
        for (notation_enter(n, '['); notation_element(n);)
            walk(n, depth - 1);
    } else {
        notation_skip(n);
    }
}

static void check_notation(struct text t)
{
    struct notation n = notation_of(t);

    walk(&n, 6);
    check(n.rest.n <= t.n);
    if (notation_done(&n))
        check(n.rest.n == 0);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    /* A copy of its own size: reads beyond it are seen. */
    char *copy = malloc(size + (size == 0));

    check(copy != NULL);
    if (size > 0)
        memcpy(copy, data, size);
    struct text t = {copy, size};
    check_order(t);
    check_machine(t);
    check_notation(t);
    free(copy);
    return 0;
}
