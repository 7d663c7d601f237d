package main

import (
	"errors"
	"strings"

	"signpost/knowledge/encoder"
)

// lookAtModel says whether questions are understood by meaning, and if not, why. A model that is not there is a hint; one
// that is there and cannot be used is wrong, for somebody meant it to be used.
func (d *doctor) lookAtModel() *encoder.Model {
	if d.words {
		d.say("model", well, "", "Left out by --words: questions are matched by words alone.")
		return nil
	}
	found := d.findModel()
	for _, err := range found.broken {
		state := wrong
		if errors.Is(err, encoder.ErrMissing) || found.model != nil { // in its place another is used
			state = hint
		}
		d.say("model", state, modelAdvice(err), "%v.", err)
	}
	if found.model == nil {
		if len(found.broken) == 0 {
			d.say("model", hint, "make model gets it", "There is none. Looked for at %s.", strings.Join(found.tried, ", "))
		}
		d.say("encoder", hint, "", "Not in use: questions are matched by words alone.")
		return nil
	}
	d.say("model", well, "", "%s (%s): questions are understood by meaning.", found.path, found.model.ID())
	d.lookAtKernel(found.model)
	return found.model
}

func (d *doctor) lookAtKernel(model *encoder.Model) {
	if model.Kernel() == "portable" {
		d.say("encoder", hint, "build Signpost with a C compiler, on a processor with AVX2, for the fast one",
			"Runs on the portable kernel: the same answers, more slowly.")
		return
	}
	d.say("encoder", well, "", "Runs on the fast kernel (%s).", model.Kernel())
}
