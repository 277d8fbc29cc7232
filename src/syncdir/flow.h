/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the registers of a function hold where it makes system calls: which constants, and
 * the address of syscall(3). */
#ifndef SYNCDIR_FLOW_H
#define SYNCDIR_FLOW_H

#include "entries.h"
#include "targets.h"

/* A system call in a function. */
struct use {
  bool by_instruction; /* or by syscall(3) */
  bool known;
  int32_t number; /* if it is known: the kernel looks at no more than 32 bits */
};

/* Follows FUNCTION of ELF on all its ways, and calls TELL for each system call on them, and of
 * each use of the address of syscall(3) that is not followed, as one whose number is not
 * known.  TARGETS, ENTRIES: its file's.  False if its instructions cannot be told: it
 * has something else between them, or there is no memory. */
bool follow_function(Elf *elf, const struct code *function, const struct targets *targets,
                     const struct entries *entries, void (*tell)(void *data, const struct use *use),
                     void *data);

#endif
