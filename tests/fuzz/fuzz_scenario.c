/* Any bytes as a scenario: refused with a place, or read, written as JSON and read again as the
 * same; nothing leaks, limits hold. */
#include "sim/scenario/scenario.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static const struct scenario_options options = {.no_files = true};

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    struct scenario s, again;
    struct problem why = {""};
    char *first, *second;

    if (!scenario_parse("f", (const char *)data, size, &options, &s, &why)) {
        check(strncmp(why.text, "f:", 2) == 0 || strncmp(why.text, "--set:", 6) == 0);
        check(s.store.blocks == NULL);
        return 0;
    }
    first = scenario_resolved_json(&s);
    check(first != NULL);
    if (!scenario_parse("again", first, strlen(first), &options, &again, &why)) {
        /* What stands in files that were not opened is missing from the JSON. */
        check(strstr(why.text, "machine") != NULL || strstr(why.text, "request") != NULL);
    } else {
        second = scenario_resolved_json(&again);
        check(second != NULL && strcmp(first, second) == 0);
        free(second);
        scenario_free(&again);
    }
    free(first);
    scenario_free(&s);
    return 0;
}
