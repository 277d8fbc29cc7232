/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where make install puts what the launcher needs: in a file of its own, so that
 * the tests can link a launcher that looks elsewhere. */
#include "installed.h"

const char library_path[] = LIBRARY;
const char probe_path[] = PROGRAMS "/probe";
const char audit_path[] = PROGRAMS "/audit";
const char check_path[] = PROGRAMS "/check";
