/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal of intentions: QUEUE/qfsck/journal. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <syncdir.h>
#include <unistd.h>

#include "common/escape.h"
#include "journal.h"
#include "listing.h"

static const char journal_path[] = WORK "/journal";
static const char commit_word[] = "commit ";

static const char *const verbs[VERBS] = {
  [CLOSED] = "closed", [COPY_OF] = "copy-of", [MOVED_TO] = "moved-to", [NOTES] = "notes",
  [OWN] = "own",       [SECOND] = "second",   [MOVE] = "move",         [FOLDER] = "folder",
  [PLAIN] = "plain",   [FIFO] = "fifo",       [EMPTY] = "empty",       [NUMBER] = "number",
};

/* The polynomial of Ethernet, four bits at a time. */
static uint32_t crc_of(uint32_t crc, const char *bytes, size_t length)
{
  static const uint32_t table[16] = { 0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
                                      0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
                                      0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                      0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c };

  crc = ~crc;
  while (length--) {
    crc ^= (unsigned char) *bytes++;
    crc = crc >> 4 ^ table[crc & 15];
    crc = crc >> 4 ^ table[crc & 15];
  }
  return ~crc;
}

static void make_work(const struct queue *queue)
{
  if (syncdir_mkdirat(queue->fd, WORK, 0700) == -1 && errno != EEXIST)
    cannot("make the directory", WORK);
}

bool flush_journal(struct journal *journal)
{
  if (!journal->error && (fflush(journal->stream) == EOF || fsync(fileno(journal->stream)) == -1))
    journal->error = errno;
  return !journal->error;
}

/* What an interrupted run has left in WORK, besides what is set aside there. */
static void remove_copies(const struct queue *queue)
{
  struct listing names = list_folder(queue->fd, WORK);

  for (struct dirent *entry; (entry = next_name(&names));)
    if (strncmp(entry->d_name, COPY, sizeof COPY - 1) == 0)
      unlinkat(dirfd(names.stream), entry->d_name, 0);
}

/* It gets its name when its first line is on the disk: until then an older journal is
 * valid. */
void begin_journal(struct journal *journal, const struct queue *queue, const struct step *first)
{
  static const char unfinished[] = WORK "/" COPY "journal";
  int fd;

  make_work(queue);
  remove_copies(queue);
  fd = open_below(queue->fd, unfinished, O_RDWR | O_CREAT | O_TRUNC);
  *journal = (struct journal) { .queue = queue, .stream = fd == -1 ? NULL : fdopen(fd, "w") };
  if (!journal->stream)
    cannot("write", journal_path);
  add_step(journal, first);
  if (!flush_journal(journal)) {
    errno = journal->error;
    cannot("write", journal_path);
  }
  if (syncdir_renameat(queue->fd, unfinished, queue->fd, journal_path) == -1)
    cannot("write", journal_path);
}

void add_step(struct journal *journal, const struct step *step)
{
  char *path = escape(step->path), *to = escape(step->to), *line = NULL;
  int length = !path || !to
               ? -1
               : asprintf(&line, "%s\t%" PRIu64 "\t%s\t%s\t%lu\t%lu\t%lo\t%" PRIu64 "\t%s\n",
                          verbs[step->verb], step->inode, path, to, (unsigned long) step->uid,
                          (unsigned long) step->gid, (unsigned long) step->mode, step->number,
                          step->why ? step->why : "");

  if (length == -1)
    fail("not enough memory for a line of the journal.");
  journal->crc = crc_of(journal->crc, line, (size_t) length);
  journal->bytes += (uint64_t) length;
  if (!journal->error && fwrite(line, 1, (size_t) length, journal->stream) != (size_t) length)
    journal->error = errno;
  free(line);
  free(to);
  free(path);
}

bool commit_journal(struct journal *journal)
{
  bool committed;

  /* The steps must reach the disk before the line that commits them. */
  if (flush_journal(journal))
    fprintf(journal->stream, "%s%08" PRIx32 "\n", commit_word, journal->crc);
  committed = flush_journal(journal);
  fclose(journal->stream);
  journal->stream = NULL;
  return committed;
}

static FILE *read_journal(const struct queue *queue)
{
  int fd = open_below(queue->fd, journal_path, O_RDONLY);
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
      fail("%s/%s was changed since it was written, so its steps are not taken.  "
           "Look at it, and move it away.",
           queue->path, journal_path);
    crc = crc_of(crc, line, (size_t) length);
  }
  if (ferror(stream))
    cannot("read", journal_path);
  free(line);
  fclose(stream);
  return state;
}

/* The inverse of escape(), in place. */
static void unescape(char *text)
{
  char *to = text;
  unsigned c;

  for (; *text; to++) {
    if (*text == '\\' && sscanf(text + 1, "%3o", &c) == 1) {
      *to = (char) c;
      text += 4;
    } else {
      *to = *text++;
    }
  }
  *to = '\0';
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
  step->verb = 0;
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
  step->number = strtoull(field[7], NULL, 10);
  step->why = field[8];
  return step->verb < VERBS;
}

struct steps open_steps(const struct queue *queue)
{
  return (struct steps) { .stream = read_journal(queue) };
}

static void close_steps(struct steps *steps)
{
  free(steps->line);
  if (steps->stream)
    fclose(steps->stream);
  *steps = (struct steps) { .stream = NULL };
}

bool next_step(struct steps *steps, struct step *step)
{
  while (steps->stream && getline(&steps->line, &steps->room, steps->stream) != -1)
    if (read_step(step, steps->line)) {
      step->position = ++steps->position;
      return true;
    }
  if (steps->stream && ferror(steps->stream))
    cannot("read", journal_path);
  close_steps(steps);
  return false;
}

bool find_step(const struct queue *queue, enum verb verb, struct step *step)
{
  struct steps steps = open_steps(queue);

  while (next_step(&steps, step))
    if (step->verb == verb) {
      step->why = NULL;
      close_steps(&steps);
      return true;
    }
  return false;
}

void discard_journal(const struct queue *queue)
{
  remove_copies(queue);
  if (remove_below(queue->fd, journal_path, 0) == -1 && errno != ENOENT)
    cannot("remove", journal_path);
}

/* Written under another name and then renamed, so that the file is always whole; writing it
 * again gives the same. */
static void write_notes(const struct queue *queue, const char *path)
{
  static const char unfinished[] = WORK "/" COPY "notes";
  struct steps steps = open_steps(queue);
  int fd = open_below(queue->fd, unfinished, O_WRONLY | O_CREAT | O_TRUNC);
  FILE *notes = fd == -1 ? NULL : fdopen(fd, "w");

  if (!notes)
    cannot("write", unfinished);
  for (struct step step; next_step(&steps, &step);)
    if (step.verb == MOVE && after_folder(step.to, LOST_FOUND)) {
      char *from = escape(step.path), *to = escape(step.to);

      fprintf(notes, "%s\t%s\t%s\n", from ? from : "?", to ? to : "?", step.why);
      free(to);
      free(from);
    }
  if (fflush(notes) == EOF || fsync(fd) == -1 || fclose(notes) == EOF
      || syncdir_renameat(queue->fd, unfinished, queue->fd, path) == -1)
    cannot("write", path);
}

void retire_journal(const struct queue *queue)
{
  struct step step;

  if (find_step(queue, NOTES, &step))
    write_notes(queue, step.path);
  discard_journal(queue);
}
