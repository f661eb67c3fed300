/* Any bytes as what participants and the chain tell one another; the first byte chooses: a message,
 * a log, parameters.  What is taken, written again, is the same bytes. */
#include "protocol/log.h"
#include "protocol/msg.h"
#include "protocol/params.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void check_same(const u8 *read, size_t n, const u8 *written, size_t m)
{
    check(n == m && memcmp(read, written, n) == 0);
}

static void check_messages(struct reader *r)
{
    u8 bytes[MSG_BYTES_MAX];
    const u8 *begin = r->at;
    struct msg m;

    while (r->left > 0 && msg_decode(r, &m)) {
        struct writer w = {bytes, sizeof(bytes)};
        msg_encode(&w, &m);
        check_same(begin, (size_t)(r->at - begin), bytes, sizeof(bytes) - w.left);
        (void)msg_about(&m);
        begin = r->at;
    }
}

static void check_logs(struct reader *r)
{
    u8 bytes[LOG_BYTES_MAX];
    const u8 *begin = r->at;
    struct log l;

    while (r->left > 0 && log_decode(r, &l)) {
        struct writer w = {bytes, sizeof(bytes)};
        check(l.kind < LOG_KINDS);
        log_encode(&w, &l);
        check_same(begin, (size_t)(r->at - begin), bytes, sizeof(bytes) - w.left);
        begin = r->at;
    }
}

static void check_params(struct reader *r)
{
    u8 bytes[PARAMS_BYTES];
    const u8 *begin = r->at;
    struct params p;

    if (!params_decode(r, &p))
        return;
    struct writer w = {bytes, sizeof(bytes)};
    params_encode(&w, &p);
    check_same(begin, (size_t)(r->at - begin), bytes, sizeof(bytes) - w.left);
    for (u32 i = 0; i < PARAM_KINDS; i++)
        check(params_get(&p, (enum param_id)i) <= params_most((enum param_id)i));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    static void (*const readers[])(struct reader *) = {check_messages, check_logs, check_params};

    if (size == 0)
        return 0;
    struct reader r = {data + 1, size - 1, true};
    readers[data[0] % ARRAY_LEN(readers)](&r);
    return 0;
}
