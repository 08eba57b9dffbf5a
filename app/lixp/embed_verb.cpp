#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>

#include "base/parallel.h"
#include "base/text.h"
#include "imaging/decode.h"
#include "lixp/caption_file.h"
#include "lixp/session.h"
#include "nn/model.h"
#include "nn/ops/tensor.h"
#include "nn/ops/unit.h"
#include "study/eval/truncation.h"
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
  bool inputs = false, ignoreExif = false;
};

/// What the image tower read and made of it.
struct EncodedFiles {
  at::Tensor rows, pixels;  ///< pixels [n, 3, S, S] only where they are asked for
};

/// Every file through the image tower; one that cannot be read is an error, since rows belong to files.
Result<EncodedFiles> encodeFiles(const Session& session, const study::Evaluator& evaluator, const EmbedOrder& order) {
  const std::vector<std::string>& files = order.images;
  const auto orientation = order.ignoreExif ? imaging::Orientation::AsStored : imaging::Orientation::Upright;
  std::vector<at::Tensor> blocks, read;
  for (std::size_t begin = 0; begin < files.size(); begin += kBlock) {
    const std::size_t count = std::min(kBlock, files.size() - begin);
    std::vector<at::Tensor> pixels(count);
    std::vector<Result<void>> done(count);
    parallelFor(count, [&](std::size_t i) {
      const auto picture = imaging::decodeFile(files[begin + i], {}, orientation);
      done[i] = picture ? Result<void>() : std::unexpected(picture.error());
      pixels[i] = picture ? study::toPixels(*picture, evaluator.preprocess) : at::Tensor();
    });
    for (const auto& one : done) {
      LIX_CHECK(one);
    }
    const at::Tensor block = at::stack(pixels);
    blocks.push_back(nn::encodeImages(evaluator.checkpoint.model, block));
    if (order.inputs) {
      read.push_back(block);
    }
    if (!report(session.progress(), "Encoding", static_cast<long long>(begin + count),
                static_cast<long long>(files.size()))) {
      return fail(ErrorCode::Cancelled, "Encoding was cancelled; nothing was written.");
    }
  }
  return EncodedFiles{at::cat(blocks), read.empty() ? at::Tensor() : at::cat(read)};
}

/// The ids that the text tower reads, [n, context].
at::Tensor idsOf(const study::Evaluator& evaluator, const std::vector<std::string>& captions) {
  const int length = evaluator.checkpoint.model.config.contextLength;
  at::Tensor ids = at::empty({std::int64_t(captions.size()), length}, at::kLong);
  for (std::size_t i = 0; i < captions.size(); ++i) {
    const nn::TokenRow row = evaluator.tokenizer->encode(captions[i], length);
    std::copy(row.ids.begin(), row.ids.end(), ids.data_ptr<std::int64_t>() + std::int64_t(i) * length);
  }
  return ids;
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
    LIX_TRY(const EncodedFiles encoded, encodeFiles(session, evaluator, order));
    images = encoded.rows;
    if (order.inputs) {
      tensors["pixel_values"] = encoded.pixels;
    }
    metadata["preprocess"] = cat(evaluator.preprocess.key(), order.ignoreExif ? "-as-stored" : "");
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
    if (const std::string cut = study::truncationNote(evaluator, captions); !cut.empty()) {
      session.note(cut);
    }
    const nn::TextFeatures texts = study::embedCaptions(evaluator, captions);
    if (order.inputs) {
      tensors["input_ids"] = idsOf(evaluator, captions);
    }
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
  verb->add_flag("--inputs", order->inputs, "Write what the towers read as well: pixel_values and input_ids");
  verb->add_flag("--ignore-exif", order->ignoreExif,
                 "Leave pictures as they are stored, as transformers and OpenCLIP do, instead of upright");
  verb->callback([&session, order] { session.action = [&session, order] { return embed(session, *order); }; });
}

}  // namespace lix::app
