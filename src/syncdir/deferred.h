/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the deferred mode can be had on this machine. */
#ifndef SYNCDIR_DEFERRED_H
#define SYNCDIR_DEFERRED_H

/* Why the deferred mode cannot work in a program that this process executes, so that each
 * change is flushed when it is made; NULL if it can. */
const char *why_never_deferred(void);

#endif
