# SPDX-License-Identifier: GPL-2.0-or-later
# The crash laboratory itself: that it convicts, that what it shows can be shown
# again, that it cleans up, that it says what is wrong.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/crash/crash.inc"

. "$top_srcdir/tests/held.sh"
. "$top_srcdir/tests/unshare.sh"

# A mount that --look leaves must not be seen by anybody else.
begin_apart '' "$@"
TMPDIR=$work
export TMPDIR

cat > "$work/change" <<'END_OF_CHANGE'
set -e
mkdir t
echo text > t/f
sync -f . && sync -f .
exec 3>$POWERCUT_MARKS
fsynced() { echo "fsynced t t/f" >&3; }
begins() { echo "begins $*" >&3; }
returned() { echo "returned t" >&3; }
fsynced
begins t link f g; ln t/f t/g; returned
begins t mkdir d; mkdir t/d; returned
begins t rename g; mv t/g t/d/g; returned
END_OF_CHANGE

says() { grep -q -e "$1" "$work/out" || { cat "$work/out"; return 1; }; }

for kind in ext4 xfs btrfs ext2 overlay overlay-xfs overlay-btrfs overlay-ext2; do
  cut --fs "$kind" --keep none --run "sh $work/change"
  check "${kind}_loses_changes_that_nobody_flushes" ends_with 1
  check "${kind}_is_convicted_of_a_lost_change" says '^  seed 1, state [0-9]*:[0-9]*: lost, '
  cut --fs "$kind" --keep none --run "LD_PRELOAD=$library sh $work/change"
  check "${kind}_keeps_changes_that_the_library_flushes" ends_with 0
done

cut --fs ext4 --cache none --keep none --run "sh $work/change"
check a_device_without_a_cache_loses_them_too ends_with 1

# Without flushes between them, a later write reaches the disk before an earlier.
cut --fs ext4 --mount barrier=0 --keep none --cache reorder:8 --run "LD_PRELOAD=$library sh $work/change"
check a_filesystem_that_does_not_flush_is_convicted ends_with 1

cut --fs ext4 --keep "$work/kept" --run "sh $work/change"
look=$(sed -n 's/^    \([^ ]\)/\1/p' "$work/out" | head -n 1)
verdict=$(sed -n 's/^  seed 1, state [0-9:]*: //p' "$work/out" | head -n 1)
check a_violation_names_a_command_that_shows_it test -n "$look"
[ -n "$look" ] || finish
same every_violation_is_kept "$(sed -n 's/.* \([0-9]*\) violations.*/\1/p' "$work/out")" \
  "$(grep -c '^  seed' "$work/kept/ext4/violations")"
eval "$look" >"$work/out" 2>&1
top=$(sed -n 's/^mounted on \([^;]*\);.*/\1/p' "$work/out")
same the_command_finds_the_same_verdict "$verdict" "$(tail -n 1 "$work/out")"
check the_state_is_left_mounted mountpoint -q "${top:-/nowhere}"
check the_state_can_be_looked_at test -e "$top/t/f"
check the_command_that_ends_it_works sh -c "$(sed -n 's/.*enough: //p' "$work/out")"
check its_folder_goes test ! -e "${top%/top}"
check its_loop_device_goes_with_the_mount sh -c '! losetup -a | grep "$1"' sh "$work/kept"
check the_command_names_powercut_by_its_whole_path test "${look#/}" != "$look"
# Which violation is told first is another matter.
judged() { "$powercut" --replay "$work/kept/ext4" 2>/dev/null | grep -v 'states a second'; }
same a_recording_is_judged_alike_each_time "$(judged)" "$(judged)"

# A copy that was cut off.
for file in base events data; do
  cp -r "$work/kept/ext4" "$work/damaged"
  truncate -s -32 "$work/damaged/$file"
  cut --replay "$work/damaged"
  check "half_a_recording_is_refused:$file" says 'the recording in .* is incomplete$'
  rm -r "$work/damaged"
done

# The check of the first image convicts; that of the next waits until this is told.
cat >"$work/wait" <<'END_OF_CHECK'
mkdir "$2" 2>/dev/null && echo gone && exit 1
timeout "$patience" sh -c 'until grep -q "^ext4: a first violation was found: seed 1, state .*: gone$" "$1"; do :; done' sh "$1" ||
  exit 4
END_OF_CHECK
cut --keep none --jobs 1 --run 'for i in 1 2; do mkdir $i && sync -f . && echo $i >$POWERCUT_MARKS; done' \
  --check "patience=$patience sh $work/wait $work/out $work/convicted"
check the_first_violation_is_told_at_once says ': lost [0-9]*, wrong 0, unmountable 0, half done 0$'
same it_is_told_once 1 "$(grep -c 'a first violation was found' "$work/out")"
for jobs in 1 4; do
  "$powercut" --replay "$work/kept/ext4" --jobs $jobs >"$work/judged" 2>"$work/out"
  same "it_alone_is_on_standard_error_with_${jobs}_jobs" 1 "$(wc -l <"$work/out")"
  told=$(sed 's/.* found: /  /' "$work/out")
  check "it_is_one_of_all_with_${jobs}_jobs" grep -q -x -F -e "$told" "$work/kept/ext4/violations"
done

cut --keep none --run 'mkdir new && sync -f new && echo accepted new >$POWERCUT_MARKS' \
  --check 'while read word name; do test -d "$name" || exit 1; done'
check a_check_of_the_users_can_be_content ends_with 0
cut --keep none --run 'mkdir new && echo accepted new >$POWERCUT_MARKS' \
  --check 'while read word name; do test -d "$name" || { echo "$name is gone"; exit 1; }; done'
check a_check_of_the_users_can_convict says 'lost, "accepted new": new is gone'

# Words that a shell would split, and a place that is not absolute.
mkdir "$work/it's here, now: yes"
(cd "$work" && TMPDIR="it's here, now: yes" "$powercut" --fs overlay --keep "it's here, now: yes/kept" \
  --run "sh $work/change") >"$work/out" 2>&1
look=$(sed -n 's/^    \([^ ]\)/\1/p' "$work/out" | head -n 1)
eval "$look" >"$work/out" 2>&1
check a_path_may_have_any_letters says '^lost, '
check the_command_that_ends_an_overlay_works sh -c "$(sed -n 's/.*enough: //p' "$work/out")"

# Free text only: many states have the same image, and other marks.
cut --keep none --run 'mkdir d && sync -f d && for i in 1 2 3; do echo $i >$POWERCUT_MARKS; done' \
  --check 'rmdir d'
check each_check_gets_the_image_as_it_was ends_with 0
cut --keep none --run 'sync -f . && echo x >$POWERCUT_MARKS; setsid sleep 1000 &' \
  --check 'setsid sleep 1000 & exit 0'
check what_a_command_leaves_behind_is_ended ends_with 0
cut --keep none --run 'echo x >$POWERCUT_MARKS' --check nonsense
check a_check_that_cannot_be_run_is_told says 'the check cannot be run: .*not found'
check a_check_that_cannot_be_run_judges_nothing ends_with 2
mkdir "$work/bin"
for program in sh cp cat mkdir mkfs.ext2; do
  ln -s "$(command -v $program)" "$work/bin/$program"
done
PATH=$work/bin cut --fs ext2 --keep none --run 'mkdir t; echo "begins . x" >$POWERCUT_MARKS
  echo "returned ." >$POWERCUT_MARKS'
check without_e2fsck_nothing_is_judged ends_with 2
check without_e2fsck_it_says_so says 'e2fsck cannot be run'

# A place for the results that is none: nothing is run.
: >"$work/file"
mkdir "$work/read-only" "$work/small" "$work/folder"
mount -t tmpfs -o ro tmpfs "$work/read-only"
at_exit umount "$work/read-only"
mount -t tmpfs -o size=64K tmpfs "$work/small"
at_exit umount "$work/small"
has_not_run() { ends_with 2 && test ! -e "$work/has-run"; }
for place in "$work/file" /proc/nowhere "$work/file/below" "$work/read-only"; do
  cut --fs ext4,xfs --keep "$place" --run "echo >$work/has-run"
  check "a_recording_is_not_made_that_cannot_be_kept_in:${place#$work/}" has_not_run
  check "it_is_told:${place#$work/}" says "^powercut: cannot .* $place.*: [A-Z]"
done
for place in "$work/none/report" "$work/folder" "$work/read-only/report"; do
  cut --keep none --report "$place" --run "echo >$work/has-run"
  check "nothing_is_run_without_a_place_for_the_report:${place#$work/}" has_not_run
  check "it_is_told:${place#$work/}" says "^powercut: cannot write the report $place: [A-Z]"
done
cut --keep "$work/small" --run "LD_PRELOAD=$library sh $work/change"
check a_recording_that_cannot_be_kept_is_a_failure ends_with 2

# Marks that make no sense
cut --keep none --run 'printf "one\ntwo\n" >$POWERCUT_MARKS'
check two_marks_in_one_write_are_refused says 'there is another line after it'
cut --keep none --run 'head -c 5000 /dev/zero | tr "\0" x >$POWERCUT_MARKS'
check a_mark_that_is_too_long_is_refused says 'is out of order: it is too long'
cut --keep none --run 'echo "returned t" >$POWERCUT_MARKS'
check a_mark_of_no_tree_is_refused says 'the mark "returned t" is out of order: there is no such tree'
cut --keep none --run 'echo "begins . x" >$POWERCUT_MARKS'
check a_call_that_never_returned_is_refused says 'ended within a call in the tree \.$'
cut --keep none --run 'echo "begins . x" >$POWERCUT_MARKS; echo "begins . x" >$POWERCUT_MARKS'
check a_call_within_a_call_is_refused says 'the last call in this tree has not returned'
cut --keep none --run 'for call in a b; do echo "begins . $call" >$POWERCUT_MARKS
  echo "returned ." >$POWERCUT_MARKS; mkdir between; done'
check a_change_that_no_mark_names_is_refused says 'changed between the marks of two calls'
check what_cannot_be_judged_is_a_failure ends_with 2
cut --keep none --run 'touch t; echo "begins t x" >$POWERCUT_MARKS'
check a_tree_that_is_a_file_is_refused says 'the tree is no directory$'
for trees in '. a' 'a .' 'a a/b' 'a/b a'; do
  cut --keep none --run 'mkdir -p a/b; sync -f .; for tree in '"$trees"'; do
    echo "begins $tree x" >$POWERCUT_MARKS; echo "returned $tree" >$POWERCUT_MARKS; done'
  check "trees_within_each_other_are_refused:$trees" says 'this tree lies within another one, or another one within it$'
done
cut --keep none --run 'mkdir a ab; sync -f .; for tree in a ab; do
    echo "begins $tree x" >$POWERCUT_MARKS; mkdir $tree/d; sync -f .
    echo "returned $tree" >$POWERCUT_MARKS; done'
check trees_beside_each_other_are_not ends_with 0
cut --keep none --run true
check a_run_without_marks_is_refused says 'so nothing can be judged'
cut --keep none --run 'exit 3'
check a_run_that_fails_is_not_judged says 'failed with status 3; nothing was judged'

# Wrong usage
for words in '' '--run' '--fs fat --run true' '--cache some --run true' '--seed x --run true' \
    '--jobs 0 --run true' '--cuts random:0 --run true' '--look /nowhere' '--run true --look /nowhere --at 1:1' \
    '--run true left' '--fs ext4,xfs,ext4 --run true' '--replay /nowhere --seed 2' \
    '--look /nowhere --at 1:1 --jobs 2'; do
  cut $words
  check "wrong_usage_is_told:$words" ends_with 2
done
# refused SENTENCE OPTION...
refused() {
  sentence=$1
  shift
  cut "$@"
  check "a_sentence_says_what_is_wrong:$*" says "^powercut: $sentence\$"
  check "it_is_refused:$*" ends_with 2
}
numbers='where N is a number from 1 to 65536'
for n in '' 0 x 65537; do
  refused "--cuts random:$n: expected all or random:N, $numbers" --cuts "random:$n" --run true
  refused "--cache reorder:$n: expected none or reorder:N, $numbers" --cache "reorder:$n" --run true
done
for n in 0 1 4095; do
  refused "--size $n: the device must have at least 4K" --size $n --run true
done
refused '--run, --replay and --look exclude each other' --replay /nowhere --run true
refused 'one of --run, --replay and --look is needed' --fs ext4
refused '--replay takes all but --cuts, --jobs, --json, --report and --check from the recording' \
  --replay /nowhere --cache none
refused '--look takes all but --at and --check from the recording' \
  --look /nowhere --at 1:1 --cuts all
for state in 1 :1 1: x:1; do
  refused "--at $state: not POSITION:CHOICE, two numbers as a violation shows them" \
    --look /nowhere --at "$state"
done
cut --mount nonsense=1 --run true
check a_filesystem_that_cannot_be_mounted_is_told says 'cannot mount ext4 with the options "nonsense=1"'
cut --mkfs '-O nonsense' --run true
check a_filesystem_that_cannot_be_made_is_told says 'cannot make a filesystem'
setpriv --reuid 65534 --clear-groups "$powercut" --run true >"$work/out" 2>&1
status=$?
check without_root_it_is_a_skip ends_with 77
check without_root_it_says_so says 'only root can mount'

# where_there_is DEVICE...: in a /dev that has little else.
where_there_is() {
  mkdir -p "$work/dev"
  $apart sh -c '
    dev=$1 powercut=$2 change=$3
    shift 3
    mount -t tmpfs tmpfs "$dev" && cd /dev && cp -a null "$@" "$dev" &&
      mount --bind "$dev" /dev &&
      exec "$powercut" --keep none --jobs 8 --run "LD_PRELOAD=$LIBRARY sh $change"' \
    sh "$work/dev" "$powercut" "$work/change" "$@" >"$work/out" 2>&1
  status=$?
}
LIBRARY=$library
export LIBRARY
where_there_is loop-control
check without_fuse_it_is_a_skip ends_with 77
check without_fuse_it_says_so says 'cannot run here: no /dev/fuse'
where_there_is fuse
check without_loop_devices_it_is_a_skip ends_with 77
check without_loop_devices_it_says_so says 'cannot run here: no /dev/loop-control'
where_there_is fuse loop-control
check without_a_device_for_the_loop_it_is_a_skip ends_with 77
check without_a_device_for_the_loop_it_says_so says 'there is no loop device for .*: /dev/loop[0-9]'
# As many as are there at the least, and those that are free next.
where_there_is fuse loop-control $(cd /dev && ls -d loop[0-9]*)
check with_fewer_loop_devices_than_workers_all_is_judged ends_with 0

# Cleaning up: stopped within the run, and within the replay.
mkfifo "$work/reached"
# stopped SIGNAL OPTION...: the status, and what is left.
stopped() {
  signal=$1
  shift
  "$powercut" --keep none --seed $$ "$@" >"$work/out" 2>&1 &
  process=$!
  read -r word < "$work/reached"
  kill -"$signal" "$process"
  wait "$process" 2>/dev/null
  status=$?
  left=$(grep -c "$work/powercut" /proc/self/mounts; losetup -a | grep "$work/powercut";
    pgrep -f "$powercut --keep none --seed $$ "; find "$work" -maxdepth 1 -name 'powercut.*')
}
for signal in INT TERM HUP; do
  stopped "$signal" --run "echo >$work/reached; echo 'begins . x' >\$POWERCUT_MARKS; sleep 1000"
  same "SIG${signal}_in_the_run_leaves_nothing" 0 "$left"
  check "SIG${signal}_is_told_by_the_status" test "$(kill -l "$status")" = "$signal"
  stopped "$signal" --jobs 1 --run "echo mark >\$POWERCUT_MARKS" \
    --check "echo >$work/reached; sleep 1000"
  same "SIG${signal}_in_the_replay_leaves_nothing" 0 "$left"
done

# --look leaves the state mounted however it ends, but not what its check began.
eval "set -- $look"
mkfifo "$work/looked"
sleeper="sleep 1000$$"
"$@" --check "echo >$work/looked; $sleeper" >"$work/out" 2>&1 &
process=$!
read -r word <"$work/looked"
kill -TERM "$process"
wait "$process" 2>/dev/null
check an_ended_look_leaves_no_process until_true sh -c '! pgrep -f "^$1\$"' sh "$sleeper"
# What pgrep does not find any more may hold the mount for another moment.
check an_ended_look_has_told_how_to_end_its_mount until_true sh -c "$(sed -n 's/.*enough: //p' "$work/out")"

# Killed before its child, which is held there, has asked to be ended with it.
held prctl 'parent=$(ps -o ppid= -p $1 | tr -d " ")
    ! tr "\0" " " <"/proc/$parent/cmdline" | grep -q "^[^ ]*powercut " || { kill -KILL $parent; echo >'"$work/killed"'; }' \
  "$powercut" --keep none --run "echo >$work/lived" >"$work/out" 2>&1
check killed_before_its_child_is_ready_it_takes_it_along test -e "$work/killed" -a ! -e "$work/lived"
rm -f "$work/killed"
eval "set -- $look"
held prctl 'parent=$(ps -o ppid= -p $1 | tr -d " ")
    ! tr "\0" " " <"/proc/$parent/cmdline" | grep -q "^[^ ]*powercut " || { kill -KILL $parent; echo >'"$work/killed"'; }' \
  "$@" --check "echo >$work/lived" >"$work/out" 2>&1
check killed_before_a_check_is_adopted_it_runs_none test -e "$work/killed" -a ! -e "$work/lived"
check the_killed_look_has_told_how_to_end_its_mount until_true sh -c "$(sed -n 's/.*enough: //p' "$work/out")"

for i in 1 2 3; do
  "$powercut" --fs btrfs --keep none --run "LD_PRELOAD=$library sh $work/change" >"$work/out.$i" 2>&1 &
  eval "process_$i=\$!"
done
for i in 1 2 3; do
  eval "wait \$process_$i"
  status=$?
  mv "$work/out.$i" "$work/out"
  check "several_run_at_once_$i" ends_with 0
done

finish
