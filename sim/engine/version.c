#include "sim/engine/version.h"

const char *version_text(void)
{
    return ORRERY_VERSION; /* the Makefile defines it for this file only */
}
