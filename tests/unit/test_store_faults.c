/* What the store does when it is killed, when the disk is full, and when it is given what is not
 * its own. */
#include "tests/test.h"
#include "tests/unit/store_any.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KILLS 50u
#define PER_BATCH 4u /* transactions and logs */

static char folder[300], path[400];

/* ---- batches: what is put between two syncs, drawn in the name of its number ---- */

struct batch {
    struct node_block block;
    struct kept_tx txs[PER_BATCH];
    struct kept_log logs[PER_BATCH];
    u8 record[3000];
};

static void draw(u64 number, struct batch *b)
{
    struct any any = ANY(number + 1000);

    any_block(&any, number, &b->block);
    for (u32 i = 0; i < PER_BATCH; i++) {
        any_kept_tx(&any, number * PER_BATCH + i, &b->txs[i]);
        any_mined(&any, number, i, &b->txs[i]);
        any_kept_log(&any, number, i, 20, &b->logs[i]);
    }
    memset(b->record, (int)(number & 0xff), sizeof(b->record));
}

static bool put(struct store *s, u64 number)
{
    static struct batch b;
    bool done;

    draw(number, &b);
    done = store_put_record(s, number, SLICE(b.record, sizeof(b.record)), number * 3) &&
           store_put_block(s, &b.block) && store_put_note(s, "last", SLICE((u8 *)&number, 8));
    for (u32 i = 0; done && i < PER_BATCH; i++) {
        struct kept_tx waits = b.txs[i];
        waits.tx.mined = false;
        done = store_put_tx(s, kept_tx(&waits)) && store_mined_tx(s, kept_tx(&b.txs[i])) &&
               store_put_log(s, kept_log(&b.logs[i]));
    }
    return done;
}

struct log_walk {
    struct batch *b;
    u32 at;
};

static bool see_log(void *about, const struct node_log *l)
{
    struct log_walk *w = about;

    EXPECT(w->at < PER_BATCH && same_log(l, &w->b->logs[w->at]));
    w->at++;
    return true;
}

static bool stop_at_first(void *about, const struct node_log *l)
{
    ++*(u32 *)about;
    return l->index != 0;
}

/* All of the block's logs, and the first by its address. */
static void are_found(struct store *s, struct batch *b)
{
    struct node_filter f = {.from = b->block.number, .to = b->block.number};
    struct log_walk w = {b, 0};

    store_logs(s, &f, see_log, &w);
    EXPECT(w.at == PER_BATCH);
    f.addresses = &b->logs[0].log.log.address;
    f.address_count = 1;
    u32 found = 0;
    store_logs(s, &f, stop_at_first, &found);
    EXPECT(found == 1);
}

static void is_there(struct store *s, u64 number)
{
    static struct batch b;
    struct node_block block;
    struct node_tx tx;
    struct slice bytes;
    u64 hash;

    draw(number, &b);
    EXPECT(store_record(s, number, &bytes, &hash) && hash == number * 3);
    EXPECT(bytes.n == sizeof(b.record) && memcmp(bytes.at, b.record, bytes.n) == 0);
    EXPECT(store_block_of(s, &b.block.hash, &block) && same_block(&block, &b.block));
    for (u32 i = 0; i < PER_BATCH; i++) {
        EXPECT(store_tx(s, &b.txs[i].tx.hash, &tx) && same_tx(&tx, &b.txs[i]));
        EXPECT(store_tx_at(s, number, i, &tx) && same_tx(&tx, &b.txs[i]));
    }
    are_found(s, &b);
}

static void nobody_waits(void *about, const struct node_tx *tx)
{
    (void)about, (void)tx;
    EXPECT(false);
}

/* All batches below count and nothing else. */
static void is_whole(struct store *s, u64 count)
{
    struct node_block last;
    struct node_tx tx;
    struct slice note;
    u64 named;

    EXPECT(store_records(s) == count && store_last_block(s, &last) == (count > 0));
    EXPECT(!store_tx_at(s, count, 0, &tx));
    store_pool(s, nobody_waits, NULL);
    if (count == 0)
        return;
    EXPECT(last.number == count - 1 && store_note(s, "last", &note) && note.n == 8);
    memcpy(&named, note.at, 8);
    EXPECT(named == count - 1);
    for (u64 i = 0; i < 30; i++) {
        is_there(s, i * 7919 % count);
        is_there(s, count - 1 - i % (count < 5 ? count : 5));
    }
}

static struct store *opened(const char *at)
{
    char error[256] = "";
    struct store *s = store_open(at, error);

    if (s == NULL)
        printf("# %s\n", error);
    EXPECT(s != NULL);
    return s;
}

static void forget(void)
{
    char name[410];

    unlink(path);
    snprintf(name, sizeof(name), "%s-wal", path);
    unlink(name);
}

/* ---- killed ---- */

static void put_for_ever(int tell)
{
    struct store *s = opened(path);

    for (u64 i = store_records(s);; i++) {
        EXPECT(put(s, i) && store_sync(s));
        EXPECT(write(tell, &i, sizeof(i)) == sizeof(i));
    }
}

/* How many batches the child said were synced; before: those of the last one. */
static u64 kill_one(struct any *any, u64 before)
{
    struct timespec wait = {0, (long)(1000000 + any_below(any, 40000000))};
    int ends[2], status;
    u64 said, count = before;

    EXPECT(pipe(ends) == 0);
    pid_t child = fork();
    EXPECT(child >= 0);
    if (child == 0) {
        close(ends[0]);
        put_for_ever(ends[1]);
    }
    close(ends[1]);
    nanosleep(&wait, NULL);
    EXPECT(kill(child, SIGKILL) == 0 && waitpid(child, &status, 0) == child);
    EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    while (read(ends[0], &said, sizeof(said)) == sizeof(said))
        count = said + 1;
    close(ends[0]);
    return count;
}

static void what_was_synced_outlives_a_kill(void)
{
    struct any any = ANY(9);
    u64 count = 0, said = 0;

    for (u32 i = 0; i < KILLS; i++) {
        said = kill_one(&any, count);
        struct store *s = opened(path);
        count = store_records(s);
        EXPECT(count >= said && count <= said + 1); /* the last one was perhaps not told any more */
        is_whole(s, count);
        store_close(s);
    }
    EXPECT(count > KILLS);
    forget();
    printf("ok - what was synced outlives a kill, and nothing is half there\n");
}

/* ---- a full disk ---- */

static void limit_files(rlim_t bytes)
{
    struct rlimit limit = {bytes, RLIM_INFINITY};

    EXPECT(setrlimit(RLIMIT_FSIZE, &limit) == 0);
}

static bool one_line(const char *text)
{
    return text[0] != '\0' && strchr(text, '\n') == NULL;
}

/* Puts until it fails, with a sync after every few batches; how many were synced. */
static u64 fill_up(struct store *s, rlim_t bytes)
{
    u64 count = 0, synced = 0;

    limit_files(bytes);
    while (put(s, count)) {
        count++;
        if (count % 3 == 0) {
            if (!store_sync(s))
                break;
            synced = count;
        }
    }
    EXPECT(one_line(store_error(s)) && synced > 0);
    EXPECT(strstr(store_error(s), "cannot be read or written: File too large") != NULL);
    EXPECT(!put(s, synced) && !store_sync(s));
    EXPECT(!store_put_note(s, "last", SLICE(NULL, 0)) && !store_cut(s, 0));
    return synced;
}

static void a_file_goes_on(rlim_t bytes)
{
    struct store *s = opened(path);
    u64 synced = fill_up(s, bytes), count;

    store_close(s);
    limit_files(RLIM_INFINITY);
    s = opened(path);
    EXPECT(store_error(s)[0] == '\0');
    is_whole(s, synced);
    for (count = synced; count < synced + 20; count++)
        EXPECT(put(s, count));
    EXPECT(store_sync(s));
    is_whole(s, count);
    store_close(s);
    s = opened(path);
    is_whole(s, count);
    store_close(s);
    forget();
}

static void without_a_file_it_is_over(rlim_t bytes)
{
    struct store *s = opened(NULL);

    (void)fill_up(s, bytes);
    limit_files(RLIM_INFINITY);
    EXPECT(one_line(store_error(s)) && !put(s, 0) && !store_sync(s));
    store_close(s);
}

static void a_full_disk_is_said_and_survived(void)
{
    signal(SIGXFSZ, SIG_IGN);
    for (rlim_t kib = 200; kib < 4000; kib = kib * 3 / 2)
        a_file_goes_on(kib * 1024);
    without_a_file_it_is_over((rlim_t)5000 * 1024);
    printf("ok - a full disk is said, and survived by what has a file\n");
}

/* ---- what is not ours ---- */

static void refused(const char *at, const char *why)
{
    char error[256] = "", want[700];

    EXPECT(store_open(at, error) == NULL);
    snprintf(want, sizeof(want), "%s: %s", at, why);
    if (strcmp(error, want) != 0)
        printf("# %s\n# instead of %s\n", error, want);
    EXPECT(strcmp(error, want) == 0);
}

static void write_file(const char *bytes)
{
    FILE *f = fopen(path, "wb");

    EXPECT(f != NULL && fwrite(bytes, 1, strlen(bytes), f) == strlen(bytes) && fclose(f) == 0);
}

static void change(const char *sql)
{
    sqlite3 *db;

    EXPECT(sqlite3_open(path, &db) == SQLITE_OK);
    EXPECT(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
}

static void other_files_are_refused(void)
{
    static const char words[] = "This is no database, and it is longer than the head of one: a file"
                                " of SQLite begins with a hundred bytes of its own kind of thing.";
    char name[450], text[sizeof(words)] = "";

    snprintf(name, sizeof(name), "%s/nowhere/store", folder);
    refused(name, "cannot be opened: No such file or directory");
    refused(folder, "cannot be opened: Is a directory");
    write_file(words);
    refused(path, "is no store");
    FILE *f = fopen(path, "rb");
    EXPECT(f != NULL && fread(text, 1, sizeof(text), f) == strlen(words));
    EXPECT(fclose(f) == 0 && strcmp(text, words) == 0);
    forget();
    change("CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    refused(path, "is no store");
    change("INSERT INTO t VALUES (2)"); /* and was left as it was */
    forget();
    store_close(opened(path));
    change("PRAGMA user_version = 99");
    refused(path, "is a store of version 99, and this program reads version 2");
    forget();
    printf("ok - what is no store, or another version's, is refused\n");
}

static void a_file_in_use_is_refused(void)
{
    int ready[2], go_on[2], status;
    char byte = 'x';

    EXPECT(pipe(ready) == 0 && pipe(go_on) == 0);
    pid_t child = fork();
    EXPECT(child >= 0);
    if (child == 0) {
        struct store *s = opened(path);
        EXPECT(write(ready[1], &byte, 1) == 1 && read(go_on[0], &byte, 1) == 1);
        EXPECT(put(s, 0) && store_sync(s));
        store_close(s);
        _exit(0);
    }
    EXPECT(read(ready[0], &byte, 1) == 1);
    refused(path, "is in use by another process");
    EXPECT(write(go_on[1], &byte, 1) == 1 && waitpid(child, &status, 0) == child);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    struct store *s = opened(path);
    is_whole(s, 1);
    store_close(s);
    forget();
    printf("ok - a file in use is refused\n");
}

/* Root may write everywhere: the child is somebody else. */
static void what_cannot_be_written_is_refused(void)
{
    int status;

    store_close(opened(path));
    EXPECT(chmod(path, 0444) == 0 && chmod(folder, 0555) == 0);
    pid_t child = fork();
    EXPECT(child >= 0);
    if (child == 0) {
        char other[450];
        EXPECT(geteuid() != 0 || setuid(65534) == 0);
        refused(path, "cannot be written: it is read-only");
        snprintf(other, sizeof(other), "%s/other", folder);
        refused(other, "cannot be opened: Permission denied");
        _exit(0);
    }
    EXPECT(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    EXPECT(chmod(path, 0666) == 0);
    child = fork();
    EXPECT(child >= 0);
    if (child == 0) {
        EXPECT(geteuid() != 0 || setuid(65534) == 0);
        refused(path, "cannot be written: it, or its folder, is read-only");
        _exit(0);
    }
    EXPECT(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    EXPECT(chmod(folder, 0755) == 0);
    forget();
    printf("ok - what cannot be written is refused\n");
}

/* ---- damage that leaves each page readable ---- */

/* The table's rows lie in falling order of block, and SQLite, which is told the rising one, does
 * not know. */
static void turn_around(const char *table, const char *columns)
{
    char sql[900];

    snprintf(sql, sizeof(sql),
             "CREATE TABLE turned (%s, PRIMARY KEY (block DESC, place)) WITHOUT ROWID;"
             "INSERT INTO turned SELECT * FROM %s; PRAGMA writable_schema = ON;"
             "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master"
             " WHERE name = 'turned') WHERE name = '%s';"
             "DELETE FROM sqlite_master WHERE name = 'turned'; PRAGMA writable_schema = OFF",
             columns, table, table);
    change(sql);
}

static void rows_out_of_order(const char *table, const char *columns)
{
    char error[256] = "", want[300];
    struct store *s = opened(path);

    for (u64 i = 0; i < 5; i++)
        EXPECT(put(s, i));
    EXPECT(store_sync(s) && store_whole(s, error));
    store_close(s);
    turn_around(table, columns);
    s = opened(path);
    EXPECT(!store_whole(s, error));
    snprintf(want, sizeof(want), "the state file is damaged: table %s: its rows are not in order",
             table);
    EXPECT(strncmp(error, want, strlen(want)) == 0);
    store_close(s);
    forget();
}

static void rows_out_of_order_are_damage(void)
{
    rows_out_of_order("log", "block INTEGER, place INTEGER, row BLOB, data BLOB");
    rows_out_of_order("tx", "block INTEGER, place INTEGER, hash BLOB, row BLOB, raw BLOB");
    printf("ok - rows out of order are damage that is said\n");
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");

    snprintf(folder, sizeof(folder), "%.200s/orrery-store-XXXXXX", tmp != NULL ? tmp : "/tmp");
    EXPECT(mkdtemp(folder) != NULL);
    snprintf(path, sizeof(path), "%s/store", folder);
    other_files_are_refused();
    a_file_in_use_is_refused();
    what_cannot_be_written_is_refused();
    what_was_synced_outlives_a_kill();
    a_full_disk_is_said_and_survived();
    rows_out_of_order_are_damage();
    EXPECT(rmdir(folder) == 0);
    return 0;
}
