/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Instructions of x86_64, as far as they matter to the numbers of system calls. */
#include "steps.h"

/* The number of a general register, and how many bytes of it NAME is; -1 for another
 * register. */
static int number_of(x86_reg name, int *size)
{
#define NAMES(q, d, w, b)                              \
  {                                                    \
    X86_REG_##q, X86_REG_##d, X86_REG_##w, X86_REG_##b \
  }
  static const x86_reg names[REGISTERS][4] = {
    NAMES(RAX, EAX, AX, AL),      NAMES(RCX, ECX, CX, CL),      NAMES(RDX, EDX, DX, DL),
    NAMES(RBX, EBX, BX, BL),      NAMES(RSP, ESP, SP, SPL),     NAMES(RBP, EBP, BP, BPL),
    NAMES(RSI, ESI, SI, SIL),     NAMES(RDI, EDI, DI, DIL),     NAMES(R8, R8D, R8W, R8B),
    NAMES(R9, R9D, R9W, R9B),     NAMES(R10, R10D, R10W, R10B), NAMES(R11, R11D, R11W, R11B),
    NAMES(R12, R12D, R12W, R12B), NAMES(R13, R13D, R13W, R13B), NAMES(R14, R14D, R14W, R14B),
    NAMES(R15, R15D, R15W, R15B),
  };
#undef NAMES
  static const x86_reg second[4] = { X86_REG_AH, X86_REG_CH, X86_REG_DH, X86_REG_BH };

  for (int i = 0; i < REGISTERS; i++)
    for (int j = 0; j < 4; j++)
      if (names[i][j] == name) {
        *size = 8 >> j;
        return i;
      }
  for (int i = 0; i < 4; i++)
    if (second[i] == name) {
      *size = 1;
      return i;
    }
  return -1;
}

/* The address of OPERAND in memory; 0 if it is not fixed. */
static uint64_t address_of(const cs_insn *instruction, const cs_x86_op *operand)
{
  if (operand->type != X86_OP_MEM || operand->mem.index != X86_REG_INVALID)
    return 0;
  if (operand->mem.base == X86_REG_RIP)
    return instruction->address + instruction->size + (uint64_t) operand->mem.disp;
  return operand->mem.base == X86_REG_INVALID ? (uint64_t) operand->mem.disp : 0;
}

/* Whether OPERAND lies at one of TARGETS, or is its address.  A constant is an address in a
 * branch, and in a program that is not PIE. */
static bool is_target_operand(const cs_insn *instruction, const cs_x86_op *operand, bool branch,
                              const struct targets *targets)
{
  uint64_t address = address_of(instruction, operand);

  if (operand->type == X86_OP_IMM)
    return (branch || targets->fixed) && is_target(targets, (uint64_t) operand->imm);
  return address && is_target(targets, address);
}

/* Whether it does not lead to the function: it is a slot's own address, or the bytes of a
 * stub. */
static bool leads_elsewhere(const cs_insn *instruction, const cs_x86_op *operand,
                            const struct targets *targets)
{
  bool in_memory = operand->type == X86_OP_MEM && instruction->id != X86_INS_LEA;

  return is_slot(targets, operand->type == X86_OP_IMM ? (uint64_t) operand->imm
                                                      : address_of(instruction, operand))
      != in_memory;
}

static bool names_target(const cs_insn *instruction, const struct targets *targets)
{
  const cs_x86 *x86 = &instruction->detail->x86;

  for (int i = 0; i < x86->op_count; i++)
    if (is_target_operand(instruction, &x86->operands[i], false, targets))
      return true;
  return false;
}

/* An instruction on strings, which changes registers that it does not name. */
static bool repeats(const cs_insn *instruction)
{
  const cs_x86 *x86 = &instruction->detail->x86;

  for (int i = 0; i < x86->op_count; i++)
    if (x86->operands[i].type == X86_OP_MEM && x86->operands[i].mem.disp == 0
        && (x86->operands[i].mem.base == X86_REG_RDI || x86->operands[i].mem.base == X86_REG_RSI)
        && (x86->prefix[0] == X86_PREFIX_REP || x86->prefix[0] == X86_PREFIX_REPNE
            || x86->opcode[0] >= 0xa4)
        && x86->opcode[0] <= 0xaf)
      return true;
  return false;
}

/* Notes which registers it reads and writes; nothing more is known of them. */
static void note_registers(const cs_insn *instruction, struct step *step)
{
  const cs_x86 *x86 = &instruction->detail->x86;
  cs_regs read, written;
  uint8_t reads, writes;
  int number, size;

  if (!registers_of(instruction, read, &reads, written, &writes) || repeats(instruction)) {
    step->reads = step->partly = 0xffff & ~BIT(RSP);
    return;
  }
  for (int i = 0; i < reads; i++)
    if ((number = number_of(read[i], &size)) != -1)
      step->reads |= BIT(number);
  for (int i = 0; i < writes; i++)
    if ((number = number_of(written[i], &size)) != -1)
      *(size >= 4 ? &step->writes : &step->partly) |= BIT(number);
  /* The decoder does not know the second result of every instruction. */
  for (int i = 0; i < x86->op_count; i++)
    if (instruction->id != X86_INS_MOV && instruction->id != X86_INS_PUSH
        && x86->operands[i].type == X86_OP_REG
        && (number = number_of(x86->operands[i].reg, &size)) != -1)
      step->partly |= BIT(number);
}

static void note_move(const cs_insn *instruction, const struct targets *targets, struct step *step)
{
  const cs_x86_op *to = &instruction->detail->x86.operands[0], *from = to + 1;
  bool moves = instruction->id == X86_INS_MOV || instruction->id == X86_INS_MOVABS;
  int size, other, number = to->type == X86_OP_REG ? number_of(to->reg, &size) : -1;

  if (number == -1 || size < 4 || instruction->detail->x86.op_count != 2)
    return;
  step->to = (uint8_t) number;
  if (names_target(instruction, targets)) {
    step->what = TAKE;
    step->escapes = (instruction->id != X86_INS_LEA && !moves)
                 || leads_elsewhere(instruction, from, targets);
  } else if (moves && from->type == X86_OP_IMM) {
    step->what = SET;
    step->value = from->imm;
  } else if (instruction->id == X86_INS_LEA && address_of(instruction, from)) {
    step->what = SET;
    step->value = (int64_t) (step->target = address_of(instruction, from));
  } else if (instruction->id == X86_INS_ADD && size == 8 && from->type == X86_OP_REG
             && (other = number_of(from->reg, &size)) != -1) {
    step->what = ADD;
    step->from = (uint8_t) other;
    step->reads = BIT(number) | BIT(other);
  } else if (moves && from->type == X86_OP_REG && (other = number_of(from->reg, &size)) != -1) {
    step->what = COPY;
    step->from = (uint8_t) other;
  }
}

/* xor or sub of a register with itself, after which it is 0. */
static void note_clearing(const cs_insn *instruction, struct step *step)
{
  const cs_x86 *x86 = &instruction->detail->x86;
  int size, number = x86->op_count == 2 && x86->operands[0].type == X86_OP_REG
                     ? number_of(x86->operands[0].reg, &size)
                     : -1;

  if (number == -1 || size < 4 || x86->operands[1].type != X86_OP_REG
      || x86->operands[1].reg != x86->operands[0].reg)
    return;
  step->what = SET;
  step->to = (uint8_t) number;
  step->value = 0;
}

static void note_conditional_move(const cs_insn *instruction, struct step *step)
{
  const cs_x86 *x86 = &instruction->detail->x86;
  int size, to = number_of(x86->operands[0].reg, &size);
  int from = x86->operands[1].type == X86_OP_REG ? number_of(x86->operands[1].reg, &size) : -1;

  if (to == -1 || from == -1 || size < 4)
    return;
  step->what = COPY_IF;
  step->to = (uint8_t) to;
  step->from = (uint8_t) from;
}

/* CALL or JUMP.  If it is to a register, what that holds decides. */
static void note_branch(const cs_insn *instruction, const struct targets *targets, bool call,
                        struct step *step)
{
  const cs_x86_op *operand = &instruction->detail->x86.operands[0];
  int size, number = operand->type == X86_OP_REG ? number_of(operand->reg, &size) : -1;

  step->goes_on = call;
  if (is_target_operand(instruction, operand, true, targets)) {
    step->what = call ? CALL_TARGET : JUMP_TARGET;
    step->escapes = leads_elsewhere(instruction, operand, targets);
  } else if (number != -1) {
    step->what = call ? CALL_REGISTER : JUMP_REGISTER;
    step->from = (uint8_t) number;
  } else if (operand->type == X86_OP_IMM) {
    step->what = call ? CALL : JUMP;
    step->target = (uint64_t) operand->imm;
  } else {
    step->what = call ? CALL : JUMP_AWAY;
    note_registers(instruction, step);
  }
}

static bool is_in_group(const cs_insn *instruction, uint8_t group)
{
  for (int i = 0; i < instruction->detail->groups_count; i++)
    if (instruction->detail->groups[i] == group)
      return true;
  return false;
}

/* A conditional jump; all of them have the target as their only operand. */
static bool is_conditional(const cs_insn *instruction)
{
  switch (instruction->id) {
    case X86_INS_LOOP:
    case X86_INS_LOOPE:
    case X86_INS_LOOPNE:
    case X86_INS_JCXZ:
    case X86_INS_JECXZ:
    case X86_INS_JRCXZ:
    case X86_INS_XBEGIN: return true;
    default: return is_in_group(instruction, X86_GRP_JUMP);
  }
}

static void note_other(const cs_insn *instruction, const struct targets *targets, struct step *step)
{
  if (is_in_group(instruction, X86_GRP_CMOV))
    note_conditional_move(instruction, step);
  else
    note_move(instruction, targets, step);
  if (step->what != OTHER)
    return;
  step->escapes = names_target(instruction, targets);
  note_registers(instruction, step);
}

void make_step(const cs_insn *instruction, const struct targets *targets, struct step *step)
{
  const cs_x86_op *operand = &instruction->detail->x86.operands[0];

  *step = (struct step) { .address = instruction->address, .goes_on = true };
  switch (instruction->id) {
    case X86_INS_NOP:
    case X86_INS_CMP:
    case X86_INS_TEST: step->what = NOTHING; return;
    case X86_INS_CALL: note_branch(instruction, targets, true, step); return;
    case X86_INS_JMP: note_branch(instruction, targets, false, step); return;
    case X86_INS_SYSCALL: step->what = ENTER; return;
    case X86_INS_SYSENTER: step->what = ENTER_OLD; return;
    case X86_INS_INT: step->what = operand->imm == 0x80 ? ENTER_OLD : OTHER; return;
    case X86_INS_RET:
    case X86_INS_RETF:
    case X86_INS_RETFQ:
    case X86_INS_IRET:
    case X86_INS_IRETQ:
      step->what = RETURN;
      step->goes_on = false;
      return;
    case X86_INS_UD2:
    case X86_INS_HLT:
    case X86_INS_INT3:
      step->what = STOP;
      step->goes_on = false;
      return;
    case X86_INS_XOR:
    case X86_INS_SUB:
      note_clearing(instruction, step);
      if (step->what == OTHER)
        note_other(instruction, targets, step);
      return;
    default: break;
  }
  if (!is_conditional(instruction)) {
    note_other(instruction, targets, step);
    return;
  }
  note_registers(instruction, step);
  note_branch(instruction, targets, false, step);
  step->goes_on = true;
  if (step->what == JUMP)
    step->what = JUMP_IF;
}
