#include "sim/rpc/ask.h"

#include "chain-mock/wire/fault.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

/* The refusal "invalid argument i: member: why"; false. */
static bool refuse_member(const struct args *a, u32 i, const char *member, const char *why)
{
    char text[160];

    snprintf(text, sizeof(text), "%s: %s", member, why);
    return arg_refuse(a, i, text);
}

/* A coin of so many units there is not, so it is refused as what somebody has not. */
static bool refuse_funds(const struct args *a)
{
    *a->why = (struct refusal){.code = -32000};
    snprintf(a->why->message, sizeof(a->why->message), "%s", NODE_BEYOND_FUNDS);
    return false;
}

/* What a quantity of the object goes into; one of the two is not NULL. */
struct quantity {
    const char *name;
    bool *has;
    u64 *number;
    struct amount *amount;
};

static bool read_quantities(const struct args *a, u32 i, const cJSON *object, struct ask *out)
{
    struct node_ask *n = &out->node;
    bool has_value;
    const struct quantity quantities[] = {
        {"gas", &n->has_gas, &n->gas, NULL},
        {"nonce", &n->has_nonce, &n->nonce, NULL},
        {"chainId", &out->has_chain_id, &out->chain_id, NULL},
        {"value", &has_value, NULL, &n->value},
        {"gasPrice", &n->has_gas_price, NULL, &n->gas_price},
        {"maxFeePerGas", &n->has_max_fee, NULL, &n->max_fee},
        {"maxPriorityFeePerGas", &n->has_tip, NULL, &n->max_tip},
    };

    for (size_t k = 0; k < ARRAY_LEN(quantities); k++) {
        const struct quantity *q = &quantities[k];
        const cJSON *item = read_member(object, q->name);
        *q->has = item != NULL;
        if (item == NULL)
            continue;
        const char *why =
            q->number != NULL ? read_u64(item, q->number) : read_amount(item, q->amount);
        if (why == fault_text(FAULT_HEX_BEYOND_128))
            return refuse_funds(a);
        if (why != NULL)
            return refuse_member(a, i, q->name, why);
    }
    return true;
}

static bool read_parties(const struct args *a, u32 i, const cJSON *object, struct ask *out)
{
    const cJSON *from = read_member(object, "from"), *to = read_member(object, "to");
    const char *why = from == NULL ? NULL : read_address(from, &out->node.from);

    if (why != NULL)
        return refuse_member(a, i, "from", why);
    why = to == NULL ? NULL : read_address(to, &out->node.to);
    if (why != NULL)
        return refuse_member(a, i, "to", why);
    out->has_from = from != NULL;
    out->node.creates = to == NULL;
    return true;
}

static bool read_input(const struct args *a, u32 i, const cJSON *object, struct ask *out)
{
    const cJSON *input = read_member(object, "input"), *data = read_member(object, "data");
    const cJSON *taken = input != NULL ? input : data;

    if (input != NULL && data != NULL && cJSON_IsString(input) && cJSON_IsString(data) &&
        strcmp(input->valuestring, data->valuestring) != 0)
        return arg_refuse(
            a, i,
            "both \"data\" and \"input\" are set and not equal. Please use \"input\" to "
            "pass transaction call data");
    const char *why = taken == NULL ? NULL : read_data(taken, &out->node.data);
    return why == NULL || refuse_member(a, i, taken == input ? "input" : "data", why);
}

bool arg_ask(const struct args *a, u32 i, struct ask *out)
{
    const cJSON *object;

    *out = (struct ask){0};
    if (!arg_object(a, i, &object) || !read_parties(a, i, object, out) ||
        !read_quantities(a, i, object, out) || !read_input(a, i, object, out))
        return false;
    if (out->node.has_gas_price && (out->node.has_max_fee || out->node.has_tip)) {
        *a->why = (struct refusal){
            .code = -32602,
            .message = "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified"};
        return false;
    }
    return true;
}

/* Of one account; the sender's balance is what a call can see. */
static bool read_account(const struct args *a, u32 i, const cJSON *account, struct ask *of)
{
    static const char *const refused[] = {"code", "state", "stateDiff", "movePrecompileToAddress"};
    struct address address;
    struct amount balance;
    u64 nonce;
    const char *why = NULL;

    for (size_t k = 0; k < ARRAY_LEN(refused); k++)
        if (read_member(account, refused[k]) != NULL)
            return refuse_member(
                a, i, refused[k],
                "contracts are native here: only balance and nonce can be overridden");
    memset(&address, 0, sizeof(address));
    const cJSON named = {.type = cJSON_String, .valuestring = account->string};
    why = read_address(&named, &address);
    if (why != NULL)
        return arg_refuse(a, i, why);
    const cJSON *item = read_member(account, "nonce");
    why = item == NULL ? NULL : read_u64(item, &nonce);
    if (why != NULL)
        return refuse_member(a, i, "nonce", why);
    item = read_member(account, "balance");
    why = item == NULL ? NULL : read_amount(item, &balance);
    if (why != NULL)
        return refuse_member(a, i, "balance", why);
    if (item != NULL && address_equal(address, of->node.from)) {
        of->node.has_balance = true;
        of->node.balance = balance;
    }
    return true;
}

bool arg_override(const struct args *a, u32 i, struct ask *of)
{
    const cJSON *object;

    if (arg_absent(a, i))
        return true;
    if (!arg_object(a, i, &object))
        return false;
    for (const cJSON *account = object->child; account != NULL; account = account->next)
        if (!cJSON_IsObject(account))
            return arg_refuse(a, i, "not an object of accounts");
        else if (!read_account(a, i, account, of))
            return false;
    return true;
}
