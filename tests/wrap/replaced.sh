#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The archive's own mkstemp and mkdtemp: a name that somebody has is not the last one
# to be tried.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/strace.sh"

cd "$work" || exit 99
cat > temporary.c <<'END'
#include <errno.h>
#include <stdlib.h>
int main(int count, char **arguments)
{
  char name[] = "XXXXXX";
  (void) arguments;
  errno = 77;
  return (count > 1 ? mkdtemp(name) == NULL : mkstemp(name) == -1) || errno != 77;
}
END
$CC -o temporary temporary.c "$archive" || exit 99

# The third openat, say, is the first with O_EXCL.
strace -qq -e trace=openat -o opens ./temporary || exit 99
first=$(grep -n O_EXCL opens | cut -d: -f1)
check a_file_that_is_there_is_not_the_last_try \
  strace -qq -e trace=openat -e "inject=openat:error=EEXIST:when=$first" -o opens ./temporary
same it_was_tried_twice 2 "$(grep -c O_EXCL opens)"
check a_directory_that_is_there_is_not_the_last_try \
  strace -qq -e trace=mkdirat -e inject=mkdirat:error=EEXIST:when=1 -o makes ./temporary directory
same that_was_tried_twice 2 "$(grep -c mkdirat makes)"
strace -qq -e trace=openat -e "inject=openat:error=ENOSPC:when=$first" -o opens ./temporary
same another_error_is_the_end 1 "$(grep -c O_EXCL opens)"
# Nor is there anything to wait for, before the kernel has collected enough chance.
strace -qq -e trace=getrandom -o chances ./temporary
check chance_is_not_waited_for sh -c 'grep -q getrandom chances && ! grep -v GRND_NONBLOCK chances'

finish
