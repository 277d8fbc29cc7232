/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The system calls that a program or library makes by itself.
 *
 * Two ways lead past the C library's functions: an instruction that enters the
 * kernel, and syscall(3).  Both are harmless with a number like futex's, and most are
 * such, so the number is looked for: a constant that the same function puts into the
 * register, with no jump in between.  Whatever is not so plain is unknown.
 *
 * The two bytes of the instruction stand by chance in one program of three (of 1118,
 * 362; 267 of those had no such instruction), so each place is decoded, from the
 * start of its function, which .eh_frame_hdr names. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "elf_file.h"
#include "machine_code.h"
#include "own_calls.h"

/* The calls that can make, move or remove a name, or do so for us. */
/* clang-format off */
static const struct { int number; const char *name; } changing[] = {
#define CALL(name) { SYS_##name, #name },
#ifdef SYS_open
  CALL(open) CALL(creat) CALL(link) CALL(symlink) CALL(rename) CALL(unlink) CALL(rmdir)
  CALL(mkdir) CALL(mknod)
#endif
#ifdef SYS_renameat
  CALL(renameat)
#endif
#ifdef SYS_openat2
  CALL(openat2)
#endif
  CALL(openat) CALL(linkat) CALL(symlinkat) CALL(renameat2) CALL(unlinkat) CALL(mkdirat)
  CALL(mknodat)
#ifdef SYS_io_uring_setup
  CALL(io_uring_setup) CALL(io_uring_enter)
#endif
#undef CALL
/* clang-format on */
};

static void add_number(struct own_calls *calls, int64_t number)
{
  /* Of x32: the same calls, with one bit more. */
  number &= ~INT64_C(0x40000000);
  for (size_t i = 0; i < sizeof changing / sizeof *changing; i++) {
    size_t used = strlen(calls->names);

    if (number == changing[i].number && !strstr(calls->names, changing[i].name))
      snprintf(calls->names + used, sizeof calls->names - used, "%s%s", used ? " " : "",
               changing[i].name);
  }
}

static bool enters_kernel(const cs_insn *instruction, uint64_t place)
{
  return instruction->address == place
      && (instruction->id == X86_INS_SYSCALL || instruction->id == X86_INS_SYSENTER
          || instruction->id == X86_INS_INT);
}

static const x86_reg of_number[4] = { X86_REG_RAX, X86_REG_EAX, X86_REG_AX, X86_REG_AL };
static const x86_reg of_argument[4] = { X86_REG_RDI, X86_REG_EDI, X86_REG_DI, X86_REG_DIL };

static void note_number(struct own_calls *calls, const struct number *number)
{
  if (number->known)
    add_number(calls, number->value);
  else
    calls->unknown = true;
}

/* The bytes of syscall, sysenter and int $0x80. */
static bool may_enter_kernel(const unsigned char *bytes)
{
  return (bytes[0] == 0x0f && (bytes[1] == 0x05 || bytes[1] == 0x34))
      || (bytes[0] == 0xcd && bytes[1] == 0x80);
}

static bool is_syscall(const unsigned char *bytes)
{
  return bytes[1] == 0x05;
}

/* Whether one of the instructions before PLACE may set %eax to a number of i386. */
static bool sets_number_before(const struct code *code, uint64_t place)
{
  size_t at = place - code->address, begin = at < 24 ? 0 : at - 24;

  for (size_t i = begin; i + 2 <= at; i++) {
    const unsigned char *bytes = code->bytes + i;

    if ((bytes[0] == 0xb8 && i + 5 <= at && bytes[2] < 2 && !bytes[3] && !bytes[4])
        || (bytes[0] == 0x89 && (bytes[1] & 0xc7) == 0xc0) || bytes[0] == 0x8b)
      return true;
  }
  return false;
}

static const char without_decoder[] = "the disassembler libcapstone, which is needed to tell "
  "its instructions, cannot be loaded";

/* Whether an instruction that enters the kernel stands at PLACE of CODE, and with
 * which number.  Outside all functions (hand-written assembly, a compiler of another
 * language) nothing says where instructions begin, and each that may be one is. */
static bool is_instruction(Elf *elf, const struct code *code, uint64_t place,
                           struct number *number)
{
  cs_insn *instruction = new_instruction();
  struct code function;
  bool found = true;

  *number = (struct number) { 0 };
  if (!instruction)
    return true;
  if (find_function(elf, place, &function))
    found = decode_up_to(&function, place, of_number, number, instruction)
         && enters_kernel(instruction, place);
  else
    found = goes_on_from(code, place)
         && (is_syscall(code->bytes + (place - code->address)) || sets_number_before(code, place));
  /* The older ways have the numbers of i386. */
  number->known &= is_syscall(code->bytes + (place - code->address));
  free_instruction(instruction);
  return found;
}

static const char *find_instructions(Elf *elf, const struct code *code, struct own_calls *calls)
{
  for (size_t i = 0; i + 1 < code->size; i++) {
    struct number number;

    if (!may_enter_kernel(code->bytes + i))
      continue;
    if (!load_decoder())
      return without_decoder;
    if (!is_instruction(elf, code, code->address + i, &number))
      continue;
    calls->by_instruction = true;
    note_number(calls, &number);
    /* Some have hundreds, and one is enough. */
    if (calls->unknown)
      break;
  }
  return NULL;
}

enum { TARGETS_MAX = 16 };

/* Where syscall(3) is called through: its slots in the table of addresses, and the
 * stubs of the procedure linkage table that jump through those. */
struct targets {
  int count;
  bool more;               /* than there is room for */
  uint64_t address[TARGETS_MAX];
};

static void add_target(struct targets *targets, uint64_t address)
{
  if (targets->count < TARGETS_MAX)
    targets->address[targets->count++] = address;
  else
    targets->more = true;
}

static bool is_target(const struct targets *targets, uint64_t address)
{
  for (int i = 0; i < targets->count; i++)
    if (targets->address[i] == address)
      return true;
  return false;
}

/* The name of the symbol that relocation I of DATA is for; its place in PLACE. */
static const char *relocated(Elf *elf, const GElf_Shdr *header, Elf_Data *data, int i,
                             GElf_Rela *place)
{
  Elf_Scn *symbols = elf_getscn(elf, header->sh_link);
  Elf_Data *table = symbols ? elf_getdata(symbols, NULL) : NULL;
  GElf_Shdr strings;
  GElf_Sym symbol;

  if (!gelf_getrela(data, i, place) || !table || !gelf_getshdr(symbols, &strings)
      || !gelf_getsym(table, (int) GELF_R_SYM(place->r_info), &symbol))
    return NULL;
  return elf_strptr(elf, strings.sh_link, symbol.st_name);
}

/* False if it is also stored as a pointer, so that anybody may call it. */
static bool find_slots(Elf *elf, struct targets *targets)
{
  Elf_Scn *section = NULL;
  GElf_Shdr header;
  bool only_called = true;

  while ((section = elf_nextscn(elf, section)) && gelf_getshdr(section, &header)) {
    Elf_Data *data = header.sh_type == SHT_RELA ? elf_getdata(section, NULL) : NULL;
    GElf_Rela place;
    const char *name;

    for (int i = 0; data && i < (int) (header.sh_size / header.sh_entsize); i++) {
      if (!(name = relocated(elf, &header, data, i, &place)) || strcmp(name, "syscall") != 0)
        continue;
      if (GELF_R_TYPE(place.r_info) == R_X86_64_JUMP_SLOT
          || GELF_R_TYPE(place.r_info) == R_X86_64_GLOB_DAT)
        add_target(targets, place.r_offset);
      else
        only_called = false;
    }
  }
  return only_called;
}

/* Stubs are `jmp *slot(%rip)`, perhaps with a prefix, perhaps behind an endbr64. */
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
    const unsigned char *bytes = (const unsigned char *)
      bytes_of(elf, header.sh_offset, header.sh_size);

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

static bool is_in_stub(Elf *elf, uint64_t address)
{
  Elf_Scn *section = NULL;
  GElf_Shdr header;
  size_t names;

  elf_getshdrstrndx(elf, &names);
  while ((section = elf_nextscn(elf, section)) && gelf_getshdr(section, &header))
    if (address >= header.sh_addr && address - header.sh_addr < header.sh_size
        && (header.sh_flags & SHF_EXECINSTR)) {
      const char *name = elf_strptr(elf, names, header.sh_name);

      return name && strncmp(name, ".plt", 4) == 0;
    }
  return false;
}

/* Whether the instruction refers to one of TARGETS: calls or jumps to it, or takes
 * its address. */
static bool refers_to(const cs_insn *instruction, const struct targets *targets)
{
  const cs_x86 *x86 = &instruction->detail->x86;

  for (int i = 0; i < x86->op_count; i++) {
    const cs_x86_op *operand = &x86->operands[i];

    if (operand->type == X86_OP_IMM && is_target(targets, operand->imm))
      return true;
    if (operand->type == X86_OP_MEM && operand->mem.base == X86_REG_RIP
        && is_target(targets, instruction->address + instruction->size + operand->mem.disp))
      return true;
  }
  return false;
}

/* The place of CODE at PLACE, which may be one that refers to syscall(). */
static void look_at_call(Elf *elf, uint64_t place, const struct targets *targets,
                         struct own_calls *calls)
{
  cs_insn *instruction = new_instruction();
  struct number number = { 0 };
  struct code function;
  bool refers = true;

  if (instruction && find_function(elf, place, &function)) {
    refers = decode_up_to(&function, place, of_argument, &number, instruction)
          && refers_to(instruction, targets);
    if (refers && instruction->id != X86_INS_CALL && instruction->id != X86_INS_JMP)
      number.known = false;
  }
  free_instruction(instruction);
  if (!refers)
    return;
  calls->by_function = true;
  note_number(calls, &number);
}

/* Targets are relative to the end of the four bytes. */
static const char *find_calls(Elf *elf, const struct code *code, const struct targets *targets,
                              struct own_calls *calls)
{
  for (size_t i = 0; i + 4 <= code->size; i++) {
    uint64_t place = code->address + i;

    if (!is_target(targets, place + 4 + word_at(code->bytes + i)) || is_in_stub(elf, place))
      continue;
    if (!load_decoder())
      return without_decoder;
    look_at_call(elf, place, targets, calls);
  }
  return NULL;
}

/* For each executable segment.  TARGETS: NULL for instructions. */
static const char *look_at_code(Elf *elf, const struct targets *targets, struct own_calls *calls)
{
  size_t count;
  GElf_Phdr segment;
  const char *wrong = NULL;

  elf_getphdrnum(elf, &count);
  for (size_t i = 0; !wrong && i < count && gelf_getphdr(elf, i, &segment); i++) {
    struct code code = { NULL, segment.p_filesz, segment.p_vaddr };

    if (segment.p_type != PT_LOAD || !(segment.p_flags & PF_X))
      continue;
    code.bytes = (const unsigned char *) bytes_of(elf, segment.p_offset, segment.p_filesz);
    if (!code.bytes)
      return "it is no complete ELF file";
    wrong = targets ? find_calls(elf, &code, targets, calls)
                    : find_instructions(elf, &code, calls);
  }
  return wrong;
}

static const char *look_at_file(Elf *elf, struct own_calls *calls)
{
  struct targets targets = { 0 };
  const char *wrong;
  GElf_Ehdr header;

  if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header))
    return "it is no complete ELF file";
  if (header.e_machine != EM_X86_64 || header.e_ident[EI_CLASS] != ELFCLASS64)
    return "its machine's instructions are not known to us";
  if ((wrong = look_at_code(elf, NULL, calls)))
    return wrong;
  if (!find_slots(elf, &targets)) {
    calls->by_function = true;
    calls->unknown = true;
  }
  if (targets.count == 0)
    return NULL;
  find_stubs(elf, &targets);
  calls->unknown |= targets.more;
  return look_at_code(elf, &targets, calls);
}

const char *find_own_calls(const char *path, struct own_calls *calls)
{
  const char *wrong;
  int fd;
  Elf *elf = open_elf(path, &fd);

  memset(calls, 0, sizeof *calls);
  if (!elf)
    return errno ? strerror(errno) : "it is no ELF file";
  wrong = look_at_file(elf, calls);
  close_elf(elf, fd);
  return wrong;
}
