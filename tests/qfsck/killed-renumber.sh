# SPDX-License-Identifier: GPL-2.0-or-later
# A renumber that is cut off anywhere is finished by the next run.
scene=renumber
model=''
command='-y --map map queue'
claim=permutation_killed_anywhere_is_finished_by_the_next_run
. "${srcdir:-.}/tests/qfsck/killed.inc"
