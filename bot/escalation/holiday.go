package escalation

import (
	_ "embed"
	"strings"
	"time"
)

//go:embed bankholidays.txt
var holidayFile string

// holidays are the days in the file; listed are the years it covers.
var holidays, listed = readHolidays(holidayFile)

func readHolidays(file string) (days map[string]bool, years map[string]bool) {
	days, years = map[string]bool{}, map[string]bool{}
	for line := range strings.Lines(file) {
		if day, _, ok := strings.Cut(line, " "); ok && !strings.HasPrefix(line, "#") {
			days[day], years[day[:4]] = true, true
		}
	}
	return days, years
}

// BankHoliday reports whether the day of at, in London, is a bank holiday in England: by the file where it covers the
// year, else by the rule.
func BankHoliday(at time.Time) bool {
	day := at.In(London).Format(time.DateOnly)
	if listed[day[:4]] {
		return holidays[day]
	}
	for _, d := range holidaysOf(at.In(London).Year()) {
		if d.Format(time.DateOnly) == day {
			return true
		}
	}
	return false
}

// holidaysOf gives a year's bank holidays by the rule: the Banking and Financial Dealings Act 1971, schedule 1, with the
// days that are by custom (Good Friday, Christmas Day) and by yearly proclamation (New Year's Day, early May). A day that
// falls on a weekend is given back on the next weekday that is no holiday itself.
func holidaysOf(year int) []time.Time {
	day := func(month time.Month, d int) time.Time { return time.Date(year, month, d, 0, 0, 0, 0, time.UTC) }
	easter := easterSunday(year)
	christmas, boxing := day(time.December, 25), day(time.December, 26)
	switch christmas.Weekday() {
	case time.Friday: // Boxing Day on Saturday
		boxing = day(time.December, 28)
	case time.Saturday:
		christmas, boxing = day(time.December, 27), day(time.December, 28)
	case time.Sunday: // Boxing Day keeps the Monday
		christmas = day(time.December, 27)
	}
	return []time.Time{
		nextWeekday(day(time.January, 1)),
		easter.AddDate(0, 0, -2),
		easter.AddDate(0, 0, 1),
		mondayFrom(day(time.May, 1)),
		mondayFrom(day(time.May, 25)),    // the last of May
		mondayFrom(day(time.August, 25)), // the last of August
		christmas,
		boxing,
	}
}

func nextWeekday(day time.Time) time.Time {
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

// mondayFrom is the first Monday on or after a day.
func mondayFrom(day time.Time) time.Time {
	return day.AddDate(0, 0, (int(time.Monday)-int(day.Weekday())+7)%7)
}

// easterSunday is the Gregorian computus as Meeus, Jones and Butcher write it (Nature, 20 April 1876; Meeus, Astronomical
// Algorithms, chapter 8).
func easterSunday(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 19*l) / 433
	month := (h + l - 7*m + 90) / 25
	day := (h + l - 7*m + 33*month + 19) % 32
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}
