# SPDX-License-Identifier: GPL-2.0-or-later
# Writes load; the line that links has to be just as in qmail.
echo 'main="$1"; shift'
echo exec "$LD" '-o "$main" "$main".o ${1+"$@"}'
