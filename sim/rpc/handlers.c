/* The handlers by row of methods.def. */
#include "sim/rpc/server.h"

call_handler *const server_handlers[METHODS] = {
#define METHOD(name, handler, least, most, does, aliases, doc) [METHOD_##name] = method_##handler,
#include "sim/rpc/methods.def"
#undef METHOD
};
