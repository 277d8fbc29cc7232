/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the calls of a running process lead to: the addresses that its loader has put
 * into each object. */
#ifndef SYNCDIR_SLOTS_H
#define SYNCDIR_SLOTS_H

#include "loaded.h"
#include "report.h"

/* Whether the wrapped calls of the COUNT objects in LIST, of process PID, lead into
 * number LIBRARY of them, which is ours.  One that the loader has not looked up yet will,
 * if its object came at the start; of one that came by dlopen it cannot be told, for
 * RTLD_DEEPBIND leads it to the C library. */
void judge_slots(struct report *report, const char *pid, const struct loaded *list, size_t count,
                 size_t library);

#endif
