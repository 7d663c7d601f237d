package escalation_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"signpost/bot/escalation"
)

// london reads a time by the clock on a London wall, such as "2026-11-23 09:00"; in the repeated hour of autumn, the first.
func london(t testing.TB, wall string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", wall, escalation.London)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func night(days ...time.Weekday) (h escalation.Hours) {
	for _, day := range days {
		h.Week[day] = escalation.Shift{From: 20 * 60, To: 32 * 60}
	}
	return h
}

func TestAfter(t *testing.T) {
	onLeave := escalation.Office
	onLeave.Leave = []escalation.Days{{First: "2026-11-24", Last: "2026-11-25"}}
	onWard := escalation.Office
	onWard.Away = london(t, "2026-11-23 11:30")
	allWeek := night(0, 1, 2, 3, 4, 5, 6)
	allWeek.Holidays = true
	tests := []struct {
		name    string
		hours   escalation.Hours
		start   string
		working time.Duration
		want    string
	}{
		{"within a day", escalation.Office, "2026-11-23 09:30", time.Hour, "2026-11-23 10:30"},
		{"to the end of a day", escalation.Office, "2026-11-23 16:00", time.Hour, "2026-11-23 17:00"},
		{"over night", escalation.Office, "2026-11-23 16:30", time.Hour, "2026-11-24 09:30"},
		{"over the weekend", escalation.Office, "2026-11-27 16:30", time.Hour, "2026-11-30 09:30"},
		{"from before opening", escalation.Office, "2026-11-23 06:00", time.Hour, "2026-11-23 10:00"},
		{"nothing, while closed", escalation.Office, "2026-11-28 12:00", 0, "2026-11-30 09:00"},
		{"over Christmas 2026", escalation.Office, "2026-12-24 16:30", time.Hour, "2026-12-29 09:30"},
		{"over Easter 2027", escalation.Office, "2027-03-25 16:30", time.Hour, "2027-03-30 09:30"},
		{"over leave", onLeave, "2026-11-23 16:30", time.Hour, "2026-11-26 09:30"},
		{"on a ward", onWard, "2026-11-23 10:00", time.Hour, "2026-11-23 12:30"},
		{"after the ward", onWard, "2026-11-23 14:00", time.Hour, "2026-11-23 15:00"},
		{"over the spring weekend", escalation.Office, "2026-03-27 16:30", time.Hour, "2026-03-30 09:30"},
		{"over the autumn weekend", escalation.Office, "2026-10-23 16:30", time.Hour, "2026-10-26 09:30"},
		{"a night shift into the morning", night(time.Monday), "2026-11-23 23:00", 3 * time.Hour, "2026-11-24 02:00"},
		{"a night shift begun yesterday", night(time.Monday), "2026-11-24 07:00", time.Hour, "2026-11-24 08:00"},
		{"the short night of spring", allWeek, "2026-03-28 20:00", 11 * time.Hour, "2026-03-29 08:00"},
		{"one minute more", allWeek, "2026-03-28 20:00", 11*time.Hour + time.Minute, "2026-03-29 20:01"},
		{"the long night of autumn", allWeek, "2026-10-24 20:00", 13 * time.Hour, "2026-10-25 08:00"},
		{"and one minute more", allWeek, "2026-10-24 20:00", 13*time.Hour + time.Minute, "2026-10-25 20:01"},
		{"two hours over the skipped one", allWeek, "2026-03-29 00:30", 2 * time.Hour, "2026-03-29 03:30"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := test.hours.After(london(t, test.start), test.working)
			if want := london(t, test.want); !got.Equal(want) {
				t.Errorf("got %v, want %v", got.In(escalation.London), want)
			}
		})
	}
}

func TestOpen(t *testing.T) {
	working := escalation.Office
	working.Holidays = true
	tests := []struct {
		name  string
		hours escalation.Hours
		at    string
		want  bool
		next  string
	}{
		{"the first minute", escalation.Office, "2026-11-23 09:00", true, "2026-11-23 09:00"},
		{"the last minute", escalation.Office, "2026-11-23 16:59", true, "2026-11-23 16:59"},
		{"the end", escalation.Office, "2026-11-23 17:00", false, "2026-11-24 09:00"},
		{"a Sunday", escalation.Office, "2026-11-22 12:00", false, "2026-11-23 09:00"},
		{"a bank holiday", escalation.Office, "2026-08-31 12:00", false, "2026-09-01 09:00"},
		{"a bank holiday, worked", working, "2026-08-31 12:00", true, "2026-08-31 12:00"},
		{"a night, after midnight", night(time.Monday), "2026-11-24 03:00", true, "2026-11-24 03:00"},
		{"summer time", escalation.Office, "2026-07-01 09:00", true, "2026-07-01 09:00"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			at := london(t, test.at)
			if got, next := test.hours.Open(at), test.hours.NextOpen(at); got != test.want || !next.Equal(london(t, test.next)) {
				t.Errorf("got %v, next %v, want %v, %s", got, next.In(escalation.London), test.want, test.next)
			}
		})
	}
}

func TestNeverOpen(t *testing.T) {
	away := escalation.Office
	away.Leave = []escalation.Days{{First: "2026-01-01", Last: "2030-12-31"}}
	for name, h := range map[string]escalation.Hours{"no hours": {}, "away for years": away} {
		at := london(t, "2026-11-23 12:00")
		if h.Open(at) || !h.NextOpen(at).IsZero() || !h.After(at, time.Minute).IsZero() {
			t.Errorf("%s: open", name)
		}
	}
}

// TestHolidayFile reads the file by itself and holds it against the rule, which is written from the law.
func TestHolidayFile(t *testing.T) {
	file, err := os.ReadFile("bankholidays.txt")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(file)) {
		if day, name, ok := strings.Cut(strings.TrimSpace(line), " "); ok && day != "#" {
			listed[day] = true
			if name == "" {
				t.Errorf("%s has no name", day)
			}
		}
	}
	for year := 2025; year <= 2030; year++ {
		ruled := escalation.HolidaysOf(year)
		for _, day := range ruled {
			if !listed[day.Format(time.DateOnly)] {
				t.Errorf("the rule has %s, the file has not", day.Format(time.DateOnly))
			}
		}
		if len(ruled) != 8 {
			t.Errorf("%d has %d bank holidays by the rule, want 8", year, len(ruled))
		}
	}
	if len(listed) != 6*8 {
		t.Errorf("the file has %d days, want %d", len(listed), 6*8)
	}
}

// TestHolidayRule holds the rule against years that the file does not cover, as gov.uk listed them then.
func TestHolidayRule(t *testing.T) {
	want := map[int]string{
		2017: "01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
		2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
		2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
		2023: "01-02 04-07 04-10 05-01 05-29 08-28 12-25 12-26", // and the coronation, by proclamation
		2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
	}
	for year, days := range want {
		var got []string
		for _, day := range escalation.HolidaysOf(year) {
			got = append(got, day.Format("01-02"))
		}
		if strings.Join(got, " ") != days {
			t.Errorf("%d: got %v, want %s", year, got, days)
		}
	}
	for day, want := range map[string]bool{"2031-12-25 12:00": true, "2031-04-11 12:00": true, "2031-12-24 12:00": false, "2026-12-26 12:00": false, "2026-12-28 00:00": true} {
		if got := escalation.BankHoliday(london(t, day)); got != want {
			t.Errorf("%s: got %v", day, got)
		}
	}
}

// TestAfterMinuteByMinute counts working time the slow way, over both clock changes.
func TestAfterMinuteByMinute(t *testing.T) {
	hours := night(time.Saturday, time.Sunday, time.Wednesday)
	hours.Week[time.Monday] = escalation.Shift{From: 9 * 60, To: 12*60 + 30}
	hours.Leave = []escalation.Days{{First: "2026-10-28", Last: "2026-10-28"}}
	for _, from := range []string{"2026-03-27 08:17", "2026-10-23 08:17"} {
		start, worked := london(t, from), time.Duration(0)
		for at := start; worked < 40*time.Hour; at = at.Add(time.Minute) {
			if got := hours.After(start, worked); hours.Open(at) && worked > 0 && !got.Equal(at) && !got.Equal(lastOpen(hours, at)) {
				t.Fatalf("%v of work after %s is %v, want %v", worked, from, got, at)
			}
			if hours.Open(at) {
				worked += time.Minute
			}
		}
	}
}

// lastOpen is the end of the working time before at, where at is the start of the next.
func lastOpen(hours escalation.Hours, at time.Time) time.Time {
	for at = at.Add(-time.Minute); !hours.Open(at); at = at.Add(-time.Minute) {
	}
	return at.Add(time.Minute)
}
