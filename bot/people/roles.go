package people

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/sahilm/fuzzy"

	"signpost/knowledge"
)

//go:embed roles.txt
var rolesFile string

// A RoleName is how a word of the audience vocabulary is shown and typed.
type RoleName struct {
	Role      knowledge.Role
	One, Many string   // "nurse", "nurses"
	Also      []string // "staff nurse", "rn", ...
}

// Roles lists the audience vocabulary, everybody first.
var Roles = readRoles(rolesFile)

func readRoles(file string) []RoleName {
	var roles []RoleName
	for line := range strings.Lines(file) {
		parts := strings.Split(strings.TrimSpace(line), " | ")
		if strings.HasPrefix(line, "#") || len(parts) != 4 {
			continue
		}
		roles = append(roles, RoleName{knowledge.Role(parts[0]), parts[1], parts[2], strings.Split(parts[3], ", ")})
	}
	return roles
}

// NameOf gives how a role is shown; an unknown one is shown by its id.
func NameOf(role knowledge.Role) RoleName {
	i := slices.IndexFunc(Roles, func(r RoleName) bool { return r.Role == role })
	if i < 0 {
		return RoleName{Role: role, One: string(role), Many: string(role)}
	}
	return Roles[i]
}

// Called gives another name of the role that holds what was typed, such as "receptionist" for an administrator; "" where
// the role's own name holds it, or none does.
func (r RoleName) Called(typed string) string {
	typed = strings.ToLower(strings.TrimSpace(typed))
	holds := func(name string) bool { return strings.Contains(strings.ToLower(name), typed) }
	if i := slices.IndexFunc(r.Also, holds); i >= 0 && !holds(r.One) {
		return r.Also[i]
	}
	return ""
}

// RoleCalled finds the role that somebody means by a word or two, such as "Staff Nurse" or "hca".
func RoleCalled(said string) (RoleName, bool) {
	said = strings.Join(strings.Fields(strings.ToLower(strings.NewReplacer("-", " ", ".", "").Replace(said))), " ")
	for _, article := range []string{"a ", "an ", "the "} {
		said = strings.TrimPrefix(said, article)
	}
	for _, r := range Roles {
		names := append([]string{string(r.Role), r.One, r.Many}, r.Also...)
		for _, name := range names {
			if strings.ReplaceAll(strings.ToLower(name), "-", " ") == said {
				return r, true
			}
		}
	}
	return RoleName{}, false
}

// NearRoles lists up to n roles one of whose names resembles what was typed, best first.
func NearRoles(typed string, n int) []RoleName {
	var names []string
	var owner []int
	for i, r := range Roles {
		for _, name := range append([]string{r.One, r.Many}, r.Also...) {
			names, owner = append(names, name), append(owner, i)
		}
	}
	var found []RoleName
	for _, match := range fuzzy.Find(strings.TrimSpace(typed), names) {
		r := Roles[owner[match.Index]]
		if !slices.ContainsFunc(found, func(f RoleName) bool { return f.Role == r.Role }) && len(found) < n {
			found = append(found, r)
		}
	}
	return found
}
