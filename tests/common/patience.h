/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long a test may take before it is said to hang. */
#ifndef TESTS_PATIENCE_H
#define TESTS_PATIENCE_H

/* In seconds.  It is no measure of anything: Check's own, 4, fails on a machine that
 * is only busy, or slow. */
enum { PATIENCE = 300 };

#endif
