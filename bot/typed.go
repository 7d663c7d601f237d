package bot

import (
	"context"
	"slices"

	"signpost/bot/chat"
)

// What people type where they could press a button under what they were just offered or answered. Each is known by its whole
// text, as commands are. An offer stands until something else is said or pressed, an answer until the next question.

// picks are the places in an offer.
var picks = map[string]int{
	"1": 1, "one": 1, "first": 1, "1st": 1, "the first": 1, "the 1st": 1, "first one": 1, "the first one": 1, "number 1": 1, "number one": 1, "option 1": 1,
	"2": 2, "two": 2, "second": 2, "2nd": 2, "the second": 2, "the 2nd": 2, "second one": 2, "the second one": 2, "number 2": 2, "number two": 2, "option 2": 2,
	"3": 3, "three": 3, "third": 3, "3rd": 3, "the third": 3, "the 3rd": 3, "third one": 3, "the third one": 3, "number 3": 3, "number three": 3, "option 3": 3,
	"last": -1, "the last": -1, "last one": -1, "the last one": -1,
}

var noneTyped = []string{"none", "none of these", "none of those", "none of them", "neither", "neither of these", "neither of those",
	"neither of them", "no none of these", "not any of these", "not these", "not those"}

// feedbackTyped is the button that what is typed under an answer stands for.
var feedbackTyped = map[string]string{
	"this helped": "helped", "that helped": "helped", "it helped": "helped", "yes it helped": "helped", "yes that helped": "helped", "yes this helped": "helped",
	"that helped thanks": "helped", "that helped thank you": "helped",
	"not quite": "notquite", "thats not it": "notquite", "that is not it": "notquite", "not that": "notquite", "not that one": "notquite",
	"not what i meant": "notquite", "thats not what i meant": "notquite", "that is not what i meant": "notquite",
	"that did not help": "notquite", "that didnt help": "notquite", "it did not help": "notquite", "it didnt help": "notquite",
}

// pressTyped does what the button does that the person typed instead; ok is false where there is none.
func (m *meeting) pressTyped(ctx context.Context, typed string) (turn chat.Turn, ok bool, err error) {
	c := m.before
	if c.Question == "" {
		return turn, false, nil
	}
	if verb, known := feedbackTyped[typed]; known && len(c.Read) > 0 {
		turn, err = m.feedback(ctx, verb, c.Question, c.Read[len(c.Read)-1])
		return turn, true, err
	}
	if len(c.Offered) == 0 {
		return turn, false, nil
	}
	if slices.Contains(noneTyped, typed) {
		turn, err = m.noneOfThese(ctx, c.Question)
		return turn, true, err
	}
	at := picks[typed]
	if at < 0 {
		at = len(c.Offered)
	}
	if at < 1 || at > len(c.Offered) {
		return turn, false, nil
	}
	turn, err = m.pick(ctx, c.Question, c.Offered[at-1])
	return turn, true, err
}
