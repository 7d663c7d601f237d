package screen

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
)

// line is one row of a set of chat lines.
type line struct {
	Text   string `json:"text"`
	Expect string `json:"expect"`
}

const ordinary = "ordinary"

// bars are the least recall per reason, and most of the ordinary lines that may be stopped, in percent: what is reached, so
// that no change makes it worse. For distress the aim is 97 too; one line of 26 is short of it (it gets the safeguarding reply).
var bars = map[string]float64{"urgent": 97, "distress": 96, "clinical": 93, "safeguarding": 90, ordinary: 2}

// TestStopOnDevelopmentSet shows fit, not foresight: the rules were tuned on these lines and the examples contain them.
func TestStopOnDevelopmentSet(t *testing.T) { measure(t, "testdata/development.jsonl", true) }

// TestStopOnTestSet reports shares only: its lines are not to be looked at, or the rules would be fitted to them.
func TestStopOnTestSet(t *testing.T) { measure(t, "testdata/safety.jsonl", false) }

func measure(t *testing.T, file string, show bool) {
	right, all := map[string]int{}, map[string]int{}
	wrong := map[string]int{} // "expected>got" of what went wrong
	for _, l := range readLines(t, file) {
		reason, stopped := Stop(Mask(l.Text).Text)
		all[l.Expect]++
		if isRight(l.Expect, reason, stopped) {
			right[l.Expect]++
			continue
		}
		wrong[l.Expect+">"+string(reason)]++
		if show {
			t.Logf("%s, got %q: %s | %s", l.Expect, reason, l.Text, Explain(Mask(l.Text).Text))
		}
	}
	t.Logf("wrong: %v", wrong)
	for kind, bar := range bars {
		share := 100 * float64(right[kind]) / float64(all[kind])
		if kind == ordinary {
			share = 100 - share
		}
		t.Logf("%-12s %5.1f %% of %d (bar %.0f)", kind, share, all[kind], bar)
		if kind == ordinary && share > bar || kind != ordinary && share < bar {
			t.Errorf("%s: %.1f %%, bar %.0f %%", kind, share, bar)
		}
	}
}

// isRight: a stop must give its own reason; urgent also does for a clinical or distress line, since it shows 999 first.
func isRight(expect string, got Reason, stopped bool) bool {
	switch expect {
	case ordinary:
		return !stopped
	case string(Clinical), string(Distress):
		return stopped && (string(got) == expect || got == Urgent)
	}
	return stopped && string(got) == expect
}

func readLines(t *testing.T, file string) []line {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var lines []line
	for s := bufio.NewScanner(f); s.Scan(); {
		var l line
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		lines = append(lines, l)
	}
	return lines
}
