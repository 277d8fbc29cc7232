# SPDX-License-Identifier: GPL-2.0-or-later
# The tables of doc/performance.md, from bench/results/results.json:
#   jq -r --arg table NAME -f tables.jq results.json

def row: "| " + (map(tostring) | join(" | ")) + " |";
def table(heads): (heads | row), (heads | map("---") | row), (.[] | row);
def fixed(digits):
  if . == null then ""
  else (. * pow(10; digits) | round) as $n
    | ($n / pow(10; digits) | floor | tostring)
      + (if digits == 0 then ""
         else "." + (("0000" + ($n % pow(10; digits) | tostring))[-digits:]) end)
  end;

# The groups of rows that have these fields in common, in order of appearance.
def groups(fields): . as $all
  | [.[] | fields] | reduce .[] as $key ([]; if index([$key]) then . else . + [$key] end)
  | map(. as $key | $all | map(select((fields) == $key)));
def of(contender): map(select(.contender == contender)) | .[0];

# "1.01 (0.98-1.05)": the median of the ratios, and the middle half of them.
def ratio: if . == null then "" else
  .ratio | "\(.median | fixed(2)) (\(.low | fixed(2))-\(.high | fixed(2)))" end;
# The same of what was done in a time, and not of the time for it.
def speed: if . == null then "" else
  .ratio | "\(1 / .median | fixed(2)) (\(1 / .high | fixed(2))-\(1 / .low | fixed(2)))" end;
def microseconds: if . == null then "" else .nanoseconds.median / 1000 | fixed(2) end;
def rate: if . == null then "" else (.messages | tonumber) * 1e9 / .nanoseconds.median | fixed(0) end;
def flushes_each: if . == null then "" else .flushes / (.messages | tonumber) | fixed(2) end;

# The words of LINE that are not in the words of FLOOR, each as often.
def added(floor): reduce (floor | split(" ") | .[]) as $word (split(" ");
  (index($word)) as $at | if $at == null then . else del(.[$at]) end) | join(" ");

def part(name): map(select(.part == name));

def machine: part("machine")[0] |
  "\(.date), \(.kernel) on \(.machine), \(.processors) processors (\(.processor)), \(.memory) GB; mkfs of e2fsprogs \(.tools | split(", ")[0]), xfsprogs \(.tools | split(", ")[1]), btrfs-progs \(.tools | split(", ")[2]). Load when it began: \(.load).";

def calls: part("calls") | map(select(.filesystem == "ext4")) | groups(.operation)
  | map([.[0].operation, (of("plain") | microseconds), (of("syncdir") | ratio),
         (of("archive") | ratio), (of("eatmydata") | ratio)])
  | table(["call", "plain, us", "syncdir", "archive", "libeatmydata"]);

def nothing_flushed: (part("calls") | map(select(.filesystem == "tmpfs"))) + part("elsewhere")
  | groups([.part, .operation])
  | map([(if .[0].part == "elsewhere" then "below no SYNCDIR_ONLY, ext4" else "tmpfs" end),
         .[0].operation, (of("plain") | microseconds), (of("syncdir") | ratio)])
  | table(["where", "call", "plain, us", "syncdir"]);

def durable(disk): part("durable") | map(select(.disk == disk)) | groups([.filesystem, .operation])
  | map([.[0].filesystem, .[0].operation, (of("floor") | microseconds), (of("syncdir") | ratio),
         (of("archive") | ratio), (of("dirsync") | ratio), (of("+D") | ratio),
         "\(of("floor").flushes | fixed(1)) / \(of("syncdir").flushes | fixed(1))"])
  | table(["", "call", "floor, us", "syncdir", "archive", "dirsync", "+D", "flushes: floor / syncdir"]);

def system_calls: part("system calls") | groups([.filesystem, .operation])
  | map([.[0].filesystem, .[0].operation,
         (of("floor").later as $floor | of("syncdir") | (.later | added($floor)),
          (if .first == .later then "the same" else (.first | added($floor)) end))])
  | table(["", "call", "more than the floor", "the first time on a mount"]);


# A column for each contender that there is.
def by_processes(name; value): part(name) as $rows
  | (["floor", "syncdir", "deferred", "archive", "dirsync", "+D", "wait-200", "wait-600", "plain"]
     | map(select(IN($rows[].contender)))) as $names
  | $rows
  | groups([.disk, .filesystem, .processes])
  | map(. as $group | [.[0].filesystem + ", " + .[0].disk, .[0].processes]
        + [$names[] as $name | $group | of($name) | value])
  | table(["", "processes"] + $names);

def programs: part("programs") | groups([.filesystem, .program])
  | map([.[0].filesystem, .[0].program,
         (of("floor").nanoseconds.median / 1e9 | fixed(2)), (of("syncdir") | ratio),
         (of("deferred") | ratio), (of("dirsync") | ratio), (of("plain") | ratio)]
        + [("floor", "syncdir", "deferred", "dirsync", "plain") as $name | of($name)
           | if . then .flushes | fixed(0) else "" end])
  | table(["", "program", "floor, s", "syncdir", "deferred", "dirsync", "plain",
           "flushes: floor", "syncdir", "deferred", "dirsync", "plain"]);

def deferred: part("deferred") | groups([.filesystem, .processes])
  | map([.[0].filesystem, .[0].processes, (of("plain") | rate), (of("deferred") | speed),
         (of("syncdir") | speed)]
        + [("plain", "deferred", "syncdir") as $name | of($name) | flushes_each])
  | table(["", "processes", "plain, messages a second", "deferred", "syncdir",
           "flushes: plain", "deferred", "syncdir"]);

def library: part("library") | .[0] |
  [["instructions that a process has more", "\(.instructions), which is \(.instructions / .eatmydata_instructions | fixed(2)) times libeatmydata's \(.eatmydata_instructions)"],
   ["text and data, bytes", .bytes], ["relocations", .relocations],
   ["constructors (one of them the compiler's)", .constructors],
   ["functions looked up at the start", .look_ups]]
   + (if .defer then
        [["instructions in lib/defer, the mode being strict: a start, an open, a link", (.defer | join(", "))]]
      else [] end) | table(["libsyncdir.so", ""]);

def one(name):
  if name == "machine" then machine
  elif name == "calls" then calls
  elif name == "nothing" then nothing_flushed
  elif name == "library" then library
  elif name == "slow" or name == "fast" then durable(name)
  elif name == "system-calls" then system_calls
  elif name == "rates" then by_processes("messages"; rate)
  elif name == "flushes" then by_processes("messages"; flushes_each)
  elif name == "shared-rates" then by_processes("shared"; rate)
  elif name == "shared-flushes" then by_processes("shared"; flushes_each)
  elif name == "programs" then programs
  elif name == "deferred" then deferred
  else error("there is no table " + name) end;

if $table != "" then one($table)
else . as $results
  | ("machine", "calls", "nothing", "library", "slow", "fast", "system-calls", "rates",
     "flushes", "deferred", "shared-rates", "shared-flushes", "programs") as $name
  | "## \($name)\n", ($results | one($name)), ""
end
