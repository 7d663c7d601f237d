package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/bot/people"
	"signpost/bot/setting"
	"signpost/knowledge/sqldb"
)

// alter writes to a file of tests.
func alter(t *testing.T, file string, do func(tx *sqldb.Tx) error) {
	t.Helper()
	db, err := sqldb.Open(t.Context(), file, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Write(t.Context(), do), db.Close()); err != nil {
		t.Fatal(err)
	}
}

// parkedFile has two parked messages and one that waits.
func parkedFile(t *testing.T) string {
	file := smallFile(t)
	alter(t, file, func(tx *sqldb.Tx) error {
		var posts []chat.Post
		for _, key := range []string{"one", "two", "three"} {
			posts = append(posts, chat.Post{Key: key, To: "slack:T1/C3", Message: chat.Message{Text: chat.Parse("secret words")}})
		}
		if err := desk.Post(t.Context(), tx, posts...); err != nil {
			return err
		}
		_, err := tx.ExecContext(t.Context(), `UPDATE outbox SET state = 'parked', problem = 'channel_not_found' WHERE key <> 'three'`)
		return err
	})
	return file
}

func TestDeskCommands(t *testing.T) {
	file := parkedFile(t)
	list := readJSON[[]desk.Parked](t, signpost(t, file, "desk", "parked", "--json"))
	if len(list) != 2 || list[0].Key != "one" || list[0].Problem != "channel_not_found" {
		t.Fatalf("parked are %+v", list)
	}
	if s := signpost(t, file, "desk", "parked"); !strings.Contains(s.out, "2 messages parked.") || strings.Contains(s.out, "secret") {
		t.Errorf("parked prints\n%s%s", s.out, s.err)
	}
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"desk retry 1", 0, "Message 1 goes out again."},
		{"desk drop 2", 0, "Message 2 is dropped."},
		{"desk drop 2", 1, "no parked message has the number 2"},
		{"desk retry 3", 1, "no parked message has the number 3"},
		{"desk retry one", 2, "is no number"},
		{"desk retry", 2, "something is missing"},
		{"desk parked", 0, "0 messages parked."},
	} {
		if s := signpost(t, file, strings.Fields(c.args)...); s.code != c.code || !strings.Contains(s.out+s.err, c.says) {
			t.Errorf("%s: exit %d: %s%s", c.args, s.code, s.out, s.err)
		}
	}
	trail := readJSON[[]audited](t, signpost(t, file, "audit", "--json"))
	if !slices.ContainsFunc(trail, func(l audited) bool {
		return l.What == "parked message 2" && l.After == "dropped" && l.Who == operator()
	}) {
		t.Errorf("the audit trail is %+v", trail)
	}
}

func TestPersonCommands(t *testing.T) {
	file := smallFile(t)
	signpost(t, file, "place", "add", "Royal Example", "--kind", "trust", "--in", "London")
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"list"}, 0, "Nobody is an admin yet"},
		{[]string{"grant", "admin", "slack:T1/U2"}, 0, "slack:T1/U2 is an admin at England."},
		{[]string{"grant", "admin", "slack:T1/U2"}, 0, "slack:T1/U2 is an admin at England."},
		{[]string{"grant", "Curator", "discord:U3", "--at", "Royal Example"}, 0, "discord:U3 is a curator at Royal Example."},
		{[]string{"grant", "king", "discord:U3"}, 2, "there is no right \"king\""},
		{[]string{"grant", "admin", "sam"}, 2, "is no address"},
		{[]string{"grant", "admin", "fax:1"}, 2, "is no address"},
		{[]string{"grant", "admin", "discord:U3", "--at", "Narnia"}, 2, "--at \"Narnia\""},
		{[]string{"grant", "admin"}, 2, "too little, after the command"},
		{[]string{"list"}, 0, "discord:U3"},
		{[]string{"show", "discord:U3"}, 0, "works at: has not said"},
		{[]string{"revoke", "curator", "discord:U3"}, 1, "was not a curator at England"},
		{[]string{"revoke", "curator", "discord:U3", "--at", "Royal Example"}, 0, "is no longer a curator"},
	} {
		if s := signpost(t, file, append([]string{"person"}, c.args...)...); s.code != c.code || !strings.Contains(s.out+s.err, c.says) {
			t.Errorf("%q: exit %d: %s%s", c.args, s.code, s.out, s.err)
		}
	}
	list := readJSON[[]people.Grant](t, signpost(t, file, "person", "list", "--json"))
	if len(list) != 1 || list[0].Person != "slack:T1/U2" || list[0].Right != people.Admin || list[0].By != operator() {
		t.Errorf("the list is %+v", list)
	}
	if p := readJSON[shownPerson](t, signpost(t, file, "person", "show", "--json", "slack:T1/U2")); len(p.Rights) != 1 || p.Address != "slack:T1/U2" {
		t.Errorf("shown is %+v", p)
	}
}

func TestSettingCommands(t *testing.T) {
	file := smallFile(t)
	signpost(t, file, "place", "add", "Royal Example", "--kind", "trust", "--in", "London")
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"setting", "set", "--place", "Royal Example", "offer-minutes", "30"}, 0, "Royal Example: offer-minutes is now 30."},
		{[]string{"setting", "set", "--place", "Royal Example", "offer-minutes", "soon"}, 2, "a whole number"},
		{[]string{"setting", "set", "--place", "Royal Example", "colour", "red"}, 2, "signpost setting list shows them all"},
		{[]string{"setting", "set", "offer-minutes", "30"}, 2, "it needs --place"},
		{[]string{"setting", "list", "--place", "Royal Example"}, 0, "set at royal-example"},
		{[]string{"setting", "set", "--place", "Royal Example", "offer-minutes", ""}, 0, "offer-minutes is now 60."},
		{[]string{"pause", "--place", "London", "--note", "Back on Monday."}, 0, "London: pause is now on."},
		{[]string{"pause"}, 2, "it needs --place"},
		{[]string{"resume", "--place", "London"}, 0, "London: pause is now off."},
	} {
		if s := signpost(t, file, c.args...); s.code != c.code || !strings.Contains(s.out+s.err, c.says) {
			t.Errorf("%q: exit %d: %s%s", c.args, s.code, s.out, s.err)
		}
	}
	signpost(t, file, "pause", "--place", "London")
	list := readJSON[[]listedSetting](t, signpost(t, file, "setting", "list", "--place", "Royal Example", "--json"))
	if i := slices.IndexFunc(list, func(s listedSetting) bool { return s.Key == "pause" }); i < 0 || list[i].Value != "on" || list[i].From != "london" {
		t.Errorf("settings are %+v", list)
	}
}

func TestAuditSince(t *testing.T) {
	file := smallFile(t)
	signpost(t, file, "person", "grant", "admin", "slack:T1/U2")
	for since, want := range map[string]int{"": 2, "24h": 2, "2020-01-01": 2, time.Now().Add(48 * time.Hour).UTC().Format(time.DateOnly): 0} {
		if list := readJSON[[]audited](t, signpost(t, file, "audit", "--json", "--since", since)); len(list) != want {
			t.Errorf("since %q: %+v", since, list)
		}
	}
	if s := signpost(t, file, "audit", "--since", "yesterday"); s.code != exitUsage {
		t.Errorf("exit %d: %s", s.code, s.err)
	}
	if s := signpost(t, file, "audit"); !strings.Contains(s.out, "right of slack:T1/U2: - -> admin@england") {
		t.Error(s.out)
	}
}

// setUp runs setup with lines to read.
func setUp(t *testing.T, file, lines string, args ...string) said {
	t.Helper()
	var out, err strings.Builder
	a := &app{streams: streams{in: strings.NewReader(lines), out: &out, err: &err}}
	code := run(t.Context(), append([]string{"--db", file, "setup"}, args...), a)
	return said{code, out.String(), err.String()}
}

// localFile is a small file whose entries need local details.
func localFile(t *testing.T) string {
	file := smallFile(t)
	for slug, key := range map[string]string{"smartcard-unlock": "it-desk", "see-payslip": "payroll", "teams-join": "it-desk"} {
		shown := signpost(t, file, "entry", "show", slug).out
		if s := signpost(t, file, "entry", "add", write(t, "e.md", strings.Replace(shown, "1. Open it.", "1. Open it, or ask {"+key+"}.", 1))); s.code != 0 {
			t.Fatal(s.err)
		}
	}
	return file
}

func TestSetupStepByStep(t *testing.T) {
	file := localFile(t)
	s := setUp(t, file, "Royal Example\ntrust\nLondon\next 4521\n\nslack:T1/U2\n")
	for _, words := range []string{"Added Royal Example as royal-example.", "1 of 2. your IT desk", "slack:T1/U2 is an admin at Royal Example.",
		"Royal Example: 1 of 2 local details filled in; these 1 unlock 1 answer:", "payroll"} {
		if s.code != 0 || !strings.Contains(s.out, words) {
			t.Errorf("exit %d, no %q in\n%s%s", s.code, words, s.out, s.err)
		}
	}
	s = setUp(t, file, "Royal Example\npay@example.org\n") // again: it asks for what is missing alone
	for _, words := range []string{"Royal Example is here already", "1 of 1. your payroll team", "2 of 2 local details filled in. That is all of them."} {
		if s.code != 0 || !strings.Contains(s.out, words) {
			t.Errorf("again: exit %d, no %q in\n%s%s", s.code, words, s.out, s.err)
		}
	}
	if strings.Contains(s.out, "first admin") {
		t.Error("it asks for an admin though there is one")
	}
}

func TestSetupWithASpreadsheet(t *testing.T) {
	for _, ext := range []string{".csv", ".xlsx"} {
		t.Run(ext, func(t *testing.T) {
			file := localFile(t)
			setUp(t, file, "", "--name", "Royal Example", "--kind", "trust", "--in", "London")
			signpost(t, file, "local", "set", "--org", "Royal Example", "it-desk", "+44 20 7946 0000")
			sheet := filepath.Join(t.TempDir(), "details"+ext)
			if s := setUp(t, file, "", "--name", "Royal Example", "--template", sheet); s.code != 0 {
				t.Fatal(s.err)
			}
			if s := setUp(t, file, "", "--template", sheet); s.code != 1 {
				t.Error("it wrote over a file")
			}
			other := setUp(t, file, "", "--name", "Other Example", "--kind", "trust", "--in", "London", "--details", sheet)
			if other.code != 0 || !strings.Contains(other.out, "1 of 2 local details filled in") {
				t.Errorf("exit %d\n%s%s", other.code, other.out, other.err)
			}
			list := readJSON[[]localDetail](t, signpost(t, file, "local", "list", "--org", "Other Example", "--json"))
			if list[0].Value != "+44 20 7946 0000" {
				t.Errorf("what came through the spreadsheet is %+v", list)
			}
		})
	}
}

func TestSetupRefuses(t *testing.T) {
	file := localFile(t)
	royal := []string{"--name", "Royal Example", "--kind", "trust", "--in", "London"}
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"no name":          {nil, "which organisation?"},
		"no kind":          {[]string{"--name", "X"}, "what kind"},
		"no region":        {[]string{"--name", "X", "--kind", "trust"}, "which region"},
		"a wrong kind":     {[]string{"--name", "X", "--kind", "castle", "--in", "London"}, "must be one of"},
		"a wrong region":   {[]string{"--name", "X", "--kind", "trust", "--in", "Narnia"}, "--in \"Narnia\""},
		"a wrong address":  {append(slices.Clone(royal), "--admin", "sam"), "is no address"},
		"no columns":       {append(slices.Clone(royal), "--details", write(t, "a.csv", "a,b\n1,2\n")), "the columns key and value"},
		"an unknown key":   {append(slices.Clone(royal), "--details", write(t, "b.csv", "key,value\nit-desk,1\nmoat,2\n")), "row 3: no local detail is called \"moat\""},
		"a key twice":      {append(slices.Clone(royal), "--details", write(t, "c.csv", "key,value\nit-desk,1\nit-desk,2\n")), "stands there twice"},
		"another kind":     {append(slices.Clone(royal), "--details", write(t, "d.ods", "x")), ".csv or .xlsx"},
		"a value too long": {append(slices.Clone(royal), "--details", write(t, "e.csv", "key,value\nit-desk,"+strings.Repeat("x", 1001)+"\n")), "at most 1,000 characters"},
	} {
		if s := setUp(t, file, "", c.args...); s.code != exitUsage || !strings.Contains(s.err, c.says) {
			t.Errorf("%s: exit %d: %s%s", name, s.code, s.out, s.err)
		}
	}
	for _, d := range readJSON[[]localDetail](t, signpost(t, file, "local", "list", "--org", "Royal Example", "--json")) {
		if d.Value != "" {
			t.Errorf("a refused spreadsheet left %+v", d)
		}
	}
}

func TestDoctorOfAServedFile(t *testing.T) {
	noTokens(t)
	file := parkedFile(t)
	_, checks := examined(t, file, "--words")
	for name, want := range map[string]struct {
		state health
		says  string
	}{
		"disk": {well, "free"}, "clock": {well, "fits"}, "serving": {well, "Nobody serves"}, "messages": {hint, "2 messages could not be sent"},
		"rights": {hint, "Nobody is an admin"}, "settings": {well, "can be right"}, "networks": {hint, "No chat network"},
	} {
		if c := checks[name]; c.State != want.state || !strings.Contains(c.Says, want.says) {
			t.Errorf("%s is %+v", name, c)
		}
	}
	signpost(t, file, "person", "grant", "admin", "slack:T1/U2")
	alter(t, file, func(tx *sqldb.Tx) error {
		if err := setting.Set(t.Context(), tx, "london", setting.Fallback, "the front desk", "before it was refused"); err != nil {
			return err
		}
		_, err := tx.ExecContext(t.Context(), `UPDATE audit SET at = $1`, time.Now().Add(3*time.Hour).UnixMilli())
		return err
	})
	serve(t, file, asNetwork("test", fairNetwork(t)))
	_, checks = examined(t, file, "--words", "--config", write(t, "signpost.toml", "[slack]\ncolour = 1\n"))
	for name, want := range map[string]struct {
		state health
		says  string
	}{
		"clock": {wrong, "ahead"}, "serving": {well, "Process "}, "rights": {well, "1 of them admin"}, "settings": {wrong, "the front desk"},
		"configuration": {wrong, "line 2: there is no setting slack.colour"},
	} {
		if c := checks[name]; c.State != want.state || !strings.Contains(c.Says, want.says) {
			t.Errorf("%s is %+v", name, c)
		}
	}
}

func TestNetworkCommands(t *testing.T) {
	file := filepath.Join(t.TempDir(), "unused.db")
	for args, says := range map[string]string{"slack manifest": "socket_mode_enabled", "discord invite 123": "client_id=123"} {
		if s := signpost(t, file, strings.Fields(args)...); s.code != 0 || !strings.Contains(s.out, says) {
			t.Errorf("%s: exit %d: %s%s", args, s.code, s.out, s.err)
		}
	}
	if s := signpost(t, file, "slack", "manifest", "--command", "no good"); s.code != exitUsage {
		t.Errorf("exit %d: %s", s.code, s.err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("it made a file")
	}
}

// TestBench runs a small one: what it measures depends on the machine, what it checks does not.
func TestBench(t *testing.T) {
	var out, err strings.Builder
	a := &app{streams: streams{in: strings.NewReader(""), out: &out, err: &err}}
	run(t.Context(), []string{"bench", "--dir", t.TempDir(), "--rate", "20", "--for", "1s", "--burst", "30", "--in", "1s", "--fill", "--people", "300", "--questions", "3000", "--json"}, a)
	got := readJSON[benched](t, said{0, out.String(), err.String()})
	for _, m := range []*measured{got.Steady, got.Burst, got.Filled} {
		if m == nil || m.Early != 0 || m.Failed != 0 || m.Unsent != 0 || m.Answer.P50 <= 0 || m.Answer.P99 < m.Answer.P50 {
			t.Errorf("measured is %+v", m)
		}
	}
	if len(got.Bars) != 6 || got.Flush.P50 <= 0 {
		t.Errorf("the bars are %+v", got.Bars)
	}
}
