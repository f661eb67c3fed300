/* field - the types that a row of tx.def, log.def or msg.def may give its fields, and how each is
 * written and read.  Include it where the rows are expanded; nowhere else. */
#ifndef PROTOCOL_FIELD_H
#define PROTOCOL_FIELD_H

#include "protocol/machine.h"

#define FIELD_TYPE_u32 u32
#define FIELD_TYPE_account u32 /* of the chain; an address to the outside */
#define FIELD_TYPE_u64 u64
#define FIELD_TYPE_u128 u128
#define FIELD_TYPE_amount struct amount
#define FIELD_TYPE_machine struct machine
#define FIELD_TYPE_specs struct specs

#define FIELD_PUT_u32(w, v) put_u32((w), (v))
#define FIELD_PUT_account(w, v) put_u32((w), (v))
#define FIELD_PUT_u64(w, v) put_u64((w), (v))
#define FIELD_PUT_u128(w, v) put_u128((w), (v))
#define FIELD_PUT_amount(w, v) put_amount((w), (v))
#define FIELD_PUT_machine(w, v) put_machine((w), &(v))
#define FIELD_PUT_specs(w, v) put_specs((w), &(v))

#define FIELD_GET_u32(r, v) (v) = get_u32(r)
#define FIELD_GET_account(r, v) (v) = get_u32(r)
#define FIELD_GET_u64(r, v) (v) = get_u64(r)
#define FIELD_GET_u128(r, v) (v) = get_u128(r)
#define FIELD_GET_amount(r, v) (v) = get_amount(r)
#define FIELD_GET_machine(r, v) get_machine((r), &(v))
#define FIELD_GET_specs(r, v) get_specs((r), &(v))

#endif /* PROTOCOL_FIELD_H */
