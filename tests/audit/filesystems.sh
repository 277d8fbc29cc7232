# SPDX-License-Identifier: GPL-2.0-or-later
# What the audit counts as durable on a filesystem is what the library does there.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/audit/audit.inc"
. "$top_srcdir/tests/mounts.sh"

compile steps

# on KIND COMMAND...: the command in a new filesystem, in which is the file "old".
on() {
  kind=$1
  shift
  [ -d "$work/$kind" ] || mount_kind "$kind" "$work/$kind" >/dev/null 2>&1 || exit 99
  (cd "$work/$kind" && echo good >old && "$@")
}

# how KIND: how the library writes the bytes of a file that is renamed there.
how() {
  on "$1" sh -c 'echo new >tmp && LD_PRELOAD=$0 SYNCDIR_TRACE=- mv tmp old 2>&1' "$library" |
    cut -f 5 | head -n 1
}

# numbers FILE LINES: those of filesystems that are held in memory.
numbers() { sed -n "$2" "$top_srcdir/$1" | grep -o '0x[0-9A-F]\{8\}' | sort; }
numbers lib/core/filesystem.c '/, IN_MEMORY }/p' >"$work/numbers"
check some_filesystems_are_held_in_memory [ "$(wc -l <"$work/numbers")" -gt 10 ]
same they_are_the_same_for_the_audit "$(cat "$work/numbers")" \
  "$(numbers src/audit/filesystem.c '/^static bool is_in_memory/,/^}/p')"

# Without a journal nothing writes the inode that leads to them.
for kind in ext4 xfs; do
  same "the_library_trusts_sync_file_range_on_$kind" sync_file_range "$(how $kind)"
  same "so_does_the_audit_on_$kind" 'status 0' \
    "$(on $kind findings "$work/steps" put tmp range tmp rename tmp old fsync .)"
done
for kind in ext2 ext4-nojournal btrfs; do
  same "the_library_does_not_trust_sync_file_range_on_$kind" fdatasync "$(how $kind)"
  same "nor_does_the_audit_on_$kind" 'contents-lost rename old' \
    "$(on $kind findings "$work/steps" put tmp range tmp rename tmp old fsync .)"
done

# noted KIND WORD...: the note that a directory's fsync may not be enough; no findings else.
noted() {
  on "$1" findings "$work/steps" put tmp fsync tmp rename tmp old "$2" . >"$work/found"
  cat "$work/found"
  jq -r '.notes[]' "$work/report" | grep -o 'a name can be lost all the same'
}
for kind in ext2 ext4-nojournal bindfs; do
  same "fsync_of_a_directory_has_a_note_on_$kind" "status 0
a name can be lost all the same" "$(noted $kind fsync)"
done
for kind in ext4 xfs btrfs; do
  same "and_none_on_$kind" 'status 0' "$(noted $kind fsync)"
done
same and_none_where_all_is_flushed 'status 0' "$(noted ext2 syncfs)"

finish
