/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An object whose constructor waits for a thread of the program that loads it. */
void wait_for_the_other_thread(void);

__attribute__((constructor)) static void begin(void)
{
  wait_for_the_other_thread();
}
