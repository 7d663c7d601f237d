package main

import (
	"fmt"
	"strings"

	"signpost/knowledge/encoder"
)

// lookAtModel says whether questions are understood by meaning, and if not, why. A model that is not there is a hint; one
// that is there and cannot be used is wrong, for somebody meant it to be.
func (d *doctor) lookAtModel() *encoder.Model {
	if d.words {
		d.say("model", well, "", "Left out by --words: questions are matched by words alone.")
		return nil
	}
	found := d.findModel()
	for i, err := range found.broken {
		state := wrong
		if i < len(found.broken) && isMissing(err) {
			state = hint
		}
		d.say("model", state, modelAdvice(err), "%v.", err)
	}
	switch {
	case found.model != nil:
		d.say("model", well, "", "%s (%s): questions are understood by meaning.", found.path, found.model.ID())
		d.say("encoder", kernelHealth(found.model), kernelAdvice(found.model), "Its arithmetic is the %s one.", found.model.Kernel())
	case len(found.broken) == 0:
		d.say("model", hint, "make model gets it", "There is none, so questions are matched by words alone. Looked for at %s.", strings.Join(found.tried, ", "))
	default:
		d.say("encoder", hint, "mend the model", fmt.Sprintf("Questions are matched by words alone until then."))
	}
	return found.model
}
