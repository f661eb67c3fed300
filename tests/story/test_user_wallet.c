/* A user and its wallet: one that fails to be made, one that is given away. */
#include "actors/user.h"
#include "tests/story/actor_host.h"

static void begin(struct user *u, struct amount deposit)
{
    memset(u, 0, sizeof(*u));
    u->config = (struct user_config){.deposit = deposit, .token = 1};
    host_begin(&actor_user, u);
    SAID("create_wallet; ");
}

static void wants(void)
{
    give(&(struct event){.kind = EVENT_DEMAND,
                         .u.demand = {.specs = {.cpu = 4, .ram_gib = 16, .disk_gib = 100},
                                      .replicas = 1,
                                      .token = 1,
                                      .max_price = AMOUNT(175000),
                                      .duration_s = 7200}});
}

/* settled 112: what runs from a wallet goes with it; what comes then needs another one. */
static void test_wallet_given(void)
{
    static struct user u;

    begin(&u, AMOUNT(0));
    result(TX_CREATE_WALLET, 0, ERR_None, 3);
    SAID("");
    wants();
    SAID("create_order #64 for 7200 s; ");
    result(TX_CREATE_ORDER, 64, ERR_None, 101);
    GIVE_LOG(LeaseCreated, lease_created, .lease = 7, .order = 101, .provider = PROVIDER,
             .wallet = 3, .agreed_s = 7200, .provider_account = PARTNER);
    skip();
    GIVE_LOG(WalletTransferred, wallet_transferred, .wallet = 9, .from = 1, .to = 2);
    SAID(""); /* not the one that it uses */
    GIVE_LOG(WalletTransferred, wallet_transferred, .wallet = 3, .from = 1, .to = 2);
    SAID("create_wallet; ");
    EXPECT(u.given_up == 1 && u.wallet == 0 && u.places == 0);
    wants();
    SAID(""); /* until it has one */
    result(TX_CREATE_WALLET, 0, ERR_None, 4);
    SAID("create_order #128 for 7200 s; ");
}

/* A wallet that ran out of gas is made again after a minute. */
static void test_wallet_out_of_gas(void)
{
    static struct user u;

    begin(&u, AMOUNT(500));
    result(TX_CREATE_WALLET, 0, ERR_OutOfGas, 0);
    SAID("timer 7 in 60000 ms; ");
    timer(USER_BEGINS, 0);
    SAID("create_wallet; ");
    result(TX_CREATE_WALLET, 0, ERR_None, 3);
    SAID("deposit 500; ");
    timer(USER_BEGINS, 0);
    SAID("");
}

int main(void)
{
    test_wallet_out_of_gas();
    test_wallet_given();
    printf("ok - a user's wallet\n");
    return EXIT_SUCCESS;
}
