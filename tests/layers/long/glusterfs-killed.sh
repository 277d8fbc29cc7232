#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# GlusterFS, three replicated bricks: a brick's server is killed, or its machine loses
# power, while four programs work; then it comes back and is healed.  Last, all three lose
# power at once.  Every name that a program was told to be made is on every brick.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/layers/glusterfs.inc"

make_bricks 1 2 3
begin_glusterd
make_volume replica 3
mkdir volume/in volume/out && for folder in $folders; do sync -f "$folder"; done || exit 99

# work ROUNDS: begins four programs in a directory of their own.
rounds=0
begin_work() {
  rounds=$((rounds + 1))
  mkdir "volume/$rounds" "volume/$rounds/in" "volume/$rounds/out" &&
    for folder in $folders; do sync -f "$folder"; done || exit 99
  LD_PRELOAD=$library ./changes "volume/$rounds" 4 "$1" "$work/told.$rounds" 2>"$work/changes.log" &
  worker=$!
}
have_told() { [ -e "told.$rounds" ] && [ "$(wc -l <"told.$rounds")" -ge "$1" ]; }

# promised FILE: the names that were made, and stay.
promised() {
  awk '$3 == "unlink" || $3 == "rmdir" { delete name[$4]; next }
    $3 == "creat" || $3 == "link" || $3 == "linkat" { name[$4] = 1 }
    $3 == "rename" { name[$4] = 1; sub(/^out/, "in", $4); delete name[$4] }
    END { for (i in name) print i }' "$1"
}
# The program is in the middle of a change: the name that is going may be gone.
are_on_each() {
  promised "$1" | grep -v -e '^in/[ur]' >names && [ "$(wc -l <names)" -gt 40 ] || { wc -l names; return 1; }
  echo "# $(wc -l <names) names" >&3
  for brick in 1 2 3; do
    while read -r name; do
      [ -e "$brick/brick/$rounds/$name" ] || { echo "brick $brick has no $name"; return 1; }
    done <names || return
  done
}
are_seen() { while read -r name; do [ -e "volume/$rounds/$name" ] || { echo "$name is gone"; return 1; }; done <names; }
# By itself the daemon looks every ten minutes.
nothing_to_heal() {
  volume heal mail >"$work/said" 2>&1
  volume heal mail info 2>/dev/null >"$work/heal" && [ "$(grep -c '^Number of entries: 0$' "$work/heal")" -eq 3 ]
}
exec 3>&1

begin_work 20
until_true have_told 200 && kill_server 1 || exit 99
wait "$worker"
same the_programs_go_on_without_a_brick 0 "$?$(cat changes.log)"
quietly volume start mail force
until_true is_served 1 || exit 99
check a_killed_brick_is_healed until_true nothing_to_heal
check every_name_is_on_each_brick_then are_on_each "told.$rounds"
check and_the_readers_see_them are_seen

begin_work 20
until_true have_told 200 && cp "told.$rounds" before && lose_power 2 || exit 99
wait "$worker"
same the_programs_go_on_when_a_machine_has_lost_power 0 "$?$(cat changes.log)"
mkdir cut && cp "$memory/cut.2" "$memory/look" && mount -o loop "$memory/look" cut || exit 99
check its_disk_has_all_that_was_told_before sh -c '
  awk "\$3 ~ /^(link|rename)\$/ || \$4 ~ /^in.c/ { print \$4 }" before >names
  [ "$(wc -l <names)" -gt 40 ] && while read -r name; do
    [ -e "cut/brick/$1/$name" ] || { echo "$name is gone"; exit 1; }
  done <names' - "$rounds"
umount cut
power_on 2 || exit 99
# A name that was given while the power failed may be on the two others alone, and one that
# was removed on this one: no brick has a note of that, so only a reader of the name heals it,
# or a full heal.  The note of the bytes of a file that the others have no more stays till then.
nothing_to_heal_in_full() {
  volume heal mail full >"$work/said" 2>&1
  nothing_to_heal
}
check it_is_healed until_true nothing_to_heal_in_full
are_on_each_by_now() { are_on_each "told.$rounds" 3>/dev/null; }
check a_full_heal_brings_every_name_to_each_brick until_true are_on_each_by_now
check and_the_readers_see_them_again are_seen

begin_work 1000
until_true have_told 300 && cp "told.$rounds" before && lose_power 1 2 3 || exit 99
kill "$worker" 2>/dev/null
wait "$worker" 2>/dev/null
power_on 1 2 3 || exit 99
check when_all_three_have_lost_power_each_has_every_name are_on_each before
readers_see_them() { are_seen 2>/dev/null; }
check and_the_readers_see_them_after_all until_true readers_see_them

finish
