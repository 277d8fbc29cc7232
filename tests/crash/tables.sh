# SPDX-License-Identifier: GPL-2.0-or-later
# The tables of doc/durability.md: no violation is hidden, whatever it was counted
# for, and nothing is told of what has no name.
shared=no
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/crash/crash.inc"

results=$work/results
mkdir "$results"
durability() {
  PATH=$PATH:/usr/sbin:/sbin sh "$top_srcdir/tests/crash/durability" "$results" \
    >"$work/text" 2>"$work/said"
}
row() { grep -F "| \`$1\` |" "$work/text"; }

# The device is spoilt when the call has returned.
cat >"$work/spoil" <<'END'
set -e
mkdir t && sync -f .
echo 'begins t made: mkdir(t/d)' >$POWERCUT_MARKS
mkdir t/d && sync t t/d
echo 'returned t' >$POWERCUT_MARKS
dd if=/dev/zero of="$(findmnt -n -o SOURCE -T .)" bs=4k count=1 conv=fsync,notrunc status=none
END
cut --fs xfs --keep none --report "$results/xfs.calls.with" --run "sh $work/spoil"
check what_cannot_be_mounted_is_a_violation ends_with 1
violations=$(sed -n 's/.*, \([0-9]*\) violations.*/\1/p' "$work/out")
same it_is_counted_for_the_call_that_had_returned "xfs	made: mkdir(t/d)	$violations" \
  "$(awk -F '\t' -v OFS='\t' '{ print $1, $2, $7 }' "$results/xfs.calls.with")"
check the_violation_names_the_call grep -q 'unmountable, "made: mkdir(t/d)" in t: ' "$work/out"
{ echo 'cuts: all'; cat "$work/out"; } >"$results/xfs.calls.with.out"

# Fields: the filesystem, the case, states, half done, lost, wrong, unmountable.
printf 'ext4\tone: link(a)\t5\t0\t0\t0\t0\next4\tone: unlink(a)\t0\t0\t0\t0\t2\n' >"$results/ext4.calls.with"
printf 'ext4\tone: link(a)\t4\t1\t2\t0\t0\next4\tone: unlink(a)\t0\t0\t3\t0\t0\n' >"$results/ext4.calls.without"
printf 'ext2\tone: link(a)\t4\t3\t0\t0\t0\n' >"$results/ext2.calls.with"
for side in ext4.calls.with ext4.calls.without ext2.calls.with; do
  echo 'cuts: 20' >"$results/$side.out"
done
echo '# mv on ext4, with the library: 30 states tested, 9 distinct images, 0 violations (7 states a second)' \
  >"$results/programs.out"
check the_text_is_written durability
same each_call_has_its_states_and_its_violations '| `link` | -; 4: 0 | 4: 3; 5: 0 | -; - |' "$(row link)"
same violations_show_where_no_state_was_counted '| `unlink` | -; - | 0: 3; 0: **2** | -; - |' "$(row unlink)"
check every_violation_is_in_the_table grep -q -F ": **$violations** |" "$work/text"
same each_program_has_its_row '| `mv` | -; 30: 0 |' "$(row mv)"

printf 'ext4\t\t0\t0\t0\t0\t57\n' >>"$results/ext4.calls.with"
same what_has_no_name_is_refused 1 "$(durability; echo $?)"
check with_a_sentence grep -q 'have no name' "$work/said"
same and_nothing_is_written 0 "$(wc -c <"$work/text")"

finish
