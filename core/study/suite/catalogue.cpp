#include "study/suite/catalogue.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <nlohmann/json.hpp>

#include "base/contracts.h"
#include "base/text.h"
#include "resources/resource.h"
#include "study/suite/plain_name.h"
#include "study/suite/suite.h"

namespace lix::study {
namespace {
using nlohmann::json;

constexpr double kShareOfClasses = 0.9;  // of an entry's that a copy must have: Caltech 101 comes with and without two

/// "001.Black footed Albatross" -> "Black footed Albatross"; a name that is all number stays.
std::string withoutNumber(const std::string& name) {
  const auto at = name.find_first_not_of("0123456789. -_");
  return at == std::string::npos || !(name[0] >= '0' && name[0] <= '9') ? name : name.substr(at);
}

using Known = std::map<std::string, std::size_t>;

/// Every spelling of the entry's classes, to their labels.
Known knownNames(const CatalogueEntry& entry) {
  Known known;
  for (std::size_t c = 0; c < entry.folders.size(); ++c) {
    known.emplace(plainName(entry.folders[c]), c);
  }
  for (std::size_t c = 0; c < entry.classes.size(); ++c) {
    for (const std::string& name : split(entry.classes[c], '|')) {
      known.emplace(plainName(name), c);
    }
  }
  return known;
}

/// The label of each class, where all are known and no two the same.
std::optional<std::vector<std::size_t>> labelsByName(const Known& known, const std::vector<std::string>& classes) {
  std::vector<std::size_t> labels;
  for (const std::string& name : classes) {
    auto found = known.find(plainName(name));
    if (found == known.end()) {
      found = known.find(plainName(withoutNumber(name)));
    }
    if (found == known.end()) {
      return std::nullopt;
    }
    labels.push_back(found->second);
  }
  return std::set(labels.begin(), labels.end()).size() == labels.size() ? std::optional(labels) : std::nullopt;
}

/// Labels by the order of the names' bytes, for sets whose own order that is, where names are spelled otherwise: nothing
/// where a name that is known belongs elsewhere, since then the order is another.
std::optional<std::vector<std::size_t>> labelsByRank(const Known& known, const std::vector<std::string>& classes) {
  std::vector<std::size_t> order(classes.size()), labels(classes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return classes[i]; });
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const auto found = known.find(plainName(classes[order[rank]]));
    if (found != known.end() && found->second != rank) {
      return std::nullopt;
    }
    labels[order[rank]] = rank;
  }
  return labels;
}

bool allNumbers(const std::vector<std::string>& classes) {
  return std::ranges::all_of(classes, [](const auto& name) { return toInteger(name).has_value(); });
}

/// Label numbers as class names, from their least on.
std::optional<std::vector<std::size_t>> labelsByNumber(const CatalogueEntry& entry,
                                                       const std::vector<std::string>& classes) {
  std::vector<long long> numbers;
  for (const std::string& name : classes) {
    numbers.push_back(*toInteger(name));
  }
  const long long least = std::ranges::min(numbers);
  std::vector<std::size_t> labels;
  for (const long long number : numbers) {
    labels.push_back(static_cast<std::size_t>(number - least));
  }
  const bool whole = classes.size() == entry.classes.size() && std::ranges::max(labels) + 1 == classes.size() &&
                     std::set(labels.begin(), labels.end()).size() == labels.size();
  return whole ? std::optional(labels) : std::nullopt;
}

bool isCalled(const CatalogueEntry& entry, const std::string& name) {
  return std::ranges::find(entry.names, plainName(name), plainName) != entry.names.end();
}

Recognised withLabels(const CatalogueEntry& entry, const std::vector<std::size_t>& labels) {
  Recognised found{.entry = entry, .classNames = {}};
  for (const std::size_t label : labels) {
    found.classNames.push_back(entry.classes[label]);
  }
  return found;
}

/// What a dataset of the entry's name is, if its classes agree.
std::optional<Recognised> byName(const CatalogueEntry& entry, const std::vector<std::string>& classes) {
  if (classes.size() < 2) {
    return std::nullopt;
  }
  if (entry.classes.empty()) {
    Recognised found{.entry = entry, .classNames = {}};
    std::ranges::transform(classes, std::back_inserter(found.classNames), withoutNumber);
    return found.classNames == classes ? Recognised{.entry = entry, .classNames = {}} : found;
  }
  auto labels = allNumbers(classes) ? labelsByNumber(entry, classes) : labelsByName(knownNames(entry), classes);
  if (!labels && entry.order == CatalogueEntry::Order::Sorted && classes.size() == entry.classes.size()) {
    labels = labelsByRank(knownNames(entry), classes);
  }
  return labels ? std::optional(withLabels(entry, *labels)) : std::nullopt;
}

/// Whether the classes alone tell that it is this dataset.
std::optional<Recognised> byClasses(const CatalogueEntry& entry, const std::vector<std::string>& classes) {
  if (classes.size() < 2 || entry.classes.empty() || allNumbers(classes)) {
    return std::nullopt;
  }
  const auto labels = labelsByName(knownNames(entry), classes);
  const bool enough = double(classes.size()) >= kShareOfClasses * double(entry.classes.size());
  const bool telling =
      entry.kind == CatalogueEntry::Folders::Telling && std::ranges::all_of(classes, [&](const auto& name) {
        return std::ranges::find(entry.folders, name) != entry.folders.end();
      });
  return labels && (enough || telling) ? std::optional(withLabels(entry, *labels)) : std::nullopt;
}

}  // namespace

Result<CatalogueEntry> parseCatalogueEntry(const std::string& text, const std::string& where) {
  const json whole = json::parse(text, nullptr, false);
  CatalogueEntry entry;
  try {
    entry.id = whole.at("id");
    entry.title = whole.at("title");
    entry.names = whole.at("names");
    entry.metric = whole.at("metric");
    entry.templates = whole.value("templates", "");
    entry.classes = whole.value("classes", std::vector<std::string>());
    entry.folders = whole.value("folders", std::vector<std::string>());
    entry.kind =
        whole.value("telling_folders", false) ? CatalogueEntry::Folders::Telling : CatalogueEntry::Folders::Plain;
    entry.order = whole.value("sorted_folders", false) ? CatalogueEntry::Order::Sorted : CatalogueEntry::Order::Unknown;
    entry.origin = whole.value("origin", "");
  } catch (const json::exception&) {
    return fail(ErrorCode::BadInput, cat("The catalogue entry ", where,
                                         " needs id, title and metric as strings and names as a list of strings."));
  }
  if (!entry.folders.empty() && entry.folders.size() != entry.classes.size()) {
    return fail(ErrorCode::BadInput, cat("The catalogue entry ", where, " has ", entry.folders.size(), " folders for ",
                                         entry.classes.size(), " classes."));
  }
  LIX_CHECK(checkMetric(entry.metric, where));
  entry.names.push_back(entry.id);
  return entry;
}

const std::vector<CatalogueEntry>& catalogue() {
  static const std::vector<CatalogueEntry> entries = [] {
    std::vector<CatalogueEntry> all;
    for (const auto name : resources("catalogue/")) {
      auto entry = parseCatalogueEntry(std::string(*resource(name)), std::string(name));
      LIX_REQUIRE(entry.has_value());  // they are shipped, and a test reads each
      all.push_back(std::move(*entry));
    }
    return all;
  }();
  return entries;
}

std::optional<CatalogueEntry> findCatalogued(const std::string& name) {
  const auto found = std::ranges::find_if(catalogue(), [&](const auto& entry) { return isCalled(entry, name); });
  return found == catalogue().end() ? std::nullopt : std::optional(*found);
}

std::optional<Recognised> recognise(const std::string& datasetName, const std::vector<std::string>& classes) {
  if (const auto entry = findCatalogued(datasetName)) {
    if (auto found = byName(*entry, classes)) {
      return found;
    }
  }
  for (const CatalogueEntry& entry : catalogue()) {
    if (auto found = byClasses(entry, classes)) {
      return found;
    }
  }
  return std::nullopt;
}

}  // namespace lix::study
