#include "sim/testnet/lines.h"

#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool lines_open(struct lines *l, FILE *out)
{
    struct stat s;

    *l = (struct lines){.out = out, .waits = true};
    if (fstat(fileno(out), &s) == 0 && (S_ISFIFO(s.st_mode) || S_ISSOCK(s.st_mode)))
        l->waits = false;
    l->line = open_memstream(&l->text, &l->size);
    return l->line != NULL;
}

void lines_close(struct lines *l)
{
    if (l->line != NULL)
        fclose(l->line);
    free(l->text);
}

FILE *lines_begin(struct lines *l)
{
    rewind(l->line);
    return l->line;
}

/* A pipe that is writable has room for PIPE_BUF bytes: a write of no more does not wait. */
static bool has_room(const struct lines *l, u32 patience_ms)
{
    struct pollfd p = {.fd = fileno(l->out), .events = POLLOUT};

    return l->waits || poll(&p, 1, (int)patience_ms) > 0;
}

/* False: there is no room.  A longer text goes in pieces; what nobody reads of it is cut. */
static bool put(const struct lines *l, const char *text, size_t size, u32 patience_ms)
{
    if (!has_room(l, patience_ms))
        return false;
    for (size_t at = 0; at < size && has_room(l, patience_ms); at += PIPE_BUF) {
        (void)fwrite(text + at, 1, size - at < PIPE_BUF ? size - at : PIPE_BUF, l->out);
        fflush(l->out);
    }
    return true;
}

void lines_end(struct lines *l, u32 patience_ms)
{
    char note[64];

    fputc('\n', l->line);
    fflush(l->line);
    if (l->left_out > 0) {
        int n = snprintf(note, sizeof(note), "... %llu lines left out\n",
                         (unsigned long long)l->left_out);
        if (put(l, note, (size_t)n, patience_ms))
            l->left_out = 0;
    }
    if (l->left_out > 0 || !put(l, l->text, l->size, patience_ms))
        l->left_out++;
}
