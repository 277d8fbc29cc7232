/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How syncdir --audit ends. */
#ifndef SYNCDIR_AUDIT_STATUS_H
#define SYNCDIR_AUDIT_STATUS_H

/* NOT_STARTED is the tracer's word to us: the status is that of the failed start. */
enum { NO_FINDINGS = 0, FINDINGS = 1, NOT_WATCHED = 2, NOT_STARTED = -1 };

#endif
