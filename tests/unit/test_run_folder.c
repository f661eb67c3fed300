/* Run folders: whole or not there, whatever happens in between. */
#include "sim/study/remove_tree.h"
#include "sim/study/run_folder.h"
#include "tests/test.h"

#include <cjson/cJSON.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char out[64]; /* a folder for this test */

static const struct provenance from = {
    "orrery run x.yaml",   "x.yaml", "12ab", "34cd", "whitepaper", "low",
    18446744073709551615u, 1,        12345,  "aa",   "bb"};

static struct run_folder_plan plan_of(const char *id)
{
    return (struct run_folder_plan){
        .out = out, .name = "x", .id = id, .title = "Why?", .wanted = NULL, .run = 1};
}

static bool is_there(const char *path)
{
    char whole[256];
    struct stat at;

    snprintf(whole, sizeof whole, "%s/%s", out, path);
    return stat(whole, &at) == 0;
}

/* The text of a file below out; static. */
static const char *contents(const char *path)
{
    static char text[65536];
    char whole[256];
    size_t n;
    FILE *f;

    snprintf(whole, sizeof whole, "%s/%s", out, path);
    f = fopen(whole, "rb");
    if (f == NULL)
        return "(no file)";
    n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = '\0';
    return text;
}

static void put_halts_rows(struct run_folder *f, u64 n)
{
    for (u64 i = 0; i < n; i++)
        put_halts(&f->tables, &(struct row_halts){i, i + 1});
}

static void test_whole(void)
{
    static struct run_folder f;
    struct run_folder_plan plan = plan_of("1");
    const cJSON *rows;
    cJSON *manifest;

    EXPECT(run_folder_open(&f, &plan));
    EXPECT(is_there("x-1.partial/halts.csv") && !is_there("x-1"));
    put_halts_rows(&f, 2);
    EXPECT(run_folder_write(&f, "scenario.resolved.json", "{}\n", 3));
    EXPECT(!run_folder_write(&f, "scenario.resolved.json", "{}\n", 3)); /* never twice */
    EXPECT(strstr(f.error, "scenario.resolved.json: File exists") != NULL);
    EXPECT(run_folder_seal(&f));
    EXPECT(run_folder_finish(&f, &from));
    EXPECT(!is_there("x-1.partial") && !is_there("x-1/lock") && is_there("x-1/run.db"));
    EXPECT(!is_there("x-1/transfers.csv")); /* opt-in */
    EXPECT(strcmp(contents("x-1/halts.csv"), "run,from_s,until_s\n1,0,1\n1,1,2\n") == 0);
    EXPECT(strcmp(contents("x-1/scenario.resolved.json"), "{}\n") == 0);
    EXPECT(strstr(contents("x-1/datapackage.json"), "halts.csv") != NULL);
    EXPECT(strstr(contents("x-1/manifest.json"), "\"seed\":\t18446744073709551615,") != NULL);
    manifest = cJSON_Parse(contents("x-1/manifest.json"));
    EXPECT(manifest != NULL);
    rows = cJSON_GetObjectItemCaseSensitive(manifest, "rows");
    EXPECT(cJSON_GetObjectItemCaseSensitive(rows, "halts")->valueint == 2);
    EXPECT(cJSON_GetObjectItemCaseSensitive(rows, "transfers") == NULL);
    cJSON_Delete(manifest);
    run_folder_discard(&f);
    EXPECT(is_there("x-1/halts.csv")); /* a finished folder stays */
    printf("ok - a run's folder is whole\n");
}

static void test_replace(void)
{
    static struct run_folder f;
    struct run_folder_plan plan = plan_of("1");
    char path[128];

    EXPECT(run_folder_open(&f, &plan));
    put_halts_rows(&f, 1);
    EXPECT(run_folder_finish(&f, &from));
    EXPECT(strcmp(contents("x-1/halts.csv"), "run,from_s,until_s\n1,0,1\n") == 0);

    /* what a person put into it stays, what an earlier run wrote does not */
    snprintf(path, sizeof path, "%s/x-1/notes", out);
    EXPECT(mkdir(path, 0777) == 0);
    snprintf(path, sizeof path, "%s/x-1/events.jsonl", out);
    EXPECT(mkdir(path, 0777) == 0);
    EXPECT(run_folder_open(&f, &plan));
    EXPECT(run_folder_finish(&f, &from));
    EXPECT(strcmp(contents("x-1/halts.csv"), "run,from_s,until_s\n") == 0);
    EXPECT(is_there("x-1/notes") && !is_there("x-1/events.jsonl"));
    EXPECT(!is_there("x-1.before") && !is_there("x-1.partial"));

    snprintf(path, sizeof path, "%s/x-mine", out);
    EXPECT(mkdir(path, 0777) == 0);
    plan = plan_of("mine");
    EXPECT(run_folder_open(&f, &plan));
    EXPECT(!run_folder_finish(&f, &from));
    EXPECT(strstr(f.error, "x-mine: is there and is no run; not replaced") != NULL);
    EXPECT(is_there("x-mine") && !is_there("x-mine.partial"));
    printf("ok - a run replaces a run, and nothing else\n");
}

static void test_names(void)
{
    static struct run_folder f;
    struct run_folder_plan plan = plan_of("../1");

    EXPECT(!run_folder_open(&f, &plan));
    EXPECT(strstr(f.error, "letters, digits") != NULL);
    plan = plan_of("1");
    plan.out = "/dev/null/out";
    EXPECT(!run_folder_open(&f, &plan));
    EXPECT(strstr(f.error, "/dev/null/out: cannot make the folder: Not a directory") != NULL);
    printf("ok - bad names and places\n");
}

/* What a child does with a run of its own; it says by one byte that it holds the folder. */
static void child_run(int say)
{
    static struct run_folder f;
    struct run_folder_plan plan = plan_of("2");

    if (!run_folder_open(&f, &plan))
        _exit(1);
    put_halts_rows(&f, 100000);
    if (write(say, "!", 1) != 1)
        _exit(1);
    pause();
    _exit(1);
}

static void test_killed(void)
{
    static struct run_folder f;
    struct run_folder_plan plan = plan_of("2");
    int ends[2], status;
    char held;
    pid_t child;

    EXPECT(pipe(ends) == 0);
    fflush(stdout);
    child = fork();
    EXPECT(child >= 0);
    if (child == 0)
        child_run(ends[1]);
    EXPECT(read(ends[0], &held, 1) == 1);
    EXPECT(!run_folder_open(&f, &plan));
    EXPECT(strstr(f.error, "another process is writing this run") != NULL);
    EXPECT(is_there("x-2.partial/halts.csv"));
    EXPECT(kill(child, SIGKILL) == 0 && waitpid(child, &status, 0) == child);
    EXPECT(is_there("x-2.partial") && !is_there("x-2"));
    EXPECT(run_folder_open(&f, &plan));
    EXPECT(run_folder_finish(&f, &from));
    EXPECT(strcmp(contents("x-2/halts.csv"), "run,from_s,until_s\n") == 0);
    EXPECT(!is_there("x-2.partial"));
    close(ends[0]);
    close(ends[1]);
    printf("ok - a killed run leaves a partial folder, the next one takes its place\n");
}

/* A file that may not grow stands for a disk that is full. */
static void test_full(rlim_t bytes)
{
    static struct run_folder f;
    struct run_folder_plan plan = plan_of("3");
    struct rlimit old, small;
    bool whole;

    signal(SIGXFSZ, SIG_IGN);
    EXPECT(getrlimit(RLIMIT_FSIZE, &old) == 0);
    small = old;
    small.rlim_cur = bytes;
    EXPECT(setrlimit(RLIMIT_FSIZE, &small) == 0);
    whole = run_folder_open(&f, &plan);
    if (whole) {
        put_halts_rows(&f, 200000);
        whole = run_folder_finish(&f, &from);
    }
    EXPECT(setrlimit(RLIMIT_FSIZE, &old) == 0);
    EXPECT(!whole);
    EXPECT(strstr(f.error, "x-3.partial/") != NULL);
    EXPECT(!is_there("x-3") && !is_there("x-3.partial"));
}

/* The last row of a file meets the limit only when the file is closed. */
static void test_full_at_the_end(void)
{
    static struct run_folder f;
    struct run_folder_plan plan = plan_of("4");
    char path[256];
    FILE *full;

    EXPECT(run_folder_open(&f, &plan));
    full = fopen("/dev/full", "w");
    EXPECT(full != NULL);
    fclose(f.csv.file[TABLE_halts]);
    f.csv.file[TABLE_halts] = full;
    put_halts_rows(&f, 1);
    EXPECT(!run_folder_finish(&f, &from));
    snprintf(path, sizeof path, "%s/x-4.partial/halts.csv: No space left on device", out);
    EXPECT(strcmp(f.error, path) == 0);
    EXPECT(!is_there("x-4") && !is_there("x-4.partial"));
    printf("ok - a full disk: an error that names the file, and no folder\n");
}

/* A link inside a folder that is removed is not followed. */
static void test_remove_tree(void)
{
    char folder[128], link[160], kept[128];

    snprintf(folder, sizeof folder, "%s/tree", out);
    snprintf(link, sizeof link, "%s/tree/link", out);
    snprintf(kept, sizeof kept, "%s/x-1", out);
    EXPECT(mkdir(folder, 0777) == 0 && symlink(kept, link) == 0);
    EXPECT(remove_tree(folder) && !is_there("tree") && is_there("x-1/halts.csv"));
    EXPECT(remove_tree(folder));
    printf("ok - remove_tree follows no link\n");
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");

    snprintf(out, sizeof out, "%.40s/orrery.XXXXXX", tmp == NULL ? "/tmp" : tmp);
    EXPECT(mkdtemp(out) != NULL);
    test_whole();
    test_replace();
    test_names();
    test_killed();
    test_full(0);
    test_full(40000);
    test_full(400000);
    test_full_at_the_end();
    test_remove_tree();
    EXPECT(remove_tree(out));
    return 0;
}
