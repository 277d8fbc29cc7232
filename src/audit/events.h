/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a stop at a system call to what it means: a change, a flush, a telling. */
#ifndef SYNCDIR_AUDIT_EVENTS_H
#define SYNCDIR_AUDIT_EVENTS_H

#include "tasks.h"

/* TASK stands before a call that the filter stops.  True if its end has to be seen. */
bool begin_call(struct task *task);

/* It has come back from it. */
void end_call(struct task *task);

#endif
