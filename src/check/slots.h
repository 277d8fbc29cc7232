/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the calls of a running process lead to: the addresses that its loader has put
 * into each object. */
#ifndef SYNCDIR_SLOTS_H
#define SYNCDIR_SLOTS_H

#include "loaded.h"
#include "syncdir/report.h"

/* Whether the wrapped calls of the COUNT objects in LIST, of process PID, lead to object
 * number LIBRARY, which is ours.  A call that the loader has not looked up yet will lead
 * there if its object was loaded at the start.  If the object came by dlopen this is unknown,
 * because RTLD_DEEPBIND leads such calls to the C library. */
void judge_slots(struct report *report, const char *pid, const struct loaded *list, size_t count,
                 size_t library);

#endif
