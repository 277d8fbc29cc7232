/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a directory tree into text that can be compared and kept. */
#include "tree.h"
#include "attributes.h"
#include "content.h"
#include "status.h"
#include "unreadable.h"
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <fts.h>
#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* The first name of each inode that has several. */
struct shared {
  ino_t inode;
  char *path;
};

static int by_inode(const void *left, const void *right)
{
  const struct shared *a = left, *b = right;
  return (a->inode > b->inode) - (a->inode < b->inode);
}

static void free_shared(void *shared)
{
  free(((struct shared *) shared)->path);
  free(shared);
}

/* The first path that was asked about for this inode, perhaps PATH itself. */
static const char *first_name(void **names, ino_t inode, const char *path)
{
  struct shared *new = malloc(sizeof *new);
  if (!new || !(new->path = strdup(path)))
    err(FAILED, "cannot hold a tree in memory");
  new->inode = inode;
  struct shared **known = tsearch(new, names, by_inode);
  if (!known)
    err(FAILED, "cannot hold a tree in memory");
  if (*known != new)
    free_shared(new);
  return (*known)->path;
}

static int by_name(const FTSENT **left, const FTSENT **right)
{
  return strcmp((*left)->fts_name, (*right)->fts_name);
}

/* The end of a path before '/', and that before all else. */
static int rank(char letter)
{
  return letter == '\0' ? 0 : letter == '/' ? 1 : 1 + (unsigned char) letter;
}

/* The order in which fts visits: "." is the top, and above everything. */
static int compare_paths(const char *a, const char *b)
{
  if (strcmp(a, ".") == 0 || strcmp(b, ".") == 0)
    return strcmp(b, ".") == 0 ? strcmp(a, ".") != 0 : -1;
  while (*a != '\0' && *a == *b)
    a++, b++;
  return rank(*a) - rank(*b);
}

static const char *const types[16] = {
  [S_IFREG >> 12] = "file",        [S_IFDIR >> 12] = "directory",
  [S_IFLNK >> 12] = "symlink",     [S_IFIFO >> 12] = "fifo",
  [S_IFSOCK >> 12] = "socket",     [S_IFCHR >> 12] = "character device",
  [S_IFBLK >> 12] = "block device"
};

bool is_directory(const struct name *name)
{
  return strncmp(name->what, types[S_IFDIR >> 12], strlen(types[S_IFDIR >> 12])) == 0;
}

static bool is_unreadable(const char *text)
{
  return strncmp(text, UNREADABLE, strlen(UNREADABLE)) == 0;
}

const char *why_unreadable(const struct name *name)
{
  const char *attribute = strstr(name->attributes, UNREADABLE);
  const char *why = is_unreadable(name->what)    ? name->what
                  : is_unreadable(name->content) ? name->content
                                                 : attribute;
  return why ? why + strlen(UNREADABLE) : NULL;
}

/* fts has told each error in fts_errno; it is what there is to see. */
static void print_what(FILE *text, const FTSENT *found)
{
  const struct stat *status = found->fts_statp;
  if (found->fts_info == FTS_DNR || found->fts_info == FTS_NS || found->fts_info == FTS_ERR) {
    fprintf(text, UNREADABLE "%s", strerror(found->fts_errno));
    return;
  }
  const char *type = types[status->st_mode >> 12 & 15];
  fprintf(text, "%s %04o", type ? type : "unknown", (unsigned) status->st_mode & 07777);
  if (S_ISCHR(status->st_mode) || S_ISBLK(status->st_mode))
    fprintf(text, " %u:%u", major(status->st_rdev), minor(status->st_rdev));
  if (S_ISLNK(status->st_mode)) {
    char target[8192];
    ssize_t length = readlink(found->fts_accpath, target, sizeof target);
    fprintf(text, " to %.*s", length == -1 ? 1 : (int) length, length == -1 ? "?" : target);
  }
}

static void print_content(FILE *text, const FTSENT *found, const struct view *view)
{
  const char *content = NULL;
  if (found->fts_info == FTS_F && S_ISREG(found->fts_statp->st_mode) && view->content_wanted)
    content = view->content_wanted(view->context, found->fts_statp);
  if (content) {
    char now[CONTENT_SIZE];
    describe_content(found->fts_accpath, view->device, now);
    if (*content == '\0' || strcmp(content, now) == 0 || is_unreadable(now))
      fputs(now, text);
  }
  fputc('\0', text);
}

/* The links of a directory that several share are those of all of them. */
static void print_links(FILE *text, const FTSENT *found, const char *path, void **names,
                        const struct view *view)
{
  const struct stat *status = found->fts_statp;
  if (!view->pattern || found->fts_level != FTS_ROOTLEVEL)
    fprintf(text, "%lu", (unsigned long) status->st_nlink);
  if (found->fts_info != FTS_D && status->st_nlink > 1)
    fprintf(text, " as %s", first_name(names, status->st_ino, path));
  fputc('\0', text);
}

/* A subvolume of btrfs has inode numbers of its own, which are those of others too. */
static bool is_subvolume(const FTSENT *found)
{
  return found->fts_info == FTS_D && found->fts_level != FTS_ROOTLEVEL
      && found->fts_dev != found->fts_parent->fts_dev;
}

/* Whether another filesystem, or another part of this one, is mounted here. */
static bool is_mount_point(const FTSENT *found)
{
  struct statx status;
  return found->fts_level != FTS_ROOTLEVEL
      && statx(AT_FDCWD, found->fts_accpath, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, 0, &status) == 0
      && (status.stx_attributes & STATX_ATTR_MOUNT_ROOT);
}

static void print_entry(FILE *text, const FTSENT *found, const char *path, void **names,
                        const struct view *view)
{
  fprintf(text, "%s%c", path, '\0');
  if (view->refuse_mounts && is_mount_point(found))
    fputs(UNREADABLE "something is mounted there", text);
  else if (view->refuse_mounts && is_subvolume(found))
    fputs(UNREADABLE "it is a subvolume", text);
  else
    print_what(text, found);
  fputc('\0', text);
  print_links(text, found, path, names, view);
  print_content(text, found, view);
  if (view->attributes && !(view->pattern && found->fts_level == FTS_ROOTLEVEL))
    print_attributes(text, found->fts_accpath);
  fprintf(text, "%c%llu%c", '\0', (unsigned long long) found->fts_statp->st_ino, '\0');
}

/* e2fsck's, and no part of a tree: the root's lost+found, which it may make, and in
 * it "#" and the number of an inode without a name. */
static bool is_orphan(const char *path)
{
  static const char folder[] = "lost+found";
  size_t length = strlen(folder);
  if (strncmp(path, folder, length) != 0)
    return false;
  return path[length] == '\0'
      || (path[length] == '/' && path[length + 1] == '#'
          && strspn(path + length + 2, "0123456789") == strlen(path + length + 2));
}

bool is_repaired_root(bool without_journal, const char *folder, const char *root)
{
  struct stat tree, top;
  return without_journal && stat(folder, &tree) == 0 && stat(root, &top) == 0
      && tree.st_ino == top.st_ino && tree.st_dev == top.st_dev;
}

bool has_part_like(const char *path, const char *pattern)
{
  char part[NAME_MAX + 1];
  for (size_t length; *path != '\0'; path += length + (path[length] == '/')) {
    length = strcspn(path, "/");
    snprintf(part, sizeof part, "%.*s", (int) length, path);
    if (fnmatch(pattern, part, 0) == 0)
      return true;
  }
  return false;
}

/* A tree that is not there; below it a name that leads nowhere is a fault. */
static bool is_missing(const FTSENT *found)
{
  return found->fts_level == FTS_ROOTLEVEL && found->fts_info == FTS_NS
      && found->fts_errno == ENOENT;
}

static bool is_seen(const FTSENT *found, const char *path, const struct view *view)
{
  if (view->without_orphans && is_orphan(path))
    return false;
  return !view->pattern || found->fts_level == FTS_ROOTLEVEL || has_part_like(path, view->pattern);
}

struct tree read_tree(const char *folder, const struct view *view)
{
  char *text = NULL, *const roots[] = { (char *) folder, NULL };
  size_t size = 0;
  void *names = NULL;
  FILE *out = open_memstream(&text, &size);
  FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW, by_name);
  if (!out || !walk)
    err(FAILED, "cannot read the tree %s", folder);
  for (FTSENT *found; errno = 0, (found = fts_read(walk));) {
    if (found->fts_info == FTS_DP || is_missing(found))
      continue;
    const char *path = found->fts_path + strlen(folder);
    path = *path == '/' ? path + 1 : ".";
    if (is_seen(found, path, view))
      print_entry(out, found, path, &names, view);
    else if (view->without_orphans && is_orphan(path) && found->fts_level > 1)
      fts_set(walk, found, FTS_SKIP);
  }
  /* The filesystem is damaged: there is no way up from where the walk is. */
  if (errno != 0)
    fprintf(out, ".%c" UNREADABLE "%s%c%c%c%c%c", '\0', strerror(errno), '\0', '\0', '\0', '\0',
            '\0');
  fts_close(walk);
  if (fclose(out) != 0)
    err(FAILED, "cannot hold the tree %s in memory", folder);
  tdestroy(names, free_shared);
  return tree_from_text(text, size);
}

enum { FIELDS = 6 };

struct tree tree_from_text(char *text, size_t size)
{
  struct tree tree = { .text = text, .size = size };
  size_t strings = 0;
  for (size_t i = 0; i < size; i++)
    strings += text[i] == '\0';
  tree.count = strings / FIELDS;
  tree.names = calloc(tree.count + 1, sizeof *tree.names);
  if (!tree.names)
    err(FAILED, "cannot hold a tree in memory");
  const char *next = text;
  for (size_t i = 0; i < tree.count; i++) {
    const char **fields[] = { &tree.names[i].path,       &tree.names[i].what,
                              &tree.names[i].links,      &tree.names[i].content,
                              &tree.names[i].attributes, &tree.names[i].inode };
    for (size_t field = 0; field < FIELDS; field++) {
      *fields[field] = next;
      next += strlen(next) + 1;
    }
  }
  return tree;
}

void free_tree(struct tree *tree)
{
  free(tree->names);
  free(tree->text);
  *tree = (struct tree) { 0 };
}

const struct name *find_name(const struct tree *tree, const char *path)
{
  size_t low = 0, high = tree->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    int order = compare_paths(path, tree->names[middle].path);
    if (order == 0)
      return &tree->names[middle];
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return NULL;
}
