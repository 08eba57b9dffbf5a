#include <array>
#include <cmath>
#include <Eigen/Cholesky>
#include <Eigen/Core>

#include "adapt/canonical.h"
#include "adapt/check.h"
#include "adapt/choice.h"
#include "adapt/linear.h"
#include "adapt/linear_classifier.h"

namespace lix::adapt {
namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr const char* kAlpha = "alpha";
constexpr const char* kNote = "note";

struct Discriminant {
  std::vector<float> weights;  ///< [C, D]
  std::vector<float> bias;     ///< [C]
  bool spread = false;         ///< whether the support spreads around its class means at all
};

/// W = mu P and b = ln(1/C) - 1/2 mu P mu'. The matrix that P inverts has no eigenvalue below its trace term, so that
/// the pseudo-inverse is an inverse, had by Cholesky; without any spread both are 0.
Discriminant discriminant(const Labelled& listed, std::size_t classes) {
  const OwnedLabelled support = inCanonicalOrder(listed);
  const auto count = static_cast<Eigen::Index>(support.labels.size());
  const auto width = static_cast<Eigen::Index>(support.columns);
  Rows rows = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
                  support.features.data(), count, width)
                  .cast<double>();
  Rows means = Rows::Zero(static_cast<Eigen::Index>(classes), width);
  Eigen::VectorXd members = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(classes));
  for (Eigen::Index i = 0; i < count; ++i) {
    means.row(support.labels[static_cast<std::size_t>(i)]) += rows.row(i);
    members[support.labels[static_cast<std::size_t>(i)]] += 1.0;
  }
  means.array().colwise() /= members.array();
  for (Eigen::Index i = 0; i < count; ++i) {
    rows.row(i) -= means.row(support.labels[static_cast<std::size_t>(i)]);
  }
  Eigen::MatrixXd shrunk = Eigen::MatrixXd::Zero(width, width);
  shrunk.selfadjointView<Eigen::Lower>().rankUpdate(rows.transpose());  // (n - 1) Sigma
  const double trace = shrunk.trace() / std::max(1.0, static_cast<double>(count - 1));
  shrunk.diagonal().array() += trace;
  Discriminant out;
  const Eigen::LLT<Eigen::MatrixXd, Eigen::Lower> factor(shrunk);
  out.spread = trace > 1e-12 && factor.info() == Eigen::Success;
  Rows weights = Rows::Zero(means.rows(), width);
  if (out.spread) {
    weights = static_cast<double>(width) * factor.solve(means.transpose()).transpose();
  }
  const Eigen::VectorXd bias =
      -std::log(static_cast<double>(classes)) - 0.5 * weights.cwiseProduct(means).rowwise().sum().array();
  out.weights.assign(weights.data(), weights.data() + weights.size());
  out.bias.assign(bias.data(), bias.data() + bias.size());
  return out;
}

/// The first best of the released decades on the validation pictures.
double searchedAlpha(const Task& task, const Discriminant& fitted, ParamValues& settings) {
  static constexpr std::array kAlphas{1e-4, 1e-3, 1e-2, 1e-1, 1.0, 1e1, 1e2};
  const Matrix& queries = task.validation.features;
  const std::vector<float> zeroShot = multiplyTransposed(queries, task.text, task.logitScale);
  const LinearClassifier alone(fitted.weights, fitted.bias, {});
  const std::vector<float> support = alone.logits(queries);
  std::vector<float> both(support.size());
  double best = kAlphas.front();
  std::size_t most = 0;
  for (const double alpha : kAlphas) {
    addScaled(zeroShot, static_cast<float>(alpha), support, both);
    if (const std::size_t correct = countCorrect(both, task.validation.labels); correct > most) {
      best = alpha;
      most = correct;
    }
  }
  settings["validation_accuracy"] = static_cast<double>(most) / static_cast<double>(queries.rows);
  return best;
}

Result<std::unique_ptr<Classifier>> fitGda(const Task& task, const ParamValues& params);

}  // namespace

/// Gaussian discriminant analysis beside zero-shot: logits = Z + alpha (F W' + b), W = mu P, b = ln(1/C) - 1/2 mu P
/// mu', P = D pinv((n - 1) Sigma + tr(Sigma) I), mu the class means of the support and Sigma its shared covariance
/// around them (divided by n - 1). With one picture a class there is no spread, P is 0 and the answer is that of
/// zero-shot: settings() say so. alpha by validation over the decades 1e-4 to 1e2.
const Adapter& gda() {
  static const Adapter adapter{
      .id = "gda",
      .title = "Gaussian discriminant",
      .citation = "Wang et al., A Hard-to-Beat Baseline for Training-free CLIP-based Adaptation, 2024",
      .params = {{.key = kAlpha,
                  .title = "Alpha",
                  .value = 1.0,
                  .min = 0.0,
                  .max = 1000.0,
                  .scale = ParamScale::Log,
                  .help = "Weight of the support against the text where it is not searched; 0 is zero-shot."},
                 searchParam()},
      .needsText = true,
      .fit = fitGda};
  return adapter;
}

namespace {

Result<std::unique_ptr<Classifier>> fitGda(const Task& task, const ParamValues& params) {
  LIX_TRY(ParamValues settings, check(gda(), task, params));
  LIX_TRY(const Choice choice, choiceFor(gda(), task, settings));
  Discriminant fitted = discriminant(task.support, task.classes);
  LIX_CHECK(checkStop(task));
  settings[kChosenBy] = choice.reason;
  if (choice.searched) {
    settings[kAlpha] = searchedAlpha(task, fitted, settings);
  }
  if (!fitted.spread) {
    settings[kNote] = std::string("the support does not spread around its class means: the answer is zero-shot's");
  }
  const auto alpha = static_cast<float>(real(settings, kAlpha));
  for (std::size_t i = 0; i < fitted.weights.size(); ++i) {
    fitted.weights[i] = task.logitScale * task.text.values[i] + alpha * fitted.weights[i];
  }
  for (float& value : fitted.bias) {
    value *= alpha;
  }
  return std::make_unique<LinearClassifier>(std::move(fitted.weights), std::move(fitted.bias), std::move(settings));
}

}  // namespace
}  // namespace lix::adapt
