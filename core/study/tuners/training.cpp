#include "study/tuners/training.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "base/text.h"
#include "study/tuners/sgd.h"

namespace lix::study::tuners {
namespace {

constexpr std::uint64_t kStreamBatches = 0x74756e65;

/// The order of one epoch, in batches.
class Epoch {
 public:
  Epoch(std::uint64_t seed, long long epoch, std::size_t pictures, std::size_t batch)
      : order_(permutation(pictures, Random(seed, kStreamBatches, std::uint64_t(epoch)))),
        batch_(std::min(batch, pictures)) {}

  std::size_t batches() const { return order_.size() / batch_; }
  std::vector<std::uint32_t> rows(std::size_t which) const {
    const auto begin = order_.begin() + std::ptrdiff_t(which * batch_);
    return {begin, begin + std::ptrdiff_t(batch_)};
  }

 private:
  std::vector<std::uint32_t> order_;
  std::size_t batch_;
};

/// Share of labelled pictures that are told right.
Result<double> accuracyOf(const PromptedModel& prompted, const LabelledPictures& set) {
  const at::NoGradGuard noGrad;
  const Prompts prompts = prompted.prompts(prompted.learned);
  LIX_TRY(const at::Tensor logits,
          allLogits(prompted, set.pictures, prompts, classFeatures(prompted, prompts), {}, "Validating"));
  const std::vector<std::int64_t> labels(set.labels.begin(), set.labels.end());
  const at::Tensor right = at::argmax(logits, 1).eq(at::tensor(labels, at::kLong));
  return double(right.sum().item<std::int64_t>()) / double(labels.size());
}

/// The learned tensors of the best epoch so far.
class Best {
 public:
  Result<void> look(const PromptedModel& prompted, const LabelledPictures& validation) {
    LIX_TRY(const double accuracy, accuracyOf(prompted, validation));
    if (accuracy > accuracy_) {
      accuracy_ = accuracy;
      kept_.clear();
      for (const auto& [name, value] : prompted.learned) {
        kept_.emplace(name, value.detach().clone());
      }
    }
    return {};
  }
  void putBack(nn::Parameters& learned) const {
    const at::NoGradGuard noGrad;
    for (const auto& [name, value] : kept_) {
      learned.at(name).copy_(value);
    }
  }

 private:
  double accuracy_ = -1.0;
  nn::Parameters kept_;
};

class PromptClassifier final : public Tuned {
 public:
  PromptClassifier(const Tuner& tuner, PromptedModel prompted, ParamValues settings)
      : title_(tuner.title), prompted_(std::move(prompted)), settings_(std::move(settings)) {
    const at::NoGradGuard noGrad;
    prompts_ = prompted_.prompts(prompted_.learned);
    classes_ = classFeatures(prompted_, prompts_);
  }

  Result<at::Tensor> logits(const Pictures& queries, const Progress& progress) const override {
    LIX_CHECK(checkPictures(prompted_.model.config, prompted_.reads, queries, "query"));
    return allLogits(prompted_, queries, prompts_, classes_, progress, cat("Classifying with ", title_));
  }
  ParamValues settings() const override { return settings_; }

 private:
  std::string title_;
  PromptedModel prompted_;
  Prompts prompts_;
  nn::TextFeatures classes_;
  ParamValues settings_;
};

}  // namespace

Result<double> batchLoss(const Task& task, const PromptedModel& prompted, const std::vector<std::uint32_t>& rows) {
  std::vector<std::int64_t> labels;
  for (const std::uint32_t row : rows) {
    labels.push_back(task.support.labels[row]);
  }
  LIX_TRY(const at::Tensor images, imagesOf(prompted.reads, task.support.pictures, rows));
  const Prompts prompts = prompted.prompts(prompted.learned);
  const at::Tensor logits = logitsOf(prompted, images, prompts, classFeatures(prompted, prompts));
  const at::Tensor loss = at::cross_entropy_loss(logits, at::tensor(labels, at::kLong));
  loss.backward();
  return loss.item<double>();
}

Result<std::vector<double>> train(const Tuner& tuner, const Task& task, const Schedule& schedule,
                                  PromptedModel& prompted, const Progress& progress) {
  Sgd optimizer(prompted.learned, schedule.momentum, schedule.weightDecay);
  Best best;
  std::vector<double> losses;
  long long done = 0;
  for (long long e = 0; e < schedule.epochs; ++e) {
    const Epoch epoch(task.seed, e, task.support.pictures.count, std::size_t(schedule.batch));
    const auto total = schedule.epochs * (long long)(epoch.batches());
    double sum = 0.0;
    for (std::size_t i = 0; i < epoch.batches(); ++i, ++done) {
      if (!report(progress, cat("Learning ", tuner.title), done, total)) {
        return fail(ErrorCode::Cancelled, cat(tuner.title, " was stopped after ", done, " of ", total, " steps."));
      }
      LIX_TRY(const double loss, batchLoss(task, prompted, epoch.rows(i)));
      if (!std::isfinite(loss)) {
        return fail(ErrorCode::BadInput, cat("The loss of ", tuner.title, " is not a number any more at step ", done,
                                             " of ", total, "; take a smaller learning rate (lr)."));
      }
      optimizer.step(cosineRate(schedule.rate, schedule.warmup, e, schedule.epochs));
      sum += loss;
    }
    losses.push_back(sum / double(epoch.batches()));
    if (schedule.keep == Schedule::Keep::Best) {
      LIX_CHECK(best.look(prompted, task.validation));
    }
  }
  best.putBack(prompted.learned);
  return losses;
}

Result<std::unique_ptr<Tuned>> tune(const Tuner& tuner, const Task& task, const Schedule& schedule,
                                    PromptedModel prompted, ParamValues settings, const Progress& progress) {
  LIX_TRY(const std::vector<double> losses, train(tuner, task, schedule, prompted, progress));
  settings["n_ctx"] = (long long)(prompted.classes.count());
  settings["epochs"] = schedule.epochs;
  settings["shots"] = shotsOf(task);
  if (!losses.empty()) {
    settings["loss_first"] = losses.front();
    settings["loss_last"] = losses.back();
  }
  return std::make_unique<PromptClassifier>(tuner, std::move(prompted), std::move(settings));
}

}  // namespace lix::study::tuners
