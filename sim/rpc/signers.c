#include "sim/rpc/signers.h"

#include "chain-mock/wire/envelope.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define THREADS_MAX 3u
#define STACK_BYTES (512u << 10)
#define BUCKETS 1024u /* a power of 2 */
#define NOBODY UINT32_MAX

/* Where a job stands; each but those in work is in a line, first come first served. */
enum stand { FREE, ASKED, KNOWN, LINES, IN_WORK = LINES };

struct job {
    enum stand stand;
    bool tell, found;
    struct bytes32 hash;
    struct address from;
    u8 *bytes;
    size_t n, room;
    u32 before, after; /* in its line */
    u32 alike;         /* the next one of its bucket */
};

struct signers {
    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t asked, done;
    bool closing;
    struct job job[SIGNERS_MANY + LINES]; /* the last are the heads of the lines */
    u32 bucket[BUCKETS];
    pthread_t thread[THREADS_MAX];
    u32 threads, begun; /* that there may be, that run */
    int fd;
};

/* --- lines and buckets --- */

static void leave(struct signers *s, u32 i)
{
    s->job[s->job[i].before].after = s->job[i].after;
    s->job[s->job[i].after].before = s->job[i].before;
}

static void join(struct signers *s, u32 i, enum stand line)
{
    u32 head = SIGNERS_MANY + (u32)line, last = s->job[head].before;

    s->job[i].stand = line;
    s->job[i].before = last;
    s->job[i].after = head;
    s->job[last].after = s->job[head].before = i;
}

/* NOBODY: the line is empty. */
static u32 first(const struct signers *s, enum stand line)
{
    u32 i = s->job[SIGNERS_MANY + (u32)line].after;

    return i >= SIGNERS_MANY ? NOBODY : i;
}

static u32 *bucket_of(struct signers *s, const struct bytes32 *hash)
{
    return &s->bucket[(hash->byte[0] | (u32)hash->byte[1] << 8) % BUCKETS];
}

static u32 job_of(struct signers *s, const struct bytes32 *hash)
{
    u32 i = *bucket_of(s, hash);

    while (i != NOBODY && bytes32_cmp(s->job[i].hash, *hash) != 0)
        i = s->job[i].alike;
    return i;
}

/* Out of its line and its bucket. */
static void let_go(struct signers *s, u32 i)
{
    u32 *at = bucket_of(s, &s->job[i].hash);

    while (*at != i)
        at = &s->job[*at].alike;
    *at = s->job[i].alike;
    leave(s, i);
    join(s, i, FREE);
}

/* --- the threads --- */

/* A place to encode in, grown where it is too small. */
struct scratch {
    u8 *at;
    size_t room;
};

static bool reach(struct scratch *c, size_t room)
{
    u8 *more = room <= c->room ? c->at : realloc(c->at, room);

    if (more == NULL)
        return false;
    c->room = room <= c->room ? c->room : room;
    c->at = more;
    return true;
}

static bool recover(struct job *j, struct scratch *c)
{
    struct envelope e;
    struct fault fault;

    return envelope_decode(&e, SLICE(j->bytes, j->n), &fault) && reach(c, envelope_room(&e)) &&
           envelope_sender(&j->from, &e, c->at, c->room) == FAULT_NONE;
}

static void tell(const struct signers *s)
{
    ssize_t n = write(s->fd, &(u64){1}, sizeof(u64));

    check(n == (ssize_t)sizeof(u64) || errno == EAGAIN); /* full: it is readable already */
}

static void work(struct signers *s, u32 i, struct scratch *c)
{
    struct job *j = &s->job[i];

    leave(s, i);
    j->stand = IN_WORK;
    pthread_mutex_unlock(&s->lock);
    bool found = recover(j, c); /* nobody else touches what is in work */
    pthread_mutex_lock(&s->lock);
    j->found = found;
    join(s, i, KNOWN);
    pthread_cond_broadcast(&s->done);
    if (j->tell)
        tell(s);
}

static void *run(void *about)
{
    struct signers *s = about;
    struct scratch c = {NULL, 0};

    pthread_mutex_lock(&s->lock);
    while (!s->closing) {
        u32 i = first(s, ASKED);
        if (i != NOBODY)
            work(s, i, &c);
        else
            pthread_cond_wait(&s->asked, &s->lock);
    }
    pthread_mutex_unlock(&s->lock);
    free(c.at);
    return NULL;
}

/* One more, as long as there may be more; without any, nobody is asked. */
static void begin(struct signers *s)
{
    pthread_attr_t how;

    if (s->begun == s->threads || pthread_attr_init(&how) != 0)
        return;
    if (pthread_attr_setstacksize(&how, STACK_BYTES) == 0 &&
        pthread_create(&s->thread[s->begun], &how, run, s) == 0)
        s->begun++;
    else
        s->threads = s->begun;
    pthread_attr_destroy(&how);
}

/* --- open and close --- */

u32 signers_spare_cores(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    return cores < 2 ? 0 : cores - 1 > (long)THREADS_MAX ? THREADS_MAX : (u32)cores - 1;
}

struct signers *signers_open(u32 threads)
{
    struct signers *s = calloc(1, sizeof(*s));

    if (s == NULL)
        return NULL;
    s->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (s->fd < 0) {
        free(s);
        return NULL;
    }
    s->threads = threads < THREADS_MAX ? threads : THREADS_MAX;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->asked, NULL);
    pthread_cond_init(&s->done, NULL);
    for (u32 i = 0; i < BUCKETS; i++)
        s->bucket[i] = NOBODY;
    for (u32 i = SIGNERS_MANY; i < SIGNERS_MANY + LINES; i++)
        s->job[i].before = s->job[i].after = i;
    for (u32 i = 0; i < SIGNERS_MANY; i++)
        join(s, i, FREE);
    return s;
}

void signers_close(struct signers *s)
{
    if (s == NULL)
        return;
    pthread_mutex_lock(&s->lock);
    s->closing = true;
    pthread_cond_broadcast(&s->asked);
    pthread_mutex_unlock(&s->lock);
    for (u32 i = 0; i < s->begun; i++)
        pthread_join(s->thread[i], NULL);
    pthread_cond_destroy(&s->asked);
    pthread_cond_destroy(&s->done);
    pthread_mutex_destroy(&s->lock);
    for (u32 i = 0; i < SIGNERS_MANY; i++)
        free(s->job[i].bytes);
    close(s->fd);
    free(s);
}

int signers_fd(const struct signers *s)
{
    return s->fd;
}

void signers_heard(struct signers *s)
{
    u64 count;
    ssize_t n = read(s->fd, &count, sizeof(count));

    check(n == (ssize_t)sizeof(count) || errno == EAGAIN);
}

/* --- asking --- */

/* A free job with these bytes; of what is known the oldest goes, which nobody came for. */
static u32 job_with(struct signers *s, struct slice raw)
{
    u32 i = first(s, FREE);

    if (i == NOBODY && first(s, KNOWN) != NOBODY) {
        i = first(s, KNOWN);
        let_go(s, i);
    }
    if (i == NOBODY)
        return NOBODY;
    struct job *j = &s->job[i];
    if (raw.n > j->room) {
        u8 *more = realloc(j->bytes, raw.n);
        if (more == NULL)
            return NOBODY;
        j->bytes = more;
        j->room = raw.n;
    }
    memcpy(j->bytes, raw.at, raw.n);
    j->n = raw.n;
    return i;
}

static bool put(struct signers *s, struct slice raw, const struct bytes32 *hash, bool tell_it)
{
    u32 i = job_of(s, hash) != NOBODY ? NOBODY : job_with(s, raw);

    if (i == NOBODY)
        return false;
    u32 *at = bucket_of(s, hash);
    s->job[i].hash = *hash;
    s->job[i].tell = tell_it;
    s->job[i].alike = *at;
    *at = i;
    leave(s, i);
    join(s, i, ASKED);
    pthread_cond_signal(&s->asked);
    return true;
}

bool signers_ask(struct signers *s, struct slice raw, const struct bytes32 *hash, bool tell_it)
{
    if (raw.n == 0)
        return false;
    begin(s);
    if (s->begun == 0)
        return false;
    pthread_mutex_lock(&s->lock);
    bool ok = put(s, raw, hash, tell_it);
    pthread_mutex_unlock(&s->lock);
    return ok;
}

/* What is known of a job, which is free then. */
static bool answer(struct signers *s, u32 i, struct address *from)
{
    bool found = s->job[i].stand == KNOWN && s->job[i].found;

    if (found)
        *from = s->job[i].from;
    let_go(s, i);
    return found;
}

bool signers_busy(struct signers *s, const struct bytes32 *hash)
{
    pthread_mutex_lock(&s->lock);
    u32 i = job_of(s, hash);
    bool busy = i != NOBODY && s->job[i].stand != KNOWN;
    pthread_mutex_unlock(&s->lock);
    return busy;
}

bool signers_take(struct signers *s, const struct bytes32 *hash, struct address *from)
{
    bool found = false;

    if (s->begun == 0)
        return false;
    pthread_mutex_lock(&s->lock);
    u32 i = job_of(s, hash);
    while (i != NOBODY && s->job[i].stand == IN_WORK)
        pthread_cond_wait(&s->done, &s->lock);
    if (i != NOBODY)
        found = answer(s, i, from);
    pthread_mutex_unlock(&s->lock);
    return found;
}
