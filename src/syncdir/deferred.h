/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the deferred mode can be had on this machine. */
#ifndef SYNCDIR_DEFERRED_H
#define SYNCDIR_DEFERRED_H

/* NULL; or why the library flushes each change of what this process executes when it is
 * made, whatever the mode. */
const char *why_never_deferred(void);

#endif
