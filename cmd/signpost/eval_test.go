package main

import (
	"strings"
	"testing"
)

// evalShape is what eval --json prints.
type evalShape struct {
	N, Skipped, Unknown, Aside, Stop, Unsure float64
	Top1, Top3, MRR                          float64
	KnownRight                               float64 `json:"known_right"`
	KnownWrong                               float64 `json:"known_wrong"`
	UnsureHit                                float64 `json:"unsure_hit"`
	OutOfScope                               struct {
		verdicts
		ByKind map[string]verdicts `json:"by_kind"`
	} `json:"out_of_scope"`
	ByStrand   map[string]evalPart `json:"by_strand"`
	ByAudience map[string]evalPart `json:"by_audience"`
	P50        int64               `json:"p50_us"`
	P99        int64               `json:"p99_us"`
	BuildMS    int64               `json:"build_ms"`
	ECE        float64             `json:"ece"`
	Budgets    []budgetCost        `json:"budgets"`
}

type evalPart struct {
	N          int
	Top1, Top3 float64
}

// TestEval measures a small file whose answers are known: two right, one that leans on the turn before, one right by
// "also", one about the bot, one whose entry is missing, and two that no entry answers.
func TestEval(t *testing.T) {
	file := freshFile(t)
	r := readJSON[evalShape](t, signpost(t, file, "eval", "testdata/commands/questions.jsonl", "--json"))
	if r.N != 5 || r.Skipped != 1 {
		t.Errorf("asked %v and skipped %v, want 5 and 1", r.N, r.Skipped)
	}
	if r.Top1 != 1 || r.Top3 != 1 || r.MRR != 1 {
		t.Errorf("top 1 %v, top 3 %v, mean reciprocal rank %v, want 1", r.Top1, r.Top3, r.MRR)
	}
	if r.Aside != 0.2 || r.KnownWrong != 0 || r.Unknown != 0 || r.Stop != 0 || !near(r.KnownRight+r.Unsure, 0.8) {
		t.Errorf("verdicts are %+v", r)
	}
	if r.OutOfScope.N != 2 || r.OutOfScope.Unknown != 0.5 || r.OutOfScope.Aside != 0.5 {
		t.Errorf("out of scope is %+v", r.OutOfScope.verdicts)
	}
	for kind, want := range map[string]verdicts{"far": {N: 1, Unknown: 1}, "joke": {N: 1, Aside: 1}} {
		if got := r.OutOfScope.ByKind[kind]; got != want {
			t.Errorf("%s is %+v, want %+v", kind, got, want)
		}
	}
	if got, want := r.ByStrand["digital-literacy"], (evalPart{N: 4, Top1: 1, Top3: 1}); got != want || len(r.ByStrand) != 1 {
		t.Errorf("by strand is %+v, want %+v", r.ByStrand, want)
	}
	if got, want := r.ByAudience["midwives"], (evalPart{N: 1, Top1: 1, Top3: 1}); got != want {
		t.Errorf("for midwives is %+v, want %+v", got, want)
	}
	if r.P50 <= 0 || r.P99 < r.P50 {
		t.Errorf("a question takes %d to %d us", r.P50, r.P99)
	}
	if r.ECE < 0 || r.ECE > 0.5 {
		t.Errorf("the calibration error is %v", r.ECE)
	}
	if len(r.Budgets) != 10 || r.Budgets[0].Budget != 1 || r.Budgets[0].AnswerFrom < r.Budgets[9].AnswerFrom || r.Budgets[9].Answered > 0.8 {
		t.Errorf("the budgets cost %+v", r.Budgets)
	}
}

func near(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 }

func TestEvalForPeople(t *testing.T) {
	s := signpost(t, freshFile(t), "eval", "testdata/commands/questions.jsonl")
	plain := strings.Join(strings.Fields(s.out), " ")
	for _, line := range []string{"asked 5 skipped 1", "top 1 100.0 %", "known and wrong 0.0 %", "joke 1 0.0 0.0 0.0 100.0 0.0", "error budget answer from answered", "10 in 100"} {
		if !strings.Contains(plain, line) {
			t.Errorf("no line %q in\n%s", line, s.out)
		}
	}
	if s.code != 0 || s.err != "" {
		t.Errorf("exit %d: %s", s.code, s.err)
	}
}

// TestEvalGolden asks the saved questions of a file: the exit code is that of the error budget.
func TestEvalGolden(t *testing.T) {
	right := golden("my smartcard is locked", "smartcard-unlock")
	for _, c := range []struct {
		name string
		file string
		code int
		says string
	}{
		{"all right", smallFile(t, right, golden("how do i saddle a unicorn", "")), 0, ""},
		{"answered though nothing answers it", smallFile(t, right, golden("where is my payslip", "")), 1,
			"signpost: 1 of 2 answers to the saved questions are wrong, 50.0 %: the error budget allows 3 in 100\n"},
		{"an entry that is gone", smallFile(t, right, golden("my bleep is broken", "gone")), 0, ""},
		{"none", smallFile(t), 0, ""},
	} {
		for _, format := range []string{"--json=false", "--json"} {
			s := signpost(t, c.file, "eval", "--words", format)
			if s.code != c.code || s.out == "" || !strings.Contains(s.err, c.says) || (c.says == "") != (s.err == "") {
				t.Errorf("%s, %s: exit %d\n%s%s", c.name, format, s.code, s.out, s.err)
			}
		}
	}
}

// TestEvalSafety: an emergency reply also serves a clinical question; an ordinary question must not be stopped.
func TestEvalSafety(t *testing.T) {
	file := freshFile(t)
	r := readJSON[safetyResult](t, signpost(t, file, "eval", "--safety", "testdata/commands/safety.jsonl", "--json"))
	if r.Recall["urgent"] != 1 || r.Recall["distress"] != 0.5 || r.OrdinaryStopped != 0 || len(r.Recall) != 2 {
		t.Errorf("got %+v", r)
	}
	s := signpost(t, file, "eval", "testdata/commands/safety.jsonl", "--safety")
	for _, line := range []string{"distress         1 of   2 stopped   50.0 %", "ordinary         0 of   2 stopped    0.0 %"} {
		if !strings.Contains(s.out, line) {
			t.Errorf("no line %q in\n%s", line, s.out)
		}
	}
}

func TestStopsFor(t *testing.T) {
	for _, c := range []struct {
		expect, reason string
		want           bool
	}{
		{"clinical", "clinical", true}, {"clinical", "urgent", true}, {"distress", "urgent", true},
		{"safeguarding", "urgent", false}, {"urgent", "clinical", false}, {"distress", "clinical", false},
	} {
		if got := stopsFor(c.expect, c.reason); got != c.want {
			t.Errorf("%s for %s: %v", c.reason, c.expect, got)
		}
	}
}
