// SPDX-License-Identifier: GPL-2.0-or-later
// The header in C++: the names must be C's.
#include <syncdir.h>

int main()
{
  return syncdir_version()[0] == '2' ? 0 : 1;
}
