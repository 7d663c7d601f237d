package escalation

import (
	"strings"
	"time"

	"signpost/bot/people"
	"signpost/bot/words"
	"signpost/knowledge/place"
)

// Given gives what fills in the sentence of a Tell, as words.Say takes it: ids as names, times as people say them. title
// gives an entry's title by its slug.
func Given(values map[string]string, places *place.Tree, title func(slug string) string) []string {
	var given []string
	add := func(name, value string) { given = append(given, name, value) }
	add("place", placeName(values["place"], places))
	add("role", roleName(values["role"]))
	add("name", or(values["name"], words.Line("escalation.a-champion")))
	add("asker", or(values["asker"], words.Line("escalation.a-colleague")))
	add("when", when(values["when"]))
	add("entry", titled(values["entry"], title))
	add("entries", or(titled(values["entries"], title), words.Line("escalation.nothing")))
	add("tried", or(titled(values["tried"], title), words.Line("escalation.nothing")))
	for _, as := range []string{"question", "text", "n"} {
		add(as, values[as])
	}
	return given
}

func or(value, instead string) string {
	if value == "" {
		return instead
	}
	return value
}

func placeName(id string, places *place.Tree) string {
	if p, ok := places.Get(id); ok {
		return p.Name
	}
	return words.Line("escalation.no-place")
}

func roleName(role string) string {
	for _, r := range people.Roles {
		if string(r.Role) == role {
			return r.One
		}
	}
	return words.Line("escalation.no-role")
}

func titled(slugs string, title func(string) string) string {
	if slugs == "" {
		return ""
	}
	list := strings.Split(slugs, ", ")
	for i, slug := range list {
		list[i] = title(slug)
	}
	return strings.Join(list, ", ")
}

// when reads a time.
func when(stamp string) string {
	at, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return ""
	}
	return Clock(at)
}

// Clock puts a time as people say it, by the clock in London: "Monday 23 November at 9:30am".
func Clock(at time.Time) string { return at.In(London).Format("Monday 2 January at 3:04pm") }
