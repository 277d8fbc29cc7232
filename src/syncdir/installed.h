/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where make install puts what the launcher needs. */
#ifndef SYNCDIR_INSTALLED_H
#define SYNCDIR_INSTALLED_H

extern const char library_path[]; /* .../libsyncdir.so.1 */
extern const char probe_path[];   /* .../probe: see probe.c */
extern const char audit_path[];   /* .../audit: see audit.c */
extern const char check_path[];   /* .../check: see check.c */

#endif
