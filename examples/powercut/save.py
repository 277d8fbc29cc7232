#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""save.py [-d] NAME: saves standard input as the file NAME, so that the file is never
half written.  Without -d it forgets to flush the directory."""

import os
import sys

flush = sys.argv[1] == "-d"
name = sys.argv[-1]

with open(name + ".tmp", "wb") as file:
    file.write(sys.stdin.buffer.read())
    file.flush()
    os.fsync(file.fileno())
os.replace(name + ".tmp", name)
if flush:
    # What makes the new name durable.
    directory = os.open(os.path.dirname(name) or ".", os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(directory)
    os.close(directory)
