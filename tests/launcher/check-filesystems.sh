#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# syncdir --check of filesystems that this kernel may not have: of each it says what is known,
# and promises nothing.  An ext4 passes for one of them: its type is another in mountinfo, and
# in what fstatfs answers.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/mounts.sh"
. "$top_srcdir/tests/strace.sh"
. "$top_srcdir/tests/launcher.sh"

cd "$work" && mount_kind ext4 "$work/disk" || exit 99

# As many bytes of the number as f_type has, the first being the lowest.
bytes_of() {
  perl -e 'print unpack "H*", pack "L!", hex shift' "$1"
}

# passes TYPE NUMBER STATUS PATTERN [OPTIONS]: what --check says of TYPE, mounted with OPTIONS.
passes() {
  line="s;^\\(.* $work/disk .* - \\)ext4 \\([^ ]*\\) .*;\\1$1 \\2 rw${5:+,$5};"
  strace -f -qq -o trace -e trace=fstatfs -e "inject=fstatfs:poke_exit=@arg2=$(bytes_of "$2")" \
    unshare --mount sh -c 'sed "$0" /proc/self/mountinfo >mountinfo && mount --bind mountinfo /proc/$$/mountinfo &&
      exec syncdir --check ./disk' "$line" >said 2>&1
  found=$?
  cat said
  [ "$found" -eq "$3" ] && grep -q "filesystem: $1 on" said && grep -q -- "$4" said
}

check a_f2fs_is_not_known_to_keep_its_promise passes f2fs f2f52010 2 'why: no power was ever cut on it; its fsync of a directory writes a checkpoint'
check what_is_flushed_there_is_told grep -q 'mkdir: fsync of the new directory, then fsync of the directory' said
check a_f2fs_without_checkpoints_is_not_protected passes f2fs f2f52010 1 'checkpoint=disable: after a power cut' checkpoint=disable:0
check a_f2fs_without_barriers_is_not_protected passes f2fs f2f52010 1 'mounted with nobarrier' nobarrier
for kind in 'vfat 4d44' 'exfat 2011bab0'; do
  check "a_${kind% *}_has_no_journal" passes ${kind% *} ${kind#* } 2 'why: no power was ever cut on it; it has no journal, and no links'
done
check of_an_ntfs_nothing_is_known passes ntfs3 7366746e 2 'why: no power was ever cut on it; use ext4 with a journal, or xfs'
for kind in nfs nfs4; do
  check "an_${kind}_is_what_its_server_exports" passes $kind 6969 2 'why: a server answers after a change is on its disk (RFC 1813); but not if it exports with async, nor, on Linux, a btrfs'
done
for kind in 'cifs ff534d42' 'smb3 fe534d42'; do
  check "a_${kind% *}_flushes_no_directory" passes ${kind% *} ${kind#* } 2 'why: the client sends no flush for a directory'
done
check a_9p_is_what_its_server_is passes 9p 1021997 2 'why: what the server does for an fsync of a directory does not show here'
check a_ceph_waits_for_the_metadata_server passes ceph c36400 2 "why: fsync of a directory waits until the metadata server has its changes in its journal"
check the_server_of_a_fuseblk_was_never_tried passes fuseblk 65735546 2 'why: its server was never tried'
check another_server_of_fuse_was_never_looked_at passes fuse.s3fs 65735546 2 'why: what the server of fuse.s3fs flushes has not been examined'
check of_any_other_the_flushes_are_a_guess passes jfs 3153464a 2 'why: jfs was never tested with power cuts; these flushes are a cautious guess'

finish
