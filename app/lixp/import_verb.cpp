#include <optional>
#include <utility>

#include "base/text.h"
#include "lixp/session.h"
#include "lixp/workspace_access.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/checkpoint/import/import.h"
#include "nn/ops/tensor.h"
#include "store/checkpoint_store.h"

namespace lix::app {
namespace {
using nlohmann::json;
namespace fs = std::filesystem;

struct ImportOrder {
  std::string source, tokenizer;
  fs::path out;
  double tau = 0.0;  ///< 0 = as published
  std::string activation, kernel;
  int imageSize = 0, contextLength = 0;  ///< 0 = the source's
};

constexpr std::pair<const char*, nn::Activation> kActivations[] = {{"quick_gelu", nn::Activation::QuickGelu},
                                                                   {"gelu", nn::Activation::GeluErf},
                                                                   {"gelu_tanh", nn::Activation::GeluTanh}};

json architectureOf(const nn::ModelConfig& config) {
  const auto tower = [](const nn::EncoderConfig& encoder) {
    return json{{"width", encoder.width}, {"layers", encoder.depth}, {"heads", encoder.heads}, {"mlp", encoder.mlpWidth}};
  };
  json about{{"image_size", config.imageSize},
             {"patch", config.patch},
             {"vision", tower(config.vision)},
             {"text", tower(config.text)},
             {"context_length", config.contextLength},
             {"vocabulary", config.vocabulary},
             {"embed_width", config.embedWidth}};
  if (config.mixture) {
    about["K"] = config.classTokens;
    about["M"] = config.mixture->heads;
    about["tau"] = config.mixture->tau;
    about["norms"] = config.mixture->norms;
    about["mixed_tokens"] = config.mixtureTokens();
  }
  return about;
}

std::string described(const nn::Imported& imported, const fs::path& out) {
  const nn::ModelConfig& c = imported.config;
  const auto tower = [](const nn::EncoderConfig& encoder) {
    return cat("width ", encoder.width, ", ", encoder.depth, " layers, ", encoder.heads, " heads");
  };
  std::string text = cat("Imported ", imported.weights.string(), " to ", out.string(), "\n");
  text += cat("  ", imported.kind, ", ", fixed(static_cast<double>(imported.parameters) / 1e6, 1), " M parameters\n");
  text += cat("  vision: ", c.imageSize, " pixels in patches of ", c.patch, ", ", tower(c.vision), "\n");
  text += cat("  text: ", c.contextLength, " of ", c.vocabulary, " tokens, ", tower(c.text), "\n");
  if (!c.mixture) {
    text += cat("  embeddings: ", c.embedWidth, " numbers\n");
  } else {
    text += cat("  mixing: K = ", c.classTokens, c.mixture->patches ? cat(" and ", c.patches(), " patches") : "", ", M = ",
                c.mixture->heads, ", D = ", c.embedWidth, ", tau = ", c.mixture->tau,
                c.mixture->norms ? ", with norms of keys, queries and values" : "", "\n");
  }
  text += cat("  tokenizer: ", imported.tokenizer, "\n");
  text += cat("  pictures: ", imported.preprocess.key(), "\n");
  for (const std::string& note : imported.notes) {
    text += cat("  ", note, "\n");
  }
  return text;
}

Result<Output> importSource(const Session& session, const ImportOrder& order) {
  nn::ImportOptions options{.tau = {},
                            .tokenizer = order.tokenizer,
                            .imageSize = order.imageSize,
                            .contextLength = order.contextLength};
  if (order.tau != 0.0) {
    options.tau = order.tau;
  }
  for (const auto& [name, activation] : kActivations) {
    if (order.activation == name) {
      options.activation = activation;
    }
  }
  if (!order.kernel.empty()) {
    LIX_TRY(options.kernel, nn::kernelNamed(order.kernel));
  }
  std::optional<store::Workspace> workspace;
  if (!session.workspace.empty()) {
    LIX_TRY(workspace, openWorkspace(session, store::OpenMode::Create));
  }
  LIX_TRY(const nn::Imported imported, nn::importCheckpoint(order.source, order.out, options));
  if (workspace) {
    LIX_TRY(const nn::Checkpoint checkpoint, nn::loadCheckpoint(order.out));
    LIX_CHECK(store::CheckpointStore(*workspace).record(
        {.path = fs::absolute(order.out).lexically_normal(), .weightsHash = checkpoint.weightsHash.text()}));
  }
  return Output{{{"kind", imported.kind},
                 {"source", imported.weights.string()},
                 {"out", order.out.string()},
                 {"parameters", imported.parameters},
                 {"architecture", architectureOf(imported.config)},
                 {"tokenizer", imported.tokenizer},
                 {"preprocess", imported.preprocess.key()},
                 {"notes", imported.notes}},
                described(imported, order.out)};
}

}  // namespace

void addImportVerb(CLI::App& app, Session& session) {
  auto order = std::make_shared<ImportOrder>();
  CLI::App* verb = app.add_subcommand("import", "A checkpoint of transformers, OpenCLIP or Llip as a folder of ours");
  verb->add_option("source", order->source, "Folder of the checkpoint, or its file of weights (.safetensors, .bin, .pt)")
      ->required();
  verb->add_option("--out", order->out, "Folder to make")->required();
  verb->add_option("--tau", order->tau, "Llip's mixing temperature, which the files do not hold (default: as published)")
      ->check(CLI::PositiveNumber);
  verb->add_option("--tokenizer", order->tokenizer, "Tokenizer file or folder, where it does not lie beside the weights");
  verb->add_option("--image-size", order->imageSize, "Pictures of this size, by resizing the table of positions")
      ->check(CLI::PositiveNumber);
  verb->add_option("--context", order->contextLength, "Captions of this many tokens, likewise")->check(CLI::PositiveNumber);
  verb->add_option("--kernel", order->kernel,
                   "Whose arithmetic resizes pictures: pillow, pillow-12 (before 13) or torchvision (default: what the files ask for)")
      ->check(CLI::IsMember({"pillow", "pillow-12", "torchvision"}));
  verb->add_option("--activation", order->activation, "Of an OpenCLIP file that lies without its open_clip_config.json")
      ->check(CLI::IsMember({"quick_gelu", "gelu", "gelu_tanh"}));
  verb->footer("Every verb opens such folders where they lie as well. With --workspace the checkpoint is listed there.");
  verb->callback([&session, order] { session.action = [&session, order] { return importSource(session, *order); }; });
}

}  // namespace lix::app
