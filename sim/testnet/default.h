/* default - who lives in a testnet when nobody says. */
#ifndef SIM_TESTNET_DEFAULT_H
#define SIM_TESTNET_DEFAULT_H

/* A scenario's text: three providers, two users, an order every half minute or so. */
extern const char testnet_default[];

#endif /* SIM_TESTNET_DEFAULT_H */
