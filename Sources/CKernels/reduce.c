#include "reduce.h"

#include "loops.h"
#include "team.h"

#include <string.h>

typedef struct {
  float *dst;
  const float *src;
  size_t rows, columns;
} shared_sums;

static void sum_rows_share(void *context, int member, int members) {
  const shared_sums *work = context;
  // Whole blocks of rows.
  const size_t share = (work->rows / (size_t)members + 7) / 8 * 8;
  const size_t first = share * (size_t)member;
  if (first >= work->rows) return;
  const size_t rest = work->rows - first;
  ck_active_loops()->sum_rows(work->dst + first, work->src + first * work->columns,
                              member == members - 1 || rest < share ? rest : share,
                              work->columns);
}

void ck_sum_rows_shared(float *dst, const float *src, size_t rows, size_t columns, int members) {
  shared_sums work = {dst, src, rows, columns};
  ck_team_run(sum_rows_share, &work, members);
}

static void sum_columns_share(void *context, int member, int members) {
  const shared_sums *work = context;
  const size_t share = (work->columns / (size_t)members + 15) / 16 * 16;
  const size_t first = share * (size_t)member;
  if (first >= work->columns) return;
  const size_t rest = work->columns - first;
  ck_active_loops()->sum_columns(work->dst, work->src, work->rows, work->columns, first,
                                 member == members - 1 || rest < share ? rest : share);
}

void ck_sum_columns_shared(float *dst, const float *src, size_t rows, size_t columns,
                           int members) {
  shared_sums work = {dst, src, rows, columns};
  ck_team_run(sum_columns_share, &work, members);
}

void ck_join_chunks(float *dst, const double *partials, size_t chunks, size_t columns) {
  for (size_t column = 0; column < columns; column++) {
    double sum = 0;
    for (size_t chunk = 0; chunk < chunks; chunk++) sum += partials[chunk * columns + column];
    dst[column] = (float)sum;
  }
}

typedef struct {
  double *partials;
  const float *src;
  size_t rows, columns, chunk_rows;
} chunked_sums;

static void sum_chunks_share(void *context, int member, int members) {
  const chunked_sums *work = context;
  const size_t chunks = (work->rows + work->chunk_rows - 1) / work->chunk_rows;
  const size_t last = chunks * (size_t)(member + 1) / (size_t)members;
  for (size_t chunk = chunks * (size_t)member / (size_t)members; chunk < last; chunk++) {
    double *sums = work->partials + chunk * work->columns;
    memset(sums, 0, work->columns * sizeof *sums);
    const size_t first = chunk * work->chunk_rows, rest = work->rows - first;
    ck_active_loops()->add_columns(sums, work->src + first * work->columns,
                                   rest < work->chunk_rows ? rest : work->chunk_rows,
                                   work->columns);
  }
}

void ck_sum_columns_by_chunks(float *dst, double *partials, const float *src, size_t rows,
                              size_t columns, size_t chunk_rows, int members) {
  chunked_sums work = {partials, src, rows, columns, chunk_rows};
  ck_team_run(sum_chunks_share, &work, members);
  ck_join_chunks(dst, partials, (rows + chunk_rows - 1) / chunk_rows, columns);
}

typedef struct {
  float *dst;
  const float *src;
  const ck_axes *kept, *summed;
  size_t count;
} summed_axes;

static void sum_axes_share(void *context, int member, int members) {
  const summed_axes *work = context;
  int64_t total = 1;
  for (int axis = 0; axis < work->kept->rank; axis++) total *= work->kept->extents[axis];
  ck_active_loops()->sum_axes(work->dst, work->src, work->kept, work->count, work->summed,
                              total * member / members, total * (member + 1) / members);
}

void ck_sum_axes(float *dst, const float *src, const ck_axes *kept, size_t count,
                 const ck_axes *summed, int members) {
  summed_axes work = {dst, src, kept, summed, count};
  ck_team_run(sum_axes_share, &work, members);
}
