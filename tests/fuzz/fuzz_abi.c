/* Any bytes as Solidity's data, of a signature that the first byte chooses: what is taken, written
 * again and read again, says the same; what is refused has a reason and a place within the input;
 * neither takes longer than the data are long. */
#include "chain-mock/wire/abi_print.h"
#include "chain-mock/wire/abi_writer.h"
#include "chain-mock/wire/revert.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static const char *const signatures[] = {
    "f((uint256, uint64, address, string, uint16, uint8, uint8[]))",
    "f((uint256, address, address[], string, string, string, uint8, uint8, uint256, address)[])",
    "f(uint256[], uint256[])",
    "f(bytes, bool, int8, bytes4, int256)",
    "f(uint8[][][], string[2], (bool, (bytes1, bytes)[3])[2][])",
    "Error(string)",
    "Panic(uint256)",
    "f()",
};

static void copy_value(struct abi_reader *r, struct abi_writer *w, const struct abi_type *type);

static void copy_members(struct abi_reader *r, struct abi_writer *w)
{
    struct abi_param p;

    while (abi_peek(r, &p))
        copy_value(r, w, &p.type);
}

static void copy_value(struct abi_reader *r, struct abi_writer *w, const struct abi_type *type)
{
    if (type->kind == ABI_TUPLE || type->kind == ABI_ARRAY) {
        size_t n = abi_enter(r);
        abi_begin(w, type->kind == ABI_ARRAY && type->size == 0 ? n : 0);
        copy_members(r, w);
        abi_end(w);
        abi_leave(r);
    } else if (type->kind == ABI_BYTES || type->kind == ABI_STRING) {
        abi_put_bytes(w, abi_get_bytes(r));
    } else {
        abi_put_word(w, abi_get_word(r));
    }
}

/* Text of the values; false: refused. */
static bool print(struct slice in, struct text types, char *text, size_t room)
{
    struct sink out = SINK(text, room);
    struct fault fault;
    bool taken = abi_print(&out, types, in, ABI_SELECTOR_BYTES, &fault);

    check(taken == (fault.kind == FAULT_NONE) && fault.at <= in.n);
    (void)sink_end(&out);
    return taken;
}

/* in is a call, whatever its selector. */
static void check_call(const struct abi_signature *s, struct slice in)
{
    size_t room = 2 * in.n + 64, n;
    char text[2][1000];
    u8 *memory = malloc(room);

    check(memory != NULL);
    if (print(in, s->inputs, text[0], sizeof(text[0]))) {
        struct abi_reader r = abi_reader_at(s->inputs, in, ABI_SELECTOR_BYTES);
        struct abi_writer w = abi_writer_of_call(s, memory, room);
        copy_members(&r, &w);
        check(abi_done(&r) && abi_finish(&w, &n));
        check(print(SLICE(memory, n), s->inputs, text[1], sizeof(text[1])));
        check(strcmp(text[0], text[1]) == 0);
    }
    free(memory);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    struct text reason;
    u64 code;

    if (size < 1 + ABI_SELECTOR_BYTES)
        return 0;
    struct slice in = SLICE(data + 1, size - 1);
    struct abi_signature s = abi_signature_of(signatures[data[0] % ARRAY_LEN(signatures)]);
    check_call(&s, in);
    if (revert_reason(in, &reason))
        check(reason.n <= in.n);
    if (revert_panic_code(in, &code) && revert_panic_text(code) != NULL)
        check(code <= 0x51);
    return 0;
}
