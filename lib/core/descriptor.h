/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where an open descriptor leads. */
#ifndef SYNCDIR_DESCRIPTOR_H
#define SYNCDIR_DESCRIPTOR_H

#include <sys/types.h>

/* Puts the path that /proc gives for FD into PATH, which has room for SIZE.  Returns
 * its length; SIZE - 1 if it may have been cut, -1 if there is none. */
ssize_t path_of_descriptor(int fd, char *path, size_t size);

#endif
