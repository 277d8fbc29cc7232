/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two ends of a TCP connection on this machine. */
#ifndef SYNCDIR_AUDIT_CONNECTIONS_H
#define SYNCDIR_AUDIT_CONNECTIONS_H

#include <sys/types.h>

/* The inode of the socket at the other end of FD, one of our descriptors, as it is seen in
 * the network of THREAD; before it is accepted, of the socket that listens there.  0 if FD is
 * not a TCP connection, or if its other end is on another machine. */
ino_t other_end(pid_t thread, int fd);

#endif
