/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filesystems that a server answers for, told by the number of their device. */
#include "defer/servers.h"
#include "defer/gate.h"

#ifdef HAS_DISPATCH

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "core/sys.h"
#include "core/text.h"
#include "defer/words.h"

enum { MOST = 32 };

/* The kernel's struct open_how, and its flags: RESOLVE_NO_XDEV, RESOLVE_NO_MAGICLINKS. */
struct how_to_open {
  uint64_t flags, mode, resolve;
};
enum { NO_OTHER_MOUNT = 1, NO_MAGIC_LINK = 2 };

static struct {
  int count;
  char device[MOST][24]; /* "0:45" */
  char mount[24];        /* of the line that is being read */
  bool type_is_next;
} servers;

static bool has_server(const char *type)
{
  static const char types[][9] = {
    "fuse", "nfs",  "cifs",   "smb",      "9p",   "ceph", "afs",    "virtiofs",
    "gfs",  "ocfs", "lustre", "orangefs", "pvfs", "coda", "autofs",
  };

  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (strncmp(type, types[i], strlen(types[i])) == 0)
      return strcmp(type, "fusectl") != 0;
  return false;
}

/* "36 35 0:45 / /mnt rw,noatime master:1 - fuse.sshfs host:/ rw": the type is behind
 * the dash.  True: no room for one more. */
static bool note_server(const char *word, int at)
{
  if (at == 2) {
    struct text text = empty_text(servers.mount, sizeof servers.mount);
    add_string(&text, word);
  }
  if (servers.type_is_next && has_server(word)) {
    if (servers.count == MOST)
      return true;
    memcpy(servers.device[servers.count++], servers.mount, sizeof servers.mount);
  }
  servers.type_is_next = at > 5 && strcmp(word, "-") == 0;
  return false;
}

bool find_servers(void)
{
  servers.count = 0;
  return !some_word("/proc/self/mountinfo", note_server);
}

bool has_servers(void)
{
  return servers.count > 0;
}

bool is_served(const struct sys_stat *st)
{
  char device[24];
  struct text text = empty_text(device, sizeof device);

  if (servers.count == 0)
    return false;
  add_number(&text, st->major);
  add_string(&text, ":");
  add_number(&text, st->minor);
  for (int i = 0; i < servers.count; i++)
    if (strcmp(servers.device[i], device) == 0)
      return true;
  return false;
}

/* No server has /dev: git(1) opens /dev/urandom for each object.  The kernel has read
 * the path, so that it can be read here. */
static bool is_in_dev(const char *path)
{
  return strcmp(path, "/dev/urandom") == 0 || strcmp(path, "/dev/null") == 0;
}

/* The walk must not leave the mount where it begins. */
bool stays_away_from_servers(int dirfd, const char *path)
{
  const struct how_to_open how = { .flags = O_PATH | O_CLOEXEC,
                                   .resolve = NO_OTHER_MOUNT | NO_MAGIC_LINK };
  struct sys_stat start;
  long fd;

  if (servers.count == 0)
    return true;
  /* Without a question to the server. */
  if (GATE(SYS_statx, dirfd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STAT_INODE, &start) != 0
      || is_served(&start))
    return false;
  fd = GATE(SYS_openat2, dirfd, path, &how, sizeof how);
  if (fd >= 0)
    GATE(SYS_close, fd);
  return fd >= 0 || fd == -ENOENT || fd == -EFAULT || (fd == -EXDEV && is_in_dev(path));
}

#endif
