/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The open batch: what is pending. */
#ifndef SYNCDIR_BATCH_H
#define SYNCDIR_BATCH_H

#include <stdbool.h>
#include <stdint.h>

struct action;
struct sys_stat;

/* Whether FD is a descriptor of the batch: the program does not know of it. */
bool is_pending_descriptor(int fd);

/* Whether ST lies on the filesystem of the batch. */
bool is_on_its_filesystem(const struct sys_stat *st);

/* Whether ST lies on the mount where the batch began, and is not where that is mounted. */
bool is_inside_its_mount(const struct sys_stat *st);

/* Whether ACTION is a handler that blocks SIGSYS while it runs. */
bool blocks_sigsys(const struct action *action);

/* The next flush is of FD's file, which has changed last. */
bool flush_next(int fd);

/* Flushes what is pending, for a call that lets something out; closes the batch. */
void end_batch(const char *call);

#endif
