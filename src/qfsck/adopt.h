/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the messages of strays: by number, and of a mess file by its inode too. */
#ifndef QFSCK_ADOPT_H
#define QFSCK_ADOPT_H

#include "scan.h"

void adopt_strays(struct scan *scan);

#endif
