package table

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"signpost/knowledge"
)

// listed is an entry in a JSON file: what a curator writes, and where it stands.
type listed struct {
	knowledge.Entry
	Place   string          `json:"place,omitempty"`
	State   knowledge.State `json:"state,omitempty"`
	Version int             `json:"version,omitempty"`
}

// writeJSON writes entries as a list.
func writeJSON(w io.Writer, entries []knowledge.Entry) error {
	list := make([]listed, len(entries))
	for i, e := range entries {
		list[i] = listed{e, e.Place, e.State, e.Version}
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(list)
}

// unreadable says of an entry in JSON why it cannot be read, in words of people who have not written the program.
func unreadable(where string, err error) knowledge.Fault {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		name := wrong.Field[strings.LastIndex(wrong.Field, ".")+1:]
		kind, _, _ := strings.Cut(wrong.Value, " ") // of a number it says which
		kinds := map[string]string{"bool": "true or false", "array": "a list", "object": "a table", "string": "text"}
		return knowledge.NewFault(where, name, "It cannot be %s.", cmp.Or(kinds[kind], "a "+kind))
	}
	return knowledge.NewFault(where, "", "It cannot be read: %s.", strings.TrimPrefix(err.Error(), "json: "))
}

// readJSON reads a list of entries; each is the whole of its entry.
func readJSON(file []byte, step func(done int)) ([]knowledge.Row, []knowledge.Fault) {
	if !utf8.Valid(file) {
		return nil, []knowledge.Fault{{Says: "It is not UTF-8 text. Save it as UTF-8."}}
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(bytes.TrimPrefix(file, []byte(byteOrderMark)), &raw); err != nil {
		return nil, []knowledge.Fault{knowledge.NewFault("", "", "It is not a list of entries in JSON: %v.", err)}
	}
	rows := make([]knowledge.Row, 0, len(raw))
	for i, one := range raw {
		row := knowledge.Row{Where: fmt.Sprint("Entry ", i+1)}
		var e listed
		in := json.NewDecoder(bytes.NewReader(one))
		in.DisallowUnknownFields()
		if err := in.Decode(&e); err != nil {
			row.Faults = []knowledge.Fault{unreadable(row.Where, err)}
		} else if bytes.Equal(bytes.TrimSpace(one), []byte("null")) {
			row.Faults = []knowledge.Fault{{Where: row.Where, Says: "It is empty. Take it out."}}
		}
		row.Entry, row.Version = e.Entry, e.Version
		row.Entry.Place, row.Entry.State, row.Entry.Version = e.Place, e.State, e.Version
		rows = append(rows, row)
		step(len(rows))
	}
	return rows, nil
}
