/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a flush makes durable. */
#include "changes.h"
#include "contents.h"
#include "flushes.h"

/* The flush of a directory: true if CHANGE, of a name in it, is durable by that. */
static bool settle_in(const struct file *directory, struct change *change, bool deliberate)
{
  if (change->durable)
    return true;
  change->deliberate = deliberate;
  if (change->directory == directory)
    change->new_side = true;
  if (change->old_directory == directory)
    change->old_side = true;
  if (change->old_directory && !(change->new_side && change->old_side)) {
    /* ext4, xfs and btrfs move a name in one transaction, so that of the new directory
     * has both halves. */
    if (change->new_side && !change->durable_on_linux)
      change->durable_on_linux = now();
    return false;
  }
  settle(change);
  return true;
}

static void flush_directory(struct file *directory, moment began, bool deliberate)
{
  struct list *list = &directory->changes;
  size_t left = 0;

  for (size_t i = 0; i < list->count; i++)
    if (list->at[i]->when > began || !settle_in(directory, list->at[i], deliberate))
      list->at[left++] = list->at[i];
  list->count = left;
}

/* The filesystems of Linux write a file's new names together with its inode, and the new
 * directories that lead there: those that were there when it got the name, for it may be in
 * an older transaction than what came after.  fdatasync(2) writes a new inode; but a name
 * that an old one gets changes only its ctime, for which ext4 writes nothing. */
static void flush_names(struct file *file, moment began, bool data_alone)
{
  struct list *list = &file->names;
  size_t left = 0;

  for (size_t i = 0; i < list->count; i++) {
    struct change *change = list->at[i];

    if (change->durable || change->durable_on_linux)
      continue;
    if (change->when > began || (data_alone && change->kind != CREATED)) {
      list->at[left++] = change;
      continue;
    }
    change->durable_on_linux = now();
    flush_names(change->directory, change->when, false);
  }
  list->count = left;
}

void flush_bytes(struct file *file, moment began)
{
  bytes_flushed(file, began);
  file->flushed = true;
}

void flush_file(struct file *file, moment began, bool data_alone)
{
  if (S_ISDIR(file->mode))
    flush_directory(file, began, true);
  flush_names(file, began, data_alone);
  flush_bytes(file, began);
  file->filesystem->flushed = began;
}

void send_bytes(struct file *file, moment began)
{
  if (file->filesystem->bytes_by_range && file->written < began) {
    file->sent = began;
    file->flushed = true;
  }
}

static dev_t flushed_device;
static bool every_device;
static uint64_t flushed_mount;
static moment flush_began;

static void flush_one(struct file *file)
{
  if (!every_device && file->device != flushed_device
      && (file->mount == 0 || file->mount != flushed_mount))
    return;
  flush_directory(file, flush_began, false);
  bytes_flushed(file, flush_began);
}

void flush_filesystem(dev_t device, uint64_t mount, moment began)
{
  flushed_device = device;
  flushed_mount = mount;
  every_device = false;
  flush_began = began;
  each_file(flush_one);
}

void flush_all(moment began)
{
  every_device = true;
  flush_began = began;
  each_file(flush_one);
}
