/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an ELF file holds that matters for preloads. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "elf_file.h"
#include "object.h"

const char *const wrapped_names[wrapped_count] = {
#define WRAPPED(name) #name,
#include "wrapped.h"
#undef WRAPPED
};

/* The name of the loader, which must end in a NUL. */
static bool read_loader(const char *bytes, size_t size, struct object *object)
{
  if (size == 0 || size > sizeof object->loader || bytes[size - 1] != '\0')
    return false;
  memcpy(object->loader, bytes, size);
  return true;
}

/* TABLE: where the loader will look for the dynamic section; 0 if there is none. */
static bool read_segments(Elf *elf, struct object *object, GElf_Off *table)
{
  size_t count;
  bool loaded = false;
  GElf_Phdr segment;

  *table = 0;
  if (elf_getphdrnum(elf, &count) == -1)
    return false;
  for (size_t i = 0; i < count; i++) {
    const char *bytes;

    if (!gelf_getphdr(elf, i, &segment))
      return false;
    if (segment.p_type == PT_DYNAMIC)
      *table = segment.p_offset;
    if (segment.p_type != PT_LOAD && segment.p_type != PT_INTERP)
      continue;
    bytes = bytes_of(elf, segment.p_offset, segment.p_filesz);
    if (!bytes)
      return false;
    if (segment.p_type == PT_LOAD)
      loaded = true;
    else if (!read_loader(bytes, segment.p_filesz, object))
      return false;
  }
  return loaded;
}

/* Whether NAME is BASE, with or without a version of digits and dots after it. */
static bool is_version_of(const char *name, const char *base)
{
  size_t length = strlen(base);

  return strncmp(name, base, length) == 0
      && strspn(name + length, ".0123456789") == strlen(name + length);
}

bool is_libc_name(const char *name)
{
  return is_version_of(name, "libc.so") || strncmp(name, "libc.musl-", 10) == 0
      || strncmp(name, "ld-musl-", 8) == 0
      || (strncmp(name, "libc-2.", 7) == 0 && strspn(name + 7, "0123456789") >= 2);
}

bool is_part_of_libc(const char *name)
{
  static const char *const parts[] = {
    "ld.so",   "ld64.so",    "libpthread.so", "libdl.so",   "librt.so",
    "libm.so", "libmvec.so", "libresolv.so",  "libutil.so", "libanl.so",
  };

  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (is_version_of(name, parts[i]))
      return true;
  return is_libc_name(name) || strncmp(name, "ld-linux", 8) == 0;
}

/* The NEEDED names in their order, in which the loader looks for functions. */
static void read_needed(const char *name, bool *libc, struct object *object)
{
  if (is_libc_name(name)) {
    *libc = true;
  } else if (strcmp(name, "libsyncdir.so.1") == 0) {
    object->needs_library = true;
    object->needs_libc_first = *libc;
  } else if (strncmp(name, "libasan.so", 10) == 0) {
    snprintf(object->sanitizer, sizeof object->sanitizer, "%s", name);
  } else if (strncmp(name, "libdovecot.so", 13) == 0) {
    object->dovecot = true;
  } else if (strncmp(name, "liburing.so", 11) == 0) {
    object->io_uring = true;
  }
}

/* Whether ENTRY holds a name that the loader uses. */
static bool is_path(const GElf_Dyn *entry)
{
  return entry->d_tag == DT_NEEDED || entry->d_tag == DT_RPATH || entry->d_tag == DT_RUNPATH
      || entry->d_tag == DT_SONAME;
}

/* False if a name in it holds an end of line: where libraries are listed, it would look like
 * two. */
static bool read_dynamic(Elf *elf, const GElf_Shdr *header, Elf_Data *data, struct object *object)
{
  bool libc = false, plain = true;
  GElf_Dyn entry;

  for (int i = 0; gelf_getdyn(data, i, &entry) && entry.d_tag != DT_NULL; i++) {
    const char *name = is_path(&entry) ? elf_strptr(elf, header->sh_link, entry.d_un.d_val) : NULL;

    plain &= !name || !strchr(name, '\n');
    if (name && entry.d_tag == DT_NEEDED)
      read_needed(name, &libc, object);
    object->audited |= entry.d_tag == DT_AUDIT || entry.d_tag == DT_DEPAUDIT;
    if (entry.d_tag == DT_FLAGS_1 && (entry.d_un.d_val & DF_1_PIE))
      object->program = true;
  }
  return plain;
}

static int wrapped_of(const char *name)
{
  for (int i = 0; i < wrapped_count; i++)
    if (strcmp(name, wrapped_names[i]) == 0)
      return i;
  return -1;
}

static bool starts_programs(const char *name)
{
  static const char *const names[] = {
    "execve",       "execv",  "execvp",   "execvpe",   "execl",
    "execlp",       "execle", "execveat", "fexecve",   "posix_spawn",
    "posix_spawnp", "system", "popen",    "_IO_popen", "wordexp",
  };

  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(name, names[i]) == 0)
      return true;
  return false;
}

static void read_import(const char *name, struct object *object)
{
  int wrapped = wrapped_of(name);

  if (wrapped != -1)
    object->imports[wrapped] = true;
  object->io_uring |= strncmp(name, "io_uring_", 9) == 0;
  object->loads_others |= strcmp(name, "dlopen") == 0 || strcmp(name, "dlmopen") == 0;
  object->looks_up |= strcmp(name, "dlsym") == 0 || strcmp(name, "dlvsym") == 0;
  object->starts_others |= starts_programs(name);
}

/* Takes in one symbol, of the dynamic table or of the one for debuggers. */
static void read_symbol(const char *name, const GElf_Sym *symbol, bool dynamic,
                        struct object *object)
{
  int wrapped;
  bool weak = GELF_ST_BIND(symbol->st_info) == STB_WEAK;

  if (GELF_ST_BIND(symbol->st_info) == STB_LOCAL)
    return;
  if (symbol->st_shndx == SHN_UNDEF) {
    if (dynamic)
      read_import(name, object);
    return;
  }
  /* In a static program these are the C library's own. */
  object->starts_others |= !dynamic && starts_programs(name);
  wrapped = wrapped_of(name);
  if (wrapped == -1)
    return;
  (dynamic ? object->defines : object->contains)[wrapped] = true;
  /* The archive's are weak, except the reserved names. */
  object->strong[wrapped] |= !weak && *name != '_';
}

static void read_symbols(Elf *elf, const GElf_Shdr *header, Elf_Data *data, struct object *object)
{
  GElf_Sym symbol;

  for (int i = 1; gelf_getsym(data, i, &symbol); i++) {
    const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);

    if (name)
      read_symbol(name, &symbol, header->sh_type == SHT_DYNSYM, object);
  }
  object->has_symbols |= header->sh_type == SHT_SYMTAB;
}

/* Sections that a Go linker leaves in each program.  strip removes none of them, and whoever
 * removes one by hand leaves the others. */
static bool is_go_section(const char *name)
{
  return strcmp(name, ".go.buildinfo") == 0 || strcmp(name, ".gopclntab") == 0
      || strcmp(name, ".note.go.buildid") == 0;
}

/* Returns NULL, or why the sections do not show what the loader will see. */
static const char *read_sections(Elf *elf, GElf_Off table, struct object *object)
{
  Elf_Scn *section = NULL;
  GElf_Shdr header;
  size_t names = 0;
  bool dynamic = false, symbols = false, plain = true;

  elf_getshdrstrndx(elf, &names);
  while ((section = elf_nextscn(elf, section)) && gelf_getshdr(section, &header)) {
    const char *name = elf_strptr(elf, names, header.sh_name);
    Elf_Data *data;

    object->go |= name && is_go_section(name);
    if (header.sh_type != SHT_DYNAMIC && header.sh_type != SHT_DYNSYM
        && header.sh_type != SHT_SYMTAB)
      continue;
    data = elf_getdata(section, NULL);
    if (data && header.sh_type == SHT_DYNAMIC) {
      plain &= read_dynamic(elf, &header, data, object);
      dynamic = header.sh_offset == table;
    } else if (data) {
      read_symbols(elf, &header, data, object);
      symbols |= header.sh_type == SHT_DYNSYM;
    }
  }
  if (!plain)
    return "it names a library or a folder with an end of line in it";
  return !table || (dynamic && symbols)
         ? NULL
         : "its section headers are missing, or are not those of what is loaded";
}

/* Names that a program gives to dlsym and dlopen to get past the library.  The end of a
 * longer string counts, because linkers merge strings. */
static bool names_libc(const char *bytes, size_t size)
{
  static const char call[] = "syscall";
  const char *stop = bytes + size, *at = bytes;

  if (memmem(bytes, size, "libc.so.6", 9) || memmem(bytes, size, "libc.musl-", 10))
    return true;
  for (; (at = memmem(at, stop - at, call, sizeof call)); at++)
    if (at == bytes || at[-1] != ' ')
      return true;
  return false;
}

/* Looks in its data, not among the names for the loader, which have libc.so.6 in every
 * program. */
static bool has_name_of_libc(Elf *elf)
{
  Elf_Scn *section = NULL;
  GElf_Shdr header;
  bool found = false;

  while (!found && (section = elf_nextscn(elf, section)) && gelf_getshdr(section, &header))
    if (header.sh_type == SHT_PROGBITS && (header.sh_flags & SHF_ALLOC)) {
      const char *bytes = bytes_of(elf, header.sh_offset, header.sh_size);

      found = bytes && names_libc(bytes, header.sh_size);
    }
  return found;
}

static const char *read_file(Elf *elf, struct object *object)
{
  static const char damaged[] = "it is not a complete ELF file";
  const char *wrong;
  GElf_Ehdr header;
  GElf_Off table;

  if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header))
    return damaged;
  object->class = header.e_ident[EI_CLASS];
  object->machine = header.e_machine;
  object->program = header.e_type == ET_EXEC;
  if (!read_segments(elf, object, &table))
    return damaged;
  object->dynamic = table != 0;
  object->program |= *object->loader != '\0';
  if ((wrong = read_sections(elf, table, object)))
    return wrong;
  object->names_libc = object->looks_up && has_name_of_libc(elf);
  return NULL;
}

const char *read_object(const char *path, struct object *object)
{
  const char *wrong;
  int fd;
  Elf *elf = open_elf(path, &fd);

  memset(object, 0, sizeof *object);
  if (!elf)
    return errno ? strerror(errno) : "it is not a complete ELF file";
  wrong = read_file(elf, object);
  close_elf(elf, fd);
  return wrong;
}

/* The mark that the wrapper NAME of the archive leaves: that of its file, which also holds
 * its 64-bit twin.  The archive's __open is for libc's own freopen. */
static void name_of_mark(const char *name, char mark[32])
{
  size_t length;

  name += strncmp(name, "__", 2) == 0 ? 2 : strncmp(name, "_IO_", 4) == 0 ? 4 : 0;
  length = strlen(name);
  if (length > 2 && strcmp(name + length - 2, "64") == 0)
    length -= 2;
  snprintf(mark, 32, "%.*s", (int) length, name);
  if (strcmp(mark, "freopen") == 0)
    strcpy(mark, "open");
  else if (strcmp(mark, "xmknodat") == 0)
    strcpy(mark, "xmknod");
}

static void note_mark(const char *found, struct object *object)
{
  char mark[32];

  for (int i = 0; i < wrapped_count; i++) {
    name_of_mark(wrapped_names[i], mark);
    if (strcmp(mark, found) == 0)
      object->archived = object->marks[i] = true;
  }
}

/* Each wrapper in the archive leaves "@(#)syncdir VERSION NAME": see wrap.h. */
void read_archived(const char *path, struct object *object)
{
  static const char mark[] = "@(#)syncdir ";
  const char *file, *at, *stop;
  size_t length = 0;
  int fd;
  Elf *elf = open_elf(path, &fd);

  if (!elf)
    return;
  file = elf_rawfile(elf, &length);
  stop = file + length;
  for (at = file; at && (at = memmem(at, stop - at, mark, sizeof mark - 1));) {
    const char *last = memchr(at, '\0', stop - at);
    const char *name = last ? memrchr(at, ' ', last - at) : NULL;

    if (name && name >= at + sizeof mark)
      note_mark(name + 1, object);
    at += sizeof mark - 1;
  }
  close_elf(elf, fd);
}
