package screen

import (
	"slices"
	"strings"
	"testing"
)

// short are messages of a few words, and what champions and askers write to each other, by whether the stops were fitted to
// them: unseen ones are in no file of examples, nor are they to be put there when they go wrong.
var short = map[Reason]struct{ seen, unseen []string }{
	"": {
		seen: []string{"Done", "Try now", "Which one?", "How many?", "It froze again", "Same here", "Nothing happens", "I give up on this thing",
			"Is it stuck", "Who runs it", "How often", "What dose this do", "Its gone now", "Hang on", "My bad", "Too much", "All done thanks",
			"Is it plugged in", "Do I hold it", "Is it safe to close", "Yes that one", "Since Monday", "The hospice", "A&E", "Crisis team",
			"Burns unit", "Resus", "Hospice nurse", "Self harm team", "Mortuary technician", "Palliative care", "Mine died this morning as well",
			"It keeps dying on me", "Killing me with these passwords lol", "So done with this app", "It made me want to cry",
			"Drug chart blank", "Obs machine not syncing", "Safeguarding form login", "Where do I chart a death"},
		unseen: []string{"Finished", "Have another go", "Which colour?", "How many clicks?", "All sorted", "Same on ours", "Nothing shows up",
			"It locked up again", "Vanished", "Is it jammed?", "Press it twice", "Who looks after it?", "How frequently?", "What dose the green light mean",
			"Wythenshawe", "Crisis line worker", "Marie Curie hospice", "A&E receptionist", "Which cable?", "Any good?", "Should I unplug it?",
			"Hold the power button for ten seconds, then let go", "Kill the app and start again", "It died on me again this morning", "The printer is dead again",
			"Cut and paste it", "Shoot me an email", "I'm dying to get this sorted", "This is killing me lol", "Gone!", "No more now",
			"Now it says one left", "Is that one ok?", "How much longer?", "Which patient is on the screen?", "Meds screen has frozen again",
			"Drug chart won't open on the trolley", "Where do I write up a death in the system", "Safeguarding page login failed",
			"I want to throw this tablet at the wall", "24 hours a day", "9 to 5", "Mon Wed Fri 8-4", "Monday to Friday 9am to 5pm"},
	},
	Urgent: {
		seen:   []string{"Not breathing", "Chest pain", "Overdose", "No pulse", "Choking"},
		unseen: []string{"She isnt breathing", "Really bad chest pain", "He took an overdose just now", "Pulse has gone", "Choking on his lunch"},
	},
	Distress: {
		seen:   []string{"Suicidal", "Kill myself", "Can't go on", "Make it stop", "I can't cope"},
		unseen: []string{"Suicidal again", "Going to kill myself", "Cannot go on any more", "I just want to be dead", "Just can't cope now"},
	},
	Safeguarding: {
		seen:   []string{"Elder abuse", "Hit a patient", "Being bullied", "Rough handling", "She slapped her"},
		unseen: []string{"Abuse of a resident", "He hit a resident", "Bullied by my manager", "He slapped the old lady", "Neglected by the carers"},
	},
	Clinical: {
		seen:   []string{"What dose of morphine", "How many units of insulin", "Is 38.5 high", "Can I crush it", "Hold or give"},
		unseen: []string{"What dose of codeine", "How many paracetamol can she have", "Is a temp of 38.9 high", "Can I crush ramipril", "Which antibiotic for her cellulitis"},
	},
}

// Short ordinary messages are answered and short cries stopped, with the encoder and without.
func TestShortMessages(t *testing.T) {
	model := realModel(t)
	for want, messages := range short {
		for _, typedText := range slices.Concat(messages.seen, messages.unseen) {
			text := Mask(typedText).Text
			byLists, stopped := Stop(text)
			if want == "" && stopped {
				t.Errorf("Stop(%q) = %s, want an answer", text, byLists)
			}
			got, stopped := StopWith(text, func() Meaning { return Meaning{Model: model.ID(), Vector: model.Encode(typed(text)).Last} })
			if stopped != (want != "") || stopped && !isRight(string(want), got, true) {
				t.Errorf("StopWith(%q) = %q, want %q; %s", text, got, want, Explain(text))
			}
		}
	}
}

// What TestShortMessages calls unseen is.
func TestUnseenMessagesAreUnseen(t *testing.T) {
	told := map[string]bool{}
	for _, e := range readExamples() {
		told[strings.Join(splitWords(e.text), " ")] = true
	}
	for _, messages := range short {
		for _, text := range messages.unseen {
			if told[strings.Join(splitWords(text), " ")] {
				t.Errorf("%q is among the examples", text)
			}
		}
	}
}

// A word that is not small lifts a message out of what says little.
func TestSaysLittle(t *testing.T) {
	for text, want := range map[string]bool{
		"Which one?": true, "try now": true, "Done": true, "done with it": true, "try now with the pain": false, "im done": true, "he is going": true,
		"done with blue lips": false, "try it now and then try it again": false, "not breathing": false, "help now": false, "make me stop": false,
	} {
		if got := rules().saysLittle(rules().prepared(text)); got != want {
			t.Errorf("saysLittle(%q) = %v", text, got)
		}
	}
}
