/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether this process has any reason to put flushes off. */
#include "defer/reasons.h"

bool deferring;
atomic_int reasons_to_put_off;
