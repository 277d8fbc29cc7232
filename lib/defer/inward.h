/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of the system calls that let nothing out. */
#ifndef SYNCDIR_INWARD_H
#define SYNCDIR_INWARD_H

#include <stdbool.h>

#include "defer/gate.h"

/* Does CALL if it lets nothing out, and sets RESULT.  False: not done. */
bool do_inward(const struct call *call, long *result);

/* Whether SIGNAL has its default action. */
bool signal_ends(int signal);

#endif
