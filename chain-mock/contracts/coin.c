/* coin - what is no contract's: plain transfers of the coin, and calls that nobody takes. */
#include "chain-mock/contracts/call.h"
#include "chain-mock/contracts/token.h"

enum err call_send(struct call *c, const struct tx_send *a)
{
    u32 coin = state_meta(c->s)->coin;

    return coin == 0 ? ERR_TokenNotRegistered : token_give(c, a->to, coin - 1, a->amount);
}

enum err call_refused(struct call *c, const struct tx_refused *a)
{
    (void)c;
    return a->reason > ERR_None && a->reason < ERR_KINDS ? (enum err)a->reason : ERR_UnknownCall;
}
