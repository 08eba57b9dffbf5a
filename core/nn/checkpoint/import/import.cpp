#include "nn/checkpoint/import/import.h"

#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/checkpoint/import/llip.h"
#include "nn/text/tokenizer.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxConfig = 1 << 20;
constexpr const char* kConfig = "model_config.json";

bool isThere(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::unexpected<Error> pickled(const fs::path& path) {
  return fail(ErrorCode::Unsupported,
              cat(path.string(), " is a pickle, which cannot be read yet; convert it in Python: python3 -c \"import torch, "
                  "safetensors.torch as s; c = torch.load('", path.filename().string(),
                  "', map_location='cpu', weights_only=True); s.save_file({k: v.contiguous() for k, v in "
                  "c.get('state_dict', c).items()}, 'model.safetensors')\""));
}

std::vector<fs::path> filesWith(const fs::path& folder, std::initializer_list<const char*> extensions) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (fs::directory_iterator at(folder, ignored), end; !ignored && at != end; at.increment(ignored)) {
    if (std::ranges::any_of(extensions, [&](const char* one) { return at->path().extension() == one; })) {
      found.push_back(at->path());
    }
  }
  std::ranges::sort(found);
  return found;
}

/// The file of weights that `source` means.
Result<fs::path> weightsOf(const fs::path& source) {
  std::error_code ignored;
  if (!fs::exists(source, ignored)) {
    return fail(ErrorCode::NotFound, cat(source.string(), " does not exist; name a folder or a .safetensors file."));
  }
  if (!fs::is_directory(source, ignored)) {
    const auto extension = source.extension();
    return extension == ".pt" || extension == ".pth" || extension == ".bin" ? pickled(source) : Result<fs::path>(source);
  }
  if (isThere(source / "model.safetensors")) {
    return source / "model.safetensors";
  }
  const auto found = filesWith(source, {".safetensors"});
  if (found.size() == 1) {
    return found[0];
  }
  if (found.size() > 1) {
    return fail(ErrorCode::BadInput, cat(source.string(), " holds several files of weights (", found[0].filename().string(),
                                         ", ", found[1].filename().string(), "); name the one that is meant."));
  }
  if (const auto pickles = filesWith(source, {".pt", ".pth", ".bin"}); !pickles.empty()) {
    return pickled(pickles[0]);
  }
  return fail(ErrorCode::NotFound, cat(source.string(), " holds no weights (model.safetensors)."));
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
  const fs::path place = !options.tokenizer.empty()       ? options.tokenizer
                         : weights.has_parent_path() ? weights.parent_path()
                                                          : fs::path(".");
  auto tokenizer = loadTokenizer(place);
  if (!tokenizer && tokenizer.error().code == ErrorCode::NotFound && options.tokenizer.empty()) {
    return fail(ErrorCode::NotFound,
                cat("There is no tokenizer beside ", weights.string(), "; put bpe_simple_vocab_16e6.txt.gz of its release "
                    "there, or name it with --tokenizer."));
  }
  if (tokenizer && (*tokenizer)->vocabularySize() != config.vocabulary) {
    return fail(ErrorCode::BadInput, cat("The tokenizer of ", place.string(), " knows ", (*tokenizer)->vocabularySize(),
                                         " tokens, the weights ", config.vocabulary, "; they do not belong together."));
  }
  return tokenizer;
}

/// The tokenizer's files in a folder that it was saved into, and whose rules they stand for.
std::string describeTokenizer(const fs::path& folder) {
  for (const auto& file : filesWith(folder, {".gz"})) {
    return cat("CLIP's byte pairs of ", file.filename().string(), ", cleaned as OpenCLIP does");
  }
  return isThere(folder / "spiece.model") ? "SentencePiece" : "CLIP's byte pairs, cleaned as Hugging Face does";
}

Result<detail::Converted> convert(const fs::path& path, const std::string& config, const ImportOptions& options) {
  LIX_TRY(detail::SourceWeights weights, detail::SourceWeights::open(path));
  if (detail::isLlip(weights)) {
    return detail::convertLlip(std::move(weights), config, options.tau);
  }
  const bool readable = loadPreprocess(path.parent_path()) && isThere(path.parent_path() / "config.json");
  return fail(ErrorCode::Unsupported,
              cat(path.string(), " is not a released Llip (it has no k_proj, v_proj and q_proj beside CLIP's weights), and "
                  "nothing else can be imported yet.",
                  readable ? " Its folder may be a checkpoint that needs no import: name it where one is asked for." : ""));
}

}  // namespace

Result<Imported> importCheckpoint(const fs::path& source, const fs::path& out, const ImportOptions& options) {
  LIX_CHECK(checkOut(out));
  Imported imported{.kind = "Llip"};
  LIX_TRY(imported.weights, weightsOf(source));
  const fs::path beside = imported.weights.parent_path() / kConfig;
  std::string config;
  if (isThere(beside)) {
    LIX_TRY(config, readFile(beside, kMaxConfig));
  }
  LIX_TRY(const detail::Converted converted, convert(imported.weights, config, options));
  imported.config = converted.model.config;
  imported.parameters = parameterCount(parameterSpecs(imported.config));
  imported.notes = converted.notes;
  imported.preprocess = clipPreprocess(imported.config.imageSize);
  imported.preprocess.centre = Preprocess::Centre::HalfEven;  // OpenCLIP's, on which the release stands
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
