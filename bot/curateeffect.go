package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"signpost/bot/chat"
	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/check"
)

// An effect is what an entry would do once live: what it would answer, and what somebody may not want of it.
type effect struct {
	answers  []string
	warnings []chat.Part // pressed past only with a reason
	advice   []chat.Item // good to do, no reason needed
}

// advised are rules of check that ask for more of the same, or for a field of the second form: a new entry never has it all
// at once, and who gets a warning each time reads none.
var advised = []string{"phrasings", "seen", "level", "review", "topic", "strand"}

// leftToWrite is how much of the time there is to answer a person, two seconds, is kept for writing: on a slow machine with
// many entries the questions may not all be asked again by then.
const leftToWrite = 800 * time.Millisecond

// effectOf works out in memory what an entry would do. What there was no time to find out is a warning, so that nobody is
// kept from their work, and nothing goes live unseen.
func (m *meeting) effectOf(ctx context.Context, e knowledge.Entry) (effect, error) {
	e.State = knowledge.Live
	body, err := json.Marshal(e)
	if err != nil {
		return effect{}, fmt.Errorf("look at %s: %w", e.Ref(), err)
	}
	key := code(e.Place + string(body))
	if x, ok := m.bot.effects.of(m.base, key); ok {
		return x, nil
	}
	inTime := ctx
	if end, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		inTime, cancel = context.WithDeadline(ctx, end.Add(-m.bot.leftToWrite))
		defer cancel()
	}
	found, err := m.bot.Base.Effect(inTime, e, m.base.AnswerFrom(ErrorBudget))
	switch {
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
		x := effect{}
		x.warn(words.Line("curate.warn-time"))
		x.read(m, e)
		return x, nil
	case err != nil:
		return effect{}, err
	}
	x := m.effectFound(found, e)
	m.bot.effects.keep(m.base, key, x)
	return x, nil
}

// effectFound puts into words what was found.
func (m *meeting) effectFound(found knowledge.Effect, e knowledge.Entry) effect {
	x := effect{}
	for _, asked := range found.Answers {
		x.answers = append(x.answers, asked.Text)
	}
	x.warnOfQuestions(m, found)
	for _, near := range found.Near {
		if near.Same == "" {
			x.warn(words.Line("curate.warn-title", "title", near.Title))
		} else {
			x.warn(words.Line("curate.warn-same", "title", near.Title), near.Same)
		}
	}
	x.read(m, e)
	return x
}

// read looks at the words, the links and the fields of an entry.
func (x *effect) read(m *meeting, e knowledge.Entry) {
	for _, f := range check.Edit(m.base, e) {
		where := strings.ReplaceAll(f.Where, "\n", " ")
		if slices.Contains(advised, f.Rule) {
			x.advice = append(x.advice, chat.Item{Text: f.Says})
		} else if where == "" || strings.Contains(f.Says, where) {
			x.warn(f.Says)
		} else {
			x.warn(f.Says, where)
		}
	}
}

// effects keeps what was worked out for the base as it is, so that pressing "Put it live" after saving need not wait again.
type effects struct {
	mu    sync.Mutex
	base  *knowledge.Snapshot
	known map[string]effect
}

// mostEffects is how many are kept; then all are forgotten.
const mostEffects = 100

func (k *effects) of(base *knowledge.Snapshot, key string) (effect, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	x, ok := k.known[key]
	return x, ok && k.base == base
}

func (k *effects) keep(base *knowledge.Snapshot, key string, x effect) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.base != base || len(k.known) >= mostEffects {
		k.base, k.known = base, map[string]effect{}
	}
	k.known[key] = x
}

// warnOfQuestions tells of questions that would change hands.
func (x *effect) warnOfQuestions(m *meeting, found knowledge.Effect) {
	taken := found.TakenFrom()
	for _, slug := range slices.Sorted(maps.Keys(taken)) {
		key := "curate.warn-takes"
		switch {
		case slug == "":
			key = "curate.warn-takes-none"
		case taken[slug] == 1:
			key = "curate.warn-takes-one"
		}
		var asked []string
		for _, a := range found.Takes {
			if a.Of == slug {
				asked = append(asked, a.Text)
			}
		}
		x.warn(words.Line(key, "count", strconv.Itoa(taken[slug]), "title", m.titleCalled(slug)), asked...)
	}
	for _, a := range found.Loses {
		x.warn(words.Line("curate.warn-loses", "title", m.titleCalled(a.After)), a.Text)
	}
	for _, a := range found.Misses {
		x.warn(words.Line("curate.warn-misses", "title", m.titleCalled(a.After)), a.Text)
	}
}

// warn adds a warning, with the lines it is about.
func (x *effect) warn(says string, about ...string) {
	x.warnings = append(x.warnings, chat.Part{Kind: chat.Plain, Text: says})
	if len(about) > 0 {
		x.warnings = append(x.warnings, points(about))
	}
}

// mostListed is how many lines of a list are shown of many: nobody reads more in a chat.
const mostListed = 10

func points(lines []string) chat.Part {
	part := chat.Part{Kind: chat.Points}
	for _, line := range lines[:min(mostListed, len(lines))] {
		part.Items = append(part.Items, chat.Item{Text: line})
	}
	if more := len(lines) - mostListed; more > 0 {
		part.Items = append(part.Items, chat.Item{Text: words.Line("curate.and-more", "count", strconv.Itoa(more))})
	}
	return part
}

// text says all of it.
func (x effect) text() chat.Text {
	var text chat.Text
	if len(x.answers) > 0 {
		text = append(words.Say("curate.answers"), points(x.answers))
	}
	if len(x.warnings) > 0 {
		text = append(text.Add(words.Say("curate.warnings")), x.warnings...)
	} else {
		text = text.Add(words.Say("curate.no-warnings"))
	}
	if len(x.advice) > 0 {
		text = append(text.Add(words.Say("curate.advice")), chat.Part{Kind: chat.Points, Items: x.advice})
	}
	return text
}

// titleCalled is the title of an entry, or of what an aside is about.
func (m *meeting) titleCalled(slug string) string {
	if e, ok := m.base.Entry(slug, m.person.Home); ok {
		return e.Title
	}
	return slug
}

// diffText shows in which fields two states of an entry differ, line by line.
func diffText(before, after knowledge.Entry) chat.Text {
	before.State, after.State = "", "" // a draft against a live entry always differs in it
	return changesText(knowledge.Diff(before, after))
}

func changesText(fields []knowledge.FieldChange) chat.Text {
	var text chat.Text
	for _, field := range fields {
		if field.Field == "State" {
			text = text.Add(words.Say("curate.diff-state", "was", stateIn(field, "-"), "is", stateIn(field, "+")))
			continue
		}
		var lines []string
		for _, line := range field.Lines {
			switch line.Sign {
			case "+":
				lines = append(lines, words.Line("curate.diff-in", "line", line.Text))
			case "-":
				lines = append(lines, words.Line("curate.diff-out", "line", line.Text))
			}
		}
		text = append(text, chat.Part{Kind: chat.Plain, Text: field.Field}, points(lines))
	}
	if len(text) == 0 {
		return words.Say("curate.diff-none")
	}
	return text
}

// stateIn is the state that a line of a comparison holds, in words.
func stateIn(field knowledge.FieldChange, sign string) string {
	for _, line := range field.Lines {
		if line.Sign == sign {
			return words.Line("curate.state-" + line.Text)
		}
	}
	return ""
}
