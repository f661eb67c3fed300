/* places - rows by an id that only grows, of which few are there at a time: orders, leases.
 *
 * Four bytes an id that ever was, and a row only for those that are there now.
 */
#ifndef SIM_STUDY_PLACES_H
#define SIM_STUDY_PLACES_H

#include "sim/engine/reserve.h"

struct places {
    struct reserve index; /* u32 by id: place + 1, or 0 */
    struct reserve rows;
    struct reserve next; /* u32 by place: next free place + 1 */
    u32 free;            /* place + 1 */
};

/* At most `limit` rows at a time and `ids` ids, of rows of `unit` bytes.  False: no address space.
 */
must_use bool places_open(struct places *p, const char *what, size_t unit, size_t limit,
                          size_t ids);
void places_close(struct places *p);

/* A zeroed row for a new id.  NULL: the limit is reached; p->rows.what names it. */
void *places_add(struct places *p, u64 id);

/* NULL: none. */
void *places_find(const struct places *p, u64 id);

/* The id must be there; its row is zeroed, so that going through `rows` tells free places. */
void places_drop(struct places *p, u64 id);

#endif /* SIM_STUDY_PLACES_H */
