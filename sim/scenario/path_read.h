/* path_read - `provider.p1.tier`: the paths of assertions, from the rows of paths.def. */
#ifndef SIM_SCENARIO_PATH_READ_H
#define SIM_SCENARIO_PATH_READ_H

#include "sim/scenario/names.h"

struct scenario;

struct path_row {
    const char *entity, *field, *doc;
    enum dim dim;
    const struct vocabulary *names;
};
extern const struct path_row path_rows[PATH_KINDS];

/* False: why says what is wrong with it, and the nearest name. */
#define PATH_WHY_BYTES 256u
bool path_read(const struct scenario *s, const char *text, struct path *out,
               char why[PATH_WHY_BYTES]);

/* May it name more than one? */
bool path_is_many(const struct path *p);

#endif /* SIM_SCENARIO_PATH_READ_H */
