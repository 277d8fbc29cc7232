# SPDX-License-Identifier: GPL-2.0-or-later
# Each option, fault and exit status of the audit stands in its help, its manual and its
# completions; and syncdir --audit starts it.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/audit/audit.inc"

manual=$top_srcdir/doc/syncdir-audit.1
completions=$top_srcdir/src/completions

"$audit" --help >"$work/help" 2>&1
check the_help_is_no_failure test $? -eq 0
sed -n 's/^  { "\([a-z]*\)", [a-z]*_argument.*/\1/p' "$top_srcdir/src/audit/audit.c" >"$work/options"
check the_options_are_found test "$(wc -l <"$work/options")" -ge 6
for option in $(cat "$work/options"); do
  check "the_help_has_$option" grep -q -e "--$option\\>" "$work/help"
  check "the_manual_has_$option" grep -q "^\.\(It \)\{0,1\}.*Fl \\\\-$option" "$manual"
  check "bash_has_$option" grep -q -e "--$option\\>" "$completions/syncdir.bash"
  check "zsh_has_$option" grep -q -e "--$option\[" "$completions/_syncdir"
  check "fish_has_$option" grep -q -e "-l $option " "$completions/syncdir.fish"
done
for fault in $(sed -n '/^const char \*const fault_names/,/^}/p' "$top_srcdir/src/audit/finding.c" |
  grep -o '"[a-z-]*"' | tr -d '"'); do
  check "the_manual_has_the_fault_$fault" grep -qx "\.It Li $fault" "$manual"
done
for status in 0 1 2 125 126 127; do
  check "the_manual_has_the_status_$status" grep -qx ".It $status" "$manual"
  check "the_help_has_the_status_$status" grep -q "\\<$status\\> [a-zA-Z]" "$work/help"
done

lint() {
  # The manuals that it refers to need not be installed.
  mandoc -T lint "$manual" 2>/dev/null | grep -v 'referenced manual not found' >"$work/lint"
  cat "$work/lint"
  test ! -s "$work/lint"
}
if command -v mandoc >/dev/null; then
  check mandoc_finds_nothing_to_complain_of lint
else
  skip mandoc_finds_nothing_to_complain_of 'no mandoc'
fi

# status_of COMMAND...: its exit status, and no more.
status_of() { "$@" >"$work/output" 2>"$work/said"; echo $?; }
same an_unknown_option_is_misuse 125 "$(status_of "$audit" --nonsense true)"
same no_command_is_misuse 125 "$(status_of "$audit")"
same a_command_that_is_not_there 127 "$(status_of "$audit" "$work/none")"
same a_command_that_cannot_be_executed 126 "$(status_of "$audit" "$top_srcdir/README")"
same an_o_that_is_not_there 125 "$(status_of "$audit" -o "$work/none" true)"
same a_report_that_cannot_be_written 125 "$(status_of "$audit" --report "$work/none/x" true)"

. "$top_srcdir/tests/launcher.sh"
cp "$audit" "$installed/audit" || exit 99
cd "$work" || exit 99
same syncdir_audit_runs_it 1 "$(status_of syncdir -o "$work" --audit --all -- mkdir made)"
check and_it_says_what_it_found said "$work/made: mkdir()"

# The recipe for CI.
echo text >"$work/kept"
same the_recipe_fails_on_a_finding 1 \
  "$(status_of sh "$top_srcdir/examples/audit-ci" "$work" mv "$work/kept" "$work/moved")"
check and_says_what_to_add said "fsync() of the directory $work"
same the_recipe_passes_where_all_is_right 0 "$(status_of sh "$top_srcdir/examples/audit-ci" "$work" true)"

finish
