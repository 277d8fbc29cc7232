// SPDX-License-Identifier: GPL-2.0-or-later
// steps.c in Go, as far as the tests need it: does what its arguments say, one after the
// other.
package main

import (
	"fmt"
	"os"
	"runtime"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(99)
	}
}

func put(path string) {
	must(os.WriteFile(path, []byte("text\n"), 0o644))
}

func fsync(path string) {
	file, err := os.Open(path)
	must(err)
	must(file.Sync())
	must(file.Close())
}

// Does one step, and returns the words after it.
func step(words []string) []string {
	switch words[0] {
	case "put":
		put(words[1])
		return words[2:]
	case "fsync":
		fsync(words[1])
		return words[2:]
	case "rename":
		must(os.Rename(words[1], words[2]))
		return words[3:]
	case "mkdir":
		must(os.Mkdir(words[1], 0o755))
		return words[2:]
	case "remove":
		must(os.Remove(words[1]))
		return words[2:]
	case "say":
		fmt.Println("done")
		return words[1:]
	}
	must(fmt.Errorf("no step: %s", words[0]))
	return nil
}

// Up to the word "then", in a goroutine that has a thread of its own; and waits for it.
func runInGoroutine(words []string) []string {
	end := 0
	for end < len(words) && words[end] != "then" {
		end++
	}
	done := make(chan struct{})
	go func() {
		runtime.LockOSThread()
		run(words[:end])
		close(done)
	}()
	<-done
	if end == len(words) {
		return nil
	}
	return words[end+1:]
}

func run(words []string) {
	for len(words) > 0 {
		if words[0] == "goroutine" {
			words = runInGoroutine(words[1:])
		} else {
			words = step(words)
		}
	}
}

func main() {
	// What one goroutine does, one thread does: the audit tells threads apart.
	runtime.LockOSThread()
	run(os.Args[1:])
}
