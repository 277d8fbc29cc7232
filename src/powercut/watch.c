/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each mark of a tree is kept with the live tree as it is at that moment; the
 * program under test waits meanwhile.  That is the oracle. */
#include "watch.h"
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "log.h"

/* The content of an inode when the program had fsynced it. */
struct fsynced {
  ino_t inode;
  char content[CONTENT_SIZE];
  bool has_name;
  struct fsynced *next;
};

/* A tree of the program under test. */
struct watched {
  char *name;
  bool call_under_way;
  struct tree seen; /* at its last mark */
  struct fsynced *fsynced;
  struct watched *next;
};

/* A mark's text; the same bound stands in the manual. */
#define LINE_SIZE 4096

/* The watcher's */
static const char *root;
static struct watched *all_watched;

/* The server's: one mark at a time, after it has its place in the log. */
static pthread_mutex_t one_mark = PTHREAD_MUTEX_INITIALIZER;
static int watcher = -1;
static bool out_of_order;

/* What the watcher answers, before the text of a tree. */
struct answer {
  bool in_order;
  size_t size;
};

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
  known->has_name = true;
  return known->content;
}

static bool remember_content(struct watched *watched, const char *path)
{
  struct stat status;
  if (stat(path, &status) == -1 || !S_ISREG(status.st_mode))
    return false;
  struct fsynced *known = find_fsynced(watched, status.st_ino);
  if (!known) {
    known = calloc(1, sizeof *known);
    if (!known)
      err(2, "cannot remember what was fsynced");
    known->inode = status.st_ino;
    known->next = watched->fsynced;
    watched->fsynced = known;
  }
  describe_content(path, known->content);
  return true;
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
    err(2, "cannot hold the marks in memory");
  new->next = all_watched;
  return all_watched = new;
}

static struct tree look_at(struct watched *watched)
{
  char path[LINE_SIZE + 4096];
  snprintf(path, sizeof path, "%s/%s", root, watched->name);
  for (struct fsynced *known = watched->fsynced; known; known = known->next)
    known->has_name = false;
  return read_tree(path, fsynced_content, watched);
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

/* A call in the inner tree would be a change between two calls in the outer one. */
static bool shares_names(const struct watched *watched)
{
  for (const struct watched *other = all_watched; other; other = other->next)
    if (other != watched
        && (lies_within(watched->name, other->name) || lies_within(other->name, watched->name)))
      return true;
  return false;
}

static bool is_readable(const struct tree *seen)
{
  for (size_t i = 0; i < seen->count; i++)
    if (strncmp(seen->names[i].what, UNREADABLE, strlen(UNREADABLE)) == 0)
      return false;
  return true;
}

/* NULL, or what is wrong with the mark. */
static const char *fault_of(enum verb verb, const struct watched *watched, const struct tree *seen)
{
  bool first = !watched->seen.names;
  if (seen->count == 0)
    return "there is no such tree";
  if (!is_directory(&seen->names[0]))
    return "the tree is no directory";
  if (!is_readable(seen))
    return "not all of the tree can be read";
  if (first && shares_names(watched))
    return "this tree and another one lie within each other";
  if ((verb == RETURNED) != watched->call_under_way)
    return verb == RETURNED ? "no call had begun in this tree"
                            : "the last call in this tree has not returned";
  if (verb != RETURNED && !first && !same_names(&watched->seen, seen))
    return "the tree was changed between the marks of two calls";
  return NULL;
}

static void complain(const char *line, const char *fault)
{
  warnx("the mark \"%s\" is out of order: %s", line, fault);
}

/* Looks at the tree of a mark; false if the mark is out of order. */
static bool look(const char *line, struct tree *seen)
{
  const char *tree, *text;
  size_t length;
  enum verb verb = parse_mark(line, &tree, &length, &text);
  if (verb == FREE_TEXT)
    return true;
  struct watched *watched = watched_tree(tree, length);
  char path[LINE_SIZE + 4096];
  snprintf(path, sizeof path, "%s%s%s", *text == '/' ? "" : root, *text == '/' ? "" : "/", text);
  if (verb == FSYNCED && !remember_content(watched, path)) {
    complain(line, "there is no such file");
    return false;
  }
  struct tree now = look_at(watched);
  const char *fault = fault_of(verb, watched, &now);
  if (fault) {
    complain(line, fault);
    free_tree(&now);
    return false;
  }
  /* What has no name before a call may get it by the call: linkat. */
  if (verb == RETURNED)
    forget_nameless(watched);
  free_tree(&watched->seen);
  watched->seen = *seen = now;
  watched->call_under_way = verb == BEGINS;
  return true;
}

static bool transfer(ssize_t (*how)(int, void *, size_t), int socket, void *buffer, size_t size)
{
  for (char *next = buffer; size > 0;) {
    ssize_t done = how(socket, next, size);
    if (done <= 0)
      return false;
    next += done;
    size -= (size_t) done;
  }
  return true;
}

static ssize_t write_some(int socket, void *buffer, size_t size)
{
  return write(socket, buffer, size);
}

static int watch(int socket)
{
  char line[LINE_SIZE];
  while (transfer(read, socket, line, sizeof line)) {
    struct tree seen = { 0 };
    struct answer answer = { .in_order = look(line, &seen), .size = seen.size };
    if (!transfer(write_some, socket, &answer, sizeof answer)
        || !transfer(write_some, socket, seen.text, seen.size))
      err(2, "cannot answer the block server");
  }
  for (struct watched *watched = all_watched; watched; watched = watched->next)
    if (watched->call_under_way)
      errx(2, "the program under test ended within a call in the tree %s", watched->name);
  return 0;
}

void start_watcher(const char *trees)
{
  int sockets[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) == -1)
    err(2, "cannot make a socket");
  pid_t child = fork();
  if (child == -1)
    err(2, "cannot start the watcher");
  if (child == 0) {
    close(sockets[0]);
    root = trees;
    exit(watch(sockets[1]));
  }
  close(sockets[1]);
  watcher = sockets[0];
}

/* Asks the watcher; the caller holds the lock. */
static bool ask(uint32_t event, char *line)
{
  struct answer answer;
  if (!transfer(write_some, watcher, line, LINE_SIZE)
      || !transfer(read, watcher, &answer, sizeof answer))
    errx(2, "the watcher of the trees is gone");
  struct tree seen = { .text = malloc(answer.size + 1), .size = answer.size };
  if (!seen.text || !transfer(read, watcher, seen.text, seen.size))
    errx(2, "the watcher of the trees is gone");
  if (answer.in_order)
    log_mark_text(event, line, &seen);
  free(seen.text);
  return answer.in_order;
}

int take_mark(const char *buffer, size_t size)
{
  char line[LINE_SIZE] = "";
  uint32_t event = log_mark();
  snprintf(line, sizeof line, "%.*s", (int) (size < sizeof line ? size : sizeof line), buffer);
  size_t length = strcspn(line, "\n");
  line[length] = '\0';
  const char *fault = size >= sizeof line          ? "it is too long"
                      : memchr(buffer, '\0', size) ? "it has a NUL in it"
                      : length + 1 < size ? "there is another line after it in the same write"
                                          : NULL;
  if (fault)
    complain(line, fault);
  pthread_mutex_lock(&one_mark);
  bool in_order = !fault && ask(event, line);
  if (!in_order) {
    log_mark_text(event, "", NULL);
    out_of_order = true;
  }
  pthread_mutex_unlock(&one_mark);
  return in_order ? (int) size : -EINVAL;
}

void end_watcher(void)
{
  int status;
  close(watcher);
  if (wait(&status) == -1 || status != 0 || out_of_order)
    errx(2, "the marks cannot be used");
}
