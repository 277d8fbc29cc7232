/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths. */
#ifndef SYNCDIR_PATH_H
#define SYNCDIR_PATH_H

/* The name of a file, behind its folders. */
const char *last_component(const char *path);

#endif
