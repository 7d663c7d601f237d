package check

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"

	"signpost/knowledge"
)

// Print writes the result as a table for people: by kind of phrasing, by topic, then the pairs most often confused.
func (l LeaveOneOut) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "held out\tasked\tfirst\tfirst three\n")
	for _, kind := range knowledge.PhrasingKinds {
		if f := l.ByKind[kind]; f != nil {
			f.print(t, string(kind))
		}
	}
	l.Barred.print(t, "goal, symptom and on the screen")
	l.All.print(t, "all")
	fmt.Fprint(t, "\ntopic\tasked\tfirst\tfirst three\n")
	for _, topic := range slices.Sorted(maps.Keys(l.ByTopic)) {
		l.ByTopic[topic].print(t, topic)
	}
	if len(l.Pairs) > 0 {
		fmt.Fprint(t, "\nconfused\twith\ttimes\tfor example\n")
	}
	for _, p := range l.Pairs {
		fmt.Fprintf(t, "%s\t%s\t%d\t%q of %s\n", p.A, p.B, p.Times, p.Example, p.Of)
	}
	return t.Flush()
}

func (f Found) print(w io.Writer, name string) {
	fmt.Fprintf(w, "%s\t%d\t%.1f %%\t%.1f %%\n", name, f.N, 100*f.Top1(), 100*f.Top3())
}
