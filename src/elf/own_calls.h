/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The system calls that a program or library makes by itself, past the C library's
 * functions and so past ours. */
#ifndef SYNCDIR_OWN_CALLS_H
#define SYNCDIR_OWN_CALLS_H

#include <stdbool.h>

struct own_calls {
  bool by_instruction; /* it has an instruction that enters the kernel */
  bool by_function;    /* it calls the C library's syscall() */
  bool unknown;        /* one of their numbers is not a constant, or was not found */
  char names[512];     /* those with a constant number that can make, move or remove a
                              name: "rename openat", or "" */
};

/* Fills in CALLS for the ELF file PATH.  Returns NULL, or why it could not be examined. */
const char *find_own_calls(const char *path, struct own_calls *calls);

#endif
