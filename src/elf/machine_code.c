/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Machine code of x86_64, by libcapstone. */
#include <dlfcn.h>

#include "machine_code.h"

#define QUOTED(text) #text
#define NUMBERED(name, number) name QUOTED(.number)
#define EXPANDED(name, number) NUMBERED(name, number)

/* The disassembler.  It takes longer to load than all the rest, so it is loaded only when
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

bool load_decoder(void)
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

cs_insn *new_instruction(void)
{
  return decoder.malloc(decoder.handle);
}

void free_instruction(cs_insn *instruction)
{
  if (instruction)
    decoder.free(instruction, 1);
}

/* By the sorted table of .eh_frame_hdr (LSB Core, 10.6.2), in the only encoding that linkers
 * write. */
bool find_function(Elf *elf, uint64_t address, struct code *function)
{
  enum { VERSION = 1, SDATA4_PCREL = 0x1b, UDATA4 = 0x03, SDATA4_DATAREL = 0x3b };
  size_t count, size, low = 0, high;
  const unsigned char *table, *fde;
  GElf_Phdr header;
  uint64_t begin, at;

  elf_getphdrnum(elf, &count);
  for (size_t i = 0;; i++) {
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
  function->frame = at;
  function->bytes = loaded_at(elf, begin, &size);
  function->size = (uint32_t) word_at(fde + 12);
  return function->bytes && function->size <= size;
}

bool next_instruction(struct code *rest, cs_insn *instruction)
{
  return decoder.next(decoder.handle, &rest->bytes, &rest->size, &rest->address, instruction);
}

bool registers_of(const cs_insn *instruction, cs_regs read, uint8_t *reads, cs_regs written,
                  uint8_t *writes)
{
  return decoder.registers(decoder.handle, instruction, read, reads, written, writes) == CS_ERR_OK;
}

/* Whether a program may execute this instruction in CODE.  It may not if the bytes are no
 * instruction, if only the kernel may use it, or if it jumps to where nothing is. */
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
    case X86_INS_RETF:
    case X86_INS_RETFQ:
    case X86_INS_IRET:
    case X86_INS_IRETQ:
    case X86_INS_IN:
    case X86_INS_OUT:
    case X86_INS_INT3:
    case X86_INS_INT1:
    case X86_INS_LJMP:
    case X86_INS_LCALL:
    case X86_INS_ENTER: return false;
    default: return true;
  }
}

bool goes_on_from(const struct code *code, uint64_t place)
{
  struct code rest = { code->bytes + (place - code->address), code->size - (place - code->address),
                       place, 0 };
  cs_insn *instruction = new_instruction();
  bool on = true, done = !instruction;

  while (!done && next_instruction(&rest, instruction)) {
    on = is_plausible(instruction, code);
    done = !on || instruction->id == X86_INS_RET || instruction->id == X86_INS_JMP;
  }
  free_instruction(instruction);
  return on;
}
