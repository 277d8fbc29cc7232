/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where control may come into the middle of a function. */
#include <stdlib.h>

#include "entries.h"

static const struct code *function_at(const struct entries *entries, uint64_t address)
{
  size_t low = 0,
         high = address < entries->first || address >= entries->end ? 0 : entries->function_count;

  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const struct code *function = &entries->functions[middle];

    if (address < function->address)
      high = middle;
    else if (address - function->address >= function->size)
      low = middle + 1;
    else
      return function;
  }
  return NULL;
}

bool add_address(struct addresses *addresses, uint64_t address)
{
  if (addresses->count == addresses->room) {
    size_t room = 2 * addresses->room + 64;
    uint64_t *grown = reallocarray(addresses->list, room, sizeof *grown);

    if (!grown)
      return false;
    addresses->list = grown;
    addresses->room = room;
  }
  addresses->list[addresses->count++] = address;
  return true;
}

/* The beginning of a function is always an entry, and not added. */
static void add_entry(struct entries *entries, uint64_t address)
{
  const struct code *function = function_at(entries, address);

  if (function && function->address != address)
    entries->lost |= !add_address(&entries->into, address);
}

static bool is_code(Elf *elf, uint64_t address)
{
  size_t count;
  GElf_Phdr segment;

  elf_getphdrnum(elf, &count);
  for (size_t i = 0; i < count && gelf_getphdr(elf, i, &segment); i++)
    if (segment.p_type == PT_LOAD && (segment.p_flags & PF_X) && address >= segment.p_vaddr
        && address - segment.p_vaddr < segment.p_memsz)
      return true;
  return false;
}

/* lea ADDRESS(%rip), REGISTER; whether its four bytes stand at I. */
static bool takes_address(const unsigned char *bytes, size_t i)
{
  return i >= 3 && (bytes[i - 3] & 0xf8) == 0x48 && bytes[i - 2] == 0x8d
      && (bytes[i - 1] & 0xc7) == 0x05;
}

/* jmp, call, a conditional jump, xbegin */
static bool jumps(const unsigned char *bytes, size_t i)
{
  return (i >= 1 && (bytes[i - 1] == 0xe9 || bytes[i - 1] == 0xe8))
      || (i >= 2 && bytes[i - 2] == 0x0f && (bytes[i - 1] & 0xf0) == 0x80)
      || (i >= 2 && bytes[i - 2] == 0xc7 && bytes[i - 1] == 0xf8);
}

static bool jumps_shortly(const unsigned char *bytes, size_t i)
{
  return i >= 1
      && ((bytes[i - 1] & 0xf0) == 0x70 || bytes[i - 1] == 0xeb || (bytes[i - 1] & 0xfc) == 0xe0);
}

/* Whether the bytes at PLACE really are the end of an instruction that refers to ADDRESS.
 * True as well outside of all functions, where that cannot be known. */
static bool may_refer(Elf *elf, uint64_t place, uint64_t address)
{
  struct code function, rest;
  cs_insn *instruction;
  bool refers = false, there = false;

  if (!find_function(elf, place, &function) || !(instruction = new_instruction()))
    return true;
  rest = function;
  while (!there && next_instruction(&rest, instruction))
    there = rest.address > place;
  for (int i = 0; there && instruction->id && i < instruction->detail->x86.op_count; i++) {
    const cs_x86_op *operand = &instruction->detail->x86.operands[i];

    refers |= operand->type == X86_OP_IMM && (uint64_t) operand->imm == address;
    refers |= operand->type == X86_OP_MEM && operand->mem.base == X86_REG_RIP
           && rest.address + (uint64_t) operand->mem.disp == address;
  }
  free_instruction(instruction);
  return refers;
}

/* Adds ADDRESS, to which the code at PLACE leads, if PLACE is in another function. */
static void add_from(Elf *elf, uint64_t place, uint64_t address, struct entries *entries)
{
  const struct code *to = function_at(entries, address);

  if (to && to->address != address && to != function_at(entries, place)
      && may_refer(elf, place, address))
    add_entry(entries, address);
}

/* Looks for jumps from one function into another, and for addresses.  Jumps within a
 * function are followed elsewhere (flow.c). */
static void look_at_segment(Elf *elf, const struct code *code, bool fixed, struct entries *entries)
{
  const unsigned char *bytes = code->bytes;

  for (size_t i = 1; i < code->size; i++) {
    uint64_t place = code->address + i, far;

    if (jumps_shortly(bytes, i))
      add_from(elf, place, place + 1 + (uint64_t) (int64_t) (int8_t) bytes[i], entries);
    if (i + 4 > code->size)
      continue;
    far = place + 4 + (uint64_t) (int64_t) word_at(bytes + i);
    if (takes_address(bytes, i))
      entries->lost |= !add_address(&entries->tables, far);
    if (takes_address(bytes, i) || jumps(bytes, i))
      add_from(elf, place, far, entries);
    if (fixed)
      add_from(elf, place, (uint32_t) word_at(bytes + i), entries);
  }
}

/* movabs $ADDRESS, REGISTER */
static bool loads_address(const unsigned char *bytes, size_t i)
{
  return i >= 2 && (bytes[i - 2] & 0xfe) == 0x48 && (bytes[i - 1] & 0xf8) == 0xb8;
}

/* Any eight bytes may be an address: in a table, a relocation, a symbol or code. */
static void look_for_addresses(const struct code *segment, struct entries *entries)
{
  uint64_t address;

  for (size_t i = 0; i + 8 <= segment->size; i++) {
    if ((segment->address + i) % 8 && !loads_address(segment->bytes, i))
      continue;
    memcpy(&address, segment->bytes + i, sizeof address);
    add_entry(entries, address);
  }
}

static int compare(const void *one, const void *other)
{
  uint64_t first = *(const uint64_t *) one, second = *(const uint64_t *) other;

  return (first > second) - (first < second);
}

void sort_addresses(struct addresses *addresses)
{
  if (addresses->count > 1)
    qsort(addresses->list, addresses->count, sizeof *addresses->list, compare);
}

bool has_address(const struct addresses *addresses, uint64_t address)
{
  return addresses->count > 0
      && bsearch(&address, addresses->list, addresses->count, sizeof address, compare);
}

/* The next address in a sorted list. */
static uint64_t next_behind(const struct addresses *addresses, uint64_t address)
{
  size_t low = 0, high = addresses->count;

  while (low < high) {
    size_t middle = low + (high - low) / 2;

    if (addresses->list[middle] <= address)
      low = middle + 1;
    else
      high = middle;
  }
  return low < addresses->count ? addresses->list[low] : UINT64_MAX;
}

/* The table holds distances from its own beginning.  It ends where one does not lead to code,
 * or where the next table or something else begins. */
bool read_switch(Elf *elf, const struct entries *entries, uint64_t table, struct addresses *to)
{
  uint64_t next = next_behind(&entries->tables, table), address;
  size_t size;
  const unsigned char *bytes = loaded_at(elf, table, &size);

  for (size_t i = 0; bytes && i + 4 <= size && table + i < next; i += 4) {
    address = table + (uint64_t) (int64_t) word_at(bytes + i);
    if (!is_code(elf, address))
      break;
    if (!add_address(to, address))
      return false;
  }
  return to->count > 0;
}

static void look_at_tables(Elf *elf, struct entries *entries)
{
  struct addresses *tables = &entries->tables, to = { 0 };

  sort_addresses(tables);
  for (size_t i = 0; i < tables->count; i++) {
    if (i > 0 && tables->list[i] == tables->list[i - 1])
      continue;
    to.count = 0;
    read_switch(elf, entries, tables->list[i], &to);
    for (size_t j = 0; j < to.count; j++)
      add_entry(entries, to.list[j]);
  }
  free(to.list);
}

void find_entries(Elf *elf, struct entries *entries)
{
  size_t count;
  GElf_Phdr segment;
  GElf_Ehdr header;
  const struct code *last;

  if (entries->function_count == 0)
    return;
  last = &entries->functions[entries->function_count - 1];
  entries->first = entries->functions[0].address;
  entries->end = last->address + last->size;
  elf_getphdrnum(elf, &count);
  gelf_getehdr(elf, &header);
  for (size_t i = 0; i < count && gelf_getphdr(elf, i, &segment); i++) {
    struct code code = { NULL, segment.p_filesz, segment.p_vaddr, 0 };

    if (segment.p_type == PT_LOAD)
      code.bytes = (const unsigned char *) bytes_of(elf, segment.p_offset, segment.p_filesz);
    if (!code.bytes)
      continue;
    look_for_addresses(&code, entries);
    if (segment.p_flags & PF_X)
      look_at_segment(elf, &code, header.e_type == ET_EXEC, entries);
  }
  look_at_tables(elf, entries);
  sort_addresses(&entries->into);
}
