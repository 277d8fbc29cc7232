/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Machine code of x86_64, by libcapstone: where a function begins, and what is an
 * instruction. */
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
  uint64_t frame; /* of a function: where its frame is described */
};

static inline int32_t word_at(const unsigned char *bytes)
{
  int32_t word;

  memcpy(&word, bytes, sizeof word);
  return word;
}

/* To be called first; false if there is no disassembler. */
bool load_decoder(void);

/* Room for an instruction; NULL if there is no memory. */
cs_insn *new_instruction(void);
void free_instruction(cs_insn *instruction);

/* The function that ADDRESS lies in; false if none is known. */
bool find_function(Elf *elf, uint64_t address, struct code *function);

/* Whether the bytes at PLACE look like code that the processor executes and goes on from.
 * What follows a real system call does; the constants that OpenSSL keeps between its
 * functions do not, as far as they were examined. */
bool goes_on_from(const struct code *code, uint64_t place);

/* Decodes the first instruction of REST and removes it from REST; false at the end. */
bool next_instruction(struct code *rest, cs_insn *instruction);

/* Which registers it reads and writes; false if that is not known. */
bool registers_of(const cs_insn *instruction, cs_regs read, uint8_t *reads, cs_regs written,
                  uint8_t *writes);

#endif
