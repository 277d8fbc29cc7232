/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filesystems that a server answers for, told by the number of their device. */
#include "defer/servers.h"
#include "defer/gate.h"

#ifdef HAS_DISPATCH

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "core/filesystem.h"
#include "core/sys.h"
#include "defer/words.h"

enum { MOST = 32 };

static struct {
  int count;
  struct device {
    uint32_t major, minor;
  } device[MOST];
  struct device mount; /* of the line that is being read */
  bool type_is_next;
  bool have_root; /* where an absolute path begins */
} servers;

/* False: no room for one more. */
static bool add_server(struct device device)
{
  if (servers.count == MOST)
    return false;
  servers.device[servers.count++] = device;
  return true;
}

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

static uint32_t read_number(const char **text)
{
  uint32_t number = 0;

  for (; **text >= '0' && **text <= '9'; ++*text)
    number = 10 * number + (**text - '0');
  return number;
}

/* "36 35 0:45 / /mnt rw,noatime master:1 - fuse.sshfs host:/ rw": the type is behind
 * the dash.  True: no room for one more. */
SELDOM static bool note_server(const char *word, int at)
{
  if (at == 2) {
    servers.mount.major = read_number(&word);
    word += *word == ':';
    servers.mount.minor = read_number(&word);
  }
  if (servers.type_is_next && has_server(word) && !add_server(servers.mount))
    return true;
  servers.type_is_next = at > 5 && strcmp(word, "-") == 0;
  return false;
}

/* The kernel's struct mnt_id_req, as of Linux 6.8, and what of its struct statmount is
 * asked. */
struct request {
  uint32_t size, spare;
  uint64_t mount, more; /* what is asked of it, or behind which mount the list goes on */
};

struct mount {
  uint32_t size, options;
  uint64_t mask;
  struct device device;
  uint64_t magic, rest[60];
};

_Static_assert(sizeof(struct mount) == 512, "the kernel's struct statmount");

enum { LISTMOUNT = 458, SOME = 64, SUPERBLOCK = 1 };
#define ROOT (~0ULL)

/* What was found last, which stays true: the kernel never uses the number of a mount
 * again. */
static struct {
  long count;
  uint64_t mounts[SOME];
} known;

static bool is_known(const uint64_t *mounts, long count)
{
  return count == known.count && memcmp(mounts, known.mounts, count * sizeof *mounts) == 0;
}

static bool ask_for_mount(uint64_t number)
{
  const struct request request = { .size = sizeof request, .mount = number, .more = SUPERBLOCK };
  struct mount mount;

  return GATE(SYS_statmount, &request, &mount, sizeof mount, 0) == 0 && (mount.mask & SUPERBLOCK)
      && (has_no_server(mount.magic) || add_server(mount.device));
}

/* Of each mount what kind it is, which is less to ask for than all the text: false where
 * that cannot be had, or there are many. */
SELDOM static bool ask_for_mounts(void)
{
  const struct request request = { .size = sizeof request, .mount = ROOT };
  uint64_t mounts[SOME];
  long count = GATE(LISTMOUNT, &request, mounts, SOME, 0);

  if (count <= 0 || count == SOME)
    return false;
  if (is_known(mounts, count))
    return true;
  known.count = servers.count = 0;
  for (long i = 0; i < count; i++)
    if (!ask_for_mount(mounts[i]))
      return false;
  memcpy(known.mounts, mounts, count * sizeof *mounts);
  known.count = count;
  return true;
}

bool has_servers(void)
{
  return servers.count > 0;
}

bool is_served(uint32_t major, uint32_t minor)
{
  for (int i = 0; i < servers.count; i++)
    if (servers.device[i].major == major && servers.device[i].minor == minor)
      return true;
  return false;
}

/* Without a question to the server. */
static bool begins_on_served(int dirfd, const char *path, int flags)
{
  struct sys_stat st;

  return GATE(SYS_statx, dirfd, path, flags | AT_STATX_DONT_SYNC, STAT_INODE, &st) != 0
      || is_served(st.major, st.minor);
}

static bool read_mounts(void)
{
  known.count = servers.count = 0;
  return !some_word("/proc/self/mountinfo", note_server);
}

SELDOM bool find_servers(void)
{
  bool found = ask_for_mounts() || read_mounts();

  servers.have_root = servers.count > 0 && begins_on_served(AT_FDCWD, "/", 0);
  return found;
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
  long fd;

  if (servers.count == 0)
    return true;
  if (servers.have_root || begins_on_served(dirfd, "", AT_EMPTY_PATH))
    return false;
  fd = GATE(SYS_openat2, dirfd, path, &how, sizeof how);
  if (fd >= 0)
    GATE(SYS_close, fd);
  return fd >= 0 || fd == -ENOENT || fd == -EFAULT || (fd == -EXDEV && is_in_dev(path));
}

#endif
