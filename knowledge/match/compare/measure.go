package main

import (
	"fmt"
	"math"
	"os"
	"slices"
	"time"
)

// A result is one system's figures on one set. Shares are 0 to 1.
type result struct {
	Set       string `json:"set"`
	System    string `json:"system"`
	Entries   int    `json:"entries"`
	Questions int    `json:"questions"`
	Outside   int    `json:"out_of_scope"`

	Top1     float64 `json:"top1"`
	Top1Low  float64 `json:"top1_low"` // Wilson, 95 %
	Top1High float64 `json:"top1_high"`
	Top3     float64 `json:"top3"`
	// AUROC and CovP95 are nil where the set has no questions out of scope.
	AUROC  *float64 `json:"auroc,omitempty"`
	CovP95 *float64 `json:"cov_p95,omitempty"`

	Micros  float64 `json:"micros_per_question"` // mean, one at a time
	BuildMS float64 `json:"build_ms"`
}

// An answer is what a system made of one question.
type answer struct {
	score   float64 // of the first entry; -Inf if nothing was found
	inScope bool
	first   bool // the right entry stands first
	among   bool // the right entry is among the first three
}

// measure builds a system on a set's entries, asks it everything, and leaves nothing behind.
func measure(s set, sys system) (r result, err error) {
	folder, err := os.MkdirTemp("", "compare")
	if err != nil {
		return r, fmt.Errorf("making a folder for its index: %w", err)
	}
	defer os.RemoveAll(folder)
	start := time.Now()
	f, err := sys.build(s.Entries, folder)
	if err != nil {
		return r, err
	}
	defer f.close()
	built := time.Since(start)
	answers, asking, err := askAll(f, s)
	if err != nil {
		return r, err
	}
	r = figures(answers)
	r.Set, r.System, r.Entries = s.Name, sys.name, len(s.Entries)
	r.BuildMS = float64(built.Microseconds()) / 1000
	r.Micros = float64(asking.Nanoseconds()) / 1000 / float64(len(answers))
	return r, nil
}

// askAll asks all questions in turn; asking is the time spent in the finder alone.
func askAll(f finder, s set) (answers []answer, asking time.Duration, err error) {
	for _, r := range slices.Concat(s.Asked, s.Outside) {
		start := time.Now()
		list, err := f.find(r.Text)
		asking += time.Since(start)
		if err != nil {
			return nil, 0, err
		}
		inScope := len(answers) < len(s.Asked)
		answers = append(answers, judge(list, r.Label, inScope))
	}
	return answers, asking, nil
}

// judge never calls an answer to a question out of scope right, whatever its label says.
func judge(list []found, label string, inScope bool) answer {
	a := answer{score: math.Inf(-1), inScope: inScope}
	if len(list) > 0 {
		a.score = list[0].score
	}
	for i, f := range list[:min(wanted, len(list))] {
		if inScope && f.label == label {
			a.first, a.among = i == 0, true
		}
	}
	return a
}
