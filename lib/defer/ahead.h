/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file that is opened before the program asks for it. */
#ifndef SYNCDIR_AHEAD_H
#define SYNCDIR_AHEAD_H

#include <stdbool.h>

struct sys_stat;

/* A batch begins, or has ended. */
void open_ahead(void);
void close_ahead(void);

/* Whether the descriptor of that is FD: the program does not know of it. */
bool is_opened_ahead(int fd);

/* Whether the file of which statx said ST is open already as FLAGS ask for it; then the
 * program gets it in RESULT, once. */
bool take_opened_ahead(const struct sys_stat *st, int flags, long *result);

#endif
