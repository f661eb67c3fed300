/* exponential - waiting times of PHOLD, of integers: the same on every machine.
 *
 * A process of PHOLD draws its own delay, and an actor is in reach of no distribution
 * (sim/engine/distribution.h is a host's), so here is a logarithm: 257 knots and a line between two
 * of them, within 2 millionths of the mean.
 */
#ifndef SIM_BENCH_EXPONENTIAL_H
#define SIM_BENCH_EXPONENTIAL_H

#include "protocol/base.h"

/* -ln((word + 1) / 2^64) in 2^-32: exponential of mean 1 where word is uniform; below 45 x 2^32. */
u64 exponential(u64 word);

#endif /* SIM_BENCH_EXPONENTIAL_H */
