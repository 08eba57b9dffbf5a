#pragma once
#include <cstdint>

/// Loops over one tile of cosines c [rows, columns] (row by row without gaps) of N images and N captions. What is
/// summed over many pairs is summed in double. A NaN among the cosines reaches every sum it belongs to.
namespace lix::kernels {

/// Whether the tile lies on the diagonal of all pairs, so that its own diagonal holds the true pairs.
enum class Diagonal { Outside, TruePairs };

/// Over the pairs of a tile: the loss, its derivative by the logit x, and that times the cosine.
struct PairSums {
  double loss = 0.0;
  double slope = 0.0;
  double slopeCosine = 0.0;
};

/// -log sigma(y x), x = scale c + bias (SigLIP, arXiv 2303.15343, eq. 1); c becomes gain dL/dx.
PairSums sigmoidTile(float* cosines, std::int64_t rows, std::int64_t columns, Diagonal diagonal, float scale,
                     float bias, float gain);
PairSums sigmoidTile(double* cosines, std::int64_t rows, std::int64_t columns, Diagonal diagonal, double scale,
                     double bias, double gain);

/// The running sum of e^(x - max) of every row, or of every column; starts at max = -infinity, sum = 0.
template <class T>
struct RunningSums {
  T* max = nullptr;
  double* sum = nullptr;
};

/// Takes the tile x = scale c into the sums of its rows and of its columns; true pairs are left out.
void addToSums(const float* cosines, std::int64_t rows, std::int64_t columns, Diagonal diagonal, float scale,
               RunningSums<float> ofRows, RunningSums<float> ofColumns);
void addToSums(const double* cosines, std::int64_t rows, std::int64_t columns, Diagonal diagonal, double scale,
               RunningSums<double> ofRows, RunningSums<double> ofColumns);

/// The finished softmax p = e^(x - max) inverse of rows or columns.
template <class T>
struct FinishedSums {
  const T* max = nullptr;
  const T* inverse = nullptr;
  const T* truePair = nullptr;  ///< the cosine of the true pair
  const T* others = nullptr;    ///< 1 - p of the true pair, as the sum of all other p: it does not cancel
};

/// g = p_row + p_column, less 2 on the true pairs: the slope of both cross-entropies together. c becomes gain g;
/// returned is sum g c, as p (c - c of the true pair).
double softmaxTile(float* cosines, std::int64_t rows, std::int64_t columns, Diagonal diagonal, float scale, float gain,
                   FinishedSums<float> ofRows, FinishedSums<float> ofColumns);
double softmaxTile(double* cosines, std::int64_t rows, std::int64_t columns, Diagonal diagonal, double scale,
                   double gain, FinishedSums<double> ofRows, FinishedSums<double> ofColumns);

}  // namespace lix::kernels
