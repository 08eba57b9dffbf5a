#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace lix::study {

/// What is known of a public dataset that people have copies of (resources/catalogue/<id>.json).
struct CatalogueEntry {
  std::string id, title;
  std::vector<std::string> names;    ///< what people call it; the id is one of them
  std::string metric;                ///< as results name it: "top1", "mean_per_class_recall", ...
  std::string templates;             ///< for findTemplates: "clip:pets", or "" for none
  std::vector<std::string> classes;  ///< in label order, synonyms as a|b; empty where only the dataset's own are known
  std::vector<std::string> folders;  ///< how class folders are called, in label order, where other than `classes`
  /// Whether the folder names are such that they tell the dataset by themselves (WordNet ids), also of some of its
  /// classes.
  enum class Folders { Telling, Plain } kind = Folders::Plain;
  /// Whether sorting unknown folder names gives the label order.
  enum class Order { Sorted, Unknown } order = Order::Unknown;
  std::string origin;  ///< where its names come from and on which terms
};

/// A user's copy of one of them.
struct Recognised {
  CatalogueEntry entry;
  std::vector<std::string> classNames;  ///< for the label set's classes in its order; empty where its own should stay
};

/// All entries by id.
const std::vector<CatalogueEntry>& catalogue();

/// The entry of that id or of one of its names (letters and digits compared); nothing where there is none.
std::optional<CatalogueEntry> findCatalogued(const std::string& name);

/// The entry that a dataset is a copy of: of those called like it one that knows all of its classes, or one without
/// classes; else one that knows all of them and has few others (at least nine tenths are there), or whose folders tell.
/// Classes that are all numbers tell nothing without the name; with it they are label numbers from their least on.
std::optional<Recognised> recognise(const std::string& datasetName, const std::vector<std::string>& classes);

/// An entry from its file; `where` names it in errors.
Result<CatalogueEntry> parseCatalogueEntry(const std::string& text, const std::string& where);

}  // namespace lix::study
