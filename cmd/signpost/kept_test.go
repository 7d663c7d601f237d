package main

import "testing"

// count reads one number from the player's file.
func (p *player) count(query string) (n int) {
	p.t.Helper()
	if err := p.open.db.Read().QueryRow(query).Scan(&n); err != nil {
		p.t.Errorf("%s: %v", query, err)
	}
	return n
}

// TestWhatIsKept plays lines and looks at the rows they leave, which no script can show.
func TestWhatIsKept(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []string
		rows  map[string]int
	}{
		{"a question nobody knows is a gap, counted however it is put",
			[]string{"nurse> how do i polish the hoverboard telescope", "carer> How do I polish the HOVERBOARD telescope?"},
			map[string]int{`SELECT count FROM gap`: 2, `SELECT count(*) FROM question WHERE verdict = 'unknown'`: 2}},
		{"none of these is a gap",
			[]string{"nurse> calendar", "nurse> none of these"},
			map[string]int{`SELECT count FROM gap WHERE text = 'calendar'`: 1,
				`SELECT count(*) FROM question WHERE verdict = 'unsure' AND feedback = 'none'`: 1}},
		{"feedback is tied to the question and the entry",
			[]string{"nurse> how do i see my shifts", "nurse> this helped"},
			map[string]int{`SELECT count(*) FROM question WHERE feedback = 'helped' AND about = 'roster-view-shifts'`: 1}},
		{"not quite and then a pick keeps the pick",
			[]string{"nurse> how do i see my shifts", "nurse> not quite", "nurse> 1"},
			map[string]int{`SELECT count(*) FROM question WHERE feedback = 'picked' AND about <> ''`: 1}},
		{"a report holds the entry and no name",
			[]string{"nurse> how do i see my shifts", "nurse> wrong or broken link", "nurse> 1", "nurse> the link to loop"},
			map[string]int{`SELECT count(*) FROM report WHERE slug = 'roster-view-shifts' AND what = 'link' AND more = 'the link to loop'`: 1}},
		{"a report left unsent is not kept",
			[]string{"nurse> how do i see my shifts", "nurse> wrong or broken link", "nurse> 1", "nurse> cancel"},
			map[string]int{`SELECT count(*) FROM report`: 0}},
		{"of a stop only kind and day are kept",
			[]string{"nurse> he is not breathing", "carer> he is not breathing"},
			map[string]int{`SELECT count FROM stop WHERE kind = 'urgent' AND day = '2026-11-23'`: 2,
				`SELECT count(*) FROM question`: 0, `SELECT count(*) FROM conversation`: 0, `SELECT count(*) FROM gap`: 0}},
		{"of a stop in a form the report is kept without its words",
			[]string{"nurse> how do i see my shifts", "nurse> wrong or broken link", "nurse> 4", "nurse> he is not breathing"},
			map[string]int{`SELECT count(*) FROM report WHERE more = ''`: 1, `SELECT count FROM stop`: 1}},
		{"questions are gone after 90 days, once anything is asked",
			[]string{"nurse> how do i see my shifts", "+91d", "carer> my smartcard is locked"},
			map[string]int{`SELECT count(*) FROM question WHERE person = 'terminal:nurse'`: 0,
				`SELECT count(*) FROM conversation WHERE person = 'terminal:nurse'`: 0}},
		{"asking as a command keeps nothing",
			[]string{"$ signpost ask how do i polish the hoverboard telescope", "$ signpost ask he is not breathing"},
			map[string]int{`SELECT count(*) FROM question`: 0, `SELECT count(*) FROM gap`: 0, `SELECT count(*) FROM stop`: 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPlayer(t)
			for _, line := range c.lines {
				p.play(line)
			}
			for query, want := range c.rows {
				if got := p.count(query); got != want {
					t.Errorf("%s is %d, want %d", query, got, want)
				}
			}
		})
	}
}
