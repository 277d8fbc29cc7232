/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that a crash has brought back: those of an earlier message with the same number. */
#ifndef QFSCK_REMAINS_H
#define QFSCK_REMAINS_H

#include "scan.h"

enum remains {
  NO_REMAINS,
  OLD_TODO,       /* todo, and intd, are an earlier message's */
  OLD_CHANNELS,   /* info, local and remote are */
  UNKNOWN_REMAINS /* some of them are, and the times do not say which */
};

enum remains remains_in(const struct scan *scan, const struct message *message);

#endif
