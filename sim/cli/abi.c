/* abi - the contracts behind the wire door. */
#include "chain-mock/door/door.h"
#include "sim/cli/command.h"
#include "sim/engine/nearest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What a contract has to say of itself, which is the caller's; NULL: out of memory. */
static char *text_of(u32 i, bool (*write)(u32 i, struct sink *out))
{
    char measure[4];
    struct sink out = SINK(measure, sizeof(measure));
    bool fits = write(i, &out);
    size_t room = out.n + 1;
    char *text = fits ? NULL : malloc(room);

    if (text == NULL)
        return NULL;
    out = SINK(text, room);
    if (write(i, &out))
        return text;
    free(text);
    return NULL;
}

static void address_of(u32 i, char out[ADDRESS_CHARS])
{
    address_print(out, door_contract_address(i));
}

/* By name or address; door_contracts(): there is none. */
static u32 contract_named(const char *name)
{
    char address[ADDRESS_CHARS];
    u32 i;

    for (i = 0; i < door_contracts(); i++) {
        address_of(i, address);
        if (strcmp(door_contract_name(i), name) == 0 || strcasecmp(address, name) == 0)
            break;
    }
    return i;
}

static enum exit_code print_list(void)
{
    char address[ADDRESS_CHARS];

    for (u32 i = 0; i < door_contracts(); i++) {
        address_of(i, address);
        printf("%s  %s\n", address, door_contract_name(i));
    }
    return EXIT_PASS;
}

static enum exit_code print_one(u32 i, bool json)
{
    char *text = text_of(i, json ? door_contract_json : door_contract_lines);

    if (text == NULL)
        return command_refused("out of memory");
    fputs(text, stdout);
    free(text);
    return EXIT_PASS;
}

static enum exit_code print_all(void)
{
    char address[ADDRESS_CHARS];
    enum exit_code code = EXIT_PASS;

    fputs("{", stdout);
    for (u32 i = 0; i < door_contracts() && code == EXIT_PASS; i++) {
        address_of(i, address);
        printf("%s\n\"%s\":{\"address\":\"%s\",\"abi\":", i == 0 ? "" : ",", door_contract_name(i),
               address);
        code = print_one(i, true);
        fputs("}", stdout);
    }
    fputs("\n}\n", stdout);
    return code;
}

enum exit_code command_abi(const struct options *o)
{
    char hint[NEAREST_BYTES];

    if (o->arg_count == 0)
        return o->json ? print_all() : print_list();
    u32 i = contract_named(o->args[0]);
    if (i < door_contracts())
        return print_one(i, o->json);
    struct nearest near = nearest_to(o->args[0]);
    for (u32 k = 0; k < door_contracts(); k++)
        nearest_offer(&near, door_contract_name(k));
    return command_refused("there is no contract '%s'%s", o->args[0], nearest_hint(&near, hint));
}
