# SPDX-License-Identifier: GPL-2.0-or-later
# check-crash can be stopped, and goes on where it was: no job is done twice, and its
# results are those of a run that was never stopped.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/crash/crash.inc"

# A powercut that only says what a run with nothing lost says, and stops the run at
# the job that $work/stop names.
mkdir -p "$work/src/powercut" "$work/tests/crash/workload" "$work/.libs"
cat >"$work/src/powercut/powercut" <<END_OF_POWERCUT
#!/bin/sh
echo >>"$work/begun"
[ "\$(wc -l <"$work/begun")" -ne "\$(cat "$work/stop")" ] || { kill -TERM \$PPID; exit 143; }
while [ "\$1" != --report ]; do shift; done
printf 'ext4\tcall\t1\t0\t0\t0\t0\n' >>"\$2"
echo 'ext4: 10 states tested, 5 distinct images, 0 violations (9 states a second)'
case \$* in *LD_PRELOAD*) exit 0 ;; *) exit 1 ;; esac
END_OF_POWERCUT
chmod +x "$work/src/powercut/powercut"
ln -s "$workload" "$work/tests/crash/workload/workload"
: >"$work/.libs/libsyncdir.so"

# crashed STOP OPTION...: begins so many jobs at the most.
crashed() {
  echo "$1" >"$work/stop"
  : >"$work/begun"
  shift
  (cd "$work" && sh "$top_srcdir/tests/crash/check-crash" --results "$work/results" "$@" ext4) >"$work/out" 2>&1
  status=$?
}
results_of() { (cd "$work/results" && cat ext4.*.with ext4.*.without ext4.*.out); }

# Real programs are not for a false powercut: the last of the jobs before them stops.
before_programs=$(crashed 0 --minutes 0; sed -n '/^programs/{=;q}' "$work/results/plan")
check the_jobs_are_counted test "${before_programs:-0}" -gt 8
crashed 4
check a_stopped_run_says_so ends_with 130
check it_says_how_to_go_on grep -q 'stopped after 3 of [0-9]* jobs; --resume goes on' "$work/out"
check it_says_how_long_the_rest_takes grep -q '  job 3 of [0-9]*; the rest takes about [0-9]* h [0-9][0-9] min' "$work/out"
crashed $((before_programs - 4)) --resume
results_of >"$work/resumed"
same no_job_is_done_twice $((before_programs - 4)) "$(wc -l <"$work/begun")"
crashed $((before_programs - 1))
results_of >"$work/whole"
check the_results_are_those_of_a_whole_run cmp "$work/whole" "$work/resumed"

echo built anew >"$work/.libs/libsyncdir.so"
crashed 1 --resume
check results_of_another_build_are_not_added_to ends_with 2
check it_says_why grep -q 'are of another build' "$work/out"

finish
