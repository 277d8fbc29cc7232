/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sys_call(SYS_fsync, fd): a system call, with libc's errno.
 *
 * Not libc's syscall(3): that name is not reserved, so a program may have a
 * function of its own called syscall, and the linker would give us that one.
 * Each machine below was tried with qemu (tests/abi/machines.sh); on any other
 * it is libc's. */
#ifndef SYNCDIR_SYSCALL_H
#define SYNCDIR_SYSCALL_H

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The instruction that enters the kernel; the registers of the number, of the six
 * arguments and of the result; what else the kernel may overwrite.  From
 * syscall(2), "Architecture calling conventions".  The kernel returns -errno in
 * the result; powerpc returns errno, with a flag. */
#if defined __x86_64__ && !defined __ILP32__
#define SYS_ENTER "syscall"
#define SYS_REGISTERS(_) _("rax", "rdi", "rsi", "rdx", "r10", "r8", "r9")
#define SYS_RESULT sys_number
#define SYS_LOST , "rcx", "r11"
#elif defined __aarch64__ && defined __LP64__
#define SYS_ENTER "svc 0"
#define SYS_REGISTERS(_) _("x8", "x0", "x1", "x2", "x3", "x4", "x5")
#define SYS_RESULT sys_a
#define SYS_LOST
#elif defined __arm__ && defined __ARM_EABI__ && !defined __thumb__
#define SYS_ENTER "svc 0"
#define SYS_REGISTERS(_) _("r7", "r0", "r1", "r2", "r3", "r4", "r5")
#define SYS_RESULT sys_a
#define SYS_LOST
#elif defined __riscv && __riscv_xlen == 64
#define SYS_ENTER "ecall"
#define SYS_REGISTERS(_) _("a7", "a0", "a1", "a2", "a3", "a4", "a5")
#define SYS_RESULT sys_a
#define SYS_LOST
#elif defined __s390x__
#define SYS_ENTER "svc 0"
#define SYS_REGISTERS(_) _("r1", "r2", "r3", "r4", "r5", "r6", "r7")
#define SYS_RESULT sys_a
#define SYS_LOST
#elif defined __powerpc64__ && defined __LITTLE_ENDIAN__
#define SYS_ENTER "sc\n\tbns+ 1f\n\tneg 3, 3\n1:"
#define SYS_REGISTERS(_) _("r0", "r3", "r4", "r5", "r6", "r7", "r8")
#define SYS_RESULT sys_a
#define SYS_LOST , "r9", "r10", "r11", "r12", "cr0", "ctr", "xer"
#endif

#ifdef SYS_ENTER

#define SYS_PLACE(number, a, b, c, d, e, f)                        \
  register long sys_number __asm__(number) = call;                 \
  register long sys_a __asm__(a) = one, sys_b __asm__(b) = two;    \
  register long sys_c __asm__(c) = three, sys_d __asm__(d) = four; \
  register long sys_e __asm__(e) = five, sys_f __asm__(f) = six

static inline long sys_enter(long call, long one, long two, long three, long four, long five,
                             long six)
{
  SYS_REGISTERS(SYS_PLACE);

  __asm__ volatile(SYS_ENTER
                   : "+r"(sys_number), "+r"(sys_a), "+r"(sys_b), "+r"(sys_c), "+r"(sys_d),
                     "+r"(sys_e), "+r"(sys_f)
                   :
                   : "memory" SYS_LOST);
  return SYS_RESULT;
}

#elif defined __i386__

/* The sixth argument goes into the frame pointer, which no operand may be. */
static inline long sys_enter(long call, long one, long two, long three, long four, long five,
                             long six)
{
  const long ends[] = { call, six };
  long result;

  __asm__ volatile("pushl %%ebp\n\tmovl 4(%%eax), %%ebp\n\tmovl (%%eax), %%eax\n\t"
                   "int $0x80\n\tpopl %%ebp"
                   : "=a"(result)
                   : "0"(ends), "b"(one), "c"(two), "d"(three), "S"(four), "D"(five)
                   : "memory");
  return result;
}

#elif defined __arm__ && defined __ARM_EABI__

/* Thumb code may have its frame pointer in r7, where the kernel wants the number. */
static inline long sys_enter(long call, long one, long two, long three, long four, long five,
                             long six)
{
  register long a __asm__("r0") = one, b __asm__("r1") = two, c __asm__("r2") = three;
  register long d __asm__("r3") = four, e __asm__("r4") = five, f __asm__("r5") = six;
  long frame;

  __asm__ volatile("mov %[frame], r7\n\tmov r7, %[call]\n\tsvc 0\n\tmov r7, %[frame]"
                   : "+r"(a), [frame] "=&r"(frame)
                   : "r"(b), "r"(c), "r"(d), "r"(e), "r"(f), [call] "r"(call)
                   : "memory");
  return a;
}

#else
#define SYS_BY_LIBC
#endif

#ifdef SYS_BY_LIBC
#define sys_call syscall
#else

/* As libc: -1 and errno. */
static inline long sys_result(long result)
{
  if ((unsigned long) result <= -4096UL)
    return result;
  errno = -result;
  return -1;
}

/* The number and up to six arguments; those that are missing are 0. */
#define sys_call(...) SYS_CALL(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)
#define SYS_CALL(call, one, two, three, four, five, six, ...)                             \
  sys_result(sys_enter((call), (long) (one), (long) (two), (long) (three), (long) (four), \
                       (long) (five), (long) (six)))

#endif

#endif
