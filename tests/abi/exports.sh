# SPDX-License-Identifier: GPL-2.0-or-later
# The libraries export what they declare and nothing else, and need little.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/abi/symbols.inc"

node=SYNCDIR_2.0
{ wrapped_names; seen_names; } | LC_ALL=C sort >"$work/wrapped"
grep -o 'syncdir_[a-z0-9_]*(' "$top_srcdir/lib/syncdir.h" | tr -d '(' | LC_ALL=C sort >"$work/declared"
sed "s/\$/@@$node/" "$work/declared" | LC_ALL=C sort >"$work/api"
LC_ALL=C sort "$work/wrapped" "$work/api" >"$work/all"

# What the libraries may ask of libc: nothing that allocates, prints, locks or ends the
# program, and no name that a program may define, for then it would get that one.  The C
# standard keeps these for the C library, or they begin with an underscore, but for dlsym:
# whoever defines that means to be asked.  The linker lists all names of __environ, of which
# no more than the one is bound.
cat >"$work/allowed" <<END
__cxa_finalize
__environ
__errno_location
__getauxval
__gmon_start__
_ITM_deregisterTMCloneTable
_ITM_registerTMCloneTable
_environ
dlsym
environ
fclose
memchr
memcmp
memcpy
memset
__stack_chk_fail
strchr
strcmp
strcspn
strlen
strncmp
strspn
strrchr
END

# dynamic OBJECT TAG: the values of TAG in the dynamic section.
dynamic() { readelf --wide --dynamic "$1" | sed -n "s/.*($2).*\[\(.*\)\]/\1/p"; }

highest_glibc() {
  readelf --wide --version-info "$1" | grep -o 'GLIBC_[0-9.]*' | sort -u -t. -k2n | tail -n 1
}

check "wrapped_h_names_something" [ "$(wc -l <"$work/wrapped")" -gt 30 ]
same "no_name_is_wrapped_twice" "" "$(uniq -d "$work/wrapped")"
same "no_call_is_declared_twice" "" "$(uniq -d "$work/declared")"
same "every_wrapped_name_but_the_underscored_has_a_syncdir_call" "" \
  "$(grep -v '^_' "$work/wrapped" | sed 's/^/syncdir_/' | lines_missing_from "$work/declared")"
same "every_syncdir_call_wraps_a_name_or_is_our_own" "syncdir_hold
syncdir_release
syncdir_sync_parent
syncdir_version" "$(sed 's/^/syncdir_/' "$work/wrapped" >"$work/twins"; lines_missing_from "$work/twins" <"$work/declared")"

same "libsyncdir_exports_the_wrapped_names_unversioned_and_the_syncdir_calls_versioned" \
  "$(cat "$work/all")" "$(dynamic_symbols "$library" defined)"
same "libsyncdir_api_exports_the_syncdir_calls_alone" \
  "$(cat "$work/api")" "$(dynamic_symbols "$api_library" defined)"

dynamic_symbols "$(libc)" defined | without_versions >"$work/libc"
check "libc_exports_something" [ "$(wc -l <"$work/libc")" -gt 1000 ]
same "libsyncdir_api_interposes_nothing" "" \
  "$(dynamic_symbols "$api_library" defined | without_versions | grep -Fx -f "$work/libc")"

# All that may be written to after the start, once and for the whole process: no path
# of a call, which another thread would find there.  The rest is the linker's own.
cat >"$work/written" <<END
ahead
batch
call_selector
deferring
file
fine_mount
has_failed
holding_threads
holds
known
mounts
next_functions
next_note
next_place
opened
opens
ordered_mount
pending
places
range
reasons_to_put_off
servers
settings
state
stderr_at_start
to_file
to_stderr
why_mapped
END

for object in "$library" "$api_library"; do
  name=$(basename "$object")
  same "$name.1_is_the_soname" "$name.1" "$(dynamic "$object" SONAME)"
  check "$name.1_and_the_bare_name_are_one_file" [ "$object" -ef "$object.1" ]
  same "${name}_needs_libc_alone" "$(basename "$(dynamic "$(libc)" SONAME)")" "$(dynamic "$object" NEEDED)"
  same "${name}_asks_libc_only_for_what_is_allowed" "" \
    "$(dynamic_symbols "$object" undefined | without_versions | lines_missing_from "$work/allowed")"
  same "${name}_has_no_text_relocations" "" \
    "$(readelf --wide --dynamic "$object" | grep TEXTREL)"
  same "${name}_writes_to_nothing_else_that_outlives_a_call" "$(cat "$work/written")" \
    "$(nm "$object" | awk '$2 ~ /^[bBC]$/ || ($2 ~ /^[dD]$/ && $3 !~ /^(names|name\.)/) { print $3 }' |
      grep -v -e '^_' -e '^completed\.' | LC_ALL=C sort)"
  same "${name}_has_no_thread_local_data" "" \
    "$(readelf --wide --segments "$object" | grep -w TLS)"
  same "${name}_has_a_stack_that_is_not_executable" "RW" \
    "$(readelf --wide --segments "$object" | awk '$1 == "GNU_STACK" { print $7 }')"
  highest=$(highest_glibc "$object")
  check "${name}_needs_at_most_${highest:-no_version}_which_is_not_above_GLIBC_2.34" \
    [ "$(printf '%s\n' "${highest:-GLIBC_2.0}" GLIBC_2.34 | sort -t. -k2n | tail -n 1)" = GLIBC_2.34 ]
done

finish
