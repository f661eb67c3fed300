/* nearest - the known name that a wrong one most resembles. */
#ifndef SIM_ENGINE_NEAREST_H
#define SIM_ENGINE_NEAREST_H

#include "protocol/base.h"

struct nearest {
    const char *word, *best;
    u32 distance; /* of best */
};

struct nearest nearest_to(const char *word);
void nearest_offer(struct nearest *n, const char *name);

/* The closest of the offered names, the first of equals; NULL if none is close: at most a
 * third of the longer one's letters, and always two, may be wrong. */
const char *nearest_name(const struct nearest *n);

/* ", did you mean 'name'?" or nothing. */
#define NEAREST_BYTES 96u
const char *nearest_hint(const struct nearest *n, char text[NEAREST_BYTES]);

#endif /* SIM_ENGINE_NEAREST_H */
