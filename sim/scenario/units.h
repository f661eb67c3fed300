/* units - quantities as people write them, exact both ways.
 *
 * A quantity is a decimal number and a unit: "12.5 SPON", "90s", "20%", "64GiB".  Its value is
 * number x unit in base units and must come out whole: 18 decimals of SPON are exact, a 19th is
 * refused.  Nothing passes through a double.  Digits may be grouped by '_'.
 */
#ifndef SIM_SCENARIO_UNITS_H
#define SIM_SCENARIO_UNITS_H

#include "protocol/base.h"

/* One unit is num/den base units.  An empty word is a number without unit. */
struct unit {
    const char *word;
    u128 num, den;
};

struct unit_set {
    const char *expected; /* "a duration such as 90s, 10min, 2h, 30d" */
    const struct unit *units;
    u32 count;
    bool8 rounds; /* what does not come out whole is rounded down instead of refused */
    u32 print;    /* the unit to print fractions in; count: the largest that comes out whole */
};

extern const struct unit_set units_span;   /* ns */
extern const struct unit_set units_share;  /* bps: "20%", "150bps" */
extern const struct unit_set units_ratio;  /* bps: "2.0x", "150%", "150bps" */
extern const struct unit_set units_ppm;    /* "0.1%", "500ppm" */
extern const struct unit_set units_usd;    /* 10^-8: "15 USD" */
extern const struct unit_set units_gib;    /* "64GiB", "2TiB" */
extern const struct unit_set units_mbps;   /* "500Mbps", "10Gbps" */
extern const struct unit_set units_micros; /* us */
extern const struct unit_set units_factor; /* 2^-32, rounded down: "1.05x", "105%" */
extern const struct unit_set units_count;  /* a whole number */

enum units_answer { UNITS_OK, UNITS_NO_NUMBER, UNITS_NO_UNIT, UNITS_NOT_WHOLE, UNITS_TOO_LARGE };

/* *out in base units of the set. */
must_use enum units_answer units_read(const struct unit_set *set, const char *text, u128 *out);

/* "is not a number", "has another unit", ... */
const char *units_answer_text(enum units_answer a);

/* The unit of a token: units_read(&(struct unit_set){...}) in one call. */
must_use enum units_answer units_read_amount(const char *symbol, u32 decimals, const char *text,
                                             u128 *out);

/* Canonical text, which reads back to the same value. */
#define UNITS_BYTES 96u
const char *units_print(const struct unit_set *set, u128 v, char text[UNITS_BYTES]);
const char *units_print_amount(const char *symbol, u32 decimals, u128 v, char text[UNITS_BYTES]);

/* v / 10^decimals as a decimal number without trailing zeros, and a word after it. */
const char *units_print_decimal(u128 v, u32 decimals, const char *word, char text[UNITS_BYTES]);

#endif /* SIM_SCENARIO_UNITS_H */
