package screen

import (
	"strings"
	"testing"
)

// secrets are identifiers that Mask must find whatever stands around them, as long as it is parted by a space.
var secrets = []string{"999 000 0026", "07700 900123", "jane.doe@example.com", "12A3456E"}

func FuzzScreen(f *testing.F) {
	for _, seed := range []string{"", "teams is frozen", "pt in bay 4 not breathing", "pw: [password]", "nhs no 99 9000 0107",
		"[NHS number] 07700900123", "\xff\xfe 9990000026", "mr a in bed 4", "dob ٣/٤/٥٢", "@ @@ a@b", "born 12 may 1950 12A3456E"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 16000 {
			t.Skip()
		}
		once := Mask(text)
		if twice := Mask(once.Text); twice.Text != once.Text {
			t.Errorf("not idempotent: %q, then %q", once.Text, twice.Text)
		}
		if _, stopped := Stop(once.Text); stopped != (Explain(once.Text) != "") {
			t.Errorf("Stop and Explain disagree on %q", once.Text)
		}
		once.Empty()
		for _, secret := range secrets {
			if got := Mask(text + " \n| " + secret).Text; strings.HasSuffix(got, secret) {
				t.Errorf("%q survives in %q", secret, got)
			}
		}
	})
}

func TestMostPressingReasonWins(t *testing.T) {
	for text, want := range map[string]Reason{
		"i want to die and hes not breathing":                Urgent,
		"my manager bullies me and i want to kill myself":    Distress,
		"carer hit a resident what dose of paracetamol":      Safeguarding,
		"is potassium 6.2 dangerous":                         Clinical,
		"[patient name] in bay 4 has stopped breathing":      Urgent,
		"the epr is down and my patient has collapsed":       Urgent,
		"whats the max dose of paracetamol for [NHS number]": Clinical,
	} {
		if got, _ := Stop(text); got != want {
			t.Errorf("Stop(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestExplain(t *testing.T) {
	if got := Explain("pt in bay 4 has stopped breathing"); !strings.HasPrefix(got, "urgent: ") || !strings.Contains(got, "rule: ") {
		t.Errorf("Explain = %q", got)
	}
	if got := Explain("teams is frozen"); got != "" {
		t.Errorf("Explain of an ordinary question = %q", got)
	}
}

func BenchmarkScreen(b *testing.B) {
	const text = "how do i record that mrs smith in bed 4 refused her 8am meds"
	Stop(text)
	for b.Loop() {
		Stop(Mask(text).Text)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := loadRules(); err != nil {
			b.Fatal(err)
		}
	}
}
