# SPDX-License-Identifier: GPL-2.0-or-later
# A finding has the line of the change, and the calls that have led there.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/audit/audit.inc"

cd "$work" || exit 99

# stack: the functions of the first finding, with their lines, from the innermost.
stack() {
  jq -r '.findings[0].stack[] | select(.file) | "\(.function) \(.line)"' report
}
# line_of TEXT: where it stands in inlined.c.
line_of() { grep -n -m 1 -F "$1" "$top_srcdir/tests/audit/inlined.c" | cut -d: -f1; }
expected=$(echo "move $(line_of 'return rename')"
  echo "save $(line_of 'result = move')"
  echo "main $(line_of 'result = save')")

for options in -O0 -O2 '-O2 -static' '-O2 -fPIE -pie' '-O2 -gdwarf-4' '-O2 -gz'; do
  compile inlined $options
  echo text >old
  findings ./inlined old new >found
  rm new
  same "each_frame_with$(echo "$options" | tr -d ' ')" "$expected" "$(stack)"
done

compile inlined -O2
echo text >old
"$audit" ./inlined old new 2>said
check the_report_has_them_in_one_line said \
  "rename() by ./inlined old new, in move() at inlined.c:$(line_of 'return rename'), from save() at inlined.c:$(line_of 'result = move')"
strip inlined
"$audit" ./inlined new old 2>said
check without_symbols_the_command_is_left said 'rename() by ./inlined new old; told by its exit status'

# One place, many names.
for name in 1 2 3; do echo text >$name; done
"$audit" sh -c 'for name in 1 2 3; do ./inlined $name to-$name; done' 2>said
check names_of_one_call_make_one_group sh -c 'test "$(grep -c "^[0-9]" said)" -eq 3'
"$audit" mkdir a b c 2>said
check names_of_one_command_are_counted said "$work/a and 2 more: mkdir()"

finish
