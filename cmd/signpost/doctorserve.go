package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"signpost/adapters/discord"
	"signpost/adapters/slack"
	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/bot/people"
	"signpost/bot/setting"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// lookAtDisk says whether there is room, and whether the file is on this machine.
func (d *doctor) lookAtDisk() {
	const little, tooLittle = 1000.0, 100.0 // MB; the file of a trust grows by some hundred MB a year
	free, remote, ok := diskOf(d.file)
	switch {
	case !ok:
		return
	case remote != "":
		d.say("disk", wrong, "move the file to a disk of this machine, and keep backups elsewhere",
			"%s is on a network file system (%s), where files of this kind break.", d.file, remote)
	case free < tooLittle:
		d.say("disk", wrong, "make room: nothing can be answered once the disk is full", "Only %.0f MB are free.", free)
	case free < little:
		d.say("disk", hint, "make room before the disk is full", "%.0f MB are free.", free)
	default:
		d.say("disk", well, "", "%.0f GB are free.", free/1000)
	}
}

// lookAtClock compares the machine's clock with what the file says happened last.
func (d *doctor) lookAtClock(ctx context.Context, db *sqldb.DB) {
	var last sql.NullInt64
	const newest = `SELECT MAX(at) FROM (SELECT MAX(at) AS at FROM inbox UNION ALL SELECT MAX(at) FROM audit)`
	if err := db.Read().QueryRowContext(ctx, newest).Scan(&last); err != nil || !last.Valid {
		return
	}
	const fine = 5 * time.Minute
	if ahead := time.UnixMilli(last.Int64).Sub(db.Now()); ahead > fine {
		d.say("clock", wrong, "set the machine's clock, and let it be kept by a time server",
			"By the machine's clock, what the file says happened last is %v ahead.", ahead.Round(time.Minute))
		return
	}
	d.say("clock", well, "", "The machine's clock fits the file.")
}

// lookAtServing says whether somebody serves the file, and how it stands with messages.
func (d *doctor) lookAtServing(ctx context.Context, db *sqldb.DB) {
	var pid int
	var host string
	var until int64
	err := db.Read().QueryRowContext(ctx, `SELECT pid, host, until FROM lease`).Scan(&pid, &host, &until)
	if err == nil && time.UnixMilli(until).After(db.Now()) {
		d.say("serving", well, "", "Process %d on %s serves the file.", pid, host)
	} else {
		d.say("serving", well, "", "Nobody serves the file at this moment; signpost serve does.")
	}
	stats, err := (&desk.Courier{DB: db}).Stats(ctx)
	if err != nil {
		d.say("messages", wrong, "put a backup of the file in its place", "%v.", err)
		return
	}
	var all desk.Stats
	for _, s := range stats {
		all.Waiting, all.Parked, all.Oldest = all.Waiting+s.Waiting, all.Parked+s.Parked, max(all.Oldest, s.Oldest)
	}
	d.sayMessages(all)
}

func (d *doctor) sayMessages(s desk.Stats) {
	const long = 10 * time.Minute
	switch {
	case s.Parked > 0:
		d.say("messages", hint, "signpost desk parked shows them, and what to do", "%s could not be sent and wait for somebody to decide.", count(s.Parked, "message"))
	case s.Oldest > long:
		d.say("messages", hint, "see whether signpost serve runs, and what it says of the networks", "%s not sent yet, the oldest for %v.",
			count(s.Waiting, "message"), s.Oldest.Round(time.Minute))
	default:
		d.say("messages", well, "", "%s on their way, none parked.", count(s.Waiting, "message"))
	}
}

// lookAtRights says who can change things in chat.
func (d *doctor) lookAtRights(ctx context.Context, db *sqldb.DB) {
	grants, err := people.Grants(ctx, db.Read())
	admins := 0
	for _, g := range grants {
		if g.Right == people.Admin {
			admins++
		}
	}
	switch {
	case err != nil:
		d.say("rights", wrong, "put a backup of the file in its place", "%v.", err)
	case admins == 0:
		d.say("rights", hint, "signpost person grant admin slack:T1/U2; a person types me to read their address", "Nobody is an admin yet.")
	default:
		d.say("rights", well, "", "%d rights are given, %d of them admin.", len(grants), admins)
	}
}

// lookAtSettings says which addresses in the settings cannot be right.
func (d *doctor) lookAtSettings(ctx context.Context, db *sqldb.DB, base *knowledge.Snapshot) {
	settings, err := setting.Load(ctx, db.Read())
	if err != nil {
		d.say("settings", wrong, "put a backup of the file in its place", "%v.", err)
		return
	}
	fine := true
	for _, p := range base.Places.All() {
		for _, key := range []setting.Key{setting.Fallback, setting.OfferChannel} {
			value, from := settings.Of(base.Places, p.ID, key)
			if value == "" || from != p.ID {
				continue
			}
			if network := chat.Address(value).Network(); !slices.Contains(knownNetworks, network) || network == value {
				fine = false
				d.say("settings", wrong, fmt.Sprintf("signpost setting set --place %s %s slack:T1/C3", p.ID, key), "%s of %s is %q, which is no address.", key, p.Name, value)
			}
		}
		if pausedHere(settings, base, p.ID) {
			d.say("settings", hint, "signpost resume --place "+p.ID, "Answers are paused for %s.", p.Name)
		}
	}
	if fine {
		d.say("settings", well, "", "Every address in the settings can be right.")
	}
}

func pausedHere(settings setting.Settings, base *knowledge.Snapshot, at string) bool {
	value, from := settings.Of(base.Places, at, setting.Pause)
	return value == "on" && from == at
}

// checkWithin bounds what the networks are asked.
const checkWithin = 20 * time.Second

// lookAtNetworks asks each network that is set up whether it would let the bot in.
func (d *doctor) lookAtNetworks(ctx context.Context) {
	c, err := readConfig(d.configFile)
	switch {
	case errors.Is(err, errNoNetwork):
		d.say("networks", hint, "set SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or DISCORD_TOKEN, or name a file with --config", "No chat network is set up; signpost chat works without.")
		return
	case err != nil:
		d.say("configuration", wrong, "put the configuration right; docs/signpost.example.toml shows all of it", "%v.", err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	quiet := slog.New(slog.DiscardHandler)
	if c.Slack != nil {
		config, err := c.Slack.adapter(quiet, d.now)
		d.sayFindings("slack", err, func() []chat.Finding { return slack.Check(ctx, config) })
	}
	if c.Discord != nil {
		config, err := c.Discord.adapter(quiet, d.now)
		d.sayFindings("discord", err, func() []chat.Finding { return discord.Check(ctx, config) })
	}
}

func (d *doctor) sayFindings(network string, err error, check func() []chat.Finding) {
	if err != nil {
		d.say(network, wrong, "put the configuration right", "%v.", err)
		return
	}
	for _, f := range check() {
		state := well
		if !f.OK {
			state = wrong
		}
		d.say(network, state, f.Do, "%s", f.Says)
	}
}
