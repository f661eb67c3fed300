/* room - is there room again on a disk that was full?
 */
#ifndef SIM_TESTNET_ROOM_H
#define SIM_TESTNET_ROOM_H

#include "protocol/base.h"

/* Tries it out: as much as a store needs to go on is written beside the file, and removed. */
bool room_beside(const char *file);

#endif /* SIM_TESTNET_ROOM_H */
