# SPDX-License-Identifier: GPL-2.0-or-later
# Writes compile.
echo exec "$CC" -c '${1+"$@"}'
