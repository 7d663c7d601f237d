//go:build amd64 && cgo

// The kernels for CPUs with AVX2. kernel.go says what each computes and in which order it sums; portable.go does the same
// in Go, to the last bit. FMA is left out of the target on purpose, as a fused product is rounded once and Go's twice; the
// pragmas keep it out when flags from outside, such as -march=native, bring it in.

#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#else
#pragma GCC optimize("fp-contract=off")
#endif

#include <immintrin.h>
#include <stddef.h>
#include <string.h>

#include "avx2.h"

#define AVX2 __attribute__((target("avx2")))
#define INLINE AVX2 static inline __attribute__((always_inline))

enum { MAX_TOKENS = 256, HEAD = 32, BLOCK = 16, WHOLE_MAX = 8191 };

int signpost_has_avx2(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") != 0;
}

INLINE __m256 muladd(__m256 a, __m256 b, __m256 c) { return _mm256_add_ps(_mm256_mul_ps(a, b), c); }

// sum8 adds halves, halves of halves, the last two.
INLINE float sum8(__m256 v) {
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}

INLINE float max8(__m256 v) {
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(two, _mm_shuffle_ps(two, two, 1)));
}

// round_row writes a row as whole numbers and returns what one step is worth.
INLINE float round_row(int16_t *dst, const float *src, int n) {
    const __m256 sign = _mm256_set1_ps(-0.0f);
    __m256 most8 = _mm256_setzero_ps();
    for (int i = 0; i < n; i += 8)
        most8 = _mm256_max_ps(most8, _mm256_andnot_ps(sign, _mm256_loadu_ps(src + i)));
    float most = max8(most8);
    if (most < 1e-30f) {
        memset(dst, 0, (size_t)n * sizeof *dst);
        return 0;
    }
    const __m256 up = _mm256_set1_ps((float)WHOLE_MAX / most);
    for (int i = 0; i < n; i += 16) {
        __m256i a = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(src + i), up));
        __m256i b = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(src + i + 8), up));
        __m256i both = _mm256_permute4x64_epi64(_mm256_packs_epi32(a, b), 0xd8);
        _mm256_storeu_si256((__m256i *)(dst + i), both);
    }
    return most / (float)WHOLE_MAX;
}

// tile multiplies T tokens with one block of 16 outputs; T is a constant, so that the 2 T sums stay in registers. A step
// takes two inputs: 32 weights are widened to 16 bits once and serve T tokens. 16-bit activations cost no more than
// 8-bit ones here (one vpmaddwd for 16 products, as vpmaddubsw needs a second instruction to add up) and cannot overflow.
INLINE void tile(const int T, float *dst, const int16_t *x, const float *scales, int in, int out, const int8_t *w,
                 const float *scale, const float *bias) {
    __m256i sum[6][2];
#pragma GCC unroll 6
    for (int t = 0; t < T; t++) sum[t][0] = sum[t][1] = _mm256_setzero_si256();
    for (int i = 0; i < in; i += 2, w += 2 * BLOCK) {
        _mm_prefetch((const char *)w + BLOCK * in, _MM_HINT_T0); // the next block; beyond the last one it does no harm
        __m256i w0 = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)w));
        __m256i w1 = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(w + 16)));
#pragma GCC unroll 6
        for (int t = 0; t < T; t++) {
            int32_t two;
            memcpy(&two, x + (size_t)t * in + i, sizeof two);
            __m256i a = _mm256_set1_epi32(two);
            sum[t][0] = _mm256_add_epi32(sum[t][0], _mm256_madd_epi16(a, w0));
            sum[t][1] = _mm256_add_epi32(sum[t][1], _mm256_madd_epi16(a, w1));
            // Keep the compiler to this order: left alone it loads all activations first and has no registers for the sums.
            __asm__ volatile("" : "+x"(sum[t][0]), "+x"(sum[t][1]));
        }
    }
#pragma GCC unroll 6
    for (int t = 0; t < T; t++)
        for (int h = 0; h < 2; h++) {
            __m256 step = _mm256_mul_ps(_mm256_loadu_ps(scale + 8 * h), _mm256_set1_ps(scales[t]));
            __m256 y = muladd(_mm256_cvtepi32_ps(sum[t][h]), step, _mm256_loadu_ps(bias + 8 * h));
            _mm256_storeu_ps(dst + (size_t)t * out + 8 * h, y);
        }
}

AVX2 void signpost_linear(float *dst, const float *src, int rows, int in, int out, const int8_t *data, const float *scale,
                          const float *bias, int16_t *whole, float *scales) {
    for (int r = 0; r < rows; r++) scales[r] = round_row(whole + (size_t)r * in, src + (size_t)r * in, in);
    int tiles = (rows + 5) / 6;
    for (int o = 0; o < out; o += BLOCK) {
        const int8_t *w = data + (size_t)o * in;
        for (int i = 0, r = 0; i < tiles; i++) {
            int next = rows * (i + 1) / tiles; // tiles of nearly the same height: 5+5+4 beats 6+6+2
            float *d = dst + (size_t)r * out + o;
            const int16_t *x = whole + (size_t)r * in;
            switch (next - r) {
            case 1: tile(1, d, x, scales + r, in, out, w, scale + o, bias + o); break;
            case 2: tile(2, d, x, scales + r, in, out, w, scale + o, bias + o); break;
            case 3: tile(3, d, x, scales + r, in, out, w, scale + o, bias + o); break;
            case 4: tile(4, d, x, scales + r, in, out, w, scale + o, bias + o); break;
            case 5: tile(5, d, x, scales + r, in, out, w, scale + o, bias + o); break;
            case 6: tile(6, d, x, scales + r, in, out, w, scale + o, bias + o); break;
            }
            r = next;
        }
    }
}

// block multiplies one vector with one block of 16 rows.
INLINE void block(float *dst, const int16_t *x, float step, int in, const int8_t *w, const float *scale) {
    __m256i sum[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    for (int i = 0; i < in; i += 2, w += 2 * BLOCK) {
        int32_t two;
        memcpy(&two, x + i, sizeof two);
        __m256i a = _mm256_set1_epi32(two);
        for (int h = 0; h < 2; h++) {
            __m256i wide = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(w + 16 * h)));
            sum[h] = _mm256_add_epi32(sum[h], _mm256_madd_epi16(a, wide));
        }
    }
    for (int h = 0; h < 2; h++) {
        __m256 by = _mm256_mul_ps(_mm256_loadu_ps(scale + 8 * h), _mm256_set1_ps(step));
        _mm256_storeu_ps(dst + 8 * h, _mm256_mul_ps(_mm256_cvtepi32_ps(sum[h]), by));
    }
}

AVX2 void signpost_products(float *dst, int from, int to, int in, const int8_t *data, const float *scale, const int16_t *x,
                            float step) {
    for (int o = from / BLOCK * BLOCK; o < to; o += BLOCK) {
        const int8_t *w = data + (size_t)o * in;
        if (o >= from && o + BLOCK <= to) {
            block(dst + (o - from), x, step, in, w, scale + o);
            continue;
        }
        float some[BLOCK]; // only a part of this block is wanted
        block(some, x, step, in, w, scale + o);
        int first = o < from ? from : o, end = o + BLOCK < to ? o + BLOCK : to;
        memcpy(dst + (first - from), some + (first - o), (size_t)(end - first) * sizeof *dst);
    }
}

// rows are packed as rows.go says: four bytes of scale, then the weights.
AVX2 void signpost_rows(float *dst, int n, int in, const uint8_t *rows, const int16_t *x, float step) {
    for (int r = 0; r < n; r++, rows += in + 4) {
        const uint8_t *w = rows + 4;
        __m256i sum = _mm256_setzero_si256(), other = sum;
        int i = 0;
        for (; i + 32 <= in; i += 32) {
            __m256i a = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(w + i)));
            __m256i b = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(w + i + 16)));
            sum = _mm256_add_epi32(sum, _mm256_madd_epi16(a, _mm256_loadu_si256((const __m256i *)(x + i))));
            other = _mm256_add_epi32(other, _mm256_madd_epi16(b, _mm256_loadu_si256((const __m256i *)(x + i + 16))));
        }
        int32_t lanes[8], all = 0;
        _mm256_storeu_si256((__m256i *)lanes, _mm256_add_epi32(sum, other));
        for (int l = 0; l < 8; l++) all += lanes[l];
        for (; i < in; i++) all += (int32_t)(int8_t)w[i] * x[i];
        float scale;
        memcpy(&scale, rows, sizeof scale);
        dst[r] = (float)all * (scale * step);
    }
}

INLINE __m256 exp8(__m256 x) {
    x = _mm256_max_ps(x, _mm256_set1_ps(-87));
    __m256 n = _mm256_mul_ps(x, _mm256_set1_ps(1.44269504088896341f));
    n = _mm256_round_ps(n, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __m256 r = _mm256_sub_ps(x, _mm256_mul_ps(n, _mm256_set1_ps(0.693359375f)));
    r = _mm256_sub_ps(r, _mm256_mul_ps(n, _mm256_set1_ps(-2.12194440e-4f)));
    __m256 y = _mm256_set1_ps(1.9875691500e-4f);
    y = muladd(y, r, _mm256_set1_ps(1.3981999507e-3f));
    y = muladd(y, r, _mm256_set1_ps(8.3334519073e-3f));
    y = muladd(y, r, _mm256_set1_ps(4.1665795894e-2f));
    y = muladd(y, r, _mm256_set1_ps(1.6666665459e-1f));
    y = muladd(y, r, _mm256_set1_ps(5.0000001201e-1f));
    y = muladd(_mm256_mul_ps(y, r), r, r);
    y = _mm256_add_ps(y, _mm256_set1_ps(1));
    __m256i power = _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23);
    return _mm256_mul_ps(y, _mm256_castsi256_ps(power));
}

// softmax works on n scores in room for a multiple of eight; the surplus becomes zero.
INLINE float softmax(float *scores, int n) {
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    for (int j = n; j % 8 != 0; j++) scores[j] = scores[0];
    __m256 most8 = _mm256_loadu_ps(scores);
    for (int j = 8; j < n; j += 8) most8 = _mm256_max_ps(most8, _mm256_loadu_ps(scores + j));
    const __m256 most = _mm256_set1_ps(max8(most8));
    __m256 sum = _mm256_setzero_ps();
    for (int j = 0; j < n; j += 8) {
        __m256 inside = _mm256_castsi256_ps(_mm256_cmpgt_epi32(_mm256_set1_epi32(n - j), lane));
        __m256 e = _mm256_and_ps(inside, exp8(_mm256_sub_ps(_mm256_loadu_ps(scores + j), most)));
        _mm256_storeu_ps(scores + j, e);
        sum = _mm256_add_ps(sum, e);
    }
    return sum8(sum);
}

// score4 scores four queries, a row of qkv apart, against all keys; keys stand as columns, so that a vector holds the same
// number of eight keys. Queries may be the same one.
INLINE void score4(float scores[4][MAX_TOKENS], const float *q[4], const float *keys, int n) {
    const __m256 by = _mm256_set1_ps(0.17677669529663687f);
    for (int j = 0; j < n; j += 8) {
        __m256 sum[4];
#pragma GCC unroll 4
        for (int i = 0; i < 4; i++) sum[i] = _mm256_setzero_ps();
        for (int d = 0; d < HEAD; d++) {
            __m256 key = _mm256_loadu_ps(keys + d * MAX_TOKENS + j);
#pragma GCC unroll 4
            for (int i = 0; i < 4; i++) sum[i] = muladd(_mm256_set1_ps(q[i][d]), key, sum[i]);
        }
#pragma GCC unroll 4
        for (int i = 0; i < 4; i++) _mm256_storeu_ps(scores[i] + j, _mm256_mul_ps(sum[i], by));
    }
}

// mix adds up the values of all tokens, each as much as its score says.
INLINE void mix(float *dst, const float *scores, float total, const float *values, int n, int stride) {
    __m256 sum[4];
#pragma GCC unroll 4
    for (int d = 0; d < 4; d++) sum[d] = _mm256_setzero_ps();
    for (int j = 0; j < n; j++) {
        __m256 p = _mm256_set1_ps(scores[j]);
#pragma GCC unroll 4
        for (int d = 0; d < 4; d++) sum[d] = muladd(p, _mm256_loadu_ps(values + (size_t)j * stride + 8 * d), sum[d]);
    }
#pragma GCC unroll 4
    for (int d = 0; d < 4; d++) _mm256_storeu_ps(dst + 8 * d, _mm256_div_ps(sum[d], _mm256_set1_ps(total)));
}

AVX2 void signpost_attend(float *dst, const float *qkv, int n, int width) {
    float keys[HEAD * MAX_TOKENS], scores[4][MAX_TOKENS]; // 36 kB of the C stack
    const int stride = 3 * width;
    for (int head = 0; head < width; head += HEAD) {
        const float *query = qkv + head, *key = qkv + width + head, *value = qkv + 2 * width + head;
        for (int j = 0; j < (n + 7) / 8 * 8; j++)
            for (int d = 0; d < HEAD; d++) keys[d * MAX_TOKENS + j] = j < n ? key[(size_t)j * stride + d] : 0;
        for (int i = 0; i < n; i += 4) {
            const float *q[4];
            for (int t = 0; t < 4; t++) q[t] = query + (size_t)(i + t < n ? i + t : n - 1) * stride;
            score4(scores, q, keys, n);
            for (int t = 0; t < 4 && i + t < n; t++) {
                float total = softmax(scores[t], n);
                mix(dst + (size_t)(i + t) * width + head, scores[t], total, value, n, stride);
            }
        }
    }
}

AVX2 void signpost_gelu(float *x, int n) {
    const __m256 four = _mm256_set1_ps(4), minus_four = _mm256_set1_ps(-4), one = _mm256_set1_ps(1);
    for (int i = 0; i < n; i += 8) {
        __m256 v = _mm256_loadu_ps(x + i);
        __m256 z = _mm256_mul_ps(v, _mm256_set1_ps(0.70710678118654752f));
        z = _mm256_min_ps(_mm256_max_ps(z, minus_four), four);
        __m256 s = _mm256_mul_ps(z, z);
        __m256 top = _mm256_set1_ps(-2.72614225801306e-10f);
        top = muladd(top, s, _mm256_set1_ps(2.77068142495902e-08f));
        top = muladd(top, s, _mm256_set1_ps(-2.10102402082508e-06f));
        top = muladd(top, s, _mm256_set1_ps(-5.69250639462346e-05f));
        top = muladd(top, s, _mm256_set1_ps(-7.34990630326855e-04f));
        top = muladd(top, s, _mm256_set1_ps(-2.95459980854025e-03f));
        top = muladd(top, s, _mm256_set1_ps(-1.60960333262415e-02f));
        __m256 bottom = _mm256_set1_ps(-1.45660718464996e-05f);
        bottom = muladd(bottom, s, _mm256_set1_ps(-2.13374055278905e-04f));
        bottom = muladd(bottom, s, _mm256_set1_ps(-1.68282697438203e-03f));
        bottom = muladd(bottom, s, _mm256_set1_ps(-7.37332916720468e-03f));
        bottom = muladd(bottom, s, _mm256_set1_ps(-1.42647390514189e-02f));
        __m256 erf = _mm256_div_ps(_mm256_mul_ps(z, top), bottom);
        __m256 half = _mm256_mul_ps(v, _mm256_set1_ps(0.5f));
        _mm256_storeu_ps(x + i, _mm256_mul_ps(half, _mm256_add_ps(one, erf)));
    }
}

AVX2 void signpost_add_norm(float *x, const float *y, int rows, int width, const float *gain, const float *bias) {
    for (int r = 0; r < rows; r++, x += width, y += width) {
        __m256 sum = _mm256_setzero_ps(), squares = _mm256_setzero_ps();
        for (int i = 0; i < width; i += 8) {
            __m256 v = _mm256_add_ps(_mm256_loadu_ps(x + i), _mm256_loadu_ps(y + i));
            _mm256_storeu_ps(x + i, v);
            sum = _mm256_add_ps(sum, v);
        }
        const __m256 mean = _mm256_set1_ps(sum8(sum) / (float)width);
        for (int i = 0; i < width; i += 8) {
            __m256 v = _mm256_sub_ps(_mm256_loadu_ps(x + i), mean);
            _mm256_storeu_ps(x + i, v);
            squares = muladd(v, v, squares);
        }
        __m128 variance = _mm_set_ss(sum8(squares) / (float)width + 1e-12f);
        const __m256 spread = _mm256_broadcastss_ps(_mm_sqrt_ss(variance));
        for (int i = 0; i < width; i += 8) {
            __m256 v = _mm256_div_ps(_mm256_loadu_ps(x + i), spread);
            _mm256_storeu_ps(x + i, muladd(v, _mm256_loadu_ps(gain + i), _mm256_loadu_ps(bias + i)));
        }
    }
}
