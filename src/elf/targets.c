/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The addresses through which an ELF file calls syscall(3). */
#include <string.h>

#include "machine_code.h"
#include "targets.h"

static void add_target(struct targets *targets, uint64_t address)
{
  if (targets->count < TARGETS_MAX)
    targets->address[targets->count++] = address;
  else
    targets->more = true;
}

bool is_target(const struct targets *targets, uint64_t address)
{
  for (int i = 0; i < targets->count; i++)
    if (targets->address[i] == address)
      return true;
  return false;
}

bool is_slot(const struct targets *targets, uint64_t address)
{
  for (int i = 0; i < targets->slots; i++)
    if (targets->address[i] == address)
      return true;
  return false;
}

/* The name of the symbol of relocation I in DATA; in PLACE what it changes. */
static const char *relocated(Elf *elf, const GElf_Shdr *header, Elf_Data *data, int i,
                             GElf_Rela *place, GElf_Sym *symbol)
{
  Elf_Scn *symbols = elf_getscn(elf, header->sh_link);
  Elf_Data *table = symbols ? elf_getdata(symbols, NULL) : NULL;
  GElf_Shdr strings;

  if (!gelf_getrela(data, i, place) || !table || !gelf_getshdr(symbols, &strings)
      || !gelf_getsym(table, (int) GELF_R_SYM(place->r_info), symbol))
    return NULL;
  return elf_strptr(elf, strings.sh_link, symbol->st_name);
}

/* False if the function is also stored as a pointer.  In a program that is not PIE, that
 * pointer is the address of its stub, which is then the value of the symbol. */
static bool find_slots(Elf *elf, struct targets *targets)
{
  Elf_Scn *section = NULL;
  GElf_Shdr header;
  bool only_called = true;

  while ((section = elf_nextscn(elf, section)) && gelf_getshdr(section, &header)) {
    Elf_Data *data = header.sh_type == SHT_RELA ? elf_getdata(section, NULL) : NULL;
    GElf_Rela place;
    GElf_Sym symbol;
    const char *name;

    for (int i = 0; data && gelf_getrela(data, i, &place); i++) {
      name = relocated(elf, &header, data, i, &place, &symbol);
      if (!name || strcmp(name, "syscall") != 0)
        continue;
      only_called &= symbol.st_value == 0;
      if (GELF_R_TYPE(place.r_info) == R_X86_64_JUMP_SLOT
          || GELF_R_TYPE(place.r_info) == R_X86_64_GLOB_DAT)
        add_target(targets, place.r_offset);
      else
        only_called = false;
    }
  }
  return only_called;
}

/* A stub is `jmp *slot(%rip)`, perhaps with a prefix, perhaps after an endbr64. */
static void find_stubs(Elf *elf, struct targets *targets)
{
  static const unsigned char endbr64[] = { 0xf3, 0x0f, 0x1e, 0xfa };
  const struct targets slots = *targets;
  Elf_Scn *section = NULL;
  GElf_Shdr header;
  size_t names;

  elf_getshdrstrndx(elf, &names);
  while ((section = elf_nextscn(elf, section)) && gelf_getshdr(section, &header)) {
    const char *name = elf_strptr(elf, names, header.sh_name);
    const unsigned char *bytes = (const unsigned char *) bytes_of(elf, header.sh_offset,
                                                                  header.sh_size);

    if (!name || strncmp(name, ".plt", 4) != 0 || !bytes || header.sh_type != SHT_PROGBITS)
      continue;
    for (size_t i = 0; i + 6 <= header.sh_size; i++) {
      size_t start = i;

      if (bytes[i] != 0xff || bytes[i + 1] != 0x25
          || !is_target(&slots, header.sh_addr + i + 6 + word_at(bytes + i + 2)))
        continue;
      add_target(targets, header.sh_addr + start);
      if (start >= 1 && bytes[start - 1] == 0xf2)
        add_target(targets, header.sh_addr + --start);
      if (start >= 4 && memcmp(bytes + start - 4, endbr64, 4) == 0)
        add_target(targets, header.sh_addr + start - 4);
    }
  }
}

bool may_call(Elf *elf, uint64_t address, const unsigned char *bytes, size_t before)
{
  Elf_Scn *section = NULL;
  GElf_Shdr header;
  size_t names;

  elf_getshdrstrndx(elf, &names);
  while ((section = elf_nextscn(elf, section)) && gelf_getshdr(section, &header))
    if ((header.sh_flags & SHF_ALLOC) && address >= header.sh_addr
        && address - header.sh_addr < header.sh_size) {
      const char *name = elf_strptr(elf, names, header.sh_name);

      /* Relocations lie beside the code in older programs. */
      if (header.sh_type == SHT_RELA || !name || strncmp(name, ".plt", 4) != 0)
        return header.sh_type != SHT_RELA;
      /* Stubs of another form (-z retpolineplt) are not among the targets. */
      return bytes && (before < 2 || bytes[-2] != 0xff || bytes[-1] != 0x25);
    }
  return true;
}

bool find_targets(Elf *elf, struct targets *targets)
{
  bool only_called;
  GElf_Ehdr header;

  memset(targets, 0, sizeof *targets);
  targets->fixed = gelf_getehdr(elf, &header) && header.e_type == ET_EXEC;
  only_called = find_slots(elf, targets);
  targets->slots = targets->count;
  if (targets->count > 0)
    find_stubs(elf, targets);
  return only_called;
}
