#include "kernels/context_tile.h"

#include <cmath>
#include <limits>
#include <vector>

#include "kernels/lanes.h"

namespace lix::kernels {
namespace {

/// e^x of x <= 0, and 0 where it cannot be seen beside the largest weight 1, whatever is summed: products of such
/// numbers are denormal, which costs a hundred times their arithmetic.
template <class T>
LIX_INLINE T weightOf(T x) {
  return x < (sizeof(T) == sizeof(float) ? T(-60) : T(-600)) ? T(0) : fastExp(x);
}

/// A weight's part of the moment: where e^x is 0, x may be anything and the product still is 0.
template <class T>
LIX_INLINE T momentOf(T weight, T x) {
  return weight * (x < T(-1e4) ? T(-1e4) : x);
}

/// The maximum of query q moves to `max`; its sums and what it has put out follow.
template <class T>
LIX_INLINE bool moveTo(const QueryState<T>& state, std::int64_t q, T max) {
  if (!(max > state.max[q])) {
    state.rescale[q] = T(1);
    return false;
  }
  const double shift = static_cast<double>(state.max[q]) - static_cast<double>(max);
  const double factor = std::exp(shift);
  // Nothing seen yet: 0 times an infinite shift is nothing.
  state.moment[q] = state.sum[q] > 0.0 ? factor * (state.moment[q] + state.sum[q] * shift) : 0.0;
  state.sum[q] *= factor;
  state.max[q] = max;
  state.rescale[q] = static_cast<T>(factor);
  return true;
}

template <class T>
LIX_INLINE bool rows(T* LIX_RESTRICT s, std::int64_t count, std::int64_t columns, const QueryState<T>& state) {
  bool moved = false;
  for (std::int64_t r = 0; r < count; ++r, s += columns) {
    moved |= moveTo(state, r, largest(s, columns, -std::numeric_limits<T>::infinity()));
    const T max = state.max[r];
    LaneSum sum, moment;
    overLanes(columns, [&](std::int64_t k, std::int64_t lane) {
      const T x = s[k] - max, weight = weightOf(x);
      sum.lanes[lane] += weight;
      moment.lanes[lane] += momentOf(weight, x);
      s[k] = weight;
    });
    state.sum[r] += sum.total();
    state.moment[r] += moment.total();
  }
  return moved;
}

template <class T>
LIX_INLINE bool columns(const T* LIX_RESTRICT s, T* LIX_RESTRICT weights, std::int64_t count, std::int64_t width,
                        const QueryState<T>& state) {
  std::vector<T> top(static_cast<std::size_t>(width), -std::numeric_limits<T>::infinity());
  T* const LIX_RESTRICT maxima = top.data();
  for (std::int64_t r = 0; r < count; ++r) {
    const T* const row = s + r * width;
    for (std::int64_t k = 0; k < width; ++k)
      maxima[k] = row[k] > maxima[k] ? row[k] : maxima[k];
  }
  bool moved = false;
  for (std::int64_t k = 0; k < width; ++k) {
    moved |= moveTo(state, k, maxima[k]);
    maxima[k] = state.max[k];
  }
  double* const LIX_RESTRICT sum = state.sum;
  double* const LIX_RESTRICT moment = state.moment;
  for (std::int64_t r = 0; r < count; ++r) {
    const T* const row = s + r * width;
    T* const out = weights + r * width;
    for (std::int64_t k = 0; k < width; ++k) {
      const T x = row[k] - maxima[k], weight = weightOf(x);
      sum[k] += weight;
      moment[k] += momentOf(weight, x);
      out[k] = weight;
    }
  }
  return moved;
}

/// Sums of products along the row and down the columns; apart from the loop that makes them, so that both are vectors.
template <class T>
LIX_INLINE double addProducts(const T* LIX_RESTRICT products, std::int64_t columns, double* LIX_RESTRICT byColumn) {
  LaneSum sum;
  overLanes(columns, [&](std::int64_t k, std::int64_t lane) { sum.lanes[lane] += products[k]; });
  for (std::int64_t k = 0; k < columns; ++k)
    byColumn[k] += products[k];
  return sum.total();
}

template <class T>
LIX_INLINE void gradient(T* LIX_RESTRICT s, T* LIX_RESTRICT slopes, std::int64_t count, std::int64_t columns,
                         FinishedQueries<T> ofRows, double* LIX_RESTRICT byRow, double* LIX_RESTRICT byColumn) {
  std::vector<T> row(static_cast<std::size_t>(columns));
  T* const LIX_RESTRICT products = row.data();
  for (std::int64_t r = 0; r < count; ++r, s += columns, slopes += columns) {
    const T max = ofRows.max[r], inverse = ofRows.inverse[r], delta = ofRows.delta[r];
    for (std::int64_t k = 0; k < columns; ++k) {
      const T weight = weightOf(s[k] - max) * inverse;
      const T slope = weight * (slopes[k] - delta);
      products[k] = slope * s[k];
      slopes[k] = weight;
      s[k] = slope;
    }
    byRow[r] += addProducts(products, columns, byColumn);
  }
}

template <class T>
LIX_INLINE void gradientBoth(T* LIX_RESTRICT s, T* LIX_RESTRICT slopes, T* LIX_RESTRICT back, std::int64_t count,
                             std::int64_t columns, FinishedQueries<T> ofRows, FinishedQueries<T> ofColumns,
                             double* LIX_RESTRICT byRow, double* LIX_RESTRICT byColumn) {
  const T* const LIX_RESTRICT columnMax = ofColumns.max;
  const T* const LIX_RESTRICT columnInverse = ofColumns.inverse;
  const T* const LIX_RESTRICT columnDelta = ofColumns.delta;
  std::vector<T> row(static_cast<std::size_t>(columns));
  T* const LIX_RESTRICT products = row.data();
  for (std::int64_t r = 0; r < count; ++r, s += columns, slopes += columns, back += columns) {
    const T max = ofRows.max[r], inverse = ofRows.inverse[r], delta = ofRows.delta[r];
    for (std::int64_t k = 0; k < columns; ++k) {
      const T weight = weightOf(s[k] - max) * inverse, backWeight = weightOf(s[k] - columnMax[k]) * columnInverse[k];
      const T slope = weight * (slopes[k] - delta) + backWeight * (back[k] - columnDelta[k]);
      products[k] = slope * s[k];
      slopes[k] = weight;
      back[k] = backWeight;
      s[k] = slope;
    }
    byRow[r] += addProducts(products, columns, byColumn);
  }
}

}  // namespace

LIX_CLONES bool weighRows(float* scores, std::int64_t count, std::int64_t width, QueryState<float> queries) {
  return rows(scores, count, width, queries);
}
LIX_CLONES bool weighRows(double* scores, std::int64_t count, std::int64_t width, QueryState<double> queries) {
  return rows(scores, count, width, queries);
}

LIX_CLONES bool weighColumns(const float* scores, float* weights, std::int64_t count, std::int64_t width,
                             QueryState<float> queries) {
  return columns(scores, weights, count, width, queries);
}
LIX_CLONES bool weighColumns(const double* scores, double* weights, std::int64_t count, std::int64_t width,
                             QueryState<double> queries) {
  return columns(scores, weights, count, width, queries);
}

LIX_CLONES void contextGradient(float* scores, float* slopes, std::int64_t count, std::int64_t width,
                                FinishedQueries<float> ofRows, double* byRow, double* byColumn) {
  gradient(scores, slopes, count, width, ofRows, byRow, byColumn);
}
LIX_CLONES void contextGradient(double* scores, double* slopes, std::int64_t count, std::int64_t width,
                                FinishedQueries<double> ofRows, double* byRow, double* byColumn) {
  gradient(scores, slopes, count, width, ofRows, byRow, byColumn);
}

LIX_CLONES void contextGradientBoth(float* scores, float* slopes, float* backSlopes, std::int64_t count,
                                    std::int64_t width, FinishedQueries<float> ofRows, FinishedQueries<float> ofColumns,
                                    double* byRow, double* byColumn) {
  gradientBoth(scores, slopes, backSlopes, count, width, ofRows, ofColumns, byRow, byColumn);
}
LIX_CLONES void contextGradientBoth(double* scores, double* slopes, double* backSlopes, std::int64_t count,
                                    std::int64_t width, FinishedQueries<double> ofRows,
                                    FinishedQueries<double> ofColumns, double* byRow, double* byColumn) {
  gradientBoth(scores, slopes, backSlopes, count, width, ofRows, ofColumns, byRow, byColumn);
}

}  // namespace lix::kernels
