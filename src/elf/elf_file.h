/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An open ELF file, by libelf. */
#ifndef SYNCDIR_ELF_FILE_H
#define SYNCDIR_ELF_FILE_H

#include <gelf.h>
#include <stddef.h>

/* Opens PATH.  NULL, with errno, or with 0 in errno if the file is not valid. */
Elf *open_elf(const char *path, int *fd);
void close_elf(Elf *elf, int fd);

/* Bytes [OFFSET, OFFSET + SIZE) of the file, NULL if it is not that long. */
const char *bytes_of(Elf *elf, size_t offset, size_t size);

/* The bytes of the file that are loaded at ADDRESS, and in SIZE how many follow in its
 * segment.  NULL if none are. */
const unsigned char *loaded_at(Elf *elf, GElf_Addr address, size_t *size);

#endif
