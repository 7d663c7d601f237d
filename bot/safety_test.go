package bot_test

import (
	"cmp"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"signpost/bot"
	"signpost/bot/chat"
	"signpost/bot/screen"
	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/encoder"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

// Nothing is done with what a person typed before it is masked and screened, and of a stop nothing else is said.
func TestStopsComeBeforeAllElse(t *testing.T) {
	long := strings.Repeat(" -", 2500)
	for _, c := range []struct{ said, key string }{
		{"i am a nurse in crisis and want to end it all", "stop.distress"},
		{"im a carer at my wits end and want to kill myself", "stop.distress"},
		{"me nurse at the end of my tether and i want to kill myself", "stop.distress"},
		{"i work at royal example and the patient is not breathing", "stop.urgent"},
		{"he is not breathing" + long, "stop.urgent"},
		{"he is not breathing, NHS number 999 000 0026", "stop.urgent"},
		{"topics: he is not breathing", "stop.urgent"},
		{"999 000 0026" + long, "masked.empty"},
	} {
		h := newHouse(t)
		got := h.says(c.said)
		if want := words.Say(c.key, "what", string(screen.NHSNumber)).String(); got != want {
			t.Errorf("%.60q: read\n%s\nwant only\n%s", c.said, got, want)
		}
		if n := h.count(`SELECT count(*) FROM question`) + h.count(`SELECT count(*) FROM conversation`) + h.count(`SELECT count(*) FROM person`); n != 0 {
			t.Errorf("%.60q: %d rows of it were kept", c.said, n)
		}
	}
}

// What only its meaning stops is a stop like any other: one fixed reply, and not a word kept.
func TestStopsByMeaningLeaveNoTrace(t *testing.T) {
	h := newHouse(t)
	h.understands()
	const said = "someone upstairs is rewriting what happened to that lady"
	if reason, stopped := screen.Stop(said); stopped {
		t.Fatalf("the lists stop it as %s: it shows nothing here", reason)
	}
	if got, want := h.says(said), words.Say("stop.safeguarding").String(); got != want {
		t.Errorf("read\n%s\nwant only\n%s", got, want)
	}
	if n := h.count(`SELECT count(*) FROM question`) + h.count(`SELECT count(*) FROM conversation`); n != 0 {
		t.Errorf("%d rows of it were kept", n)
	}
	if d := h.bot.Consider(knowledge.Question{Text: "how do i see my shifts"}); d.Verdict != bot.Known {
		t.Errorf("an ordinary question is %s", d.Verdict)
	}
}

// understands opens the base again with the encoder, or skips the test.
func (h *house) understands() {
	h.t.Helper()
	path := cmp.Or(os.Getenv("SIGNPOST_MODEL"), filepath.Join("..", "signpost.model"))
	model, err := encoder.Load(path)
	if errors.Is(err, encoder.ErrMissing) {
		h.t.Skip("no model file: set SIGNPOST_MODEL, or make model")
	}
	if err != nil {
		h.t.Fatal(err)
	}
	asides, err := bot.Asides()
	if err != nil {
		h.t.Fatal(err)
	}
	if h.base, err = knowledge.OpenWith(h.t.Context(), h.db, asides, model); err != nil {
		h.t.Fatal(err)
	}
	h.open()
}

func TestCommandsAreShort(t *testing.T) {
	for _, command := range append(slices.Collect(maps.Keys(bot.Commands)), slices.Collect(maps.Keys(bot.ChampionCommands))...) {
		if n := len(strings.Fields(command)); n > 5 {
			t.Errorf("%q has %d words: too many to be read before the screen", command, n)
		}
	}
}

func TestFormValuesAreScreened(t *testing.T) {
	for _, c := range []struct {
		name       string
		role, home string
		says       string // "" for the form again
		never      string
	}{
		{"a cry for help as the job", "i want to kill myself", "", words.Say("stop.distress").String(), ""},
		{"a cry for help as the place", "nurse", "he is not breathing", words.Say("stop.urgent").String(), ""},
		{"a number with the place", "", "Royl Ward of 999 000 0026", "", "000"},
		{"a number with the job", "wizard of 999 000 0026", "", "", "000"},
	} {
		h := newHouse(t)
		turn := h.does(chat.Event{Kind: chat.Submitted, Form: "me", Values: map[string]string{"role": c.role, "home": c.home}})
		switch {
		case c.says != "" && (turn.Reply == nil || turn.Reply.Text.String() != c.says):
			t.Errorf("%s: got %+v", c.name, turn)
		case c.says != "" && h.count(`SELECT count(*) FROM stop`) != 1:
			t.Errorf("%s: the stop was not counted", c.name)
		case c.says == "" && turn.Form == nil:
			t.Errorf("%s: got %+v, want the form again", c.name, turn)
		}
		if turn.Form != nil {
			for _, f := range turn.Form.Fields {
				if shown := f.Value + f.Problem; c.never != "" && strings.Contains(shown, c.never) || c.says == "" && strings.Contains(shown, "[") {
					t.Errorf("%s: the form shows %q", c.name, shown)
				}
			}
		}
		if h.count(`SELECT count(*) FROM person`) != 0 {
			t.Errorf("%s: somebody was saved", c.name)
		}
	}
}

func TestWhatWasMaskedIsNotEchoed(t *testing.T) {
	h := newHouse(t)
	if got := h.says("me nurse at the ward of 999 000 0026"); strings.Contains(got, "0026") || !strings.Contains(got, "I hid an NHS number") {
		t.Errorf("read %q", got)
	}
}

// The words put in for what was masked are kept, but nothing is matched by them.
func TestMaskedWordsAreNotMatched(t *testing.T) {
	h := newHouse(t)
	examples := map[screen.Identifier]string{
		screen.NHSNumber: "999 000 0026", screen.DateOfBirth: "dob 01/02/1950", screen.Phone: "07700 900123", screen.Email: "jan@example.org",
		screen.Password: "password: Summer2026!", screen.NINumber: "QQ 12 34 56 C", screen.StaffPIN: "12A3456B",
		screen.SmartcardUUID: "uuid 5551 2345 6789", screen.Address: "SW1A 1AA",
	}
	for _, what := range slices.Sorted(maps.Keys(examples)) {
		plain, _, _ := strings.Cut(examples[what], " ")
		d := h.bot.Consider(knowledge.Question{Text: "how do i see my shifts " + examples[what]})
		if len(d.Masked) != 1 || !strings.Contains(d.Text, "[") {
			t.Errorf("%s: not masked in %q", plain, d.Text)
			continue
		}
		if got := bot.WithoutBrackets(d.Text); strings.ContainsAny(got, "[]") {
			t.Errorf("%s: matched by %q", what, got)
		}
	}
	alone := h.bot.Consider(knowledge.Question{Text: "how do i see my shifts"})
	with := h.bot.Consider(knowledge.Question{Text: "how do i see my shifts, 999 000 0026"})
	if alone.Verdict != bot.Known || with.Verdict != bot.Known || with.Matches[0].Slug() != "see-shifts" {
		t.Fatalf("%s %v and %s %v, want both known", alone.Verdict, alone.Matches, with.Verdict, with.Matches)
	}
	if a, w := alone.Matches[0].Probability, with.Matches[0].Probability; a != w {
		t.Errorf("with a number in it the answer is %.3f probable, without %.3f", w, a)
	}
	if with.Text != "how do i see my shifts, [NHS number]" {
		t.Errorf("kept is %q", with.Text)
	}
}

// The known name of a place or role is no cry for help, whatever its words are; anything beside it is screened.
func TestKnownNamesAreNotScreenedAway(t *testing.T) {
	const name = "Not Breathing Hospice"
	if _, stopped := screen.Stop(name); !stopped {
		t.Fatalf("%q is not stopped: it shows nothing here", name)
	}
	house := func() *house {
		h := newHouse(t)
		h.writes(func(tx *sqldb.Tx) error {
			_, err := place.Add(t.Context(), tx, place.Place{ID: "hospice", Parent: "london", Kind: place.Trust, Name: name})
			if err == nil {
				_, err = tx.Raise(t.Context())
			}
			return err
		})
		return h
	}
	h := house()
	if turn := h.does(chat.Event{Kind: chat.Submitted, Form: "me", Values: map[string]string{"role": "nurse", "home": name}}); turn.Form != nil {
		t.Errorf("the form came back: %+v", turn.Form)
	}
	if n := h.count(`SELECT count(*) FROM person WHERE home = 'hospice'`); n != 1 {
		t.Errorf("%d people were saved from the form", n)
	}
	for said, want := range map[string]int{"me nurse at " + name: 1, "i work at " + name: 1, "me " + name: 1, "me nurse at " + name + " and he collapsed": 0, "me not breathing": 1} {
		h := house()
		h.says(said)
		if n := h.count(`SELECT count(*) FROM person WHERE home = 'hospice'`); n != want {
			t.Errorf("%q: %d people were saved, want %d", said, n, want)
		}
	}
}
