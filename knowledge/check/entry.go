package check

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"signpost/knowledge"
)

// fewestPhrasings is how many ways of asking an entry needs, over all kinds, to be found by people who use other words.
const fewestPhrasings = 12

// checkEntry looks at one entry by itself.
func (c *checker) checkEntry(e *knowledge.Entry) {
	c.checkText(e)
	c.checkShelf(e)
	c.checkReferences(e)
	c.checkPhrasings(e)
	for _, r := range e.Resources {
		c.checkResource(e, r)
	}
}

// checkShelf looks at where the entry stands: strand, topic, level, and the day to look at it again.
func (c *checker) checkShelf(e *knowledge.Entry) {
	strand, known := c.strands[e.Topic]
	switch {
	case e.Topic == "":
		c.add(e, "topic", "", "It has no topic. With one, people find it when they look through the topics.")
	case !known:
		c.add(e, "topic", e.Topic, "There is no topic %q. Choose one that exists.", e.Topic)
	case !slices.ContainsFunc(c.Strands, func(s knowledge.Strand) bool { return s.ID == e.Strand }):
		c.add(e, "strand", e.Strand, "There is no strand %q. Choose one that exists.", e.Strand)
	case strand != e.Strand:
		c.add(e, "strand", e.Strand, "The topic %q stands in the strand %q. Choose that strand, or another topic.", e.Topic, strand)
	}
	if !slices.Contains([]knowledge.Level{knowledge.Start, knowledge.Confident, knowledge.HelpOthers}, e.Level) {
		c.add(e, "level", string(e.Level), "Say who it suits: start, confident or help-others.")
	}
	if _, err := time.Parse(time.DateOnly, e.Review); err != nil {
		c.add(e, "review", e.Review, "Say on which day to look at it again, such as 2027-05-31.")
	}
}

// checkReferences looks at what the entry names: the next entry, local details.
func (c *checker) checkReferences(e *knowledge.Entry) {
	switch {
	case e.Next == "":
	case e.Next == e.Slug:
		c.add(e, "next", e.Next, "The next step is this entry itself. Choose another.")
	case c.bySlug[e.Next] == nil:
		c.add(e, "next", e.Next, "The next step %q is not a live entry. Choose one that is.", e.Next)
	}
	for _, key := range e.LocalKeys() {
		if !c.locals[key] {
			c.add(e, "local", key, "There is no local detail {%s}. Use one that exists.", key)
		}
	}
}

func (c *checker) checkPhrasings(e *knowledge.Entry) {
	n := len(e.Phrasings)
	if n == 0 {
		c.add(e, "phrasings", "", "No ways of asking. Write %d or more, as people say it.", fewestPhrasings)
		return
	}
	if n < fewestPhrasings {
		ways := "Only " + strconv.Itoa(n) + " ways"
		if n == 1 {
			ways = "Only 1 way"
		}
		c.add(e, "phrasings", "", "%s of asking. Write %d or more, as people say it.", ways, fewestPhrasings)
	}
	for _, kind := range knowledge.PhrasingKinds {
		if !slices.ContainsFunc(e.Phrasings, func(p knowledge.Phrasing) bool { return p.Kind == kind }) {
			c.add(e, "phrasings", "", "No way of asking of the kind %q. Write two or more.", kind)
		}
	}
}

// checkResource looks at a link and at what is said about it. Whether the page is still there is for a link check to say.
func (c *checker) checkResource(e *knowledge.Entry, r knowledge.Resource) {
	if says := linkFault(r.URL); r.URL != "" && says != "" {
		c.add(e, "link", r.URL, "The link of %q %s", r.Name, says)
	}
	if r.URL != "" && !slices.Contains([]knowledge.Seen{knowledge.SeenPage, knowledge.SeenSite, knowledge.SeenCopy, knowledge.NotSeen}, r.Seen) {
		c.add(e, "seen", r.URL, "Say what you saw of %q: page, site, copy or no.", r.Name)
	}
	if r.Landing {
		for _, sentence := range callsSteps(e, r) {
			c.add(e, "landing", sentence, "%q is a starting page, from which people find their own way. Do not say that the steps are there.", r.Name)
		}
	}
}

// linkFault says what is wrong with an address, or "".
func linkFault(address string) string {
	u, err := url.Parse(address)
	switch {
	case strings.ContainsFunc(address, unicode.IsSpace):
		return "has a space in it. Take it out."
	case err != nil:
		return "is not an address. Copy it again from the browser."
	case u.Scheme != "https":
		return "must start with https://."
	case !strings.Contains(u.Hostname(), ".") || strings.Trim(u.Hostname(), ".") != u.Hostname():
		return "names no site. Copy it again from the browser."
	case u.User != nil:
		return "has a user name in it. Take it out."
	}
	return ""
}
