#include "sim/testnet/disk.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define ROOM_BYTES (1u << 20)

static bool fill(int fd)
{
    static const u8 zeros[65536];

    for (size_t n = 0; n < ROOM_BYTES; n += sizeof(zeros))
        if (write(fd, zeros, sizeof(zeros)) != (ssize_t)sizeof(zeros))
            return false;
    return fsync(fd) == 0;
}

bool disk_has_room(const char *file)
{
    char probe[4096];

    if ((size_t)snprintf(probe, sizeof(probe), "%s-room", file) >= sizeof(probe))
        return false;
    int fd = open(probe, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool room = fill(fd);
    close(fd);
    unlink(probe);
    return room;
}
