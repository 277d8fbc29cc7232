/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the stand-in for qmail-queue and the judge of its queue both know. */
#ifndef DEMO_QUEUE_H
#define DEMO_QUEUE_H

/* qmail's conf-split: message ID lies in mess/(ID % CONF_SPLIT)/ID. */
enum { CONF_SPLIT = 23 };

#endif
