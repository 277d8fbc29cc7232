/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A variable of the environment, as far as it can be believed. */
#ifndef SYNCDIR_ENVIRONMENT_H
#define SYNCDIR_ENVIRONMENT_H

/* The value of NAME; NULL if it is not set, and in a set-id program. */
const char *environment(const char *name);

#endif
