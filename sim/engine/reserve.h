/* reserve - an array that grows in place up to a stated limit.
 *
 * Address space for the limit is taken from the system at once, memory only as it is used.  So
 * elements never move, pointers to them stay good, new ones are zero, and the whole is one piece
 * that can be copied away and back.  Reaching the limit is an answer that names it
 * (what, limit), not a crash.  What grows large is asked for in large pages.
 */
#ifndef SIM_ENGINE_RESERVE_H
#define SIM_ENGINE_RESERVE_H

#include "protocol/base.h"

struct reserve {
    void *base;
    size_t unit, count, limit; /* size of an element; elements in use; most there may be */
    size_t large_from;         /* bytes: from here on the system was not asked for large pages */
    const char *what;          /* of the elements: "events in the queue" */
};

/* False: the system has no address space for it. */
must_use bool reserve_open(struct reserve *r, const char *what, size_t unit, size_t limit);
void reserve_close(struct reserve *r);

/* n more elements, zeroed.  False: that would be more than the limit, nothing changed. */
must_use bool reserve_grow(struct reserve *r, size_t n);

/* The same, but they hold what the last who had them left there; new ones are zero. */
must_use bool reserve_take(struct reserve *r, size_t n);

/* Large pages for all of it, from the beginning. */
void reserve_large(struct reserve *r);

/* At least n elements. */
must_use bool reserve_reach(struct reserve *r, size_t n);

#endif /* SIM_ENGINE_RESERVE_H */
