/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a description begins of what cannot be read: the reason follows. */
#ifndef POWERCUT_UNREADABLE_H
#define POWERCUT_UNREADABLE_H

#define UNREADABLE "unreadable: "

#endif
