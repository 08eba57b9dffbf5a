#include "nn/checkpoint/import/import.h"

#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/checkpoint/import/convert.h"
#include "nn/checkpoint/tokenizer_files.h"
#include "nn/text/tokenizer.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;

bool isThere(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

/// What can be refused before anything is read.
Result<void> checkOut(const fs::path& out) {
  std::error_code ignored;
  if (isThere(out) && !(fs::is_directory(out, ignored) && fs::is_empty(out, ignored))) {
    return fail(ErrorCode::BadInput, cat(out.string(), " exists already and would be replaced; choose another --out."));
  }
  return {};
}

Result<std::shared_ptr<const Tokenizer>> tokenizerFor(const fs::path& weights, const ImportOptions& options,
                                                      const ModelConfig& config) {
  const fs::path place = !options.tokenizer.empty()  ? options.tokenizer
                         : weights.has_parent_path() ? weights.parent_path()
                                                     : fs::path(".");
  auto tokenizer = loadTokenizer(place);
  if (!tokenizer && tokenizer.error().code == ErrorCode::NotFound && options.tokenizer.empty()) {
    return fail(ErrorCode::NotFound,
                cat("There is no tokenizer beside ", weights.string(),
                    "; put the tokenizer's files (bpe_simple_vocab_16e6.txt.gz "
                    "of OpenCLIP and Llip, spiece.model or tokenizer.json) there, or name them with --tokenizer."));
  }
  if (!tokenizer) {
    return tokenizer;
  }
  const int known = (*tokenizer)->vocabularySize();
  // OpenCLIP and Llip find a caption's end by the last id; elsewhere tables are often longer than vocabularies.
  const bool exactly = config.towers == Towers::Clip && config.eosId == config.vocabulary - 1;
  if (known > config.vocabulary || (exactly && known != config.vocabulary)) {
    return fail(ErrorCode::BadInput, cat("The tokenizer of ", place.string(), " knows ", (*tokenizer)->vocabularySize(),
                                         " tokens, the weights ", config.vocabulary, "; they do not belong together."));
  }
  return tokenizer;
}

/// The tokenizer's files in a folder that it was saved into, and whose rules they stand for.
std::string describeTokenizer(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(folder, ignored)) {
    if (const std::string name = file.path().filename().string(); isMergesName(name)) {
      return cat("CLIP's byte pairs of ", name, ", cleaned as OpenCLIP does");
    }
  }
  return isThere(folder / "spiece.model") ? "SentencePiece"
         : isThere(folder / "vocab.json") ? "CLIP's byte pairs, cleaned as Hugging Face does"
                                          : "tokenizer.json";
}

Result<Preprocess> preprocessFor(const detail::Converted& converted, const fs::path& weights) {
  if (converted.preprocess) {
    return *converted.preprocess;
  }
  const fs::path folder = weights.has_parent_path() ? weights.parent_path() : fs::path(".");
  LIX_TRY(Preprocess preprocess, loadPreprocess(folder));
  preprocess.size = converted.model.config.imageSize;
  return preprocess;
}

}  // namespace

Result<Imported> importCheckpoint(const fs::path& source, const fs::path& out, const ImportOptions& options) {
  LIX_CHECK(checkOut(out));
  LIX_TRY(detail::Source opened, detail::openSource(source));
  Imported imported{.weights = opened.weights.path()};
  LIX_TRY(const detail::Converted converted,
          detail::convert(std::move(opened), {.tau = options.tau,
                                              .activation = options.activation,
                                              .imageSize = options.imageSize,
                                              .contextLength = options.contextLength}));
  imported.kind = converted.kind;
  imported.config = converted.model.config;
  if (imported.config.towers == Towers::Heads) {
    return fail(ErrorCode::Unsupported, cat(source.string(),
                                            " is a head on the features of another model; it is opened "
                                            "where it lies, beside that model, and not imported."));
  }
  imported.parameters = parameterCount(parameterSpecs(imported.config));
  imported.notes = converted.notes;
  LIX_TRY(imported.preprocess, preprocessFor(converted, imported.weights));
  imported.preprocess.kernel = options.kernel.value_or(imported.preprocess.kernel);
  LIX_CHECK(checkPreprocess(imported.preprocess, source.string()));
  LIX_TRY(const auto tokenizer, tokenizerFor(imported.weights, options, imported.config));
  LIX_CHECK(replaceFolder(out, [&](const fs::path& folder) -> Result<void> {
    LIX_CHECK(saveModel(converted.model, "", folder, Precision::Float32));
    LIX_CHECK(savePreprocess(imported.preprocess, folder));
    LIX_CHECK(tokenizer->save(folder, imported.config.contextLength));
    imported.tokenizer = describeTokenizer(folder);
    return {};
  }));
  return imported;
}

}  // namespace lix::nn
