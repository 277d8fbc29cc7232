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
  int32_t number; /* if known; the kernel looks at 32 bits only */
};

/* Follows all paths through FUNCTION of ELF, and calls TELL for each system call on them.  A
 * use of the address of syscall(3) that is not followed counts as a system call with an
 * unknown number.  TARGETS and ENTRIES are those of the file.  False if the instructions
 * cannot be separated from other bytes between them, or if there is no memory. */
bool follow_function(Elf *elf, const struct code *function, const struct targets *targets,
                     const struct entries *entries, void (*tell)(void *data, const struct use *use),
                     void *data);

#endif
