//go:build amd64 && cgo

#include <stdint.h>

// Whether CPU and operating system can do AVX2.
int signpost_has_avx2(void);

// The kernels of avx2.c; kernel.go says what each computes.
void signpost_linear(float *dst, const float *src, int rows, int in, int out, const int8_t *data, const float *scale,
                     const float *bias, int16_t *whole, float *scales);
void signpost_products(float *dst, int from, int to, int in, const int8_t *data, const float *scale, const int16_t *x,
                       float step);
void signpost_rows(float *dst, int n, int in, const uint8_t *rows, const int16_t *x, float step);
void signpost_attend(float *dst, const float *qkv, int n, int width);
void signpost_gelu(float *x, int n);
void signpost_add_norm(float *x, const float *y, int rows, int width, const float *gain, const float *bias);
