# SPDX-License-Identifier: GPL-2.0-or-later
# The style of the tree: what .editorconfig and .clang-format say is so in all C files.
. "${srcdir:-.}/tests/tap.sh"

# The C files of the tree, without what is built in it.
sources() {
  (cd "$top_srcdir" && find lib src tests examples bench -type f -name '*.[ch]' | LC_ALL=C sort)
}

if command -v clang-format >/dev/null; then
  for file in $(sources); do
    (cd "$top_srcdir" && clang-format --style=file "$file" | diff -u "$file" -) >"$work/diff" 2>&1 ||
      cat "$work/diff"
  done >"$work/diffs"
  # The first of them are enough.
  well_formatted() { head -n 40 "$work/diffs"; test ! -s "$work/diffs"; }
  check clang_format_would_change_nothing well_formatted
  printf 'int  f( int a ){return a;}\n' >"$work/ugly.c"
  check and_it_would_change_what_is_badly_written \
    sh -c '! clang-format --style=file:"$1" "$2" | cmp -s - "$2"' sh "$top_srcdir/.clang-format" "$work/ugly.c"
else
  skip clang_format_would_change_nothing 'clang-format is not installed'
  skip and_it_would_change_what_is_badly_written 'clang-format is not installed'
fi

# faults PATTERN: lines of C files that match it.  A script may hold the output that it
# expects, whatever that is.
faults() {
  (cd "$top_srcdir" && grep -n -e "$1" $(sources))
}
nowhere() { ! faults "$1"; }
check no_line_ends_in_spaces nowhere '[ 	]$'
check no_line_is_indented_by_tabs nowhere '^ *	'

finish
