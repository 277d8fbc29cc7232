/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the kernel starts a program in secure mode (AT_SECURE), in which the
 * loader ignores an LD_PRELOAD that has a slash in it. */
#ifndef SYNCDIR_SECURE_H
#define SYNCDIR_SECURE_H

#include <stdbool.h>

/* Why the kernel would start FILE in secure mode for this process, as the end of "FILE is
 * ..."; NULL if it would not. */
const char *why_secure(const char *file);

/* Whether it has file capabilities, whoever they have an effect for. */
bool has_capabilities(const char *file);

#endif
