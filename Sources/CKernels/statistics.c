#include "statistics.h"

#pragma clang fp contract(off)

enum { lanes = 8, block = 32 };

typedef float floats __attribute__((ext_vector_type(lanes), aligned(4)));
typedef double doubles __attribute__((ext_vector_type(lanes), aligned(8)));

// Not functions: a vector's place between them differs from one instruction set to the next.
#define loaded(source) (*(const doubles *)(source))
#define widened(source) __builtin_convertvector(*(const floats *)(source), doubles)
#define total(sums) \
  (((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7])))

// MARK: Scans

size_t ck_next_below(const float *values, size_t first, size_t count, float limit) {
  size_t i = first;
  for (; i + block <= count; i += block) {
    int hits = 0;
    for (size_t k = 0; k < block; k++) hits |= values[i + k] < limit;
    if (hits) break;
  }
  while (i < count && !(values[i] < limit)) i++;
  return i;
}

size_t ck_next_within(const float *values, const float *limits, float shift, size_t first, size_t count,
                      float limit) {
  size_t i = first;
  for (; i + block <= count; i += block) {
    int hits = 0;
    for (size_t k = 0; k < block; k++) hits |= (values[i + k] < limit) | (values[i + k] < limits[i + k] - shift);
    if (hits) break;
  }
  while (i < count && !(values[i] < limit || values[i] < limits[i] - shift)) i++;
  return i;
}

// MARK: Distances and products

double ck_squared_distance_f32(const double *x, const float *y, size_t count) {
  const size_t whole = count - count % lanes;
  doubles sums = (doubles)0.0;
  for (size_t i = 0; i < whole; i += lanes) {
    const doubles difference = loaded(x + i) - widened(y + i);
    sums += difference * difference;
  }
  double sum = total(sums);
  for (size_t i = whole; i < count; i++) {
    const double difference = x[i] - y[i];
    sum += difference * difference;
  }
  return sum;
}

double ck_squared_distance_f64(const double *x, const double *y, size_t count) {
  const size_t whole = count - count % lanes;
  doubles sums = (doubles)0.0;
  for (size_t i = 0; i < whole; i += lanes) {
    const doubles difference = loaded(x + i) - loaded(y + i);
    sums += difference * difference;
  }
  double sum = total(sums);
  for (size_t i = whole; i < count; i++) {
    const double difference = x[i] - y[i];
    sum += difference * difference;
  }
  return sum;
}

double ck_dot_f64(const double *x, const double *y, size_t count) {
  const size_t whole = count - count % lanes;
  doubles sums = (doubles)0.0;
  for (size_t i = 0; i < whole; i += lanes) sums += loaded(x + i) * loaded(y + i);
  double sum = total(sums);
  for (size_t i = whole; i < count; i++) sum += x[i] * y[i];
  return sum;
}

void ck_add_scaled_f64(double *y, const double *x, double factor, size_t count) {
  const size_t whole = count - count % lanes;
  for (size_t i = 0; i < whole; i += lanes) *(doubles *)(y + i) = loaded(y + i) + loaded(x + i) * factor;
  for (size_t i = whole; i < count; i++) y[i] += x[i] * factor;
}

double ck_sum_of_cubes(const float *values, size_t count) {
  const size_t whole = count - count % lanes;
  doubles sums = (doubles)0.0;
  for (size_t i = 0; i < whole; i += lanes) {
    const doubles value = widened(values + i);
    sums += value * value * value;
  }
  double sum = total(sums);
  for (size_t i = whole; i < count; i++) {
    const double value = values[i];
    sum += value * value * value;
  }
  return sum;
}

// MARK: Centring

double ck_centre_f32(float *destination, const float *source, const double *centre, double scale, size_t count) {
  const size_t whole = count - count % lanes;
  doubles sums = (doubles)0.0;
  for (size_t i = 0; i < whole; i += lanes) {
    const doubles value = (widened(source + i) - loaded(centre + i)) * scale;
    sums += value * value;
    *(floats *)(destination + i) = __builtin_convertvector(value, floats);
  }
  double sum = total(sums);
  for (size_t i = whole; i < count; i++) {
    const double value = (source[i] - centre[i]) * scale;
    sum += value * value;
    destination[i] = (float)value;
  }
  return sum;
}

double ck_centre_f64(float *destination, const double *source, const double *centre, double scale, size_t count) {
  const size_t whole = count - count % lanes;
  doubles sums = (doubles)0.0;
  for (size_t i = 0; i < whole; i += lanes) {
    const doubles value = (loaded(source + i) - loaded(centre + i)) * scale;
    sums += value * value;
    *(floats *)(destination + i) = __builtin_convertvector(value, floats);
  }
  double sum = total(sums);
  for (size_t i = whole; i < count; i++) {
    const double value = (source[i] - centre[i]) * scale;
    sum += value * value;
    destination[i] = (float)value;
  }
  return sum;
}
