/* store - memory that grows up to a stated limit and is given back all at once.
 *
 * What is read from a file lives in one store: nothing in it is freed alone, and a
 * file cannot take more than the limit.
 */
#ifndef SIM_SCENARIO_STORE_H
#define SIM_SCENARIO_STORE_H

#include "protocol/base.h"

struct store_block;

struct store {
    struct store_block *blocks;
    size_t taken, limit;
};

void store_init(struct store *s, size_t limit);
void store_free(struct store *s);

/* Zeroed, aligned for any type; NULL past the limit or out of memory. */
void *store_take(struct store *s, size_t size, size_t count);
char *store_text(struct store *s, const char *text, size_t n);

#endif /* SIM_SCENARIO_STORE_H */
