# SPDX-License-Identifier: GPL-2.0-or-later
# The examples of powercut: each program is convicted as it is first written, and
# acquitted with the flush that the manual adds; the recipe for CI tells both apart.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/crash/crash.inc"

examples=$top_srcdir/examples/powercut
POWERCUT=$powercut
export POWERCUT TMPDIR="$work"

# tried COMMAND OPTION...
tried() {
  "$examples/try" "$@" --keep none >"$work/out" 2>&1
  status=$?
}

for save in "$top_builddir/examples/powercut/save" "$examples/save.sh" "$examples/save.py"; do
  name=${save##*/}
  tried "$save"
  check "it_is_convicted_without_the_flush:$name" ends_with 1
  check "it_is_told_what_is_gone:$name" grep -q ' is gone$' "$work/out"
  tried "$save -d" --fs ext4,xfs,btrfs
  check "it_is_acquitted_with_the_flush:$name" ends_with 0
done

# recipe COMMAND: as in CI.
recipe() {
  "$examples/ci" "$1" "$work/report.json" >"$work/out" 2>&1
  status=$?
}
verdict() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["verdict"])' "$work/report.json"; }
recipe "$examples/save.sh"
check the_recipe_fails_with_violations ends_with 1
same the_report_says_violations violations "$(verdict)"
recipe "$examples/save.sh -d"
check the_recipe_succeeds_without ends_with 0
same the_report_says_nothing_lost 'nothing lost' "$(verdict)"
POWERCUT=false recipe "$examples/save.sh -d"
check the_recipe_fails_with_powercut ends_with 1

# concurrent [-d]
concurrent() {
  "$powercut" --concurrent --keep none --run "$examples/concurrent.sh $*" >"$work/out" 2>&1
  status=$?
}
concurrent
check several_processes_in_one_directory_are_convicted ends_with 1
concurrent -d
check several_processes_in_one_directory_are_acquitted ends_with 0

finish
