#include <Eigen/Cholesky>
#include <Eigen/Core>

#include "adapt/canonical.h"
#include "adapt/check.h"
#include "adapt/choice.h"
#include "adapt/linear_classifier.h"

namespace lix::adapt {
namespace {

constexpr double kBias = 100.0;  // the constant column, so large that it is hardly penalised
constexpr double kFloor = 1e-5;  // added to every standard deviation

/// Solves (X'X + l I)^-1 X'Y, or X'(XX' + l I)^-1 Y where there are fewer rows than columns: the same in exact numbers.
Eigen::MatrixXd ridgeWeights(const Eigen::MatrixXd& x, const Eigen::MatrixXd& y, double penalty) {
  const bool wide = x.rows() < x.cols();
  Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(wide ? x.rows() : x.cols(), wide ? x.rows() : x.cols());
  if (wide) {
    gram.selfadjointView<Eigen::Lower>().rankUpdate(x);
  } else {
    gram.selfadjointView<Eigen::Lower>().rankUpdate(x.transpose());
  }
  gram.diagonal().array() += penalty;
  const Eigen::LLT<Eigen::MatrixXd, Eigen::Lower> factor(gram);
  if (wide) {
    return x.transpose() * factor.solve(y);
  }
  return factor.solve(x.transpose() * y);
}

std::unique_ptr<Classifier> fitRows(const Labelled& listed, std::size_t classes, ParamValues settings) {
  const OwnedLabelled support = inCanonicalOrder(listed);
  const auto rows = static_cast<Eigen::Index>(support.labels.size());
  const auto width = static_cast<Eigen::Index>(support.columns);
  const auto count = static_cast<Eigen::Index>(classes);
  Eigen::MatrixXd x(rows, width + 1);
  x.leftCols(width) = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
                          support.features.data(), rows, width)
                          .cast<double>();
  x.col(width).setConstant(kBias);
  const Eigen::RowVectorXd mean = x.leftCols(width).colwise().mean();
  x.leftCols(width).rowwise() -= mean;
  const Eigen::RowVectorXd deviation = (x.leftCols(width).array().square().colwise().mean().sqrt() + kFloor).matrix();
  x.leftCols(width).array().rowwise() /= deviation.array();
  Eigen::MatrixXd y = Eigen::MatrixXd::Constant(rows, count, -1.0);
  for (Eigen::Index i = 0; i < rows; ++i) {
    y(i, support.labels[static_cast<std::size_t>(i)]) = 1.0;
  }
  const Eigen::MatrixXd solved = ridgeWeights(x, y, real(settings, "l2"));  // [D + 1, C]
  // Standardising a query is folded into the weights: w / deviation, and what the mean takes off into the bias.
  const Eigen::MatrixXd weights = (solved.topRows(width).array().colwise() / deviation.transpose().array()).matrix();
  const Eigen::RowVectorXd bias = kBias * solved.row(width) - mean * weights;
  const Eigen::MatrixXf single = weights.cast<float>();  // column-major [D, C] is row-major [C, D]
  const Eigen::RowVectorXf offset = bias.cast<float>();
  return std::make_unique<LinearClassifier>(std::vector<float>(single.data(), single.data() + single.size()),
                                            std::vector<float>(offset.data(), offset.data() + offset.size()),
                                            std::move(settings));
}

}  // namespace

/// Least squares to targets of +1 (own class) and -1, as big_vision's few-shot evaluator makes it: every channel less
/// its mean and over (its standard deviation + 1e-5), both of the support (divided by n; no channel is decorrelated
/// from another, though the code calls it whitening), a column of 100 for the bias, penalised as all others, and a
/// fixed l2 of 2^10. Here the features are unit vectors; the released evaluator takes them as they leave the tower.
const Adapter& ridge() {
  static const Adapter adapter{
      .id = "ridge",
      .title = "Ridge on standardised features",
      .citation = "Beyer et al., big_vision, few-shot evaluator (fewshot_lsr), 2022",
      .params = {{.key = "l2",
                  .title = "L2 penalty",
                  .value = 1024.0,
                  .min = 1e-6,
                  .max = 1e9,
                  .scale = ParamScale::Log,
                  .help = "Added to the diagonal of X'X; 1024 is the released value."}},
      .fit = [](const Task& task, const ParamValues& params) -> Result<std::unique_ptr<Classifier>> {
        LIX_TRY(ParamValues settings, check(ridge(), task, params));
        return fitRows(task.support, task.classes, std::move(settings));
      }};
  return adapter;
}

}  // namespace lix::adapt
