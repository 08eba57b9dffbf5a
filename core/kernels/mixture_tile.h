#pragma once
#include <cstdint>

/// What Llip's pairwise loss does between its matrix products, for one image and a tile of captions (arXiv 2405.00740;
/// the derivation stands at mixtureSigmoidLoss). A tile is [rows, columns] with columns, the captions, contiguous; rows
/// are head by head the tokens ("token tiles") or the channels. Everything exists for float and double.
namespace lix::kernels {

struct TileShape {
  std::int64_t heads = 0;
  std::int64_t tokens = 0;   ///< rows of a token tile = heads * tokens
  std::int64_t columns = 0;
};

/// scores -> softmax over the tokens of each head of scores * inverseTau, in place. `scratch`: 2 * columns.
void mixtureWeights(float* scores, const TileShape& shape, float inverseTau, float* scratch);
void mixtureWeights(double* scores, const TileShape& shape, double inverseTau, double* scratch);

/// dot[c] = sum_r x[r, c] w[r, c] and norm2[c] = sum_r x[r, c] y[r, c]. x and y are tiles, w lies in rows of `wStride`.
void columnSums(const float* x, const float* w, std::int64_t wStride, const float* y, std::int64_t rows,
                std::int64_t columns, float* dot, float* norm2);
void columnSums(const double* x, const double* w, std::int64_t wStride, const double* y, std::int64_t rows,
                std::int64_t columns, double* dot, double* norm2);

/// dot -> cosine = dot / sqrt(norm2) in place, norm2 kept above 1e-24.
void cosines(float* dot, const float* norm2, std::int64_t columns);
void cosines(double* dot, const double* norm2, std::int64_t columns);

/// The sigmoid loss of one image with a tile of captions.
template <class T>
struct PairLoss {
  T scale = 1, bias = 0, perPair = 1;  ///< logit = scale * cosine + bias; `perPair` = 1 / N
  std::int64_t positive = -1;          ///< the column of the image's own caption, -1: not in this tile
};
struct PairSums {
  double loss = 0, scale = 0, bias = 0;  ///< sums of the loss and of its derivatives by scale and bias
};

/// From dot and norm2: e = g / n and ratio = s / n (0 where the norm was held up), with s the cosine, n the norm and
/// g = dL/ds; so dL = sum e d(dot) - e ratio d(norm2) / 2. In place: dot becomes e, norm2 becomes ratio. `scratch`: 3 *
/// columns.
PairSums pairLoss(float* dot, float* norm2, std::int64_t columns, const PairLoss<float>& loss, float* scratch);
PairSums pairLoss(double* dot, double* norm2, std::int64_t columns, const PairLoss<double>& loss, double* scratch);

/// Gram form. weights a, r = V w, y = G a become ratio a, dL/dscores, e a. `scratch`: columns.
void gramBackward(float* weights, float* r, float* y, const float* e, const float* ratio, const TileShape& shape,
                  float inverseTau, float* scratch);
void gramBackward(double* weights, double* r, double* y, const double* e, const double* ratio, const TileShape& shape,
                  double inverseTau, double* scratch);

/// Context form, `rows` channels: y = A c becomes dL/dc = e w - e ratio y; dw += e c; weighted = e ratio c.
/// w lies in rows of `wStride`. `scratch`: columns.
void contextBackward(const float* c, float* y, const float* w, std::int64_t wStride, const float* e, const float* ratio,
                     std::int64_t rows, std::int64_t columns, float* dw, float* weighted, float* scratch);
void contextBackward(const double* c, double* y, const double* w, std::int64_t wStride, const double* e,
                     const double* ratio, std::int64_t rows, std::int64_t columns, double* dw, double* weighted,
                     double* scratch);

/// slopes = dL/dweights become dL/dscores = a (slope - sum_tokens a slope) inverseTau. `scratch`: columns.
void weightsBackward(const float* weights, float* slopes, const TileShape& shape, float inverseTau, float* scratch);
void weightsBackward(const double* weights, double* slopes, const TileShape& shape, double inverseTau, double* scratch);

}  // namespace lix::kernels
