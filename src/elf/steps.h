/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Instructions of x86_64, as far as they matter to the numbers of system calls. */
#ifndef SYNCDIR_STEPS_H
#define SYNCDIR_STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "machine_code.h"
#include "targets.h"

/* The numbers of the general registers, as in machine code. */
enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15, REGISTERS };

#define BIT(register) ((uint16_t) (1u << (register)))

/* By the psABI of x86_64, 3.2.1: registers that a function keeps, and those that it may
 * change. */
enum {
  KEPT = 1 << RBX | 1 << RBP | 1 << R12 | 1 << R13 | 1 << R14 | 1 << R15,
  OF_CALLER = 0xffff & ~KEPT & ~(1 << RSP)
};

enum what {
  OTHER,
  NOTHING,   /* nop, or only flags change */
  SET,       /* TO becomes VALUE */
  ADD,       /* FROM is added to TO */
  COPY,      /* TO becomes what is in FROM */
  COPY_IF,   /* or stays as it is */
  TAKE,      /* TO becomes the address of syscall() */
  ENTER,     /* syscall */
  ENTER_OLD, /* sysenter, int $0x80 */
  CALL,
  CALL_TARGET,   /* syscall() itself */
  CALL_REGISTER, /* what is in FROM */
  JUMP,
  JUMP_IF,       /* to TARGET */
  JUMP_TARGET,   /* syscall() itself, perhaps by a conditional jump */
  JUMP_REGISTER, /* what is in FROM, as a switch does with its table */
  JUMP_AWAY,     /* by an address in memory */
  RETURN,
  STOP /* ud2 and the like */
};

struct step {
  uint64_t address;
  enum what what;
  bool goes_on;   /* to the next step as well */
  bool jumped_to; /* by a jump of this function */
  bool escapes;   /* the address of syscall() is used in another way */
  uint8_t to, from;
  int64_t value;
  uint16_t reads, writes, partly; /* registers; PARTLY: only a part is written */
  uint64_t target;
};

/* What INSTRUCTION does.  TARGETS: those through which syscall() is called. */
void make_step(const cs_insn *instruction, const struct targets *targets, struct step *step);

#endif
