/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads a recording: maps its events and data, sorts its marks by tree. */
#include "recording.h"
#include "status.h"
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum verb parse_mark(const char *line, const char **tree, size_t *tree_length, const char **text)
{
  static const char *const verbs[] = {
    [BEGINS] = "begins ",   [WITHIN] = "within ",     [RETURNED] = "returned ",
    [FSYNCED] = "fsynced ", [PROMISES] = "promises ",
  };
  *tree = NULL;
  *tree_length = 0;
  *text = line;
  for (enum verb verb = BEGINS; verb <= PROMISES; verb++) {
    size_t length = strlen(verbs[verb]);
    if (strncmp(line, verbs[verb], length) != 0)
      continue;
    *tree = line + length;
    *tree_length = strcspn(*tree, " ");
    *text = *tree + *tree_length + ((*tree)[*tree_length] == ' ');
    return verb;
  }
  return FREE_TEXT;
}

enum level parse_level(const char *text)
{
  static const char *const levels[LEVELS] = { "names", "names+bytes", "all" };
  enum level level = NAMES;
  while (level < LEVELS && strcmp(levels[level], text) != 0)
    level++;
  return level;
}

char *parse_tree(const char *name, bool concurrent, char **pattern)
{
  const char *colon = concurrent ? strrchr(name, ':') : NULL;
  char *folder = colon ? strndup(name, (size_t) (colon - name)) : strdup(name);
  *pattern = colon ? strdup(colon + 1) : NULL;
  if (!folder || (colon && !*pattern))
    err(FAILED, "cannot hold the marks in memory");
  return folder;
}

static int by_number(const void *left, const void *right)
{
  ino_t a = *(const ino_t *) left, b = *(const ino_t *) right;
  return (a > b) - (a < b);
}

bool has_content(const struct watched_tree *tree, ino_t inode)
{
  return tree->content_count > 0
      && bsearch(&inode, tree->contents, tree->content_count, sizeof inode, by_number);
}

/* Each mark has most of them again: sorted and made unique before there is no room. */
static void make_unique(struct watched_tree *tree)
{
  size_t kept = 0;
  qsort(tree->contents, tree->content_count, sizeof *tree->contents, by_number);
  for (size_t i = 0; i < tree->content_count; i++)
    if (i == 0 || tree->contents[i] != tree->contents[kept - 1])
      tree->contents[kept++] = tree->contents[i];
  tree->content_count = kept;
}

static void add_contents(struct watched_tree *tree, const struct tree *seen)
{
  size_t before = tree->content_count;
  tree->contents = realloc(tree->contents, (before + seen->count + 1) * sizeof *tree->contents);
  if (!tree->contents)
    err(FAILED, "cannot hold the recording in memory");
  for (size_t i = 0; i < seen->count; i++)
    if (seen->names[i].content[0] != '\0')
      tree->contents[tree->content_count++] = strtoull(seen->names[i].inode, NULL, 10);
  if (tree->content_count > before)
    make_unique(tree);
}

static char *map(const char *folder, const char *name, size_t *size)
{
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  struct stat status;
  if (file == -1 || fstat(file, &status) == -1)
    err(FAILED, "cannot read %s of the recording in %s", name, folder);
  *size = (size_t) status.st_size;
  /* Private: the text of the trees is handed out as strings. */
  void *mapped = *size == 0 ? "" : mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
  if (mapped == MAP_FAILED)
    err(FAILED, "cannot map %s", path);
  close(file);
  return mapped;
}

static size_t tree_number(struct recording *recording, const char *name, size_t length)
{
  for (size_t i = recording->tree_count; i-- > 0;) {
    const char *known = recording->trees[i].name;
    if (strncmp(known, name, length) == 0 && known[length] == '\0')
      return i;
  }
  recording->trees = realloc(recording->trees,
                             (recording->tree_count + 1) * sizeof *recording->trees);
  char *copy = strndup(name, length);
  if (!recording->trees || !copy)
    err(FAILED, "cannot hold the recording in memory");
  struct watched_tree *tree = &recording->trees[recording->tree_count];
  *tree = (struct watched_tree) { .name = copy };
  tree->folder = parse_tree(copy, recording->about.concurrent, &tree->pattern);
  return recording->tree_count++;
}

static struct mark read_mark(struct recording *recording, uint32_t event, char *payload,
                             size_t length)
{
  struct mark mark = { .event = event, .line = payload };
  const char *tree;
  size_t tree_length, line_length = strlen(payload) + 1;
  mark.verb = parse_mark(payload, &tree, &tree_length, &mark.text);
  if (mark.verb != FREE_TEXT) {
    mark.tree = tree_number(recording, tree, tree_length);
    mark.seen = tree_from_text(payload + line_length, length - line_length);
    add_contents(&recording->trees[mark.tree], &mark.seen);
    if (mark.verb == PROMISES)
      recording->trees[mark.tree].level = parse_level(mark.text);
  }
  return mark;
}

/* Links the marks of each tree. */
static void chain_marks(struct recording *recording)
{
  size_t last[recording->tree_count + 1];
  for (size_t i = 0; i < recording->tree_count; i++)
    last[i] = NO_MARK;
  for (size_t i = 0; i < recording->mark_count; i++) {
    struct mark *mark = &recording->marks[i];
    mark->previous = mark->next = NO_MARK;
    if (mark->verb == FREE_TEXT)
      continue;
    mark->previous = last[mark->tree];
    mark->under_way = mark->verb == BEGINS;
    if (mark->previous != NO_MARK) {
      recording->marks[mark->previous].next = i;
      mark->under_way |= mark->verb != RETURNED && recording->marks[mark->previous].under_way;
    }
    last[mark->tree] = i;
  }
}

/* Whether it was copied to its end. */
static bool is_whole(const struct recording *recording, size_t event_size, size_t data_size)
{
  const struct about *about = &recording->about;
  struct stat base;
  char path[4096];
  snprintf(path, sizeof path, "%s/base", recording->folder);
  return (event_size - sizeof *about) / sizeof *recording->events == about->event_count
      && data_size == about->data_size && stat(path, &base) == 0
      && (uint64_t) base.st_size >= about->size;
}

struct recording load_recording(const char *folder)
{
  struct recording recording = { .folder = strdup(folder) };
  size_t size, data_size;
  char *events = map(folder, "events", &size);
  char *data = map(folder, "data", &data_size);
  if (size < sizeof recording.about || strcmp(events, RECORDING_FORMAT) != 0)
    errx(FAILED, "%s/events is not a recording that this version of powercut can read", folder);
  memcpy(&recording.about, events, sizeof recording.about);
  if (!is_whole(&recording, size, data_size))
    errx(FAILED, "the recording in %s is incomplete", folder);
  recording.events = (struct event *) (void *) (events + sizeof recording.about);
  recording.count = recording.about.event_count;
  recording.data = data;
  for (size_t i = 0; i < recording.count; i++) {
    recording.mark_count += recording.events[i].type == MARK;
    recording.note_count += recording.events[i].type == NOTE;
  }
  recording.marks = calloc(recording.mark_count + 1, sizeof *recording.marks);
  recording.notes = calloc(recording.note_count + 1, sizeof *recording.notes);
  if (!recording.marks || !recording.notes || !recording.folder)
    err(FAILED, "cannot hold the recording in memory");
  size_t mark = 0, note = 0;
  for (uint32_t i = 0; i < recording.count; i++) {
    const struct event *event = &recording.events[i];
    if (event->type == MARK)
      recording.marks[mark++] = read_mark(&recording, i, data + event->data, event->length);
    else if (event->type == NOTE)
      recording.notes[note++] = data + event->data;
  }
  chain_marks(&recording);
  return recording;
}
