/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An open ELF file, by libelf. */
#ifndef SYNCDIR_ELF_FILE_H
#define SYNCDIR_ELF_FILE_H

#include <gelf.h>
#include <stddef.h>

/* Opens PATH; NULL, and errno or 0 where the file is the trouble. */
Elf *open_elf(const char *path, int *fd);
void close_elf(Elf *elf, int fd);

/* Bytes [OFFSET, OFFSET + SIZE) of the file, NULL if it is not that long. */
const char *bytes_of(Elf *elf, size_t offset, size_t size);

/* What is loaded at ADDRESS, and how much of its segment follows in SIZE; NULL if
 * nothing is, or none of the file. */
const unsigned char *loaded_at(Elf *elf, GElf_Addr address, size_t *size);

#endif
