#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/stack.h>

#include "base/parallel.h"
#include "base/text.h"
#include "imaging/decode.h"
#include "lixp/caption_file.h"
#include "lixp/session.h"
#include "nn/model.h"
#include "nn/ops/tensor.h"
#include "nn/ops/unit.h"
#include "study/eval/zero_shot.h"
#include "study/inspect/inspect.h"

namespace lix::app {
namespace {
using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t kBlock = 64;

struct EmbedOrder {
  std::string checkpoint, captions;
  std::vector<std::string> images;
  fs::path out;
};

/// Every file through the image tower; one that cannot be read is an error, since rows belong to files.
Result<at::Tensor> encodeFiles(const Session& session, const study::Evaluator& evaluator,
                               const std::vector<std::string>& files) {
  std::vector<at::Tensor> blocks;
  for (std::size_t begin = 0; begin < files.size(); begin += kBlock) {
    const std::size_t count = std::min(kBlock, files.size() - begin);
    std::vector<at::Tensor> pixels(count);
    std::vector<Result<void>> done(count);
    parallelFor(count, [&](std::size_t i) {
      const auto picture = imaging::decodeFile(files[begin + i]);
      done[i] = picture ? Result<void>() : std::unexpected(picture.error());
      pixels[i] = picture ? study::toPixels(*picture, evaluator.preprocess) : at::Tensor();
    });
    for (const auto& one : done) {
      LIX_CHECK(one);
    }
    blocks.push_back(nn::encodeImages(evaluator.checkpoint.model, at::stack(pixels)));
    if (!report(session.progress(), "Encoding", static_cast<long long>(begin + count),
                static_cast<long long>(files.size()))) {
      return fail(ErrorCode::Cancelled, "Encoding was cancelled; nothing was written.");
    }
  }
  return at::cat(blocks);
}

Result<Output> embed(const Session& session, const EmbedOrder& order) {
  if (order.images.empty() && order.captions.empty()) {
    return fail(ErrorCode::BadInput, "There is nothing to embed; give --images FILE..., --captions FILE, or both.");
  }
  const at::NoGradGuard noGrad;
  LIX_TRY(const study::Evaluator evaluator, study::openEvaluator(order.checkpoint));
  std::map<std::string, at::Tensor> tensors;
  std::map<std::string, std::string> metadata{{"format", "pt"}};
  at::Tensor images;
  if (!order.images.empty()) {
    LIX_TRY(images, encodeFiles(session, evaluator, order.images));
    metadata["images"] = json(order.images).dump(-1, ' ', false, json::error_handler_t::replace);
    metadata["image_embeds"] = evaluator.isMixture()
                                   ? "pooled: unit vector of the uniform mixture of the tokens, whatever the caption"
                                   : "unit vectors";
    tensors["image_embeds"] =
        evaluator.isMixture() ? nn::pooledEmbedding(evaluator.checkpoint.model, images) : nn::unit(images);
    if (evaluator.isMixture()) {
      tensors["image_tokens"] = images;
    }
  }
  if (!order.captions.empty()) {
    LIX_TRY(const auto captions, readCaptions(order.captions));
    const nn::TextFeatures texts = study::embedCaptions(evaluator, captions);
    metadata["text_embeds"] = "unit vectors";
    metadata["captions"] = fs::path(order.captions).filename().string();
    tensors["text_embeds"] = nn::unit(texts.embeds);
    if (images.defined()) {
      const study::LogitRule rule = study::logitRule(evaluator);
      tensors["logits_per_image"] = study::cosines(evaluator, images, texts) * rule.scale + rule.bias;
      metadata["logits_per_image"] = cat("cosine x ", rule.scale, " + ", rule.bias,
                                         evaluator.isMixture() ? cat("; mixed for each caption at tau ",
                                                                     evaluator.checkpoint.model.config.mixture->tau)
                                                               : "");
    }
  }
  metadata["weights"] = evaluator.checkpoint.weightsHash.text();
  LIX_CHECK(nn::saveTensors(order.out, tensors, metadata));
  json shapes;
  std::string text = cat("Wrote ", order.out.string(), "\n");
  for (const auto& [name, tensor] : tensors) {
    shapes[name] = tensor.sizes().vec();
    text += cat("  ", name, " ", shapes[name].dump(), metadata.contains(name) ? ", " + metadata[name] : "", "\n");
  }
  return Output{{{"file", order.out.string()}, {"tensors", shapes}, {"metadata", metadata}}, text};
}

}  // namespace

void addEmbedVerb(CLI::App& app, Session& session) {
  auto order = std::make_shared<EmbedOrder>();
  CLI::App* verb = app.add_subcommand("embed", "Embeddings of pictures and captions into a safetensors file");
  verb->add_option("checkpoint", order->checkpoint, "Checkpoint folder")->required();
  verb->add_option("--images", order->images, "Picture files");
  verb->add_option("--captions", order->captions, "Text file with one caption a line");
  verb->add_option("--out", order->out,
                   "The file: image_embeds, text_embeds, logits_per_image; of a Llip also image_tokens")
      ->required();
  verb->callback([&session, order] { session.action = [&session, order] { return embed(session, *order); }; });
}

}  // namespace lix::app
