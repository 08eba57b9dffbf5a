#pragma once
#include <memory>
#include <string>
#include <vector>

#include "imaging/image.h"
#include "nn/text/tokenizer.h"
#include "study/canary/canary_plan.h"
#include "study/pack/pack.h"
#include "study/train/canary.h"

namespace lix::study {

/// One picture of a canary, as the model reads it.
struct CanaryPicture {
  std::size_t sample = 0;  ///< of the dataset
  int label = 0;           ///< class of the canary
  imaging::Image square;
};

/// The draw that all readings of a run share.
struct CanaryDraw {
  std::vector<std::string> classes;
  std::vector<CanaryPicture> support;  ///< `shots` of each class
  std::vector<CanaryPicture> query;
  std::vector<std::string> notes;  ///< sentences for the reader: how many pictures, what was left out and why
};

/// A canary on one frozen draw of a labelled dataset, decoded and resized once: zero-shot by plain class names as
/// `lixp eval zero-shot` does it (a Llip mixes every picture for every class), class prototypes, and Tip-Adapter with
/// its fixed alpha and beta on the vectors that few-shot evaluation uses. No gradients.
class FrozenCanary : public Canary {
 public:
  FrozenCanary(CanaryDraw draw, nn::Preprocess preprocess, std::shared_ptr<const nn::Tokenizer> tokenizer);

  const CanaryDraw& draw() const { return draw_; }
  /// Refuses a model that reads other squares than those that were made, or fewer words than the tokenizer knows.
  Result<CanaryReading> read(const nn::Model& model, const nn::Preprocess& preprocess) override;

 private:
  CanaryDraw draw_;
  nn::Preprocess preprocess_;
  std::shared_ptr<const nn::Tokenizer> tokenizer_;
  std::vector<int> supportLabels_, queryLabels_;
  std::string drawHash_;  ///< of every square, label and class name, in order
};

/// Draws and reads the pictures of a canary. `learned`: what the run trains on; no picture of its training split (by
/// the content of its packed pixels) is taken, and where it was packed from the same dataset the support comes from the
/// validation split. Equal pictures are taken once. Reading errors, and classes that are then too small, are left out
/// with a note; fewer than two classes are an error.
Result<std::unique_ptr<FrozenCanary>> makeCanary(const data::Dataset& dataset, const CanarySettings& settings,
                                                 const Pack& learned, const nn::Preprocess& preprocess,
                                                 std::shared_ptr<const nn::Tokenizer> tokenizer);

}  // namespace lix::study
