/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filesystems that can be cut: how each is made, mounted and recovered. */
#ifndef POWERCUT_FILESYSTEM_H
#define POWERCUT_FILESYSTEM_H

#include <stdbool.h>
#include <stdint.h>

struct filesystem {
  const char *name;
  const char *type;    /* as mount(2) knows it */
  const char *mkfs;    /* command, to which arguments and the image are added */
  const char *options; /* without which the replay is not what it should be */
  uint64_t size;       /* by default, in bytes */
  bool has_overlay;    /* an overlay lies on it, and is the filesystem under test */
};

/* By name, or NULL. */
const struct filesystem *find_filesystem(const char *name);

/* All names, for a message. */
const char *filesystem_names(void);

/* Makes one in the file IMAGE; ARGUMENTS are added to mkfs's own. */
void make_filesystem(const struct filesystem *filesystem, const char *arguments, const char *image);

/* Whether copies of one image can be mounted at the same time. */
bool can_mount_copies(const struct filesystem *filesystem);

/* Whether the one in IMAGE needs e2fsck after a cut. */
bool must_be_repaired(const struct filesystem *filesystem, const char *image);

/* Whether files lie on the device as they are, where FIEMAP tells, when it is mounted
 * with OPTIONS. */
bool tells_where_content_is(const struct filesystem *filesystem, const char *options);

/* Where mounted, and where the tree under test is, below FOLDER. */
struct mounted {
  const struct filesystem *filesystem;
  char below[4096];
  char top[4096];
};

/* Mounts DEVICE below FOLDER with OPTIONS; false with errno if that fails. */
bool mount_filesystem(const struct filesystem *filesystem, const char *device, const char *options,
                      const char *folder, struct mounted *mounted);

void unmount_filesystem(const struct mounted *mounted, const char *device);

#endif
