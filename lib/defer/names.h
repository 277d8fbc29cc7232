/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of system calls, for the trace. */
#ifndef SYNCDIR_NAMES_H
#define SYNCDIR_NAMES_H

#include <stddef.h>

#include "defer/gate.h"

/* The name of what ended a batch; the number, put into BUFFER, of a call that seldom
 * does. */
const char *name_of_call(const struct call *call, char *buffer, size_t size);

#endif
