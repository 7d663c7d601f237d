package bot_test

import (
	"testing"
	"time"

	"signpost/bot"
	"signpost/bot/escalation"
)

func TestReadWeek(t *testing.T) {
	for _, c := range []struct{ said, want string }{
		{"Monday to Friday 9am to 5pm", "Monday to Friday 9am to 5pm"},
		{"9-5", "Monday to Friday 9am to 5pm"},
		{"24 hours a day", "Monday to Sunday all day"},
		{"mon-fri 9-5", "Monday to Friday 9am to 5pm"},
		{"Mon, Wed 10:30 to 14:00; Fri 9am-12pm", "Monday 10:30am to 2pm; Wednesday 10:30am to 2pm; Friday 9am to 12pm"},
		{"weekdays 8.30 until 16.30, weekends 10 to 2", "Monday to Friday 8:30am to 4:30pm; Saturday to Sunday 10am to 2pm"},
		{"Saturday 8pm to 8am", "Saturday 8pm to 8am"},
		{"every day 20:00 - 08:00", "Monday to Sunday 8pm to 8am"},
		{"fri to mon 7-3", "Monday 7am to 3pm; Friday to Sunday 7am to 3pm"},
		{"tuesdays 1-5pm", "Tuesday 1pm to 5pm"},
		{"thursday 2 to 6", "Thursday 2pm to 6pm"},
		{"wednesday 0:00 to 8:00", "Wednesday 12am to 8am"},
		{"wednesday 12 to 8", "Wednesday 12pm to 8pm"},
		{"monday all day, tuesday 0:00 to 24:00", "Monday to Tuesday all day"},
		{"whenever", ""},
		{"", ""},
		{"most days 9-5", ""},
		{"mon 9-5 and perhaps tuesday", ""},
		{"mon 25-26", ""},
	} {
		week, ok := bot.ReadWeek(c.said)
		if !ok {
			week = [7]escalation.Shift{}
		}
		if got := bot.WriteWeek(week); got != c.want || ok != (c.want != "") {
			t.Errorf("%q is %q, %v, want %q", c.said, got, ok, c.want)
		}
		if again, ok := bot.ReadWeek(c.want); c.want != "" && (!ok || again != week) {
			t.Errorf("%q is read again as %v, %v, want %v", c.want, again, ok, week)
		}
	}
}

func TestReadLeave(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct{ said, want string }{
		{"24 December to 2 January", "24 December 2026 to 2 January 2027"},
		{"1st dec - 3rd dec; 2027-02-01", "1 December 2026 to 3 December 2026; 1 February 2027"},
		{"23 nov", "23 November 2026"},
		{"22 nov", "22 November 2027"},
		{"2026-12-24 to 2027-01-02", "24 December 2026 to 2 January 2027"},
		{"5 may 2027 to 1 may 2027", "no"},
		{"31 february", "no"},
		{"some day", "no"},
		{"", ""},
	} {
		days, ok := bot.ReadLeave(c.said, now)
		got := bot.WriteLeave(days, now)
		if !ok {
			got = "no"
		}
		if got != c.want {
			t.Errorf("%q is %q, want %q", c.said, got, c.want)
		}
	}
}
