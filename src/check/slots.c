/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the calls of a running process lead to: the addresses that its loader has put
 * into each object. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/path.h"
#include "elf/elf_file.h"
#include "mapped.h"
#include "elf/object.h"
#include "slots.h"

/* The process that is examined. */
struct seen {
  const char *pid;
  const struct loaded *list;
  size_t count, library;
  bool *at_start; /* for each of LIST: it came at the start */
  struct mapping *mappings;
  size_t mapped;
  int memory;
};

/* Marks the objects that ELF, an object of the list, needs.  They are found by the names of
 * their files; a library whose file has another name counts as loaded by dlopen. */
static void mark_needed(struct seen *seen, Elf *elf)
{
  Elf_Scn *section = NULL;
  GElf_Shdr header;
  GElf_Dyn entry;

  while ((section = elf_nextscn(elf, section)) && gelf_getshdr(section, &header)) {
    Elf_Data *data = header.sh_type == SHT_DYNAMIC ? elf_getdata(section, NULL) : NULL;

    for (int i = 0; data && gelf_getdyn(data, i, &entry) && entry.d_tag != DT_NULL; i++) {
      const char *name = entry.d_tag == DT_NEEDED
                         ? elf_strptr(elf, header.sh_link, entry.d_un.d_val)
                         : NULL;

      for (size_t j = 0; name && j < seen->count; j++)
        if (strcmp(last_component(seen->list[j].name), last_component(name)) == 0)
          seen->at_start[j] = true;
    }
  }
}

static Elf *open_object(const struct seen *seen, size_t i, int *fd)
{
  char path[2 * PATH_MAX];

  return find_file(seen->pid, &seen->list[i], path) ? open_elf(path, fd) : NULL;
}

/* Marks the program, everything up to the library, and what these need.  What comes before
 * the object that needs it is found in the next round. */
static void mark_start(struct seen *seen)
{
  bool done[seen->count], more = true;

  memset(done, 0, sizeof done);
  for (size_t i = 0; i <= seen->library; i++)
    seen->at_start[i] = true;
  while (more) {
    more = false;
    for (size_t i = 0; i < seen->count; i++) {
      int fd;
      Elf *elf = seen->at_start[i] && !done[i] ? open_object(seen, i, &fd) : NULL;

      more |= seen->at_start[i] && !done[i];
      done[i] |= seen->at_start[i];
      if (!elf)
        continue;
      mark_needed(seen, elf);
      close_elf(elf, fd);
    }
  }
}

static bool is_wrapped(const char *name)
{
  for (int i = 0; i < wrapped_count; i++)
    if (strcmp(name, wrapped_names[i]) == 0)
      return true;
  return false;
}

/* Whether the slot at ADDRESS of object I leads where it should; if not, adds a finding. */
static bool leads_to_library(struct report *report, const struct seen *seen, size_t i,
                             unsigned long address, const char *name)
{
  const char *shown = *seen->list[i].name ? seen->list[i].name : "the program";
  const struct mapping *to, *library, *own;
  unsigned long target;

  library = mapping_at(seen->mappings, seen->mapped, seen->list[seen->library].dynamic);
  own = mapping_at(seen->mappings, seen->mapped, seen->list[i].dynamic);
  if (pread(seen->memory, &target, sizeof target, (off_t) address) != sizeof target) {
    note(report, CANNOT_TELL, "which functions %s calls cannot be read from its memory", shown);
    return false;
  }
  to = mapping_at(seen->mappings, seen->mapped, target);
  if (maps_same_file(to, library))
    return true;
  /* Into itself: not looked up yet. */
  if (maps_same_file(to, own) && seen->at_start[i])
    return true;
  if (maps_same_file(to, own))
    note(report, CANNOT_TELL,
         "%s was loaded by dlopen, perhaps with RTLD_DEEPBIND, which makes its calls bypass "
         "the library: it has not called %s yet, so that cannot be seen",
         shown, name);
  else
    note(report, CANNOT_TELL, "a call of %s by %s bypasses the library", name, shown);
  return false;
}

/* The relocations of one section. */
static bool judge_section(struct report *report, const struct seen *seen, size_t i, Elf *elf,
                          const GElf_Shdr *header, Elf_Data *data)
{
  Elf_Scn *symbols = elf_getscn(elf, header->sh_link);
  Elf_Data *table = symbols ? elf_getdata(symbols, NULL) : NULL;
  GElf_Shdr strings;
  GElf_Rela place;
  GElf_Sym symbol;

  if (!table || !gelf_getshdr(symbols, &strings))
    return true;
  for (int j = 0; gelf_getrela(data, j, &place); j++) {
    const char *name = gelf_getsym(table, (int) GELF_R_SYM(place.r_info), &symbol)
                        && symbol.st_shndx == SHN_UNDEF
                       ? elf_strptr(elf, strings.sh_link, symbol.st_name)
                       : NULL;

    if (name && is_wrapped(name)
        && !leads_to_library(report, seen, i, seen->list[i].base + place.r_offset, name))
      return false;
  }
  return true;
}

static void judge_object(struct report *report, const struct seen *seen, size_t i)
{
  Elf_Scn *section = NULL;
  GElf_Shdr header;
  bool good = true;
  int fd;
  Elf *elf = open_object(seen, i, &fd);

  /* An object that cannot be read is reported elsewhere. */
  if (!elf)
    return;
  while (good && (section = elf_nextscn(elf, section)) && gelf_getshdr(section, &header)) {
    Elf_Data *data = header.sh_type == SHT_RELA ? elf_getdata(section, NULL) : NULL;

    if (data)
      good = judge_section(report, seen, i, elf, &header, data);
  }
  close_elf(elf, fd);
}

void judge_slots(struct report *report, const char *pid, const struct loaded *list, size_t count,
                 size_t library)
{
  struct seen seen = { .pid = pid, .list = list, .count = count, .library = library };
  char memory[64];

  snprintf(memory, sizeof memory, "/proc/%.20s/mem", pid);
  seen.memory = open(memory, O_RDONLY | O_CLOEXEC);
  seen.at_start = calloc(count, sizeof *seen.at_start);
  seen.mapped = read_mappings(pid, &seen.mappings);
  if (seen.memory == -1 || !seen.at_start || seen.mapped == 0) {
    note(report, CANNOT_TELL, "which functions it calls cannot be read from its memory");
  } else {
    mark_start(&seen);
    for (size_t i = 0; i < count; i++)
      if (i != library)
        judge_object(report, &seen, i);
  }
  if (seen.memory != -1)
    close(seen.memory);
  free(seen.at_start);
  free(seen.mappings);
}
