package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"signpost/knowledge/starter"
)

// benchFlags say how much load there is.
type benchFlags struct {
	rate, burst, people, questions int
	duration, in                   time.Duration
	fill, json                     bool
	dir                            string
}

// The bars that serve is to meet. A disk that is slow to flush makes its own, since no answer is acknowledged before it
// is on the disk.
const (
	barAnswer      = 100 * time.Millisecond // p99, or barAnswerTimes the p99 of a flush
	barAnswerTimes = 15
	barBurst       = 3 * time.Second // the slowest, or barBurstTimes the p50 of a flush
	barBurstTimes  = 1000
	barMemory      = 250.0 // MB
	barFilled      = 1.5   // p99 of a full file to that of an empty one
)

func (a *app) benchCommand() *cobra.Command {
	f := benchFlags{}
	c := &cobra.Command{
		Use: "bench", Short: "Measure how fast this machine answers and keeps, and compare with what is promised", Args: noArgs,
		Long: "Drive the whole road of an event on a new file in the working folder: read, decide, commit with a flush to disk, acknowledge,\n" +
			"and carry the answer to a network in this process. Words alone, without the encoder. Each answer counts from the moment it\n" +
			"was due, and after each acknowledgement another connection looks whether the event is in the file. The file is removed.\n" +
			"Exits 1 where a bar is missed.",
		Example: "  signpost bench\n  signpost bench --for 10s --json\n  signpost bench --fill",
		RunE: func(c *cobra.Command, _ []string) error {
			if f.rate < 1 || f.burst < 0 || f.duration <= 0 || f.in <= 0 || f.people < 1 || f.questions < 0 {
				return usagef("--rate, --for, --in and --people must be above 0; --burst and --questions may not be below it")
			}
			b, err := a.bench(c.Context(), f)
			if err != nil {
				return err
			}
			return a.printBench(b, f.json)
		},
	}
	c.Flags().IntVar(&f.rate, "rate", 200, "questions a second")
	c.Flags().DurationVar(&f.duration, "for", time.Minute, "how long")
	c.Flags().IntVar(&f.burst, "burst", 5000, "questions of a burst that follows; 0 leaves it out")
	c.Flags().DurationVar(&f.in, "in", 5*time.Second, "how long the burst takes to come in")
	c.Flags().BoolVar(&f.fill, "fill", false, "measure again on a file with many people and past questions (about 2 GB)")
	c.Flags().IntVar(&f.people, "people", 300_000, "how many people ask, and are in the filled file")
	c.Flags().IntVar(&f.questions, "questions", 5_000_000, "how many past questions are in the filled file")
	c.Flags().StringVar(&f.dir, "dir", ".", "the `FOLDER`, on the disk to be measured, for the temporary file")
	c.Flags().BoolVar(&f.json, "json", false, "print one JSON object")
	return c
}

// benched is the shape of bench --json. Times are in milliseconds.
type benched struct {
	Flush  spread    `json:"flush"` // of 4 KB to this disk, before the load
	Steady *measured `json:"steady"`
	Burst  *measured `json:"burst,omitempty"`
	Empty  *measured `json:"empty,omitempty"` // in turns with Filled
	Filled *measured `json:"filled,omitempty"`
	Bars   []promise `json:"bars"`
	OK     bool      `json:"ok"`
}

// A promise is a bar and what came of it.
type promise struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	Says string `json:"says"`
}

func (a *app) bench(ctx context.Context, f benchFlags) (b benched, err error) {
	dir, err := os.MkdirTemp(f.dir, "signpost-bench-")
	if err != nil {
		return b, fmt.Errorf("make a folder for the measurement: %w", err)
	}
	defer os.RemoveAll(dir)
	if b.Flush, err = measureFlush(dir); err != nil {
		return b, err
	}
	questions, err := benchQuestions()
	if err != nil {
		return b, err
	}
	empty, err := a.newAsker(ctx, benchFile{file: filepath.Join(dir, "empty.db"), flags: f, questions: questions})
	if err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, empty.close()) }()
	b.Steady = empty.put(ctx, load{name: "steady", count: f.count(f.duration), in: f.duration})
	if f.burst > 0 {
		b.Burst = empty.put(ctx, load{name: "burst", count: f.burst, in: f.in})
	}
	if f.fill {
		if err := a.benchFilled(ctx, &b, empty); err != nil {
			return b, err
		}
	}
	if err := ctx.Err(); err != nil {
		return b, err
	}
	b.judge()
	return b, nil
}

// count is how many questions come in a time.
func (f benchFlags) count(in time.Duration) int { return max(1, int(float64(f.rate)*in.Seconds())) }

// turnOf is about how long each turn is: short, so that no moment in which the machine was busy falls on one file alone.
const turnOf = 2 * time.Second

// benchFilled measures a full file and the empty one in turns, so that what else the machine does meanwhile meets both.
func (a *app) benchFilled(ctx context.Context, b *benched, empty *asker) (err error) {
	turns := max(1, int(empty.flags.duration/turnOf))
	file := benchFile{file: filepath.Join(filepath.Dir(empty.file), "filled.db"), flags: empty.flags, questions: empty.questions}
	if err := (&app{streams: a.streams, file: file.file, words: true}).fillFile(ctx, file.flags); err != nil {
		return err
	}
	filled, err := a.newAsker(ctx, file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, filled.close()) }()
	in := file.flags.duration / time.Duration(turns)
	for range turns {
		b.Empty = b.Empty.join(empty.put(ctx, load{name: "empty, in turns", count: file.flags.count(in), in: in}))
		b.Filled = b.Filled.join(filled.put(ctx, load{name: "filled, in turns", count: file.flags.count(in), in: in}))
	}
	return nil
}

// benchQuestions are questions as people put them: the starter base's own phrasings and saved questions.
func benchQuestions() ([]string, error) {
	pack, err := starter.Pack()
	if err != nil {
		return nil, err
	}
	var list []string
	for _, g := range pack.Golden {
		list = append(list, g.Text)
	}
	for _, e := range pack.Entries {
		for _, p := range e.Phrasings {
			list = append(list, p.Text)
		}
	}
	return list, nil
}

// judge compares with the bars. A flush is counted as it was beside the same load: what else the machine does slows both.
func (b *benched) judge() {
	b.OK = true
	add := func(name string, ok bool, format string, args ...any) {
		b.Bars = append(b.Bars, promise{name, ok, fmt.Sprintf(format, args...)})
		b.OK = b.OK && ok
	}
	most := max(inMS(barAnswer), barAnswerTimes*b.Steady.Flush.P99)
	add("acknowledged p99", b.Steady.Answer.P99 <= most, "%.1f ms of %.1f", b.Steady.Answer.P99, most)
	all := []*measured{b.Steady}
	if b.Burst != nil {
		slowest := max(inMS(barBurst), barBurstTimes*b.Burst.Flush.P50)
		add("slowest of the burst", b.Burst.Answer.Max <= slowest, "%.0f ms of %.0f", b.Burst.Answer.Max, slowest)
		all = append(all, b.Burst)
	}
	if b.Filled != nil {
		times := b.Filled.Answer.P99 / b.Empty.Answer.P99
		add("full file", times <= barFilled, "p99 %.2f times that of an empty file, of %.1f", times, barFilled)
		all = append(all, b.Empty, b.Filled)
	}
	early, failed, unsent, memory := 0, 0, 0, 0.0
	for _, m := range all {
		early, failed, unsent, memory = early+m.Early, failed+m.Failed, unsent+m.Unsent, max(memory, m.Memory)
	}
	add("committed before acknowledged", early == 0, "%d were not in the file", early)
	add("every question answered", failed+unsent == 0, "%d failed, %d answers not carried", failed, unsent)
	add("memory", memory <= barMemory, "%.0f MB of %.0f", memory, barMemory)
}

func (a *app) printBench(b benched, asJSON bool) error {
	if asJSON {
		if err := printJSON(a.out, b); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(a.out, "A flush of 4 KB to this disk takes p50 %.2f, p99 %.2f, at most %.2f ms while nothing else is asked of it here.\n\n", b.Flush.P50, b.Flush.P99, b.Flush.Max)
		for _, m := range []*measured{b.Steady, b.Burst, b.Empty, b.Filled} {
			m.print(a.out)
		}
		for _, bar := range b.Bars {
			fmt.Fprintf(a.out, "%-6s %-30s %s\n", passed(bar.OK), bar.Name, bar.Says)
		}
	}
	if !b.OK {
		return errFindings
	}
	return nil
}

func passed(ok bool) string {
	if ok {
		return "holds"
	}
	return "MISSED"
}

func inMS(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
