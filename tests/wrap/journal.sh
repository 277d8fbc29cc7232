#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The journal that was found is remembered by its mount, and by nothing that
# another filesystem could have as well: its device, its folder, its name.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/strace.sh"

mount_kind ext4 "$work/a" && mount_kind ext4-nojournal "$work/b" || exit 99
: > "$work/a/file"
: > "$work/b/file"
umount "$work/a" "$work/b" || exit 99
cp "$work/a.img" "$work/disk.img" || exit 99
disk=$(losetup --find --show "$work/disk.img") || exit 99
at_exit "losetup --detach $disk"

# One process links on one filesystem after the other, all of them on one loop
# device, mounted in one folder.  The device is never let go: another could take it.
cat > "$work/links" <<'END'
my ($disk, $folder, @images) = @ARGV;
for my $image (@images) {
  system("dd if=$image of=$disk bs=1M conv=fsync status=none && mount $disk $folder") == 0 or die;
  link("$folder/file", "$folder/$_") or die for 1 .. 2;
  unlink("$folder/$_") or die for 1 .. 2;
  system("umount $folder") == 0 or die;
}
END
# links IMAGE...: the flushes of the links and unlinks, without those of the other
# commands.
links() {
  flushes perl "$work/links" "$disk" "$work/a" "$@" | sed -n "s|^\([a-z]*\) $work/a\$|\1|p" | paste -sd' '
}
journal='fsync fsync fsync fsync'
none='syncfs fsync syncfs fsync syncfs fsync syncfs fsync'
same a_filesystem_without_a_journal_on_the_same_device_is_known_for_one "$journal $none $journal" \
  "$(links "$work/a.img" "$work/b.img" "$work/a.img")"
same a_journal_that_comes_later_is_found "$none $journal" "$(links "$work/b.img" "$work/a.img")"

finish
