package main

import (
	"flag"
	"testing"
	"time"

	"signpost/adapters/adaptertest"
)

var stormQuestions = flag.Int("stormquestions", 40, "how many questions go to champions in the storm; 1000 is the long run")

// TestStormOfEscalations delivers every event four times, in any order, over three connections, while questions go to
// champions and answers come back: each has exactly one effect. The long run is
//
//	go test ./cmd/signpost -run StormOfEscalations -stormquestions 1000
func TestStormOfEscalations(t *testing.T) {
	seed := adaptertest.Seed(t)
	n := adaptertest.NewNetwork("test", seed, adaptertest.Weather{Copies: 4, Shuffle: true, Again: time.Minute})
	file := championsFile(t, manyChampions(*stormQuestions)...)
	s := serve(t, file, asNetwork("test", n))
	p := newParley(t, n, seed, *stormQuestions)
	p.file = file
	begun := time.Now()
	p.run(func() int { return 1 + int(time.Since(begun)/(20*time.Millisecond)) })
	if err := n.Acknowledged(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	sentAll(t, file)
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	t.Log(p.check(file))
}
