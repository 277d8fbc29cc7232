# SPDX-License-Identifier: GPL-2.0-or-later
# The numbers of the system calls that a program makes by itself: those that are known to be
# harmless on every way through a function are no reason for a doubt, all others are.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/launcher.sh"

cd "$work" || exit 99
case $(uname -m) in x86_64) ;; *) skip_all 'machine code of x86_64 alone is looked at' ;; esac

cat >calls.c <<'END'
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
long calls(const char *from, const char *to, int number);
long away(long (*call)(long, ...));
volatile int on;
#define BEGIN ".text\n.globl calls\n.type calls,@function\ncalls: .cfi_startproc\n"
#define ARGUMENTS "mov %rdx,%rcx\nmov %rsi,%rdx\nmov %rdi,%rsi\n"
#define CALL "xor %eax,%eax\nsub $8,%rsp\ncall syscall@plt\nadd $8,%rsp\n"
#define END ".cfi_endproc\n.size calls,.-calls\n"
#define KEEP "push %rbx\nmov syscall@GOTPCREL(%rip),%rbx\n"
#if KIND == 1
/* The address in a register, as Rust and others have it. */
__asm__(BEGIN KEEP "test %edx,%edx\nje 1f\nmov $186,%edi\ncall *%rbx\n1: mov $202,%edi\ncall *%rbx\npop %rbx\nret\n" END);
#elif KIND == 2
__asm__(BEGIN KEEP "mov %rbx,%rax\ntest %edx,%edx\nje 1f\nmov $186,%edi\ncall *%rbx\npop %rbx\nret\n1: pop %rbx\nmov $39,%edi\njmp *%rax\n" END);
#elif KIND == 3
__asm__(BEGIN KEEP "test %edx,%edx\nje 1f\nmov $186,%edi\ncall *%rbx\n1: mov $82,%edi\ncall *%rbx\npop %rbx\nret\n" END);
#elif KIND == 4
/* On one way another number. */
__asm__(BEGIN KEEP "mov $82,%edi\ntest %edx,%edx\nje 1f\nmov $186,%edi\n1: call *%rbx\npop %rbx\nret\n" END);
#elif KIND == 5
/* A switch that leads between the number and the call. */
__asm__(BEGIN ARGUMENTS "mov $82,%edi\nlea table(%rip),%r8\nmovslq (%r8,%rcx,4),%rcx\nadd %r8,%rcx\njmp *%rcx\n"
 "one: mov $186,%edi\nend: " CALL "ret\n" END ".section .rodata\n.balign 4\ntable: .long one-table, end-table, end-table, end-table\n.text\n");
#elif KIND == 6
/* The same with addresses. */
__asm__(BEGIN ARGUMENTS "mov $82,%edi\nlea table(%rip),%r8\njmp *(%r8,%rcx,8)\n"
 "one: mov $186,%edi\nend: " CALL "ret\n" END ".data\n.balign 8\ntable: .quad one, end, end, end\n.text\n");
#elif KIND == 7
/* The unlikely part of a function, which comes back. */
__asm__(BEGIN ARGUMENTS "test %ecx,%ecx\njne cold\nmov $186,%edi\nback: " CALL "ret\n" END
 ".section .text.unlikely,\"ax\"\ncold: .cfi_startproc\nmov $82,%edi\njmp back\n.cfi_endproc\n.text\n");
#elif KIND == 8
/* It gets into memory, and from there. */
__asm__(BEGIN KEEP "mov %rbx,more(%rip)\nmov $186,%edi\ncall *%rbx\npop %rbx\nret\n" END ".comm more,64\n");
#elif KIND == 9
/* Or into another function. */
__asm__(BEGIN KEEP "mov $186,%edi\ncall *%rbx\nmov %rbx,%rdi\ncall away@plt\npop %rbx\nret\n" END);
#elif KIND == 10
/* Into another part, with the register. */
__asm__(BEGIN KEEP "mov $186,%edi\ncall *%rbx\njmp cold\n" END
 ".section .text.unlikely,\"ax\"\ncold: .cfi_startproc\nmov $82,%edi\ncall *%rbx\npop %rbx\nret\n.cfi_endproc\n.text\n");
#elif KIND == 11
/* The kernel looks at 32 bits. */
__asm__(BEGIN "movabs $0x100000052,%rax\nsyscall\nret\n" END);
#elif KIND == 12
/* A call that is newer than the program that judges it. */
__asm__(BEGIN "mov $9999,%eax\nsyscall\nret\n" END);
#elif KIND == 13
/* Something between the instructions, which hides one. */
__asm__(BEGIN "jmp 1f\n.byte 0x48, 0xb8\n1: mov $82,%eax\nsyscall\nret\n" END);
#elif KIND == 14
/* A loop, and a register that is known before it alone. */
__asm__(BEGIN "mov $39,%eax\n1: syscall\nmov $82,%eax\ndec %edx\njne 1b\nret\n" END);
#elif KIND == 17
/* A stub of another kind. */
__asm__(".section .plt.other,\"ax\"\nstub: mov syscall@GOTPCREL(%rip),%r11\njmp *%r11\n.text\n" BEGIN ARGUMENTS "mov $82,%edi\nxor %eax,%eax\njmp stub\n" END);
#elif KIND == 15
long calls(const char *from, const char *to, int number)
{
  long (*volatile call)(long, ...) = syscall;
  return call(SYS_rename, from, to, number);
}
#elif KIND == 16
/* After an exception. */
extern void _Unwind_Resume(void);
__asm__(BEGIN ".cfi_personality 0x9b,personality\n.cfi_lsda 0x1b,lsda\n" KEEP "first: call sched_yield@plt\nlast: mov syscall@GOTPCREL(%rip),%rdx\nxor %ebx,%ebx\nud2\n"
 "pad: mov $82,%edi\ncall *%rbx\npop %rbx\nret\n" END
 ".section .gcc_except_table,\"a\"\nlsda: .byte 0xff,0xff,1,4\n.uleb128 first-calls\n.uleb128 last-first\n.uleb128 pad-calls\n.uleb128 0\n"
 ".data\npersonality: .quad 0\n.text\n");
#endif
long away(long (*call)(long, ...)) { return call(SYS_rename, "a", "b"); }
END
echo 'extern long calls(const char *, const char *, int); int main(int n, char **a) { return n > 5 ? calls(a[0], a[1], n) : 0; }' >caller.c
# own KIND FLAG...: a program with calls of KIND.
own() { $CC -w -DKIND=$1 -o own caller.c calls.c -Wl,-z,lazy $2 $3; }

for flags in '-O2 -fPIE -pie' '-O2 -no-pie -fno-pie'; do
  for kind in 1 2; do
    own $kind $flags
    check "harmless_on_every_way_$kind $flags" judged 0 'calls syscall(), but for nothing that changes a directory' ./own
  done
  for kind in 3 11; do
    own $kind $flags
    check "a_rename_among_others_$kind $flags" judged 2 '(rename), which the library does not see' ./own
  done
  for kind in 4 5 6 7 8 9 10 12 13 14 15 16 17; do
    own $kind $flags
    check "what_cannot_be_followed_$kind $flags" judged 2 'which the library does not see' ./own
  done
done
# Libraries that pass on numbers which they are given, and that nobody is to trust by name.
echo 'int main(void) { return 0; }' >none.c
for library in cap seccomp; do
  $CC -o needs none.c -Wl,--no-as-needed -l$library
  check "lib$library is_not_trusted_by_its_name" judged 2 "lib$library.so.2 calls syscall() (with numbers that are not constants)" ./needs
done

# Sections of relocations whose entries have no size.
own 1 -O2 -fPIE
perl -e 'open my $file, "+<", "own" or die; my $head; read $file, $head, 64;
  my ($at, $size, $count) = unpack "x40 Q x10 S S", $head;
  for my $i (0 .. $count - 1) {
    my $type;
    seek $file, $at + $i * $size + 4, 0; read $file, $type, 4;
    next unless unpack("L", $type) == 4;
    seek $file, $at + $i * $size + 56, 0; print $file "\0" x 8;
  }'
check entries_without_a_size sh -c 'syncdir --check ./own; [ $? -le 2 ]'

# Rust's own library takes the address of syscall() into a register.
for program in rg fdfind; do
  if command -v $program >/dev/null; then
    check "a_program_in_rust $program" judged 0 'but for nothing that changes a directory' $program
  else
    skip "a_program_in_rust $program" "no $program"
  fi
done

finish
