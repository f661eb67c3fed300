#include "sim/rpc/query.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

static const char no_memory[] = "no memory";

/* Elements of an array, or the one that stands for itself. */
static u32 count_of(const cJSON *item)
{
    return item == NULL ? 0 : cJSON_IsArray(item) ? (u32)cJSON_GetArraySize(item) : 1;
}

static const cJSON *first_of(const cJSON *item)
{
    return cJSON_IsArray(item) ? item->child : item;
}

/* Where the topics go, behind the addresses in one piece of memory. */
struct topics {
    struct bytes32 *at;
    u32 used;
};

/* null among the topics of a position: any will do. */
static bool has_null(const cJSON *position)
{
    for (const cJSON *item = first_of(position); item != NULL; item = item->next)
        if (cJSON_IsNull(item))
            return true;
    return false;
}

static const char *read_position(const cJSON *position, struct node_filter *f, struct topics *t)
{
    u32 k = f->topic_count++;
    u32 count = 0;

    if (cJSON_IsNull(position) || (cJSON_IsArray(position) && has_null(position)))
        return NULL;
    f->topics[k].any_of = t->at + t->used;
    const cJSON *item = first_of(position);
    for (u32 left = count_of(position); left > 0; left--, item = item->next) {
        const char *why = read_hash(item, &t->at[t->used + count++]);
        if (why != NULL)
            return why;
    }
    f->topics[k].count = count;
    t->used += count;
    return NULL;
}

/* How many topics there are room for; NULL in *why, or what is wrong. */
static u32 count_topics(const cJSON *topics, const char **why)
{
    u32 sum = 0;

    *why = NULL;
    if (topics != NULL && !cJSON_IsArray(topics))
        *why = "topics: not an array";
    else if (count_of(topics) > DOOR_TOPICS_MAX)
        *why = "exceed max topics";
    if (*why != NULL || topics == NULL)
        return 0;
    for (const cJSON *position = topics->child; position != NULL; position = position->next) {
        if (count_of(position) > QUERY_TOPICS_MAX)
            *why = "exceed max topics";
        sum += count_of(position);
    }
    return sum;
}

static const char *read_lists(const cJSON *object, struct query *out)
{
    const cJSON *addresses = read_member(object, "address");
    const cJSON *topics = read_member(object, "topics");
    const char *why;
    u32 of_topics = count_topics(topics, &why), of_addresses = count_of(addresses);

    if (why != NULL)
        return why;
    if (of_addresses > QUERY_ADDRESSES_MAX)
        return "exceed max addresses";
    out->memory =
        malloc(of_topics * sizeof(struct bytes32) + of_addresses * sizeof(struct address) + 1);
    if (out->memory == NULL)
        return no_memory;
    struct topics t = {out->memory, 0};
    struct address *a = (struct address *)(void *)(t.at + of_topics);
    out->filter.addresses = a;
    const cJSON *item = first_of(addresses);
    for (u32 k = 0; k < of_addresses && why == NULL; k++, item = item->next)
        why = read_address(item, &a[k]);
    out->filter.address_count = of_addresses;
    item = topics == NULL ? NULL : topics->child;
    for (; item != NULL && why == NULL; item = item->next)
        why = read_position(item, &out->filter, &t);
    return why;
}

static const char *read_blocks(const cJSON *object, struct query *out)
{
    const cJSON *from = read_member(object, "fromBlock"), *to = read_member(object, "toBlock");
    const cJSON *hash = read_member(object, "blockHash");
    const char *why = NULL;

    out->has_from = from != NULL;
    out->has_to = to != NULL;
    out->has_hash = hash != NULL;
    if (hash != NULL && (from != NULL || to != NULL))
        return "cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other";
    if (hash != NULL)
        return read_hash(hash, &out->hash);
    if (from != NULL)
        why = read_block(from, &out->from);
    if (why == NULL && to != NULL)
        why = read_block(to, &out->to);
    if (why == NULL && (out->from.tag == BLOCK_HASH || out->to.tag == BLOCK_HASH))
        why = "a hash where a block number or a tag should stand";
    return why;
}

bool arg_query(const struct args *a, u32 i, struct query *out)
{
    const cJSON *object;

    *out = (struct query){.from = {.tag = BLOCK_LATEST}, .to = {.tag = BLOCK_LATEST}};
    if (!arg_object(a, i, &object))
        return false;
    const char *why = read_blocks(object, out);
    if (why == NULL)
        why = read_lists(object, out);
    if (why == NULL)
        return true;
    query_free(out);
    return arg_refuse(a, i, why);
}

void query_free(struct query *q)
{
    free(q->memory);
    q->memory = NULL;
}
