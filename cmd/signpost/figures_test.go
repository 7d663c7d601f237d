package main

import (
	"math"
	"testing"
)

func about(a, b float64) bool { return math.Abs(a-b) < 5e-4 }

// TestWilson compares with the intervals that R's prop.test(correct = FALSE) gives.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		count, n  int
		low, high float64
	}{{0, 10, 0, 0.2775}, {10, 10, 0.7225, 1}, {5, 10, 0.2366, 0.7634}, {850, 1000, 0.8265, 0.8708}, {0, 0, 0, 1}} {
		if low, high := wilson(c.count, c.n); !about(low, c.low) || !about(high, c.high) {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", c.count, c.n, low, high, c.low, c.high)
		}
	}
}

// in, bad and out are questions in scope found rightly, found wrongly, and out of scope, as sure as p.
func in(p float64) graded  { return graded{p, true, true, true} }
func bad(p float64) graded { return graded{p, true, false, true} }
func out(p float64) graded { return graded{p, true, false, false} }

var lost = graded{inScope: true} // nothing was found

func TestFiguresOverAllThresholds(t *testing.T) {
	for _, c := range []struct {
		name            string
		all             []graded
		auroc, coverage float64 // with three in four right
	}{
		{"parted", []graded{in(0.9), in(0.8), out(0.2), out(0.1)}, 1, 1},
		{"turned round", []graded{in(0.1), out(0.9)}, 0, 0},
		{"all as sure", []graded{in(0.5), in(0.5), in(0.5), out(0.5)}, 0.5, 1},
		{"a tie is not parted", []graded{in(0.9), in(0.5), out(0.5), out(0.5)}, 0.75, 0.5},
		{"a wrong answer in scope counts as wrong", []graded{bad(0.9), in(0.8), in(0.7), in(0.6), out(0.1)}, 1, 0.75},
		{"nothing found is no answer", []graded{in(0.9), lost, lost, out(0.5)}, 1.0 / 3, 1.0 / 3},
		{"none out of scope", []graded{in(0.9), bad(0.1)}, 0, 0.5},
		{"none at all", nil, 0, 0},
	} {
		if got := auroc(c.all); !near(got, c.auroc) {
			t.Errorf("%s: AUROC is %v, want %v", c.name, got, c.auroc)
		}
		if got := coverageAt(0.75, c.all); !near(got, c.coverage) {
			t.Errorf("%s: coverage is %v, want %v", c.name, got, c.coverage)
		}
	}
}

func TestCalibrationError(t *testing.T) {
	for _, c := range []struct {
		name string
		all  []graded
		want float64
	}{
		{"sure and right", []graded{in(1), in(1)}, 0},
		{"sure and wrong", []graded{bad(1)}, 1},
		{"half of the half sure", []graded{in(0.5), bad(0.5)}, 0},
		{"bins do not make up for each other", []graded{in(0.3), bad(0.7)}, 0.7},
		{"out of scope does not count", []graded{in(0.9), out(1)}, 0.1},
		{"nothing found is known to be wrong", []graded{in(1), lost}, 0},
		{"none", nil, 0},
	} {
		if got := calibrationError(c.all); !near(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestBudgetCosts(t *testing.T) {
	shared := graded{probability: 0.99, right: true, inScope: true} // offered, never answered
	all := []graded{in(0.9), in(0.8), bad(0.7), out(0.75), in(0.2), shared}
	got := budgetCosts([]gradedPart{{from: []float64{0.95, 0.7}, rows: all}}, 10)
	want := []budgetCost{{1, 0.95, 0, 0, 0}, {2, 0.7, 0.3, 0.2, 0.5}}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("budget %d costs %+v, want %+v", i+1, got[i], want[i])
		}
	}
	for _, c := range []struct {
		cost budgetCost
		want string
	}{
		{budgetCost{Answered: 0.3, Right: 0.2}, "======xxx....................."},
		{budgetCost{Answered: 1, Right: 1}, "=============================="},
		{budgetCost{}, ".............................."},
	} {
		if got := c.cost.bar(); got != c.want {
			t.Errorf("%+v is drawn as %s, want %s", c.cost, got, c.want)
		}
	}
}

func TestOverBudget(t *testing.T) {
	for _, c := range []struct {
		given, wrong int
		over         bool
	}{{0, 0, false}, {100, 3, false}, {100, 4, false}, {100, 5, true}, {1, 1, true}, {24, 1, true}, {25, 1, false}} {
		if err := (evalResult{given: c.given, wrong: c.wrong}).overBudget(4); (err != nil) != c.over {
			t.Errorf("%d of %d wrong with this budget: %v", c.wrong, c.given, err)
		}
	}
}
