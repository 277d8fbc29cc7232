/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks at the live trees, and keeps in mind what was promised of them. */
#include "witness.h"
#include "attributes.h"
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/message.h"
#include "content.h"
#include "status.h"

/* The content of an inode when the program had fsynced it. */
struct fsynced {
  ino_t inode;
  char content[CONTENT_SIZE];
  bool has_name, had_name;
  struct fsynced *next;
};

/* A tree of the program under test. */
struct watched {
  char *name;    /* as the marks have it */
  char *folder;  /* relative to the root */
  char *pattern; /* of the names that the marks are about, or NULL: all */
  enum level level;
  bool call_under_way, has_calls, has_changed;
  bool fsynced_elsewhere; /* what never had a name in the tree */
  struct tree seen;       /* at its last mark */
  struct fsynced *fsynced;
  struct watched *next;
};

static const char *root;
static struct about about;
static struct watched *all_watched;

void start_witness(const char *trees, const struct about *of_device)
{
  root = trees;
  about = *of_device;
}

static struct fsynced *find_fsynced(const struct watched *watched, ino_t inode)
{
  struct fsynced *known = watched->fsynced;
  while (known && known->inode != inode)
    known = known->next;
  return known;
}

/* A file that was changed and not fsynced again has any content after a cut. */
static const char *fsynced_content(void *watched, const struct stat *status)
{
  struct fsynced *known = find_fsynced(watched, status->st_ino);
  if (!known)
    return NULL;
  known->has_name = known->had_name = true;
  return known->content;
}

static const char *any_content(void *watched, const struct stat *status)
{
  (void) watched, (void) status;
  return "";
}

static struct fsynced *fsynced_inode(struct watched *watched, ino_t inode)
{
  struct fsynced *known = find_fsynced(watched, inode);
  if (known)
    return known;
  known = calloc(1, sizeof *known);
  if (!known)
    err(FAILED, "cannot remember what was fsynced");
  known->inode = inode;
  known->next = watched->fsynced;
  return watched->fsynced = known;
}

static bool remember_content(struct watched *watched, const char *path)
{
  struct stat status;
  if (stat(path, &status) == -1 || !S_ISREG(status.st_mode))
    return false;
  describe_content(path, NULL, fsynced_inode(watched, status.st_ino)->content);
  return true;
}

/* The bytes that a call has promised stay promised until they are changed. */
static void remember_contents(struct watched *watched, const struct tree *seen)
{
  for (size_t i = 0; i < seen->count; i++) {
    const struct name *name = &seen->names[i];
    if (name->content[0] == '\0')
      continue;
    struct fsynced *known = fsynced_inode(watched, strtoull(name->inode, NULL, 10));
    snprintf(known->content, sizeof known->content, "%s", name->content);
    known->has_name = known->had_name = true;
  }
}

/* A file that has lost its last name gives its inode's number to another. */
static void forget_nameless(struct watched *watched)
{
  for (struct fsynced **link = &watched->fsynced; *link;) {
    struct fsynced *known = *link;
    if (known->has_name) {
      link = &known->next;
    } else {
      *link = known->next;
      watched->fsynced_elsewhere |= !known->had_name;
      free(known);
    }
  }
}

static struct watched *watched_tree(const char *name, size_t length)
{
  for (struct watched *watched = all_watched; watched; watched = watched->next)
    if (strncmp(watched->name, name, length) == 0 && watched->name[length] == '\0')
      return watched;
  struct watched *new = calloc(1, sizeof *new);
  if (!new || !(new->name = strndup(name, length)))
    err(FAILED, "cannot hold the marks in memory");
  new->folder = parse_tree(new->name, about.concurrent, &new->pattern);
  new->next = all_watched;
  return all_watched = new;
}

/* Where the folder of the tree is, into a buffer of PATH_SIZE bytes. */
#define PATH_SIZE (LINE_SIZE + 4096)
static void find_folder(const struct watched *watched, char *path)
{
  snprintf(path, PATH_SIZE, "%s/%s", root, watched->folder);
}

/* BYTES: the content of all files, not only of what was fsynced. */
static struct tree look_at(struct watched *watched, bool bytes)
{
  char path[PATH_SIZE];
  find_folder(watched, path);
  for (struct fsynced *known = watched->fsynced; known; known = known->next)
    known->has_name = false;
  const struct view view = {
    .pattern = watched->pattern,
    .without_orphans = is_repaired_root(about.without_journal, path, root),
    .attributes = watched->level == ALL,
    .refuse_mounts = true,
    .content_wanted = bytes ? any_content : fsynced_content,
    .context = watched,
  };
  return read_tree(path, &view);
}

/* Whether nothing was changed but the content of files. */
static bool same_names(const struct tree *one, const struct tree *other)
{
  if (one->count != other->count)
    return false;
  for (size_t i = 0; i < one->count; i++)
    if (strcmp(one->names[i].path, other->names[i].path) != 0
        || strcmp(one->names[i].what, other->names[i].what) != 0
        || strcmp(one->names[i].links, other->names[i].links) != 0)
      return false;
  return true;
}

static bool lies_within(const char *tree, const char *other)
{
  size_t length = strlen(other);
  return strcmp(other, ".") == 0 || (strncmp(tree, other, length) == 0 && tree[length] == '/');
}

/* Each name of a folder may have an owner of its own. */
static bool have_owners(const struct watched *one, const struct watched *other)
{
  return one->pattern && other->pattern && strcmp(one->folder, other->folder) == 0;
}

/* A call in the inner tree would be a change between two calls in the outer one. */
static bool shares_names(const struct watched *watched)
{
  for (const struct watched *other = all_watched; other; other = other->next)
    if (other != watched && !have_owners(watched, other)
        && (strcmp(watched->folder, other->folder) == 0
            || lies_within(watched->folder, other->folder)
            || lies_within(other->folder, watched->folder)))
      return true;
  return false;
}

/* NULL, or what is wrong with a name of the tree. */
static const char *fault_of_names(const struct watched *watched, const struct tree *seen)
{
  static char fault[PATH_SIZE];
  for (size_t i = 0; i < seen->count; i++) {
    const struct name *name = &seen->names[i];
    const char *why = why_unreadable(name);
    if (why) {
      snprintf(fault, sizeof fault, "not all of the tree can be read: %s: %.*s", name->path,
               (int) strcspn(why, ATTRIBUTE_END), why);
      return fault;
    }
    for (const struct watched *other = all_watched; other && i > 0; other = other->next)
      if (other != watched && have_owners(watched, other)
          && has_part_like(name->path, other->pattern)) {
        snprintf(fault, sizeof fault, "the name %s belongs to %s as well", name->path, other->name);
        return fault;
      }
  }
  return NULL;
}

/* Whether the tree is on the filesystem under test: a symlink may lead elsewhere, or
 * something else be mounted over it. */
static bool is_under_test(const struct watched *watched)
{
  char path[PATH_SIZE];
  struct statx top, tree;
  find_folder(watched, path);
  return statx(AT_FDCWD, root, 0, STATX_MNT_ID, &top) == 0
      && statx(AT_FDCWD, path, 0, STATX_MNT_ID, &tree) == 0
      && (~(top.stx_mask & tree.stx_mask) & STATX_MNT_ID || top.stx_mnt_id == tree.stx_mnt_id);
}

/* NULL, or what is wrong with the mark. */
static const char *fault_of(enum verb verb, const char *text, const struct watched *watched,
                            const struct tree *seen)
{
  bool first = !watched->seen.names;
  if (seen->count == 0)
    return "there is no such tree";
  if (!is_directory(&seen->names[0]))
    return "the tree is no directory";
  if (!is_under_test(watched))
    return "the tree is not on the filesystem under test";
  const char *fault = fault_of_names(watched, seen);
  if (fault)
    return fault;
  if (first && shares_names(watched))
    return "this tree lies within another one, or another one within it";
  if (verb == PROMISES && parse_level(text) == LEVELS)
    return "a tree promises names, names+bytes or all";
  if (verb == PROMISES && !first)
    return "what a tree promises is its first mark";
  if ((verb == RETURNED || verb == WITHIN) && !watched->call_under_way)
    return "no call had begun in this tree";
  if (verb == BEGINS && watched->call_under_way)
    return "the last call in this tree has not returned";
  if (verb != RETURNED && verb != WITHIN && !first && !same_names(&watched->seen, seen))
    return watched->call_under_way ? "the tree was changed since the last mark within the call"
                                   : "the tree was changed between the marks of two calls";
  return NULL;
}

void refuse_mark(const char *line, const char *fault)
{
  complain("the mark \"%s\" is out of order: %s", line, fault);
}

/* Whether the text of two looks is the same, to the last letter. */
static bool same_trees(const struct tree *one, const struct tree *other)
{
  return one->size == other->size && memcmp(one->text, other->text, one->size) == 0;
}

bool witness_mark(const char *line, struct tree *seen)
{
  const char *tree, *text;
  size_t length;
  enum verb verb = parse_mark(line, &tree, &length, &text);
  if (verb == FREE_TEXT)
    return true;
  struct watched *watched = watched_tree(tree, length);
  bool first = !watched->seen.names;
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s%s%s", *text == '/' ? "" : root, *text == '/' ? "" : "/", text);
  if (verb == FSYNCED && !remember_content(watched, path)) {
    refuse_mark(line, "there is no such file");
    return false;
  }
  if (verb == PROMISES && parse_level(text) != LEVELS)
    watched->level = parse_level(text);
  /* What was there before the first mark is on the disk. */
  bool bytes = watched->level >= BYTES && (first || verb == RETURNED);
  struct tree now = look_at(watched, bytes);
  const char *fault = fault_of(verb, text, watched, &now);
  if (fault) {
    refuse_mark(line, fault);
    free_tree(&now);
    return false;
  }
  if (bytes)
    remember_contents(watched, &now);
  /* What has no name before a call may get it by the call: linkat. */
  if (verb == RETURNED || verb == WITHIN)
    forget_nameless(watched);
  watched->has_changed |= !first && !same_trees(&watched->seen, &now);
  free_tree(&watched->seen);
  watched->seen = *seen = now;
  watched->has_calls |= verb == BEGINS;
  watched->call_under_way = verb == BEGINS || (watched->call_under_way && verb != RETURNED);
  return true;
}

/* Prints the names of FOLDER that no tree of it owns, but for the directories, in
 * which there are names that somebody owns. */
static void print_nobodys(FILE *notes, const struct watched *watched)
{
  char path[PATH_SIZE];
  size_t count = 0;
  find_folder(watched, path);
  struct tree all = read_tree(path, &(const struct view) { 0 });
  for (size_t i = 0; i < all.count; i++) {
    bool is_owned = is_directory(&all.names[i]);
    for (const struct watched *other = all_watched; other; other = other->next)
      is_owned |= (other == watched || have_owners(watched, other))
               && has_part_like(all.names[i].path, other->pattern);
    if (!is_owned && count++ == 0)
      fprintf(notes, "the tree %s: no marks were about %s", watched->folder, all.names[i].path);
  }
  if (count > 1)
    fprintf(notes, " and %zu more names", count - 1);
  if (count > 0)
    putc('\0', notes);
  free_tree(&all);
}

/* Whether TREE is the first of those that share its folder. */
static bool is_first_of_folder(const struct watched *watched)
{
  for (const struct watched *later = watched->next; later; later = later->next)
    if (have_owners(watched, later))
      return false;
  return true;
}

/* A call may rightly change nothing.  If all calls of a tree do so, they are of a program
 * that works elsewhere; marks without any call may be about a tree that only stays. */
static bool has_any_changed(void)
{
  for (const struct watched *watched = all_watched; watched; watched = watched->next)
    if (watched->has_changed)
      return true;
  return false;
}

/* After the run: false if a tree is not as its last mark has left it.  NOTES gets what
 * cannot be judged. */
static bool look_again(FILE *notes)
{
  bool in_order = true;
  for (struct watched *watched = all_watched; watched; watched = watched->next) {
    if (!watched->seen.names || watched->call_under_way)
      continue;
    struct tree now = look_at(watched, false);
    if (!same_trees(&watched->seen, &now)) {
      complain("the tree %s was changed after its last mark", watched->name);
      in_order = false;
    }
    free_tree(&now);
    if (!watched->has_changed && (watched->has_calls || !has_any_changed()))
      fprintf(notes, "the tree %s: no call changed anything that can be seen%c", watched->name,
              '\0');
    if (watched->fsynced_elsewhere)
      fprintf(notes, "the tree %s: something that was fsynced has no name in it%c", watched->name,
              '\0');
    if (watched->pattern && is_first_of_folder(watched))
      print_nobodys(notes, watched);
  }
  return in_order;
}

bool witness_end(struct tree *notes)
{
  FILE *text = open_memstream(&notes->text, &notes->size);
  if (!text)
    err(FAILED, "cannot hold what cannot be judged in memory");
  bool in_order = look_again(text);
  if (fclose(text) != 0)
    err(FAILED, "cannot hold what cannot be judged in memory");
  return in_order;
}

const char *find_unfinished_tree(void)
{
  for (struct watched *watched = all_watched; watched; watched = watched->next)
    if (watched->call_under_way)
      return watched->name;
  return NULL;
}
