/* A log does it all again, and whatever is changed in it is noticed. */
#include "sim/engine/diff.h"
#include "sim/engine/replay.h"
#include "tests/property/host_fixture.h"
#include "tests/test.h"

#include <string.h>
#include <unistd.h>

#define RUN_S 8000u

static const u32 members[] = {0, 1, 2};
#define NAME_BYTES 400u
static char path[NAME_BYTES], other[NAME_BYTES], folder_a[NAME_BYTES], folder_b[NAME_BYTES];

static char *scratch_name(char name[NAME_BYTES], const char *what)
{
    const char *tmp = getenv("TMPDIR");

    snprintf(name, NAME_BYTES, "%.300s/orrery-%s-XXXXXX", tmp != NULL ? tmp : "/tmp", what);
    return name;
}

static struct fixture_plan plan_of(u64 seed)
{
    return (struct fixture_plan){
        .members = members, .count = 3, .seed = seed, .loss_ppm = 50000, .drawn = true};
}

static u64 write_log(const char *to, u64 seed, u64 run_s)
{
    static struct fixture f;
    struct record_log log;
    struct fixture_plan plan = plan_of(seed);
    struct record_head head = {seed, 0, 0};

    EXPECT(record_log_open(&log, to, &head));
    plan.log = &log;
    fixture_open(&f, &plan);
    fixture_run(&f, run_s);
    u64 events = f.process.events;
    fixture_close(&f);
    EXPECT(record_log_close(&log) && log.error == 0);
    return events;
}

static struct replay_result replayed(const char *from, u64 seed, u64 to_event, FILE *print)
{
    static struct fixture f;
    struct record_reader r;
    struct fixture_plan plan = plan_of(seed);
    struct replay_result result = {REPLAY_DAMAGED, 0};

    fixture_open(&f, &plan);
    if (record_reader_open(&r, from)) {
        struct record_source log = record_reader_source(&r);
        result = replay(&f.process, &log, to_event, print);
        record_reader_close(&r);
    }
    fixture_close(&f);
    return result;
}

static u8 *read_all(const char *from, size_t *n)
{
    FILE *f = fopen(from, "rb");

    EXPECT(f != NULL && fseek(f, 0, SEEK_END) == 0);
    *n = (size_t)ftell(f);
    u8 *bytes = malloc(*n);
    rewind(f);
    EXPECT(bytes != NULL && fread(bytes, 1, *n, f) == *n);
    fclose(f);
    return bytes;
}

static void write_all(const char *to, const u8 *bytes, size_t n)
{
    FILE *f = fopen(to, "wb");

    EXPECT(f != NULL && fwrite(bytes, 1, n, f) == n && fclose(f) == 0);
}

static void a_log_does_it_again(void)
{
    u64 events = write_log(path, 3, RUN_S);
    struct replay_result r = replayed(path, 3, REPLAY_TO_END, NULL);

    EXPECT(events > 1200 && r.end == REPLAY_SAME && r.at == events);
    EXPECT(replayed(path, 4, REPLAY_TO_END, NULL).end == REPLAY_OTHER);
    char text[4096] = "";
    FILE *print = fmemopen(text, sizeof(text), "w");
    EXPECT(print != NULL);
    r = replayed(path, 3, 0, print);
    fclose(print);
    EXPECT(r.end == REPLAY_STOPPED && r.at == 0);
    EXPECT(strstr(text, "record = 0\n") != NULL && strstr(text, "event = start\n") != NULL);
    EXPECT(strstr(text, "asks = submit\n") != NULL && strstr(text, "tx = propose") != NULL);
    printf("ok - a log does it again, and says what a record is\n");
}

static void any_flipped_bit_is_noticed(void)
{
    size_t n;
    u8 *bytes = read_all(path, &n);
    u32 tried = 0;

    for (size_t i = 0; i < n; i += 1 + i / 40) {
        bytes[i] ^= (u8)(1u << i % 8);
        write_all(other, bytes, n);
        enum replay_end end = replayed(other, 3, REPLAY_TO_END, NULL).end;
        /* a size too: the log has its end mark; of its head, what run it is of */
        EXPECT(end == REPLAY_DAMAGED || (i < 28 && end == REPLAY_OTHER));
        bytes[i] ^= (u8)(1u << i % 8);
        tried++;
    }
    for (size_t back = 1; back < 200; back += 7) { /* killed */
        write_all(other, bytes, n - back);
        EXPECT(replayed(other, 3, REPLAY_TO_END, NULL).end == REPLAY_CUT);
    }
    write_all(other, bytes, n);
    EXPECT(replayed(other, 3, REPLAY_TO_END, NULL).end == REPLAY_SAME);
    EXPECT(tried > 100);
    free(bytes);
    printf("ok - any flipped bit and any cut is noticed\n");
}

/* What is said of a log with one byte, `from_end` before its end, changed; of the record
 * that was hit. */
static struct replay_result said_of(size_t from_end, char text[8192])
{
    size_t n;
    u8 *bytes = read_all(path, &n);
    FILE *print = fmemopen(text, 8192, "w");

    bytes[n - from_end] ^= 4;
    write_all(other, bytes, n);
    free(bytes);
    EXPECT(print != NULL);
    struct replay_result r = replayed(other, 3, REPLAY_TO_END, print);
    fclose(print);
    return r;
}

static void a_damaged_record_is_shown(void)
{
    static char text[8192], number[40];
    struct replay_result r = said_of(24, text); /* in the last field of the last record */

    EXPECT(r.end == REPLAY_DAMAGED && r.at > 1200);
    snprintf(number, sizeof(number), "record = %llu\n", (unsigned long long)r.at);
    EXPECT(strstr(text, number) == text && strstr(text, "time_ns = ") != NULL);
    EXPECT(strstr(text, "\ndiffers (< as it is written, > as it comes out):\n  < ") != NULL);
    EXPECT(strstr(text, "  > rolling hash") == NULL); /* the byte was found */
    r = said_of(30, text);
    EXPECT(r.end == REPLAY_DAMAGED && strstr(text, "  > ") != NULL);
    r = said_of(1, text); /* the end mark: no record that could be shown */
    EXPECT(r.end == REPLAY_DAMAGED && strstr(text, "the rest cannot be read") != NULL);
    printf("ok - a damaged record is shown with what differs\n");
}

static enum diff_end compared(char text[8192])
{
    FILE *out = fmemopen(text, 8192, "w");

    EXPECT(out != NULL);
    enum diff_end end = diff_logs(path, other, out);
    fclose(out);
    return end;
}

static void two_runs_are_told_apart(void)
{
    static char text[8192];

    write_log(other, 3, RUN_S);
    EXPECT(compared(text) == DIFF_NONE);
    write_log(other, 3, RUN_S / 2);
    EXPECT(compared(text) == DIFF_FOUND && strstr(text, "equal records one log") != NULL);
    write_log(other, 4, RUN_S);
    EXPECT(compared(text) == DIFF_FOUND && strstr(text, "first record that differs is 0") != NULL);
    EXPECT(strstr(text, "  < ") != NULL && strstr(text, "  > ") != NULL);
    printf("ok - two runs are told apart\n");
}

static void put_rows(const char *folder, const char *rows)
{
    char name[64];

    snprintf(name, sizeof(name), "%s/%s", folder, DIFF_CHECKPOINTS);
    write_all(name, (const u8 *)rows, strlen(rows));
}

static enum diff_end folders_compared(char text[8192])
{
    FILE *out = fmemopen(text, 8192, "w");

    EXPECT(out != NULL);
    enum diff_end end = diff_runs(folder_a, folder_b, out);
    fclose(out);
    return end;
}

static void remove_folder(const char *folder)
{
    char name[64];

    snprintf(name, sizeof(name), "%s/%s", folder, DIFF_CHECKPOINTS);
    unlink(name);
    snprintf(name, sizeof(name), "%s/%s", folder, DIFF_LOG);
    unlink(name);
    rmdir(folder);
}

static void two_folders_are_told_apart(void)
{
    static char text[8192];

    EXPECT(mkdtemp(scratch_name(folder_a, "a")) != NULL &&
           mkdtemp(scratch_name(folder_b, "b")) != NULL);
    EXPECT(folders_compared(text) == DIFF_ERROR && strstr(text, "cannot be read") != NULL);
    put_rows(folder_a, "run,event,rolling_hash\n0,1024,aa\n0,2048,bb\n");
    put_rows(folder_b, "run,event,rolling_hash\n0,1024,aa\n0,2048,bb\n");
    EXPECT(folders_compared(text) == DIFF_NONE);
    put_rows(folder_b, "run,event,rolling_hash\n0,1024,aa\n0,2048,bc\n");
    EXPECT(folders_compared(text) == DIFF_FOUND &&
           strstr(text, "! rolling_hash = bb | bc") != NULL);
    EXPECT(strstr(text, "  event = 2048\n") != NULL);
    put_rows(folder_b, "run,event,rolling_hash\n0,1024,aa\n");
    EXPECT(folders_compared(text) == DIFF_FOUND && strstr(text, "it has 2 | 1") != NULL);
    put_rows(folder_b, "run,event,rolling_hash\n0,1024,aa\n0,20");
    EXPECT(folders_compared(text) == DIFF_ERROR && strstr(text, "whole rows") != NULL);
    put_rows(folder_b, "run,event\n0,1024\n");
    EXPECT(folders_compared(text) == DIFF_ERROR && strstr(text, "other columns") != NULL);
    remove_folder(folder_a);
    remove_folder(folder_b);
    printf("ok - two run folders are told apart\n");
}

int main(void)
{
    int a = mkstemp(scratch_name(path, "replay")), b = mkstemp(scratch_name(other, "other"));

    EXPECT(a >= 0 && b >= 0);
    close(a);
    close(b);
    a_log_does_it_again();
    any_flipped_bit_is_noticed();
    a_damaged_record_is_shown();
    two_runs_are_told_apart();
    two_folders_are_told_apart();
    unlink(path);
    unlink(other);
    return 0;
}
