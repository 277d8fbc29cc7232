/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of a program whose changes cannot be made durable. */
#ifndef SYNCDIR_GIVE_UP_H
#define SYNCDIR_GIVE_UP_H

/* Says that CHANGES, the last of them in the open DIRECTORY, are lost for ERROR, and
 * aborts the program. */
_Noreturn void give_up(int directory, unsigned changes, int error);

#endif
