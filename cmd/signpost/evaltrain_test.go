package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	trainRows = `{"text": "unlock my smartcard", "label": "card"}
{"text": "my smartcard is blocked", "label": "card"}
{"text": "see my payslip", "label": "pay"}
{"text": "where is my payslip", "label": "pay"}
`
	testRows = `{"text": "smartcard blocked again", "label": "card"}
{"text": "where do i see a payslip", "label": "pay"}

{"text": "smartcard", "label": "pay"}
{"text": "see a zorb", "label": "unheard"}
`
	oosRows = `{"text": "order a pizza", "label": "oos"}
{"text": "sing a song"}
`
)

// TestEvalTrain measures a set whose figures can be told by hand: two right, one wrong, and one whose label no training row
// has. Too few rows to learn from: the default weights stand.
func TestEvalTrain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "none.db")
	line := []string{"eval", "--words", "--json", "--train", write(t, "train.jsonl", trainRows), write(t, "test.jsonl", testRows)}
	s := signpost(t, file, line...)
	want := []string{"auroc", "cov_p95", "fit_ms", "known_right", "known_wrong", "mrr", "n", "oos_not_answered", "p50_us", "p99_us", "top1", "top3"}
	if got := keys(t, readJSON[json.RawMessage](t, s)); !slices.Equal(got, want) {
		t.Errorf("keys are %q, want %q", got, want)
	}
	r := readJSON[trainResult](t, s)
	if r.N != 4 || r.Top1 != 0.5 || r.Top3 != 0.5 || r.MRR != 0.5 || r.KnownRight+r.KnownWrong > 1 {
		t.Errorf("got %+v", r)
	}
	if r.AUROC != nil || r.CovP95 != nil || r.OOSNotAnswered != nil {
		t.Errorf("without --oos it says %v, %v, %v", r.AUROC, r.CovP95, r.OOSNotAnswered)
	}
	r = readJSON[trainResult](t, signpost(t, file, append(line, "--oos", write(t, "oos.jsonl", oosRows))...))
	if r.AUROC == nil || *r.AUROC != 1 || r.CovP95 == nil || *r.OOSNotAnswered != 1 {
		t.Errorf("with --oos it says %+v", r)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a throw-away base left a file")
	}
}

func TestEvalTrainForPeople(t *testing.T) {
	s := signpost(t, "unused.db", "eval", "--words", "--damage", "0.5", "--train", write(t, "train.jsonl", trainRows),
		write(t, "test.jsonl", testRows), "--oos", write(t, "oos.jsonl", oosRows))
	for _, line := range []string{"matched by", "words alone", "out of scope  2", "(95 %)", "AUROC", "no training row has the label of  1"} {
		if !strings.Contains(s.out, line) || s.code != 0 || s.err != "" {
			t.Errorf("exit %d, no line %q in\n%s%s", s.code, line, s.out, s.err)
		}
	}
}

func TestEvalTrainNamesTheLine(t *testing.T) {
	good := write(t, "good.jsonl", trainRows)
	for name, bad := range map[string]string{
		"no JSON":  trainRows + "hello\n",
		"no label": trainRows + `{"text": "see"}`,
		"no text":  trainRows + `{"text": " ", "label": "pay"}`,
	} {
		file := write(t, "bad.jsonl", bad)
		for _, line := range [][]string{{"eval", "--train", file, good}, {"eval", "--train", good, file}} {
			if s := signpost(t, "unused.db", line...); s.code != 1 || s.out != "" || !strings.Contains(s.err, "bad.jsonl line 5") {
				t.Errorf("%s: exit %d: %s%s", name, s.code, s.out, s.err)
			}
		}
	}
}
