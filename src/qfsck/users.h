/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The users and the group that own a queue, by number. */
#ifndef QFSCK_USERS_H
#define QFSCK_USERS_H

#include "queue.h"

/* From FILE, or from the system if it is NULL. */
void read_ids(struct ids *ids, const char *file);

#endif
