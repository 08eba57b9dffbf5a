#include "pages/support/duplicates.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>
#include <set>
#include <unordered_map>

#include "study/suggest/near_pairs.h"

namespace lix::app {
namespace {

constexpr std::size_t kMostPairs = 20'000;

struct Text {
  Q_DECLARE_TR_FUNCTIONS(support)
};

/// Keeps the worst trouble of a picture.
void flag(Duplicates& result, const data::PictureRef& picture, Flag found) {
  const auto [at, fresh] = result.flags.emplace(picture, found);
  if (!fresh && found.trouble < at->second.trouble) {
    at->second = std::move(found);
  }
}

/// Pictures whose content stands twice in the set.
void findCopies(const SetFeatures& set, Duplicates& result) {
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> byContent;
  for (std::size_t i = 0; i < set.pictures.size(); ++i) {
    byContent[set.hashes[i]].push_back(i);
  }
  for (const auto& [hash, rows] : byContent) {
    for (std::size_t k = 0; k < rows.size() && rows.size() > 1; ++k) {
      const std::size_t i = rows[k];
      const auto other = std::ranges::find_if(rows, [&](std::size_t j) { return set.labels[j] != set.labels[i]; });
      const std::size_t j = other != rows.end() ? *other : rows[k == 0 ? 1 : 0];
      flag(result, set.pictures[i],
           {other != rows.end() ? Trouble::Conflict : Trouble::Copy, set.pictures[j],
            set.names[static_cast<std::size_t>(set.labels[j])]});
      const bool isLater = std::any_of(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(k),
                                       [&](std::size_t before) { return set.labels[before] == set.labels[i]; });
      if (isLater) {
        result.extra.push_back(set.pictures[i]);
      }
    }
  }
  std::ranges::sort(result.extra);
}

constexpr std::size_t kFewNear = 8;  // pictures near a query that are too few to doubt the checkpoint

/// Near pairs within the set and with queries.
Result<void> findNear(const SetFeatures& set, const QueryContent& queries, const std::stop_token& stop,
                      Duplicates& result) {
  LIX_TRY(const auto asked, study::nearPairs(set.matrix(), queries.rows, kNearCosine, kMostPairs, stop));
  LIX_TRY(const auto pairs, study::nearPairs(set.matrix(), kNearCosine, kMostPairs, stop));
  result.cut = pairs.size() == kMostPairs || asked.size() == kMostPairs;
  std::map<std::size_t, study::NearPair> nearest;
  for (const study::NearPair& pair : asked) {
    const auto [at, fresh] = nearest.emplace(pair.first, pair);
    if (!fresh && pair.cosine > at->second.cosine) {
      at->second = pair;
    }
  }
  // A checkpoint that holds most pictures for alike tells no copy by them.
  const bool saysSomething = nearest.size() < kFewNear || 4 * nearest.size() < set.pictures.size();
  for (const auto& [row, pair] : saysSomething ? nearest : std::map<std::size_t, study::NearPair>()) {
    flag(result, set.pictures[row], {Trouble::NearQuery, queries.pictures[pair.second], {}, pair.cosine});
    result.ofQueries.push_back(set.pictures[row]);
  }
  std::set<std::size_t> chosen;
  for (const study::NearPair& pair : pairs) {
    for (const auto& [i, j] : {std::pair(pair.first, pair.second), std::pair(pair.second, pair.first)}) {
      flag(result, set.pictures[i],
           {Trouble::Near, set.pictures[j], set.names[static_cast<std::size_t>(set.labels[j])], pair.cosine});
    }
    // Equal pictures are near each other, too: their later ones are among these.
    if (!chosen.contains(pair.first) && chosen.insert(pair.second).second) {
      result.oneOfEach.push_back(set.pictures[pair.second]);
    }
  }
  return {};
}

}  // namespace

std::size_t Duplicates::count(Trouble trouble) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(flags, [trouble](const auto& one) { return one.second.trouble == trouble; }));
}

std::vector<data::PictureRef> Duplicates::pictures() const {
  std::vector<data::PictureRef> result;
  for (const auto& [picture, flag] : flags) {
    result.push_back(picture);
  }
  return result;
}

Result<Duplicates> findDuplicates(const SetFeatures& set, const QueryContent& queries, const std::stop_token& stop) {
  Duplicates result;
  findCopies(set, result);
  std::unordered_map<std::uint64_t, std::size_t> asked;
  for (std::size_t i = 0; i < queries.hashes.size(); ++i) {
    asked.emplace(queries.hashes[i], i);
  }
  for (std::size_t i = 0; i < set.pictures.size(); ++i) {
    if (const auto query = asked.find(set.hashes[i]); query != asked.end()) {
      flag(result, set.pictures[i], {Trouble::Leak, queries.pictures[query->second], {}});
      result.ofQueries.push_back(set.pictures[i]);
    }
  }
  LIX_CHECK(findNear(set, queries, stop, result));
  std::ranges::sort(result.ofQueries);
  result.ofQueries.erase(std::ranges::unique(result.ofQueries).begin(), result.ofQueries.end());
  return result;
}

QString badgeOf(Trouble trouble) {
  switch (trouble) {
    case Trouble::Conflict:
      return Text::tr("conflict");
    case Trouble::Leak:
      return Text::tr("query");
    case Trouble::Copy:
      return Text::tr("copy");
    case Trouble::NearQuery:
      return Text::tr("\u2248 query");
    case Trouble::Near:
      break;
  }
  return Text::tr("near");
}

QString sentenceOf(const Flag& flag) {
  const QString other = QString::fromStdString(data::shortName(flag.other));
  const QString otherClass = QString::fromStdString(flag.otherClass);
  switch (flag.trouble) {
    case Trouble::Conflict:
      return Text::tr("Conflict: the same content stands in class %1 as %2. One of the two classes is wrong.")
          .arg(otherClass, other);
    case Trouble::Leak:
      return Text::tr("Also a query: the set is measured on this content (%1). That query is left out of the accuracies.")
          .arg(other);
    case Trouble::Copy:
      return Text::tr("Copy: the same content stands in this class as %1.").arg(other);
    case Trouble::NearQuery:
      return Text::tr("Nearly a query: cosine %1 to %2 (above %3). The set is measured on that picture all the same; "
                      "without this one the accuracies are honest.")
          .arg(static_cast<double>(flag.cosine), 0, 'f', 3)
          .arg(other)
          .arg(static_cast<double>(kNearCosine));
    case Trouble::Near:
      break;
  }
  return Text::tr("Nearly the same as %1 in class %2: cosine %3 (above %4).")
      .arg(other, otherClass)
      .arg(static_cast<double>(flag.cosine), 0, 'f', 3)
      .arg(static_cast<double>(kNearCosine));
}

QString summaryOf(const Duplicates& duplicates) {
  if (duplicates.unread > 0) {
    return Text::tr("%1 pictures are not read yet: Score now (Ctrl+Return) reads them, then copies are found.")
        .arg(duplicates.unread);
  }
  QStringList parts;
  const auto add = [&](Trouble trouble, const QString& one, const QString& several) {
    if (const std::size_t count = duplicates.count(trouble); count > 0) {
      parts << (count == 1 ? one : several.arg(count));
    }
  };
  add(Trouble::Conflict, Text::tr("1 picture in conflict between classes"), Text::tr("%1 pictures in conflict between classes"));
  add(Trouble::Leak, Text::tr("1 also a query (left out of the accuracies)"),
      Text::tr("%1 also queries (left out of the accuracies)"));
  add(Trouble::Copy, Text::tr("1 copy"), Text::tr("%1 copies"));
  add(Trouble::NearQuery, Text::tr("1 near a query"), Text::tr("%1 near queries"));
  add(Trouble::Near, Text::tr("1 near duplicate"), Text::tr("%1 near duplicates"));
  return parts.isEmpty() ? QString() : parts.join(", ") + (duplicates.cut ? Text::tr(", and more") : QString()) + ".";
}

}  // namespace lix::app
