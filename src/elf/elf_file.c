/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An open ELF file, by libelf. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "elf_file.h"

Elf *open_elf(const char *path, int *fd)
{
  Elf *elf;

  elf_version(EV_CURRENT);
  errno = 0;
  /* O_NONBLOCK: a fifo of that name must not stop us. */
  *fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (*fd == -1)
    return NULL;
  errno = 0;
  elf = elf_begin(*fd, ELF_C_READ_MMAP, NULL);
  if (!elf)
    close(*fd);
  return elf;
}

void close_elf(Elf *elf, int fd)
{
  elf_end(elf);
  close(fd);
}

const char *bytes_of(Elf *elf, size_t offset, size_t size)
{
  size_t length;
  const char *file = elf_rawfile(elf, &length);

  return file && offset <= length && size <= length - offset ? file + offset : NULL;
}

const unsigned char *loaded_at(Elf *elf, GElf_Addr address, size_t *size)
{
  size_t count;
  GElf_Phdr segment;

  if (elf_getphdrnum(elf, &count) == -1)
    return NULL;
  for (size_t i = 0; i < count && gelf_getphdr(elf, i, &segment); i++) {
    size_t into = address - segment.p_vaddr;

    if (segment.p_type != PT_LOAD || address < segment.p_vaddr || into >= segment.p_filesz)
      continue;
    *size = segment.p_filesz - into;
    return (const unsigned char *) bytes_of(elf, segment.p_offset + into, *size);
  }
  return NULL;
}
