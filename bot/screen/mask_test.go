package screen

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// TestMaskRows reads the shared rows: what must be masked is gone, and a row with nothing to mask is unchanged.
func TestMaskRows(t *testing.T) {
	f, err := os.Open("testdata/pii_tests.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		var row struct {
			Text string   `json:"text"`
			Mask []string `json:"should_mask"`
		}
		if err := json.Unmarshal(s.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		got := Mask(row.Text)
		for _, secret := range row.Mask {
			if strings.Contains(got.Text, secret) {
				t.Errorf("%q survives in %q", secret, got.Text)
			}
		}
		if len(row.Mask) == 0 && got.Text != row.Text {
			t.Errorf("%q became %q", row.Text, got.Text)
		}
	}
}

func TestMaskReplaces(t *testing.T) {
	for text, want := range map[string]string{
		"how do i find the record for 9990000026":        "how do i find the record for [NHS number]",
		"999\u00a0000\u00a00026 not on spine":            "[NHS number] not on spine",
		"trace 999–000–0026":                             "trace [NHS number]",
		"trace ٩٩٩٠٠٠٠٠٢٦ pls":                           "trace [NHS number] pls",
		"9 9 9 0 0 0 0 0 2 6 wont trace":                 "[NHS number] wont trace",
		"nhs no: 99 9000 0107 and 9990000019":            "nhs no: [NHS number] and [NHS number]",
		"9990000019 is her nhs number":                   "[NHS number] is her nhs number",
		"nhs number 999000001 too short":                 "nhs number [NHS number] too short",
		"bed 4 9990000026 missing":                       "bed 4 [NHS number] missing",
		"call me on +44 7700 900123":                     "call me on [phone number]",
		"0044 7700 900 123 is my mobile":                 "[phone number] is my mobile",
		"+44 (0)20 7946 0123":                            "[phone number]",
		"ring (01632) 960 001 pls":                       "ring [phone number] pls",
		"020 7946 0123 or 07700-900-123":                 "[phone number] or [phone number]",
		"tel 960001 for me":                              "tel [phone number] for me",
		"mob 7700900123":                                 "mob [phone number]",
		"dob 14.3.52 cant find":                          "dob [date of birth] cant find",
		"born on the 3rd of march 1952":                  "born on the [date of birth]",
		"d.o.b: March 3rd, 1952":                         "d.o.b: [date of birth]",
		"1952-03-14 is his date of birth":                "[date of birth] is his date of birth",
		"dob 14031952":                                   "dob [date of birth]",
		"born 1952 not on pds":                           "born [date of birth] not on pds",
		"pt 14/03/1952 not found on pds":                 "pt [date of birth] not found on pds",
		"email jane.doe+forms@nhs.example.org":           "email [email address]",
		"jane dot doe at example dot com":                "[email address]",
		"jane.doe at example.com":                        "[email address]",
		"pw: hunter":                                     "pw: [password]",
		"my pass is Winter23 and it fails":               "my pass is [password] and it fails",
		"password = correct-horse9":                      "password = [password]",
		"changed my password to Autumn2025!":             "changed my password to [password]",
		"smartcard pin 4821 locked":                      "smartcard pin [password] locked",
		"my passcode is 482193":                          "my passcode is [password]",
		"password is letmein":                            "password is [password]",
		"hospital number 1234567":                        "hospital number [hospital number]",
		"mrn 00123456 on pacs":                           "mrn [hospital number] on pacs",
		"h1234567 wrong on pacs":                         "[hospital number] wrong on pacs",
		"ni QQ 12 34 56 C":                               "ni [NI number]",
		"smartcard 5550 1234 5678 locked":                "smartcard [smartcard number] locked",
		"555012345678 locked":                            "[smartcard number] locked",
		"nmc pin 12A3456E":                               "nmc pin [registration number]",
		"my gmc no is 1234567":                           "my gmc no is [registration number]",
		"hcpc PA12345 lapsed":                            "hcpc [registration number] lapsed",
		"lives at flat 3, 12 High Street, Leeds LS1 4AP": "lives at [address]",
		"pt lives at 12 acacia avenue":                   "pt lives at [address]",
		"postcode ls1 4ap not accepted":                  "postcode [address] not accepted",
		"mrs smith in bed 4 cant use the app":            "[patient name] in bed 4 cant use the app",
		"bay 3 Mr O’Brien not on the whiteboard":         "bay 3 [patient name] not on the whiteboard",
		"pt mr ahmed khan bed 2":                         "pt [patient name] bed 2",
		"mrs smith 9990000026 dob 1/2/34 in bed 4":       "[patient name] [NHS number] dob [date of birth] in bed 4",
		"9990000026 07700900123":                         "[NHS number] [phone number]",
		"99900\u200b00026":                               "[NHS number]",
	} {
		if got := Mask(text).Text; got != want {
			t.Errorf("Mask(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestMaskLeavesAlone(t *testing.T) {
	for _, text := range []string{
		"ticket INC0012345 still open", "asset number 0112345678", "order 4501234567 late", "version 10.4.2.1 of citrix",
		"windows 10.0.19045.4170", "ip address 192.168.10.25", "ext 23456", "extension 4521", "bleep 1234", "room 12 bed 4",
		"meeting on 14/03/2026 at 10.30", "the M1 and the A38", "open 09:00-17:30 mon to fri", "it costs £1,250.50",
		"press 1 then 2 on the phone", "1234567890 rows in excel", "my password is wrong", "my password has expired",
		"password is not accepted", "password must be 12 characters", "password is 90 days old", "pin is blocked",
		"how do i reset my pin", "reset password for a colleague", "password: forgotten", "login is slow", "mrs jones in payroll",
		"mr khan the ward clerk cant log in", "dr patel on ward 5", "ms teams on ward 4", "teams meeting id 123 456 789",
		"form 1234567 wont open", "kb5012345 update", "in 4 weeks 2 days in a row", "2 screens side by side",
		"nhs 111 option 2", "nhs number field is greyed out", "date of birth field is missing", "born digital records",
		"level 3 course on 12/05/2026", "s1 3rd party access", "error 0x80070005", "24/7 support", "365 days", "the 2023/24 toolkit",
		"ring the helpdesk", "text me the link", "call 1234567 still open with it", "scores 4 4 4", "my pass was declined",
		"windows 11 23h2", "page 3 of 10", "row 100000", "9am to 5pm", "10 11 12", "@everyone look", "meet at 3.30 at the hub",
	} {
		if got := Mask(text); got.Text != text || got.Found != nil {
			t.Errorf("Mask(%q) = %q", text, got.Text)
		}
	}
}

func TestMaskedFound(t *testing.T) {
	got := Mask("07700 900123 then nhs no 9990000026 then 07700 900124").Found
	if len(got) != 2 || got[0] != Phone || got[1] != NHSNumber {
		t.Errorf("Found = %v, want phone then NHS number, once each", got)
	}
}

func TestEmpty(t *testing.T) {
	for text, want := range map[string]bool{
		"9990000026": true, "nhs no 999 000 0026, dob 14/03/1952": true, "hi 07700 900123 thanks!": true,
		"pls help": false, "": false, "9990000026 not on spine": false, "mrs smith in bed 4 cant use the app": false,
	} {
		if got := Mask(text).Empty(); got != want {
			t.Errorf("Mask(%q).Empty() = %v, want %v", text, got, want)
		}
	}
}

// A patient's name beside a cue is masked, and the question is still one to answer.
func TestNameIsMaskedAndAnswered(t *testing.T) {
	m := Mask("mr patel in bay 3 isnt showing on the whiteboard")
	if m.Text != "[patient name] in bay 3 isnt showing on the whiteboard" || m.Empty() {
		t.Errorf("got %q, empty %v", m.Text, m.Empty())
	}
	if reason, stopped := Stop(m.Text); stopped {
		t.Errorf("stopped as %s", reason)
	}
}
