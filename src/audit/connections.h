/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two ends of a TCP connection on this machine. */
#ifndef SYNCDIR_AUDIT_CONNECTIONS_H
#define SYNCDIR_AUDIT_CONNECTIONS_H

#include <stdbool.h>
#include <sys/types.h>

/* Finds the INODE of the socket at the other end of FD, one of our descriptors, in the network
 * of THREAD; before it is accepted, of the socket that listens there; 0 if it is closed.
 * False if FD is not a TCP connection, or if its other end is on another machine. */
bool find_other_end(pid_t thread, int fd, ino_t *inode);

#endif
