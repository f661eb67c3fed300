/* emission - what the rewarder may mint by a second of the run: settled 29 and "Emission" of
 * "The close of an era, exactly".
 *
 * Year y may mint Y(y) = floor(supply0 x emission_bps_year/10000 x (1 -
 * emission_decay_bps/10000)^y), one floor, evenly by the second.  A figure for a time is cumulative
 * from the start, so eras of any length add up to whole years.
 */
#ifndef PROTOCOL_EMISSION_H
#define PROTOCOL_EMISSION_H

#include "protocol/params.h"

/* A run's clock of 64 bits of nanoseconds ends before. */
#define EMISSION_YEARS_MAX 600u

/* M(t).  Exact; t_s is below EMISSION_YEARS_MAX years.  Walks the years before t, each a digit
 * longer than the one before: 0.1 us in year 0, 0.3 us in year 10, 8 us in year 100 (gcc 12 -O2,
 * one core). */
struct amount emission_until(const struct params *p, u64 t_s);

/* M(to) - M(from), the emission of an era [from, to); from <= to.  Costs two of the above. */
struct amount emission_between(const struct params *p, u64 from_s, u64 to_s);

#endif /* PROTOCOL_EMISSION_H */
