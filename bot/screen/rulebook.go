package screen

//go:generate go test -run TestWeights -update .
//go:generate go test -run TestHeads -update .

import (
	"embed"
	"fmt"
	"strings"
	"sync"
)

// What the weighing learned from (examples*.txt, ordinary-questions.txt) is not part of the program.
//
//go:embed rules/[a-df-np-z]*.txt rules/ordinary.txt
var ruleFiles embed.FS

// Files in the order they are read. A later file may use every concept of an earlier one.
var (
	plainLexicons  = []string{"asking", "digital", "people"}
	strongLexicons = []string{"signs", "medicines", "clinical-words", "harm"}
	ruleOrder      = []string{"phrases", "ordinary", "urgent", "distress", "safeguarding", "clinical", "never"}
)

// rulebook is everything the rule files say. It is read-only once loaded, so any number of callers may share it.
type rulebook struct {
	lexicon     *lexicon
	prepare     []rule // let and plain, in file order
	stops       []rule // by reason, most pressing first
	saysNothing map[string]bool
	small       map[string]bool
	nevers      []rule // what no rule but an urgent one stops
	leans       []rule // what counts in the weighing
	weights     weights
	present     []meaning       // of present
	digital     []meaning       // what makes a message plainly about a system, a form, a course or a task
	rank        map[meaning]int // place in shown
}

// rules loads the rule files on first use. They are part of the program and TestRulesLoad reads them all, so an error
// here cannot reach a user; a file that did not load would leave its rules out.
var rules = sync.OnceValue(func() *rulebook {
	book, _ := loadRules()
	return book
})

func loadRules() (*rulebook, error) {
	b := &rulebook{lexicon: newLexicon(), saysNothing: map[string]bool{}, small: map[string]bool{}, rank: map[meaning]int{}}
	var weightsErr error
	var loaded sync.WaitGroup
	loaded.Go(func() { b.weights, weightsErr = loadWeights(ruleText("weights")) }) // half of the work; the rest does not need it
	err := b.loadWords()
	loaded.Wait()
	if err != nil {
		return b, err
	}
	if weightsErr != nil {
		return b, fmt.Errorf("screen: weights: %w", weightsErr)
	}
	return b, nil
}

// loadWords reads everything but the weights.
func (b *rulebook) loadWords() error {
	for _, name := range []string{"NUMBER", "SHORT", "FEW", "START", "ALONE"} {
		b.lexicon.id(name)
	}
	if err := b.lexicon.loadSpellings(ruleText("spellings")); err != nil {
		return fmt.Errorf("screen: spellings: %w", err)
	}
	for _, word := range strings.Fields(ruleText("plain-words")) {
		b.lexicon.spell.words[word] = true
	}
	for _, word := range splitWords(ruleText("says-nothing")) {
		b.saysNothing[word] = true
	}
	for _, line := range strings.Split(ruleText("small-words"), "\n") {
		if !strings.HasPrefix(line, "#") {
			for _, word := range splitWords(line) {
				b.small[word] = true
			}
		}
	}
	if err := b.loadLexicons(); err != nil {
		return err
	}
	for _, name := range ruleOrder {
		if err := b.loadRuleFile(ruleText(name)); err != nil {
			return fmt.Errorf("screen: rules %s: %w", name, err)
		}
	}
	b.lexicon.close()
	b.nameFeatures()
	return nil
}

// nameFeatures finds the lists that features.go names.
func (b *rulebook) nameFeatures() {
	for _, name := range present {
		b.present = append(b.present, b.lexicon.id(name))
	}
	for _, name := range []string{"DIGITAL", "TASK", "DOCUMENT", "TRAINING"} {
		b.digital = append(b.digital, b.lexicon.id(name))
	}
	for i, name := range shown {
		b.rank[b.lexicon.id(name)] = i
	}
}

func (b *rulebook) loadLexicons() error {
	for i, names := range [][]string{plainLexicons, strongLexicons} {
		for _, name := range names {
			if err := b.lexicon.load(ruleText(name), i == 1); err != nil {
				return fmt.Errorf("screen: lexicon %s: %w", name, err)
			}
		}
	}
	return nil
}

// ruleText returns one embedded file, "" if there is none.
func ruleText(name string) string {
	text, _ := ruleFiles.ReadFile("rules/" + name + ".txt")
	return string(text)
}

// loadRuleFile reads "= why" lines, which hold for the rules below them, and rules.
func (b *rulebook) loadRuleFile(text string) error {
	why := ""
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if rest, ok := strings.CutPrefix(line, "="); ok {
			why = strings.TrimSpace(rest)
			continue
		}
		r, err := b.lexicon.parseRule(line, why)
		if err != nil {
			return fmt.Errorf("line %d: %w", n+1, err)
		}
		switch r.kind {
		case stopRule:
			b.stops = append(b.stops, r)
		case neverRule:
			b.nevers = append(b.nevers, r)
		case leanRule:
			b.leans = append(b.leans, r)
		default:
			b.prepare = append(b.prepare, r)
		}
	}
	return nil
}

// hit is a rule that stopped a message, and where.
type hit struct {
	rule     *rule
	message  *reading
	from, to int
}

func (h *hit) words() []string { return h.message.words[h.from:h.to] }

// stop returns the first stop rule that holds; where none does, the message is weighed, and a more pressing reason may
// also take the place of a rule's. It returns nil if the message is ordinary.
func (b *rulebook) stop(text string) *hit {
	m := b.prepared(text)
	if len(m.words) == 0 {
		return nil
	}
	return b.decide(m, b.weigh(m))
}

// decide lets a rule's reason stand unless the weighing is sure of another, or sure that the message is ordinary; an
// urgent rule's always stands.
func (b *rulebook) decide(m *reading, sum points) *hit {
	ruled := b.ruled(m)
	if ruled != nil && ruled.rule.reason == Urgent {
		return ruled
	}
	if _, ok := first(b.nevers, m); ok {
		return nil
	}
	k, heavy := heaviest(b.weighed(m, sum))
	if ruled != nil {
		of, _ := kindCalled(string(ruled.rule.reason))
		if sum[of] > sureOrdinary && (!heavy || kinds[k] == Clinical || sum[k] < sum[of]+sureInstead) {
			return ruled
		}
	}
	if !heavy {
		return nil
	}
	return &hit{&rule{reason: kinds[k], why: "it reads most like the examples of this kind", source: "rules/weights.txt"}, m, 0, len(m.words)}
}

func (b *rulebook) ruled(m *reading) *hit {
	h, _ := first(b.stops, m)
	return h
}

// first gives the first of the rules that holds.
func first(rules []rule, m *reading) (*hit, bool) {
	for i := range rules {
		if from, to, ok := rules[i].match(m); ok {
			return &hit{&rules[i], m, from, to}, true
		}
	}
	return nil, false
}

// How many hundredths each of kinds needs to stop a message no rule stops. TestHeldOut shows what other figures would
// miss and stop. Urgent and distress need less: missing one is worse.
var needed = points{-50, -15, 25, -115}

// In hundredths: by how much another kind must outweigh that of the rule that holds, and how little the rule's may weigh.
const (
	sureInstead  = 100
	sureOrdinary = -300
)

// preferred is the start each of kinds has when more than one could be the reason: urgent says what to do first.
var preferred = points{300, 180, 180, 0}

// alsoUrgent is how many hundredths must speak for urgent to give it instead of clinical or distress. They are few, as its
// reply serves those too, and the reverse does not hold.
const alsoUrgent = 100

// heaviest gives the kind that says most, preferred added, and whether any kind says what it needs.
func heaviest(sum points) (kind int, heavy bool) {
	for k := range sum {
		heavy = heavy || sum[k] >= needed[k]
		if sum[k]+preferred[k] > sum[kind]+preferred[kind] {
			kind = k
		}
	}
	if urgent, _ := kindCalled(string(Urgent)); kinds[kind] != Safeguarding && sum[urgent] >= alsoUrgent {
		return urgent, heavy
	}
	return kind, heavy
}

// prepared reads a message and applies what names and calms phrases in it.
func (b *rulebook) prepared(text string) *reading {
	m := b.lexicon.read(text)
	for i := range b.prepare {
		b.apply(&b.prepare[i], m)
	}
	return m
}

// apply runs a let or plain rule wherever its first clause occurs.
func (b *rulebook) apply(r *rule, m *reading) {
	from, to, ok := r.match(m)
	for ok {
		if r.kind == letRule {
			b.lexicon.mark(m, from, r.define, to-from)
		} else {
			m.calm(b.lexicon, from, to)
		}
		from, to, ok = r.clauses[0].find(m, from+1)
	}
}
