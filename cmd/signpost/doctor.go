package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"signpost/bot"
	"signpost/knowledge"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
	"signpost/knowledge/starter"
)

func (a *app) doctorCommand() *cobra.Command {
	var asJSON bool
	d := &doctor{app: a}
	c := &cobra.Command{
		Use: "doctor", Short: "Look whether Signpost is well, and say what to do where it is not",
		Long: "Look at the file, the base in it, the encoder and the chat networks, and say in plain words what is found and what to do. Nothing is changed.\n" +
			"Exits 1 when something must be put right; a hint alone is no reason.",
		Example: "  signpost doctor\n  signpost doctor --config /etc/signpost.toml --json",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			d.look(c.Context())
			if asJSON {
				if err := printJSON(a.out, d.report()); err != nil {
					return err
				}
			} else if err := d.report().print(a.out); err != nil {
				return err
			}
			if !d.report().OK {
				return errFindings
			}
			return nil
		},
	}
	a.modelFlags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	c.Flags().StringVar(&d.configFile, "config", "", "the `FILE` that signpost serve is given, to look at its networks too")
	return c
}

// doctor collects what was found, in the order it was looked at.
type doctor struct {
	*app
	configFile string
	found      []finding
}

// A finding is one thing that was looked at.
type finding struct {
	Name  string `json:"name"`
	State health `json:"state"`
	Says  string `json:"says"`
	Do    string `json:"do"` // "" where nothing needs doing
}

// health says how a thing is.
type health string

const (
	well  health = "well"
	hint  health = "hint"  // it works, and could be better
	wrong health = "wrong" // it must be put right
)

// diagnosis is the shape of doctor --json.
type diagnosis struct {
	OK     bool      `json:"ok"`
	Checks []finding `json:"checks"`
}

func (d *doctor) say(name string, state health, do, format string, args ...any) {
	d.found = append(d.found, finding{name, state, fmt.Sprintf(format, args...), do})
}

func (d *doctor) report() diagnosis {
	ok := !slices.ContainsFunc(d.found, func(f finding) bool { return f.State == wrong })
	return diagnosis{ok, d.found}
}

func (r diagnosis) print(w io.Writer) error {
	for _, f := range r.Checks {
		if _, err := fmt.Fprintf(w, "%-6s %-14s %s\n", f.State, f.Name, f.Says); err != nil {
			return err
		}
		if f.Do != "" {
			fmt.Fprintf(w, "%22s-> %s\n", "", f.Do)
		}
	}
	closing := "Signpost is well."
	if !r.OK {
		closing = "Something must be put right; see the lines that say \"wrong\"."
	}
	_, err := fmt.Fprintln(w, "\n"+closing)
	return err
}

// look goes from what everything rests on to what is nice to have.
func (d *doctor) look(ctx context.Context) {
	model := d.lookAtModel()
	d.lookAtNetworks(ctx)
	if _, err := os.Stat(d.file); errors.Is(err, fs.ErrNotExist) {
		d.say("file", hint, "signpost chat makes it, with the starter base in it", "There is no file %s yet.", d.file)
		return
	}
	db, err := sqldb.Open(ctx, d.file, d.now)
	if err != nil {
		d.say("file", wrong, openAdvice(d.file, err), "%s cannot be opened: %v.", d.file, err)
		return
	}
	defer db.Close()
	d.lookAtDisk()
	if !d.lookAtFile(ctx, db) {
		return
	}
	d.lookAtClock(ctx, db)
	d.lookAtServing(ctx, db)
	d.lookAtRights(ctx, db)
	asides, err := bot.Asides()
	if err != nil {
		d.say("entries", wrong, "build Signpost again", "The words the bot says cannot be read: %v.", err)
		return
	}
	base, err := knowledge.OpenWith(ctx, db, asides, model)
	if err != nil {
		d.say("entries", wrong, "put a backup of the file in its place", "The base in the file cannot be read: %v.", err)
		return
	}
	d.lookAtStarter(ctx, base)
	d.lookAtEntries(base.Snapshot())
	d.lookAtLearning(ctx, base)
	d.lookAtGolden(base.Snapshot())
	d.lookAtPlaces(base.Snapshot())
	d.lookAtSettings(ctx, db, base.Snapshot())
}

// openAdvice is what to do where a file cannot be opened.
func openAdvice(file string, err error) string {
	if errors.Is(err, sqldb.ErrNewer) {
		return "use the newer Signpost that made it"
	}
	if at, err := os.Stat(file); err == nil && at.IsDir() {
		return "that is a folder: name a file in it with --db"
	}
	if _, err := os.Stat(filepath.Dir(file)); errors.Is(err, fs.ErrNotExist) {
		return "make its folder first, or name another file with --db"
	}
	if says := err.Error(); strings.Contains(says, "no space left") || strings.Contains(says, "is full") {
		return "make room on the disk"
	}
	return "see whether it may be read and written and is a file of Signpost's; else put a backup in its place"
}

// lookAtFile has SQLite read every page (see its PRAGMA quick_check).
func (d *doctor) lookAtFile(ctx context.Context, db *sqldb.DB) bool {
	const few = 3 // one broken page brings many complaints
	says, err := quickCheck(ctx, db, few)
	if err != nil {
		says = append(says, err.Error())
	}
	if len(says) == 1 && says[0] == "ok" {
		d.say("file", well, "", "%s opens and is whole.", d.file)
		return true
	}
	d.say("file", wrong, "stop Signpost and put a backup of the file in its place", "%s is damaged: %s.", d.file,
		strings.ReplaceAll(strings.Join(says, "; "), "\n", " "))
	return false
}

func quickCheck(ctx context.Context, db *sqldb.DB, most int) (says []string, err error) {
	rows, err := db.Read().QueryContext(ctx, fmt.Sprintf(`PRAGMA quick_check(%d)`, most))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return says, err
		}
		says = append(says, line)
	}
	return says, rows.Err()
}

func (d *doctor) lookAtStarter(ctx context.Context, base *knowledge.Base) {
	id, version, err := starter.Version()
	if err != nil {
		d.say("starter base", wrong, "build Signpost again", "The starter base in the program cannot be read: %v.", err)
		return
	}
	switch done, err := base.Installed(ctx, id, version); {
	case err != nil:
		d.say("starter base", wrong, "put a backup of the file in its place", "%v.", err)
	case done:
		d.say("starter base", well, "", "Version %s is in the file.", version)
	default:
		d.say("starter base", hint, "nothing: the next command brings it up to date; entries you edited stay yours",
			"The file does not have version %s, which this program brings.", version)
	}
}

func (d *doctor) lookAtEntries(base *knowledge.Snapshot) {
	live := base.Entries("")
	if len(live) == 0 {
		d.say("entries", wrong, "signpost entry add FILE.md puts one in; any other command brings the starter base",
			"No entry is live: nothing can be answered.")
		return
	}
	d.say("entries", well, "", "%d national entries are live; organisations have %d of their own.", len(live), liveElsewhere(base))
}

func liveElsewhere(base *knowledge.Snapshot) int {
	nation, _ := base.Places.Nation()
	n := 0
	for _, e := range base.All() {
		if e.State == knowledge.Live && e.Place != nation.ID {
			n++
		}
	}
	return n
}

func (d *doctor) lookAtLearning(ctx context.Context, base *knowledge.Base) {
	learnt, err := base.Learnt(ctx)
	from := 100 * base.Snapshot().AnswerFrom(bot.ErrorBudget)
	const do = "signpost fit does it now"
	switch {
	case err != nil:
		d.say("learning", wrong, "put a backup of the file in its place", "What was learnt cannot be read: %v.", err)
	case learnt == knowledge.NeverLearnt:
		d.say("learning", hint, do, "The base has not learnt from its entries yet; it answers from %.0f %% on, by a rule of thumb.", from)
	case learnt == knowledge.LearntOther:
		d.say("learning", hint, do, "Entries or saved questions changed since the base learnt; it answers from %.0f %% on.", from)
	default:
		d.say("learning", well, "", "The base has learnt from its entries; it answers from %.0f %% on, so that at most %d in 100 answers are wrong.",
			from, bot.ErrorBudget)
	}
}

func (d *doctor) lookAtGolden(base *knowledge.Snapshot) {
	gone := 0
	for _, g := range base.Golden {
		if base.ValidGolden(g) != nil {
			gone++
		}
	}
	switch {
	case len(base.Golden) == 0:
		d.say("questions", hint, "signpost fit FILE saves questions whose right answer is known",
			"No questions are saved, so nothing tells whether answers are right.")
	case gone > 0:
		d.say("questions", hint, "give them another entry with signpost fit FILE, or bring the entries back",
			"Of %d saved questions %d have a right entry that is not live.", len(base.Golden), gone)
	default:
		d.say("questions", well, "", "%d saved questions; signpost eval asks them.", len(base.Golden))
	}
}

// lookAtPlaces says which organisations there are, and what they have not filled in.
func (d *doctor) lookAtPlaces(base *knowledge.Snapshot) {
	var organisations []place.Place
	for _, p := range base.Places.All() {
		if slices.Contains(place.Organisations, p.Kind) {
			organisations = append(organisations, p)
		}
	}
	if len(organisations) == 0 {
		d.say("places", hint, "signpost place add NAME --kind trust --in REGION", "No organisation is here yet, so answers are the national ones.")
		return
	}
	d.say("places", well, "", "%d organisations.", len(organisations))
	const most = 5 // of a long list the first show what it is about
	for i, p := range organisations {
		if missing := missingDetails(base, p.ID); len(missing) > 0 && i < most {
			d.say("local details", hint, fmt.Sprintf("signpost local set --org %s %s '...'", p.ID, missing[0]),
				"%s has not filled in %d of %d: %s.", p.Name, len(missing), len(base.LocalKeys), strings.Join(missing, ", "))
		} else if i < most {
			d.say("local details", well, "", "%s has filled in all %d.", p.Name, len(base.LocalKeys))
		}
	}
}

func missingDetails(base *knowledge.Snapshot, at string) []string {
	var missing []string
	for _, k := range base.LocalKeys {
		if _, _, ok := base.Places.Detail(at, k.Key); !ok {
			missing = append(missing, k.Key)
		}
	}
	return missing
}
