// Command compare asks several ways of searching the same public questions and prints how often each finds the right
// entry. Start reading at [systems], which lists what is compared; measure.go does the asking, figures.go the arithmetic.
//
// Compared, over one base and one set of questions in one run:
//
//   - signpost: Signpost's matcher on words alone (no vectors, no glossary, no context), as package match makes it
//   - bleve: bleve v2 as it comes: default mapping and analyser (lower case, English stop words, no stems), default score
//     (TF-IDF), index on disk, one document per entry with its phrasings joined, a match query; ties go by id
//   - fts5 entry: SQLite FTS5, bm25, words of the question joined by OR, one row per entry with its phrasings joined
//   - fts5 phrasing: the same with one row per phrasing; an entry stands where its best phrasing does
//   - fuzzy: sahilm/fuzzy over the phrasings; an entry stands where its best phrasing does
//
// The protocol is "10-shot FAQ", told in the README of the bench folder: an entry is a label, its phrasings are the rows
// of train10.jsonl, and every row of test.jsonl is asked. Rows of oos.jsonl, where there are any, have no right entry.
//
// What is not fair in it:
//
//   - Signpost's parameters were chosen on these sets' training phrasings and on CLINC150's validation file; the others
//     run as they come. None was tuned on a test file.
//   - Bleve could stem (its "en" analyser) and score by BM25 if told to; FTS5 has its porter stemmer on, because a word
//     in the table's definition turns it on.
//   - Only Signpost gives a probability. AUROC and cov@P95 take the top score of the others as it is, and a BM25 or
//     TF-IDF score was never meant to be compared between questions.
//   - fuzzy wants the letters of the question in order within a phrasing. It is made for file names and type-ahead, so a
//     whole sentence seldom matches anything; it is here as the floor.
//   - Signpost and fuzzy are in memory and called directly; bleve and FTS5 read an index on disk (in the page cache), and
//     FTS5 is reached through database/sql and cgo. Their times include that, as a program's would. One question at a
//     time, once: on a busy machine a time may be double, and only the order of magnitude should be quoted.
//   - The questions are about banking and about orders to an assistant, not about care staff's digital work, and entries
//     have phrasings only: no title, answer or names of systems, which all but fuzzy could use.
//
// FTS5 is a build tag of the SQLite driver, and bleve is large, so this is a module of its own that nothing imports:
//
//	go -C knowledge/match/compare run -tags sqlite_fts5 . [--bench folder] [--json]
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// benchBeside is where the public sets lie, seen from this module's folder: shared/bench beside the project.
const benchBeside = "../../../../shared/bench"

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

// run compares and prints. A missing bench folder is no failure: the sets are not part of the project.
func run(args []string, out, notes io.Writer) error {
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	flags.SetOutput(notes)
	bench := flags.String("bench", benchBeside, "folder of the public sets")
	asJSON := flags.Bool("json", false, "print JSON instead of a table")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if _, err := os.Stat(*bench); errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(notes, "compare: skipped, there is no folder %s; name the one with the public sets with --bench\n", *bench)
		return nil
	}
	sets, err := readSets(*bench)
	if err != nil {
		return err
	}
	results, err := compareAll(sets, notes)
	if err != nil {
		return err
	}
	if *asJSON {
		return printJSON(out, results)
	}
	return printTable(out, results)
}

func compareAll(sets []set, notes io.Writer) ([]result, error) {
	var results []result
	for _, s := range sets {
		for _, sys := range systems {
			fmt.Fprintf(notes, "asking %s %d questions of %s\n", sys.name, len(s.Asked)+len(s.Outside), s.Name)
			r, err := measure(s, sys)
			if err != nil {
				return nil, fmt.Errorf("measuring %s on %s: %w", sys.name, s.Name, err)
			}
			results = append(results, r)
		}
	}
	return results, nil
}
