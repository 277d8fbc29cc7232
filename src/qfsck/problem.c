/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that can be wrong with a queue.  The manual has the same table. */
#include "problem.h"

const struct problem_rule problems[PROBLEMS] = {
  [OTHER_LAYOUT] = { SAFE, false, "has another layout than requested:", "" },
  [MISSING] = { SAFE, true, "is missing", "" },
  [WRONG_TYPE] = { UNSAFE, false, "is of the wrong type:", "it is of the wrong type" },
  [WRONG_SIZE] = { UNSAFE, false, "has the wrong size:", "it has the wrong size" },
  [WRONG_ATTRIBUTES] = { SAFE, true, "has the wrong", "" },
  [LINKED_PART] = { UNSAFE, false, "has more than one hard link, and qmail's files have one",
                    "it has more than one hard link" },
  [STRANGER] = { UNSAFE, false, "is not part of a qmail queue", "it is not part of a qmail queue" },
  [ODD_FOLDER] = { UNSAFE, false, "is a directory that qmail does not read",
                   "it is not a split directory" },
  [SPARE_FOLDER] = { SAFE, true, "is a split directory that this layout does not have", "" },
  [ODD_STRAY] = { UNSAFE, false, "is not a message's file:", "it is not a message's file" },
  [MISPLACED] = { SAFE, true, "is in the wrong place: it is a file of message", "" },
  [WRONG_NUMBER] = { SAFE, true, "has the wrong number: its mess file is inode", "" },
  [BROKEN_ENVELOPE] = { UNSAFE, false, "has a damaged envelope",
                        "the message's envelope is damaged" },
  [NO_MESSAGE] = { UNSAFE, false, "belongs to no message", "it belongs to no message" },
  [NOT_IN_STATE] = { UNSAFE, false, "must not exist beside the other files of message",
                     "it must not exist beside the other files of its message" },
  [INTD_NOT_TODO] = { UNSAFE, true,
                      "is not the same inode as todo (cp without -a, "
                      "rsync without -H)",
                      "intd is not the same inode as todo" },
  [SECOND_NAME] = { SAFE, true, "is a second name of", "" },
  [SHARED_FILE] = { UNSAFE, true, "needs a copy of its own: it is the same inode as", "" },
  [NOT_ITS_FILE] = { UNSAFE, false, "belongs to another message: it is the same inode as",
                     "it is the same inode as a file of another message" },
  [OUTSIDE_NAME] = { UNSAFE, true, "needs a copy of its own: it has a hard link outside the queue",
                     "" },
  [FOREIGN_FILE] = { UNSAFE, false,
                     "has a hard link outside the queue, and the wrong owner or mode",
                     "it has a hard link outside the queue, and is not qmail's" },
  [TORN_MESSAGE] = { UNSAFE, false,
                     "has files that may be another message's, and which are its own "
                     "is unknown",
                     "which of the message's files are its own is unknown" },
  [UNKNOWN_FILE] = { HOPELESS, true, "cannot be read:", "" },
  [MOUNT_POINT] = { HOPELESS, false,
                    "is a mount point: no file can be renamed into or out of it; "
                    "unmount it",
                    "" },
  [FIXED_FILE] = { HOPELESS, true,
                   "is immutable or append-only: neither qmail nor qfsck can "
                   "change it (chattr -i -a)",
                   "" },
};
