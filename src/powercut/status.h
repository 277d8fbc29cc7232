/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How powercut ends. */
#ifndef POWERCUT_STATUS_H
#define POWERCUT_STATUS_H

enum status {
  NOTHING_LOST = 0,
  VIOLATIONS = 1,
  FAILED = 2,
  CANNOT_TELL = 3,     /* no violation, but not all could be judged */
  CANNOT_RUN_HERE = 77 /* Automake's "skipped" */
};

#endif
