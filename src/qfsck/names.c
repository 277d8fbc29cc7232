/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of a file that has more than one. */
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include "door.h"
#include "listing.h"
#include "names.h"

static int compare_names(const void *one, const void *other)
{
  const struct name *a = one, *b = other;

  if (a->inode != b->inode)
    return a->inode < b->inode ? -1 : 1;
  if (a->kind != b->kind)
    return a->kind < b->kind ? -1 : 1;
  return strcmp(a->path, b->path);
}

static bool is_of(const struct scan *scan, const struct name *name, const struct message *message)
{
  char path[PATH_BYTES];

  if (!message || !has(message->has, name->kind))
    return false;
  place_of(path, scan, name->kind, message);
  return strcmp(path, name->path) == 0;
}

/* The message whose file it is; NULL if it is a stray that belongs to none. */
static struct message *owner_of(const struct scan *scan, const struct name *name)
{
  struct message *by_number = find_message(&scan->messages, name->number);
  struct message *by_inode = find_message(&scan->messages, name->inode);

  return is_of(scan, name, by_number)                      ? by_number
       : name->kind == MESS && is_of(scan, name, by_inode) ? by_inode
                                                           : NULL;
}

/* qmail-queue makes the first name of a mess file in pid, and qmail-clean removes what is
 * left there: such a name does no harm. */
static unsigned long names_in_pid(const struct check *check, const struct name *name)
{
  struct listing names = list_folder(check->queue->fd, place_of_door(check->queue, PID, PID_ASIDE));
  unsigned long count = 0;

  for (struct dirent *entry; (entry = next_name(&names));)
    count += name->kind == MESS && entry->d_ino == name->inode;
  return count;
}

void look_again(struct group *group)
{
  unsigned long links = 0, in_pid;
  size_t kept = 0;
  struct stat st;

  for (size_t i = 0; i < group->count; i++) {
    struct name name = group->names[i];

    if (look_at(group->check->queue->fd, name.path, &st) == -1 || st.st_ino != name.inode)
      continue;
    links = st.st_nlink;
    group->names[i] = group->names[kept];
    group->names[kept++] = name;
  }
  group->count = kept;
  in_pid = links > kept ? names_in_pid(group->check, &group->names[0]) : 0;
  /* The name in pid has gone between the two looks. */
  if (links > kept + in_pid && look_at(group->check->queue->fd, group->names[0].path, &st) == 0)
    links = st.st_nlink;
  group->outside = links > kept + in_pid ? links - kept - in_pid : 0;
}

void sort_names(struct scan *scan)
{
  for (size_t i = 0; i < scan->name_count; i++)
    scan->names[i].owner = owner_of(scan, &scan->names[i]);
  if (scan->name_count)
    qsort(scan->names, scan->name_count, sizeof *scan->names, compare_names);
}

static bool has_several_owners(const struct group *group)
{
  const struct message *first = NULL;

  for (size_t i = 0; i < group->count; i++) {
    const struct message *owner = group->names[i].owner;

    if (owner && first && owner != first)
      return true;
    first = owner ? owner : first;
  }
  return false;
}

/* link(2) sets ctime and not mtime; e2fsck sets neither. */
bool was_joined_by_fsck(const struct group *group)
{
  struct statfs disk;
  struct stat st;

  return has_several_owners(group) && fstatfs(group->check->queue->fd, &disk) == 0
      && disk.f_type == EXT_MAGIC
      && look_at(group->check->queue->fd, group->names[0].path, &st) == 0
      && st.st_ctim.tv_sec == st.st_mtim.tv_sec && st.st_ctim.tv_nsec == st.st_mtim.tv_nsec;
}
