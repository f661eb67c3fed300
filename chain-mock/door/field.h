/* field - fields of rows (protocol/field.h) as values of ABI: in calldata, and in the topics and
 * data of a log.
 *
 * An account is an address; of one that nobody has, and of account 0, it is the zero address, and
 * back.  Machine and specs are tuples.  A writer or reader goes through the fields in their order,
 * once.
 */
#ifndef CHAIN_MOCK_DOOR_FIELD_H
#define CHAIN_MOCK_DOOR_FIELD_H

#include "chain-mock/door/door.h"
#include "chain-mock/wire/abi_reader.h"
#include "chain-mock/wire/abi_writer.h"

#define FIELD_ABI_u32 "uint32"
#define FIELD_ABI_account "address"
#define FIELD_ABI_u64 "uint64"
#define FIELD_ABI_u128 "uint128"
#define FIELD_ABI_amount "uint256"
#define FIELD_ABI_machine                                                                          \
    "(uint32 cpu, uint32 ram_gib, uint32 disk_gib, uint32 disk_nvme_gib, uint32 compute_score, "   \
    "uint32 up_mbps, uint32 down_mbps, uint16 region, uint8 compliance, "                          \
    "(uint16 model, uint16 count)[4] gpu)"
#define FIELD_ABI_specs                                                                            \
    "(uint32 cpu, uint32 ram_gib, uint32 disk_gib, uint16 gpu_model, uint16 gpus)"

_Static_assert(GPU_LINES == 4, "as the type of a machine says");

struct field_row {
    const char *type, *name; /* of ABI; as in the row */
    bool account;
};

struct field_list {
    const struct field_row *rows;
    u32 count;
};

/* Does an event have this field as a topic?  The first one and every account, at most three. */
bool field_indexed(struct field_list l, u32 i);

/* The account's address; zero: nobody's. */
struct address field_address(const struct door *d, u32 account);

struct field_writer {
    const struct door *door;
    struct abi_writer w;
    struct field_list list;
    struct door_log *log; /* takes the topics; NULL: a call, in which nothing is indexed */
    u32 at;               /* of the next field */
};

void field_put_u32(struct field_writer *f, u32 v);
void field_put_account(struct field_writer *f, u32 v);
void field_put_u64(struct field_writer *f, u64 v);
void field_put_u128(struct field_writer *f, u128 v);
void field_put_amount(struct field_writer *f, struct amount v);
void field_put_machine(struct field_writer *f, struct machine v);
void field_put_specs(struct field_writer *f, struct specs v);

/* How addresses become accounts. */
enum field_accounts {
    ACCOUNTS_NOT, /* all are 0: for a first look, of which nothing stays */
    ACCOUNTS_FOUND,
    ACCOUNTS_MADE
};

struct field_reader {
    struct door *door;
    struct abi_reader r;
    struct field_list list;
    const struct door_log *log; /* has the topics; NULL: a call */
    enum field_accounts accounts;
    u32 at, topic; /* of the next field, of the next topic */
};

/* After a fault, of which r.fault tells, all are zero. */
u32 field_get_u32(struct field_reader *f);
u32 field_get_account(struct field_reader *f);
u64 field_get_u64(struct field_reader *f);
u128 field_get_u128(struct field_reader *f);
struct amount field_get_amount(struct field_reader *f);
struct machine field_get_machine(struct field_reader *f);
struct specs field_get_specs(struct field_reader *f);

/* A machine and specs where no list of fields is. */
void field_write_machine(struct abi_writer *w, const struct machine *m);
void field_write_specs(struct abi_writer *w, const struct specs *s);

#endif /* CHAIN_MOCK_DOOR_FIELD_H */
