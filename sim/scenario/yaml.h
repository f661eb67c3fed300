/* yaml - a file as a tree in which every value knows its line and column.
 *
 * YAML as libyaml reads it, less what a scenario has no use for: tags, anchors, aliases, more
 * than one document, keys that are not plain words, a key twice in one mapping.  JSON is YAML.
 * Size, depth and number of values are bounded; every refusal names its place.
 */
#ifndef SIM_SCENARIO_YAML_H
#define SIM_SCENARIO_YAML_H

#include "sim/scenario/problem.h"
#include "sim/scenario/store.h"

#define YAML_BYTES_MAX ((size_t)16 * 1024 * 1024)
#define YAML_DEPTH_MAX 24u
#define YAML_NODES_MAX 1000000u
#define YAML_KEYS_MAX 4096u /* of one mapping */

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml {
    enum yaml_kind kind;
    u32 line, column; /* from 1 */
    bool8 quoted;     /* a scalar in quotes */
    const char *text; /* of a scalar, ends with a 0 */
    const char *key;  /* of an entry of a mapping, else NULL */
    u32 key_line, key_column;
    u32 count; /* children */
    const struct yaml *first, *next;
};

/* The root, in the store; NULL: *why says where and what. */
const struct yaml *yaml_parse(struct store *store, const char *file, const char *text, size_t size,
                              struct problem *why);

/* The entry of a mapping; NULL: there is none. */
const struct yaml *yaml_entry(const struct yaml *map, const char *key);

/* "a list", "a mapping", "'text'": what was found, for messages. */
#define YAML_FOUND_BYTES 64u
const char *yaml_found(const struct yaml *node, char text[YAML_FOUND_BYTES]);

#endif /* SIM_SCENARIO_YAML_H */
