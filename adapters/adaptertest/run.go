package adaptertest

import (
	"fmt"
	"net/http"
	"os"
	"testing"
)

// Run tries every ability on every rig of one network: a subtest for each ability, and in it one for each server. Then
// it compares what was found with testdata/parity.json of the adapter's package, or writes that file where the package's
// tests have a flag -update and it is set:
//
//	var _ = flag.Bool("update", false, "write testdata/parity.json")
func Run(t *testing.T, rigs ...Rig) {
	found := newParity(rigs)
	for _, trial := range trials() {
		t.Run(string(trial.ability), func(t *testing.T) {
			for _, rig := range rigs {
				t.Run(rig.Server, func(t *testing.T) { runOne(t, rig, trial, found) })
			}
		})
	}
	found.keep(t, len(trials())*len(rigs))
}

// runOne tries one ability on one rig and notes what came of it.
func runOne(t *testing.T, rig Rig, trial trial, found *parity) {
	switch {
	case rig.Missing != "" && os.Getenv("SIGNPOST_EMULATORS") == "must":
		t.Fatal(rig.Missing)
	case rig.Missing != "":
		t.Skip(rig.Missing)
	}
	if why := rig.Cannot[trial.ability]; why != "" {
		found.cannot(rig, trial.ability, why)
		t.Skip(why)
	}
	err := runTrial(t, rig, trial)
	if err != nil {
		t.Errorf("%s\n%v", trial.says, err)
		return
	}
	found.can(rig, trial.ability)
}

func runTrial(t *testing.T, rig Rig, trial trial) (err error) {
	if trial.ability == Stop {
		return runStop(t, rig)
	}
	p := start(t, rig)
	defer func() {
		if stopped := p.stop(); err == nil {
			err = stopped
		}
	}()
	if err := p.lacks(trial.ability); err != nil {
		return err
	}
	return trial.try(p)
}

// runStop has a short conversation, stops, and looks for goroutines that were not there before.
func runStop(t *testing.T, rig Rig) error {
	left := leaks()
	p := start(t, rig)
	err := tryDeliver(p)
	if stopped := p.stop(); err == nil {
		err = stopped
	}
	if err != nil {
		return err
	}
	if err := left(); err != nil {
		return fmt.Errorf("still running after Stop: %w", err)
	}
	return nil
}

// closeIdle closes connections that are kept for later, which are no leak.
func closeIdle() {
	if transport, ok := http.DefaultTransport.(*http.Transport); ok {
		transport.CloseIdleConnections()
	}
}
