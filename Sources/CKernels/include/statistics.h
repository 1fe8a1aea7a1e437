// Loops over features, distances and projections. Doubles are added up in eight lanes, each operation
// rounded, so that every instruction set gives the same bits.
#ifndef CKERNELS_STATISTICS_H
#define CKERNELS_STATISTICS_H

#include <stddef.h>

/// The first index in `first ..< count` at which `values` lies below `limit`; else `count`.
size_t ck_next_below(const float *values, size_t first, size_t count, float limit);

/// The first index i in `first ..< count` at which `values` lies below `limit` or below
/// `limits[i] - shift`; else `count`.
size_t ck_next_within(const float *values, const float *limits, float shift, size_t first, size_t count,
                      float limit);

/// The squared Euclidean distance of two vectors.
double ck_squared_distance_f32(const double *x, const float *y, size_t count);
double ck_squared_distance_f64(const double *x, const double *y, size_t count);

/// The inner product of two vectors.
double ck_dot_f64(const double *x, const double *y, size_t count);

/// y = y + factor * x.
void ck_add_scaled_f64(double *y, const double *x, double factor, size_t count);

/// The sum of all values, each cubed as a double.
double ck_sum_of_cubes(const float *values, size_t count);

/// destination = (source - centre) * scale, rounded to floats; returns the sum of squares before rounding.
double ck_centre_f32(float *destination, const float *source, const double *centre, double scale, size_t count);
double ck_centre_f64(float *destination, const double *source, const double *centre, double scale, size_t count);

#endif
