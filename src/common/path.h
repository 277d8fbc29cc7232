/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of a path. */
#ifndef SYNCDIR_PATH_H
#define SYNCDIR_PATH_H

/* The last component of PATH. */
const char *last_component(const char *path);

#endif
