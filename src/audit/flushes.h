/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a flush makes durable; each with the moment at which it began. */
#ifndef SYNCDIR_AUDIT_FLUSHES_H
#define SYNCDIR_AUDIT_FLUSHES_H

#include "model.h"

/* fsync(2); DATA_ALONE: fdatasync(2). */
void flush_file(struct file *file, moment began, bool data_alone);

/* msync(2), sync_file_range(2) of all of it, syncfs(2), sync(2). */
void flush_bytes(struct file *file, moment began);
void send_bytes(struct file *file, moment began);
void flush_filesystem(dev_t device, uint64_t mount, moment began);
void flush_all(moment began);

#endif
