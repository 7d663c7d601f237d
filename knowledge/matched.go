package knowledge

import "signpost/knowledge/match"

// Doc gives what the matcher is told about the entry, for those who measure how well the base finds it.
func (e *Entry) Doc() match.Doc { return docOf(e) }

// Glossary makes the matcher's glossary of terms, as a Base does.
func Glossary(terms []Term) *match.Glossary { return glossaryOf(terms) }
