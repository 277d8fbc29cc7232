/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The handshake: a probe is started as the command would be, and says whether the
 * library answers in it. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "ask.h"
#include "copies.h"
#include "installed.h"
#include "library.h"

/* Puts what the probe says into ANSWER.  Returns 0, or the errno that says why it could not
 * be asked. */
static int ask_probe(char *const command[], bool secure, char *answer, size_t size)
{
  return ask(command, preload_value(secure), answer, size);
}

/* What the probe has said. */
struct handshake {
  bool answered, untried;
  bool loaded, ours;     /* a library of our name is, and the first of them is ours */
  char silent[512];      /* the calls that did not come to the library, */
  int silent_count;      /* and how many they are */
  char before[PATH_MAX]; /* who has the first of them */
  char said[1024];       /* by the loader */
};

/* "NAME FILE" of a call that was not flushed. */
static void take_silent(char *line, struct handshake *hands)
{
  const char *name = strsep(&line, " ");
  size_t used = strlen(hands->silent);

  if (!line)
    return;
  hands->silent_count++;
  if (used == 0)
    snprintf(hands->before, sizeof hands->before, "%s", line);
  snprintf(hands->silent + used, sizeof hands->silent - used, " %s", name);
}

/* The first library that is loaded answers; a copy of ours counts as ours. */
static void take_loaded(const char *file, struct handshake *hands)
{
  if (!hands->loaded)
    hands->ours = same_file(file, library_path) || same_bytes(file, library_path);
  hands->loaded = true;
}

/* One line from the probe. */
static void take_line(char *line, struct handshake *hands, struct report *report)
{
  if (strcmp(line, "answered") == 0)
    hands->answered = true;
  else if (strcmp(line, "untried") == 0)
    hands->untried = true;
  else if (strncmp(line, "loaded ", 7) == 0)
    take_loaded(line + 7, hands);
  else if (strncmp(line, "silent ", 7) == 0)
    take_silent(line + 7, hands);
  else if (strncmp(line, "failed ", 7) == 0)
    doubt(report, "comes before the library, and failed when it was tried: %s", line + 7);
  else if (strncmp(line, "first ", 6) == 0)
    note(report, SAFE, "comes before the library, and passes its calls on to it: %s", line + 6);
  else if (*line && !*hands->said)
    snprintf(hands->said, sizeof hands->said, "; the loader says: %.900s", line);
}

/* Why the probe could not be asked, and what helps. */
static void find_unasked(struct report *report, int error)
{
  const char *help = error == EMSGSIZE ? "it, or the loader, says more than there is room for"
                   : error == EMFILE || error == ENFILE ? "allow more open files (ulimit -n)"
                   : error == ENOMEM || error == EAGAIN ? "allow more memory or processes"
                                                        : REINSTALL;

  note(report, CANNOT_TELL,
       "the library cannot be tried, because its probe %s cannot be run: "
       "%s; %s",
       probe_path, strerror(error), help);
}

void shake_hands(struct report *report, const struct library *library, bool secure)
{
  /* In a set-id program the loader ignores LD_LIBRARY_PATH and its cache, and looks only in
   * the standard directories. */
  char *const trusted[] = { (char *) library->loader, "--inhibit-cache",
                            "--library-path",         "",
                            (char *) probe_path,      NULL };
  char *const plain[] = { (char *) probe_path, report->subject ? "--order" : NULL, NULL };
  const char *name = secure ? bare_name() : library_path;
  struct handshake hands = { 0 };
  char answer[65536];
  int error = ask_probe(secure ? trusted : plain, secure, answer, sizeof answer);
  char *rest = answer;

  if (error) {
    find_unasked(report, error);
    return;
  }
  for (char *line; (line = strsep(&rest, "\n"));)
    take_line(line, &hands, report);
  if (strstr(hands.said, strerror(EMFILE)))
    find_unasked(report, EMFILE);
  else if (hands.answered && !hands.ours)
    note(report, UNSAFE,
         "another syncdir answers in the place of %s%s; take it out of LD_PRELOAD, "
         "of /etc/ld.so.preload and of the loader's directories",
         library_path, hands.said);
  else if (hands.ours && hands.silent_count > 0 && hands.silent_count < wrapped_count)
    note(report, CANNOT_TELL,
         "%s comes before the library, and does not pass on to it:%s; take it "
         "out of LD_PRELOAD",
         hands.before, hands.silent);
  else if (!hands.answered)
    note(report, UNSAFE, "the library does not answer when it is preloaded as %s%s; " REINSTALL,
         name, hands.said);
  else
    note(report, SAFE, "handshake: preloaded as %s, the library %s", name,
         hands.untried ? "stands first (no call was tried: seccomp filters do not work here)"
                       : "answers to every call");
}
