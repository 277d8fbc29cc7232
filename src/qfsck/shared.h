/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that have several names. */
#ifndef QFSCK_SHARED_H
#define QFSCK_SHARED_H

#include "context.h"

/* Each file of a queue has one name; only todo and intd of one message are one file.
 * After this each message has files of its own, is TORN, or is left alone. */
void share_out(struct check *check);

#endif
