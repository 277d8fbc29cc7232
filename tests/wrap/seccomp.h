/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls answered by a seccomp filter instead of the kernel. */
#ifndef TESTS_SECCOMP_H
#define TESTS_SECCOMP_H

/* From now on this thread's system call NUMBER is answered by ACTION; FLAGS and
 * the result are seccomp(2)'s. */
int filter(int number, unsigned int action, unsigned int flags);

/* From now on it fails with ERROR; 0: it succeeds, and does nothing. */
void refuse(int number, int error);

/* From now on openat fails with ERROR, but not from the current directory. */
void refuse_openat_below(int error);

/* The same, but with O_PATH it does not. */
void refuse_to_read_below(int error);

/* openat relative to DIRFD fails with ERROR. */
void refuse_openat_at(int dirfd, int error);

#endif
