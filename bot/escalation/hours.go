package escalation

import (
	"time"
	_ "time/tzdata" // a machine without zone files still knows London
)

// London is the time that hours are meant in.
var London = mustLoad("Europe/London")

func mustLoad(zone string) *time.Location {
	location, err := time.LoadLocation(zone)
	if err != nil {
		panic(err) // the zones are built in
	}
	return location
}

// Hours are when a person works. The zero Hours are never open.
type Hours struct {
	// Week holds one shift for each weekday, Sunday first.
	Week [7]Shift `json:"week"`
	// Leave are whole days on which no shift begins.
	Leave []Days `json:"leave,omitempty"`
	// Away, if it is later than the time asked about, is when the person is back ("on a ward now").
	Away time.Time `json:"away,omitzero"`
	// Holidays says that the person works on bank holidays too.
	Holidays bool `json:"holidays,omitempty"`
}

// A Shift is a stretch of a day in minutes after midnight by the clock on the wall. An end past 1440 is on the next day:
// a night shift is {20 * 60, 32 * 60}. The zero Shift is a day off.
type Shift struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Days are calendar days in London, the first and the last included, as 2026-11-23.
type Days struct {
	First string `json:"first"`
	Last  string `json:"last"`
}

// Office is Monday to Friday, 9 to 5: what holds where nobody said otherwise.
var Office = weekdays(Shift{9 * 60, 17 * 60})

func weekdays(s Shift) Hours {
	return Hours{Week: [7]Shift{time.Monday: s, time.Tuesday: s, time.Wednesday: s, time.Thursday: s, time.Friday: s}}
}

// furthest is how many days ahead hours are looked for; a person away for longer counts as never open.
const furthest = 400

// Open reports whether the person works at a time. A shift's end is no longer part of it.
func (h Hours) Open(at time.Time) bool {
	from, _, ok := h.next(at)
	return ok && !from.After(at)
}

// NextOpen is at itself where the person works then, else the start of their next hours; zero if they have none within
// 400 days.
func (h Hours) NextOpen(at time.Time) time.Time {
	from, _, _ := h.next(at)
	return from
}

// After is when so much working time has passed since start; time on the clock that is skipped in spring and repeated in
// autumn counts as it passes. It may be the very end of a shift. Zero if the hours run out within 400 days.
func (h Hours) After(start time.Time, working time.Duration) time.Time {
	for at := start; ; {
		from, to, ok := h.next(at)
		if !ok {
			return time.Time{}
		}
		if open := to.Sub(from); working > open {
			working -= open
			at = to
			continue
		}
		return from.Add(working)
	}
}

// next is the stretch of working time that holds at, from at on, or else the first one after it.
func (h Hours) next(at time.Time) (from, to time.Time, ok bool) {
	if h.Away.After(at) {
		at = h.Away
	}
	year, month, day := at.In(London).Date()
	for i := -1; i <= furthest; i++ { // from yesterday, whose shift may reach into today
		from, to, ok := h.shift(time.Date(year, month, day+i, 0, 0, 0, 0, time.UTC))
		if !ok || !to.After(at) {
			continue
		}
		if from.Before(at) {
			from = at
		}
		return from, to, true
	}
	return time.Time{}, time.Time{}, false
}

// shift is the working time that begins on a day, given as midnight UTC of it.
func (h Hours) shift(day time.Time) (from, to time.Time, ok bool) {
	s := h.Week[day.Weekday()]
	if s.To <= s.From || h.off(day) {
		return from, to, false
	}
	from, to = onWall(day, s.From), onWall(day, s.To)
	return from, to, to.After(from)
}

func (h Hours) off(day time.Time) bool {
	name := day.Format(time.DateOnly)
	for _, leave := range h.Leave {
		if leave.First <= name && name <= leave.Last {
			return true
		}
	}
	return !h.Holidays && BankHoliday(day.Add(12*time.Hour)) // noon is the same day in London
}

// onWall is when the clock on a London wall shows so many minutes after the midnight of a day. On the two nights of
// clock change, an hour that is skipped or repeated is taken as time.Date takes it.
func onWall(day time.Time, minutes int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, minutes, 0, 0, London).UTC()
}
