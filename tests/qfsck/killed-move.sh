# SPDX-License-Identifier: GPL-2.0-or-later
# A move that is cut off anywhere is finished by the next run.
scene=move
model=''
command='--map map --move queue new'
claim=move_killed_anywhere_is_finished_by_the_next_run
. "${srcdir:-.}/tests/qfsck/killed.inc"
