#include "study/tuners/class_prompts.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/scatter.h>

#include <algorithm>

#include "base/text.h"

namespace lix::study::tuners {
namespace {

using Ids = std::vector<std::int64_t>;

constexpr int kRoom = 1024;                // tokens beyond the context that are still counted
constexpr std::int64_t kRandomCount = 16;  // CoOp's M where there are no words

/// Captions as ids without start and end mark, which are the tokenizer's own business.
class Reader {
 public:
  explicit Reader(const Evaluator& evaluator)
      : tokenizer_(*evaluator.tokenizer), length_(evaluator.checkpoint.model.config.contextLength) {
    const nn::TokenRow empty = tokenizer_.encode("", length_ + kRoom);
    start_.assign(empty.ids.begin(), empty.ids.begin() + empty.length - 1);
    end_ = empty.ids[std::size_t(empty.length) - 1];
    pad_ = empty.ids.back();
  }

  Ids body(const std::string& text) const {
    const nn::TokenRow row = tokenizer_.encode(text, length_ + kRoom);
    return {row.ids.begin() + std::ptrdiff_t(start_.size()), row.ids.begin() + row.length - 1};
  }
  const Ids& start() const { return start_; }
  std::int64_t end() const { return end_; }
  std::int64_t pad() const { return pad_; }
  std::int64_t length() const { return length_; }

 private:
  const nn::Tokenizer& tokenizer_;
  int length_;
  Ids start_;
  std::int64_t end_ = 0;
  std::int64_t pad_ = 0;
};

/// One class: its tokens, end mark included, and where the learned ones are.
struct Sentence {
  Ids ids;
  Ids positions;
};

Sentence sentenceOf(const Reader& reader, const std::string& name, const PromptPlan& plan, std::int64_t count,
                    std::int64_t slot) {
  const std::string opening = plan.words.empty() ? "" : plan.words + " ";
  const Ids whole = reader.body(opening + name + ".");
  const std::size_t skipped = plan.words.empty() ? 0 : std::min(std::size_t(count), whole.size());
  const Ids rest(whole.begin() + std::ptrdiff_t(skipped), whole.end());
  const std::size_t named = reader.body(opening + name).size();
  const std::size_t nameLength = std::clamp<std::size_t>(named, skipped, skipped + rest.size()) - skipped;
  const auto before = plan.place == NamePlace::End ? count : plan.place == NamePlace::Middle ? count / 2 : 0;
  Sentence sentence{.ids = reader.start(), .positions = {}};
  const auto slots = [&](std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) {
      sentence.positions.push_back(std::int64_t(sentence.ids.size()));
      sentence.ids.push_back(slot);
    }
  };
  slots(before);
  sentence.ids.insert(sentence.ids.end(), rest.begin(), rest.begin() + std::ptrdiff_t(nameLength));
  slots(count - before);
  sentence.ids.insert(sentence.ids.end(), rest.begin() + std::ptrdiff_t(nameLength), rest.end());
  sentence.ids.push_back(reader.end());
  return sentence;
}

/// How many tokens are learned.
Result<std::int64_t> countOf(const Reader& reader, const PromptPlan& plan) {
  if (plan.words.empty()) {
    return plan.count > 0 ? plan.count : kRandomCount;
  }
  const auto has = std::int64_t(reader.body(plan.words).size());
  if (has == 0 || plan.count > has) {
    return fail(ErrorCode::BadInput, cat("The context '", plan.words, "' has ", has,
                                         " tokens for this tokenizer, so that ", std::max<std::int64_t>(plan.count, 1),
                                         " cannot begin from them; take fewer (n_ctx), more words, "
                                         "or none (context=) to begin at random."));
  }
  if (plan.place != NamePlace::End && plan.count > 0 && plan.count < has) {
    return fail(ErrorCode::BadInput,
                cat("Only ", plan.count, " of the ", has, " tokens of '", plan.words,
                    "' would be learned, which goes with the class name at the end alone; leave n_ctx out."));
  }
  return plan.count > 0 ? plan.count : has;
}

at::Tensor idTensor(const std::vector<Ids>& rows, std::int64_t length, std::int64_t pad) {
  at::Tensor tensor = at::full({std::int64_t(rows.size()), length}, pad, at::kLong);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::copy(rows[i].begin(), rows[i].end(), tensor.data_ptr<std::int64_t>() + std::int64_t(i) * length);
  }
  return tensor;
}

}  // namespace

Result<ClassPrompts> makeClassPrompts(const Evaluator& evaluator, const std::vector<std::string>& names,
                                      const PromptPlan& plan) {
  const at::NoGradGuard noGrad;
  const nn::ModelConfig& config = evaluator.checkpoint.model.config;
  const Reader reader(evaluator);
  LIX_TRY(const std::int64_t count, countOf(reader, plan));
  std::vector<Ids> ids, positions;
  std::size_t longest = 0;
  for (std::string name : names) {
    std::ranges::replace(name, '_', ' ');
    Sentence sentence = sentenceOf(reader, name, plan, count, config.eosId == 0 ? 1 : 0);
    if (std::int64_t(sentence.ids.size()) > reader.length()) {
      return fail(ErrorCode::BadInput, cat("The class '", name, "' takes ", sentence.ids.size(), " tokens with the ",
                                           count, " learned ones, and the text tower reads ", reader.length(),
                                           "; take fewer learned tokens (n_ctx) or a shorter name."));
    }
    longest = std::max(longest, sentence.ids.size());
    ids.push_back(std::move(sentence.ids));
    positions.push_back(std::move(sentence.positions));
  }
  const at::Tensor table = evaluator.checkpoint.model.parameters.at("text_model.embeddings.token_embedding.weight");
  ClassPrompts prompts;
  prompts.ids = idTensor(ids, config.trimsCaptions() ? std::int64_t(longest) : reader.length(), reader.pad());
  prompts.fixed = at::embedding(table, prompts.ids);
  prompts.positions = idTensor(positions, count, 0);
  if (!plan.words.empty()) {
    const at::Tensor words = idTensor({reader.body(plan.words)}, std::int64_t(reader.body(plan.words).size()), 0);
    prompts.start = at::embedding(table, words[0].narrow(0, 0, count));
  }
  return prompts;
}

at::Tensor withContext(const ClassPrompts& prompts, const at::Tensor& context) {
  const std::vector<std::int64_t> shape{prompts.classes(), prompts.count(), prompts.width()};
  return at::scatter(prompts.fixed, 1, prompts.positions.unsqueeze(2).expand(shape), context.expand(shape));
}

}  // namespace lix::study::tuners
