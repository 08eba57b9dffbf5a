#include "pages/compare/compare_presets.h"

#include <QCoreApplication>
#include <algorithm>

namespace lix::app {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(Compare)
};

constexpr const char* kControl = "continued";

const CheckpointShelf::Entry* newest(std::span<const CheckpointShelf::Entry> entries,
                                     const std::vector<std::string>& recipes, const char* named) {
  const auto found = std::ranges::find_if(entries, [&](const CheckpointShelf::Entry& entry) {
    return std::ranges::find(recipes, entry.recipe) != recipes.end() &&
           (entry.label.find(named) != std::string::npos || entry.folder.string().find(named) != std::string::npos);
  });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

std::vector<ComparePreset> comparePresets() {
  return {{"siglixp", Words::tr("SigLIP against SigLIxP"),
           Words::tr("What contextual training does for a few pictures of each class: Tip-Adapter on both, with what they "
                     "attend to in front."),
           {"siglip"}, {"siglixp"}, "tip-adapter", "context"},
          {"llip", Words::tr("SigLIP against Llip"),
           Words::tr("What mixing tokens anew for each caption does: zero-shot on both, with the mixture weights in front."),
           {"siglip"}, {"llip"}, "zero-shot", "weights"}};
}

PresetChoice chooseFor(const ComparePreset& preset, std::span<const CheckpointShelf::Entry> entries) {
  const auto* b = newest(entries, preset.recipesB, "");
  const auto* control = newest(entries, preset.recipesA, kControl);
  const auto* a = control != nullptr ? control : newest(entries, preset.recipesA, "");
  if (a != nullptr && b != nullptr) {
    return {a->folder, b->folder, {}};
  }
  const QString recipe = QString::fromStdString((a == nullptr ? preset.recipesA : preset.recipesB).front());
  return {{}, {}, Words::tr("%1 needs a checkpoint of the recipe %2, and this workspace has none: train one on the Train "
                            "page, or open its folder with the box A or B.")
                      .arg(preset.title, recipe)};
}

}  // namespace lix::app
