# SPDX-License-Identifier: GPL-2.0-or-later
# Each option of powercut stands in its help, its manual and its completions, each exit
# status in its help and its manual; and the example of the help does what it says.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/crash/crash.inc"

manual=$top_srcdir/doc/powercut.1
completions=$top_srcdir/src/completions

"$powercut" --help >"$work/help" 2>&1
check the_help_is_no_failure test $? -eq 0
same the_version_is_told "powercut (syncdir) $(sed -n 's/^AC_INIT(\[syncdir\], \[\(.*\)\])/\1/p' "$top_srcdir/configure.ac")" \
  "$("$powercut" --version)"

grep -o '{ "[a-z]*", [a-z]*_argument' "$top_srcdir/src/powercut/options.c" | sed 's/^{ "//; s/".*//' >"$work/options"
check the_options_are_found test "$(wc -l <"$work/options")" -gt 15
# all_stand_in FILE FORM: as FORM has OPTION in it.
all_stand_in() {
  while read -r option; do
    form=$(echo "$2" | sed "s/OPTION/$option/")
    grep -q -e "$form\\>" "$1" || echo "not in $1: $option"
  done <"$work/options" >"$work/missing"
  cat "$work/missing"
  test ! -s "$work/missing"
}
check each_option_is_in_the_help all_stand_in "$work/help" --OPTION
check each_option_is_in_the_manual all_stand_in "$manual" '\\-OPTION'
check each_option_is_completed_by_bash all_stand_in "$completions/powercut.bash" --OPTION
check each_option_is_completed_by_zsh all_stand_in "$completions/_powercut" --OPTION
check each_option_is_completed_by_fish all_stand_in "$completions/powercut.fish" '-l OPTION'
for status in $(sed -n 's/^  [A-Z_]* = \([0-9]*\).*/\1/p' "$top_srcdir/src/powercut/status.h"); do
  check "the_manual_tells_of_status_$status" grep -q "^\.It $status\$" "$manual"
  check "the_help_tells_of_status_$status" grep -q "\\<$status\\> [a-z]" "$work/help"
done

if command -v mandoc >/dev/null; then
  lint() {
    # The manuals that it refers to need not be installed.
    mandoc -T lint "$manual" 2>/dev/null | grep -v 'referenced manual not found' >"$work/lint"
    cat "$work/lint"
    test ! -s "$work/lint"
  }
  check mandoc_finds_nothing_to_complain_of lint
else
  skip mandoc_finds_nothing_to_complain_of 'mandoc is not installed'
fi

sed -n "/^  powercut --run/,/done'\$/p" "$work/help" | sed "s|powercut |\"$powercut\" --keep none |" >"$work/example"
sh "$work/example" >"$work/out" 2>&1
status=$?
check the_example_of_the_help_loses_something ends_with 1

finish
