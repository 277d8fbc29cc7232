/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls that the dispatch lets pass, and the machine's part of it: x86-64. */
#include "defer/gate.h"

#ifdef HAS_DISPATCH

#include <ucontext.h>

/* clang-format off */
__asm__(
  ".pushsection .text\n"
  ".hidden syncdir__gate\n"
  ".globl syncdir__gate\n"
  ".type syncdir__gate, @function\n"
  "syncdir__gate:\n"
  ".cfi_startproc\n"
  "  mov %rdi, %rax\n"
  "  mov %rsi, %rdi\n"
  "  mov %rdx, %rsi\n"
  "  mov %rcx, %rdx\n"
  "  mov %r8, %r10\n"
  "  mov %r9, %r8\n"
  "  mov 8(%rsp), %r9\n"
  "  syscall\n"
  "  ret\n"
  ".cfi_endproc\n"
  ".size syncdir__gate, . - syncdir__gate\n"
  ".hidden syncdir__restorer\n"
  ".globl syncdir__restorer\n"
  ".type syncdir__restorer, @function\n"
  "syncdir__restorer:\n"
  "  mov $15, %eax\n"                   /* rt_sigreturn */
  "  syscall\n"
  "  ud2\n"                              /* the range ends behind it: the kernel
                                          looks at the address after a call */
  ".size syncdir__restorer, . - syncdir__restorer\n"
  ".hidden syncdir__gate_end\n"
  ".globl syncdir__gate_end\n"
  "syncdir__gate_end:\n"
  ".popsection\n");
/* clang-format on */

struct call call_of(const siginfo_t *info, const void *context)
{
  const greg_t *registers = ((const ucontext_t *) context)->uc_mcontext.gregs;

  return (struct call) {
    .machine = info->si_arch,
    .number = info->si_syscall,
    .arguments = { registers[REG_RDI], registers[REG_RSI], registers[REG_RDX], registers[REG_R10],
                   registers[REG_R8], registers[REG_R9] },
  };
}

void answer(void *context, long result)
{
  ((ucontext_t *) context)->uc_mcontext.gregs[REG_RAX] = result;
}

/* syscall and int $0x80 have two bytes each; the kernel has put the call's number
 * back into RAX. */
void make_again(void *context)
{
  ((ucontext_t *) context)->uc_mcontext.gregs[REG_RIP] -= 2;
}

#endif
