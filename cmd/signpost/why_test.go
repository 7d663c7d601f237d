package main

import (
	"fmt"
	"strings"
	"testing"
)

func percentOf(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

func TestAskWhy(t *testing.T) {
	file := smallFile(t)
	for text, says := range map[string][]string{
		"my smrtcard is locked":                     {"Verdict: known. An entry is answered from 90 % on", "carried by words (", `"smrtcard" read as "smartcard"`, "nearest phrasing: ", "Answered: it has "},
		"zorbly of a payslip, with a grommet on it": {"Verdict: un", "%  See my payslip (see-payslip)", "It would be answered from 90 %; this one has ", `a phrasing that says "zorbly grommet" would help`},
		"tell me a joke":                            {"Verdict: aside. A fixed reply ("},
		"he is not breathing":                       {"Verdict: stop. A fixed reply (urgent)"},
		"xyzzy":                                     {"Verdict: unknown. No entry has anything in common"},
	} {
		s := signpost(t, file, "ask", "--words", "--why", text)
		for _, line := range says {
			if s.code != 0 || !strings.Contains(s.out, line) {
				t.Errorf("%q: no %q in\n%s%s", text, line, s.out, s.err)
			}
		}
	}
	got := readJSON[asked](t, signpost(t, file, "ask", "--words", "--why", "--json", "my smartcard is locked"))
	if got.AnswerFrom == nil || *got.AnswerFrom != 0.9 || got.Matches[0].Tip == "" {
		t.Errorf("as JSON it says %+v", got)
	}
}
