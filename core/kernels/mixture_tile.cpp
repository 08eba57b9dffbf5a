#include "kernels/mixture_tile.h"

#include <algorithm>
#include <cmath>

#include "kernels/simd.h"

// Every loop runs along the columns of a row: long, contiguous, without branches. Tiles are sized to the second-level
// cache, whose bandwidth the few operations a value do not use up.
namespace lix::kernels {
namespace {

using Index = std::int64_t;

template <class T>
LIX_INLINE void weightsOf(T* scores, const TileShape& shape, T inverseTau, T* LIX_RESTRICT scratch) {
  const Index columns = shape.columns;
  T* LIX_RESTRICT highest = scratch;
  T* LIX_RESTRICT total = scratch + columns;
  for (Index head = 0; head < shape.heads; ++head) {
    T* const block = scores + head * shape.tokens * columns;
    for (Index c = 0; c < columns; ++c) highest[c] = block[c];
    for (Index k = 1; k < shape.tokens; ++k) {
      const T* LIX_RESTRICT row = block + k * columns;
      for (Index c = 0; c < columns; ++c) highest[c] = row[c] > highest[c] ? row[c] : highest[c];
    }
    for (Index c = 0; c < columns; ++c) total[c] = T(0);
    for (Index k = 0; k < shape.tokens; ++k) {
      T* LIX_RESTRICT row = block + k * columns;
      for (Index c = 0; c < columns; ++c) {
        const T value = fastExp((row[c] - highest[c]) * inverseTau);
        row[c] = value;
        total[c] += value;
      }
    }
    for (Index c = 0; c < columns; ++c) total[c] = T(1) / total[c];
    for (Index k = 0; k < shape.tokens; ++k) {
      T* LIX_RESTRICT row = block + k * columns;
      for (Index c = 0; c < columns; ++c) row[c] *= total[c];
    }
  }
}

template <class T>
LIX_INLINE void columnSumsOf(const T* x, const T* w, Index wStride, const T* y, Index rows, Index columns,
                             T* LIX_RESTRICT dot, T* LIX_RESTRICT norm2) {
  for (Index c = 0; c < columns; ++c) dot[c] = norm2[c] = T(0);
  for (Index r = 0; r < rows; ++r) {
    const T* LIX_RESTRICT xr = x + r * columns;
    const T* LIX_RESTRICT wr = w + r * wStride;
    const T* LIX_RESTRICT yr = y + r * columns;
    for (Index c = 0; c < columns; ++c) {
      dot[c] += xr[c] * wr[c];
      norm2[c] += xr[c] * yr[c];
    }
  }
}

template <class T>
constexpr T kLeastNorm2 = T(1e-24);

template <class T>
LIX_INLINE T heldUp(T norm2) {
  return norm2 < kLeastNorm2<T> ? kLeastNorm2<T> : norm2;
}

template <class T>
LIX_INLINE void cosinesOf(T* LIX_RESTRICT dot, const T* LIX_RESTRICT norm2, Index columns) {
  for (Index c = 0; c < columns; ++c) dot[c] /= std::sqrt(heldUp(norm2[c]));
}

/// One pair: `sign` is +1 for the image's own caption, -1 for any other. Writes e and ratio over dot and norm2.
template <class T>
LIX_INLINE void pairOf(T sign, const PairLoss<T>& loss, T& dot, T& norm2, T& term, T& slope, T& cosine) {
  const T norm = std::sqrt(heldUp(norm2));
  cosine = dot / norm;
  const SigmoidPair<T> pair = sigmoidPair(sign * (loss.scale * cosine + loss.bias));
  term = pair.loss * loss.perPair;
  slope = sign * pair.slope * loss.perPair;
  dot = loss.scale * slope / norm;
  norm2 = norm2 < kLeastNorm2<T> ? T(0) : cosine / norm;
}

template <class T>
LIX_INLINE PairSums pairLossOf(T* LIX_RESTRICT dot, T* LIX_RESTRICT norm2, Index columns, const PairLoss<T>& loss,
                               T* LIX_RESTRICT scratch) {
  T* LIX_RESTRICT term = scratch;
  T* LIX_RESTRICT slope = scratch + columns;
  T* LIX_RESTRICT cosine = scratch + 2 * columns;
  const bool hasPositive = loss.positive >= 0;
  const T ownDot = hasPositive ? dot[loss.positive] : T(0), ownNorm2 = hasPositive ? norm2[loss.positive] : T(0);
  for (Index c = 0; c < columns; ++c) pairOf(T(-1), loss, dot[c], norm2[c], term[c], slope[c], cosine[c]);
  if (hasPositive) {
    const Index c = loss.positive;
    dot[c] = ownDot;
    norm2[c] = ownNorm2;
    pairOf(T(1), loss, dot[c], norm2[c], term[c], slope[c], cosine[c]);
  }
  PairSums sums;
  for (Index c = 0; c < columns; ++c) {
    sums.loss += double(term[c]);
    sums.scale += double(slope[c]) * double(cosine[c]);
    sums.bias += double(slope[c]);
  }
  return sums;
}

/// mean[c] = sum over the tokens of a head of weight times slope(k, c): what a softmax's backward pass subtracts.
template <class T, class Slope>
LIX_INLINE void headMean(const T* weights, Index tokens, Index columns, T* LIX_RESTRICT mean, const Slope& slope) {
  for (Index c = 0; c < columns; ++c) mean[c] = T(0);
  for (Index k = 0; k < tokens; ++k) {
    const T* LIX_RESTRICT a = weights + k * columns;
    for (Index c = 0; c < columns; ++c) mean[c] += a[c] * slope(k * columns + c, c);
  }
}

template <class T>
LIX_INLINE void gramBackwardOf(T* weights, T* r, T* y, const T* LIX_RESTRICT e, const T* LIX_RESTRICT ratio,
                               const TileShape& shape, T inverseTau, T* LIX_RESTRICT mean) {
  const Index columns = shape.columns;
  for (Index head = 0; head < shape.heads; ++head) {
    const Index first = head * shape.tokens * columns;
    const T* const LIX_RESTRICT headR = r + first;
    const T* const LIX_RESTRICT headY = y + first;
    headMean(weights + first, shape.tokens, columns, mean,
             [=](Index at, Index c) { return headR[at] - ratio[c] * headY[at]; });
    for (Index k = 0; k < shape.tokens; ++k) {
      T* LIX_RESTRICT a = weights + first + k * columns;
      T* LIX_RESTRICT rk = r + first + k * columns;
      T* LIX_RESTRICT yk = y + first + k * columns;
      for (Index c = 0; c < columns; ++c) {
        const T ea = e[c] * a[c];
        rk[c] = ea * ((rk[c] - ratio[c] * yk[c]) - mean[c]) * inverseTau;
        yk[c] = ea;
        a[c] *= ratio[c];
      }
    }
  }
}

template <class T>
LIX_INLINE void contextBackwardOf(const T* c, T* y, const T* w, Index wStride, const T* LIX_RESTRICT e,
                                  const T* LIX_RESTRICT ratio, Index rows, Index columns, T* dw, T* weighted,
                                  T* LIX_RESTRICT f) {
  for (Index j = 0; j < columns; ++j) f[j] = e[j] * ratio[j];
  for (Index r = 0; r < rows; ++r) {
    const T* LIX_RESTRICT cr = c + r * columns;
    const T* LIX_RESTRICT wr = w + r * wStride;
    T* LIX_RESTRICT yr = y + r * columns;
    T* LIX_RESTRICT dwr = dw + r * columns;
    T* LIX_RESTRICT weightedRow = weighted + r * columns;
    for (Index j = 0; j < columns; ++j) {
      yr[j] = e[j] * wr[j] - f[j] * yr[j];
      dwr[j] += e[j] * cr[j];
      weightedRow[j] = f[j] * cr[j];
    }
  }
}

template <class T>
LIX_INLINE void weightsBackwardOf(const T* weights, T* slopes, const TileShape& shape, T inverseTau,
                                  T* LIX_RESTRICT mean) {
  const Index columns = shape.columns;
  for (Index head = 0; head < shape.heads; ++head) {
    const Index first = head * shape.tokens * columns;
    const T* const LIX_RESTRICT headSlopes = slopes + first;
    headMean(weights + first, shape.tokens, columns, mean, [=](Index at, Index) { return headSlopes[at]; });
    for (Index k = 0; k < shape.tokens; ++k) {
      const T* LIX_RESTRICT a = weights + first + k * columns;
      T* LIX_RESTRICT slope = slopes + first + k * columns;
      for (Index c = 0; c < columns; ++c) slope[c] = a[c] * (slope[c] - mean[c]) * inverseTau;
    }
  }
}

}  // namespace

LIX_CLONES void mixtureWeights(float* scores, const TileShape& shape, float inverseTau, float* scratch) {
  weightsOf(scores, shape, inverseTau, scratch);
}
LIX_CLONES void mixtureWeights(double* scores, const TileShape& shape, double inverseTau, double* scratch) {
  weightsOf(scores, shape, inverseTau, scratch);
}

LIX_CLONES void columnSums(const float* x, const float* w, Index wStride, const float* y, Index rows, Index columns,
                           float* dot, float* norm2) {
  columnSumsOf(x, w, wStride, y, rows, columns, dot, norm2);
}
LIX_CLONES void columnSums(const double* x, const double* w, Index wStride, const double* y, Index rows, Index columns,
                           double* dot, double* norm2) {
  columnSumsOf(x, w, wStride, y, rows, columns, dot, norm2);
}

LIX_CLONES void cosines(float* dot, const float* norm2, Index columns) { cosinesOf(dot, norm2, columns); }
LIX_CLONES void cosines(double* dot, const double* norm2, Index columns) { cosinesOf(dot, norm2, columns); }

LIX_CLONES PairSums pairLoss(float* dot, float* norm2, Index columns, const PairLoss<float>& loss, float* scratch) {
  return pairLossOf(dot, norm2, columns, loss, scratch);
}
LIX_CLONES PairSums pairLoss(double* dot, double* norm2, Index columns, const PairLoss<double>& loss,
                             double* scratch) {
  return pairLossOf(dot, norm2, columns, loss, scratch);
}

LIX_CLONES void gramBackward(float* weights, float* r, float* y, const float* e, const float* ratio,
                             const TileShape& shape, float inverseTau, float* scratch) {
  gramBackwardOf(weights, r, y, e, ratio, shape, inverseTau, scratch);
}
LIX_CLONES void gramBackward(double* weights, double* r, double* y, const double* e, const double* ratio,
                             const TileShape& shape, double inverseTau, double* scratch) {
  gramBackwardOf(weights, r, y, e, ratio, shape, inverseTau, scratch);
}

LIX_CLONES void contextBackward(const float* c, float* y, const float* w, Index wStride, const float* e,
                                const float* ratio, Index rows, Index columns, float* dw, float* weighted,
                                float* scratch) {
  contextBackwardOf(c, y, w, wStride, e, ratio, rows, columns, dw, weighted, scratch);
}
LIX_CLONES void contextBackward(const double* c, double* y, const double* w, Index wStride, const double* e,
                                const double* ratio, Index rows, Index columns, double* dw, double* weighted,
                                double* scratch) {
  contextBackwardOf(c, y, w, wStride, e, ratio, rows, columns, dw, weighted, scratch);
}

LIX_CLONES void weightsBackward(const float* weights, float* slopes, const TileShape& shape, float inverseTau,
                                float* scratch) {
  weightsBackwardOf(weights, slopes, shape, inverseTau, scratch);
}
LIX_CLONES void weightsBackward(const double* weights, double* slopes, const TileShape& shape, double inverseTau,
                                double* scratch) {
  weightsBackwardOf(weights, slopes, shape, inverseTau, scratch);
}

}  // namespace lix::kernels
