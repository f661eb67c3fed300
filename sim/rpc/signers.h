/* signers - who signed the transactions that came, recovered on other cores.
 *
 * To find a sender takes longer than all else that a transaction costs (rpc.md 8), and hangs on its
 * bytes alone.  So what is known to be coming is handed to threads of their own: the rest of a
 * batch while its first transactions are taken, or one body's while the next is read.  Whoever
 * needs an answer that nobody has begun with finds it himself.  The threads see copies of bytes and
 * nothing else of this program.
 */
#ifndef SIM_RPC_SIGNERS_H
#define SIM_RPC_SIGNERS_H

#include "chain-mock/wire/address.h"
#include "chain-mock/wire/fault.h"
#include "chain-mock/wire/slice.h"

#define SIGNERS_MANY 1024u /* at once; what is more waits for nobody */

struct signers;

/* threads 0: it knows nothing and costs nothing.  They begin with the first question.  NULL: no
 * memory. */
struct signers *signers_open(u32 threads);
void signers_close(struct signers *s); /* NULL is nothing */

/* As many as other cores than one's own are there, at most 3. */
u32 signers_spare_cores(void);

/* Readable when one that was asked for with `tell` is there; signers_heard() makes it silent. */
int signers_fd(const struct signers *s);
void signers_heard(struct signers *s);

/* Begins with a transaction, the hash of whose bytes this is; they are copied.  False: not now. */
bool signers_ask(struct signers *s, struct slice raw, const struct bytes32 *hash, bool tell);

/* Is this one asked for, and not known yet? */
bool signers_busy(struct signers *s, const struct bytes32 *hash);

/* Who signed the one with this hash, once: it is forgotten then.  It is waited for where somebody
 * is on it; where nobody has begun, nobody will.  False: find it yourself. */
bool signers_take(struct signers *s, const struct bytes32 *hash, struct address *from);

#endif /* SIM_RPC_SIGNERS_H */
