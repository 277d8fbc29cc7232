/* SPDX-License-Identifier: GPL-2.0-or-later */
/* C++'s names, as its source has them. */
#ifndef SYNCDIR_AUDIT_DEMANGLE_H
#define SYNCDIR_AUDIT_DEMANGLE_H

/* SYMBOL without its arguments, to be freed; NULL if it is not C++'s, or its library is not
 * installed. */
char *demangle(const char *symbol);

#endif
