#include "kernels/pair_tile.h"

#include <cmath>
#include <limits>
#include <vector>

#include "kernels/lanes.h"

namespace lix::kernels {
namespace {

struct SigmoidLanes {
  LaneSum loss, slope, slopeCosine;
};

/// Pairs of one sign, y = +1 (true pairs) or -1.
template <class T>
LIX_INLINE void sigmoidRun(T* LIX_RESTRICT c, std::int64_t n, T sign, T scale, T bias, T gain, SigmoidLanes& sums) {
  overLanes(n, [&](std::int64_t k, std::int64_t lane) {
    const T cosine = c[k];
    const SigmoidPair<T> pair = sigmoidPair(sign * (scale * cosine + bias));
    const T slope = sign * pair.slope;
    sums.loss.lanes[lane] += pair.loss;
    sums.slope.lanes[lane] += slope;
    sums.slopeCosine.lanes[lane] += static_cast<double>(slope) * cosine;
    c[k] = gain * slope;
  });
}

template <class T>
LIX_INLINE PairSums sigmoid(T* c, std::int64_t rows, std::int64_t columns, Diagonal diagonal, T scale, T bias, T gain) {
  SigmoidLanes sums;
  for (std::int64_t r = 0; r < rows; ++r, c += columns) {
    // The one true pair splits its row: what is right by a subtraction alone would cancel.
    const std::int64_t before = diagonal == Diagonal::TruePairs && r < columns ? r : columns;
    sigmoidRun(c, before, T(-1), scale, bias, gain, sums);
    if (before < columns) {
      sigmoidRun(c + before, 1, T(1), scale, bias, gain, sums);
      sigmoidRun(c + before + 1, columns - before - 1, T(-1), scale, bias, gain, sums);
    }
  }
  return {sums.loss.total(), sums.slope.total(), sums.slopeCosine.total()};
}

/// The running maximum moves to `max`, and the sum with it.
template <class T>
LIX_INLINE void moveTo(T& runningMax, double& sum, T max) {
  sum *= max > runningMax ? std::exp(static_cast<double>(runningMax) - static_cast<double>(max)) : 1.0;
  runningMax = max > runningMax ? max : runningMax;
}

/// body(begin, end) for what of row r is no true pair.
template <class Body>
LIX_INLINE void besideTruePair(std::int64_t r, std::int64_t columns, Diagonal diagonal, const Body& body) {
  const std::int64_t before = diagonal == Diagonal::TruePairs && r < columns ? r : columns;
  body(std::int64_t{0}, before);
  if (before < columns)
    body(before + 1, columns);
}

template <class T>
LIX_INLINE void sums(const T* LIX_RESTRICT c, std::int64_t rows, std::int64_t columns, Diagonal diagonal, T scale,
                     RunningSums<T> ofRows, RunningSums<T> ofColumns) {
  std::vector<T> x(static_cast<std::size_t>(columns)), top(x.size(), -std::numeric_limits<T>::infinity());
  T* const LIX_RESTRICT values = x.data();
  T* const LIX_RESTRICT maxima = top.data();
  for (std::int64_t r = 0; r < rows; ++r) {
    const T* const LIX_RESTRICT row = c + r * columns;
    for (std::int64_t k = 0; k < columns; ++k)
      values[k] = scale * row[k];
    T max = -std::numeric_limits<T>::infinity();
    besideTruePair(r, columns, diagonal, [&](std::int64_t begin, std::int64_t end) {
      max = largest(values + begin, end - begin, max);
      for (std::int64_t k = begin; k < end; ++k)
        maxima[k] = values[k] > maxima[k] ? values[k] : maxima[k];
    });
    moveTo(ofRows.max[r], ofRows.sum[r], max);
    max = ofRows.max[r];
    LaneSum sum;
    besideTruePair(r, columns, diagonal, [&](std::int64_t begin, std::int64_t end) {
      overLanes(end - begin,
                [&](std::int64_t k, std::int64_t lane) { sum.lanes[lane] += fastExp(scale * row[begin + k] - max); });
    });
    ofRows.sum[r] += sum.total();
  }
  for (std::int64_t k = 0; k < columns; ++k) {
    moveTo(ofColumns.max[k], ofColumns.sum[k], maxima[k]);
    maxima[k] = ofColumns.max[k];
  }
  double* const LIX_RESTRICT sum = ofColumns.sum;
  for (std::int64_t r = 0; r < rows; ++r) {
    const T* const LIX_RESTRICT row = c + r * columns;
    besideTruePair(r, columns, diagonal, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t k = begin; k < end; ++k)
        sum[k] += fastExp(scale * row[k] - maxima[k]);
    });
  }
}

template <class T>
LIX_INLINE double softmax(T* LIX_RESTRICT c, std::int64_t rows, std::int64_t columns, Diagonal diagonal, T scale,
                          T gain, FinishedSums<T> ofRows, FinishedSums<T> ofColumns) {
  const T* const LIX_RESTRICT columnMax = ofColumns.max;
  const T* const LIX_RESTRICT columnInverse = ofColumns.inverse;
  const T* const LIX_RESTRICT columnTrue = ofColumns.truePair;
  LaneSum slopeCosine;
  for (std::int64_t r = 0; r < rows; ++r, c += columns) {
    const T max = ofRows.max[r], inverse = ofRows.inverse[r], truePair = ofRows.truePair[r];
    overLanes(columns, [&](std::int64_t k, std::int64_t lane) {
      const T cosine = c[k], x = scale * cosine;
      const T byRow = fastExp(x - max) * inverse, byColumn = fastExp(x - columnMax[k]) * columnInverse[k];
      slopeCosine.lanes[lane] += byRow * (cosine - truePair) + byColumn * (cosine - columnTrue[k]);
      c[k] = gain * (byRow + byColumn);
    });
    if (diagonal == Diagonal::TruePairs && r < columns)
      c[r] = -gain * (ofRows.others[r] + ofColumns.others[r]);
  }
  return slopeCosine.total();
}

}  // namespace

LIX_CLONES PairSums sigmoidTile(float* cosines, std::int64_t rows, std::int64_t columns, Diagonal diagonal, float scale,
                                float bias, float gain) {
  return sigmoid(cosines, rows, columns, diagonal, scale, bias, gain);
}
LIX_CLONES PairSums sigmoidTile(double* cosines, std::int64_t rows, std::int64_t columns, Diagonal diagonal,
                                double scale, double bias, double gain) {
  return sigmoid(cosines, rows, columns, diagonal, scale, bias, gain);
}

LIX_CLONES void addToSums(const float* cosines, std::int64_t rows, std::int64_t columns, Diagonal diagonal, float scale,
                          RunningSums<float> ofRows, RunningSums<float> ofColumns) {
  sums(cosines, rows, columns, diagonal, scale, ofRows, ofColumns);
}
LIX_CLONES void addToSums(const double* cosines, std::int64_t rows, std::int64_t columns, Diagonal diagonal,
                          double scale, RunningSums<double> ofRows, RunningSums<double> ofColumns) {
  sums(cosines, rows, columns, diagonal, scale, ofRows, ofColumns);
}

LIX_CLONES double softmaxTile(float* cosines, std::int64_t rows, std::int64_t columns, Diagonal diagonal, float scale,
                              float gain, FinishedSums<float> ofRows, FinishedSums<float> ofColumns) {
  return softmax(cosines, rows, columns, diagonal, scale, gain, ofRows, ofColumns);
}
LIX_CLONES double softmaxTile(double* cosines, std::int64_t rows, std::int64_t columns, Diagonal diagonal, double scale,
                              double gain, FinishedSums<double> ofRows, FinishedSums<double> ofColumns) {
  return softmax(cosines, rows, columns, diagonal, scale, gain, ofRows, ofColumns);
}

}  // namespace lix::kernels
