#pragma once
#include <QString>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "pages/data/browser.h"

namespace lix::app {

/// A kept selection, by names.
struct NamedSelection {
  QString dataset, name;
  bool operator==(const NamedSelection&) const = default;
};

/// What is said of pictures in some matches.
struct MatchNotes {
  std::shared_ptr<const Matches> of;
  std::shared_ptr<const OpenDataset> set;
  std::unordered_map<std::uint32_t, QString> texts;  ///< by sample
};

/// The matches that filter the grid, as the page tells of them.
struct ShownMatches {
  QString title;
  std::shared_ptr<const Matches> shown;
  std::shared_ptr<const MatchNotes> notes;
  NamedSelection wanted;  ///< to be shown once its dataset is
  NamedSelection opened;  ///< whose pictures the matches are
  /// The kept selection that is shown, or will be.
  const QString& selection() const { return wanted.name.isEmpty() ? opened.name : wanted.name; }
};

/// What is chosen in the grid, by key, so that it survives another filter and another reading.
struct ChosenPictures {
  std::string current;
  std::vector<std::string> selected;
};

}  // namespace lix::app
