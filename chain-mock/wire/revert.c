#include "chain-mock/wire/revert.h"

#include "chain-mock/wire/abi_reader.h"
#include "chain-mock/wire/abi_writer.h"

static const char error_signature[] = "Error(string)";
static const char panic_signature[] = "Panic(uint256)";

/* The codes of Solidity's manual ("Panic via assert and Error via require"), with the words of
 * go-ethereum's accounts/abi. */
static const struct panic {
    u64 code;
    const char *text;
} panics[] = {
    {0x00, "generic panic"},
    {0x01, "assert(false)"},
    {0x11, "arithmetic underflow or overflow"},
    {0x12, "division or modulo by zero"},
    {0x21, "enum overflow"},
    {0x22, "invalid encoded storage byte array accessed"},
    {0x31, "out-of-bounds array access; popping an empty array"},
    {0x32, "out-of-bounds access of an array or bytesN"},
    {0x41, "out of memory"},
    {0x51, "uninitialized function"},
};

bool revert_error(u8 *out, size_t room, size_t *n, struct text reason)
{
    struct abi_signature s = abi_signature_of(error_signature);
    struct abi_writer w = abi_writer_of_call(&s, out, room);

    abi_put_bytes(&w, SLICE((const u8 *)reason.at, reason.n));
    return abi_finish(&w, n);
}

bool revert_panic(u8 *out, size_t room, size_t *n, u64 code)
{
    struct abi_signature s = abi_signature_of(panic_signature);
    struct abi_writer w = abi_writer_of_call(&s, out, room);

    abi_put_u128(&w, code);
    return abi_finish(&w, n);
}

bool revert_selector(struct slice data, u32 *out)
{
    if (data.n < ABI_SELECTOR_BYTES)
        return false;
    *out = (u32)data.at[0] << 24 | (u32)data.at[1] << 16 | (u32)data.at[2] << 8 | data.at[3];
    return true;
}

/* A reader of the arguments, if the data begin with this selector. */
static bool begins(struct slice data, u32 selector, const char *signature, struct abi_reader *r)
{
    u32 got;

    if (!revert_selector(data, &got) || got != selector)
        return false;
    *r = abi_reader_at(abi_signature_of(signature).inputs, data, ABI_SELECTOR_BYTES);
    return true;
}

bool revert_reason(struct slice data, struct text *out)
{
    struct abi_reader r;

    if (!begins(data, REVERT_ERROR_SELECTOR, error_signature, &r))
        return false;
    struct slice words = abi_get_bytes(&r);
    if (!abi_done(&r))
        return false;
    *out = (struct text){(const char *)words.at, words.n};
    return true;
}

bool revert_panic_code(struct slice data, u64 *out)
{
    struct abi_reader r;

    if (!begins(data, REVERT_PANIC_SELECTOR, panic_signature, &r))
        return false;
    u64 code = abi_get_u64(&r);
    if (!abi_done(&r))
        return false;
    *out = code;
    return true;
}

const char *revert_panic_text(u64 code)
{
    for (size_t i = 0; i < ARRAY_LEN(panics); i++)
        if (panics[i].code == code)
            return panics[i].text;
    return NULL;
}
