#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Ways to let something out that do not look like it: a lock that ends with a mapping, or
# with another descriptor of its file; a hole in a file that is only mapped to be read; a
# question that a server gets.  Each ends the batch; its harmless kin do not.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/defer/defer.inc"

outlet=$top_builddir/tests/defer/outlet
mount_kind ext4 "$work/ext4" && cd "$work/ext4" || exit 99

# ends WAY CALL [FILE]: the call that has ended the last batch.
ends() {
  way=$1 call=$2
  shift 2
  rm -rf one new
  deferred "$outlet" "$way" "$@"
  same "$way:${*##*/}_ends_it_by_$call" "$call" "$(sed -n '$p' "$work/trace" | cut -f 2)"
}

ends unmap munmap
ends unmap-end munmap
ends shrink mremap
ends map-over mmap
ends hole madvise
ends close close
ends memory exit_group
ends memory-over exit_group
ends memory-less exit_group
ends memory-drop exit_group
ends append exit_group
ends in-place write
ends at-offset pwrite64
ends shorter ftruncate
# number CALL: as the trace has one that seldom ends a batch.
number() { echo "call $(printf '#include <sys/syscall.h>\nSYS_%s\n' "$1" | $CC -E -P - | tail -n 1)"; }

ends wait read
ends event write
ends take-event read
ends timer "$(number timerfd_settime)"
ends read-proc read
ends open-proc openat
ends open-plain openat
ends open-often exit_group
ends flags fcntl
ends flags-of-new exit_group
ends alarm alarm
ends alarm-handled exit_group
ends map-proc mmap
ends new-of-child write
ends open-leased openat
ends open-leased-often openat
ends rename-leased exit_group
same what_the_library_opens_is_flushed_for "open:fsync rename:syncfs exit_group:fsync " \
  "$(tail -n 3 "$work/trace" | cut -f 2,5 | tr '\t\n' ': ')"
rm -f moved
ends close-queue close
ends close-written close
ends close-pipe close
ends change-mode "$(number fchmod)"
ends attribute "$(number fsetxattr)"
ends lock flock
ends cut-by-name "$(number truncate)"
ends touch utimensat
ends write-memory "$(number process_vm_writev)"
ends read-memory "$(number process_vm_readv)"
ends ask-child kill
ends priority "$(number setpriority)"
ends pidfd-signal "$(number pidfd_send_signal)"
ends pidfd-take "$(number pidfd_getfd)"
ends pidfd-advise "$(number process_madvise)"
ends name "$(number prctl)"
ends nice "$(number setpriority)"
ends yield "$(number sched_yield)"
ends wake futex
ends give-pages "$(number vmsplice)"
ends own fcntl
ends make-room fcntl
ends ask-bytes ioctl
ends post "$(number semtimedop)"
ends no-semaphore "$(number semctl)"
ends key "$(number add_key)"
ends ask-keys "$(number keyctl)"
ends watch "$(number inotify_init1)"
ends faults "$(number userfaultfd)"
ends ring "$(number io_uring_setup)"
ends share "$(number shmget)"
ends memory-file "$(number memfd_create)"
ends write-pages "$(number msync)"
ends go-away "$(number chdir)"
ends mask exit_group
ends mask-of-two "$(number umask)"
ends date exit_group
ends open-missing exit_group
rm -rf one
all=$("$outlet" last-descriptors) || exit 99
rm -rf one
same the_last_descriptors_are_the_programs "$all" "$(deferred "$outlet" last-descriptors)"
ends open-to-write openat
ends handler exit_group
ends no-handler rt_sigaction
ends handler-that-blocks rt_sigaction
ends handler-of-sigsys rt_sigaction
mkdir other && mount -t tmpfs tmpfs other || exit 99
ends make-across openat
rm -f other/*; ends make-at-other openat
rm -f other/*; ends remove-across "$(number unlink)"
rm -f other/*; ends name-across "$(number mkdir)"
rm -rf other/*; ends name-here exit_group
umount other && rmdir other folder
ends old-call 'call 20'
ends terminal exit_group /dev/null
ends terminal exit_group "$work/ext4/file"

if command -v bindfs >/dev/null; then
  mkdir "$work/served" && bindfs "$work/ext4" "$work/served" || exit 99
  at_exit "umount '$work/served'"
  ends terminal ioctl "$work/served/file"
  cp "$outlet" "$work/ext4/outlet"
  same a_program_of_a_server_is_strict 'it has mapped a file of a filesystem with a server' \
    "$(rm -rf one; reasons "$work/served/outlet" terminal)"
else
  skip a_server_is_asked_nothing 'bindfs is not installed'
fi

finish
