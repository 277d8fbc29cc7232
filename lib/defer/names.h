/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of system calls, for the trace. */
#ifndef SYNCDIR_NAMES_H
#define SYNCDIR_NAMES_H

#include "defer/gate.h"

/* The name of what ended a batch, or "a system call" for those that seldom do. */
const char *name_of_call(const struct call *call);

#endif
