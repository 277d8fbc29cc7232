/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a call does to the bytes of files: writes and flushes; and what it tells by them. */
#ifndef SYNCDIR_AUDIT_BYTES_H
#define SYNCDIR_AUDIT_BYTES_H

#include "tasks.h"

/* At the beginning of a call.  True if its end has to be seen. */
bool begin_write(struct task *task, int fd);
bool begin_sync(struct task *task);
bool begin_range(struct task *task);

/* At its beginning, and there is nothing to be seen at its end. */
void change_by_name(struct task *task);
void change_by_descriptor(struct task *task);
void send_by_number(struct task *task);

/* At its end: the file ST, open as FD, was emptied, if it was not empty. */
void truncate_at_open(struct task *task, int fd, const struct stat *st);

/* At the end of one whose beginning was worth a look. */
void end_sync(struct task *task);

/* The files that the process has open are its user's, and no findings: the audit was started
 * with them. */
void note_given(pid_t process);

#endif
