# SPDX-License-Identifier: GPL-2.0-or-later
# What powercut judges, and what it refuses to judge: a program that loses something
# is convicted; where nothing can be said, that is said, and never "nothing lost".
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/crash/crash.inc"
TMPDIR=$work
export TMPDIR

says() { grep -q -e "$1" "$work/out" || { cat "$work/out"; return 1; }; }

# run OPTION... COMMAND, with a function for its marks.  sync(2) of all would flush for other
# tests as well, where nothing may be flushed.
run() {
  options=
  while [ $# -gt 1 ]; do
    options="$options $1"
    shift
  done
  cut $options --keep none --run 'set -e
    mark() { echo "$*" >$POWERCUT_MARKS; }
    '"$1"
}

# Not only the root's lost+found was passed over once.
for kind in ext4 ext2 xfs; do
  run --fs $kind 'mkdir -p t/lost+found; sync -f .; sync -f .
    mark begins t mkdir; mkdir t/lost+found/d; mark returned t'
  check "a_lost+found_is_a_directory_as_any:$kind" ends_with 1
done
run --fs ext2 'sync -f .; sync -f .; mark begins . mkdir; mkdir lost+found/d; mark returned .'
check what_a_program_has_in_the_roots_is_judged_too ends_with 1
run --fs ext2 'mkdir t; exec 3>t/f; sync -f .; sync -f .
  mark begins . rm; rm t/f; sync -f .; sync -f .; mark returned .'
check what_e2fsck_puts_there_is_not ends_with 0

# What a mark asks for.  COMMAND changes t/f, flushed or not.
promised() {
  level=$1
  run "mkdir t; echo text >t/f; sync -f .; mark promises t $level
    mark begins t change; $2; mark returned t"
}
setxattr='python3 -c "import os; os.setxattr(\"t/f\", \"user.name\", b\"value\")"'
acl='python3 -c "import os; os.setxattr(\"t/f\", \"system.posix_acl_access\", bytes.fromhex(
  \"0200000001000600ffffffff020004000100000004000400ffffffff10000400ffffffff20000400ffffffff\"))"'
for change in 'chown 5 t/f' 'chgrp 5 t/f' 'touch -d @5 t/f' "$setxattr" "$acl" 'chattr +d t/f' \
    'chattr +A t/f' 'chattr +S t/f'; do
  promised all "$change"
  check "it_is_lost:$change" says 'violations' && check "it_is_convicted:$change" ends_with 1
  promised all "$change; sync t/f t"
  check "it_is_kept:$change" ends_with 0
  promised names "$change"
  check "nobody_can_tell_without_the_promise:$change" ends_with 3
done
run --fs xfs 'mkdir t; echo text >t/f; sync -f .; mark promises t all; mark begins t change; chattr -p 77 t/f
  mark returned t'
check a_project_is_lost ends_with 1
mmap='python3 -c "import mmap; f = open(\"t/f\", \"r+\"); mmap.mmap(f.fileno(), 0)[0] = 65"'
direct='dd if=/dev/zero of=t/f bs=4096 count=1 oflag=direct'
for change in 'echo more >>t/f' "$mmap" "$direct" ': >t/f' 'truncate -s 3 t/f' 'echo other >t/g; mv t/g t/h; sync t'; do
  promised names+bytes "$change"
  check "bytes_are_lost:$change" ends_with 1
done
for change in 'echo more >>t/f' "$mmap"; do
  promised names+bytes "$change; sync t/f"
  check "bytes_are_kept:$change" ends_with 0
done

# What a program writes between two calls hides nothing that the first of them has lost.
written_again() {
  run "mkdir t; echo old >t/f; sync -f .; sync -f .; mark promises t all
    mark begins t change; $1; mark returned t; echo new 1<>t/f; sync t/f
    mark begins t mkdir; mkdir t/d; sync t; mark returned t"
}
for change in 'echo text >>t/f' 'chown 5 t/f'; do
  written_again "$change"
  check "it_is_lost_although_the_file_is_written_later:$change" ends_with 1
  written_again "$change; sync t/f"
  check "it_is_kept_and_the_file_is_written_later:$change" ends_with 0
done

# A file that the call makes is not all there at once: its name is flushed before its bytes.
for kind in ext4:1 ext2:0; do
  run --fs ${kind%:*} 'mkdir t; sync -f .; sync -f .; mark promises t names+bytes; mark begins t make
    : >t/f; sync -f t; dd if=/dev/urandom of=t/f bs=9000 count=1 2>/dev/null; sync -f t; sync -f t
    mark returned t'
  check "a_new_file_is_half_done:${kind%:*}" sh -c 'grep -q "half done [1-9]" "$1" && grep -q "lost 0, wrong 0" "$1"' \
    sh "$work/out" && check "half_a_file_is_no_violation_without_a_journal:${kind%:*}" ends_with "${kind#*:}"
done

# Content is looked at where the filesystem says that it is: in many extents, reserved
# and never written, behind a hole, with an end that is no block's.
# No byte is an "x", which is written over some of them later.
cat >"$work/shapes" <<'END_OF_SCRIPT'
import fcntl, os
def new(name): return os.open("t/" + name, os.O_RDWR | os.O_CREAT, 0o600)
def random(size): return os.urandom(size).replace(b"x", b"y")
def write(file, blocks, at): os.pwrite(file, random(4096 * blocks), 4096 * at)
many = new("many")
for i in range(300): write(many, 1, 2 * i); os.fsync(many)
reserved = new("reserved"); os.posix_fallocate(reserved, 0, 1 << 17); write(reserved, 3, 7)
hole = new("hole"); os.pwrite(hole, b"end", 3000001)
end = new("end"); os.pwrite(end, random(12345), 0); os.ftruncate(end, 9001)
overwritten = new("overwritten"); write(overwritten, 40, 0); os.fsync(overwritten); write(overwritten, 5, 11)
long = new("long"); write(long, 10, 0); os.ftruncate(long, 4096 * 10 + 7); os.posix_fallocate(long, 1 << 16, 8192)
new("empty"); write(new("short"), 1, 0); os.truncate("t/short", 1)
END_OF_SCRIPT
shapes="mkdir t; python3 $work/shapes; sync -f .; sync -f ."
for kind in ext4 xfs btrfs ext2; do
  run --fs $kind --cuts random:20 "$shapes; mark promises t names+bytes; mark begins t mkdir; mkdir t/d; sync -f .; sync -f .
    mark returned t"
  check "bytes_of_any_shape_are_found_again:$kind" ends_with 0
  for file in many:9 reserved:7 reserved:20 hole:732 end:2 long:10 overwritten:12; do
    run --fs $kind "$shapes; mark promises t names+bytes; mark begins t mkdir; mkdir t/d; sync -f .; sync -f .
      echo x | dd of=t/${file%:*} bs=1 seek=$((${file#*:} * 4096 + 5)) conv=notrunc 2>/dev/null
      mark returned t"
    check "a_byte_that_is_lost_is_missed:$kind:$file" ends_with 1
  done
done

# A check that dies has no words for it.
cut --keep none --run 'echo mark >$POWERCUT_MARKS' --check 'kill -9 $$'
check how_a_silent_check_ended_is_told says 'wrong, "mark": the check said nothing and ended with status 137'

# What cannot be judged.
run 'mkdir t; sync -f .; mark begins t nothing; mark returned t'
check a_tree_that_nobody_changes_is_no_evidence ends_with 3
check it_is_told says 'not judged: the tree t: no call changed anything'
run 'mkdir t u; sync -f .; mark begins u mkdir; mkdir u/d; sync u; mark returned u; mark begins t elsewhere
  unshare --mount sh -c "mount -t tmpfs none t && mkdir t/d"; mark returned t'
check another_tree_in_which_something_changes_is_none_either ends_with 3
check it_is_told says 'not judged: the tree t: no call changed anything'
run 'mkdir t; sync -f .; mark begins t elsewhere
  unshare --mount sh -c "mount -t tmpfs none t && mkdir t/d"; mark returned t'
check a_mount_namespace_hides_what_it_does_from_the_judge ends_with 3
run 'mkdir t; sync -f .; echo text >f; mark fsynced t f; mark begins t mkdir; mkdir t/d; sync t; mark returned t'
check what_is_fsynced_outside_of_the_tree_is_not_judged ends_with 3
check it_is_told says 'not judged: the tree t: something that was fsynced has no name in it'
# unusable SENTENCE COMMAND
unusable() {
  run "$2"
  check "it_is_refused:$1" ends_with 2
  check "it_is_told:$1" says "$1"
}
unusable 'out of order: not all of the tree can be read: d: something is mounted there' \
  'mkdir -p t/d; sync -f .; mount -t tmpfs none t/d; trap "umount t/d" EXIT; mark begins t x'
unusable 'out of order: the tree is not on the filesystem under test' \
  'mkdir t; sync -f .; mount -t tmpfs none t; trap "umount t" EXIT; mark begins t x'
unusable 'out of order: the tree is not on the filesystem under test' 'ln -s /tmp t; sync -f .; mark begins t x'
unusable 'out of order: the tree is not on the filesystem under test' 'mark begins ../.. x'
unusable 'out of order: there is no such tree' 'mkdir t; sync -f .; mark begins t mv; mv t u; mark returned t'
unusable 'something was mounted over the filesystem' 'sync -f .; mark begins . x; mark returned .; mount -t tmpfs none .'
unusable 'the tree t was changed after its last mark' 'mkdir t; sync -f .; mark begins t x; mkdir t/d; sync -f .
  mark returned t; mkdir t/later'
unusable 'the tree t was changed after its last mark' 'mkdir t; sync -f .; mark promises t names+bytes
  mark begins t x; echo 1 >t/f; sync -f .; mark returned t; echo 2 >>t/f'
unusable 'was changed after its last mark' 'mkdir t; sync -f .; mark begins t x; mkdir t/d; sync -f .; mark returned t
  setsid sh -c "mkdir t/daemon; echo >ready; sleep 1000" & until test -e ready; do :; done'
unusable 'a tree promises names, names+bytes or all' 'mkdir t; sync -f .; mark promises t bytes'
unusable 'what a tree promises is its first mark' 'mkdir t; sync -f .; mark begins t x; mark returned t
  mark promises t all'
cat >"$work/lease.py" <<'END_OF_SCRIPT'
import fcntl, os, signal, sys
signal.signal(signal.SIGIO, signal.SIG_IGN)
fcntl.fcntl(os.open("t/f", os.O_RDWR), fcntl.F_SETLEASE, fcntl.F_WRLCK)
os.write(os.open(os.environ["POWERCUT_MARKS"], os.O_WRONLY), b"promises t names+bytes")
END_OF_SCRIPT
unusable 'out of order: not all of the tree can be read: f: errno 11' \
  "mkdir t; echo text >t/f; sync -f .; python3 $work/lease.py"
command -v btrfs >/dev/null && {
  run --fs btrfs 'mkdir t; btrfs -q subvolume create t/s; sync -f .; mark begins t x'
  check a_subvolume_is_refused says 'not all of the tree can be read: s: it is a subvolume'
}

# Several owners of the names in one tree.
run --concurrent 'mkdir t; sync -f .; mark begins "t:a*" x; mkdir t/a; sync t; mark returned "t:a*"
  mark begins "t:b*" x; mkdir t/b; mark returned "t:b*"'
check the_names_of_one_owner_are_lost says 'lost, "x" in t:b\*: b is missing'
check the_names_of_the_other_are_not sh -c '! grep "in t:a" "$1"' sh "$work/out"
run --concurrent 'mkdir t; sync -f .; mark begins "t:a*" x; mkdir t/a t/ab t/nobodys t/nobodys/d; sync -f .
  >t/nobodys/f; mark returned "t:a*"'
check names_of_nobody_are_told says 'not judged: the tree t: no marks were about nobodys/f'
check they_are_no_evidence ends_with 3
run --concurrent 'mkdir t; sync -f .; mark begins "t:a*" x; mark begins "t:*b" x; mkdir t/ab; mark returned "t:a*"'
check a_name_has_one_owner says 'the name ab belongs to t:\*b as well'

# Names of others, in a report for programs.
cut --keep none --json "$work/json" --run 'mkdir t; sync -f .; name=$(printf "t/\\377\"\\n\\033[31m")
  echo "begins t a \"name\"" >$POWERCUT_MARKS; mkdir "$name"; echo "returned t" >$POWERCUT_MARKS'
check a_name_may_have_any_bytes ends_with 1
same the_report_is_json '\377"\012\033[31m is missing' "$(python3 -c '
import json, sys
report = json.load(open(sys.argv[1], encoding="utf-8"))
print(report["filesystems"][0]["first_violations"][0]["difference"])' "$work/json")"
check no_name_reaches_the_terminal sh -c '! grep -q "$(printf "\\033")" "$1"' sh "$work/out"
cut --keep none --json "$work/json" --run false
check a_run_that_failed_has_a_report_that_says_so grep -q '"verdict":"failed"' "$work/json"

# A file of 5 GB, most of it a hole, is looked at as fast as a small one.
run --size 6G 'mkdir t; truncate -s 5G t/f; echo end >>t/f; sync -f .; mark promises t names+bytes
  mark begins t mkdir; mkdir t/d; sync t; mark returned t'
check a_hole_costs_nothing ends_with 0

finish
