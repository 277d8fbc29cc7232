#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Which changes through a FUSE server reach the disk below before the call returns, as
# the manual has it: the flushes of that disk are counted.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/mounts.sh"
. "$top_srcdir/tests/strace.sh"
. "$top_srcdir/tests/launcher.sh"
. "$top_srcdir/tests/layers/layers.inc"

for program in bindfs mergerfs sshfs fuse-overlayfs gocryptfs; do
  command -v "$program" >/dev/null || skip_all "$program is not installed"
done
mount_kind ext4 "$work/disk" "$below" || exit 99
disks=${device#/dev/}
folders=$work/disk
cd "$work" || exit 99

# layer NAME COMMAND...: mounts folder NAME of the disk on NAME.
layer() {
  name=$1
  mkdir -p "$name" "disk/$name" || exit 99
  shift
  "$@" >"$name.log" 2>&1 || { cat "$name.log" >&2; exit 99; }
}
files='creat link rename rename_across'

layer bindfs bindfs disk/bindfs bindfs
through bindfs bindfs $files

layer mergerfs mergerfs -o minfreespace=1M "$work/disk/mergerfs" mergerfs
through mergerfs mergerfs $files

# No network, and no server for logins: the server of sftp alone.
printf '#!/bin/sh\nexec /usr/lib/openssh/sftp-server\n' >ssh && chmod +x ssh
layer sshfs sshfs -o "ssh_command=$work/ssh" "nowhere:$work/disk/sshfs" sshfs
through sshfs sshfs $files

mkdir disk/lower disk/work
layer fuse-overlayfs fuse-overlayfs -o "lowerdir=disk/lower,upperdir=disk/fuse-overlayfs,workdir=disk/work" fuse-overlayfs
through fuse-overlayfs fuse-overlayfs $calls
umount fuse-overlayfs
fuse-overlayfs -o "fsync=0,lowerdir=disk/lower,upperdir=disk/fuse-overlayfs,workdir=disk/work" fuse-overlayfs
through fuse-overlayfs_with_fsync=0 fuse-overlayfs

echo secret >password
mkdir -p disk/gocryptfs && gocryptfs -q -init -scryptn 10 -passfile password disk/gocryptfs || exit 99
layer gocryptfs gocryptfs -q -passfile password disk/gocryptfs gocryptfs
through gocryptfs gocryptfs $calls

# Of an unknown server, which type it has says nothing: as much as can be had is asked.
$CC $(pkg-config --cflags fuse3) -o server "$top_srcdir/tests/layers/server.c" $(pkg-config --libs fuse3) ||
  exit 99
layer with ./server "$work/disk/with" fsyncdir with -o subtype=unknown
through a_server_that_passes_fsync_of_directories_on with $calls
layer without ./server "$work/disk/without" nothing without -o subtype=unknown
through a_server_that_does_not without $files

# asked FOLDER COMMAND...: the flushes that the library asks for in FOLDER.
asked() { (cd "$1" && prepare && shift && flushes "$@" | sed "s; $PWD/; ;") }
same a_link_flushes_the_file_first "fsync a/new
fsync a" "$(asked without ln a/file a/new)"
# What is held is flushed by syncfs, of which the server would not be told.
same nothing_is_held_here "fsync b/a
fsync b
fsync b
fsync b" "$(preload='' asked without sh -c "cd b && exec '$top_builddir/tests/defer/holder' held")"

# What --check says.  told STATUS PATTERN FOLDER
told() {
  syncdir --check "./$3" >said 2>&1
  found=$?
  cat said
  [ "$found" -eq "$1" ] && grep -q -- "$2" said
}
check check_mergerfs_is_not_protected told 1 'its server flushes no directory' mergerfs
check check_sshfs_is_not_protected told 1 'its server flushes no directory' sshfs
check check_bindfs_cannot_be_told told 2 'bindfs is of this kind' bindfs
check check_fuse_overlayfs_cannot_be_told told 2 'unless it was started with fsync=0' fuse-overlayfs
check check_an_unknown_server_cannot_be_told told 2 'has not been examined' with
check check_gocryptfs_on_ext4_is_protected told 0 "passes flushes on to $work/disk/gocryptfs" gocryptfs
# gocryptfs over KIND
over() {
  mount_kind "$1" "$work/$1" && mkdir "$1/cipher" "over-$1" &&
    gocryptfs -q -init -scryptn 10 -passfile password "$1/cipher" &&
    gocryptfs -q -passfile password "$1/cipher" "over-$1" || exit 99
}
over ext2
check check_gocryptfs_without_a_journal_is_not_protected told 1 'needs syncfs, which is not passed on' over-ext2
over btrfs
check check_gocryptfs_on_btrfs_cannot_be_told told 2 'not through the server' over-btrfs
mkdir elsewhere && gocryptfs -q -passfile password -fsname "$work/disk" disk/gocryptfs elsewhere || exit 99
check check_gocryptfs_under_another_name_cannot_be_told told 2 'is not known: check that' elsewhere

# The type of the mount is what tells one server from another.
umount without
layer without ./server "$work/disk/without" nothing without -o subtype=gocryptfs
same a_server_that_is_known_is_asked_for_the_directory "fsync a" "$(asked without ln a/file a/new)"

finish
