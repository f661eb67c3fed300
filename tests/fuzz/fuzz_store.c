/* Any bytes as a state file: whole, or where the first byte is 1 laid over a true one, so that the
 * reader gets further than SQLite's head.  It is refused with a sentence, or it is read: each row
 * is what its readers promise, an error is kept, and an audit of it comes to an end. */
#include "tests/unit/store_any.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define BLOCKS 6u
#define FILE_MAX ((size_t)1 << 20)

static char folder[200], path[300];
static u8 truth[FILE_MAX], bytes[FILE_MAX];
static size_t truly;

static void remove_all(void)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    char file[400];

    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        snprintf(file, sizeof(file), "%s%s", path, ends[i]);
        (void)unlink(file);
    }
}

static void leave(void)
{
    remove_all();
    (void)rmdir(folder);
}

static void put_block(struct store *s, u64 number)
{
    struct any any = ANY(number + 1);
    struct node_block block;
    struct kept_tx tx, waits;
    struct kept_log log;

    any_block(&any, number, &block);
    any_kept_tx(&any, 2 * number, &tx);
    any_kept_tx(&any, 2 * number + 1, &waits);
    check(store_put_tx(s, kept_tx(&waits)) && store_put_tx(s, kept_tx(&tx)));
    any_mined(&any, number, 0, &tx);
    any_kept_log(&any, number, 0, 4, &log);
    check(store_put_record(s, number, SLICE(truth, 100), number) && store_put_block(s, &block));
    check(store_mined_tx(s, kept_tx(&tx)) && store_put_log(s, kept_log(&log)));
    check(store_put_note(s, "last", SLICE((u8 *)&number, 8)));
}

static void make_truth(void)
{
    char error[256];
    const char *at = getenv("TMPDIR");

    snprintf(folder, sizeof(folder), "%.100s/fuzz_store.XXXXXX", at == NULL ? "/tmp" : at);
    check(mkdtemp(folder) != NULL);
    snprintf(path, sizeof(path), "%s/state", folder);
    check(atexit(leave) == 0);
    struct store *s = store_open(path, error);
    check(s != NULL);
    for (u64 i = 0; i < BLOCKS; i++)
        put_block(s, i);
    check(store_sync(s));
    store_close(s);
    FILE *f = fopen(path, "rb");
    check(f != NULL);
    truly = fread(truth, 1, sizeof(truth), f);
    fclose(f);
    check(truly > 0 && truly < sizeof(truth));
}

/* (place, byte) after (place, byte), each three bytes and one, over the true file. */
static size_t lay_over(const u8 *data, size_t size)
{
    memcpy(bytes, truth, truly);
    for (size_t i = 0; i + 3 < size; i += 4) {
        size_t at = (size_t)data[i] << 16 | (size_t)data[i + 1] << 8 | data[i + 2];
        bytes[at % truly] ^= data[i + 3];
    }
    return truly;
}

static void write_file(size_t n)
{
    remove_all();
    FILE *f = fopen(path, "wb");

    check(f != NULL && fwrite(bytes, 1, n, f) == n);
    check(fclose(f) == 0);
}

static void see_tx(void *about, const struct node_tx *tx)
{
    check(!tx->mined && tx->raw.n > 0);
    ++*(u64 *)about;
}

static bool see_log(void *about, const struct node_log *l)
{
    check(l->log.topic_count <= DOOR_TOPICS_MAX);
    return ++*(u64 *)about < 1000;
}

static void read_all(struct store *s)
{
    struct node_filter all = {.from = 0, .to = UINT64_MAX};
    struct node_block b;
    struct node_tx tx;
    struct slice note;
    u64 seen = 0, hash;

    if (store_note(s, "last", &note))
        check(note.n <= FILE_MAX);
    for (u64 i = 0; i < store_records(s) && i < 100; i++)
        if (store_record(s, i, &note, &hash))
            check(note.n <= FILE_MAX);
    for (u64 i = 0; i < 2 * BLOCKS; i++) {
        if (store_block_at_or_below(s, i, &b))
            check(b.number <= i);
        if (store_tx_at(s, i, 0, &tx))
            check(tx.mined && tx.block == i && tx.index == 0);
    }
    if (store_last_block(s, &b))
        check(b.number < (u64)1 << 63);
    store_pool(s, see_tx, &seen);
    store_logs(s, &all, see_log, &seen);
}

static bool nobody(void *about, const struct envelope *e, struct address *out)
{
    (void)about, (void)e, (void)out;
    return false;
}

static void open_it(void)
{
    char error[256] = "";
    struct store_counts counts;
    struct store *s = store_open(path, error);

    if (s != NULL) {
        read_all(s);
        if (!store_whole(s, error))
            check(error[0] != '\0');
        store_close(s);
    } else {
        check(error[0] != '\0' && memchr(error, '\0', sizeof(error)) != NULL);
    }
    error[0] = '\0';
    s = store_open_audit(path, error);
    if (s == NULL) {
        check(error[0] != '\0');
        return;
    }
    /* Nothing was put: each row is one too many. */
    if (store_audit_end(s, nobody, NULL, &counts))
        check(counts.records + counts.blocks + counts.txs + counts.logs + counts.waiting == 0);
    else
        check(store_differs(s) != NULL || store_error(s) != NULL);
    store_close(s);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    size_t n;

    if (truly == 0)
        make_truth();
    if (size > 0 && data[0] == 1) {
        n = lay_over(data + 1, size - 1);
    } else {
        n = size < FILE_MAX ? size : FILE_MAX;
        memcpy(bytes, data, n);
    }
    write_file(n);
    open_it();
    return 0;
}
