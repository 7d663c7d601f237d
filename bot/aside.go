package bot

import (
	"embed"
	"slices"
	"strings"
	"unicode"

	"signpost/bot/chat"
	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/match"
)

//go:embed asides/*.txt
var asideFiles embed.FS

// languageFile lists words of other languages; the other files list phrasings of one aside each.
const languageFile = "language.txt"

// Asides reads the phrasings by which the base tells asides from questions, one file a reason.
func Asides() ([]knowledge.Aside, error) {
	files, err := asideFiles.ReadDir("asides")
	if err != nil {
		return nil, err
	}
	var asides []knowledge.Aside
	for _, file := range files {
		if file.Name() == languageFile {
			continue
		}
		text, err := asideFiles.ReadFile("asides/" + file.Name())
		if err != nil {
			return nil, err
		}
		asides = append(asides, knowledge.Aside{
			Reason:    strings.TrimSuffix(file.Name(), ".txt"),
			Phrasings: plainLines(string(text)),
		})
	}
	return asides, nil
}

// plainLines gives the lines that are neither empty nor a comment.
func plainLines(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}

// asideByForm finds asides that are told by their form: nothing but signs, another script, another language.
func asideByForm(text string) (reason string, ok bool) {
	switch {
	case len(match.Words(text)) == 0:
		return smallTalk, true
	case !hasLetters(text):
		return otherAside, true
	case onlyCourtesy(match.Words(text)):
		return smallTalk, true
	case inAnotherLanguage(text):
		return languageAside, true
	}
	return "", false
}

// greetings and tags go with the words of moods: "hello there", "ok thanks then".
const (
	greetings = "hi hello hey hiya heya yo morning afternoon evening greetings alreet ayup"
	tags      = "you so very much all both that then there now mate love pal duck hun good a lot many well oh and for x xx"
)

// onlyCourtesy reports whether a message says hello, thanks, yes or the like and nothing else.
func onlyCourtesy(said []string) bool {
	courteous := false
	for _, word := range said {
		known := anyOf([]string{word}, greetings)
		for _, mood := range moods {
			known = known || anyOf([]string{word}, mood.words)
		}
		if !known && !anyOf([]string{word}, tags) {
			return false
		}
		courteous = courteous || known
	}
	return courteous
}

// Reasons of asides that the code names; the others are known by their files alone.
const (
	smallTalk     = "smalltalk"
	joke          = "joke" // a kind of small talk, with phrasings and a reply of its own
	otherAside    = "other"
	languageAside = "language"
	talkToHuman   = "talk-to-human"
	championFind  = "champion-find"
)

func hasLetters(text string) bool { return strings.IndexFunc(text, unicode.IsLetter) >= 0 }

// moods are the shades of small talk that have a reply of their own, by a word that gives each away.
var moods = []struct {
	key   string
	words string
}{
	{"aside.thanks", "thanks thank thankyou thx ta cheers tysm appreciated brilliant helpful lifesaver star diolch perfect amazing"},
	{"aside.bye", "bye goodbye goodnight cya later tara laters"},
	{"aside.sorry", "useless rubbish stupid hate wrong crap pointless hopeless idiot dumb awful terrible annoying waste"},
	{"aside.okay", "ok okay k kk yes yep yeah no nope nah fine right sure cool alright hmm"},
}

// sayAside gives the fixed reply to an aside.
func (m *meeting) sayAside(d Decision) chat.Message {
	switch {
	case d.Joke:
		return m.withStarts(words.Say("aside." + joke))
	case d.Reason == smallTalk:
		return m.withStarts(words.Say(mood(d.Text)))
	case d.Reason == talkToHuman || d.Reason == championFind:
		return m.whoCanHelp(words.Say("aside."+d.Reason), true)
	}
	return m.withStarts(words.Say("aside." + d.Reason))
}

// notHelped are two lists of words: one of each in a remark says that the bot was no help.
var notHelped = [2]string{"no not never didnt doesnt isnt wasnt arent werent dont", "help helps helped helpful helping useful use good clever"}

func mood(text string) string {
	said := match.Words(text)
	switch {
	case len(said) == 0 && strings.IndexFunc(text, isPicture) < 0:
		return "unknown.empty"
	case anyOf(said, notHelped[0]) && anyOf(said, notHelped[1]):
		return "aside.sorry"
	}
	for _, mood := range moods {
		if anyOf(said, mood.words) {
			return mood.key
		}
	}
	return "aside." + smallTalk
}

// isPicture reports whether a sign is an emoji, a heart or the like, which says something by itself.
func isPicture(r rune) bool { return unicode.Is(unicode.So, r) }

func anyOf(said []string, list string) bool {
	return slices.ContainsFunc(strings.Fields(list), func(word string) bool { return slices.Contains(said, word) })
}

// withStarts adds the ways on for somebody who has not asked anything yet.
func (m *meeting) withStarts(text chat.Text) chat.Message {
	return chat.Message{Text: text, Buttons: []chat.Button{button("topics", "topics"), button("new", "new")}}
}
