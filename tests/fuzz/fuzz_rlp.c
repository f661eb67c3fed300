/* Any bytes as RLP and as a transaction: what is taken is canonical, for written again it is the
 * same bytes; what is refused has a reason and a place within the input. */
#include "chain-mock/wire/envelope.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static bool same(struct slice a, struct slice b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

/* The next item of r, written. */
static void copy(struct rlp_reader *r, struct rlp_writer *w)
{
    if (!rlp_is_list(r)) {
        rlp_put_bytes(w, rlp_get_bytes(r));
        return;
    }
    rlp_enter(r);
    rlp_begin(w);
    while (rlp_more(r))
        copy(r, w);
    rlp_end(w);
    rlp_leave(r);
}

static void check_rlp(struct slice in, u8 *memory, size_t room)
{
    struct rlp_reader r = rlp_reader_at(in, 0);
    struct rlp_writer w = RLP_WRITER(memory, room);

    (void)rlp_get_item(&r);
    if (!rlp_done(&r)) {
        check(r.fault.kind != FAULT_NONE && r.fault.at <= in.n);
        return;
    }
    check(r.fault.kind == FAULT_NONE);
    r = rlp_reader_at(in, 0);
    copy(&r, &w);
    check(rlp_done(&r) && same(in, SLICE(memory, w.n)));
}

static void check_envelope(struct slice in, u8 *memory, size_t room)
{
    struct envelope e;
    struct fault fault;
    struct address from;

    if (!envelope_decode(&e, in, &fault)) {
        check(fault.kind != FAULT_NONE && fault.at <= in.n);
        return;
    }
    check(fault.kind == FAULT_NONE && envelope_room(&e) <= room);
    check(same(in, SLICE(memory, envelope_encode(memory, envelope_room(&e), &e))));
    check(envelope_sender(&from, &e, memory, envelope_room(&e)) < FAULT_KINDS);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    size_t room = size + 256; /* of what envelope_room() counts, all but 256 is in the input */
    u8 *memory = malloc(room);

    check(memory != NULL);
    check_rlp(SLICE(data, size), memory, room);
    check_envelope(SLICE(data, size), memory, room);
    free(memory);
    return 0;
}
