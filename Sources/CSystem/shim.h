#ifndef GRANTKEEPER_SYSTEM_SHIM_H
#define GRANTKEEPER_SYSTEM_SHIM_H

#include <sys/prctl.h>

// Swift doesn't import variadic functions.

/// Makes the process leave no core dump and be readable by none but root; 0 when done.
static inline int system_make_undumpable(void) { return prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L); }

#endif
