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
#include <capstone/capstone.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "elf_file.h"
#include "own_calls.h"

#define QUOTED(text) #text
#define NUMBERED(name, number) name QUOTED(.number)
#define EXPANDED(name, number) NUMBERED(name, number)

/* The disassembler, which takes longer to load than all the rest of us: only when
 * there is something to decode. */
static struct {
  void *library;
  csh handle;
  __typeof__(&cs_open) open;
  __typeof__(&cs_option) option;
  __typeof__(&cs_malloc) malloc;
  __typeof__(&cs_free) free;
  __typeof__(&cs_disasm_iter) next;
  __typeof__(&cs_regs_access) registers;
} decoder;

static bool load_decoder(void)
{
  void *library;

  if (decoder.library)
    return true;
  library = dlopen(EXPANDED("libcapstone.so", CS_API_MAJOR), RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return false;
  decoder.open = (__typeof__(&cs_open)) dlsym(library, "cs_open");
  decoder.option = (__typeof__(&cs_option)) dlsym(library, "cs_option");
  decoder.malloc = (__typeof__(&cs_malloc)) dlsym(library, "cs_malloc");
  decoder.free = (__typeof__(&cs_free)) dlsym(library, "cs_free");
  decoder.next = (__typeof__(&cs_disasm_iter)) dlsym(library, "cs_disasm_iter");
  decoder.registers = (__typeof__(&cs_regs_access)) dlsym(library, "cs_regs_access");
  if (!decoder.open || !decoder.option || !decoder.malloc || !decoder.free || !decoder.next
      || !decoder.registers || decoder.open(CS_ARCH_X86, CS_MODE_64, &decoder.handle) != CS_ERR_OK)
    return false;
  decoder.option(decoder.handle, CS_OPT_DETAIL, CS_OPT_ON);
  /* Data between functions is stepped over, byte by byte. */
  decoder.option(decoder.handle, CS_OPT_SKIPDATA, CS_OPT_ON);
  decoder.library = library;
  return true;
}

/* The calls that can make, move or remove a name, or do so for us. */
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

/* A stretch of machine code. */
struct code {
  const unsigned char *bytes;
  size_t size;
  uint64_t address;
};

static int32_t word_at(const unsigned char *bytes)
{
  int32_t word;

  memcpy(&word, bytes, sizeof word);
  return word;
}

/* The function that ADDRESS lies in, by the sorted table of .eh_frame_hdr (LSB Core,
 * 10.6.2) in the one encoding that linkers write. */
static bool find_function(Elf *elf, uint64_t address, struct code *function)
{
  enum { VERSION = 1, SDATA4_PCREL = 0x1b, UDATA4 = 0x03, SDATA4_DATAREL = 0x3b };
  size_t count, size, low = 0, high;
  const unsigned char *table, *fde;
  GElf_Phdr header;
  uint64_t begin, at;

  elf_getphdrnum(elf, &count);
  for (size_t i = 0; ; i++) {
    if (i == count || !gelf_getphdr(elf, i, &header))
      return false;
    if (header.p_type == PT_GNU_EH_FRAME)
      break;
  }
  table = loaded_at(elf, header.p_vaddr, &size);
  if (!table || size < 12 || table[0] != VERSION || table[2] != UDATA4
      || table[3] != SDATA4_DATAREL)
    return false;
  high = (uint32_t) word_at(table + 8);
  if (high == 0 || high > (size - 12) / 8)
    return false;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;

    if (header.p_vaddr + word_at(table + 12 + 8 * middle) <= address)
      low = middle;
    else
      high = middle;
  }
  begin = header.p_vaddr + word_at(table + 12 + 8 * low);
  at = header.p_vaddr + word_at(table + 16 + 8 * low);
  /* length, CIE, begin relative to its own place, length of the function */
  fde = loaded_at(elf, at, &size);
  if (!fde || size < 16 || at + 8 + word_at(fde + 8) != begin || address < begin
      || address - begin >= (uint32_t) word_at(fde + 12))
    return false;
  function->address = begin;
  function->bytes = loaded_at(elf, begin, &size);
  function->size = (uint32_t) word_at(fde + 12);
  return function->bytes && function->size <= size;
}

/* What the walk through a function knows of the register that holds the number. */
struct number {
  bool known;
  int64_t value;
  uint64_t set_at;         /* the address of the instruction that set it */
};

static bool is_one_of(x86_reg number, const x86_reg registers[4])
{
  return number != X86_REG_INVALID
      && (number == registers[0] || number == registers[1] || number == registers[2]
          || number == registers[3]);
}

/* After this instruction. */
static void follow(const cs_insn *instruction, const x86_reg registers[4], struct number *number)
{
  const cs_x86 *x86 = &instruction->detail->x86;
  cs_regs read, written;
  uint8_t reads, writes;

  if (instruction->id == X86_INS_CALL || instruction->id == X86_INS_SYSCALL
      || instruction->id == X86_INS_JMP || instruction->id == X86_INS_RET)
    number->known = false;
  if (decoder.registers(decoder.handle, instruction, read, &reads, written, &writes) != CS_ERR_OK) {
    number->known = false;
    return;
  }
  for (int i = 0; i < writes; i++) {
    if (!is_one_of(written[i], registers))
      continue;
    number->known = false;
    number->set_at = instruction->address;
    if (x86->op_count != 2 || x86->operands[0].type != X86_OP_REG || x86->operands[0].size < 4)
      continue;
    if (instruction->id == X86_INS_MOV && x86->operands[1].type == X86_OP_IMM) {
      number->known = true;
      number->value = x86->operands[1].imm;
    } else if (instruction->id == X86_INS_XOR && x86->operands[1].type == X86_OP_REG
               && x86->operands[1].reg == x86->operands[0].reg) {
      number->known = true;
      number->value = 0;
    }
  }
}

/* Whether a jump of the function leads behind where the number is set, and so past
 * that. */
static bool jumped_into(const struct code *function, uint64_t set_at, uint64_t place)
{
  const uint8_t *bytes = function->bytes;
  size_t size = function->size;
  uint64_t address = function->address;
  cs_insn *instruction = decoder.malloc(decoder.handle);
  bool found = !instruction;

  while (!found && decoder.next(decoder.handle, &bytes, &size, &address, instruction)) {
    const cs_x86 *x86;

    if (instruction->id == 0)
      continue;
    x86 = &instruction->detail->x86;
    for (int i = 0; i < instruction->detail->groups_count; i++)
      if (instruction->detail->groups[i] == X86_GRP_JUMP && x86->op_count == 1
          && x86->operands[0].type == X86_OP_IMM
          && (uint64_t) x86->operands[0].imm > set_at && (uint64_t) x86->operands[0].imm <= place)
        found = true;
  }
  if (instruction)
    decoder.free(instruction, 1);
  return found;
}

/* Whether a program may contain this instruction, at a place of CODE that is executed:
 * it is none, it is the kernel's alone, or it jumps to where nothing is. */
static bool is_plausible(const cs_insn *instruction, const struct code *code)
{
  const cs_detail *detail = instruction->detail;
  const cs_x86_op *operand;

  if (instruction->id == 0)
    return false;
  operand = &detail->x86.operands[0];
  for (int i = 0; i < detail->groups_count; i++)
    if (detail->groups[i] == X86_GRP_PRIVILEGE
        || ((detail->groups[i] == X86_GRP_JUMP || detail->groups[i] == X86_GRP_CALL)
            && operand->type == X86_OP_IMM
            && (uint64_t) operand->imm - code->address >= code->size))
      return false;
  switch (instruction->id) {
    case X86_INS_RETF: case X86_INS_RETFQ: case X86_INS_IRET: case X86_INS_IRETQ:
    case X86_INS_IN: case X86_INS_OUT: case X86_INS_INT3: case X86_INS_INT1:
    case X86_INS_LJMP: case X86_INS_LCALL: case X86_INS_ENTER:
      return false;
    default:
      return true;
  }
}

/* Whether the processor may come to PLACE and go on.  What stands behind a system call
 * that returns is of this kind; of the constants that OpenSSL keeps between its
 * functions, none that was looked at. */
static bool goes_on_from(const struct code *code, uint64_t place)
{
  const uint8_t *bytes = code->bytes + (place - code->address);
  size_t size = code->size - (place - code->address);
  cs_insn *instruction = decoder.malloc(decoder.handle);
  bool on = true, done = !instruction;

  while (!done && decoder.next(decoder.handle, &bytes, &size, &place, instruction)) {
    on = is_plausible(instruction, code);
    done = !on || instruction->id == X86_INS_RET || instruction->id == X86_INS_JMP;
  }
  if (instruction)
    decoder.free(instruction, 1);
  return on;
}

/* Follows FUNCTION up to the instruction that PLACE lies in.  True, and NUMBER as it
 * is then, if there is one. */
static bool decode_up_to(const struct code *function, uint64_t place, const x86_reg registers[4],
                         struct number *number, cs_insn *instruction)
{
  const uint8_t *bytes = function->bytes;
  uint64_t address = function->address;
  size_t size = function->size;

  *number = (struct number) { 0 };
  while (decoder.next(decoder.handle, &bytes, &size, &address, instruction) && address <= place)
    if (instruction->id != 0)
      follow(instruction, registers, number);
  if (number->known && jumped_into(function, number->set_at, instruction->address))
    number->known = false;
  return instruction->id != 0 && address > place;
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
  cs_insn *instruction = decoder.malloc(decoder.handle);
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
  decoder.free(instruction, 1);
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
  uint64_t address[TARGETS_MAX];
};

static void add_target(struct targets *targets, uint64_t address)
{
  if (targets->count < TARGETS_MAX)
    targets->address[targets->count++] = address;
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
  cs_insn *instruction = decoder.malloc(decoder.handle);
  struct number number = { 0 };
  struct code function;
  bool refers = true;

  if (instruction && find_function(elf, place, &function)) {
    refers = decode_up_to(&function, place, of_argument, &number, instruction)
          && refers_to(instruction, targets);
    if (refers && instruction->id != X86_INS_CALL && instruction->id != X86_INS_JMP)
      number.known = false;
  }
  if (instruction)
    decoder.free(instruction, 1);
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
