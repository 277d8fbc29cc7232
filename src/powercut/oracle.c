/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The oracle.  It has no model of a filesystem: it compares a tree after a cut
 * with the live tree as it was seen at each mark. */
#include "oracle.h"
#include "compare.h"
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

const char *const verdict_names[VERDICTS] = { [AS_PROMISED] = "as promised",
                                              [HALF_DONE] = "half done",
                                              [LOST] = "lost",
                                              [WRONG] = "wrong",
                                              [UNMOUNTABLE] = "unmountable" };

/* Without a journal a call under way is not all or nothing. */
bool is_violation(const struct about *about, enum verdict verdict)
{
  return verdict != AS_PROMISED && !(verdict == HALF_DONE && about->without_journal);
}

/* The call under way in a tree, among those in the other trees. */
struct calls {
  const struct tree *before, *after;
  const struct mark *marks;
  const size_t *latest; /* by tree, or NO_MARK */
  size_t tree, tree_count;
};

static const struct name *find_inode(const struct tree *tree, const char *inode)
{
  for (size_t i = 0; i < tree->count; i++)
    if (strcmp(tree->names[i].inode, inode) == 0)
      return &tree->names[i];
  return NULL;
}

static bool differ(const char *old, const char *new)
{
  return old[0] != '\0' && strcmp(old, new) != 0;
}

/* Whether the inode had a name in another tree before the cut. */
static bool was_elsewhere(const struct calls *calls, const char *inode)
{
  for (size_t i = 0; i < calls->tree_count; i++)
    for (size_t mark = calls->latest[i]; i != calls->tree && mark != NO_MARK;
         mark = calls->marks[mark].previous)
      if (find_inode(&calls->marks[mark].seen, inode))
        return true;
  return false;
}

/* Whether the call under way has made this file, under a name that was not there before
 * and stands for nothing older. */
static bool is_new_file(const struct calls *calls, const struct name *found)
{
  return !find_inode(calls->before, found->inode) && find_inode(calls->after, found->inode)
      && !find_name(calls->before, found->path) && !was_elsewhere(calls, found->inode);
}

/* Bytes and attributes that the call under way is at work on, which are others after
 * it, are as good as any; so are those of a file that it has made. */
static bool is_at_work(const struct calls *calls, const struct name *promised,
                       const struct name *found)
{
  const struct name *old = find_inode(calls->before, found->inode);
  const struct name *new = find_inode(calls->after, found->inode);
  if (is_new_file(calls, found))
    return true;
  return old && new
      && (is_kept(promised->content, found->content) || differ(old->content, new->content))
      && (is_kept(promised->attributes, found->attributes)
          || differ(old->attributes, new->attributes));
}

/* Whether FOUND leads to what it leads to in TREE; how many names that has is left
 * out. */
static bool is_as_in(const struct calls *calls, const struct tree *tree, const struct name *found)
{
  const struct name *entry = find_name(tree, found->path);
  return entry && strcmp(entry->what, found->what) == 0 && strcmp(entry->inode, found->inode) == 0
      && (content_agrees(entry, found) || is_at_work(calls, entry, found));
}

static bool has_links_of(const struct tree *tree, const struct name *found)
{
  const struct name *entry = find_name(tree, found->path);
  return entry && strcmp(entry->links, found->links) == 0;
}

/* Whether the call from BEFORE to AFTER works on this name. */
static bool is_changed(const struct tree *before, const struct tree *after, const char *path)
{
  const struct name *old = find_name(before, path), *new = find_name(after, path);
  if (!old || !new)
    return old != new;
  return strcmp(old->inode, new->inode) != 0 || strcmp(old->what, new->what) != 0
      || strcmp(old->content, new->content) != 0;
}

static bool has_changed_name(const struct calls *calls, const struct tree *tree, const char *inode)
{
  for (size_t i = 0; i < tree->count; i++)
    if (strcmp(tree->names[i].inode, inode) == 0
        && is_changed(calls->before, calls->after, tree->names[i].path))
      return true;
  return false;
}

/* How many names an inode has: as before or after, unless the call works on one of
 * them, for then it is a count of the halves of its work.  That of a directory
 * counts what is in it, which is judged itself. */
static bool has_its_links(const struct calls *calls, const struct name *found)
{
  return is_directory(found) || has_links_of(calls->before, found)
      || has_links_of(calls->after, found) || has_changed_name(calls, calls->before, found->inode)
      || has_changed_name(calls, calls->after, found->inode);
}

static bool is_old_or_new(const struct calls *calls, const struct name *found)
{
  return (is_as_in(calls, calls->before, found) || is_as_in(calls, calls->after, found))
      && has_its_links(calls, found);
}

/* Whether PATH of TREE, before or after, is in a directory that the call moved and
 * that is in FOUND under the same name: then it is there with all that was in it. */
static bool was_moved_within(const struct calls *calls, const struct tree *tree,
                             const struct tree *found, const char *path)
{
  char parent[PATH_MAX];
  const char *end = strrchr(path, '/');
  if (!end || end - path >= (ptrdiff_t) sizeof parent)
    return false;
  snprintf(parent, sizeof parent, "%.*s", (int) (end - path), path);
  const struct name *promised = find_name(tree, parent), *entry = find_name(found, parent);
  return is_changed(calls->before, calls->after, parent) && promised && entry
      && strcmp(promised->inode, entry->inode) == 0;
}

static bool leads_to(const struct tree *tree, const char *path, const char *inode)
{
  const struct name *entry = find_name(tree, path);
  return entry && strcmp(entry->inode, inode) == 0;
}

/* Whether FOUND has the inode that it had before or has after, and a call under
 * way in another tree gives this inode up, or takes it: the name is old or new,
 * and what it leads to is the other tree's. */
static bool is_passed_on(const struct calls *calls, const struct name *found)
{
  if (!leads_to(calls->before, found->path, found->inode)
      && !leads_to(calls->after, found->path, found->inode))
    return false;
  for (size_t i = 0; i < calls->tree_count; i++) {
    const struct mark *mark = calls->latest[i] == NO_MARK ? NULL : &calls->marks[calls->latest[i]];
    if (i != calls->tree && mark && mark->under_way
        && !find_inode(&mark->seen, found->inode)
             != !find_inode(&calls->marks[mark->next].seen, found->inode))
      return true;
  }
  return false;
}

/* Whether each of the paths of PATHS is in FOUND as it was before or after; one
 * that the call works on may be gone. */
static bool each_is_old_or_new(const struct tree *paths, const struct calls *calls,
                               const struct tree *found)
{
  for (size_t i = 0; i < paths->count; i++) {
    const char *path = paths->names[i].path;
    const struct name *name = find_name(found, path);
    if (!name ? !is_changed(calls->before, calls->after, path)
                  || was_moved_within(calls, paths, found, path)
              : !is_old_or_new(calls, name) && !is_passed_on(calls, name))
      return false;
  }
  return true;
}

static bool is_half_done(const struct calls *calls, const struct tree *found)
{
  return each_is_old_or_new(calls->before, calls, found)
      && each_is_old_or_new(calls->after, calls, found) && each_is_old_or_new(found, calls, found);
}

/* Whether a later tree, up to that of the mark LAST, has another content of what NAME
 * leads to at MARK, or promises none. */
static bool is_rewritten(const struct mark *marks, size_t mark, size_t last,
                         const struct name *name)
{
  while (mark != last) {
    mark = marks[mark].next;
    const struct name *later = find_inode(&marks[mark].seen, name->inode);
    if (later && strcmp(later->content, name->content) != 0)
      return true;
  }
  return false;
}

/* Whether FOUND has the names of the tree of MARK, and what had been promised of them
 * by then, unless the call has changed it before the mark LAST. */
static bool is_step_of_call(const struct mark *marks, size_t mark, size_t last,
                            const struct tree *found)
{
  const struct tree *step = &marks[mark].seen;
  if (step->count != found->count)
    return false;
  for (size_t i = 0; i < found->count; i++) {
    struct name name = step->names[i];
    if (!is_kept(name.content, found->names[i].content) && is_rewritten(marks, mark, last, &name))
      name.content = "";
    if (!entries_agree(&name, &found->names[i]))
      return false;
  }
  return true;
}

/* A call of several steps is anywhere between two of those that it has made, or within
 * the next one. */
static bool is_some_step(const struct mark *marks, size_t latest, const struct tree *found)
{
  size_t last = marks[latest].next;
  for (size_t step = last; step != NO_MARK; step = marks[step].previous) {
    if (is_step_of_call(marks, step, last, found))
      return true;
    if (step != last && marks[step].verb == BEGINS)
      break;
  }
  return false;
}

/* The mark that began the last call before MARK. */
static size_t call_before(const struct mark *marks, size_t mark)
{
  do
    mark = marks[mark].previous;
  while (mark != NO_MARK && marks[mark].verb != BEGINS);
  return mark;
}

enum verdict judge(const struct mark *marks, const size_t *latest_of_all, size_t tree,
                   size_t tree_count, bool was_written, const struct tree *found, size_t *blamed,
                   char *difference)
{
  size_t latest = latest_of_all[tree];
  struct calls calls = { .before = &marks[latest].seen,
                         .marks = marks,
                         .latest = latest_of_all,
                         .tree = tree,
                         .tree_count = tree_count };
  *blamed = latest;
  if (trees_agree(calls.before, found))
    return AS_PROMISED;
  if (marks[latest].under_way) {
    calls.after = &marks[marks[latest].next].seen;
    if (trees_agree(calls.after, found)
        || (marks[latest].verb != BEGINS && is_some_step(marks, latest, found)))
      return AS_PROMISED;
  } else if (was_written && marks[latest].next != NO_MARK
             && trees_agree_until(calls.before, &marks[marks[latest].next].seen, found)) {
    /* Between two calls a program may write to its files; none of that is on a device to
     * which nothing was written since. */
    return AS_PROMISED;
  }
  /* Of the two trees that would do, the one with as many names tells more. */
  bool is_like_after = calls.after && found->count == calls.after->count
                    && found->count != calls.before->count;
  describe_difference(is_like_after ? calls.after : calls.before, found, difference);
  /* Also if it is an older state: the call under way may undo its own names. */
  if (calls.after && is_half_done(&calls, found))
    return HALF_DONE;
  size_t call = call_before(marks, latest);
  for (size_t old = marks[latest].previous; old != NO_MARK; old = marks[old].previous)
    if (trees_agree(&marks[old].seen, found)) {
      *blamed = call != NO_MARK ? call : latest;
      return LOST;
    }
  if (!calls.after && call != NO_MARK)
    *blamed = call;
  return WRONG;
}
