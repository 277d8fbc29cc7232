/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that can be wrong with a queue.  The manual has the same table. */
#include "problem.h"

const struct problem_rule problems[PROBLEMS] = {
  [OTHER_LAYOUT] = { SAFE, false, "is laid out in another way than wanted:", "" },
  [MISSING] = { SAFE, true, "is missing", "" },
  [WRONG_TYPE] = { UNSAFE, false, "is of the wrong type:", "it is of the wrong type" },
  [WRONG_SIZE] = { UNSAFE, false, "has the wrong size:", "it has the wrong size" },
  [WRONG_ATTRIBUTES] = { SAFE, true, "has the wrong", "" },
  [LINKED_PART] = { UNSAFE, false, "has another name, and qmail's files have one",
                    "it has another name" },
  [STRANGER] = { UNSAFE, false, "is not for qmail", "it is not for qmail" },
  [ODD_FOLDER] = { UNSAFE, false, "is a directory that qmail does not look into",
                   "it is no split directory" },
  [SPARE_FOLDER] = { SAFE, true, "is one split directory too many", "" },
  [ODD_STRAY] = { UNSAFE, false, "is no file of a message:", "it is no file of a message" },
  [MISPLACED] = { SAFE, true, "is not where it belongs: it is a file of message", "" },
  [WRONG_NUMBER] = { SAFE, true, "gets another number: its file is inode", "" },
  [BROKEN_ENVELOPE] = { UNSAFE, false, "its envelope is broken", "the message is broken" },
  [NO_MESSAGE] = { UNSAFE, false, "belongs to no message", "it belongs to no message" },
  [NOT_IN_STATE] = { UNSAFE, false, "does not belong to the state of message",
                     "the message's state has no such file" },
  [INTD_NOT_TODO] = { UNSAFE, true, "is not the same inode as todo (cp without -a, "
                      "rsync without -H)", "intd is not the same inode as todo" },
  [SECOND_NAME] = { SAFE, true, "is a second name of", "" },
  [SHARED_FILE] = { UNSAFE, true, "gets a copy of its own: it is the same inode as", "" },
  [NOT_ITS_FILE] = { UNSAFE, false, "is not this message's: it is the same inode as",
                     "it is the same inode as a file of another message" },
  [OUTSIDE_NAME] = { UNSAFE, true, "gets a copy of its own: it has a name outside the queue", "" },
  [FOREIGN_FILE] = { UNSAFE, false, "has a name outside the queue, and the wrong owner or mode",
                     "it has a name outside the queue, and is not qmail's" },
  [TORN_MESSAGE] = { UNSAFE, false, "it cannot be told which of its files are its own",
                     "it cannot be told which of the message's files are its own" },
  [UNKNOWN_FILE] = { HOPELESS, true, "cannot be read:", "" },
  [MOUNT_POINT] = { HOPELESS, false, "is a mount point, and no file can be renamed into or out of "
                    "it; unmount it", "" },
  [FIXED_FILE] = { HOPELESS, true, "is immutable or append-only: neither qmail nor qfsck can "
                   "change it (chattr -i -a)", "" },
};
