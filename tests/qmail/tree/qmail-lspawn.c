/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a table: it makes no name, and takes our open all the same. */
#include "open.h"

int main(void)
{
  return open_read("cdb") == -1 ? 111 : 0;
}
