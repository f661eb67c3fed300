/* tip - the tip that is proposed to those who ask for one. */
#ifndef SIM_RPC_TIP_H
#define SIM_RPC_TIP_H

#include "protocol/amount.h"

#define TIP_WEI AMOUNT(1000000000u) /* 1 gwei, as the peers propose */

#endif /* SIM_RPC_TIP_H */
