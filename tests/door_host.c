/* door_host - see door_host.h. */
#include "tests/door_host.h"

#include <string.h>

static u32 find(void *about, struct address a)
{
    const struct chain *c = ((struct door_host *)about)->door.chain;

    for (u32 i = 1; i <= chain_accounts(c); i++) {
        if (memcmp(chain_account_address(c, i), a.byte, sizeof(a.byte)) == 0)
            return i;
    }
    return 0;
}

static u32 account(void *about, struct address a)
{
    struct door_host *h = about;
    u32 known = find(h, a), i = 0;

    if (known != 0)
        return known;
    while (i < h->newcomer_count && memcmp(h->newcomers[i].address, a.byte, sizeof(a.byte)) != 0)
        i++;
    if (i == DOOR_HOST_NEWCOMERS)
        return 0;
    if (i == h->newcomer_count)
        memcpy(h->newcomers[h->newcomer_count++].address, a.byte, sizeof(a.byte));
    return chain_accounts(h->door.chain) + 1 + i;
}

static u32 word(void *about, u32 word)
{
    struct door_host *h = about;

    check(h->word_count < DOOR_HOST_WORDS);
    h->words[h->word_count] = word;
    return h->word_count++;
}

void door_host_open(struct door_host *h, const struct chain *c)
{
    static const char *const regions[] = {"us-east", "eu-west"};

    h->door = (struct door){.chain = c,
                            .about = h,
                            .account = account,
                            .find = find,
                            .word = word,
                            .tokens = door_tokens_known,
                            .token_count = DOOR_TOKENS_KNOWN,
                            .regions = regions,
                            .region_count = ARRAY_LEN(regions),
                            .genesis_unix_s = DOOR_HOST_GENESIS_S};
    door_open(&h->door);
    door_host_next(h);
}

void door_host_next(struct door_host *h)
{
    h->newcomer_count = h->word_count = 0;
}

struct tx door_host_tx(struct door_host *h, struct door_call c)
{
    struct tx tx;

    door_tx(&h->door, &c, &tx);
    return tx;
}
