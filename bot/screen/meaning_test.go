package screen

import (
	"math"
	"math/rand/v2"
	"testing"
)

// anything is a vector that means nothing in particular.
func anything(chance *rand.Rand) []float32 {
	v := make([]float32, width)
	for i := range v {
		v[i] = float32(chance.NormFloat64() / math.Sqrt(width))
	}
	return v
}

// What the lists stop is stopped for the same reason whatever the encoder would say, and it is not asked.
func TestListsDecideFirst(t *testing.T) {
	for _, e := range readExamples() {
		text := Mask(e.text).Text
		want, stopped := Stop(text)
		if !stopped {
			continue
		}
		got, still := StopWith(text, func() Meaning {
			t.Errorf("%q: the encoder was asked", text)
			return Meaning{}
		})
		if got != want || !still {
			t.Errorf("%q: %q with an encoder, %q without", text, got, want)
		}
	}
}

// An encoder that fails, or whose vectors the head does not fit, changes nothing.
func TestMeaningThatCannotBeUsed(t *testing.T) {
	const text = "how do i see my shifts"
	good := make([]float32, width)
	bad := make([]float32, width)
	bad[7] = float32(math.NaN())
	model := fitted().model()
	for name, m := range map[string]Meaning{
		"none": {}, "of another model": {Model: "minilm-0", Vector: good}, "no model": {Vector: good}, "too short": {Model: model, Vector: good[1:]},
		"empty": {Model: model}, "not a number": {Model: model, Vector: bad}, "held out": {Model: model, Vector: bad, HeldOut: text},
	} {
		if got, stopped := StopWith(text, func() Meaning { return m }); stopped {
			t.Errorf("%s: stopped as %q", name, got)
		}
	}
	if Fits("minilm-0") || Fits("") || !Fits(model) {
		t.Error("Fits mistakes one model for another")
	}
}

// What never.txt answers is answered whatever it means, and an empty text means nothing.
func TestMeaningIsNotAskedInVain(t *testing.T) {
	for _, text := range []string{"thanks", "", "?!", "hit send and it froze"} {
		if got, stopped := StopWith(text, func() Meaning {
			t.Errorf("%q: the encoder was asked", text)
			return Meaning{}
		}); stopped {
			t.Errorf("%q: stopped as %q", text, got)
		}
	}
}

// meantBars are the least shares in percent, of ordinary lines the most: what the lines must give by cross-validation.
var meantBars = map[string]float64{"urgent": 95, "distress": 95, "clinical": 90, "safeguarding": 88, ordinary: 3}

// TestStopByMeaning asks of each line a head that was fitted without its fold, and reports shares only.
func TestStopByMeaning(t *testing.T) {
	model := realModel(t)
	if !Fits(model.ID()) {
		t.Fatalf("the heads are for %s, the model is %s: run go generate ./bot/screen", fitted().model(), model.ID())
	}
	right, all := map[string]int{}, map[string]int{}
	for _, l := range readLines(t, linesPath) {
		text := Mask(l.Text).Text
		got, stopped := StopWith(text, func() Meaning {
			return Meaning{Model: model.ID(), Vector: model.Encode(typed(text)).Last, HeldOut: l.Text}
		})
		all[l.Expect]++
		if isRight(l.Expect, got, stopped) {
			right[l.Expect]++
		}
	}
	for kind, bar := range meantBars {
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

// A message that the lists let pass is stopped by what it means, and one that only looks like it is not.
func TestMeaningAddsStops(t *testing.T) {
	model := realModel(t)
	for text, want := range map[string]Reason{
		"someone upstairs is rewriting what happened to that lady": Safeguarding,
		"the old dear is stuck under the wheels":                   Urgent,
		"i was attacked by a pop up ad on my pc":                   "",
		"how do i record a death in the system":                    "",
		"printer is choking on the labels":                         "",
	} {
		if got, stopped := Stop(text); stopped {
			t.Errorf("the lists stop %q as %s: it shows nothing here", text, got)
		}
		got, _ := StopWith(text, func() Meaning { return Meaning{Model: model.ID(), Vector: model.Encode(text).Last} })
		if got != want {
			t.Errorf("StopWith(%q) = %q, want %q", text, got, want)
		}
	}
}

func BenchmarkStopWith(b *testing.B) {
	v := anything(rand.New(rand.NewPCG(1, 2)))
	model := fitted().model()
	for b.Loop() {
		StopWith("how do i see my shifts on the new roster", func() Meaning { return Meaning{Model: model, Vector: v} })
	}
}
