# SPDX-License-Identifier: GPL-2.0-or-later
# A queue that is cut off anywhere while it is made is finished by the next run.
scene=create
model=''
command='--create queue --split 2'
claim=create_killed_anywhere_is_finished_by_the_next_run
. "${srcdir:-.}/tests/qfsck/killed.inc"
