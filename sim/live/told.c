#include "sim/live/told.h"

#include "chain-mock/wire/hex.h"

#include <string.h>

static struct text text_of(const cJSON *item)
{
    if (!cJSON_IsString(item))
        return (struct text){"", 0};
    return (struct text){item->valuestring, strlen(item->valuestring)};
}

static struct text member(const cJSON *object, const char *name)
{
    return text_of(cJSON_GetObjectItemCaseSensitive(object, name));
}

u64 told_quantity(const cJSON *item)
{
    struct fault fault = {FAULT_NONE, 0};
    u64 v = 0;

    return hex_read_u64(&v, text_of(item), HEX_LENIENT, &fault) ? v : 0;
}

u64 told_number(const cJSON *object, const char *name)
{
    return told_quantity(cJSON_GetObjectItemCaseSensitive(object, name));
}

bool told_hash(const cJSON *item, struct bytes32 *out)
{
    struct fault fault = {FAULT_NONE, 0};

    return hex_read_fixed(out->byte, sizeof(out->byte), text_of(item), &fault);
}

bool told_is_hash(const cJSON *item, const struct bytes32 *hash)
{
    struct bytes32 its;

    return told_hash(item, &its) && memcmp(its.byte, hash->byte, sizeof(its.byte)) == 0;
}

bool told_log(const struct door *door, const cJSON *json, struct log *out)
{
    static u8 data[4096];
    struct door_log l = {.data = {data, 0}};
    struct fault fault = {FAULT_NONE, 0};
    const cJSON *topics = cJSON_GetObjectItemCaseSensitive(json, "topics"), *topic;

    if (!hex_read_fixed(l.address.byte, 20, member(json, "address"), &fault) ||
        !hex_read_data(data, sizeof(data), &l.data.n, member(json, "data"), &fault))
        return false;
    cJSON_ArrayForEach(topic, topics)
    {
        if (l.topic_count == DOOR_TOPICS_MAX || !told_hash(topic, &l.topics[l.topic_count]))
            return false;
        l.topic_count++;
    }
    struct door copy = *door;
    return door_log_read(&copy, &l, out);
}

enum err told_err(const struct door *door, const cJSON *receipt)
{
    struct fault fault = {FAULT_NONE, 0};
    u8 data[DOOR_REVERT_BYTES];
    size_t n;

    if (told_number(receipt, "status") == 1)
        return ERR_None;
    if (!hex_read_data(data, sizeof(data), &n, member(receipt, "revertReason"), &fault) || n == 0)
        return ERR_OutOfGas;
    return door_revert_read(door, SLICE(data, n));
}

u64 told_made(const struct door *door, const cJSON *receipt, enum tx_kind kind)
{
    const cJSON *logs = cJSON_GetObjectItemCaseSensitive(receipt, "logs"), *one;
    struct log l;

    cJSON_ArrayForEach(one, logs)
    {
        if (!told_log(door, one, &l))
            continue;
        if (kind == TX_CREATE_ORDER && l.kind == LOG_OrderCreated)
            return l.u.order_created.order;
        if (kind == TX_CREATE_WALLET && l.kind == LOG_WalletCreated)
            return l.u.wallet_created.wallet;
        if (kind == TX_PROPOSE && l.kind == LOG_ProviderProposed)
            return l.u.provider_proposed.provider;
        if (kind == TX_ACCEPT_UPDATE && l.kind == LOG_LeaseCreated)
            return l.u.lease_created.lease;
    }
    return 0;
}
