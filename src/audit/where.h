/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a path of another process leads, seen with its eyes: from its working directory,
 * its descriptors, its root. */
#ifndef SYNCDIR_AUDIT_WHERE_H
#define SYNCDIR_AUDIT_WHERE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

/* A name in an open directory. */
struct place {
  int directory; /* O_PATH; -1: none */
  char name[NAME_MAX + 1];
};

/* The place of the last name of PATH, which THREAD gave together with the descriptor FD
 * (or AT_FDCWD).  No final symbolic link is followed.  False, and errno, if its directory
 * cannot be found. */
bool find_place(pid_t thread, int fd, const char *path, struct place *place);

/* The place of the file that THREAD has open as FD. */
bool find_place_of_descriptor(pid_t thread, int fd, struct place *place);

/* What PATH leads to, opened with O_PATH; FOLLOW: also through a final symbolic link. */
int open_theirs(pid_t thread, int fd, const char *path, bool follow);

void leave_place(struct place *place);

/* The path of an open descriptor of ours, as the kernel prints it; "?" if it does not. */
void path_of(int fd, char path[PATH_MAX]);

#endif
