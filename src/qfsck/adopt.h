/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strays find their messages: by number, and a mess file by its inode too. */
#ifndef QFSCK_ADOPT_H
#define QFSCK_ADOPT_H

#include "scan.h"

void adopt_strays(struct scan *scan);

#endif
