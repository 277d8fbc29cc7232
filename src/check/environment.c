/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The environment that a process has now: what environ(7) leads to in its memory. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "elf/elf_file.h"
#include "environment.h"
#include "loaded.h"
#include "mapped.h"

/* No process has more than this, and a damaged list may have no end. */
enum { VARIABLES_MAX = 65536, VARIABLE_SIZE = 131072 };

/* The value of the symbol environ, if ELF defines it; else 0. */
static unsigned long find_symbol(Elf *elf)
{
  Elf_Scn *section = NULL;
  GElf_Shdr header;
  GElf_Sym symbol;

  while ((section = elf_nextscn(elf, section)) && gelf_getshdr(section, &header)) {
    Elf_Data *data = header.sh_type == SHT_DYNSYM ? elf_getdata(section, NULL) : NULL;

    for (int i = 1; data && gelf_getsym(data, i, &symbol); i++) {
      const char *name = elf_strptr(elf, header.sh_link, symbol.st_name);

      if (symbol.st_shndx != SHN_UNDEF && name && strcmp(name, "environ") == 0)
        return symbol.st_value;
    }
  }
  return 0;
}

/* The address of environ: that of the first object that defines it, which is the program
 * itself if it is not PIE. */
static unsigned long find_environ(const char *pid)
{
  struct loaded *list;
  size_t count;
  bool apart;
  unsigned long address = 0, value;

  if (read_loaded(pid, &list, &count, &apart))
    return 0;
  for (size_t i = 0; !address && i < count; i++) {
    char path[2 * PATH_MAX];
    int fd;
    Elf *elf = find_file(pid, &list[i], path) ? open_elf(path, &fd) : NULL;

    if (!elf)
      continue;
    if ((value = find_symbol(elf)))
      address = list[i].base + value;
    close_elf(elf, fd);
  }
  free(list);
  return address;
}

bool read_environment(const char *pid, void (*take)(void *data, const char *variable), void *data)
{
  unsigned long at, address = 0, variable = 1, environ_at = find_environ(pid);
  char path[64], *text = malloc(VARIABLE_SIZE);
  int memory;
  bool good;

  snprintf(path, sizeof path, "/proc/%.20s/mem", pid);
  memory = open(path, O_RDONLY | O_CLOEXEC);
  good = text && memory != -1 && environ_at
      && read_memory(memory, environ_at, &address, sizeof address) && address;
  at = address;
  for (int i = 0; good && variable; i++, at += sizeof variable) {
    good = i < VARIABLES_MAX && read_memory(memory, at, &variable, sizeof variable)
        && (!variable || read_string(memory, variable, text, VARIABLE_SIZE));
    if (good && variable)
      take(data, text);
  }
  if (memory != -1)
    close(memory);
  free(text);
  return good;
}
