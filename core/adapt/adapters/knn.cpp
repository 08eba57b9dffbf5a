#include <algorithm>
#include <numeric>

#include "adapt/check.h"
#include "adapt/nearest.h"
#include "adapt/votes.h"

namespace lix::adapt {
namespace {

class Neighbours final : public Classifier {
 public:
  Neighbours(const Task& task, ParamValues settings, Vote vote)
      : settings_(std::move(settings)),
        classes_(task.classes),
        vote_(vote),
        temperature_(std::get<double>(settings_.at("temperature"))) {
    // By class, so that of neighbours equally near those of the lower class index come first, and the order of the
    // support does not matter.
    std::vector<std::uint32_t> order(task.support.labels.size());
    std::iota(order.begin(), order.end(), 0u);
    std::ranges::stable_sort(order, {}, [&](std::uint32_t i) { return task.support.labels[i]; });
    keys_ = PackedRows(task.support.features, order);
    for (const std::uint32_t i : order) {
      labels_.push_back(task.support.labels[i]);
    }
    k_ = std::min(static_cast<std::size_t>(std::get<long long>(settings_.at("k"))), labels_.size());
    settings_["k"] = static_cast<long long>(k_);
  }

  std::vector<float> logits(Matrix queries) const override {
    std::vector<float> votes(queries.rows * classes_, 0.f);
    nearest(queries, keys_, k_, [&](std::size_t query, std::span<const Neighbour> neighbours) {
      castVotes(vote_, temperature_, neighbours, labels_, std::span(votes).subspan(query * classes_, classes_));
    });
    return votes;
  }

  ParamValues settings() const override { return settings_; }

 private:
  ParamValues settings_;
  PackedRows keys_;  ///< by class
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
