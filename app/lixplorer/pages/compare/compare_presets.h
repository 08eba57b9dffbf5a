#pragma once
#include <QString>
#include <filesystem>
#include <span>
#include <vector>

#include "desk/checkpoint_shelf.h"

namespace lix::app {

/// A comparison that people come for: which checkpoints, how, and what to look at.
struct ComparePreset {
  const char* id;
  QString title, help;
  std::vector<std::string> recipesA, recipesB;
  const char* method;
  const char* panel;  ///< that comes to the front
};
std::vector<ComparePreset> comparePresets();

/// The checkpoints that fit it, the newest of each. Of several A one that was trained as long as B is preferred: one
/// called "continued". Empty where there are none, and `missing` says what to do.
struct PresetChoice {
  std::filesystem::path a, b;
  QString missing;
};
PresetChoice chooseFor(const ComparePreset& preset, std::span<const CheckpointShelf::Entry> entries);

}  // namespace lix::app
