#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What is there before the first call, and at calls that make nothing: counted in
# instructions and bytes, which do not depend on the machine's mood.
. "${srcdir:-.}/tests/tap.sh"

command -v valgrind >/dev/null || skip_all 'valgrind is not installed'
command -v readelf >/dev/null || skip_all 'readelf is not installed'

# What starts goes through its environment: the same everywhere, and as long as most are.
variables=$(seq -f 'VARIABLE_%g=with_some_value_that_is_not_short' 40)

# instructions LIBRARY COMMAND...: of a process, with LIBRARY preloaded.
instructions() {
  preload=$1
  shift
  env -i PATH="$PATH" $variables LD_PRELOAD="$preload" valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 |
    sed -n 's/.*Collected : *//p'
}

# at_most WHAT LIMIT FOUND
at_most() {
  echo "$1: $3, and $2 are the limit"
  [ "$3" -gt 0 ] && [ "$3" -le "$2" ]
}

without=$(instructions '' true)
ours=$(($(instructions "$library" true) - without))
theirs=$(($(instructions libeatmydata.so true) - without))
[ "$theirs" -gt 0 ] || skip_all 'libeatmydata is not installed'
check start_up_costs_at_most_twice_as_much_as_libeatmydata_s \
  at_most instructions $((theirs * 2)) "$ours"

cat > "$work/opens.c" <<'END'
#include <fcntl.h>
#include <stdlib.h>
int main(int count, char **arguments)
{
  for (int n = atoi(arguments[count - 1]); n > 0; n--)
    open("/nonexistent", O_RDONLY);
  return 0;
}
END
$CC -O1 -o "$work/opens" "$work/opens.c" || exit 99

# for_an_open LIBRARY: the instructions outside of the kernel.
for_an_open() {
  echo $((($(instructions "$1" "$work/opens" 2000) - $(instructions "$1" "$work/opens" 1000)) / 1000))
}
check an_open_that_makes_nothing_costs_a_handful \
  at_most instructions $(($(for_an_open '') + 40)) "$(for_an_open "$library")"

size_of() { size "$1" | awk 'NR == 2 { print $1 + $2 }'; }
# 24 KB of it are the deferred mode, and what lies below an overlay or FUSE.
check text_and_data_are_less_than_84_KiB at_most bytes 86015 "$(size_of "$library")"

finish
