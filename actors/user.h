/* user - turns demands into orders, orders into leases, and pays.
 *
 * Its life: CREATE_WALLET, DEPOSIT, then a job for each demand.  A job orders until a lease comes
 * of it or patience is over; it sends the manifest, waits for the workload, and closes, extends or
 * updates the lease as the demand says.  A provider that is reported down for longer than
 * outage_patience_s is left for another (settled 143).  Who loses a lease that never ran orders
 * again at once, and from the second in a row on after a wait.
 *
 * The host fills `config` and zeroes the rest before EVENT_START.  A log or message that comes
 * twice changes nothing in its state.
 */
#ifndef ACTORS_USER_H
#define ACTORS_USER_H

#include "actors/kinds.h"

/* Jobs at a time; a demand beyond is refused and counted in turned_away. */
#define USER_JOBS 64u

STATE_BEGIN
struct user_config {
    struct amount deposit; /* of `token`, at the start; 0: none */
    struct amount top_up;  /* least deposit where one is lacking, doubled with each try; 0: none */
    u64 outage_patience_s; /* settled 143: "1 h from the down record's block"; 0: for ever */
    u16 token;
    u16 breach_wait_most_s; /* longest wait after breaches; 0: as when nobody bids */
    bool8 reorders; /* orders again when a provider closes or never starts a healthy workload */
    u8 pad[1];
    u16 breach_wait_s; /* before it orders after a second breach in a row, doubled with each further
                          one; 0: as when nobody bids */
};

enum user_job_state {
    USER_JOB_FREE,
    USER_JOB_QUEUED,   /* to be ordered */
    USER_JOB_FUNDING,  /* a deposit for its order is under way */
    USER_JOB_ORDERING, /* createOrder is under way */
    USER_JOB_OPEN,     /* its order is open */
    USER_JOB_WAITING,  /* for a while, before it orders again */
    USER_JOB_LEASED,   /* its lease runs, its workload not yet */
    USER_JOB_RUNNING
};

struct user_job {
    u64 order, lease; /* 0: none */
    u64 start_s;      /* of the lease; an update leaves it */
    u64 ending_s;     /* the last end that it was warned of */
    u64 outage;       /* the last one of its provider that it heard of, 0: none */
    u64 deadline_s;   /* patience is over; 0: never */
    u32 serial;       /* of the place's use: what timers and tags are about */
    u32 provider, provider_account;
    u8 state;        /* enum user_job_state */
    u8 top_ups;      /* deposits made for the order or extension at hand */
    u8 tries;        /* orders without a lease */
    bool8 over;      /* patience is over, the order is being cancelled */
    bool8 closing;   /* closeLease is under way */
    bool8 moves;     /* it leaves its provider and orders again */
    bool8 extending; /* a deposit for its extension is under way */
    bool8 down;      /* that outage is open */
    u8 breaches;     /* leases in a row that were never confirmed; stops at UINT8_MAX */
    u8 pad[3];
};

struct user_place {
    struct demand demand; /* of the job; what is left of it once a lease is lost */
    struct user_job job;
    u8 pad[8];
};

struct user {
    struct user_config config;
    u64 turned_away; /* demands beyond USER_JOBS */
    u64 given_up;    /* demands out of patience, refused for good, or lost with a provider */
    u64 done;        /* demands served until their lease ended */
    u64 failed;      /* demands whose workload crashed */
    u64 refusals;    /* transactions that the chain refused */
    u32 wallet;      /* 0: none yet */
    u32 uses;        /* of places for jobs, so far */
    u32 places;      /* of the table below: those from here on are empty */
    bool8 ready;     /* wallet made and first deposit answered */
    u8 pad[11];
    struct user_place place[USER_JOBS];
};
STATE_END

enum user_timer {
    USER_ORDERS,   /* jobs are queued */
    USER_RETRIES,  /* about a serial: WAITING is over */
    USER_PATIENCE, /* about a serial */
    USER_MANIFEST, /* about a serial: no answer yet */
    USER_LIFETIME, /* about a serial: the workload is done */
    USER_UPDATES,  /* about a serial */
    USER_OUTAGE,   /* about an outage: patience with it is over */
    USER_BEGINS    /* its wallet failed for want of gas: again */
};

#endif /* ACTORS_USER_H */
