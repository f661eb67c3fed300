/* Which leases are failed tasks, and which close says so: settled 42, "a lease counts in the era of
 * its end", and The close of an era, "A close uses those in the blocks before it". */
#include "tests/chain.h"

#define HALT HMS(22, 0, 0)
#define GO_ON HMS(44, 30, 0) /* in era 1 */

static void begin(void)
{
    struct params p = story_params();

    p.initial_tier = 1;
    chain_begin(&p);
    put_provider(P, cpus(8), SPONS(1000));
    put_wallet(U1, 1, SPON, SPONS(1000));
    step(0);
}

static void lease_until(u64 end)
{
    lease(1000, (struct want){.user = U1,
                              .wallet = 1,
                              .token = SPON,
                              .price = 3600,
                              .duration_s = end - 1000,
                              .provider = P,
                              .specs = {.cpu = 1}});
}

static void put_down(u64 from)
{
    put(STATE, CALL(REPORT_DOWN, report_down, .provider = 1, .start_s = from));
}

static void put_up(u64 to)
{
    put(STATE, CALL(REPORT_UP, report_up, .provider = 1, .end_s = to));
}

/* The chain stands still from HALT to GO_ON; what was put is in the block after. */
static void halt(void)
{
    put(STATE, CALL(REPORT_HALT, report_halt, .start_s = HALT, .end_s = GO_ON));
    step_after_halt(GO_ON);
    advance(2 * (u64)DAY_S);
}

static void tasks(u64 era, u32 all, u32 done)
{
    IS(era_of(P, era)->tasks, all);
    IS(era_of(P, era)->tasks_done, done);
}

static void judged(u32 said, u32 failed)
{
    IS(told_last(LOG_LeaseClosed)->u.lease_closed.task_failed, said);
    IS(told_count(LOG_TaskJudged), said != failed);
    if (said != failed) {
        IS(told_last(LOG_TaskJudged)->u.task_judged.lease, 1);
        IS(told_last(LOG_TaskJudged)->u.task_judged.failed, failed);
    }
}

/* The lease ends within the halt, before anything of the outage is heard of. */
static void the_close_of_its_era_knows_of_the_outage(void)
{
    begin();
    lease_until(GO_ON - 200);
    step(HALT - 10);
    put_down(HMS(26, 0, 0));
    put_up(HMS(28, 0, 0));
    halt();
    judged(0, 1);
    tasks(1, 1, 0);
    printf("ok - a lease has failed if the close of its era knows of the outage\n");
}

static void the_close_of_its_era_does_not_know_yet(void)
{
    begin();
    lease_until(HMS(23, 50, 0));
    step(HALT - 10);
    put_down(HMS(22, 10, 0));
    put_up(HMS(23, 40, 0));
    halt();
    judged(0, 0);
    tasks(0, 1, 1);
    tasks(1, 0, 0);
    printf("ok - a record after the close of its era changes nothing of it\n");
}

/* At the lease's end the outage is open; it was over long before. */
static void the_close_of_its_era_knows_that_it_was_short(void)
{
    begin();
    lease_until(HMS(25, 0, 0));
    put_down(HALT - 100);
    step(HALT - 10);
    put_up(HALT + 60);
    halt();
    judged(1, 0);
    tasks(1, 1, 1);
    printf("ok - an outage that was short has failed no task\n");
}

static void change(u64 second, enum param_id param, u64 value)
{
    call_at(second, STATE, CALL(SET_PARAM, set_param, .param = param, .value = value));
}

/* The outage is put away long before the lease ends, and the parameter changes between. */
static void the_parameter_of_its_era_holds(void)
{
    static const struct {
        u64 length, limit;
        u32 failed;
    } rows[] = {{7200, 10800, 0}, {7200, 7199, 1}, {1800, 600, 1}, {1800, 1800, 0}};

    for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
        begin();
        lease_until(3 * (u64)DAY_S + 5000);
        put_down(36000);
        step(36060);
        put_up(36000 + rows[i].length);
        step(36000 + rows[i].length + 1);
        change(2 * (u64)DAY_S + 10, PARAM_task_outage_s, rows[i].limit);
        advance(4 * (u64)DAY_S);
        judged(rows[i].failed, rows[i].failed);
        tasks(3, 1, !rows[i].failed);
    }
    printf("ok - an outage is long by the parameter of the era in which the lease ends\n");
}

int main(void)
{
    the_close_of_its_era_knows_of_the_outage();
    the_close_of_its_era_does_not_know_yet();
    the_close_of_its_era_knows_that_it_was_short();
    the_parameter_of_its_era_holds();
    return EXIT_SUCCESS;
}
