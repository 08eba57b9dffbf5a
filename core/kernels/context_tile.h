#pragma once
#include <cstdint>

/// Loops over one tile of scores s [rows, columns] (row by row without gaps) between queries and keys of an attention
/// whose softmax is found online. A pair that may not see itself has the score kHidden: its weight is exactly 0 and,
/// unlike with -infinity, nothing computed from it is a NaN.
namespace lix::kernels {

constexpr double kHidden = -1e30;

/// What one direction knows of its queries so far: max of s, Z = sum e^(s - max), sum e^(s - max) (s - max).
/// Starts at max = -infinity and zeros. `rescale` receives what the earlier output of a query is multiplied by.
template <class T>
struct QueryState {
  T* max = nullptr;
  double* sum = nullptr;
  double* moment = nullptr;
  T* rescale = nullptr;
};

/// Rows are queries: s becomes e^(s - max). True where some earlier output has to be rescaled.
bool weighRows(float* scores, std::int64_t rows, std::int64_t columns, QueryState<float> queries);
bool weighRows(double* scores, std::int64_t rows, std::int64_t columns, QueryState<double> queries);

/// Columns are queries: e^(s - max) goes to `weights` [rows, columns], the scores stay.
bool weighColumns(const float* scores, float* weights, std::int64_t rows, std::int64_t columns,
                  QueryState<float> queries);
bool weighColumns(const double* scores, double* weights, std::int64_t rows, std::int64_t columns,
                  QueryState<double> queries);

/// A finished softmax: p = e^(s - max) inverse; delta = dO . O of the query.
template <class T>
struct FinishedQueries {
  const T* max = nullptr;
  const T* inverse = nullptr;
  const T* delta = nullptr;
};

/// One direction. In: s, d = dL/dp. Out: d becomes p, s becomes g = p (d - delta) = dL/ds. `byRow` and `byColumn`
/// (double) grow by the sums of g s along rows and columns.
void contextGradient(float* scores, float* slopes, std::int64_t rows, std::int64_t columns,
                     FinishedQueries<float> ofRows, double* byRow, double* byColumn);
void contextGradient(double* scores, double* slopes, std::int64_t rows, std::int64_t columns,
                     FinishedQueries<double> ofRows, double* byRow, double* byColumn);

/// Both directions of a tile outside the diagonal at once: rows attend to columns (`slopes`) and columns to rows
/// (`backSlopes`); s becomes the sum of both dL/ds.
void contextGradientBoth(float* scores, float* slopes, float* backSlopes, std::int64_t rows, std::int64_t columns,
                         FinishedQueries<float> ofRows, FinishedQueries<float> ofColumns, double* byRow,
                         double* byColumn);
void contextGradientBoth(double* scores, double* slopes, double* backSlopes, std::int64_t rows, std::int64_t columns,
                         FinishedQueries<double> ofRows, FinishedQueries<double> ofColumns, double* byRow,
                         double* byColumn);

}  // namespace lix::kernels
