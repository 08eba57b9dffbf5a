#include "nn/checkpoint/export/card.h"

#include <algorithm>
#include <sstream>

#include "base/text.h"

namespace lix::nn::detail {
namespace {

/// A cell of a table: nothing in it may end the cell or the line.
std::string cell(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  std::ranges::replace(text, '|', '/');
  return text;
}

const char* libraryOf(ExportFormat format) {
  switch (format) {
    case ExportFormat::HuggingFace:
      return "transformers";
    case ExportFormat::OpenClip:
      return "open_clip";
    case ExportFormat::Llip:
      break;
  }
  return "";
}

void addUse(ExportFormat format, std::ostream& out) {
  switch (format) {
    case ExportFormat::HuggingFace:
      out << "```python\nfrom transformers import AutoModel, AutoProcessor\n\nmodel = "
             "AutoModel.from_pretrained(\".\")\n"
             "processor = AutoProcessor.from_pretrained(\".\")\n```\n";
      break;
    case ExportFormat::OpenClip:
      out << "```python\nimport open_clip\n\nmodel, preprocess = "
             "open_clip.create_model_from_pretrained(\"local-dir:.\")\n"
             "tokenizer = open_clip.get_tokenizer(\"local-dir:.\")\n```\n";
      break;
    case ExportFormat::Llip:
      out << "`model.safetensors` holds the state dict under the names of the Llip release, `model_config.json` its "
             "sizes.\n";
      break;
  }
}

void addSizes(const ModelConfig& config, std::ostream& out) {
  const auto tower = [](const EncoderConfig& part) {
    return cat("width ", part.width, ", ", part.depth, " layers, ", part.heads, " heads");
  };
  out << "\n## Model\n\n| what | value |\n| --- | --- |\n";
  out << "| pictures | " << config.imageSize << " pixels in patches of " << config.patch << " |\n";
  out << "| image tower | " << tower(config.vision) << " |\n| text tower | " << tower(config.text) << " |\n";
  out << "| captions | " << config.contextLength << " tokens of " << config.vocabulary << " |\n";
  out << "| embeddings | " << config.embedWidth << " |\n";
  if (config.mixture) {
    out << "| mixing | " << config.mixtureTokens() << " tokens, " << config.mixture->heads << " heads, tau "
        << config.mixture->tau << " |\n";
  }
}

}  // namespace

std::string cardText(const Checkpoint& checkpoint, ExportFormat format, const ModelCard& card,
                     const std::vector<std::string>& notes) {
  std::ostringstream out;
  out << "---\npipeline_tag: zero-shot-image-classification\n";
  if (const std::string library = libraryOf(format); !library.empty()) {
    out << "library_name: " << library << "\n";
  }
  out << "tags:\n- contrastive\n- image-text\n---\n\n# "
      << (card.name.empty() ? "A contrastive image-text model" : cell(card.name)) << "\n\n";
  addUse(format, out);
  addSizes(checkpoint.model.config, out);
  if (!checkpoint.recipe.empty() || checkpoint.seed || !card.dataset.empty() || !card.training.empty()) {
    out << "\n## Training\n\n| what | value |\n| --- | --- |\n";
    const auto row = [&](const std::string& what, const std::string& value) {
      if (!value.empty()) {
        out << "| " << cell(what) << " | " << cell(value) << " |\n";
      }
    };
    row("recipe", checkpoint.recipe);
    row("data", card.dataset);
    row("seed", checkpoint.seed ? std::to_string(*checkpoint.seed) : "");
    for (const auto& [what, value] : card.training) {
      row(what, value);
    }
  }
  if (!card.measured.empty()) {
    out << "\n## Measured\n\n| what | data | metric | value |\n| --- | --- | --- | --- |\n";
    for (const auto& one : card.measured) {
      out << "| " << cell(one.what) << " | " << cell(one.dataset) << " | " << cell(one.metric) << " | "
          << cell(one.value) << " |\n";
    }
  }
  if (!notes.empty()) {
    out << "\n## Notes\n\n";
    for (const std::string& note : notes) {
      out << "- " << note << "\n";
    }
  }
  return out.str();
}

}  // namespace lix::nn::detail
