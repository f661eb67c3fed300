/* Any bytes as a run.log: read to its end or to its first fault, and every record said as text. */
#include "sim/engine/print.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void read_through(struct record_reader *r, FILE *out)
{
    struct record record;
    u64 number = 0;

    while (record_read(r, &record) == RECORD_MORE) {
        check(record.number == number++ && record.kind != RECORD_END);
        print_record(out, &record);
    }
    check(r->count == number);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    static u8 copy[1u << 20];
    static char text[1u << 16]; /* what does not fit is dropped */
    struct record_reader r;

    if (size == 0 || size > sizeof(copy))
        return 0;
    memcpy(copy, data, size);
    FILE *out = fmemopen(text, sizeof(text), "w");
    if (record_reader_of(&r, fmemopen(copy, size, "rb"))) {
        if (out != NULL)
            read_through(&r, out);
        record_reader_close(&r);
    }
    if (out != NULL)
        fclose(out);
    return 0;
}
