/* signers against envelope_sender(): whatever is asked for, taken early, late, twice or never, the
 * answer is the sender or none. */
#include "sim/rpc/signers.h"

#include "chain-mock/wire/envelope.h"
#include "tests/any.h"
#include "tests/test.h"

#include <poll.h>
#include <string.h>

#define MANY (2 * SIGNERS_MANY) /* more than there are places for */
#define RAW_BYTES 256u

static struct any any = {{61, 0, 0}, 0};
static struct {
    u8 raw[RAW_BYTES];
    size_t n;
    struct bytes32 hash;
    struct address from;
    bool good; /* the bytes are a transaction that somebody signed */
} tx[MANY];

static u8 scratch[RAW_BYTES];

static struct slice raw(u32 i)
{
    return SLICE(tx[i].raw, tx[i].n);
}

static bool find(u32 i, struct address *from)
{
    struct envelope e;
    struct fault fault;

    return envelope_decode(&e, raw(i), &fault) &&
           envelope_sender(from, &e, scratch, sizeof(scratch)) == FAULT_NONE;
}

/* Every tenth is damaged at a drawn byte: what is found then is what envelope.h finds. */
static void draw_txs(void)
{
    secp256k1_context *ctx = secp256k1_context_create(SECP256K1_CONTEXT_NONE);

    for (u32 i = 0; i < MANY; i++) {
        struct envelope e = {.type = ENVELOPE_FEE_MARKET, .chain_id = 31337, .nonce = i};
        struct bytes32 key = bytes32_of_u128(1 + i % 7);
        EXPECT(envelope_sign(&e, ctx, &key, scratch, sizeof(scratch)));
        tx[i].n = envelope_encode(tx[i].raw, sizeof(tx[i].raw), &e);
        if (i % 10 == 9)
            tx[i].raw[any_below(&any, tx[i].n)] ^= (u8)(1 + any_below(&any, 255));
        tx[i].hash = bytes32_keccak(raw(i));
        tx[i].good = find(i, &tx[i].from);
    }
    secp256k1_context_destroy(ctx);
}

/* True: the sender is known, and right. */
static bool take(struct signers *s, u32 i)
{
    struct address from = {{0}};
    bool known = signers_take(s, &tx[i].hash, &from);

    EXPECT(!known || (tx[i].good && address_equal(from, tx[i].from)));
    return known;
}

static void wait_for(struct signers *s, u32 i)
{
    while (signers_busy(s, &tx[i].hash))
        poll(NULL, 0, 1);
}

static void nobody_works_without_threads(void)
{
    struct signers *s = signers_open(0);

    EXPECT(s != NULL && !signers_ask(s, raw(0), &tx[0].hash, true));
    EXPECT(!signers_busy(s, &tx[0].hash) && !take(s, 0));
    signers_close(s);
    signers_close(NULL);
}

static void one_after_another(struct signers *s)
{
    for (u32 i = 0; i < 40; i++) {
        EXPECT(signers_ask(s, raw(i), &tx[i].hash, true));
        (void)signers_ask(s, raw(i), &tx[i].hash, true); /* it is asked for already, or known */
        struct pollfd p = {.fd = signers_fd(s), .events = POLLIN};
        EXPECT(poll(&p, 1, 10000) == 1);
        signers_heard(s);
        wait_for(s, i);
        EXPECT(take(s, i) == tx[i].good && !take(s, i));
    }
    EXPECT(poll(&(struct pollfd){.fd = signers_fd(s), .events = POLLIN}, 1, 0) == 0);
}

/* As a batch goes: asked for from the end, taken from the front. */
static u32 batch(struct signers *s, u32 begin, u32 count)
{
    u32 known = 0;

    for (u32 i = count; i-- > 0;)
        EXPECT(signers_ask(s, raw(begin + i), &tx[begin + i].hash, false));
    for (u32 i = 0; i < count; i++) {
        struct address from;
        if (take(s, begin + i))
            known++;
        else
            EXPECT(find(begin + i, &from) == tx[begin + i].good);
        EXPECT(!take(s, begin + i));
    }
    return known;
}

/* Those that nobody came for make room, the oldest first; those that wait do not. */
static void more_than_there_is_room_for(struct signers *s)
{
    u32 asked = 0, known = 0;

    for (u32 i = 0; i < MANY; i++)
        asked += signers_ask(s, raw(i), &tx[i].hash, false);
    EXPECT(asked >= SIGNERS_MANY && asked <= MANY);
    for (u32 i = 0; i < MANY; i++)
        wait_for(s, i);
    for (u32 i = 0; i < MANY; i++)
        known += take(s, i);
    EXPECT(known > SIGNERS_MANY * 8 / 10 && known <= SIGNERS_MANY);
}

int main(void)
{
    draw_txs();
    nobody_works_without_threads();
    for (u32 threads = 1; threads <= 3; threads++) {
        struct signers *s = signers_open(threads);
        u32 known = 0;
        EXPECT(s != NULL);
        one_after_another(s);
        for (u32 i = 0; i + 100 <= MANY; i += 100)
            known += batch(s, i, 100);
        EXPECT(known > 0);
        more_than_there_is_room_for(s);
        for (u32 i = 0; i < 200; i++)
            (void)signers_ask(s, raw(i), &tx[i].hash, true);
        signers_close(s); /* with work left */
    }
    puts("ok - signers");
    return 0;
}
