/* Any characters as one value of a scenario that is right but for it: an assertion, a moment, a
 * selector, an amount, a distribution; the first byte says where.  So readers of single values are
 * reached that a whole file of any bytes seldom gets to.  Refused with a place, or read, written as
 * JSON and read again as the same. */
#include "sim/scenario/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define TEXT_BYTES 2000u /* of the value; longer ones are cut */

static const struct scenario_options options = {.no_files = true};

static const char before[] = "name: f\neras: 4\ntokens:\n"
                             "  - {symbol: SPON, usd: 0.1 USD}\n"
                             "  - {symbol: USDX, decimals: 6, usd: 1 USD}\n"
                             "network: {regions: [us-east, uk]}\n"
                             "population:\n  providers:\n"
                             "    - {name: p1, machines: [{cpu: 8, ram: 16GiB}], ask: 1 USDX, "
                             "tokens: [USDX], stake: 600 SPON}\n"
                             "    - {name: gpu, count: 3, machines: [{cpu: 8, ram: 16GiB}], "
                             "ask: 1 USDX, tokens: [USDX], stake: 600 SPON}\n"
                             "  users:\n    - {name: u1, token: USDX, deposit: 100 USDX}\n";

#define ORDER(fields) "orders:\n  - {cpu: 4, ram: 8GiB, duration: 1h, " fields
static const struct slot {
    const char *before, *after;
} slots[] = {
    {"question: ", "\n"},
    {"expect:\n  - {always: ", "}\n"},
    {"expect:\n  - {never: ", "}\n"},
    {"expect:\n  - {at: era 1, that: ", "}\n"},
    {"expect:\n  - {that: network.eras == 0, at: ", "}\n"},
    {"expect:\n  - {eventually: network.providers == 4, within: ", "}\n"},
    {"expect:\n  - {always: network.providers >= 0, given: ", "}\n"},
    {"timeline:\n  - {halt: {for: 14s}, at: ", "}\n"},
    {"timeline:\n  - {at: 1h, down: {for: 1h, who: ", "}}\n"},
    {"timeline:\n  - {at: 1h, down: {who: p1, for: ", "}}\n"},
    {"timeline:\n  - {at: 1h, price: {token: SPON, usd: ", "}}\n"},
    {"timeline:\n  - {at: 1h, approve: ", "}\n"},
    {ORDER("at: 1h, user: u1, max_price: "), "}\n"},
    {ORDER("at: 1h, max_price: 1 USDX, user: "), "}\n"},
    {ORDER("user: u1, max_price: 1 USDX, at: "), "}\n"},
    {ORDER("at: 1h, user: u1, max_price: 1 USDX, gpu: "), "}\n"},
    {ORDER("at: 1h, user: u1, max_price: 1 USDX, region: "), "}\n"},
    {"seeds: ", "\n"},
    {"workload: {generated: {orders_per_day: ", "}}\n"},
    {"params: {era_s: ", "}\n"},
    {"output: {tables: [", "]}\n"},
};

/* As JSON writes it, so that each byte arrives as a character and none ends the value. */
static size_t quote(char *out, const u8 *data, size_t size)
{
    size_t n = 0;

    out[n++] = '"';
    for (size_t i = 0; i < size; i++) {
        if (data[i] >= ' ' && data[i] < 127 && data[i] != '"' && data[i] != '\\')
            out[n++] = (char)data[i];
        else
            n += (size_t)snprintf(out + n, 7, "\\u%04x", data[i]);
    }
    out[n++] = '"';
    return n;
}

static size_t put(char *out, const char *text)
{
    size_t n = strlen(text);

    memcpy(out, text, n);
    return n;
}

static void check_again(const struct scenario *s)
{
    struct scenario again;
    struct problem why = {""};
    char *first = scenario_resolved_json(s), *second;

    check(first != NULL);
    check(scenario_parse("again", first, strlen(first), &options, &again, &why));
    second = scenario_resolved_json(&again);
    check(second != NULL && strcmp(first, second) == 0);
    free(second);
    free(first);
    scenario_free(&again);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    static char text[sizeof(before) + 200 + 6 * TEXT_BYTES];
    struct scenario s;
    struct problem why = {""};

    if (size == 0 || size > TEXT_BYTES)
        return 0;
    const struct slot *slot = &slots[data[0] % ARRAY_LEN(slots)];
    size_t n = put(text, before);
    n += slot == slots ? 0 : put(text + n, "question: q\n");
    n += put(text + n, slot->before);
    n += quote(text + n, data + 1, size - 1);
    n += put(text + n, slot->after);
    if (scenario_parse("f", text, n, &options, &s, &why)) {
        check_again(&s);
        scenario_free(&s);
    } else {
        check(strncmp(why.text, "f:", 2) == 0 && s.store.blocks == NULL);
    }
    return 0;
}
