# SPDX-License-Identifier: GPL-2.0-or-later
# A split that is cut off anywhere is finished by the next run.
scene=split
model='split=2 big'
command='-y --split 2 --big-todo queue'
claim=new_split_killed_anywhere_is_finished_by_the_next_run
. "${srcdir:-.}/tests/qfsck/killed.inc"
