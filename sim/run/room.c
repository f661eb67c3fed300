#include "sim/run/room.h"

#include "actors/provider.h"
#include "actors/user.h"
#include "chain-mock/state/rows.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* Beside states and rows: queue, index of orders, tables of the run, hashes. */
#define BESIDE_A_MEMBER 1024u
#define FOR_EVERYBODY ((u64)64 << 20)

u64 room_needed(u64 providers, u64 users)
{
    u64 provider = sizeof(struct provider) + sizeof(struct provider_row) +
                   sizeof(struct standing_row) + sizeof(struct account_row) + BESIDE_A_MEMBER;
    u64 user = sizeof(struct user) + sizeof(struct account_row) + sizeof(struct wallet_row) +
               sizeof(struct purse_row) + BESIDE_A_MEMBER;

    return FOR_EVERYBODY + providers * provider + users * user;
}

/* The number after a word in a file of the system; word "": the first thing in it. */
static bool read_number(const char *path, const char *word, u64 *out)
{
    FILE *f = fopen(path, "r");
    char line[160];
    size_t n = strlen(word);
    bool found = false;

    if (f == NULL)
        return false;
    while (!found && fgets(line, sizeof(line), f) != NULL) {
        char *end;
        if (strncmp(line, word, n) != 0)
            continue;
        *out = strtoull(line + n, &end, 10);
        found = end != line + n;
    }
    fclose(f);
    return found;
}

static u64 least(u64 a, u64 b)
{
    return a < b ? a : b;
}

u64 room_available(void)
{
    u64 n, used;
    struct rlimit limit;
    u64 room = UINT64_MAX;

    if (read_number("/proc/meminfo", "MemAvailable:", &n))
        room = least(room, n * 1024);
    if (read_number("/sys/fs/cgroup/memory.max", "", &n) &&
        read_number("/sys/fs/cgroup/memory.current", "", &used))
        room = least(room, n > used ? n - used : 0);
    if (getrlimit(RLIMIT_DATA, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        room = least(room, (u64)limit.rlim_cur);
    return room;
}

bool room_check(const char *scenario, u64 providers, u64 users, char error[RUN_ERROR])
{
    u64 needed = room_needed(providers, users), room = room_available();

    if (needed <= room)
        return true;
    snprintf(error, RUN_ERROR,
             "%s: %llu providers and %llu users need up to %llu MiB of memory, and %llu MiB are "
             "left on this machine",
             scenario, (unsigned long long)providers, (unsigned long long)users,
             (unsigned long long)(needed >> 20), (unsigned long long)(room >> 20));
    return false;
}
