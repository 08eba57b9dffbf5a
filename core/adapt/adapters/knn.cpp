#include <algorithm>
#include <cmath>
#include <numeric>

#include "adapt/check.h"
#include "adapt/linear.h"
#include "base/text.h"

namespace lix::adapt {
namespace {

constexpr std::size_t kQueriesAtOnce = 256;  // bounds the cosines held in memory

enum class Vote { Plurality, Softmax, Exponential };

Result<Vote> voteOf(const std::string& name) {
  if (name == "plurality") {
    return Vote::Plurality;
  }
  if (name == "softmax") {
    return Vote::Softmax;
  }
  if (name == "exponential") {
    return Vote::Exponential;
  }
  return fail(ErrorCode::BadInput,
              cat("Setting 'vote' of adapter 'knn' is '", name, "', but must be plurality, softmax or exponential."));
}

class Neighbours final : public Classifier {
 public:
  Neighbours(const Task& task, ParamValues settings, Vote vote)
      : settings_(std::move(settings)),
        keys_(task.support.features.values.begin(), task.support.features.values.end()),
        columns_(task.support.features.columns),
        labels_(task.support.labels.begin(), task.support.labels.end()),
        classes_(task.classes),
        vote_(vote),
        temperature_(std::get<double>(settings_.at("temperature"))) {
    k_ = std::min(static_cast<std::size_t>(std::get<long long>(settings_.at("k"))), labels_.size());
    settings_["k"] = static_cast<long long>(k_);
  }

  std::vector<float> logits(Matrix queries) const override {
    std::vector<float> votes(queries.rows * classes_, 0.f);
    for (std::size_t first = 0; first < queries.rows; first += kQueriesAtOnce) {
      const std::size_t count = std::min(kQueriesAtOnce, queries.rows - first);
      const std::vector<float> cosines =
          multiplyTransposed(slice(queries, first, count), {keys_, labels_.size(), columns_});
      for (std::size_t i = 0; i < count; ++i) {
        castVotes(std::span(cosines).subspan(i * labels_.size(), labels_.size()),
                  std::span(votes).subspan((first + i) * classes_, classes_));
      }
    }
    return votes;
  }

  ParamValues settings() const override { return settings_; }

 private:
  /// Adds the votes of the k nearest. Of neighbours equally near, those of the lower class index come first, so that
  /// the order of the support does not matter.
  void castVotes(std::span<const float> cosines, std::span<float> votes) const {
    std::vector<std::uint32_t> order(cosines.size());
    std::iota(order.begin(), order.end(), 0u);
    const auto nearer = [&](std::uint32_t a, std::uint32_t b) {
      return cosines[a] != cosines[b] ? cosines[a] > cosines[b] : labels_[a] < labels_[b];
    };
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(k_);
    std::nth_element(order.begin(), end - 1, order.end(), nearer);
    std::sort(order.begin(), end, nearer);  // sums in one order whatever the support's
    const double reference = vote_ == Vote::Softmax ? cosines[order.front()] : 0.0;
    double total = 0.0;
    std::vector<double> sums(votes.size(), 0.0);
    for (auto it = order.begin(); it != end; ++it) {
      const double weight = vote_ == Vote::Plurality ? 1.0 : std::exp((cosines[*it] - reference) / temperature_);
      sums[static_cast<std::size_t>(labels_[*it])] += weight;
      total += weight;
    }
    const double scale = vote_ == Vote::Softmax ? 1.0 / total : 1.0;
    std::ranges::transform(sums, votes.begin(), [&](double sum) { return static_cast<float>(sum * scale); });
  }

  ParamValues settings_;
  std::vector<float> keys_;
  std::size_t columns_;
  std::vector<int> labels_;
  std::size_t classes_;
  Vote vote_;
  double temperature_;
  std::size_t k_ = 1;
};

}  // namespace

/// The k nearest support pictures by cosine vote for their classes: 1 each (plurality), softmax(cosine / T) over the k,
/// or exp(cosine / T). A tie of votes goes to the lowest class index wherever the first maximum is taken.
const Adapter& knn() {
  static const Adapter adapter{
      .id = "knn",
      .title = "Nearest neighbours",
      .citation = "Wu et al., Unsupervised Feature Learning via Non-Parametric Instance Discrimination, 2018",
      .params = {{.key = "k",
                  .title = "Neighbours",
                  .value = 5LL,
                  .min = 1,
                  .max = 100000,
                  .scale = ParamScale::Log,
                  .help = "How many neighbours vote; at most as many as there are support pictures."},
                 {.key = "vote",
                  .title = "Vote",
                  .value = std::string("softmax"),
                  .help = "plurality (ties go to the lowest class index), softmax or exponential."},
                 // Below 0.02 the exponential vote would leave the range of a float.
                 {.key = "temperature",
                  .title = "Temperature",
                  .value = 0.07,
                  .min = 0.02,
                  .max = 100.0,
                  .scale = ParamScale::Log,
                  .help = "Divides the cosines of the softmax and exponential votes."}},
      .fit = [](const Task& task, const ParamValues& params) -> Result<std::unique_ptr<Classifier>> {
        LIX_TRY(ParamValues settings, check(knn(), task, params));
        LIX_TRY(const Vote vote, voteOf(std::get<std::string>(settings.at("vote"))));
        return std::make_unique<Neighbours>(task, std::move(settings), vote);
      }};
  return adapter;
}

}  // namespace lix::adapt
