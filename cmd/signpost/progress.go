package main

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// progress is one line on a terminal that says how far a long piece of work has come; in a pipe it says nothing. A
// library would bring three modules for these lines.
type progress struct {
	out        io.Writer // nil in a pipe
	verb       string
	count, all int
}

func newProgress(out io.Writer, verb string, all int) *progress {
	p := &progress{verb: verb, all: all}
	if file, ok := out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		p.out = out
	}
	return p
}

func (p *progress) step() { p.at(p.count + 1) }

// at says how much is done now.
func (p *progress) at(count int) {
	p.count = count
	if p.out != nil && (p.count%10 == 0 || p.all < 1000 || p.count == p.all) {
		const width = 30
		full := width * p.count / max(p.all, 1)
		fmt.Fprintf(p.out, "\r[%-*s] %d of %d %s", width, bar[:full], p.count, p.all, p.verb)
	}
}

const bar = "=============================="

// done clears the line.
func (p *progress) done() {
	if p.out != nil {
		fmt.Fprint(p.out, "\r\033[K")
	}
}
