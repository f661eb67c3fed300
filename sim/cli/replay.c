/* replay - the inputs of a run.log, or of a testnet's state file, fed to a fresh process, which
 * must come to the same. */
#include "sim/engine/replay.h"

#include "chain-mock/watch/watch.h"
#include "protocol/invariants/invariant.h"
#include "sim/cli/run.h"
#include "sim/engine/diff.h"
#include "sim/node/store.h"
#include "sim/run/setup.h"
#include "sim/scenario/scenario.h"
#include "sim/testnet/notes.h"
#include "sim/testnet/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct folder {
    struct record_reader log;
    struct scenario scenario;
    char log_path[1024], scenario_path[1024];
};

/* Nothing goes out of a process that is replayed. */
static void no_block(void *about, const struct block *b, u32 taken, struct instant now)
{
    (void)about, (void)b, (void)taken, (void)now;
}

static void no_log(void *about, const struct log *log, u64 slot, struct instant now)
{
    (void)about, (void)log, (void)slot, (void)now;
}

static enum exit_code say(const struct replay_result *r)
{
    bool whole = r->end == REPLAY_SAME || r->end == REPLAY_CUT;

    printf("%s: %s %llu\n", replay_texts[r->end], whole ? "records" : "record",
           (unsigned long long)r->at);
    switch (r->end) {
    case REPLAY_SAME:
    case REPLAY_STOPPED:
        return EXIT_PASS;
    case REPLAY_CUT:
        return EXIT_INCONCLUSIVE;
    case REPLAY_DIVERGED:
    case REPLAY_DAMAGED:
    case REPLAY_NO_INPUT:
        return EXIT_UNREPEATABLE;
    case REPLAY_OTHER:
        return EXIT_USAGE;
    }
    check_unreachable();
}

/* The invariants where the replay stopped, in their full forms; after the last record also ESC-11,
 * as the run itself did.  EXIT_PASS: all hold. */
static enum exit_code judge(struct setup *setup, bool last)
{
    char text[VIOLATION_TEXT_BYTES];

    if (!setup->tally.first.found) {
        watch_all(&setup->chain.state);
        if (last)
            process_drain(&setup->process);
    }
    if (!setup->tally.first.found)
        return EXIT_PASS;
    violation_text(text, &setup->tally.first);
    printf("violated: %s\n", text);
    return EXIT_CHECK;
}

/* The records fed, and what came of it; `last`: whether there was no other behind them. */
static enum exit_code feed(struct setup *setup, const struct record_source *records, u64 to_event,
                           const char *what)
{
    struct replay_result r = replay(&setup->process, records, to_event, stdout);
    enum exit_code code;
    struct record next = {.number = r.at + 1};

    if (r.end == REPLAY_SAME && to_event != REPLAY_TO_END)
        return command_refused("--to-event %llu: %s has %llu records, counted from 0",
                               (unsigned long long)to_event, what, (unsigned long long)r.at);
    code = say(&r);
    if (code == EXIT_PASS)
        code = judge(setup,
                     r.end == REPLAY_SAME || records->next(records->about, &next) == RECORD_DONE);
    return code;
}

static enum exit_code replay_folder(struct folder *f, u64 to_event)
{
    const struct record_head *head = &f->log.head;
    struct run_plan plan = {.scenario = &f->scenario,
                            .arm = head->arm,
                            .seed = head->seed,
                            .replicate = head->replicate};
    struct host_sinks sinks = {NULL, no_block, no_log};
    struct setup *setup = calloc(1, sizeof *setup);
    char error[RUN_ERROR];
    enum exit_code code;

    if (setup == NULL)
        return command_refused("out of memory");
    if (head->arm > 0 && head->arm >= f->scenario.arm_count)
        code = command_refused("%s: is of arm %u, which the scenario does not have", f->log_path,
                               head->arm);
    else if (!setup_open(setup, &plan, &sinks, error))
        code = command_refused("%s", error);
    else {
        struct record_source records = record_reader_source(&f->log);
        code = feed(setup, &records, to_event, "the log");
    }
    setup_close(setup);
    free(setup);
    return code;
}

/* ---- a state file ---- */

/* What is not as it should be in a file that can be read: it is not what was written. */
static enum exit_code differs(const char *what)
{
    printf("%s\n", what);
    return EXIT_UNREPEATABLE;
}

/* All of it: every record again, and every row of the file from them. */
static enum exit_code audit(struct net_world *w, struct store *store)
{
    const struct scenario *scenario = w->plan.scenario;
    struct door_token tokens[TOKENS_MAX];
    const char *symbols[TOKENS_MAX];
    struct node_config c = {.process = &w->setup.process,
                            .store = store,
                            .chain_id = CHAIN_ID,
                            .tokens = tokens,
                            .token_count = scenario->token_count,
                            .regions = scenario->network.regions.at,
                            .region_count = scenario->network.regions.count};
    struct node_audit a;
    char error[256];

    net_world_tokens(w, tokens, symbols);
    if (!node_audit(&c, stdout, &a, error))
        return command_refused("%s", error);
    if (a.differs[0] != '\0')
        return differs(a.differs);
    enum exit_code code = say(&a.records);
    if (code != EXIT_PASS)
        return code;
    printf("all else in the file follows from them: blocks %llu, transactions %llu, logs %llu, "
           "waiting %llu, notes %llu\n",
           (unsigned long long)a.blocks, (unsigned long long)a.txs, (unsigned long long)a.logs,
           (unsigned long long)a.waiting, (unsigned long long)a.notes);
    return judge(&w->setup, true);
}

static enum exit_code replay_world(struct net_world *w, struct store *store, u64 to_event,
                                   const char *path)
{
    struct store_cursor next;

    if (to_event == REPLAY_TO_END)
        return audit(w, store);
    struct record_source records = store_source(store, &w->setup.head, &next);
    return feed(&w->setup, &records, to_event, path);
}

/* The world that the notes say the file is of. */
static enum exit_code replay_notes(const char *path, struct store *store,
                                   const struct net_notes *notes, u64 to_event)
{
    struct net_world *w = calloc(1, sizeof *w);
    struct scenario scenario;
    struct problem why;
    char error[RUN_ERROR];
    enum exit_code code;

    if (w == NULL)
        return command_refused("out of memory");
    if (!scenario_parse(path, notes->scenario, strlen(notes->scenario),
                        &(struct scenario_options){0}, &scenario, &why)) {
        free(w);
        printf("the state file's note of the scenario is no scenario: %s\n", why.text);
        return EXIT_UNREPEATABLE;
    }
    code = net_world_open(w, &scenario, notes->arm, notes->seed, notes->people, error)
               ? replay_world(w, store, to_event, path)
               : command_refused("%s", error);
    net_world_close(w);
    scenario_free(&scenario);
    free(w);
    return code;
}

static enum exit_code replay_state(const char *path, u64 to_event)
{
    struct net_notes notes = {0};
    char error[256];
    enum exit_code code;
    struct store *store = store_open_audit(path, error);

    if (store == NULL)
        return command_refused("%s", error);
    if (store_differs(store) != NULL)
        code = differs(store_differs(store));
    else if (store_note_damage(store) != NULL)
        code = differs(store_note_damage(store));
    else if (!notes_read(store, &notes, error))
        code = differs(error);
    else
        code = replay_notes(path, store, &notes, to_event);
    notes_free(&notes);
    store_close(store);
    return code;
}

static bool is_file(const char *path)
{
    struct stat at;

    return stat(path, &at) == 0 && S_ISREG(at.st_mode);
}

enum exit_code command_replay(const struct options *o)
{
    struct folder *f = calloc(1, sizeof *f);
    struct scenario_options options = {.data_dir = o->data};
    bool one = (o->given & OPTION_to_event) != 0;
    struct problem why;
    enum exit_code code;

    if (is_file(o->args[0])) {
        free(f);
        return replay_state(o->args[0], one ? o->to_event : REPLAY_TO_END);
    }
    if (f == NULL)
        return command_refused("out of memory");
    snprintf(f->log_path, sizeof f->log_path, "%.900s/" DIFF_LOG, o->args[0]);
    snprintf(f->scenario_path, sizeof f->scenario_path, "%.900s/scenario.resolved.json",
             o->args[0]);
    if (!is_file(f->scenario_path)) {
        free(f);
        return command_refused("%s: is neither the folder of a run nor the state file of a testnet",
                               o->args[0]);
    }
    if (!scenario_read(f->scenario_path, &options, &f->scenario, &why)) {
        code = command_refused("%s", why.text);
    } else {
        if (record_reader_open(&f->log, f->log_path)) {
            code = replay_folder(f, one ? o->to_event : REPLAY_TO_END);
            record_reader_close(&f->log);
        } else {
            code = command_refused("%s: is not there (`output: {log: false}' leaves it out), or is "
                                   "no log of a run",
                                   f->log_path);
        }
        scenario_free(&f->scenario);
    }
    free(f);
    return code;
}
