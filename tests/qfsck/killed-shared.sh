# SPDX-License-Identifier: GPL-2.0-or-later
# Messages that share files get their own: cut off anywhere, the next run ends it.
scene=shared
model=''
command='-y --map map queue'
claim=sharing_out_killed_anywhere_is_finished_by_the_next_run
. "${srcdir:-.}/tests/qfsck/killed.inc"
