/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the audit cannot see, and what it changes by watching. */
#include <stdio.h>

#include "notes.h"

static const char *const sentences[NOTES] = {
  [UNREADABLE] = "its memory or its descriptors cannot be read (a program without read permission,"
                 " or PR_SET_DUMPABLE); run the audit as root",
  [NOT_FOUND_AGAIN] = "the directory of a name that it changed could not be found",
  [ASYNCHRONOUS] = "it uses io_submit(2), whose writes and flushes are not watched",
  [SUPERVISED] = "it has a seccomp supervisor, which may make calls in its place",
  [UNTRACED] = "it started a process with CLONE_UNTRACED, which cannot be watched",
  [HELD_IN_MEMORY] = "nothing lasts there, as the filesystem is held in memory; run it on a disk",
  [RING_NOT_REFUSED] = "it uses io_uring, which hides its calls",
  [STILL_RUNNING] = "still running, and not watched any more",
  [SHARED_MEMORY] = "what it had changed was not durable when another process told something; the"
                    " two share memory, and what one tells the other there is not seen",
  [ANOTHER_THREAD] = "a change was flushed after another thread had told something, perhaps about"
                     " something else; see --all, or audit one request at a time",
  [RING_REFUSED] = "io_uring was refused (ENOSYS), because it hides calls; without the audit the"
                   " program may work otherwise",
  [WEAK_FLUSH] = "it flushed directories, as POSIX asks for, but on ext2, on ext4 without a journal"
                 " and on FUSE a name can be lost all the same; see syncdir-audit(1), LIMITATIONS",
  [RIGHTS_LOST] = "a set-id program runs without its rights under the audit; as root it has them",
  [TRACING_FAILED] = "it tried to trace another program, which is not possible under the audit",
};

static struct {
  size_t count;
  char command[128]; /* of the first one */
} taken[NOTES];

void take_note(enum note note, const char *command)
{
  if (taken[note].count++ == 0)
    snprintf(taken[note].command, sizeof taken[note].command, "%s", command);
}

bool was_noted(enum note note)
{
  return taken[note].count > 0;
}

void say_note(enum note note, char *sentence, size_t size)
{
  snprintf(sentence, size, "%s: %s", taken[note].command, sentences[note]);
}

bool is_incomplete(void)
{
  for (enum note note = 0; note < RING_REFUSED; note++)
    if (was_noted(note))
      return true;
  return false;
}
