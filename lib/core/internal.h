/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every file of api and wrap includes: the next function, and what makes its
 * change durable, before and after. */
#ifndef SYNCDIR_INTERNAL_H
#define SYNCDIR_INTERNAL_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/bytes.h"
#include "core/durable.h"
#include "core/hidden_names.h"
#include "core/mode.h"
#include "core/next.h"
#include "syncdir.h"

#define EXPORT __attribute__((visibility("default")))

#endif
