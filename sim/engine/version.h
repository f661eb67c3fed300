/* version - which source this program was built from: `git describe`, or "unknown". */
#ifndef SIM_ENGINE_VERSION_H
#define SIM_ENGINE_VERSION_H

const char *version_text(void);

#endif /* SIM_ENGINE_VERSION_H */
