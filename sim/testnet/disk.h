/* disk - is there room again on one that was full?
 */
#ifndef SIM_TESTNET_DISK_H
#define SIM_TESTNET_DISK_H

#include "protocol/base.h"

/* Tries it out: as much as a store needs to go on is written beside the file, and removed. */
bool disk_has_room(const char *file);

#endif /* SIM_TESTNET_DISK_H */
