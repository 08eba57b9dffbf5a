#include "adapt/check.h"
#include "adapt/linear.h"

namespace lix::adapt {
namespace {

class ZeroShot final : public Classifier {
 public:
  explicit ZeroShot(const Task& task)
      : text_(task.text.values.begin(), task.text.values.end()), columns_(task.text.columns), scale_(task.logitScale) {}

  std::vector<float> logits(Matrix queries) const override {
    return multiplyTransposed(queries, {text_, text_.size() / columns_, columns_}, scale_);
  }

 private:
  std::vector<float> text_;
  std::size_t columns_;
  float scale_;
};

}  // namespace

/// logits = logitScale * F W'. The support is not used.
const Adapter& zero_shot() {
  static const Adapter adapter{
      .id = "zero-shot",
      .title = "Zero-shot",
      .citation = "Radford et al., Learning Transferable Visual Models From Natural Language Supervision, 2021",
      .needsSupport = false,
      .needsText = true,
      .fit = [](const Task& task, const ParamValues& params) -> Result<std::unique_ptr<Classifier>> {
        LIX_CHECK(check(zero_shot(), task, params));
        return std::make_unique<ZeroShot>(task);
      }};
  return adapter;
}

}  // namespace lix::adapt
