# SPDX-License-Identifier: GPL-2.0-or-later
# Every name that the C library exports is wrapped, left out with a reason, or
# has no business with names of files: tests/abi/glibc-exports says which.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/abi/symbols.inc"

list=$top_srcdir/tests/abi/glibc-exports
wrapped=$work/wrapped
wrapped_names >"$wrapped"

# review WANT [NAMES]: prints what review.awk finds.
review() {
  want=$1
  shift
  awk -v want="$want" -f "$top_srcdir/tests/abi/review.awk" "$wrapped" "$list" "$@"
}

# exports LIBC: its public names.  GLIBC_PRIVATE: see the head of the list.
exports() {
  dynamic_symbols "$1" defined | grep -v '@GLIBC_PRIVATE$' | without_versions
}

# Fails with the names that are not on the list; and where hardly any name was
# read, for then the list was held against nothing.
every_export_is_reviewed() {
  exports "$1" >"$work/exports"
  [ "$(wc -l <"$work/exports")" -gt 1000 ] || { echo "no exports read from $1"; return 1; }
  review unreviewed "$work/exports" >"$work/unreviewed"
  [ ! -s "$work/unreviewed" ] || { echo "in $1, not on $list:"; cat "$work/unreviewed"; return 1; }
}

check "every_export_of_the_running_libc_is_reviewed" every_export_is_reviewed "$(libc)"
for musl in /lib/ld-musl-*.so.1; do
  if [ -e "$musl" ]; then
    check "every_export_of_musl_is_reviewed ($musl)" every_export_is_reviewed "$musl"
  else
    skip every_export_of_musl_is_reviewed 'musl is not installed'
  fi
done

same "the_list_has_no_name_twice_and_no_pattern_over_another_entry" "" "$(review faults)"

# Calls that no C library has yet.
cat >"$work/invented" <<END
copy_file
copyfile
exchange
fclonefileat
fcreat
flink
flinkat
fmkdirat
frename
linkfd
linkfile
link_np
mkdir2
mkdirfd
mkdirp
mkfileat
mkfifofd
mknodat2
mkostempat
mkdtempat
mkstempat
mkstempsat
memfd_link
openat64_2
open_create
open_tree_attr
pathat
posix_link
posix_mkdir
posix_open
posix_spawn_file_actions_addopenat
posix_spawn_file_actions_addunlink
process_rename
pidfd_spawnat
renameat3
rename_exclusive
rename_noreplace
removeat
removefile
replace
rmdirat
sem_openat
shm_mkstemp
shm_rename
symlinkfd
tmpfileat
unlinkfd
unlinkat2
umkdir
undelete
aio_open
aio_rename
fs_link
fsmkdir
mq_rename
name_to_handle_link
getfile
setlink
_IO_file_creat
_IO_fopenat
_IO_link
_IO_mkstemp
__fopen_chk
__freopen_chk
__isoc23_fopen
__isoc99_freopen
__libc_open
__libc_rename
__link
__mkdir
__mkstemp_chk
__open_nocancel
__rename
__renameat2_time64
__unlink
__xmkdir
__xmkfifo
END
same "an_invented_call_that_makes_names_is_reported" "$(cat "$work/invented")" \
  "$(review unreviewed "$work/invented")"

# What libcs have made of their names before, done to each wrapped name.
sed 's/^_*\(IO_\)*//' "$wrapped" | LC_ALL=C sort -u | while read -r name; do
  for form in "${name}2" "${name}3" "${name}64" "${name}at" "${name}at2" "${name}fd" "${name}_np" \
    "${name}_r" "${name}_l" "${name}_time64" "f$name" "l$name" "v$name" "p$name" "q$name" "w$name" \
    "_$name" "__$name" "__${name}_2" "__${name}_chk" "__${name}64" "__${name}_time64" "__x$name" \
    "_IO_$name" "__libc_$name" "__isoc23_$name" "__isoc99_$name" "posix_$name" "aio_$name" "fs$name" \
    "u$name" "shm_$name" "sem_$name" "mq_$name" "process_$name" "pidfd_$name" "get$name" "set$name"; do
    echo "$form"
  done
done >"$work/forms"
check "there_are_forms_to_hold_against_the_patterns" [ "$(wc -l <"$work/forms")" -gt 1000 ]
same "no_pattern_covers_a_form_of_a_wrapped_name" "" "$(review by-pattern "$work/forms")"

finish
