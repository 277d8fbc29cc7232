/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A probe that comes out differently with the archive. */
const char *syncdir_version(void);

int main(void)
{
  return syncdir_version() == 0;
}
