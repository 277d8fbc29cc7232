/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of the wrapped calls share.  Works by raw system calls, so
 * that nothing here goes through the library under test. */
#include <dirent.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include "../common/patience.h"
#include "scene.h"
#include "seccomp.h"

static char base[PATH_MAX];

void make_base(void)
{
  strcpy(base, "syncdir-wrap.XXXXXX");
  if (!mkdtemp(base) || chdir(base) == -1 || chmod(".", 0755) == -1 || !getcwd(base, sizeof base)) {
    fprintf(stderr, "A folder to test in cannot be made: %s\n", strerror(errno));
    exit(99);
  }
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
  (void) st, (void) walk;
  return syscall(SYS_unlinkat, AT_FDCWD, path, type == FTW_DP ? AT_REMOVEDIR : 0);
}

void remove_base(void)
{
  if (chdir("/") == -1 || nftw(base, remove_one, 16, FTW_DEPTH | FTW_PHYS) == -1)
    fprintf(stderr, "# %s is left behind: %s\n", base, strerror(errno));
}

/* On a busy machine another test may have had our process number; and a real sync
 * would wait for all that others write. */
static void enter_folder(void)
{
  char folder[32];
  int number = 0;
  long made;

  do {
    snprintf(folder, sizeof folder, "%d.%d", (int) getpid(), number++);
    made = syscall(SYS_mkdirat, AT_FDCWD, folder, 0777);
  } while (made == -1 && errno == EEXIST);
  if (made == -1 || chdir(folder) == -1)
    ck_abort_msg("folder %s/%s: %s", base, folder, strerror(errno));
  refuse(SYS_sync, 0);
}

static void lay_out_one(const char *entry)
{
  const char *arrow = strchr(entry, '>');
  size_t length = strlen(entry);
  char path[PATH_MAX];
  long result;

  snprintf(path, sizeof path, "%.*s", (int) (arrow ? arrow - entry : (long) length), entry);
  if (arrow) {
    result = syscall(SYS_symlinkat, arrow + 1, AT_FDCWD, path);
  } else if (entry[length - 1] == '/') {
    result = syscall(SYS_mkdirat, AT_FDCWD, path, 0777);
  } else {
    result = syscall(SYS_openat, AT_FDCWD, path, O_CREAT | O_EXCL | O_WRONLY, 0666);
    if (result != -1)
      result = syscall(SYS_close, (int) result);
  }
  ck_assert_msg(result != -1, "%s: %s", entry, strerror(errno));
}

void lay_out(const char *first, ...)
{
  va_list rest;

  va_start(rest, first);
  for (const char *entry = first; entry; entry = va_arg(rest, const char *))
    lay_out_one(entry);
  va_end(rest);
}

bool exists(const char *path)
{
  return faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool has_journal(const char *directory)
{
  char link[64], device[PATH_MAX], path[PATH_MAX];
  struct stat st;
  ssize_t length;

  ck_assert(stat(directory, &st) == 0);
  snprintf(link, sizeof link, "/sys/dev/block/%u:%u", major(st.st_dev), minor(st.st_dev));
  length = readlink(link, device, sizeof device - 1);
  if (length == -1)
    return false;
  device[length] = '\0';
  snprintf(path, sizeof path, "/proc/fs/jbd2/%.200s-8", strrchr(device, '/') + 1);
  return access(path, F_OK) == 0;
}

static enum row find_row(void)
{
  static const char *const names[] = { "journaled", "btrfs", "without-journal",
                                       "other",     "fuse",  "in-memory" };
  const char *given = getenv("SYNCDIR_TEST_ROW");
  struct statfs fs;

  for (enum row i = 0; given && i <= IN_MEMORY; i++)
    if (strcmp(given, names[i]) == 0)
      return i;
  ck_assert(statfs(".", &fs) == 0);
  switch ((unsigned int) fs.f_type) {
    case 0xEF53: return has_journal(".") ? JOURNALED : WITHOUT_JOURNAL;
    case 0x58465342: return JOURNALED;
    case 0x9123683E: return BTRFS;
    case 0x01021994: return IN_MEMORY;
    case 0x65735546: return ON_FUSE;
    default: return OTHER;
  }
}

enum row row(void)
{
  static int known = -1;

  if (known == -1)
    known = find_row();
  return known;
}

/* The parent directory of PATH, as the judge shows it. */
static const char *parent(const char *path)
{
  static char parents[4][PATH_MAX];
  static int turn;
  char *parent = parents[turn++ % 4], *slash;

  strcpy(parent, path);
  slash = strrchr(parent, '/');
  if (!slash)
    return ".";
  *slash = '\0';
  return parent;
}

static const char *say(const char *format, ...)
{
  static char texts[4][3 * PATH_MAX];
  static int turn;
  char *text = texts[turn++ % 4];
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(text, sizeof *texts, format, arguments);
  va_end(arguments);
  return row() == IN_MEMORY ? "" : text;
}

static bool is_file(const char *path)
{
  struct stat st;

  return lstat(path, &st) == 0 && S_ISREG(st.st_mode);
}

const char *made_name(const char *path)
{
  if (row() == ON_FUSE && is_file(path))
    return say("fsync %s, fsync %s", path, parent(path));
  if (row() == WITHOUT_JOURNAL)
    return say("syncfs %s, fsync %s", parent(path), parent(path));
  return say("fsync %s", parent(path));
}

const char *made_file(const char *path)
{
  if (row() == OTHER || row() == ON_FUSE)
    return say("fsync %s, fsync %s", path, parent(path));
  return made_name(path);
}

const char *made_directory(const char *path)
{
  return made_file(path);
}

/* The inode that has become free is as much a change as a new one. */
const char *removed_name(const char *path)
{
  return row() == ON_FUSE ? say("fsync %s", parent(path)) : made_name(path);
}

const char *moved(const char *old, const char *new)
{
  if (strcmp(parent(old), parent(new)) == 0)
    return made_name(new);
  switch (row()) {
    case JOURNALED: return say("fsync %s", parent(new));
    case WITHOUT_JOURNAL: return say("syncfs %s, fsync %s", parent(new), parent(new));
    case ON_FUSE:
      if (is_file(new))
        return say("fsync %s, fsync %s, fsync %s", new, parent(new), parent(old));
      /* fall through */
    case OTHER: return say("fsync %s, fsync %s", parent(new), parent(old));
    default: return say("fsync %s, fsync %s", parent(old), parent(new));
  }
}

int open_descriptors(void)
{
  DIR *directory = opendir("/proc/self/fd");
  int count = 0;

  ck_assert_ptr_nonnull(directory);
  while (readdir(directory))
    count++;
  closedir(directory);
  return count - 3; /* "." ".." and the directory's own */
}

TCase *new_case(const char *name)
{
  TCase *tests = tcase_create(name);

  tcase_add_checked_fixture(tests, enter_folder, NULL);
  tcase_set_timeout(tests, PATIENCE);
  return tests;
}

int open_judged(const char *path, int flags)
{
  judge_begin();
  int fd = CALL(open)(path, flags, 0640);
  judge_end();
  return fd;
}
