/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of each filesystem, in the sentences of syncdir --check. */
#include "kinds.h"

#include <string.h>

/* What is known of a filesystem, by the name that mountinfo has for it.  Measured:
 * doc/durability.md; of FUSE: which flushes reached the disk below. */
static const struct kind kinds[] = {
  { "ext2", SAFE, "there is no journal, and fsync of a directory writes no inode" },
  { "ext3", SAFE,
    "there is one journal, and what commits one directory commits the new inode and the "
    "other directory" },
  { "ext4", SAFE,
    "there is one journal, and what commits one directory commits the new inode and the "
    "other directory" },
  { "xfs", SAFE,
    "there is one journal, and what commits one directory commits the new inode and the "
    "other directory" },
  { "btrfs", SAFE, "the fsync of the new directory alone would leave both names of a rename" },
  { "overlay", SAFE,
    "what is flushed here is flushed in the upper directory, by what that one's "
    "filesystem needs, as far as it shows" },
  { "fuse.fuse-overlayfs", CANNOT_TELL,
    "its server passes fsync on, unless it was started with fsync=0, "
    "as container engines may do, or volatile; that does not show here" },
  { "fuse.gocryptfs", SAFE, "its server passes fsync of a directory on" },
  { "fuse.glusterfs", UNSAFE,
    "its server answers success to fsync of a directory, and flushes nothing, "
    "so creating, linking or renaming a file is durable and nothing else is; on each brick, mount with "
    "dirsync (a fresh mount, for ext4 ignores it in a remount), or chattr +D the brick's root before any "
    "directory is made, or set changelog.changelog on and changelog.fsync-interval 0" },
  { "fuse.mergerfs", UNSAFE,
    "its server flushes no directory, so creating, linking or renaming "
    "a file is durable and nothing else is; use a directory of one of its branches" },
  { "fuse.sshfs", UNSAFE,
    "its server flushes no directory, so creating, linking or renaming "
    "a file is durable and nothing else is; let the program run where the disk is" },
  { "fuse", CANNOT_TELL,
    "which server this is cannot be seen; bindfs is of this kind, and flushes no "
    "directory" },
  { "f2fs", CANNOT_TELL,
    "no power was ever cut on it; its fsync of a directory writes a checkpoint (the "
    "kernel's sources), unless it is mounted with fsync_mode=nobarrier" },
  { "vfat", CANNOT_TELL, "no power was ever cut on it; it has no journal, and no links" },
  { "exfat", CANNOT_TELL, "no power was ever cut on it; it has no journal, and no links" },
  { "ntfs3", CANNOT_TELL, "no power was ever cut on it; use ext4 with a journal, or xfs" },
  { "nfs", CANNOT_TELL,
    "a server answers after a change is on its disk (RFC 1813); but not if it exports with async, nor, "
    "on Linux, a btrfs, and that does not show here: look at exports(5) there, and check the "
    "directory there" },
  { "cifs", CANNOT_TELL,
    "the client sends no flush for a directory, and what the server does for a name is "
    "not known from here; let the program run where the disk is" },
  { "9p", CANNOT_TELL,
    "what the server does for an fsync of a directory does not show here; check the "
    "directory where the disk is" },
  { "ceph", CANNOT_TELL,
    "fsync of a directory waits until the metadata server has its changes in its journal "
    "(the kernel's sources), and no power was ever cut on it" },
  { "fuseblk", CANNOT_TELL, "its server was never tried" },
};

const struct kind *kind_of(const char *type)
{
  /* Other names of one client. */
  if (strcmp(type, "smb3") == 0)
    type = "cifs";
  if (strcmp(type, "nfs4") == 0)
    type = "nfs";
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (strcmp(type, kinds[i].type) == 0)
      return &kinds[i];
  return NULL;
}
