/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides what becomes of each message, and of each stray. */
#ifndef QFSCK_FATES_H
#define QFSCK_FATES_H

#include "context.h"

void decide_fates(struct check *check);

#endif
