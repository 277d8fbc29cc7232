/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Serves one file as a block device and logs what is done to it. */
#ifndef POWERCUT_SERVER_H
#define POWERCUT_SERVER_H

#include <sys/types.h>
#include "recording.h"

/* Starts a process that serves FOLDER/dev/disk, with the content of FOLDER/live,
 * and FOLDER/dev/marks; TREES is where the filesystem on the disk will be
 * mounted.  Both are there when this returns.  The process ends when FOLDER/dev
 * is unmounted, and then has written FOLDER/events and FOLDER/data; its exit
 * status is 0 if each mark was in order. */
pid_t start_server(const char *folder, const char *trees, const struct about *about);

#endif
