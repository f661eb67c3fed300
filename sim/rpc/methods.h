/* methods - the rows of methods.def: what a name means, how many parameters it takes, the nearest
 * name to a wrong one.
 *
 * Names and aliases lie sorted, so that one is found in some eight comparisons.  Handlers are not
 * known here (handlers.h): who only asks about names need not link them.
 */
#ifndef SIM_RPC_METHODS_H
#define SIM_RPC_METHODS_H

#include "sim/rpc/json.h"

enum method {
#define METHOD(name, handler, least, most, does, aliases, doc) METHOD_##name,
#include "sim/rpc/methods.def"
#undef METHOD
    METHODS
};

struct method_row {
    const char *name;
    u32 least, most; /* parameters */
    bool changes;
    const char *aliases, *doc;
};

const struct method_row *method_row(enum method m);

#define METHOD_NAMES_MAX 256u
#define METHOD_NAME_BYTES 8192u

struct method_names {
    struct {
        const char *name;
        enum method method;
    } entry[METHOD_NAMES_MAX]; /* in the order of strcmp() */
    u32 count;
    char aliases[METHOD_NAME_BYTES]; /* into which entries point: not to be copied */
};

void method_names_open(struct method_names *n);

/* False: there is none of this name. */
must_use bool method_find(const struct method_names *n, const char *name, enum method *out);

/* The name that a wrong one most resembles; NULL: none is close. */
const char *method_nearest(const struct method_names *n, const char *name);

/* {"eth":"1.0",...}: what stands before the underscores. */
void methods_modules(struct json *out);

/* The table as text, for people: a line a method. */
void methods_list(struct json *out);

#endif /* SIM_RPC_METHODS_H */
