#include "nn/text/sentencepiece_tokenizer.h"

#include <sentencepiece_processor.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/contracts.h"
#include "base/file.h"
#include "base/text.h"
#include "nn/text/spiece_check.h"
#include "nn/text/tokenizer_json.h"

namespace lix::nn {
namespace fs = std::filesystem;
namespace {

constexpr const char* kConfig = "tokenizer_config.json";
constexpr std::string_view kUnknown = "<unk>";

using Processor = sentencepiece::SentencePieceProcessor;

/// Ids as transformers' SiglipTokenizer makes them.
class SentencePieceTokenizer final : public Tokenizer {
 public:
  SentencePieceTokenizer(std::string model, std::unique_ptr<const Processor> processor,
                         detail::SentencePieceSettings settings)
      : model_(std::move(model)),
        processor_(std::move(processor)),
        settings_(std::move(settings)),
        eos_(processor_->PieceToId(settings_.eosToken)),
        pad_(processor_->PieceToId(settings_.padToken)),
        prefixLength_(processor_->EncodeAsIds(kUnknown).size()) {}

  TokenRow encode(std::string_view caption, int contextLength) const override {
    LIX_REQUIRE(contextLength > 0);
    TokenRow row;
    const auto room = static_cast<std::size_t>(contextLength) - 1;
    forEachPart(caption, [&](const CaptionPart& part) {
      if (part.special) {
        row.ids.push_back(processor_->PieceToId(part.text));
        return;
      }
      // As transformers does: encoded behind "<unk>", so that SentencePiece puts no word mark of its own in front.
      std::vector<int> ids = processor_->EncodeAsIds(cat(kUnknown, part.text));
      row.ids.insert(row.ids.end(), ids.begin() + static_cast<std::ptrdiff_t>(std::min(prefixLength_, ids.size())),
                     ids.end());
    });
    row.truncated = row.ids.size() > room;
    row.ids.resize(std::min(row.ids.size(), room));
    row.ids.push_back(eos_);
    row.length = static_cast<int>(row.ids.size());
    row.ids.resize(static_cast<std::size_t>(contextLength), pad_);
    return row;
  }

  int vocabularySize() const override { return processor_->GetPieceSize(); }

  std::vector<std::string> pieces(std::string_view caption) const override {
    std::vector<std::string> out;
    forEachPart(caption, [&](const CaptionPart& part) {
      if (part.special) {
        out.push_back(part.text);
        return;
      }
      const auto pieces = processor_->EncodeAsPieces(cat(kUnknown, part.text));
      out.insert(out.end(), pieces.begin() + static_cast<std::ptrdiff_t>(std::min(prefixLength_, pieces.size())),
                 pieces.end());
    });
    return out;
  }

  Result<void> save(const fs::path& folder, int contextLength) const override {
    const auto special = [](const std::string& token) {
      return nlohmann::ordered_json{{"content", token}, {"lstrip", false},      {"normalized", false},
                                    {"rstrip", false},  {"single_word", false}, {"special", true}};
    };
    nlohmann::ordered_json config;
    if (settings_.clean) {
      config["clean"] = detail::nameOf(*settings_.clean);
    }
    for (const std::string& token : {settings_.padToken, settings_.eosToken, std::string(kUnknown)}) {
      config["added_tokens_decoder"][std::to_string(processor_->PieceToId(token))] = special(token);
    }
    config["do_lower_case"] = settings_.letters == Case::Lower;
    config["eos_token"] = settings_.eosToken;
    config["model_input_names"] = {"input_ids"};
    config["model_max_length"] = contextLength;
    config["pad_token"] = settings_.padToken;
    config["sp_model_kwargs"] = nlohmann::ordered_json::object();
    config["tokenizer_class"] = "SiglipTokenizer";
    config["unk_token"] = kUnknown;
    LIX_CHECK(writeFile(folder / "spiece.model", model_));
    return writeFile(folder / kConfig, config.dump(2) + "\n");
  }

  std::uint64_t hash() const override {
    const auto settings = cat(settings_.letters == Case::Lower, ' ', eos_, ' ', pad_);
    const auto clean = settings_.clean ? detail::nameOf(*settings_.clean) : std::string_view();
    return hash64(cat(settings, clean), hash64(model_));
  }

 private:
  template <class Visit>
  void forEachPart(std::string_view caption, Visit&& visit) const {
    const std::string text = settings_.clean ? detail::cleaned(caption, *settings_.clean) : std::string(caption);
    for (const auto& part : canonicalParts(text, settings_.letters)) {
      visit(part);
    }
  }

  std::string model_;
  std::unique_ptr<const Processor> processor_;
  detail::SentencePieceSettings settings_;
  int eos_;
  int pad_;
  std::size_t prefixLength_;  ///< pieces of "<unk>" as text
};

std::unexpected<Error> damaged(std::string_view origin, std::string_view why) {
  return fail(ErrorCode::BadInput, cat(origin, " is not a usable SentencePiece model: ", why, ". Get the file again."));
}

/// tokenizer_config.json may be absent; what it says about case and special tokens counts.
Result<detail::SentencePieceSettings> readSettings(const TokenizerFiles& files, std::string_view folder) {
  detail::SentencePieceSettings settings;
  const auto config = files.find(kConfig);
  if (config == files.end()) {
    return settings;
  }
  const std::string origin = cat(folder, "/", kConfig);
  LIX_TRY(const nlohmann::json json, detail::parseObject(config->second, origin));
  LIX_TRY(settings.clean, detail::cleaningIn(json, origin));
  const auto token = [&](const char* key, std::string& value) {
    const auto found = json.find(key);
    if (found != json.end() && found->is_object() && found->contains("content") && (*found)["content"].is_string()) {
      value = (*found)["content"].get<std::string>();  // the form of an AddedToken
    } else if (found != json.end() && found->is_string()) {
      value = found->get<std::string>();
    }
  };
  token("pad_token", settings.padToken);
  token("eos_token", settings.eosToken);
  if (const auto lower = json.find("do_lower_case"); lower != json.end() && lower->is_boolean()) {
    settings.letters = lower->get<bool>() ? Case::Lower : Case::Keep;
  }
  return settings;
}

}  // namespace

Result<std::shared_ptr<const Tokenizer>> detail::makeSentencePiece(std::string model,
                                                                   const SentencePieceSettings& settings,
                                                                   std::string_view origin) {
  if (const auto problem = charMapProblem(model); !problem.empty()) {
    return damaged(origin, problem);
  }
  auto processor = std::make_unique<Processor>();
  try {
    if (const auto status = processor->LoadFromSerializedProto(model); !status.ok()) {
      return damaged(origin, cat("the library says \"", status.error_message(), "\""));
    }
  } catch (const std::exception& error) {
    return damaged(origin, error.what());
  }
  for (const auto& token : {settings.eosToken, settings.padToken}) {
    if (processor->PieceToId(token) == processor->unk_id()) {
      return damaged(origin, cat("it has no piece \"", token, "\""));
    }
  }
  return std::make_shared<SentencePieceTokenizer>(std::move(model), std::move(processor), settings);
}

Result<std::shared_ptr<const Tokenizer>> detail::sentencePieceFrom(const TokenizerFiles& files, std::string_view folder) {
  LIX_TRY(const auto settings, readSettings(files, folder));
  return makeSentencePiece(files.at("spiece.model"), settings, cat(folder, "/spiece.model"));
}

}  // namespace lix::nn
