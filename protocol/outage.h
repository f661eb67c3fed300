/* outage - when a provider counts as down, and what that costs an era.
 *
 * A silence of the machine (real, ns) becomes a counted outage (whole seconds) by the
 * heartbeat detector, settled 41: "downtime is known from the second missed beat on and
 * counted from the first missed up to the first answered beat".  Beats are no events: the
 * detector is arithmetic over phase + k x heartbeat_s.  Counted outages of one provider are
 * a list of intervals (interval.h); the last is INTERVAL_OPEN while he is not back.
 */
#ifndef PROTOCOL_OUTAGE_H
#define PROTOCOL_OUTAGE_H

#include "protocol/interval.h"
#include "protocol/params.h"

#define INSTANT_NEVER ((struct instant){UINT64_MAX})

struct outage_sight {
    bool seen;               /* false: too few beats missed, and the rest is 0 */
    struct interval counted; /* first missed beat, first answered beat or INTERVAL_OPEN */
    u64 known_s;             /* the beat whose miss raises the down record */
};

/* A machine silent in [down, up), up INSTANT_NEVER if it does not come back.  A beat at
 * phase_s + k x heartbeat_s is missed if it lies in that; phase_s < heartbeat_s. */
struct outage_sight outage_detect(const struct params *p, u64 phase_s, struct instant down,
                                  struct instant up);

/* Whether no beat is answered between two silences, in [up, down): the detector then sees one. */
bool outage_unbroken(const struct params *p, u64 phase_s, struct instant up, struct instant down);

/* The second of the first beat at this instant or later: the first that is answered if the machine
 * is up from then on. */
u64 outage_beat(const struct params *p, u64 phase_s, struct instant at);

/* A session closed or paused explicitly: counted from that second to the second of the
 * reconnect, "both ends floor to seconds". */
struct interval outage_announced(struct instant closed, struct instant reconnected);

/* ---- hours of an era ---- */

#define ERA_HOURS_MAX 168u

/* Hour h of the era is bit h; hours behind the era's end are never set. */
struct hours {
    u64 bits[3];
};

/* Hours of the era that lie wholly in `in` (registered and active): pot(i,h). */
struct hours hours_whole(struct interval era, struct interval in);

/* The cooldown after an outage; none after one that is open. */
struct interval outage_cooldown(struct interval outage, u64 cooldown_s);

/* Hours with a counted second of downtime or of a cooldown.  `outages` may hold earlier ones and
 * are taken as known at the close: an outage whose up record is not there is open.  `cooldowns`
 * may overlap, in any order, and begin in earlier eras.  Halted seconds are up (settled 63); a
 * cooldown runs on in them.  The era is [S, E), a multiple of an hour and at most ERA_HOURS_MAX. */
struct hours hours_lost(const struct params *p, struct interval era, struct interval_list outages,
                        struct interval_list cooldowns, struct interval_list halts);

struct hours hours_without(struct hours a, struct hours b); /* ok = whole without lost */
u32 hours_count(struct hours h);
u32 hours_count_in(struct hours h, u32 from, u32 to); /* of hours from <= h < to */
bool hours_have(struct hours h, u32 hour);

/* ---- uptime of an era ---- */

struct uptime {
    u64 up_s, counted_s;
};

/* counted: seconds of the era in which the provider was registered and the chain not halted;
 * up: those of them without counted downtime ("cooldown is up"). */
struct uptime outage_uptime(const struct params *p, struct interval era, struct interval registered,
                            struct interval_list outages, struct interval_list halts);

#endif /* PROTOCOL_OUTAGE_H */
