/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands in an ELF file, as far as preloads go. */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "object.h"

const char *const wrapped_names[wrapped_count] = {
#define WRAPPED(name) #name,
#include "wrapped.h"
#undef WRAPPED
};

/* Bytes [OFFSET, OFFSET + SIZE) of the file, NULL if it is not that long. */
static const char *bytes_of(Elf *elf, size_t offset, size_t size)
{
  size_t length;
  const char *file = elf_rawfile(elf, &length);

  return file && offset <= length && size <= length - offset ? file + offset : NULL;
}

static bool read_segments(Elf *elf, struct object *object)
{
  size_t count;
  bool loaded = false;
  GElf_Phdr segment;

  if (elf_getphdrnum(elf, &count) == -1)
    return false;
  for (size_t i = 0; i < count; i++) {
    const char *bytes;

    if (!gelf_getphdr(elf, i, &segment))
      return false;
    if (segment.p_type != PT_LOAD && segment.p_type != PT_INTERP)
      continue;
    bytes = bytes_of(elf, segment.p_offset, segment.p_filesz);
    if (!bytes)
      return false;
    if (segment.p_type == PT_INTERP)
      snprintf(object->loader, sizeof object->loader, "%.*s", (int) segment.p_filesz, bytes);
    else
      loaded = true;
  }
  return loaded;
}

static void read_needed(const char *name, struct object *object)
{
  if (strcmp(name, "libsyncdir.so.1") == 0)
    object->needs_library = true;
  else if (strncmp(name, "libasan.so", 10) == 0)
    snprintf(object->sanitizer, sizeof object->sanitizer, "%s", name);
  else if (strncmp(name, "liburing.so", 11) == 0)
    object->io_uring = true;
}

static void read_dynamic(Elf *elf, const GElf_Shdr *header, Elf_Data *data,
                         struct object *object)
{
  GElf_Dyn entry;

  for (int i = 0; gelf_getdyn(data, i, &entry) && entry.d_tag != DT_NULL; i++) {
    const char *name = entry.d_tag != DT_NEEDED ? NULL
                     : elf_strptr(elf, header->sh_link, entry.d_un.d_val);

    if (name)
      read_needed(name, object);
    if (entry.d_tag == DT_FLAGS_1 && (entry.d_un.d_val & DF_1_PIE))
      object->program = true;
  }
}

static void read_symbol(const char *name, bool imported, struct object *object)
{
  for (int i = 0; i < wrapped_count; i++)
    if (strcmp(name, wrapped_names[i]) == 0)
      (imported ? object->imports : object->defines)[i] = true;
  if (imported && strcmp(name, "syscall") == 0)
    object->raw_calls = true;
  if (imported && strncmp(name, "io_uring_", 9) == 0)
    object->io_uring = true;
}

static void read_symbols(Elf *elf, const GElf_Shdr *header, Elf_Data *data,
                         struct object *object)
{
  GElf_Sym symbol;

  for (int i = 1; gelf_getsym(data, i, &symbol); i++) {
    const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);

    if (name && GELF_ST_BIND(symbol.st_info) != STB_LOCAL)
      read_symbol(name, symbol.st_shndx == SHN_UNDEF, object);
  }
}

static void read_sections(Elf *elf, struct object *object)
{
  Elf_Scn *section = NULL;
  GElf_Shdr header;
  size_t names = 0;

  elf_getshdrstrndx(elf, &names);
  while ((section = elf_nextscn(elf, section)) && gelf_getshdr(section, &header)) {
    const char *name = elf_strptr(elf, names, header.sh_name);
    Elf_Data *data;

    if (name && strcmp(name, ".go.buildinfo") == 0)
      object->go = true;
    if (header.sh_type != SHT_DYNAMIC && header.sh_type != SHT_DYNSYM)
      continue;
    data = elf_getdata(section, NULL);
    if (data && header.sh_type == SHT_DYNAMIC)
      read_dynamic(elf, &header, data, object);
    else if (data)
      read_symbols(elf, &header, data, object);
  }
}

/* Opens PATH; both or neither. */
static Elf *begin(const char *path, int *fd)
{
  Elf *elf;

  elf_version(EV_CURRENT);
  *fd = open(path, O_RDONLY | O_CLOEXEC);
  if (*fd == -1)
    return NULL;
  elf = elf_begin(*fd, ELF_C_READ_MMAP, NULL);
  if (!elf)
    close(*fd);
  return elf;
}

static void end(Elf *elf, int fd)
{
  elf_end(elf);
  close(fd);
}

const char *read_object(const char *path, struct object *object)
{
  static const char damaged[] = "it is no complete ELF file";
  const char *wrong = NULL;
  GElf_Ehdr header;
  int fd;
  Elf *elf;

  memset(object, 0, sizeof *object);
  errno = 0;
  elf = begin(path, &fd);
  if (!elf)
    return errno ? strerror(errno) : damaged;
  if (elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &header)) {
    object->class = header.e_ident[EI_CLASS];
    object->machine = header.e_machine;
    object->program = header.e_type == ET_EXEC;
    if (!read_segments(elf, object))
      wrong = damaged;
    else
      read_sections(elf, object);
    if (*object->loader)
      object->program = true;
  } else {
    wrong = damaged;
  }
  end(elf, fd);
  return wrong;
}

/* Each wrapper in the archive leaves "@(#)syncdir VERSION NAME" behind: wrap.h. */
void read_archived(const char *path, struct object *object)
{
  static const char mark[] = "@(#)syncdir ";
  const char *file, *at, *stop;
  size_t length = 0, used = 0;
  int fd;
  Elf *elf = begin(path, &fd);

  if (!elf)
    return;
  file = elf_rawfile(elf, &length);
  stop = file + length;
  for (at = file; at && (at = memmem(at, stop - at, mark, sizeof mark - 1)); ) {
    const char *last = memchr(at, '\0', stop - at), *name;

    name = last ? memrchr(at, ' ', last - at) : NULL;
    if (name && name >= at + sizeof mark && used < sizeof object->archived)
      used += snprintf(object->archived + used, sizeof object->archived - used, "%s", name);
    at += sizeof mark - 1;
  }
  end(elf, fd);
}
