package bot

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"signpost/bot/escalation"
)

// This file reads and writes a champion's hours and leave, each in one line as people write them.

var (
	aTime = `(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?`
	span  = regexp.MustCompile(aTime + `\s*(?:to|until|till|-|–)\s*` + aTime)
	days  = regexp.MustCompile(`(every ?day|daily|weekdays|weekends?|mon|tue|wed|thu|fri|sat|sun)[a-z]*(?:\s*(?:to|-|–)\s*(mon|tue|wed|thu|fri|sat|sun)[a-z]*)?`)
)

var dayNames = map[string]time.Weekday{"mon": time.Monday, "tue": time.Tuesday, "wed": time.Wednesday, "thu": time.Thursday, "fri": time.Friday,
	"sat": time.Saturday, "sun": time.Sunday}

// always are ways to say every hour of the week.
var always = []string{"any time", "anytime", "always", "all the time", "24/7", "24 hours", "24 hours a day", "day and night"}

// readWeek reads "Monday to Friday 9am to 5pm; Saturday 10-14". Days that are not named are days off, and hours without a
// day are Monday to Friday. A shift that ends before it begins ends on the next day.
func readWeek(said string) (week [7]escalation.Shift, ok bool) {
	said = strings.ReplaceAll(strings.ToLower(said), allDay, "0:00 to 24:00")
	if slices.Contains(always, strings.Trim(said, " .,!")) {
		said = "every day 0:00 to 24:00"
	}
	from := 0
	for _, at := range span.FindAllStringSubmatchIndex(said, -1) {
		shift, good := readShift(span.FindStringSubmatch(said[at[0]:at[1]]))
		on, named := readDays(said[from:at[0]])
		if !good || !named {
			return week, false
		}
		for _, day := range on {
			week[day] = shift
		}
		from, ok = at[1], true
	}
	return week, ok && strings.Trim(said[from:], " .;,") == ""
}

// readDays reads the days named before a time.
func readDays(said string) (on []time.Weekday, ok bool) {
	found := days.FindAllStringSubmatch(said, -1)
	if len(found) == 0 {
		return run(time.Monday, time.Friday), strings.Trim(said, " .;,:from") == ""
	}
	for _, f := range found {
		switch {
		case strings.HasPrefix(f[1], "every"), f[1] == "daily":
			on = append(on, run(time.Sunday, time.Saturday)...)
		case f[1] == "weekdays":
			on = append(on, run(time.Monday, time.Friday)...)
		case strings.HasPrefix(f[1], "weekend"):
			on = append(on, time.Saturday, time.Sunday)
		case f[2] != "":
			on = append(on, run(dayNames[f[1]], dayNames[f[2]])...)
		default:
			on = append(on, dayNames[f[1]])
		}
	}
	return on, true
}

// run lists days from one to another, over the end of the week where it must.
func run(from, to time.Weekday) (list []time.Weekday) {
	for day := from; ; day = (day + 1) % 7 {
		list = append(list, day)
		if day == to {
			return list
		}
	}
}

// readShift reads the parts of two times. Of "9 to 5" the second is in the afternoon, of "1 to 5" both are.
func readShift(parts []string) (s escalation.Shift, ok bool) {
	from, ok1 := minutes(parts[1], parts[2], parts[3])
	to, ok2 := minutes(parts[4], parts[5], parts[6])
	const early, noon, day = 6 * 60, 12 * 60, 24 * 60
	if parts[3] == "" && parts[6] != "am" && from >= 60 && from < early && (parts[6] == "pm" || to > from && to <= noon) {
		from += noon
	}
	switch {
	case to > from:
	case parts[6] == "" && to < noon && to+noon > from:
		to += noon
	default:
		to += day
	}
	return escalation.Shift{From: from, To: to}, ok1 && ok2
}

func minutes(hour, minute, half string) (int, bool) {
	h, _ := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute)
	switch {
	case half != "" && (h < 1 || h > 12), h > 24, m > 59:
		return 0, false
	case half == "pm" && h < 12:
		h += 12
	case half == "am" && h == 12:
		h = 0
	}
	return h*60 + m, true
}

// writeWeek writes a week so that readWeek reads the same again.
func writeWeek(week [7]escalation.Shift) string {
	var parts []string
	for i := 0; i < 7; {
		day := time.Weekday((i + 1) % 7) // from Monday
		shift := week[day]
		last := i
		for last+1 < 7 && week[(last+2)%7] == shift {
			last++
		}
		if shift.To > shift.From {
			name := day.String()
			if last > i {
				name += " to " + time.Weekday((last+1)%7).String()
			}
			parts = append(parts, name+" "+writeShift(shift))
		}
		i = last + 1
	}
	return strings.Join(parts, "; ")
}

// allDay is a shift from midnight to midnight.
const allDay = "all day"

func writeShift(s escalation.Shift) string {
	if s.From == 0 && s.To == 24*60 {
		return allDay
	}
	return clockTime(s.From) + " to " + clockTime(s.To)
}

func clockTime(minute int) string {
	at := time.Date(2000, 1, 1, 0, minute, 0, 0, time.UTC)
	if at.Minute() == 0 {
		return at.Format("3pm")
	}
	return at.Format("3:04pm")
}

var aDay = regexp.MustCompile(`(\d{4})-(\d{2})-(\d{2})|(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:\s+(\d{4}))?`)

var months = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

// readLeave reads "1 December to 14 December; 24 December". A day without a year is the next one there is.
func readLeave(said string, now time.Time) (list []escalation.Days, ok bool) {
	for part := range strings.FieldsFuncSeq(strings.ToLower(said), func(r rune) bool { return r == ';' || r == ',' || r == '\n' }) {
		if strings.TrimSpace(part) == "" {
			continue
		}
		found := aDay.FindAllStringSubmatch(part, -1)
		if len(found) < 1 || len(found) > 2 {
			return nil, false
		}
		first, ok := readDate(found[0], now)
		last, ok2 := readDate(found[len(found)-1], first)
		if !ok || !ok2 || last.Before(first) {
			return nil, false
		}
		list = append(list, escalation.Days{First: first.Format(time.DateOnly), Last: last.Format(time.DateOnly)})
	}
	return list, true
}

func readDate(parts []string, after time.Time) (time.Time, bool) {
	if parts[1] != "" {
		day, err := time.Parse(time.DateOnly, parts[0])
		return day, err == nil
	}
	month := time.Month(slices.Index(months, parts[5]) + 1)
	number, _ := strconv.Atoi(parts[4])
	year, err := strconv.Atoi(parts[6])
	if err != nil {
		year = after.Year()
	}
	day := time.Date(year, month, number, 0, 0, 0, 0, time.UTC)
	today := time.Date(after.Year(), after.Month(), after.Day(), 0, 0, 0, 0, time.UTC)
	if err != nil && day.Before(today) {
		day = day.AddDate(1, 0, 0)
	}
	return day, day.Day() == number
}

// writeLeave writes leave that is not over so that readLeave reads the same again.
func writeLeave(list []escalation.Days, now time.Time) string {
	var parts []string
	for _, d := range list {
		if d.Last < now.Format(time.DateOnly) {
			continue
		}
		first, _ := plainDay(d.First)
		last, _ := plainDay(d.Last)
		if first == last {
			parts = append(parts, first)
		} else {
			parts = append(parts, first+" to "+last)
		}
	}
	return strings.Join(parts, "; ")
}
