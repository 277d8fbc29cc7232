/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The operations that sequences are made of: what each does to the names, by
 * the model, and how it is really made. */
#include <err.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "core/hidden_names.h"
#include "layout.h"
#include "marks.h"
#include "steps.h"

/* An inode's kind is in the lowest bits of its number in the model. */
enum kind { REGULAR, DIRECTORY, SPECIAL, KINDS };

enum effect { MAKE, REPLACE, LINK, UNLINK, RMDIR, RENAME, RENAME_NOT_OVER, EXCHANGE, WRITE };

/* The calls.  Each returns -1 if it failed. */

static int closed(int fd)
{
  return fd == -1 ? -1 : close(fd);
}

/* Some blocks, written and fsynced by the descriptor that made it. */
static int saved(const char *path)
{
  int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);

  if (fd == -1 || dprintf(fd, "%9000s\n", path) < 0 || fsync(fd) == -1)
    return -1;
  return close(fd);
}

static int stream_closed(FILE *stream)
{
  return stream ? fclose(stream) : -1;
}

/* By a descriptor that was opened without the library. */
static int append(int fd)
{
  return dprintf(fd, "more\n") < 0 ? -1 : fsync(fd);
}

static int append_to(const char *path)
{
  int fd = raw_open(path, O_WRONLY | O_APPEND);
  int result = append(fd);

  close(fd);
  return result;
}

/* As a mail is delivered.  The tree is for the marks of the calls before the
 * last. */
static const char *tree;

static int replaced_by_mkstemp(const char *path)
{
  char temporary[64];
  int fd;

  snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
  fd = mkstemp(temporary);
  returned(tree);
  if (fd == -1 || append(fd) == -1)
    err(1, "%s/%s cannot be made", tree, temporary);
  close(fd);
  fsynced(tree, temporary);
  begins(tree, "rename(%s.XXXXXX, %s)", path, path);
  return rename(temporary, path);
}

static int linked_from_tmpfile(const char *path)
{
  int fd = raw_open(".", O_TMPFILE | O_WRONLY);
  int result = append(fd) == -1 ? -1 : linkat(fd, "", AT_FDCWD, path, AT_EMPTY_PATH);

  close(fd);
  return result;
}

#define CALL(name, ...)                                \
  static int call_##name(const char *x, const char *y) \
  {                                                    \
    (void) x, (void) y;                                \
    return __VA_ARGS__;                                \
  }

CALL(creat, closed(creat(x, 0640)))
CALL(open, closed(open(x, O_CREAT | O_RDWR, 0600)))
CALL(fopen, stream_closed(fopen(x, "w")))
CALL(mkstemp, replaced_by_mkstemp(x))
CALL(tmpfile, linked_from_tmpfile(x))
CALL(saved, saved(x))
CALL(mkdir, mkdir(x, 0750))
CALL(symlink, symlink("target", x))
CALL(mkfifo, mkfifo(x, 0640))
CALL(mknod, mknod(x, S_IFCHR | 0640, makedev(1, 3)))
CALL(write, append_to(x))
CALL(link, link(x, y))
CALL(unlink, unlink(x))
CALL(remove, remove(x))
CALL(rmdir, rmdir(x))
CALL(rename, rename(x, y))
CALL(noreplace, renameat2(AT_FDCWD, x, AT_FDCWD, y, RENAME_NOREPLACE))
CALL(exchange, renameat2(AT_FDCWD, x, AT_FDCWD, y, RENAME_EXCHANGE))

static const struct operation {
  const char *name;
  enum effect effect;
  enum kind kind; /* of the inode that is made */
  int (*call)(const char *x, const char *y);
  bool fsyncs; /* the content of x */
} operations[] = {
  /* clang-format off */
  { "creat",     MAKE,            REGULAR,   call_creat,     false },
  { "open",      MAKE,            REGULAR,   call_open,      false },
  { "fopen",     MAKE,            REGULAR,   call_fopen,     false },
  { "mkstemp",   REPLACE,         REGULAR,   call_mkstemp,   false },
  { "tmpfile",   MAKE,            REGULAR,   call_tmpfile,   true },
  { "saved",     MAKE,            REGULAR,   call_saved,     true },
  { "mkdir",     MAKE,            DIRECTORY, call_mkdir,     false },
  { "symlink",   MAKE,            SPECIAL,   call_symlink,   false },
  { "mkfifo",    MAKE,            SPECIAL,   call_mkfifo,    false },
  { "mknod",     MAKE,            SPECIAL,   call_mknod,     false },
  { "write",     WRITE,           REGULAR,   call_write,     true },
  { "link",      LINK,            REGULAR,   call_link,      false },
  { "unlink",    UNLINK,          REGULAR,   call_unlink,    false },
  { "remove",    UNLINK,          REGULAR,   call_remove,    false },
  { "rmdir",     RMDIR,           REGULAR,   call_rmdir,     false },
  { "rename",    RENAME,          REGULAR,   call_rename,    false },
  { "noreplace", RENAME_NOT_OVER, REGULAR,   call_noreplace, false },
  { "exchange",  EXCHANGE,        REGULAR,   call_exchange,  false },
  /* clang-format on */
};

static bool is_listed(const char *name, const char *list)
{
  size_t length = strlen(name);

  for (; *list; list += strcspn(list, " "), list += strspn(list, " "))
    if (strcspn(list, " ") == length && strncmp(list, name, length) == 0)
      return true;
  return false;
}

/* An exchange has no direction: one order of its names is enough. */
static bool is_step(const struct operation *operation, int x, int y)
{
  switch (operation->effect) {
    case LINK:
    case RENAME:
    case RENAME_NOT_OVER: return x != y;
    case EXCHANGE: return x < y;
    default: return y == 0;
  }
}

int steps_of(const struct bound *bound, struct step *steps)
{
  int count = 0;

  for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
    for (int x = 0; is_listed(operations[i].name, bound->operations) && bound->names[x]; x++)
      for (int y = 0; bound->names[y]; y++)
        if (is_step(&operations[i], x, y)) {
          if (count == STEPS_MAX)
            errx(2, "the bound is too large: more than %d steps", STEPS_MAX);
          steps[count++] = (struct step) { &operations[i], x, y };
        }
  return count;
}

struct step any_step(const struct bound *bound, struct chance *chance)
{
  int names = 0, operation, x, y;

  while (bound->names[names])
    names++;
  do {
    operation = one_of(chance, sizeof operations / sizeof *operations);
    x = one_of(chance, names);
    y = one_of(chance, names);
  } while (!is_listed(operations[operation].name, bound->operations)
           || !is_step(&operations[operation], x, y));
  return (struct step) { &operations[operation], x, y };
}

/* The model. */

static enum kind kind_of(const struct state *state, int name)
{
  return state->inode[name] % KINDS;
}

static void make(struct state *state, int name, enum kind kind)
{
  state->inode[name] = ++state->made * KINDS + kind;
}

static bool is_below(const char *path, const char *directory)
{
  size_t length = strlen(directory);

  return strncmp(path, directory, length) == 0 && path[length] == '/';
}

/* The name which is HEAD and then TAIL; -1 if there is none in the bound. */
static int find(const struct bound *bound, const char *head, size_t length, const char *tail)
{
  for (int i = 0; bound->names[i]; i++)
    if (strncmp(bound->names[i], head, length) == 0 && strcmp(bound->names[i] + length, tail) == 0)
      return i;
  return -1;
}

struct state state_of(const struct bound *bound)
{
  struct state state = { .made = 0 };

  for (const char *entry = bound->layout; *entry; entry += strspn(entry, " ")) {
    size_t length = strcspn(entry, " ");
    bool directory = entry[length - 1] == '/';
    int name = find(bound, entry, length - directory, "");

    if (name == -1)
      errx(2, "the layout \"%s\" has a name out of the bound", bound->layout);
    make(&state, name, directory ? DIRECTORY : REGULAR);
    entry += length;
  }
  return state;
}

static bool can_hold(const struct bound *bound, const struct state *state, int name)
{
  const char *path = bound->names[name], *slash = strrchr(path, '/');
  int parent;

  if (!slash)
    return true;
  parent = find(bound, path, slash - path, "");
  return state->inode[parent] && kind_of(state, parent) == DIRECTORY;
}

static bool is_empty(const struct bound *bound, const struct state *state, int directory)
{
  for (int i = 0; bound->names[i]; i++)
    if (state->inode[i] && is_below(bound->names[i], bound->names[directory]))
      return false;
  return true;
}

static void clear(const struct bound *bound, struct state *state, int name)
{
  state->inode[name] = 0;
  for (int i = 0; bound->names[i]; i++)
    if (is_below(bound->names[i], bound->names[name]))
      state->inode[i] = 0;
}

/* What was X in BEFORE, with all below it, is Y now. */
static bool copy(const struct bound *bound, const struct state *before, struct state *state, int x,
                 int y)
{
  size_t length = strlen(bound->names[x]);
  int target;

  state->inode[y] = before->inode[x];
  for (int i = 0; bound->names[i]; i++) {
    if (!before->inode[i] || !is_below(bound->names[i], bound->names[x]))
      continue;
    target = find(bound, bound->names[y], strlen(bound->names[y]), bound->names[i] + length);
    if (target == -1)
      return false;
    state->inode[target] = before->inode[i];
  }
  return true;
}

static bool fits_over(const struct bound *bound, const struct state *state, int x, int y)
{
  if (kind_of(state, x) != DIRECTORY || kind_of(state, y) != DIRECTORY)
    return kind_of(state, x) != DIRECTORY && kind_of(state, y) != DIRECTORY;
  return is_empty(bound, state, y);
}

static bool take_rename(const struct bound *bound, struct state *state, struct step step)
{
  struct state before = *state;
  enum effect effect = step.operation->effect;
  int x = step.x, y = step.y;

  if (!state->inode[x] || !can_hold(bound, state, y) || state->inode[x] == state->inode[y]
      || is_below(bound->names[x], bound->names[y]) || is_below(bound->names[y], bound->names[x]))
    return false;
  if (state->inode[y] ? effect == RENAME_NOT_OVER : effect == EXCHANGE)
    return false;
  if (state->inode[y] && effect == RENAME && !fits_over(bound, state, x, y))
    return false;
  clear(bound, state, x);
  clear(bound, state, y);
  return copy(bound, &before, state, x, y)
      && (effect != EXCHANGE || copy(bound, &before, state, y, x));
}

static bool take_removal(const struct bound *bound, struct state *state, struct step step)
{
  bool directory = kind_of(state, step.x) == DIRECTORY;

  if (!state->inode[step.x] || directory != (step.operation->effect == RMDIR)
      || !is_empty(bound, state, step.x))
    return false;
  state->inode[step.x] = 0;
  return true;
}

bool take(const struct bound *bound, struct state *state, struct step step)
{
  int x = step.x, y = step.y;
  bool is_file = state->inode[x] && kind_of(state, x) != DIRECTORY;

  switch (step.operation->effect) {
    case MAKE:
    case REPLACE:
      if (!can_hold(bound, state, x)
          || (state->inode[x] && (!is_file || step.operation->effect == MAKE)))
        return false;
      make(state, x, step.operation->kind);
      return true;
    case LINK:
      if (!is_file || state->inode[y] || !can_hold(bound, state, y))
        return false;
      state->inode[y] = state->inode[x];
      return true;
    case UNLINK:
    case RMDIR: return take_removal(bound, state, step);
    case WRITE: return is_file && kind_of(state, x) == REGULAR;
    default: return take_rename(bound, state, step);
  }
}

const char *text_of(const struct bound *bound, struct step step)
{
  static char text[128];
  bool two = is_step(step.operation, 0, 1);

  snprintf(text, sizeof text, "%s(%s%s%s)", step.operation->name, bound->names[step.x],
           two ? ", " : "", two ? bound->names[step.y] : "");
  return text;
}

void perform(const struct bound *bound, struct step step, const char *in, const char *context)
{
  const char *x = bound->names[step.x], *y = bound->names[step.y];
  int result;

  tree = in;
  begins(tree, "%s%s", context, text_of(bound, step));
  result = step.operation->call(x, y);
  if (result == -1)
    err(1, "%s: %s%s", tree, context, text_of(bound, step));
  returned(tree);
  if (step.operation->fsyncs)
    fsynced(tree, x);
}
