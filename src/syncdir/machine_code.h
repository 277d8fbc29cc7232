/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Machine code of x86_64, by libcapstone: where a function begins, what is an instruction,
 * and which constant is in a register when it comes there. */
#ifndef SYNCDIR_MACHINE_CODE_H
#define SYNCDIR_MACHINE_CODE_H

#include <capstone/capstone.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "elf_file.h"

/* A stretch of machine code. */
struct code {
  const unsigned char *bytes;
  size_t size;
  uint64_t address;
};

/* What the walk through a function knows of the register that holds the number. */
struct number {
  bool known;
  int64_t value;
  uint64_t set_at;         /* the address of the instruction that set it */
};

static inline int32_t word_at(const unsigned char *bytes)
{
  int32_t word;

  memcpy(&word, bytes, sizeof word);
  return word;
}

/* Before all else: false if there is no disassembler. */
bool load_decoder(void);

/* Room for an instruction; NULL without memory. */
cs_insn *new_instruction(void);
void free_instruction(cs_insn *instruction);

/* The function that ADDRESS lies in; false if none is known. */
bool find_function(Elf *elf, uint64_t address, struct code *function);

/* Whether the processor may come to PLACE and go on.  What stands behind a system call
 * that returns is of this kind; of the constants that OpenSSL keeps between its
 * functions, none that was looked at. */
bool goes_on_from(const struct code *code, uint64_t place);

/* Follows FUNCTION up to the instruction that PLACE lies in.  True, and NUMBER as it
 * is then in one of REGISTERS, if there is one. */
bool decode_up_to(const struct code *function, uint64_t place, const x86_reg registers[4],
                  struct number *number, cs_insn *instruction);

#endif
