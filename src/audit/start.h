/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processes of an audit: we, the command, and the tracer.
 *
 * The command is our child, and we wait for it as a shell would.  The tracer is nobody's:
 * not the command's child, which would be one too many in its wait(2), nor ours, so that it
 * can stay with what the command leaves behind. */
#ifndef SYNCDIR_AUDIT_START_H
#define SYNCDIR_AUDIT_START_H

/* What the tracer does when all has ended: says what it has found.  Its exit status. */
typedef int report_function(int command_status);

/* Runs COMMAND, the file PATH, under the tracer's eyes.  The exit status: REPORT's; or
 * env(1)'s, if the command could not be started. */
int run_audit(const char *path, char **command, report_function *report);

#endif
