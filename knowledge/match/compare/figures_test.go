package main

import (
	"math"
	"testing"
)

var none = math.Inf(-1)

func right(score float64) answer {
	return answer{score: score, inScope: true, first: true, among: true}
}
func wrong(score float64) answer   { return answer{score: score, inScope: true} }
func outside(score float64) answer { return answer{score: score} }

func near(a, b float64) bool { return math.Abs(a-b) < 5e-5 }

func TestWilson(t *testing.T) {
	cases := []struct {
		right, n  int
		low, high float64
	}{
		{8, 10, 0.4902, 0.9433},
		{0, 10, 0, 0.2775},
		{10, 10, 0.7225, 1},
		{50, 100, 0.4038, 0.5962},
	}
	for _, c := range cases {
		if low, high := wilson(c.right, c.n); !near(low, c.low) || !near(high, c.high) {
			t.Errorf("wilson(%d, %d) = %.4f, %.4f, want %.4f, %.4f", c.right, c.n, low, high, c.low, c.high)
		}
	}
}

func TestAUROC(t *testing.T) {
	cases := []struct {
		name    string
		answers []answer
		want    float64
	}{
		{"apart", []answer{right(3), wrong(2), outside(1)}, 1},
		{"upside down", []answer{outside(3), right(2)}, 0},
		{"a tie counts half", []answer{right(1), outside(1)}, 0.5},
		{"finding nothing is lowest, and ties with itself", []answer{right(none), right(0), outside(none)}, 0.75},
		{"three pairs of four", []answer{right(4), outside(3), right(2), outside(1)}, 0.75},
	}
	for _, c := range cases {
		if got := auroc(c.answers); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestCovP95(t *testing.T) {
	nineteen := make([]answer, 19)
	for i := range nineteen {
		nineteen[i] = right(9)
	}
	with := func(more ...answer) []answer { return append(append([]answer{}, nineteen...), more...) }
	cases := []struct {
		name    string
		answers []answer
		want    float64
	}{
		{"19 of 20 is enough", with(wrong(8)), 0.95},
		{"18 of 20 is not", with(wrong(9))[1:], 0},
		{"an answer out of scope is wrong", with(outside(9), outside(9)), 0},
		{"a lower threshold that reaches 95 % again counts", append([]answer{wrong(10)}, nineteen...), 0.95},
		{"a threshold does not part a tie", []answer{right(5), outside(5)}, 0},
		{"finding nothing is no answer", []answer{right(5), outside(none), wrong(none)}, 0.5},
	}
	for _, c := range cases {
		if got := covP95(c.answers); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestJudge(t *testing.T) {
	list := []found{{"a", 3}, {"b", 2}, {"c", 1}, {"d", 0}}
	cases := []struct {
		name    string
		list    []found
		label   string
		inScope bool
		want    answer
	}{
		{"first", list, "a", true, answer{3, true, true, true}},
		{"third", list, "c", true, answer{3, true, false, true}},
		{"fourth is too late", list, "d", true, answer{3, true, false, false}},
		{"out of scope is never right", list, "a", false, answer{3, false, false, false}},
		{"nothing found", nil, "a", true, answer{none, true, false, false}},
	}
	for _, c := range cases {
		if got := judge(c.list, c.label, c.inScope); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}
