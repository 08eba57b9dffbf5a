#include "study/doctor/caption_mistakes.h"

#include <ATen/ops/embedding.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "nn/checkpoint/tokenizer_files.h"
#include "nn/encoders/encoder.h"
#include "nn/ops/tensor.h"
#include "nn/text/clip_tokenizer.h"
#include "nn/text/json_tokenizer.h"
#include "nn/text/sentencepiece_tokenizer.h"
#include "study/doctor/bench.h"

namespace lix::study::doctor {
namespace {
namespace fs = std::filesystem;

/// One block's attention under a mask [N, 1, 1, L] of the tokens that may be seen.
at::Tensor attend(const nn::Parameters& p, const std::string& name, int heads, const at::Tensor& x, const at::Tensor& seen) {
  const auto batch = x.size(0), length = x.size(1), width = x.size(2);
  const auto part = [&](const char* which) {
    return nn::linear(p, cat(name, ".", which, "_proj"), x).view({batch, length, heads, width / heads}).transpose(1, 2);
  };
  const at::Tensor mixed = at::scaled_dot_product_attention(part("q"), part("k"), part("v"), seen);
  return nn::linear(p, name + ".out_proj", mixed.transpose(1, 2).reshape({batch, length, width}));
}

/// Words as a hand-written tokenizer without CLIP's cleaning would cut them: at blanks, the full stop apart.
std::vector<std::string> wordsOf(const std::string& caption) {
  std::vector<std::string> words = split(caption, ' ');
  if (!words.empty() && words.back().size() > 1 && words.back().ends_with('.')) {
    words.back().pop_back();
    words.emplace_back(".");
  }
  return words;
}

Result<at::Tensor> clipIds(const nn::detail::ClipFiles& files, const std::vector<std::string>& captions, int contextLength) {
  std::vector<nn::TokenRow> rows;
  for (const std::string& caption : captions) {
    nn::TokenRow row{.ids = {files.bpe.startId()}};
    for (const std::string& word : wordsOf(caption)) {
      files.bpe.append(word, row.ids);
    }
    row.ids.resize(std::min(row.ids.size(), std::size_t(contextLength) - 1));
    row.ids.push_back(files.bpe.endId());
    row.ids.resize(std::size_t(contextLength), files.padId);
    rows.push_back(std::move(row));
  }
  return idsOf(rows);
}

Result<at::Tensor> idsBy(const nn::Tokenizer& tokenizer, const std::vector<std::string>& captions, int contextLength) {
  std::vector<nn::TokenRow> rows;
  for (const std::string& caption : captions) {
    rows.push_back(tokenizer.encode(caption, contextLength));
  }
  return idsOf(rows);
}

/// By a tokenizer.json without the cleaning that its checkpoint asks for beside it.
Result<at::Tensor> jsonIds(const nn::TokenizerFiles& files, const std::vector<std::string>& captions, int contextLength) {
  const std::string origin = "tokenizer.json";
  LIX_TRY(const nlohmann::json whole, nn::detail::parseObject(files.at(origin), origin));
  if (nn::detail::isClip(whole)) {
    LIX_TRY(const auto clip, nn::detail::clipFromJson(whole, files, origin));
    return clipIds(clip, captions, contextLength);
  }
  LIX_TRY(nn::detail::TokenizerJson about, nn::detail::tokenizerFromJson(whole, origin));
  LIX_TRY(nn::detail::JsonSettings settings, nn::detail::jsonSettings(about, files, origin));
  settings.lowers = false;
  settings.clean.reset();
  return idsBy(*nn::detail::makeJsonTokenizer(std::move(about), settings, {}), captions, contextLength);
}

}  // namespace

nn::TextFeatures maskedTexts(const nn::Model& model, const at::Tensor& ids, const std::vector<int>& lengths) {
  const nn::Parameters& p = model.parameters;
  const nn::EncoderConfig& c = model.config.text;
  const auto rows = ids.size(0), length = ids.size(1);
  at::Tensor seen = at::zeros({rows, 1, 1, length}, at::kBool);
  for (std::int64_t i = 0; i < rows; ++i) {
    seen.select(0, i).narrow(-1, 0, lengths[std::size_t(i)]).fill_(true);
  }
  at::Tensor x = at::embedding(p.at("text_model.embeddings.token_embedding.weight"), ids) +
                 p.at("text_model.embeddings.position_embedding.weight").narrow(0, 0, length);
  for (int i = 0; i < c.depth; ++i) {
    const std::string block = cat("text_model.encoder.layers.", i, ".");
    x = x + attend(p, block + "self_attn", c.heads, nn::layerNorm(p, block + "layer_norm1", x, c.normEpsilon), seen);
    x = x + nn::mlp(p, block + "mlp", c.activation, nn::layerNorm(p, block + "layer_norm2", x, c.normEpsilon));
  }
  const at::Tensor state = nn::layerNorm(p, "text_model.final_layer_norm", x.select(1, length - 1), c.normEpsilon);
  const auto bias = p.find("text_model.head.bias");
  const at::Tensor& weight = p.at("text_model.head.weight");
  return {bias == p.end() ? at::linear(state, weight) : at::linear(state, weight, bias->second), {}};
}

PaddingMistake paddingMistake(const at::Tensor& ids, const std::vector<int>& lengths, const nn::ModelConfig& config) {
  const auto last = ids.size(1) - 1;
  PaddingMistake mistake{.name = "padding with another id", .ids = ids.clone(), .reason = {}};
  const auto shortest = std::ranges::min_element(lengths);
  if (*shortest > last) {
    mistake.reason = "the captions fill the context";
    return mistake;
  }
  const auto own = ids[shortest - lengths.begin()][last].item<std::int64_t>();
  const std::int64_t other = own != 0 ? 0 : config.eosId;
  if (other == own || other >= config.vocabulary) {
    mistake.reason = "padding and end are the same id";
    return mistake;
  }
  mistake.name = cat("padding with id ", other, " in place of ", own);
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    mistake.ids.select(0, std::int64_t(i)).narrow(0, lengths[i], last + 1 - lengths[i]).fill_(other);
  }
  return mistake;
}

Result<at::Tensor> uncleanedIds(const fs::path& folder, const std::vector<std::string>& captions, int contextLength) {
  LIX_TRY(const nn::TokenizerFiles files, nn::readTokenizerFiles(folder));
  const std::string name = folder.string();
  if (const auto found = files.find("spiece.model"); found != files.end()) {
    LIX_TRY(const auto tokenizer, nn::detail::makeSentencePiece(found->second, {.letters = nn::Case::Keep}, name));
    return idsBy(*tokenizer, captions, contextLength);
  }
  const auto merges = std::ranges::find_if(files, [](const auto& one) { return nn::isMergesName(one.first); });
  if (merges != files.end()) {
    LIX_TRY(const auto clip, nn::detail::clipFromMerges(merges->first, files, name));
    return clipIds(clip, captions, contextLength);
  }
  if (files.contains("vocab.json") && files.contains("merges.txt")) {
    LIX_TRY(const auto clip, nn::detail::clipFromVocabulary(files, name));
    return clipIds(clip, captions, contextLength);
  }
  return jsonIds(files, captions, contextLength);
}

}  // namespace lix::study::doctor
