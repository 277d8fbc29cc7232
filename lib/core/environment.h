/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A variable of the environment, as far as it can be believed. */
#ifndef SYNCDIR_ENVIRONMENT_H
#define SYNCDIR_ENVIRONMENT_H

/* What follows BEGINNING in the variable that begins so, as "HOME=" does; NULL if none
 * does, and in a set-id program. */
const char *environment(const char *beginning);

#endif
