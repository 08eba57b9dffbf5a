#pragma once
#include <vector>

#include "kernels/mixture_tile.h"
#include "nn/ops/mixture_sweep.h"

namespace lix::nn {

/// Captions [first, first + columns) with the caption index contiguous.
struct TextTile {
  std::int64_t first = 0, columns = 0;
  at::Tensor query;  ///< [M, D/M, columns]
  at::Tensor w;      ///< [M, D/M, columns], w_j = W_O t_j
};

/// Captions of `query` and `w` [N, M, D/M] cut into tiles as wide as keeps one [rows, columns] matrix of an image near half
/// a megabyte, so that the three or four of them that are in work stay in the second-level cache.
std::vector<TextTile> captionTiles(const at::Tensor& query, const at::Tensor& w, const MixtureShape& shape,
                                   MixtureForm form);

struct SweepTexts {
  at::Tensor outProj, texts;  ///< [D, D], [N, D] in the accumulating type
  at::Tensor metric;          ///< A = W_O W_O' [D, D]
  std::vector<TextTile> tiles;
};

/// What a sweep is about: with `cosines` they are written and no loss is made; with gradients of keys and values all
/// gradients are made.
struct SweepJob {
  MixtureShape shape;
  MixtureForm form = MixtureForm::Gram;
  const SweepTexts& texts;
  at::Tensor keys, values;
  double tau = 1, scale = 1, bias = 0;
  at::Tensor cosines;                       ///< [B, N] or undefined
  at::Tensor keysGradient, valuesGradient;  ///< like keys, or undefined
};

/// Sums over a worker's images.
struct SweepSums {
  kernels::PairSums pairs;
  std::vector<at::Tensor> query, w;  ///< a tile of captions each, [M, D/M, columns]
  at::Tensor metric;                 ///< dL/dA [D, D]
};

/// One thread's images, one after the other, in buffers of its own. Matrix products are ATen's, what lies between them
/// is kernels::'. T is the accumulating type.
template <class T>
class MixtureWorker {
 public:
  explicit MixtureWorker(const SweepJob& job);
  void run(std::int64_t begin, std::int64_t end);
  SweepSums& sums() { return sums_; }

 private:
  /// Views of the buffers for one width of tile: token tiles [M, K, columns], channel tiles [M, D/M, columns].
  struct Views {
    at::Tensor weights, second, third, context, slopes;
    at::Tensor query, w, queryRows, wRows;  ///< the captions' side; rows: transposed
    kernels::TileShape shape;
  };
  void makeViews(const TextTile& tile);
  void load(std::int64_t image);
  void store(std::int64_t image);
  void buildGram();
  void finishGram();
  void gramTile(std::int64_t image, std::size_t tile);
  void contextTile(std::int64_t image, std::size_t tile);
  void contextGradients(std::size_t tile, bool first);
  void metricGradient(const at::Tensor& weighted, const at::Tensor& context);
  /// Cosines written or the loss added; false where nothing is left to do for this tile.
  bool judged(std::int64_t image, std::size_t tile);

  bool gradients() const { return job_.keysGradient.defined(); }
  T inverseTau() const { return static_cast<T>(1.0 / job_.tau); }

  const SweepJob& job_;
  SweepSums sums_;
  std::vector<Views> views_;
  at::Tensor keysCopy_, valuesCopy_;           // where inputs are of another type or not contiguous
  at::Tensor keys_, values_, keysT_, valuesT_;  // of the image in work, [M, K, D/M]; T: transposed
  at::Tensor dKeys_, dValues_;
  at::Tensor projected_, gram_, dGram_, byHead_, byRow_;  // V A [q, D]; [q, q]; [M, q, D/M]; [q, D]
  at::Tensor bufferA_, bufferB_, bufferC_, bufferD_, rows_;
  T* dot_ = nullptr;
  T* norm2_ = nullptr;
  T* scratch_ = nullptr;
};

extern template class MixtureWorker<float>;
extern template class MixtureWorker<double>;

/// Deals the images to workers in equal runs and lets them work at the same time.
template <class T>
std::vector<MixtureWorker<T>> runWorkers(const SweepJob& job);
extern template std::vector<MixtureWorker<float>> runWorkers(const SweepJob& job);
extern template std::vector<MixtureWorker<double>> runWorkers(const SweepJob& job);

}  // namespace lix::nn
