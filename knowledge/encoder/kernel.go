package encoder

// A kernel is the arithmetic of the model. There is one in plain Go and one in C for AVX2; [bestKernel] picks by CPU.
//
// They agree to the last bit. Sums of floats depend on their order, so each function below says its order, and no
// multiplication is fused with an addition: in Go the conversion float32(a*b) forbids that, in C the absence of FMA from
// the target does.
type kernel struct {
	name string

	// look writes row i of a table to dst.
	look func(dst []float32, t *table, i int)

	// linear computes dst = src * m + bias row by row. It first rounds each row of src to whole numbers of at most
	// [wholeMax] (into whole, one step being worth scales[row]); what remains is a product of whole numbers, exact.
	linear func(dst, src []float32, m *matrix, whole []int16, scales []float32)

	// products computes v * m for the outputs from "from" on, as many as dst has room for, without bias: the same sums of
	// whole numbers as in linear, each times the product of the two steps.
	products func(dst []float32, m *matrix, v Rounded, from int)

	// attend computes softmax(q k' / sqrt(32)) v for every head of one text of n tokens (n <= maxTokens). A row of qkv is
	// queries, keys and values joined. Scores are summed along the head's width, results along the tokens, both from
	// first to last; the sum under the softmax goes by eight lanes (see sum8).
	attend func(dst, qkv []float32, n int)

	// gelu replaces x by x * Phi(x), the Gaussian error linear unit, with a rational approximation of erf.
	gelu func(x []float32)

	// addNorm adds y to x and normalises each row: mean 0, variance 1, then times gain plus bias. Sums go by eight lanes.
	// y may have more rows than x.
	addNorm func(x, y []float32, n *layerNorm)
}

// wholeMax bounds rounded activations. 8,191 x 127 x 2,048 inputs is the most that a 32-bit sum can hold; with 13 bits and a
// scale for every row the rounding is lost beside that of the weights.
const (
	wholeMax = 8191
	maxInner = 2048
)

// blockOut is how many outputs a block of a matrix holds; see matrix.
const blockOut = 16

// A matrix is a linear layer with weights of eight bits: output o is worth scale[o] for each step.
type matrix struct {
	in, out int
	scale   []float32
	bias    []float32

	// data holds signed bytes, in blocks of 16 outputs. In a block pairs of inputs follow each other, and for a pair the
	// outputs: (o0 i0)(o0 i1)(o1 i0)(o1 i1)... (o15 i1), (o0 i2)(o0 i3)... which is the order in which AVX2 multiplies
	// sixteen 16-bit numbers and adds neighbours.
	data []byte
}

// at is where the weight from input i to output o stands in data.
func (m *matrix) at(o, i int) int {
	return o/blockOut*blockOut*m.in + i/2*2*blockOut + o%blockOut*2 + i%2
}

// A table is a row of signed bytes for every token; row i is worth scale[i] for each step. It is looked up, never multiplied:
// that is what a [Table] is for.
type table struct {
	width int
	scale []float32
	data  []byte
}

// A layerNorm is what a layer normalisation multiplies by and adds.
type layerNorm struct {
	gain, bias []float32
}

// Constants that both kernels must share; avx2.c has the same ones.
const (
	normEpsilon = 1e-12
	scoreScale  = 0.17677669529663687 // 1/sqrt(headWidth)
	tiny        = 1e-30               // a row with no larger number is taken for zeros
	roundMagic  = 12582912            // 1.5 * 2^23: adding and taking it away rounds to the nearest whole number, ties to even
)

// erf(x) for |x| <= 4 is x P(x^2) / Q(x^2), the minimax approximation that Eigen uses; it is right to about 1e-7.
var (
	erfTop = [7]float32{
		-2.72614225801306e-10, 2.77068142495902e-08, -2.10102402082508e-06, -5.69250639462346e-05,
		-7.34990630326855e-04, -2.95459980854025e-03, -1.60960333262415e-02,
	}
	erfBottom = [5]float32{
		-1.45660718464996e-05, -2.13374055278905e-04, -1.68282697438203e-03, -7.37332916720468e-03, -1.42647390514189e-02,
	}
)

// exp(x) = 2^n exp(r): n is x/ln 2 rounded, r the rest, its exponential a polynomial (Cephes, expf).
const (
	expLow   = -87
	expLog2e = 1.44269504088896341
	expLn2a  = 0.693359375
	expLn2b  = -2.12194440e-4
)

var expPoly = [6]float32{
	1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
}
