/* workers - fork, a pipe a job, and one loop that reads them. */
#include "sim/study/workers.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define AT_ONCE_MAX 256u

struct worker {
    pid_t child; /* 0: free */
    int from;    /* pipe */
    size_t job;
    size_t got; /* bytes of the result */
};

struct pool {
    const struct workers_plan *plan;
    struct worker workers[AT_ONCE_MAX];
    struct pollfd polls[AT_ONCE_MAX];
    u32 places, running;
    size_t next, done, failed;
};

/* In the child. */
static _Noreturn void work(const struct workers_plan *plan, size_t job, int to)
{
    u8 *result = (u8 *)plan->results + job * plan->result_size;
    bool ok = plan->run(plan->about, job, result);

    for (size_t sent = 0; ok && sent < plan->result_size;) {
        ssize_t n = write(to, result + sent, plan->result_size - sent);
        ok = n > 0;
        sent += ok ? (size_t)n : 0;
    }
    fflush(NULL);
    _exit(ok ? 0 : 1);
}

static void fail(struct pool *p, size_t job)
{
    if (job < p->failed)
        p->failed = job;
}

static void start(struct pool *p, u32 place)
{
    struct worker *w = &p->workers[place];
    size_t job = p->next++;
    int ends[2];

    if (pipe(ends) != 0) {
        fail(p, job);
        return;
    }
    fflush(NULL);
    w->child = fork();
    if (w->child == 0) {
        close(ends[0]);
        work(p->plan, job, ends[1]);
    }
    close(ends[1]);
    if (w->child < 0) {
        close(ends[0]);
        w->child = 0;
        fail(p, job);
        return;
    }
    w->from = ends[0];
    w->job = job;
    w->got = 0;
    p->running++;
}

/* The child has closed its end: it is done, well or not. */
static void finish(struct pool *p, struct worker *w)
{
    int status = 0;

    close(w->from);
    if (waitpid(w->child, &status, 0) != w->child || status != 0 || w->got != p->plan->result_size)
        fail(p, w->job);
    w->child = 0;
    p->running--;
    p->done++;
    if (p->plan->ended != NULL)
        p->plan->ended(p->plan->watcher, p->done);
}

/* Read what has come; nothing more comes from who has closed his end. */
static void take(struct pool *p, struct worker *w)
{
    u8 *result = (u8 *)p->plan->results + w->job * p->plan->result_size;
    ssize_t n = read(w->from, result + w->got, p->plan->result_size - w->got);

    if (n > 0)
        w->got += (size_t)n;
    else
        finish(p, w);
}

static void wait_for_one(struct pool *p)
{
    nfds_t n = 0;
    u32 place[AT_ONCE_MAX];

    for (u32 i = 0; i < p->places; i++)
        if (p->workers[i].child != 0) {
            place[n] = i;
            p->polls[n++] = (struct pollfd){.fd = p->workers[i].from, .events = POLLIN};
        }
    if (poll(p->polls, n, -1) < 0)
        return;
    for (nfds_t i = 0; i < n; i++)
        if (p->polls[i].revents != 0)
            take(p, &p->workers[place[i]]);
}

static u32 places_of(const struct workers_plan *plan)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t n = plan->at_once != 0 ? plan->at_once : cores > 0 ? (size_t)cores : 1;

    n = n > plan->jobs ? plan->jobs : n;
    return (u32)(n > AT_ONCE_MAX ? AT_ONCE_MAX : n);
}

bool workers_run(const struct workers_plan *plan, size_t *failed)
{
    struct pool p;

    memset(&p, 0, sizeof p);
    p.plan = plan;
    p.places = places_of(plan);
    p.failed = plan->jobs;
    while (p.running > 0 || (p.next < plan->jobs && p.failed == plan->jobs)) {
        for (u32 i = 0; i < p.places && p.failed == plan->jobs; i++)
            if (p.workers[i].child == 0 && p.next < plan->jobs)
                start(&p, i);
        if (p.running > 0)
            wait_for_one(&p);
    }
    *failed = p.failed;
    return p.failed == plan->jobs;
}
