// Package encoder turns text into unit vectors that are near each other when the meanings are.
//
// Start from [Load], which reads the file that [Pack] made, and call [Model.Encode] for a question or [Model.EncodeAll]
// for a whole base; the dot product of two vectors is their cosine, and a [Table] multiplies many vectors by one. The
// package is optional: without a model file Load says [ErrMissing] and the matcher goes on with words alone.
//
// The model is all-MiniLM-L6-v2: BERT (Devlin et al. 2018, "BERT: Pre-training of Deep Bidirectional Transformers"), six
// layers of 384 distilled as MiniLM (Wang et al. 2020, "MiniLM: Deep Self-Attention Distillation"), trained to give a
// sentence one vector by averaging its tokens (Reimers & Gurevych 2019, "Sentence-BERT"). It is written out by hand here,
// without a machine-learning runtime:
//
//	tokenizer.go  text -> token ids            forward.go   token ids -> vectors
//	file.go       the packed file              pack.go      published weights -> packed file
//	kernel.go     the six operations           portable.go, avx2.c   they, in Go and in C for AVX2
//	tensors.go    the published file           build.go     rounding to eight bits
//	table.go      many vectors by one         rows.go      a few by one
//
// The same text gives the same vector to the last bit, alone or in a batch, whichever kernels run: products of weights and
// activations are sums of integers, which are exact, and the rest is done in one agreed order. So a vector may be kept
// under [Model.ID] and compared with one made on another machine.
package encoder
