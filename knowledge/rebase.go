package knowledge

import (
	"encoding/json"
	"fmt"
)

// Rebase carries what one person made of an entry over to what somebody else made of it meanwhile: a field that mine left as
// it was in base is as in theirs; one that both changed is as in mine.
func Rebase(base, mine, theirs Entry) (Entry, error) {
	old, err := fieldsOf(base)
	if err != nil {
		return mine, err
	}
	next, err := fieldsOf(theirs)
	if err != nil {
		return mine, err
	}
	changed, err := fieldsOf(mine)
	if err != nil {
		return mine, err
	}
	for name, value := range changed {
		if string(value) != string(old[name]) {
			next[name] = value
		}
	}
	for name := range old {
		if _, there := changed[name]; !there { // mine emptied it
			delete(next, name)
		}
	}
	body, err := json.Marshal(next)
	if err != nil {
		return mine, fmt.Errorf("rebase %s: %w", mine.Ref(), err)
	}
	both := Entry{Place: mine.Place, Version: theirs.Version, State: mine.State, Pack: mine.Pack}
	if err := json.Unmarshal(body, &both); err != nil {
		return mine, fmt.Errorf("rebase %s: %w", mine.Ref(), err)
	}
	both.Slug = mine.Slug
	return both, nil
}

// fieldsOf gives the fields of an entry that are filled in.
func fieldsOf(e Entry) (map[string]json.RawMessage, error) {
	body, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("read the fields of %s: %w", e.Ref(), err)
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(body, &fields); err != nil {
		return nil, fmt.Errorf("read the fields of %s: %w", e.Ref(), err)
	}
	return fields, nil
}
