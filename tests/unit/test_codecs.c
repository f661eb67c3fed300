/* What is written in bytes is read back, of every kind: transactions, logs, messages.  One byte
 * less is none; a number that no row has is none; a log's numbers are found by their fields' names.
 */
#include "protocol/log.h"
#include "protocol/msg.h"
#include "protocol/tx.h"
#include "tests/test.h"

#include <string.h>

#define BYTES 512u

_Static_assert(LOG_BYTES_MAX <= BYTES && TX_BYTES_MAX <= BYTES && MSG_BYTES_MAX <= BYTES, "room");

/* After the kind's number, words below 256, so that what is kept in 16 or 8 bits comes back. */
static size_t drawn(u8 bytes[BYTES], u32 kind, size_t size, u32 seed)
{
    memset(bytes, 0, BYTES);
    for (size_t i = 4; i < size; i++)
        bytes[i] = i % 4 == 3 ? (u8)(seed * 31 + i * 7 + kind) : 0;
    bytes[3] = (u8)kind;
    return size;
}

/* CODEC(name, KINDS): name_encode() and name_decode() of struct name, each kind. */
#define CODEC(name, KINDS)                                                                         \
    static size_t name##_size(u32 kind)                                                            \
    {                                                                                              \
        static struct name x;                                                                      \
        u8 bytes[BYTES];                                                                           \
        struct writer w = {bytes, sizeof(bytes)};                                                  \
        memset(&x, 0, sizeof(x));                                                                  \
        x.kind = (enum name##_kind)kind;                                                           \
        name##_encode(&w, &x);                                                                     \
        return sizeof(bytes) - w.left;                                                             \
    }                                                                                              \
    static void name##_codec(void)                                                                 \
    {                                                                                              \
        static struct name x;                                                                      \
        u8 bytes[BYTES], again[BYTES];                                                             \
        for (u32 kind = 0; kind < KINDS; kind++) {                                                 \
            size_t size = drawn(bytes, kind, name##_size(kind), 5);                                \
            struct reader r = {bytes, size, true};                                                 \
            struct writer w = {again, sizeof(again)};                                              \
            EXPECT(name##_decode(&r, &x) && r.left == 0 && x.kind == kind);                        \
            name##_encode(&w, &x);                                                                 \
            EXPECT(sizeof(again) - w.left == size && memcmp(bytes, again, size) == 0);             \
            for (size_t less = 0; less < size; less++) {                                           \
                r = (struct reader){bytes, less, true};                                            \
                EXPECT(!name##_decode(&r, &x));                                                    \
            }                                                                                      \
        }                                                                                          \
        for (u32 kind = KINDS; kind < 256; kind += 50) {                                           \
            struct reader r = {bytes, drawn(bytes, kind, BYTES, 1), true};                         \
            EXPECT(!name##_decode(&r, &x));                                                        \
        }                                                                                          \
        printf("ok - " #name ": every kind comes back, a byte less does not\n");                   \
    }

CODEC(tx, TX_KINDS)
CODEC(log, LOG_KINDS)
CODEC(msg, MSG_KINDS)

/* ---- fields of logs by name ---- */

#define IS_u32(v) ((u64)(v))
#define IS_account(v) ((u64)(v))
#define IS_u64(v) (v)
#define IS_u128(v) ((void)(v), NOTHING)
#define IS_amount(v) ((void)(v), NOTHING)
#define IS_machine(v) ((void)(v), NOTHING)
#define IS_specs(v) ((void)(v), NOTHING)
#define NOTHING UINT64_MAX

static void expect_number(const struct log *l, const char *field, u64 want)
{
    u64 n = NOTHING;

    EXPECT(log_number(l, field, &n) == (want != NOTHING) && n == want);
}

static void numbers_of_logs(void)
{
    static struct log l;
    u8 bytes[BYTES];

    for (u32 kind = 0; kind < LOG_KINDS; kind++) {
        struct reader r = {bytes, drawn(bytes, kind, log_size(kind), 9), true};
        EXPECT(log_decode(&r, &l));
        expect_number(&l, "no such field", NOTHING);
        expect_number(&l, "", NOTHING);
        switch (l.kind) {
#define FIELD(type, name) expect_number(&l, #name, IS_##type(body->name));
#define LOG(NAME, name, to, fields, doc)                                                           \
    case LOG_##NAME: {                                                                             \
        const struct log_##name *body = &l.u.name;                                                 \
        fields break;                                                                              \
    }
#include "protocol/log.def"
#undef LOG
#undef FIELD
        case LOG_KINDS:
            break;
        }
    }
    printf("ok - every number of a log is found by its name, and nothing else is\n");
}

/* What a message is about is the lease, whatever it says of it. */
static void messages_are_about_leases(void)
{
    static struct msg m;
    u8 bytes[BYTES];

    for (u32 kind = 0; kind < MSG_KINDS; kind++) {
        struct reader r = {bytes, drawn(bytes, kind, msg_size(kind), 3), true};
        EXPECT(msg_decode(&r, &m));
        u64 lease = kind == MSG_MANIFEST ? m.u.manifest.lease
                    : kind == MSG_READY  ? m.u.ready.lease
                                         : m.u.refused.lease;
        EXPECT(lease != 0);
        u64 about = msg_about(&m);
        if (kind == MSG_MANIFEST)
            m.u.manifest.digest++;
        if (kind == MSG_READY)
            m.u.ready.second++;
        EXPECT(msg_about(&m) == about);
    }
    printf("ok - the name of a message is not what it says\n");
}

/* The byte beside a machine's region and papers is nobody's; a reader that has failed gives zeros.
 */
static void bad_bytes(void)
{
    static struct tx x = {.kind = TX_PROPOSE};
    u8 bytes[BYTES], some[4] = {1, 2, 3, 4};
    struct writer w = {bytes, sizeof(bytes)};

    tx_encode(&w, &x);
    size_t size = sizeof(bytes) - w.left, at = 0;
    for (size_t i = 4; i < size; i++) {
        struct reader r = {bytes, size, true};
        bytes[i] ^= 1;
        at += !tx_decode(&r, &x);
        bytes[i] ^= 1;
    }
    EXPECT(at == 1);
    struct reader bad = {bytes, size, false};
    get_bytes(&bad, some, sizeof(some));
    EXPECT(!bad.ok && some[0] == 0 && some[3] == 0 && bad.left == size);
    struct reader shorter = {bytes, 3, true};
    some[3] = 9;
    get_bytes(&shorter, some, sizeof(some));
    EXPECT(!shorter.ok && some[3] == 0);
    get_bytes(&shorter, some, 1);
    EXPECT(!shorter.ok);
    printf("ok - bytes that are not there, and one that is nobody's\n");
}

int main(void)
{
    tx_codec();
    log_codec();
    msg_codec();
    numbers_of_logs();
    messages_are_about_leases();
    bad_bytes();
    return EXIT_SUCCESS;
}
