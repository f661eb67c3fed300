/* any - named random values for tests: the same on every run and every machine. */
#ifndef TESTS_ANY_H
#define TESTS_ANY_H

#include "protocol/draw.h"

struct any {
    struct drawer from;
    u64 drawn;
};

#define ANY(test) ((struct any){{(test), 0, 0}, 0})

/* 0 <= value < bound */
static inline u64 any_below(struct any *a, u64 bound)
{
    return draw_below(&a->from, DRAW_TEST, a->drawn++, bound);
}

/* All magnitudes up to bits equally likely. */
static inline u64 any_sized(struct any *a, u32 bits)
{
    u64 v = draw_u64(&a->from, DRAW_TEST, a->drawn++);

    return v >> (64 - 1 - any_below(a, bits));
}

#endif /* TESTS_ANY_H */
