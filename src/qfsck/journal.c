/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal of intentions: QUEUE/qfsck/journal. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <syncdir.h>
#include <unistd.h>

#include "journal.h"

static const char journal_path[] = WORK "/journal";
static const char commit_word[] = "commit ";

static const char *const verbs[VERBS] = {
  [CLOSED] = "closed", [COPY_OF] = "copy-of", [MOVED_TO] = "moved-to", [OWN] = "own",
  [MOVE] = "move", [FOLDER] = "folder", [PLAIN] = "plain", [FIFO] = "fifo",
  [EMPTY] = "empty", [NUMBER] = "number",
};

/* The polynomial of Ethernet, bit by bit: a journal is short. */
static uint32_t crc_of(uint32_t crc, const char *bytes, size_t length)
{
  crc = ~crc;
  while (length--) {
    crc ^= (unsigned char) *bytes++;
    for (int bit = 0; bit < 8; bit++)
      crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
  }
  return ~crc;
}

static void make_work(const struct queue *queue)
{
  int queue_folder = open_folder(queue->fd, "", O_PATH);

  if (queue_folder == -1
      || (syncdir_mkdirat(queue_folder, WORK, 0700) == -1 && errno != EEXIST))
    cannot("make the directory", WORK);
  close(queue_folder);
}

static int open_journal(const struct queue *queue, int flags)
{
  const char *name;
  int holder = open_holder(queue->fd, journal_path, &name), fd, error;

  if (holder == -1)
    return -1;
  fd = syncdir_openat(holder, name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
  error = errno;
  close(holder);
  errno = error;
  return fd;
}

static bool flush_journal(struct journal *journal)
{
  if (!journal->error
      && (fflush(journal->stream) == EOF || fsync(fileno(journal->stream)) == -1))
    journal->error = errno;
  return !journal->error;
}

void begin_journal(struct journal *journal, const struct queue *queue, const struct step *first)
{
  int fd;

  make_work(queue);
  fd = open_journal(queue, O_RDWR | O_CREAT | O_EXCL);
  *journal = (struct journal) { .queue = queue, .stream = fd == -1 ? NULL : fdopen(fd, "w") };
  if (!journal->stream)
    cannot("write", journal_path);
  add_step(journal, first);
  if (!flush_journal(journal)) {
    errno = journal->error;
    cannot("write", journal_path);
  }
}

void add_step(struct journal *journal, const struct step *step)
{
  char line[2 * ESCAPED_BYTES + 512], path[ESCAPED_BYTES], to[ESCAPED_BYTES];
  int length = snprintf(line, sizeof line,
      "%s\t%" PRIu64 "\t%s\t%s\t%lu\t%lu\t%lo\t%" PRIu64 "\t%.200s\n",
      verbs[step->verb], step->inode, escape(path, step->path), escape(to, step->to),
      (unsigned long) step->uid, (unsigned long) step->gid, (unsigned long) step->mode,
      step->size, step->why ? step->why : "");

  journal->crc = crc_of(journal->crc, line, (size_t) length);
  journal->bytes += (uint64_t) length;
  if (!journal->error && fwrite(line, 1, (size_t) length, journal->stream) != (size_t) length)
    journal->error = errno;
}

bool commit_journal(struct journal *journal)
{
  bool committed;

  /* What is committed has reached the disk before the line that says so. */
  if (flush_journal(journal))
    fprintf(journal->stream, "%s%08" PRIx32 "\n", commit_word, journal->crc);
  committed = flush_journal(journal);
  fclose(journal->stream);
  journal->stream = NULL;
  return committed;
}

static FILE *read_journal(const struct queue *queue)
{
  int fd = open_journal(queue, O_RDONLY);
  FILE *stream = fd == -1 ? NULL : fdopen(fd, "r");

  if (!stream && errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
    cannot("read", journal_path);
  return stream;
}

enum journal_state journal_state(const struct queue *queue)
{
  FILE *stream = read_journal(queue);
  enum journal_state state = BEGUN;
  uint32_t crc = 0;
  size_t room = 0;
  char *line = NULL;
  ssize_t length;

  if (!stream)
    return NO_JOURNAL;
  while (state == BEGUN && (length = getline(&line, &room, stream)) != -1) {
    char expected[sizeof commit_word + 16];

    snprintf(expected, sizeof expected, "%s%08" PRIx32 "\n", commit_word, crc);
    if (strcmp(line, expected) == 0)
      state = COMMITTED;
    else if (strncmp(line, commit_word, sizeof commit_word - 1) == 0 && strchr(line, '\n'))
      fail("%s/%s was changed since it was written: what it says is not done.  "
           "Look at it, and move it away.", queue->path, journal_path);
    crc = crc_of(crc, line, (size_t) length);
  }
  if (ferror(stream))
    cannot("read", journal_path);
  free(line);
  fclose(stream);
  return state;
}

static bool read_step(struct step *step, char *line)
{
  char *field[9];

  if (!strchr(line, '\n'))
    return false;
  for (int i = 0; i < 9; i++) {
    field[i] = strsep(&line, "\t\n");
    if (!field[i])
      return false;
  }
  *step = (struct step) { .why = field[8] };
  while (step->verb < VERBS && strcmp(field[0], verbs[step->verb]) != 0)
    step->verb++;
  unescape(field[2]);
  unescape(field[3]);
  step->inode = strtoull(field[1], NULL, 10);
  snprintf(step->path, sizeof step->path, "%s", field[2]);
  snprintf(step->to, sizeof step->to, "%s", field[3]);
  step->uid = (uid_t) strtoul(field[4], NULL, 10);
  step->gid = (gid_t) strtoul(field[5], NULL, 10);
  step->mode = (mode_t) strtoul(field[6], NULL, 8);
  step->size = strtoull(field[7], NULL, 10);
  return step->verb < VERBS;
}

void for_each_step(const struct queue *queue, step_taker *take, void *more)
{
  FILE *stream = read_journal(queue);
  unsigned long position = 0;
  struct step step;
  size_t room = 0;
  char *line = NULL;

  while (stream && getline(&line, &room, stream) != -1)
    if (read_step(&step, line))
      take(queue, &step, ++position, more);
  free(line);
  if (stream)
    fclose(stream);
}

struct search {
  struct step *step;
  enum verb verb;
  bool found;
};

static void compare_verb(const struct queue *queue, const struct step *step,
                         unsigned long position, void *more)
{
  struct search *search = more;

  (void) queue;
  (void) position;
  if (search->found || step->verb != search->verb)
    return;
  *search->step = *step;
  search->step->why = NULL;
  search->found = true;
}

bool find_step(const struct queue *queue, enum verb verb, struct step *step)
{
  struct search search = { .step = step, .verb = verb };

  for_each_step(queue, compare_verb, &search);
  return search.found;
}

static void look_for_lost(const struct queue *queue, const struct step *step,
                          unsigned long position, void *more)
{
  (void) queue;
  (void) position;
  if (step->verb == MOVE && strncmp(step->to, LOST_FOUND "/", sizeof LOST_FOUND) == 0)
    *(bool *) more = true;
}

void discard_journal(const struct queue *queue)
{
  int work = open_folder(queue->fd, WORK, O_PATH);

  if (work == -1 || syncdir_unlinkat(work, "journal", 0) == -1)
    cannot("remove", journal_path);
  close(work);
}

void retire_journal(const struct queue *queue)
{
  bool anything_lost = false;
  char note[PATH_BYTES];
  struct stat st;

  for_each_step(queue, look_for_lost, &anything_lost);
  if (!anything_lost) {
    discard_journal(queue);
    return;
  }
  for (int i = 1; ; i++) {
    snprintf(note, sizeof note, LOST_FOUND "/notes.%d", i);
    if (look_at(queue->fd, note, &st) == -1)
      break;
  }
  if (move_name(queue->fd, journal_path, note) == -1)
    cannot("keep as a note in lost+found the file", journal_path);
}
