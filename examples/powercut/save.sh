#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# save.sh [-d] NAME: saves standard input as the file NAME, so that the file is never
# half written.  Without -d it forgets to flush the directory.
set -e

flush=
[ "$1" != -d ] || { flush=yes; shift; }
cat >"$1.tmp"
sync "$1.tmp"
mv "$1.tmp" "$1"
# sync(1) of a directory is what makes the new name durable.
[ -z "$flush" ] || sync "$(dirname "$1")"
