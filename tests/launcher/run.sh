# SPDX-License-Identifier: GPL-2.0-or-later
# syncdir COMMAND: executed in place, with the library last in LD_PRELOAD, and with
# the settings of the options.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/launcher.sh"
. "$top_srcdir/tests/strace.sh"

cd "$work" || exit 99
ours=$installed/libsyncdir.so.1
preload=
tab=$(printf '\t')

# script FILE INTERPRETER [TEXT]
script() { printf '#!%s\n%s\n' "$2" "${3-}" >"$1" && chmod 755 "$1"; }

same a_command_is_flushed "fsync $work" "$(done_by syncdir mkfifo made | tail -n 1)"
script inner /bin/sh 'mkfifo "$work/scripted"'
script outer "$work/inner"
export work
same a_script_is_flushed "fsync $work" "$(done_by syncdir ./inner | tail -n 1)"
rm scripted
same a_script_of_a_script_is_flushed "fsync $work" "$(done_by syncdir ./outer | tail -n 1)"

same the_process_stays_the_same 1 \
  "$(sh -c 'echo $$; exec syncdir sh -c "echo \$\$"' | sort -u | wc -l)"
same the_exit_status_is_the_commands 3 "$(syncdir sh -c 'exit 3'; echo $?)"
same a_command_that_kills_itself_is_killed 143 "$(sh -c 'syncdir sh -c "kill \$\$"; echo $?' 2>&1 | tail -n 1)"
same its_name_is_what_was_typed "sh" "$(syncdir sh -c 'tr "\0" "\n" </proc/$$/cmdline | head -n 1')"
same ignored_signals_stay_ignored "$(sh -c 'trap "" TERM; exec grep SigIgn /proc/self/status')" \
  "$(sh -c 'trap "" TERM; exec syncdir grep SigIgn /proc/self/status')"
same blocked_signals_are_none "$(grep SigBlk /proc/self/status)" "$(syncdir grep SigBlk /proc/self/status)"
same no_descriptor_is_left "$(ls /proc/self/fd | wc -l)" "$(syncdir ls /proc/self/fd | wc -l)"
same closed_descriptors_stay_closed "$(ls /proc/self/fd <&- 2>&-)" "$(syncdir ls /proc/self/fd <&- 2>&-)"
same with_all_of_them_closed_the_status_is_right 5 "$(sh -c 'syncdir sh -c "exit 5" <&- >&- 2>&-'; echo $?)"
same a_refusal_with_all_of_them_closed_is_one 127 "$(sh -c 'syncdir nonesuch <&- >&- 2>&-'; echo $?)"
syncdir sh -c 'exit 0' >closed 2>&-
same nothing_is_written_into_what_took_the_place_of_standard_error 0 "$(stat -c %s closed)"
same ten_thousand_arguments_arrive 10000 "$(syncdir sh -c 'echo $#' sh $(seq 10000))"
same arguments_are_not_touched "<-s><--><*>< a  b>" "$(syncdir printf '<%s>' -s -- '*' ' a  b' | sed 's/<--><\*>/<--><*>/')"
same options_end_at_the_command "-s" "$(syncdir echo -s)"
same a_dash_dash_ends_them_too "x" "$(syncdir -- echo x)"

# LD_PRELOAD
same the_library_stands_last "$api_library:$ours" "$(LD_PRELOAD=$api_library syncdir printenv LD_PRELOAD)"
same what_stood_there_is_kept_as_it_was "$api_library  $api_library:$ours" \
  "$(LD_PRELOAD="$api_library  $api_library" syncdir printenv LD_PRELOAD)"
same an_empty_preload_is_no_entry "$ours" "$(LD_PRELOAD= syncdir printenv LD_PRELOAD)"
same nested_it_is_added_once "$ours" "$(syncdir syncdir syncdir printenv LD_PRELOAD)"
ln -s "$ours" libsyncdir.so
same by_another_name_it_is_not_added "$work/libsyncdir.so" \
  "$(LD_PRELOAD=$work/libsyncdir.so syncdir printenv LD_PRELOAD)"
same by_a_bare_name_it_is_added_by_its_path "libsyncdir.so:$ours" \
  "$(LD_LIBRARY_PATH=$work LD_PRELOAD=libsyncdir.so syncdir printenv LD_PRELOAD)"
same a_grandchild_has_it "$ours" "$(syncdir sh -c 'sh -c "printenv LD_PRELOAD"')"
if command -v fakeroot >/dev/null; then
  same fakeroot_stays_active "1 2" "$(fakeroot syncdir sh -c ': >rooted; chown 1:2 rooted; stat -c "%u %g" rooted')"
  same the_library_is_active_behind_fakeroot "fsync $work" \
    "$(done_by fakeroot syncdir mkfifo rooted.fifo | tail -n 1)"
else
  skip fakeroot_stays_active 'no fakeroot'
fi

# Codes of env(1).
same a_missing_command_is_127 "127 syncdir: nonesuch: command not found in PATH" "$(status syncdir nonesuch)"
same an_empty_command_is_127 127 "$(status syncdir '' | cut -c1-3)"
: >plain
same a_file_that_is_not_executable_is_126 "126 syncdir: ./plain cannot be executed: Permission denied" "$(status syncdir ./plain)"
same a_directory_is_126 "126 syncdir: . cannot be executed: Permission denied" "$(status syncdir .)"
same below_a_file_is_126 126 "$(status syncdir ./plain/x | cut -c1-3)"
same no_command_is_125 125 "$(status syncdir | head -n 1 | cut -c1-3)"
same an_unknown_option_is_125 125 "$(status syncdir -x true | head -n 1 | cut -c1-3)"
same check_takes_no_other_option 125 "$(status syncdir --check -s true | head -n 1 | cut -c1-3)"
same help_is_told_on_standard_output "0 " "$(status syncdir --help)"
version=$(sed -n 's/^PACKAGE_VERSION *= *//p' "$top_builddir/Makefile")
same version_is_the_packages "syncdir $version" "$(syncdir --version)"
same a_help_that_nobody_can_read_is_a_failure 125 "$(syncdir --help >/dev/full 2>/dev/null; echo $?)"
same h_is_help "$(syncdir --help)" "$(syncdir -h)"
same a_wrong_letter_is_one_sentence "125 syncdir: -x: no such option" "$(status "$installed/syncdir" -x true | head -n 1)"
same and_where_to_find_help 2 "$(syncdir -x true 2>&1 | wc -l)"

# A link of another name.
mkdir home-bin && ln -s "$installed/syncdir" home-bin/mkfifo && ln -s "$installed/syncdir" home-bin/nonesuch
same a_link_runs_the_command_of_its_name "fsync $work" "$(PATH=$work/home-bin:$PATH done_by mkfifo linked-name | tail -n 1)"
same with_its_options 600 "$(PATH=$work/home-bin:$PATH mkfifo -m 600 moded; stat -c %a moded)"
same a_link_of_no_command_is_127 "127 syncdir: nonesuch: no other command of that name in PATH" "$(PATH=$work/home-bin:$PATH status nonesuch)"
same a_switch_that_is_none_is_told '0 syncdir: SYNCDIR=OFF is not "off", and is taken as on' "$(SYNCDIR=OFF status syncdir true)"
same a_relative_entry_gets_the_path ":$ours" "$(cp "$library" relative.so; LD_PRELOAD=./relative.so syncdir printenv LD_PRELOAD | sed 's/.*relative.so//')"
same a_name_in_a_message_is_escaped 1 "$(syncdir "$(printf 'a\nsyncdir: b')" 2>&1 | wc -l)"

# The search for the command is execvp's.
mkdir first second
script second/found /bin/sh 'echo second'
: >first/found
same a_file_without_the_permission_is_passed_over second "$(PATH=first:second:$PATH syncdir found)"
same it_is_remembered_if_nothing_is_found 126 "$(PATH=first:$PATH status syncdir found | cut -c1-3)"
mkdir first/dir && script second/dir /bin/sh 'echo second'
same a_directory_is_passed_over second "$(PATH=first:second:$PATH syncdir dir)"
script here /bin/sh 'echo here'
same an_empty_entry_is_the_current_directory here "$(PATH=first::$PATH syncdir here)"
same the_current_directory_is_none_otherwise 127 "$(status syncdir here | cut -c1-3)"
same without_path_the_standard_one_is_searched found "$(env -u PATH "$installed/syncdir" echo found)"

# Settings
mkdir spool elsewhere
: >elsewhere/file
: >spool/file
same o_flushes_only_below "$work/spool" \
  "$(done_by syncdir -o spool rm spool/file elsewhere/file | sed 's/^[a-z]* //' | uniq)"
mkdir spool2
same o_may_be_repeated "$work/spool:$work/spool2" "$(syncdir -o spool -o ./spool2 printenv SYNCDIR_ONLY)"
same o_takes_the_place_of_the_environments "$work/spool" "$(SYNCDIR_ONLY=/x syncdir -o spool printenv SYNCDIR_ONLY)"
check o_of_no_directory_is_refused refused 'nonesuch cannot be used: No such file' -o nonesuch sh -c ':>ran'
check o_of_a_file_is_refused refused 'plain cannot be used: .*not a directory' -o plain sh -c ':>ran'
mkdir a:b
check o_with_a_colon_is_refused refused 'a colon' -o a:b sh -c ':>ran'
check more_directories_than_the_library_takes_are_refused refused 'too many' \
  $(yes -- '-o spool' | head -n 33) sh -c ':>ran'
same an_inherited_list_that_is_not_used_is_said_to_be \
  "0 syncdir: SYNCDIR_ONLY is not used, for /nonesuch is not a directory: everything is flushed" \
  "$(SYNCDIR_ONLY=/nonesuch status syncdir true)"
syncdir -t trace sh -c 'cd spool; mkfifo fifo'
check t_traces_and_children_find_the_file grep -q "${tab}fifo${tab}$work/spool${tab}fsync" trace
check a_trace_on_standard_error grep -q "fsync" "$(syncdir -t - mkfifo spool/second 2>stderr; echo stderr)"
check a_trace_that_cannot_be_written_is_refused refused 'the trace /nonesuch/t cannot be written' \
  -t /nonesuch/t sh -c ':>ran'
ln -s target link
check a_trace_that_is_a_symlink_is_refused refused 'the trace link cannot be written' -t link sh -c ':>ran'
check syncdir_off_is_refused env SYNCDIR=off sh -c 'syncdir true; test $? -eq 125'
same a_loader_that_talks_does_not_matter 0 "$(LD_DEBUG=all syncdir true >/dev/null 2>&1; echo $?)"

finish
